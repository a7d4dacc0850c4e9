//! Duties whose title is a word of their kind, so that they read in both languages; and rhythms.

use base::{Lang, Length};
use jiff::civil::Date;
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms};

use super::{Field, Fields, Kind, Type, duties, parties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

/// The fields of a rhythm, of which a clause writes one: `every`, `per_year` or `month`.
pub(super) const EVERY: Field = Field::optional(
    "every",
    Type::Length,
    "rythme : durée entre deux échéances",
    "rhythm: time between two due dates",
);
pub(super) const FIRST: Field =
    Field::optional("first", Type::Date, "première échéance, avec every", "first due date, with every");
pub(super) const PER_YEAR: Field = Field::optional(
    "per_year",
    Type::Integer(1),
    "rythme : nombre de fois par année contractuelle",
    "rhythm: times in each contract year",
);
pub(super) const MONTH: Field = Field::optional(
    "month",
    Type::Choice(MONTHS),
    "rythme : une fois par an, au plus tard le dernier jour de ce mois",
    "rhythm: once a year, by the last day of this month",
);

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The name of a month that a contract writes in English, as people read it.
pub(super) fn month_name(lang: Lang, key: &str) -> Option<&'static str> {
    let index = MONTHS.iter().position(|m| *m == key)?;
    Some(base::lang::month_name(lang, i8::try_from(index + 1).ok()?))
}

/// The rhythm a clause writes; `None`, and said, when it writes none or two.
pub(super) fn rhythm(f: &Fields<'_>, c: &mut Compiler) -> Option<DutyDue> {
    let found = optional_rhythm(f, c);
    if found.is_none() && ["every", "per_year", "month"].iter().all(|key| !f.has(key)) {
        c.push(one_rhythm(f));
    }
    found
}

/// As [`rhythm`], for a clause that may have none.
pub(super) fn optional_rhythm(f: &Fields<'_>, c: &mut Compiler) -> Option<DutyDue> {
    if ["every", "per_year", "month"].iter().filter(|key| f.has(key)).count() > 1 {
        c.push(one_rhythm(f));
        return None;
    }
    if let Some(period) = f.length("every") {
        return Some(DutyDue::Every { period, first: f.date("first") });
    }
    if let Some(times) = f.integer("per_year") {
        return Some(DutyDue::PerYear { times });
    }
    let month = f.text("month")?;
    let first = c.terms.term.as_ref().and_then(|term| last_day_of(&month, term.then.start));
    Some(match first {
        Some(first) => DutyDue::Every { period: Length::Months(12), first: Some(first) },
        // Without a term there is no year to count from; its absence is reported.
        None => DutyDue::PerYear { times: 1 },
    })
}

/// The last day of the first such month that ends on or after `start`.
fn last_day_of(month: &str, start: Date) -> Option<Date> {
    let month = i8::try_from(MONTHS.iter().position(|m| *m == month)? + 1).ok()?;
    let year = if month < start.month() { start.year() + 1 } else { start.year() };
    Some(Date::new(year, month, 1).ok()?.last_of_month())
}

fn one_rhythm(f: &Fields<'_>) -> Diagnostic {
    Diagnostic::error(
        "E-RHYTHM-ONE",
        f.place(),
        "le rythme s'écrit d'une façon et d'une seule : every, per_year ou month",
        "the rhythm is written one way and only one: every, per_year or month",
    )
    .help(
        "écrivez par exemple every = \"1 month\", per_year = 2 ou month = \"november\"",
        "write for instance every = \"1 month\", per_year = 2 or month = \"november\"",
    )
}

/// A duty of the provider whose title is the kind's word for it.
pub(super) fn owe(f: &Fields<'_>, c: &mut Compiler, kind: &Kind, what: &str, due: DutyDue, proof: DutyProof) {
    owe_by(f, c, kind, PartyRole::Provider, what, due, proof);
}

pub(super) fn owe_by(
    f: &Fields<'_>,
    c: &mut Compiler,
    kind: &Kind,
    owed_by: PartyRole,
    what: &str,
    due: DutyDue,
    proof: DutyProof,
) {
    let title = kind.word(c.lang(), what).into_owned();
    let duty = Duty { owed_by, ..duties::provider(what, title, due, proof) };
    duties::push(f, c, duty);
}

/// What a clause's duties are, in one sentence for each party that owes: « le Prestataire doit a dans un délai
/// de quatre heures (preuve : …) et b chaque année (preuve : …) ».
pub(super) fn sentences(kind: &Kind, lang: Lang, label: &str, terms: &Terms) -> Vec<String> {
    let all: Vec<&Duty> = duties::of_clause(label, terms).collect();
    sentences_of(kind, lang, &all)
}

pub(super) fn sentences_of(kind: &Kind, lang: Lang, all: &[&Duty]) -> Vec<String> {
    all.chunk_by(|a, b| a.owed_by == b.owed_by)
        .map(|chunk| {
            let items: Vec<String> = chunk.iter().map(|duty| item(kind, lang, duty)).collect();
            let items = read::list(lang, &items.iter().map(String::as_str).collect::<Vec<_>>());
            let who = parties::role(chunk[0].owed_by);
            format!("{} {} {items}", who.get(lang), lang.t("doit", "owes"))
        })
        .collect()
}

fn item(kind: &Kind, lang: Lang, duty: &Duty) -> String {
    // What the kind has no word for is in the parties' words.
    let title = match kind.words.iter().any(|(word, _, _)| *word == duty.what) {
        true => kind.word(lang, &duty.what).into_owned(),
        false => lang.t(format!("« {} »", duty.title), format!("“{}”", duty.title)),
    };
    let due = match duty.due {
        // The titles of what runs out already say that it is renewed.
        DutyDue::Renew { expires } => {
            let date = base::lang::date(lang, expires);
            lang.t(format!("avant le {date}"), format!("before {date}"))
        }
        _ => duties::due(lang, &duty.due),
    };
    let proof = duty.proof.name();
    let alert = duty
        .alert_before
        .map(|l| l.in_words(lang))
        .map_or_else(String::new, |l| lang.t(format!(", alerte {l} avant"), format!(", alert {l} before")));
    let proof = lang.t(format!("preuve\u{a0}: {}", proof.fr), format!("proof: {}", proof.en));
    format!("{title} {due} ({proof}{alert})")
}

/// What a clause says of itself, then each of its duties.
pub(super) fn then_duties(kind: &Kind, lang: Lang, head: String, label: &str, terms: &Terms) -> String {
    std::iter::once(head)
        .chain(sentences(kind, lang, label, terms))
        .collect::<Vec<_>>()
        .join(lang.t("\u{202f}; ", "; "))
}

/// « du Prestataire », « de Coffre Bleu ».
pub(super) fn of(name: &str) -> String {
    match name.strip_prefix("le ") {
        Some(rest) => format!("du {rest}"),
        None => read::of(name),
    }
}

/// « le Prestataire », “the Provider”, from the word a clause writes.
pub(super) fn party(lang: Lang, word: &str) -> String {
    let role = match word {
        "provider" => PartyRole::Provider,
        "customer" => PartyRole::Customer,
        "subcontractor" => PartyRole::Subcontractor,
        "third_party" => PartyRole::ThirdParty,
        _ => return word.to_owned(),
    };
    parties::role(role).get(lang).to_owned()
}
