//! Rule packs: what contracts of a trade or a sector must say, as dated data with its sources.
//!
//! A law that changes is a new file or a new date, never new code. A pack names clauses and fields; the
//! compiler reports what is missing as a warning, and the signature's gate turns what is mandatory
//! into errors. Nothing here says « illégal »: a pack says what a text asks for, and cites it.

mod check;
mod read;

use std::sync::LazyLock;

use base::Bilingual;
use jiff::civil::Date;

use crate::compile::FrontMatter;

pub(crate) use check::check;
pub use read::{Match, PackRule, Weight};

/// A dated set of rules.
#[derive(Debug)]
pub struct Pack {
    /// `gdpr`, `dora`; what `rule_packs` and `without_packs` name.
    pub name: String,
    pub title: Bilingual,
    pub source: String,
    /// The first day it applies; contracts signed before are not checked against it.
    pub since: Option<Date>,
    pub until: Option<Date>,
    /// Applies to every contract.
    pub always: bool,
    pub trades: Vec<String>,
    pub sectors: Vec<String>,
    pub rules: Vec<PackRule>,
}

const TEXTS: [(&str, &str); 15] = [
    ("base", include_str!("../../packs/base.toml")),
    ("infogerance", include_str!("../../packs/infogerance.toml")),
    ("tma", include_str!("../../packs/tma.toml")),
    ("asp", include_str!("../../packs/asp.toml")),
    ("bpo", include_str!("../../packs/bpo.toml")),
    ("gdpr", include_str!("../../packs/gdpr.toml")),
    ("dora", include_str!("../../packs/dora.toml")),
    ("nis2-fr", include_str!("../../packs/nis2-fr.toml")),
    ("data-act", include_str!("../../packs/data-act.toml")),
    ("hds", include_str!("../../packs/hds.toml")),
    ("secnumcloud", include_str!("../../packs/secnumcloud.toml")),
    ("ccag-tic", include_str!("../../packs/ccag-tic.toml")),
    ("afnor", include_str!("../../packs/afnor.toml")),
    ("familles", include_str!("../../packs/familles.toml")),
    ("traps", include_str!("../../packs/traps.toml")),
];

static PACKS: LazyLock<Vec<Pack>> =
    LazyLock::new(|| TEXTS.iter().map(|(name, text)| read::pack(name, text)).collect());

/// Every pack that this version knows.
pub fn packs() -> &'static [Pack] {
    &PACKS
}

/// The packs that a contract is checked against: those of every contract, of its trades, of its
/// customer's sector, and those it asks for; less those it sets aside with a reason.
pub fn applicable(front: &FrontMatter) -> impl Iterator<Item = &'static Pack> {
    packs().iter().filter(|pack| pack.applies(front))
}

impl Pack {
    fn applies(&self, front: &FrontMatter) -> bool {
        let set_aside = front.without_packs.iter().any(|(name, _)| *name == self.name);
        // Whoever runs a system is an infogérant until the contract says another trade.
        let trade = |trade: &str| match front.trades.is_empty() {
            true => trade == "infogerance",
            false => front.trades.iter().any(|t| t == trade),
        };
        let wanted = self.always
            || self.trades.iter().any(|t| trade(t))
            || front.sector.as_ref().is_some_and(|s| self.sectors.contains(s))
            || front.rule_packs.contains(&self.name);
        let dated = front.signed.is_none_or(|signed| {
            self.since.is_none_or(|since| since <= signed) && self.until.is_none_or(|until| signed <= until)
        });
        wanted && dated && !set_aside
    }
}
