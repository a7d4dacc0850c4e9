//! The people of a customer as lists show them, page after page: who may act there, then whose role ended.

use std::collections::HashMap;
use std::sync::Arc;

use base::id::AccountId;
use jiff::Timestamp;
use store::Tx;
use store::instance::{accounts, assignments};
use store::search::fold::fold;
use uuid::Uuid;

use super::PersonLine;
use crate::access::{Act, Permit};
use crate::accounts::roles;
use crate::agreements::Agreements;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::subcontracted;
use crate::undertaking::Register;

/// Roles read together.
const AT_ONCE: u32 = 200;

/// Which roles, and from where.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Words that the name holds, or the address where the reader sees it, all of them; empty for everybody.
    pub words: String,
    /// The last role of the page before.
    pub after: Option<Uuid>,
}

/// Roles of a page, and the one after which the next page begins.
pub type Page = (Vec<PersonLine>, Option<Uuid>);

impl App {
    /// Everybody who may do something for the customer, those of all customers first; then those whose
    /// role ended.
    pub fn people(&self, permit: &Permit) -> Result<Vec<PersonLine>> {
        let (held, ended) = (
            self.people_holding(permit, &Sought::default(), usize::MAX)?.0,
            self.people_before(permit, &Sought::default(), usize::MAX)?.0,
        );
        Ok([held, ended].concat())
    }

    /// A page of those who may do something for the customer, those of all customers first, then the oldest role.
    pub fn people_holding(&self, permit: &Permit, sought: &Sought, limit: usize) -> Result<Page> {
        let customer = permit.customer().0;
        self.roles_listed(permit, sought, limit, move |tx, last| {
            let place = |row: &assignments::Assignment| (row.given, row.id);
            let start = (i64::MIN, Uuid::nil());
            let mut rows = Vec::new();
            if last.is_none_or(|row| row.customer.is_none()) {
                rows = assignments::held_for(tx, None, last.map_or(start, place), AT_ONCE)?;
            }
            if rows.len() < AT_ONCE as usize {
                let from = last.filter(|row| row.customer.is_some()).map_or(start, place);
                rows.extend(assignments::held_for(tx, Some(customer), from, AT_ONCE)?);
            }
            Ok(rows)
        })
    }

    /// A page of those whose role for the customer ended, the last one first.
    pub fn people_before(&self, permit: &Permit, sought: &Sought, limit: usize) -> Result<Page> {
        let customer = permit.customer().0;
        self.roles_listed(permit, sought, limit, move |tx, last| {
            let from = last.and_then(|row| Some((row.ended?, row.id))).unwrap_or((i64::MAX, Uuid::max()));
            Ok(assignments::ended_for(tx, customer, from, AT_ONCE)?)
        })
    }

    fn roles_listed(
        &self,
        permit: &Permit,
        sought: &Sought,
        limit: usize,
        next: impl Fn(&mut dyn Tx, Option<&assignments::Assignment>) -> Result<Vec<assignments::Assignment>>
        + Send
        + 'static,
    ) -> Result<Page> {
        permit.covers(Act::SeePeople)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let read = agreements.clone();
        let register = vault.db.read(move |tx| Register::read(tx, &read, now))?;
        let mut reader = Reader { permit: permit.clone(), agreements, register, now, known: HashMap::new() };
        let (after, customer) = (sought.after, permit.customer().0);
        let words: Vec<String> = fold(&sought.words).split_whitespace().map(str::to_owned).collect();
        self.instance.read(move |tx| {
            let mut last = match after {
                // A place of somebody else's list is no place.
                Some(id) => Some(
                    assignments::by_id(tx, id)?
                        .filter(|row| row.customer.is_none_or(|own| own == customer))
                        .ok_or(AppError::NotFound)?,
                ),
                None => None,
            };
            let mut found = Vec::new();
            loop {
                let rows = next(tx, last.as_ref())?;
                if rows.is_empty() {
                    return Ok((found, None));
                }
                for row in &rows {
                    let line = reader.line(tx, row)?;
                    if !words.iter().all(|word| line.is_called(word)) {
                        continue;
                    }
                    if found.len() == limit {
                        let last = found.last().map(|last: &PersonLine| last.held);
                        return Ok((found, last));
                    }
                    found.push(line);
                }
                last = rows.into_iter().next_back();
            }
        })
    }
}

impl PersonLine {
    /// Whether the name holds a folded word, or the address, where it is shown.
    fn is_called(&self, word: &str) -> bool {
        fold(&self.name).contains(word) || self.email.as_ref().is_some_and(|email| fold(email).contains(word))
    }
}

/// Name, address, and whether the account is disabled.
type Known = (String, String, bool);

/// Who reads, and what is read once for all lines.
struct Reader {
    permit: Permit,
    agreements: Arc<Agreements>,
    register: Register,
    now: Timestamp,
    known: HashMap<Uuid, Known>,
}

impl Reader {
    fn person(&mut self, tx: &mut dyn Tx, id: Uuid) -> Result<Known> {
        if let Some(found) = self.known.get(&id) {
            return Ok(found.clone());
        }
        let account = accounts::by_id(tx, id)?.ok_or_else(|| AppError::fault("a role of no account"))?;
        let found = (account.display_name, account.email, account.disabled);
        self.known.insert(id, found.clone());
        Ok(found)
    }

    fn line(&mut self, tx: &mut dyn Tx, row: &assignments::Assignment) -> Result<PersonLine> {
        let held = roles::assignment(row)?;
        let (name, email, disabled) = self.person(tx, row.account)?;
        let given_by = row.given_by.map(|id| self.person(tx, id)).transpose()?.map(|(name, ..)| name);
        let ended_by = row.ended_by.map(|id| self.person(tx, id)).transpose()?.map(|(name, ..)| name);
        let Reader { permit, agreements, register, now, .. } = &*self;
        let shown = permit.role().is_provider() || held.role.side() == permit.role().side();
        let instant = |micros: i64| Timestamp::from_microsecond(micros).map_err(AppError::fault);
        let contract = held.contract.and_then(|id| agreements.by_id(id).ok()).map(|c| c.number.clone());
        let reached = |label: &String| {
            let all = subcontracted::named_by(agreements, label, *now)?.into_iter();
            let own = all.filter(|agreement| held.contract.is_none_or(|only| only == agreement.id));
            Ok::<_, AppError>(own.map(|agreement| agreement.number.clone()).collect())
        };
        let reaches = held.about.subcontract.as_ref().map(reached).transpose()?;
        let undertaking = register.of(AccountId(row.account), held.role, held.contract)?;
        let may_manage = permit.by().may_for(Act::ManagePeople, permit.customer());
        Ok(PersonLine {
            held: row.id,
            name,
            email: shown.then_some(email),
            role: held.role,
            contract,
            undertaking: undertaking.filter(|_| row.ended.is_none()),
            about: held.about,
            reaches,
            everywhere: row.customer.is_none(),
            disabled,
            given: instant(row.given)?,
            given_by,
            ended: row.ended.map(instant).transpose()?,
            ended_by,
            may_end: may_manage
                && row.customer.is_some()
                && row.ended.is_none()
                && row.account != permit.by().account.0
                && permit.role().covers(held.role),
        })
    }
}
