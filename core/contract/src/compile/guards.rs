//! Guards: reading `when`, and checking that each value it names is one the contract declares.

use std::collections::{BTreeMap, BTreeSet};

use terms::{ContractTerm, Dimension, Guard, Renewal};

use super::Compiler;
use crate::clauses::Clause;
use crate::clauses::Fields;
use crate::diagnostic::{Diagnostic, MOST_REMARKS, suggestion};
use crate::source::{Node, Span, Value};

type Places = Vec<(Dimension, String, Span)>;

/// Reads `when`; values come with their places, to be checked once the whole contract is known.
pub(super) fn read(when: Option<&Value>, out: &mut Vec<Diagnostic>) -> (Guard, Places) {
    let mut guard = Guard::default();
    let mut places = Places::new();
    let Some(when) = when else { return (guard, places) };
    let Some(entries) = when.as_table() else {
        out.push(wrong(when.span));
        return (guard, places);
    };
    if entries.is_empty() {
        // It would hold always, which nobody writes `when` for.
        out.push(wrong(when.span));
    }
    for entry in entries {
        match (entry.key.as_str(), &entry.value.node) {
            ("from", Node::Date(date)) => guard.from = Some(*date),
            ("until", Node::Date(date)) => guard.until = Some(*date),
            ("from" | "until", _) => out.push(wrong(entry.value.span)),
            (key, _) => match Dimension::from_key(key) {
                Some(dimension) => {
                    let values = values(&entry.value, out);
                    guard.values.insert(dimension, values.iter().map(|(v, _)| v.clone()).collect());
                    places.extend(values.into_iter().map(|(v, s)| (dimension, v, s)));
                }
                None => out.push(unknown_dimension(key, entry.key_span)),
            },
        }
    }
    if let (Some(from), Some(until)) = (guard.from, guard.until)
        && until < from
    {
        out.push(
            Diagnostic::error(
                "E-GUARD-DATES",
                when.span,
                "cette condition finit avant de commencer",
                "this condition ends before it starts",
            )
            .help("échangez from et until", "swap from and until"),
        );
    }
    (guard, places)
}

fn values(value: &Value, out: &mut Vec<Diagnostic>) -> Vec<(String, Span)> {
    match &value.node {
        Node::Text(text) => vec![(text.clone(), value.span)],
        Node::Array(values) if !values.is_empty() => values
            .iter()
            .filter_map(|v| match v.as_text() {
                Some(text) => Some((text.to_owned(), v.span)),
                None => {
                    out.push(wrong(v.span));
                    None
                }
            })
            .collect(),
        _ => {
            out.push(wrong(value.span));
            Vec::new()
        }
    }
}

fn wrong(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-GUARD-SHAPE",
        span,
        "une condition ne s'écrit pas ainsi",
        "a condition is not written like this",
    )
    .help(
        "écrivez when = { priority = [\"P1\"], from = 2026-06-01, until = 2026-08-31 }",
        "write when = { priority = [\"P1\"], from = 2026-06-01, until = 2026-08-31 }",
    )
}

fn unknown_dimension(key: &str, span: Span) -> Diagnostic {
    let help = suggestion(key, Dimension::ALL.iter().map(|d| d.key()).chain(["from", "until"]));
    Diagnostic::error(
        "E-GUARD-DIMENSION",
        span,
        format!("on ne peut pas poser de condition sur « {key} »"),
        format!("a condition cannot look at “{key}”"),
    )
    .help(help.fr, help.en)
}

/// The values each dimension may take, for those the contract lists; the others are open.
#[derive(Debug, Default)]
pub(crate) struct Declared(BTreeMap<Dimension, BTreeSet<String>>);

impl Declared {
    pub fn of(clauses: &[Clause]) -> Declared {
        let mut all: BTreeMap<Dimension, BTreeSet<String>> = BTreeMap::new();
        let mut add = |dimension, kind: &str, field: &str| {
            let values = clauses.iter().filter(|c| c.is(kind)).flat_map(|c| {
                let fields = Fields::new(c);
                fields.text(field).into_iter().chain(fields.texts(field))
            });
            all.entry(dimension).or_default().extend(values);
        };
        add(Dimension::Priority, "priority_matrix", "priorities");
        add(Dimension::Impact, "priority_matrix", "impacts");
        add(Dimension::Urgency, "priority_matrix", "urgencies");
        add(Dimension::Site, "parties", "sites");
        add(Dimension::Item, "perimeter", "items");
        add(Dimension::ItemClass, "perimeter", "class");
        add(Dimension::Operation, "operations", "operation");
        Declared(all)
    }

    /// `None` when the dimension is open.
    pub fn values(&self, dimension: Dimension) -> Option<&BTreeSet<String>> {
        self.0.get(&dimension)
    }
}

/// Each value named is declared; each date is within the contract; an exception can apply at all.
pub(super) fn check(c: &mut Compiler) {
    let declared = Declared::of(&c.clauses);
    let mut found = Vec::new();
    let mut of_label: BTreeMap<&str, &Clause> = BTreeMap::new();
    for clause in &c.clauses {
        of_label.entry(&clause.label).or_insert(clause);
    }
    let mut errors = 0;
    for clause in &c.clauses {
        for (dimension, value, span) in &clause.when_values {
            // Each remark is an error and compares its word with many: a thousand are enough.
            if let Some(known) = declared.values(*dimension).filter(|known| !known.contains(value))
                && errors < MOST_REMARKS
            {
                errors += 1;
                found.push(undeclared("E-GUARD-VALUE", *dimension, value, *span, known));
            }
        }
        found.extend(c.terms.term.as_ref().and_then(|term| out_of_term(clause, &term.then)));
        let excepted = clause.exception_to.as_ref().and_then(|(label, _)| of_label.get(label.as_str()));
        found.extend(excepted.and_then(|parent| never(clause, parent)));
    }
    c.diagnostics.extend(found);
}

/// A value that no clause declares, and where it would be declared.
pub(crate) fn undeclared(
    code: &'static str,
    dimension: Dimension,
    value: &str,
    span: Span,
    known: &BTreeSet<String>,
) -> Diagnostic {
    let (fr, en, place) = match dimension {
        Dimension::Priority => ("la priorité", "priority", "priorities, clause priority_matrix"),
        Dimension::Impact => ("l'impact", "impact", "impacts, clause priority_matrix"),
        Dimension::Urgency => ("l'urgence", "urgency", "urgencies, clause priority_matrix"),
        Dimension::Site => ("le site", "site", "sites, clause parties"),
        Dimension::Item => ("l'élément", "item", "items, clause perimeter"),
        Dimension::ItemClass => ("la classe", "class", "class, clause perimeter"),
        Dimension::Operation => ("l'opération", "operation", "operation, clause operations"),
        other => (other.key(), other.key(), "perimeter"),
    };
    let (help_fr, help_en) = if known.is_empty() {
        (
            format!("le contrat n'en déclare pas : ajoutez {place}, ou retirez cette valeur"),
            format!("the contract declares none: add {place}, or remove this value"),
        )
    } else {
        let help = suggestion(value, known.iter().map(String::as_str));
        (format!("{} ({place})", help.fr), format!("{} ({place})", help.en))
    };
    Diagnostic::error(
        code,
        span,
        format!("le contrat ne déclare nulle part {fr} « {value} »"),
        format!("the contract declares no {en} “{value}”"),
    )
    .help(help_fr, help_en)
}

/// A guard whose dates are all before the contract starts, or after it ends for good.
fn out_of_term(clause: &Clause, term: &ContractTerm) -> Option<Diagnostic> {
    let before = clause.when.until.filter(|until| *until < term.start);
    let end = term.end().filter(|_| term.renewal == Renewal::None);
    let after = clause.when.from.filter(|from| end.is_some_and(|end| *from > end));
    let (fr, en) = match (before, after) {
        (Some(_), _) => ("finit avant le début du contrat", "ends before the contract starts"),
        (None, Some(_)) => ("commence après la fin du contrat", "begins after the contract's end"),
        (None, None) => return None,
    };
    Some(
        Diagnostic::warning(
            "W-GUARD-TERM",
            clause.when_span,
            format!("cette condition {fr}"),
            format!("this condition {en}"),
        )
        .help("corrigez la date, ou retirez la clause", "correct the date, or remove the clause"),
    )
}

/// An exception whose guard contradicts that of the clause it excepts.
fn never(clause: &Clause, parent: &Clause) -> Option<Diagnostic> {
    (!clause.when.overlaps(&parent.when)).then(|| {
        Diagnostic::warning(
            "W-GUARD-NEVER",
            clause.when_span,
            format!(
                "cette exception ne s'applique jamais : « {} » ne vaut dans aucun de ces cas",
                parent.label
            ),
            format!("this exception never applies: “{}” holds in none of these cases", parent.label),
        )
        .related(parent.when_span, "sa condition", "its condition")
        .help("corrigez l'une des deux conditions", "correct one of the two conditions")
    })
}
