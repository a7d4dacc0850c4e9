//! From the text to the terms, in steps that each report everything they see.

mod amend;
mod conflicts;
mod echoes;
mod exceptions;
mod front;
mod gaps;
mod guards;
mod head;
mod order;
mod references;

use base::{Lang, Provenance};
use terms::{Rule, Terms};

use crate::clauses::{self, Clause, Fields, KINDS};
use crate::diagnostic::{self, Diagnostic};
use crate::document::{self, Document};
use crate::example;
use crate::packs;
use crate::prose;
use crate::source::{File, Source};

pub use amend::compile_amendment;
pub(crate) use echoes::unread;
pub use front::{Arrangement, FrontMatter, SECTORS, TRADES};
pub(crate) use guards::{Declared, undeclared};
pub use order::compile_order;

/// What compiling yields: the terms as far as they could be read, the document, and every remark.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub terms: Terms,
    pub document: Document,
    /// In the order of the files and lines. Those of an amendment's base are not repeated.
    pub diagnostics: Vec<Diagnostic>,
    pub front_matter: FrontMatter,
    /// The contract, then its amendments, in the order they were compiled.
    pub files: Vec<File>,
    pub(crate) clauses: Vec<Clause>,
}

impl Compiled {
    /// No error: the text may be signed and run.
    pub fn is_valid(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The remarks on what is written, without those of rule packs on what is not.
    pub fn on_what_is_written(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|d| d.gate_code.is_none())
    }

    /// The labels in force, in the order of the text.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().map(|c| c.label.as_str())
    }
}

/// What the kinds fill in.
pub(crate) struct Compiler {
    pub front: FrontMatter,
    pub terms: Terms,
    pub files: Vec<File>,
    pub clauses: Vec<Clause>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a contract. The same text gives the same result, everywhere and always.
pub fn compile(file_name: &str, text: &str) -> Compiled {
    let files = vec![File::new(file_name, text)];
    let mut diagnostics = Vec::new();
    let source = Source::read(0, &files[0], &mut diagnostics);
    let front_matter = front::read(&source, &mut diagnostics);
    if let (Some(base), Some(span)) = (&front_matter.amends, front_matter.span_of("amends")) {
        diagnostics.push(
            Diagnostic::error(
                "E-AMENDMENT-ALONE",
                span,
                format!("ce texte est un avenant à {base} : il se lit avec lui"),
                format!("this text amends {base}: it is read together with it"),
            )
            .help(
                "donnez le contrat : regisseur contract check AVENANT --base CONTRAT",
                "give the contract: regisseur contract check AMENDMENT --base CONTRACT",
            ),
        );
    }
    diagnostics.extend(order::alone(&front_matter));
    let blocks = head::read(&source, &mut diagnostics);
    let mut clauses = Vec::new();
    for block in blocks {
        if let Some((word, span)) = block.change {
            diagnostics.push(amend::outside(word, span));
        }
        clauses.extend(block.clause);
    }
    let mut compiler =
        Compiler { terms: terms(&front_matter, &source), front: front_matter, files, clauses, diagnostics };
    compiler.run();
    let shown = prose::render(&mut compiler, &source);
    example::check(&mut compiler, &source);
    let document = document::build(&compiler, &source, shown);
    let Compiler { front, terms, files, clauses, mut diagnostics } = compiler;
    diagnostic::most(&mut diagnostics);
    echoes::quiet(&source, &files, &clauses, &mut diagnostics);
    diagnostic::sort(&source, &mut diagnostics);
    Compiled { terms, document, diagnostics, front_matter: front, files, clauses }
}

/// The title that the front matter gives, or else the first heading.
fn title_of(front: &FrontMatter, source: &Source) -> String {
    let title = source.headings.iter().find(|h| h.level == 1).map(|h| h.title.clone());
    front.title.clone().or(title).unwrap_or_default()
}

fn terms(front: &FrontMatter, source: &Source) -> Terms {
    Terms {
        contract: front.contract.clone(),
        title: title_of(front, source),
        language: front.language,
        semantics: front.semantics,
        currency: front.currency,
        zone: front.zone.clone(),
        ..Terms::default()
    }
}

impl Compiler {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub fn lang(&self) -> Lang {
        self.terms.language
    }

    /// The term with its provenance and its guard.
    pub fn rule<T>(&self, fields: &Fields<'_>, then: T) -> Rule<T> {
        let clause = fields.clause;
        Rule {
            from: self.provenance(clause),
            when: clause.when.clone(),
            exception_to: clause.exception_to.as_ref().map(|(label, _)| label.clone()),
            then,
        }
    }

    pub fn provenance(&self, clause: &Clause) -> Provenance {
        let file = &self.files[clause.span.file];
        Provenance {
            contract: self.terms.contract.clone(),
            version: String::new(),
            article: clause.article.clone(),
            label: clause.label.clone(),
            file: file.name.clone(),
            line: file.position(clause.span.start).line,
        }
    }

    /// Gives names to values of a dimension.
    pub fn name_all(&mut self, dimension: &str, names: Vec<(String, String)>) {
        if !names.is_empty() {
            self.terms.names.entry(dimension.to_owned()).or_default().extend(names);
        }
    }

    /// From clauses to terms, then what only the whole contract can tell.
    fn run(&mut self) {
        head::duplicates(self);
        exceptions::resolve(self);
        self.compile_kinds();
        clauses::calendar::resolve(self);
        clauses::calendar::check_years(self);
        clauses::committee::check_objectives(self);
        guards::check(self);
        conflicts::check(self);
        gaps::check(self);
        references::check(self);
        packs::check(self);
    }

    fn compile_kinds(&mut self) {
        let mut all = std::mem::take(&mut self.clauses);
        for kind in KINDS {
            for clause in all.iter_mut().filter(|c| c.kind.name == kind.name && c.sound) {
                clause.sound = (kind.compile)(&Fields::new(clause), self).is_some();
            }
        }
        self.clauses = all;
    }
}
