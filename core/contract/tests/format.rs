#![allow(clippy::disallowed_methods)] // Tests read fixtures; the crate itself may not.
//! Laying out rules: what moves, what never does.

use contract::{compile, format};

const HEAD: &str = "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n";

/// The inside of a clause block, laid out.
fn clause(toml: &str) -> String {
    let text = format!("{HEAD}\n## A\n\n```toml clause\n{toml}```\n\nFin.\n");
    let formatted = format(&text);
    assert_eq!(formatted.left, [], "{toml}");
    assert_eq!(format(&formatted.text).text, formatted.text, "not the same twice");
    let inside = formatted.text.split("```toml clause\n").nth(1).unwrap();
    inside.split("```\n").next().unwrap().to_owned()
}

#[test]
fn keys_come_in_the_order_of_the_table() {
    assert_eq!(
        clause(
            "then={ calendar='ho' , within = \"4 h\",promise=\"restore\" }\nwhen = {until=2026-08-31, priority=[ \"P1\" ]}\nlabel=\"a\"\nkind = \"commitment\"\n"
        ),
        "kind = \"commitment\"\nlabel = \"a\"\nwhen = { priority = [\"P1\"], until = 2026-08-31 }\nthen = { promise = \"restore\", within = \"4 h\", calendar = 'ho' }\n"
    );
}

#[test]
fn a_table_too_wide_is_written_key_by_key() {
    let long = "x".repeat(60);
    assert_eq!(
        clause(&format!(
            "kind = \"parties\"\nlabel = \"a\"\nthen = {{ address = \"{long}\", role = \"customer\", name = \"C\", sites = {{ tls = \"T\", str = \"S\" }} }}\n"
        )),
        format!(
            "kind = \"parties\"\nlabel = \"a\"\nthen.role = \"customer\"\nthen.name = \"C\"\nthen.address = \"{long}\"\nthen.sites = {{ tls = \"T\", str = \"S\" }}\n"
        )
    );
    // And what fits comes back on one line, however it was written.
    let short = "kind = \"fee\"\nlabel = \"a\"\nthen = { unit = \"seat\", quantity = 4 }\n";
    assert_eq!(clause("kind = \"fee\"\nlabel = \"a\"\n\n[then]\nquantity = 4\nunit = \"seat\"\n"), short);
    assert_eq!(clause("kind = \"fee\"\nlabel = \"a\"\nthen.unit = \"seat\"\nthen.quantity = 4\n"), short);
}

#[test]
fn comments_stay_beside_what_they_comment() {
    assert_eq!(
        clause(
            "# avant\nlabel = \"a\"      # l'étiquette\nkind = \"calendar\"\nthen.week = { mon-fri = [\"09:00-18:00\"] } # cinq jours\n# choisis par les parties\nthen.holidays = [ # en 2026\n 2026-05-01,2026-05-08, # mai\n\n   # l'été\n 2026-07-14 ]\nthen.zone = \"Europe/Paris\"\n# fin\n"
        ),
        "kind = \"calendar\"\n# avant\nlabel = \"a\"  # l'étiquette\nthen.zone = \"Europe/Paris\"\nthen.week = { mon-fri = [\"09:00-18:00\"] }  # cinq jours\n# choisis par les parties\nthen.holidays = [\n  # en 2026\n  2026-05-01, 2026-05-08,  # mai\n  # l'été\n  2026-07-14,\n]\n# fin\n"
    );
    assert_eq!(
        clause(
            "kind = \"fee\"\nlabel = \"a\"\nthen = {\n  quantity = 4, # postes\n  # du parc\n  unit = \"seat\",\n  # rien d'autre\n} # en tout\n"
        ),
        "kind = \"fee\"\nlabel = \"a\"\n# en tout\n# du parc\nthen.unit = \"seat\"\nthen.quantity = 4  # postes\n# rien d'autre\n"
    );
}

#[test]
fn values_are_copied_as_they_were_written() {
    let toml = "kind = \"parties\"\nlabel = 'a'\nthen = { name = \"L\\u00e9a # 1\", lei = '''x\"y''', a = 1_000, b = 0xF, d = +1.50, e = true }\n";
    assert_eq!(clause(toml), toml);
}

#[test]
fn lists_keep_their_lines_when_they_are_long() {
    let days = |year: u32| (1..=11).map(|m| format!("{year}-{m:02}-01")).collect::<Vec<_>>();
    let (a, b) = (days(2026).join(", "), days(2027).join(", "));
    let toml = format!(
        "kind = \"calendar\"\nlabel = \"a\"\nthen.holidays = [\n  {a},\n  {b},\n]\nthen.closed = [2026-05-15, 2026-07-13]\n"
    );
    assert_eq!(clause(&toml), toml);
    // Written on one line, it fills lines; a short one comes back on its own.
    let filled = clause(&format!("kind = \"calendar\"\nlabel = \"a\"\nthen.holidays = [{a}, {b}]\n"));
    assert!(filled.lines().count() == 7 && filled.lines().all(|l| l.len() <= 100), "{filled}");
    assert_eq!(
        clause("kind = \"calendar\"\nlabel = \"a\"\nthen.closed = [\n 2026-05-15,\n 2026-07-13,\n]\n"),
        "kind = \"calendar\"\nlabel = \"a\"\nthen = { closed = [2026-05-15, 2026-07-13] }\n"
    );
}

#[test]
fn what_cannot_be_read_is_left_and_named() {
    let text = format!(
        "{HEAD}\n# A\n\n```toml clause\nkind = \"fee\n```\n\n```toml  clause\nlabel='x'\nkind='fee'\n```\n\n```rust\nfn  a ( ) {{}}\n```\n\n```toml clause\nkind=\"fee\"\n"
    );
    let formatted = format(&text);
    assert_eq!(formatted.left.iter().map(|l| l.line).collect::<Vec<_>>(), [9, 22]);
    assert_eq!(formatted.text, text.replace("label='x'\nkind='fee'\n", "kind = 'fee'\nlabel = 'x'\n"));
}

#[test]
fn quotations_lists_and_windows_lines_are_kept() {
    let text = format!(
        "\u{feff}{HEAD}\n# A\n\n> ```toml clause\n> label='x'\n>\n> kind='fee'\n> ```\n\n- un\n\n  ```toml clause\n  label='y'\n  kind='fee'\n  ```\n"
    );
    let expected = text
        .replace("> label='x'\n>\n> kind='fee'\n", "> kind = 'fee'\n> label = 'x'\n")
        .replace("  label='y'\n  kind='fee'\n", "  kind = 'fee'\n  label = 'y'\n");
    for end in ["\n", "\r\n"] {
        let formatted = format(&text.replace('\n', end));
        assert_eq!(formatted.left, []);
        assert_eq!(formatted.text, expected.replace('\n', end));
    }
}

#[test]
fn the_minimal_contract_means_the_same_and_its_prose_is_untouched() {
    let text = include_str!("../../../contracts/minimal.md");
    let formatted = format(text);
    assert_eq!(formatted.left, []);
    assert_eq!(compile("m.md", &formatted.text).on_what_is_written().count(), 0);
    let prose = |text: &str| -> String {
        text.split("```").enumerate().filter(|(i, _)| i % 2 == 0).map(|(_, t)| t.to_owned()).collect()
    };
    assert_eq!(prose(&formatted.text), prose(text));
}
