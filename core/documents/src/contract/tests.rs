//! What is printed is what was signed: checked on the data that the template lays out, and on the pages.

use contract::{compile, compile_amendment};
use jiff::civil::date;
use serde_json::Value;

use super::*;

const GARONNE: &str = include_str!("../../../../contracts/ateliers-garonne.md");
const AMENDMENT: &str = include_str!("../../../../contracts/ateliers-garonne-avenant-1.md");
const MINIMAL: &str = include_str!("../../../../contracts/minimal.md");

fn options(lang: Lang) -> Options {
    Options { lang, created: date(2026, 2, 16), signatures: Vec::new() }
}

fn garonne() -> Compiled {
    compile_amendment(&compile("a.md", GARONNE), "b.md", AMENDMENT)
}

fn data(compiled: &Compiled, options: &Options) -> Value {
    let names = attached_names(&compiled.files);
    serde_json::from_slice(&print::json(&describe(compiled, options, &names))).unwrap()
}

/// Every string of the signed parts, in order, spaces and apostrophes made alike.
fn printed(compiled: &Compiled) -> String {
    fn walk(value: &Value, out: &mut String) {
        match value {
            Value::String(text) => {
                out.push_str(text);
                out.push(' ');
            }
            Value::Array(values) => values.iter().for_each(|v| walk(v, out)),
            Value::Object(entries) => {
                entries.iter().filter(|(k, _)| *k != "k").for_each(|(_, v)| walk(v, out))
            }
            _ => {}
        }
    }
    let mut out = String::new();
    walk(&data(compiled, &options(Lang::Fr))["parts"], &mut out);
    alike(&out)
}

fn alike(text: &str) -> String {
    text.replace('’', "'").chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_word_signed_and_every_reading_is_printed() {
    let compiled = garonne();
    assert!(compiled.is_valid());
    let printed = printed(&compiled);
    for article in &compiled.document.articles {
        assert!(printed.contains(&alike(&article.title)), "{}", article.title);
        for line in article.text.lines() {
            // The marks of Markdown are not words.
            for piece in line.split(['*', '`', '|', '#']).map(|p| p.trim_start_matches(['-', ' '])) {
                // References cut a passage in two: each side is looked for.
                for words in piece.split(|c: char| c.is_ascii_digit()) {
                    // So is the point after the number of an item.
                    let words = words.trim_start_matches(". ");
                    assert!(printed.contains(&alike(words)), "{words:?} of {}", article.title);
                }
            }
        }
        for clause in &article.clauses {
            assert!(printed.contains(&alike(&clause.read_back.fr)), "[{}]", clause.label);
        }
        for example in &article.examples {
            assert!(printed.contains(&alike(example)), "{example}");
        }
    }
}

#[test]
fn every_value_of_every_block_is_printed() {
    let printed = printed(&garonne());
    let fences = [GARONNE, AMENDMENT].into_iter().flat_map(|t| t.split("```toml ").skip(1));
    for block in fences.filter_map(|b| b.split_once("```").map(|(block, _)| block)) {
        let toml = block.split_once('\n').unwrap().1;
        for value in toml.split('"').skip(1).step_by(2) {
            assert!(printed.contains(&alike(value)), "{value:?}");
        }
    }
}

#[test]
fn a_replaced_rule_says_so_and_references_lead_to_pages() {
    let data = data(&garonne(), &options(Lang::Fr));
    let blocks = data["parts"][0]["blocks"].as_array().unwrap();
    let rule = |label: &str| blocks.iter().find(|b| b["k"] == "rule" && b["label"] == label).unwrap();
    assert_eq!(rule("adjoint-prestataire")["state"], "remplacée par avenant");
    assert_eq!(rule("carnet")["state"], Value::Null);
    let heading = blocks.iter().find(|b| b["c"][0]["t"] == "Article\u{a0}33\u{a0}– Sous-traitance");
    let id = heading.expect("article 33 has a heading")["id"].as_str().unwrap();
    assert!(data.to_string().contains(&format!("\"t\":\"33\",\"to\":\"{id}\"")), "article 33 is linked");
}

#[test]
fn the_same_contract_gives_the_same_pages_whatever_folder_it_came_from() {
    let here = contract_pdf(&compile("contracts/minimal.md", MINIMAL), &options(Lang::Fr)).unwrap();
    let there = contract_pdf(&compile("/home/elsewhere/minimal.md", MINIMAL), &options(Lang::Fr)).unwrap();
    assert!(here.bytes == there.bytes && here.pages >= 6, "{} pages", here.pages);
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    for mark in
        ["<pdfaid:part>3", "<pdfaid:conformance>A", "/Lang", "/MarkInfo", "/Outlines", "/AFRelationship"]
    {
        assert!(has(&here.bytes, mark), "{mark}");
    }
    assert!(!has(&there.bytes, "elsewhere"));
}

#[test]
fn english_furniture_gives_both_readings() {
    let compiled = compile("minimal.md", MINIMAL);
    let data = data(&compiled, &options(Lang::En));
    assert_eq!((&data["lang"], &data["words"]["contents"]), (&Value::from("fr"), &Value::from("Contents")));
    let rule = data["parts"][0]["blocks"].as_array().unwrap().iter().find(|b| b["k"] == "rule").unwrap();
    let clause = &compiled.document.articles.iter().find(|a| !a.clauses.is_empty()).unwrap().clauses[0];
    assert_eq!(rule["readings"], serde_json::json!([clause.read_back.fr, clause.read_back.en]));
    contract_pdf(&compiled, &options(Lang::En)).unwrap();
}

#[test]
fn a_hostile_text_is_at_worst_an_ugly_page() {
    let hostile = "#read(\"/etc/passwd\") #panic() $x$ *a* @a <b> \\ #import \"@preview/x:1.0.0\" ]#[ \
                   中 \u{202e}caché\u{200b} <script>alert(1)</script> [lien](javascript:x) ![i](file:///etc/passwd)\n\n\
                   ```typ\n#read(\"/etc/passwd\")\n```\n\n```\n``\n```\n\n";
    let quotes = format!("{}fond\n\n", "> ".repeat(300));
    let wide = format!("| {} |\n|{}\n| #x |\n\n", vec!["$"; 40].join(" | "), "---|".repeat(40));
    let text = MINIMAL.replace(
        "## Article 2 – Durée\n",
        &format!(
            "## Article 2 – #panic() \"]\\ $ Durée\n\n{hostile}{quotes}{wide}###### Saut\n\n{}\n\n",
            "x".repeat(3000)
        ),
    );
    let text = text.replace("Conserverie de Sologne SAS", "C #eval(1) \\\\u{41} SAS");
    let compiled = compile("../../#h.md", &text);
    assert!(compiled.is_valid(), "{:?}", compiled.diagnostics);
    let printed = printed(&compiled);
    for kept in [
        "#read(\"/etc/passwd\")",
        "[U+4E2D]",
        "[U+202E]caché[U+200B]",
        "javascript:x",
        "file:///etc/passwd",
        "#eval(1)",
    ] {
        assert!(printed.contains(kept), "{kept}");
    }
    let pdf = contract_pdf(&compiled, &options(Lang::Fr)).unwrap();
    assert!(!String::from_utf8_lossy(&pdf.bytes).contains("root:"));
}

#[test]
fn a_text_with_errors_is_not_printed() {
    let broken = compile("minimal.md", &MINIMAL.replace("renewal = \"tacit\"", "renewal = \"soon\""));
    assert!(matches!(contract_pdf(&broken, &options(Lang::Fr)), Err(Fault::Invalid)));
}

#[test]
fn recorded_signatures_take_the_place_of_frames() {
    let signed = Signature {
        role: PartyRole::Customer,
        signatory: "Hélène Castaing, présidente".to_owned(),
        at: "le 16 février 2026 à 10 h".to_owned(),
        hash: "ab".repeat(32),
    };
    let options = Options { signatures: vec![signed], ..options(Lang::Fr) };
    let data = data(&compile("a.md", GARONNE), &options);
    assert_eq!(data["signatures"][0]["lines"][0], "Signé le 16 février 2026 à 10 h");
    assert_eq!(data["signatures"][1]["lines"], serde_json::json!([]));
}
