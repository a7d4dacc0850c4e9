//! How engines write their reasons: one closure, both languages.

use base::fraction::Fraction;
use base::{Lang, Money, Reason, lang};
use terms::Rule;

/// A reason written once for each language.
pub(crate) fn say(code: &str, text: impl Fn(Lang) -> String) -> Reason {
    Reason::new(code, text(Lang::Fr), text(Lang::En))
}

/// The same, resting on a clause.
pub(crate) fn cite<T>(code: &str, clause: &Rule<T>, text: impl Fn(Lang) -> String) -> Reason {
    say(code, text).citing(&clause.from)
}

/// A count: whole when it is, else with two decimals.
pub(crate) fn quantity(lang: Lang, value: Fraction) -> String {
    lang::decimal(lang, value, if value.is_integer() { 0 } else { 2 })
}

/// A figure with the fewest decimals that show it, at most six: an index, a coefficient, a weight.
pub(crate) fn figure(lang: Lang, value: Fraction) -> String {
    let digits = (0..6).find(|d| (value * Fraction::from_integer(10i128.pow(*d))).is_integer()).unwrap_or(6);
    lang::decimal(lang, value, digits)
}

/// `3 × 24,00 € = 72,00 €`.
pub(crate) fn product(lang: Lang, count: Fraction, price: Money, result: Money) -> String {
    format!("{} × {} = {}", quantity(lang, count), price.show(lang), result.show(lang))
}

/// « a, b et c ».
pub(crate) fn list(lang: Lang, words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} {} {last}", head.join(", "), lang.t("et", "and")),
    }
}

/// « ticket » or « tickets »: French counts two from 2, English has one singular.
pub(crate) fn plural<'a>(lang: Lang, count: u32, one: &'a str, many: &'a str) -> &'a str {
    let singular = count == 1 || count == 0 && lang == Lang::Fr;
    if singular { one } else { many }
}
