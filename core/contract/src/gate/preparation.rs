//! The preparation file: a TOML file that says which studies and audits came before the contract, which
//! needs it answers and by which clauses, and what was decided for the staff concerned.

use std::collections::BTreeSet;

use base::Because;
use engines::tender::Score;
use jiff::civil::Date;
use terms::{Coverage, Rule};

use super::pieces::{FIELDS, PIECES};
use super::{studies, tender};
use crate::clauses::check_table;
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::value::parse;
use crate::source::{Entry, Node, Span, Value};

/// Everything wrong with the file, and the ranking of the bids that it tells of.
pub(super) fn check(
    compiled: &Compiled,
    text: &str,
    file: usize,
    out: &mut Vec<Diagnostic>,
) -> Vec<Because<Score>> {
    let (entries, errors) = parse(text, file, 0);
    for error in &errors {
        out.push(
            Diagnostic::error(
                "E-PREPARATION-TOML",
                error.span,
                format!("le dossier préparatoire n'est pas du TOML lisible : {}", error.message),
                format!("the preparation file is not readable TOML: {}", error.message),
            )
            .help("une ligne s'écrit clé = valeur", "a line is written key = value"),
        );
    }
    if !errors.is_empty() {
        return Vec::new();
    }
    let head = Span::new(file, 0, 0);
    check_table(&entries, head, "le dossier", FIELDS, out);
    number(compiled, &entries, out);
    pieces(compiled, &entries, head, out);
    staff(&entries, out);
    needs(compiled, &entries, head, out);
    untraced(compiled, &entries, out);
    studies::check(compiled, &entries, head, out);
    tender::check(compiled, &entries, out);
    tender::ranking(&entries)
}

pub(super) fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Value> {
    entries.iter().find(|e| e.key == key).map(|e| &e.value)
}

/// A text of a table of the file; `None` when it is absent, blank or of another type.
pub(super) fn text<'a>(table: &'a Value, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_text).filter(|text| !text.trim().is_empty())
}

/// A date of a table of the file, with its place.
pub(super) fn date(table: &Value, key: &str) -> Option<(Span, Date)> {
    let value = table.get(key)?;
    match value.node {
        Node::Date(date) => Some((value.span, date)),
        _ => None,
    }
}

/// The rows of a table of the file.
pub(super) fn rows<'a>(table: &'a Value, key: &str) -> &'a [Value] {
    table.get(key).and_then(Value::as_array).unwrap_or_default()
}

fn number(compiled: &Compiled, entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let number = &compiled.front_matter.contract;
    if let Some(value) = get(entries, "contract").filter(|v| v.as_text().is_some_and(|t| t != number)) {
        out.push(
            Diagnostic::error(
                "E-PREPARATION-CONTRACT",
                value.span,
                format!("ce dossier prépare un autre contrat que {number}"),
                format!("this file prepares another contract than {number}"),
            )
            .help(format!("écrivez contract = \"{number}\""), format!("write contract = \"{number}\"")),
        );
    }
}

/// Each piece is there, or set aside with a reason; none is dated after the signature.
fn pieces(compiled: &Compiled, entries: &[Entry], head: Span, out: &mut Vec<Diagnostic>) {
    let waived = |piece: &str| {
        let reason = get(entries, "waivers").and_then(|w| w.get(piece)).and_then(|w| w.as_text());
        reason.is_some_and(|r| !r.trim().is_empty())
    };
    for piece in PIECES {
        let field = FIELDS.iter().find(|f| f.name == piece).expect("every piece is a field");
        let Some(value) = get(entries, piece) else {
            if !waived(piece) {
                out.push(
                    Diagnostic::error(
                        "E-PREPARATION-PIECE",
                        head,
                        format!("il manque au dossier préparatoire : {}", field.fr),
                        format!("the preparation file lacks: {}", field.en),
                    )
                    .help(
                        format!(
                            "ajoutez [{piece}], ou dites pourquoi : waivers = {{ {piece} = \"raison\" }}"
                        ),
                        format!("add [{piece}], or say why not: waivers = {{ {piece} = \"reason\" }}"),
                    ),
                );
            }
            continue;
        };
        if let (Some((span, date)), Some(signed)) = (date(value, "date"), compiled.front_matter.signed)
            && date > signed
        {
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-DATE",
                    span,
                    "cette pièce est datée d'après la signature qu'elle prépare",
                    "this piece is dated after the signature that it prepares",
                )
                .help(
                    "corrigez la date, ou celle de signed dans l'en-tête",
                    "correct the date, or signed in the front matter",
                ),
            );
        }
    }
}

/// Where people are concerned, the works council was consulted, or a reason is written.
fn staff(entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let Some(social) = get(entries, "social") else { return };
    let concerned =
        matches!(social.get("staff_concerned").map(|v| &v.node), Some(Node::Integer(n)) if *n > 0);
    if concerned && social.get("cse_consulted").is_none() && social.get("cse_not_consulted").is_none() {
        out.push(
            Diagnostic::warning(
                "W-PREPARATION-CSE",
                social.span,
                "des personnes sont concernées, et rien ne dit si le comité social et économique a été consulté",
                "people are concerned, and nothing says whether the works council was consulted",
            )
            .help(
                "ajoutez cse_consulted = 2026-01-12, ou cse_not_consulted = \"raison\"",
                "add cse_consulted = 2026-01-12, or cse_not_consulted = \"reason\"",
            ),
        );
    }
}

/// Every need is answered by clauses that exist.
fn needs(compiled: &Compiled, entries: &[Entry], head: Span, out: &mut Vec<Diagnostic>) {
    let labels: BTreeSet<&str> = compiled.labels().collect();
    let rows = get(entries, "needs").and_then(Value::as_array).unwrap_or_default();
    if rows.is_empty() {
        out.push(
            Diagnostic::warning(
                "W-PREPARATION-NEEDS",
                head,
                "aucun besoin n'est rattaché aux clauses qui y répondent",
                "no need is traced to the clauses that answer it",
            )
            .help(
                "ajoutez [[needs]] avec id, need et clauses = [\"etiquette\"]",
                "add [[needs]] with id, need and clauses = [\"label\"]",
            ),
        );
    }
    for row in rows {
        let clauses = row.get("clauses").and_then(Value::as_array).unwrap_or_default();
        if clauses.is_empty() && row.get("clauses").is_some() {
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-NEED",
                    row.span,
                    "aucune clause ne répond à ce besoin",
                    "no clause answers this need",
                )
                .help(
                    "citez les étiquettes des clauses qui y répondent",
                    "cite the labels of the clauses that answer it",
                ),
            );
        }
        for clause in clauses {
            let Some(label) = clause.as_text().filter(|l| !labels.contains(l)) else { continue };
            let help = suggestion(label, labels.iter().copied());
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-NEED",
                    clause.span,
                    format!("le contrat n'a pas de clause « {label} »"),
                    format!("the contract has no clause “{label}”"),
                )
                .help(help.fr, help.en),
            );
        }
    }
}

/// « Le périmètre est défini en fonction des besoins réels du client » (S-165): each entry of the perimeter that
/// the provider takes care of is named by a need.
fn untraced(compiled: &Compiled, entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let Some(needs) = get(entries, "needs").filter(|n| n.as_array().is_some_and(|rows| !rows.is_empty()))
    else {
        // No need at all has its own warning.
        return;
    };
    let rows = needs.as_array().unwrap_or_default();
    let named: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.get("clauses")?.as_array())
        .flatten()
        .filter_map(Value::as_text)
        .collect();
    let taken = compiled.terms.perimeter.iter().filter(|rule| rule.then.status != Coverage::Out);
    let alone: Vec<&str> = taken.map(Rule::label).filter(|label| !named.contains(label)).collect();
    if alone.is_empty() {
        return;
    }
    let list = alone.join(", ");
    out.push(
        Diagnostic::warning(
            "W-PREPARATION-PERIMETER",
            needs.span,
            format!("aucun besoin ne demande ces éléments du périmètre : {list}"),
            format!("no need asks for these entries of the perimeter: {list}"),
        )
        .help(
            "nommez chacun dans les clauses du besoin auquel il répond, ou retirez-le du périmètre",
            "name each in the clauses of the need that it answers, or take it out of the perimeter",
        ),
    );
}
