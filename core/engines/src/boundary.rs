//! Boundaries: may this data be there, may this company work here, who owns this, how long is it kept?
//!
//! What the contract does not allow in writing is refused: a list of places is a list of all places.

use base::lang::date as day;
use base::{Because, Length, Reason};
use jiff::Span as Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::boundary::{
    Boundary, Location, Ownership, OwnershipMode, Purpose, Silence, Subcontracting, SubcontractingMode,
    Subcontractor,
};
use terms::{Rule, Terms};

use crate::say::{cite, list, say};

/// An answer that no one has to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    Yes,
    No,
    /// The contract says nothing of it: no clause to rest on, so not allowed by this engine.
    Unwritten,
}

/// Whether data may be in a country for a purpose; `dataset` narrows it to the clauses on that data.
pub fn place(terms: &Terms, dataset: Option<&str>, purpose: Purpose, country: &str) -> Because<Allowed> {
    let clauses: Vec<(&Rule<Boundary>, &Location)> = locations(terms)
        .filter(|(_, l)| l.purpose == purpose && dataset.is_none_or(|d| d == l.dataset))
        .collect();
    if clauses.is_empty() {
        let reason = say("place.unwritten", |lang| {
            lang.t(
                "Aucune clause ne dit où ces données peuvent être pour cet usage.",
                "No clause says where this data may be for this purpose.",
            )
            .to_owned()
        });
        return Because::new(Allowed::Unwritten, vec![reason]);
    }
    // Every clause on that data and purpose must allow the country: the narrowest one decides.
    let refusing = clauses.iter().find(|(_, l)| !l.countries.iter().any(|c| c == country));
    let (rule, location) = refusing.or(clauses.first()).copied().expect("there is at least one clause");
    let allowed = if refusing.is_some() { Allowed::No } else { Allowed::Yes };
    let countries: Vec<&str> = location.countries.iter().map(String::as_str).collect();
    let reason = cite("place.countries", rule, |lang| {
        let (countries, dataset) = (list(lang, &countries), &location.dataset);
        match allowed {
            Allowed::Yes => lang.t(
                format!("« {dataset} » peut être en {country} : pays admis, {countries}."),
                format!("“{dataset}” may be in {country}: countries allowed, {countries}."),
            ),
            _ => lang.t(
                format!("« {dataset} » ne peut pas être en {country} : pays admis, {countries}."),
                format!("“{dataset}” may not be in {country}: countries allowed, {countries}."),
            ),
        }
    });
    Because::new(allowed, vec![reason])
}

fn locations(terms: &Terms) -> impl Iterator<Item = (&Rule<Boundary>, &Location)> {
    terms.boundaries.iter().filter_map(|rule| match &rule.then {
        Boundary::Location(location) => Some((rule, location)),
        _ => None,
    })
}

/// A proposal to have another company work for the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal<'a> {
    pub name: &'a str,
    pub countries: &'a [&'a str],
    /// What it would do with the data, if it touches data.
    pub purposes: &'a [Purpose],
    pub rank: u32,
    pub notified: Date,
    pub answer: Option<(Answer, Date)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Accepted,
    Refused,
}

/// How a subcontractor stands; only an accepted one has access, data and money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SubcontractorState {
    Accepted { since: Date },
    UnderObjection { until: Date },
    Refused { on: Option<Date> },
}

/// A proposal's state on a day: places first, then the customer's answer, then the time to object.
pub fn subcontractor(terms: &Terms, proposal: &Proposal<'_>, on: Date) -> Because<SubcontractorState> {
    let Some((rule, mode)) = subcontracting(terms) else {
        let reason = say("subcontractor.unwritten", |lang| {
            lang.t(
                "Le contrat n'a pas de clause de sous-traitance : elle n'est pas autorisée (loi n° 75-1334, art. 3).",
                "The contract has no clause on subcontracting: it is not authorised (law 75-1334, art. 3).",
            )
            .to_owned()
        });
        return Because::new(SubcontractorState::Refused { on: None }, vec![reason]);
    };
    let mut reasons = Vec::new();
    if let Some(state) = barred(terms, rule, mode, proposal, &mut reasons) {
        return Because::new(state, reasons);
    }
    let until = plus(proposal.notified, mode.objection);
    let state = match proposal.answer.filter(|(_, answered)| *answered <= on) {
        Some((Answer::Accepted, on)) => SubcontractorState::Accepted { since: on },
        Some((Answer::Refused, on)) => SubcontractorState::Refused { on: Some(on) },
        None if on <= until => SubcontractorState::UnderObjection { until },
        None if mode.silence == Silence::Accepts => {
            SubcontractorState::Accepted { since: until.tomorrow().unwrap_or(until) }
        }
        None => SubcontractorState::Refused { on: until.tomorrow().ok() },
    };
    reasons.push(standing(rule, proposal, mode, state, until));
    Because::new(state, reasons)
}

/// What no answer of the customer's project team can override: it takes an amendment.
fn barred(
    terms: &Terms,
    rule: &Rule<Boundary>,
    mode: &Subcontracting,
    proposal: &Proposal<'_>,
    reasons: &mut Vec<Reason>,
) -> Option<SubcontractorState> {
    let name = proposal.name;
    if mode.mode == SubcontractingMode::Forbidden {
        reasons.push(cite("subcontractor.forbidden", rule, |lang| {
            lang.t(
                format!("Le contrat interdit la sous-traitance : {name} ne peut pas intervenir."),
                format!("The contract forbids subcontracting: {name} may not work on it."),
            )
        }));
        return Some(SubcontractorState::Refused { on: None });
    }
    if let Some(most) = mode.max_rank.filter(|most| proposal.rank > *most) {
        reasons.push(cite("subcontractor.rank", rule, |lang| {
            let rank = proposal.rank;
            lang.t(
                format!("{name} serait au rang {rank}, et le contrat s'arrête au rang {most}."),
                format!("{name} would be at rank {rank}; the contract stops at rank {most}."),
            )
        }));
        return Some(SubcontractorState::Refused { on: None });
    }
    for (purpose, country) in
        proposal.purposes.iter().flat_map(|p| proposal.countries.iter().map(move |c| (*p, *c)))
    {
        let answer = place(terms, None, purpose, country);
        if answer.value == Allowed::No {
            reasons.push(say("subcontractor.place", |lang| {
                lang.t(
                    format!("{name} travaillerait en {country}, hors des lieux admis."),
                    format!("{name} would work in {country}, outside the places allowed."),
                )
            }));
            reasons.extend(answer.reasons);
            return Some(SubcontractorState::Refused { on: None });
        }
    }
    None
}

/// The clause on subcontracting, if the contract has one.
pub fn subcontracting(terms: &Terms) -> Option<(&Rule<Boundary>, &Subcontracting)> {
    terms.boundaries.iter().find_map(|rule| match &rule.then {
        Boundary::Subcontracting(mode) => Some((rule, mode)),
        _ => None,
    })
}

/// The subcontractors that the contract names, with the rule that names each.
pub fn chain(terms: &Terms) -> impl Iterator<Item = (&Rule<Boundary>, &Subcontractor)> {
    terms.boundaries.iter().filter_map(|rule| match &rule.then {
        Boundary::Subcontractor(sub) => Some((rule, sub)),
        _ => None,
    })
}

fn standing(
    rule: &Rule<Boundary>,
    proposal: &Proposal<'_>,
    mode: &Subcontracting,
    state: SubcontractorState,
    until: Date,
) -> Reason {
    cite("subcontractor.state", rule, |lang| {
        let (name, until) = (proposal.name, day(lang, until));
        let objection = mode.objection.in_words(lang);
        match (state, mode.silence) {
            (SubcontractorState::UnderObjection { .. }, Silence::Accepts) => lang.t(
                format!("{name} : le Client a {objection} pour s'opposer, jusqu'au {until} ; son silence vaut acceptation."),
                format!("{name}: the Customer has {objection} to object, until {until}; silence accepts."),
            ),
            (SubcontractorState::UnderObjection { .. }, Silence::Refuses) => lang.t(
                format!("{name} : le Client a {objection} pour répondre, jusqu'au {until} ; son silence vaut refus."),
                format!("{name}: the Customer has {objection} to answer, until {until}; silence refuses."),
            ),
            (SubcontractorState::Accepted { since }, _) => lang.t(
                format!("{name} : accepté le {}.", day(lang, since)),
                format!("{name}: accepted on {}.", day(lang, since)),
            ),
            (SubcontractorState::Refused { on }, _) => {
                let on = on.map_or_else(String::new, |d| lang.t(format!(" le {}", day(lang, d)), format!(" on {}", day(lang, d))));
                lang.t(format!("{name} : refusé{on}."), format!("{name}: refused{on}."))
            }
        }
    })
}

/// Who owns something, as the contract says; `None`: no clause speaks of it.
pub fn owner<'a>(terms: &'a Terms, of: &str) -> Option<Because<&'a Ownership>> {
    terms.boundaries.iter().find_map(|rule| {
        let Boundary::Ownership(ownership) = &rule.then else { return None };
        let reason = (ownership.of == of).then(|| {
            cite("ownership", rule, |lang| {
                let of = &ownership.of;
                let (fr, en) = match ownership.mode {
                    OwnershipMode::Customer => ("appartient au Client", "belongs to the Customer"),
                    OwnershipMode::Assigned => ("est cédé au Client", "is assigned to the Customer"),
                    OwnershipMode::Licensed => {
                        ("reste au Prestataire, sous licence", "stays the Provider's, under licence")
                    }
                    OwnershipMode::ThirdParty => ("appartient à un tiers", "belongs to a third party"),
                };
                lang.t(format!("« {of} » {fr}."), format!("“{of}” {en}."))
            })
        })?;
        Some(Because::new(ownership, vec![reason]))
    })
}

/// Until when something kept from `from` on must be kept, and what becomes of it then.
pub fn kept_until(terms: &Terms, of: &str, from: Date) -> Option<Because<Date>> {
    terms.boundaries.iter().find_map(|rule| {
        let Boundary::Retention(retention) = &rule.then else { return None };
        if retention.of != of {
            return None;
        }
        let until = plus(from, retention.keep);
        let reason = cite("retention", rule, |lang| {
            let (keep, until) = (retention.keep.in_words(lang), day(lang, until));
            lang.t(
                format!("« {of} » : gardé {keep}, jusqu'au {until}."),
                format!("“{of}”: kept {keep}, until {until}."),
            )
        });
        Some(Because::new(until, vec![reason]))
    })
}

fn plus(date: Date, length: Length) -> Date {
    let step = match length {
        Length::Months(n) => Step::new().months(i64::from(n)),
        Length::Days(n) => Step::new().days(i64::from(n)),
        Length::WorkingDays(n) => Step::new().days(i64::from(n) * 7 / 5),
        Length::Seconds(s) => Step::new().days((s + 86_399) / 86_400),
    };
    date.saturating_add(step)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use terms::boundary::{AfterRetention, Retention};

    use super::*;
    use crate::fixture::{contract, rule};

    fn terms() -> Terms {
        let location = |purpose| {
            Boundary::Location(Location {
                dataset: "données du Client".into(),
                purpose,
                countries: vec!["FR".into()],
                place: None,
                operator: None,
                extra_eu_law: false,
                qualifications: vec![],
                change_notice: None,
            })
        };
        let mode = Subcontracting {
            mode: SubcontractingMode::Specific,
            objection: Length::Days(30),
            silence: Silence::Refuses,
            recourse: true,
            max_rank: Some(2),
            checks: vec![],
        };
        let logs = Retention {
            of: "recordings".into(),
            keep: Length::Months(12),
            then: AfterRetention::Erase,
            reason: None,
            sources: vec![],
            readers: vec![],
            apart: false,
        };
        Terms {
            boundaries: vec![
                rule("lieu", location(Purpose::Main)),
                rule("assistance", location(Purpose::Support)),
                rule("sous-traitance", Boundary::Subcontracting(mode)),
                rule("journaux", Boundary::Retention(logs)),
            ],
            ..contract()
        }
    }

    fn pixel<'a>() -> Proposal<'a> {
        Proposal {
            name: "Pixel Support Ltd",
            countries: &["TN"],
            purposes: &[Purpose::Support],
            rank: 2,
            notified: date(2026, 8, 10),
            answer: None,
        }
    }

    #[test]
    fn a_country_outside_the_list_bars_a_subcontractor_whatever_is_answered() {
        let accepted = Proposal { answer: Some((Answer::Accepted, date(2026, 9, 2))), ..pixel() };
        let state = subcontractor(&terms(), &accepted, date(2026, 9, 3));
        assert_eq!(state.value, SubcontractorState::Refused { on: None });
        assert_eq!(state.cited()[0].label, "assistance");
        assert_eq!(place(&terms(), None, Purpose::Backup, "FR").value, Allowed::Unwritten);
        assert_eq!(place(&terms(), Some("données du Client"), Purpose::Main, "FR").value, Allowed::Yes);
    }

    #[test]
    fn the_answer_then_the_silence_decide() {
        let french = Proposal { countries: &["FR"], ..pixel() };
        let state = |p: &Proposal<'_>, on| subcontractor(&terms(), p, on).value;
        assert_eq!(
            state(&french, date(2026, 9, 9)),
            SubcontractorState::UnderObjection { until: date(2026, 9, 9) }
        );
        assert_eq!(
            state(&french, date(2026, 9, 10)),
            SubcontractorState::Refused { on: Some(date(2026, 9, 10)) }
        );
        let refused = Proposal { answer: Some((Answer::Refused, date(2026, 9, 2))), ..french.clone() };
        assert_eq!(
            state(&refused, date(2026, 9, 1)),
            SubcontractorState::UnderObjection { until: date(2026, 9, 9) }
        );
        assert_eq!(
            state(&refused, date(2026, 9, 2)),
            SubcontractorState::Refused { on: Some(date(2026, 9, 2)) }
        );
        let deep = Proposal { rank: 3, ..french };
        assert_eq!(subcontractor(&terms(), &deep, date(2026, 9, 2)).reasons[0].code, "subcontractor.rank");
        assert_eq!(
            subcontractor(&contract(), &deep, date(2026, 9, 2)).reasons[0].code,
            "subcontractor.unwritten"
        );
    }

    #[test]
    fn what_is_kept_is_kept_so_long() {
        assert_eq!(kept_until(&terms(), "recordings", date(2026, 2, 28)).unwrap().value, date(2027, 2, 28));
        assert!(kept_until(&terms(), "tickets", date(2026, 2, 28)).is_none());
    }
}
