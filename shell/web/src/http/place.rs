//! Where a page of a list ends, as an address carries it: two values, and a dot between them.

use std::str::FromStr;

/// `1771232400000000.0190a5b0-…`; `None` for what is no such place.
pub fn pair<A: FromStr, B: FromStr>(text: &str) -> Option<(A, B)> {
    let (first, second) = text.split_once('.')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}
