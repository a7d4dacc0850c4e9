//! What texts mean: the terms that clauses become, what exceptions inherit, what amendments change.

use base::{Lang, Length, Money};
use contract::{ClauseState, Compiled, compile, compile_amendment, explain};
use terms::meter::{CarryOver, MeterForm, WhenEmpty};
use terms::{Calendar, Dimension, Facts, Promise};

const HEAD: &str = "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat\n\n";

fn clause(body: &str) -> String {
    format!("```toml clause\n{body}\n```\n\n")
}

fn contract(blocks: &[&str]) -> Compiled {
    let body: String = blocks.iter().map(|b| clause(b)).collect();
    let compiled = compile("c.md", &format!("{HEAD}## Article 1\n\n{body}"));
    assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
    compiled
}

const MATRIX: &str = r#"kind = "priority_matrix"
label = "priorites"
then = { priorities = ["P1", "P2"], impacts = ["site"], urgencies = ["h", "b"], cells = { site = { h = "P1", b = "P2" } } }"#;
const BASE: &str = r#"kind = "commitment"
label = "delai-base"
then = { promise = "restore", within = "15 h", calendar = "24x7", starts = "declared", stops = "service_restored", reopen_within = "5 working_days" }"#;
const P1: &str = r#"kind = "commitment"
label = "delai-p1"
exception_to = "delai-base"
when = { priority = ["P1"] }
then = { within = "4 h" }"#;

#[test]
fn an_exception_inherits_what_it_does_not_set_and_governs_its_own_cases() {
    let compiled = contract(&[MATRIX, BASE, P1]);
    let within = |priority: &str| {
        let facts = Facts::default().with(Dimension::Priority, priority);
        compiled.terms.commitment(Promise::Restore, &facts).unwrap().then.clone()
    };
    assert_eq!((within("P1").within, within("P2").within), (Length::hours(4), Length::hours(15)));
    assert_eq!(within("P1").reopen_within, Some(Length::WorkingDays(5)));
    let told = explain(&compiled, Some("delai-p1"), Lang::Fr).unwrap();
    assert!(told.contains("reopen_within = \"5 working_days\"    (hérité de [delai-base])"), "{told}");
    assert!(told.contains("reopen_policy = \"resume\"    (par défaut)"), "{told}");
    let refused = explain(&compiled, Some("delai-p2"), Lang::En).unwrap_err();
    assert!(refused.contains("did you mean “delai-p1”"), "{refused}");
}

#[test]
fn the_three_forms_of_hotline() {
    let form = |then: &str| {
        contract(&[&format!("kind = \"hotline\"\nlabel = \"h\"\nthen = {{ {then} }}")]).terms.meters[0]
            .then
            .form
            .clone()
    };
    assert_eq!(form("form = \"unlimited\""), MeterForm::Unlimited);
    let pack = "form = \"ticket_pack\", tickets = 120, period = \"contract_year\", alert_at = 20, when_empty = \"new_pack\", price = \"380.00 EUR\", pack_tickets = 20";
    assert!(matches!(
        form(pack),
        MeterForm::TicketPack { tickets: 120, alert_at: 20, when_empty: WhenEmpty::NewPack { tickets: 20, price }, .. }
            if price == Money::eur(38_000)
    ));
    let hours = "form = \"max_hours\", max = \"30 h\", period = \"quarter\", round_up_to = \"15 min\", carry_over = \"lost\", when_empty = \"per_hour\", price = \"78.00 EUR\"";
    assert!(matches!(
        form(hours),
        MeterForm::MaxHours { minutes: 1800, round_up_to: 15, carry_over: CarryOver::Lost, hour_price: Some(price), .. }
            if price == Money::eur(7_800)
    ));
}

#[test]
fn calendars_compose_by_label_whatever_the_order_of_lines() {
    let compiled = contract(&[
        "kind = \"calendar\"\nlabel = \"nuit\"\nthen = { complement = \"jour\" }",
        "kind = \"calendar\"\nlabel = \"deux\"\nthen = { intersection = [\"nuit\", \"24x7\"] }",
        "kind = \"calendar\"\nlabel = \"jour\"\nthen = { zone = \"Europe/Paris\", week = { mon-fri = [\"08:00-20:00\"] } }",
    ]);
    let calendar = |label: &str| compiled.terms.calendar(label, &Facts::default()).unwrap().then.clone();
    let Calendar::Intersection(of) = calendar("deux") else { panic!("not an intersection") };
    assert_eq!(of[0], Calendar::Complement(Box::new(calendar("jour"))));
    assert_eq!(of[1], Calendar::always("Europe/Paris"));
}

#[test]
fn a_promise_bounded_by_dates_leaves_a_gap_that_is_named() {
    let term = "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"12 months\", renewal = \"none\", notice = \"3 months\" }";
    let dated = |from: &str| {
        let head = "kind = \"commitment\"\nlabel = \"d\"\n";
        let then = "then = { promise = \"restore\", within = \"4 h\", calendar = \"24x7\", starts = \"declared\", stops = \"resolved\" }";
        let body = clause(&format!("{head}when = {{ from = {from} }}\n{then}"));
        compile("c.md", &format!("{HEAD}## A\n\n{}{body}", clause(term)))
    };
    assert!(dated("2026-03-01").is_valid());
    let late = dated("2026-06-01");
    let gap = late.diagnostics.iter().find(|d| d.code == "E-COMMITMENT-GAP").unwrap();
    assert!(gap.message.fr.contains("à partir du 1er mars 2026"), "{}", gap.message.fr);
}

#[test]
fn prose_is_filled_in_in_the_language_of_the_contract() {
    let blocks = [
        MATRIX,
        BASE,
        "kind = \"fee\"\nlabel = \"postes\"\nthen = { unit = \"seat\", quantity = 50, unit_price = \"46.00 EUR\", per = \"month\", due = \"in_advance\", proration = \"actual_days\", vat = \"20 %\" }",
        "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"none\", notice = \"3 months\" }",
    ];
    let body: String = blocks.iter().map(|b| clause(b)).collect();
    let prose = "Sous {{ delai-base.within }} ; {{total.monthly}} ; {{ postes.vat }} ; {{ duree.start }} ; {{ postes.due }}.";
    let shown = |lang: &str| {
        let head = HEAD.replace("\"fr\"", &format!("\"{lang}\""));
        let compiled = compile("c.md", &format!("{head}## A\n\n{prose}\n\n{body}"));
        assert!(compiled.is_valid(), "{:#?}", compiled.diagnostics);
        compiled.document.articles[1].text.clone()
    };
    assert_eq!(
        shown("fr"),
        "Sous quinze heures ; 2\u{202f}300,00\u{a0}€ ; 20\u{a0}% ; 1er mars 2026 ; d'avance."
    );
    assert_eq!(shown("en"), "Sous 15 hours ; €2,300.00 ; 20% ; 1 March 2026 ; in advance.");
}

#[test]
fn a_value_with_marks_of_markdown_stays_text() {
    let party = "kind = \"parties\"\nlabel = \"p\"\nthen = { role = \"customer\", name = \"A *b* <i> [x](javascript:y)\", address = \"rue\" }";
    let compiled = compile("c.md", &format!("{HEAD}## A\n\nEntre {{{{ p.name }}}}.\n\n{}", clause(party)));
    let html = &compiled.document.articles[1].html;
    assert_eq!(html.trim(), "<p>Entre A *b* &lt;i&gt; [x](javascript:y).</p>");
}

const AMENDMENT: &str = r#"+++
amends = "CTR-1"
effective = 2026-06-15
+++

# Avenant n° 1

## Article 1 de l'avenant

Le délai passe à {{ delai-court.within }}.

```toml clause
kind = "commitment"
replace = "delai-base"
label = "delai-base"
then = { promise = "restore", within = "10 h", calendar = "24x7", starts = "declared", stops = "service_restored" }
```

```toml clause
kind = "commitment"
replace = "delai-p1"
label = "delai-court"
exception_to = "delai-base"
when = { priority = ["P1"] }
then = { within = "2 h" }
```

```toml clause
end = "assistance"
```

```toml clause
kind = "hotline"
label = "carnet"
then = { form = "ticket_pack", tickets = 10, period = "month", when_empty = "refuse" }
```
"#;

#[test]
fn an_amendment_replaces_adds_and_ends() {
    let base = contract(&[
        MATRIX,
        BASE,
        P1,
        "kind = \"hotline\"\nlabel = \"assistance\"\nthen = { form = \"unlimited\" }",
    ]);
    let next = compile_amendment(&base, "avenant-1.md", AMENDMENT);
    assert!(next.is_valid(), "{:#?}", next.diagnostics);
    let rules: Vec<_> = next
        .terms
        .commitments
        .iter()
        .map(|r| (r.label(), r.then.within.to_string(), r.from.file.as_str(), r.from.article.as_str()))
        .collect();
    assert_eq!(
        rules,
        [
            ("delai-base", "10 h".to_owned(), "avenant-1.md", "Article 1 de l'avenant"),
            ("delai-court", "2 h".to_owned(), "avenant-1.md", "Article 1 de l'avenant"),
        ]
    );
    let meters: Vec<&str> = next.terms.meters.iter().map(|r| r.label()).collect();
    assert_eq!(meters, ["carnet"]);
    let states: Vec<_> = next
        .document
        .articles
        .iter()
        .flat_map(|a| &a.clauses)
        .map(|c| (c.label.as_str(), c.state.clone()))
        .collect();
    assert!(states.contains(&("assistance", ClauseState::Ended)), "{states:?}");
    assert!(
        states.contains(&("delai-p1", ClauseState::Replaced { by: "delai-court".to_owned() })),
        "{states:?}"
    );
    assert_eq!(base.terms.commitments[0].then.within, Length::hours(15), "the base is as signed");
    assert!(next.document.articles.last().unwrap().text.contains("passe à deux heures"));
}

#[test]
fn what_an_amendment_leaves_dangling_is_its_error() {
    let base = contract(&[MATRIX, BASE, P1]);
    let text = "+++\namends = \"CTR-1\"\neffective = 2026-06-15\n+++\n\n# A\n\n```toml clause\nend = \"delai-base\"\n```\n";
    let next = compile_amendment(&base, "a.md", text);
    let codes: Vec<_> = next.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code).collect();
    assert_eq!(codes, ["E-EXCEPTION-DANGLING"]);
}

#[test]
fn a_signed_version_is_cited_by_every_rule() {
    let compiled = contract(&[MATRIX, BASE, P1]);
    let name = contract::version_hash(&["texte"]);
    let signed = contract::stamped(compiled.terms.clone(), &name);
    assert!(signed.commitments.iter().all(|r| r.from.version == name));
    assert_ne!(contract::terms_hash(&signed), contract::terms_hash(&compiled.terms));
}

#[test]
fn examples_speak_of_pauses_and_of_money() {
    let example = |expect: &str| {
        format!(
            "```toml example\ntitle = \"Pause\"\ngiven = {{ priority = \"P1\", declared = 2026-03-06T10:00 }}\nat = {{ paused = [{{ reason = \"client\", from = 2026-03-06T11:00, until = 2026-03-06T12:00 }}], restored = 2026-03-06T18:20 }}\nexpect = {{ {expect} }}\n```\n"
        )
    };
    let blocks = [
        MATRIX,
        BASE,
        P1,
        "kind = \"pause\"\nlabel = \"client\"\nthen = { reason = \"Client\", stops = [\"restore\"] }",
        "kind = \"fee\"\nlabel = \"f\"\nthen = { unit = \"flat\", quantity = 1, unit_price = \"2300.00 EUR\", per = \"month\", due = \"in_advance\", proration = \"actual_days\", vat = \"20 %\" }",
        "kind = \"penalty\"\nlabel = \"p\"\nthen = { on = \"restore\", formula = \"step_per_hour_started\", rate = \"2 %\", base = \"monthly_fee_in_force\", tax = \"indemnity\", sole_remedy = false }",
        "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"none\", notice = \"3 months\" }",
    ];
    let body: String = blocks.iter().map(|b| clause(b)).collect();
    let check = |expect: &str| compile("c.md", &format!("{HEAD}## A\n\n{body}{}", example(expect)));
    let good = check("due = 2026-03-06T15:00, late = \"3 h 20 min\", penalty = \"184.00 EUR\"");
    assert!(good.is_valid(), "{:#?}", good.diagnostics);
    let wrong = check("penalty = \"138.00 EUR\"");
    let failure = wrong.diagnostics.iter().find(|d| d.code == "E-EXAMPLE-FAILS").unwrap();
    assert!(failure.message.fr.contains("les clauses donnent 184,00\u{a0}€"), "{}", failure.message.fr);
}

const AVAILABILITY: &str = r#"
```toml clause
kind = "fee"
label = "hebergement"
then = { unit = "flat", title = "Hébergement", quantity = 1, unit_price = "4200.00 EUR", per = "month", due = "in_advance", proration = "actual_days", vat = "20 %" }
```

```toml clause
kind = "availability"
label = "dispo"
then.service = "Bibliotek"
then.items = ["front", "base"]
then.calendar = "24x7"
then.target = "99.90 %"
then.per = "month"
then.counted_in = "user_minutes"
then.users = 620
then.degraded = "50 %"
then.starts = "declaration"
then.maintenance = "excluded"
then.maintenance_notice = "5 days"
then.maintenance_most_per_month = "4 h"
then.maintenance_calendar = "nuit"
then.unknown = "excluded"
then.not_counted = ["customer", "force_majeure"]
```

```toml clause
kind = "calendar"
label = "nuit"
then.zone = "Europe/Paris"
then.week = { sun = ["01:00-05:00"] }
then.holidays = []
```

```toml clause
kind = "penalty"
label = "avoir"
then = { on = "availability", of = "dispo", formula = "step_per_points_started", step_points = "0.10", rate = "5 %", base = "named_fees", base_of = ["hebergement"], tax = "price_reduction", sole_remedy = false }
```

```toml clause
kind = "penalty_cap"
label = "plafond"
then = { per = "quarter", rate = "15 %", base = "named_fees", base_of = ["hebergement"] }
```
"#;

/// Every choice of an availability is read back: what is signed is what runs.
#[test]
fn an_availability_and_its_penalty_are_read_back_in_full() {
    let compiled = contract::compile("essai.md", &format!("{HEAD}{AVAILABILITY}"));
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let read = |label: &str, lang: base::Lang| {
        let clauses = compiled.document.articles.iter().flat_map(|a| &a.clauses);
        let clause = clauses.into_iter().find(|c| c.label == label).unwrap();
        clause.read_back.get(lang).replace(['\u{a0}', '\u{202f}'], " ")
    };
    assert_eq!(
        read("dispo", base::Lang::Fr),
        "Chaque mois, le service « Bibliotek » (front et base) est disponible au moins 99,9 % des minutes \
         convenues de ses 620 utilisateurs, jour et nuit, sans arrondi avant de comparer ; un seul élément \
         arrêté arrête le service, et une interruption compte à partir de sa déclaration ; le temps de service \
         dégradé est perdu pour 50 % ; la maintenance annoncée au moins cinq jours avant sort du calcul, dans \
         la limite de quatre heures par mois, aux heures du calendrier « nuit » ; le temps sans mesure sort du \
         calcul ; les interruptions causées par le Client et la force majeure ne comptent pas."
    );
    assert_eq!(
        read("avoir", base::Lang::Fr),
        "Chaque tranche entamée de 0,10 point sous la disponibilité promise à [dispo] coûte au Prestataire 5 % \
         de la redevance mensuelle [hebergement] en vigueur, en réduction du prix, sans exclure d'autres \
         réparations."
    );
    assert_eq!(
        read("plafond", base::Lang::En),
        "Each civil quarter, penalties do not exceed 15% of three monthly fees [hebergement]."
    );
    let terms = &compiled.terms;
    assert_eq!(terms.penalties[0].then.step, Some(base::Fraction::new(1, 1000)));
    assert_eq!(terms.availabilities[0].then.items, ["front", "base"]);
    // What another text reads is left alone: no new key in the terms of a text without these clauses.
    let plain = serde_json::to_string(&contract::compile("essai.md", HEAD).terms).unwrap();
    assert!(!plain.contains("availabilit"), "{plain}");
}
