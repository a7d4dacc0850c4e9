//! The machine's form of diagnostics, for editors and scripts.

use base::Lang;
use serde_json::{Value, json as object};

use super::Diagnostic;
use crate::source::File;

/// `[{"code","severity","file","line","column","message","help"}]`, in one language.
pub fn json(files: &[File], diagnostics: &[Diagnostic], lang: Lang) -> Value {
    diagnostics.iter().map(|d| one(files, d, lang)).collect()
}

fn one(files: &[File], diagnostic: &Diagnostic, lang: Lang) -> Value {
    let file = files.get(diagnostic.span.file);
    let at = file.map(|f| f.position(diagnostic.span.start));
    object!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.key(),
        "file": file.map_or("", |f| f.name.as_str()),
        "line": at.map_or(1, |p| p.line),
        "column": at.map_or(1, |p| p.column),
        "message": diagnostic.message.get(lang),
        "help": diagnostic.help.get(lang),
    })
}
