//! One person asks for everything.

use std::collections::BTreeMap;

use app::Role;
use axum::http::StatusCode;

use crate::browser::Ids;
use crate::compare::{Answer, told_apart};
use crate::copy::Copy;
use crate::people::Who;
use crate::routes::Row;
use crate::world::World;

/// What one person was answered: a mark for each row, and what is wrong.
pub struct Found {
    pub marks: Vec<char>,
    /// By what is wrong.
    pub faults: Vec<String>,
    pub asked: usize,
}

struct Visit<'a> {
    copy: Copy<'a>,
    faults: Vec<String>,
    asked: usize,
}

/// A word that stands in a customer's name and in everything written for it, and nowhere else.
const THEIRS: [(&str, &str); 2] = [("garonne", "Belette"), ("sologne", "Zibeline")];
/// Stands in what the provider wrote for itself.
const INSIDE: &str = "Musaraigne";

pub fn visit(world: &World, nth: usize, rows: &[Row]) -> Found {
    let copy = world.copy(nth);
    let person = copy.person();
    let foreign: Vec<&str> =
        ["garonne", "sologne"].into_iter().filter(|slug| !person.reaches(slug)).collect();
    let before: BTreeMap<&str, String> = foreign.iter().map(|slug| (*slug, copy.dump(slug))).collect();
    let mut visit = Visit { copy, faults: Vec::new(), asked: 0 };
    // What is not one's own first: nothing has changed yet.
    for row in rows {
        for slug in &foreign {
            visit.other_customer(row, slug);
        }
        if person.reaches("garonne") {
            visit.other_things(row);
        }
    }
    let mut marks = Vec::new();
    for row in rows {
        let answer = visit.ask(row, &visit.copy.ids());
        let mark = mark(&answer);
        if row.names("customer") {
            let wanted = match (person.signed_in(), person.reaches("garonne")) {
                (false, _) => Some('-'),
                (true, false) => Some('✘'),
                (true, true) => None,
            };
            if wanted.is_some_and(|wanted| wanted != mark) {
                visit.fault(row, &format!("is answered {} to somebody with no right there: either rights are asked for too late, or the row's body is not one", answer.status));
            }
        }
        if answer.text().contains("ce formulaire a expiré") {
            visit.fault(row, "the form's own proof was refused, so nothing was tried");
        }
        marks.push(mark);
    }
    // Their own account tells what they were refused; it must not tell who else is a customer.
    for page in ["/account", "/c", "/"] {
        visit.ask(&Row { method: "GET", path: page, body: "" }, &visit.copy.ids());
    }
    for (slug, before) in before {
        if visit.copy.dump(slug) != before {
            visit.faults.push(format!("the vault of {slug} changed"));
        }
    }
    for (object, times) in visit.copy.denials() {
        if times > 1 {
            visit.faults.push(format!("the refusal of {object} is in the journal {times} times"));
        }
    }
    // The administrator may do everything, and is refused what is not there.
    let refused = person.signed_in() && person != Who::Of(Role::ProviderAdmin);
    if refused && visit.copy.denials().is_empty() {
        visit.faults.push("refused, and no refusal is in the journal".to_owned());
    }
    Found { marks, asked: visit.asked, faults: visit.faults }
}

fn mark(answer: &Answer) -> char {
    let to = answer.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
    match answer.status {
        StatusCode::NOT_FOUND => '✘',
        StatusCode::UNAUTHORIZED => '-',
        StatusCode::SEE_OTHER if to.starts_with("/sign-in?back") => '-',
        _ => '✔',
    }
}

impl Visit<'_> {
    fn fault(&mut self, row: &Row, what: &str) {
        self.faults.push(format!("{row}: {what}"));
    }

    /// Asks, and looks at what no answer to anybody may be or hold.
    fn ask(&mut self, row: &Row, ids: &Ids) -> Answer {
        let person = self.copy.person();
        self.asked += 1;
        let answer = self.copy.ask(row, ids);
        if answer.status.is_server_error() {
            self.fault(row, &format!("{}: {}", answer.status, answer.text()));
        }
        let text = answer.text();
        for (slug, word) in THEIRS {
            if !person.reaches(slug) && text.contains(word) {
                self.fault(row, &format!("shows « {word} », which is of {slug}"));
            }
        }
        if !person.is_inside() && text.contains(INSIDE) {
            self.fault(row, "shows what the provider wrote for itself");
        }
        answer
    }

    /// Everything of a customer that the person has nothing to do with, against what is made up.
    fn other_customer(&mut self, row: &Row, slug: &str) {
        if !row.names("customer") {
            return;
        }
        let (theirs, none) = (self.copy.ids_of(slug), self.copy.ids_of_nobody());
        let (one, other) = (self.ask(row, &theirs), self.ask(row, &none));
        let asked: Vec<String> = theirs.values().chain(none.values()).cloned().collect();
        if let Some(apart) = told_apart(&one, &other, &asked) {
            self.fault(row, &format!("another customer is told from none: {apart}"));
        }
    }

    /// Each thing of another customer, and each that ended, at one's own.
    fn other_things(&mut self, row: &Row) {
        let own = self.copy.ids();
        let kinds: Vec<&'static str> = own.keys().copied().filter(|kind| row.names(kind)).collect();
        for kind in kinds {
            // A code of invitation is a secret, and opens by itself; the provider's own people reach
            // what is of the whole instance.
            let of_all = ["account", "elsewhere", "letter", "mail"].contains(&kind);
            if ["customer", "code"].contains(&kind) || (of_all && self.copy.person().is_everywhere()) {
                continue;
            }
            let (other, none, gone) = self.copy.strange(kind);
            let put = |value: &str| {
                let mut ids = own.clone();
                ids.insert(kind, value.to_owned());
                ids
            };
            let nobody = self.ask(row, &put(&none));
            let asked = vec![other.clone(), none.clone()];
            let theirs = self.ask(row, &put(&other));
            if let Some(apart) = told_apart(&theirs, &nobody, &asked) {
                self.fault(row, &format!("another customer's {kind} is told from none: {apart}"));
            }
            if let Some(gone) = gone {
                let ended = self.ask(row, &put(&gone));
                let nothing = ["draft", "view"].contains(&kind);
                let apart = told_apart(&ended, &nobody, &[gone, none]);
                if let Some(apart) = apart.filter(|_| nothing) {
                    self.fault(row, &format!("a {kind} that is no more is told from none: {apart}"));
                }
            }
        }
    }
}
