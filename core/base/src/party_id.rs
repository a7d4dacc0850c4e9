//! Identifiers of parties, with their check digits: SIREN, SIRET, French VAT, LEI, IBAN.
//!
//! A wrong digit in a party's number makes an invoice invalid (Code de commerce, R. 123-237), so it
//! is refused where it is written.

use serde::{Deserialize, Serialize};

/// Why an identifier was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartyIdError {
    #[error("wrong length or characters: expected {0}")]
    Shape(&'static str),
    #[error("the check digit does not match: a digit was mistyped")]
    Check,
}

macro_rules! checked_text {
    ($($(#[$doc:meta])* $name:ident($shape:literal) = $check:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What a well-formed one looks like, for messages.
            pub const SHAPE: &'static str = $shape;

            /// Spaces between groups are accepted and dropped.
            pub fn parse(text: &str) -> Result<Self, PartyIdError> {
                let compact: String = text.chars().filter(|c| *c != ' ' && *c != '\u{a0}').collect();
                $check(&compact, $shape)?;
                Ok($name(compact))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

checked_text! {
    /// Nine digits, Luhn (INSEE).
    Siren("nine digits") = siren;
    /// Fourteen digits: a SIREN and an establishment, Luhn; La Poste's own rule is accepted.
    Siret("fourteen digits") = siret;
    /// `FR`, a two-digit key, a SIREN: key = (12 + 3 × (SIREN mod 97)) mod 97 (CGI, 286 ter).
    FrenchVat("FR, two digits and a SIREN") = french_vat;
    /// ISO 17442: twenty letters and digits, ISO 7064 MOD 97-10.
    Lei("twenty capital letters and digits") = lei;
    /// ISO 13616, MOD 97-10 after moving the first four characters to the end.
    Iban("a country, two digits and up to thirty letters and digits") = iban;
}

fn siren(text: &str, shape: &'static str) -> Result<(), PartyIdError> {
    digits(text, 9, shape)?;
    luhn(text)
}

fn siret(text: &str, shape: &'static str) -> Result<(), PartyIdError> {
    digits(text, 14, shape)?;
    // La Poste (SIREN 356 000 000) numbers its post offices so that the plain digit sum is a multiple of 5.
    if text.starts_with("356000000") && digit_values(text).sum::<u32>().is_multiple_of(5) {
        return Ok(());
    }
    luhn(text)?;
    siren(&text[..9], Siren::SHAPE)
}

fn french_vat(text: &str, shape: &'static str) -> Result<(), PartyIdError> {
    let rest = text.strip_prefix("FR").ok_or(PartyIdError::Shape(shape))?;
    digits(rest, 11, shape)?;
    let key: u64 = rest[..2].parse().map_err(|_| PartyIdError::Shape(shape))?;
    let number: u64 = rest[2..].parse().map_err(|_| PartyIdError::Shape(shape))?;
    siren(&rest[2..], Siren::SHAPE)?;
    if (12 + 3 * (number % 97)) % 97 == key { Ok(()) } else { Err(PartyIdError::Check) }
}

fn lei(text: &str, shape: &'static str) -> Result<(), PartyIdError> {
    let alphanumeric = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if text.len() != 20 || !alphanumeric {
        return Err(PartyIdError::Shape(shape));
    }
    mod_97(text)
}

fn iban(text: &str, shape: &'static str) -> Result<(), PartyIdError> {
    let alphanumeric = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let headed = text.len() >= 4
        && text.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && text.bytes().skip(2).take(2).all(|b| b.is_ascii_digit());
    let right_length = match text.get(..2) {
        Some("FR" | "MC") => text.len() == 27,
        _ => (15..=34).contains(&text.len()),
    };
    if !(alphanumeric && headed && right_length) {
        return Err(PartyIdError::Shape(shape));
    }
    mod_97(&format!("{}{}", &text[4..], &text[..4]))
}

fn digits(text: &str, count: usize, shape: &'static str) -> Result<(), PartyIdError> {
    let ok = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if ok { Ok(()) } else { Err(PartyIdError::Shape(shape)) }
}

fn digit_values(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|c| c.to_digit(10))
}

fn luhn(text: &str) -> Result<(), PartyIdError> {
    let sum: u32 = digit_values(text)
        .rev()
        .enumerate()
        .map(|(i, d)| match (i % 2, d * 2) {
            (0, _) => d,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    if sum.is_multiple_of(10) { Ok(()) } else { Err(PartyIdError::Check) }
}

/// ISO 7064 MOD 97-10, letters counting from 10.
fn mod_97(text: &str) -> Result<(), PartyIdError> {
    let remainder = text.chars().filter_map(|c| c.to_digit(36)).fold(0u32, |rest, value| match value {
        0..=9 => (rest * 10 + value) % 97,
        _ => (rest * 100 + value) % 97,
    });
    if remainder == 1 { Ok(()) } else { Err(PartyIdError::Check) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_parties_pass_and_one_wrong_digit_fails() {
        assert!(Siren::parse("000 000 125").is_ok());
        assert!(Siret::parse("00000012500013").is_ok());
        assert!(FrenchVat::parse("FR96000000125").is_ok());
        assert!(FrenchVat::parse("FR72000000117").is_ok());
        assert!(Lei::parse("FICT00HORIZONATL0177").is_ok());
        assert!(Iban::parse("FR76 3000 6000 0112 3456 7890 189").is_ok());
        assert_eq!(Siren::parse("000000126"), Err(PartyIdError::Check));
        assert_eq!(Siret::parse("00000012500014"), Err(PartyIdError::Check));
        assert_eq!(FrenchVat::parse("FR95000000125"), Err(PartyIdError::Check));
        assert_eq!(Lei::parse("FICT00HORIZONATL0178"), Err(PartyIdError::Check));
        assert_eq!(Iban::parse("FR7630006000011234567890188"), Err(PartyIdError::Check));
        assert!(matches!(Siren::parse("12"), Err(PartyIdError::Shape(_))));
    }
}
