//! Revisions: parts that do not add up, roundings too fine, clauses that only go up, fees not there.

use std::collections::BTreeSet;

use base::fraction::Fraction;

use crate::clauses::{Clause, Fields};
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, MOST_REMARKS};
use crate::source::Node;

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    let fees: BTreeSet<&str> = c.clauses.iter().filter(|k| k.is("fee")).map(|k| k.label.as_str()).collect();
    let revisions = c.clauses.iter().filter(|k| k.is("price_revision"));
    let all: Vec<Revision<'_>> = revisions.map(Revision::of).collect();
    let mut errors = 0;
    for (nth, later) in all.iter().enumerate() {
        parts(later.clause, found);
        roundings(later.clause, found);
        up_only(later.clause, found);
        dates(later.clause, found);
        for earlier in &all[..nth] {
            // Each is an error, and pairs are many: a thousand are enough.
            if errors <= MOST_REMARKS
                && let Some(remark) = twice(earlier, later, &fees)
            {
                errors += 1;
                found.push(remark);
            }
        }
    }
}

/// A revision, and the prices it bears on.
struct Revision<'a> {
    clause: &'a Clause,
    covers: BTreeSet<String>,
    /// The labels of the fees it names; empty: every fee.
    fees: BTreeSet<String>,
}

impl Revision<'_> {
    fn of(clause: &Clause) -> Revision<'_> {
        let set = |field: &str| Fields::new(clause).texts(field).into_iter().collect();
        Revision { clause, covers: set("covers"), fees: set("fees") }
    }

    fn shares_a_fee_with(&self, other: &Revision<'_>, all: &BTreeSet<&str>) -> bool {
        let some = |named: &BTreeSet<String>| named.iter().any(|label| all.contains(label.as_str()));
        match (self.fees.is_empty(), other.fees.is_empty()) {
            (true, true) => !all.is_empty(),
            (true, false) => some(&other.fees),
            (false, true) => some(&self.fees),
            (false, false) => !self.fees.is_disjoint(&other.fees),
        }
    }
}

fn parts(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    let sum = f.percent("fixed").zip(f.percent("variable")).map(|(fixed, variable)| fixed + variable);
    if sum.is_some_and(|sum| sum != Fraction::from_integer(1)) {
        found.push(
            Diagnostic::error(
                "E-PRICE-REVISION-PARTS",
                clause.place_of("variable"),
                "la part fixe et la part indexée ne font pas 100 %",
                "the fixed part and the indexed part do not make 100%",
            )
            .help(
                "écrivez par exemple fixed = \"15 %\" et variable = \"85 %\"",
                "write for instance fixed = \"15 %\" and variable = \"85 %\"",
            ),
        );
    }
}

fn roundings(clause: &Clause, found: &mut Vec<Diagnostic>) {
    for (field, most) in [("coefficient_rounding", 6), ("amount_rounding", 2)] {
        let digits = clause.value(field).and_then(|table| table.get("digits"));
        if let Some((value, _)) =
            digits.and_then(|v| Some((v, matches!(v.node, Node::Integer(n) if n > most).then_some(())?)))
        {
            found.push(
                Diagnostic::error(
                    "E-PRICE-REVISION-DIGITS",
                    value.span,
                    format!("cet arrondi garde au plus {most} décimales"),
                    format!("this rounding keeps at most {most} decimals"),
                )
                .help(
                    format!("écrivez digits = {most}, ou moins"),
                    format!("write digits = {most}, or fewer"),
                ),
            );
        }
    }
}

/// Courts have struck out, for that part, index clauses that never go down. The law found speaks of
/// leases, so the text is told about it and not refused.
fn up_only(clause: &Clause, found: &mut Vec<Diagnostic>) {
    if clause.text("direction") == Some("up_only") {
        found.push(
            Diagnostic::warning(
                "W-PRICE-REVISION-UP-ONLY",
                clause.place_of("direction"),
                "une révision qui ne joue qu'à la hausse a déjà été réputée non écrite pour cette part (jurisprudence des baux)",
                "a revision that only goes up has been held not written for that part (case law on leases)",
            )
            .help(
                "écrivez direction = \"reciprocal\" ; pour limiter la baisse, ajoutez floor",
                "write direction = \"reciprocal\"; to limit the fall, add floor",
            ),
        );
    }
}

fn dates(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    if f.date("base_on").zip(f.date("first_on")).is_some_and(|(base, first)| first <= base) {
        found.push(
            Diagnostic::error(
                "E-PRICE-REVISION-DATES",
                clause.place_of("first_on"),
                "la première révision ne vient pas après le jour où se lit S0",
                "the first revision does not come after the day S0 is read",
            )
            .related(clause.place_of("base_on"), "le jour de S0", "the day of S0")
            .help(
                "first_on est le premier anniversaire, base_on la signature",
                "first_on is the first anniversary, base_on the signature",
            ),
        );
    }
}

/// One price, two coefficients: which comes first would change the cents.
fn twice(earlier: &Revision<'_>, later: &Revision<'_>, fees: &BTreeSet<&str>) -> Option<Diagnostic> {
    let shared = |family: &&String| *family != "fees" || earlier.shares_a_fee_with(later, fees);
    let family = earlier.covers.intersection(&later.covers).find(shared)?;
    let (earlier, later) = (earlier.clause, later.clause);
    let excepts =
        |a: &Clause, b: &Clause| a.exception_to.as_ref().is_some_and(|(label, _)| *label == b.label);
    if !earlier.when.overlaps(&later.when) || excepts(earlier, later) || excepts(later, earlier) {
        return None;
    }
    Some(
        Diagnostic::error(
            "E-PRICE-REVISION-TWICE",
            later.label_span,
            format!("« {} » et « {} » révisent les mêmes prix ({family})", earlier.label, later.label),
            format!("“{}” and “{}” revise the same prices ({family})", earlier.label, later.label),
        )
        .related(earlier.label_span, "l'autre révision", "the other revision")
        .help(
            "partagez-les par covers ou par fees, ou gardez une seule clause",
            "share them out by covers or fees, or keep one clause",
        ),
    )
}
