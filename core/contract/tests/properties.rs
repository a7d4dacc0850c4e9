#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! What holds of every text: it compiles the same twice, laying out its rules changes no term, and no
//! word of its prose is lost. Texts are the real contracts, and the real contracts with mistakes in them.

use std::fs;
use std::path::{Path, PathBuf};

use contract::{Compiled, compile, compile_amendment, format, terms_hash};
use proptest::prelude::*;
use proptest::sample::Index;

/// Every contract, template and amendment of the repository, in the order of their names.
fn contracts() -> Vec<(String, String)> {
    fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                markdown(&path, found);
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    markdown(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts"), &mut found);
    found.sort();
    let texts = found.into_iter().map(|p| (p.display().to_string(), fs::read_to_string(p).unwrap()));
    texts.filter(|(_, text)| text.trim_start_matches('\u{feff}').starts_with("+++")).collect()
}

/// The name of the terms, the places of clauses apart: laying out moves lines and nothing else.
fn meaning(compiled: &Compiled) -> String {
    fn without_lines(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                if map.contains_key("article") && map.contains_key("label") {
                    map.remove("line");
                }
                map.values_mut().for_each(without_lines);
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(without_lines),
            _ => {}
        }
    }
    let mut terms = serde_json::to_value(&compiled.terms).unwrap();
    without_lines(&mut terms);
    terms.to_string()
}

/// What the compiler says, places apart.
fn remarks(compiled: &Compiled) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = compiled.diagnostics.iter().map(|d| (d.code, d.message.fr.clone())).collect();
    all.sort();
    all
}

/// A mistake in a text.
#[derive(Clone, Debug)]
enum Edit {
    DeleteLine(Index),
    DoubleLine(Index),
    MoveLine(Index, Index),
    SwapWords(Index, Index),
    DeleteChar(Index),
    Insert(Index, &'static str),
}

const INSERTED: &[&str] = &[
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "=",
    ",",
    "#",
    "# note",
    "```\n",
    "\n```toml clause\n",
    "+++\n",
    "\n\n",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "🙂",
    "\r",
    "\t",
    "-",
    "999999999999",
    "\"\"\"",
    "then.",
    "2026-02-30",
    "\\",
];

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Edit::DeleteLine),
        at().prop_map(Edit::DoubleLine),
        (at(), at()).prop_map(|(a, b)| Edit::MoveLine(a, b)),
        (at(), at()).prop_map(|(a, b)| Edit::SwapWords(a, b)),
        at().prop_map(Edit::DeleteChar),
        (at(), prop::sample::select(INSERTED)).prop_map(|(a, t)| Edit::Insert(a, t)),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    for edit in edits {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match edit {
            Edit::DeleteLine(at) => drop(lines.remove(at.index(count))),
            Edit::DoubleLine(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Edit::MoveLine(from, to) => {
                let line = lines.remove(from.index(count));
                lines.insert(to.index(count), line);
            }
            Edit::SwapWords(a, b) => {
                let mut words: Vec<String> = text.split_inclusive([' ', '\n']).map(str::to_owned).collect();
                let (a, b) = (a.index(words.len()), b.index(words.len()));
                words.swap(a, b);
                lines = words;
            }
            Edit::DeleteChar(at) | Edit::Insert(at, _) => {
                let mut place = at.index(text.len());
                while !text.is_char_boundary(place) {
                    place -= 1;
                }
                let (before, after) = text.split_at(place);
                lines = match edit {
                    Edit::Insert(_, new) => vec![format!("{before}{new}{after}")],
                    _ => vec![before.to_owned(), after.chars().skip(1).collect()],
                };
            }
        }
        text = lines.concat();
    }
    text
}

/// A contract of the repository with a few mistakes; mostly the small ones, which take mistakes harder.
fn mistaken() -> impl Strategy<Value = String> {
    let texts: Vec<String> = contracts().into_iter().map(|(_, text)| text).collect();
    let small: Vec<String> = texts.iter().filter(|t| t.len() < 20_000).cloned().collect();
    let text = prop_oneof![1 => prop::sample::select(texts), 6 => prop::sample::select(small)];
    (text, prop::collection::vec(edit(), 0..6)).prop_map(|(text, edits)| edited(&text, &edits))
}

/// A piece of prose, and the words of it that a reader must find.
fn prose() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    let word = || "[a-zA-Zéàçœ0-9]{1,8}";
    let piece = prop_oneof![
        8 => word().prop_map(|w| (w.clone(), vec![w])),
        1 => word().prop_map(|w| (format!("*{w}*"), vec![w])),
        1 => word().prop_map(|w| (format!("**{w}**"), vec![w])),
        1 => word().prop_map(|w| (format!("~~{w}~~"), vec![w])),
        1 => word().prop_map(|w| (format!("`{w}`"), vec![w])),
        1 => word().prop_map(|w| (format!("<b>{w}</b>"), vec![w])),
        1 => word().prop_map(|w| (format!("<!-- {w} -->"), vec![w])),
        1 => word().prop_map(|w| (format!("<div>\n{w}\n</div>\n\n"), vec![w])),
        1 => (word(), word()).prop_map(|(a, b)| (format!("[{a}](https://exemple.fr/{b})"), vec![a, b])),
        1 => (word(), word()).prop_map(|(a, b)| (format!("[{a}](javascript:{b})"), vec![a])),
        1 => (word(), word()).prop_map(|(a, b)| (format!("\n\n[{a}]: {b}\n\n"), vec![a, b])),
        1 => (word(), word()).prop_map(|(a, b)| (format!("\n\n| {a} | x |\n|---|---|\n| y | {b} |\n\n"), vec![a, b])),
        1 => word().prop_map(|w| (format!("\n- {w}\n"), vec![w])),
        1 => word().prop_map(|w| (format!("\n\n> {w}\n\n"), vec![w])),
        1 => word().prop_map(|w| (format!("\n\n```\n{w}\n```\n\n"), vec![w])),
        1 => word().prop_map(|w| (format!("\n\n```{w}\n```\n\n"), vec![])),
        1 => word().prop_map(|w| (format!("\\{w}"), vec![w])),
        1 => word().prop_map(|w| (format!("&{w};"), vec![])),
        1 => word().prop_map(|w| (format!("{{{{ {w}\n"), vec![w])),
        1 => word().prop_map(|w| (format!("}}}} {w}"), vec![w])),
        1 => word().prop_map(|w| (format!("{{{{ {w}.{w} }}}}"), vec![w])),
        2 => Just(("{{ delai.within }}".to_owned(), vec!["quatre".to_owned(), "heures".to_owned()])),
        1 => Just(("{{ redevance.unit_price }}".to_owned(), vec!["46".to_owned()])),
        1 => Just(("{{ client.name }}".to_owned(), vec!["Conserverie".to_owned()])),
        1 => Just(("{{total.monthly}}".to_owned(), vec!["552".to_owned()])),
    ];
    prop::collection::vec(piece, 0..24)
}

/// What a reader sees of a page, and where its links lead.
fn visible(html: &str) -> String {
    let (mut out, mut link) = (String::new(), "");
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        if let Some((_, href)) = tag.split_once("href=\"") {
            link = href;
        }
        if tag == "/a" {
            out.push_str(link);
        }
        out.push_str(text);
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn laying_out_a_real_contract_changes_no_term_and_no_remark() {
    for (name, text) in contracts() {
        let formatted = format(&text);
        assert_eq!(formatted.left, [], "{name}");
        assert_eq!(format(&formatted.text).text, formatted.text, "{name}: not the same twice");
        let (before, after) = (compile("x.md", &text), compile("x.md", &formatted.text));
        assert_eq!(meaning(&after), meaning(&before), "{name}");
        assert_eq!(remarks(&after), remarks(&before), "{name}");
        assert_eq!(after.document.articles.len(), before.document.articles.len(), "{name}");
        for (a, b) in after.document.articles.iter().zip(&before.document.articles) {
            assert_eq!((&a.html, &a.text), (&b.html, &b.text), "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laying_out_twice_changes_nothing_and_terms_stay(text in mistaken()) {
        let once = format(&text);
        let twice = format(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert_eq!(twice.left.len(), once.left.len());
        let (before, after) = (compile("x.md", &text), compile("x.md", &once.text));
        prop_assert_eq!(meaning(&after), meaning(&before));
        prop_assert_eq!(remarks(&after), remarks(&before));
    }

    #[test]
    fn the_same_text_compiles_to_the_same_thing(text in mistaken()) {
        let (a, b) = (compile("x.md", &text), compile("x.md", &text));
        prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
        prop_assert_eq!(terms_hash(&a.terms), terms_hash(&b.terms));
    }

    #[test]
    fn no_mistake_makes_it_panic(text in mistaken(), other in mistaken()) {
        let base = compile("x.md", &text);
        contract::read_back(&base, base::Lang::Fr);
        let _ = contract::explain(&base, None, base::Lang::En);
        compile_amendment(&base, "y.md", &other);
        let amendment = other.replacen("contract = ", "amends = ", 1);
        let amended = compile_amendment(&base, "y.md", &amendment);
        contract::read_back(&amended, base::Lang::En);
    }

    #[test]
    fn no_word_of_the_prose_is_lost(pieces in prose()) {
        let minimal = contracts().into_iter().find(|(name, _)| name.ends_with("minimal.md")).unwrap().1;
        let written = pieces.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" ");
        let compiled = compile("x.md", &format!("{minimal}\n## Article 99 – Divers\n\n{written}\n"));
        let articles = compiled.document.articles.iter().skip_while(|a| a.title != "Article 99 – Divers");
        let (mut text, mut html) = (String::new(), String::new());
        for article in articles {
            text.push_str(&article.text);
            html.push_str(&visible(&article.html));
        }
        let html = decoded(&html);
        // In order, so that a word is not found in another's place.
        let (mut text, mut page) = (text.as_str(), html.as_str());
        for word in pieces.iter().flat_map(|(_, words)| words) {
            let at = text.find(word.as_str());
            prop_assert!(at.is_some(), "the text lost {word:?} of {written:?}");
            text = &text[at.unwrap_or(0) + word.len()..];
            let at = page.find(word.as_str());
            prop_assert!(at.is_some(), "the page lost {word:?} of {written:?}: {html:?}");
            page = &page[at.unwrap_or(0) + word.len()..];
        }
    }
}
