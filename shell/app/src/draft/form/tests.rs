//! Every kind has a form, and a form that changes nothing changes nothing.

use super::*;
use contract::KINDS;

/// What a browser sends back of a form that nobody touched.
fn untouched(kind: &'static Kind, block: Option<&Block>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    fn push(input: &Input, out: &mut Vec<(String, String)>) {
        if !input.rows.is_empty() {
            input.rows.iter().flatten().for_each(|i| push(i, out));
        } else if let Shape::Choices(_) = input.shape {
            out.push((input.name.clone(), String::new()));
            out.extend(input.value.lines().map(|v| (input.name.clone(), v.to_owned())));
        } else {
            out.push((input.name.clone(), input.value.replace('\n', "\r\n")));
        }
    }
    inputs(kind, block).iter().for_each(|i| push(i, &mut out));
    let head = head(block);
    out.push(("label".into(), head.label));
    out.push(("exception_to".into(), head.exception_to));
    out.extend(head.when.into_iter().map(|(d, v)| (format!("when.{}", d.key()), v)));
    out.push(("when.from".into(), head.from));
    out.push(("when.until".into(), head.until));
    out.push(("default".into(), if head.default_none { "none".into() } else { String::new() }));
    out
}

fn contracts() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = path.extension().filter(|e| *e == "md").map(|_| std::fs::read_to_string(&path).unwrap());
        found.extend(text.filter(|t| t.starts_with("+++")));
    }
    assert!(found.len() >= 3);
    found
}

#[test]
fn an_untouched_form_leaves_every_byte() {
    for text in contracts() {
        let outline = Outline::of(&text);
        for block in outline.blocks.iter().filter(|b| b.kind().is_some()) {
            let (kind, label) = (block.kind().unwrap(), block.label().unwrap());
            let same = edited(&text, label, &untouched(kind, Some(block))).unwrap();
            assert!(same == text, "{label}");
        }
    }
}

#[test]
fn the_example_of_each_kind_typed_into_its_form_says_the_same() {
    for kind in KINDS.iter().copied() {
        let source = format!("+++\n+++\n# T\n\n```toml clause\n{}```\n", kind.example);
        let outline = Outline::of(&source);
        let block = &outline.blocks[0];
        let typed = untouched(kind, Some(block));
        let text = added("+++\n+++\n# T\n", kind, 1, &typed).unwrap();
        let fresh = Outline::of(&text);
        assert_eq!(fresh.blocks.len(), 1, "{}: {text}", kind.name);
        for entry in block.then() {
            let got = fresh.blocks[0].then().iter().find(|e| e.key == entry.key);
            let got = got.unwrap_or_else(|| panic!("{}: {} is lost: {text}", kind.name, entry.key));
            assert!(rewrite::same(&got.value.node, &entry.value.node), "{}.{}: {text}", kind.name, entry.key);
        }
    }
}

#[test]
fn one_field_changed_changes_one_value() {
    let text = contracts().into_iter().find(|t| t.contains("CTR-2026-900")).unwrap();
    let outline = Outline::of(&text);
    let block = outline.block("redevance").unwrap();
    let mut sent = untouched(block.kind().unwrap(), Some(block));
    let price = sent.iter_mut().find(|(n, _)| n == "then.unit_price").unwrap();
    price.1 = "48.50 EUR".into();
    assert_eq!(edited(&text, "redevance", &sent).unwrap(), text.replace("46.00 EUR", "48.50 EUR"));
}

#[test]
fn what_is_not_a_number_stays_for_the_compiler_to_judge() {
    let text = contracts().into_iter().find(|t| t.contains("CTR-2026-900")).unwrap();
    let outline = Outline::of(&text);
    let block = outline.block("redevance").unwrap();
    let mut sent = untouched(block.kind().unwrap(), Some(block));
    sent.iter_mut().find(|(n, _)| n == "then.quantity").unwrap().1 = "douze".into();
    let text = edited(&text, "redevance", &sent).unwrap();
    let compiled = contract::compile("contrat.md", &text);
    let found: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(text.contains("quantity = \"douze\"") && !found.is_empty(), "{found:?}");
}
