//! Bands out of order, catalogues with a code twice, and the cliff of a price that falls on all units.

use std::collections::BTreeSet;

use base::Money;

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses {
        match clause.kind.name {
            "work_units" => catalogue(clause, found),
            "volume_bands" if order(clause, found) => cliff(clause, found),
            _ => {}
        }
    }
}

fn catalogue(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let Some(rows) = clause.value("catalogue").and_then(|v| v.as_array()) else { return };
    if rows.is_empty() {
        found.push(
            Diagnostic::error(
                "E-WORK-UNITS-EMPTY",
                clause.place_of("catalogue"),
                "un carnet sans catalogue ne se dépense en rien",
                "a book without a catalogue is spent on nothing",
            )
            .help(
                "écrivez [{ code = \"S\", title = \"simple\", weight = \"1\" }]",
                "write [{ code = \"S\", title = \"simple\", weight = \"1\" }]",
            ),
        );
    }
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for value in rows.iter().filter_map(|row| row.get("code")) {
        if value.as_text().is_some_and(|code| !codes.insert(code)) {
            found.push(
                Diagnostic::error(
                    "E-WORK-UNITS-CODE",
                    value.span,
                    "ce code a déjà un poids dans le catalogue",
                    "this code has a weight in the catalogue already",
                )
                .help("un code n'a qu'un poids", "a code has one weight"),
            );
        }
    }
}

/// Bands rise, and the last one has no end. Whether they do.
fn order(clause: &Clause, found: &mut Vec<Diagnostic>) -> bool {
    let Some(value) = clause.value("bands") else { return false };
    let edges: Vec<Option<u32>> =
        Fields::new(clause).tables("bands").iter().map(|band| band.integer("up_to")).collect();
    let rising = edges.windows(2).all(|pair| match pair {
        [Some(a), Some(b)] => a < b,
        [Some(_), None] => true,
        _ => false,
    });
    let sound = rising && edges.last() == Some(&None);
    if !sound {
        found.push(
            Diagnostic::error(
                "E-VOLUME-BANDS-ORDER",
                value.span,
                "les tranches ne se suivent pas : up_to doit croître, et la dernière ne pas en avoir",
                "the bands do not follow one another: up_to must rise, and the last one have none",
            )
            .help(
                "écrivez [{ up_to = 1000, unit_price = \"11.80 EUR\" }, { unit_price = \"10.90 EUR\" }]",
                "write [{ up_to = 1000, unit_price = \"11.80 EUR\" }, { unit_price = \"10.90 EUR\" }]",
            ),
        );
    }
    sound
}

/// Just above an edge, all units at a lower price cost less than just below it.
fn cliff(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    if f.text("scheme").as_deref() != Some("all_units") {
        return;
    }
    let bands: Vec<(Option<u32>, Money)> = f
        .tables("bands")
        .iter()
        .filter_map(|band| Some((band.integer("up_to"), band.money("unit_price")?)))
        .collect();
    let cost = |count: u32, price: Money| i128::from(price.cents) * i128::from(count);
    let edge = bands.windows(2).find_map(|pair| match pair {
        [(Some(up_to), before), (_, after)] => {
            (cost(up_to.saturating_add(1), *after) < cost(*up_to, *before)).then_some(*up_to)
        }
        _ => None,
    });
    if let Some(edge) = edge {
        found.push(
            Diagnostic::advice(
                "A-VOLUME-BANDS-CLIFF",
                clause.place_of("scheme"),
                format!("au-delà de {edge}, tout le volume change de prix : traiter une unité de plus coûte moins cher au total"),
                format!("above {edge} the whole volume changes price: one unit more costs less in all"),
            )
            .help(
                "écrivez scheme = \"graduated\" pour que chaque tranche garde son prix",
                "write scheme = \"graduated\" so that each band keeps its price",
            ),
        );
    }
}
