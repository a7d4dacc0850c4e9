use super::*;
use crate::fixture::{contract, facts};

fn decided(pairs: &[(Dimension, &str)], used: u32) -> Because<Decision> {
    decide(&contract(), &facts(pairs), used)
}

fn codes(because: &Because<Decision>) -> Vec<&str> {
    because.reasons.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn plain_support_is_inside() {
    let d = decided(&[(Dimension::Operation, "user_support")], 0);
    assert_eq!((&d.value.covered, d.value.admission), (&Covered::In, Admission::Accepted));
    assert_eq!(codes(&d), ["perimeter.no_item", "operation.included"]);
}

#[test]
fn an_item_named_beats_its_class() {
    // All servers are in, by name; srv-rh is sensitive; the workstation class is in, one kiosk is out.
    let d = decided(&[(Dimension::Item, "srv-rh"), (Dimension::ItemClass, "server")], 0);
    assert!(d.value.sensitive && d.value.covered == Covered::In);
    let d = decided(&[(Dimension::Item, "kiosk-1"), (Dimension::ItemClass, "workstation")], 0);
    assert_eq!(d.value.admission, Admission::Refused);
    assert_eq!(codes(&d), ["perimeter.out", "perimeter.advice"]);
    assert_eq!(d.cited()[0].label, "bornes");
}

#[test]
fn what_nobody_wrote_is_outside() {
    let d = decided(&[(Dimension::Item, "srv-new"), (Dimension::ItemClass, "server")], 0);
    assert_eq!((&d.value.covered, d.value.admission), (&Covered::Out, Admission::Refused));
    assert!(d.reasons[0].text.fr.contains("avenant"), "{:?}", d.reasons);
    let d = decided(&[(Dimension::ItemClass, "drone")], 0);
    assert_eq!(d.value.covered, Covered::Out);
}

#[test]
fn a_class_without_a_name_is_heard() {
    assert_eq!(decided(&[(Dimension::ItemClass, "server")], 0).value.covered, Covered::In);
}

#[test]
fn a_shared_item_is_coordinated() {
    let d = decided(&[(Dimension::Item, "acces-internet")], 0);
    let third_party = Some("Garonne Télécom".to_owned());
    assert_eq!(d.value.covered, Covered::Shared { third_party });
    assert_eq!(d.value.admission, Admission::Accepted);
    assert!(d.reasons[0].text.en.contains("Garonne Télécom"));
}

#[test]
fn an_allowance_is_counted_then_priced() {
    let visit = [(Dimension::Operation, "on_site_visit")];
    let fourth = decided(&visit, 3);
    assert_eq!(fourth.value.work, Work::WithinAllowance { included: 4, left: 1 });
    let fifth = decided(&visit, 4);
    assert_eq!(fifth.value.admission, Admission::AcceptedPriced { price: Money::eur(9500) });
    let text = &fifth.reasons.last().unwrap().text.fr;
    assert!(text.contains("n° 5") && text.contains("95,00\u{a0}€"), "{text}");
}

#[test]
fn quoted_excluded_and_unknown_work() {
    assert_eq!(decided(&[(Dimension::Operation, "project")], 0).value.admission, Admission::NeedsQuote);
    assert_eq!(decided(&[(Dimension::Operation, "cabling")], 0).value.admission, Admission::Refused);
    let d = decided(&[(Dimension::Operation, "juggling")], 0);
    assert_eq!((&d.value.work, d.value.admission), (&Work::Unknown, Admission::Refused));
    assert!(d.reasons.last().unwrap().text.fr.contains("Visite sur site"));
}

#[test]
fn a_site_outside_the_entry_is_not_covered_by_it() {
    let at = |site| decided(&[(Dimension::ItemClass, "printer"), (Dimension::Site, site)], 0).value.covered;
    assert_eq!((at("tls"), at("str")), (Covered::In, Covered::Out));
}

fn priced(pairs: &[(Dimension, &str)], used: u32, said: &[price::Said]) -> Because<price::Agreement> {
    price::before_work(&contract(), &facts(pairs), used, said, jiff::civil::date(2026, 6, 16))
}

#[test]
fn a_price_waits_for_an_answer_before_the_work() {
    use price::{Agreement, Said};
    let visit = [(Dimension::Operation, "on_site_visit")];
    let price = Money::eur(9500);
    assert_eq!(priced(&visit, 3, &[]).value, Agreement::NotNeeded);
    let fifth = priced(&visit, 4, &[]);
    assert_eq!(fifth.value, Agreement::Awaited { price, until: None });
    assert!(!fifth.value.allows_work());
    let last = fifth.reasons.last().unwrap();
    assert!(last.text.fr.contains("95,00") && last.cites.is_some(), "{last:?}");
    assert_eq!(priced(&visit, 4, &[Said::Declined]).value, Agreement::Declined);
    assert!(priced(&visit, 4, &[Said::Agreed { price }]).value.allows_work());
}

#[test]
fn a_quotation_holds_until_its_last_day() {
    use price::{Agreement, Said};
    let price = Money::eur(48_000);
    let until = jiff::civil::date(2026, 6, 16);
    let held = Said::Quoted { price, until: Some(until) };
    let support = [(Dimension::Operation, "user_support")];
    assert_eq!(priced(&support, 0, &[held]).value, Agreement::Awaited { price, until: Some(until) });
    let before = Said::Quoted { price, until: Some(until.yesterday().unwrap()) };
    assert!(matches!(priced(&support, 0, &[before]).value, Agreement::Lapsed { .. }));
    // More was found to do, and is declined: the fee still pays for the rest.
    assert_eq!(priced(&support, 0, &[held, Said::Declined]).value, Agreement::NotNeeded);
    assert_eq!(priced(&support, 0, &[held, Said::Agreed { price }]).value, Agreement::Agreed { price });
}
