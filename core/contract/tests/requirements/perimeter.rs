//! What is covered, and which work is done: S-159, S-165, S-166, S-168, S-175, S-179.

use base::Lang;
use contract::gate;
use engines::perimeter::{Admission, Area, Upkeep, Work, decide, offered, upkeep};
use terms::perimeter::CLASSES;
use terms::{Dimension, Facts, Terms};

use crate::support::{codes, contract, reading, sample, terms, text};

fn entry(class: &str, status: &str) -> String {
    format!(
        "kind = \"perimeter\"\nlabel = \"{class}\"\nthen = {{ class = \"{class}\", status = \"{status}\" }}"
    )
}

#[test]
fn s_159_systems_networks_and_telecoms_are_each_kept_running_or_not() {
    let flags = |entries: &[(&str, &str)]| {
        let clauses: Vec<String> = entries.iter().map(|(class, status)| entry(class, status)).collect();
        let clauses: Vec<&str> = clauses.iter().map(String::as_str).collect();
        upkeep(&terms(&clauses)).map(|(area, answer)| (area, answer.value))
    };
    assert_eq!(
        flags(&[("server", "in"), ("lan", "shared")]),
        [(Area::Systems, Upkeep::In), (Area::Networks, Upkeep::Shared), (Area::Telecoms, Upkeep::Unsaid)]
    );
    assert_eq!(flags(&[("server", "in"), ("database", "out")])[0].1, Upkeep::Partly);
    assert_eq!(flags(&[("server", "in"), ("database", "shared")])[0].1, Upkeep::Partly);
    assert_eq!(flags(&[("server", "shared"), ("database", "out")])[0].1, Upkeep::Shared);
    assert_eq!(flags(&[("server", "out"), ("telephony", "out")])[0].1, Upkeep::Out);
    assert_eq!(flags(&[("internet_link", "shared"), ("telephony", "in")])[2].1, Upkeep::Partly);
    // Each answer rests on every clause that speaks of the area, or says that there is none.
    let contract = sample(include_str!("../../../../contracts/ateliers-garonne.md"));
    for (area, answer) in upkeep(&contract.terms) {
        let speaks = |r: &&terms::Rule<terms::PerimeterEntry>| {
            let class = CLASSES.iter().find(|c| Some(c.key) == r.then.class.as_deref());
            class.is_some_and(|c| c.area == Some(area))
        };
        let clauses: Vec<&str> = contract.terms.perimeter.iter().filter(speaks).map(|r| r.label()).collect();
        let cited: Vec<&str> = answer.cited().iter().map(|p| p.label.as_str()).collect();
        assert_eq!(cited, clauses, "{area:?}");
        assert_eq!(answer.reasons.len(), clauses.len(), "{area:?}");
    }
    let [(_, systems), ..] = upkeep(&terms(&[&entry("server", "in"), &entry("database", "out")]));
    let said: Vec<&str> = systems.reasons.iter().map(|r| r.text.get(Lang::Fr)).collect();
    assert!(said[0].contains("assuré par le Prestataire") && said[1].contains("hors du contrat"), "{said:?}");
    let [_, _, (_, telecoms)] = upkeep(&terms(&[&entry("server", "in")]));
    assert!(telecoms.reasons[0].text.get(Lang::Fr).contains("rien des télécommunications"));
}

#[test]
fn s_166_the_ten_classes_have_a_name_and_are_decided_one_by_one() {
    let ten = [
        "workstation",
        "tablet",
        "smartphone",
        "server",
        "backup",
        "router",
        "lan",
        "printer",
        "telephony",
        "endpoint_security",
    ];
    let contract = sample(include_str!("../../../../contracts/ateliers-garonne.md"));
    for class in ten {
        let known = CLASSES.iter().find(|c| c.key == class).unwrap_or_else(|| panic!("{class} has no name"));
        assert!(!known.fr.is_empty() && !known.en.is_empty());
        let mine = contract.terms.perimeter.iter().any(|r| r.then.class.as_deref() == Some(class));
        assert!(mine, "contract A says nothing of {class}");
        // Left out of a contract, it is out; written in, it is in: no class stands for another.
        let facts = Facts::default().with(Dimension::ItemClass, class);
        let others: Vec<String> = ten.iter().filter(|c| **c != class).map(|c| entry(c, "in")).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        assert_eq!(decide(&terms(&others), &facts, 0).value.admission, Admission::Refused, "{class}");
        assert_eq!(
            decide(&terms(&[&entry(class, "in")]), &facts, 0).value.admission,
            Admission::Accepted,
            "{class}"
        );
    }
}

const PREPARATION: &str = "contract = \"CTR-2026-001\"
[[needs]]
id = \"B-1\"
need = \"rétablir les serveurs\"
clauses = [\"server\"]
";

#[test]
fn s_165_each_entry_of_the_perimeter_answers_a_need() {
    let (server, lan, out) = (entry("server", "in"), entry("lan", "shared"), entry("printer", "out"));
    let said = |clauses: &[&str], preparation: &str| -> Vec<String> {
        let gate = gate::signature(&contract("", clauses), Some(("p.toml", preparation)));
        let found = gate.diagnostics.iter().filter(|d| d.code == "W-PREPARATION-PERIMETER");
        found.map(|d| d.message.fr.clone()).collect()
    };
    assert_eq!(said(&[&server, &out], PREPARATION), Vec::<String>::new(), "what is out needs no need");
    let found = said(&[&server, &lan, &out], PREPARATION);
    assert!(found.len() == 1 && found[0].ends_with(": lan"), "{found:?}");
    let traced = PREPARATION.replace("[\"server\"]", "[\"server\", \"lan\"]");
    assert_eq!(said(&[&server, &lan, &out], &traced), Vec::<String>::new());
}

fn operation(label: &str, when: &str, then: &str) -> String {
    format!("kind = \"operations\"\nlabel = \"{label}\"\n{when}\nthen = {{ {then} }}")
}

fn asked(terms: &Terms, operation: &str, channel: &str) -> (Admission, Work, String) {
    let facts = Facts::default().with(Dimension::Operation, operation).with(Dimension::Channel, channel);
    let answer = decide(terms, &facts, 0);
    let label = answer.cited().first().map(|c| c.label.clone()).unwrap_or_default();
    (answer.value.admission, answer.value.work, label)
}

#[test]
fn s_168_work_that_is_not_listed_asks_for_a_quotation() {
    let listed =
        operation("patch", "", "operation = \"patch\", title = \"Correctifs\", terms = \"included\"");
    let excluded =
        operation("cables", "", "operation = \"cabling\", title = \"Câblage\", terms = \"excluded\"");
    let other =
        operation("autres", "", "operation = \"other\", title = \"Tout autre travail\", terms = \"quoted\"");
    let with = terms(&[&listed, &excluded, &other]);
    assert_eq!(asked(&with, "patch", "portal").0, Admission::Accepted);
    assert_eq!(asked(&with, "cabling", "portal").0, Admission::Refused);
    assert_eq!(
        asked(&with, "juggling", "portal"),
        (Admission::NeedsQuote, Work::Quoted, "autres".to_owned())
    );
    // A contract that does not say so does not take it.
    assert_eq!(asked(&terms(&[&listed, &excluded]), "juggling", "portal").0, Admission::Refused);
}

#[test]
fn s_179_the_operations_done_by_telephone_are_listed_and_others_are_not_done_so() {
    let by_phone = operation(
        "mot-de-passe",
        "when = { channel = [\"phone\"] }",
        "operation = \"password\", title = \"Mot de passe\", terms = \"included\"",
    );
    let on_site = operation(
        "cables",
        "when = { channel = [\"on_site\"] }",
        "operation = \"cabling\", title = \"Câblage\", terms = \"quoted\"",
    );
    let anywhere =
        operation("conseil", "", "operation = \"help\", title = \"Conseil\", terms = \"included\"");
    let terms = terms(&[&by_phone, &on_site, &anywhere]);
    let listed = |channel| -> Vec<String> {
        let facts = Facts::default().with(Dimension::Channel, channel);
        offered(&terms, &facts).into_iter().map(|r| r.then.operation.clone()).collect()
    };
    assert_eq!(listed("phone"), ["password", "help"]);
    assert_eq!(listed("on_site"), ["cabling", "help"]);
    assert_eq!(asked(&terms, "password", "phone").0, Admission::Accepted);
    let (admission, _, cited) = asked(&terms, "cabling", "phone");
    assert_eq!((admission, cited.as_str()), (Admission::Refused, "cables"), "the refusal names the article");
    let told = reading(&[&by_phone], "mot-de-passe");
    assert!(told.starts_with("Par le canal"), "{told}");
}

fn calendar(label: &str, hours: &str) -> String {
    format!(
        "kind = \"calendar\"\nlabel = \"{label}\"\nthen.zone = \"Europe/Paris\"\nthen.week = {{ mon-fri = [\"{hours}\"] }}\nthen.holidays = []"
    )
}

#[test]
fn s_175_the_hotline_has_hours_of_its_own() {
    let interventions = calendar("ho", "09:00-17:00");
    let hotline_hours = calendar("assistance", "07:00-20:00");
    let hotline =
        "kind = \"hotline\"\nlabel = \"ligne\"\nthen = { form = \"unlimited\", calendar = \"assistance\" }";
    let restore = "kind = \"commitment\"\nlabel = \"delai\"\nthen = { promise = \"restore\", within = \"4 h\", calendar = \"ho\", starts = \"declared\", stops = \"service_restored\" }";
    let compiled = terms(&[&interventions, &hotline_hours, hotline, restore]);
    let names: Vec<&str> = compiled.calendars.iter().map(|r| r.label()).collect();
    assert_eq!(names, ["ho", "assistance"]);
    assert_eq!(compiled.meters[0].then.hours.as_deref(), Some("assistance"));
    assert!(reading(&[&interventions, &hotline_hours, hotline, restore], "ligne").contains("assistance"));
    assert!(codes(&[&interventions, hotline, restore]).contains(&"E-CALENDAR-UNKNOWN"));
    // Declared on Friday at four, it is due on Monday at noon: the hotline is open on Friday evening, and
    // nobody intervenes then.
    let example = |due: &str| {
        let clauses = [interventions.as_str(), &hotline_hours, hotline, restore];
        let text = text("", &clauses)
            + &format!(
                "\n```toml example\ntitle = \"Vendredi soir\"\ngiven = {{ declared = 2026-03-06T16:00 }}\nexpect = {{ due = {due} }}\n```\n"
            );
        let compiled = contract::compile("essai.md", &text);
        compiled.on_what_is_written().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(example("2026-03-09T12:00"), Vec::<&str>::new());
    assert_eq!(example("2026-03-06T20:00"), ["E-EXAMPLE-FAILS"]);
}

#[test]
fn s_175_work_that_is_not_listed_is_never_counted() {
    let counted = "kind = \"allowance\"\nlabel = \"divers\"\nthen = { operation = \"other\", included = 4, per = \"month\", then_price = \"95.00 EUR\" }";
    assert_eq!(codes(&[counted]), ["E-OPERATIONS-OTHER"]);
    assert_eq!(codes(&[&counted.replace("\"other\"", "\"visit\"")]), Vec::<&str>::new());
}
