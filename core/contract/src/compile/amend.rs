//! Amendments: a new signed text that replaces, adds or ends clauses of the text it amends.
//!
//! The merged clauses compile as a contract does, so an amendment can neither leave a gap nor a
//! dangling exception behind. Each rule keeps the article, and the file, that states it.

use base::{Lang, lang};
use jiff::civil::Date;

use super::head::{self, Change};
use super::{Compiled, Compiler, echoes, front};
use crate::clauses::Clause;
use crate::diagnostic::{self, Diagnostic, suggestion};
use crate::document::{self, ClauseState};
use crate::source::{File, Source, Span};
use crate::{example, prose};

/// Compiles an amendment over what it amends: the new version, whole.
///
/// The diagnostics are those of the amendment, and those it causes in its base.
pub fn compile_amendment(base: &Compiled, file_name: &str, text: &str) -> Compiled {
    over(base, file_name, text, check_front, |base, _, _| terms::Terms {
        contract: base.terms.contract.clone(),
        title: base.terms.title.clone(),
        ..inherited(base)
    })
}

/// What a text that stands on another reads as the other does.
pub(super) fn inherited(base: &Compiled) -> terms::Terms {
    terms::Terms {
        language: base.terms.language,
        semantics: base.terms.semantics,
        currency: base.terms.currency,
        zone: base.terms.zone.clone(),
        ..terms::Terms::default()
    }
}

/// Compiles a text that stands on another: its clauses join, replace or end those of its base.
///
/// `check` reads the front matter against the base; `begin` gives the terms before any clause.
pub(super) fn over(
    base: &Compiled,
    file_name: &str,
    text: &str,
    check: impl Fn(&Compiled, &front::FrontMatter, usize, &mut Vec<Diagnostic>),
    begin: impl Fn(&Compiled, &front::FrontMatter, &Source) -> terms::Terms,
) -> Compiled {
    let mut files = base.files.clone();
    files.push(File::new(file_name, text));
    let index = files.len() - 1;
    let mut diagnostics = Vec::new();
    let source = Source::read(index, &files[index], &mut diagnostics);
    let front_matter = front::read(&source, &mut diagnostics);
    check(base, &front_matter, index, &mut diagnostics);

    let (clauses, states) = merge(base, &source, &mut diagnostics);
    let terms = begin(base, &front_matter, &source);
    let front = front::FrontMatter {
        customer: base.front_matter.customer.clone(),
        provider: base.front_matter.provider.clone(),
        // An order may be of fewer trades than its master; it is then checked for those alone.
        trades: match (&front_matter.order_of, front_matter.trades.is_empty()) {
            (Some(_), false) => front_matter.trades.clone(),
            _ => base.front_matter.trades.clone(),
        },
        sector: base.front_matter.sector.clone(),
        rule_packs: base.front_matter.rule_packs.clone(),
        without_packs: base.front_matter.without_packs.clone(),
        arrangement: match front_matter.order_of {
            Some(_) => front::Arrangement::Subsequent,
            None => base.front_matter.arrangement,
        },
        // What amends an order is still of that order's master.
        order_of: front_matter.order_of.clone().or_else(|| base.front_matter.order_of.clone()),
        ..front_matter
    };
    let mut compiler = Compiler { front, terms, files, clauses, diagnostics };
    compiler.run();
    let shown = prose::render(&mut compiler, &source);
    example::check(&mut compiler, &source);
    let mut document = document::amended(&base.document, &compiler, &source, shown, &states);
    document.title.clone_from(&compiler.terms.title);
    let Compiler { front, terms, files, clauses, mut diagnostics } = compiler;
    diagnostic::most(&mut diagnostics);
    diagnostics.retain(|d| !base.diagnostics.contains(d));
    echoes::quiet(&source, &files, &clauses, &mut diagnostics);
    diagnostic::sort(&source, &mut diagnostics);
    Compiled { terms, document, diagnostics, front_matter: front, files, clauses }
}

fn check_front(base: &Compiled, front: &front::FrontMatter, file: usize, out: &mut Vec<Diagnostic>) {
    let head = Span::new(file, 0, 3);
    let number = &base.terms.contract;
    match &front.amends {
        Some(amends) if amends == number => {}
        Some(amends) => out.push(
            Diagnostic::error(
                "E-AMENDMENT-BASE",
                front.span_of("amends").unwrap_or(head),
                format!("cet avenant modifie {amends}, et le contrat donné est {number}"),
                format!("this amends {amends}, and the contract given is {number}"),
            )
            .help("donnez le bon contrat par --base", "give the right contract with --base"),
        ),
        None => out.push(
            Diagnostic::error(
                "E-AMENDMENT-BASE",
                head,
                "cet avenant ne dit pas quel contrat il modifie",
                "this amendment does not say which contract it amends",
            )
            .help(format!("ajoutez amends = \"{number}\""), format!("add amends = \"{number}\"")),
        ),
    }
    let start = base.terms.term.as_ref().map(|t| t.then.start);
    let early = front.effective.zip(start).is_some_and(|(effective, start)| effective < start);
    if front.effective.is_none() || early {
        out.push(
            Diagnostic::error(
                "E-AMENDMENT-DATE",
                front.span_of("effective").unwrap_or(head),
                "un avenant dit son premier jour d'effet, après le début du contrat",
                "an amendment says its first day, after the contract's start",
            )
            .help("ajoutez effective = 2026-06-15", "add effective = 2026-06-15"),
        );
    }
    if let (Some(signed), Some(effective)) = (front.signed, front.effective)
        && effective < signed
    {
        out.push(retroactive(front.span_of("effective").unwrap_or(head), signed, effective));
    }
}

/// Signed after its first day: allowed between the parties, and not without consequences.
fn retroactive(span: Span, signed: Date, effective: Date) -> Diagnostic {
    let dates = |lang| (lang::date(lang, signed), lang::date(lang, effective));
    let ((signed, effective), (signed_en, effective_en)) = (dates(Lang::Fr), dates(Lang::En));
    Diagnostic::warning(
        "W-AMENDMENT-RETROACTIVE",
        span,
        format!("cet avenant, signé le {signed}, prend effet le {effective}, avant sa signature"),
        format!("this amendment, signed on {signed_en}, takes effect on {effective_en}, before it was signed"),
    )
    .help(
        "les tickets ouverts entre-temps gardent leur version, et un mois clos ne se rouvre pas : donnez-lui effet au plus tôt à sa signature",
        "tickets opened in between keep their version, and a closed month is not opened again: let it take effect once signed",
    )
}

/// The clauses in force under the amendment, and what became of those of the base.
fn merge(
    base: &Compiled,
    source: &Source,
    out: &mut Vec<Diagnostic>,
) -> (Vec<Clause>, Vec<(String, ClauseState)>) {
    let mut clauses = base.clauses.clone();
    let mut states = Vec::new();
    for read in head::read(source, out) {
        match (read.change, read.clause) {
            (Some((Change::End(label), span)), _) => match clauses.iter().position(|c| c.label == label) {
                Some(at) => {
                    clauses.remove(at);
                    states.push((label, ClauseState::Ended));
                }
                None => out.push(unknown(&label, span, &clauses)),
            },
            (Some((Change::Replace(label), span)), clause) => {
                match (clauses.iter().position(|c| c.label == label), clause) {
                    (Some(at), Some(clause)) if clauses[at].kind.name != clause.kind.name => {
                        out.push(other_kind(&clauses[at], &clause, span));
                    }
                    (Some(at), Some(clause)) => {
                        states.push((label, ClauseState::Replaced { by: clause.label.clone() }));
                        clauses[at] = clause;
                    }
                    (None, _) => out.push(unknown(&label, span, &clauses)),
                    (Some(_), None) => {}
                }
            }
            (None, Some(clause)) => clauses.push(clause),
            (None, None) => {}
        }
    }
    (clauses, states)
}

fn unknown(label: &str, span: Span, clauses: &[Clause]) -> Diagnostic {
    let help = suggestion(label, clauses.iter().map(|c| c.label.as_str()));
    Diagnostic::error(
        "E-AMENDMENT-UNKNOWN",
        span,
        format!("le contrat n'a pas de clause « {label} »"),
        format!("the contract has no clause “{label}”"),
    )
    .help(help.fr, help.en)
}

fn other_kind(old: &Clause, new: &Clause, span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-AMENDMENT-KIND",
        span,
        format!("« {} » est une clause « {} », pas « {} »", old.label, old.kind.name, new.kind.name),
        format!("“{}” is a clause “{}”, not “{}”", old.label, old.kind.name, new.kind.name),
    )
    .related(old.label_span, "la clause remplacée", "the clause it replaces")
    .help(
        "mettez fin à l'ancienne par end, et ajoutez la nouvelle",
        "end the old one with end, and add the new one",
    )
}

/// `replace` or `end` in a text that amends nothing.
pub(super) fn outside(change: Change, span: Span) -> Diagnostic {
    let word = match change {
        Change::Replace(_) => "replace",
        Change::End(_) => "end",
    };
    Diagnostic::error(
        "E-AMENDMENT-OUTSIDE",
        span,
        format!("« {word} » n'a de sens que dans un avenant"),
        format!("“{word}” only has a meaning in an amendment"),
    )
    .help(
        "retirez-le, ou ajoutez amends = \"CTR-…\" dans l'en-tête",
        "remove it, or add amends = \"CTR-…\" to the front matter",
    )
}
