//! Who knows what: how many people can work on each element of the perimeter, and how many must.
//!
//! An element is an item that the perimeter names, or a class that it covers whole. A clause `staffing` says
//! how many people know each; where none does, two are wanted, so that no absence stops the service.

use std::collections::BTreeSet;
use std::fmt;

use base::{Because, Bilingual};
use serde::{Deserialize, Serialize};
use terms::perimeter::CLASSES;
use terms::{Coverage, PerimeterEntry, Rule, Statement, Terms};

use crate::say::{cite, plural, say};

/// How many people are wanted for an element when no clause says so.
pub const USUAL: u32 = 2;

/// What somebody can know: a named item, or all items of a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    Item(String),
    Class(String),
}

/// How well somebody knows an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Can work on it alone.
    Knows,
    /// Is the one whom the others ask.
    Leads,
}

/// How many people know an element, and how many must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    pub element: Element,
    /// As the contract calls it.
    pub name: Bilingual,
    pub known: u32,
    pub wanted: u32,
    /// Whether a clause promises that number.
    pub promised: bool,
}

impl Element {
    /// `item:srv-erp`: how a table and an address name it.
    pub fn key(&self) -> String {
        self.to_string()
    }

    pub fn parse(key: &str) -> Option<Element> {
        let (kind, name) = key.split_once(':')?;
        let name = Some(name).filter(|name| !name.is_empty())?.to_owned();
        match kind {
            "item" => Some(Element::Item(name)),
            "class" => Some(Element::Class(name)),
            _ => None,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Item(name) => write!(f, "item:{name}"),
            Element::Class(name) => write!(f, "class:{name}"),
        }
    }
}

impl Level {
    pub const ALL: [Level; 2] = [Level::Knows, Level::Leads];

    pub fn key(self) -> &'static str {
        match self {
            Level::Knows => "knows",
            Level::Leads => "leads",
        }
    }

    pub fn from_key(key: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.key() == key)
    }
}

impl Cover {
    pub fn is_short(&self) -> bool {
        self.known < self.wanted
    }
}

/// The clause that promises the most people for each element, and how many.
pub fn asked(terms: &Terms) -> Option<(&Rule<Statement>, u32)> {
    let staffing = terms.statements.iter().filter(|rule| rule.then.topic == "staffing");
    let all = staffing.filter_map(|rule| Some((rule, rule.then.get("people_per_item")?.parse().ok()?)));
    // The first of those that promise the same.
    all.fold(None, |most, one| match most {
        Some((_, people)) if people >= one.1 => most,
        _ => Some(one),
    })
}

/// The elements that the provider runs, in the order of the contract, each once with the rule that covers it.
///
/// What a third party runs is its own to know; an item that another rule takes out is not counted.
pub fn elements(terms: &Terms) -> Vec<(Element, &Rule<PerimeterEntry>)> {
    let elsewhere: BTreeSet<&String> = terms
        .perimeter
        .iter()
        .filter(|rule| rule.then.status != Coverage::In)
        .flat_map(|rule| &rule.then.items)
        .collect();
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    for rule in terms.perimeter.iter().filter(|rule| rule.then.status == Coverage::In) {
        let named = rule.then.items.iter().filter(|item| !elsewhere.contains(item)).cloned();
        let mut found: Vec<Element> = named.map(Element::Item).collect();
        if rule.then.items.is_empty() {
            found.extend(rule.then.class.clone().map(Element::Class));
        }
        for element in found {
            if seen.insert(element.clone()) {
                all.push((element, rule));
            }
        }
    }
    all
}

/// The element that something reported belongs to: the item itself, else its class.
pub fn element_of(terms: &Terms, item: Option<&str>, class: Option<&str>) -> Option<Element> {
    let all = elements(terms);
    let wanted = [item.map(|i| Element::Item(i.to_owned())), class.map(|c| Element::Class(c.to_owned()))];
    wanted.into_iter().flatten().find(|wanted| all.iter().any(|(element, _)| element == wanted))
}

/// How each element is known, in the order of the contract. `known` counts those who know an element and
/// still work for the customer.
pub fn covers(terms: &Terms, known: impl Fn(&Element) -> u32) -> Vec<Because<Cover>> {
    let asked = asked(terms);
    let cover = |(element, rule): (Element, &Rule<PerimeterEntry>)| {
        let (known, wanted) = (known(&element), asked.map_or(USUAL, |(_, people)| people));
        let name = name(terms, &element);
        let promise = match asked {
            Some((clause, people)) => cite("skills.promised", clause, |lang| {
                let who = plural(lang, people, lang.t("personne", "person"), lang.t("personnes", "people"));
                lang.t(
                    format!("chaque élément du périmètre est connu de {people}\u{a0}{who} au moins"),
                    format!("each element of the perimeter is known to at least {people} {who}"),
                )
            }),
            None => say("skills.usual", |lang| {
                lang.t(
                    format!(
                        "aucune clause ne dit combien\u{a0}: {USUAL}\u{a0}personnes au moins, pour qu'une absence n'arrête rien"
                    ),
                    format!("no clause says how many: at least {USUAL} people, so that no absence stops anything"),
                )
            }),
        };
        let count = cite("skills.known", rule, |lang| {
            let name = name.get(lang);
            let who = plural(lang, known, lang.t("personne", "person"), lang.t("personnes", "people"));
            match known {
                0 => lang
                    .t(format!("personne ne connaît «\u{a0}{name}\u{a0}»"), format!("nobody knows “{name}”")),
                n => lang.t(
                    format!(
                        "{n}\u{a0}{who} {} «\u{a0}{name}\u{a0}»",
                        if n > 1 { "connaissent" } else { "connaît" }
                    ),
                    format!("{n} {who} {} “{name}”", if n > 1 { "know" } else { "knows" }),
                ),
            }
        });
        let promised = asked.is_some();
        Because::new(Cover { element, name, known, wanted, promised }, vec![promise, count])
    };
    elements(terms).into_iter().map(cover).collect()
}

/// As the contract calls it, else the usual words for its class.
pub fn name(terms: &Terms, element: &Element) -> Bilingual {
    let (dimension, key) = match element {
        Element::Item(item) => ("item", item),
        Element::Class(class) => ("item_class", class),
    };
    let said = terms.name_of(dimension, key);
    match CLASSES
        .iter()
        .find(|c| said == key.as_str() && matches!(element, Element::Class(_)) && c.key == key)
    {
        Some(class) => Bilingual::new(class.fr, class.en),
        None => Bilingual::new(said, said),
    }
}

#[cfg(test)]
mod tests;
