//! Work paid for by the time that it takes: the clause that says so, the rate that it names, and its maximum.

use base::{Money, Reason};
use terms::{Facts, Operation, OperationTerms, Rate, Rule, Terms, governing};

use super::operation_clause;
use crate::say::cite;

/// Work at a rate, and the two clauses that its price rests on.
#[derive(Clone, Copy)]
pub struct AtRate<'a> {
    pub clause: &'a Rule<Operation>,
    pub rate: &'a Rule<Rate>,
    /// The most that it may come to without another agreement, net of VAT.
    pub up_to: Option<Money>,
}

/// How work with these facts is paid for by time; `None` when it is not, or when no rate of its profile
/// governs the case: it is done on quotation then.
pub fn at_rate<'a>(terms: &'a Terms, facts: &Facts) -> Option<AtRate<'a>> {
    let clause = operation_clause(terms, facts)?;
    let OperationTerms::AtRate { profile, up_to } = &clause.then.terms else { return None };
    let rate = governing(terms.rates.iter().filter(|r| r.then.profile == *profile), facts)?;
    Some(AtRate { clause, rate, up_to: *up_to })
}

impl AtRate<'_> {
    /// On what terms the work is done.
    pub fn reason(&self) -> Reason {
        let title = &self.clause.then.title;
        cite("operation.at_rate", self.clause, |lang| match self.up_to.map(|most| most.show(lang)) {
            Some(most) => lang.t(
                format!("« {title} »\u{a0}: au temps passé, dans la limite de {most} HT sans nouvel accord."),
                format!("“{title}”: paid by the time spent, up to {most} net without another agreement."),
            ),
            None => lang.t(
                format!(
                    "« {title} »\u{a0}: au temps passé, dans la limite d'un maximum accepté avant le travail."
                ),
                format!("“{title}”: paid by the time spent, up to a maximum agreed to before the work."),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use base::fraction::Fraction;
    use jiff::civil::date;
    use terms::Dimension;
    use terms::rates::{RateHours, RateWeight};

    use super::*;
    use crate::billing::time::{PaidBy, Worked, spending, worked};
    use crate::billing::{AgreedPrice, Done, LineKind, MonthFacts, PriceAsked, Spent, close};
    use crate::fixture::{self, facts};
    use crate::perimeter::price::{Agreement, Said, before_work, by_time, maximum};
    use crate::perimeter::{Admission, Work, decide};

    const MOST: Money = Money::eur(50_000);

    fn terms(up_to: Option<Money>) -> Terms {
        let mut terms = fixture::contract();
        let weights = vec![RateWeight { hours: RateHours::Night, when: None, weight: Fraction::new(3, 2) }];
        let rate = Rate {
            profile: "technician".to_owned(),
            title: "Technicien".to_owned(),
            price: Money::eur(7_800),
            minutes: 60,
            round_up_to: 15,
            weights,
        };
        terms.rates = vec![fixture::rule("technicien", rate)];
        let work = OperationTerms::AtRate { profile: "technician".to_owned(), up_to };
        for rule in terms.operations.iter_mut().filter(|r| r.label() == "cabling") {
            rule.then.terms = work.clone();
        }
        terms
    }

    fn cabling() -> Facts {
        facts(&[(Dimension::Operation, "cabling")])
    }

    fn standing(terms: &Terms, said: &[Said]) -> Agreement {
        before_work(terms, &cabling(), 0, said, date(2026, 6, 16)).value
    }

    #[test]
    fn the_maximum_of_the_clause_is_told_with_the_rate_and_agreed_to_before_the_work() {
        let told = decide(&terms(Some(MOST)), &cabling(), 0);
        assert_eq!(told.value.admission, Admission::AcceptedPriced { price: MOST });
        let labels: Vec<&str> = told.cited().into_iter().map(|from| from.label.as_str()).collect();
        assert_eq!(labels, ["cabling", "technicien"]);
        let rate = &told.reasons.last().unwrap().text.fr;
        assert!(rate.contains("78,00\u{a0}€ HT") && rate.contains("× 1,5 la nuit"), "{rate}");
        assert_eq!(standing(&terms(Some(MOST)), &[]), Agreement::Awaited { price: MOST, until: None });
    }

    #[test]
    fn without_a_maximum_the_provider_says_one_first() {
        let terms = terms(None);
        let told = decide(&terms, &cabling(), 0).value;
        assert_eq!(told.admission, Admission::NeedsQuote);
        assert_eq!(told.work, Work::AtRate { profile: "technician".to_owned(), up_to: None });
        assert_eq!(standing(&terms, &[]), Agreement::QuoteAwaited);
        let said = [Said::Quoted { price: MOST, until: None }, Said::Agreed { price: MOST }];
        assert_eq!(standing(&terms, &said), Agreement::Agreed { price: MOST });
        assert_eq!(standing(&terms, &[Said::Declined]), Agreement::Declined);
    }

    #[test]
    fn a_higher_maximum_that_is_declined_or_lapses_leaves_the_one_agreed_to() {
        let (terms, more) = (terms(Some(MOST)), Money::eur(80_000));
        let quoted = |until| Said::Quoted { price: more, until };
        let agreed = Said::Agreed { price: MOST };
        assert_eq!(
            standing(&terms, &[agreed, quoted(None)]),
            Agreement::Awaited { price: more, until: None }
        );
        let asked = before_work(&terms, &cabling(), 0, &[agreed, quoted(None)], date(2026, 6, 16));
        let told = &asked.reasons.last().unwrap().text.fr;
        assert!(told.contains("reste dans les 500,00"), "work goes on: {told}");
        assert_eq!(maximum(&terms, &cabling(), &[quoted(None)]), None);
        assert_eq!(maximum(&terms, &cabling(), &[agreed, quoted(None)]), Some(MOST));
        assert_eq!(maximum(&fixture::contract(), &cabling(), &[agreed]), None);
        let kept = Agreement::Agreed { price: MOST };
        assert_eq!(standing(&terms, &[agreed, quoted(None), Said::Declined]), kept);
        assert_eq!(standing(&terms, &[agreed, quoted(Some(date(2026, 6, 15)))]), kept);
        let raised = [agreed, quoted(None), Said::Agreed { price: more }];
        assert_eq!(standing(&terms, &raised), Agreement::Agreed { price: more });
    }

    #[test]
    fn time_is_rounded_weighed_and_held_against_the_maximum() {
        let terms = terms(Some(MOST));
        let agreed = Agreement::Agreed { price: MOST };
        let at = at_rate(&terms, &cabling()).unwrap();
        let night = worked(&terms, &cabling(), (agreed, None, Some(&at)), None, 50, RateHours::Night);
        // 60 minutes once rounded, at 78.00 × 1.5.
        let charge = Money::eur(11_700);
        assert_eq!(night.value, Worked { paid_by: PaidBy::Rate, counted_minutes: 60, worth: Some(charge) });
        let labels: Vec<&str> = night.cited().into_iter().map(|from| from.label.as_str()).collect();
        assert_eq!(labels, ["cabling", "technicien"]);
        let held = |before| spending(&at, MOST, Money::eur(before), charge);
        assert!(held(38_300).value.fits(), "up to the last cent");
        assert!(!held(38_301).value.fits());
        assert_eq!(held(38_301).cited()[0].label, "cabling");
    }

    #[test]
    fn what_is_ordered_in_units_is_paid_by_its_price_until_the_order_is_withdrawn() {
        let (terms, price) = (terms(Some(MOST)), Money::eur(90_000));
        let said = [Said::Quoted { price, until: None }, Said::Ordered { price }];
        let standing = before_work(&terms, &cabling(), 0, &said, date(2026, 6, 16));
        assert_eq!(standing.value, Agreement::Agreed { price });
        assert!(!standing.reasons.last().unwrap().text.fr.contains("maximum"), "{:?}", standing.reasons);
        assert_eq!(maximum(&terms, &cabling(), &said), None);
        let at = by_time(&terms, &cabling(), &said);
        let told =
            worked(&terms, &cabling(), (standing.value, None, at.as_ref()), None, 50, RateHours::Night);
        assert_eq!(told.value.paid_by, PaidBy::AgreedPrice);
        let withdrawn = [said[0], said[1], Said::Declined];
        assert!(by_time(&terms, &cabling(), &withdrawn).is_some());
    }

    #[test]
    fn a_month_bills_each_ticket_by_its_hours_and_never_the_maximum() {
        let history = fixture::history(vec![(date(2026, 3, 1), terms(Some(MOST)))]);
        let spent = |ticket: &str, day, minutes, hours| Spent {
            ticket: ticket.to_owned(),
            opened: date(2026, 6, 2),
            version: None,
            facts: cabling(),
            on: date(2026, 6, day),
            minutes,
            hours,
            warranty: None,
        };
        let (day, night) = (RateHours::Ordinary, RateHours::Night);
        let time = vec![
            spent("7", 9, 20, day),
            spent("7", 4, 20, day),
            spent("7", 4, 50, night),
            spent("8", 5, 60, day),
            spent("8", 5, 0, day),
        ];
        let agreed = AgreedPrice { on: date(2026, 6, 2), price: MOST, asked: PriceAsked::Clause };
        let operations = vec![Done {
            operation: Some("cabling".to_owned()),
            on: date(2026, 6, 2),
            version: None,
            agreed: Some(agreed),
            facts: cabling(),
            warranty: None,
            reference: "7".to_owned(),
        }];
        let facts = MonthFacts { time, operations, ..MonthFacts::default() };
        let statement = close(&history, date(2026, 6, 1), &facts).value;
        let lines = statement.lines.iter().filter(|l| l.value.kind == LineKind::Extra);
        let told: Vec<(Vec<String>, i64, String)> = lines
            .clone()
            .map(|l| (l.value.tickets.clone(), l.value.net.cents, l.value.title.fr.clone()))
            .collect();
        // Each entry of 20 minutes counts for 30.
        assert_eq!(
            told,
            [
                (vec!["7".to_owned()], 7_800, "Temps passé, Technicien".to_owned()),
                (vec!["7".to_owned()], 11_700, "Temps passé, Technicien, la nuit".to_owned()),
                (vec!["8".to_owned()], 7_800, "Temps passé, Technicien".to_owned()),
            ]
        );
        let first = statement.lines.iter().find(|l| l.value.kind == LineKind::Extra).unwrap();
        let labels: Vec<&str> = first.cited().into_iter().map(|from| from.label.as_str()).collect();
        assert_eq!(labels[..2], ["cabling", "technicien"]);
        assert_eq!((first.value.from, first.value.to), (date(2026, 6, 4), date(2026, 6, 9)));
        let kept = serde_json::to_string(&facts).unwrap();
        let again: MonthFacts = serde_json::from_str(&kept).unwrap();
        assert_eq!(close(&history, date(2026, 6, 1), &again).value, statement, "the customer's own closing");
    }

    #[test]
    fn a_ticket_keeps_the_rate_it_was_told_whatever_is_signed_since() {
        let mut dearer = terms(Some(MOST));
        dearer.rates[0].then.price = Money::eur(15_600);
        let versions = vec![(date(2026, 3, 1), terms(Some(MOST))), (date(2026, 6, 1), dearer)];
        let history = fixture::history(versions);
        let told = history.versions[0].hash.clone();
        let billed = |version| {
            let spent = Spent {
                ticket: "7".to_owned(),
                opened: date(2026, 6, 2),
                version,
                facts: cabling(),
                on: date(2026, 6, 4),
                minutes: 60,
                hours: RateHours::Ordinary,
                warranty: None,
            };
            let facts = MonthFacts { time: vec![spent], ..MonthFacts::default() };
            let lines = close(&history, date(2026, 6, 1), &facts).value.lines;
            lines.iter().find(|l| l.value.kind == LineKind::Extra).unwrap().value.net
        };
        assert_eq!(billed(Some(told)), Money::eur(7_800), "the amendment was signed after the ticket");
        assert_eq!(billed(None), Money::eur(15_600));
        assert_eq!(billed(Some("of another history".to_owned())), Money::eur(15_600));
    }

    #[test]
    fn where_no_rate_of_the_profile_governs_the_work_is_done_on_quotation() {
        let mut terms = terms(Some(MOST));
        terms.rates[0].when.values.insert(Dimension::Site, std::iter::once("tls".to_owned()).collect());
        assert_eq!(decide(&terms, &cabling(), 0).value.work, Work::Quoted);
        let there = cabling().with(Dimension::Site, "tls");
        assert!(matches!(decide(&terms, &there, 0).value.work, Work::AtRate { .. }));
    }
}
