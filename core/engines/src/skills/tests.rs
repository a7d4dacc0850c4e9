use std::collections::BTreeMap;

use base::Lang;

use super::*;
use crate::fixture::{contract, rule};

fn entry(status: Coverage, class: &str, items: &[&str]) -> PerimeterEntry {
    PerimeterEntry {
        status,
        class: Some(class.to_owned()),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        count: None,
        sites: Vec::new(),
        third_party: None,
        sensitive: false,
    }
}

fn staffing(people: &str) -> Statement {
    let says = BTreeMap::from([("people_per_item".to_owned(), people.to_owned())]);
    Statement { topic: "staffing".to_owned(), says }
}

fn terms() -> Terms {
    Terms {
        perimeter: vec![
            rule("serveurs", entry(Coverage::In, "server", &["srv-fic", "srv-erp"])),
            rule("sensible", entry(Coverage::In, "server", &["srv-erp", "srv-rh"])),
            rule("postes", entry(Coverage::In, "workstation", &[])),
            rule("tiers", entry(Coverage::Shared, "internet_link", &["lien"])),
            rule("sorti", entry(Coverage::Out, "server", &["srv-rh"])),
            rule("machines", entry(Coverage::Out, "cnc_machine", &[])),
        ],
        ..contract()
    }
}

fn item(name: &str) -> Element {
    Element::Item(name.to_owned())
}

#[test]
fn what_the_provider_runs_is_known_or_short_and_the_clause_is_cited() {
    let mut terms = terms();
    terms.statements = vec![rule("peu", staffing("1")), rule("effectifs", staffing("2"))];
    let known = |element: &Element| match element {
        Element::Item(name) if name == "srv-fic" => 2,
        Element::Item(_) => 1,
        Element::Class(_) => 0,
    };
    let all = covers(&terms, known);
    let read: Vec<_> =
        all.iter().map(|c| (c.value.element.key(), c.value.known, c.value.is_short())).collect();
    assert_eq!(
        read,
        [
            ("item:srv-fic".to_owned(), 2, false),
            ("item:srv-erp".to_owned(), 1, true),
            ("class:workstation".to_owned(), 0, true)
        ]
    );
    let reasons = &all[2].reasons;
    assert_eq!(reasons[0].cites.as_ref().unwrap().label, "effectifs");
    assert_eq!(reasons[1].cites.as_ref().unwrap().label, "postes");
    assert_eq!(reasons[1].text.get(Lang::Fr), "personne ne connaît «\u{a0}ordinateurs\u{a0}»");
    assert_eq!(all[1].reasons[1].text.get(Lang::En), "1 person knows “srv-erp”");
}

#[test]
fn without_a_clause_two_people_are_wanted_and_none_is_cited() {
    let all = covers(&terms(), |_| 1);
    assert!(all.iter().all(|c| c.value.wanted == USUAL && !c.value.promised && c.value.is_short()));
    assert_eq!(all[0].reasons[0].cites, None);
}

#[test]
fn something_reported_belongs_to_its_item_or_else_to_its_class() {
    let terms = terms();
    let of = |item, class| element_of(&terms, item, class);
    assert_eq!(of(Some("srv-erp"), Some("server")), Some(item("srv-erp")));
    assert_eq!(of(Some("poste-7"), Some("workstation")), Some(Element::Class("workstation".to_owned())));
    assert_eq!(of(Some("srv-rh"), Some("server")), None, "taken out of the perimeter");
    assert_eq!(of(None, None), None);
}

#[test]
fn an_element_is_read_back_from_its_key() {
    for element in [item("a:b"), Element::Class("server".to_owned())] {
        assert_eq!(Element::parse(&element.key()), Some(element));
    }
    for wrong in ["", "item:", "server", "site:x"] {
        assert_eq!(Element::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Level::ALL.map(|level| Level::from_key(level.key())), Level::ALL.map(Some));
}
