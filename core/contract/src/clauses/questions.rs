//! The form that a service or an operation has: the questions put to whoever asks for it.

use std::collections::BTreeSet;

use base::Lang;
use terms::{AnswerType, Question};

use super::read::list;
use super::says::colon;
use super::{Field, Fields, Type, words};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A form that is longer is not filled in.
const MOST: usize = 20;
/// In characters: a question is a line, and a choice has to fit in a list.
const LONGEST: usize = 200;
const LONGEST_NAME: usize = 40;
const LONGEST_CHOICE: usize = 100;
const MOST_CHOICES: usize = 50;

const TYPES: &[&str] = &["text", "long_text", "number", "date", "choice", "yes_no", "item"];

const QUESTION: &[Field] = &[
    Field::required(
        "name",
        Type::Text,
        "nom court de la question, que l'interface de programmation emploie",
        "short name of the question, which programs use",
    ),
    Field::required("fr", Type::Text, "la question, en français", "the question, in French"),
    Field::optional(
        "en",
        Type::Text,
        "la question, en anglais ; sinon, en français",
        "the question, in English; else in French",
    ),
    Field::required("type", Type::Choice(TYPES), "ce qu'est la réponse", "what an answer is"),
    Field::required("of", Type::Texts, "les réponses possibles", "the possible answers")
        .when("type", &["choice"]),
    Field::optional(
        "of_en",
        Type::Texts,
        "les mêmes en anglais, dans le même ordre ; sinon, en français",
        "the same in English, in the same order; else in French",
    )
    .when("type", &["choice"]),
    Field::optional("unit", Type::Text, "ce que le nombre compte", "what the number counts")
        .when("type", &["number"]),
    Field::optional("min", Type::Integer(0), "le plus petit nombre accepté", "the least number taken")
        .when("type", &["number"]),
    Field::optional("max", Type::Integer(0), "le plus grand nombre accepté", "the greatest number taken")
        .when("type", &["number"]),
    Field::optional(
        "required",
        Type::Flag,
        "true : rien n'est enregistré sans cette réponse",
        "true: nothing is recorded without this answer",
    ),
];

/// Left out, nothing is asked: texts signed before forms were written keep their meaning, and their hash.
pub(super) const FIELD: Field = Field::optional(
    "ask",
    Type::Tables(QUESTION),
    "les questions posées à qui le demande, dans l'ordre",
    "the questions put to whoever asks for it, in order",
);

/// The questions of a clause; `None` when one is wrong, which has been reported.
pub(super) fn read(f: &Fields<'_>, c: &mut Compiler) -> Option<Vec<Question>> {
    let rows = f.tables("ask");
    // A row that is no table was reported where it stands.
    let mut sound = rows.len() == f.value("ask").and_then(|v| v.as_array()).map_or(0, <[_]>::len);
    let mut report = |found: Diagnostic| {
        c.push(found);
        sound = false;
    };
    if rows.len() > MOST {
        report(too_long(
            f.place_of_row("ask", MOST),
            &format!("{MOST} questions"),
            &format!("{MOST} questions"),
        ));
    }
    let (mut seen, mut questions) = (BTreeSet::new(), Vec::new());
    for (row, fields) in rows.iter().enumerate() {
        let place = |name: &str| fields.value(name).map_or(f.place_of_row("ask", row), |v| v.span);
        match fields.text("name") {
            Some(name) if !is_name(&name) => report(not_a_name(place("name"), &name)),
            Some(name) if !seen.insert(name.clone()) => report(twice(place("name"), &name)),
            _ => {}
        }
        for found in mistakes(fields, &place) {
            report(found);
        }
        questions.extend(question(fields));
    }
    // A row without one of its fields, or with one that cannot be read, was reported too.
    (sound && questions.len() == rows.len()).then_some(questions)
}

fn question(f: &Fields<'_>) -> Option<Question> {
    let text = |name: &str| f.text(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let texts = |name: &str| f.texts(name).iter().map(|t| t.trim().to_owned()).collect();
    let answer = match f.text("type")?.as_str() {
        "text" => AnswerType::Text,
        "long_text" => AnswerType::LongText,
        "number" => AnswerType::Number { unit: text("unit"), min: f.integer("min"), max: f.integer("max") },
        "date" => AnswerType::Date,
        "choice" => AnswerType::Choice { of: texts("of"), of_en: texts("of_en") },
        "yes_no" => AnswerType::YesNo,
        "item" => AnswerType::Item,
        _ => return None,
    };
    let required = f.flag("required").unwrap_or_default();
    Some(Question { name: text("name")?, fr: text("fr")?, en: text("en"), answer, required })
}

/// What is wrong with a question besides its name.
fn mistakes(f: &Fields<'_>, place: &impl Fn(&str) -> Span) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let length = |text: &str| text.chars().count();
    for (name, most) in [("fr", LONGEST), ("en", LONGEST), ("unit", LONGEST_NAME)] {
        if f.text(name).is_some_and(|t| length(&t) > most) {
            let (fr, en) = (format!("{most} caractères"), format!("{most} characters"));
            found.push(too_long(place(name), &fr, &en));
        }
    }
    let (of, of_en) = (f.texts("of"), f.texts("of_en"));
    if of.len() > MOST_CHOICES {
        found.push(too_long(
            place("of"),
            &format!("{MOST_CHOICES} réponses"),
            &format!("{MOST_CHOICES} answers"),
        ));
    }
    if of.iter().chain(&of_en).any(|choice| length(choice) > LONGEST_CHOICE) {
        let (fr, en) = (
            format!("{LONGEST_CHOICE} caractères par réponse"),
            format!("{LONGEST_CHOICE} characters per answer"),
        );
        found.push(too_long(place("of"), &fr, &en));
    }
    let distinct: BTreeSet<&str> = of.iter().map(|choice| choice.trim()).filter(|c| !c.is_empty()).collect();
    if f.has("of") && (distinct.len() < 2 || distinct.len() != of.len()) {
        found.push(choices(
            place("of"),
            "il n'y a de choix qu'entre deux réponses différentes au moins",
            "a choice is between at least two different answers",
        ));
    } else if f.has("of_en") && (of_en.len() != of.len() || of_en.iter().any(|c| c.trim().is_empty())) {
        found.push(choices(
            place("of_en"),
            "les réponses en anglais ne répondent pas une à une à celles en français",
            "the answers in English are not those in French, one by one",
        ));
    }
    if f.integer("min").zip(f.integer("max")).is_some_and(|(min, max)| min > max) {
        found.push(
            Diagnostic::error(
                "E-QUESTION-RANGE",
                place("max"),
                "aucun nombre n'est entre ces deux bornes",
                "no number is between these two bounds",
            )
            .help("écrivez un max qui vaut au moins min", "write a max that is at least min"),
        );
    }
    found
}

/// A name goes into addresses, forms and programs.
fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(letters)
        && name.chars().count() <= LONGEST_NAME
}

fn not_a_name(place: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        "E-QUESTION-NAME",
        place,
        format!("« {name} » n'est pas un nom court"),
        format!("“{name}” is not a short name"),
    )
    .help(
        format!("une minuscule, puis des minuscules, chiffres, _ ou -, {LONGEST_NAME} caractères au plus : \"date_arrivee\""),
        format!("a small letter, then small letters, digits, _ or -, at most {LONGEST_NAME} characters: \"arrival_date\""),
    )
}

fn twice(place: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        "E-QUESTION-TWICE",
        place,
        format!("deux questions s'appellent « {name} »"),
        format!("two questions are called “{name}”"),
    )
    .help("donnez à chacune un nom à elle", "give each a name of its own")
}

fn choices(place: Span, fr: &str, en: &str) -> Diagnostic {
    Diagnostic::error("E-QUESTION-CHOICES", place, fr, en).help(
        "écrivez par exemple of = [\"Portable\", \"Fixe\"], of_en = [\"Laptop\", \"Desktop\"]",
        "write for instance of = [\"Portable\", \"Fixe\"], of_en = [\"Laptop\", \"Desktop\"]",
    )
}

fn too_long(place: Span, fr: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "E-QUESTION-LONG",
        place,
        format!("c'est plus long qu'un formulaire ne peut l'être : {fr} au plus"),
        format!("it is longer than a form may be: at most {en}"),
    )
    .help(
        "raccourcissez : ce qui est long s'explique dans l'article",
        "shorten it: what is long is explained in the article",
    )
}

/// « à la demande, on indique : Date d'arrivée (date, obligatoire) et Matériel (Portable ou Fixe) »; nothing
/// without a question.
pub(super) fn sentence(lang: Lang, questions: &[Question]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let asked = in_words(lang, questions);
    lang.t(
        format!("qui le demande répond à{}{asked}", colon(lang)),
        format!("whoever asks for it answers: {asked}"),
    )
}

/// « « Date d'arrivée » (date, obligatoire) et « Matériel » (Portable ou Fixe) ».
pub(crate) fn in_words(lang: Lang, questions: &[Question]) -> String {
    let asked: Vec<String> = questions.iter().map(|question| one(lang, question)).collect();
    list(lang, &asked.iter().map(String::as_str).collect::<Vec<_>>())
}

fn one(lang: Lang, question: &Question) -> String {
    let kind = match &question.answer {
        AnswerType::Number { unit, min, max } => number(lang, unit.as_deref(), *min, *max),
        AnswerType::Choice { of, of_en } => {
            let choices = if lang == Lang::En && !of_en.is_empty() { of_en } else { of };
            choices.join(" / ")
        }
        other => words::common(lang, other.key()).into_owned(),
    };
    let required = if question.required { lang.t(", obligatoire", ", required") } else { "" };
    let asks = question.asks(lang);
    lang.t(format!("«\u{a0}{asks}\u{a0}» ({kind}{required})"), format!("“{asks}” ({kind}{required})"))
}

/// « nombre de postes, de 1 à 20 ».
fn number(lang: Lang, unit: Option<&str>, min: Option<u32>, max: Option<u32>) -> String {
    let what = words::common(lang, "number");
    let unit = unit.map_or_else(String::new, |unit| lang.t(format!(", en {unit}"), format!(", in {unit}")));
    let bounds = match (min, max) {
        (Some(min), Some(max)) => lang.t(format!(", de {min} à {max}"), format!(", from {min} to {max}")),
        (Some(min), None) => lang.t(format!(", {min} au moins"), format!(", at least {min}")),
        (None, Some(max)) => lang.t(format!(", {max} au plus"), format!(", at most {max}")),
        (None, None) => String::new(),
    };
    format!("{what}{unit}{bounds}")
}
