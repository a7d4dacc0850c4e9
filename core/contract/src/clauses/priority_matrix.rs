//! `priority_matrix`: impact × urgency → priority, every pair of them.

use std::collections::BTreeMap;

use base::Bilingual;
use terms::{PriorityMatrix, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::Value;

pub const KIND: Kind = Kind {
    name: "priority_matrix",
    doc: ("la priorité, d'après l'impact et l'urgence", "the priority, from impact and urgency"),
    example: r#"kind = "priority_matrix"
label = "priorites"
then.priorities = ["P1", "P2", "P3", "P4"]
then.impacts = ["site", "service", "user"]
then.urgencies = ["blocking", "degraded", "comfort"]
then.cells.site = { blocking = "P1", degraded = "P2", comfort = "P3" }
then.cells.service = { blocking = "P2", degraded = "P3", comfort = "P4" }
then.cells.user = { blocking = "P3", degraded = "P4", comfort = "P4" }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("priorities", Type::Texts, "priorités, la plus haute d'abord", "priorities, highest first"),
        Field::required("impacts", Type::Names, "impacts, le plus large d'abord", "impacts, widest first"),
        Field::required("urgencies", Type::Names, "urgences, la plus forte d'abord", "urgencies, strongest first"),
        Field::required("cells", Type::Cells, "impact → urgence → priorité", "impact → urgency → priority"),
        Field::default("titles", Type::Titles, "{}", "noms des priorités", "names of the priorities"),
    ],
    words: &[],
    compile,
    read_back,
};

/// A matrix has at most so many priorities, impacts and urgencies each: ITIL has five of them, and the cells
/// are all their pairs.
const MOST_LEVELS: usize = 50;

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let cells_value = f.value("cells")?;
    if too_long(f, c) {
        return None;
    }
    let matrix = PriorityMatrix {
        priorities: f.texts("priorities"),
        impacts: f.texts("impacts"),
        urgencies: f.texts("urgencies"),
        cells: cells(cells_value),
    };
    check_words(&matrix, cells_value, c);
    check_holes(&matrix, cells_value, c);
    c.name_all("impact", f.titles("impacts"));
    c.name_all("urgency", f.titles("urgencies"));
    c.name_all("priority", f.titles("titles"));
    let rule = c.rule(f, matrix);
    c.terms.priorities.get_or_insert(rule);
    Some(())
}

/// Whether a list is longer than anybody could use; each that is is said.
fn too_long(f: &Fields<'_>, c: &mut Compiler) -> bool {
    let rows = f.value("cells").and_then(Value::as_table).unwrap_or_default();
    let cells: usize = rows.iter().map(|row| length(Some(&row.value))).sum();
    let lists = [
        ("priorities", length(f.value("priorities")), MOST_LEVELS, ("priorités", "priorities")),
        ("impacts", length(f.value("impacts")), MOST_LEVELS, ("impacts", "impacts")),
        ("urgencies", length(f.value("urgencies")), MOST_LEVELS, ("urgences", "urgencies")),
        ("cells", cells.max(rows.len()), MOST_LEVELS * MOST_LEVELS, ("cases", "cells")),
    ];
    let mut long = false;
    for (name, _, most, (fr, en)) in lists.into_iter().filter(|(_, length, most, _)| length > most) {
        long = true;
        c.push(
            Diagnostic::error(
                "E-PRIORITY-LONG",
                f.place_of(name),
                format!("cette matrice a plus de {most} {fr}"),
                format!("this matrix has more than {most} {en}"),
            )
            .help(
                "ne gardez que les niveaux que l'on distingue en pratique : de trois à cinq, d'ordinaire",
                "keep only the levels that people tell apart: three to five as a rule",
            ),
        );
    }
    long
}

/// How many values a list, or a table, has.
fn length(value: Option<&Value>) -> usize {
    let array = value.and_then(Value::as_array).map(<[_]>::len);
    array.or(value.and_then(Value::as_table).map(<[_]>::len)).unwrap_or(0)
}

fn cells(value: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let row = |v: &Value| {
        let entries = v.as_table().unwrap_or_default();
        entries.iter().filter_map(|e| Some((e.key.clone(), e.value.as_text()?.to_owned()))).collect()
    };
    value.as_table().unwrap_or_default().iter().map(|e| (e.key.clone(), row(&e.value))).collect()
}

/// A word in the cells that is not an impact, an urgency or a priority.
fn check_words(matrix: &PriorityMatrix, value: &Value, c: &mut Compiler) {
    let mut unknown = |word: &str, span, known: &[String]| {
        if !known.iter().any(|k| k == word) {
            let help = suggestion(word, known.iter().map(String::as_str));
            c.push(
                Diagnostic::error(
                    "E-PRIORITY-UNKNOWN",
                    span,
                    format!("« {word} » n'est pas dans les listes de la matrice"),
                    format!("“{word}” is not in the lists of the matrix"),
                )
                .help(help.fr, help.en),
            );
        }
    };
    for row in value.as_table().unwrap_or_default() {
        unknown(&row.key, row.key_span, &matrix.impacts);
        for cell in row.value.as_table().unwrap_or_default() {
            unknown(&cell.key, cell.key_span, &matrix.urgencies);
            if let Some(priority) = cell.value.as_text() {
                unknown(priority, cell.value.span, &matrix.priorities);
            }
        }
    }
}

/// A pair without a priority.
fn check_holes(matrix: &PriorityMatrix, value: &Value, c: &mut Compiler) {
    for impact in &matrix.impacts {
        let missing: Vec<&str> = matrix
            .urgencies
            .iter()
            .filter(|u| matrix.priority(impact, u).is_none())
            .map(String::as_str)
            .collect();
        if !missing.is_empty() {
            let span = value.get(impact).map_or(value.span, |v| v.span);
            let missing = missing.join(", ");
            c.push(
                Diagnostic::error(
                    "E-PRIORITY-HOLE",
                    span,
                    format!("aucune priorité pour l'impact « {impact} » et l'urgence {missing}"),
                    format!("no priority for impact “{impact}” and urgency {missing}"),
                )
                .help(
                    format!("complétez cells.{impact} : chaque urgence doit y donner une priorité"),
                    format!("complete cells.{impact}: each urgency must give a priority"),
                ),
            );
        }
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = terms.priorities.as_ref().filter(|r| r.label() == label)?;
    let matrix = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let cases: Vec<String> = matrix.priorities.iter().map(|p| cases_of(lang, matrix, terms, p)).collect();
        lang.t(
            format!("la priorité découle de l'impact et de l'urgence\u{a0}: {}", cases.join("\u{202f}; ")),
            format!("the priority follows from impact and urgency: {}", cases.join("; ")),
        )
    }))
}

fn cases_of(lang: base::Lang, matrix: &PriorityMatrix, terms: &Terms, priority: &str) -> String {
    let pairs: Vec<String> = matrix
        .cells
        .iter()
        .flat_map(|(impact, row)| row.iter().map(move |(urgency, p)| (impact, urgency, p)))
        .filter(|(_, _, p)| *p == priority)
        .map(|(i, u, _)| format!("{}/{}", terms.name_of("impact", i), terms.name_of("urgency", u)))
        .collect();
    let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
    format!("{} = {}", terms.name_of("priority", priority), list(lang, &pairs))
}
