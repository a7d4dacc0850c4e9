//! What people did to accounts and rights, in the instance's own log: never in a vault's.

use base::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $kind:literal,)*) => {
        /// An act that matters to whoever owns an account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SecurityAct {
            $($(#[$doc])* $name,)*
        }

        impl SecurityAct {
            pub const ALL: &[SecurityAct] = &[$(SecurityAct::$name,)*];

            /// As the entry spells it: noun, dot, past verb.
            pub fn kind(self) -> &'static str {
                match self {
                    $(SecurityAct::$name => $kind,)*
                }
            }
        }
    };
}

acts! {
    SignedIn = "account.signed_in",
    /// Too many wrong passwords from one place: the next try there waits.
    SignInHeld = "account.sign_in_held",
    SessionsEnded = "account.sessions_ended",
    PasswordChanged = "account.password_changed",
    FactorAdded = "account.factor_added",
    FactorRemoved = "account.factor_removed",
    PasskeyAdded = "account.passkey_added",
    PasskeyRemoved = "account.passkey_removed",
    /// Its counter went back: the key may have been copied, and did not open.
    PasskeyRefused = "account.passkey_refused",
    /// A provider of identity was tied to the account, at its first use.
    IdentityLinked = "account.identity_linked",
    /// Its owner untied a provider of identity from the account.
    IdentityUntied = "account.identity_untied",
    RecoveryCodeUsed = "account.recovery_code_used",
    RecoveryCodesRenewed = "account.recovery_codes_renewed",
    TokenMade = "account.token_made",
    TokenRevoked = "account.token_revoked",
    Added = "account.added",
    Invited = "account.invited",
    RecoveryOffered = "account.recovery_offered",
    /// A link was used: the person chose a password.
    LinkUsed = "account.link_used",
    Disabled = "account.disabled",
    Enabled = "account.enabled",
    /// Sessions and tokens, all at once.
    AccessRevoked = "account.access_revoked",
    /// Asked for what is not theirs; once an hour for the same thing.
    Denied = "access.denied",
}

impl SecurityAct {
    pub fn from_kind(kind: &str) -> Option<SecurityAct> {
        SecurityAct::ALL.iter().copied().find(|act| act.kind() == kind)
    }
}

/// One such act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityTold {
    pub act: SecurityAct,
    pub data: SecurityData,
}

/// What its entry holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityData {
    /// By the machine's clock.
    pub at: Micros,
    /// Whose account it is about.
    pub account: AccountId,
    /// Who did it; `None` for whoever holds the data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// The right and the customer that were refused, by key and id; the id of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// From which device and address, or the label of a token: personal, beside the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<ContentId>,
}
