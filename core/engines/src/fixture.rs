//! A reduced contract A for the tests of this crate, built by hand: no compiler here.

use base::fraction::Fraction;
use base::{Length, Money, Provenance, Rounding};
use jiff::civil::{Date, date};
use terms::commitment::{Objective, Period, SmallSample};
use terms::meter::{CarryOver, WhenEmpty};
use terms::penalty::{Breach, Penalty, PenaltyBase, PenaltyCap, PenaltyFormula, PenaltyTax};
use terms::perimeter::{Coverage, PerimeterEntry};
use terms::price::{Due, Price, Proration};
use terms::term::{ContractTerm, Phase, Renewal};
use terms::{
    Dimension, Facts, Guard, History, Meter, MeterForm, Operation, OperationTerms, Promise, Rule, Terms,
    Version,
};

pub fn rule<T>(label: &str, then: T) -> Rule<T> {
    let from = Provenance {
        contract: "CTR-2026-001".to_owned(),
        article: format!("Article – {label}"),
        label: label.to_owned(),
        ..Provenance::default()
    };
    Rule { from, when: Guard::default(), exception_to: None, then }
}

pub fn when<T>(mut rule: Rule<T>, dimension: Dimension, values: &[&str]) -> Rule<T> {
    rule.when.values.insert(dimension, values.iter().map(|v| (*v).to_owned()).collect());
    rule
}

pub fn facts(pairs: &[(Dimension, &str)]) -> Facts {
    pairs.iter().fold(Facts::default(), |facts, (d, v)| facts.with(*d, *v))
}

pub fn price(unit: &str, quantity: u32, cents: i64) -> Price {
    Price {
        unit: unit.to_owned(),
        title: format!("Forfait {unit}"),
        quantity,
        unit_price: Money::eur(cents),
        due: Due::InAdvance,
        proration: Proration::ActualDays,
        vat: Fraction::new(1, 5),
        rounding: Rounding::CENTS,
    }
}

pub fn pack(when_empty: WhenEmpty) -> Rule<Meter> {
    let leftover = terms::Leftover::Lost;
    let form =
        MeterForm::TicketPack { tickets: 120, per: Period::ContractYear, alert_at: 20, when_empty, leftover };
    rule(
        "carnet",
        Meter { form, never_refused: vec!["P1".into()], not_counted: vec![], hours: None, weights: vec![] },
    )
}

pub fn hours(minutes: u32, carry_over: CarryOver, hour_price: Option<Money>) -> Rule<Meter> {
    let form = MeterForm::MaxHours {
        minutes,
        per: Period::Month,
        minimum: 0,
        round_up_to: 15,
        carry_over,
        alert_at: 120,
        hour_price,
    };
    let never_refused = vec!["P1".into()];
    rule(
        "heures",
        Meter { form, never_refused, not_counted: vec!["P4".into()], hours: None, weights: vec![] },
    )
}

fn entry(status: Coverage, class: &str, items: &[&str]) -> PerimeterEntry {
    PerimeterEntry {
        status,
        class: Some(class.to_owned()),
        items: items.iter().map(|i| (*i).to_owned()).collect(),
        count: None,
        sites: vec![],
        third_party: None,
        sensitive: false,
    }
}

fn perimeter() -> Vec<Rule<PerimeterEntry>> {
    let third_party = Some("Garonne Télécom".to_owned());
    let sensitive = PerimeterEntry { sensitive: true, ..entry(Coverage::In, "server", &["srv-rh"]) };
    let link = PerimeterEntry { third_party, ..entry(Coverage::Shared, "link", &["acces-internet"]) };
    let printers = PerimeterEntry { sites: vec!["tls".into()], ..entry(Coverage::In, "printer", &[]) };
    vec![
        rule("serveurs", entry(Coverage::In, "server", &["srv-fic", "srv-erp"])),
        rule("serveur-rh", sensitive),
        rule("postes", entry(Coverage::In, "workstation", &[])),
        rule("bornes", entry(Coverage::Out, "workstation", &["kiosk-1"])),
        rule("lien", link),
        rule("imprimantes", printers),
    ]
}

fn operations() -> Vec<Rule<Operation>> {
    let operation = |name: &str, title: &str, terms| {
        rule(name, Operation { operation: name.to_owned(), title: title.to_owned(), terms, ask: Vec::new() })
    };
    let visits = OperationTerms::Metered { included: 4, per: Period::Month, then_price: Money::eur(9500) };
    vec![
        operation("user_support", "Assistance aux utilisateurs", OperationTerms::Included),
        operation("on_site_visit", "Visite sur site", visits),
        operation("project", "Projet", OperationTerms::Quoted),
        operation("cabling", "Câblage", OperationTerms::Excluded),
    ]
}

fn term() -> ContractTerm {
    ContractTerm {
        start: date(2026, 3, 1),
        months: 36,
        renewal: Renewal::Tacit { months: 12 },
        notice: Length::Months(3),
        phases: vec![
            Phase { name: "transition".into(), from: date(2026, 3, 1), until: Some(date(2026, 3, 31)) },
            Phase { name: "operations".into(), from: date(2026, 4, 1), until: None },
        ],
    }
}

pub fn penalty(formula: PenaltyFormula, percent: i128, tax: PenaltyTax) -> Penalty {
    Penalty {
        on: Breach::Promise(Promise::Restore),
        of: None,
        formula,
        step: None,
        rate: Fraction::new(percent, 100),
        base: PenaltyBase::MonthlyFeeInForce,
        base_of: vec![],
        tax,
        sole_remedy: false,
        suspended_in: vec!["transition".into()],
    }
}

pub fn cap(per: Period, percent: i128) -> PenaltyCap {
    PenaltyCap {
        per,
        rate: Fraction::new(percent, 100),
        base: PenaltyBase::MonthlyFeeInForce,
        base_of: vec![],
    }
}

/// Contract A: 2 300.00 a month, 120 tickets a contract year, 2 % an hour started on P1.
pub fn contract() -> Terms {
    let objective = Objective {
        promise: Promise::Restore,
        rate: Fraction::new(95, 100),
        per: Period::Quarter,
        small_sample: Some(SmallSample { below: 20, allowed_misses: 1 }),
    };
    let late = penalty(PenaltyFormula::StepPerHourStarted, 2, PenaltyTax::Indemnity);
    let late_p2 = penalty(PenaltyFormula::PerCase, 3, PenaltyTax::Indemnity);
    Terms {
        contract: "CTR-2026-001".into(),
        zone: "Europe/Paris".into(),
        semantics: 1,
        term: Some(rule("duree", term())),
        perimeter: perimeter(),
        operations: operations(),
        meters: vec![pack(WhenEmpty::PerTicket { price: Money::eur(2400) })],
        objectives: vec![rule("objectif", objective)],
        prices: vec![
            rule("postes", price("seat", 40, 4600)),
            rule("serveurs", price("server", 3, 9500)),
            rule("sauvegarde", price("flat", 1, 12_000)),
            rule("supervision", price("flat", 1, 5500)),
        ],
        penalties: vec![
            when(rule("retard-p1", late), Dimension::Priority, &["P1"]),
            when(rule("retard-p2", late_p2), Dimension::Priority, &["P2"]),
        ],
        penalty_caps: vec![
            rule("plafond-mois", cap(Period::Month, 10)),
            rule("plafond-annee", cap(Period::ContractYear, 8)),
        ],
        ..Terms::default()
    }
}

/// Versions in order of effect, named `v1`, `v2`…
pub fn history(versions: Vec<(Date, Terms)>) -> History {
    let versions = versions
        .into_iter()
        .enumerate()
        .map(|(i, (effective, terms))| Version { hash: format!("v{}", i + 1), effective, terms })
        .collect();
    History { versions }
}

/// Contract A alone, in force from its start.
pub fn signed() -> History {
    history(vec![(date(2026, 3, 1), contract())])
}
