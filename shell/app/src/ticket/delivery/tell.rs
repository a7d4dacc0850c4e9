//! Which step an act on a delivery is, if the contract and the delivery's own state let it be.

use base::Reason;
use engines::delivery::{self, Stage, Standing};
use events::{DeliveryTold, Piece, Step, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use store::ticket::State;
use terms::{Rule, WorkUnits};

use super::{DeliveryCommand, Work, book, kind, last, stands, told};
use crate::error::{AppError, Refusal, Result};
use crate::ticket::price;
use crate::ticket::rules::require;
use crate::ticket::step::Ready;

/// Lines of one estimate at most, and pieces of one line.
const MOST_LINES: usize = 50;
const MOST_PIECES: u32 = 1_000;

/// The step that an act is.
pub(in super::super) fn tell(
    work: &Work<'_>,
    command: &DeliveryCommand,
    ready: &Ready,
    at: Timestamp,
) -> Result<DeliveryTold> {
    let Some(kind) = kind(work) else {
        return Err(refused(
            "delivery.kind",
            "Seul un ticket de maintenance applicative se chiffre, se livre et se recette.",
            "Only a ticket of application maintenance is estimated, delivered and accepted.",
            Vec::new(),
        ));
    };
    let state = work.ticket.state;
    require(state != State::Resolved, state, "suivre cette livraison", "follow this delivery")?;
    let delivery = told(work, kind, at)?;
    let standing = stands(work, &delivery, at);
    let stage = standing.stage;
    let on = work.agreement.local_date(at);
    match command {
        DeliveryCommand::Estimate { pieces, until, .. } => {
            let book = book(work, kind, on).ok_or_else(no_book)?;
            // An order binds both parties: the customer withdraws it before another estimate is made.
            turn(delivery.presented.is_empty() && delivery.ordered.is_none(), &standing, work)?;
            if until.is_some_and(|last| last < on) {
                return Err(AppError::invalid("until", "un jour à venir", "a day to come"));
            }
            let pieces = lines(pieces, book)?;
            let (_, price) = delivery::estimated(book, &pieces).ok_or_else(|| not_listed(book))?.value;
            let label = book.label().to_owned();
            Ok(DeliveryTold::Estimated { book: label, pieces, price, until: *until, body: ready.content()? })
        }
        DeliveryCommand::Order { estimate, reference } => {
            the_one(work, Some(*estimate))?;
            turn(stage == Stage::Estimated, &standing, work)?;
            if ready.by_provider && reference.is_none() {
                return Err(price::reference_missing());
            }
            let Some((book, pieces, price)) = standing_estimate(work) else {
                return Err(AppError::fault("an estimate stands and cannot be read"));
            };
            let reference = ready.named("reference");
            Ok(DeliveryTold::Ordered { estimate: *estimate, book, pieces, price, reference })
        }
        DeliveryCommand::Decline { estimate, .. } => {
            the_one(work, *estimate)?;
            let ordered = stage == Stage::ToDeliver && delivery.ordered.is_some();
            let may = matches!(stage, Stage::ToEstimate | Stage::Estimated | Stage::Lapsed) || ordered;
            turn(may, &standing, work)?;
            Ok(DeliveryTold::Declined { estimate: *estimate, why: ready.content()? })
        }
        DeliveryCommand::Present { .. } => {
            let may = matches!(stage, Stage::ToDeliver | Stage::Refused(_));
            turn(may, &standing, work)?;
            Ok(DeliveryTold::Presented { note: ready.content()? })
        }
        DeliveryCommand::Decide { presented, step, verdict, note, reference } => {
            if last(work, |t| matches!(t, DeliveryTold::Presented { .. })) != Some(*presented) {
                return Err(refused(
                    "delivery.changed",
                    "Une autre livraison a été présentée depuis\u{a0}: relisez-la avant de vous prononcer.",
                    "Another delivery was presented since: read it before you answer.",
                    Vec::new(),
                ));
            }
            let named = |nth: usize| standing.steps.get(nth).is_some_and(|s| s.name == *step);
            let silent = |nth: usize| {
                let outcome = standing.steps.get(nth).and_then(|s| s.outcome.as_ref());
                outcome.is_some_and(|o| o.came == delivery::Came::BySilence)
            };
            let may = match stage {
                Stage::Accepting(nth) => named(nth),
                // What silence refused may be accepted later, in writing.
                Stage::Refused(nth) => named(nth) && silent(nth) && verdict.passes(),
                _ => false,
            };
            turn(may, &standing, work)?;
            if ready.by_provider && reference.is_none() {
                return Err(price::reference_missing());
            }
            if *verdict != Verdict::Accepted && note.is_none() {
                return Err(AppError::invalid(
                    "note",
                    "les réserves, ou ce qui fait refuser",
                    "the reserves, or why it is refused",
                ));
            }
            Ok(DeliveryTold::Decided {
                presented: *presented,
                step: step.clone(),
                verdict: *verdict,
                note: ready.named("note"),
                reference: ready.named("reference"),
            })
        }
        DeliveryCommand::Show { need, .. } => {
            let listed = standing.needs.iter().any(|(listed, _)| listed == need && need != "accepted");
            if !listed {
                return Err(AppError::invalid(
                    "need",
                    "ce que le contrat exige avant la mise en production",
                    "what the contract asks for before production",
                ));
            }
            turn(!delivery.presented.is_empty() && delivery.production.is_none(), &standing, work)?;
            Ok(DeliveryTold::Shown { need: need.clone(), reference: ready.content()? })
        }
        DeliveryCommand::Produce => {
            let fit = !matches!(stage, Stage::Refused(_) | Stage::Warranty | Stage::Done);
            let may = fit && !delivery.presented.is_empty() && delivery.production.is_none();
            turn(may, &standing, work)?;
            if standing.needs.is_empty() {
                return Err(refused(
                    "delivery.production",
                    "Le contrat ne soumet pas la mise en production à la recette.",
                    "The contract does not make production depend on acceptance.",
                    Vec::new(),
                ));
            }
            if !standing.to_production.is_empty() {
                return Err(refused(
                    "delivery.production",
                    "Cette livraison ne peut pas encore entrer en production.",
                    "This delivery cannot go into production yet.",
                    standing.to_production,
                ));
            }
            Ok(DeliveryTold::InProduction)
        }
    }
}

/// Whether the ticket of a delivery may be closed: what was ordered is delivered and accepted.
pub(in super::super) fn may_close(work: &Work<'_>, at: Timestamp) -> Result<()> {
    let Some(kind) = kind(work) else { return Ok(()) };
    let missing = stands(work, &told(work, kind, at)?, at).to_close;
    if missing.is_empty() {
        return Ok(());
    }
    Err(refused(
        "delivery.not_accepted",
        "Cette livraison ne peut pas encore être close.",
        "This delivery cannot be closed yet.",
        missing,
    ))
}

/// Refuses a quotation, and answers to one, where the contract counts in work units.
pub(in super::super) fn not_by_a_price(work: &Work<'_>, on: Date) -> Result<()> {
    let Some(kind) = kind(work) else { return Ok(()) };
    match book(work, kind, on) {
        None => Ok(()),
        Some(book) => Err(refused(
            "delivery.in_units",
            "Ce travail se chiffre et se commande en unités d'œuvre.",
            "This work is estimated and ordered in work units.",
            vec![delivery::ordered_first(book)],
        )),
    }
}

/// The lines with something in them, each code once, all of the catalogue.
fn lines(asked: &[Piece], book: &Rule<WorkUnits>) -> Result<Vec<Piece>> {
    let mut lines: Vec<Piece> = Vec::new();
    for piece in asked.iter().filter(|p| p.count > 0) {
        if piece.count > MOST_PIECES || lines.len() == MOST_LINES {
            return Err(AppError::invalid(
                "pieces",
                "50 lignes et 1\u{202f}000 livraisons par ligne au plus",
                "at most 50 lines, and 1,000 deliveries a line",
            ));
        }
        if !book.then.catalogue.iter().any(|k| k.code == piece.code) {
            return Err(not_listed(book));
        }
        match lines.iter_mut().find(|known| known.code == piece.code) {
            Some(known) => known.count += piece.count,
            None => lines.push(piece.clone()),
        }
    }
    match lines.is_empty() {
        true => Err(AppError::invalid(
            "pieces",
            "au moins une livraison du catalogue",
            "at least one delivery of the catalogue",
        )),
        false => Ok(lines),
    }
}

fn not_listed(book: &Rule<WorkUnits>) -> AppError {
    let codes: Vec<&str> = book.then.catalogue.iter().map(|k| k.code.as_str()).collect();
    let codes = codes.join(", ");
    AppError::invalid(
        "pieces",
        format!("un code du catalogue\u{a0}: {codes}"),
        format!("a code of the catalogue: {codes}"),
    )
}

/// The book, the lines and the price of the estimate that stands.
fn standing_estimate(work: &Work<'_>) -> Option<(String, Vec<Piece>, base::Money)> {
    work.steps.iter().rev().find_map(|s| match &s.step {
        Step::Delivery { told: DeliveryTold::Estimated { book, pieces, price, .. } } => {
            Some((book.clone(), pieces.clone(), *price))
        }
        _ => None,
    })
}

fn the_one(work: &Work<'_>, read: Option<u64>) -> Result<()> {
    if last(work, |t| matches!(t, DeliveryTold::Estimated { .. })) == read {
        return Ok(());
    }
    Err(refused(
        "delivery.changed",
        "Le chiffrage a changé depuis que vous l'avez lu\u{a0}: relisez-le avant de répondre.",
        "The estimate has changed since you read it: read it again before answering.",
        Vec::new(),
    ))
}

fn turn(may: bool, standing: &Standing, work: &Work<'_>) -> Result<()> {
    if may {
        return Ok(());
    }
    let (fr, en) = match standing.stage {
        Stage::ToEstimate => ("elle n'est pas chiffrée", "it is not estimated"),
        Stage::Estimated => ("le chiffrage attend la commande du Client", "the estimate awaits the order"),
        Stage::Lapsed => ("le chiffrage n'est plus valable", "the estimate holds no more"),
        Stage::Declined => ("elle n'est pas commandée", "it is not ordered"),
        Stage::ToDeliver => ("elle n'est pas livrée", "it is not delivered"),
        Stage::Accepting(_) => ("sa recette est en cours", "its acceptance is under way"),
        Stage::Refused(_) => ("elle est refusée", "it is refused"),
        Stage::ToProduction => ("elle attend la mise en production", "it waits for production"),
        Stage::Warranty | Stage::Done => ("elle est acceptée", "it is accepted"),
    };
    let reasons = match standing.stage {
        Stage::ToEstimate | Stage::Estimated | Stage::Lapsed | Stage::Declined | Stage::ToDeliver => {
            let book = kind(work).and_then(|kind| delivery::book_of(work.terms, kind));
            book.map(delivery::ordered_first).into_iter().collect()
        }
        // What silence decided is where a refusal is argued about.
        _ => standing.reasons.clone(),
    };
    Err(refused(
        "delivery.stage",
        format!("La livraison n'en est pas là\u{a0}: {fr}."),
        format!("The delivery has not come to that: {en}."),
        reasons,
    ))
}

fn no_book() -> AppError {
    refused(
        "delivery.no_book",
        "Le contrat ne compte pas ce travail en unités d'œuvre.",
        "The contract does not count this work in work units.",
        Vec::new(),
    )
}

fn refused(code: &str, fr: impl Into<String>, en: impl Into<String>, why: Vec<Reason>) -> AppError {
    AppError::refused(Refusal::new(code, fr, en).because(why))
}
