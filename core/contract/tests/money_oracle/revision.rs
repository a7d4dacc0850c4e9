//! M-01 to M-09 and M-36: the index, its roundings, and what the invoice shows.

use base::Money;
use engines::billing::revision::{self, IndexSeries, IndexValue};
use engines::billing::{MonthFacts, MonthStatement, close};
use jiff::civil::{Date, date};

use crate::support::{TERM, because, case, eur, expected, fee, history, input, number, signed, terms};

/// S0 published before the signature, S1 before the first anniversary; figures of the case.
fn syntec(s0: &str, s1: &str) -> Vec<IndexSeries> {
    bases((s0, "revised"), (s1, "revised"))
}

fn bases(s0: (&str, &str), s1: (&str, &str)) -> Vec<IndexSeries> {
    let value = |(figure, base): (&str, &str), month: Date, published_on| IndexValue {
        month,
        value: number(figure),
        published_on,
        base: base.to_owned(),
    };
    let values = vec![
        value(s0, date(2025, 12, 1), date(2026, 1, 30)),
        value(s1, date(2027, 1, 1), date(2027, 2, 26)),
        // Published the day after the anniversary: it must not be read.
        value(("999.9", s1.1), date(2027, 2, 1), date(2027, 3, 31)),
    ];
    vec![IndexSeries { index: "Syntec".to_owned(), source: "Fédération Syntec".to_owned(), values }]
}

fn clause(more: &str) -> String {
    let has = |key: &str, line: &str| {
        if more.contains(&format!("then.{key} =")) { String::new() } else { format!("{line}\n") }
    };
    [
        "kind = \"price_revision\"\nlabel = \"revision\"\nthen.index = \"Syntec\"\nthen.base_on = 2026-02-16\n",
        "then.s0 = \"last_published\"\nthen.s1 = \"last_published\"\nthen.reference = \"signature\"\n",
        "then.direction = \"reciprocal\"\n",
        &has("formula", "then.formula = \"syntec\""),
        &has("first_on", "then.first_on = 2027-03-01"),
        &has("apply_to", "then.apply_to = \"unit\""),
        more,
    ]
    .concat()
}

/// The month after the first anniversary, with these values known.
fn march(clauses: &[&str], series: Vec<IndexSeries>) -> MonthStatement {
    let facts = MonthFacts { indices: series, ..MonthFacts::default() };
    let statement = close(&signed(terms(clauses)), date(2027, 3, 1), &facts);
    because(&statement);
    statement.value
}

/// What a fee of `p0` has become, by the clause.
fn p1(p0: &str, more: &str, series: Vec<IndexSeries>) -> String {
    eur(march(&[TERM, &fee(1, p0), &clause(more)], series).net)
}

#[test]
fn m_01_the_coefficient_is_not_rounded() {
    let m = case("M-01");
    let series = syntec(&input(&m, "s0"), &input(&m, "s1"));
    assert_eq!([p1(&input(&m, "p0"), "", series)], expected(&m)[..]);
}

#[test]
fn m_02_the_coefficient_is_rounded_to_four_decimals() {
    let m = case("M-02");
    let series = syntec(&input(&m, "s0"), &input(&m, "s1"));
    let rounding = "then.coefficient_rounding = { digits = 4, mode = \"half_up\" }";
    let rule = &terms(&[&clause(rounding)]).price_revisions[0];
    let found = revision::coefficient(rule, &series, date(2027, 3, 1)).value.unwrap();
    assert_eq!(found.kept, number(&input(&m, "coef")));
    assert_eq!([p1(&input(&m, "p0"), rounding, series)], expected(&m)[..]);
}

#[test]
fn m_03_the_coefficient_is_rounded_up_to_three_decimals() {
    let m = case("M-03");
    let series = syntec("306.0", "314.5");
    let rounding = "then.coefficient_rounding = { digits = 3, mode = \"up\" }";
    let rule = &terms(&[&clause(rounding)]).price_revisions[0];
    let found = revision::coefficient(rule, &series, date(2027, 3, 1));
    because(&found);
    assert_eq!(found.value.unwrap().kept, number(&input(&m, "coef")));
    assert_eq!([p1("2300.00", rounding, series)], expected(&m)[..]);
}

#[test]
fn m_04_unit_prices_or_the_total() {
    let m = case("M-04");
    let quantity = u32::try_from(m["inputs"]["qty"].as_u64().unwrap()).unwrap();
    let fee = fee(quantity, &input(&m, "unit"));
    let net = |apply_to: &str| {
        let apply_to = format!("then.apply_to = \"{apply_to}\"");
        march(&[TERM, &fee, &clause(&apply_to)], syntec("306.0", "314.5")).net
    };
    assert_eq!([eur(net("unit")), eur(net("total"))], expected(&m)[..]);
    assert_eq!(net("line"), net("total"), "one line: its revision is the total's");
}

#[test]
fn the_total_is_shared_out_to_the_cent() {
    // Three fees of 33.33: each line alone gives 34.26, the total 102.77.
    let fees: Vec<String> = ["a", "b", "c"].iter().map(|l| fee(1, "33.33").replace("forfait", l)).collect();
    let net = |apply_to: &str| {
        let clause = clause(&format!("then.apply_to = \"{apply_to}\""));
        march(&[TERM, &fees[0], &fees[1], &fees[2], &clause], syntec("306.0", "314.5")).net
    };
    assert_eq!((eur(net("line")), eur(net("total"))), ("102.78".to_owned(), "102.77".to_owned()));
}

#[test]
fn m_05_the_rise_is_capped() {
    let m = case("M-05");
    assert_eq!(input(&m, "cap"), "0.02");
    assert_eq!([p1("2300.00", "then.cap = \"2 %\"", syntec("306.0", "314.5"))], expected(&m)[..]);
}

#[test]
fn m_06_the_index_went_down() {
    let m = case("M-06");
    let series = || syntec(&input(&m, "s0"), &input(&m, "s1"));
    assert_eq!([p1("2300.00", "", series())], expected(&m)[..]);
    assert_eq!(p1("2300.00", "then.floor = \"0.05 %\"", series()), "2298.85", "2300.00 less 0.05 %");
}

#[test]
fn m_07_a_part_is_indexed() {
    let m = case("M-07");
    assert_eq!((input(&m, "fixed"), input(&m, "var")), ("0.15".to_owned(), "0.85".to_owned()));
    let parts = "then.formula = \"partial\"\nthen.fixed = \"15 %\"\nthen.variable = \"85 %\"";
    assert_eq!([p1("2300.00", parts, syntec("306.0", "314.5"))], expected(&m)[..]);
}

#[test]
fn m_08_three_readings_of_the_link_coefficient() {
    let m = case("M-08");
    let old = input(&m, "s0_old");
    let s0 = old.split(' ').next().unwrap();
    let read = |link: &str| {
        let series = bases((s0, "2010"), (&input(&m, "s1_new"), "revised"));
        p1(&input(&m, "p0"), link, series)
    };
    let with = |method: &str| format!("then.index_link = \"{method}\"\nthen.link_coefficient = \"0.97975\"");
    let all =
        [read(&with("convert_base")), read("then.index_link = \"ignore\""), read(&with("apply_to_new"))];
    assert_eq!(all, expected(&m)[..]);
    assert_eq!(read(""), "1000.00", "without a link, nothing is revised");
}

#[test]
fn m_09_vat_on_the_revised_fee() {
    let m = case("M-09");
    let statement = march(&[TERM, &fee(1, "2300.00"), &clause("")], syntec("306.0", "314.5"));
    assert_eq!(eur(statement.net), input(&m, "base"));
    assert_eq!([eur(statement.vat_total), eur(statement.gross)], expected(&m)[..]);
}

#[test]
fn m_36_an_anniversary_in_mid_month() {
    let m = case("M-36");
    let clauses = [TERM, &fee(1, &input(&m, "p0")), &clause("then.first_on = 2027-03-16")];
    let statement = march(&clauses, syntec("306.0", "314.5"));
    let lines: Vec<String> = statement.lines.iter().map(|l| eur(l.value.net)).collect();
    assert_eq!([&lines[0], &lines[1], &eur(statement.net)].map(String::as_str), expected(&m)[..]);
    assert_eq!(eur(statement.lines[1].value.unit_price), input(&m, "p1"));
    assert_eq!(statement.versions, ["v1"], "a revision is no new version");
}

#[test]
fn a_revision_waits_for_its_index() {
    let terms = terms(&[TERM, &fee(1, "2300.00"), &clause("")]);
    let statement = close(&signed(terms.clone()), date(2027, 3, 1), &MonthFacts::default());
    assert_eq!(statement.value.net, Money::eur(230_000));
    assert!(statement.reasons.iter().any(|r| r.code == "revision.waiting"), "{:?}", statement.reasons);
    let before = close(&signed(terms), date(2027, 2, 1), &MonthFacts::default());
    assert!(before.reasons.iter().all(|r| r.code != "revision.waiting"));
}

/// Two revisions, the second bounded by a cap of 3 %: on the whole since the signature, or on its step.
#[test]
fn a_cap_bounds_the_whole_or_each_step() {
    let mut series = syntec("100", "102");
    let third = IndexValue {
        month: date(2028, 1, 1),
        published_on: date(2028, 2, 25),
        ..series[0].values[0].clone()
    };
    series[0].values[2] = IndexValue { value: number("105"), ..third };
    let march_2028 = |reference: &str| {
        let clause = clause("then.cap = \"3 %\"").replace("\"signature\"", &format!("\"{reference}\""));
        let facts = MonthFacts { indices: series.clone(), ..MonthFacts::default() };
        eur(close(&signed(terms(&[TERM, &fee(1, "1000.00"), &clause])), date(2028, 3, 1), &facts).value.net)
    };
    assert_eq!(march_2028("signature"), "1030.00");
    // 1020.00, then 105/102 = 1.0294…: 1050.00.
    assert_eq!(march_2028("previous"), "1050.00");
}

/// The prices of an amendment are those of the signature too.
#[test]
fn an_amendment_after_an_anniversary_is_revised_as_the_rest() {
    let contract = |quantity| terms(&[TERM, &fee(quantity, "46.00"), &clause("")]);
    let history = history(vec![(date(2026, 3, 1), contract(40)), (date(2027, 6, 15), contract(45))]);
    let facts = MonthFacts { indices: syntec("306.0", "314.5"), ..MonthFacts::default() };
    let statement = close(&history, date(2027, 6, 1), &facts).value;
    let lines: Vec<String> = statement.lines.iter().map(|l| eur(l.value.net)).collect();
    // 40 × 47.28, then 5 × 47.28 × 16/30.
    assert_eq!(lines, ["1891.20", "126.08"]);
    assert_eq!(statement.versions, ["v1", "v2"]);
}
