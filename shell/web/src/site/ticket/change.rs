//! A change on its ticket's page, and everything done to it.

use app::ticket::change::{ChangeCommand, ChangePage, PlanChange};
use app::ticket::{IdempotencyKey, StepCommand, TicketPage};
use app::{Act, App, AppError, Permit};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use engines::change::{Model, Outcome, Risk, Stage};
use events::{Approver, ChangeTold};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use terms::{PartyRole, Terms};

use super::super::{Place, failed, place, words};
use crate::design::components::{Choice, Tone};
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, see_other, with_cookie};
use crate::pages::ticket::change::{Change, ChangeAct, Impact, Plan};

/// The change as its page shows it; `None` for a ticket of another kind.
pub(super) fn part(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    terms: &Terms,
) -> Option<Change> {
    let page = found.change.as_ref()?;
    let lang = reader.visitor.lang;
    let (zone, core) = (terms.zone.as_str(), words::core(lang));
    let why = |reasons: &[base::Reason]| words::reasons(reasons, Some(customer), lang);
    let standing = &page.standing;
    let (stage, tone) = stage(standing.stage, lang);
    let begins = matches!(standing.stage, Stage::Approved);
    let ended = matches!(standing.stage, Stage::Ended(_));
    Some(Change {
        stage,
        tone: Some(tone),
        plan: page.plan.as_ref().map(|plan| Plan {
            model: plan.told.model.name().get(core).to_owned(),
            risk: plan.told.risk.name().get(core).to_owned(),
            items: plan.told.items.clone(),
            from: words::in_zone(plan.from, zone),
            until: words::in_zone(plan.until, zone),
            downtime_minutes: plan.told.downtime_minutes,
            regularised_by: plan.regularised_by.map(|at| words::in_zone(at, zone)),
            work: plan.work.clone(),
            test: plan.test.clone(),
            rollback: plan.rollback.clone(),
        }),
        awaited: if standing.stage == Stage::Refused { Vec::new() } else { why(&standing.awaited) },
        owed: why(&standing.owed.reasons),
        to_start: if begins { why(&standing.to_start) } else { Vec::new() },
        to_close: if ended { why(&standing.to_close) } else { Vec::new() },
        overdue: standing.overdue,
        notes: why(&page.notes),
        impact: page.impact.as_ref().map(|impact| Impact {
            services: impact.value.services.clone(),
            neighbours: impact.value.neighbours.clone(),
            inform: impact
                .value
                .inform
                .iter()
                .map(|i| match &i.reach {
                    Some(reach) => format!("{} ({reach})", i.who),
                    None => i.who.clone(),
                })
                .collect(),
            outside_users: impact.value.outside_users,
            reasons: why(&impact.reasons),
        }),
        documents: page.documents.iter().map(|d| (d.document.clone(), d.reference.clone())).collect(),
        collisions: page
            .collisions
            .iter()
            .map(|number| (*number, customer.path(&format!("/tickets/{number}"))))
            .collect(),
        acts: if found.merged || !found.ticket.state.is_open() {
            Vec::new()
        } else {
            acts(reader, found, page, terms, lang)
        },
    })
}

pub(in super::super) fn stage(stage: Stage, lang: Lang) -> (String, Tone) {
    let (text, tone) = match stage {
        Stage::Unplanned => (lang.t("À planifier", "To be planned"), Tone::Quiet),
        Stage::Awaited => (lang.t("En attente d’approbation", "Awaiting approval"), Tone::Warning),
        Stage::Approved => (lang.t("Prêt", "Ready"), Tone::Active),
        Stage::Refused => (lang.t("N’aura pas lieu", "Will not take place"), Tone::Bad),
        Stage::UnderWay => (lang.t("En cours", "Under way"), Tone::Active),
        Stage::Ended(Outcome::Succeeded) => (lang.t("Réussi", "Successful"), Tone::Good),
        Stage::Ended(Outcome::RolledBack) => (lang.t("Retour arrière", "Rolled back"), Tone::Warning),
        Stage::Ended(Outcome::Failed) => (lang.t("Échoué", "Failed"), Tone::Bad),
    };
    (text.into(), tone)
}

/// What this reader may do to it now.
fn acts(reader: &Reader, found: &TicketPage, page: &ChangePage, terms: &Terms, lang: Lang) -> Vec<ChangeAct> {
    let standing = &page.standing;
    let may = |act: Act| reader.principal.may(act);
    let writes_down = reader.principal.role.is_provider();
    let mut acts = Vec::new();
    let answerable =
        !matches!(standing.stage, Stage::Refused | Stage::Unplanned) && !standing.awaited.is_empty();
    if let Some(plan) = page.plan.as_ref().filter(|_| answerable && may(Act::ApproveChange)) {
        let contacts = terms.contacts.iter().filter(|c| c.then.of == PartyRole::Customer);
        let contacts = contacts.map(|c| Choice::new(c.label(), c.then.name.clone()));
        let none = || Choice::new("", lang.t("Sans objet", "Not applicable"));
        let third = standing.owed.value.third_parties.iter().map(|n| Choice::new(n.clone(), n.clone()));
        acts.push(ChangeAct::Approve {
            plan: plan.entry,
            writes_down,
            contacts: std::iter::once(none()).chain(contacts).collect(),
            third_parties: std::iter::once(none()).chain(third).collect(),
        });
    }
    let refuse = page
        .plan
        .as_ref()
        .filter(|_| may(Act::ApproveChange) && matches!(standing.stage, Stage::Awaited | Stage::Approved))
        .map(|plan| ChangeAct::Refuse { plan: plan.entry });
    if !may(Act::PlanChange) {
        acts.extend(refuse);
        return acts;
    }
    match standing.stage {
        Stage::Approved if standing.to_start.is_empty() => acts.insert(0, ChangeAct::Start),
        Stage::UnderWay => acts.insert(0, ChangeAct::End { now: words::in_zone(found.at, &terms.zone) }),
        _ => {}
    }
    if !matches!(standing.stage, Stage::UnderWay | Stage::Ended(Outcome::Succeeded)) {
        let named = terms.perimeter.iter().flat_map(|r| r.then.items.iter());
        let services = terms.availabilities.iter().flat_map(|r| r.then.items.iter());
        let mut items: Vec<String> = named.chain(services).cloned().collect();
        items.sort();
        items.dedup();
        acts.push(ChangeAct::Plan { items, again: page.plan.is_some() });
    }
    let missing = page.documents.iter().filter(|d| d.reference.is_none());
    let missing: Vec<Choice> = missing.map(|d| Choice::new(d.document.clone(), d.document.clone())).collect();
    if page.plan.is_some() && standing.stage != Stage::Refused && !missing.is_empty() {
        acts.push(ChangeAct::Document { documents: missing });
    }
    if matches!(standing.stage, Stage::Ended(_)) {
        acts.push(ChangeAct::Review);
    }
    acts.extend(refuse);
    if matches!(standing.stage, Stage::Unplanned | Stage::Awaited | Stage::Approved) {
        acts.push(ChangeAct::GiveUp);
    }
    acts
}

#[derive(Clone, Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    plan: u64,
    #[serde(default)]
    model: String,
    #[serde(default)]
    risk: String,
    #[serde(default)]
    items: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    downtime: String,
    #[serde(default)]
    counted: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    work: String,
    #[serde(default)]
    test: String,
    #[serde(default)]
    rollback: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    third_party: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    down_from: String,
    #[serde(default)]
    down_until: String,
    #[serde(default)]
    document: String,
}

pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, number, name)): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (again, to, told) = (reader.clone(), slug.clone(), name.clone());
    let done = web.run(move |app| {
        let Place { permit: see, .. } = place(app, &again, &to, Act::SeeTickets)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let command = StepCommand::Change { change: asked(app, &see, number, &told, &form)? };
        let Place { permit, .. } = place(app, &again, &to, command.act())?;
        app.step_ticket(&permit, &key, number, &command, None).map(drop)
    });
    done.await.map_err(failed(&reader))?;
    let flash = flash_cookie(&format!("change-{name}"));
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets/{number}")), &flash))
}

fn asked(app: &App, see: &Permit, number: u64, name: &str, form: &Sent) -> Result<ChangeCommand, AppError> {
    let text = || form.text.clone();
    let some = |text: &String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Ok(match name {
        "plan" => ChangeCommand::Plan(Box::new(plan(form, &zone(app, see, number)?)?)),
        "approve" => ChangeCommand::Approve {
            plan: form.plan,
            third_party: some(&form.third_party),
            contact: some(&form.contact).filter(|_| form.third_party.is_empty()),
            reference: some(&form.reference),
        },
        "refuse" => ChangeCommand::Refuse { plan: form.plan, why: text() },
        "give-up" => ChangeCommand::GiveUp { why: text() },
        "start" => ChangeCommand::Start,
        "end" => {
            let zone = zone(app, see, number)?;
            ChangeCommand::End {
                outcome: Outcome::from_key(&form.outcome).ok_or_else(|| unknown("outcome"))?,
                note: text(),
                down_from: instant("down_from", &form.down_from, &zone)?,
                down_until: instant("down_until", &form.down_until, &zone)?,
            }
        }
        "document" => {
            ChangeCommand::Document { document: form.document.clone(), reference: form.reference.clone() }
        }
        "review" => ChangeCommand::Review { body: text() },
        _ => return Err(AppError::NotFound),
    })
}

/// The zone that the form's instants are written in: the contract's.
fn zone(app: &App, see: &Permit, number: u64) -> Result<String, AppError> {
    let page = app.ticket(see, number)?;
    Ok(page.agreement.version(&page.ticket.version)?.terms.zone.clone())
}

fn plan(form: &Sent, zone: &str) -> Result<PlanChange, AppError> {
    let downtime_minutes = form.downtime.trim().parse().map_err(|_| {
        AppError::invalid("downtime", "un nombre entier de minutes", "a whole number of minutes")
    })?;
    let required = |field: &str, text: &str| {
        instant(field, text, zone)?.ok_or_else(|| AppError::invalid(field, "un instant", "an instant"))
    };
    Ok(PlanChange {
        model: Model::from_key(&form.model).ok_or_else(|| unknown("model"))?,
        risk: Risk::from_key(&form.risk).ok_or_else(|| unknown("risk"))?,
        items: form.items.split(',').map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect(),
        from: required("from", &form.from)?,
        until: required("until", &form.until)?,
        downtime_minutes,
        counted: !form.counted.is_empty(),
        // Of an emergency only: a date left over from another choice means nothing.
        regularised_by: instant("by", &form.by, zone)?.filter(|_| form.model == "emergency"),
        work: form.work.clone(),
        test: form.test.clone(),
        rollback: form.rollback.clone(),
    })
}

fn unknown(field: &str) -> AppError {
    AppError::invalid(field, "un choix de la liste", "a choice of the list")
}

/// `2026-11-28T08:00` on the contract's clock; `None` for an empty field.
fn instant(field: &str, text: &str, zone: &str) -> Result<Option<Timestamp>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || AppError::invalid(field, "un instant : 2026-11-28T08:00", "an instant: 2026-11-28T08:00");
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    local.in_tz(zone).map(|at| Some(at.timestamp())).map_err(|_| wrong())
}

/// What the conversation says of an act on the change, and how grave it is.
pub(super) fn sentence(told: &ChangeTold, lang: Lang) -> (String, Tone) {
    let (text, tone): (String, Tone) = match told {
        ChangeTold::Planned(_) => {
            (lang.t("a planifié le changement", "planned the change").into(), Tone::Active)
        }
        ChangeTold::Approved { by: Approver::ThirdParty { name }, .. } => {
            let of = lang.t("a consigné l’accord de", "recorded the agreement of");
            (format!("{of} {name}"), Tone::Good)
        }
        ChangeTold::Approved { reference: Some(_), .. } => (
            lang.t("a consigné l’approbation du client", "recorded the customer’s approval").into(),
            Tone::Good,
        ),
        ChangeTold::Approved { .. } => {
            (lang.t("a approuvé le changement", "approved the change").into(), Tone::Good)
        }
        ChangeTold::Refused { .. } => {
            (lang.t("a écarté le changement", "set the change aside").into(), Tone::Warning)
        }
        ChangeTold::Started { .. } => {
            (lang.t("a commencé les travaux", "began the work").into(), Tone::Active)
        }
        ChangeTold::Ended { outcome, .. } => {
            let ended = lang.t("a terminé le changement :", "ended the change:");
            let name = outcome.name();
            (format!("{ended} {}", name.get(words::core(lang))), stage(Stage::Ended(*outcome), lang).1)
        }
        ChangeTold::Documented { document, .. } => {
            let up = lang.t("a mis à jour un document :", "brought a document up to date:");
            (format!("{up} {document}"), Tone::Quiet)
        }
        ChangeTold::Reviewed { .. } => {
            (lang.t("a écrit le bilan du changement", "wrote the review of the change").into(), Tone::Active)
        }
    };
    (text, tone)
}
