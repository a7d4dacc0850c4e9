//! What is wrong with a text, where, and what to write instead.

mod json;
mod render;

use base::Bilingual;

use crate::source::{Source, Span};

pub use json::json;
pub use render::{Style, render, render_all};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The contract does not compile.
    Error,
    /// It compiles; somebody should look.
    Warning,
    /// A better way to write the same thing.
    Advice,
}

impl Severity {
    /// As `--json` prints it.
    pub fn key(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

/// One remark on a text. The code is stable, `E-KIND-WHAT`; the sentences may improve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static str,
    pub severity: Severity,
    pub span: Span,
    pub message: Bilingual,
    pub help: Bilingual,
    /// Other places that take part, shown below the first: the sibling of a conflict.
    pub related: Vec<Related>,
    /// Said by a rule pack: its code at the signature's gate, `E-…` when it is mandatory.
    pub gate_code: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub span: Span,
    pub message: Bilingual,
}

impl Diagnostic {
    pub fn error(code: &'static str, span: Span, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Error, span, Bilingual::new(fr, en))
    }

    pub fn warning(
        code: &'static str,
        span: Span,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, Severity::Warning, span, Bilingual::new(fr, en))
    }

    pub fn advice(
        code: &'static str,
        span: Span,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, Severity::Advice, span, Bilingual::new(fr, en))
    }

    fn new(code: &'static str, severity: Severity, span: Span, message: Bilingual) -> Diagnostic {
        Diagnostic {
            code,
            severity,
            span,
            message,
            help: Bilingual::default(),
            related: Vec::new(),
            gate_code: None,
        }
    }

    /// What to write instead.
    pub fn help(mut self, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        self.help = Bilingual::new(fr, en);
        self
    }

    pub fn related(mut self, span: Span, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        self.related.push(Related { span, message: Bilingual::new(fr, en) });
        self
    }

    pub(crate) fn of_a_pack(mut self, gate_code: &'static str) -> Diagnostic {
        self.gate_code = Some(gate_code);
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// So many remarks are kept of one text, errors first: nobody reads more, and a hostile text could ask
/// for a million.
pub(crate) const MOST_REMARKS: usize = 1000;

/// Keeps no more remarks than a person could read, and says how many are left out.
pub(crate) fn most(diagnostics: &mut Vec<Diagnostic>) {
    let Some(more) = diagnostics.len().checked_sub(MOST_REMARKS).filter(|more| *more > 0) else { return };
    diagnostics.sort_by_key(|d| (d.severity, d.span));
    diagnostics.truncate(MOST_REMARKS);
    diagnostics.push(
        Diagnostic::advice(
            "A-REMARKS-MORE",
            Span::default(),
            format!("{more} autres remarques, et peut-être davantage, ne sont pas montrées"),
            format!("{more} other remarks, and perhaps more, are not shown"),
        )
        .help(
            "corrigez d'abord celles-ci, puis vérifiez de nouveau le texte",
            "correct these first, then check the text again",
        ),
    );
}

/// In the order of the files, then of the lines; each remark once. Of a block whose TOML cannot be read,
/// only that is said.
pub(crate) fn sort(source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let unread: Vec<Span> = source.blocks.iter().filter(|b| b.broken).map(|b| b.span).collect();
    let broken = |span: Span| {
        unread.iter().any(|b| b.file == span.file && b.start <= span.start && span.start < b.end)
    };
    diagnostics.retain(|d| d.code.starts_with("E-BLOCK-") || !broken(d.span));
    // What the whole text lacks comes after what is wrong with a line.
    let key = |d: &Diagnostic| (d.span == Span::default(), d.span.file, d.span.start, d.severity, d.code);
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
    diagnostics.dedup();
}

/// Words longer than so many characters are compared, and shown, by their beginning: the distance takes
/// the product of their lengths.
const LONGEST_COMPARED: usize = 40;
/// So many known words are looked at: a contract of a hundred pages has 400 labels.
const MOST_COMPARED: usize = 500;

/// The nearest of some known words, if one is near enough to be a typing mistake.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (word, length) = compared(word);
    known
        .into_iter()
        .take(MOST_COMPARED)
        .filter_map(|k| {
            let (lower, other) = compared(k);
            let most = (other.max(length) / 3).max(1);
            // The lengths alone may tell them apart.
            if other.abs_diff(length) > most {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&word, &lower);
            (distance <= most).then_some((distance, k))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// A word as words are compared, and its length in characters.
fn compared(word: &str) -> (String, usize) {
    let beginning = beginning(word);
    (beginning.to_lowercase(), beginning.chars().count())
}

fn beginning(word: &str) -> &str {
    word.char_indices().nth(LONGEST_COMPARED).map_or(word, |(end, _)| &word[..end])
}

/// How many known words a help lists.
const MOST_SHOWN: usize = 16;

/// « écrivez « x » ; connus : a, b » / “write “x”; known: a, b”.
pub(crate) fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Bilingual {
    let near = nearest(word, known.clone());
    suggestion_of(word, near, known)
}

/// As [`suggestion`], when the one that was meant is known otherwise.
pub(crate) fn suggestion_of<'a>(
    word: &str,
    near: Option<&'a str>,
    known: impl IntoIterator<Item = &'a str>,
) -> Bilingual {
    let mut all: Vec<&str> = known.into_iter().filter(|k| !k.is_empty()).take(MOST_COMPARED).collect();
    if near.is_none() && all.len() > MOST_SHOWN {
        // Those that look most like what was written come first: « pénalité » finds penalty.
        let (word, _) = compared(word);
        all.sort_by_cached_key(|k| strsim::damerau_levenshtein(&word, &compared(k).0));
    }
    // A long list hides the answer.
    let shown = all.len().min(MOST_SHOWN);
    let more = if all.len() > shown { ", …" } else { "" };
    let words: Vec<&str> = all[..shown].iter().map(|k| beginning(k)).collect();
    let list = format!("{}{more}", words.join(", "));
    match (near, list.is_empty()) {
        (Some(near), _) => Bilingual::new(
            format!("vouliez-vous dire « {near} » ? Connus : {list}"),
            format!("did you mean “{near}”? Known: {list}"),
        ),
        (None, false) => Bilingual::new(format!("connus : {list}"), format!("known: {list}")),
        (None, true) => Bilingual::new("le contrat n'en déclare aucun", "the contract declares none"),
    }
}
