//! What is kept in running order: systems, networks and telecoms, each in, in part, shared, out or not said
//! (S-159), with every clause of the perimeter that speaks of it.

use base::{Because, Reason};
use serde::{Deserialize, Serialize};
use terms::perimeter::{CLASSES, Coverage, PerimeterEntry};
use terms::{Rule, Terms};

use crate::say::{cite, list, say};

pub use terms::perimeter::Area;

/// Whether an area is kept in running order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upkeep {
    /// All that the contract says of it is the provider's to keep running.
    In,
    /// Some of it is, and the rest is shared or left out.
    Partly,
    /// None of it is the provider's; a third party runs some of it at least, and the provider coordinates.
    Shared,
    /// The contract leaves it out.
    Out,
    /// The contract does not speak of it.
    Unsaid,
}

/// The three areas, in the order in which the requirement names them. The reasons are all the statements of
/// the perimeter on that area, in the order of the contract.
pub fn upkeep(terms: &Terms) -> [(Area, Because<Upkeep>); 3] {
    [Area::Systems, Area::Networks, Area::Telecoms].map(|area| (area, of(terms, area)))
}

fn of(terms: &Terms, area: Area) -> Because<Upkeep> {
    let here = |rule: &&Rule<PerimeterEntry>| {
        let class = rule.then.class.as_deref().and_then(|class| CLASSES.iter().find(|c| c.key == class));
        class.is_some_and(|class| class.area == Some(area))
    };
    let rules: Vec<_> = terms.perimeter.iter().filter(here).collect();
    if rules.is_empty() {
        let name = area.name();
        let reason = say("upkeep.unsaid", |lang| {
            let area = name.get(lang);
            lang.t(
                format!("Le périmètre ne dit rien des {area}."),
                format!("The perimeter says nothing of {area}."),
            )
        });
        return Because::new(Upkeep::Unsaid, vec![reason]);
    }
    let any = |status| rules.iter().any(|rule| rule.then.status == status);
    let value = match (any(Coverage::In), any(Coverage::Shared), any(Coverage::Out)) {
        (true, false, false) => Upkeep::In,
        (true, _, _) => Upkeep::Partly,
        (false, true, _) => Upkeep::Shared,
        (false, false, _) => Upkeep::Out,
    };
    Because::new(value, rules.into_iter().map(|rule| statement(terms, rule)).collect())
}

fn statement(terms: &Terms, rule: &Rule<PerimeterEntry>) -> Reason {
    let entry = &rule.then;
    let class = terms.name_of("item_class", entry.class.as_deref().unwrap_or_default());
    let named: Vec<&str> = entry.items.iter().map(String::as_str).collect();
    cite("upkeep.said", rule, |lang| {
        let items = if named.is_empty() { String::new() } else { format!(" ({})", list(lang, &named)) };
        let (fr, en) = match entry.status {
            Coverage::In => (
                "maintien en condition opérationnelle assuré par le Prestataire",
                "kept in running order by the Provider",
            ),
            Coverage::Shared => (
                "maintien en condition opérationnelle assuré par un tiers, que le Prestataire coordonne",
                "kept in running order by a third party, whom the Provider coordinates",
            ),
            Coverage::Out => ("hors du contrat", "outside the contract"),
        };
        lang.t(format!("«\u{a0}{class}\u{a0}»{items}\u{a0}: {fr}."), format!("“{class}”{items}: {en}."))
    })
}
