//! Whatever the text, the compiler answers; and what it shows has lost nothing of the prose.

use contract::diagnostic::{Style, render_all};
use contract::{compile, compile_amendment};
use proptest::prelude::*;

const HEAD: &str = "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# C\n\n";

/// Pieces that look like contracts, so that the deep parts are reached.
fn piece() -> impl Strategy<Value = String> {
    let shapes = prop::sample::select(vec![
        "+++\n",
        "```toml clause\n",
        "```toml example\n",
        "```\n",
        "# A\n",
        "## B\n\n",
        "{{ a.b }}",
        "{{",
        "}}",
        "kind = \"commitment\"\n",
        "kind = \"calendar\"\n",
        "kind = \"fee\"\n",
        "label = \"a\"\n",
        "label = \"b\"\n",
        "exception_to = \"a\"\n",
        "exception_to = \"b\"\n",
        "when = { priority = [\"P1\"] }\n",
        "then = { promise = \"restore\", within = \"4 h\", calendar = \"24x7\" }\n",
        "then.starts = \"declared\"\n",
        "then.week = { mon-fri = [\"09:00-18:00\"] }\n",
        "then.union = [\"a\"]\n",
        "given = { declared = 2026-03-06T22:10 }\n",
        "expect = { due = 2026-03-07T02:10 }\n",
        "> ",
        "- ",
        "\r\n",
        "9999999999999 h",
        "[[[[",
        "é🙂",
        "\u{0}",
        "\t",
        "4 heures ",
        "2\u{202f}300,00 € ",
        "<script>",
    ]);
    prop_oneof![4 => shapes.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = pieces.concat();
        for text in [text.clone(), format!("{HEAD}{text}")] {
            let compiled = compile("x.md", &text);
            render_all(&compiled.files, &compiled.diagnostics, base::Lang::Fr, Style::default());
            contract::read_back(&compiled, base::Lang::En);
            let amended = compile_amendment(&compiled, "y.md", &text);
            render_all(&amended.files, &amended.diagnostics, base::Lang::En, Style::default());
        }
    }

    #[test]
    fn filling_in_loses_no_word(words in prop::collection::vec("[a-zA-Zéà*_#`<>&{}.\\[\\]() -]{1,12}", 0..30)) {
        let prose = words.join(" ");
        let text = format!("{HEAD}Avant. {prose} {{{{ absent.field }}}} après.\n");
        let compiled = compile("x.md", &text);
        let shown: String = compiled.document.articles.iter().map(|a| a.text.clone()).collect();
        let squeezed = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert!(squeezed(&shown).contains(&squeezed(&prose)), "{shown:?} lacks {prose:?}");
    }
}
