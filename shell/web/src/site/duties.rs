//! Duties: what each party owes, when, done or late; and telling what was done or what happened.

mod paged;

use app::agreements::Agreement;
use app::life::{DutyReport, Life, LifeReport, Told};
use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::Because;
use base::lang as core_lang;
use engines::duties::{DutyState, Occurrence};
use events::LifeFact;
use jiff::civil::Date;
use serde::Deserialize;
use terms::right::RightTrigger;
use terms::{DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::{Place, failed, fresh_key, place, typed, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{
    CheckedForm, Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie,
};
use crate::pages::duties::{Forms, Item, ItemState, Line, Party, View, page};
use crate::pages::shared::Other;

/// What the list is narrowed to, and the duty that is about to be recorded.
#[derive(Deserialize, Default)]
pub struct Asked {
    contract: Option<String>,
    /// `provider` or `customer`.
    party: Option<String>,
    /// `late`, `due` or `done`.
    state: Option<String>,
    /// `label/what`, chosen beforehand in the form.
    record: Option<String>,
    /// The last duty of the page before, or the first of the page after.
    after: Option<String>,
    before: Option<String>,
    /// The instant of the last thing told of the page before.
    told: Option<String>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let wanted = asked.contract.clone().filter(|c| !c.is_empty());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        let vault = app.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let numbers: Vec<String> = agreements.contracts.iter().map(|c| c.number.clone()).collect();
        let number = wanted.or_else(|| customer.contract.clone());
        Ok((customer, app.life(&permit, number.as_deref())?, numbers))
    });
    let (customer, life, numbers) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let mut view = fill(&customer, &life, &asked, lang);
    let number = &life.agreement.number;
    view.others = numbers.iter().map(|n| Other { number: n.clone(), current: n == number }).collect();
    if reader.may(&customer, Act::RecordDuty) || reader.may(&customer, Act::RecordLife) {
        view.forms = Some(forms(&reader, &customer, &life, asked.record, lang));
    }
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn fill(customer: &CustomerRef, life: &Life, asked: &Asked, lang: Lang) -> View {
    let all: Vec<Item> = life.duties.iter().map(|o| item(o, life, customer, lang)).collect();
    let party = asked.party.as_deref().and_then(Party::from_code);
    let state = asked.state.as_deref().and_then(ItemState::from_code);
    let core = words::core(lang);
    let number = &life.agreement.number;
    let counts = ItemState::ALL
        .map(|s| (s, all.iter().filter(|i| i.state == s && party.is_none_or(|p| p == i.party)).count()));
    let wanted = all.into_iter().filter(|i| party.is_none_or(|p| p == i.party));
    let wanted = wanted.filter(|i| state.is_none_or(|s| s == i.state)).collect();
    let items = paged::items(wanted, asked, customer, number);
    let happened = paged::told(&life.told, |told| told.at.as_microsecond(), asked, customer, number);
    View {
        customer: customer.clone(),
        contract: number.clone(),
        as_of: life.today,
        party,
        state,
        counts,
        items: items.rows,
        pages: (items.previous, items.next),
        deadlines: life
            .deadlines
            .iter()
            .map(|d| Line {
                on: Some(d.value.on),
                text: words::capital(d.value.title.get(core)),
                label: Some(d.value.label.clone()),
                reasons: words::reasons(&d.reasons, Some(customer), lang),
            })
            .collect(),
        rights: life
            .rights
            .iter()
            .map(|r| Line {
                on: None,
                text: r.reasons.first().map(|r| r.text.get(core).to_owned()).unwrap_or_default(),
                label: Some(r.value.label.clone()),
                reasons: words::reasons(r.reasons.get(1..).unwrap_or_default(), Some(customer), lang),
            })
            .collect(),
        told: happened.rows.into_iter().map(|t| told(t, life, lang)).collect(),
        told_next: happened.next,
        others: Vec::new(),
        forms: None,
    }
}

fn item(o: &Because<Occurrence>, life: &Life, customer: &CustomerRef, lang: Lang) -> Item {
    let core = words::core(lang);
    let v = &o.value;
    let done = match &v.state {
        DutyState::Done { on, reference } | DutyState::DoneLate { on, reference, .. } => {
            Some((*on, reference.clone()))
        }
        DutyState::Unproved { on, .. } => Some((*on, String::new())),
        _ => None,
    };
    let limit = v.limit.map(|at| core_lang::date_time(core, &at.to_zoned(life.agreement.zone().clone())));
    Item {
        on: v.on,
        limit,
        title: words::capital(&v.title),
        text_lang: text_lang(&life.agreement),
        label: v.label.clone(),
        key: format!("{}/{}", v.label, v.what),
        party: if v.owed_by == PartyRole::Customer { Party::Customer } else { Party::Provider },
        proof: v.proof.name().get(core).to_owned(),
        state: item_state(&v.state),
        done,
        ticket: v.ticket.map(|number| (number, customer.path(&format!("/tickets/{number}")))),
        reasons: words::reasons(&o.reasons, Some(customer), lang),
    }
}

/// How one time a duty is owed stands, as pages show it.
pub(super) fn item_state(state: &DutyState) -> ItemState {
    match state {
        DutyState::Done { .. } => ItemState::Done,
        DutyState::DoneLate { .. } => ItemState::DoneLate,
        DutyState::Unproved { .. } => ItemState::Unproved,
        DutyState::Late { .. } => ItemState::Late,
        DutyState::DueSoon { .. } => ItemState::Soon,
        DutyState::NotYetDue => ItemState::Later,
        DutyState::Continuous => ItemState::Always,
    }
}

/// The language of the words of a contract.
pub(super) fn text_lang(agreement: &Agreement) -> Lang {
    match agreement.latest().compiled.terms.language {
        base::Lang::Fr => Lang::Fr,
        base::Lang::En => Lang::En,
    }
}

fn told(t: &Told, life: &Life, lang: Lang) -> Line {
    Line {
        on: Some(life.agreement.local_date(t.at)),
        text: format!("{} — {}", fact_name(&t.fact, lang), t.about),
        label: t.clause.clone(),
        reasons: Vec::new(),
    }
}

fn fact_name(fact: &LifeFact, lang: Lang) -> String {
    let core = words::core(lang);
    match fact {
        LifeFact::Event { trigger } => named(*trigger, lang),
        LifeFact::Breach => lang.t("Mise en demeure reçue", "Formal notice of a breach").into(),
        LifeFact::BreachesMended => lang.t("Manquements réparés", "Breaches mended").into(),
        LifeFact::ForceMajeureBegan => {
            lang.t("Début d’un cas de force majeure", "Force majeure began").into()
        }
        LifeFact::ForceMajeureEnded => lang.t("Fin du cas de force majeure", "Force majeure ended").into(),
        LifeFact::AuthorityAsked => {
            lang.t("Une autorité demande la fin du contrat", "An authority asks for the end").into()
        }
        LifeFact::NoticeGiven { last } => {
            let last = core_lang::date(core, *last);
            let (fr, en) =
                (format!("Congé donné, dernier jour le {last}"), format!("Notice given, last day {last}"));
            core.t(fr, en)
        }
    }
}

/// « Le changement de contrôle » from « du changement de contrôle », as it follows « à compter ».
fn named(trigger: Trigger, lang: Lang) -> String {
    let name = trigger.name();
    let text = match lang {
        Lang::Fr => match name.fr.strip_prefix("du ") {
            Some(rest) => format!("le {rest}"),
            None => name.fr.strip_prefix("de ").unwrap_or(&name.fr).to_owned(),
        },
        Lang::En => name.en,
    };
    words::capital(&text)
}

fn forms(reader: &Reader, customer: &CustomerRef, life: &Life, chosen: Option<String>, lang: Lang) -> Forms {
    let core = words::core(lang);
    let latest;
    let terms = match life.agreement.in_force(life.at) {
        Ok(version) => &version.terms,
        Err(_) => {
            latest = &life.agreement.latest().compiled.terms;
            latest
        }
    };
    let owed = terms.duties.iter().map(|r| {
        Choice::new(
            format!("{}/{}", r.label(), r.then.what),
            format!("{} [{}]", words::capital(&r.then.title), r.label()),
        )
    });
    let mut facts: Vec<Choice> = Vec::new();
    for trigger in triggers(terms) {
        let key = format!("event:{}", key_of(&LifeFact::Event { trigger }));
        match (trigger, &engines::duties::counted_from(terms, trigger)[..]) {
            // A request is one of something: each clause that answers requests is a choice of its own.
            (Trigger::Request, clauses @ [_, _, ..]) => facts.extend(clauses.iter().map(|label| {
                Choice::new(format!("{key}:{label}"), format!("{} [{label}]", named(trigger, lang)))
            })),
            _ => facts.push(Choice::new(key, named(trigger, lang))),
        }
    }
    let plain = [
        LifeFact::Breach,
        LifeFact::BreachesMended,
        LifeFact::ForceMajeureBegan,
        LifeFact::ForceMajeureEnded,
        LifeFact::AuthorityAsked,
    ];
    facts.extend(plain.iter().map(|f| Choice::new(f.words().0, fact_name(f, lang))));
    let notice = lang.t("Congé donné (dites le dernier jour)", "Notice given (say the last day)");
    facts.push(Choice::new("notice_given", notice));
    Forms {
        duty: reader.may(customer, Act::RecordDuty).then(fresh_key),
        life: reader.may(customer, Act::RecordLife).then(fresh_key),
        owed: owed.collect(),
        chosen: chosen.unwrap_or_default(),
        proofs: DutyProof::ALL.map(|p| Choice::new(p.key(), words::capital(p.name().get(core)))).to_vec(),
        facts,
        today: life.today,
        now: life.at.to_zoned(life.agreement.zone().clone()).datetime(),
    }
}

fn key_of(fact: &LifeFact) -> String {
    fact.words().1.unwrap_or_default()
}

/// What this contract's duties count from and its rights wait for; its start and signature are in it.
fn triggers(terms: &Terms) -> Vec<Trigger> {
    let duties = terms.duties.iter().filter_map(|r| match r.then.due {
        DutyDue::Within { of, .. } | DutyDue::Before { of, .. } => Some(of),
        _ => None,
    });
    let rights = terms.rights.iter().filter_map(|r| match r.then.trigger {
        RightTrigger::Event { event } => Some(event),
        _ => None,
    });
    let mut all: Vec<Trigger> = duties
        .chain(rights)
        .filter(|t| !matches!(t, Trigger::ContractStart | Trigger::ContractSigned))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[derive(Deserialize)]
pub struct DutySent {
    key: String,
    contract: String,
    duty: String,
    on: String,
    proof: String,
    reference: String,
    #[serde(default)]
    valid_until: String,
    /// The ticket by which it was done, whose page sends the form.
    #[serde(default)]
    ticket: Option<u64>,
}

/// Records a duty done.
pub async fn done(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<DutySent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let to = match form.ticket {
        Some(number) => format!("/c/{slug}/tickets/{number}#duty"),
        None => format!("/c/{slug}/duties?contract={}", words::query_encode(&form.contract)),
    };
    let again = reader.clone();
    let recorded = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::RecordDuty)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let (label, what) = form.duty.split_once('/').unwrap_or((&form.duty, ""));
        let proof = DutyProof::from_key(&form.proof)
            .ok_or_else(|| AppError::invalid("proof", "preuve inconnue", "unknown proof"))?;
        let report = DutyReport {
            contract: Some(form.contract.clone()),
            label: label.to_owned(),
            what: (!what.is_empty()).then(|| what.to_owned()),
            on: day("on", &form.on)?,
            proof,
            reference: form.reference.clone(),
            valid_until: (!form.valid_until.is_empty())
                .then(|| day("valid_until", &form.valid_until))
                .transpose()?,
            ticket: form.ticket,
        };
        app.record_duty(&permit, &key, &report)
    });
    recorded.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&to), &flash_cookie("duty-done")))
}

#[derive(Deserialize)]
pub struct LifeSent {
    key: String,
    contract: String,
    fact: String,
    at: String,
    about: String,
    #[serde(default)]
    last: String,
}

/// Records something that happened to the contract.
pub async fn event(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<LifeSent>,
) -> Result<Response, Failure> {
    // A notice ends the contract: whoever tells one proves again who they are.
    let ProvenForm { reader, form, .. } = proven;
    let to = format!("/c/{slug}/duties?contract={}", words::query_encode(&form.contract));
    let again = reader.clone();
    let recorded = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::RecordLife)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let (fact, detail) = match form.fact.split_once(':') {
            Some((fact, trigger)) => (fact, Some(trigger)),
            None if form.fact == "notice_given" => ("notice_given", Some(form.last.as_str())),
            None => (form.fact.as_str(), None),
        };
        let (detail, clause) = match detail.and_then(|detail| detail.split_once(':')) {
            Some((trigger, clause)) => (Some(trigger), Some(clause.to_owned())),
            None => (detail, None),
        };
        let fact = LifeFact::from_words(fact, detail).ok_or_else(|| {
            AppError::invalid(
                "fact",
                "dites ce qui s'est produit, et pour un congé son dernier jour",
                "say what happened and, for a notice, its last day",
            )
        })?;
        let vault = app.vault(permit.customer())?;
        let zone = vault.agreements()?.by_number(&form.contract)?.zone().clone();
        let at = typed::required_instant("at", &form.at, &zone)?;
        let (contract, about) = (Some(form.contract.clone()), form.about.clone());
        let report = LifeReport { contract, fact, at, about, clause };
        app.record_life(&permit, &key, &report)
    });
    recorded.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&to), &flash_cookie("life-told")))
}

fn day(field: &'static str, text: &str) -> Result<Date, AppError> {
    text.parse()
        .map_err(|_| AppError::invalid(field, "une date s’écrit 2026-11-03", "a date is written 2026-11-03"))
}
