//! Fields that hold the label of another clause: it exists, and is of a kind that fits.

use std::collections::BTreeMap;

use crate::clauses::{Clause, Field, Type};
use crate::diagnostic::{Diagnostic, MOST_REMARKS, suggestion};
use crate::source::{Entry, Value};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let mut of_label: BTreeMap<&str, &Clause> = BTreeMap::new();
    for clause in clauses {
        of_label.entry(&clause.label).or_insert(clause);
    }
    let mut labels = Labels { clauses, of_label, found: Vec::new() };
    for clause in clauses {
        labels.table(clause.kind.fields, &clause.own);
    }
    found.append(&mut labels.found);
}

struct Labels<'a> {
    clauses: &'a [Clause],
    of_label: BTreeMap<&'a str, &'a Clause>,
    found: Vec<Diagnostic>,
}

impl Labels<'_> {
    fn table(&mut self, fields: &[Field], entries: &[Entry]) {
        for entry in entries {
            let Some(field) = fields.iter().find(|f| f.name == entry.key) else { continue };
            match field.ty {
                Type::Label(kinds) => self.one(kinds, &entry.value),
                Type::Labels(kinds) => {
                    entry.value.as_array().into_iter().flatten().for_each(|v| self.one(kinds, v));
                }
                Type::Table(fields) => self.table(fields, entry.value.as_table().unwrap_or_default()),
                Type::Tables(fields) => {
                    for row in entry.value.as_array().into_iter().flatten().filter_map(Value::as_table) {
                        self.table(fields, row);
                    }
                }
                _ => {}
            }
        }
    }

    fn one(&mut self, kinds: &[&str], value: &Value) {
        let Some(label) = value.as_text() else { return };
        // Each remark is an error and compares its word with many: a thousand are enough.
        if self.found.len() <= MOST_REMARKS {
            let clause = self.of_label.get(label).copied();
            self.found.extend(wrong(self.clauses, kinds, label, clause, value));
        }
    }
}

/// What is wrong with a label that names this clause, or none.
fn wrong(
    clauses: &[Clause],
    kinds: &[&str],
    label: &str,
    clause: Option<&Clause>,
    value: &Value,
) -> Option<Diagnostic> {
    let fits = |c: &&Clause| kinds.is_empty() || kinds.contains(&c.kind.name);
    match clause {
        Some(clause) if fits(&clause) => None,
        Some(clause) => {
            let (kind, wanted) = (clause.kind.name, kinds.join(", "));
            Some(
                Diagnostic::error(
                    "E-LABEL-KIND",
                    value.span,
                    format!("« {label} » est une clause {kind}, et il faut ici : {wanted}"),
                    format!("“{label}” is a clause {kind}; this takes: {wanted}"),
                )
                .related(clause.label_span, "la clause de ce nom", "the clause of that name")
                .help(
                    format!("écrivez l'étiquette d'une clause {wanted}"),
                    format!("write the label of a clause {wanted}"),
                ),
            )
        }
        None => {
            let help = suggestion(label, clauses.iter().filter(fits).map(|c| c.label.as_str()));
            Some(
                Diagnostic::error(
                    "E-LABEL-UNKNOWN",
                    value.span,
                    format!("aucune clause ne s'appelle « {label} »"),
                    format!("no clause is called “{label}”"),
                )
                .help(help.fr, help.en),
            )
        }
    }
}
