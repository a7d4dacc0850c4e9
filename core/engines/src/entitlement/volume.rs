//! Prices by volume, and errors beyond a tolerance.

use base::fraction::{self, Fraction};
use base::lang::{decimal, integer, percent};
use base::{Because, Money, Rounding};
use serde::{Deserialize, Serialize};
use terms::volume::{Band, BandScheme};
use terms::{Accuracy, PenaltyTax, Rule, VolumeBands};

use crate::say::{cite, plural};

/// Units at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandLine {
    pub count: u32,
    pub unit_price: Money,
    pub net: Money,
}

/// What a month's volume costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeCharge {
    pub processed: u32,
    /// The minimum, or what was processed if it is more.
    pub billed: u32,
    pub lines: Vec<BandLine>,
    /// Net of VAT.
    pub net: Money,
    /// The end of the band that the volume comes near to, or reaches.
    pub alert: Option<u32>,
}

/// What so many units of a month cost.
pub fn charge(rule: &Rule<VolumeBands>, processed: u32) -> Because<VolumeCharge> {
    let clause = &rule.then;
    let billed = processed.max(clause.minimum);
    let lines = match clause.scheme {
        BandScheme::Graduated => graduated(&clause.bands, billed),
        BandScheme::AllUnits => {
            band_of(&clause.bands, billed).map(|band| line(billed, band.unit_price)).into_iter().collect()
        }
    };
    let currency = clause.bands.first().map(|b| b.unit_price.currency).unwrap_or_default();
    let net = lines.iter().fold(Money::zero(currency), |sum, l| sum + l.net);
    let alert = near(clause, processed);
    let mut reasons = Vec::new();
    if billed > processed {
        reasons.push(cite("volume.minimum", rule, |lang| {
            let (n, least) = (integer(lang, i64::from(processed)), integer(lang, i64::from(billed)));
            lang.t(
                format!("{n} traités, le minimum facturé est de {least}."),
                format!("{n} processed, at least {least} are billed."),
            )
        }));
    }
    reasons.extend(lines.iter().map(|line| {
        cite("volume.band", rule, |lang| {
            let (n, price, net) =
                (integer(lang, i64::from(line.count)), line.unit_price.show(lang), line.net.show(lang));
            lang.t(
                format!("« {} »\u{a0}: {n} × {price} = {net}.", clause.title),
                format!("“{}”: {n} × {price} = {net}.", clause.title),
            )
        })
    }));
    reasons.extend(alert.map(|edge| {
        cite("volume.alert", rule, |lang| {
            let (n, edge) = (integer(lang, i64::from(processed)), integer(lang, i64::from(edge)));
            let at = percent(lang, clause.alert_at);
            lang.t(
                format!("{n} traités\u{a0}: le seuil d'alerte de {at} de la tranche de {edge} est atteint."),
                format!("{n} processed: the threshold of {at} of the band of {edge} is reached."),
            )
        })
    }));
    Because::new(VolumeCharge { processed, billed, lines, net, alert }, reasons)
}

fn line(count: u32, unit_price: Money) -> BandLine {
    let net = unit_price.times(Fraction::from_integer(i128::from(count)), Rounding::CENTS);
    BandLine { count, unit_price, net }
}

fn graduated(bands: &[Band], billed: u32) -> Vec<BandLine> {
    let mut from = 0;
    let mut lines = Vec::new();
    for band in bands {
        let to = band.up_to.unwrap_or(u32::MAX).min(billed);
        if to > from {
            lines.push(line(to - from, band.unit_price));
            from = to;
        }
    }
    lines
}

fn band_of(bands: &[Band], count: u32) -> Option<&Band> {
    bands.iter().find(|b| b.up_to.is_none_or(|up_to| count <= up_to))
}

/// The end of the band the volume falls in, once the threshold of it is reached.
fn near(clause: &VolumeBands, processed: u32) -> Option<u32> {
    let edge = band_of(&clause.bands, processed)?.up_to?;
    let reached = Fraction::from_integer(i128::from(processed))
        >= Fraction::from_integer(i128::from(edge)) * clause.alert_at;
    reached.then_some(edge)
}

/// How exact a month's work was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccuracyResult {
    /// Without error, as a fraction of the volume; exact.
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
    pub tolerated: u32,
    pub excess: u32,
    pub amount: Money,
    pub tax: PenaltyTax,
}

/// What `errors` of `volume` units cost; a month without volume is exact.
pub fn accuracy(rule: &Rule<Accuracy>, volume: u32, errors: u32) -> Because<AccuracyResult> {
    let clause = &rule.then;
    let count = |n: u32| Fraction::from_integer(i128::from(n));
    let errors = errors.min(volume);
    let rate =
        if volume == 0 { Fraction::from_integer(1) } else { (count(volume) - count(errors)) / count(volume) };
    let rounding = Rounding { digits: 0, mode: clause.tolerated_rounding };
    let tolerated = u32::try_from(rounding.scaled(count(volume) * clause.tolerance)).unwrap_or(u32::MAX);
    let excess = errors.saturating_sub(tolerated);
    let amount = clause.price_per_excess.times(count(excess), Rounding::CENTS);
    let reasons = vec![
        cite("accuracy.rate", rule, |lang| {
            let (n, of) = (integer(lang, i64::from(errors)), integer(lang, i64::from(volume)));
            let rate = decimal(lang, rate * Fraction::from_integer(100), 6);
            let (erreurs, english) =
                (plural(lang, errors, "erreur", "erreurs"), plural(lang, errors, "error", "errors"));
            lang.t(
                format!("{n} {erreurs} sur {of}\u{a0}: {rate}\u{a0}% d'exactitude."),
                format!("{n} {english} out of {of}: {rate}% exact."),
            )
        }),
        cite("accuracy.amount", rule, |lang| {
            let (tolerance, price) = (percent(lang, clause.tolerance), clause.price_per_excess.show(lang));
            let (kept, excess) = (integer(lang, i64::from(tolerated)), integer(lang, i64::from(excess)));
            let amount = amount.show(lang);
            lang.t(
                format!(
                    "Tolérance de {tolerance}, soit {kept}\u{202f}; {excess} au-delà × {price} = {amount}."
                ),
                format!("Tolerance of {tolerance}, that is {kept}; {excess} beyond × {price} = {amount}."),
            )
        }),
    ];
    Because::new(AccuracyResult { rate, tolerated, excess, amount, tax: clause.tax }, reasons)
}
