//! The little of BER that LDAP needs (RFC 4511, 5.1: definite lengths only).

use std::io::{Error, Read, Result};

/// A tag and what it holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) body: &'a [u8],
}

impl<'a> Element<'a> {
    /// The next element, which `bytes` then no longer holds.
    pub(super) fn read(bytes: &mut &'a [u8]) -> Option<Element<'a>> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (digits.iter().fold(0, |n, digit| n << 8 | usize::from(*digit)), rest)
            }
            _ => return None,
        };
        let (body, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        Some(Element { tag, body })
    }

    /// An integer or an enumerated value.
    pub(super) fn number(&self) -> Option<i64> {
        let negative = self.body.first()? & 0x80 != 0;
        let start = if negative { -1 } else { 0 };
        let fits = matches!(self.tag, 0x02 | 0x0a) && self.body.len() <= 8;
        fits.then(|| self.body.iter().fold(start, |n, byte| n << 8 | i64::from(*byte)))
    }
}

/// What a message holds, once it has come whole; refused above a number of bytes.
pub(super) fn message(wire: &mut dyn Read, largest: usize) -> Result<Vec<u8>> {
    let strange = || Error::other("what answers does not speak LDAP");
    let mut head = [0; 2];
    wire.read_exact(&mut head)?;
    let length = match head {
        [0x30, short @ 0..=0x7f] => usize::from(short),
        [0x30, long @ 0x81..=0x84] => {
            let mut digits = [0; 4];
            let digits = &mut digits[..usize::from(long & 0x7f)];
            wire.read_exact(digits)?;
            digits.iter().fold(0, |n, digit| n << 8 | usize::from(*digit))
        }
        _ => return Err(strange()),
    };
    if length > largest {
        return Err(Error::other("the directory says more than was asked"));
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body)?;
    Ok(body)
}

/// An element of this tag.
pub(super) fn tagged(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let head = match length {
        0..=0x7f => vec![tag, u8::try_from(length).unwrap_or_default()],
        _ => [&[tag, 0x84][..], &length.to_be_bytes()].concat(),
    };
    [head.as_slice(), body].concat()
}

pub(super) fn sequence(body: &[u8]) -> Vec<u8> {
    tagged(0x30, body)
}

pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    tagged(0x04, bytes)
}

pub(super) fn integer(n: i64) -> Vec<u8> {
    let all = n.to_be_bytes();
    // The fewest bytes that keep the sign.
    let skip = (0..7).take_while(|at| {
        let (this, next) = (all[*at], all[*at + 1]);
        (this == 0 && next & 0x80 == 0) || (this == 0xff && next & 0x80 != 0)
    });
    tagged(0x02, &all[skip.count()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_at_every_length() {
        for n in [0, 1, 127, 128, 255, 256, 65_536, -1, -128, -129, i64::MAX, i64::MIN] {
            let bytes = integer(n);
            let mut rest = bytes.as_slice();
            assert_eq!(Element::read(&mut rest).and_then(|e| e.number()), Some(n));
            assert!(rest.is_empty());
        }
        assert_eq!(integer(128), [0x02, 2, 0, 128], "the fewest bytes");
        for length in [0, 1, 127, 128, 300, 70_000] {
            let (body, message) = (vec![7; length], sequence(&vec![7; length]));
            assert_eq!(super::message(&mut message.as_slice(), 70_000).unwrap(), body);
            let mut rest = message.as_slice();
            assert_eq!(Element::read(&mut rest).unwrap().body, body);
        }
    }

    #[test]
    fn hostile_lengths_take_no_memory() {
        for hostile in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], &[0x30, 0x85, 1, 1, 1, 1, 1], &[0x04, 5, 1]] {
            assert_eq!(Element::read(&mut &hostile[..]), None, "{hostile:?}");
        }
        let huge = [0x30, 0x84, 0xff, 0xff, 0xff, 0xff];
        assert!(message(&mut huge.as_slice(), 1000).is_err());
        assert!(message(&mut [0x31, 0].as_slice(), 1000).is_err());
        assert!(message(&mut [0x30, 5, 1].as_slice(), 1000).is_err(), "cut short");
    }
}
