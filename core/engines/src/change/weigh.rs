//! Whether a plan may be made: its items, its window, the notices it owes.

use base::{Lang, Reason};
use jiff::tz::TimeZone;
use terms::perimeter::Coverage;
use terms::{Dimension, DutyDue, Facts, OperationTerms, Terms, Trigger, governing};

use super::{Model, Plan, impact};
use crate::availability::{self, MaintenanceWindow};
use crate::calendar::ClockCache;
use crate::duties::plan::in_time;
use crate::say::{cite, say};

/// What the contract says of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weighed {
    /// Why it is refused; empty when it may be made.
    pub refused: Vec<Reason>,
    /// What it brings with it: an interruption that counts, a notice not kept in an emergency.
    pub notes: Vec<Reason>,
}

/// Weighs a plan against the contract, for a ticket of these facts.
///
/// An emergency is refused neither for its notice nor for its window: what the contract says of them is
/// told, and its interruption counts.
pub fn weigh(terms: &Terms, facts: &Facts, plan: &Plan, clocks: &mut ClockCache) -> Weighed {
    let mut weighed = Weighed::default();
    items(terms, plan, &mut weighed);
    times(plan, &mut weighed);
    if plan.model == Model::Standard {
        standard(terms, facts, &mut weighed);
    }
    if plan.downtime_minutes > 0 && plan.from < plan.until {
        interruption(terms, plan, clocks, &mut weighed);
    }
    neighbours(terms, plan, &mut weighed);
    outside(terms, plan, &mut weighed);
    weighed
}

/// People from outside that nobody tells: said, as the contract leaves it open.
fn outside(terms: &Terms, plan: &Plan, weighed: &mut Weighed) {
    let services = impact::impact(terms, &plan.items).value.services;
    for rule in impact::hosted(terms, &plan.items, &services).filter(|rule| impact::is_untold(&rule.then)) {
        let users = rule.then.get("external_users").unwrap_or_default();
        weighed.notes.push(cite("change.outside_untold", rule, |lang| {
            lang.t(
                format!("Des utilisateurs extérieurs sont touchés ({users}), et le contrat ne dit pas ce qui les prévient."),
                format!("Users from outside are touched ({users}), and the contract does not say what tells them."),
            )
        }));
    }
}

fn items(terms: &Terms, plan: &Plan, weighed: &mut Weighed) {
    if plan.items.is_empty() {
        weighed.refused.push(say("change.no_item", |lang| {
            lang.t("Dites quels éléments sont touchés.", "Say which items are touched.").to_owned()
        }));
    }
    for item in &plan.items {
        let one = std::slice::from_ref(item);
        let out = |rule: &&terms::Rule<terms::PerimeterEntry>| rule.then.status == Coverage::Out;
        if let Some(rule) = impact::entries(terms, one).find(out) {
            weighed.refused.push(cite("change.out", rule, |lang| {
                lang.t(
                    format!(
                        "« {item} » est hors du périmètre\u{a0}: rien n'y est changé au titre du contrat."
                    ),
                    format!("“{item}” is out of the perimeter: nothing of it is changed under the contract."),
                )
            }));
        } else if impact::entries(terms, one).next().is_none()
            && availability::promised(terms, one).next().is_none()
            && impact::shared(terms, one).next().is_none()
        {
            weighed.refused.push(say("change.unknown_item", |lang| {
                lang.t(
                    format!("« {item} » n'est ni au périmètre ni parmi les services du contrat."),
                    format!("“{item}” is neither in the perimeter nor among the contract's services."),
                )
            }));
        }
    }
}

fn times(plan: &Plan, weighed: &mut Weighed) {
    let mut refuse = |code: &str, fr: &str, en: &str| {
        weighed.refused.push(say(code, |lang: Lang| lang.t(fr, en).to_owned()));
    };
    if plan.until <= plan.from {
        refuse("change.window", "La fenêtre finit avant de commencer.", "The window ends before it begins.");
    } else if i64::from(plan.downtime_minutes) * 60 > plan.until.duration_since(plan.from).as_secs() {
        refuse(
            "change.downtime",
            "L'interruption annoncée est plus longue que la fenêtre.",
            "The interruption declared is longer than the window.",
        );
    }
    match (plan.model, plan.regularised_by) {
        (Model::Emergency, None) => refuse(
            "change.regularisation",
            "Dites quand ce changement urgent sera approuvé au plus tard.",
            "Say by when this emergency change is to be approved.",
        ),
        (Model::Emergency, Some(by)) if by < plan.from => refuse(
            "change.regularisation",
            "Une urgence s'approuve après coup\u{a0}: après le début de la fenêtre.",
            "An emergency is approved after the fact: after the window begins.",
        ),
        (Model::Standard | Model::Normal, _) if plan.from < plan.announced => refuse(
            "change.past",
            "La fenêtre a déjà commencé\u{a0}: planifiez-la à venir, ou déclarez une urgence.",
            "The window has begun already: plan it ahead, or declare an emergency.",
        ),
        _ => {}
    }
}

/// Nobody authorises a standard change again: the contract must have done it.
fn standard(terms: &Terms, facts: &Facts, weighed: &mut Weighed) {
    let operation = facts.get(Dimension::Operation);
    let named = terms.operations.iter().filter(|r| Some(r.then.operation.as_str()) == operation);
    let governs = governing(named, facts);
    match governs {
        Some(rule) if matches!(rule.then.terms, OperationTerms::Included | OperationTerms::Metered { .. }) => {
            weighed.notes.push(cite("change.preauthorised", rule, |lang| {
                let title = &rule.then.title;
                lang.t(
                    format!("« {title} » est prévue au contrat\u{a0}: aucune autre autorisation n'est demandée."),
                    format!("“{title}” is in the contract: no other authorisation is asked for."),
                )
            }));
        }
        Some(rule) => weighed.refused.push(cite("change.not_standard", rule, |lang| {
            let title = &rule.then.title;
            lang.t(
                format!("« {title} » n'est pas autorisée d'avance\u{a0}: ce changement n'est pas standard."),
                format!("“{title}” is not authorised beforehand: this change is not a standard one."),
            )
        })),
        None => weighed.refused.push(say("change.not_standard", |lang| {
            lang.t(
                "Un changement standard exécute une opération prévue au contrat\u{a0}: ce ticket n'en nomme aucune.",
                "A standard change carries out an operation of the contract: this ticket names none.",
            )
            .to_owned()
        })),
    }
}

/// The interruption lies in the windows that the contract leaves out of its promise, or it counts.
fn interruption(terms: &Terms, plan: &Plan, clocks: &mut ClockCache, weighed: &mut Weighed) {
    let window = MaintenanceWindow {
        id: String::new(),
        items: plan.items.clone(),
        from: plan.from,
        until: plan.until,
        announced: plan.announced,
    };
    let against = availability::counted_against(terms, &window, clocks);
    let accepted = plan.counted || plan.model == Model::Emergency;
    match accepted {
        true => weighed.notes.extend(against),
        false => weighed.refused.extend(against),
    }
}

/// The notice owed to those who share the host.
fn neighbours(terms: &Terms, plan: &Plan, weighed: &mut Weighed) {
    let zone = crate::calendar::zone(&terms.zone).unwrap_or(TimeZone::UTC);
    for (host, _) in impact::shared(terms, &plan.items) {
        let owed = terms.duties.iter().filter(|duty| duty.label() == host.label());
        for duty in owed {
            let DutyDue::Before { length, of: Trigger::MaintenancePlanned } = duty.then.due else { continue };
            if in_time(plan.from, length, &zone, plan.announced) {
                continue;
            }
            let reason = cite("change.neighbours", duty, |lang| {
                let notice = length.in_words(lang);
                lang.t(
                    format!("Les voisins de l'hébergement mutualisé sont prévenus {notice} avant\u{a0}: la fenêtre est trop proche."),
                    format!("The neighbours of the shared host are told {notice} before: the window is too near."),
                )
            });
            match plan.model {
                Model::Emergency => weighed.notes.push(reason),
                Model::Standard | Model::Normal => weighed.refused.push(reason),
            }
        }
    }
}
