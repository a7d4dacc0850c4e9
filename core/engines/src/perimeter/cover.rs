//! Where the thing concerned stands: in, out or shared.

use std::collections::BTreeSet;

use base::{Because, Lang, Reason};
use terms::perimeter::{Coverage, PerimeterEntry};
use terms::{Dimension, Facts, Rule, Terms};

use super::Covered;
use crate::say::{cite, say};

/// The coverage, and whether the parties marked the item as sensitive.
pub(super) fn cover(terms: &Terms, facts: &Facts) -> Because<(Covered, bool)> {
    let (item, class) = (facts.get(Dimension::Item), facts.get(Dimension::ItemClass));
    if item.is_none() && class.is_none() {
        let reason = say("perimeter.no_item", |lang| {
            lang.t(
                "La demande ne vise aucun élément du parc : assistance courante, dans le périmètre."
                    .to_owned(),
                "The request concerns no configuration item: plain support, inside the perimeter.".to_owned(),
            )
        });
        return Because::new((Covered::In, false), vec![reason]);
    }
    match stated(terms, facts) {
        Some(rule) => {
            let entry = &rule.then;
            let covered = match entry.status {
                Coverage::In => Covered::In,
                Coverage::Out => Covered::Out,
                Coverage::Shared => Covered::Shared { third_party: entry.third_party.clone() },
            };
            Because::new((covered, entry.sensitive), coverage_reasons(terms, facts, rule))
        }
        None => Because::new((Covered::Out, false), vec![unknown(terms, facts)]),
    }
}

/// The statement that decides on what the request is about; `None`: the contract knows nothing of it.
pub(super) fn stated<'a>(terms: &'a Terms, facts: &Facts) -> Option<&'a Rule<PerimeterEntry>> {
    let (item, class) = (facts.get(Dimension::Item), facts.get(Dimension::ItemClass));
    item.and_then(|item| strictest(applicable(terms, facts, |e| e.items.iter().any(|i| i == item))))
        .or_else(|| class.and_then(|class| strictest(of_class(terms, facts, item, class))))
}

/// Statements about a whole class; with no item named, those that name items of the class count too.
fn of_class<'a>(
    terms: &'a Terms,
    facts: &Facts,
    item: Option<&str>,
    class: &str,
) -> Vec<&'a Rule<PerimeterEntry>> {
    let whole = applicable(terms, facts, |e| e.class.as_deref() == Some(class) && e.items.is_empty());
    if !whole.is_empty() || item.is_some() {
        return whole;
    }
    let named = applicable(terms, facts, |e| e.class.as_deref() == Some(class));
    // "A server" without its name: one covered server is enough to listen; the item is asked for later.
    let inside: Vec<_> = named.iter().copied().filter(|r| r.then.status == Coverage::In).collect();
    if inside.is_empty() { named } else { inside }
}

/// The entries chosen that hold for these facts and their site, without those that another of them excepts.
fn applicable<'a>(
    terms: &'a Terms,
    facts: &Facts,
    choose: impl Fn(&PerimeterEntry) -> bool,
) -> Vec<&'a Rule<PerimeterEntry>> {
    let site = facts.get(Dimension::Site);
    let here =
        |e: &PerimeterEntry| e.sites.is_empty() || site.is_none_or(|site| e.sites.iter().any(|s| s == site));
    let holding: Vec<_> =
        terms.perimeter.iter().filter(|r| choose(&r.then) && here(&r.then) && r.when.holds(facts)).collect();
    let excepted: BTreeSet<&str> = holding.iter().filter_map(|r| r.exception_to.as_deref()).collect();
    holding.into_iter().filter(|r| !excepted.contains(r.label())).collect()
}

fn strictest(entries: Vec<&Rule<PerimeterEntry>>) -> Option<&Rule<PerimeterEntry>> {
    entries.into_iter().min_by_key(|r| match r.then.status {
        Coverage::Out => 0,
        Coverage::Shared => 1,
        Coverage::In => 2,
    })
}

/// What the request is about, as a sentence begins: « srv-erp », « La classe imprimantes ».
fn subject(terms: &Terms, facts: &Facts, lang: Lang) -> String {
    match (facts.get(Dimension::Item), facts.get(Dimension::ItemClass)) {
        (Some(item), _) => terms.name_of("item", item).to_owned(),
        (None, Some(class)) => {
            format!("{} {}", lang.t("La classe", "The class"), terms.name_of("item_class", class))
        }
        (None, None) => lang.t("La demande", "The request").to_owned(),
    }
}

fn coverage_reasons(terms: &Terms, facts: &Facts, rule: &Rule<PerimeterEntry>) -> Vec<Reason> {
    let entry = &rule.then;
    let (code, what) = match entry.status {
        Coverage::In => ("perimeter.in", ["est dans le périmètre", "is inside the perimeter"]),
        Coverage::Out => ("perimeter.out", ["est hors du périmètre", "is outside the perimeter"]),
        Coverage::Shared => ("perimeter.shared", ["est en périmètre partagé", "is in the shared perimeter"]),
    };
    let mut reasons = vec![cite(code, rule, |lang| {
        let mut text = format!("{} {}", subject(terms, facts, lang), lang.t(what[0], what[1]));
        if entry.status == Coverage::Shared {
            let third = entry.third_party.as_deref().unwrap_or(lang.t("un tiers", "a third party"));
            text += &lang.t(
                format!(" : exploité par {third}, que le Prestataire saisit et suit"),
                format!(": run by {third}, whom the provider calls and follows up"),
            );
        }
        text + "."
    })];
    if entry.status == Coverage::Out {
        reasons.push(say("perimeter.advice", |lang| {
            lang.t(
                "Pour le faire prendre en charge : un avenant au périmètre, ou un devis pour cette intervention.",
                "To have it covered: an amendment to the perimeter, or a quotation for this piece of work.",
            )
            .to_owned()
        }));
    }
    if entry.sensitive {
        reasons.push(cite("perimeter.sensitive", rule, |lang| {
            let subject = subject(terms, facts, lang);
            lang.t(
                format!("{subject} est signalé sensible par les parties."),
                format!("{subject} is marked as sensitive by the parties."),
            )
        }));
    }
    reasons
}

fn unknown(terms: &Terms, facts: &Facts) -> Reason {
    say("perimeter.unknown", |lang| {
        let subject = subject(terms, facts, lang);
        lang.t(
            format!(
                "{subject} n'est pas au périmètre du contrat. Vérifiez son nom ; s'il est nouveau, faites-le \
                 entrer par avenant."
            ),
            format!(
                "{subject} is not in the contract's perimeter. Check its name; if it is new, bring it in by an \
                 amendment."
            ),
        )
    })
}
