//! What binds the whole chain, whichever promise rests on it: places, retention, notices, the exit.

use base::{Lang, Length};
use terms::boundary::{Boundary, Location, Retention, Subcontracting, SubcontractingMode};
use terms::{Duty, DutyDue, Rule, Terms, Trigger};

use super::Pair;
use super::promises::longer;
use crate::diagnostic::Diagnostic;

pub(super) fn check(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    places(pair, out);
    retention(pair, out);
    chain(pair, out);
    notices(pair, out);
    exit(pair, out);
    term(pair, out);
}

fn of<'a, T: 'a>(
    terms: &'a Terms,
    pick: impl Fn(&'a Boundary) -> Option<&'a T> + 'a,
) -> impl Iterator<Item = (&'a Rule<Boundary>, &'a T)> + 'a {
    terms.boundaries.iter().filter_map(move |rule| Some((rule, pick(&rule.then)?)))
}

fn location(boundary: &Boundary) -> Option<&Location> {
    match boundary {
        Boundary::Location(location) => Some(location),
        _ => None,
    }
}

fn kept(boundary: &Boundary) -> Option<&Retention> {
    match boundary {
        Boundary::Retention(retention) => Some(retention),
        _ => None,
    }
}

fn mode(boundary: &Boundary) -> Option<&Subcontracting> {
    match boundary {
        Boundary::Subcontracting(mode) => Some(mode),
        _ => None,
    }
}

/// A country that the customer did not allow for that purpose.
fn places(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    for (theirs, bought) in of(&pair.subcontract.terms, location) {
        let allowed: Vec<_> =
            of(&pair.customer.terms, location).filter(|(_, l)| l.purpose == bought.purpose).collect();
        let outside = bought
            .countries
            .iter()
            .find(|country| !allowed.iter().any(|(_, l)| l.countries.contains(country)));
        let Some((country, (mine, _))) = outside.zip(allowed.first()) else { continue };
        out.push(
            Diagnostic::error(
                "E-BACK-PLACE",
                pair.there(theirs.label(), "countries"),
                format!("[{}] permet {country}, que [{}] n'admet pas", theirs.label(), mine.label()),
                format!("[{}] allows {country}, which [{}] does not", theirs.label(), mine.label()),
            )
            .related(
                pair.here(mine.label()),
                "les pays que le client admet",
                "the countries the customer allows",
            )
            .help(
                format!("retirez {country} du sous-contrat, ou faites-l'admettre par un avenant"),
                format!("take {country} out of the subcontract, or have it allowed by an amendment"),
            ),
        );
    }
}

/// Kept as long as promised.
fn retention(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    for (mine, promised) in of(&pair.customer.terms, kept) {
        for (theirs, bought) in of(&pair.subcontract.terms, kept).filter(|(_, r)| r.of == promised.of) {
            if longer(promised.keep, bought.keep) != Some(false) {
                out.push(shorter(
                    pair,
                    "E-BACK-RETENTION",
                    (mine.label(), promised.keep),
                    (theirs.label(), "keep", bought.keep),
                ));
            }
        }
    }
}

fn shorter(
    pair: &Pair<'_>,
    code: &'static str,
    (here, promised): (&str, Length),
    (there, field, bought): (&str, &str, Length),
) -> Diagnostic {
    Diagnostic::error(
        code,
        pair.there(there, field),
        format!(
            "[{there}] donne {} quand [{here}] promet {}",
            bought.in_words(Lang::Fr),
            promised.in_words(Lang::Fr)
        ),
        format!(
            "[{there}] gives {} where [{here}] promises {}",
            bought.in_words(Lang::En),
            promised.in_words(Lang::En)
        ),
    )
    .related(pair.here(here), "ce qui est promis au client", "what the customer is promised")
    .help(
        format!("obtenez {} du sous-traitant", promised.in_words(Lang::Fr)),
        format!("obtain {} from the subcontractor", promised.in_words(Lang::En)),
    )
}

/// The subcontractor may not subcontract more freely than the provider itself.
fn chain(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    let free = |mode: SubcontractingMode| match mode {
        SubcontractingMode::Forbidden => 0,
        SubcontractingMode::Specific => 1,
        SubcontractingMode::General => 2,
    };
    let Some((mine, ours)) = of(&pair.customer.terms, mode).next() else { return };
    for (theirs, bought) in of(&pair.subcontract.terms, mode) {
        if free(bought.mode) > free(ours.mode) {
            out.push(
                Diagnostic::error(
                    "E-BACK-CHAIN",
                    pair.there(theirs.label(), "mode"),
                    format!("[{}] laisse sous-traiter plus librement que [{}]", theirs.label(), mine.label()),
                    format!(
                        "[{}] lets work be subcontracted more freely than [{}]",
                        theirs.label(),
                        mine.label()
                    ),
                )
                .related(pair.here(mine.label()), "ce que le client admet", "what the customer allows")
                .help(
                    "reprenez dans le sous-contrat le mode du contrat",
                    "write the contract's mode in the subcontract",
                ),
            );
        }
    }
}

/// The provider cannot tell the customer in time what it learns too late (GDPR art. 33(2)).
fn notices(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    for trigger in [Trigger::PersonalDataBreach, Trigger::SecurityIncident, Trigger::IncidentDetected] {
        let notice = |terms: &'_ Terms| -> Option<(String, Length)> {
            let told = |r: &&Rule<Duty>| {
                matches!(&r.then.due, DutyDue::Within { of, .. } if *of == trigger)
                    && r.then.proof == terms::DutyProof::Notice
            };
            let rule = terms.duties.iter().find(told)?;
            let DutyDue::Within { length, .. } = rule.then.due else { return None };
            Some((rule.label().to_owned(), length))
        };
        let Some((here, promised)) = notice(&pair.customer.terms) else { continue };
        match notice(&pair.subcontract.terms) {
            Some((there, bought)) if longer(bought, promised) != Some(false) => {
                out.push(shorter(pair, "E-BACK-NOTICE", (&here, promised), (&there, "label", bought)).help(
                    "le sous-traitant doit prévenir avant que le prestataire ne doive le faire",
                    "the subcontractor has to tell before the provider has to",
                ));
            }
            Some(_) => {}
            None if trigger == Trigger::PersonalDataBreach => out.push(
                Diagnostic::error(
                    "E-BACK-NOTICE",
                    pair.nowhere(),
                    format!("ce sous-contrat ne dit pas quand le sous-traitant avise d'une violation de données, et [{here}] le promet au client"),
                    format!("this subcontract does not say when the subcontractor tells of a data breach, and [{here}] promises it to the customer"),
                )
                .related(pair.here(&here), "ce qui est promis au client", "what the customer is promised")
                .help("ajoutez une clause personal_data au sous-contrat", "add a clause personal_data to the subcontract"),
            ),
            None => {}
        }
    }
}

/// What the customer gets back must come back from the subcontractor, in formats it was promised.
fn exit(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    let formats = |c: &crate::Compiled| {
        let clause = c.clauses.iter().find(|k| k.is("reversibility"))?;
        Some((clause.label.clone(), crate::clauses::Fields::new(clause).texts("formats")))
    };
    let (Some((here, promised)), Some((there, bought))) = (formats(pair.customer), formats(pair.subcontract))
    else {
        return;
    };
    // The provider may convert, but not from nothing: one promised format at least has to be handed over.
    if !promised.is_empty() && !bought.iter().any(|f| promised.contains(f)) {
        let (theirs, ours) = (bought.join(", "), promised.join(", "));
        out.push(
            Diagnostic::error(
                "E-BACK-FORMAT",
                pair.there(&there, "formats"),
                format!("[{there}] restitue en {theirs}, et [{here}] promet {ours}"),
                format!("[{there}] hands over {theirs}, and [{here}] promises {ours}"),
            )
            .related(pair.here(&here), "ce qui est promis au client", "what the customer is promised")
            .help("obtenez l'un des formats promis", "obtain one of the formats promised"),
        );
    }
}

/// A subcontract that ends first leaves promises with nothing under them.
fn term(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    let end = |terms: &Terms| {
        terms.term.as_ref().and_then(|t| Some((t.label().to_owned(), t.then.end()?, t.then.renewal)))
    };
    let (Some((here, ours, _)), Some((there, theirs, renewal))) =
        (end(&pair.customer.terms), end(&pair.subcontract.terms))
    else {
        return;
    };
    if theirs < ours {
        let renews = matches!(renewal, terms::Renewal::Tacit { .. });
        let day = |lang| base::lang::date(lang, theirs);
        let (fr, en) = (
            format!("ce sous-contrat s'achève le {}, avant le contrat", day(Lang::Fr)),
            format!("this subcontract ends on {}, before the contract", day(Lang::En)),
        );
        let remark = if renews {
            Diagnostic::warning("W-BACK-TERM", pair.there(&there, "lasts"), fr, en)
        } else {
            Diagnostic::error("E-BACK-TERM", pair.there(&there, "lasts"), fr, en)
        };
        out.push(remark.related(pair.here(&here), "la durée du contrat", "the contract's term").help(
            "faites durer le sous-contrat autant que le contrat",
            "have the subcontract last as long as the contract",
        ));
    }
}
