//! The forms that clauses write: what is refused of a question, and what texts without any keep.

use contract::{Compiled, compile};
use terms::{AnswerType, Question};

fn operation(ask: &str) -> Compiled {
    compiled(
        "kind = \"operations\"\nlabel = \"o\"\nthen.operation = \"arrival\"\nthen.terms = \"included\"",
        ask,
    )
}

fn compiled(clause: &str, ask: &str) -> Compiled {
    let head =
        "+++\ncontract = \"CTR-1\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Essai\n\n## Article 1\n";
    compile("essai.md", &format!("{head}\n```toml clause\n{clause}\n{ask}\n```\n"))
}

/// The codes said of one question, and what each points at.
fn said_of(question: &str) -> Vec<(&'static str, String)> {
    let compiled = operation(&format!("then.ask = [{question}]"));
    let errors = compiled.on_what_is_written().filter(|d| d.is_error());
    errors.map(|d| (d.code, compiled.files[0].text[d.span.start..d.span.end].to_owned())).collect()
}

#[test]
fn each_mistake_is_said_where_it_is_written() {
    let one = |code, at: &str| vec![(code, at.to_owned())];
    let cases = [
        (r#"{ name = "a", fr = "A", type = "email" }"#, one("E-FIELD-CHOICE", "\"email\"")),
        (r#"{ name = "a", fr = " ", type = "text" }"#, one("E-FIELD-TYPE", "\" \"")),
        (r#"{ name = "a", fr = "A", type = "text", of = ["x", "y"] }"#, one("E-FIELD-UNUSED", "of")),
        (r#"{ name = "a", fr = "A", type = "text", min = 1 }"#, one("E-FIELD-UNUSED", "min")),
        (r#"{ name = "a", fr = "A", type = "number", min = -1 }"#, one("E-FIELD-RANGE", "-1")),
        (r#"{ name = "a", fr = "A", type = "text", label = "B" }"#, one("E-FIELD-UNKNOWN", "label")),
    ];
    for (question, expected) in cases {
        assert_eq!(said_of(question), expected, "{question}");
    }
    // What is missing is said of the whole question.
    for (question, missing) in [
        (r#"{ name = "a", fr = "A", type = "choice" }"#, "of"),
        (r#"{ name = "a", fr = "A" }"#, "type"),
        (r#"{ name = "a", type = "text" }"#, "fr"),
        (r#"{ fr = "A", type = "text" }"#, "name"),
    ] {
        assert_eq!(said_of(question), one("E-FIELD-MISSING", question), "{missing}");
    }
}

#[test]
fn a_form_has_twenty_questions_at_most() {
    let form = |count: usize| {
        let rows: Vec<String> =
            (0..count).map(|n| format!("{{ name = \"q{n}\", fr = \"Q\", type = \"text\" }}")).collect();
        let compiled = operation(&format!("then.ask = [{}]", rows.join(", ")));
        compiled.on_what_is_written().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(form(20), Vec::<&str>::new());
    assert_eq!(form(21), ["E-QUESTION-LONG"]);
}

#[test]
fn an_exception_asks_what_the_rule_asks_unless_it_says_otherwise() {
    let text = |ask: &str| {
        format!(
            "then.ask = [{{ name = \"a\", fr = \"A\", type = \"text\" }}]\n```\n\n```toml clause\nkind = \"operations\"\nlabel = \"e\"\nexception_to = \"o\"\nwhen = {{ from = 2027-01-01 }}\nthen.terms = \"quoted\"\n{ask}"
        )
    };
    let asked = |ask: &str| {
        let terms = operation(&text(ask)).terms;
        let exception = terms.operations.iter().find(|r| r.label() == "e").unwrap();
        exception.then.ask.iter().map(|q| q.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked(""), ["a"]);
    assert_eq!(asked("then.ask = [{ name = \"b\", fr = \"B\", type = \"text\" }]"), ["b"]);
    assert!(asked("then.ask = []").is_empty());
}

/// The hash of the terms of a text signed before forms is that of these very bytes.
#[test]
fn a_text_without_questions_keeps_the_bytes_of_its_terms() {
    let terms = operation("").terms;
    assert_eq!(
        serde_json::to_string(&terms.operations[0].then).unwrap(),
        r#"{"operation":"arrival","title":"arrival","terms":{"terms":"included"}}"#
    );
    let service = "kind = \"elementary_service\"\nlabel = \"s\"\nthen = { service = \"poste\", title = \"Poste\", family = \"support\", nature = \"run\", manner = \"atelier\", places = [\"remote\"], owner = \"provider\" }";
    let terms = compiled(service, "").terms;
    assert_eq!(
        serde_json::to_string(&terms.services[0].then).unwrap(),
        r#"{"service":"poste","title":"Poste","family":"support","nature":"run","manner":"atelier","places":["remote"],"owner":"provider"}"#
    );
}

#[test]
fn a_question_is_read_back_from_the_terms_as_it_was_written() {
    let text = r#"then.ask = [
  { name = "screens", fr = "Écrans", type = "number", unit = "écrans", max = 3 },
  { name = "kind", fr = "Matériel", en = "Equipment", type = "choice", of = ["Portable ", "Fixe"], required = true },
]"#;
    let terms = operation(text).terms;
    let json = serde_json::to_string(&terms).unwrap();
    let again: terms::Terms = serde_json::from_str(&json).unwrap();
    assert_eq!(again, terms);
    let of = vec!["Portable".to_owned(), "Fixe".to_owned()];
    let expected = Question {
        name: "kind".to_owned(),
        fr: "Matériel".to_owned(),
        en: Some("Equipment".to_owned()),
        answer: AnswerType::Choice { of, of_en: Vec::new() },
        required: true,
    };
    assert_eq!(terms.operations[0].then.ask[1], expected);
    assert_eq!(
        terms.operations[0].then.ask[0].answer,
        AnswerType::Number { unit: Some("écrans".to_owned()), min: None, max: Some(3) }
    );
}
