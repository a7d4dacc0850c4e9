//! What is in danger over all customers: objectives and availabilities about to be missed, and meters that
//! are empty or nearly so, with the figures that the living contract shows.

use std::sync::Arc;

use base::id::CustomerId;
use base::{Bilingual, Provenance};
use engines::billing;
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use store::instance::vaults;
use store::ticket::Scope;
use terms::{Rule, Terms};

use super::{ClauseLive, Standing, levels, money};
use crate::access::{Act, InstancePermit, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Worked out again after this long: reading a period of every contract costs more than a page may.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// Customers worked out for one page at most; the others come with the next ones.
const AT_ONCE: usize = 50;

/// What is in danger, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Dangers {
    /// The objectives already missed first, then those that can take the fewest failures.
    pub found: Vec<Danger>,
    /// The customers of which nothing is said, by name.
    pub left_out: Vec<LeftOut>,
    /// When the oldest of it was worked out; `None` when nothing was.
    pub since: Option<Timestamp>,
}

/// A customer of which a page over all of them says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub slug: String,
    pub name: String,
    pub why: WhyLeftOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// Its vault could not be read.
    Failing,
    /// Too many others were read for the same page; the next one reads it.
    Waiting,
}

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
    /// The clauses in danger now, over the customers whose every contract is within reach of the asker. A
    /// vault that fails does not hide the others.
    pub fn dangers(&self, permit: &InstancePermit) -> Result<Dangers> {
        permit.covers(Act::SeeTeam)?;
        let (mut all, mut fresh) = (Dangers::default(), 0);
        for row in self.customers()? {
            let customer = CustomerId(row.id);
            // What is promised to a whole customer is not told to whoever works on one contract of it.
            let inside = permit.by().permit(Act::SeeTeam, customer);
            let Some(inside) = inside.ok().filter(|p| *p.scope() == Scope::All) else { continue };
            if !permit.by().may_for(Act::SeeContract, customer) {
                continue;
            }
            match self.dangers_inside(&inside, &mut fresh) {
                Ok(Inside::Unbound) => {}
                Ok(Inside::Known(at, found)) => {
                    all.since = [all.since, Some(at)].into_iter().flatten().min();
                    all.found.extend(found.iter().cloned());
                }
                Ok(Inside::Waiting) => all.left_out.push(LeftOut::of(row, WhyLeftOut::Waiting)),
                Err(_) => all.left_out.push(LeftOut::of(row, WhyLeftOut::Failing)),
            }
        }
        let margin = |d: &Danger| match d.what {
            What::Objective(_, margin) => margin,
            What::Meter => Margin::Unsaid,
        };
        all.found.sort_by(|a, b| {
            (a.live.standing, margin(a), &a.customer_name).cmp(&(
                b.live.standing,
                margin(b),
                &b.customer_name,
            ))
        });
        all.left_out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// One customer's, as they are kept or worked out now; `fresh` counts the latter.
    fn dangers_inside(&self, inside: &Permit, fresh: &mut usize) -> Result<Inside> {
        if self.is_unbound(inside)? {
            return Ok(Inside::Unbound);
        }
        let (vault, now) = (self.vault(inside.customer())?, self.now());
        let agreements = vault.agreements()?;
        if let Some((at, kept)) = vault.dangers(|kept| kept.known(now, agreements.count)) {
            return Ok(Inside::Known(at, kept));
        }
        if *fresh >= AT_ONCE {
            return Ok(Inside::Waiting);
        }
        *fresh += 1;
        let shared = agreements.clone();
        let found = vault.db.read::<_, AppError, _>(move |tx| {
            let mut found = Vec::new();
            for agreement in shared.in_force(now) {
                found.extend(of_contract(tx, agreement, now)?);
            }
            Ok(found)
        })?;
        let danger = |(contract, clause, what, live): Found| Danger {
            customer: inside.customer(),
            slug: vault.slug.clone(),
            customer_name: vault.name.clone(),
            contract,
            clause,
            what,
            live,
        };
        let all = Arc::new(found.into_iter().map(danger).collect::<Vec<_>>());
        vault.dangers(|kept| *kept = Kept(Some((now, agreements.count, all.clone()))));
        Ok(Inside::Known(now, all))
    }
}

/// What can be said of one customer.
enum Inside {
    /// The asker owes its undertaking, and learns nothing.
    Unbound,
    Known(Timestamp, Arc<Vec<Danger>>),
    Waiting,
}

impl LeftOut {
    pub(crate) fn of(row: vaults::Vault, why: WhyLeftOut) -> LeftOut {
        LeftOut { slug: row.slug, name: row.name, why }
    }
}

/// What was found for a customer at an instant, under so many versions of its contracts.
#[derive(Default)]
pub(crate) struct Kept(Option<(Timestamp, u64, Arc<Vec<Danger>>)>);

impl Kept {
    fn known(&self, now: Timestamp, versions: u64) -> Option<(Timestamp, Arc<Vec<Danger>>)> {
        let (at, count, all) = self.0.as_ref()?;
        let age = now.duration_since(*at);
        let lasts = age >= SignedDuration::ZERO && age < KEPT;
        (lasts && *count == versions).then(|| (*at, all.clone()))
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
        if let (live, Some(margin)) = levels::objective(result, &rule.then) {
            let what = What::Objective(result.promise.name(), margin);
            found.push((number(), rule.from.clone(), what, live));
        }
    }
    for result in closed.availability.iter().map(|r| &r.value) {
        let Some(rule) = named(&terms.availabilities, &result.clause) else { continue };
        if let (live, Some(margin)) = levels::availability(result) {
            let what = What::Objective(service(terms, &result.service), margin);
            found.push((number(), rule.from.clone(), what, live));
        }
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
