//! Whether a defect of a delivery is mended free of charge: found before the end of its warranty, it is.
//!
//! The clause of acceptance starts the warranty at the end of its last step. What is found before, in the
//! middle of the acceptance, belongs to what was ordered: mending it is the delivery itself. A defect is found
//! when it is declared, whenever it is mended.

use base::{Because, Lang, Reason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use terms::{Acceptance, Rule, Terms};

use super::Delivery;
use super::standing::{Reckoning, clause, standing};
use crate::calendar::ClockCache;
use crate::say::{cite, say};

/// How a defect stands to the warranty of its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "warranty", rename_all = "snake_case")]
pub enum Warranty {
    /// Found before every step of the acceptance had passed.
    Accepting,
    /// Found while the warranty ran, which ends at `until`.
    Under { until: Timestamp },
    /// The clause counts what is mended under warranty all the same.
    Counted { until: Timestamp },
    /// Found after the warranty had ended.
    Over { ended: Timestamp },
    /// No clause accepts deliveries of this kind.
    Unsaid,
}

impl Warranty {
    /// Nothing is asked for mending it: no price, no units, no hour.
    pub fn is_free(self) -> bool {
        matches!(self, Warranty::Accepting | Warranty::Under { .. })
    }

    pub fn key(self) -> &'static str {
        match self {
            Warranty::Accepting => "accepting",
            Warranty::Under { .. } => "under",
            Warranty::Counted { .. } => "counted",
            Warranty::Over { .. } => "over",
            Warranty::Unsaid => "unsaid",
        }
    }

    /// When the warranty ends, or ended; `None` before it has begun.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Warranty::Under { until } | Warranty::Counted { until } | Warranty::Over { ended: until } => {
                Some(until)
            }
            Warranty::Accepting | Warranty::Unsaid => None,
        }
    }
}

/// How a defect declared at `found` stands to the warranty of the delivery `named` (« n° 12 »). What happens to
/// the delivery later changes nothing of it.
pub fn warranty(
    terms: &Terms,
    delivery: &Delivery,
    named: &str,
    found: Timestamp,
    clocks: &mut ClockCache,
) -> Because<Warranty> {
    let Some(rule) = clause(terms, delivery.kind) else {
        return Because::new(Warranty::Unsaid, vec![unsaid(named)]);
    };
    let mut stands = standing(terms, delivery, found, clocks);
    let passed = stands.steps.pop().and_then(|last| last.outcome).filter(|last| last.verdict.passes());
    let value = match (passed, stands.warranty_until) {
        (Some(passed), Some(until)) if found >= passed.at => match rule.then.warranty_counted {
            _ if found >= until => Warranty::Over { ended: until },
            true => Warranty::Counted { until },
            false => Warranty::Under { until },
        },
        _ => Warranty::Accepting,
    };
    Because::new(value, vec![told(&Reckoning::of(terms, found), rule, value, named)])
}

fn told(reckoning: &Reckoning<'_>, rule: &Rule<Acceptance>, value: Warranty, named: &str) -> Reason {
    let by = |lang: Lang, until: Timestamp| reckoning.by(lang, until);
    let code = match value {
        Warranty::Over { .. } => "warranty.over",
        Warranty::Counted { .. } => "warranty.counted",
        Warranty::Accepting | Warranty::Under { .. } | Warranty::Unsaid => "warranty.free",
    };
    cite(code, rule, |lang| {
        match value {
        Warranty::Accepting => lang.t(
            format!("Anomalie de la livraison {named}, dont la recette n'est pas achevée\u{a0}: la corriger fait partie de ce qui est commandé, rien n'est décompté ni facturé."),
            format!("Defect of delivery {named}, whose acceptance is not over: mending it is part of what was ordered, nothing is counted or billed."),
        ),
        Warranty::Under { until } => lang.t(
            format!("Anomalie de la livraison {named}, sous garantie jusqu'à {}\u{a0}: la correction est sans décompte ni prix.", by(lang, until)),
            format!("Defect of delivery {named}, under warranty until {}: mending it is neither counted nor priced.", by(lang, until)),
        ),
        Warranty::Counted { until } => lang.t(
            format!("Anomalie de la livraison {named}, sous garantie jusqu'à {}\u{a0}; les corrections y sont décomptées.", by(lang, until)),
            format!("Defect of delivery {named}, under warranty until {}; mending is counted.", by(lang, until)),
        ),
        Warranty::Over { ended } => lang.t(
            format!("Anomalie de la livraison {named}, déclarée après sa garantie, qui a couru jusqu'à {}\u{a0}: la correction suit les conditions ordinaires du contrat.", by(lang, ended)),
            format!("Defect of delivery {named}, declared after its warranty, which ran until {}: mending it follows the ordinary terms of the contract.", by(lang, ended)),
        ),
        Warranty::Unsaid => String::new(),
    }
    })
}

fn unsaid(named: &str) -> Reason {
    say("warranty.unsaid", |lang| {
        lang.t(
            format!("Anomalie de la livraison {named}\u{a0}: le contrat n'y attache aucune garantie."),
            format!("Defect of delivery {named}: the contract attaches no warranty to it."),
        )
    })
}
