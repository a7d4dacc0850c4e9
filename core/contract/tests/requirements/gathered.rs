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
    // What the contract gives no price is shown without one.
    let audit = services
        .lines()
        .find(|line| line.contains("[audit"))
        .or_else(|| services.lines().find(|l| l.starts_with("Audit")));
    assert!(audit.is_some_and(|line| !line.contains("prix") && !line.contains("forfait")), "{services}");
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
    let lines: Vec<&str> = upkeep.lines().collect();
    assert_eq!(lines.len(), 3, "{upkeep}");
    // Each flag with every article behind it; a third party runs the access to the Internet.
    for (line, flag, labels) in [
        (lines[0], "systèmes – oui (", ["[postes]", "[serveurs]", "[serveur-sensible]"].as_slice()),
        (lines[1], "réseaux – oui (", &["[routeurs]", "[reseau-local]"]),
        (lines[2], "télécommunications – en partie (", &["[telephonie]", "[acces-internet]"]),
    ] {
        assert!(line.starts_with(flag) && labels.iter().all(|l| line.contains(l)), "{flag}: {upkeep}");
    }
}

#[test]
fn s_179_operations_are_shown_by_channel() {
    let operations = shown(Subject::Operations);
    assert!(operations.starts_with("portail (portal)\n  "), "{operations}");
    let channels: Vec<&str> = operations.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(channels.len(), engines::channels::STANDARD.len(), "{channels:?}");
    assert!(operations.contains("– sur devis") && operations.contains("– compté"), "{operations}");
}
