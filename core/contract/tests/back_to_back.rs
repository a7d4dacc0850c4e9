//! Back to back: what is bought from a subcontractor must be enough for what the customer is promised.

use contract::back_to_back::{BackToBack, back_to_back};
use contract::{Compiled, compile};

fn text(front: &str, clauses: &[&str]) -> String {
    let blocks: Vec<String> = clauses
        .iter()
        .enumerate()
        .map(|(i, c)| format!("## Article {} – …\n\n```toml clause\n{c}\n```\n", i + 1))
        .collect();
    format!("+++\n{front}language = \"fr\"\nsemantics = 1\n+++\n\n# Contrat\n\n{}", blocks.join("\n"))
}

fn party(label: &str, role: &str, name: &str, siren: &str) -> String {
    format!(
        "kind = \"parties\"\nlabel = \"{label}\"\nthen = {{ role = \"{role}\", name = \"{name}\", siren = \"{siren}\", address = \"A\" }}"
    )
}

fn term(months: u32) -> String {
    format!(
        "kind = \"term\"\nlabel = \"duree\"\nthen = {{ start = 2026-03-01, lasts = \"{months} months\", renewal = \"none\", notice = \"3 months\" }}"
    )
}

fn hours(label: &str, week: &str) -> String {
    format!(
        "kind = \"calendar\"\nlabel = \"{label}\"\nthen = {{ zone = \"Europe/Paris\", week = {{ mon-fri = [\"{week}\"] }} }}"
    )
}

fn restore(label: &str, within: &str, calendar: &str) -> String {
    format!(
        "kind = \"commitment\"\nlabel = \"{label}\"\nthen = {{ promise = \"restore\", within = \"{within}\", calendar = \"{calendar}\", starts = \"declared\", stops = \"service_restored\" }}"
    )
}

fn place(label: &str, country: &str) -> String {
    format!(
        "kind = \"data_location\"\nlabel = \"{label}\"\nthen = {{ dataset = \"sauvegardes\", purpose = \"backup\", countries = [\"{country}\"], extra_eu_law = false }}"
    )
}

fn logs(label: &str, keep: &str) -> String {
    format!(
        "kind = \"retention\"\nlabel = \"{label}\"\nthen = {{ of = \"logs\", keep = \"{keep}\", after = \"erase\" }}"
    )
}

fn customer(relied: &str) -> Compiled {
    let chain = format!(
        "kind = \"subcontracting\"\nlabel = \"sous-traitance\"\nthen.mode = \"specific\"\nthen.objection = \"30 days\"\nthen.silence = \"refuses\"\nthen.recourse = true\nthen.subcontractors = [{{ party = \"coffre\", rank = 2, services = [\"sauvegarde\"], countries = [\"FR\"], accepted = 2026-02-16, contract = \"ST-1\", relied_on_for = [{relied}] }}]"
    );
    let clauses = [
        party("client", "customer", "Client SAS", "000000125"),
        party("prestataire", "provider", "Régie SAS", "000000117"),
        party("coffre", "subcontractor", "Coffre SARL", "000000216"),
        term(36),
        hours("ho", "09:00-18:00"),
        restore("delai", "4 h", "ho"),
        place("lieu", "FR"),
        logs("journaux", "12 months"),
        chain,
    ];
    compile("contrat.md", &text("contract = \"CTR-1\"\n", &clauses.each_ref().map(String::as_str)))
}

fn bought(clauses: &[String]) -> Compiled {
    let mut all = vec![
        party("regie", "customer", "Régie SAS", "000000117"),
        party("coffre", "provider", "Coffre SARL", "000000216"),
    ];
    all.extend(clauses.iter().cloned());
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    compile("sous-contrat.md", &text("contract = \"ST-1\"\nsubcontract_of = \"CTR-1\"\n", &all))
}

fn compared(relied: &str, clauses: &[String]) -> BackToBack {
    let (customer, bought) = (customer(relied), bought(clauses));
    for compiled in [&customer, &bought] {
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    back_to_back(&customer, &[bought])
}

fn codes(b: &BackToBack) -> Vec<&'static str> {
    b.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn enough_is_enough() {
    let b = compared(
        "\"delai\"",
        &[
            term(36),
            hours("large", "08:00-19:00"),
            restore("gtr", "3 h", "large"),
            place("dc", "FR"),
            logs("j", "12 months"),
        ],
    );
    assert!(b.holds() && b.diagnostics.is_empty(), "{:#?}", b.diagnostics);
}

#[test]
fn each_weakness_names_both_articles() {
    let b = compared(
        "\"delai\"",
        &[
            term(24),
            hours("etroit", "09:00-17:00"),
            restore("gtr", "5 h", "etroit"),
            place("dc", "TN"),
            logs("j", "6 months"),
        ],
    );
    assert_eq!(
        codes(&b),
        ["E-BACK-TERM", "E-BACK-WEAKER", "E-BACK-WEAKER", "E-BACK-PLACE", "E-BACK-RETENTION"],
        "{:#?}",
        b.diagnostics
    );
    for d in &b.diagnostics {
        assert_eq!((d.span.file, d.related[0].span.file), (1, 0), "{}", d.code);
    }
    let hours = &b.diagnostics[2];
    let slice = |span: contract::source::Span| b.files[span.file].slice(span);
    assert_eq!((slice(b.diagnostics[1].span), slice(hours.span)), ("\"5 h\"", "\"etroit\""));
    assert!(hours.message.fr.contains("2 mars 2026 à 17"), "the first Monday at 17:00: {}", hours.message.fr);
}

#[test]
fn a_holiday_of_the_subcontractor_is_found() {
    let closed = "kind = \"calendar\"\nlabel = \"ferme\"\nthen.zone = \"Europe/Paris\"\nthen.week = { mon-fri = [\"00:00-24:00\"] }\nthen.holidays = [2027-07-14]".to_owned();
    let b = compared(
        "\"delai\"",
        &[term(36), closed, restore("gtr", "4 h", "ferme"), place("dc", "FR"), logs("j", "12 months")],
    );
    assert_eq!(codes(&b), ["E-BACK-WEAKER"]);
    assert!(b.diagnostics[0].message.fr.contains("14 juillet 2027"), "{}", b.diagnostics[0].message.fr);
}

#[test]
fn what_rests_on_nothing_is_said() {
    let b = compared("\"delai\"", &[term(36), place("dc", "FR"), logs("j", "12 months")]);
    assert_eq!(codes(&b), ["E-BACK-NOTHING"]);
    let alone = back_to_back(&customer("\"delai\""), &[]);
    assert_eq!(codes(&alone), ["E-BACK-ABSENT"]);
    let days = compared(
        "\"delai\"",
        &[term(36), restore("gtr", "1 working_days", "24x7"), place("dc", "FR"), logs("j", "12 months")],
    );
    assert_eq!(codes(&days), ["E-BACK-WEAKER"], "days and hours prove nothing");
}

#[test]
fn a_stranger_is_not_a_subcontractor() {
    let other = compile(
        "autre.md",
        &text(
            "contract = \"ST-2\"\nsubcontract_of = \"CTR-1\"\n",
            &[
                &party("regie", "customer", "Régie SAS", "000000117"),
                &party("x", "provider", "Inconnu", "000000133"),
            ],
        ),
    );
    assert_eq!(codes(&back_to_back(&customer(""), &[other])), ["E-BACK-PARTY"]);
    let unrelated = compile("autre.md", &text("contract = \"ST-2\"\n", &[]));
    assert_eq!(codes(&back_to_back(&customer(""), &[unrelated])), ["E-BACK-CONTRACT"]);
}

fn lumen(subcontract: &str) -> BackToBack {
    let customer = compile("lumen-edition.md", include_str!("../../../contracts/lumen-edition.md"));
    back_to_back(&customer, &[compile("nuage-breton-lumen.md", subcontract)])
}

const NUAGE_BRETON: &str = include_str!("../../../contracts/sous-contrats/nuage-breton-lumen.md");

/// The month is weighed against the month, the quarter against the quarter: two promises bought are no
/// weaker than one.
#[test]
fn each_availability_is_compared_over_its_own_period() {
    assert_eq!(codes(&lumen(NUAGE_BRETON)), [""; 0]);
    let weak = |from: &str, to: &str| {
        let text = NUAGE_BRETON.replace(from, to);
        assert_ne!(text, NUAGE_BRETON);
        codes(&lumen(&text))
    };
    assert_eq!(weak("\"99.95 %\"", "\"99.89 %\""), ["E-BACK-WEAKER"], "below the month's 99.90");
    assert_eq!(weak("\"99.97 %\"", "\"99.94 %\""), ["E-BACK-WEAKER"], "below the quarter's 99.95");
    assert_eq!(weak("rto = \"6 h\"", "rto = \"9 h\""), ["E-BACK-WEAKER"]);
}

#[test]
fn a_subcontract_with_an_error_is_not_enough() {
    let broken = [term(36), hours("large", "08:00-19:00"), restore("gtr", "3h", "large"), place("dc", "FR")];
    let b = back_to_back(&customer("\"delai\""), &[bought(&broken)]);
    assert!(!b.holds());
    let shape = b.diagnostics.iter().find(|d| d.code == "E-LENGTH-SHAPE").unwrap();
    assert_eq!((shape.span.file, b.files[1].slice(shape.span)), (1, "\"3h\""));
}
