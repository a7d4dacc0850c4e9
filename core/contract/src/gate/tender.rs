//! How the provider was chosen, as the preparation file tells it: a list closed beforehand, bids in time,
//! criteria that weigh or eliminate, a reason for each mark, and the contract signed with the one chosen.
//!
//! Seed 001, line 3, and seed 004, line 32 (S-027, S-094, S-095, S-204, S-205). The marks are people's; the
//! ranking is computed again here, by the engine, and never taken from the file.

use std::collections::BTreeSet;

use base::fraction::{Fraction, parse_percent};
use base::party_id::Siren;
use base::{Because, Money};
use engines::tender::{Bid, Criterion, Mark, PriceFormula, Score, Scoring, score};
use terms::PartyRole;

use super::preparation::{date, get, rows, text};
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::{Entry, Node, Value};

pub(super) fn check(compiled: &Compiled, entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let Some(tender) = get(entries, "consultation") else { return };
    let before = out.len();
    in_time(tender, out);
    weights(tender, out);
    marks(tender, out);
    // With a bid that should not be there, or marks amiss, the ranking would mean nothing.
    if !out[before..].iter().any(Diagnostic::is_error) {
        award(tender, out);
    }
    signed_with_the_one_chosen(compiled, tender, out);
    needs(entries, tender, out);
}

/// The ranking of the bids of a preparation file, each with the reasons of its mark; empty without a
/// `[consultation]` that can be read.
pub(super) fn ranking(entries: &[Entry]) -> Vec<Because<Score>> {
    get(entries, "consultation")
        .and_then(read)
        .map(|(scoring, bids)| score(&scoring, &bids))
        .unwrap_or_default()
}

fn integer(table: &Value, key: &str) -> Option<u32> {
    match table.get(key)?.node {
        Node::Integer(n) => u32::try_from(n).ok(),
        _ => None,
    }
}

fn percent(table: &Value, key: &str) -> Option<Fraction> {
    text(table, key).and_then(parse_percent)
}

fn read(tender: &Value) -> Option<(Scoring, Vec<Bid>)> {
    let criterion = |row: &Value| {
        let least = integer(row, "eliminatory_under").map(|n| Fraction::from_integer(i128::from(n)));
        Some(Criterion {
            name: text(row, "name")?.to_owned(),
            weight: percent(row, "weight")?,
            eliminatory_under: least,
        })
    };
    let criteria: Vec<Criterion> = rows(tender, "criteria").iter().filter_map(criterion).collect();
    let bid = |row: &Value| {
        let mark = |criterion: &Criterion| {
            let of = |m: &&Value| text(m, "criterion") == Some(criterion.name.as_str());
            let mark = integer(rows(row, "marks").iter().find(of)?, "mark")?;
            Some(Mark(Fraction::from_integer(i128::from(mark))))
        };
        Some(Bid {
            name: text(row, "bidder")?.to_owned(),
            price: Money::parse(text(row, "price")?).ok()?,
            marks: criteria.iter().filter_map(mark).collect(),
        })
    };
    let bids = rows(tender, "bids").iter().filter_map(bid).collect();
    let price_formula = match text(tender, "price_formula")? {
        "linear" => PriceFormula::Linear,
        _ => PriceFormula::Proportional,
    };
    let (out_of, price_weight) = (integer(tender, "out_of")?, percent(tender, "price_weight")?);
    Some((Scoring { out_of, price_weight, price_formula, criteria }, bids))
}

/// Only those invited may file, by the deadline, and nothing is opened before it.
fn in_time(tender: &Value, out: &mut Vec<Diagnostic>) {
    let invited: Vec<&str> = rows(tender, "invited").iter().filter_map(Value::as_text).collect();
    let deadline = date(tender, "deadline");
    for bid in rows(tender, "bids") {
        let name = text(bid, "bidder").unwrap_or_default();
        if !name.is_empty() && !invited.contains(&name) {
            let help = suggestion(name, invited.iter().copied());
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-BIDDER",
                    bid.get("bidder").map_or(bid.span, |v| v.span),
                    format!("« {name} » n'était pas sur la liste des candidats consultés : son offre n'est pas recevable"),
                    format!("“{name}” was not on the list of bidders invited: its bid is not admissible"),
                )
                .help(help.fr, help.en),
            );
        }
        if let (Some((place, filed)), Some((end, last))) = (date(bid, "filed"), deadline)
            && filed > last
        {
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-DEADLINE",
                    place,
                    format!("l'offre de « {name} » est arrivée après la date limite"),
                    format!("the bid of “{name}” came after the deadline"),
                )
                .related(end, "date limite", "deadline")
                .help(
                    "retirez-la des offres, ou corrigez la date",
                    "take it out of the bids, or correct the date",
                ),
            );
        }
    }
    if let (Some((place, opened)), Some((end, last))) = (date(tender, "opened"), deadline)
        && opened < last
    {
        out.push(
            Diagnostic::error(
                "E-PREPARATION-OPENED",
                place,
                "les offres auraient été ouvertes avant la date limite de remise",
                "the bids would have been opened before the deadline",
            )
            .related(end, "date limite", "deadline")
            .help("corrigez l'une des deux dates", "correct one of the two dates"),
        );
    }
}

fn weights(tender: &Value, out: &mut Vec<Diagnostic>) {
    let each = rows(tender, "criteria").iter().map(|row| percent(row, "weight"));
    let Some(all) = each.chain([percent(tender, "price_weight")]).collect::<Option<Vec<Fraction>>>() else {
        return;
    };
    let sum = all.into_iter().sum::<Fraction>();
    if sum != Fraction::from_integer(1) {
        let (fr, en) = (base::lang::percent(base::Lang::Fr, sum), base::lang::percent(base::Lang::En, sum));
        out.push(
            Diagnostic::error(
                "E-PREPARATION-WEIGHTS",
                tender.get("price_weight").map_or(tender.span, |v| v.span),
                format!("les poids du prix et des critères font {fr}, et non 100 %"),
                format!("the weights of the price and the criteria come to {en}, not 100%"),
            )
            .help("répartissez 100 % entre eux", "share 100% out between them"),
        );
    }
}

/// Each bid has one mark for each criterion, no higher than the highest.
fn marks(tender: &Value, out: &mut Vec<Diagnostic>) {
    let out_of = integer(tender, "out_of").unwrap_or(u32::MAX);
    let criteria: Vec<&str> = rows(tender, "criteria").iter().filter_map(|c| text(c, "name")).collect();
    for bid in rows(tender, "bids") {
        let given: Vec<&str> = rows(bid, "marks").iter().filter_map(|m| text(m, "criterion")).collect();
        let mut sorted = (criteria.clone(), given);
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        let high = rows(bid, "marks").iter().any(|m| integer(m, "mark").is_some_and(|mark| mark > out_of));
        if sorted.0 != sorted.1 || high {
            let (name, list) = (text(bid, "bidder").unwrap_or_default(), criteria.join(", "));
            out.push(
                Diagnostic::error(
                    "E-PREPARATION-MARKS",
                    bid.get("marks").map_or(bid.span, |v| v.span),
                    format!("l'offre de « {name} » n'a pas une note par critère, de 0 à {out_of}"),
                    format!(
                        "the bid of “{name}” does not have one mark for each criterion, from 0 to {out_of}"
                    ),
                )
                .help(format!("notez une fois chacun : {list}"), format!("mark each once: {list}")),
            );
        }
    }
}

/// The one chosen has the best mark, or a reason is written; one that is out cannot be chosen.
fn award(tender: &Value, out: &mut Vec<Diagnostic>) {
    let (Some(awarded), Some((scoring, bids))) = (text(tender, "awarded"), read(tender)) else { return };
    let place = tender.get("awarded").map_or(tender.span, |v| v.span);
    let scores = score(&scoring, &bids);
    let Some(chosen) = scores.iter().find(|s| s.value.bid == awarded) else {
        let help = suggestion(awarded, bids.iter().map(|b| b.name.as_str()));
        out.push(
            Diagnostic::error(
                "E-PREPARATION-AWARD",
                place,
                format!("« {awarded} » n'a pas remis d'offre"),
                format!("“{awarded}” filed no bid"),
            )
            .help(help.fr, help.en),
        );
        return;
    };
    let why = |s: &Because<Score>| {
        s.reasons.last().map(|r| r.text.clone()).unwrap_or_else(|| base::Bilingual::new("", ""))
    };
    let best = scores.iter().filter(|s| s.value.rank == Some(1));
    let best: Vec<&str> = best.map(|s| s.value.bid.as_str()).collect();
    let told = text(tender, "awarded_because").is_some();
    match chosen.value.rank {
        Some(1) => {}
        Some(_) if told => {}
        Some(_) => out.push(
            Diagnostic::error(
                "E-PREPARATION-AWARD",
                place,
                format!(
                    "« {awarded} » n'a pas la meilleure note. {} La meilleure est celle de « {} »",
                    why(chosen).fr,
                    best.join(", ")
                ),
                format!(
                    "“{awarded}” does not have the best mark. {} The best is that of “{}”",
                    why(chosen).en,
                    best.join(", ")
                ),
            )
            .help(
                "retenez la meilleure offre, ou dites pourquoi : awarded_because = \"raison\"",
                "choose the best bid, or say why not: awarded_because = \"reason\"",
            ),
        ),
        None => out.push(
            Diagnostic::error(
                "E-PREPARATION-AWARD",
                place,
                format!("l'offre retenue est éliminée. {}", why(chosen).fr),
                format!("the bid chosen is out. {}", why(chosen).en),
            )
            .help("retenez une offre qui passe tous les seuils", "choose a bid that passes every threshold"),
        ),
    }
}

/// S-094: the bidder becomes the provider, and it is the same company.
fn signed_with_the_one_chosen(compiled: &Compiled, tender: &Value, out: &mut Vec<Diagnostic>) {
    let provider =
        compiled.terms.parties.iter().map(|rule| &rule.then).find(|p| p.role == PartyRole::Provider);
    let (Some(awarded), Some(provider)) = (text(tender, "awarded"), provider) else { return };
    let bid = rows(tender, "bids").iter().find(|b| text(b, "bidder") == Some(awarded));
    let siren = bid.and_then(|b| text(b, "siren")).and_then(|s| Siren::parse(s).ok());
    // The number tells companies apart; the name does when either has none.
    let same = match (&siren, &provider.siren) {
        (Some(bidder), Some(party)) => bidder == party,
        _ => awarded == provider.name,
    };
    if !same {
        out.push(
            Diagnostic::error(
                "E-PREPARATION-PROVIDER",
                tender.get("awarded").map_or(tender.span, |v| v.span),
                format!(
                    "le marché est attribué à « {awarded} », et le contrat est passé avec « {} »",
                    provider.name
                ),
                format!(
                    "the tender is awarded to “{awarded}”, and the contract is made with “{}”",
                    provider.name
                ),
            )
            .help(
                "le candidat retenu devient le prestataire : même nom, même SIREN",
                "the bidder chosen becomes the provider: same name, same SIREN",
            ),
        );
    }
}

/// S-095: bids answer need by need, and the one chosen answers all of them.
fn needs(entries: &[Entry], tender: &Value, out: &mut Vec<Diagnostic>) {
    let needs = get(entries, "needs").and_then(Value::as_array).unwrap_or_default();
    let known: BTreeSet<&str> = needs.iter().filter_map(|n| text(n, "id")).collect();
    let awarded = text(tender, "awarded");
    for bid in rows(tender, "bids") {
        let mut answered = BTreeSet::new();
        for answer in rows(bid, "answers") {
            let Some(id) = answer.as_text() else { continue };
            if answered.insert(id) && !known.contains(id) {
                let help = suggestion(id, known.iter().copied());
                out.push(
                    Diagnostic::error(
                        "E-PREPARATION-ANSWER",
                        answer.span,
                        format!("aucun besoin ne porte le numéro « {id} »"),
                        format!("no need has the number “{id}”"),
                    )
                    .help(help.fr, help.en),
                );
            }
        }
        let left: Vec<&str> = known.difference(&answered).copied().collect();
        if text(bid, "bidder") == awarded && !left.is_empty() {
            let left = left.join(", ");
            out.push(
                Diagnostic::warning(
                    "W-PREPARATION-ANSWER",
                    bid.get("answers").map_or(bid.span, |v| v.span),
                    format!("l'offre retenue ne répond pas à ces besoins : {left}"),
                    format!("the bid chosen does not answer these needs: {left}"),
                )
                .help(
                    "obtenez la réponse avant de signer, et ajoutez leurs numéros à answers",
                    "get the answer before signing, and add their numbers to answers",
                ),
            );
        }
    }
}
