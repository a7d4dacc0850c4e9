//! Writes every page from its samples, in both languages and both themes, as static files:
//! `cargo run -p web --example gallery -- OUT_DIR`.

use std::fs;
use std::path::PathBuf;

use web::design::{Lang, Theme, assets};
use web::pages;

fn main() -> std::io::Result<()> {
    let Some(out) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: gallery OUT_DIR");
        std::process::exit(2);
    };
    fs::create_dir_all(out.join("assets"))?;
    for name in assets::names() {
        let (bytes, _) = assets::get(name).expect("a listed asset exists");
        fs::write(out.join("assets").join(name), bytes)?;
    }
    let mut written = 0;
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            for sample in pages::gallery(lang, theme) {
                let name = format!("{}.{}.{}.html", sample.name, lang.code(), theme.code());
                fs::write(out.join(name), sample.page.into_string())?;
                written += 1;
            }
        }
    }
    println!("{written} pages in {}", out.display());
    Ok(())
}
