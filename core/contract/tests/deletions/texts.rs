//! The texts of `contracts/`, each compiled with what it stands on.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use contract::{Compiled, Diagnostic, compile, compile_amendment, compile_order};

use super::cuts::FENCE;

pub struct Text {
    pub name: String,
    pub text: String,
    /// Of an amendment or an order: the text it stands on, and what that compiles to.
    base: Option<Rc<(Text, Compiled)>>,
    pub amends: bool,
}

impl Text {
    pub fn compile(&self, text: &str) -> Compiled {
        match &self.base {
            None => compile(&self.name, text),
            Some(base) if self.amends => compile_amendment(&base.1, &self.name, text),
            Some(base) => compile_order(&base.1, &self.name, text),
        }
    }

    /// Without the checks that need the text below: enough for what is wrong in a head, and for a front
    /// matter that no longer says what it stands on.
    pub fn compile_alone(&self, text: &str) -> Compiled {
        match &self.base {
            Some(_) if text.contains("amends =") || text.contains("order_of =") => self.compile(text),
            _ => compile(&self.name, text),
        }
    }

    /// The text whose clauses are also its own.
    pub fn below(&self) -> Option<&Text> {
        Some(&self.base.as_ref()?.0)
    }

    /// The errors placed in this text, not in the one it stands on.
    pub fn errors<'a>(&'a self, compiled: &'a Compiled) -> impl Iterator<Item = &'a Diagnostic> {
        let here = |d: &&Diagnostic| compiled.files.get(d.span.file).is_some_and(|f| f.name == self.name);
        compiled.diagnostics.iter().filter(|d| d.is_error()).filter(here)
    }

    /// Where each line stands that a front matter or a block cannot do without, and its key.
    pub fn heads(&self) -> Vec<(usize, usize, String)> {
        let front = self.text[3..].find("+++").expect("a front matter is closed") + 3;
        let line = |start: usize| (start, start + self.text[start..].find('\n').expect("a line ends") + 1);
        // What stands on another text is read as the other is; the parties are named by their clauses.
        let keys: &[&str] = match self.base {
            Some(_) => &[],
            None => &["contract", "language", "semantics"],
        };
        let mut found = Vec::new();
        for key in keys {
            let at = self.text[..front].find(&format!("\n{key} = ")).map(|at| at + 1);
            if let Some((start, end)) = at.map(line) {
                found.push((start, end, format!("front {key}")));
            }
        }
        for (fence, _) in self.text.match_indices(FENCE) {
            for key in ["kind", "label"] {
                let end = fence + 3 + self.text[fence + 3..].find("```").expect("a fence is closed");
                let at = self.text[fence..end].find(&format!("\n{key} = ")).map(|at| fence + at + 1);
                found.extend(at.map(line).map(|(start, end)| (start, end, key.to_owned())));
            }
        }
        found
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts")
}

pub fn texts() -> Vec<Text> {
    let mut read: Vec<(String, String)> = Vec::new();
    for folder in [folder(), folder().join("templates"), folder().join("sous-contrats")] {
        let paths = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path());
        for path in paths.filter(|p| p.extension().is_some_and(|e| e == "md")) {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.starts_with("+++") {
                read.push((path.file_name().unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    read.sort();
    let alone: Vec<(String, String, Compiled)> = read
        .into_iter()
        .map(|(name, text)| {
            let compiled = compile(&name, &text);
            (name, text, compiled)
        })
        .collect();
    let bases = alone.iter().filter(|(.., c)| c.front_matter.amends.is_none());
    let bases: Vec<Rc<(Text, Compiled)>> = bases
        .map(|(name, text, c)| {
            let text = Text { name: name.clone(), text: text.clone(), base: None, amends: false };
            Rc::new((text, c.clone()))
        })
        .collect();
    let texts: Vec<Text> = alone
        .into_iter()
        .map(|(name, text, c)| {
            let front = c.front_matter;
            let on = front.amends.as_ref().or(front.order_of.as_ref());
            let base =
                on.map(|on| bases.iter().find(|b| b.1.terms.contract == *on).expect("its base").clone());
            Text { name, text, base, amends: front.amends.is_some() }
        })
        .collect();
    assert!(texts.iter().filter(|t| t.base.is_some()).count() >= 3, "an amendment and two orders");
    texts
}
