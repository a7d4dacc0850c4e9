//! The tree of services, and the third parties beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::clauses::Clause;
use crate::diagnostic::{Diagnostic, suggestion};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let services: Vec<&Clause> = clauses.iter().filter(|k| k.is("elementary_service")).collect();
    let mut named: BTreeMap<&str, &Clause> = BTreeMap::new();
    for service in &services {
        if let Some(name) = service.text("service") {
            named.entry(name).or_insert(service);
        }
    }
    let parents: BTreeMap<&str, &str> =
        named.iter().filter_map(|(name, service)| Some((*name, service.text("part_of")?))).collect();
    for service in &services {
        found.extend(parent(service, &named));
    }
    let covered = |service: &&&Clause| {
        service.value("covers").is_some_and(|list| list.as_array().is_some_and(|l| !l.is_empty()))
    };
    let covering: BTreeSet<&str> = services
        .iter()
        .filter(covered)
        .flat_map(|service| [service.text("service"), service.text("part_of")])
        .flatten()
        .collect();
    found.extend(services.iter().filter_map(|service| covers_nothing(service, &covering)));
    found.extend(cycles(&parents).iter().filter_map(|path| Some(cycle(named.get(path.first()?)?, path))));
    if !clauses.iter().any(|k| k.is("perimeter") && k.text("status") != Some("out")) {
        found.extend(clauses.iter().filter_map(no_item));
    }
    for clause in clauses.iter().filter(|k| k.is("third_party")) {
        found.extend(role(clause, clauses));
    }
}

/// The service it says it is part of is one.
fn parent(service: &Clause, named: &BTreeMap<&str, &Clause>) -> Option<Diagnostic> {
    let name = service.text("part_of").filter(|name| !named.contains_key(name))?;
    let help = suggestion(name, named.keys().copied());
    Some(
        Diagnostic::error(
            "E-SERVICE-PARENT",
            service.place_of("part_of"),
            format!("aucun service élémentaire ne s'appelle « {name} »"),
            format!("no elementary service is called “{name}”"),
        )
        .help(help.fr, help.en),
    )
}

/// The services that are part of themselves, each circle once, from the service that comes first by name.
fn cycles<'a>(parents: &BTreeMap<&'a str, &'a str>) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    // Names already followed to their end: each is walked through once.
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for first in parents.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        let mut next = Some(*first);
        while let Some(name) = next.filter(|name| !seen.contains(name)) {
            seen.insert(name);
            at.insert(name, path.len());
            path.push(name);
            next = parents.get(name).copied();
        }
        if let Some(start) = next.and_then(|name| at.get(name)) {
            let mut circle = path.split_off(*start);
            let least = (0..circle.len()).min_by_key(|i| circle[*i]).unwrap_or_default();
            circle.rotate_left(least);
            found.push(circle);
        }
    }
    found
}

fn cycle(service: &Clause, path: &[&str]) -> Diagnostic {
    let round = path.iter().chain(path.first()).copied().collect::<Vec<_>>().join(" → ");
    Diagnostic::error(
        "E-SERVICE-CYCLE",
        service.place_of("part_of"),
        format!("ce service fait partie de lui-même : {round}"),
        format!("this service is part of itself: {round}"),
    )
    .help(
        "retirez part_of de l'un d'eux : un arbre a une racine",
        "remove part_of from one of them: a tree has a root",
    )
}

/// Families of work that is done on items: help and training are given to people, a project makes something new.
const ON_ITEMS: &[&str] = &["fleet", "security", "hosting", "application", "process", "network"];

/// « Tout ou partie du système d'information (SI) d'un client » (S-050): a service that runs something says what,
/// unless its parts do. `covering`: the names of the services that say it, or one part of which does.
fn covers_nothing(service: &Clause, covering: &BTreeSet<&str>) -> Option<Diagnostic> {
    let on_items = service.text("family").is_some_and(|family| ON_ITEMS.contains(&family));
    let runs = service.text("nature") == Some("run") && service.text("owner") == Some("provider");
    let says = service.text("service").is_some_and(|name| covering.contains(name));
    if !on_items || !runs || says {
        return None;
    }
    let title = service.text("title").unwrap_or(&service.label);
    Some(
        Diagnostic::warning(
            "W-SERVICE-COVERS",
            service.label_span,
            format!("« {title} » ne dit pas de quels éléments du périmètre il s'occupe"),
            format!("“{title}” does not say which items of the perimeter it takes care of"),
        )
        .help(
            "ajoutez covers = [\"server\"], avec les classes que nomment les clauses perimeter",
            "add covers = [\"server\"], with the classes that the perimeter clauses name",
        ),
    )
}

/// A question that is answered by something of the perimeter, of a contract that has none: nobody could answer.
fn no_item(clause: &Clause) -> Option<Diagnostic> {
    let rows = clause.own.iter().find(|e| e.key == "ask")?.value.as_array()?;
    let types = rows.iter().filter_map(|row| row.get("type"));
    let item = types.into_iter().find(|ty| ty.as_text() == Some("item"))?;
    Some(
        Diagnostic::error(
            "E-QUESTION-ITEM",
            item.span,
            "aucune clause de ce contrat ne dit ce qui est dans son périmètre\u{a0}: il n'y a pas d'élément à choisir",
            "no clause of this contract says what is in its perimeter: there is no item to choose",
        )
        .help(
            "ajoutez une clause perimeter, ou écrivez type = \"text\"",
            "add a perimeter clause, or write type = \"text\"",
        ),
    )
}

/// The party that a clause `third_party` names is one.
fn role(clause: &Clause, clauses: &[Clause]) -> Option<Diagnostic> {
    let label = clause.text("party")?;
    let party = clauses.iter().find(|k| k.is("parties") && k.label == label)?;
    let role = party.text("role").filter(|role| *role != "third_party")?;
    Some(
        Diagnostic::error(
            "E-THIRD_PARTY-ROLE",
            clause.place_of("party"),
            format!("« {label} » n'est pas un tiers : role = \"{role}\""),
            format!("“{label}” is not a third party: role = \"{role}\""),
        )
        .related(party.place_of("role"), "sa qualité", "what it is")
        .help(
            "nommez une partie dont role = \"third_party\" ; un sous-traitant du prestataire relève de subcontracting",
            "name a party with role = \"third_party\"; the provider's subcontractors belong to subcontracting",
        ),
    )
}
