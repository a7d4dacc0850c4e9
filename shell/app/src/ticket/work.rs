//! What a change and a delivery are weighed with.

use store::ticket::{Stepped, Ticket};
use terms::Terms;

use crate::agreements::Agreement;
use crate::vault::VaultHandle;

/// A ticket that is worked on, under the version of the contract that it keeps.
pub(super) struct Work<'a> {
    pub vault: &'a VaultHandle,
    pub agreement: &'a Agreement,
    pub terms: &'a Terms,
    pub ticket: &'a Ticket,
    pub steps: &'a [Stepped],
}
