#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! The mistakes that people make, one by one, on real contracts: each is said at its line, with what to
//! write instead, and brings at most two other remarks.
//!
//! `tests/mistakes/*.md` are tables: the contract, what is replaced (the first time it stands there), by
//! what, the code expected, its line in the mistaken text, and a word that the help must hold. The name
//! of a kind stands for its own example, at the head of a small contract.
//! `UPDATE=1` fills the lines in; the diff is the review.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use contract::{Compiled, compile};

/// Other remarks that one mistake may bring.
const MOST_ECHOES: usize = 2;

struct Mistake {
    contract: String,
    find: String,
    replace: String,
    code: String,
    line: String,
    help: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

/// A row of the table; `None` for other lines.
fn row(line: &str) -> Option<Mistake> {
    let cells: Vec<String> = line.strip_prefix('|')?.split('|').map(cell).collect();
    let [contract, find, replace, code, line, help, _] = &cells[..] else { return None };
    let mistake = |text: &String| text.clone();
    (code.contains('-') && !code.starts_with('-')).then(|| Mistake {
        contract: mistake(contract),
        find: mistake(find),
        replace: mistake(replace),
        code: mistake(code),
        line: mistake(line),
        help: mistake(help),
    })
}

/// What stands in a cell, `\n` being a line end.
fn cell(text: &str) -> String {
    text.trim().trim_matches('`').replace("\\n", "\n")
}

impl Mistake {
    fn compiled(&self) -> Result<Compiled, String> {
        let text = self.text()?;
        if !text.contains(&self.find) {
            return Err(format!("« {} » is not in {}", self.find, self.contract));
        }
        Ok(compile("contrat.md", &text.replacen(&self.find, &self.replace, 1)))
    }

    fn text(&self) -> Result<String, String> {
        if let Some(kind) = contract::KINDS.iter().find(|k| k.name == self.contract) {
            return Ok(small(kind.name, kind.example));
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../contracts")
            .join(format!("{}.md", self.contract));
        fs::read_to_string(path).map_err(|e| format!("{}: {e}", self.contract))
    }

    fn lines(&self, compiled: &Compiled) -> Vec<String> {
        let of_code = compiled.diagnostics.iter().filter(|d| d.code == self.code);
        of_code.map(|d| compiled.files[0].position(d.span.start).line.to_string()).collect()
    }

    /// `sound`: the contracts without mistake, compiled once each.
    fn judge(&self, sound: &mut BTreeMap<String, Compiled>) -> Result<(), String> {
        let compiled = self.compiled()?;
        if !sound.contains_key(&self.contract) {
            sound.insert(self.contract.clone(), compile("contrat.md", &self.text()?));
        }
        let before = &sound[&self.contract];
        let new = |d: &&contract::Diagnostic| {
            !before.diagnostics.iter().any(|b| b.code == d.code && b.message == d.message)
        };
        let said: Vec<String> = compiled
            .on_what_is_written()
            .filter(new)
            .map(|d| {
                format!(
                    "{} {}: {} / {}",
                    d.code,
                    compiled.files[0].position(d.span.start),
                    d.message.fr,
                    d.help.fr
                )
            })
            .collect();
        let here = |d: &&contract::Diagnostic| {
            d.code == self.code && compiled.files[0].position(d.span.start).line.to_string() == self.line
        };
        let Some(found) = compiled.diagnostics.iter().find(here) else {
            return Err(format!("{} is not said at line {}, but {said:#?}", self.code, self.line));
        };
        if !found.help.fr.contains(&self.help) {
            return Err(format!("the help lacks « {} »: {}", self.help, found.help.fr));
        }
        // What the contract lacks without the mistake is beside it.
        if said.len() > 1 + MOST_ECHOES {
            return Err(format!("{} remarks for one mistake: {said:#?}", said.len()));
        }
        Ok(())
    }
}

/// The example of a kind, before what the examples of all kinds refer to.
fn small(name: &str, example: &str) -> String {
    let others = [
        ("parties", "client", "role = \"customer\", name = \"Client SA\", address = \"Lyon\""),
        ("parties", "prestataire", "role = \"provider\", name = \"Prestataire SAS\", address = \"Toulouse\""),
        ("parties", "hebergeur", "role = \"subcontractor\", name = \"Hébergeur SAS\", address = \"Paris\""),
        (
            "term",
            "duree",
            "start = 2026-03-01, lasts = \"36 months\", renewal = \"none\", notice = \"3 months\"",
        ),
        ("contacts", "astreinte-securite", "of = \"provider\", role = \"security\", name = \"Astreinte\""),
        (
            "volume_bands",
            "bulletins",
            "unit = \"payslip\", minimum = 0, bands = [{ unit_price = \"11.80 EUR\" }], scheme = \"graduated\", vat = \"20 %\"",
        ),
    ];
    let blocks: String = others
        .iter()
        .filter(|(kind, ..)| *kind != name)
        .map(|(kind, label, then)| {
            format!("\n```toml clause\nkind = \"{kind}\"\nlabel = \"{label}\"\nthen = {{ {then} }}\n```\n")
        })
        .collect();
    format!(
        "+++\ncontract = \"CTR-2026-900\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat\n\n## Article 1\n\n```toml clause\n{example}```\n\n## Article 2\n{blocks}"
    )
}

#[test]
fn each_mistake_is_said_at_its_place_with_what_to_write() {
    let mut tables: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    tables.sort();
    let (mut count, mut wrong, mut sound) = (0, Vec::new(), BTreeMap::new());
    for path in tables {
        let text = fs::read_to_string(&path).unwrap();
        if std::env::var_os("UPDATE").is_some() {
            let lines = text.lines().map(|line| match row(line) {
                Some(mistake) => {
                    let lines = mistake.compiled().map(|c| mistake.lines(&c)).unwrap_or_default();
                    let kept = lines.contains(&mistake.line) || lines.is_empty();
                    let number = if kept { mistake.line } else { lines[0].clone() };
                    let mut cells: Vec<&str> = line.split('|').collect();
                    let number = format!(" {number} ");
                    cells[5] = &number;
                    cells.join("|") + "\n"
                }
                None => format!("{line}\n"),
            });
            fs::write(&path, lines.collect::<String>()).unwrap();
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let Some(mistake) = row(line) else { continue };
            count += 1;
            if let Err(why) = mistake.judge(&mut sound) {
                wrong.push(format!("{}:{}: {why}", path.file_name().unwrap().display(), number + 1));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} mistakes are badly answered:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 280, "only {count} mistakes");
}
