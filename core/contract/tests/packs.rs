//! Rule packs: their files name kinds and fields that exist, and each rule is met or not as it says.

use contract::packs::{Match, packs};
use contract::{KINDS, Severity, compile};

/// Every kind and field that a pack names is in the tables of the kinds.
#[test]
fn packs_name_kinds_and_fields_that_exist() {
    let mut wrong = Vec::new();
    let mut codes = std::collections::BTreeSet::new();
    for pack in packs() {
        for rule in &pack.rules {
            assert!(codes.insert(rule.code), "{} is given twice", rule.code);
            let named = rule.any.iter().chain(&rule.none).chain(&rule.every).chain(&rule.only_if);
            for m in named {
                wrong.extend(unknown(m).map(|what| format!("{}, {}: {what}", pack.name, rule.code)));
            }
            for text in [&rule.says.fr, &rule.says.en, &rule.help.fr, &rule.help.en, &rule.source] {
                assert!(!text.trim().is_empty(), "{} says nothing", rule.code);
            }
            let lower = format!("{} {}", rule.says.fr, rule.says.en).to_lowercase();
            assert!(!lower.contains("illégal") && !lower.contains("illegal"), "{}", rule.code);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn unknown(m: &Match) -> impl Iterator<Item = String> {
    let kind = KINDS.iter().find(|k| k.name == m.kind);
    let fields =
        m.equals.keys().chain(&m.has).chain(&m.lacks).chain(m.at_most.keys()).chain(m.at_least.keys());
    let fields: Vec<String> = fields
        .chain(m.more_than.keys())
        .map(|f| f.split('.').next().unwrap_or(f).to_owned())
        .filter(|f| kind.is_some_and(|k| k.field(f).is_none()))
        .map(|f| format!("{} has no field {f}", m.kind))
        .collect();
    let none = kind.is_none().then(|| format!("no kind {}", m.kind));
    none.into_iter().chain(fields)
}

const HEAD: &str = "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n";

fn codes(front: &str, body: &str) -> Vec<&'static str> {
    let text = format!("{HEAD}{front}+++\n\n# Essai\n\n## Article\n\n{body}");
    let mut codes: Vec<_> = compile("t.md", &text).diagnostics.iter().map(|d| d.code).collect();
    codes.sort_unstable();
    codes
}

fn clause(text: &str) -> String {
    format!("```toml clause\n{text}\n```\n\n")
}

#[test]
fn trades_sectors_and_reasons_switch_packs() {
    let has = |front: &str, code: &str| codes(front, "").contains(&code);
    assert!(has("", "W-MISSING-HOTLINE"), "infogérance unless another trade is written");
    assert!(!has("trades = [\"bpo\"]\n", "W-MISSING-HOTLINE"));
    assert!(has("trades = [\"bpo\"]\n", "W-MISSING-PROCESS"));
    assert!(has("sector = \"financial\"\n", "W-DORA-30-2-B"));
    assert!(!has("sector = \"industry\"\n", "W-DORA-30-2-B"));
    assert!(has("rule_packs = [\"dora\"]\n", "W-DORA-30-2-B"));
    assert!(has("", "W-GDPR-28-3"));
    assert!(!has("without_packs = { gdpr = \"aucune donnée personnelle\" }\n", "W-GDPR-28-3"));
    assert!(
        !has("sector = \"financial\"\nsigned = 2024-12-31\n", "W-DORA-30-2-B"),
        "signed before it applied"
    );
}

#[test]
fn a_limit_is_compared_and_its_place_is_the_field() {
    let location = |law: bool| {
        clause(&format!(
            "kind = \"data_location\"\nlabel = \"lieu\"\nthen = {{ dataset = \"d\", purpose = \"main\", countries = [\"FR\"], extra_eu_law = {law} }}"
        ))
    };
    assert!(codes("", &location(true)).contains(&"W-GDPR-44"));
    assert!(!codes("", &location(false)).contains(&"W-GDPR-44"));
    let text = format!("{HEAD}+++\n\n# Essai\n\n## Article\n\n{}", location(true));
    let compiled = compile("t.md", &text);
    let found = compiled.diagnostics.iter().find(|d| d.code == "W-GDPR-44").unwrap();
    assert_eq!(compiled.files[0].slice(found.span), "true");
    assert_eq!((found.severity, found.gate_code), (Severity::Warning, Some("W-GDPR-44")));
}

#[test]
fn at_the_gate_what_is_mandatory_is_an_error() {
    let text = format!("{HEAD}+++\n\n# Essai\n\n");
    let compiled = compile("t.md", &text);
    assert!(compiled.is_valid());
    let gate = contract::gate::signature(&compiled, None);
    assert!(!gate.is_open());
    let code = |code: &str| gate.diagnostics.iter().any(|d| d.code == code && d.severity == Severity::Error);
    assert!(code("E-MISSING-TERM") && code("E-GDPR-28-3") && code("E-PREPARATION-MISSING"));
    assert!(gate.diagnostics.iter().any(|d| d.code == "W-MISSING-WATCH"), "advised, not mandatory");
}
