//! Rights to end early: measured as their objective is, usable before the end.

use base::Length;

use crate::clauses::Clause;
use crate::diagnostic::Diagnostic;
use crate::source::Node;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let term = clauses.iter().find(|k| k.is("term"));
    for clause in clauses.iter().filter(|k| k.is("termination")) {
        found.extend(period(clause, clauses));
        found.extend(term.and_then(|term| too_late(clause, term)));
    }
}

/// An objective measured by the quarter says nothing of a month.
fn period(clause: &Clause, clauses: &[Clause]) -> Option<Diagnostic> {
    let (label, per) = (clause.text("objective")?, clause.text("per")?);
    let objective = clauses.iter().find(|k| k.label == label)?;
    let measured = objective.text("per").filter(|measured| *measured != per)?;
    Some(
        Diagnostic::error(
            "E-TERMINATION-PERIOD",
            clause.place_of("per"),
            format!("« {label} » se mesure sur une autre période : per = \"{measured}\""),
            format!("“{label}” is measured over another period: per = \"{measured}\""),
        )
        .related(objective.place_of("per"), "sa période", "its period")
        .help(format!("écrivez per = \"{measured}\""), format!("write per = \"{measured}\"")),
    )
}

/// A right that opens after the first period has ended is no early exit.
fn too_late(clause: &Clause, term: &Clause) -> Option<Diagnostic> {
    let from = match clause.value("from_month")?.node {
        Node::Integer(n) => u32::try_from(n).ok()?,
        _ => return None,
    };
    let Ok(Length::Months(lasts)) = Length::parse(term.text("lasts")?) else { return None };
    (from > lasts).then(|| {
        Diagnostic::warning(
            "W-TERMINATION-MONTH",
            clause.place_of("from_month"),
            format!("ce droit s'ouvre au mois {from}, et le contrat dure {lasts} mois"),
            format!("this right opens in month {from}, and the contract lasts {lasts} months"),
        )
        .related(term.place_of("lasts"), "la durée du contrat", "the contract's length")
        .help(
            format!("écrivez from_month = {lasts} au plus, s'il ne vise pas une reconduction"),
            format!("write from_month = {lasts} at most, unless it is about a renewal"),
        )
    })
}
