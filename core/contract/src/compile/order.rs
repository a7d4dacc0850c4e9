//! Orders: a contract of its own that stands on an overarching one (Implementing Regulation (EU)
//! 2024/2956, B_02.01: a subsequent arrangement).
//!
//! The master's clauses hold for the order as they were signed, but for those that the order replaces
//! or ends, for itself alone. An amendment to an order is compiled over it as over any contract.

use base::Lang;
use base::lang::date;

use super::amend::{inherited, over};
use super::front::{Arrangement, FrontMatter};
use super::{Compiled, title_of};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Compiles an order over its master: the master's articles, then its own, under its own number.
///
/// The provenance of every rule bears the order's number: it is under the order that it governs.
pub fn compile_order(master: &Compiled, file_name: &str, text: &str) -> Compiled {
    let mut order = over(master, file_name, text, check_front, |master, front, source| terms::Terms {
        contract: front.contract.clone(),
        title: title_of(front, source),
        ..inherited(master)
    });
    let late = begins_otherwise(&order);
    order.diagnostics.extend(late);
    order
}

/// Fees and contract years run from the first day of the term: an order that begins on another day than
/// its master has a term of its own, which says when it ends as well.
fn begins_otherwise(order: &Compiled) -> Option<Diagnostic> {
    let front = &order.front_matter;
    let (effective, start) = (front.effective?, order.terms.term.as_ref()?.then.start);
    let span = front.span_of("effective").filter(|_| effective != start)?;
    let dates = |lang| (date(lang, effective), date(lang, start));
    let ((day, from), (day_en, from_en)) = (dates(Lang::Fr), dates(Lang::En));
    Some(
        Diagnostic::error(
            "E-ORDER-TERM",
            span,
            format!("cette commande prend effet le {day}, et sa durée court du {from}"),
            format!("this order takes effect on {day_en}, and its term runs from {from_en}"),
        )
        .help(
            "donnez-lui sa durée\u{a0}: une clause « term » qui remplace (replace) celle du contrat-cadre",
            "give it a term: a clause “term” that replaces the master's",
        ),
    )
}

/// A text that names a master and is read without it.
pub(super) fn alone(front: &FrontMatter) -> Option<Diagnostic> {
    let (master, span) = (front.order_of.as_ref()?, front.span_of("order_of")?);
    Some(
        Diagnostic::error(
            "E-ORDER-ALONE",
            span,
            format!("ce texte est une commande passée sous {master}\u{a0}: il se lit avec lui"),
            format!("this text is an order under {master}: it is read together with it"),
        )
        .help(
            "donnez le contrat-cadre\u{a0}: regisseur contract check COMMANDE --base CONTRAT",
            "give the overarching contract: regisseur contract check ORDER --base CONTRACT",
        ),
    )
}

fn check_front(master: &Compiled, front: &FrontMatter, file: usize, out: &mut Vec<Diagnostic>) {
    let head = Span::new(file, 0, 3);
    let number = &master.terms.contract;
    let place = |key: &str| front.span_of(key).unwrap_or(head);
    match &front.order_of {
        Some(named) if named == number => {}
        Some(named) => out.push(
            Diagnostic::error(
                "E-ORDER-MASTER",
                place("order_of"),
                format!("cette commande est passée sous {named}, et le contrat donné est {number}"),
                format!("this order stands on {named}, and the contract given is {number}"),
            )
            .help("donnez le bon contrat par --base", "give the right contract with --base"),
        ),
        None => out.push(
            Diagnostic::error(
                "E-ORDER-MASTER",
                head,
                "cette commande ne dit pas sous quel contrat-cadre elle est passée",
                "this order does not say on which overarching contract it stands",
            )
            .help(format!("ajoutez order_of = \"{number}\""), format!("add order_of = \"{number}\"")),
        ),
    }
    if master.front_matter.arrangement == Arrangement::Subsequent {
        out.push(
            Diagnostic::error(
                "E-ORDER-MASTER",
                place("order_of"),
                format!("{number} est lui-même une commande\u{a0}: on n'en passe pas sous une commande"),
                format!("{number} is an order itself: no order stands on an order"),
            )
            .help("nommez le contrat-cadre", "name the overarching contract"),
        );
    }
    if front.contract == *number {
        out.push(
            Diagnostic::error(
                "E-ORDER-NUMBER",
                place("contract"),
                format!("cette commande porte le numéro de son contrat-cadre, {number}"),
                format!("this order bears the number of its overarching contract, {number}"),
            )
            .help(
                format!("donnez-lui le sien\u{a0}: contract = \"{number}-1\""),
                format!("give it its own: contract = \"{number}-1\""),
            ),
        );
    }
    if front.amends.is_some() {
        out.push(
            Diagnostic::error(
                "E-ORDER-AMENDS",
                place("amends"),
                "un texte modifie un contrat ou passe commande sous lui, pas les deux",
                "a text amends a contract or orders under it, not both",
            )
            .help(
                "retirez amends ou order_of\u{a0}; pour modifier une commande, amends porte son numéro",
                "remove amends or order_of; to amend an order, amends bears its number",
            ),
        );
    }
}
