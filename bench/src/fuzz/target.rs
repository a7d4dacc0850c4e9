//! What is run on each text, and what goes wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use base::Lang;
use contract::diagnostic::{Style, json, render_all};
use contract::{Compiled, back_to_back, compile, compile_amendment, compile_order, diff, gate};

/// Where the last panic came from, as the hook saw it.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Panics say nothing on the terminal: `run` returns them.
pub fn silence() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let what = info.payload_as_str().unwrap_or("");
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("panic at {place}: {what}"));
    }));
}

/// What a text is read with.
pub struct Beside {
    /// A contract, as it stands.
    pub base: Compiled,
    /// A preparation file.
    pub preparation: String,
}

/// What went wrong; `None`: nothing.
pub fn run(text: &str, beside: &Beside) -> Option<String> {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = None;
    match catch_unwind(AssertUnwindSafe(|| all(text, beside))) {
        Ok(said) => said,
        Err(_) => LAST
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .or_else(|| Some("panic at an unknown place".to_owned())),
    }
}

/// The place of a panic, or what did not hold: findings of one cause share it.
pub fn cause(said: &str) -> &str {
    said.split(": ").next().unwrap_or(said)
}

fn all(text: &str, beside: &Beside) -> Option<String> {
    let alone = compile("x.md", text);
    if format!("{:?}", compile("x.md", text)) != format!("{alone:?}") {
        return Some("compiling twice gives two results".to_owned());
    }
    shown(&alone);
    let once = contract::format(text);
    if contract::format(&once.text).text != once.text {
        return Some("laying out twice gives two texts".to_owned());
    }
    if !alone.diagnostics.is_empty() && alone.diagnostics.iter().any(|d| d.message.fr.is_empty()) {
        return Some("a remark without a sentence".to_owned());
    }
    let base = &beside.base;
    let amended = compile_amendment(base, "y.md", text);
    shown(&amended);
    let ordered = compile_order(base, "y.md", text);
    shown(&ordered);
    let gate = gate::signature(&alone, Some(("p.toml", &beside.preparation)));
    render_all(&gate.files, &gate.diagnostics, Lang::Fr, Style::default());
    gate::signature(&amended, None);
    let beside = back_to_back::back_to_back(base, std::slice::from_ref(&alone));
    render_all(&beside.files, &beside.diagnostics, Lang::En, Style::default());
    back_to_back::back_to_back(&alone, std::slice::from_ref(base));
    if !diff::compare(&alone, &alone).is_empty() {
        return Some("a text differs from itself".to_owned());
    }
    for (before, after) in [(base, &alone), (&alone, base), (base, &amended)] {
        let differs = diff::compare(before, after);
        diff::render(&differs, Lang::Fr);
        diff::render(&differs, Lang::En);
    }
    None
}

fn shown(compiled: &Compiled) {
    for lang in [Lang::Fr, Lang::En] {
        render_all(&compiled.files, &compiled.diagnostics, lang, Style::default());
        json(&compiled.files, &compiled.diagnostics, lang);
        contract::read_back(compiled, lang);
        let _ = contract::explain(compiled, None, lang);
    }
    contract::terms_hash(&compiled.terms);
}
