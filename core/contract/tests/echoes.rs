//! One mistake is said once: a contract made wrong in one place gets one remark, with what to write.

use base::Lang;
use contract::compile;

const MINIMAL: &str = include_str!("../../../contracts/minimal.md");

/// The codes of what is said once `from` is written `to`, and the first help.
fn said(from: &str, to: &str) -> (Vec<&'static str>, String) {
    assert!(MINIMAL.contains(from), "{from} is not in the contract");
    let compiled = compile("minimal.md", &MINIMAL.replacen(from, to, 1));
    let help = compiled.on_what_is_written().next().map_or("", |d| d.help.get(Lang::Fr)).to_owned();
    (compiled.on_what_is_written().map(|d| d.code).collect(), help)
}

#[test]
fn a_mistake_has_no_echo() {
    for (from, to, code) in [
        ("kind = \"commitment\"", "kind = \"comitment\"", "E-CLAUSE-KIND"),
        ("label = \"delai\"", "lable = \"delai\"", "E-CLAUSE-KEY"),
        ("label = \"delai\"", "label = \"délai de base\"", "E-CLAUSE-LABEL"),
        ("label = \"ho\"", "label = “ho”", "E-BLOCK-SYNTAX"),
        ("count = 12, title", "count = 12 title", "E-BLOCK-SYNTAX"),
        ("promise = \"restore\"", "promise = \"restor\"", "E-FIELD-CHOICE"),
        ("within = \"4 h\"", "wihtin = \"4 h\"", "E-FIELD-UNKNOWN"),
        ("then.within = \"4 h\"\n", "", "E-FIELD-MISSING"),
        ("renewal = \"tacit\"", "renewal = \"tacite\"", "E-FIELD-CHOICE"),
        ("role = \"customer\"", "role = \"client\"", "E-FIELD-CHOICE"),
        ("mon-fri =", "lun-ven =", "E-CALENDAR-DAY"),
        ("label = \"delai\"", "label = \"delai\"\nwhen = { site = [\"blois\"] }", "E-GUARD-VALUE"),
        ("label = \"delai\"", "label = \"delai\"\nwhen = {}", "E-GUARD-SHAPE"),
        ("restored =", "restore =", "E-EXAMPLE-KEY"),
        ("semantics = 1", "semantique = 1", "E-FRONT-UNKNOWN"),
        ("contract = \"CTR", "contract \"CTR", "E-BLOCK-SYNTAX"),
        ("```toml clause\nkind = \"hotline\"", "```tolm clause\nkind = \"hotline\"", "E-BLOCK-UNKNOWN"),
        ("\"service_restored\"\n```", "\"service_restored\"", "E-BLOCK-UNCLOSED"),
        ("items = [\"srv-1\"]", "items = []", "E-FIELD-TYPE"),
        ("{{ delai.within }}", "{{ delai.within", "E-PROSE-SHAPE"),
        ("siren = \"000000182\"", "siren = \"000000182\"\nthen.vat = \"FR96000000125\"", "E-PARTIES-VAT"),
    ] {
        assert_eq!(said(from, to).0, [code], "{from} -> {to}");
    }
}

#[test]
fn a_failing_example_is_said_beside_other_mistakes() {
    let text = MINIMAL
        .replace("late = \"1 h 20 min\"", "late = \"1 h\"")
        .replace("siren = \"000000182\"", "siren = \"000000183\"")
        .replace("within = \"4 h\"", "within = \"4 h\"\nthen.wihtin = \"5 h\"");
    let compiled = compile("c.md", &text);
    let codes: Vec<_> = compiled.on_what_is_written().map(|d| d.code).collect();
    assert_eq!(codes, ["E-PARTIES-SIREN", "E-FIELD-UNKNOWN", "E-EXAMPLE-FAILS"]);
}

#[test]
fn the_help_says_what_was_meant() {
    for (from, to, help) in [
        ("within = \"4 h\"", "within = \"4h\"", "écrivez \"4 h\""),
        ("lasts = \"12 months\"", "lasts = \"1 an\"", "écrivez \"1 year\""),
        ("unit_price = \"46.00 EUR\"", "unit_price = \"46,00 €\"", "écrivez \"46.00 EUR\""),
        ("rate = \"2 %\"", "rate = \"2,5 %\"", "écrivez \"2.5 %\""),
        ("\"09:00-12:00\"", "\"9h-12h\"", "écrivez \"09:00-12:00\""),
        ("start = 2026-03-01", "start = 2026-02-30", "écrivez par exemple 2026-02-28, sans guillemets"),
    ] {
        assert_eq!(said(from, to).1, help, "{to}");
    }
    assert_eq!(said("46.00 EUR", "46.000 EUR").0, ["E-MONEY-SHAPE"]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    for text in [format!("\u{feff}{MINIMAL}"), MINIMAL.replace('\n', "\r\n")] {
        let compiled = compile("minimal.md", &text);
        assert_eq!(compiled.on_what_is_written().count(), 0, "{:?}", compiled.diagnostics);
        assert_eq!(compiled.terms, compile("minimal.md", MINIMAL).terms);
    }
}
