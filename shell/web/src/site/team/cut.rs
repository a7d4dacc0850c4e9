//! Long lists of the team's page, some rows at a time: the gravest come first, and the address says after which one.

use crate::pages::team::Pages;

/// What an address of the page says.
pub(super) struct Address<'a> {
    pub hours: u32,
    pub month: &'a str,
}

impl Address<'_> {
    /// The page, a list of it after a row.
    fn after(&self, list: &str, key: Option<&str>) -> String {
        let month = if self.month.is_empty() { String::new() } else { format!("&month={}", self.month) };
        let after =
            key.map_or_else(String::new, |key| format!("&{list}={}", super::words::query_encode(key)));
        format!("/team?hours={}{month}{after}#{list}", self.hours)
    }

    /// The rows after the one that a key names, `most` of them. The order is of the moment: a key that names none
    /// any more gives the first ones.
    pub(super) fn cut<T>(
        &self,
        list: &str,
        rows: Vec<T>,
        after: &str,
        most: usize,
        key: impl Fn(&T) -> String,
    ) -> (Vec<T>, Pages) {
        let from = rows.iter().rposition(|row| key(row) == after).map_or(0, |at| at + 1);
        // The last one was the end of the list: there is nothing after it.
        let from = if from == rows.len() { 0 } else { from };
        let total = rows.len();
        let shown: Vec<T> = rows.into_iter().skip(from).take(most).collect();
        let more = from + shown.len() < total;
        let next = shown.last().filter(|_| more).map(|row| self.after(list, Some(&key(row))));
        let previous = (from > 0).then(|| self.after(list, None));
        (shown, Pages { previous, next, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page_and_an_unknown_key_starts_again() {
        let here = Address { hours: 8, month: "" };
        let cut = |after: &str, most| here.cut("customers", (1..=5).collect(), after, most, i32::to_string);
        let (rows, pages) = cut("", 2);
        assert_eq!((rows, pages.previous, pages.total), (vec![1, 2], None, 5));
        assert_eq!(pages.next.as_deref(), Some("/team?hours=8&customers=2#customers"));
        assert_eq!(cut("2", 2).0, [3, 4]);
        let (rows, pages) = cut("4", 2);
        assert_eq!((rows, pages.next), (vec![5], None));
        assert_eq!(pages.previous.as_deref(), Some("/team?hours=8#customers"));
        assert_eq!((cut("9", 2).0, cut("5", 2).0), (vec![1, 2], vec![1, 2]));
        assert_eq!(cut("", 5).1.next, None, "a page that holds them all has no next one");
    }
}
