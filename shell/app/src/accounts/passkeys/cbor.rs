//! The CBOR that authenticators write (CTAP 2.2, 8: canonical, four levels at most), and no more of it.

/// Levels of arrays and maps within one another.
const DEEPEST: u8 = 4;
/// Entries of an array or a map; an authenticator writes ten. The keys of a map are compared with one
/// another, before any signature is: a longer one would cost its square.
const MOST: u64 = 64;

/// A value; what WebAuthn never reads is kept as [`Value::Other`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Map(Vec<(Value<'a>, Value<'a>)>),
    Other,
}

impl<'a> Value<'a> {
    /// What a map holds under a number.
    pub(super) fn at(&self, key: i64) -> Option<&Value<'a>> {
        self.find(&Value::Int(key))
    }

    /// What a map holds under a name.
    pub(super) fn named(&self, key: &str) -> Option<&Value<'a>> {
        self.find(&Value::Text(key))
    }

    pub(super) fn int(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Value::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    fn find(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }
}

/// The first value of these bytes, and what follows it; `None` for anything else than canonical CBOR.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    value(bytes, DEEPEST)
}

fn value(bytes: &[u8], levels: u8) -> Option<(Value<'_>, &[u8])> {
    let (kind, n, rest) = head(bytes)?;
    let length = usize::try_from(n).ok();
    match kind {
        0 => Some((Value::Int(i64::try_from(n).ok()?), rest)),
        1 => Some((Value::Int(-1 - i64::try_from(n).ok()?), rest)),
        2 => rest.split_at_checked(length?).map(|(bytes, rest)| (Value::Bytes(bytes), rest)),
        3 => {
            let (text, rest) = rest.split_at_checked(length?)?;
            Some((Value::Text(str::from_utf8(text).ok()?), rest))
        }
        4 | 5 if n > MOST => None,
        4 => {
            let mut rest = rest;
            for _ in 0..n {
                rest = value(rest, levels.checked_sub(1)?)?.1;
            }
            Some((Value::Other, rest))
        }
        5 => {
            let (mut pairs, mut rest) = (Vec::new(), rest);
            for _ in 0..n {
                let (key, after) = value(rest, levels.checked_sub(1)?)?;
                let (held, after) = value(after, levels.checked_sub(1)?)?;
                if pairs.iter().any(|(known, _)| *known == key) {
                    return None;
                }
                pairs.push((key, held));
                rest = after;
            }
            Some((Value::Map(pairs), rest))
        }
        // Tags are not canonical here; simple values and floats are skipped.
        7 => Some((Value::Other, rest)),
        _ => None,
    }
}

/// Kind, number and rest; lengths left open, which canonical CBOR forbids, are refused.
fn head(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (kind, small) = (first >> 5, first & 0x1f);
    let width = match small {
        0..=23 => return Some((kind, u64::from(small), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (digits, rest) = rest.split_at_checked(width)?;
    Some((kind, digits.iter().fold(0, |n, digit| n << 8 | u64::from(*digit)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_norm_are_read_and_their_rest_given_back() {
        // RFC 8949, appendix A, and a map as an authenticator writes it.
        assert_eq!(read(&[0x18, 0x64, 9]), Some((Value::Int(100), &[9][..])));
        assert_eq!(read(&[0x39, 0x01, 0x00]), Some((Value::Int(-257), &[][..])));
        assert_eq!(read(&[0x62, 0xc3, 0xbc]), Some((Value::Text("ü"), &[][..])));
        let (map, rest) = read(&[0xa2, 0x01, 0x02, 0x21, 0x42, 7, 8, 0xff]).unwrap();
        assert_eq!(
            (map.at(1), map.at(-2), rest),
            (Some(&Value::Int(2)), Some(&Value::Bytes(&[7, 8])), &[0xff][..])
        );
    }

    #[test]
    fn what_an_authenticator_never_writes_is_refused() {
        for hostile in [
            &[][..],
            &[0x5f, 0x41, 0, 0xff],
            &[0x43, 1, 2],
            &[0xa1, 0x01],
            &[0xa2, 1, 1, 1, 1],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
            &[0x62, 0xff, 0xff],
            &[0xc0, 0x60],
        ] {
            assert_eq!(read(hostile), None, "{hostile:?}");
        }
        assert_eq!(read(&[0x81; 5000]), None, "too deep");
        for (kind, of_each) in [(0x80, 1), (0xa0, 2)] {
            let holding = |n: u8| {
                let entries = (0..n).flat_map(|key| [0x18, 100 + key].repeat(of_each));
                [kind | 0x18, n].into_iter().chain(entries).collect::<Vec<u8>>()
            };
            assert!(read(&holding(64)).is_some_and(|(_, rest)| rest.is_empty()), "{kind:x}");
            assert_eq!(read(&holding(65)), None, "{kind:x}: too long");
        }
    }
}
