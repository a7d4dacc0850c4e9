//! What a clause says in full: each field, written, inherited or by default; and the whole read back.

use std::fmt::Write;

use base::Lang;

use crate::clauses::{Clause, Merged, Origin};
use crate::compile::Compiled;
use crate::diagnostic::{Style, render_all, suggestion};
use crate::document::ClauseState;

/// The clauses of a contract, or one of them, field by field; of a code, the places it was given for.
///
/// `Err` when no clause and no kind has that name: what to write instead, in the language asked.
pub fn explain(compiled: &Compiled, label: Option<&str>, lang: Lang) -> Result<String, String> {
    if let Some(code) = label.filter(|l| is_code(l)) {
        let found: Vec<_> = compiled.diagnostics.iter().filter(|d| d.code == code).cloned().collect();
        return Ok(render_all(&compiled.files, &found, lang, Style::default()));
    }
    let all: Vec<&Clause> =
        compiled.clauses.iter().filter(|c| label.is_none_or(|l| c.label == l || c.kind.name == l)).collect();
    match label {
        Some(label) if all.is_empty() => {
            let known = compiled.clauses.iter().map(|c| c.label.as_str());
            let help = suggestion(label, known);
            Err(lang.t(
                format!("aucune clause ne s'appelle « {label} » ; {}", help.fr),
                format!("no clause is called “{label}”; {}", help.en),
            ))
        }
        _ => Ok(all.iter().map(|c| one(compiled, c, lang)).collect::<Vec<_>>().join("\n")),
    }
}

/// Whether a word is a diagnostic's code rather than a label.
pub fn is_code(word: &str) -> bool {
    ["E-", "W-", "A-"].iter().any(|severity| word.starts_with(severity))
}

fn one(compiled: &Compiled, clause: &Clause, lang: Lang) -> String {
    let file = &compiled.files[clause.span.file];
    let line = file.position(clause.span.start).line;
    let mut out = String::new();
    let _ = writeln!(out, "{} [{}]", clause.kind.name, clause.label);
    let _ = writeln!(out, "  {} ({}:{line})", clause.article, file.name);
    if let Some((parent, _)) = &clause.exception_to {
        let _ = writeln!(out, "  {} [{parent}]", lang.t("exception à", "exception to"));
    }
    if clause.when_span != clause.label_span {
        let _ = writeln!(out, "  when = {}", file.slice(clause.when_span));
    }
    for field in clause.kind.fields {
        if let Some(merged) = clause.merged.iter().find(|m| m.entry.key == field.name) {
            let value = written(compiled, field, merged);
            let origin = match &merged.origin {
                Origin::Own => String::new(),
                Origin::Inherited(from) => {
                    lang.t(format!("    (hérité de [{from}])"), format!("    (inherited from [{from}])"))
                }
                Origin::Default => lang.t("    (par défaut)", "    (by default)").to_owned(),
            };
            let _ = writeln!(out, "    {} = {value}{origin}", field.name);
            let _ = writeln!(out, "        {}", lang.t(field.fr, field.en));
        }
    }
    if let Some(sentence) = crate::read_back_of(&compiled.terms, &compiled.clauses, &clause.label) {
        let _ = writeln!(out, "  → {}", sentence.get(lang));
    }
    out
}

/// The value as its author wrote it.
fn written(compiled: &Compiled, field: &crate::Field, merged: &Merged) -> String {
    match (&merged.origin, field.presence) {
        (Origin::Default, crate::Presence::Default(text)) => text.to_owned(),
        _ => {
            let span = merged.entry.value.span;
            let text = compiled.files[span.file].slice(span);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}

/// The whole contract as the machine reads it: a sentence under each article.
pub fn read_back(compiled: &Compiled, lang: Lang) -> String {
    let mut out = format!("{}\n", compiled.document.title);
    for article in compiled.document.articles.iter().filter(|a| !a.clauses.is_empty()) {
        let _ = write!(out, "\n{}\n", article.title);
        for clause in &article.clauses {
            let sentence = match &clause.state {
                ClauseState::InForce => clause.read_back.get(lang).to_owned(),
                ClauseState::Replaced { by } => {
                    lang.t(format!("(remplacée par [{by}])"), format!("(replaced by [{by}])"))
                }
                ClauseState::Ended => lang.t("(abrogée)", "(ended)").to_owned(),
            };
            let sentence = if sentence.is_empty() {
                lang.t("(cette clause ne se compile pas)", "(this clause does not compile)").to_owned()
            } else {
                sentence
            };
            let _ = writeln!(out, "  [{}] {sentence}", clause.label);
        }
    }
    out
}
