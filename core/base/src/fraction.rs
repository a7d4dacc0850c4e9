//! Exact fractions, and the rounding rules that a contract names.
//!
//! Floating point is absent from the product: a percentage compared after rounding turned a breach
//! into a pass (oracle AV-02).

use num_rational::Ratio;
use serde::{Deserialize, Serialize};

/// An exact rational number. `i128` holds every product of an amount in cents, a rate and a count
/// of seconds that a contract can give.
pub type Fraction = Ratio<i128>;

/// Which way a half, or any remainder, goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// 0.5 goes away from zero: the habit of French invoices.
    #[default]
    HalfUp,
    HalfEven,
    /// Any remainder goes away from zero (public procurement coefficients).
    Up,
    Down,
}

/// What nothing is multiplied by.
pub fn one() -> Fraction {
    Fraction::from_integer(1)
}

/// A rounding rule: how many decimals are kept, and which way the rest goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rounding {
    pub digits: u32,
    pub mode: RoundingMode,
}

impl Rounding {
    pub const CENTS: Rounding = Rounding { digits: 2, mode: RoundingMode::HalfUp };

    pub fn half_up(digits: u32) -> Rounding {
        Rounding { digits, mode: RoundingMode::HalfUp }
    }

    /// The value times 10^digits, as a rounded integer.
    pub fn scaled(self, value: Fraction) -> i128 {
        let scaled = value * Fraction::from_integer(10i128.pow(self.digits));
        let (floor, rest) = (scaled.trunc().to_integer(), scaled.fract());
        if *rest.numer() == 0 {
            return floor;
        }
        let away = if *rest.numer() < 0 { floor - 1 } else { floor + 1 };
        let twice = (rest * Fraction::from_integer(2)).to_integer().abs();
        let is_half = twice == 1 && (rest * Fraction::from_integer(2)).is_integer();
        match self.mode {
            RoundingMode::Down => floor,
            RoundingMode::Up => away,
            RoundingMode::HalfUp => {
                if twice >= 1 {
                    away
                } else {
                    floor
                }
            }
            RoundingMode::HalfEven if is_half => {
                if floor % 2 == 0 {
                    floor
                } else {
                    away
                }
            }
            RoundingMode::HalfEven => {
                if twice >= 1 {
                    away
                } else {
                    floor
                }
            }
        }
    }

    /// The rounded value, still exact.
    pub fn apply(self, value: Fraction) -> Fraction {
        Fraction::new(self.scaled(value), 10i128.pow(self.digits))
    }
}

/// Serde for a fraction as the text `19/20`: exact, and the same bytes everywhere.
pub mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Fraction;

    pub fn serialize<S: Serializer>(value: &Fraction, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fraction, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom(format!("{text:?} is not a fraction n/d")))
    }
}

/// The same for a fraction that may be absent.
pub mod optional_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Fraction;

    pub fn serialize<S: Serializer>(value: &Option<Fraction>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fraction>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|t| t.parse().map_err(|_| D::Error::custom(format!("{t:?} is not a fraction n/d"))))
            .transpose()
    }
}

/// Reads `"95 %"` as 19/20: a decimal, an optional space, a percent sign.
pub fn parse_percent(text: &str) -> Option<Fraction> {
    let number = text.strip_suffix('%')?.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    Some(parse_decimal(number)? / Fraction::from_integer(100))
}

/// Reads `"46"`, `"46.00"`, `"-0.15"`: digits with at most one point, no exponent.
///
/// `None` for anything else, or for more than 18 digits.
pub fn parse_decimal(text: &str) -> Option<Fraction> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let well_formed = !whole.is_empty()
        && (digits.contains('.') != decimals.is_empty())
        && whole.len() + decimals.len() <= 18
        && whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit());
    if !well_formed {
        return None;
    }
    let number: i128 = format!("{whole}{decimals}").parse().ok()?;
    Some(Fraction::new(sign * number, 10i128.pow(u32::try_from(decimals.len()).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_at_its_edges() {
        let at = |mode, n, d| Rounding { digits: 0, mode }.scaled(Fraction::new(n, d));
        assert_eq!(at(RoundingMode::HalfUp, 5, 2), 3);
        assert_eq!(at(RoundingMode::HalfUp, -5, 2), -3);
        assert_eq!(at(RoundingMode::HalfEven, 5, 2), 2);
        assert_eq!(at(RoundingMode::HalfEven, 7, 2), 4);
        assert_eq!(at(RoundingMode::HalfEven, 26, 10), 3);
        assert_eq!(at(RoundingMode::Up, 21, 10), 3);
        assert_eq!(at(RoundingMode::Down, 29, 10), 2);
        assert_eq!(at(RoundingMode::HalfUp, 24, 10), 2);
    }

    #[test]
    fn decimals_are_read_strictly() {
        assert_eq!(parse_decimal("46.00"), Some(Fraction::from_integer(46)));
        assert_eq!(parse_decimal("-0.15"), Some(Fraction::new(-3, 20)));
        for bad in ["", ".", "1.", ".5", "1e3", "1,5", "+1", "1.2.3", "1234567890123456789"] {
            assert_eq!(parse_decimal(bad), None, "{bad}");
        }
    }
}
