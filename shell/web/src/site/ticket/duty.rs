//! The duty of the contract that a ticket does, as its page shows it.

use app::life::TicketDuty;
use app::ticket::{State, TicketPage};
use app::{Act, Role};
use jiff::civil::Date;
use terms::DutyProof;

use super::super::{duties, fresh_key, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, format};
use crate::http::Reader;
use crate::pages::ticket::duty::{Duty, Form, Proving};

pub(super) fn part(reader: &Reader, customer: &CustomerRef, found: &TicketPage) -> Option<Duty> {
    let (lang, duty) = (reader.visitor.lang, found.duty.as_ref()?);
    let clause = duty.reasons.iter().find_map(|reason| reason.cites.as_ref())?;
    let number = format::query(&found.agreement.number);
    let owed = duty.occurrence.as_ref().map(|one| (one.value.on, duties::item_state(&one.value.state)));
    let reasons = duty.occurrence.as_ref().map_or(&duty.reasons, |one| &one.reasons);
    // What is done without the proof agreed has no reference in its state.
    let done = duty.done.as_ref().map(|done| (done.on, done.reference.clone()));
    Some(Duty {
        title: words::capital(&duty.title),
        text_lang: duties::text_lang(&found.agreement),
        article: (
            words::short_article(&clause.article),
            customer.contract.as_ref().map(|_| words::clause_href(customer, clause)),
        ),
        proof: duty.proof.name().get(words::core(lang)).to_owned(),
        owed,
        reasons: words::reasons(reasons, Some(customer), lang),
        duties: reader
            .may(customer, Act::SeeContract)
            .then(|| customer.path(&format!("/duties?contract={number}"))),
        proving: match done {
            Some(_) => Proving::Done,
            None => proving(reader, customer, found, duty, lang),
        },
        done,
    })
}

fn proving(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    duty: &TicketDuty,
    lang: Lang,
) -> Proving {
    if found.merged || !reader.may(customer, Act::RecordDuty) {
        let may = Role::ALL.into_iter().filter(|role| Act::RecordDuty.allowed_to(*role));
        return Proving::Others(may.map(|role| words::role(role, lang)).collect());
    }
    if found.ticket.state != State::Resolved {
        return Proving::Later;
    }
    let number = found.ticket.number;
    let proofs =
        DutyProof::ALL.map(|p| Choice::new(p.key(), words::capital(p.name().get(words::core(lang)))));
    Proving::Form(Box::new(Form {
        action: customer.path("/duties/done"),
        key: fresh_key(),
        contract: found.agreement.number.clone(),
        duty: format!("{}/{}", duty.of.clause, duty.of.what),
        on: resolved_on(found),
        proofs: proofs.to_vec(),
        proof: duty.proof.key().to_owned(),
        reference: format!("{}{number}", lang.t("Ticket n°\u{a0}", "Ticket ")),
    }))
}

/// The day of its resolution.
fn resolved_on(found: &TicketPage) -> Date {
    let resolved = |entry: &&app::ticket::Entry| matches!(entry.step, events::Step::Resolved { .. });
    let last = found.entries.iter().rev().find(resolved);
    found.agreement.local_date(last.map_or(found.at, |entry| entry.at))
}
