//! Money: whole minor units of one currency; fractions stay exact until the contract's rounding rule.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::fraction::{Fraction, Rounding, parse_decimal};
use crate::lang::{Lang, NBSP, decimal};

/// An ISO 4217 currency with two decimals, the only ones a contract may name for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    #[default]
    EUR,
    CHF,
    GBP,
    USD,
}

impl Currency {
    pub const ALL: [Currency; 4] = [Currency::EUR, Currency::CHF, Currency::GBP, Currency::USD];

    pub fn code(self) -> &'static str {
        match self {
            Currency::EUR => "EUR",
            Currency::CHF => "CHF",
            Currency::GBP => "GBP",
            Currency::USD => "USD",
        }
    }

    /// As people write it beside an amount.
    pub fn sign(self) -> &'static str {
        match self {
            Currency::EUR => "€",
            Currency::CHF => "CHF",
            Currency::GBP => "£",
            Currency::USD => "$",
        }
    }
}

/// An amount in whole cents.
///
/// Adding two currencies is a fault of ours, not of the data (a contract has one currency), so it panics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("an amount is written \"2300.00 EUR\": a number, a space, a currency")]
    Shape,
    #[error("unknown currency; known: EUR, CHF, GBP, USD")]
    Currency,
    #[error("an amount has at most two decimals")]
    Decimals,
}

impl Money {
    pub const fn eur(cents: i64) -> Money {
        Money { cents, currency: Currency::EUR }
    }

    pub fn zero(currency: Currency) -> Money {
        Money { cents: 0, currency }
    }

    /// Reads `"2300.00 EUR"`.
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let (number, code) = text.rsplit_once(' ').ok_or(MoneyError::Shape)?;
        let currency = Currency::ALL.into_iter().find(|c| c.code() == code).ok_or(MoneyError::Currency)?;
        let value = parse_decimal(number.trim()).ok_or(MoneyError::Shape)?;
        let cents = value * Fraction::from_integer(100);
        if !cents.is_integer() {
            return Err(MoneyError::Decimals);
        }
        let cents = i64::try_from(cents.to_integer()).map_err(|_| MoneyError::Shape)?;
        Ok(Money { cents, currency })
    }

    /// The amount in major units, exact.
    pub fn exact(self) -> Fraction {
        Fraction::new(i128::from(self.cents), 100)
    }

    /// An exact amount in major units, rounded once by the rule given.
    pub fn rounded(value: Fraction, currency: Currency, rule: Rounding) -> Money {
        let kept = rule.apply(value) * Fraction::from_integer(100);
        let cents = Rounding { digits: 0, mode: rule.mode }.scaled(kept);
        Money { cents: i64::try_from(cents).expect("an amount fits in 64 bits of cents"), currency }
    }

    /// This amount times a fraction, rounded once to cents.
    pub fn times(self, factor: Fraction, rule: Rounding) -> Money {
        Money::rounded(self.exact() * factor, self.currency, rule)
    }

    pub fn min(self, other: Money) -> Money {
        self.assert_same(other);
        if self.cents <= other.cents { self } else { other }
    }

    pub fn is_zero(self) -> bool {
        self.cents == 0
    }

    /// `2 300,00 €` in French, `€2,300.00` in English.
    pub fn show(self, lang: Lang) -> String {
        let number = decimal(lang, self.exact(), 2);
        match (lang, self.currency) {
            (Lang::Fr, currency) => format!("{number}{NBSP}{}", currency.sign()),
            (Lang::En, Currency::CHF) => format!("CHF{NBSP}{number}"),
            (Lang::En, currency) => match number.strip_prefix('-') {
                Some(number) => format!("-{}{number}", currency.sign()),
                None => format!("{}{number}", currency.sign()),
            },
        }
    }

    fn assert_same(self, other: Money) {
        assert_eq!(self.currency, other.currency, "amounts of two currencies do not meet");
    }
}

/// The form contracts are written in: `2300.00 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let cents = self.cents.unsigned_abs();
        write!(f, "{sign}{}.{:02} {}", cents / 100, cents % 100, self.currency.code())
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        self.assert_same(other);
        Money { cents: self.cents + other.cents, currency: self.currency }
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        self + -other
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money { cents: -self.cents, currency: self.currency }
    }
}

impl Sum for Money {
    /// The sum of nothing is zero euro.
    fn sum<I: Iterator<Item = Money>>(mut iter: I) -> Money {
        let first = iter.next().unwrap_or_default();
        iter.fold(first, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown() {
        let fee = Money::parse("2300.00 EUR").unwrap();
        assert_eq!(fee, Money::eur(230_000));
        assert_eq!(fee.to_string(), "2300.00 EUR");
        assert_eq!(fee.show(Lang::Fr), "2\u{202f}300,00\u{a0}€");
        assert_eq!((-fee).show(Lang::En), "-€2,300.00");
        assert_eq!(Money::parse("12.345 EUR"), Err(MoneyError::Decimals));
        assert_eq!(Money::parse("12 XYZ"), Err(MoneyError::Currency));
        assert_eq!(Money::parse("12EUR"), Err(MoneyError::Shape));
    }

    #[test]
    fn m_34_each_line_is_rounded_not_the_sum() {
        let line = Fraction::new(10_005, 1000);
        let by_line: Money = (0..2).map(|_| Money::rounded(line, Currency::EUR, Rounding::CENTS)).sum();
        let on_sum = Money::rounded(line * Fraction::from_integer(2), Currency::EUR, Rounding::CENTS);
        assert_eq!((by_line.to_string(), on_sum.to_string()), ("20.02 EUR".into(), "20.01 EUR".into()));
    }
}
