//! The tree of services, and the third parties beside it.

use crate::clauses::Clause;
use crate::diagnostic::{Diagnostic, suggestion};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let services: Vec<&Clause> = clauses.iter().filter(|k| k.is("elementary_service")).collect();
    for service in &services {
        parent(service, &services, found);
    }
    for clause in clauses.iter().filter(|k| k.is("third_party")) {
        found.extend(role(clause, clauses));
    }
}

fn named<'a>(services: &[&'a Clause], name: &str) -> Option<&'a Clause> {
    services.iter().copied().find(|s| s.text("service") == Some(name))
}

/// The parent exists, and following parents never comes back here.
fn parent(service: &Clause, services: &[&Clause], found: &mut Vec<Diagnostic>) {
    let Some(name) = service.text("part_of") else { return };
    if named(services, name).is_none() {
        let help = suggestion(name, services.iter().filter_map(|s| s.text("service")));
        found.push(
            Diagnostic::error(
                "E-SERVICE-PARENT",
                service.place_of("part_of"),
                format!("aucun service élémentaire ne s'appelle « {name} »"),
                format!("no elementary service is called “{name}”"),
            )
            .help(help.fr, help.en),
        );
        return;
    }
    let mut path = vec![service.text("service").unwrap_or_default()];
    let mut next = Some(name);
    while let Some(name) = next {
        if path[0] == name {
            // Told once, at the service that comes first by name.
            if path.iter().min() == path.first() {
                found.push(cycle(service, &path));
            }
            return;
        }
        // A cycle further up is told where it stands.
        if path.contains(&name) {
            return;
        }
        path.push(name);
        next = named(services, name).and_then(|s| s.text("part_of"));
    }
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
