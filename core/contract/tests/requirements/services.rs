//! The service as a tree of elementary services: S-049, S-050.

use base::Lang;
use engines::catalogue::{Levels, PaidBy, coverage, tree as tree_of};
use terms::{Coverage, PartyRole};

use crate::support::{codes, sample, terms};

fn service(label: &str, more: &str) -> String {
    format!(
        "kind = \"elementary_service\"\nlabel = \"{label}\"\nthen = {{ service = \"{label}\", title = \"{label}\", nature = \"run\", manner = \"à distance\", places = [\"remote\"], {more} }}"
    )
}

fn promise(label: &str, when: &str) -> String {
    format!(
        "kind = \"commitment\"\nlabel = \"{label}\"\ndefault = \"none\"\n{when}\nthen = {{ promise = \"restore\", within = \"8 h\", calendar = \"24x7\", starts = \"declared\", stops = \"service_restored\" }}"
    )
}

const FEE: &str = "kind = \"fee\"\nlabel = \"redevance\"\nthen = { unit = \"flat\", quantity = 1, unit_price = \"900.00 EUR\", per = \"month\", due = \"in_advance\", proration = \"actual_days\", vat = \"20 %\" }";

#[test]
fn s_049_each_elementary_service_has_its_price_its_levels_and_its_owner() {
    let class = |class: &str| {
        format!(
            "kind = \"perimeter\"\nlabel = \"p-{class}\"\nthen = {{ class = \"{class}\", status = \"in\" }}"
        )
    };
    let all = [
        class("server"),
        class("backup"),
        class("lan"),
        FEE.to_owned(),
        promise("socle", "when = { service = [\"hebergement\"] }"),
        promise("general", "when = { service = [\"assistance\", \"liaison\"] }"),
        service(
            "hebergement",
            "family = \"hosting\", owner = \"provider\", covers = [\"server\"], fee = \"redevance\", promises = [\"socle\"]",
        ),
        service(
            "sauvegarde",
            "part_of = \"hebergement\", family = \"hosting\", owner = \"provider\", covers = [\"backup\"]",
        ),
        service("assistance", "family = \"support\", owner = \"provider\""),
        service("liaison", "family = \"network\", owner = \"third_party\", covers = [\"lan\"]"),
    ];
    let clauses: Vec<&str> = all.iter().map(String::as_str).collect();
    let tree = tree_of(&terms(&clauses));
    let fee = "redevance".to_owned();
    let parent = "hebergement".to_owned();
    let rows: Vec<_> = tree
        .iter()
        .map(|n| {
            (
                n.value.service.as_str(),
                n.value.depth,
                n.value.owner,
                n.value.paid_by.clone(),
                n.value.levels.clone(),
            )
        })
        .collect();
    let general = Levels::General { promises: vec!["general".to_owned()] };
    assert_eq!(
        rows,
        [
            (
                "hebergement",
                0,
                PartyRole::Provider,
                PaidBy::Fee { label: fee.clone() },
                Levels::Own { promises: vec!["socle".to_owned()] }
            ),
            (
                "sauvegarde",
                1,
                PartyRole::Provider,
                PaidBy::Parent { service: parent.clone(), label: fee },
                Levels::Parent { service: parent, promises: vec!["socle".to_owned()] }
            ),
            ("assistance", 0, PartyRole::Provider, PaidBy::Unsaid, general.clone()),
            ("liaison", 0, PartyRole::ThirdParty, PaidBy::Unsaid, general),
        ]
    );
    assert_eq!(
        tree[1].cited().iter().map(|c| c.label.as_str()).collect::<Vec<_>>(),
        ["sauvegarde", "hebergement"]
    );
    // A flat fee that is no service's pays for those that have none; a fee by the seat pays for seats.
    let whole = FEE.replace("redevance", "forfait");
    let priced = |fee: &str| {
        let assistance = service("assistance", "family = \"support\", owner = \"provider\"");
        let liaison = service("liaison", "family = \"network\", owner = \"third_party\"");
        let found = tree_of(&terms(&[fee, &assistance, &liaison]));
        found.into_iter().map(|n| (n.value.paid_by.clone(), n.cited().len())).collect::<Vec<_>>()
    };
    let flat = PaidBy::FlatFee { labels: vec!["forfait".to_owned()] };
    assert_eq!(priced(&whole), [(flat, 2), (PaidBy::Unsaid, 1)]);
    assert_eq!(priced(&whole.replace("\"flat\"", "\"seat\""))[0], (PaidBy::Unsaid, 1));
    // A tree: a parent that does not exist, or that comes back to its part, is an error.
    let orphan = service("seul", "part_of = \"absent\", family = \"support\", owner = \"provider\"");
    assert_eq!(codes(&[&orphan]), ["E-SERVICE-PARENT"]);
    let cycle = service("seul", "part_of = \"seul\", family = \"support\", owner = \"provider\"");
    assert_eq!(codes(&[&cycle]), ["E-SERVICE-CYCLE"]);
}

#[test]
fn s_050_each_elementary_service_names_what_it_covers() {
    let silent = service("serveurs", "family = \"fleet\", owner = \"provider\"");
    assert_eq!(codes(&[&silent]), ["W-SERVICE-COVERS"]);
    let perimeter = "kind = \"perimeter\"\nlabel = \"p\"\nthen = { class = \"server\", status = \"in\" }";
    let wrong = service("serveurs", "family = \"fleet\", owner = \"provider\", covers = [\"servers\"]");
    assert_eq!(codes(&[perimeter, &wrong]), ["E-SERVICE-CLASS"]);
    // Contract A: every class that it takes care of is somebody's work, and what is out is nobody's.
    let compiled = sample(include_str!("../../../../contracts/ateliers-garonne.md"));
    let rows = coverage(&compiled.terms);
    assert!(rows.len() > 10);
    for row in &rows {
        let (label, nobody) = (&row.value.label, row.value.services.is_empty());
        assert_eq!(nobody, row.value.entry.status == Coverage::Out, "{label}");
    }
    let servers = rows.iter().find(|r| r.value.label == "serveurs").unwrap();
    assert_eq!(servers.value.services, ["servers"]);
    assert!(servers.reasons[0].text.get(Lang::Fr).starts_with("Couvert par"));
}
