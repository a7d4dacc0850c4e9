//! A draft tried on a call, an outage and an order: the figures are those of the clauses, worked by hand.

use std::path::Path;

use app::draft::trial::{self, CallCase, OrderCase, OutageCase};
use app::draft::{Checked, Kind};
use app::{Act, AppError, Role};
use base::Money;
use engines::availability::ServiceState;
use engines::entitlement::Admission;
use engines::objective::Verdict;
use testkit::Instance;

fn checked(file: &str) -> Checked {
    let instance = Instance::new(71);
    let customer = instance.customer("atelier");
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(file))
            .unwrap();
    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    instance.app().check_draft(&see, Kind::Contract, None, &text).unwrap()
}

#[test]
fn a_call_takes_a_ticket_and_costs_the_price_of_the_clause_once_the_pack_is_empty() {
    let draft = checked("ateliers-garonne.md");
    let case = |used| CallCase { at: "2026-07-07T10:00".parse().unwrap(), minutes: 20, priority: None, used };
    let charge = |used| {
        let tried = trial::call(&draft, &case(used)).unwrap().unwrap();
        assert!(tried.admission.reasons.iter().all(|r| r.cites.is_some()), "each reason cites its article");
        let Admission::Served(charge) = tried.admission.value else { panic!("served") };
        (charge.covered, charge.price, tried.left)
    };
    // 120 tickets a contract year, then 24.00 EUR each.
    assert_eq!(charge(0), (true, None, 119));
    assert_eq!(charge(119), (true, None, 0));
    assert_eq!(charge(120), (false, Some(Money::eur(24_00)), 0));
    let early = CallCase { at: "2020-01-01T10:00".parse().unwrap(), ..case(0) };
    assert!(matches!(trial::call(&draft, &early), Err(AppError::Invalid(i)) if i.field == "call_at"));
}

#[test]
fn an_outage_is_measured_over_its_month_and_penalised_by_the_tenth_of_point() {
    let draft = checked("ateliers-garonne.md");
    let case = |minutes, state| OutageCase {
        service: "ERP".to_owned(),
        from: "2026-07-07T10:00".parse().unwrap(),
        minutes,
        state,
    };
    let try_it = |minutes, state| {
        let tried = trial::outage(&draft, &case(minutes, state)).unwrap();
        let [one] = tried.as_slice() else { panic!("one clause: {tried:?}") };
        one.clone()
    };
    let short = try_it(10, ServiceState::Down);
    assert_eq!((short.measured.value.verdict, short.penalties.len()), (Verdict::Kept, 0));
    let long = try_it(90, ServiceState::Down);
    let measured = &long.measured.value;
    assert_eq!((measured.clause.as_str(), measured.verdict), ("dispo-erp", Verdict::Missed));
    assert_eq!(measured.lost, base::fraction::Fraction::from_integer(90 * 60));
    assert_eq!(measured.period.first, jiff::civil::date(2026, 7, 1));
    let [penalty] = long.penalties.as_slice() else { panic!("{:?}", long.penalties) };
    // A hundredth of the month's fee for each tenth of a point begun.
    let share = base::fraction::Fraction::new(i128::from(penalty.value.steps), 100);
    assert!(penalty.value.steps > 0 && penalty.value.clause == "penalite-dispo");
    assert_eq!(penalty.value.amount, penalty.value.base.times(share, base::Rounding::CENTS));
    assert!(penalty.reasons.iter().any(|r| r.cites.is_some()), "the article is cited");
    // « le service dégradé n'est pas une interruption »
    assert_eq!(try_it(90, ServiceState::Degraded).measured.value.verdict, Verdict::Kept);
    let other = OutageCase { service: "Messagerie".to_owned(), ..case(90, ServiceState::Down) };
    assert!(trial::outage(&draft, &other).unwrap().is_empty());
}

#[test]
fn a_service_measured_by_month_and_by_quarter_is_told_for_both() {
    let draft = checked("lumen-edition.md");
    let case = OutageCase {
        service: "Bibliotek".to_owned(),
        from: "2027-01-12T03:00".parse().unwrap(),
        minutes: 60,
        state: ServiceState::Down,
    };
    let tried = trial::outage(&draft, &case).unwrap();
    let told: Vec<_> =
        tried.iter().map(|t| (t.measured.value.clause.as_str(), t.measured.value.verdict)).collect();
    // 99.90 % of 31 days leaves 44 min 38 s, 99.95 % of 90 days 64 min 48 s.
    assert_eq!(told, [("dispo-mensuelle", Verdict::Missed), ("dispo-trimestrielle", Verdict::Kept)]);
}

#[test]
fn an_order_of_work_units_is_priced_and_spends_the_book() {
    let draft = checked("lumen-edition.md");
    let case = |code: &str, count| OrderCase {
        book: "carnet-uo".to_owned(),
        code: code.to_owned(),
        count,
        on: jiff::civil::date(2027, 1, 12),
    };
    let tried = trial::order(&draft, &case("M", 3)).unwrap().unwrap();
    // 3 × 2.5 units at 540.00 EUR, of 200.
    assert_eq!(tried.delivered.value.net, Money::eur(405_000));
    assert_eq!(tried.book.value.left, base::fraction::Fraction::new(385, 2));
    let more = trial::order(&draft, &case("TC", 25)).unwrap().unwrap();
    assert_eq!(more.delivered.value.beyond, base::fraction::Fraction::from_integer(25));
    assert!(trial::order(&draft, &case("XL", 1)).unwrap().is_none());
}
