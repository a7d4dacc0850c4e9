use std::time::Instant;
fn main() {
    let only = std::env::args().nth(1);
    for (name, text) in bench::shapes::shapes() {
        if only.as_deref().is_some_and(|o| !name.contains(o)) { continue; }
        let began = Instant::now();
        let compiled = contract::compile("x.md", &text);
        let t1 = began.elapsed();
        let began = Instant::now();
        let _ = contract::format(&text);
        println!("{:<50} {:>8} B {:>8.0} ms  fmt {:>8.0} ms  {} remarks {:?}", name, text.len(), t1.as_secs_f64()*1e3, began.elapsed().as_secs_f64()*1e3, compiled.diagnostics.len(), compiled.diagnostics.first().map(|d| d.code));
    }
}
