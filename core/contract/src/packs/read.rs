//! Reading a pack's file. The files are part of the program: a mistake in one is a failing test.

use std::collections::BTreeMap;

use base::Bilingual;
use jiff::civil::Date;
use serde::Deserialize;
use toml::value::Datetime;

use super::Pack;

/// What becomes of a rule that is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A warning, and an error at signature.
    Mandatory,
    Warning,
    Advice,
}

/// One thing that a text asks for, or advises against.
#[derive(Debug)]
pub struct PackRule {
    /// With its severity: `W-MISSING-LIABILITY`.
    pub code: &'static str,
    /// At the signature's gate: `E-MISSING-LIABILITY` when mandatory.
    pub gate_code: &'static str,
    pub weight: Weight,
    pub says: Bilingual,
    pub source: String,
    pub help: Bilingual,
    /// Checked only when such a clause exists.
    pub only_if: Option<Match>,
    /// Checked only for contracts that run beyond this day.
    pub ends_after: Option<Date>,
    /// At least one clause is like one of these.
    pub any: Vec<Match>,
    /// Every clause of that kind is like this.
    pub every: Option<Match>,
    /// No clause is like any of these.
    pub none: Vec<Match>,
}

/// What a clause is compared with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    pub kind: String,
    /// Field → value or values; a list field must hold all of them.
    #[serde(default, rename = "where")]
    pub equals: BTreeMap<String, toml::Value>,
    /// Fields that are set.
    #[serde(default)]
    pub has: Vec<String>,
    /// Fields that are not set.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Lengths, amounts, percentages or counts that are no more than this.
    #[serde(default)]
    pub at_most: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub at_least: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub more_than: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackText {
    fr: String,
    en: String,
    source: String,
    since: Option<Datetime>,
    until: Option<Datetime>,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    trades: Vec<String>,
    #[serde(default)]
    sectors: Vec<String>,
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    id: String,
    weight: Weight,
    fr: String,
    en: String,
    source: String,
    help_fr: String,
    help_en: String,
    only_if: Option<Match>,
    ends_after: Option<Datetime>,
    #[serde(default)]
    any: Vec<Match>,
    every: Option<Match>,
    #[serde(default)]
    none: Vec<Match>,
}

pub(super) fn pack(name: &str, text: &str) -> Pack {
    let file: PackText = toml::from_str(text)
        .unwrap_or_else(|error| panic!("the rule pack {name} is part of the program: {error}"));
    Pack {
        name: name.to_owned(),
        title: Bilingual::new(file.fr, file.en),
        source: file.source,
        since: file.since.and_then(date),
        until: file.until.and_then(date),
        always: file.always,
        trades: file.trades,
        sectors: file.sectors,
        rules: file.rule.into_iter().map(rule).collect(),
    }
}

fn rule(text: RuleText) -> PackRule {
    let letter = |letter: &str| -> &'static str {
        // Read once for the life of the process, so that codes stay `&'static str` as all others are.
        Box::leak(format!("{letter}-{}", text.id).into_boxed_str())
    };
    let (code, gate_code) = match text.weight {
        Weight::Mandatory => (letter("W"), letter("E")),
        Weight::Warning => (letter("W"), letter("W")),
        Weight::Advice => (letter("A"), letter("A")),
    };
    PackRule {
        code,
        gate_code,
        weight: text.weight,
        says: Bilingual::new(text.fr, text.en),
        source: text.source,
        help: Bilingual::new(text.help_fr, text.help_en),
        only_if: text.only_if,
        ends_after: text.ends_after.and_then(date),
        any: text.any,
        every: text.every,
        none: text.none,
    }
}

fn date(value: Datetime) -> Option<Date> {
    let day = value.date?;
    Date::new(i16::try_from(day.year).ok()?, i8::try_from(day.month).ok()?, i8::try_from(day.day).ok()?).ok()
}
