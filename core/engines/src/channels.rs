//! How a request may reach the provider: the ways that every contract knows, and those that this one names.
//!
//! No clause lists channels. A contract brings one by naming it in the condition of a clause that
//! tickets are judged by: « pris par l'astreinte » is `when = { channel = ["astreinte"] }`.

use std::collections::BTreeMap;

use base::{Because, Bilingual, Provenance};
use terms::{Dimension, Terms};

use crate::say::say;

/// Known to every contract; `api` is what a program tells.
pub const STANDARD: [&str; 5] = ["portal", "phone", "email", "api", "on_site"];

/// « téléphone »; `None` for a channel that a contract names: it has that name only.
pub fn name(channel: &str) -> Option<Bilingual> {
    let (fr, en) = match channel {
        "portal" => ("portail", "portal"),
        "phone" => ("téléphone", "telephone"),
        "email" => ("courriel", "e-mail"),
        "api" => ("API", "API"),
        "on_site" => ("sur place", "on site"),
        _ => return None,
    };
    Some(Bilingual::new(fr, en))
}

/// The channels that a ticket of this contract may come through: the standard ones, which rest on no
/// clause, then the contract's own in the order of the alphabet, each with the clauses that name it.
pub fn channels(terms: &Terms) -> Vec<Because<String>> {
    let standard = STANDARD.into_iter().map(|channel| Because::new(channel.to_owned(), Vec::new()));
    let own = named(terms).into_iter().map(|(channel, clauses)| {
        let reason = say("channel.named", |lang| {
            lang.t(
                format!("Le canal «\u{a0}{channel}\u{a0}» est nommé par cette clause."),
                format!("This clause names the channel “{channel}”."),
            )
        });
        let reasons = clauses.into_iter().map(|clause| reason.clone().citing(clause)).collect();
        Because::new(channel.to_owned(), reasons)
    });
    standard.chain(own).collect()
}

/// The channels in the conditions of the clauses that a ticket is judged by, but for the standard ones.
fn named(terms: &Terms) -> BTreeMap<&str, Vec<&Provenance>> {
    let mut found: BTreeMap<&str, Vec<&Provenance>> = BTreeMap::new();
    macro_rules! look {
        ($($rules:ident),*) => {$(
            for rule in &terms.$rules {
                for channel in rule.when.values.get(&Dimension::Channel).into_iter().flatten() {
                    if !STANDARD.contains(&channel.as_str()) {
                        found.entry(channel).or_default().push(&rule.from);
                    }
                }
            }
        )*};
    }
    look!(
        calendars,
        commitments,
        objectives,
        pauses,
        availabilities,
        perimeter,
        operations,
        meters,
        penalties,
        penalty_caps
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, when};

    #[test]
    fn a_contract_adds_the_channels_that_its_clauses_name() {
        let mut terms = contract();
        let plain: Vec<String> = channels(&terms).into_iter().map(|c| c.value).collect();
        assert_eq!(plain, STANDARD);
        assert!(STANDARD.iter().all(|channel| name(channel).is_some()) && name("guichet").is_none());

        let first = terms.operations.remove(0);
        terms.operations.insert(0, when(first, Dimension::Channel, &["phone", "guichet"]));
        let meter = terms.meters.remove(0);
        terms.meters.insert(0, when(meter, Dimension::Channel, &["astreinte", "guichet"]));
        let known = channels(&terms);
        let named: Vec<(&str, Vec<&str>)> = known
            .iter()
            .map(|c| (c.value.as_str(), c.cited().into_iter().map(|p| p.label.as_str()).collect()))
            .collect();
        let (operation, meter) = (terms.operations[0].label(), terms.meters[0].label());
        let own = [("astreinte", vec![meter]), ("guichet", vec![operation, meter])];
        assert_eq!(named[STANDARD.len()..], own, "« phone » is every contract's already");
        assert!(named[..STANDARD.len()].iter().all(|(_, clauses)| clauses.is_empty()));
    }
}
