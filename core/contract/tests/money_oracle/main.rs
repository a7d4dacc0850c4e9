//! The oracle's money cases, each under its id: terms compiled from the clauses that a contract would
//! carry, then the engines, then the figures of `oracle/money_cases.json`.

mod choices;
mod fees;
mod meters;
mod payment;
mod penalties;
mod revision;
mod support;

use base::Lang;

/// What the signatories read in the margin of each money clause: `UPDATE=1` rewrites it.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its fixture; the crate itself may not")]
fn the_money_clauses_read_back_in_both_languages() {
    let mut shown = String::new();
    for name in KINDS {
        let kind = contract::kind(name).unwrap();
        let terms = support::terms(&[kind.example]);
        let label = kind.example.split('"').nth(3).unwrap();
        let sentence = (kind.read_back)(label, &terms).unwrap();
        for lang in [Lang::Fr, Lang::En] {
            shown += &format!("{name} {}\n{}\n", lang.tag(), sentence.get(lang));
        }
    }
    let shown = shown.replace(['\u{a0}', '\u{202f}'], " ");
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/money_oracle/read_back.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &shown).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), shown, "UPDATE=1 rewrites it");
}

const KINDS: [&str; 9] = [
    "rates",
    "invoicing",
    "price_revision",
    "late_payment",
    "budget",
    "work_units",
    "volume_bands",
    "equipment",
    "allowance",
];
