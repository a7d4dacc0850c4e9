//! An on-call clause: whether somebody can be reached, and what its rosters did not keep.

use base::Bilingual;
use engines::period::Span;
use engines::roster;
use terms::commitment::Period;

use super::reading::Reading;
use super::{ClauseLive, Standing, both};
use crate::error::{AppError, Result};

/// How the rosters of a clause stand; `None` when it asks for none.
pub(super) fn part(reading: &Reading<'_>, label: &str) -> Result<Option<ClauseLive>> {
    let all = roster::asked(reading.terms);
    let Some(asked) = all.iter().find(|a| a.clause.label() == label) else { return Ok(None) };
    let Some(stands) = reading.rosters.get(label).filter(|s| !s.published.is_empty()) else {
        let none = Bilingual::new("aucun programme d'astreinte publié", "no on-call roster published");
        return Ok(Some(ClauseLive::figure(Standing::NotRun, none)));
    };
    let zone = jiff::tz::TimeZone::get(&reading.terms.zone).map_err(AppError::fault)?;
    let day = |at: jiff::Timestamp| at.to_zoned(zone.clone()).date();
    let year = Span::of(Period::ContractYear, reading.terms, day(reading.now));
    let confirmed: usize =
        stands.published.iter().filter(|(at, _)| year.contains(day(*at))).map(|(_, count)| count).sum();
    let promised = roster::is_promised(asked, reading.now).map_err(AppError::fault)?;
    let nobody = promised && roster::at(&stands.shifts, reading.now).is_empty();
    let coming = || stands.shifts.iter().filter(|s| s.until > reading.now);
    let mut people: Vec<_> = coming().map(|s| s.person).collect();
    people.sort_unstable();
    people.dedup();
    let last = coming().map(|s| s.until).max().map(day);
    let standing = if nobody || confirmed > 0 { Standing::Missed } else { Standing::Held };
    let figure = both(|lang| {
        let mut parts = Vec::new();
        if nobody {
            parts.push(lang.t("personne n'est d'astreinte", "nobody is on call").to_owned());
        }
        if confirmed > 0 {
            parts.push(lang.t(
                format!(
                    "{confirmed} écart{} du programme cette année contractuelle",
                    if confirmed > 1 { "s" } else { "" }
                ),
                format!(
                    "{confirmed} breach{} of the roster this contract year",
                    if confirmed > 1 { "es" } else { "" }
                ),
            ));
        }
        if let Some(last) = last {
            let last = base::lang::date(lang, last);
            let (found, owed) = (people.len(), asked.people);
            parts.push(lang.t(
                format!("programme publié jusqu'au {last}, {found} au planning pour {owed} au contrat"),
                format!("roster published until {last}, {found} on it for {owed} in the contract"),
            ));
        }
        parts.push(
            lang.t(
                "le reste attend le relevé des heures d'astreinte et le contrôle du repos hebdomadaire",
                "the rest waits for the record of hours on call and the check of weekly rest",
            )
            .to_owned(),
        );
        parts.join(lang.t("\u{202f}; ", "; "))
    });
    Ok(Some(ClauseLive::figure(standing, figure)))
}
