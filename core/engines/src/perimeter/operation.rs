//! On what terms the work is done: included, metered, at a rate, quoted or excluded.

use std::collections::BTreeSet;

use base::{Because, Reason};
use terms::{Dimension, Facts, Operation, OperationTerms, Rule, Terms};

use super::at_rate::at_rate;
use super::{Work, operation_clause};
use crate::billing;
use crate::say::{cite, list, say};

pub(super) fn operation(terms: &Terms, facts: &Facts, used: u32) -> Because<Work> {
    let Some(name) = facts.get(Dimension::Operation) else {
        // Application maintenance has terms of its own, by the kind of the ticket.
        return crate::kinds::work(terms, facts).unwrap_or_else(|| Because::new(Work::Unstated, Vec::new()));
    };
    if terms.operations.is_empty() {
        let reason = say("operation.unlisted", |lang| {
            lang.t(
                "Le contrat ne limite pas les opérations : le périmètre seul décide.",
                "The contract does not limit operations: the perimeter alone decides.",
            )
            .to_owned()
        });
        return Because::new(Work::Unstated, vec![reason]);
    }
    let Some(rule) = operation_clause(terms, facts) else {
        let listed = terms.operations.iter().find(|r| r.then.operation == name);
        let reason = listed.map_or_else(|| unknown_operation(terms, name), elsewhere);
        return Because::new(Work::Unknown, vec![reason]);
    };
    if let Some(at) = at_rate(terms, facts) {
        let reasons = vec![at.reason(), billing::time::tariff(at.rate)];
        return Because::new(
            Work::AtRate { profile: at.rate.then.profile.clone(), up_to: at.up_to },
            reasons,
        );
    }
    let work = match rule.then.terms {
        OperationTerms::Included => Work::Included,
        // Its profile has no rate in this case: a price has to be said.
        OperationTerms::AtRate { .. } | OperationTerms::Quoted => Work::Quoted,
        OperationTerms::Excluded => Work::Excluded,
        OperationTerms::Metered { included, .. } if used < included => {
            Work::WithinAllowance { included, left: included - used }
        }
        OperationTerms::Metered { included, then_price, .. } => {
            Work::Priced { price: then_price, after: included }
        }
    };
    let reason = operation_reason(rule, &work, used);
    Because::new(work, vec![reason])
}

fn operation_reason(rule: &Rule<Operation>, work: &Work, used: u32) -> Reason {
    let title = &rule.then.title;
    match work {
        Work::Quoted => cite("operation.quoted", rule, |lang| {
            lang.t(
                format!("« {title} » : sur devis accepté."),
                format!("“{title}”: once a quotation is accepted."),
            )
        }),
        Work::Excluded => cite("operation.excluded", rule, |lang| {
            lang.t(
                format!("« {title} » : exclu du contrat."),
                format!("“{title}”: excluded from the contract."),
            )
        }),
        Work::WithinAllowance { included, .. } => cite("operation.allowance", rule, |lang| {
            let nth = used.saturating_add(1);
            lang.t(
                format!("« {title} » : n° {nth} de la période, {included} comprises dans le forfait."),
                format!("“{title}”: number {nth} of the period, {included} included in the fee."),
            )
        }),
        Work::Priced { price, after } => {
            cite("operation.priced", rule, |lang| {
                let (nth, price) = (used.saturating_add(1), price.show(lang));
                lang.t(
                format!("« {title} » : n° {nth} de la période, au-delà des {after} comprises, donc {price} HT."),
                format!("“{title}”: number {nth} of the period, beyond the {after} included, so {price} net."),
            )
            })
        }
        Work::Included | Work::AtRate { .. } | Work::Unstated | Work::Unknown => {
            cite("operation.included", rule, |lang| {
                lang.t(
                    format!("« {title} » : compris dans le forfait."),
                    format!("“{title}”: included in the fee."),
                )
            })
        }
    }
}

/// The contract does this work in other cases: through another channel, at another site.
fn elsewhere(rule: &Rule<Operation>) -> Reason {
    let title = &rule.then.title;
    cite("operation.elsewhere", rule, |lang| {
        lang.t(
            format!("« {title} » : le contrat le prévoit, mais pas dans ce cas."),
            format!("“{title}”: the contract provides for it, but not in this case."),
        )
    })
}

fn unknown_operation(terms: &Terms, name: &str) -> Reason {
    let known: BTreeSet<&str> = terms.operations.iter().map(|r| r.then.title.as_str()).collect();
    let known: Vec<&str> = known.into_iter().collect();
    say("operation.unknown", |lang| {
        let known = list(lang, &known);
        lang.t(
            format!("« {name} » n'est pas une opération du contrat, qui connaît : {known}."),
            format!("“{name}” is not an operation of the contract, which knows: {known}."),
        )
    })
}
