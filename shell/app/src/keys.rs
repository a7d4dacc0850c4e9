//! Keys: one key-encryption key in the data folder, and secrets sealed by it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use store::folder::Folder;

use crate::entropy::{self, Entropy};
use crate::error::{AppError, Result};

const KEK: &str = "kek";

/// The key-encryption key. Its bytes are never shown.
pub(crate) struct Kek(XChaCha20Poly1305);

impl Kek {
    /// Reads the folder's key, or makes it the first time.
    pub(crate) fn open(folder: &Folder, entropy: &dyn Entropy) -> Result<Kek> {
        let bytes: [u8; 32] = match folder.key(KEK)? {
            Some(bytes) => bytes.try_into().map_err(|_| AppError::fault("keys/kek is not 32 bytes long"))?,
            None => {
                let fresh = entropy::bytes::<32>(entropy);
                folder.add_key(KEK, &fresh)?;
                fresh
            }
        };
        Ok(Kek(XChaCha20Poly1305::new(&Key::from(bytes))))
    }

    /// Seals a secret for one use, named by `context`; opening under another name fails.
    pub(crate) fn seal(&self, entropy: &dyn Entropy, context: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let nonce = entropy::bytes::<24>(entropy);
        let payload = Payload { msg: secret, aad: context.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| AppError::fault("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(crate) fn unseal(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.opened(context, sealed).ok_or_else(|| {
            AppError::fault(format!("the secret « {context} » was not sealed by this folder's key"))
        })
    }

    /// As [`Kek::unseal`], for what anybody may send: that it was not sealed here is no fault of ours.
    pub(crate) fn opened(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<24>()?;
        let payload = Payload { msg: rest, aad: context.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).ok()
    }

    /// A sealed 32-byte seed kept as a key file, made the first time.
    pub(crate) fn seed(&self, folder: &Folder, entropy: &dyn Entropy, name: &str) -> Result<[u8; 32]> {
        let sealed = match folder.key(name)? {
            Some(sealed) => sealed,
            None => {
                let sealed = self.seal(entropy, name, &entropy::bytes::<32>(entropy))?;
                folder.add_key(name, &sealed)?;
                sealed
            }
        };
        let seed = self.unseal(name, &sealed)?;
        seed.try_into().map_err(|_| AppError::fault(format!("keys/{name} does not hold a 32-byte seed")))
    }
}
