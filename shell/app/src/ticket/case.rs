//! The case that a ticket makes: what was said, as facts that the contract knows.

use engines::kinds::{self, Kind};
use engines::perimeter;
use events::{Dimension, Facts, ImportedFrom, PlanTurn};
use jiff::Timestamp;
use store::ticket::Ticket;
use store::{Tx, ticket};
use terms::Terms;

use super::{OpenTicket, delivery, severity};
use crate::access::Permit;
use crate::agreements::Agreement;
use crate::error::{AppError, Result};

const LONGEST_NAME: usize = 100;

/// How a ticket comes to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Somebody asks for it, here or through a program.
    Person,
    /// A mail that came: its channel is the contract's `email`, which the customer's people cannot choose
    /// otherwise.
    Mail,
    /// The date of a plan came: nobody asks, and the ticket opens in the name of whoever answers for it.
    Plan(PlanTurn),
    /// It was open in another tool: nobody is told again of what they know.
    Import(ImportedFrom),
}

/// When it was declared, and the facts of the case under the terms of then.
pub(super) fn case(
    agreement: &Agreement,
    permit: &Permit,
    ask: &OpenTicket,
    (now, origin): (Timestamp, Origin),
) -> Result<(Timestamp, Facts)> {
    let opened = ask.declared.unwrap_or(now);
    if opened > now {
        return Err(AppError::invalid(
            "declared",
            "une date qui n'est pas à venir",
            "a date that is not to come",
        ));
    }
    let start = agreement.history.versions.first().map(|v| v.effective);
    if start.is_some_and(|start| agreement.local_date(opened) < start) {
        return Err(before_the_contract(agreement));
    }
    let terms = &agreement.in_force(opened)?.terms;
    Ok((opened, facts(terms, permit, ask, (agreement.local_date(opened), origin))?))
}

fn before_the_contract(agreement: &Agreement) -> AppError {
    let start = agreement.history.versions.first().map(|v| v.effective.to_string()).unwrap_or_default();
    AppError::invalid(
        "declared",
        format!("avant la prise d'effet du contrat, le {start}"),
        format!("before the contract takes effect, on {start}"),
    )
}

/// How many of this operation were already asked for in the period its terms count over.
pub(super) fn used_this_period(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    terms: &Terms,
    facts: &Facts,
) -> Result<u32> {
    let (Some(operation), Some(date)) = (facts.get(Dimension::Operation), facts.date) else { return Ok(0) };
    let Some(span) = perimeter::allowance_period(terms, facts, date) else { return Ok(0) };
    let (from, to) = (agreement.midnight(span.first)?, agreement.midnight(span.next)?);
    let asked = ticket::with_operation(tx, operation, from.as_microsecond(), to.as_microsecond())?;
    let mut used: u32 = 0;
    // Another contract of the customer has its own allowance, as it has its own bill.
    for t in asked.iter().filter(|t| t.contract == agreement.id) {
        used += u32::from(!under_warranty(tx, agreement, t)?);
    }
    Ok(used)
}

/// Whether a ticket mends a defect of a delivery free of charge.
fn under_warranty(tx: &mut dyn Tx, agreement: &Agreement, mending: &Ticket) -> Result<bool> {
    if Kind::from_key(&mending.kind) != Some(Kind::Corrective) {
        return Ok(false);
    }
    let steps = ticket::steps(tx, mending.id)?;
    Ok(delivery::defect(tx, agreement, mending, &steps)?.is_some_and(|defect| defect.is_free()))
}

/// The facts of the case, each checked against what the contract declares.
fn facts(
    terms: &Terms,
    permit: &Permit,
    ask: &OpenTicket,
    (date, origin): (jiff::civil::Date, Origin),
) -> Result<Facts> {
    let mut facts = Facts { date: Some(date), ..Facts::default() };
    let kind = filled(&ask.kind).unwrap_or(Kind::Incident.key());
    let known = kinds::offered(terms, permit.role().is_provider());
    let known: Vec<&str> = known.iter().map(|k| k.value.key()).collect();
    facts = facts.with(Dimension::Kind, one_of("kind", kind, &known)?);
    facts = severity::graded(terms, ask, facts, &origin)?;
    if let Some(service) = filled(&ask.service) {
        let known: Vec<&str> = terms.services.iter().map(|s| s.then.service.as_str()).collect();
        facts = facts.with(Dimension::Service, one_of("service", service, &known)?);
    }
    let sites: Vec<&str> =
        terms.parties.iter().flat_map(|p| p.then.sites.iter().map(String::as_str)).collect();
    match (&ask.site, &sites[..]) {
        (Some(site), _) => facts = facts.with(Dimension::Site, one_of("site", site, &sites)?),
        (None, [first, ..]) => facts = facts.with(Dimension::Site, *first),
        (None, []) => {}
    }
    if let Some(item) = name("item", &ask.item)? {
        facts = facts.with(Dimension::Item, item);
        let class = terms.perimeter.iter().find(|r| r.then.items.iter().any(|i| i == item));
        if let Some(class) = class.and_then(|r| r.then.class.as_deref()) {
            facts = facts.with(Dimension::ItemClass, class);
        }
    }
    if let Some(class) = name("item_class", &ask.item_class)? {
        facts = facts.with(Dimension::ItemClass, class);
    }
    if let Some(operation) = name("operation", &ask.operation)? {
        facts = facts.with(Dimension::Operation, operation);
    }
    let channel = channel(terms, name("channel", &ask.channel)?.unwrap_or("portal"))?;
    let theirs = THEIR_OWN.contains(&channel) || (origin == Origin::Mail && channel == "email");
    if !permit.role().is_provider() && !theirs {
        return Err(only_the_provider_tells_the_channel());
    }
    Ok(facts.with(Dimension::Channel, channel).with(Dimension::Role, permit.role().key()))
}

/// How a ticket comes when the customer's people open it: the site, or a program of theirs.
const THEIR_OWN: [&str; 2] = ["portal", "api"];

/// A clause may promise more to what comes by another way (« pris par l'astreinte »): only whoever answered
/// there can say that it did.
fn only_the_provider_tells_the_channel() -> AppError {
    AppError::invalid(
        "channel",
        "seul le prestataire consigne ce qui lui parvient par un autre canal\u{a0}; laissez ce champ vide",
        "only the provider writes down what reaches it by another channel; leave this field out",
    )
}

/// One of every contract's channels, or one that this contract names; a refusal lists both, the latter
/// with the clause that names each.
fn channel<'a>(terms: &Terms, asked: &'a str) -> Result<&'a str> {
    let known = engines::channels::channels(terms);
    if known.iter().any(|k| k.value == asked) {
        return Ok(asked);
    }
    let list: Vec<String> = known
        .iter()
        .map(|k| match k.cited().first() {
            Some(clause) => format!("{} ({})", k.value, clause.cite()),
            None => k.value.clone(),
        })
        .collect();
    let list = list.join(", ");
    Err(AppError::invalid(
        "channel",
        format!(
            "«\u{a0}{asked}\u{a0}» n'est pas un canal de ce contrat\u{a0}; canaux possibles\u{a0}: {list}"
        ),
        format!("“{asked}” is not a channel of this contract; possible channels: {list}"),
    ))
}

pub(super) fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

/// A name of the contract's; an unknown one is kept too, with the refusal. Entries are for ever and in
/// clear, so nobody may tell a story there.
fn name<'a>(field: &str, text: &'a Option<String>) -> Result<Option<&'a str>> {
    let text = filled(text);
    if text.is_some_and(|t| t.chars().count() > LONGEST_NAME || t.contains(char::is_control)) {
        return Err(AppError::invalid(
            field,
            format!("un nom du contrat, {LONGEST_NAME} caractères au plus"),
            format!("a name of the contract, at most {LONGEST_NAME} characters"),
        ));
    }
    Ok(text)
}

pub(super) fn strs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

pub(super) fn one_of<'a>(field: &str, value: &'a str, known: &[&str]) -> Result<&'a str> {
    if known.contains(&value) {
        return Ok(value);
    }
    let list = known.join(", ");
    Err(AppError::invalid(
        field,
        format!("« {value} » n'est pas connu ; valeurs possibles : {list}"),
        format!("“{value}” is not known; possible values: {list}"),
    ))
}
