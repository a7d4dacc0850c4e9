//! Provenance and reasons: every result of an engine carries why, and which articles said so.

use serde::{Deserialize, Serialize};

use crate::lang::{Bilingual, Lang};

/// Where in the signed texts a rule stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Provenance {
    /// The contract's number, `CTR-2026-001`.
    pub contract: String,
    /// SHA-256 of the version's texts, lower-case hex; empty while a text is only being checked.
    pub version: String,
    /// The heading the clause stands under, as signed: `Article 7 – Délais de rétablissement`.
    pub article: String,
    /// The clause's label, unique in its contract.
    pub label: String,
    /// The file (the contract's, or an amendment's) and the 1-based line of the block in it.
    pub file: String,
    pub line: u32,
}

impl Provenance {
    /// `Article 7 – Délais de rétablissement [delai-p1]`.
    pub fn cite(&self) -> String {
        format!("{} [{}]", self.article, self.label)
    }
}

/// One step of an explanation: a stable code, a sentence in both languages, and the clause it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable and free of words, `sla.due`; sentences may improve.
    pub code: String,
    pub text: Bilingual,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cites: Option<Provenance>,
}

impl Reason {
    pub fn new(code: &str, fr: impl Into<String>, en: impl Into<String>) -> Reason {
        Reason { code: code.to_owned(), text: Bilingual::new(fr, en), cites: None }
    }

    pub fn citing(mut self, clause: &Provenance) -> Reason {
        self.cites = Some(clause.clone());
        self
    }

    /// The sentence, with its citation.
    pub fn show(&self, lang: Lang) -> String {
        match &self.cites {
            Some(clause) => format!("{} ({})", self.text.get(lang), clause.cite()),
            None => self.text.get(lang).to_owned(),
        }
    }
}

/// A value and the reasons for it, in the order they were reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because<T> {
    pub value: T,
    pub reasons: Vec<Reason>,
}

impl<T> Because<T> {
    pub fn new(value: T, reasons: Vec<Reason>) -> Self {
        Because { value, reasons }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Because<U> {
        Because { value: f(self.value), reasons: self.reasons }
    }

    /// The clauses cited, each once, in order of first citation.
    pub fn cited(&self) -> Vec<&Provenance> {
        let mut seen: Vec<&Provenance> = Vec::new();
        for clause in self.reasons.iter().filter_map(|r| r.cites.as_ref()) {
            if !seen.iter().any(|s| s.label == clause.label && s.contract == clause.contract) {
                seen.push(clause);
            }
        }
        seen
    }
}
