#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! What three contracts say of security, data, law and governance, read back whole in both languages.
//!
//! `tests/clauses/NAME.md` is the text, `NAME.txt` its remarks and its reading; `UPDATE=1` rewrites them, and
//! the diff is the review.

use std::path::{Path, PathBuf};

use base::Lang;
use contract::compile;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clauses")
}

#[test]
fn three_contracts_compile_and_read_back() {
    let mut wrong = Vec::new();
    for name in ["sme", "hosting", "payroll"] {
        let path = folder().join(format!("{name}.md"));
        let compiled = compile(&format!("{name}.md"), &std::fs::read_to_string(&path).unwrap());
        // The fragment has neither perimeter nor price: what it lacks of a whole contract is beside its point.
        let remarks: Vec<_> = compiled.on_what_is_written().collect();
        assert!(remarks.is_empty(), "{name}: {remarks:#?}");
        let shown = [Lang::Fr, Lang::En].map(|lang| contract::read_back(&compiled, lang)).join("\n");
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &shown).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{name}: not as expected (UPDATE=1 rewrites):\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
