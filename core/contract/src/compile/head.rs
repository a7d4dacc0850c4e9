//! The head of each block: its kind, its label, what it excepts, when it holds.

use std::collections::BTreeMap;

use terms::Guard;

use super::{Compiler, guards};
use crate::clauses::{self, Clause, KINDS, Kind};
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{Block, BlockKind, Entry, Node, Source, Span, Value};

/// A block of rules as read: a clause, what it does to an earlier one, or both.
pub(super) struct Read {
    pub clause: Option<Clause>,
    /// `replace = "…"` or `end = "…"`, allowed in amendments only.
    pub change: Option<(Change, Span)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Replace(String),
    End(String),
}

const KEYS: [&str; 8] = ["kind", "label", "exception_to", "when", "then", "default", "replace", "end"];

/// Every clause block of a source.
pub(super) fn read(source: &Source, out: &mut Vec<Diagnostic>) -> Vec<Read> {
    source.blocks.iter().filter(|b| b.kind == BlockKind::Clause).map(|b| one(source, b, out)).collect()
}

fn one(source: &Source, block: &Block, out: &mut Vec<Diagnostic>) -> Read {
    for entry in block.entries.iter().filter(|e| !KEYS.contains(&e.key.as_str())) {
        out.push(unknown_key(entry, block));
    }
    let change = change(block, out);
    if matches!(change, Some((Change::End(_), _))) {
        return Read { clause: None, change };
    }
    let replaced = match &change {
        Some((Change::Replace(label), span)) => Some((label.clone(), *span)),
        _ => None,
    };
    let clause = kind(block, out).and_then(|kind| {
        let (label, label_span) = match (text(block, "label", out), replaced) {
            (Some(found), _) => found,
            (None, Some(replaced)) => replaced,
            (None, None) => {
                absent(block, "label", "label = \"delai-p1\"", out);
                return None;
            }
        };
        check_label(&label, label_span, out);
        let heading = &source.headings[block.heading];
        let exception_to = text(block, "exception_to", out);
        let (when, when_values) = guards::read(get(block, "when"), out);
        let when_span = get(block, "when").map_or(label_span, |v| v.span);
        refuse_guard(kind, block, out);
        Some(Clause {
            kind,
            label,
            label_span,
            span: block.span,
            heading: block.heading,
            article: heading.title.clone(),
            exception_to,
            when,
            when_span,
            when_values,
            default_none: default_none(block, out),
            own: then(block, out),
            merged: Vec::new(),
            sound: false,
        })
    });
    Read { clause, change }
}

fn get<'a>(block: &'a Block, key: &str) -> Option<&'a Value> {
    block.entries.iter().find(|e| e.key == key).map(|e| &e.value)
}

/// The first line of a block, where what concerns the whole of it is shown.
fn first_line(block: &Block) -> Span {
    Span { end: block.span.start + "```toml clause".len(), ..block.span }
}

fn text(block: &Block, key: &str, out: &mut Vec<Diagnostic>) -> Option<(String, Span)> {
    let value = get(block, key)?;
    match value.as_text() {
        Some(text) => Some((text.to_owned(), value.span)),
        None => {
            out.push(
                Diagnostic::error(
                    "E-CLAUSE-HEAD",
                    value.span,
                    format!("« {key} » est un texte"),
                    format!("“{key}” is a text"),
                )
                .help(format!("écrivez {key} = \"…\""), format!("write {key} = \"…\"")),
            );
            None
        }
    }
}

fn absent(block: &Block, key: &str, model: &str, out: &mut Vec<Diagnostic>) {
    // A key that nearly is this one was reported for itself.
    let unknown = |e: &&Entry| !KEYS.contains(&e.key.as_str());
    let near =
        |e: &Entry| nearest(&e.key, KEYS).is_some_and(|k| k == key || (k, key) == ("replace", "label"));
    if block.entries.iter().filter(unknown).any(near) {
        return;
    }
    out.push(
        Diagnostic::error(
            "E-CLAUSE-HEAD",
            first_line(block),
            format!("ce bloc n'a pas de « {key} »"),
            format!("this block has no “{key}”"),
        )
        .help(format!("ajoutez {model}"), format!("add {model}")),
    );
}

fn kind(block: &Block, out: &mut Vec<Diagnostic>) -> Option<&'static Kind> {
    let Some((name, span)) = text(block, "kind", out) else {
        if get(block, "kind").is_none() {
            absent(block, "kind", "kind = \"commitment\"", out);
        }
        return None;
    };
    let found = clauses::kind(&name);
    if found.is_none() {
        let help = suggestion(&name, KINDS.iter().map(|k| k.name));
        out.push(
            Diagnostic::error(
                "E-CLAUSE-KIND",
                span,
                format!("« {name} » n'est pas une sorte de clause"),
                format!("“{name}” is not a kind of clause"),
            )
            .help(help.fr, help.en),
        );
    }
    found
}

/// A field written beside `then` instead of in it is the commonest slip.
fn unknown_key(entry: &Entry, block: &Block) -> Diagnostic {
    let field = get(block, "kind")
        .and_then(Value::as_text)
        .and_then(clauses::kind)
        .and_then(|kind| kind.field(&entry.key));
    let diagnostic = Diagnostic::error(
        "E-CLAUSE-KEY",
        entry.key_span,
        format!("la clé « {} » n'existe pas en tête de bloc", entry.key),
        format!("there is no key “{}” at the head of a block", entry.key),
    );
    match field {
        Some(field) => diagnostic.help(
            format!("écrivez-la dans then : then.{} = …", field.name),
            format!("write it in then: then.{} = …", field.name),
        ),
        None => {
            let help = suggestion(&entry.key, KEYS);
            diagnostic.help(help.fr, help.en)
        }
    }
}

fn check_label(label: &str, span: Span, out: &mut Vec<Diagnostic>) {
    let fits = label.chars().next().is_some_and(char::is_alphanumeric)
        && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && label != "total"
        && label != "contract";
    if !fits {
        out.push(
            Diagnostic::error(
                "E-CLAUSE-LABEL",
                span,
                format!("« {label} » ne convient pas comme étiquette"),
                format!("“{label}” does not fit as a label"),
            )
            .help(
                "lettres, chiffres, tirets ; « total » et « contract » sont réservés",
                "letters, digits, hyphens; “total” and “contract” are reserved",
            ),
        );
    }
}

fn refuse_guard(kind: &Kind, block: &Block, out: &mut Vec<Diagnostic>) {
    if kind.guarded {
        return;
    }
    for key in ["when", "exception_to", "default"] {
        if let Some(entry) = block.entries.iter().find(|e| e.key == key) {
            out.push(
                Diagnostic::error(
                    "E-CLAUSE-UNGUARDED",
                    entry.key_span,
                    format!(
                        "une clause « {} » vaut pour tout le contrat : elle n'a pas de « {key} »",
                        kind.name
                    ),
                    format!("a clause “{}” holds for the whole contract: it has no “{key}”", kind.name),
                )
                .help(format!("retirez {key}"), format!("remove {key}")),
            );
        }
    }
}

fn default_none(block: &Block, out: &mut Vec<Diagnostic>) -> bool {
    let Some(value) = get(block, "default") else { return false };
    let none = value.as_text() == Some("none");
    if !none {
        out.push(
            Diagnostic::error(
                "E-CLAUSE-HEAD",
                value.span,
                "« default » ne vaut que \"none\"",
                "“default” can only be \"none\"",
            )
            .help(
                "default = \"none\" : les cas sans règle n'ont pas de promesse",
                "default = \"none\": cases without a rule have no promise",
            ),
        );
    }
    none
}

fn then(block: &Block, out: &mut Vec<Diagnostic>) -> Vec<Entry> {
    match get(block, "then").map(|v| (&v.node, v.span)) {
        Some((Node::Table(entries), _)) => entries.clone(),
        Some((_, span)) => {
            out.push(
                Diagnostic::error("E-CLAUSE-HEAD", span, "« then » est une table", "“then” is a table")
                    .help("écrivez then = { … }", "write then = { … }"),
            );
            Vec::new()
        }
        None => {
            absent(block, "then", "then = { … }", out);
            Vec::new()
        }
    }
}

fn change(block: &Block, out: &mut Vec<Diagnostic>) -> Option<(Change, Span)> {
    let replace = text(block, "replace", out).map(|(label, span)| (Change::Replace(label), span));
    let end = text(block, "end", out).map(|(label, span)| (Change::End(label), span));
    replace.or(end)
}

/// Two clauses of the same label: the second could never be named.
pub(super) fn duplicates(c: &mut Compiler) {
    let mut found = Vec::new();
    let mut first_of: BTreeMap<&str, &Clause> = BTreeMap::new();
    for clause in &c.clauses {
        let first = *first_of.entry(&clause.label).or_insert(clause);
        if first.span != clause.span {
            found.push(
                Diagnostic::error(
                    "E-CLAUSE-DUPLICATE",
                    clause.label_span,
                    format!("l'étiquette « {} » est déjà prise", clause.label),
                    format!("the label “{}” is already taken", clause.label),
                )
                .related(first.label_span, "prise ici", "taken here")
                .help("donnez-lui une autre étiquette", "give it another label"),
            );
        }
    }
    c.diagnostics.extend(found);
}

impl Clause {
    /// The guard of no clause: for tests of emptiness.
    pub fn always(&self) -> bool {
        self.when == Guard::default()
    }
}
