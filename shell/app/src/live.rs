//! The living contract: each clause's state today, its figure, and the evidence behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::lang::{date, elapsed, integer, percent};
use base::{Bilingual, Lang, Length};
use engines::billing::{self, MonthStatement};
use engines::calendar::ServiceClock;
use engines::entitlement::{Form, MeterState};
use engines::objective::Verdict;
use engines::period::Span;
use jiff::Timestamp;
use store::{Tx, ticket};
use terms::Terms;
use terms::commitment::Period;

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;

/// How a clause stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Held,
    AtRisk,
    Missed,
    /// Nothing has been measured yet.
    NotYetDue,
    /// The machine applies it; it is not a promise that can be kept or missed.
    Applied,
    /// Written down, and proved by nothing here.
    Declared,
}

/// What is known of a clause now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseLive {
    pub standing: Standing,
    pub figure: Option<Bilingual>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub text: Bilingual,
    /// The ticket to look at.
    pub ticket: Option<u64>,
}

/// A contract and its clauses' states, by label.
pub struct Live {
    pub agreement: Arc<Agreement>,
    pub at: Timestamp,
    pub clauses: BTreeMap<String, ClauseLive>,
}

impl App {
    /// A contract as it lives.
    pub fn live(&self, permit: &Permit, number: &str) -> Result<Live> {
        permit.covers(Act::SeeContract)?;
        let vault = self.vault(permit.customer())?;
        let now = self.now();
        let agreement = vault.agreements()?.by_number(number)?.clone();
        let today = agreement.local_date(now);
        let shared = agreement.clone();
        let clauses = vault.db.read::<_, AppError, _>(move |tx| {
            let terms = &shared.in_force(now)?.terms;
            let facts = crate::month::facts(tx, &shared, today, Some(now))?;
            let statement = billing::close(&shared.history, today, &facts).value;
            let meters = crate::month::meters(&shared, &facts, now)?;
            let mut live = BTreeMap::new();
            commitments(tx, &shared, terms, now, &mut live)?;
            objectives(&statement, &mut live);
            availabilities(&statement, &mut live);
            for meter in &meters {
                live.insert(meter.value.meter.clone(), hotline(&meter.value));
            }
            money(terms, &statement, &mut live);
            calendars(terms, now, &mut live)?;
            applied(terms, &mut live);
            Ok(live)
        })?;
        Ok(Live { agreement, at: now, clauses })
    }
}

/// A promise: its cases of the civil quarter, and those running now.
fn commitments(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    terms: &Terms,
    now: Timestamp,
    live: &mut BTreeMap<String, ClauseLive>,
) -> Result<()> {
    let quarter = Span::of(Period::Quarter, terms, agreement.local_date(now));
    let from = agreement.midnight(quarter.first)?.as_microsecond();
    let done = ticket::stopped_between(tx, from, now.as_microsecond())?;
    let late = ticket::overdue(tx, now.as_microsecond())?;
    for rule in &terms.commitments {
        let mine = |m: &&ticket::Measured| m.contract == agreement.id && m.clock.label == rule.label();
        let cases: Vec<_> = done.iter().filter(mine).collect();
        let missed: Vec<_> = cases.iter().filter(|m| m.clock.late_seconds > 0).collect();
        let running: Vec<_> = late.iter().filter(mine).collect();
        let kept = cases.len() - missed.len();
        let figure = (!cases.is_empty()).then(|| {
            both(|lang| {
                let (kept, all) = (integer(lang, kept as i64), integer(lang, cases.len() as i64));
                lang.t(
                    format!("{kept} à temps sur {all} ce trimestre"),
                    format!("{kept} in time of {all} this quarter"),
                )
            })
        });
        let mut evidence: Vec<Evidence> = running
            .iter()
            .map(|m| Evidence {
                text: figure_of_ticket(m.number, "en retard, toujours ouvert", "late, still open"),
                ticket: Some(m.number),
            })
            .collect();
        evidence.extend(missed.iter().rev().take(5).map(|m| {
            let late = Length::Seconds(m.clock.late_seconds);
            Evidence {
                text: Bilingual::new(
                    format!("ticket {} : en retard de {}", m.number, late.short(Lang::Fr)),
                    format!("ticket {}: late by {}", m.number, late.short(Lang::En)),
                ),
                ticket: Some(m.number),
            }
        }));
        let standing = match (running.is_empty(), missed.is_empty(), cases.is_empty()) {
            (false, _, _) => Standing::Missed,
            (true, _, true) => Standing::NotYetDue,
            (true, true, false) => Standing::Held,
            // Some were missed; whether that breaks the contract is the objective's clause.
            (true, false, false) => Standing::AtRisk,
        };
        live.insert(rule.label().to_owned(), ClauseLive { standing, figure, evidence });
    }
    Ok(())
}

fn figure_of_ticket(number: u64, fr: &str, en: &str) -> Bilingual {
    Bilingual::new(format!("ticket {number} : {fr}"), format!("ticket {number}: {en}"))
}

fn objectives(statement: &MonthStatement, live: &mut BTreeMap<String, ClauseLive>) {
    for result in &statement.results {
        let r = &result.value;
        let standing = match r.verdict {
            Verdict::Kept => Standing::Held,
            Verdict::Missed => Standing::Missed,
            Verdict::NothingMeasured => Standing::NotYetDue,
        };
        let figure = r.reached().map(|rate| {
            both(|lang| {
                let (rate, target) = (percent(lang, rate), percent(lang, r.rate));
                lang.t(format!("{rate} pour {target} promis"), format!("{rate} for {target} promised"))
            })
        });
        let evidence = r
            .missed
            .iter()
            .filter_map(|t| t.parse::<u64>().ok())
            .map(|n| Evidence { text: figure_of_ticket(n, "manqué", "missed"), ticket: Some(n) })
            .collect();
        live.insert(r.objective.clone(), ClauseLive { standing, figure, evidence });
    }
}

/// An availability is at risk once four fifths of what may be lost are.
fn availabilities(statement: &MonthStatement, live: &mut BTreeMap<String, ClauseLive>) {
    for result in &statement.availability {
        let r = &result.value;
        let fifths = |n: i128| base::Fraction::from_integer(n);
        let standing = match r.verdict {
            Verdict::Kept if r.lost * fifths(5) > r.allowance() * fifths(4) => Standing::AtRisk,
            Verdict::Kept => Standing::Held,
            Verdict::Missed => Standing::Missed,
            Verdict::NothingMeasured => Standing::NotYetDue,
        };
        let figure = r.reached().map(|reached| {
            both(|lang| {
                let (reached, target) = (percent(lang, reached), percent(lang, r.target));
                lang.t(format!("{reached} pour {target} promis"), format!("{reached} for {target} promised"))
            })
        });
        live.insert(r.clause.clone(), ClauseLive { standing, figure, evidence: Vec::new() });
    }
}

fn hotline(state: &MeterState) -> ClauseLive {
    let standing = match (state.beyond > 0, state.alert) {
        (true, _) | (_, true) => Standing::AtRisk,
        _ => Standing::Applied,
    };
    let figure = match state.form {
        Form::Unlimited => both(|lang| {
            let calls = integer(lang, i64::from(state.calls));
            lang.t(format!("{calls} appels"), format!("{calls} calls"))
        }),
        Form::TicketPack => both(|lang| {
            let (left, all) = (state.left, state.included + state.carried + state.bought);
            lang.t(format!("{left} tickets restants sur {all}"), format!("{left} tickets left of {all}"))
        }),
        Form::MaxHours => both(|lang| {
            let left = elapsed(lang, i64::from(state.left) * 60);
            lang.t(format!("{left} restantes"), format!("{left} left"))
        }),
    };
    let mut evidence = Vec::new();
    if state.beyond > 0 {
        let billed = state.billed;
        evidence.push(Evidence {
            text: both(|lang| {
                let (beyond, billed) = (state.beyond, billed.show(lang));
                lang.t(format!("{beyond} au-delà, {billed} HT"), format!("{beyond} beyond, {billed} net"))
            }),
            ticket: None,
        });
    }
    if let Some(day) = state.forecast_empty_on {
        evidence.push(Evidence {
            text: both(|lang| {
                let day = date(lang, day);
                lang.t(format!("épuisement prévu le {day}"), format!("empty by {day} at this pace"))
            }),
            ticket: None,
        });
    }
    ClauseLive { standing, figure: Some(figure), evidence }
}

fn money(terms: &Terms, statement: &MonthStatement, live: &mut BTreeMap<String, ClauseLive>) {
    for price in &terms.prices {
        let amount = price
            .then
            .unit_price
            .times(base::Fraction::from_integer(i128::from(price.then.quantity)), price.then.rounding);
        let figure = both(|lang| {
            let amount = amount.show(lang);
            lang.t(format!("{amount} HT par mois"), format!("{amount} net a month"))
        });
        let one = ClauseLive { standing: Standing::Applied, figure: Some(figure), evidence: Vec::new() };
        live.insert(price.label().to_owned(), one);
    }
    for penalty in &terms.penalties {
        let mine: Vec<_> = statement.penalties.iter().filter(|p| p.value.clause == penalty.label()).collect();
        let due = mine.iter().fold(base::Money::zero(terms.currency), |sum, p| sum + p.value.payable);
        let standing = if due.is_zero() { Standing::Held } else { Standing::Missed };
        let figure = both(|lang| {
            let due = due.show(lang);
            lang.t(format!("{due} ce mois-ci"), format!("{due} this month"))
        });
        let evidence = mine
            .iter()
            .filter_map(|p| p.value.ticket.as_deref()?.parse::<u64>().ok())
            .map(|n| Evidence { text: figure_of_ticket(n, "en retard", "late"), ticket: Some(n) })
            .collect();
        live.insert(penalty.label().to_owned(), ClauseLive { standing, figure: Some(figure), evidence });
    }
    for cap in &statement.caps {
        let (before, after) = (cap.value.before, cap.value.after);
        let figure = both(|lang| format!("{} → {}", before.show(lang), after.show(lang)));
        let one = ClauseLive { standing: Standing::Applied, figure: Some(figure), evidence: Vec::new() };
        live.insert(cap.value.clause.clone(), one);
    }
}

/// Open or closed at this instant, and until when.
fn calendars(terms: &Terms, now: Timestamp, live: &mut BTreeMap<String, ClauseLive>) -> Result<()> {
    for rule in &terms.calendars {
        let clock = ServiceClock::new(&rule.then, now).map_err(AppError::fault)?;
        let open = clock.is_open(now);
        let until = clock.next_change(now).map(|at| at.to_zoned(clock.zone().clone()));
        let figure = both(|lang| {
            let state = if open { lang.t("ouvert", "open") } else { lang.t("fermé", "closed") };
            match &until {
                Some(at) => {
                    let at = base::lang::short_date_time(lang, at);
                    lang.t(format!("{state} jusqu'au {at}"), format!("{state} until {at}"))
                }
                None => state.to_owned(),
            }
        });
        let one = ClauseLive { standing: Standing::Applied, figure: Some(figure), evidence: Vec::new() };
        live.insert(rule.label().to_owned(), one);
    }
    Ok(())
}

/// What is applied without a figure, and what is only declared.
fn applied(terms: &Terms, live: &mut BTreeMap<String, ClauseLive>) {
    let plain = |standing| ClauseLive { standing, figure: None, evidence: Vec::new() };
    let labels = terms
        .perimeter
        .iter()
        .map(|r| r.label())
        .chain(terms.operations.iter().map(|r| r.label()))
        .chain(terms.pauses.iter().map(|r| r.label()))
        .chain(terms.penalty_caps.iter().map(|r| r.label()))
        .chain(terms.priorities.iter().map(|r| r.label()))
        .chain(terms.term.iter().map(|r| r.label()));
    for label in labels {
        live.entry(label.to_owned()).or_insert_with(|| plain(Standing::Applied));
    }
    let declared = terms.parties.iter().map(|r| r.label()).chain(terms.contacts.iter().map(|r| r.label()));
    for label in declared {
        live.entry(label.to_owned()).or_insert_with(|| plain(Standing::Declared));
    }
}

fn both(f: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(f(Lang::Fr), f(Lang::En))
}
