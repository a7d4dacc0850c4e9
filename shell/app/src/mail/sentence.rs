//! The sentences of a notice about a ticket: what each step of the conversation did, and what runs out next.

use base::{Lang, Money};
use events::{Step, Visibility};
use jiff::Timestamp;

use super::Notice;
use super::letter::Block;
use super::say::{Reader, instant};
use crate::ticket::{Entry, TicketPage};

/// The sentences of a notice, without greeting.
pub(super) fn told(
    reader: &Reader,
    page: &TicketPage,
    notice: Notice,
    (cause, digest): (i64, bool),
) -> Option<Vec<Block>> {
    let lang = reader.wished.lang;
    // An answer to a digest goes into no ticket.
    let offer = |asked| super::consent::offer(lang, page, asked, &reader.person).filter(|_| !digest);
    let title = lang.t(format!("«\u{a0}{}\u{a0}»", page.title), format!("“{}”", page.title));
    let number = page.ticket.number;
    let the = lang.t(format!("n°\u{a0}{number} {title}"), format!("{number}, {title},"));
    let mut blocks = Vec::new();
    match notice {
        Notice::Link
        | Notice::Review
        | Notice::Week
        | Notice::Deadline
        | Notice::Meter
        | Notice::OnCall
        | Notice::Waiting
        | Notice::Webhook => return None,
        Notice::Opened => {
            let mine = page.ticket.opened_by == reader.person.account;
            blocks.push(Block::Paragraph(match mine {
                true => lang.t(
                    format!("Votre demande est enregistrée\u{a0}: ticket {the}."),
                    format!("Your request is recorded as ticket {}.", the.trim_end_matches(',')),
                ),
                false => lang.t(
                    format!("{} a ouvert le ticket {the}.", page.opened_by),
                    format!("{} opened ticket {}.", page.opened_by, the.trim_end_matches(',')),
                ),
            }));
            if !mine && !page.description.is_empty() {
                blocks.push(Block::Quote(page.description.clone()));
            }
            if !mine && !page.answers.is_empty() {
                let said = page.answers.iter().map(|answer| {
                    let (question, says) = (answer.question.get(lang), answer.says.get(lang));
                    lang.t(format!("{question}\u{a0}: {says}"), format!("{question}: {says}"))
                });
                blocks.push(Block::Quote(said.collect::<Vec<_>>().join("\n")));
            }
            blocks.extend(offer(None).map(Block::Paragraph));
            blocks.extend(due(lang, page, None));
        }
        // A clock that was stopped or moved meanwhile runs out at another instant, told in its turn.
        Notice::DueSoon => blocks.push(due_soon(lang, page, cause, &the)?),
        _ => {
            let entry = page.entries.iter().find(|e| i64::try_from(e.seq) == Ok(cause))?;
            let said = match notice {
                Notice::Mentioned => mentioned(lang, entry, &the),
                _ => sentence(lang, page, entry, &the)?,
            };
            blocks.push(Block::Paragraph(said));
            // The names of whom it was assigned or told to are no quotation.
            let names =
                matches!(entry.step, Step::Assigned { .. } | Step::Escalated { .. } | Step::Watched { .. });
            let said = entry.text.clone().filter(|_| !names);
            blocks.extend(said.map(Block::Quote));
            if matches!(entry.step, Step::QuoteMade { .. }) {
                let others = lang.t(
                    "La réponse se donne par une personne qui peut engager le Client.",
                    "The answer is given by a person who may commit the customer.",
                );
                blocks.push(Block::Paragraph(offer(Some(entry.seq)).unwrap_or_else(|| others.to_owned())));
            }
            let asked = page.ticket.opened_by == reader.person.account
                && reader.person.role.side() == crate::access::Side::Customer;
            if asked && matches!(entry.step, Step::Resolved { .. }) {
                let opinion = lang.t(
                    "Dites en un clic ce que vous en avez pensé, sur la page du ticket, sous «\u{a0}Satisfaction\u{a0}».",
                    "Say in one click what you thought of it, on the ticket's page, under “Satisfaction”.",
                );
                blocks.push(Block::Paragraph(opinion.to_owned()));
            }
            if matches!(
                entry.step,
                Step::Escalated { .. } | Step::Resumed | Step::Reopened { .. } | Step::Reprioritised { .. }
            ) {
                blocks.extend(due(lang, page, None));
            }
        }
    }
    Some(blocks)
}

/// Whether it was written among the provider's people.
pub(super) fn is_note(entry: &Entry) -> bool {
    matches!(entry.step, Step::Replied { visibility: Visibility::Internal, .. })
}

/// That the reader is named in what somebody wrote.
fn mentioned(lang: Lang, entry: &Entry, the: &str) -> String {
    let by = &entry.by;
    match is_note(entry) {
        true => lang.t(
            format!(
                "{by} vous a nommé dans une note interne du ticket {the}, que le Client ne lit pas\u{a0}:"
            ),
            format!("{by} named you in an internal note of ticket {the} which the customer does not read:"),
        ),
        false => lang.t(
            format!("{by} vous a nommé dans le ticket {the}\u{a0}:"),
            format!("{by} named you in ticket {the} as follows:"),
        ),
    }
}

/// What a step of the conversation did.
fn sentence(lang: Lang, page: &TicketPage, entry: &Entry, the: &str) -> Option<String> {
    let by = &entry.by;
    Some(match &entry.step {
        Step::Replied { visibility: Visibility::Internal, .. } => lang.t(
            format!("{by} a écrit une note interne dans le ticket {the}, que le Client ne lit pas\u{a0}:"),
            format!("{by} wrote an internal note in ticket {the} which the customer does not read:"),
        ),
        Step::Replied { .. } => lang.t(
            format!("{by} a écrit dans le ticket {the}\u{a0}:"),
            format!("{by} wrote in ticket {the} as follows:"),
        ),
        Step::TakenOver { .. } => lang.t(
            format!("{by} prend en charge le ticket {the}."),
            format!("{by} takes over ticket {the} from now on."),
        ),
        Step::Paused { reason, .. } => {
            let version = page.agreement.version(&page.ticket.version).ok()?;
            let rule = version.terms.pauses.iter().find(|p| p.label() == reason.as_str());
            let words = rule.map_or(reason.as_str(), |r| r.then.reason.as_str());
            lang.t(
                format!("{by} a suspendu le ticket {the}\u{a0}: {words}."),
                format!("{by} paused ticket {the} for this reason: {words}."),
            )
        }
        Step::Resumed => lang.t(
            format!("Le ticket {the} a repris\u{a0}; ses délais courent de nouveau."),
            format!("Ticket {the} was resumed; its clocks run again."),
        ),
        Step::Assigned { .. } => lang.t(
            format!("{by} vous a confié le ticket {the}."),
            format!("{by} assigned ticket {} to you.", the.trim_end_matches(',')),
        ),
        Step::Reprioritised { facts, .. } => {
            let priority = facts.get(events::Dimension::Priority).unwrap_or_default();
            let version = page.agreement.version(&page.ticket.version).ok()?;
            let priority = version.terms.name_of("priority", priority);
            lang.t(
                format!("{by} a changé la priorité du ticket {the}\u{a0}: {priority}."),
                format!("{by} changed the priority of ticket {the} to {priority}."),
            )
        }
        Step::Restored { workaround: true, .. } => lang.t(
            format!("{by} a rétabli le service par une solution de contournement, ticket {the}."),
            format!("{by} restored the service by a workaround in ticket {the} as follows."),
        ),
        Step::Restored { .. } => lang.t(
            format!("{by} a rétabli le service, ticket {the}."),
            format!("{by} restored the service in ticket {the} as follows."),
        ),
        Step::Resolved { .. } => lang
            .t(format!("{by} a résolu le ticket {the}."), format!("{by} resolved ticket {the} as follows.")),
        Step::Reopened { .. } => lang
            .t(format!("{by} a rouvert le ticket {the}."), format!("{by} reopened ticket {the} as follows.")),
        Step::QuoteMade { price, until, .. } => {
            let price = asked(lang, page, *price);
            match until.map(|day| base::lang::date(lang, day)) {
                Some(day) => lang.t(
                    format!("{by} demande {price} pour le ticket {the}, offre valable jusqu’au {day}."),
                    format!("{by} asks {price} for ticket {the} an offer that holds until {day}."),
                ),
                None => lang.t(
                    format!("{by} demande {price} pour le ticket {the}."),
                    format!("{by} asks {price} for ticket {the} as follows."),
                ),
            }
        }
        Step::PriceAgreed { price, .. } if page.is_by_time() => {
            let most = asked(lang, page, *price);
            lang.t(
                format!("{by} a accepté {most} ticket {the}."),
                format!("{by} agreed to {most} in ticket {the} so work may begin."),
            )
        }
        Step::PriceAgreed { price, .. } => {
            let price = price.show(lang);
            lang.t(
                format!("{by} a accepté le prix de {price} HT, ticket {the}."),
                format!("{by} agreed to the price of {price} net of VAT in ticket {the} so work may begin."),
            )
        }
        Step::PriceDeclined { .. } if page.is_by_time() => lang.t(
            format!("{by} a refusé le maximum demandé, ticket {the}."),
            format!("{by} declined the maximum asked in ticket {the} as follows."),
        ),
        Step::PriceDeclined { .. } => lang.t(
            format!("{by} a refusé le prix demandé, ticket {the}."),
            format!("{by} declined the price asked in ticket {the} as follows."),
        ),
        Step::Merged { number, .. } => lang.t(
            format!(
                "{by} a fusionné le ticket {the} dans le ticket n°\u{a0}{number}, où la suite se traite."
            ),
            format!("{by} merged ticket {the} into ticket {number}, where it is dealt with from now on."),
        ),
        Step::Change { told } => super::change::sentence(lang, page, told, by, the)?,
        Step::Delivery { told } => super::delivery::sentence(lang, told, by, the)?,
        Step::Escalated { promise, level, reached, .. } => {
            let reached = Timestamp::from_microsecond(*reached).ok()?;
            let version = page.agreement.version(&page.ticket.version).ok()?;
            let (at, promise) = (instant(lang, reached, &version.terms.zone), promise.name());
            let promise = promise.get(lang);
            lang.t(
                format!("Le ticket {the} a atteint le niveau {level} de l'escalade ({promise}) le {at}. Le contrat prévoit que vous en soyez informé."),
                format!("Ticket {the} reached level {level} of the escalation ({promise}) on {at}. The contract has you told."),
            )
        }
        Step::Watched { .. } => lang.t(
            format!("{by} vous fait suivre le ticket {the}\u{a0}: la suite vous en sera dite."),
            format!("{by} has you follow ticket {the} so that you are told what comes next."),
        ),
        // No letter is sent of these.
        Step::Diagnosed { .. }
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::KnownError { .. }
        | Step::Unwatched { .. } => return None,
    })
}

/// What a quotation asks: a price, or the most that the time spent may come to.
fn asked(lang: Lang, page: &TicketPage, price: Money) -> String {
    let price = price.show(lang);
    match page.is_by_time() {
        true => lang.t(
            format!("au plus {price} HT, au temps passé,"),
            format!("at most {price} net of VAT, by the time spent,"),
        ),
        false => lang.t(format!("{price} HT"), format!("{price} net of VAT")),
    }
}

/// When the next clock runs out, or the one due at `only`.
fn due(lang: Lang, page: &TicketPage, only: Option<i64>) -> Option<Block> {
    let running = page.clocks.iter().filter(|c| c.value.stopped.is_none());
    let dated = running.filter_map(|c| Some((c.value.due?, c)));
    let (at, clock) = dated
        .filter(|(at, _)| only.is_none_or(|only| at.as_microsecond() == only))
        .min_by_key(|(at, _)| *at)?;
    let promise = clock.value.promise.name();
    let at = instant(lang, at, &clock.value.zone);
    Some(Block::Paragraph(lang.t(
        format!("Prochaine échéance du contrat\u{a0}: {}, {at}.", promise.get(lang)),
        format!("Next promise of the contract: {}, {at}.", promise.get(lang)),
    )))
}

fn due_soon(lang: Lang, page: &TicketPage, cause: i64, the: &str) -> Option<Block> {
    let Block::Paragraph(when) = due(lang, page, Some(cause))? else { return None };
    Some(Block::Paragraph(lang.t(
        format!("Le délai du ticket {the} arrive à son terme. {when}"),
        format!("The time of ticket {the} is running out. {when}"),
    )))
}
