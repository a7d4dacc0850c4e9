//! Is this item covered, and on what terms is this work done? The answer before the work, with the article.
//!
//! An item named beats its class; between two statements of the same rank the stricter one wins (out,
//! then shared, then in), so the order of clauses never decides.

use std::collections::BTreeSet;

use base::{Because, Lang, Money, Reason};
use serde::{Deserialize, Serialize};
use terms::perimeter::{Coverage, PerimeterEntry};
use terms::{Dimension, Facts, Operation, OperationTerms, Rule, Terms, governing};

use crate::period::Span;
use crate::say::{cite, list, say};

/// Whether the contract takes the request, and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "admission", rename_all = "snake_case")]
pub enum Admission {
    Accepted,
    /// Taken at a price, net of VAT, to be shown before the work.
    AcceptedPriced {
        price: Money,
    },
    /// Taken once a quotation is accepted.
    NeedsQuote,
    Refused,
}

/// Where the thing concerned stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "coverage", rename_all = "snake_case")]
pub enum Covered {
    In,
    Out,
    /// A third party runs it; the provider coordinates.
    Shared {
        third_party: Option<String>,
    },
}

/// On what terms the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Work {
    /// No operation was named, or the contract lists none: the perimeter alone decides.
    Unstated,
    Included,
    /// Paid by the fee until `included` have been done in the period; `left` counts this one.
    WithinAllowance {
        included: u32,
        left: u32,
    },
    /// Beyond the allowance: each at `price`, after `after` included.
    Priced {
        price: Money,
        after: u32,
    },
    Quoted,
    Excluded,
    /// Not one of the contract's operations.
    Unknown,
}

/// What the perimeter and the operations say together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub covered: Covered,
    pub work: Work,
    pub admission: Admission,
    /// The parties marked the item as needing care.
    pub sensitive: bool,
}

/// Decides on a request.
///
/// `used_in_period`: how many times the operation was already done in its period, see [`allowance_period`].
/// The site, item, class and operation are read in the facts; neither item nor class means plain
/// user support, which is inside.
pub fn decide(terms: &Terms, facts: &Facts, used_in_period: u32) -> Because<Decision> {
    let Because { value: (covered, sensitive), mut reasons } = cover(terms, facts);
    let Because { value: work, reasons: why } = operation(terms, facts, used_in_period);
    reasons.extend(why);
    let admission = match (&covered, &work) {
        (Covered::Out, _) | (_, Work::Excluded | Work::Unknown) => Admission::Refused,
        (_, Work::Quoted) => Admission::NeedsQuote,
        (_, Work::Priced { price, .. }) => Admission::AcceptedPriced { price: *price },
        (_, Work::Unstated | Work::Included | Work::WithinAllowance { .. }) => Admission::Accepted,
    };
    Because::new(Decision { covered, work, admission, sensitive }, reasons)
}

/// The operation's clause that governs these facts; `None` when the contract does not know the operation.
pub fn operation_clause<'a>(terms: &'a Terms, facts: &Facts) -> Option<&'a Rule<Operation>> {
    let name = facts.get(Dimension::Operation)?;
    governing(terms.operations.iter().filter(|r| r.then.operation == name), facts)
}

/// The period over which a metered operation is counted, on the day given; `None` when it is not metered.
pub fn allowance_period(terms: &Terms, facts: &Facts, on: jiff::civil::Date) -> Option<Span> {
    match operation_clause(terms, facts)?.then.terms {
        OperationTerms::Metered { per, .. } => Some(Span::of(per, terms, on)),
        _ => None,
    }
}

fn cover(terms: &Terms, facts: &Facts) -> Because<(Covered, bool)> {
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
    let stated = item
        .and_then(|item| strictest(applicable(terms, facts, |e| e.items.iter().any(|i| i == item))))
        .or_else(|| class.and_then(|class| strictest(of_class(terms, facts, item, class))));
    match stated {
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
                 entrer par avenant, ou demandez un devis pour cette intervention."
            ),
            format!(
                "{subject} is not in the contract's perimeter. Check its name; if it is new, bring it in by an \
                 amendment, or ask for a quotation for this piece of work."
            ),
        )
    })
}

fn operation(terms: &Terms, facts: &Facts, used: u32) -> Because<Work> {
    let Some(name) = facts.get(Dimension::Operation) else {
        return Because::new(Work::Unstated, Vec::new());
    };
    if terms.operations.is_empty() {
        let reason = say("operation.unlisted", |lang| {
            lang.t(
                "Le contrat ne limite pas les opérations : le périmètre seul décide.",
                "The contract does not limit operations: the perimeter alone decides.",
            )
            .to_owned()
        });
        return Because::new(Work::Unstated, vec![reason]);
    }
    let Some(rule) = operation_clause(terms, facts) else {
        return Because::new(Work::Unknown, vec![unknown_operation(terms, name)]);
    };
    let work = match rule.then.terms {
        OperationTerms::Included => Work::Included,
        OperationTerms::Quoted => Work::Quoted,
        OperationTerms::Excluded => Work::Excluded,
        OperationTerms::Metered { included, .. } if used < included => {
            Work::WithinAllowance { included, left: included - used }
        }
        OperationTerms::Metered { included, then_price, .. } => {
            Work::Priced { price: then_price, after: included }
        }
    };
    let reason = operation_reason(rule, &work, used);
    Because::new(work, vec![reason])
}

fn operation_reason(rule: &Rule<Operation>, work: &Work, used: u32) -> Reason {
    let title = &rule.then.title;
    match work {
        Work::Quoted => cite("operation.quoted", rule, |lang| {
            lang.t(
                format!("« {title} » : sur devis accepté."),
                format!("“{title}”: once a quotation is accepted."),
            )
        }),
        Work::Excluded => cite("operation.excluded", rule, |lang| {
            lang.t(
                format!("« {title} » : exclu du contrat."),
                format!("“{title}”: excluded from the contract."),
            )
        }),
        Work::WithinAllowance { included, .. } => cite("operation.allowance", rule, |lang| {
            let nth = used.saturating_add(1);
            lang.t(
                format!("« {title} » : n° {nth} de la période, {included} comprises dans le forfait."),
                format!("“{title}”: number {nth} of the period, {included} included in the fee."),
            )
        }),
        Work::Priced { price, after } => {
            cite("operation.priced", rule, |lang| {
                let (nth, price) = (used.saturating_add(1), price.show(lang));
                lang.t(
                format!("« {title} » : n° {nth} de la période, au-delà des {after} comprises, donc {price} HT."),
                format!("“{title}”: number {nth} of the period, beyond the {after} included, so {price} net."),
            )
            })
        }
        Work::Included | Work::Unstated | Work::Unknown => cite("operation.included", rule, |lang| {
            lang.t(
                format!("« {title} » : compris dans le forfait."),
                format!("“{title}”: included in the fee."),
            )
        }),
    }
}

fn unknown_operation(terms: &Terms, name: &str) -> Reason {
    let known: BTreeSet<&str> = terms.operations.iter().map(|r| r.then.title.as_str()).collect();
    let known: Vec<&str> = known.into_iter().collect();
    say("operation.unknown", |lang| {
        let known = list(lang, &known);
        lang.t(
            format!("« {name} » n'est pas une opération du contrat, qui connaît : {known}."),
            format!("“{name}” is not an operation of the contract, which knows: {known}."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, facts};

    fn decided(pairs: &[(Dimension, &str)], used: u32) -> Because<Decision> {
        decide(&contract(), &facts(pairs), used)
    }

    fn codes(because: &Because<Decision>) -> Vec<&str> {
        because.reasons.iter().map(|r| r.code.as_str()).collect()
    }

    #[test]
    fn plain_support_is_inside() {
        let d = decided(&[(Dimension::Operation, "user_support")], 0);
        assert_eq!((&d.value.covered, d.value.admission), (&Covered::In, Admission::Accepted));
        assert_eq!(codes(&d), ["perimeter.no_item", "operation.included"]);
    }

    #[test]
    fn an_item_named_beats_its_class() {
        // All servers are in, by name; srv-rh is sensitive; the workstation class is in, one kiosk is out.
        let d = decided(&[(Dimension::Item, "srv-rh"), (Dimension::ItemClass, "server")], 0);
        assert!(d.value.sensitive && d.value.covered == Covered::In);
        let d = decided(&[(Dimension::Item, "kiosk-1"), (Dimension::ItemClass, "workstation")], 0);
        assert_eq!(d.value.admission, Admission::Refused);
        assert_eq!(codes(&d), ["perimeter.out", "perimeter.advice"]);
        assert_eq!(d.cited()[0].label, "bornes");
    }

    #[test]
    fn what_nobody_wrote_is_outside() {
        let d = decided(&[(Dimension::Item, "srv-new"), (Dimension::ItemClass, "server")], 0);
        assert_eq!((&d.value.covered, d.value.admission), (&Covered::Out, Admission::Refused));
        assert!(d.reasons[0].text.fr.contains("avenant"), "{:?}", d.reasons);
        let d = decided(&[(Dimension::ItemClass, "drone")], 0);
        assert_eq!(d.value.covered, Covered::Out);
    }

    #[test]
    fn a_class_without_a_name_is_heard() {
        assert_eq!(decided(&[(Dimension::ItemClass, "server")], 0).value.covered, Covered::In);
    }

    #[test]
    fn a_shared_item_is_coordinated() {
        let d = decided(&[(Dimension::Item, "acces-internet")], 0);
        let third_party = Some("Garonne Télécom".to_owned());
        assert_eq!(d.value.covered, Covered::Shared { third_party });
        assert_eq!(d.value.admission, Admission::Accepted);
        assert!(d.reasons[0].text.en.contains("Garonne Télécom"));
    }

    #[test]
    fn an_allowance_is_counted_then_priced() {
        let visit = [(Dimension::Operation, "on_site_visit")];
        let fourth = decided(&visit, 3);
        assert_eq!(fourth.value.work, Work::WithinAllowance { included: 4, left: 1 });
        let fifth = decided(&visit, 4);
        assert_eq!(fifth.value.admission, Admission::AcceptedPriced { price: Money::eur(9500) });
        let text = &fifth.reasons.last().unwrap().text.fr;
        assert!(text.contains("n° 5") && text.contains("95,00\u{a0}€"), "{text}");
    }

    #[test]
    fn quoted_excluded_and_unknown_work() {
        assert_eq!(decided(&[(Dimension::Operation, "project")], 0).value.admission, Admission::NeedsQuote);
        assert_eq!(decided(&[(Dimension::Operation, "cabling")], 0).value.admission, Admission::Refused);
        let d = decided(&[(Dimension::Operation, "juggling")], 0);
        assert_eq!((&d.value.work, d.value.admission), (&Work::Unknown, Admission::Refused));
        assert!(d.reasons.last().unwrap().text.fr.contains("Visite sur site"));
    }

    #[test]
    fn a_site_outside_the_entry_is_not_covered_by_it() {
        let at =
            |site| decided(&[(Dimension::ItemClass, "printer"), (Dimension::Site, site)], 0).value.covered;
        assert_eq!((at("tls"), at("str")), (Covered::In, Covered::Out));
    }
}
