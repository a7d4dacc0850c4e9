//! The end of a list that grows at its end, and the ways to what came before and back.
//!
//! A place is how many lines came before it: what is told afterwards may move a line, and hides none.

use serde::Deserialize;

/// What a page shows of such a list.
pub struct Window<T> {
    pub lines: Vec<T>,
    /// Lines that came before them.
    pub earlier: usize,
    /// Whether others follow.
    pub later: bool,
}

/// The last lines of those before a place, or of all of them.
pub fn last<T>(mut all: Vec<T>, upto: Option<usize>, most: usize) -> Window<T> {
    let end = upto.map_or(all.len(), |upto| upto.min(all.len()));
    let later = end < all.len();
    all.truncate(end);
    let earlier = end.saturating_sub(most);
    Window { lines: all.split_off(earlier), earlier, later }
}

/// Where the long lists of a ticket's page end.
#[derive(Deserialize, Default, Clone, Copy)]
pub struct Ends {
    /// Of the conversation.
    pub talk: Option<usize>,
    /// Of the time spent.
    pub time: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_in_one_window() {
        let (mut seen, mut upto) = (Vec::new(), None);
        loop {
            let window = last((0..250).collect(), upto, 100);
            assert_eq!(window.later, upto.is_some());
            seen.splice(0..0, window.lines);
            if window.earlier == 0 {
                break;
            }
            upto = Some(window.earlier);
        }
        assert_eq!(seen, (0..250).collect::<Vec<_>>());
        let beyond = last(vec![1, 2], Some(9), 100);
        assert_eq!((beyond.lines, beyond.earlier, beyond.later), (vec![1, 2], 0, false));
    }
}
