//! How long the compiler and `fmt` take on texts made to cost the square of their size.
//!
//! `cargo run --release -p bench --bin contract_shapes [-- NAME]`
//!
//! NAME keeps the shapes whose name holds it. A mebibyte should compile in two seconds.

use std::time::Instant;

use bench::shapes::shapes;

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    println!("{:<46}{:>9}{:>12}{:>10}{:>9}", "shape", "bytes", "compile ms", "fmt ms", "remarks");
    for (name, text) in shapes().into_iter().filter(|(name, _)| name.contains(&only)) {
        let began = Instant::now();
        let remarks = contract::compile("forme.md", &text).diagnostics.len();
        let compiled = began.elapsed();
        let began = Instant::now();
        let _ = contract::format(&text);
        let formatted = began.elapsed();
        let slow = if compiled.as_secs_f64() > 2.0 { "  SLOW" } else { "" };
        println!(
            "{name:<46}{:>9}{:>12.0}{:>10.0}{remarks:>9}{slow}",
            text.len(),
            compiled.as_secs_f64() * 1e3,
            formatted.as_secs_f64() * 1e3
        );
    }
}
