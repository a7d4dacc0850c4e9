//! What people type into forms, read on the clock of their contract.

use app::AppError;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A local instant as `datetime-local` writes it, `2026-08-12T10:45`; `None` when the field is empty.
///
/// # Errors
/// Anything else, named by its field.
pub fn instant(field: &str, text: &str, zone: &TimeZone) -> Result<Option<Timestamp>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let local: DateTime = text.parse().map_err(|_| no_instant(field))?;
    local.to_zoned(zone.clone()).map(|at| Some(at.timestamp())).map_err(|_| no_instant(field))
}

/// The same, of a field that has to be filled in.
///
/// # Errors
/// Anything but a local instant, and nothing at all.
pub fn required_instant(field: &str, text: &str, zone: &TimeZone) -> Result<Timestamp, AppError> {
    instant(field, text, zone)?.ok_or_else(|| no_instant(field))
}

fn no_instant(field: &str) -> AppError {
    AppError::invalid(
        field,
        "une date et une heure\u{a0}: 2026-08-12T10:45",
        "a date and a time: 2026-08-12T10:45",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_instant_is_read_on_the_clock_of_the_contract() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let summer = instant("from", " 2026-08-12T10:45 ", &paris).unwrap();
        assert_eq!(summer, Some("2026-08-12T08:45:00Z".parse().unwrap()));
        assert_eq!(instant("from", " ", &paris).unwrap(), None);
        for wrong in ["12/08/2026 10:45", "2026-08-32T10:45"] {
            let Err(AppError::Invalid(invalid)) = instant("from", wrong, &paris) else { panic!("{wrong}") };
            assert_eq!(invalid.field, "from");
            assert!(invalid.text.get(base::Lang::Fr).contains("2026-08-12T10:45"));
        }
        assert!(required_instant("from", "", &paris).is_err());
    }
}
