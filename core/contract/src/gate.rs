//! The signature's gate: what must be settled before a text is signed, and was only a remark before.
//!
//! Two things stand here that a plain check does not ask for: what is mandatory becomes an error, and
//! the preparation of the contract is on file (studies, audits, needs, social file), each piece
//! present or set aside with a reason.

mod pieces;
mod preparation;
mod studies;
mod tender;

use base::Because;
use engines::tender::Score;

use crate::back_to_back::BackToBack;
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{File, Span};

pub use pieces::PIECES;

/// What the gate says; `files` are those of the diagnostics' places, the preparation's last.
#[derive(Clone, Debug)]
pub struct Gate {
    pub diagnostics: Vec<Diagnostic>,
    pub files: Vec<File>,
    /// The bids of the preparation's `[consultation]`, best first, each with why it has its mark.
    pub tender: Vec<Because<Score>>,
}

impl Gate {
    /// Nothing stands in the way of signing.
    pub fn is_open(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The same, with what comparing the contract with its subcontracts says.
    ///
    /// `own`: how many files the contract itself is made of; both begin with them.
    pub fn and(mut self, both: BackToBack, own: usize) -> Gate {
        let added = self.files.len() - own;
        self.files.extend(both.files.into_iter().skip(own));
        let shift = |span: &mut Span| {
            if span.file >= own {
                span.file += added;
            }
        };
        self.diagnostics.extend(both.diagnostics.into_iter().map(|mut d| {
            shift(&mut d.span);
            d.related.iter_mut().for_each(|r| shift(&mut r.span));
            d
        }));
        self
    }
}

/// The remarks on a compiled text as they weigh on the day of signing, and those on its preparation.
///
/// `preparation`: the name and the text of its file; an amendment or an order needs none.
pub fn signature(compiled: &Compiled, preparation: Option<(&str, &str)>) -> Gate {
    let mut diagnostics: Vec<Diagnostic> = compiled.diagnostics.iter().cloned().map(weighed).collect();
    let mut files = compiled.files.clone();
    let front = &compiled.front_matter;
    let mut tender = Vec::new();
    let rests_on_another = front.amends.is_some() || front.order_of.is_some();
    match preparation {
        Some((name, text)) => {
            files.push(File::new(name, text));
            tender = preparation::check(compiled, text, files.len() - 1, &mut diagnostics);
        }
        None if rests_on_another => {}
        None => diagnostics.push(
            Diagnostic::error(
                "E-PREPARATION-MISSING",
                Span::default(),
                "un contrat se signe avec son dossier préparatoire : études, audits, besoins, volet social",
                "a contract is signed with its preparation file: studies, audits, needs, social file",
            )
            .help(
                format!("donnez-le par --preparation FICHIER ; il contient {}", PIECES.join(", ")),
                format!("give it with --preparation FILE; it holds {}", PIECES.join(", ")),
            ),
        ),
    }
    diagnostics.sort_by_key(|d| (d.severity, d.span == Span::default(), d.span.file, d.span.start, d.code));
    Gate { diagnostics, files, tender }
}

/// A remark as it weighs on the day of signing.
fn weighed(mut remark: Diagnostic) -> Diagnostic {
    if let Some(code) = remark.gate_code.filter(|code| code.starts_with("E-")) {
        remark.code = code;
        remark.severity = Severity::Error;
    }
    remark
}
