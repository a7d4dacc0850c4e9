//! Who knows what: for each element of the perimeter, the provider's people who can work on it, and whether
//! they are as many as the contract promises.
//!
//! Only people who still work on the customer's tickets count: whoever left knows nothing that helps.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use base::id::AccountId;
use base::{Because, Bilingual, Provenance};
use engines::skills::{self, Cover, Element, Level};
use events::{Event, Skilled, SkillsTold};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::record::{Stamp, record};
use store::skills::Skill;
use store::ticket::Ticket;
use store::{Tx, idempotency};
use terms::Terms;

use crate::access::{Act, Permit};
use crate::agreements::{Agreement, Agreements};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::roster::Candidate;
use crate::ticket::IdempotencyKey;

/// Elements of a page at most.
const LONGEST_PAGE: u32 = 200;

/// The elements of a customer's contracts in force, those known by too few first.
#[derive(Debug, Clone)]
pub struct Board {
    /// The clauses that promise how many people know each element, with the contract's number.
    pub promised: Vec<(String, Provenance, u32)>,
    /// Of all elements, on this page or not.
    pub total: usize,
    pub short: usize,
    pub lines: Vec<Line>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Everybody who works for the customer, by name.
    pub people: Vec<Person>,
}

/// An element, and those who know it: who leads first, then by name.
#[derive(Debug, Clone)]
pub struct Line {
    pub cover: Because<Cover>,
    /// The number of the contract that covers it.
    pub contract: String,
    pub people: Vec<Knower>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knower {
    pub person: AccountId,
    pub name: String,
    pub level: Level,
}

/// What would be missed with somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: AccountId,
    pub name: String,
    /// How many elements they know, those that they lead among them.
    pub known: usize,
    pub led: usize,
    /// How many nobody else knows.
    pub alone: usize,
}

/// One element, as it is told.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub line: Line,
    /// Everybody who may be said to know it, by name, with what was told of them.
    pub candidates: Vec<(Candidate, Option<Level>)>,
    /// The entry that told it last; `None` when nothing was told yet.
    pub since: Option<u64>,
    /// When that was, and by whom.
    pub told: Option<(Timestamp, String)>,
}

/// Who knows an element, all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellSkills {
    pub element: Element,
    pub people: Vec<Skilled>,
    /// The [`Sheet::since`] that was read: what somebody told meanwhile is not undone unseen.
    #[serde(default)]
    pub since: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The entry of the customer's journal.
    pub entry: u64,
}

/// Who knows what a ticket is about.
#[derive(Debug, Clone)]
pub struct About {
    /// As the contract calls it.
    pub name: Bilingual,
    pub people: HashMap<AccountId, Level>,
}

impl App {
    /// The elements of the perimeter and those who know them, after a place that a page gave as its `next`.
    pub fn skills(&self, permit: &Permit, after: Option<&str>, limit: u32) -> Result<Board> {
        permit.covers(Act::SeeSkills)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let workers = self.workers(permit.customer())?;
        let told = vault.db.read::<_, AppError, _>(|tx| Ok(store::skills::all(tx)?))?;
        let mut lines = lines(&agreements, &workers, &told, now);
        lines.sort_by_cached_key(place);
        let promised = agreements.in_force(now).into_iter().filter_map(|agreement| {
            let (clause, people) = skills::asked(&agreement.in_force(now).ok()?.terms)?;
            Some((agreement.number.clone(), clause.from.clone(), people))
        });
        let (promised, people) = (promised.collect(), people(&workers, &lines));
        let (total, short) = (lines.len(), lines.iter().filter(|l| l.cover.value.is_short()).count());
        let mut later = lines.into_iter().filter(|l| after.is_none_or(|after| place(l).as_str() > after));
        let most = usize::try_from(limit.clamp(1, LONGEST_PAGE)).unwrap_or(1);
        let lines: Vec<Line> = later.by_ref().take(most).collect();
        let next = later.next().and_then(|_| lines.last().map(place));
        Ok(Board { promised, total, short, lines, next, people })
    }

    /// One element, with everybody who may be said to know it.
    pub fn skill_sheet(&self, permit: &Permit, element: &Element) -> Result<Sheet> {
        permit.covers(Act::KeepSkills)?;
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreements = vault.agreements()?;
        let workers = self.workers(permit.customer())?;
        let asked = element.clone();
        let (all, told, names) = vault.db.read::<_, AppError, _>(move |tx| {
            let told = store::skills::told(tx, &asked)?;
            Ok((store::skills::of(tx, &asked)?, told, crate::ticket::names(tx)?))
        })?;
        let found = lines(&agreements, &workers, &all, now);
        let line = found.into_iter().find(|l| l.cover.value.element == *element).ok_or(AppError::NotFound)?;
        let level = |who| all.iter().find(|s| s.person == who).map(|s| s.level);
        let told = match told {
            Some(told) => {
                let at = Timestamp::from_microsecond(told.at).map_err(AppError::fault)?;
                Some((told.seq, (at, names.get(&told.by).cloned().unwrap_or_default())))
            }
            None => None,
        };
        Ok(Sheet {
            line,
            candidates: workers
                .into_iter()
                .map(|c| {
                    let l = level(c.id);
                    (c, l)
                })
                .collect(),
            since: told.as_ref().map(|(seq, _)| *seq),
            told: told.map(|(_, told)| told),
        })
    }

    /// Tells who knows an element, all of them; once per key. Told again, it is as of now.
    ///
    /// Refused, code `skills.changed`, when somebody told it since it was read.
    pub fn tell_skills(&self, permit: &Permit, key: &IdempotencyKey, ask: &TellSkills) -> Result<Noted> {
        permit.covers(Act::KeepSkills)?;
        let (vault, now, by) = (self.vault(permit.customer())?, self.now(), permit.by().account);
        let agreements = vault.agreements()?;
        let agreement = covering(&agreements, &ask.element, now).ok_or_else(|| {
            AppError::invalid(
                "element",
                "un élément que le périmètre confie au prestataire",
                "an element that the perimeter entrusts to the provider",
            )
        })?;
        let version = agreement.in_force(now)?.hash.clone();
        let people = self.skilled(permit, ask)?;
        let introductions = std::iter::once(permit.by())
            .chain(people.iter().filter(|p| p.account != by))
            .map(|person| self.introduction(person))
            .collect::<Vec<_>>();
        let request: [u8; 32] = Sha256::digest(serde_json::to_vec(ask).map_err(AppError::fault)?).into();
        let (stored_key, ask, at) = (key.of(by, "skills.tell"), ask.clone(), now.as_microsecond());
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                if store::skills::told(tx, &ask.element)?.map(|told| told.seq) != ask.since {
                    return Err(changed());
                }
                introductions.iter().try_for_each(|person| person.ensure(tx, at))?;
                let (element, people) = (ask.element.clone(), ask.people.clone());
                let stamp = Stamp { at, actor: by, contract: Some(version.clone()) };
                let event = Event::SkillsTold(SkillsTold { element, people, at, by });
                let entry = record(tx, &stamp, &event, &[])?;
                serde_json::to_vec(&Noted { entry }).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// Who knows what a ticket is about, for whoever hands it to somebody; `None` when it is about no
    /// element of the perimeter.
    pub fn knowers(&self, permit: &Permit, ticket: &Ticket) -> Result<Option<About>> {
        permit.covers(Act::AssignTicket)?;
        let vault = self.vault(permit.customer())?;
        let agreements = vault.agreements()?;
        let Some(agreement) = agreements.contracts.iter().find(|a| a.id == ticket.contract) else {
            return Ok(None);
        };
        let terms = &agreement.version(&ticket.version)?.terms;
        let (item, class) = (ticket.item.as_deref(), ticket.item_class.as_deref());
        let Some(element) = skills::element_of(terms, item, class) else { return Ok(None) };
        let name = skills::name(terms, &element);
        let all = vault.db.read::<_, AppError, _>(move |tx| Ok(store::skills::of(tx, &element)?))?;
        Ok(Some(About { name, people: all.into_iter().map(|s| (s.person, s.level)).collect() }))
    }

    /// The people of a list, each once, who all work on the customer's tickets.
    fn skilled(&self, permit: &Permit, ask: &TellSkills) -> Result<Vec<crate::access::Principal>> {
        let workers = self.workers(permit.customer())?;
        let ids: BTreeSet<AccountId> = ask.people.iter().map(|p| p.person).collect();
        if ids.len() != ask.people.len() || !ids.iter().all(|id| workers.iter().any(|w| w.id == *id)) {
            return Err(AppError::invalid(
                "people",
                "des personnes du prestataire qui travaillent aux tickets de ce client, une fois chacune",
                "the provider's people who work on this customer's tickets, each once",
            ));
        }
        ids.into_iter().map(|id| self.principal(id)).collect()
    }
}

/// How the elements of one contract are known, in a transaction already open, and whether anybody ever told
/// it of one of them: a list told empty is told.
pub(crate) fn covers(
    tx: &mut dyn Tx,
    terms: &Terms,
    workers: &[Candidate],
) -> Result<(Vec<Because<Cover>>, bool)> {
    let told = store::skills::all(tx)?;
    let known = counted(workers, &told);
    let covers = skills::covers(terms, |element| known.get(element).copied().unwrap_or_default());
    let ever = store::skills::ever(tx)?;
    let told = covers.iter().any(|cover| ever.contains(&cover.value.element));
    Ok((covers, told))
}

/// How many of those who work for the customer know each element.
fn counted<'a>(workers: &[Candidate], told: &'a [Skill]) -> HashMap<&'a Element, u32> {
    let ids: BTreeSet<AccountId> = workers.iter().map(|w| w.id).collect();
    let mut known = HashMap::new();
    for skill in told.iter().filter(|s| ids.contains(&s.person)) {
        *known.entry(&skill.element).or_default() += 1;
    }
    known
}

/// The elements of all contracts in force, each once: under the contract that asks for the most people.
fn lines(agreements: &Agreements, workers: &[Candidate], told: &[Skill], now: Timestamp) -> Vec<Line> {
    let known = counted(workers, told);
    let names: HashMap<AccountId, &str> = workers.iter().map(|w| (w.id, w.name.as_str())).collect();
    let mut knowers: HashMap<&Element, Vec<Knower>> = HashMap::new();
    for skill in told {
        let Some(name) = names.get(&skill.person) else { continue };
        let knower = Knower { person: skill.person, name: (*name).to_owned(), level: skill.level };
        knowers.entry(&skill.element).or_default().push(knower);
    }
    let mut all: BTreeMap<String, Line> = BTreeMap::new();
    for agreement in agreements.in_force(now) {
        let Ok(version) = agreement.in_force(now) else { continue };
        let count = |element: &Element| known.get(element).copied().unwrap_or_default();
        for cover in skills::covers(&version.terms, count) {
            let key = cover.value.element.key();
            if all.get(&key).is_some_and(|line| line.cover.value.wanted >= cover.value.wanted) {
                continue;
            }
            let mut people = knowers.get(&cover.value.element).cloned().unwrap_or_default();
            people.sort_by(|a, b| (b.level, &a.name).cmp(&(a.level, &b.name)));
            all.insert(key, Line { cover, contract: agreement.number.clone(), people });
        }
    }
    all.into_values().collect()
}

/// Where a line stands in the list: those known by too few first, named items before classes, by name.
fn place(line: &Line) -> String {
    let cover = &line.cover.value;
    let rank = if cover.is_short() { 0 } else { 1 };
    let kind = if matches!(cover.element, Element::Item(_)) { 0 } else { 1 };
    format!("{rank}/{kind}/{}/{}", cover.name.fr, cover.element)
}

fn people(workers: &[Candidate], lines: &[Line]) -> Vec<Person> {
    let person = |worker: &Candidate| {
        let mine = || lines.iter().filter(|l| l.people.iter().any(|k| k.person == worker.id));
        let leads = |l: &&Line| l.people.iter().any(|k| k.person == worker.id && k.level == Level::Leads);
        Person {
            id: worker.id,
            name: worker.name.clone(),
            known: mine().count(),
            led: mine().filter(leads).count(),
            alone: mine().filter(|l| l.people.len() == 1).count(),
        }
    };
    workers.iter().map(person).collect()
}

/// The contract in force that covers an element.
fn covering(agreements: &Agreements, element: &Element, now: Timestamp) -> Option<Arc<Agreement>> {
    let covers = |agreement: &&Arc<Agreement>| {
        let Ok(version) = agreement.in_force(now) else { return false };
        skills::elements(&version.terms).iter().any(|(found, _)| found == element)
    };
    agreements.in_force(now).into_iter().find(covers).cloned()
}

fn changed() -> AppError {
    AppError::refused(Refusal::new(
        "skills.changed",
        "Quelqu'un a noté entre-temps qui connaît cet élément\u{a0}: relisez la liste.",
        "Somebody noted meanwhile who knows this element: read the list again.",
    ))
}
