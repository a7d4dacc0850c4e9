//! How long the compiler, `fmt` and the comparison take on texts made to cost the square of their size.
//!
//! `cargo run --release -p bench --bin contract_shapes [-- NAME]`
//!
//! NAME keeps the shapes whose name holds it. A mebibyte should compile in a second of processor time, and be
//! compared with another in as much. Run it under `ulimit -v 4000000`: no text may ask for more memory
//! than that.

use bench::processor_ms;
use bench::shapes::shapes;
use contract::{Compiled, compile, diff};

/// Beyond so many milliseconds of processor, a text costs too much.
const SLOW: f64 = 1000.0;

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    println!(
        "{:<56}{:>9}{:>12}{:>10}{:>12}{:>9}",
        "shape", "bytes", "compile ms", "fmt ms", "diff ms", "remarks"
    );
    let empty = compile("vide.md", "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# C\n");
    let (mut count, mut slow) = (0, 0);
    for (name, text) in shapes().filter(|(name, _)| name.contains(&only)) {
        let (compiled, compiling) = timed(|| compile("forme.md", &text));
        let (_, formatting) = timed(|| contract::format(&text));
        let other = compile("forme.md", &altered(&text));
        let (_, comparing) = timed(|| compared(&compiled, &other, &empty));
        let is_slow = [compiling, formatting, comparing].iter().any(|ms| *ms > SLOW);
        count += 1;
        slow += usize::from(is_slow);
        println!(
            "{name:<56}{:>9}{compiling:>12.0}{formatting:>10.0}{comparing:>12.0}{:>9}{}",
            text.len(),
            compiled.diagnostics.len(),
            if is_slow { "  SLOW" } else { "" }
        );
    }
    println!("{count} shapes, {slow} slow");
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let began = processor_ms();
    let done = run();
    (done, processor_ms() - began)
}

/// The same text with other figures everywhere.
fn altered(text: &str) -> String {
    text.replace("\"4 h\"", "\"5 h\"")
        .replace("\"1 h\"", "\"2 h\"")
        .replace("\"in\"", "\"shared\"")
        .replace("r\"", "z\"")
}

/// Against the same with other figures, and against next to nothing.
fn compared(compiled: &Compiled, other: &Compiled, empty: &Compiled) {
    for (before, after) in [(compiled, other), (empty, compiled)] {
        let found = diff::compare(before, after);
        diff::render(&found, base::Lang::Fr);
    }
}
