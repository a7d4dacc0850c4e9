//! Change: S-078.

use engines::duties::{DutyFacts, DutyState, Happened, occurrences};
use engines::period::Span;
use jiff::civil::date;
use terms::Trigger;

use crate::support::{asks_for, codes, reading, terms};

const CHANGE: &str = "kind = \"change\"
label = \"evolutions\"
then.requested_by = [\"customer\", \"provider\"]
then.through = \"portail, rubrique évolutions\"
then.quote_within = \"10 days\"
then.quote_valid = \"30 days\"
then.decided_by = \"contact\"
then.price = \"quoted\"
then.levels = \"kept\"";

const TERM: &str = "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"express\", notice = \"3 months\" }";

#[test]
fn s_078_a_change_says_who_asks_when_it_is_quoted_and_what_it_does() {
    for field in ["requested_by", "quote_within", "decided_by", "price", "levels"] {
        assert!(asks_for(CHANGE, field), "{field}");
    }
    let told = reading(&[CHANGE], "evolutions");
    assert!(told.contains("demandée par le Client et le Prestataire"), "{told}");
    assert!(told.contains("prix : celui du devis accepté ; niveaux de service : maintenus"), "{told}");
    let other = CHANGE.replace("\"quoted\"", "\"amendment\"").replace("\"kept\"", "\"suspended\"");
    let told = reading(&[&other], "evolutions");
    assert!(told.contains("prix : ce que dit l'avenant ; niveaux de service : suspendus"), "{told}");
    assert!(codes(&[CHANGE, &CHANGE.replace("\"evolutions\"", "\"autres\"")]).contains(&"E-CLAUSE-CONFLICT"));
}

#[test]
fn s_078_the_quotation_has_a_clock_from_the_request() {
    let terms = terms(&[TERM, CHANGE]);
    let at = |day: i8| date(2026, 5, day).at(12, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
    let about = "deux postes de plus".to_owned();
    let asked = Happened { trigger: Trigger::Request, at: at(4), about, clause: None };
    let facts = DutyFacts { happened: vec![asked], ..DutyFacts::default() };
    let span = Span { first: date(2026, 3, 1), next: date(2027, 3, 1) };
    let state = |day| {
        let all = occurrences(&terms, &facts, span, at(day)).unwrap();
        let quote = all.into_iter().find(|o| o.value.what == "change_quote").unwrap();
        assert_eq!(quote.cited()[0].label, "evolutions");
        (quote.value.on, quote.value.state)
    };
    assert_eq!(state(5).0, Some(date(2026, 5, 14)));
    assert_eq!(state(16).1, DutyState::Late { days: 2 });
}
