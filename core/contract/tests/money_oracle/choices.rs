//! M-30 to M-33 and M-35: tenders, whole costs, lease or buy, repair or replace.

use base::lang::decimal;
use base::{Fraction, Lang, Money};
use engines::tender::{Bid, Criterion, Mark, PriceFormula, Scoring, score};
use engines::total_cost::{CostPlan, LeaseOrBuy, lease_or_buy, saving, total};
use engines::{billing, equipment};
use jiff::civil::date;

use crate::support::{TERM, because, case, eur, expected, input, terms};

fn whole(n: u64) -> Fraction {
    Fraction::from_integer(i128::from(n))
}

fn euros(text: &str) -> Money {
    Money::parse(&format!("{text} EUR")).unwrap()
}

#[test]
fn m_30_two_price_formulas_two_winners() {
    let m = case("M-30");
    let weights: Vec<Fraction> = m["inputs"]["weights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| whole(w.as_u64().unwrap()) / whole(100))
        .collect();
    let bids: Vec<Bid> = m["inputs"]["bids"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, figures)| {
            let n = |i: usize| figures[i].as_u64().unwrap();
            let marks = vec![Mark(whole(n(1))), Mark(whole(n(2)))];
            Bid { name: name.clone(), price: euros(&n(0).to_string()), marks }
        })
        .collect();
    let criterion = |name: &str, weight, under: Option<u64>| Criterion {
        name: name.to_owned(),
        weight,
        eliminatory_under: under.map(whole),
    };
    let scored = |price_formula| {
        let scoring = Scoring {
            out_of: 20,
            price_weight: weights[0],
            price_formula,
            criteria: vec![
                criterion("Valeur technique", weights[1], Some(10)),
                criterion("Délais", weights[2], None),
            ],
        };
        score(&scoring, &bids)
    };
    let expected = m["expected"].as_array().unwrap();
    for (formula, nth) in [(PriceFormula::Proportional, 0), (PriceFormula::Linear, 2)] {
        let scores = scored(formula);
        let ranked: Vec<&str> =
            scores.iter().filter(|s| s.value.rank.is_some()).map(|s| s.value.bid.as_str()).collect();
        let order: Vec<&str> =
            expected[nth + 1].as_array().unwrap().iter().map(|b| b.as_str().unwrap()).collect();
        assert_eq!(ranked, order);
        for score in scores.iter().filter(|s| s.value.rank.is_some()) {
            let mark = decimal(Lang::En, score.value.mark.unwrap(), 4);
            assert_eq!(mark, expected[nth][score.value.bid.as_str()].as_str().unwrap());
            assert_eq!(score.reasons.len(), 4, "a reason for each mark, and the total");
        }
        let out = scores.last().unwrap();
        assert_eq!((out.value.bid.as_str(), out.value.mark, out.value.rank), ("B4", None, None));
        assert!(out.reasons[0].text.fr.contains("Valeur technique"), "{out:?}");
    }
}

#[test]
fn equal_bids_share_a_rank() {
    let bid = |name: &str| Bid { name: name.to_owned(), price: Money::eur(100), marks: vec![] };
    let scoring =
        Scoring { out_of: 20, price_weight: whole(1), price_formula: PriceFormula::Linear, criteria: vec![] };
    let ranks: Vec<_> = score(&scoring, &[bid("a"), bid("b")]).iter().map(|s| s.value.rank).collect();
    assert_eq!(ranks, [Some(1), Some(1)]);
}

fn percent(before: Money, after: Money) -> String {
    let found = saving(before, after);
    decimal(Lang::En, found.value.unwrap().rate * whole(100), 2)
}

#[test]
fn m_31_the_saving_on_a_years_budget() {
    let m = case("M-31");
    let found = percent(euros(&input(&m, "before")), euros(&input(&m, "after")));
    assert_eq!([found], expected(&m)[..]);
    assert_eq!(saving(Money::eur(0), Money::eur(100)).value, None);
}

#[test]
fn m_32_the_whole_cost_over_three_years() {
    let m = case("M-32");
    let before = euros(&input(&case("M-31"), "before"));
    let retained = input(&m, "retained");
    let plan = CostPlan {
        years: 3,
        yearly: euros(&input(&m, "run")),
        transition: euros(&input(&m, "transition")),
        reversibility: euros(&input(&m, "reversibility")),
        retained_yearly: euros(retained.trim_end_matches("/yr")),
    };
    let run = percent(before, plan.yearly);
    let full = percent(total(&CostPlan::run_only(3, before)).value, total(&plan).value);
    assert_eq!([run, full], expected(&m)[..]);
    assert_eq!(eur(total(&plan).value), "585000.00");
}

/// The case gives no unit price: these are 870.00 for each laptop bought, 27.50 a month leased.
#[test]
fn m_33_lease_against_buy() {
    let m = case("M-33");
    let choice = LeaseOrBuy {
        items: 40,
        months: 36,
        lease_per_month: euros("27.50"),
        purchase: euros("890.00"),
        support: euros("60.00"),
        residual: euros("80.00"),
    };
    let found = lease_or_buy(&choice);
    assert_eq!([eur(found.value.buy), eur(found.value.lease)], expected(&m)[..]);
}

#[test]
fn m_35_replaced_and_the_fifth_is_billed() {
    let m = case("M-35");
    let included = m["inputs"]["included"].as_u64().unwrap();
    let clause = format!(
        r#"
kind = "equipment"
label = "materiel"
then = {{ class = "workstation", repair_limit = "50 %", max_age = "5 years", included = {included}, per = "contract_year", then_price = "{} EUR", mode = "customer_owned" }}
"#,
        input(&m, "price"),
    );
    let terms = terms(&[TERM, &clause]);
    let rule = &terms.equipment[0];
    let decision = equipment::decide(rule, euros(&input(&m, "repair")), euros(&input(&m, "value")), None);
    because(&decision);
    let used = usize::try_from(m["inputs"]["used"].as_u64().unwrap()).unwrap();
    let fifth = equipment::replacement(&terms, rule, date(2026, 11, 5), &vec![date(2026, 6, 1); used]);
    because(&fifth);
    let ratio = decimal(Lang::En, decision.value.ratio * whole(100), 2);
    let found = [ratio, decision.value.replace.to_string(), eur(fifth.value.unwrap())];
    assert_eq!(found, expected(&m)[..]);
    // The year after begins again; a cheap repair of an old machine is not made.
    let next = equipment::replacement(&terms, rule, date(2027, 3, 1), &vec![date(2026, 6, 1); used]);
    assert_eq!(next.value, None);
    let old = equipment::decide(rule, Money::eur(1000), Money::eur(59_000), Some(61)).value;
    assert!(
        old.replace && !equipment::decide(rule, Money::eur(1000), Money::eur(59_000), Some(60)).value.replace
    );
}

#[test]
fn time_is_rounded_up_weighed_and_held_to_a_budget() {
    let terms = terms(&[contract::kind("rates").unwrap().example, contract::kind("budget").unwrap().example]);
    use billing::time::{BudgetVerdict, budget, time};
    use terms::rates::RateHours;
    let night = time(&terms.rates[0], 200, RateHours::Night);
    because(&night);
    // 3 h 20 make 3 h 30 of a day of 7 h: half of 620.00, times 1.5.
    assert_eq!((night.value.counted_minutes, eur(night.value.amount)), (210, "465.00".to_owned()));
    assert_eq!(eur(time(&terms.rates[0], 210, RateHours::Saturday).value.amount), "310.00");
    let verdict = |spent: &str| {
        let found = budget(&terms.budgets[0], euros(spent), euros("1000.00"));
        because(&found);
        found.value
    };
    assert_eq!(verdict("22999.99"), BudgetVerdict::Within);
    assert_eq!(verdict("23000.00"), BudgetVerdict::Alert);
    assert_eq!(verdict("29000.00"), BudgetVerdict::Alert);
    assert_eq!(verdict("29000.01"), BudgetVerdict::Approval);
}
