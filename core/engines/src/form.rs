//! The form of a request: what the contract asks of whoever asks for a service or an operation, and the
//! answers that it takes.

use std::collections::{BTreeMap, BTreeSet};

use base::{Bilingual, Lang, lang};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{AnswerType, Coverage, Dimension, Facts, Question, Terms};

use crate::kinds::Kind;
use crate::perimeter;

/// In characters.
const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 5_000;
/// The two answers to a question of yes or no.
const YES: &str = "yes";
const NO: &str = "no";

/// An answer as it was taken, with the words of its question: a later version of the contract, or one that
/// nobody reads any more, changes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question's short name.
    pub name: String,
    pub question: Bilingual,
    /// As it was given: `2026-11-03`, `yes`, `srv-erp`.
    pub value: String,
    /// As people read it.
    pub says: Bilingual,
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The question's short name, or the name that no question has.
    pub name: String,
    pub text: Bilingual,
}

/// The questions of a request: those of its service, then those of its operation, one of each name. Other
/// kinds of tickets ask for nothing, and are asked nothing.
pub fn questions(terms: &Terms, facts: &Facts) -> Vec<Question> {
    if facts.get(Dimension::Kind) != Some(Kind::ServiceRequest.key()) {
        return Vec::new();
    }
    let service = facts.get(Dimension::Service);
    let service = terms.services.iter().find(|rule| Some(rule.then.service.as_str()) == service);
    let operation = perimeter::operation_clause(terms, facts);
    let mut seen = BTreeSet::new();
    let asked = service.iter().flat_map(|rule| &rule.then.ask);
    let asked = asked.chain(operation.iter().flat_map(|rule| &rule.then.ask));
    asked.filter(|question| seen.insert(question.name.as_str())).cloned().collect()
}

/// What a question lets one choose, each value with its words; empty where one writes.
pub fn choices(terms: &Terms, question: &Question) -> Vec<(String, Bilingual)> {
    match &question.answer {
        AnswerType::Choice { of, of_en } => {
            let english = |at: usize, fr: &String| of_en.get(at).unwrap_or(fr).clone();
            of.iter()
                .enumerate()
                .map(|(at, fr)| (fr.clone(), Bilingual::new(fr.clone(), english(at, fr))))
                .collect()
        }
        AnswerType::YesNo => {
            vec![(YES.to_owned(), Bilingual::new("oui", "yes")), (NO.to_owned(), Bilingual::new("non", "no"))]
        }
        AnswerType::Item => {
            let mut seen = BTreeSet::new();
            // Nobody asks for something to be done with what is left out.
            let covered = terms.perimeter.iter().filter(|rule| rule.then.status != Coverage::Out);
            let named = covered.flat_map(|rule| {
                let class = rule.then.class.iter().filter(|_| rule.then.items.is_empty());
                let items = rule.then.items.iter().map(|item| (item, "item"));
                items.chain(class.map(|class| (class, "item_class")))
            });
            named
                .filter(|(value, _)| seen.insert(value.as_str()))
                .map(|(value, of)| {
                    let name = terms.name_of(of, value);
                    (value.clone(), Bilingual::new(name, name))
                })
                .collect()
        }
        AnswerType::Text | AnswerType::LongText | AnswerType::Number { .. } | AnswerType::Date => Vec::new(),
    }
}

/// The answers in the order of the questions, or all that is wrong with them.
///
/// What was left blank is not an answer. `complete`: a question that is required has one.
pub fn answers(
    terms: &Terms,
    questions: &[Question],
    given: &BTreeMap<String, String>,
    complete: bool,
) -> Result<Vec<Answer>, Vec<Unfit>> {
    let (mut taken, mut unfit) = (Vec::new(), Vec::new());
    let blank = |text: &str| text.trim().is_empty();
    for question in questions {
        let wrong = |(fr, en): (String, String)| Unfit {
            name: question.name.clone(),
            text: Bilingual::new(
                format!("«\u{a0}{}\u{a0}»\u{a0}: {fr}", question.asks(Lang::Fr)),
                format!("“{}”: {en}", question.asks(Lang::En)),
            ),
        };
        match given.get(&question.name).filter(|text| !blank(text)) {
            Some(text) => match read(terms, question, text.trim()) {
                Ok((value, says)) => taken.push(Answer {
                    name: question.name.clone(),
                    question: Bilingual::new(question.asks(Lang::Fr), question.asks(Lang::En)),
                    value,
                    says,
                }),
                Err(why) => unfit.push(wrong(why)),
            },
            None if question.required && complete => {
                unfit.push(wrong(("une réponse est nécessaire".into(), "an answer is needed".into())));
            }
            None => {}
        }
    }
    let known = |name: &String| questions.iter().any(|question| question.name == *name);
    let strangers = given.iter().filter(|(name, text)| !known(name) && !blank(text));
    unfit.extend(strangers.map(|(name, _)| Unfit {
        name: name.clone(),
        text: Bilingual::new(
            "le contrat ne pose pas cette question",
            "the contract does not ask this question",
        ),
    }));
    if unfit.is_empty() { Ok(taken) } else { Err(unfit) }
}

/// An answer and how people read it, or why it is none.
fn read(terms: &Terms, question: &Question, text: &str) -> Result<(String, Bilingual), (String, String)> {
    let kept = |text: String| (text.clone(), Bilingual::new(text.clone(), text));
    match &question.answer {
        AnswerType::Text if text.contains(char::is_control) => {
            Err(("une seule ligne".into(), "one line only".into()))
        }
        AnswerType::Text => bounded(text, LONGEST_LINE).map(kept),
        // A browser sends a new line as two characters.
        AnswerType::LongText => bounded(&text.replace("\r\n", "\n"), LONGEST_TEXT).map(kept),
        AnswerType::Number { unit, min, max } => {
            let (value, says) = number(text, *min, *max)?;
            let unit = unit.as_ref().map_or_else(String::new, |unit| format!("\u{a0}{unit}"));
            let say = |lang| format!("{}{unit}", lang::integer(lang, says));
            Ok((value, Bilingual::new(say(Lang::Fr), say(Lang::En))))
        }
        AnswerType::Date => {
            // An instant is read as its date: only a date is one.
            let date: Option<Date> = text.parse().ok().filter(|date: &Date| date.to_string() == text);
            let date = date.ok_or_else(|| {
                ("une date, écrite 2026-11-03".to_owned(), "a date, written 2026-11-03".to_owned())
            })?;
            Ok((date.to_string(), Bilingual::new(lang::date(Lang::Fr, date), lang::date(Lang::En, date))))
        }
        AnswerType::Choice { .. } | AnswerType::YesNo | AnswerType::Item => {
            let all = choices(terms, question);
            let found = all.iter().find(|(value, _)| value == text).cloned();
            found.ok_or_else(|| {
                // A perimeter names thousands of them.
                if question.answer == AnswerType::Item {
                    return ("un élément du périmètre".to_owned(), "an item of the perimeter".to_owned());
                }
                let list = all.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>().join(", ");
                (format!("une de ces réponses\u{a0}: {list}"), format!("one of these answers: {list}"))
            })
        }
    }
}

fn bounded(text: &str, most: usize) -> Result<String, (String, String)> {
    if text.chars().count() > most {
        return Err((format!("{most} caractères au plus"), format!("at most {most} characters")));
    }
    Ok(text.to_owned())
}

fn number(text: &str, min: Option<u32>, max: Option<u32>) -> Result<(String, i64), (String, String)> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = text.parse().ok().filter(|_| plain).ok_or_else(|| {
        ("un nombre entier, écrit en chiffres".to_owned(), "a whole number, in figures".to_owned())
    })?;
    if let Some(min) = min.filter(|min| number < *min) {
        return Err((format!("{min} au moins"), format!("at least {min}")));
    }
    if let Some(max) = max.filter(|max| number > *max) {
        return Err((format!("{max} au plus"), format!("at most {max}")));
    }
    Ok((number.to_string(), number.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, facts};

    fn question(name: &str, answer: AnswerType, required: bool) -> Question {
        Question { name: name.to_owned(), fr: format!("Q {name}"), en: None, answer, required }
    }

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    /// The answer taken, or why it is none, both in French.
    fn told(answer: AnswerType, text: &str) -> Result<(String, String), String> {
        let asked = [question("q", answer, false)];
        answers(&contract(), &asked, &given(&[("q", text)]), true)
            .map(|mut taken| taken.remove(0))
            .map(|answer| (answer.value, answer.says.fr))
            .map_err(|mut unfit| unfit.remove(0).text.fr)
    }

    #[test]
    fn each_type_takes_what_it_is_and_nothing_else() {
        let number = AnswerType::Number { unit: Some("postes".into()), min: Some(1), max: Some(2_000) };
        assert_eq!(told(number.clone(), " 1200 "), Ok(("1200".into(), "1\u{202f}200\u{a0}postes".into())));
        assert_eq!(told(number.clone(), "007"), Ok(("7".into(), "7\u{a0}postes".into())));
        for (text, why) in
            [("0", "1 au moins"), ("2001", "2000 au plus"), ("+5", "chiffres"), ("1,5", "chiffres")]
        {
            assert!(told(number.clone(), text).unwrap_err().contains(why), "{text}");
        }
        assert_eq!(told(AnswerType::Date, "2026-11-03"), Ok(("2026-11-03".into(), "3 novembre 2026".into())));
        for text in ["3/11/2026", "2026-02-30", "2026-11-03T10:00"] {
            assert!(told(AnswerType::Date, text).is_err(), "{text}");
        }
        assert_eq!(told(AnswerType::YesNo, "no"), Ok(("no".into(), "non".into())));
        assert!(told(AnswerType::YesNo, "non").unwrap_err().contains("yes, no"));
        assert!(told(AnswerType::Text, "a\nb").is_err());
        assert!(told(AnswerType::Text, &"é".repeat(201)).unwrap_err().contains("200"));
        assert_eq!(told(AnswerType::LongText, "a\r\nb").unwrap().0, "a\nb");
    }

    #[test]
    fn a_choice_is_read_in_both_languages() {
        let of = vec!["Portable".to_owned(), "Fixe".to_owned()];
        let of_en = vec!["Laptop".to_owned(), "Desktop".to_owned()];
        let asked = [question("q", AnswerType::Choice { of: of.clone(), of_en }, true)];
        let taken = answers(&contract(), &asked, &given(&[("q", "Fixe")]), true).unwrap();
        assert_eq!((taken[0].says.fr.as_str(), taken[0].says.en.as_str()), ("Fixe", "Desktop"));
        // What was said in English only is not what the contract wrote.
        assert!(answers(&contract(), &asked, &given(&[("q", "Desktop")]), true).is_err());
        let untold = question("q", AnswerType::Choice { of, of_en: Vec::new() }, true);
        assert_eq!(choices(&contract(), &untold)[1].1, Bilingual::new("Fixe", "Fixe"));
    }

    #[test]
    fn what_is_required_is_asked_for_and_what_is_not_asked_is_refused() {
        let asked = [question("a", AnswerType::Text, true), question("b", AnswerType::Text, false)];
        let names = |given: &BTreeMap<String, String>, complete| {
            let told = answers(&contract(), &asked, given, complete);
            told.map(|taken| taken.into_iter().map(|a| a.name).collect::<Vec<_>>())
                .map_err(|unfit| unfit.into_iter().map(|u| u.name).collect::<Vec<_>>())
        };
        let some = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&given(&[("a", "x"), ("b", " ")]), true), Ok(some(&["a"])));
        assert_eq!(names(&given(&[("a", " "), ("c", "x")]), true), Err(some(&["a", "c"])));
        assert_eq!(names(&given(&[]), false), Ok(some(&[])));
    }

    #[test]
    fn an_item_is_one_of_the_perimeter_or_a_class_without_items() {
        let terms = contract();
        let all = choices(&terms, &question("q", AnswerType::Item, false));
        assert!(!all.is_empty());
        for (value, _) in &all {
            let item = terms.perimeter.iter().any(|r| r.then.items.contains(value));
            let class = terms
                .perimeter
                .iter()
                .any(|r| r.then.items.is_empty() && r.then.class.as_ref() == Some(value));
            assert!(item || class, "{value}");
        }
        assert!(told(AnswerType::Item, "nobody-knows").is_err());
    }

    #[test]
    fn a_request_is_asked_what_its_operation_asks_and_an_incident_nothing() {
        let mut terms = contract();
        let operation = terms.operations[0].then.operation.clone();
        terms.operations[0].then.ask = vec![question("a", AnswerType::Text, true)];
        let of = |kind: Kind, operation: &str| {
            let facts = facts(&[]).with(Dimension::Kind, kind.key()).with(Dimension::Operation, operation);
            questions(&terms, &facts).len()
        };
        assert_eq!(of(Kind::ServiceRequest, &operation), 1);
        assert_eq!(of(Kind::Incident, &operation), 0);
        assert_eq!(of(Kind::ServiceRequest, "unknown"), 0);
    }

    /// What is not listed is other work, whose clause asks too.
    #[test]
    fn work_that_nothing_lists_is_asked_what_the_clause_on_other_work_asks() {
        let mut terms = contract();
        let mut other = terms.operations[0].clone();
        other.then.operation = terms::operation::OTHER.to_owned();
        other.then.ask = vec![question("why", AnswerType::Text, true)];
        terms.operations.push(other);
        let request = facts(&[]).with(Dimension::Kind, Kind::ServiceRequest.key());
        let asked = |facts: Facts| questions(&terms, &facts).len();
        assert_eq!(asked(request.clone().with(Dimension::Operation, "unknown")), 1);
        assert_eq!(asked(request), 0);
    }
}
