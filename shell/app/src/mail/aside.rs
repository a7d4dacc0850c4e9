//! What is told and is about no ticket: a last day of a contract, a webhook that stopped.

use base::id::CustomerId;
use store::instance::mail::Message;

use super::say::Reader;
use super::{Letter, MailSettings, Notice};
use crate::error::Result;
use crate::instance::App;

/// What stands where a message has the number of its ticket.
pub(super) const NO_TICKET: u64 = 0;

impl App {
    /// The letter of a message that is about no ticket; `None` when nothing is left to say to its reader.
    pub(super) fn say_aside(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        match Notice::from_key(&message.new.notice) {
            Some(Notice::Deadline) => self.say_deadline(settings, reader, message, customer),
            Some(Notice::Webhook) => self.say_stopped(settings, reader, message, customer),
            _ => Ok(None),
        }
    }
}
