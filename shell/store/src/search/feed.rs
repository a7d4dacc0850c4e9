//! What the index holds of a ticket: words added as each text is recorded, and taken away as it is erased.

use std::borrow::Cow;

use super::find::{class_word, contract_word, item_word};
use super::{ADD, DROP, FILLED, Lane, SET_FILLED, Sees, file_again, fold, history};
use crate::db::{Tx, WriteTx};
use crate::record::Content;
use crate::ticket::{self, Ticket};
use crate::{Result, Val, content, file, vals};
use base::id::ContractId;
use events::{Approver, ChangeTold, ContentId, Dimension, Event, Facts, Step, Visibility};

/// Words of one text at most; the rest would only make the index longer. Answers to a form are many texts in one,
/// each with its own bound: all their words are added.
const WORDS: usize = 400;
/// Words that one statement adds.
const AT_ONCE: usize = 16;

/// What their entry calls the answers to the contract's form.
pub const ANSWERS: &str = "answers";

/// The tickets, as [`FILLED`] calls them.
const TICKETS: &str = "tickets";

/// Adds the words of what an entry just recorded.
pub(crate) fn recorded(tx: &mut WriteTx<'_>, seq: u64, event: &Event, contents: &[Content]) -> Result<()> {
    let (number, texts) = match event {
        Event::TicketOpened(e) => {
            about(tx, e.number, e.contract, &e.facts)?;
            let answers = e.answers.map(|answers| (Lane::Public, answers));
            let texts = [(Lane::Title, e.title), (Lane::Public, e.description)];
            (Some(e.number), texts.into_iter().chain(answers).collect())
        }
        Event::TicketStepped(e) => {
            let ticket = ticket::by_id(tx, e.ticket)?;
            if let (Some(ticket), Step::Reprioritised { facts, .. }) = (&ticket, &e.step) {
                about(tx, ticket.number, ticket.contract, facts)?;
            }
            (ticket.map(|t| t.number), texts_of(&e.step))
        }
        Event::FileAttached(e) => {
            (ticket::by_id(tx, e.ticket)?.map(|t| t.number), vec![(lane(e.visibility), e.name)])
        }
        Event::TicketImported(e) => {
            let words = contents.iter().find(|c| c.id == e.words);
            return words.map_or(Ok(()), |words| history::put_words(tx, seq, &words.bytes));
        }
        Event::ArticleWritten(e) => return file_again(tx, e.article),
        Event::ArticleMoved(e) => return file_again(tx, e.article),
        _ => return Ok(()),
    };
    let Some(number) = number else { return Ok(()) };
    for (lane, id) in texts {
        if let Some(text) = contents.iter().find(|c| c.id == id) {
            let words = fold::words(&in_words(text.name, &text.bytes));
            if text.name == ANSWERS { put(tx, lane, number, words)? } else { add(tx, lane, number, words)? }
        }
    }
    Ok(())
}

/// A text of a ticket as people read it: answers to a form are kept with their questions.
fn in_words<'a>(name: &str, bytes: &'a [u8]) -> Cow<'a, str> {
    match name {
        ANSWERS => Cow::Owned(events::in_plain_text(bytes)),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// Takes the words of a text of a ticket away, before it is erased. Those that another text of it has go
/// with them: [`fill_again`] brings them back.
pub fn forget(tx: &mut WriteTx<'_>, number: u64, text: &content::Present) -> Result<()> {
    for word in fold::words(&in_words(&text.name, &text.bytes)) {
        for lane in Lane::OF_TEXTS {
            tx.exec(DROP, vals![lane.key(), &word, number])?;
        }
    }
    Ok(())
}

/// Adds the words of every text that a ticket still has.
pub fn fill_again(tx: &mut WriteTx<'_>, ticket: &Ticket) -> Result<()> {
    about(tx, ticket.number, ticket.contract, &ticket.opening_facts)?;
    about(tx, ticket.number, ticket.contract, &ticket.facts)?;
    if let Some(title) = content::get(tx, ticket.title.0)? {
        add(tx, Lane::Title, ticket.number, fold::words(&String::from_utf8_lossy(&title)))?;
    }
    for text in texts(tx, ticket, Sees::Everything)? {
        if let Some(said) = text.read(tx)? {
            let words = fold::words(&said);
            match text.of {
                Of::Answers => put(tx, text.lane, ticket.number, words)?,
                _ => add(tx, text.lane, ticket.number, words)?,
            }
        }
    }
    Ok(())
}

/// A text of a ticket besides its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub of: Of,
    pub id: ContentId,
    lane: Lane,
}

impl Text {
    /// As people read it; `None` once it is erased.
    pub fn read(&self, tx: &mut dyn Tx) -> Result<Option<String>> {
        let name = if self.of == Of::Answers { ANSWERS } else { "" };
        Ok(content::get(tx, self.id.0)?.map(|bytes| in_words(name, &bytes).into_owned()))
    }
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    Description,
    /// The answers to the contract's form.
    Answers,
    /// A public message, or why something was done.
    Message,
    /// An internal note.
    Note,
    /// What is said of a price.
    Price,
    /// The name of a file.
    File,
}

/// The texts of a ticket that somebody reads, in their order, those since erased included.
pub fn texts(tx: &mut dyn Tx, ticket: &Ticket, sees: Sees) -> Result<Vec<Text>> {
    let mut texts = vec![Text { of: Of::Description, id: ticket.description, lane: Lane::Public }];
    texts.extend(ticket.answers.map(|id| Text { of: Of::Answers, id, lane: Lane::Public }));
    for step in ticket::steps(tx, ticket.id)? {
        for (lane, id) in texts_of(&step.step) {
            let of = match step.step {
                Step::QuoteMade { .. } | Step::PriceAgreed { .. } | Step::PriceDeclined { .. } => Of::Price,
                _ if lane == Lane::Internal => Of::Note,
                _ => Of::Message,
            };
            texts.push(Text { of, id, lane });
        }
    }
    for file in file::of_ticket(tx, ticket.id, true)? {
        texts.push(Text { of: Of::File, id: file.event.name, lane: lane(file.event.visibility) });
    }
    texts.retain(|text| sees.lanes().contains(&text.lane));
    Ok(texts)
}

/// Adds the words of the next tickets of a vault that was there before its index, `most` at most; whether
/// there may be more.
pub fn fill(tx: &mut WriteTx<'_>, most: u32) -> Result<bool> {
    let through = tx.row(FILLED, vals![TICKETS])?.uint(0)?;
    let tickets = ticket::after(tx, through, most)?;
    for ticket in &tickets {
        fill_again(tx, ticket)?;
    }
    // Those that open from now on are added as they do.
    let through = tickets.last().map_or(ticket::NEVER.unsigned_abs(), |t| t.number);
    tx.exec(SET_FILLED, vals![TICKETS, through])?;
    Ok(!tickets.is_empty())
}

fn about(tx: &mut WriteTx<'_>, number: u64, contract: ContractId, facts: &Facts) -> Result<()> {
    let item = facts.get(Dimension::Item).map(item_word);
    let class = facts.get(Dimension::ItemClass).map(class_word);
    let words = item.into_iter().chain(class).chain(Some(contract_word(contract)));
    add(tx, Lane::About, number, words.collect())
}

/// The words of people in a step, and who reads them.
fn texts_of(step: &Step) -> Vec<(Lane, ContentId)> {
    let public = |id: &ContentId| (Lane::Public, *id);
    match step {
        Step::Replied { visibility, body, .. } => vec![(lane(*visibility), *body)],
        Step::Paused { proof, .. } => proof.iter().map(public).collect(),
        Step::Reprioritised { why, .. } | Step::Reopened { why } => vec![public(why)],
        // A third party reads it where it reads the other ticket: by the words of a ticket, that is not known.
        Step::Merged { why, .. } => vec![(Lane::Parties, *why)],
        Step::Restored { note, diagnosis, .. } | Step::Resolved { note, diagnosis } => {
            std::iter::once(note).chain(diagnosis).map(public).collect()
        }
        Step::Diagnosed { body } => vec![public(body)],
        Step::KnownError { cause, workaround } => {
            std::iter::once(cause).chain(workaround).map(public).collect()
        }
        // Of the contract's documents, and of whom else it asks, a third party reads nothing.
        Step::Change {
            told:
                told @ (ChangeTold::Documented { .. }
                | ChangeTold::Informed { .. }
                | ChangeTold::Approved { by: Approver::ThirdParty { .. }, .. }),
        } => told.contents().iter().map(|id| (Lane::Parties, *id)).collect(),
        Step::Change { told } => told.contents().iter().map(public).collect(),
        Step::Delivery { told } if told.is_about_money() => {
            told.contents().iter().map(|id| (Lane::Parties, *id)).collect()
        }
        Step::Delivery { told } => told.contents().iter().map(public).collect(),
        Step::QuoteMade { body, .. } => vec![(Lane::Parties, *body)],
        Step::PriceAgreed { reference, .. } => reference.iter().map(|id| (Lane::Parties, *id)).collect(),
        Step::PriceDeclined { why, .. } => vec![(Lane::Parties, *why)],
        Step::TakenOver { .. }
        | Step::Assigned { .. }
        | Step::Resumed
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. }
        | Step::Escalated { .. } => Vec::new(),
    }
}

fn lane(visibility: Visibility) -> Lane {
    match visibility {
        Visibility::Public => Lane::Public,
        Visibility::Internal => Lane::Internal,
    }
}

fn add(tx: &mut WriteTx<'_>, lane: Lane, number: u64, mut words: Vec<String>) -> Result<()> {
    words.truncate(WORDS);
    put(tx, lane, number, words)
}

/// Adds words, however many.
pub(super) fn put(tx: &mut WriteTx<'_>, lane: Lane, number: u64, mut words: Vec<String>) -> Result<()> {
    // Neighbours of the index are written together.
    words.sort_unstable();
    for some in words.chunks(AT_ONCE) {
        let Some(last) = some.last() else { continue };
        let padding = std::iter::repeat_n(last, AT_ONCE - some.len());
        let mut p: Vec<Val> = vec![lane.key().into(), number.into()];
        p.extend(some.iter().chain(padding).map(|word| Val::from(word.as_str())));
        tx.exec(ADD, &p)?;
    }
    Ok(())
}
