//! What proves to a receiver that a delivery comes from here, whole and now.
//!
//! Source: the Standard Webhooks specification, version 1.0.0: symmetric signatures, `v1`.

use base::id::WebhookId;
use data_encoding::BASE64;
use ring::hmac;
use store::webhook::Secret;

use crate::entropy;
use crate::error::Result;
use crate::instance::App;

/// What a secret begins with when it is shown.
const PREFIX: &str = "whsec_";

/// A fresh secret, as it is shown: 32 bytes of the system's randomness.
pub(super) fn fresh() -> String {
    format!("{PREFIX}{}", BASE64.encode(&entropy::bytes::<32>(&entropy::Os)))
}

/// The signature of a delivery by one secret: `v1,` and the base64 of an HMAC-SHA256 over the id, the
/// seconds since 1970 and the body, parted by dots. `None` for a text that is no secret.
pub fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = BASE64.decode(secret.strip_prefix(PREFIX)?.as_bytes()).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64.encode(tag.as_ref())))
}

/// Whether one of the signatures of a header, parted by spaces, is that of a secret. What a receiver does;
/// it compares the instant with its clock besides.
pub fn verify(secret: &str, id: &str, seconds: i64, body: &str, header: &str) -> bool {
    let Some(key) = secret.strip_prefix(PREFIX).and_then(|text| BASE64.decode(text.as_bytes()).ok()) else {
        return false;
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let said = format!("{id}.{seconds}.{body}");
    header
        .split(' ')
        .filter_map(|one| BASE64.decode(one.strip_prefix("v1,")?.as_bytes()).ok())
        .any(|tag| hmac::verify(&key, said.as_bytes(), &tag).is_ok())
}

impl App {
    pub(super) fn seal_webhook(&self, id: WebhookId, secret: &str) -> Result<Vec<u8>> {
        self.kek.seal(self.settings.entropy.as_ref(), &context(id), secret.as_bytes())
    }

    pub(super) fn unseal_webhook(&self, id: WebhookId, sealed: &[u8]) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.kek.unseal(&context(id), sealed)?).into_owned())
    }

    /// The secrets that sign now, the newest first: two for a day after a change.
    pub(super) fn webhook_secrets(&self, id: WebhookId, secret: &Secret) -> Result<Vec<String>> {
        let now = self.micros();
        let before = secret.previous.iter().filter(|(_, until)| *until > now).map(|(sealed, _)| sealed);
        [&secret.sealed].into_iter().chain(before).map(|sealed| self.unseal_webhook(id, sealed)).collect()
    }
}

fn context(id: WebhookId) -> String {
    format!("webhook-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes `0x00` to `0x1f` as a secret; the expected value was computed with Python's `hmac`.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let key: Vec<u8> = (0..32).collect();
        let secret = format!("whsec_{}", BASE64.encode(&key));
        let body = "{\"type\":\"webhook.test\"}";
        let signed = signature(&secret, "msg_1", 1_700_000_000, body).unwrap();
        assert_eq!(signed, "v1,xxZtt7j7yM1ifYrYyXeSlFsSXiLDory+irN4YhasdnI=");
        assert!(verify(&secret, "msg_1", 1_700_000_000, body, &format!("v1,AAAA {signed}")));
        assert!(!verify(&secret, "msg_1", 1_700_000_001, body, &signed));
        assert!(!verify(&secret, "msg_2", 1_700_000_000, body, &signed));
        assert!(!verify(&secret, "msg_1", 1_700_000_000, "{}", &signed));
        assert!(!verify(&fresh(), "msg_1", 1_700_000_000, body, &signed));
        assert_eq!(signature("not a secret", "msg_1", 0, ""), None);
    }
}
