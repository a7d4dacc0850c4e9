//! What another tool held, brought in: tickets, people, equipment.
//!
//! A ticket that is still open there opens here, under the contract, once. One that was over is kept to be
//! read and is no ticket: the contract measures nothing of what was done elsewhere, so that no import can
//! owe a penalty. The number that a ticket had in its tool is what makes it come once: a file that was half
//! brought in, or a later export of the same tool, is brought in again without harm.
//!
//! Reading a file is a function of its bytes ([`tickets::read`], [`people::read`], [`items::read`]).

mod columns;
pub mod csv;
mod history;
pub mod items;
pub mod people;
pub mod tickets;
mod users;
pub mod value;

use std::collections::BTreeMap;

use base::{Bilingual, Lang};
use engines::perimeter::Admission;
use events::{ContentId, Event, ImportedFrom, TicketImported};
use serde::{Deserialize, Serialize};
use store::record::{Content, Stamp, record};

pub use events::ImportSource as Source;
pub use history::{HistoryLine, Place};
pub use users::{Invited, People};

use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, OpenTicket, Origin};
use value::plain;

/// Matters of the history written in one transaction.
const AT_ONCE: usize = 200;

/// From when the clocks of a ticket still open are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Since {
    /// From the day it comes in: the contract's promises begin with the tool that keeps them.
    #[default]
    Import,
    /// From the day it was declared in the other tool, if the contract was in force: what is late there is
    /// late here.
    Declared,
}

/// How tickets are to be brought in.
#[derive(Debug, Clone)]
pub struct ImportTickets {
    pub source: Source,
    /// The contract that those still open come under, when the customer has several in force.
    pub contract: Option<String>,
    pub since: Since,
    /// The contract's priority for each word of the tool: « Haute » → `P2`. The mildest for the others.
    pub priorities: BTreeMap<String, String>,
    /// The language of the line that tells where a ticket comes from.
    pub lang: Lang,
}

/// Something to say of a line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub line: u64,
    pub text: Bilingual,
    /// The line is not brought in. Otherwise it is, with this reserve.
    pub fault: bool,
}

impl Remark {
    fn fault(line: u64, fr: impl Into<String>, en: impl Into<String>) -> Remark {
        Remark { line, text: Bilingual::new(fr, en), fault: true }
    }

    fn note(line: u64, fr: impl Into<String>, en: impl Into<String>) -> Remark {
        Remark { line, text: Bilingual::new(fr, en), fault: false }
    }
}

/// What would become of a file, were it brought in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub lines: Vec<Line>,
    pub remarks: Vec<Remark>,
    /// The heading that each field is read from.
    pub read: Vec<(tickets::Field, String)>,
    /// The headings left aside.
    pub left: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub line: u64,
    /// Its number in the other tool.
    pub number: String,
    pub title: String,
    pub fate: Fate,
}

/// What becomes of a ticket of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It came already.
    Known,
    /// It is kept to be read.
    Kept,
    /// It opens here.
    Opens {
        /// The contract's; empty without a matrix.
        priority: String,
        admission: Admission,
    },
    /// It is still open there, and cannot be here: the contract says why.
    Refused(Bilingual),
}

/// What was brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The tickets opened: number there, number here.
    pub opened: Vec<(String, u64)>,
    pub kept: usize,
    /// Those that had come before.
    pub known: usize,
    /// What was not brought in, and the reserves, by line.
    pub remarks: Vec<Remark>,
}

impl App {
    /// What a file of tickets would bring in. Nothing is written.
    pub fn weigh_import(&self, permit: &Permit, ask: &ImportTickets, file: &[u8]) -> Result<Preview> {
        self.on_tickets(permit, Act::Import)?;
        let (agreement, read) = self.read_tickets(permit, ask, file)?;
        let opener = permit.by().permit(Act::OpenTicket, permit.customer())?;
        let mut lines = Vec::with_capacity(read.rows.len());
        let known = self.known(permit, ask.source, &read.rows)?;
        for (row, known) in read.rows.iter().zip(known) {
            let fate = if known {
                Fate::Known
            } else if row.over.is_some() {
                Fate::Kept
            } else {
                match self.weigh_ticket(&opener, &to_open(&agreement, ask, row)) {
                    Ok(weighed) if weighed.decision.value.admission == Admission::Refused => {
                        Fate::Refused(reasons(&weighed.decision.reasons))
                    }
                    Ok(weighed) => Fate::Opens {
                        priority: weighed.priority,
                        admission: weighed.decision.value.admission,
                    },
                    Err(error) => Fate::Refused(said(error)?),
                }
            };
            lines.push(Line { line: row.line, number: row.number.clone(), title: row.title.clone(), fate });
        }
        Ok(Preview { lines, remarks: read.remarks, read: read.read, left: read.left })
    }

    /// Brings the tickets of a file in; what came before is left as it is. Each is whole or absent: brought
    /// in again after a stop, the file goes on where it was.
    ///
    /// `progress` is told how many lines are done, of how many.
    pub fn import_tickets(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        file: &[u8],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Imported> {
        self.on_tickets(permit, Act::Import)?;
        let (agreement, read) = self.read_tickets(permit, ask, file)?;
        let opener = permit.by().permit(Act::OpenTicket, permit.customer())?;
        let known = self.known(permit, ask.source, &read.rows)?;
        let total = read.rows.len();
        let fresh: Vec<_> =
            read.rows.iter().zip(&known).filter(|(_, known)| !**known).map(|(r, _)| r).collect();
        let mut done =
            Imported { opened: Vec::new(), kept: 0, known: total - fresh.len(), remarks: read.remarks };
        let mut count = done.known;
        let (over, open): (Vec<&tickets::Row>, Vec<_>) =
            fresh.into_iter().partition(|row| row.over.is_some());
        for rows in over.chunks(AT_ONCE) {
            let kept = self.keep_history(permit, ask.source, rows)?;
            (done.kept, done.known) = (done.kept + kept, done.known + rows.len() - kept);
            count += rows.len();
            progress(count, total);
        }
        for row in open {
            let from = from(ask.source, row);
            // Its number makes it come once, in the transaction. A key of that number would keep a refusal,
            // and a line that was corrected since would never come.
            let key = IdempotencyKey::parse(&self.id(base::id::uuid_v7).to_string())?;
            match self.open_from(&opener, &key, &to_open(&agreement, ask, row), Origin::Import(from)) {
                Ok(opened) => done.opened.push((row.number.clone(), opened.number)),
                // Somebody else brings the same file in.
                Err(AppError::NotFound) => done.known += 1,
                Err(error) => {
                    let text = said(error)?;
                    done.remarks.push(Remark { line: row.line, text, fault: true });
                }
            }
            count += 1;
            progress(count, total);
        }
        done.remarks.sort_by_key(|remark| remark.line);
        Ok(done)
    }

    fn read_tickets(
        &self,
        permit: &Permit,
        ask: &ImportTickets,
        file: &[u8],
    ) -> Result<(std::sync::Arc<Agreement>, tickets::Read)> {
        let (vault, now) = (self.vault(permit.customer())?, self.now());
        let agreement = vault.agreements()?.choose(ask.contract.as_deref(), now)?.clone();
        let read = tickets::read(ask.source, file, agreement.zone(), now)?;
        Ok((agreement, read))
    }

    /// Which rows came already, in their order.
    fn known(&self, permit: &Permit, source: Source, rows: &[tickets::Row]) -> Result<Vec<bool>> {
        let numbers: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
        self.vault(permit.customer())?.db.read::<_, AppError, _>(move |tx| {
            numbers.iter().map(|number| Ok(store::import::is_known(tx, source, number)?)).collect()
        })
    }

    /// Writes matters that are over down, and tells how many were new.
    fn keep_history(&self, permit: &Permit, source: Source, rows: &[&tickets::Row]) -> Result<usize> {
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let introduction = self.introduction(permit.by());
        let matter = |row: &tickets::Row| -> Result<(TicketImported, Content)> {
            let words = Content {
                name: "words",
                id: ContentId(self.id(base::id::uuid_v7)),
                salt: self.salt(),
                bytes: serde_json::to_vec(&Words::of(row)).map_err(AppError::fault)?,
            };
            let over = row.over.unwrap_or(row.opened).as_microsecond();
            let event = TicketImported { from: from(source, row), over, words: words.id, at, by };
            Ok((event, words))
        };
        let matters = rows.iter().map(|row| matter(row)).collect::<Result<Vec<_>>>()?;
        let stamp = Stamp { at, actor: by, contract: None };
        let kept = vault.db.write::<_, AppError, _>(move |tx| {
            introduction.ensure(tx, at)?;
            let mut kept = 0;
            for (event, words) in &matters {
                if !store::import::is_known(tx, event.from.source, &event.from.number)? {
                    let event = Event::TicketImported(event.clone());
                    record(tx, &stamp, &event, std::slice::from_ref(words))?;
                    kept += 1;
                }
            }
            Ok(kept)
        })?;
        self.mark_dirty(permit.customer());
        Ok(kept)
    }
}

/// What is kept of a matter: the words of the other tool, as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub solution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub priority: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requester: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub assignee: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub item: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
}

impl Words {
    fn of(row: &tickets::Row) -> Words {
        Words {
            title: row.title.clone(),
            description: row.description.clone(),
            solution: row.solution.clone(),
            kind: row.kind.map(str::to_owned),
            state: row.state.clone(),
            priority: row.priority.clone(),
            requester: row.requester.clone(),
            assignee: row.assignee.clone(),
            category: row.category.clone(),
            item: row.item.clone(),
            site: row.site.clone(),
        }
    }
}

fn from(source: Source, row: &tickets::Row) -> ImportedFrom {
    ImportedFrom { source, number: row.number.clone(), declared: row.opened.as_microsecond() }
}

/// The ticket that opens here for one still open there: the contract's names where it knows the tool's.
fn to_open(agreement: &Agreement, ask: &ImportTickets, row: &tickets::Row) -> OpenTicket {
    let terms = &agreement.latest().compiled.terms;
    let same = |name: &&String, word: &str| !word.is_empty() && plain(name) == plain(word);
    let items = || terms.perimeter.iter().flat_map(|rule| &rule.then.items);
    let sites = || terms.parties.iter().flat_map(|rule| &rule.then.sites);
    let priority = ask.priorities.iter().find(|(word, _)| plain(word) == plain(&row.priority));
    OpenTicket {
        title: row.title.clone(),
        description: told(agreement, ask, row),
        kind: row.kind.map(str::to_owned),
        priority: priority.filter(|_| !row.priority.is_empty()).map(|(_, here)| here.clone()),
        item: items().find(|item| same(item, &row.item)).cloned(),
        site: sites().find(|site| same(site, &row.site)).cloned(),
        channel: Some("api".to_owned()),
        declared: (ask.since == Since::Declared).then_some(row.opened),
        contract: Some(agreement.number.clone()),
        ..OpenTicket::default()
    }
}

/// The text of the ticket, under what the other tool knew of it.
fn told(agreement: &Agreement, ask: &ImportTickets, row: &tickets::Row) -> String {
    let t = |fr: &'static str, en: &'static str| ask.lang.t(fr, en);
    let (tool, number) = (ask.source.name(), &row.number);
    let date = base::lang::date(ask.lang, agreement.local_date(row.opened));
    let mut lines = vec![match ask.lang {
        Lang::Fr => format!("Repris de {tool}, nº\u{a0}{number}, déclaré le {date}."),
        Lang::En => format!("Brought in from {tool}, no. {number}, declared on {date}."),
    }];
    let facts = [
        (t("Demandeur\u{a0}: ", "Requester: "), &row.requester),
        (t("Technicien\u{a0}: ", "Technician: "), &row.assignee),
        (t("État\u{a0}: ", "State: "), &row.state),
        (t("Priorité\u{a0}: ", "Priority: "), &row.priority),
        (t("Catégorie\u{a0}: ", "Category: "), &row.category),
        (t("Élément\u{a0}: ", "Item: "), &row.item),
        (t("Site\u{a0}: ", "Site: "), &row.site),
    ];
    lines.extend(
        facts.iter().filter(|(_, fact)| !fact.is_empty()).map(|(name, fact)| format!("{name}{fact}")),
    );
    if !row.description.is_empty() {
        lines.push(String::new());
        lines.push(row.description.clone());
    }
    lines.join("\n")
}

/// The number that something has in its tool: signs without spaces, among them a digit. Entries are for ever
/// and in clear, so nothing else may stand there.
fn number(cell: &str) -> Option<String> {
    // GLPI groups the digits of what it shows: « 4 127 ».
    let number: String = cell.chars().filter(|c| !c.is_whitespace() && *c != '#').collect();
    let fits =
        number.len() <= 60 && number.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./:".contains(&b));
    (fits && number.bytes().any(|b| b.is_ascii_digit())).then_some(number)
}

/// What is said to whoever asked; a fault stays one.
fn said(error: AppError) -> Result<Bilingual> {
    match error {
        AppError::Refused(refusal) if refusal.reasons.is_empty() => Ok(refusal.text),
        AppError::Refused(refusal) => {
            let because = reasons(&refusal.reasons);
            let (fr, en) = (&refusal.text.fr, &refusal.text.en);
            Ok(Bilingual::new(format!("{fr} {}", because.fr), format!("{en} {}", because.en)))
        }
        AppError::Invalid(invalid) => Ok(Bilingual::new(
            format!("{}\u{a0}: {}", invalid.field, invalid.text.fr),
            format!("{}: {}", invalid.field, invalid.text.en),
        )),
        other => Err(other),
    }
}

fn reasons(reasons: &[base::Reason]) -> Bilingual {
    let all = |lang: fn(&Bilingual) -> &str| {
        reasons.iter().map(|reason| lang(&reason.text)).collect::<Vec<_>>().join(" ")
    };
    Bilingual::new(all(|text| &text.fr), all(|text| &text.en))
}
