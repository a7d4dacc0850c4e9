//! A change on its ticket's page, and everything done to it.

use app::ticket::change::{ChangeCommand, ChangePage, PlanChange, PlanTold, interrupted};
use app::ticket::{StepCommand, TicketPage};
use app::{Act, App, AppError, Permit};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use base::lang as core_lang;
use engines::change::{Downtime, Model, Outcome, Risk, Stage};
use events::{Approver, ChangeTold};
use jiff::tz::TimeZone;
use terms::{Coverage, PartyRole, PerimeterEntry, Terms};

use super::super::typed::{instant, required_instant};
use super::super::words;
use super::step::{Of, Sent, Tried, step};
use crate::design::components::{Choice, Tone};
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State};
use crate::pages::ticket::change::{Change, ChangeAct, EndTyped, Impact, Plan, PlanTyped};

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
        measured: page.downtime.map(|down| (down.measured_minutes, down.is_longer())),
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
        informed: page
            .informed
            .iter()
            .map(|told| (told.who.clone(), core_lang::date(core, told.on), told.means.clone()))
            .collect(),
        documents: page.documents.iter().map(|d| (d.document.clone(), d.reference.clone())).collect(),
        collisions: page
            .collisions
            .iter()
            .map(|number| (*number, customer.path(&format!("/tickets/{number}"))))
            .collect(),
        acts: if found.merged || !found.ticket.state.is_open() {
            Vec::new()
        } else {
            acts(reader, customer, found, page, terms)
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
fn acts(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    page: &ChangePage,
    terms: &Terms,
) -> Vec<ChangeAct> {
    let lang = reader.visitor.lang;
    let standing = &page.standing;
    let may = |act: Act| reader.may(customer, act);
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
        .filter(|_| may(Act::ApproveChange) && standing.may_be_refused())
        .map(|plan| ChangeAct::Refuse { plan: plan.entry });
    if !may(Act::PlanChange) {
        acts.extend(refuse);
        return acts;
    }
    match standing.stage {
        Stage::Approved if standing.to_start.is_empty() => acts.insert(0, ChangeAct::Start),
        Stage::UnderWay => acts.insert(
            0,
            ChangeAct::End { now: words::in_zone(found.at, &terms.zone), typed: EndTyped::default() },
        ),
        _ => {}
    }
    if !matches!(standing.stage, Stage::UnderWay | Stage::Ended(Outcome::Succeeded)) {
        acts.push(ChangeAct::Plan {
            items: touchable(page, terms),
            again: page.plan.is_some(),
            typed: Box::new(page.plan.as_ref().map(|plan| planned(plan, &terms.zone)).unwrap_or_default()),
        });
    }
    let told = |who: &String| page.informed.iter().any(|told| told.who == *who);
    let outside = page.impact.iter().flat_map(|impact| &impact.value.inform).map(|informed| &informed.who);
    let untold: Vec<Choice> =
        outside.filter(|who| !told(who)).map(|who| Choice::new(who.clone(), who.clone())).collect();
    if page.plan.is_some() && standing.stage != Stage::Refused && !untold.is_empty() {
        acts.push(ChangeAct::Inform { whom: untold, today: found.agreement.local_date(found.at) });
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

/// What a plan may name: items of the perimeter, the classes that it does not detail, services promised; and
/// what the plan that stands names already.
fn touchable(page: &ChangePage, terms: &Terms) -> Vec<Choice> {
    let inside = |entry: &&PerimeterEntry| entry.status != Coverage::Out;
    let entries = || terms.perimeter.iter().map(|rule| &rule.then).filter(inside);
    let named = entries().flat_map(|entry| entry.items.iter());
    let classes = entries().filter(|entry| entry.items.is_empty()).filter_map(|entry| entry.class.as_ref());
    let services = terms.availabilities.iter().flat_map(|rule| rule.then.items.iter());
    let planned = page.plan.iter().flat_map(|plan| plan.told.items.iter());
    let mut all: Vec<&String> = named.chain(classes).chain(services).chain(planned).collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|item| Choice::new(item.clone(), terms.name_of("item_class", item))).collect()
}

/// The plan that stands, as it would be typed.
fn planned(plan: &PlanTold, zone: &str) -> PlanTyped {
    let local = |at| words::in_zone(at, zone).strftime("%Y-%m-%dT%H:%M").to_string();
    PlanTyped {
        model: plan.told.model.key().to_owned(),
        risk: plan.told.risk.key().to_owned(),
        items: plan.told.items.clone(),
        from: local(plan.from),
        until: local(plan.until),
        downtime: plan.told.downtime_minutes.to_string(),
        counted: plan.told.counted,
        by: plan.regularised_by.map(local).unwrap_or_default(),
        work: plan.work.clone(),
        test: plan.test.clone(),
        rollback: plan.rollback.clone(),
    }
}

/// A plan as it was typed.
fn plan_typed(sent: &Sent) -> PlanTyped {
    PlanTyped {
        model: sent.own("model"),
        risk: sent.own("risk"),
        items: sent.all("item"),
        from: sent.own("from"),
        until: sent.own("until"),
        downtime: sent.own("downtime"),
        counted: !sent.get("counted").is_empty(),
        by: sent.own("by"),
        work: sent.own("work"),
        test: sent.own("test"),
        rollback: sent.own("rollback"),
    }
}

/// Puts what was typed back into its form.
pub(super) fn put_back(change: &mut Change, tried: &Tried) {
    let (act, form) = (tried.act.as_str(), &tried.form);
    for offered in &mut change.acts {
        match offered {
            ChangeAct::Plan { typed, .. } if act == "plan" => **typed = plan_typed(form),
            ChangeAct::End { typed, .. } if act == "end" => {
                *typed = EndTyped {
                    outcome: form.own("outcome"),
                    down_from: form.own("down_from"),
                    down_until: form.own("down_until"),
                }
            }
            _ => {}
        }
    }
}

pub async fn act(
    Shared(web): Shared<State>,
    Path(at): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    step(&web, at, checked, Of::Change, |app, see, number, name, sent| {
        Ok(StepCommand::Change { change: asked(app, see, number, name, sent)? })
    })
    .await
}

fn asked(app: &App, see: &Permit, number: u64, name: &str, form: &Sent) -> Result<ChangeCommand, AppError> {
    let text = || form.own("text");
    // A plan that is not named is none.
    let plan_read = || form.get("plan").parse().unwrap_or_default();
    Ok(match name {
        "plan" => ChangeCommand::Plan(Box::new(plan(&plan_typed(form), &zone(app, see, number)?)?)),
        "approve" => ChangeCommand::Approve {
            plan: plan_read(),
            third_party: form.some("third_party"),
            contact: form.some("contact").filter(|_| form.get("third_party").is_empty()),
            reference: form.some("reference"),
        },
        "refuse" => ChangeCommand::Refuse { plan: plan_read(), why: text() },
        "give-up" => ChangeCommand::GiveUp { why: text() },
        "start" => ChangeCommand::Start,
        "end" => {
            let zone = zone(app, see, number)?;
            ChangeCommand::End {
                outcome: Outcome::from_key(form.get("outcome")).ok_or_else(|| unknown("outcome"))?,
                note: text(),
                down_from: instant("down_from", form.get("down_from"), &zone)?,
                down_until: instant("down_until", form.get("down_until"), &zone)?,
            }
        }
        "inform" => ChangeCommand::Inform {
            who: form.own("who"),
            on: form
                .get("on")
                .parse()
                .map_err(|_| AppError::invalid("on", "une date : 2026-11-20", "a date: 2026-11-20"))?,
            means: form.own("reference"),
        },
        "document" => {
            ChangeCommand::Document { document: form.own("document"), reference: form.own("reference") }
        }
        "review" => ChangeCommand::Review { body: text() },
        _ => return Err(AppError::NotFound),
    })
}

/// The zone that the form's instants are written in: the contract's.
fn zone(app: &App, see: &Permit, number: u64) -> Result<TimeZone, AppError> {
    let page = app.ticket(see, number)?;
    let terms = &page.agreement.version(&page.ticket.version)?.terms;
    TimeZone::get(&terms.zone).map_err(AppError::fault)
}

fn plan(typed: &PlanTyped, zone: &TimeZone) -> Result<PlanChange, AppError> {
    let downtime_minutes = typed.downtime.trim().parse().map_err(|_| {
        AppError::invalid("downtime", "un nombre entier de minutes", "a whole number of minutes")
    })?;
    Ok(PlanChange {
        model: Model::from_key(&typed.model).ok_or_else(|| unknown("model"))?,
        risk: Risk::from_key(&typed.risk).ok_or_else(|| unknown("risk"))?,
        items: typed.items.clone(),
        from: required_instant("from", &typed.from, zone)?,
        until: required_instant("until", &typed.until, zone)?,
        downtime_minutes,
        counted: typed.counted,
        // Of an emergency only: a date left over from another choice means nothing.
        regularised_by: instant("by", &typed.by, zone)?.filter(|_| typed.model == "emergency"),
        work: typed.work.clone(),
        test: typed.test.clone(),
        rollback: typed.rollback.clone(),
    })
}

fn unknown(field: &str) -> AppError {
    AppError::invalid(field, "un choix de la liste", "a choice of the list")
}

/// What the conversation says of an act on the change, and how grave it is.
pub(super) fn sentence(found: &TicketPage, told: &ChangeTold, lang: Lang) -> (String, Tone) {
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
        ChangeTold::Refused { .. } => (
            lang.t("a rejeté ou annulé le changement", "refused or cancelled the change").into(),
            Tone::Warning,
        ),
        ChangeTold::Started { .. } => {
            (lang.t("a commencé les travaux", "began the work").into(), Tone::Active)
        }
        ChangeTold::Ended { outcome, .. } => {
            let ended = lang.t("a terminé le changement :", "ended the change:");
            let (core, name) = (words::core(lang), outcome.name());
            let down = interrupted(found, told);
            let tone = match stage(Stage::Ended(*outcome), lang).1 {
                Tone::Good if down.is_some_and(Downtime::is_longer) => Tone::Warning,
                tone => tone,
            };
            let down = down.map(|down| format!(", {}", down.say(core))).unwrap_or_default();
            (format!("{ended} {}{down}", name.get(core)), tone)
        }
        ChangeTold::Documented { document, .. } => {
            let up = lang.t("a mis à jour un document :", "brought a document up to date:");
            (format!("{up} {document}"), Tone::Quiet)
        }
        ChangeTold::Informed { who, on, .. } => {
            let said = lang.t("a consigné qui est prévenu :", "recorded who was told:");
            let on = core_lang::date(words::core(lang), *on);
            (format!("{said} {who}, {} {on}", lang.t("le", "on")), Tone::Quiet)
        }
        ChangeTold::Reviewed { .. } => {
            (lang.t("a écrit le bilan du changement", "wrote the review of the change").into(), Tone::Active)
        }
    };
    (text, tone)
}
