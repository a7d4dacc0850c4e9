//! Several rules on one meter.

use base::fraction::Fraction;
use terms::{CallWeight, Dimension, MeterForm, Terms, WeighedWhen};

use super::*;
use crate::fixture::{facts, rule, when};

/// A pack of `tickets`, on which the calls of Strasbourg count twice and never for P4.
fn two_sites(tickets: u32, when_empty: WhenEmpty) -> Terms {
    let mut pool = when(pack(when_empty), Dimension::Site, &["tls"]);
    if let MeterForm::TicketPack { tickets: all, .. } = &mut pool.then.form {
        *all = tickets;
    }
    let weight =
        CallWeight { when: WeighedWhen::Priority("P3".to_owned()), weight: Fraction::from_integer(2) };
    let shares = Meter {
        form: MeterForm::Shared { of: "carnet".to_owned() },
        never_refused: Vec::new(),
        not_counted: vec!["P4".to_owned()],
        hours: None,
        weights: vec![weight],
    };
    let shares = when(rule("carnet-str", shares), Dimension::Site, &["str"]);
    Terms { meters: vec![pool, shares], ..contract() }
}

fn signed(terms: Terms) -> History {
    history(vec![(date(2026, 3, 1), terms)])
}

fn from(rule: Option<&str>, priority: &str) -> Call {
    Call { rule: rule.map(str::to_owned), ..call("carnet", date(2026, 5, 4), 5, priority) }
}

#[test]
fn the_site_says_which_rule_serves_and_both_count_on_one_meter() {
    let terms = two_sites(10, WhenEmpty::Refuse);
    let served = |site| {
        let drawn = meter(&terms, &facts(&[(Dimension::Site, site)])).unwrap();
        (drawn.rule.label(), drawn.pool.label(), drawn.sharing())
    };
    assert_eq!(served("tls"), ("carnet", "carnet", None));
    assert_eq!(served("str"), ("carnet-str", "carnet", Some("carnet-str")));
    assert_eq!(
        drawing(&terms, "carnet").iter().map(|r| r.label()).collect::<Vec<_>>(),
        ["carnet", "carnet-str"]
    );

    let calls = [from(None, "P3"), from(Some("carnet-str"), "P3"), from(Some("carnet-str"), "P4")];
    let ledger = read(&signed(terms), "carnet", &calls, date(2026, 5, 4));
    let counted: Vec<u32> = ledger.charges.iter().map(|(_, c)| c.value.counted).collect();
    assert_eq!(counted, [1, 2, 0], "each rule weighs and counts its own calls");
    assert_eq!((ledger.state.used, ledger.state.left, ledger.state.calls), (3, 7, 3));
    // The weight rests on the rule that says it, what is taken on the meter's.
    let cited: Vec<&str> =
        ledger.charges[1].1.reasons.iter().map(|r| r.cites.as_ref().unwrap().label.as_str()).collect();
    assert_eq!(cited, ["carnet-str", "carnet-str", "carnet"]);
}

#[test]
fn a_rule_without_a_meter_of_its_own_has_no_state() {
    let history = signed(two_sites(10, WhenEmpty::Refuse));
    assert_eq!(ledger(&history, "carnet-str", &[], noon(date(2026, 5, 4))), None);
}

#[test]
fn the_last_ticket_is_refused_to_the_other_rule_by_its_own_list() {
    let terms = two_sites(1, WhenEmpty::Refuse);
    let history = signed(terms.clone());
    let state = read(&history, "carnet", &[from(None, "P3")], date(2026, 5, 4)).state;
    assert_eq!(state.left, 0);
    let asked = |label: &str, priority| {
        let rule = terms.meters.iter().find(|r| r.label() == label).unwrap();
        admit(Drawn::by(&terms, rule).unwrap(), &state, &from(None, priority)).value
    };
    // Toulouse serves P1 for ever; Strasbourg serves nobody on an empty meter.
    assert!(matches!(asked("carnet", "P1"), Admission::Served(_)));
    assert_eq!(asked("carnet-str", "P1"), Admission::Refused);
}

#[test]
fn a_rule_that_an_amendment_makes_share_counts_on_the_meter_from_that_day_on() {
    let mut own = two_sites(10, WhenEmpty::Refuse);
    own.meters[1].then.form = MeterForm::TicketPack {
        tickets: 4,
        per: terms::commitment::Period::ContractYear,
        alert_at: 0,
        when_empty: WhenEmpty::Refuse,
        leftover: terms::Leftover::Lost,
    };
    let history =
        history(vec![(date(2026, 3, 1), own), (date(2026, 6, 1), two_sites(10, WhenEmpty::Refuse))]);
    let before = call("carnet-str", date(2026, 5, 4), 5, "P2");
    let after = Call { at: noon(date(2026, 6, 2)), ..from(Some("carnet-str"), "P2") };
    let all = [before, after];
    assert_eq!(read(&history, "carnet", &all, date(2026, 6, 2)).state.left, 9);
    assert_eq!(
        charges(&history, "carnet-str", &all, noon(date(2026, 6, 2))).len(),
        1,
        "the call of May stays"
    );
    assert_eq!(ledger(&history, "carnet-str", &all, noon(date(2026, 6, 2))), None, "nothing is left to show");
}
