//! The address that letters leave from: a customer's own, where the operator gave it one.
//!
//! Answers go to the mailbox of all, by the token of their thread: only what is read beside the name changes.

use std::collections::{BTreeMap, HashMap};

use base::id::CustomerId;
use store::instance::mail::Message;

use super::Letter;
use crate::access::Principal;
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// Sends the letters about these customers, by their short names, from these addresses. Only the first call
    /// counts; a customer who does not exist is an error of whoever wrote the file.
    pub fn send_from(&self, senders: &BTreeMap<String, String>) -> Result<()> {
        let mut known = HashMap::new();
        for (slug, from) in senders {
            let customer = self.find_customer(slug).map_err(|error| match error {
                AppError::NotFound => AppError::invalid(
                    "customers",
                    format!("« {slug} » n’est le nom court d’aucun client"),
                    format!("“{slug}” is the short name of no customer"),
                ),
                error => error,
            })?;
            known.insert(customer, from.clone());
        }
        let _ = self.senders.set(known);
        Ok(())
    }

    /// The address that the letters about a customer leave from, when it has its own.
    pub fn sender_of(&self, customer: CustomerId) -> Option<&str> {
        self.senders.get()?.get(&customer).map(String::as_str)
    }

    /// Whether letters leave from this address, in lower case.
    pub(super) fn is_a_sender(&self, address: &str) -> bool {
        self.senders.get().is_some_and(|all| all.values().any(|from| from.to_lowercase() == address))
    }

    /// The letter, from the address of the one customer it is about: that of its tickets, and of its reader
    /// when it is about none. What gathers several customers leaves from the provider's own.
    pub(super) fn signed_by_sender(
        &self,
        letter: Letter,
        together: &[Message],
        reader: &Principal,
    ) -> Letter {
        let about = |message: &Message| match message.new.ticket {
            Some((vault, _)) => Some(CustomerId(vault)),
            None => reader.customer,
        };
        let mut customers = together.iter().map(about);
        let first = customers.next().flatten();
        let one = first.filter(|customer| customers.all(|other| other == Some(*customer)));
        match one.and_then(|customer| self.sender_of(customer)) {
            Some(from) => {
                let from = super::Address { email: from.to_owned(), ..letter.from };
                Letter { from, ..letter }
            }
            None => letter,
        }
    }
}
