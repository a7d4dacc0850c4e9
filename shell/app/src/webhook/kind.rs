//! What a webhook can hear: a closed list, each by the name that receivers read.

use events::{Step, Visibility};

/// Everything that can be asked for, in the order of the form.
pub const KINDS: [&str; 35] = [
    "ticket.opened",
    "ticket.taken_over",
    "ticket.assigned",
    "ticket.commented",
    "ticket.noted",
    "ticket.paused",
    "ticket.resumed",
    "ticket.reprioritised",
    "ticket.restored",
    "ticket.resolved",
    "ticket.reopened",
    DUE_SOON,
    BREACHED,
    "ticket.escalated",
    "quote.made",
    "price.agreed",
    "price.declined",
    "change.planned",
    "change.approved",
    "change.refused",
    "change.started",
    "change.ended",
    "change.documented",
    "change.reviewed",
    "change.informed",
    "delivery.estimated",
    "delivery.ordered",
    "delivery.declined",
    "delivery.presented",
    "delivery.decided",
    "delivery.shown",
    "delivery.in_production",
    LOW,
    SIGNED,
    CLOSED,
];

/// A try of the webhook itself, which nobody asks for.
pub const TEST: &str = "webhook.test";

pub(super) const OPENED: &str = "ticket.opened";
pub(super) const DUE_SOON: &str = "ticket.due_soon";
pub(super) const BREACHED: &str = "ticket.breached";
pub(super) const LOW: &str = "meter.low";
pub(super) const SIGNED: &str = "contract.signed";
pub(super) const CLOSED: &str = "month.closed";

/// The kind of that name.
pub fn known(name: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|kind| *kind == name)
}

/// Whether it is for the provider only: that a note was written, that its people are warned.
pub fn is_internal(kind: &str) -> bool {
    kind == "ticket.noted" || kind == DUE_SOON
}

/// What a step is told as; `None` when nothing is awaited of anybody.
pub(super) fn of(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::TakenOver { .. } => "ticket.taken_over",
        Step::Assigned { .. } => "ticket.assigned",
        Step::Replied { visibility: Visibility::Public, .. } => "ticket.commented",
        Step::Replied { visibility: Visibility::Internal, .. } => "ticket.noted",
        Step::Paused { .. } => "ticket.paused",
        Step::Resumed => "ticket.resumed",
        Step::Reprioritised { .. } => "ticket.reprioritised",
        Step::Restored { .. } => "ticket.restored",
        // Its matter goes on in another ticket; this one is over.
        Step::Resolved { .. } | Step::Merged { .. } => "ticket.resolved",
        Step::Reopened { .. } => "ticket.reopened",
        Step::QuoteMade { .. } => "quote.made",
        Step::PriceAgreed { .. } => "price.agreed",
        Step::PriceDeclined { .. } => "price.declined",
        Step::Change { told } => told.kind(),
        Step::Delivery { told } => told.kind(),
        Step::Escalated { silence: None, .. } => "ticket.escalated",
        Step::Escalated { silence: Some(_), .. }
        | Step::Diagnosed { .. }
        | Step::Linked { .. }
        | Step::Unlinked { .. }
        | Step::Absorbed { .. }
        | Step::KnownError { .. }
        | Step::Watched { .. }
        | Step::Unwatched { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::id::MessageId;
    use events::{ChangeTold, ContentId, DeliveryTold};
    use uuid::Uuid;

    #[test]
    fn what_is_told_can_be_asked_for_and_a_note_is_internal() {
        let words = ContentId(Uuid::nil());
        let said = |visibility| Step::Replied {
            message: MessageId(Uuid::nil()),
            visibility,
            by_provider: true,
            body: words,
            mentions: Vec::new(),
        };
        let steps = [
            said(Visibility::Public),
            Step::Resumed,
            Step::Resolved { note: words, diagnosis: None },
            Step::Change { told: ChangeTold::Reviewed { body: words } },
            Step::Delivery { told: DeliveryTold::InProduction },
        ];
        for step in &steps {
            let kind = of(step).and_then(known).expect("a kind of the list");
            assert!(!is_internal(kind), "{kind}");
        }
        assert!(is_internal(of(&said(Visibility::Internal)).unwrap()));
        assert_eq!(of(&Step::Diagnosed { body: words }), None);
        assert_eq!(known(TEST), None, "nobody asks for tests");
    }
}
