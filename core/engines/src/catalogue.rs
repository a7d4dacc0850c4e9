//! The catalogue: the service as a tree of elementary services, each with who answers for it, what pays for it
//! and what sets its levels; and which service takes care of each class of the perimeter.

use std::collections::BTreeSet;

use base::Because;
use serde::{Deserialize, Serialize};
use terms::{Dimension, PartyRole, PerimeterEntry, Price, Question, Rule, Service, Terms};

use crate::say::{cite, list};

/// An elementary service, at its depth in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// The label of its clause.
    pub label: String,
    pub service: String,
    pub title: String,
    /// 0 at the root.
    pub depth: usize,
    pub owner: PartyRole,
    pub paid_by: PaidBy,
    pub levels: Levels,
    /// Classes of items that it takes care of.
    pub covers: Vec<String>,
    /// What whoever asks for it is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<Question>,
}

/// What pays for a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paid_by", rename_all = "snake_case")]
pub enum PaidBy {
    /// The fee of this label.
    Fee { label: String },
    /// The fee of the service that it is part of.
    Parent { service: String, label: String },
    /// No fee of its own: the flat fees of the contract that no service claims, by their labels.
    FlatFee { labels: Vec<String> },
    /// The contract gives it no price.
    Unsaid,
}

/// The promises that set a service's levels, by their labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "levels", rename_all = "snake_case")]
pub enum Levels {
    /// Its own.
    Own {
        promises: Vec<String>,
    },
    /// Those of the service that it is part of.
    Parent {
        service: String,
        promises: Vec<String>,
    },
    /// Those that the contract makes for every service.
    General {
        promises: Vec<String>,
    },
    None,
}

/// Every elementary service, each parent before its parts, in the order of the contract.
pub fn tree(terms: &Terms) -> Vec<Because<Node>> {
    let mut out = Vec::new();
    let flat = flat_fees(terms);
    for root in terms.services.iter().filter(|rule| parent(terms, rule).is_none()) {
        branch(terms, root, 0, &flat, &mut out);
    }
    out
}

/// The compiler has refused cycles; a depth beyond the number of services would be one.
fn branch(
    terms: &Terms,
    rule: &Rule<Service>,
    depth: usize,
    flat: &[&Rule<Price>],
    out: &mut Vec<Because<Node>>,
) {
    if depth > terms.services.len() {
        return;
    }
    out.push(node(terms, rule, depth, flat));
    for part in terms.services.iter().filter(|r| r.then.part_of.as_deref() == Some(&rule.then.service)) {
        branch(terms, part, depth + 1, flat, out);
    }
}

fn parent<'a>(terms: &'a Terms, rule: &Rule<Service>) -> Option<&'a Rule<Service>> {
    let name = rule.then.part_of.as_deref()?;
    terms.services.iter().find(|r| r.then.service == name)
}

/// The service and those that it is part of, nearest first.
fn lineage<'a>(terms: &'a Terms, rule: &'a Rule<Service>) -> Vec<&'a Rule<Service>> {
    let mut line = vec![rule];
    while let Some(next) = parent(terms, line[line.len() - 1]).filter(|_| line.len() <= terms.services.len())
    {
        line.push(next);
    }
    line
}

fn node(terms: &Terms, rule: &Rule<Service>, depth: usize, flat: &[&Rule<Price>]) -> Because<Node> {
    let then = &rule.then;
    let line = lineage(terms, rule);
    let value = Node {
        label: rule.label().to_owned(),
        service: then.service.clone(),
        title: then.title.clone(),
        depth,
        owner: then.owner,
        paid_by: paid_by(&line, flat),
        levels: levels(terms, &line),
        covers: then.covers.clone(),
        ask: then.ask.clone(),
    };
    let mut reasons = vec![cite("catalogue.service", rule, |lang| {
        let (title, manner) = (&then.title, &then.manner);
        lang.t(format!("« {title} » : {manner}."), format!("“{title}”: {manner}."))
    })];
    if let PaidBy::FlatFee { .. } = &value.paid_by {
        reasons.extend(flat.iter().map(|fee| {
            cite("catalogue.price", fee, |lang| {
                let title = &fee.then.title;
                lang.t(
                    format!("Il est compris dans la redevance «\u{a0}{title}\u{a0}»."),
                    format!("It is part of the fee “{title}”."),
                )
            })
        }));
    }
    // What it takes from above rests on the clause above.
    if let PaidBy::Parent { service, .. } = &value.paid_by {
        reasons.extend(above(&line, service).map(|parent| {
            cite("catalogue.price", parent, |lang| {
                let title = &parent.then.title;
                lang.t(
                    format!("Son prix est celui de « {title} »."),
                    format!("Its price is that of “{title}”."),
                )
            })
        }));
    }
    if let Levels::Parent { service, .. } = &value.levels {
        reasons.extend(above(&line, service).map(|parent| {
            cite("catalogue.levels", parent, |lang| {
                let title = &parent.then.title;
                lang.t(
                    format!("Ses niveaux sont ceux de « {title} »."),
                    format!("Its levels are those of “{title}”."),
                )
            })
        }));
    }
    Because::new(value, reasons)
}

fn above<'a>(line: &[&'a Rule<Service>], service: &str) -> Option<&'a Rule<Service>> {
    line.iter().skip(1).copied().find(|rule| rule.then.service == service)
}

/// What pays for the first service of a line, `flat` being the flat fees of the contract.
fn paid_by(line: &[&Rule<Service>], flat: &[&Rule<Price>]) -> PaidBy {
    let own = &line[0].then;
    if let Some(label) = &own.fee {
        return PaidBy::Fee { label: label.clone() };
    }
    // What another party renders is not in what the provider is paid.
    if own.owner != PartyRole::Provider {
        return PaidBy::Unsaid;
    }
    let above = line.iter().skip(1).find_map(|r| Some((r.then.service.clone(), r.then.fee.clone()?)));
    if let Some((service, label)) = above {
        return PaidBy::Parent { service, label };
    }
    let labels: Vec<String> = flat.iter().map(|fee| fee.label().to_owned()).collect();
    if labels.is_empty() { PaidBy::Unsaid } else { PaidBy::FlatFee { labels } }
}

/// The fees for the service as a whole: counted in no unit, and the price of no service in particular.
pub(crate) fn flat_fees(terms: &Terms) -> Vec<&Rule<Price>> {
    let claimed: BTreeSet<&str> = terms.services.iter().filter_map(|s| s.then.fee.as_deref()).collect();
    terms.prices.iter().filter(|fee| fee.then.unit == "flat" && !claimed.contains(fee.label())).collect()
}

/// The fees that pay for a service, itself or what it is part of.
pub(crate) fn fees_of<'a>(terms: &'a Terms, service: &'a Rule<Service>) -> Vec<&'a Rule<Price>> {
    let flat = flat_fees(terms);
    match paid_by(&lineage(terms, service), &flat) {
        PaidBy::Fee { label } | PaidBy::Parent { label, .. } => {
            terms.prices.iter().filter(|fee| fee.label() == label).collect()
        }
        PaidBy::FlatFee { .. } => flat,
        PaidBy::Unsaid => Vec::new(),
    }
}

fn levels(terms: &Terms, line: &[&Rule<Service>]) -> Levels {
    let own = &line[0].then;
    if !own.promises.is_empty() {
        return Levels::Own { promises: own.promises.clone() };
    }
    if let Some(above) = line.iter().skip(1).find(|r| !r.then.promises.is_empty()) {
        let (service, promises) = (above.then.service.clone(), above.then.promises.clone());
        return Levels::Parent { service, promises };
    }
    // A promise that speaks of other services only does not speak of this one.
    let heard = |when: &terms::Guard| {
        when.values.get(&Dimension::Service).is_none_or(|named| named.contains(&own.service))
    };
    let promises: Vec<String> = terms
        .commitments
        .iter()
        .filter(|rule| rule.exception_to.is_none() && heard(&rule.when))
        .map(|rule| rule.label().to_owned())
        .collect();
    if promises.is_empty() { Levels::None } else { Levels::General { promises } }
}

/// A statement of the perimeter, and the elementary services that take care of its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covering {
    /// The label of the perimeter's clause.
    pub label: String,
    pub entry: PerimeterEntry,
    /// Short names of the services, in the order of the contract.
    pub services: Vec<String>,
}

/// What each elementary service covers, seen from the perimeter: an entry without any service is in the
/// contract, and nobody's work.
pub fn coverage(terms: &Terms) -> Vec<Because<Covering>> {
    terms
        .perimeter
        .iter()
        .map(|rule| {
            let class = rule.then.class.as_ref();
            let covering: Vec<&Rule<Service>> = terms
                .services
                .iter()
                .filter(|service| class.is_some_and(|class| service.then.covers.contains(class)))
                .collect();
            let services = covering.iter().map(|r| r.then.service.clone()).collect();
            let value = Covering { label: rule.label().to_owned(), entry: rule.then.clone(), services };
            let titles: Vec<&str> = covering.iter().map(|r| r.then.title.as_str()).collect();
            let mut reasons = vec![cite("catalogue.coverage", rule, |lang| match titles.is_empty() {
                true => lang
                    .t(
                        "Aucun service élémentaire ne dit le couvrir.",
                        "No elementary service says it covers it.",
                    )
                    .to_owned(),
                false => {
                    let titles = list(lang, &titles);
                    lang.t(format!("Couvert par : {titles}."), format!("Covered by: {titles}."))
                }
            })];
            reasons.extend(covering.iter().map(|service| {
                cite("catalogue.service", service, |lang| {
                    let title = &service.then.title;
                    lang.t(format!("« {title} » nomme cette classe."), format!("“{title}” names this class."))
                })
            }));
            Because::new(value, reasons)
        })
        .collect()
}
