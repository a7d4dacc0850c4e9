//! The ticket that opens here for one still open there: the contract's names where it knows the tool's.

use std::collections::HashMap;

use base::{Lang, lang};

use super::value::plain;
use super::{ImportTickets, Since, tickets};
use crate::agreements::Agreement;
use crate::ticket::OpenTicket;

/// How the tickets of one file open: what its words are here, looked for once for all its rows.
pub(super) struct Opening<'a> {
    agreement: &'a Agreement,
    ask: &'a ImportTickets,
    items: HashMap<String, &'a str>,
    sites: HashMap<String, &'a str>,
    priorities: HashMap<String, &'a str>,
}

impl<'a> Opening<'a> {
    pub(super) fn new(agreement: &'a Agreement, ask: &'a ImportTickets) -> Opening<'a> {
        let terms = &agreement.latest().compiled.terms;
        let same = |name: &'a String| (name.as_str(), name.as_str());
        Opening {
            agreement,
            ask,
            items: by_word(terms.perimeter.iter().flat_map(|rule| &rule.then.items).map(same)),
            sites: by_word(terms.parties.iter().flat_map(|rule| &rule.then.sites).map(same)),
            priorities: by_word(ask.priorities.iter().map(|(word, here)| (word.as_str(), here.as_str()))),
        }
    }

    pub(super) fn ticket(&self, row: &tickets::Row) -> OpenTicket {
        let here = |names: &HashMap<String, &str>, word: &str| {
            // Many rows tell nothing, and nothing has no name.
            names.get(&plain(word)).filter(|_| !word.is_empty()).map(|&name| name.to_owned())
        };
        OpenTicket {
            title: row.title.clone(),
            description: self.told(row),
            kind: row.kind.map(str::to_owned),
            priority: here(&self.priorities, &row.priority),
            item: here(&self.items, &row.item),
            site: here(&self.sites, &row.site),
            channel: Some("api".to_owned()),
            declared: (self.ask.since == Since::Declared).then_some(row.opened),
            contract: Some(self.agreement.number.clone()),
            ..OpenTicket::default()
        }
    }

    /// The text of the ticket, under what the other tool knew of it.
    fn told(&self, row: &tickets::Row) -> String {
        let at = self.ask.lang;
        let t = |fr: &'static str, en: &'static str| at.t(fr, en);
        let (tool, number) = (self.ask.source.name(), &row.number);
        let date = lang::date(at, self.agreement.local_date(row.opened));
        let mut lines = vec![match at {
            Lang::Fr => format!("Repris de {tool}, nº\u{a0}{number}, déclaré le {date}."),
            Lang::En => format!("Brought in from {tool}, no. {number}, declared on {date}."),
        }];
        let facts = [
            (t("Demandeur\u{a0}: ", "Requester: "), &row.requester),
            (t("Technicien\u{a0}: ", "Technician: "), &row.assignee),
            (t("État\u{a0}: ", "State: "), &row.state),
            (t("Priorité\u{a0}: ", "Priority: "), &row.priority),
            (t("Catégorie\u{a0}: ", "Category: "), &row.category),
            (t("Élément\u{a0}: ", "Item: "), &row.item),
            (t("Site\u{a0}: ", "Site: "), &row.site),
        ];
        lines.extend(
            facts.iter().filter(|(_, fact)| !fact.is_empty()).map(|(name, fact)| format!("{name}{fact}")),
        );
        if !row.description.is_empty() {
            lines.push(String::new());
            lines.push(row.description.clone());
        }
        lines.join("\n")
    }
}

/// Names by the spelling that others are compared by; the first of two that are one.
fn by_word<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<String, &'a str> {
    let mut found = HashMap::new();
    for (word, name) in names {
        found.entry(plain(word)).or_insert(name);
    }
    found
}
