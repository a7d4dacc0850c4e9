//! One page of a contract's duties, by the day they are due: a year of them is too long to read, and to send.

use super::super::words;
use super::Asked;
use crate::design::CustomerRef;
use crate::pages::duties::Item;

/// Duties of a page; more only when several are the same duty of the same day.
const ROWS: usize = 25;
/// What happened to the contract, of a page.
const TOLD: usize = 20;

/// A page, and the addresses of those around it.
pub(super) struct Paged<T> {
    pub rows: Vec<T>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The duties after or before the one asked for; the first that is for somebody to do, when none is.
pub(super) fn items(
    mut all: Vec<Item>,
    asked: &Asked,
    customer: &CustomerRef,
    contract: &str,
) -> Paged<Item> {
    all.sort_by_key(key);
    let keys: Vec<String> = all.iter().map(key).collect();
    let full = keys.len().saturating_sub(ROWS);
    let mut start = match (&asked.after, &asked.before) {
        (Some(after), _) => keys.partition_point(|key| key <= after),
        (None, Some(before)) => keys.partition_point(|key| key < before).saturating_sub(ROWS),
        (None, None) => all.iter().position(|item| item.state.open()).unwrap_or(full).min(full),
    };
    // Same keys are never parted: a page begins and ends between two.
    while start > 0 && start < keys.len() && keys[start] == keys[start - 1] {
        start -= 1;
    }
    let mut end = (start + ROWS).min(keys.len());
    while end > start && end < keys.len() && keys[end] == keys[end - 1] {
        end += 1;
    }
    let to = |name: &str, key: &String| Some(address(asked, customer, contract, name, key));
    let previous = keys.get(start).filter(|_| start > 0).and_then(|key| to("before", key));
    let next = keys.get(end.wrapping_sub(1)).filter(|_| end < keys.len()).and_then(|key| to("after", key));
    all.truncate(end);
    Paged { rows: all.split_off(start), previous, next }
}

/// What was told, last first, from what is under the one asked for.
pub(super) fn told<'a, T>(
    all: &'a [T],
    at: impl Fn(&T) -> i64,
    asked: &Asked,
    customer: &CustomerRef,
    contract: &str,
) -> Paged<&'a T> {
    let under = asked.told.as_deref().and_then(|told| told.parse::<i64>().ok());
    let left: Vec<&T> = all.iter().filter(|told| under.is_none_or(|under| at(told) < under)).collect();
    let mut end = TOLD.min(left.len());
    while end > 0 && end < left.len() && at(left[end]) == at(left[end - 1]) {
        end += 1;
    }
    let last = left.get(end.wrapping_sub(1)).filter(|_| end < left.len());
    let next = last.map(|last| address(asked, customer, contract, "told", &at(last).to_string()) + "#told");
    Paged { rows: left[..end].to_vec(), previous: None, next }
}

/// `2026-05-31/label/what`; what is owed at all times comes last.
fn key(item: &Item) -> String {
    let on = item.on.map_or_else(|| "always".to_owned(), |on| on.to_string());
    format!("{on}/{}", item.key)
}

fn address(asked: &Asked, customer: &CustomerRef, contract: &str, name: &str, key: &str) -> String {
    let mut path = format!("/duties?contract={}", words::query_encode(contract));
    for (name, value) in [("party", &asked.party), ("state", &asked.state)] {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            path += &format!("&{name}={}", words::query_encode(value));
        }
    }
    customer.path(&format!("{path}&{name}={}", words::query_encode(key)))
}
