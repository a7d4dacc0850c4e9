//! Identifiers: UUIDv7, one type per noun, made from an instant and random bits given by the caller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A UUIDv7 (RFC 9562) from milliseconds since 1970 and ten random bytes.
pub fn uuid_v7(unix_millis: u64, random: &[u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(unix_millis, random).into_uuid()
}

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is a UUID, such as 0198c0de-0000-7000-8000-000000000000")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            pub fn new(unix_millis: u64, random: &[u8; 10]) -> Self {
                $name(uuid_v7(unix_millis, random))
            }

            pub fn bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// From the sixteen bytes a database holds.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                Uuid::from_slice(bytes).map($name).map_err(|_| IdError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map($name).map_err(|_| IdError)
            }
        }
    )*};
}

ids! {
    /// A customer, and so its vault.
    CustomerId;
    /// A person's account.
    AccountId;
    /// A contract, all its versions included.
    ContractId;
    /// A ticket.
    TicketId;
    /// A message in a ticket's conversation.
    MessageId;
    /// A call counted against a meter.
    CallId;
    /// An outage of a service, its corrections included.
    OutageId;
    /// A maintenance window, as announced.
    MaintenanceId;
    /// A file attached to a ticket.
    FileId;
    /// An article of the knowledge of a customer, its versions included.
    ArticleId;
    /// A plan that opens tickets, all its wordings included.
    PlanId;
    /// A visit on site, all its reports included.
    VisitId;
    /// A webhook of a customer, all its wordings included.
    WebhookId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_survive_text() {
        let early = TicketId::new(1_000, &[0xff; 10]);
        let late = TicketId::new(1_001, &[0; 10]);
        assert!(early < late);
        assert_eq!(late.to_string().parse(), Ok(late));
        assert_eq!(early.0.get_version_num(), 7);
        assert_eq!("x".parse::<TicketId>(), Err(IdError));
    }
}
