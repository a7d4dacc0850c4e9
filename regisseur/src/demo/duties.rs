//! What was owed besides tickets, done on its day: the committees, notes, tests and certificates that the
//! contracts themselves ask for. The last fortnight is left to whoever visits.

use app::life::DutyReport;
use base::Lang;
use contract::Compiled;
use engines::duties::{self, DutyFacts};
use engines::period::Span;
use events::DutyProof;
use jiff::civil::{Date, date};
use terms::{DutyDue, Terms};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Plan, Text};

/// From this day on, nothing was written down yet.
const LEFT: Date = date(2026, 10, 20);

/// The duties of a contract and of the orders that stand on it.
pub fn plan(plan: &mut Plan, hours: &Hours, by: Who, texts: &[Text]) {
    let [first, orders @ ..] = texts else { return };
    let master = contract::compile(first.file, first.text);
    let orders: Vec<Compiled> =
        orders.iter().map(|o| contract::compile_order(&master, o.file, o.text)).collect();
    for compiled in std::iter::once(&master).chain(&orders) {
        done(plan, hours, by, &compiled.terms);
    }
}

fn done(plan: &mut Plan, hours: &Hours, by: Who, terms: &Terms) {
    let Some(term) = &terms.term else { return };
    let span = Span { first: term.then.start, next: LEFT };
    let at = hours.at(LEFT.at(0, 0, 0, 0));
    let owed = duties::occurrences(terms, &DutyFacts::default(), span, at)
        .expect("the calendars of a contract that compiles are known");
    for occurrence in owed.into_iter().map(|o| o.value) {
        // What was due before the first day is done on it.
        let Some(on) = occurrence.on.map(|on| on.max(term.then.start)) else { continue };
        let renewed = terms.duties.iter().any(|r| {
            r.label() == occurrence.label
                && r.then.what == occurrence.what
                && matches!(r.then.due, DutyDue::Renew { .. })
        });
        let report = DutyReport {
            contract: Some(terms.contract.clone()),
            label: occurrence.label,
            what: Some(occurrence.what),
            on,
            proof: occurrence.proof,
            reference: reference(occurrence.proof, on),
            valid_until: renewed.then(|| on.saturating_add(jiff::Span::new().years(1))),
            ticket: None,
        };
        plan.duty(hours.at(on.at(17, 30, 0, 0)), by, report);
    }
}

/// Where the proof is filed.
fn reference(proof: DutyProof, on: Date) -> String {
    let day = base::lang::date(Lang::Fr, on);
    match proof {
        DutyProof::Document => format!("document déposé dans l'espace contractuel le {day}"),
        DutyProof::Minutes => format!("procès-verbal du {day}, signé des deux Parties"),
        DutyProof::Certificate => format!("attestation reçue le {day}"),
        DutyProof::TestRecord => format!("compte rendu d'essai chronométré du {day}"),
        DutyProof::Attendance => format!("feuille de présence du {day}"),
        DutyProof::Notice => format!("notification du {day}"),
        DutyProof::Undertaking => format!("engagements signés, versés le {day}"),
        DutyProof::Declaration => format!("déclaration du {day}"),
    }
}
