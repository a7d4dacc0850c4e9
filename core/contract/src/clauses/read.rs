//! What reading back shares: finding a rule, saying when it holds, joining words.

use base::{Bilingual, Lang, lang};
use terms::{Dimension, Guard, Rule, Terms};

pub(super) fn find<'a, T>(rules: &'a [Rule<T>], label: &str) -> Option<&'a Rule<T>> {
    rules.iter().find(|r| r.label() == label)
}

/// « Par exception à [x], pour la priorité P1 : … », a capital first and a full stop last.
pub(super) fn sentence<T>(rule: &Rule<T>, terms: &Terms, text: impl Fn(Lang) -> String) -> Bilingual {
    let one = |lang: Lang| {
        let body = text(lang);
        let conditions = conditions(lang, rule.exception_to.as_deref(), &rule.when, terms);
        let whole = if conditions.is_empty() {
            body
        } else {
            format!("{conditions}{}{body}", lang.t("\u{a0}: ", ": "))
        };
        let mut chars = whole.chars();
        let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        let stop = if whole.ends_with(['.', '!', '?']) { "" } else { "." };
        format!("{first}{}{stop}", chars.as_str())
    };
    Bilingual::new(one(Lang::Fr), one(Lang::En))
}

fn conditions(lang: Lang, exception_to: Option<&str>, when: &Guard, terms: &Terms) -> String {
    let mut parts = Vec::new();
    if let Some(label) = exception_to {
        parts.push(lang.t(format!("par exception à [{label}]"), format!("as an exception to [{label}]")));
    }
    parts.extend(when_it_holds(lang, when, terms));
    parts.join(", ")
}

/// « pour la priorité P1 ou P2, à partir du 1er mars 2026 »: the cases that a guard lets through; nothing
/// when it lets every case through.
pub fn scope(lang: Lang, when: &Guard, terms: &Terms) -> String {
    when_it_holds(lang, when, terms).join(", ")
}

fn when_it_holds(lang: Lang, when: &Guard, terms: &Terms) -> Vec<String> {
    let mut parts = Vec::new();
    for (dimension, values) in &when.values {
        let names: Vec<&str> = values.iter().map(|v| terms.name_of(dimension.key(), v)).collect();
        parts.push(dimension_phrase(lang, *dimension, &or(lang, &names)));
    }
    let day = |d| lang::date(lang, d);
    match (when.from, when.until) {
        (Some(from), Some(until)) => parts.push(lang.t(
            format!("du {} au {} inclus", day(from), day(until)),
            format!("from {} to {} included", day(from), day(until)),
        )),
        (Some(from), None) => {
            parts.push(lang.t(format!("à partir du {}", day(from)), format!("from {} on", day(from))));
        }
        (None, Some(until)) => parts.push(
            lang.t(format!("jusqu'au {} inclus", day(until)), format!("until {} included", day(until))),
        ),
        (None, None) => {}
    }
    parts
}

fn dimension_phrase(lang: Lang, dimension: Dimension, values: &str) -> String {
    let (fr, en) = match dimension {
        Dimension::Priority => ("pour la priorité", "for priority"),
        Dimension::Impact => ("pour l'impact", "for impact"),
        Dimension::Urgency => ("pour l'urgence", "for urgency"),
        Dimension::Kind => ("pour les tickets de nature", "for tickets of kind"),
        Dimension::Level => ("pour le niveau", "for level"),
        Dimension::Role => ("pour le rôle", "for role"),
        Dimension::Site => ("pour le site", "for site"),
        Dimension::Service => ("pour le service", "for service"),
        Dimension::ItemClass => ("pour la classe", "for class"),
        Dimension::Item => ("pour l'élément", "for item"),
        Dimension::Channel => ("par le canal", "through channel"),
        Dimension::Country => ("pour le pays", "for country"),
        Dimension::Operation => ("pour l'opération", "for operation"),
        Dimension::Audience => ("pour le public", "for audience"),
    };
    format!("{} {values}", lang.t(fr, en))
}

/// A figure with the fewest decimals that show it, at most six.
pub(super) fn figure(lang: Lang, value: base::Fraction) -> String {
    let ten = |d: u32| base::Fraction::from_integer(10i128.pow(d));
    let digits = (0..6).find(|d| (value * ten(*d)).is_integer()).unwrap_or(6);
    base::lang::decimal(lang, value, digits)
}

/// « de quatre heures », « d'une heure ».
pub(super) fn of(words: &str) -> String {
    let elided = words.starts_with("un ") || words.starts_with("une ");
    format!("{}{words}", if elided { "d'" } else { "de " })
}

/// « a, b et c ».
pub(super) fn list(lang: Lang, words: &[&str]) -> String {
    join(words, lang.t(" et ", " and "))
}

fn or(lang: Lang, words: &[&str]) -> String {
    join(words, lang.t(" ou ", " or "))
}

fn join(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., tail] => format!("{}{last}{tail}", head.join(", ")),
    }
}
