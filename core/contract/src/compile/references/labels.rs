//! Fields that hold the label of another clause: it exists, and is of a kind that fits.

use crate::clauses::{Clause, Field, Type};
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::{Entry, Value};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses {
        table(clauses, clause.kind.fields, &clause.own, found);
    }
}

fn table(clauses: &[Clause], fields: &[Field], entries: &[Entry], found: &mut Vec<Diagnostic>) {
    for entry in entries {
        let Some(field) = fields.iter().find(|f| f.name == entry.key) else { continue };
        match field.ty {
            Type::Label(kinds) => one(clauses, kinds, &entry.value, found),
            Type::Labels(kinds) => {
                entry.value.as_array().into_iter().flatten().for_each(|v| one(clauses, kinds, v, found));
            }
            Type::Table(fields) => {
                table(clauses, fields, entry.value.as_table().unwrap_or_default(), found);
            }
            Type::Tables(fields) => {
                for row in entry.value.as_array().into_iter().flatten().filter_map(Value::as_table) {
                    table(clauses, fields, row, found);
                }
            }
            _ => {}
        }
    }
}

fn one(clauses: &[Clause], kinds: &[&str], value: &Value, found: &mut Vec<Diagnostic>) {
    let Some(label) = value.as_text() else { return };
    let fits = |c: &&Clause| kinds.is_empty() || kinds.contains(&c.kind.name);
    match clauses.iter().find(|c| c.label == label) {
        Some(clause) if fits(&clause) => {}
        Some(clause) => {
            let (kind, wanted) = (clause.kind.name, kinds.join(", "));
            found.push(
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
            );
        }
        None => {
            let help = suggestion(label, clauses.iter().filter(fits).map(|c| c.label.as_str()));
            found.push(
                Diagnostic::error(
                    "E-LABEL-UNKNOWN",
                    value.span,
                    format!("aucune clause ne s'appelle « {label} »"),
                    format!("no clause is called “{label}”"),
                )
                .help(help.fr, help.en),
            );
        }
    }
}
