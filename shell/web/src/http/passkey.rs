//! What a browser sends back of a passkey, in the fields that `passkey.js` fills in.

use app::accounts::passkeys::{Assertion, Registration};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

/// The answer to a question; all empty where none was given.
#[derive(Debug, Default, Deserialize)]
pub struct Signed {
    #[serde(default)]
    passkey_credential: String,
    #[serde(default)]
    passkey_client: String,
    #[serde(default)]
    passkey_authenticator: String,
    #[serde(default)]
    passkey_signature: String,
    #[serde(default)]
    passkey_user: String,
}

impl Signed {
    /// The names of these fields.
    pub(super) const FIELDS: [&str; 5] = [
        "passkey_credential",
        "passkey_client",
        "passkey_authenticator",
        "passkey_signature",
        "passkey_user",
    ];

    /// `None` where no passkey was used. What is not base64url reads as nothing, and proves nothing.
    pub fn read(&self) -> Option<Assertion> {
        (!self.passkey_signature.is_empty()).then(|| Assertion {
            credential: decoded(&self.passkey_credential),
            client_data: decoded(&self.passkey_client),
            authenticator_data: decoded(&self.passkey_authenticator),
            signature: decoded(&self.passkey_signature),
            user: decoded(&self.passkey_user),
        })
    }
}

/// A new passkey and its name.
#[derive(Debug, Deserialize)]
pub struct Made {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    made_client: String,
    #[serde(default)]
    made_attestation: String,
}

impl Made {
    pub fn read(&self) -> Registration {
        Registration { client_data: decoded(&self.made_client), attestation: decoded(&self.made_attestation) }
    }
}

fn decoded(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default()
}
