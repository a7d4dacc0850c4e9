//! What is kept in running order: systems, networks and telecoms, each in, shared, out or not said (S-159).

use base::{Because, Bilingual};
use serde::{Deserialize, Serialize};
use terms::perimeter::{CLASSES, Coverage, PerimeterEntry};
use terms::{Rule, Terms};

use crate::say::{cite, say};

pub use terms::perimeter::Area;

/// Whether an area is kept in running order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upkeep {
    /// Some of it, at least, is the provider's to keep running.
    In,
    /// A third party runs it, and the provider coordinates.
    Shared,
    /// The contract leaves it out.
    Out,
    /// The contract does not speak of it.
    Unsaid,
}

/// The three areas, in the order in which the requirement names them.
pub fn upkeep(terms: &Terms) -> [(Area, Because<Upkeep>); 3] {
    [Area::Systems, Area::Networks, Area::Telecoms].map(|area| (area, of(terms, area)))
}

fn of(terms: &Terms, area: Area) -> Because<Upkeep> {
    let here = |rule: &&Rule<PerimeterEntry>| {
        let class = rule.then.class.as_deref().and_then(|class| CLASSES.iter().find(|c| c.key == class));
        class.is_some_and(|class| class.area == Some(area))
    };
    let rules: Vec<_> = terms.perimeter.iter().filter(here).collect();
    let first = |status| rules.iter().find(|rule| rule.then.status == status).map(|rule| (status, *rule));
    // One item that the provider keeps running is a duty on the area; what is shared is more than what is out.
    let found = first(Coverage::In).or(first(Coverage::Shared)).or(first(Coverage::Out));
    let name = area.name();
    let Some((status, rule)) = found else {
        let reason = say("upkeep.unsaid", |lang| {
            let area = name.get(lang);
            lang.t(
                format!("Le périmètre ne dit rien des {area}."),
                format!("The perimeter says nothing of {area}."),
            )
        });
        return Because::new(Upkeep::Unsaid, vec![reason]);
    };
    let (value, verdict) = match status {
        Coverage::In => (Upkeep::In, Bilingual::new("couverts", "covered")),
        Coverage::Shared => {
            (Upkeep::Shared, Bilingual::new("partagés avec un tiers", "shared with a third party"))
        }
        Coverage::Out => (Upkeep::Out, Bilingual::new("exclus", "left out")),
    };
    let reason = cite("upkeep.said", rule, |lang| {
        let (area, verdict) = (name.get(lang), verdict.get(lang));
        let class = terms.name_of("item_class", rule.then.class.as_deref().unwrap_or_default());
        lang.t(
            format!("Maintien en condition opérationnelle des {area} : {verdict} (« {class} »)."),
            format!("Keeping {area} in running order: {verdict} (“{class}”)."),
        )
    });
    Because::new(value, vec![reason])
}
