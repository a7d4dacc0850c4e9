//! The comparison as people read it at a terminal, in French and in English.

use std::fmt::Write;

use base::lang::{elapsed, month as month_name, percent};
use base::{Bilingual, Lang, Provenance};

use super::meaning::{CaseChange, Question};
use super::money::{Figures, Money, Moved};
use super::rules::RuleChange;
use super::text::{ArticleChange, Change, Piece};
use super::{CalendarChange, Diff};

/// Beyond so many lines on one question, the rest is counted.
const MOST_LINES: usize = 40;
/// Words shown on each side of those that changed.
const CONTEXT: usize = 6;

/// Both parts, under their headings; one sentence when nothing differs.
pub fn render(diff: &Diff, lang: Lang) -> String {
    let mut out = String::new();
    if diff.is_empty() {
        return lang.t("Les deux textes sont les mêmes.\n", "The two texts are the same.\n").to_owned();
    }
    if diff.text.is_empty() {
        heading(&mut out, lang.t("Texte\u{a0}: inchangé", "Text: unchanged"));
    } else {
        heading(&mut out, lang.t("Texte", "Text"));
        for article in &diff.text {
            text(&mut out, lang, article);
        }
    }
    let _ = writeln!(out);
    let meaning = &diff.meaning;
    if meaning.is_empty() {
        let same = lang.t(
            "Sens\u{a0}: inchangé, tout cas est décidé comme avant",
            "Meaning: unchanged, every case is decided as before",
        );
        heading(&mut out, same);
        return out;
    }
    heading(&mut out, lang.t("Sens", "Meaning"));
    let mut shown: Vec<(&Question, usize)> = Vec::new();
    for change in &meaning.cases {
        match shown.last_mut() {
            Some((question, count)) if **question == change.question => *count += 1,
            _ => shown.push((&change.question, 1)),
        }
        if shown.last().is_some_and(|(_, count)| *count <= MOST_LINES) {
            case(&mut out, lang, change, meaning);
        }
    }
    for (question, count) in shown.iter().filter(|(_, count)| *count > MOST_LINES) {
        let (about, more) = (subject(lang, question), count - MOST_LINES);
        let _ = writeln!(
            out,
            "  {}",
            lang.t(
                format!("… et {more} autres cas de {about}\u{a0}; --json les donne tous."),
                format!("… and {more} more cases of {about}; --json gives them all."),
            )
        );
    }
    for question in &meaning.beyond {
        let about = subject(lang, question);
        let _ = writeln!(
            out,
            "  {}",
            lang.t(
                format!("{about}\u{a0}: les deux textes s'écartent en trop de cas pour les nommer\u{a0}; voici les règles qui diffèrent."),
                format!("{about}: the two texts part in too many cases to name; here are the rules that differ."),
            )
        );
    }
    for calendar in &meaning.calendars {
        hours(&mut out, lang, calendar);
    }
    for rule in &meaning.rules {
        rule_change(&mut out, lang, rule);
    }
    out
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "{title}");
}

fn sign(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '~',
    }
}

fn text(out: &mut String, lang: Lang, article: &ArticleChange) {
    let was = article.was.as_ref().map_or_else(String::new, |was| {
        lang.t(format!(" (auparavant «\u{a0}{was}\u{a0}»)"), format!(" (formerly “{was}”)"))
    });
    let title = match article.title.as_str() {
        "" => lang.t("Préambule", "Preamble"),
        title => title,
    };
    let _ = writeln!(out, "  {} {title}{was}", sign(article.change));
    if article.change == Change::Changed && !article.prose.is_empty() {
        let _ = writeln!(out, "      {}", prose(&article.prose));
    }
    if let Some(says) = article.compared.says() {
        let _ = writeln!(out, "      {}", says.get(lang));
    }
    for clause in &article.clauses {
        let _ = writeln!(out, "      {} [{}] {}", sign(clause.change), clause.label, clause.kind);
        for field in &clause.fields {
            let _ = writeln!(out, "          {}: {} → {}", field.field, field.before, field.after);
        }
    }
}

/// `… un délai de [-quatre-]{+deux+} heures …`, on one line.
fn prose(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let text = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let edge = |space: bool| if space { " " } else { "" };
        let before = edge(piece.text.starts_with(char::is_whitespace));
        let after = edge(piece.text.ends_with(char::is_whitespace));
        let shown = match piece.change {
            Some(Change::Removed) => format!("[-{text}-]"),
            Some(_) => format!("{{+{text}+}}"),
            None => shortened(&text, at > 0, at + 1 < pieces.len()),
        };
        out += before;
        out += &shown;
        out += after;
    }
    out.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The words nearest to what changed on each side.
fn shortened(text: &str, after_change: bool, before_change: bool) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    if words.len() <= 2 * CONTEXT {
        return text.to_owned();
    }
    let head = if after_change { words[..CONTEXT].join(" ") } else { String::new() };
    let tail = if before_change { words[words.len() - CONTEXT..].join(" ") } else { String::new() };
    format!("{head} … {tail}").trim().to_owned()
}

fn subject(lang: Lang, question: &Question) -> String {
    match question {
        Question::Priority => lang.t("priorité donnée", "priority given").to_owned(),
        Question::Commitment { promise } => promise.name().get(lang).to_owned(),
        Question::Perimeter => lang.t("périmètre", "perimeter").to_owned(),
        Question::Operation { operation } => {
            lang.t(format!("opération {operation},"), format!("operation {operation},"))
        }
        Question::Penalty { promise } => {
            let name = promise.name();
            lang.t(format!("pénalité de {}", name.fr), format!("{} penalty", name.en))
        }
    }
}

fn case(out: &mut String, lang: Lang, change: &CaseChange, meaning: &super::Meaning) {
    let (cases, about) = (change.cases.show(lang, &meaning.names), subject(lang, &change.question));
    let (was, is) = (change.before.says.get(lang), change.after.says.get(lang));
    let cited = cited(lang, change.before.clause.as_ref(), change.after.clause.as_ref());
    let colon = lang.t("\u{a0}:", ":");
    // An answer about the perimeter names it.
    let about = if change.question == Question::Perimeter { String::new() } else { format!(" {about}") };
    let _ = writeln!(out, "  {cases}{colon}{about} {was} → {is}{cited}");
}

/// ` [delai-p1 → delai-blois, Article 7]`.
fn cited(lang: Lang, before: Option<&Provenance>, after: Option<&Provenance>) -> String {
    let nothing = lang.t("rien", "nothing");
    let label = |clause: Option<&Provenance>| clause.map_or(nothing, |c| c.label.as_str()).to_owned();
    let Some(article) = after.or(before).map(|c| &c.article) else { return String::new() };
    let labels = match (label(before), label(after)) {
        (was, is) if was == is => is,
        (was, is) => format!("{was} → {is}"),
    };
    format!(" [{labels}, {article}]")
}

fn hours(out: &mut String, lang: Lang, change: &CalendarChange) {
    let label = &change.label;
    let _ = writeln!(
        out,
        "  {}",
        lang.t(
            format!("calendrier {label}{}", cited(lang, Some(&change.before), Some(&change.after))),
            format!("calendar {label}{}", cited(lang, Some(&change.before), Some(&change.after))),
        )
    );
    for detail in &change.details {
        let _ = writeln!(out, "      {}", detail.get(lang));
    }
    if !change.counted_on.is_empty() {
        let counted = change.counted_on.join(", ");
        let _ = writeln!(
            out,
            "      {}",
            lang.t(format!("s'y comptent\u{a0}: {counted}"), format!("counted on it: {counted}"))
        );
    }
}

fn rule_change(out: &mut String, lang: Lang, rule: &RuleChange) {
    let change = match (&rule.before, &rule.after) {
        (None, Some(_)) => Change::Added,
        (Some(_), None) => Change::Removed,
        _ => Change::Changed,
    };
    let stated = rule.after.as_ref().or(rule.before.as_ref());
    let article = stated.map_or_else(String::new, |s| format!(", {}", s.clause.article));
    let _ = writeln!(out, "  {} {} [{}{article}]", sign(change), rule.kind, rule.label);
    let line = |sign: char, says: &Bilingual| format!("      {sign} {}\n", says.get(lang));
    let same = matches!((&rule.before, &rule.after), (Some(a), Some(b)) if a.says == b.says);
    if same || rule.before.is_none() && rule.after.is_none() {
        for field in &rule.fields {
            let _ = writeln!(out, "      {}: {} → {}", field.field, field.before, field.after);
        }
        return;
    }
    for (sign, stated) in [('-', &rule.before), ('+', &rule.after)] {
        if let Some(stated) = stated {
            *out += &line(sign, &stated.says);
        }
    }
}

/// The money that moves: the lines that differ, then the totals.
pub fn render_money(money: &Money, lang: Lang) -> String {
    let mut out = String::new();
    let month = month_name(lang, money.month);
    let title = lang.t(format!("Montants, {month}"), format!("Money, {month}"));
    let _ = writeln!(out, "{title} ({})", money.contract);
    if money.is_empty() {
        let _ = writeln!(out, "  {}", lang.t("rien ne change", "nothing moves"));
        return out;
    }
    let colon = lang.t("\u{a0}:", ":");
    for line in &money.lines {
        let said = |l: &engines::billing::InvoiceLine| (l.title.get(lang).to_owned(), l.net.show(lang));
        moved(&mut out, lang, line, &|l| format!("{} [{}]", said(l).0, l.clause), &|l| said(l).1);
    }
    for line in &money.penalties {
        let name = |p: &engines::billing::PenaltyLine| {
            if let Some(short) = &p.shortfall {
                let (service, clause) = (&short.service, &p.clause);
                return lang.t(
                    format!("pénalité, disponibilité de {service} [{clause}]"),
                    format!("penalty, availability of {service} [{clause}]"),
                );
            }
            let promise = p.on.promise().map(|p| p.name()).unwrap_or_default();
            let ticket = p.ticket.as_deref().unwrap_or_default();
            lang.t(
                format!("pénalité, ticket {ticket}, {} [{}]", promise.fr, p.clause),
                format!("penalty, ticket {ticket}, {} [{}]", promise.en, p.clause),
            )
        };
        moved(&mut out, lang, line, &name, &|p| {
            let (late, payable) = (elapsed(lang, p.late_seconds), p.payable.show(lang));
            if let Some(short) = &p.shortfall {
                return format!("{payable} ({})", percent(lang, short.reached));
            }
            lang.t(format!("{payable} (retard de {late})"), format!("{payable} ({late} late)"))
        });
    }
    for result in &money.results {
        moved(
            &mut out,
            lang,
            result,
            &|r| format!("{} [{}]", lang.t("objectif", "objective"), r.objective),
            &|r| {
                let (kept, measured) = (r.kept, r.measured);
                lang.t(format!("{kept} tenus sur {measured}"), format!("{kept} kept of {measured}"))
            },
        );
    }
    for (name, of) in totals(lang) {
        let (was, is) = (of(&money.before), of(&money.after));
        if was == is {
            let _ = writeln!(out, "  {name}{colon} {}", was.show(lang));
        } else {
            let change = is - was;
            let sign = if change.cents > 0 { "+" } else { "" };
            let _ = writeln!(
                out,
                "  {name}{colon} {} → {} ({sign}{})",
                was.show(lang),
                is.show(lang),
                change.show(lang)
            );
        }
    }
    out
}

type Total = (&'static str, fn(&Figures) -> base::Money);

fn totals(lang: Lang) -> [Total; 4] {
    [
        (lang.t("total HT", "net total"), |f| f.net),
        (lang.t("TVA", "VAT"), |f| f.vat),
        (lang.t("pénalités dues", "penalties due"), |f| f.penalty_due),
        (lang.t("reste à payer", "left to pay"), |f| f.left_to_pay),
    ]
}

fn moved<T>(
    out: &mut String,
    lang: Lang,
    line: &Moved<T>,
    name: &dyn Fn(&T) -> String,
    value: &dyn Fn(&T) -> String,
) {
    let none = || lang.t("rien", "nothing").to_owned();
    let side = |side: &Option<base::Because<T>>| side.as_ref().map_or_else(none, |b| value(&b.value));
    let Some(one) = line.after.as_ref().or(line.before.as_ref()) else { return };
    let colon = lang.t("\u{a0}:", ":");
    let _ = writeln!(out, "  {}{colon} {} → {}", name(&one.value), side(&line.before), side(&line.after));
}
