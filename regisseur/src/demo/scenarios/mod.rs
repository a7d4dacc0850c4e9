//! What happens in the life of a workshop's information system, told in the words of those who ask.
//!
//! `{qui}` is the person concerned, `{ou}` where they work, `{poste}` their workstation, `{imp}` a printer.

mod accounts;
mod beyond;
mod servers;
mod visits;
mod workstations;

/// Impact and urgency, in the contract's keys.
pub type Level = (&'static str, &'static str);

/// P2.
pub const TEAM_BLOCKED: Level = ("service", "blocking");
pub const SITE_DEGRADED: Level = ("site", "degraded");
/// P3.
pub const USER_BLOCKED: Level = ("user", "blocking");
pub const TEAM_DEGRADED: Level = ("service", "degraded");
/// P4.
pub const USER_DEGRADED: Level = ("user", "degraded");
pub const COMFORT: Level = ("user", "comfort");

#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// An incident, or a request.
    pub incident: bool,
    pub level: Level,
    /// A class of the perimeter; empty for plain support.
    pub class: &'static str,
    /// A named item; empty for any of its class.
    pub item: &'static str,
    pub operation: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// The technician's first words.
    pub first: &'static str,
    /// What was done.
    pub done: &'static str,
}

const fn incident(
    level: Level,
    class: &'static str,
    title: &'static str,
    description: &'static str,
    first: &'static str,
    done: &'static str,
) -> Scenario {
    Scenario { incident: true, level, class, item: "", operation: "", title, description, first, done }
}

const fn request(
    operation: &'static str,
    class: &'static str,
    title: &'static str,
    description: &'static str,
    first: &'static str,
    done: &'static str,
) -> Scenario {
    Scenario { incident: false, level: COMFORT, class, item: "", operation, title, description, first, done }
}

impl Scenario {
    const fn on(mut self, item: &'static str) -> Scenario {
        self.item = item;
        self
    }

    const fn at(mut self, level: Level) -> Scenario {
        self.level = level;
        self
    }
}

/// Everyday work, in two lists so that servers and networks stay rarer than desks.
pub const DESKS: &[Scenario] = workstations::ALL;
pub const ROOM: &[Scenario] = servers::ALL;
/// Counted: twenty a month are paid by the fee.
pub const ACCOUNTS: &[Scenario] = accounts::ALL;
/// Counted: four a month are paid by the fee.
pub const VISITS: &[Scenario] = visits::ALL;
/// Outside the perimeter: refused with the article.
pub const OUTSIDE: &[Scenario] = beyond::OUTSIDE;
/// Done once a quotation is accepted.
pub const QUOTED: &[Scenario] = beyond::QUOTED;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_left_out_and_no_placeholder_is_misspelt() {
        let all = [DESKS, ROOM, ACCOUNTS, VISITS, OUTSIDE, QUOTED].concat();
        assert!(all.len() > 50, "{} scenarios", all.len());
        for s in all {
            for text in [s.title, s.description, s.first, s.done] {
                let bare = ["{qui}", "{ou}", "{poste}", "{imp}"]
                    .iter()
                    .fold(text.to_owned(), |t, p| t.replace(p, ""));
                assert!(!bare.contains(['{', '}']), "{text}");
                assert!(bare.chars().count() > 4, "{}", s.title);
            }
            assert!(s.title.chars().count() < 80, "{}", s.title);
        }
    }
}
