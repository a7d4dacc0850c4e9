//! What the law says of delays and of late payment between businesses (Code de commerce, L441-10, D441-5).

use base::Money;

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses.iter().filter(|k| k.is("invoicing")) {
        delay(clause, found);
        day(clause, found);
    }
    for clause in clauses.iter().filter(|k| k.is("late_payment")) {
        indemnity(clause, found);
        multiple(clause, found);
    }
}

/// L441-10, I: sixty days from the invoice, or forty-five days end of month; forty-five days from the
/// invoice when it sums up a period.
fn delay(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    let (Some(days), Some(from)) = (f.integer("payment_days"), f.text("payment_from")) else { return };
    let (most, fr, en) = match (f.flag("summary"), from.as_str()) {
        (Some(true), "invoice_date") => (
            45,
            "45 jours après une facture récapitulative",
            "45 days after an invoice that sums up a period",
        ),
        // An end of month can only add days to the forty-five.
        (Some(true), _) => (
            0,
            "45 jours après une facture récapitulative, sans fin de mois",
            "45 days after an invoice that sums up a period, without end of month",
        ),
        (_, "invoice_date") => (60, "60 jours après la facture", "60 days after the invoice"),
        _ => (45, "45 jours fin de mois", "45 days end of month"),
    };
    if days > most {
        found.push(
            Diagnostic::error(
                "E-INVOICING-DELAY",
                clause.place_of("payment_days"),
                format!("ce délai de paiement dépasse le maximum entre professionnels : {fr} (Code de commerce, L441-10)"),
                format!("this is longer than businesses may agree: {en} (Code de commerce, L441-10)"),
            )
            .help(
                "écrivez payment_days = 30, payment_from = \"invoice_date\"",
                "write payment_days = 30, payment_from = \"invoice_date\"",
            ),
        );
    }
}

fn day(clause: &Clause, found: &mut Vec<Diagnostic>) {
    if Fields::new(clause).integer("issue_day").is_some_and(|day| day > 28) {
        found.push(
            Diagnostic::error(
                "E-INVOICING-DAY",
                clause.place_of("issue_day"),
                "certains mois n'ont pas ce jour",
                "some months do not have this day",
            )
            .help("écrivez un jour de 1 à 28", "write a day from 1 to 28"),
        );
    }
}

/// D441-5 sets it at forty euros.
fn indemnity(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    let low = f.money("indemnity").filter(|m| m.currency == Money::eur(0).currency && m.cents < 4000);
    if low.is_some() {
        found.push(
            Diagnostic::error(
                "E-LATE-PAYMENT-INDEMNITY",
                clause.place_of("indemnity"),
                "l'indemnité de recouvrement est au moins de 40 € (Code de commerce, D441-5)",
                "the recovery indemnity is at least €40 (Code de commerce, D441-5)",
            )
            .help("écrivez indemnity = \"40.00 EUR\"", "write indemnity = \"40.00 EUR\""),
        );
    }
}

/// L441-10, II: never under three times the legal interest rate.
fn multiple(clause: &Clause, found: &mut Vec<Diagnostic>) {
    if Fields::new(clause).integer("times").is_some_and(|times| times < 3) {
        found.push(
            Diagnostic::error(
                "E-LATE-PAYMENT-RATE",
                clause.place_of("times"),
                "le taux ne peut être inférieur à trois fois le taux d'intérêt légal (Code de commerce, L441-10)",
                "the rate cannot be under three times the legal interest rate (Code de commerce, L441-10)",
            )
            .help("écrivez times = 3, ou plus", "write times = 3, or more"),
        );
    }
}
