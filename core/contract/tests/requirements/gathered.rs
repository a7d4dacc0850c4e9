//! What contract A says of one subject, gathered for `contract show`: S-049, S-050, S-159, S-166, S-179.

use base::Lang;
use contract::{Subject, gather};

use crate::support::sample;

fn shown(subject: Subject) -> String {
    let contract = sample(include_str!("../../../../contracts/ateliers-garonne.md"));
    let english = gather(&contract.terms, subject, Lang::En);
    assert!(!english.contains("couvert") && !english.contains("prix"), "{english}");
    gather(&contract.terms, subject, Lang::Fr).replace('\u{a0}', " ")
}

#[test]
fn s_049_the_tree_of_services_shows_price_levels_and_owner() {
    let services = shown(Subject::Services);
    let servers = services.lines().find(|line| line.contains("[redevance-serveurs]")).unwrap_or_default();
    for said in [
        "Prestataire",
        "prix : [redevance-serveurs]",
        "niveaux : [prise-en-charge, retablissement]",
        "(Article",
    ] {
        assert!(servers.contains(said), "{said}: {services}");
    }
    assert!(services.contains("compris dans le forfait"), "{services}");
}

#[test]
fn s_166_the_perimeter_is_shown_class_by_class_and_what_is_not_said() {
    let coverage = shown(Subject::Coverage);
    assert!(coverage.contains("Accès à Internet – partagé · network (Article"), "{coverage}");
    assert!(coverage.contains("Appareils personnels – exclu (Article"), "{coverage}");
    let unsaid = coverage.lines().last().unwrap_or_default();
    assert!(unsaid.contains("hors du contrat") && unsaid.contains("pare-feu (firewall)"), "{unsaid}");
    assert!(!unsaid.contains("(server)"), "{unsaid}");
}

#[test]
fn s_159_the_three_flags_are_shown_with_their_articles() {
    let upkeep = shown(Subject::Upkeep);
    let names: Vec<&str> = upkeep.lines().filter_map(|line| line.split(" – oui (Article").next()).collect();
    assert_eq!(names, ["systèmes", "réseaux", "télécommunications"], "{upkeep}");
}

#[test]
fn s_179_operations_are_shown_by_channel() {
    let operations = shown(Subject::Operations);
    assert!(operations.starts_with("téléphone (phone)\n  "), "{operations}");
    assert!(operations.contains("– sur devis") && operations.contains("– compté"), "{operations}");
}
