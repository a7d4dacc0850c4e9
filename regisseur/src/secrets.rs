//! Passwords and second factors that the program makes for people, from the system's randomness.

use app::entropy::{Entropy, Os};
use data_encoding::BASE32_NOPAD;

/// Sixteen characters that nobody misreads, 79 bits of the system's randomness.
pub fn password() -> String {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::new();
    let mut byte = [0_u8];
    for place in 0..16 {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        // 248 is the largest multiple of 31 that a byte reaches: beyond, the draw would favour some letters.
        loop {
            Os.fill(&mut byte);
            if byte[0] < 248 {
                break;
            }
        }
        text.push(char::from(LETTERS[usize::from(byte[0] % 31)]));
    }
    text
}

/// A base32 secret for time-based codes (RFC 6238), as authenticators read it.
pub fn totp_secret() -> String {
    let mut bytes = [0_u8; 20];
    Os.fill(&mut bytes);
    BASE32_NOPAD.encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::{password, totp_secret};

    #[test]
    fn passwords_are_long_readable_and_never_twice_the_same() {
        let (one, other) = (password(), password());
        assert_ne!(one, other);
        assert_eq!(one.chars().filter(char::is_ascii_alphanumeric).count(), 16);
        assert!(!one.contains(['0', 'o', '1', 'l', 'i']), "{one}");
        assert_eq!(totp_secret().len(), 32);
    }
}
