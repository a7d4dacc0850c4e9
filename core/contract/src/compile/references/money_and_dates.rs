//! One currency; phases within the term, and apart.

use base::{Lang, Length, Money, lang};
use jiff::civil::Date;

use crate::clauses::{Clause, Field, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::{Node, Span, Value};

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    currencies(c, found);
    for clause in c.clauses.iter().filter(|k| k.is("term")) {
        phases(clause, found);
        notice(clause, found);
    }
}

fn currencies(c: &Compiler, found: &mut Vec<Diagnostic>) {
    for clause in &c.clauses {
        for entry in &clause.own {
            match clause.kind.field(&entry.key).map(|f| f.ty) {
                Some(Type::Money) => currency(c, &entry.value, found),
                Some(Type::Table(fields)) => within(c, fields, &entry.value, found),
                Some(Type::Tables(fields)) => {
                    let tables = entry.value.as_array().unwrap_or_default();
                    tables.iter().for_each(|table| within(c, fields, table, found));
                }
                _ => {}
            }
        }
    }
}

fn within(c: &Compiler, fields: &[Field], table: &Value, found: &mut Vec<Diagnostic>) {
    for entry in table.as_table().unwrap_or_default() {
        if fields.iter().any(|f| f.name == entry.key && f.ty == Type::Money) {
            currency(c, &entry.value, found);
        }
    }
}

fn currency(c: &Compiler, value: &Value, found: &mut Vec<Diagnostic>) {
    let amount = value.as_text().and_then(|t| Money::parse(t).ok());
    let Some(amount) = amount.filter(|a| a.currency != c.terms.currency) else { return };
    let (other, own) = (amount.currency.code(), c.terms.currency.code());
    found.push(
        Diagnostic::error(
            "E-MONEY-CURRENCY",
            value.span,
            format!("ce montant est en {other}, le contrat est en {own}"),
            format!("this amount is in {other}, the contract is in {own}"),
        )
        .help(
            format!("écrivez-le en {own}, ou currency = \"{other}\" dans l'en-tête"),
            format!("write it in {own}, or currency = \"{other}\" in the front matter"),
        ),
    );
}

/// A notice as long as the term could never be given.
fn notice(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let months = |field: &str| match clause.text(field).map(Length::parse) {
        Some(Ok(Length::Months(n))) => Some(n),
        _ => None,
    };
    if months("notice").zip(months("lasts")).is_some_and(|(notice, lasts)| notice >= lasts) {
        found.push(
            Diagnostic::warning(
                "W-TERM-NOTICE",
                clause.place_of("notice"),
                "le préavis est aussi long que le contrat : il ne pourrait pas être donné à temps",
                "the notice is as long as the contract: it could not be given in time",
            )
            .help("écrivez par exemple notice = \"3 months\"", "write for instance notice = \"3 months\""),
        );
    }
}

struct Phase<'a> {
    name: &'a str,
    from: Date,
    until: Option<Date>,
    span: Span,
}

fn phase(value: &Value) -> Option<Phase<'_>> {
    let date = |key: &str| match value.get(key)?.node {
        Node::Date(date) => Some(date),
        _ => None,
    };
    Some(Phase {
        name: value.get("name")?.as_text()?,
        from: date("from")?,
        until: date("until"),
        span: value.span,
    })
}

fn phases(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let start = match clause.value("start").map(|v| &v.node) {
        Some(Node::Date(date)) => *date,
        _ => return,
    };
    let phases: Vec<Phase<'_>> = clause
        .value("phases")
        .and_then(Value::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(phase)
        .collect();
    for (i, phase) in phases.iter().enumerate() {
        if phase.from < start || phase.until.is_some_and(|u| u < phase.from) {
            found.push(
                Diagnostic::error(
                    "E-TERM-PHASE",
                    phase.span,
                    format!(
                        "la phase « {} » commence avant le contrat, ou finit avant de commencer",
                        phase.name
                    ),
                    format!(
                        "the phase “{}” starts before the contract, or ends before it starts",
                        phase.name
                    ),
                )
                .help(format!("le contrat commence le {start}"), format!("the contract starts on {start}")),
            );
        }
        let before = phases[..i]
            .iter()
            .find(|p| p.until.is_none_or(|u| phase.from <= u) && phase.until.is_none_or(|u| p.from <= u));
        if let Some(other) = before {
            found.push(
                Diagnostic::error(
                    "E-TERM-PHASES",
                    phase.span,
                    format!("les phases « {} » et « {} » se chevauchent", other.name, phase.name),
                    format!("the phases “{}” and “{}” overlap", other.name, phase.name),
                )
                .related(other.span, "l'autre phase", "the other phase")
                .help("un jour n'est que dans une phase", "a day is in one phase only"),
            );
        }
    }
    gaps(phases, found);
}

/// Days between two phases: what a phase suspends would apply there, which nobody may have meant.
fn gaps(mut phases: Vec<Phase<'_>>, found: &mut Vec<Diagnostic>) {
    phases.sort_by_key(|p| p.from);
    for pair in phases.windows(2) {
        let [earlier, later] = pair else { continue };
        let after = earlier.until.and_then(|until| until.tomorrow().ok());
        let Some(first) = after.filter(|after| *after < later.from) else { continue };
        let last = later.from.yesterday().unwrap_or(later.from);
        let (a, b) = (earlier.name, later.name);
        let days = |lang| (lang::date(lang, first), lang::date(lang, last));
        let ((from, until), (from_en, until_en)) = (days(Lang::Fr), days(Lang::En));
        found.push(
            Diagnostic::warning(
                "W-TERM-PHASE-GAP",
                later.span,
                format!("du {from} au {until}, le contrat n'est ni dans la phase « {a} » ni dans « {b} »"),
                format!("from {from_en} to {until_en} the contract is in neither phase, “{a}” or “{b}”"),
            )
            .related(earlier.span, "la phase d'avant", "the phase before")
            .help(
                "prolongez l'une, avancez l'autre, ou laissez ainsi si ces jours n'ont pas de phase",
                "extend one, begin the other earlier, or leave it if those days have no phase",
            ),
        );
    }
}
