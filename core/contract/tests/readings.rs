#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! What clauses read back as, in both languages, reviewed as text: `tests/readings/NAME.md` holds clauses
//! that compile without error, `NAME.txt` what they read back as. `UPDATE=1` rewrites the expectations.

use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::compile;
use contract::diagnostic::{Style, render_all};

#[test]
fn clauses_read_back_as_people_speak() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readings");
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == "md"));
    all.sort();
    assert!(!all.is_empty());
    let mut wrong = Vec::new();
    for path in all {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let compiled = compile(&name, &fs::read_to_string(&path).unwrap());
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
        let shown = render_all(&compiled.files, &errors, Lang::Fr, Style::default());
        assert!(errors.is_empty(), "{shown}");
        let shown = [Lang::Fr, Lang::En].map(|lang| contract::read_back(&compiled, lang)).join("\n");
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &shown).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{name}: not as expected (UPDATE=1 rewrites):\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
