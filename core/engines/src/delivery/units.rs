//! What an evolution takes from the book of work units, and what it costs.

use base::fraction::Fraction;
use base::{Because, Money, Reason};
use terms::{Rule, Terms, WorkUnits};

use super::Piece;
use crate::kinds::Kind;
use crate::say::{cite, product};

/// The book that the work of this kind is ordered from; `None` when none is.
///
/// The clause of maintenance says which kinds go through work units; without one, evolutions do.
pub fn book_of(terms: &Terms, kind: Kind) -> Option<&Rule<WorkUnits>> {
    let book = terms.work_units.iter().find(|rule| rule.exception_to.is_none())?;
    let field = match kind {
        Kind::Evolutive => "evolutive",
        Kind::Adaptive => "adaptive",
        _ => return None,
    };
    let mut said = crate::kinds::maintenance(terms).filter_map(|clause| clause.then.get(field)).peekable();
    let none_said = said.peek().is_none();
    (said.any(|how| how == "work_units") || (none_said && kind == Kind::Evolutive)).then_some(book)
}

/// What a book of units asks for before any work, with its article.
pub fn ordered_first(rule: &Rule<WorkUnits>) -> Reason {
    cite("work_units.ordered_first", rule, |lang| {
        lang.t(
            "Ce travail est chiffré au catalogue des unités d'œuvre, puis commandé par le Client.",
            "This work is estimated by the catalogue of work units, then ordered by the customer.",
        )
        .to_owned()
    })
}

/// The units and the price of pieces ordered now, net of VAT; `None` for a code that the catalogue has not.
pub fn estimated(rule: &Rule<WorkUnits>, pieces: &[Piece]) -> Option<Because<(Fraction, Money)>> {
    let mut units = Fraction::from_integer(0);
    for piece in pieces {
        let kind = rule.then.catalogue.iter().find(|k| k.code == piece.code)?;
        units += kind.weight * Fraction::from_integer(i128::from(piece.count));
    }
    let net = rule.then.unit_price.times(units, base::Rounding::CENTS);
    let reason = cite("work_units.estimate", rule, |lang| {
        let count = |p: &Piece| format!("{}\u{a0}×\u{a0}{}", p.count, p.code);
        let pieces: Vec<String> = pieces.iter().map(count).collect();
        let (pieces, product) = (pieces.join(" + "), product(lang, units, rule.then.unit_price, net));
        lang.t(format!("{pieces}\u{a0}: {product} HT."), format!("{pieces}: {product} net of VAT."))
    });
    Some(Because::new((units, net), vec![reason]))
}
