//! The texts that fuzzing starts from.

use std::fs;
use std::io;
use std::path::Path;

use contract::KINDS;

/// Every Markdown file below a folder, in the order of their names, then a small contract around the
/// example of each kind of clause: small texts take mistakes harder, and are quickly run.
pub fn seeds(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    markdown(folder, &mut found)?;
    found.sort();
    let mut texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    texts.extend(KINDS.iter().map(|kind| around(kind.example)));
    Ok(texts)
}

fn markdown(folder: &Path, found: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            markdown(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push((path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// A contract of one clause, with the little that most kinds refer to.
fn around(block: &str) -> String {
    let first = [
        "kind = \"parties\"\nlabel = \"client\"\nthen = { role = \"customer\", name = \"Client SA\", siren = \"000000125\", address = \"Lyon\", sites = { tls = \"Toulouse\" } }",
        "kind = \"parties\"\nlabel = \"prestataire\"\nthen = { role = \"provider\", name = \"Prestataire SAS\", siren = \"000000117\", address = \"Toulouse\" }",
        "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"none\" }",
        "kind = \"calendar\"\nlabel = \"ho\"\nthen = { zone = \"Europe/Paris\", week = { mon-fri = [\"09:00-18:00\"] }, holidays = [2026-05-01] }",
    ];
    let blocks: String = first
        .into_iter()
        .chain([block.trim()])
        .enumerate()
        .map(|(i, toml)| format!("\n## Article {}\n\nTexte.\n\n```toml clause\n{toml}\n```\n", i + 1))
        .collect();
    format!(
        "+++\ncontract = \"CTR-2026-900\"\ncustomer = \"Client SA\"\nprovider = \"Prestataire SAS\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat\n{blocks}"
    )
}
