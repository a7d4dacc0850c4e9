//! Who is on call for a customer: the roster that stands, and publishing the next one.
//!
//! What a roster does not keep is a warning with its article: whoever publishes confirms each one, and
//! the journal holds what was confirmed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::id::{AccountId, ContractId, CustomerId};
use base::{Because, Provenance};
use engines::roster::{self, Found, Shift};
use events::{ContentId, Event, OnCallPeriod, RosterPublished};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Content, Stamp, record};
use store::{Tx, idempotency};
use terms::Terms;
use uuid::Uuid;

use crate::access::{Act, Permit, Principal, Side};
use crate::agreements::{Agreement, Agreements};
use crate::calendar::OnCall;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;
use crate::today::KeptToday;

/// So many periods at most in one roster.
const MOST: usize = 200;
/// Rosters are read as far back as this, and written as far ahead.
const YEAR: SignedDuration = SignedDuration::from_hours(24 * 366);

/// The roster of one clause.
#[derive(Debug, Clone)]
pub struct Board {
    /// The contract's number.
    pub contract: String,
    /// The contract's own.
    pub zone: TimeZone,
    pub clause: Provenance,
    pub at: Timestamp,
    /// Who can be reached now.
    pub now: Vec<Turn>,
    /// Whether the contract promises somebody now.
    pub promised: bool,
    /// What runs and what comes, by instant.
    pub to_come: Vec<Turn>,
}

/// Somebody's period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub person: AccountId,
    pub name: String,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Somebody who may be put on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: AccountId,
    pub name: String,
}

/// A roster to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishRoster {
    /// The contract's number.
    pub contract: String,
    /// The label of the clause.
    pub label: String,
    pub periods: Vec<Shift>,
    /// Why it comes late, where circumstances are exceptional.
    pub exceptional: Option<String>,
    /// The keys of the breaches that were read, and that it is published in spite of.
    pub confirmed: Vec<String>,
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub roster: Uuid,
    /// The entry of the customer's journal.
    pub entry: u64,
}

/// The rosters of a clause, as they stand one over the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stands {
    pub shifts: Vec<Shift>,
    /// When each roster was published, with how many breaches confirmed; none: never within a year.
    pub published: Vec<(Timestamp, usize)>,
}

impl App {
    /// The rosters of the clauses in force, for those of either party who may read them: names and periods.
    pub fn on_call(&self, permit: &Permit) -> Result<Vec<Board>> {
        permit.covers(Act::SeeRoster)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now) = (vault.agreements()?, self.now());
        vault.db.read(move |tx| {
            let names = crate::ticket::names(tx)?;
            let mut boards = Vec::new();
            for agreement in agreements.in_force(now) {
                for asked in roster::asked(&agreement.in_force(now)?.terms) {
                    boards.push(board(tx, agreement, &asked, &names, now)?);
                }
            }
            Ok(boards)
        })
    }

    /// The provider's people who work on the customer's tickets: those who may be put on call.
    pub fn on_call_candidates(&self, permit: &Permit) -> Result<Vec<Candidate>> {
        permit.covers(Act::PublishRoster)?;
        self.workers(permit.customer())
    }

    /// The provider's people who work on a customer's tickets, by name.
    pub(crate) fn workers(&self, customer: CustomerId) -> Result<Vec<Candidate>> {
        let works = |person: &Principal| {
            person.role.side() == Side::Provider && person.may_for(Act::WorkOnTicket, customer)
        };
        let staff = self.staff_for(customer)?.into_iter().filter(works);
        Ok(staff.map(|person| Candidate { id: person.account, name: person.name }).collect())
    }

    /// What a roster would not keep, were it published now.
    pub fn weigh_roster(&self, permit: &Permit, ask: &PublishRoster) -> Result<Vec<Because<Found>>> {
        permit.covers(Act::PublishRoster)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let agreement = agreements.choose(Some(&ask.contract), now)?.clone();
        self.check_asked(permit, &agreement, ask)?;
        ahead(ask, now)?;
        let (ask, beyond) = (ask.clone(), self.beyond(permit.customer(), ask, now)?);
        vault.db.read(move |tx| weigh(tx, &agreements, &agreement, (&ask, &beyond), now))
    }

    /// Publishes a roster over the time that it spans, once per key: what was confirmed is what stands in
    /// the way, all of it.
    pub fn publish_roster(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &PublishRoster,
    ) -> Result<Published> {
        permit.covers(Act::PublishRoster)?;
        let (vault, now, by) = (self.vault(permit.customer())?, self.now(), permit.by().account);
        let agreements = vault.agreements()?;
        let agreement = agreements.choose(Some(&ask.contract), now)?.clone();
        let people = self.check_asked(permit, &agreement, ask)?;
        let introductions = std::iter::once(permit.by())
            .chain(people.iter().filter(|p| p.account != by))
            .map(|person| self.introduction(person))
            .collect::<Vec<_>>();
        let why = ask.exceptional.as_deref().map(|text| Content {
            name: "exceptional",
            id: ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
            bytes: text.trim().as_bytes().to_vec(),
        });
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let stored_key = key.of(by, "roster.publish");
        // A vault never names another: what is beyond is read before its transaction.
        let beyond = self.beyond(permit.customer(), ask, now)?;
        let (roster, at, ask) = (self.id(base::id::uuid_v7), now.as_microsecond(), ask.clone());
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                ahead(&ask, now)?;
                let found = weigh(tx, &agreements, &agreement, (&ask, &beyond), now)?;
                let confirmed = confirmed(found, &ask.confirmed)?;
                introductions.iter().try_for_each(|person| person.ensure(tx, at))?;
                let version = agreement.in_force(now)?.hash.clone();
                let before = stands(tx, agreement.id, &ask.label, now)?.shifts;
                let event = Event::RosterPublished(RosterPublished {
                    roster,
                    contract: agreement.id,
                    label: ask.label.clone(),
                    periods: ask.periods.iter().map(period).collect(),
                    exceptional: why.as_ref().map(|content| content.id),
                    confirmed,
                    at,
                    by,
                });
                let stamp = Stamp { at, actor: by, contract: Some(version) };
                let entry = record(tx, &stamp, &event, why.as_slice())?;
                let after = stands(tx, agreement.id, &ask.label, now)?.shifts;
                let people = moved(&before, &after, now);
                if !people.is_empty() {
                    crate::mail::tell_aside(tx, crate::mail::Aside::OnCall { people }, entry, by)?;
                }
                serde_json::to_vec(&Published { roster, entry }).map_err(AppError::fault)
            })
        })?;
        vault.today(KeptToday::forget);
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// The periods, for every other customer, of the people whom a roster names.
    fn beyond(&self, customer: CustomerId, ask: &PublishRoster, now: Timestamp) -> Result<Vec<Shift>> {
        let people: BTreeSet<AccountId> = ask.periods.iter().map(|p| p.person).collect();
        let mut all = Vec::new();
        for vault in self.every_vault()?.into_iter().filter(|vault| vault.id != customer) {
            let agreements = vault.agreements()?;
            let shifts = vault.db.read::<_, AppError, _>(move |tx| standing(tx, &agreements, None, now))?;
            all.extend(shifts.into_iter().filter(|shift| people.contains(&shift.person)));
        }
        Ok(all)
    }

    /// Checks the shape of a roster; gives the people it names.
    fn check_asked(
        &self,
        permit: &Permit,
        agreement: &Agreement,
        ask: &PublishRoster,
    ) -> Result<Vec<crate::access::Principal>> {
        let now = self.now();
        clause(&agreement.in_force(now)?.terms, &ask.label)?;
        if ask.periods.is_empty() || ask.periods.len() > MOST {
            return Err(AppError::invalid("periods", "de 1 à 200 périodes", "1 to 200 periods"));
        }
        if ask.periods.iter().any(|p| p.from >= p.until) {
            return Err(AppError::invalid(
                "periods",
                "une période finit après son début",
                "a period ends after it begins",
            ));
        }
        if ask.exceptional.as_deref().is_some_and(|t| t.trim().is_empty() || t.chars().count() > 1_000) {
            return Err(AppError::invalid(
                "exceptional",
                "un texte de 1 à 1 000 caractères",
                "a text of 1 to 1,000 characters",
            ));
        }
        let candidates = self.on_call_candidates(permit)?;
        let mut ids: Vec<AccountId> = ask.periods.iter().map(|p| p.person).collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.iter().all(|id| candidates.iter().any(|c| c.id == *id)) {
            return Err(AppError::invalid(
                "person",
                "une personne du prestataire qui travaille aux tickets de ce client",
                "one of the provider's people who works on this customer's tickets",
            ));
        }
        ids.into_iter().map(|id| self.principal(id)).collect()
    }
}

/// Periods are to come. Asked after an earlier answer was looked for: a retry comes later than what it
/// repeats.
fn ahead(ask: &PublishRoster, now: Timestamp) -> Result<()> {
    let near = |p: &Shift| p.until > now && p.until.duration_since(now) <= YEAR;
    if ask.periods.iter().all(near) {
        return Ok(());
    }
    Err(AppError::invalid(
        "periods",
        "des périodes à venir, d'un an au plus",
        "periods to come, within a year",
    ))
}

/// The rosters of a clause in a transaction already open, of a year back at most.
pub(crate) fn stands(tx: &mut dyn Tx, contract: ContractId, label: &str, now: Timestamp) -> Result<Stands> {
    let since = now.checked_sub(YEAR).map_err(AppError::fault)?;
    let all = lasting(tx, contract, since)?;
    Ok(all.into_iter().find(|(of, _)| of == label).map(|(_, stands)| stands).unwrap_or_default())
}

/// The rosters of a contract that last after an instant, by clause, in the order of their first publication.
fn lasting(tx: &mut dyn Tx, contract: ContractId, since: Timestamp) -> Result<Vec<(String, Stands)>> {
    let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
    let mut all: Vec<(String, Stands)> = Vec::new();
    for row in store::roster::lasting(tx, contract, since.as_microsecond())? {
        let new = row
            .periods
            .iter()
            .map(|p| Ok(Shift { from: instant(p.from)?, until: instant(p.until)?, person: p.person }))
            .collect::<Result<Vec<_>>>()?;
        let at = instant(row.at)?;
        let place = match all.iter().position(|(label, _)| *label == row.label) {
            Some(place) => place,
            None => {
                all.push((row.label, Stands::default()));
                all.len() - 1
            }
        };
        let stands = &mut all[place].1;
        stands.shifts = roster::published(&stands.shifts, &to_come(&new, at));
        stands.published.push((at, row.confirmed.len()));
    }
    Ok(all)
}

/// Who is on call between two instants by the rosters of a contract, past and to come: an amendment that ends
/// the clause takes nobody's past away.
pub(crate) fn during(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    (from, until): (Timestamp, Timestamp),
    names: &HashMap<AccountId, String>,
) -> Result<Vec<OnCall>> {
    let mut all = Vec::new();
    for (_, Stands { mut shifts, .. }) in lasting(tx, agreement.id, from)? {
        // Nobody is on call for a contract that is over by then.
        shifts.retain(|s| s.from < until && s.until > from && agreement.runs_at(s.from));
        if !shifts.is_empty() {
            let turns = shifts.iter().map(|shift| turn(shift, names)).collect();
            all.push(OnCall { contract: agreement.id, zone: agreement.zone().clone(), turns });
        }
    }
    Ok(all)
}

/// What a roster says from the instant of its publication on: who was on call before is what it was.
fn to_come(periods: &[Shift], published: Timestamp) -> Vec<Shift> {
    let clipped = periods.iter().map(|p| Shift { from: p.from.max(published), ..*p });
    clipped.filter(|p| p.from < p.until).collect()
}

/// The periods under every clause in force, but for one if it is named.
fn standing(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    but: Option<(ContractId, &str)>,
    now: Timestamp,
) -> Result<Vec<Shift>> {
    let mut all = Vec::new();
    for agreement in agreements.in_force(now) {
        for asked in roster::asked(&agreement.in_force(now)?.terms) {
            if Some((agreement.id, asked.clause.label())) != but {
                all.extend(stands(tx, agreement.id, asked.clause.label(), now)?.shifts);
            }
        }
    }
    Ok(all)
}

/// The periods of a person that are not over, those that touch as one.
pub(crate) fn turns_of(shifts: &[Shift], person: AccountId, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut mine: Vec<_> =
        shifts.iter().filter(|s| s.person == person && s.until > now).map(|s| (s.from, s.until)).collect();
    mine.sort_unstable();
    let mut turns: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (from, until) in mine {
        match turns.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(until),
            None => turns.push((from, until)),
        }
    }
    turns
}

/// Those whose periods to come are not what they were.
fn moved(before: &[Shift], after: &[Shift], now: Timestamp) -> BTreeSet<AccountId> {
    // What has begun is told from now on, before as after.
    let to_come = |shifts: &[Shift], person| -> Vec<_> {
        turns_of(shifts, person, now).into_iter().map(|(from, until)| (from.max(now), until)).collect()
    };
    let people = before.iter().chain(after).map(|s| s.person);
    people.filter(|person| to_come(before, *person) != to_come(after, *person)).collect()
}

fn turn(shift: &Shift, names: &HashMap<AccountId, String>) -> Turn {
    let name = names.get(&shift.person).cloned().unwrap_or_default();
    Turn { person: shift.person, name, from: shift.from, until: shift.until }
}

fn board(
    tx: &mut dyn Tx,
    agreement: &Arc<Agreement>,
    asked: &roster::Asked<'_>,
    names: &HashMap<AccountId, String>,
    now: Timestamp,
) -> Result<Board> {
    let shifts = stands(tx, agreement.id, asked.clause.label(), now)?.shifts;
    let turn = |shift: &Shift| turn(shift, names);
    Ok(Board {
        contract: agreement.number.clone(),
        zone: agreement.zone().clone(),
        clause: asked.clause.from.clone(),
        at: now,
        now: roster::at(&shifts, now).iter().map(turn).collect(),
        promised: roster::is_promised(asked, now).map_err(AppError::fault)?,
        to_come: shifts.iter().filter(|s| s.until > now).map(turn).collect(),
    })
}

fn weigh(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    agreement: &Agreement,
    (ask, beyond): (&PublishRoster, &[Shift]),
    now: Timestamp,
) -> Result<Vec<Because<Found>>> {
    let asked = clause(&agreement.in_force(now)?.terms, &ask.label)?;
    let before = stands(tx, agreement.id, &ask.label, now)?.shifts;
    let elsewhere = standing(tx, agreements, Some((agreement.id, &ask.label)), now)?;
    let around = roster::Around { before: &before, elsewhere: &elsewhere, beyond };
    let exceptional = ask.exceptional.is_some();
    roster::check(&asked, agreement.zone(), around, &ask.periods, exceptional, now).map_err(AppError::fault)
}

fn clause<'a>(terms: &'a Terms, label: &str) -> Result<roster::Asked<'a>> {
    roster::asked(terms).into_iter().find(|asked| asked.clause.label() == label).ok_or_else(|| {
        AppError::invalid(
            "clause",
            "le contrat en vigueur n'a pas d'astreinte de cette étiquette",
            "the contract in force has no on-call duty of this label",
        )
    })
}

/// The keys of all that was found, each of them confirmed; otherwise the reasons, as a refusal.
fn confirmed(found: Vec<Because<Found>>, read: &[String]) -> Result<Vec<String>> {
    if found.iter().all(|f| read.contains(&f.value.key())) {
        return Ok(found.iter().map(|f| f.value.key()).collect());
    }
    let reasons = found.into_iter().flat_map(|f| f.reasons).collect();
    Err(AppError::refused(
        Refusal::new(
            "roster.unconfirmed",
            "Ce programme d'astreinte ne respecte pas tout\u{a0}: lisez chaque écart et confirmez-le, ou corrigez-le.",
            "This roster does not keep everything: read each breach and confirm it, or mend it.",
        )
        .because(reasons),
    ))
}

fn period(shift: &Shift) -> OnCallPeriod {
    OnCallPeriod {
        person: shift.person,
        from: shift.from.as_microsecond(),
        until: shift.until.as_microsecond(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_on_call_before_a_publication_is_what_it_was() {
        let at = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        let person = |n: u8| AccountId::new(1, &[n; 10]);
        let shift =
            |n: u8, from: i64, until: i64| Shift { from: at(from), until: at(until), person: person(n) };
        let past = [shift(1, 0, 10)];
        let stands = roster::published(&past, &to_come(&[shift(2, 0, 4), shift(2, 2, 20)], at(6)));
        assert_eq!(stands, [shift(1, 0, 6), shift(2, 6, 20)]);
    }
}
