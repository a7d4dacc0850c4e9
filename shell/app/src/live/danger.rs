//! What is in danger over all customers: objectives and availabilities about to be missed, and meters that
//! are empty or nearly so, with the figures that the living contract shows.

use std::sync::Arc;

use base::id::CustomerId;
use base::{Bilingual, Fraction, Provenance};
use engines::billing;
use jiff::Timestamp;
use store::Tx;
use store::ticket::Scope;
use terms::{Rule, Terms};

use super::{ClauseLive, Standing, levels, money};
use crate::access::{Act, InstancePermit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Worked out again after this long: reading a period of every contract costs more than a page may.
const KEPT_MICROS: i64 = 60_000_000;

/// A clause of a customer's contract that is about to be missed, or is.
#[derive(Debug, Clone)]
pub struct Danger {
    pub customer: CustomerId,
    pub slug: String,
    pub customer_name: String,
    /// The contract's number.
    pub contract: String,
    pub clause: Provenance,
    pub what: What,
    /// As the living contract says it.
    pub live: ClauseLive,
    /// When it was worked out.
    pub at: Timestamp,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A promise kept often enough, or a service there long enough: by its name, and what is left.
    Objective(Bilingual, Margin),
    /// A meter of the hotline.
    Meter,
}

/// What may still go wrong before an objective is missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Margin {
    /// It is missed, whatever comes.
    Gone,
    /// So many more cases.
    Misses(u32),
    /// So many more seconds of interruption.
    Seconds(i64),
    /// Counted otherwise: the figure says how it stands.
    Unsaid,
}

impl App {
    /// The clauses in danger now, over the customers whose every contract is within reach of the asker: the
    /// objectives already missed first, then those that can take the fewest failures.
    pub fn dangers(&self, permit: &InstancePermit) -> Result<Vec<Danger>> {
        permit.covers(Act::SeeTeam)?;
        let mut all = Vec::new();
        for row in self.customers()? {
            let customer = CustomerId(row.id);
            // What is promised to a whole customer is not told to whoever works on one contract of it.
            let inside = permit.by().permit(Act::SeeTeam, customer);
            let Some(inside) = inside.ok().filter(|p| *p.scope() == Scope::All) else { continue };
            if !permit.by().may_for(Act::SeeContract, customer) || self.is_unbound(&inside)? {
                continue;
            }
            all.extend(self.dangers_of(customer)?.iter().cloned());
        }
        let margin = |d: &Danger| match d.what {
            What::Objective(_, margin) => margin,
            What::Meter => Margin::Unsaid,
        };
        all.sort_by(|a, b| {
            (a.live.standing, margin(a), &a.customer_name).cmp(&(
                b.live.standing,
                margin(b),
                &b.customer_name,
            ))
        });
        Ok(all)
    }

    fn dangers_of(&self, customer: CustomerId) -> Result<Arc<Vec<Danger>>> {
        let vault = self.vault(customer)?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let minute = now.as_microsecond().div_euclid(KEPT_MICROS);
        if let Some(kept) = vault.dangers(|kept| kept.known(minute, agreements.count)) {
            return Ok(kept);
        }
        let shared = agreements.clone();
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let mut found = Vec::new();
            for agreement in shared.in_force(now) {
                found.extend(of_contract(tx, agreement, now)?);
            }
            Ok(found)
        })?;
        let danger = |(contract, clause, what, live): Found| Danger {
            customer,
            slug: vault.slug.clone(),
            customer_name: vault.name.clone(),
            contract,
            clause,
            what,
            live,
            at: now,
        };
        let all = Arc::new(found.into_iter().map(danger).collect::<Vec<_>>());
        vault.dangers(|kept| *kept = Dangers(Some((minute, agreements.count, all.clone()))));
        Ok(all)
    }
}

/// What was found for a customer in a minute, under so many versions of its contracts.
#[derive(Default)]
pub(crate) struct Dangers(Option<(i64, u64, Arc<Vec<Danger>>)>);

impl Dangers {
    fn known(&self, minute: i64, versions: u64) -> Option<Arc<Vec<Danger>>> {
        let (of, count, all) = self.0.as_ref()?;
        (*of == minute && *count == versions).then(|| all.clone())
    }
}

type Found = (String, Provenance, What, ClauseLive);

fn of_contract(tx: &mut dyn Tx, agreement: &Agreement, now: Timestamp) -> Result<Vec<Found>> {
    let terms = &agreement.in_force(now)?.terms;
    let today = agreement.local_date(now);
    let facts = crate::month::facts(tx, agreement, today, Some(now))?;
    let closed = billing::close(&agreement.history, today, &facts).value;
    let number = || agreement.number.clone();
    let mut found = Vec::new();
    for result in closed.results.iter().map(|r| &r.value) {
        let Some(rule) = named(&terms.objectives, &result.objective) else { continue };
        let (mut live, left) = (levels::objective(result), result.misses_left(&rule.then));
        let failed = result.measured > result.kept;
        let margin = match live.standing {
            Standing::Missed => Margin::Gone,
            // Nothing failed: a rate over few cases is always one failure away from being missed.
            Standing::Held if failed && left <= 1 => Margin::Misses(left),
            _ => continue,
        };
        live.standing = live.standing.min(Standing::AtRisk);
        let what = What::Objective(result.promise.name(), margin);
        found.push((number(), rule.from.clone(), what, live));
    }
    for result in closed.availability.iter().map(|r| &r.value) {
        let live = levels::availability(result);
        let Some(rule) = named(&terms.availabilities, &result.clause) else { continue };
        let left = (result.allowance() - result.lost).max(Fraction::from_integer(0)).floor().to_integer();
        let margin = match (live.standing, result.users) {
            (Standing::Missed, _) => Margin::Gone,
            (Standing::AtRisk, None) => Margin::Seconds(i64::try_from(left).unwrap_or(i64::MAX)),
            (Standing::AtRisk, Some(_)) => Margin::Unsaid,
            _ => continue,
        };
        let what = What::Objective(service(terms, &result.service), margin);
        found.push((number(), rule.from.clone(), what, live));
    }
    for state in crate::month::meters(agreement, &facts, now)?.iter().map(|m| &m.value) {
        let live = money::meter(state);
        let Some(rule) = named(&terms.meters, &state.meter) else { continue };
        if live.standing == Standing::AtRisk {
            found.push((number(), rule.from.clone(), What::Meter, live));
        }
    }
    Ok(found)
}

fn named<'a, T>(rules: &'a [Rule<T>], label: &str) -> Option<&'a Rule<T>> {
    rules.iter().find(|rule| rule.label() == label)
}

/// « disponibilité : srv-erp ».
fn service(terms: &Terms, key: &str) -> Bilingual {
    let name = terms.name_of("service", key);
    Bilingual::new(format!("disponibilité\u{a0}: {name}"), format!("availability: {name}"))
}
