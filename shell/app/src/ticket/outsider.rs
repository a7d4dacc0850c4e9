//! What a third party is not told of a ticket that it works on: what it is worth, and what the contract says.

use crate::error::{AppError, Refusal};

/// A refusal as a third party reads it: without the articles behind it, and one and the same for
/// whatever waits for a price, or had it declined.
pub(super) fn refusal(error: AppError) -> AppError {
    let AppError::Refused(refusal) = error else { return error };
    if refusal.code.starts_with("price.") {
        return AppError::refused(Refusal::new(
            "ticket.decision",
            "Ce travail attend une décision\u{a0}; adressez-vous au prestataire.",
            "This work waits for a decision; ask the provider.",
        ));
    }
    AppError::refused(Refusal { reasons: Vec::new(), ..*refusal })
}
