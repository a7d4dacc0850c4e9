//! Two versions of a contract side by side: the words that changed, the cases that are decided otherwise,
//! and what a real month would have come to under each.

mod samples;

use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::draft::{Moved, moved};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The contract's number.
    pub id: String,
    /// The language the texts were signed in, which may not be the reader's.
    pub text_lang: Lang,
    pub versions: Vec<Choice>,
    /// The number of each version compared, and its name.
    pub from: (u32, String),
    pub to: (u32, String),
    pub articles: Vec<Article>,
    pub questions: Vec<Question>,
    pub calendars: Vec<Hours>,
    pub rules: Vec<Rule>,
    /// Questions on which the versions part in too many cases to name.
    pub beyond: Vec<String>,
    /// `None` for a reader who does not see the money.
    pub month: Option<Month>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    Changed,
}

/// An article that is not the same.
#[derive(Clone, Debug)]
pub struct Article {
    pub title: String,
    /// The title that it had.
    pub was: Option<String>,
    pub change: Change,
    /// The prose, its unchanged stretches shortened.
    pub pieces: Vec<(Option<Change>, String)>,
    /// What the reader of the pieces is told of them, in the language of the page.
    pub remark: Option<String>,
    pub clauses: Vec<Clause>,
}

/// A rule as its article writes it: the fields that differ.
#[derive(Clone, Debug)]
pub struct Clause {
    pub label: String,
    pub kind: String,
    pub change: Change,
    pub fields: Vec<Field>,
}

/// A field, before and after.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// Something asked of the contract, and the cases answered otherwise.
#[derive(Clone, Debug)]
pub struct Question {
    /// « Délai de rétablissement ».
    pub title: String,
    pub cases: Vec<Case>,
    /// How many more there are.
    pub more: usize,
}

#[derive(Clone, Debug)]
pub struct Case {
    /// « priorité P1, site Blois ».
    pub cases: String,
    pub before: Answer,
    pub after: Answer,
}

/// What one version says, and the article that it follows from.
#[derive(Clone, Debug)]
pub struct Answer {
    pub says: String,
    /// The article in short, and its place in the living contract.
    pub clause: Option<(String, String)>,
}

/// Service hours that differ.
#[derive(Clone, Debug)]
pub struct Hours {
    pub label: String,
    pub details: Vec<String>,
    /// The commitments counted on them.
    pub counted_on: Vec<String>,
}

/// A rule that differs, where no case is at hand.
#[derive(Clone, Debug)]
pub struct Rule {
    pub label: String,
    pub kind: String,
    pub change: Change,
    /// What the machine does with it, when the reading differs.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The fields that differ, when the reading does not tell them.
    pub fields: Vec<Field>,
}

/// A real month under each version.
#[derive(Clone, Debug, Default)]
pub struct Month {
    pub months: Vec<Choice>,
    /// Empty: not asked.
    pub chosen: String,
    pub result: Option<Result<Moved, String>>,
}

/// `GET /c/{customer}/contracts/{contract}/compare`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let living = view.customer.path(&format!("/contracts/{}", view.id));
    layout::page(
        shell,
        html! { (lang.t("Comparer", "Compare")) " " (view.id) },
        Place::Contract,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } " / " a href=(living) { (view.id) } },
                lang.t("Comparer deux versions", "Compare two versions"),
                html! {},
            ))
            p.lead {
                (view.from.1) " → " (view.to.1) (lang.t("\u{a0}: ", ": "))
                (lang.t("ce qui change dans le texte, dans ce que la machine décide, et dans les montants d’un mois réel.",
                        "what changes in the text, in what the machine decides, and in the amounts of a real month."))
            }
            (choose(view, &living, lang))
            (components::section("meaning", lang.t("Ce qui est décidé autrement", "What is decided otherwise"), meaning(view, lang)))
            @if let Some(month) = &view.month { (money(view, month, lang)) }
            (components::section("text", lang.t("Les mots", "The words"), text(view, lang)))
        },
    )
}

/// A form that only asks: the address says what is compared, and can be sent to somebody.
fn choose(view: &View, living: &str, lang: Lang) -> Markup {
    html! {
        form.toolbar method="get" action={ (living) "/compare" } {
            (components::select("from", "from", lang.t("De", "From"), &view.versions, &view.from.0.to_string()))
            (components::select("to", "to", lang.t("À", "To"), &view.versions, &view.to.0.to_string()))
            @if let Some(month) = &view.month {
                (components::select("month", "month", lang.t("Montants du mois", "Amounts of the month"), &month.months, &month.chosen))
            }
            button type="submit" { (lang.t("Comparer", "Compare")) }
        }
    }
}

fn meaning(view: &View, lang: Lang) -> Markup {
    let nothing = view.questions.is_empty()
        && view.calendars.is_empty()
        && view.rules.is_empty()
        && view.beyond.is_empty();
    html! {
        @if nothing {
            p.muted { (lang.t("Rien : tout cas est décidé comme avant.", "Nothing: every case is decided as before.")) }
        }
        @for question in &view.questions { (cases(question, lang)) }
        @for about in &view.beyond {
            p { strong { (components::words(about, lang)) } (lang.t("\u{a0}: ", ": "))
                (lang.t("les deux versions s’écartent en trop de cas pour les nommer ; voici les règles qui diffèrent.",
                        "the two versions part in too many cases to name; here are the rules that differ.")) }
        }
        @if !view.calendars.is_empty() { (hours(&view.calendars, lang)) }
        @if !view.rules.is_empty() { (rules(&view.rules, lang)) }
    }
}

fn cases(question: &Question, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Cas", "Case")),
        Column::text(lang.t("Avant", "Before")),
        Column::text(lang.t("Après", "After")),
    ];
    let rows = question.cases.iter().map(|case| {
        let name = html! { (components::words(&case.cases, lang)) };
        Row::new(vec![name, answer(&case.before, lang), answer(&case.after, lang)])
    });
    html! {
        h3 { (components::words(&question.title, lang)) }
        (table("compared", components::words(&question.title, lang), &columns, rows.collect()))
        @if question.more > 0 {
            p.muted.small {
                @match lang {
                    Lang::Fr => { "et " (question.more) " autres cas." },
                    Lang::En => { "and " (question.more) " more cases." },
                }
            }
        }
    }
}

fn answer(answer: &Answer, lang: Lang) -> Markup {
    html! {
        (components::words(&answer.says, lang))
        @if let Some((article, href)) = &answer.clause { " " a.small href=(href) { (components::words(article, lang)) } }
    }
}

fn hours(list: &[Hours], lang: Lang) -> Markup {
    html! {
        h3 { (lang.t("Heures de service", "Service hours")) }
        @for hours in list {
            p { code { (hours.label) } }
            ul { @for detail in &hours.details { li { (components::words(detail, lang)) } } }
            @if !hours.counted_on.is_empty() {
                p.muted.small { (lang.t("S’y comptent : ", "Counted on them: ")) (hours.counted_on.join(", ")) }
            }
        }
    }
}

fn rules(list: &[Rule], lang: Lang) -> Markup {
    html! {
        h3 { (lang.t("Règles qui diffèrent", "Rules that differ")) }
        @for rule in list {
            div.rule-change {
                p { (mark(rule.change, lang)) " " code { (rule.label) } " " span.muted { (rule.kind) } }
                @if let Some(before) = &rule.before { p { span.muted { (lang.t("Avant : ", "Before: ")) } (components::words(before, lang)) } }
                @if let Some(after) = &rule.after { p { span.muted { (lang.t("Après : ", "After: ")) } (components::words(after, lang)) } }
                (fields(&rule.fields, lang))
            }
        }
    }
}

fn fields(list: &[Field], lang: Lang) -> Markup {
    html! {
        @if !list.is_empty() {
            ul.fields {
                @for field in list {
                    li { code { (field.name) } (lang.t("\u{a0}: ", ": ")) del { (field.before) } " → " ins { (field.after) } }
                }
            }
        }
    }
}

fn mark(change: Change, lang: Lang) -> Markup {
    match change {
        Change::Added => badge(Tone::Good, lang.t("Ajouté", "Added")),
        Change::Removed => badge(Tone::Warning, lang.t("Retiré", "Removed")),
        Change::Changed => badge(Tone::Quiet, lang.t("Modifié", "Changed")),
    }
}

fn money(view: &View, month: &Month, lang: Lang) -> Markup {
    let body = html! {
        @match &month.result {
            None => p.muted { (lang.t("Choisissez un mois ci-dessus : ses tickets et sa facture sont relus sous chacune des deux versions.",
                                      "Choose a month above: its tickets and its invoice are read again under each of the two versions.")) },
            Some(Err(problem)) => p.error { (components::words(problem, lang)) },
            Some(Ok(result)) => (moved(result, &[view.from.1.clone(), view.to.1.clone()], lang)),
        }
    };
    components::section("amounts", lang.t("Les montants d’un mois réel", "The amounts of a real month"), body)
}

fn text(view: &View, lang: Lang) -> Markup {
    html! {
        @if view.articles.is_empty() {
            p.muted { (lang.t("Les deux textes sont les mêmes, mot pour mot.", "The two texts are the same, word for word.")) }
        }
        @for article in &view.articles {
            div.article-change {
                h3 { (mark(article.change, lang)) " " span lang=(view.text_lang.code()) { (components::words(&article.title, view.text_lang)) } }
                @if let Some(was) = &article.was {
                    p.muted.small { (lang.t("Auparavant : ", "Formerly: ")) span lang=(view.text_lang.code()) { (components::words(was, view.text_lang)) } }
                }
                @if !article.pieces.is_empty() { p.prose lang=(view.text_lang.code()) { (prose(&article.pieces, view.text_lang)) } }
                @if let Some(remark) = &article.remark { p.muted.small { (components::words(remark, lang)) } }
                @for clause in &article.clauses {
                    p { (mark(clause.change, lang)) " " code { (clause.label) } " " span.muted { (clause.kind) } }
                    (fields(&clause.fields, lang))
                }
            }
        }
    }
}

/// Words removed and added where they stand; `ins` and `del` are read out as such.
fn prose(pieces: &[(Option<Change>, String)], lang: Lang) -> Markup {
    html! {
        @for (change, text) in pieces {
            @let text = components::words(text, lang);
            @match change {
                None => (text),
                Some(Change::Removed) => del { (text) },
                Some(_) => ins { (text) },
            }
        }
    }
}
