//! Reasons, as every answer that decides something carries them.

use base::{Bilingual, Provenance, Reason};

use super::schema::answer;

answer! {
    /// The clause of the signed text that something rests on.
    Article {
        /// The contract's number.
        contract: String,
        /// The heading as signed: `Article 7 – Délais de rétablissement`.
        article: String,
        /// The clause's label, unique in its contract.
        label: String,
        /// The file signed, the contract's or an amendment's, and the line of the clause in it.
        file: String,
        line: u32,
    }

    /// One step of an explanation.
    Why {
        /// Stable, for programs; the sentence may improve.
        code: String,
        text: Bilingual,
        /// The clause it rests on, if it rests on one.
        article: Option<Article>,
    }
}

impl From<Provenance> for Article {
    fn from(p: Provenance) -> Article {
        Article { contract: p.contract, article: p.article, label: p.label, file: p.file, line: p.line }
    }
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Why {
        Why { code: reason.code, text: reason.text, article: reason.cites.map(Article::from) }
    }
}

/// In the order they were reached.
pub fn whys(reasons: Vec<Reason>) -> Vec<Why> {
    reasons.into_iter().map(Why::from).collect()
}
