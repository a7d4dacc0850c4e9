//! Scoring the answers to a call for tenders: marks, weights, and who is out.
//!
//! A bid under an eliminatory threshold is out before anything is computed: it never enters the lowest
//! or the highest price, which would move everybody else's mark (M-30).

use base::fraction::{self, Fraction};
use base::lang::{decimal, percent};
use base::{Because, Money, Reason};
use serde::{Deserialize, Serialize};

use crate::say::{figure, say};

/// How bids are scored, as the call for tenders published it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoring {
    /// The highest mark of each criterion: 20.
    pub out_of: u32,
    #[serde(with = "fraction::text")]
    pub price_weight: Fraction,
    pub price_formula: PriceFormula,
    pub criteria: Vec<Criterion>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceFormula {
    /// Lowest price / price.
    Proportional,
    /// (Highest − price) / (highest − lowest): the dearest has zero.
    Linear,
}

/// A criterion marked by people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub name: String,
    #[serde(with = "fraction::text")]
    pub weight: Fraction,
    /// A bid under this mark is out.
    #[serde(with = "fraction::optional_text", default)]
    pub eliminatory_under: Option<Fraction>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bid {
    pub name: String,
    pub price: Money,
    /// One for each criterion, in their order.
    pub marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(#[serde(with = "fraction::text")] pub Fraction);

/// What a bid comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub bid: String,
    /// `None`: eliminated, or unreadable (marks missing, or no price).
    #[serde(with = "fraction::optional_text", default)]
    pub mark: Option<Fraction>,
    /// From 1; bids with the same mark share a rank.
    pub rank: Option<u32>,
}

/// The bids from the best to the worst, then those that are out, each with its reasons.
pub fn score(scoring: &Scoring, bids: &[Bid]) -> Vec<Because<Score>> {
    let (mut kept, mut out) = (Vec::new(), Vec::new());
    for bid in bids {
        match eliminated(scoring, bid) {
            Some(reason) => {
                out.push(Because::new(Score { bid: bid.name.clone(), mark: None, rank: None }, vec![reason]))
            }
            None => kept.push(bid),
        }
    }
    let prices = || kept.iter().map(|b| b.price.exact());
    let (lowest, highest) = (prices().min().unwrap_or_default(), prices().max().unwrap_or_default());
    let mut scores: Vec<Because<Score>> = kept.iter().map(|bid| one(scoring, bid, lowest, highest)).collect();
    scores.sort_by(|a, b| b.value.mark.cmp(&a.value.mark).then_with(|| a.value.bid.cmp(&b.value.bid)));
    let marks: Vec<Option<Fraction>> = scores.iter().map(|s| s.value.mark).collect();
    for (score, nth) in scores.iter_mut().zip(0..) {
        let ahead = marks[..nth].iter().filter(|mark| **mark > score.value.mark).count();
        score.value.rank = u32::try_from(ahead + 1).ok();
    }
    scores.extend(out);
    scores
}

fn eliminated(scoring: &Scoring, bid: &Bid) -> Option<Reason> {
    if bid.price.cents <= 0 || bid.marks.len() != scoring.criteria.len() {
        return Some(say("tender.unreadable", |lang| {
            let name = &bid.name;
            lang.t(
                format!("{name}\u{a0}: il manque un prix ou une note, l'offre ne peut pas être notée."),
                format!("{name}: a price or a mark is missing, the bid cannot be scored."),
            )
        }));
    }
    let (criterion, mark, least) =
        scoring.criteria.iter().zip(&bid.marks).find_map(|(criterion, mark)| {
            let least = criterion.eliminatory_under?;
            (mark.0 < least).then_some((criterion, mark.0, least))
        })?;
    Some(say("tender.eliminated", |lang| {
        let (name, criterion, out_of) = (&bid.name, &criterion.name, scoring.out_of);
        let (mark, least) = (figure(lang, mark), figure(lang, least));
        lang.t(
            format!("{name} est éliminée\u{a0}: {mark}/{out_of} au critère « {criterion} », sous le seuil de {least}. Son prix n'entre dans aucun calcul."),
            format!("{name} is out: {mark}/{out_of} on “{criterion}”, under the threshold of {least}. Its price enters no computation."),
        )
    }))
}

fn one(scoring: &Scoring, bid: &Bid, lowest: Fraction, highest: Fraction) -> Because<Score> {
    let top = Fraction::from_integer(i128::from(scoring.out_of));
    let price = bid.price.exact();
    let (share, formula) = match scoring.price_formula {
        PriceFormula::Proportional => (lowest / price, "min / prix"),
        // A single price, or equal ones: nobody is dearer.
        PriceFormula::Linear if highest == lowest => (Fraction::from_integer(1), "max = min"),
        PriceFormula::Linear => ((highest - price) / (highest - lowest), "(max − prix) / (max − min)"),
    };
    let price_mark = share * top;
    let mut total = price_mark * scoring.price_weight;
    let mut reasons = vec![say("tender.price", |lang| {
        let (mark, weight) = (decimal(lang, price_mark, 4), percent(lang, scoring.price_weight));
        let (price, out_of) = (bid.price.show(lang), scoring.out_of);
        let english = formula.replace("prix", "price");
        lang.t(
            format!("Prix {price}\u{a0}: {out_of} × {formula} = {mark}, pour {weight}."),
            format!("Price {price}: {out_of} × {english} = {mark}, for {weight}."),
        )
    })];
    for (criterion, mark) in scoring.criteria.iter().zip(&bid.marks) {
        total += mark.0 * criterion.weight;
        reasons.push(say("tender.mark", |lang| {
            let (mark, weight) = (figure(lang, mark.0), percent(lang, criterion.weight));
            let (name, out_of) = (&criterion.name, scoring.out_of);
            lang.t(
                format!("{name}\u{a0}: {mark}/{out_of}, pour {weight}."),
                format!("{name}: {mark}/{out_of}, for {weight}."),
            )
        }));
    }
    reasons.push(say("tender.total", |lang| {
        let (total, out_of, name) = (decimal(lang, total, 4), scoring.out_of, &bid.name);
        lang.t(
            format!("{name}\u{a0}: {total}/{out_of} en tout."),
            format!("{name}: {total}/{out_of} overall."),
        )
    }));
    Because::new(Score { bid: bid.name.clone(), mark: Some(total), rank: None }, reasons)
}
