//! Lengths of time, money and percentages: figures with a unit.

use base::fraction::{Fraction, parse_decimal, parse_percent};
use base::{Length, Money};

use super::shape::Out;
use super::{Field, Type, meant};
use crate::diagnostic::Diagnostic;
use crate::source::Value;

pub(super) fn length(field: &Field, text: &str, value: &Value, out: &mut Out) {
    let fits = match (field.ty, Length::parse(text)) {
        (
            _,
            Err(_) | Ok(Length::Seconds(0) | Length::Days(0) | Length::WorkingDays(0) | Length::Months(0)),
        ) if !(field.name == "alert_below" && text.starts_with('0')) => false,
        (Type::Months, Ok(l)) => matches!(l, Length::Months(_)),
        (Type::ClockTime, Ok(l)) => matches!(l, Length::Seconds(_)),
        (_, parsed) => parsed.is_ok(),
    };
    if fits {
        return;
    }
    let near = meant::length(text).filter(|near| match (field.ty, Length::parse(near)) {
        (Type::Months, Ok(l)) => matches!(l, Length::Months(n) if n > 0),
        (Type::ClockTime, Ok(l)) => matches!(l, Length::Seconds(s) if s > 0),
        (_, parsed) => near != text && parsed.is_ok(),
    });
    let near = near.map(|near| format!("\"{near}\""));
    let (fr, en) = match field.ty {
        _ if near.is_some() => (near.as_deref().unwrap_or(""), near.as_deref().unwrap_or("")),
        Type::Months => ("\"36 months\" ou \"3 years\"", "\"36 months\" or \"3 years\""),
        Type::ClockTime => ("\"15 min\" ou \"4 h\"", "\"15 min\" or \"4 h\""),
        _ => (
            "\"30 min\", \"4 h\", \"4 h 30 min\", \"5 working_days\", \"10 days\" ou \"3 months\"",
            "\"30 min\", \"4 h\", \"4 h 30 min\", \"5 working_days\", \"10 days\" or \"3 months\"",
        ),
    };
    out.push(
        Diagnostic::error(
            "E-LENGTH-SHAPE",
            value.span,
            format!("« {text} » n'est pas une durée qui convienne ici"),
            format!("“{text}” is not a length of time that fits here"),
        )
        .help(format!("écrivez {fr}"), format!("write {en}")),
    );
}

pub(super) fn money(text: &str, value: &Value, out: &mut Out) {
    let (code, fr, en) = match Money::parse(text) {
        Ok(amount) if amount.cents > 0 && meant::two_decimals(text) => return,
        Ok(amount) if amount.cents > 0 => (
            "E-MONEY-SHAPE",
            format!("« {text} » a plus de deux décimales"),
            format!("“{text}” has more than two decimals"),
        ),
        Ok(_) => (
            "E-MONEY-SIGN",
            "un prix est supérieur à zéro".to_owned(),
            "a price is more than zero".to_owned(),
        ),
        Err(why) => (
            "E-MONEY-SHAPE",
            format!("« {text} » n'est pas un montant"),
            format!("“{text}” is not an amount: {why}"),
        ),
    };
    let (help_fr, help_en) = match meant::money(text) {
        Some(near) => (format!("écrivez \"{near}\""), format!("write \"{near}\"")),
        None => (
            "un montant s'écrit \"2300.00 EUR\" : un point décimal, une espace, EUR, CHF, GBP ou USD"
                .to_owned(),
            "an amount is written \"2300.00 EUR\": a decimal point, a space, EUR, CHF, GBP or USD".to_owned(),
        ),
    };
    out.push(Diagnostic::error(code, value.span, fr, en).help(help_fr, help_en));
}

pub(super) fn percent(field: &Field, text: &str, value: &Value, out: &mut Out) {
    let (zero, one) = (Fraction::from_integer(0), Fraction::from_integer(1));
    let (code, fr, en) = match parse_percent(text) {
        Some(p) if p <= one && (p > zero || p == zero && field.ty == Type::Rate) => return,
        Some(_) => (
            "E-PERCENT-RANGE",
            format!("« {text} » n'est pas entre 0 et 100 %"),
            format!("“{text}” is not between 0 and 100%"),
        ),
        None => (
            "E-PERCENT-SHAPE",
            format!("« {text} » n'est pas un pourcentage"),
            format!("“{text}” is not a percentage"),
        ),
    };
    let (help_fr, help_en) = match meant::percent(text).filter(|_| code == "E-PERCENT-SHAPE") {
        Some(near) => (format!("écrivez \"{near}\""), format!("write \"{near}\"")),
        None => ("écrivez par exemple \"99.5 %\"".to_owned(), "write for instance \"99.5 %\"".to_owned()),
    };
    out.push(Diagnostic::error(code, value.span, fr, en).help(help_fr, help_en));
}

/// At most six decimals and six digits before them: products of such figures stay exact.
pub(super) fn decimal(text: &str, value: &Value, out: &mut Out) {
    let (zero, top) = (Fraction::from_integer(0), Fraction::from_integer(1_000_000));
    let sound = |d: &Fraction| *d > zero && *d < top && (d * top).is_integer();
    if parse_decimal(text).as_ref().is_some_and(sound) {
        return;
    }
    let near = meant::decimal(text).filter(|near| parse_decimal(near).as_ref().is_some_and(sound));
    let near = near.unwrap_or_else(|| "2.5".to_owned());
    out.push(
        Diagnostic::error(
            "E-DECIMAL-SHAPE",
            value.span,
            format!("« {text} » n'est pas un nombre décimal qui convienne ici"),
            format!("“{text}” is not a decimal number that fits here"),
        )
        .help(
            format!(
                "écrivez un nombre supérieur à zéro, avec un point et six décimales au plus : \"{near}\""
            ),
            format!("write a number more than zero, with a point and at most six decimals: \"{near}\""),
        ),
    );
}
