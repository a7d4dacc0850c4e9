//! Two versions compared: the differences that the compiler finds, as the page shows them.

use app::agreements::Agreement;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::{Bilingual, Provenance};
use contract::diff::{self, CalendarChange, CaseChange, Diff, Names, RuleChange};
use jiff::civil::Date;
use serde::Deserialize;
use terms::Dimension;

use super::{kind, versions};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::contract_compare::{
    Answer, Article, Case, Change, Clause, Field, Hours, Month, Question, Rule, View, page,
};
use crate::site::drafts::month;
use crate::site::{Place, failed, place, words};

/// Beyond so many cases on one question, the rest is counted.
const MOST_CASES: usize = 40;
/// Words shown on each side of those that changed.
const CONTEXT: usize = 12;

/// Which versions, and a month whose amounts are compared; each may be left out.
#[derive(Deserialize)]
pub struct Asked {
    from: Option<u32>,
    to: Option<u32>,
    month: Option<String>,
}

/// What is compared, once read.
struct Read {
    customer: CustomerRef,
    agreement: std::sync::Arc<Agreement>,
    /// The places of the two versions in `agreement.texts`.
    sides: (usize, usize),
    diff: Diff,
    month: Option<Month>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        let agreement = app.vault(permit.customer())?.agreements()?.by_number(&number)?.clone();
        let sides = chosen(&agreement, &asked)?;
        let (a, b) = (&agreement.texts[sides.0].compiled, &agreement.texts[sides.1].compiled);
        let diff = diff::compare(a, b);
        let wanted = asked.month.unwrap_or_default();
        let month = amounts(app, &again, &customer, &agreement, sides, wanted)?;
        Ok(Read { customer, agreement, sides, diff, month })
    });
    let read = read.await.map_err(failed(&reader))?;
    let view = fill(&read, reader.visitor.lang);
    Ok(html(page(&reader.shell(&web, Some(read.customer)), &view)))
}

/// The places of the versions asked: the last one, beside the one before it, unless said otherwise.
fn chosen(agreement: &Agreement, asked: &Asked) -> Result<(usize, usize), AppError> {
    let at =
        |wanted: u32| agreement.texts.iter().position(|t| t.row.version == wanted).ok_or(AppError::NotFound);
    let to = asked.to.map_or(Ok(agreement.texts.len() - 1), at)?;
    let from = asked.from.map_or(Ok(to.saturating_sub(1)), at)?;
    Ok((from, to))
}

/// The real month asked, under each side; `None` to a reader who does not see the money.
fn amounts(
    app: &app::App,
    reader: &Reader,
    customer: &CustomerRef,
    agreement: &Agreement,
    sides: (usize, usize),
    wanted: String,
) -> Result<Option<Month>, AppError> {
    if !reader.may(customer, Act::SeeMoney) {
        return Ok(None);
    }
    let lang = reader.visitor.lang;
    let none = Choice::new("", lang.t("sans les montants", "without amounts"));
    let mut months = vec![none];
    months.extend(month::months(agreement, agreement.local_date(app.now()), lang));
    let result = match wanted.parse::<Date>() {
        _ if wanted.is_empty() => None,
        Err(_) => Some(Err(lang.t("Choisissez un mois.", "Choose a month.").into())),
        Ok(first) => {
            let permit = reader.principal.permit(Act::SeeMoney, app.find_customer(&customer.slug)?)?;
            let number = |side: usize| agreement.texts[side].row.version;
            let versions = (number(sides.0), number(sides.1));
            match app.what_if_versions(&permit, &agreement.number, versions, first) {
                Ok((money, tickets)) => Some(Ok(month::shown(customer, agreement, &money, &tickets, lang))),
                Err(AppError::Invalid(invalid)) => Some(Err(invalid.text.get(words::core(lang)).to_owned())),
                Err(error) => return Err(error),
            }
        }
    };
    Ok(Some(Month { months, chosen: wanted, result }))
}

fn fill(read: &Read, lang: Lang) -> View {
    let Read { customer, agreement, sides, diff, month } = read;
    let name = |side: usize| {
        let version = agreement.texts[side].row.version;
        (version, versions::label(version, lang))
    };
    let meaning = &diff.meaning;
    View {
        customer: customer.clone(),
        id: agreement.number.clone(),
        text_lang: match agreement.texts[sides.1].compiled.terms.language {
            base::Lang::Fr => Lang::Fr,
            base::Lang::En => Lang::En,
        },
        versions: (0..agreement.texts.len())
            .map(name)
            .map(|(version, label)| Choice::new(version.to_string(), label))
            .collect(),
        from: name(sides.0),
        to: name(sides.1),
        articles: diff.text.iter().map(|a| article(a, lang)).collect(),
        questions: questions(customer, &meaning.cases, &meaning.names, lang),
        calendars: meaning.calendars.iter().map(|c| hours(c, lang)).collect(),
        rules: meaning.rules.iter().map(|r| rule(r, lang)).collect(),
        beyond: meaning.beyond.iter().map(|q| subject(q, &meaning.names, lang)).collect(),
        month: month.clone(),
    }
}

fn change(change: diff::Change) -> Change {
    match change {
        diff::Change::Added => Change::Added,
        diff::Change::Removed => Change::Removed,
        diff::Change::Changed => Change::Changed,
    }
}

fn article(article: &diff::ArticleChange, lang: Lang) -> Article {
    let last = article.prose.len().saturating_sub(1);
    let pieces = article.prose.iter().enumerate().map(|(at, piece)| match piece.change {
        Some(how) => (Some(change(how)), piece.text.clone()),
        None => (None, shortened(&piece.text, at > 0, at < last)),
    });
    Article {
        title: match article.title.as_str() {
            "" => lang.t("Préambule", "Preamble").into(),
            title => title.to_owned(),
        },
        was: article.was.clone(),
        change: change(article.change),
        pieces: pieces.collect(),
        remark: article.compared.says().map(|says| says.get(words::core(lang)).to_owned()),
        clauses: article
            .clauses
            .iter()
            .map(|c| Clause {
                label: c.label.clone(),
                kind: kind(&c.kind, lang),
                change: change(c.change),
                fields: fields(&c.fields),
            })
            .collect(),
    }
}

fn fields(list: &[diff::FieldChange]) -> Vec<Field> {
    let one = |f: &diff::FieldChange| Field {
        name: f.field.clone(),
        before: f.before.clone(),
        after: f.after.clone(),
    };
    list.iter().map(one).collect()
}

/// The words nearest to what changed on each side, their spaces kept.
fn shortened(text: &str, after_change: bool, before_change: bool) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    if words.len() <= 2 * CONTEXT {
        return text.to_owned();
    }
    let head = if after_change { words[..CONTEXT].concat() } else { String::new() };
    let tail = if before_change { words[words.len() - CONTEXT..].concat() } else { String::new() };
    format!("{head}… {tail}")
}

/// The cases, question by question, in the order of the comparison.
fn questions(customer: &CustomerRef, changes: &[CaseChange], names: &Names, lang: Lang) -> Vec<Question> {
    let core = words::core(lang);
    let mut out: Vec<(&diff::Question, Question)> = Vec::new();
    for found in changes {
        if out.last().is_none_or(|(about, _)| **about != found.question) {
            let title = subject(&found.question, names, lang);
            out.push((&found.question, Question { title, cases: Vec::new(), more: 0 }));
        }
        let Some((_, question)) = out.last_mut() else { continue };
        if question.cases.len() == MOST_CASES {
            question.more += 1;
            continue;
        }
        let answer = |answer: &diff::Answer| Answer {
            says: answer.says.get(core).to_owned(),
            clause: answer.clause.as_ref().map(|c| cited(customer, c)),
        };
        question.cases.push(Case {
            cases: capital(&found.cases.show(core, names)),
            before: answer(&found.before),
            after: answer(&found.after),
        });
    }
    out.into_iter().map(|(_, question)| question).collect()
}

fn cited(customer: &CustomerRef, clause: &Provenance) -> (String, String) {
    (words::short_article(&clause.article), words::clause_href(customer, clause))
}

fn subject(question: &diff::Question, names: &Names, lang: Lang) -> String {
    let core = words::core(lang);
    match question {
        diff::Question::Priority => lang.t("Priorité donnée", "Priority given").into(),
        diff::Question::Commitment { promise } => {
            let name = promise.name();
            core.t(format!("Délai de {}", name.fr), capital(&format!("{} time", name.en)))
        }
        diff::Question::Perimeter => lang.t("Périmètre", "Perimeter").into(),
        diff::Question::Operation { operation } => {
            let name =
                names.get(Dimension::Operation.key()).and_then(|n| n.get(operation)).unwrap_or(operation);
            core.t(format!("Prestation\u{a0}: {name}"), format!("Operation: {name}"))
        }
        diff::Question::Penalty { promise } => {
            let name = promise.name();
            core.t(format!("Pénalité de {}", name.fr), capital(&format!("{} penalty", name.en)))
        }
    }
}

fn hours(found: &CalendarChange, lang: Lang) -> Hours {
    let core = words::core(lang);
    Hours {
        label: found.label.clone(),
        details: found.details.iter().map(|d| d.get(core).to_owned()).collect(),
        counted_on: found.counted_on.clone(),
    }
}

fn rule(found: &RuleChange, lang: Lang) -> Rule {
    let says = |side: &Option<diff::Stated>| side.as_ref().map(|s| s.says.clone());
    let (before, after) = (says(&found.before), says(&found.after));
    // Where the reading does not tell the difference, the fields do.
    let told = before != after;
    let sentence =
        |says: Option<Bilingual>| says.filter(|_| told).map(|s| s.get(words::core(lang)).to_owned());
    Rule {
        label: found.label.clone(),
        kind: match found.kind.as_str() {
            "contract" => lang.t("en-tête du contrat", "front matter").into(),
            name => kind(name, lang),
        },
        change: match (&found.before, &found.after) {
            (None, Some(_)) => Change::Added,
            (Some(_), None) => Change::Removed,
            _ => Change::Changed,
        },
        fields: if told { Vec::new() } else { fields(&found.fields) },
        before: sentence(before),
        after: sentence(after),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
