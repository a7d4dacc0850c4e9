//! The ticket that opens here for one still open there: the contract's names where it knows the tool's.

use std::collections::HashMap;

use base::{Bilingual, Lang, lang};

use super::value::plain;
use super::{ImportTickets, Since, tickets};
use crate::access::{Act, Permit, Principal};
use crate::agreements::Agreement;
use crate::error::Result;
use crate::instance::App;
use crate::ticket::OpenTicket;

/// How the tickets of one file open: what its words are here, looked for once for all its rows.
pub(super) struct Opening<'a> {
    agreement: &'a Agreement,
    ask: &'a ImportTickets,
    items: HashMap<String, &'a str>,
    sites: HashMap<String, &'a str>,
    priorities: HashMap<String, &'a str>,
    /// The address of each of the customer's people, by their address and by the words of their name; `None` for
    /// namesakes.
    people: HashMap<String, Option<String>>,
}

impl<'a> Opening<'a> {
    /// `opener` opens the tickets.
    pub(super) fn new(
        app: &App,
        opener: &Permit,
        agreement: &'a Agreement,
        ask: &'a ImportTickets,
    ) -> Result<Opening<'a>> {
        let customer = opener.customer();
        let mut people = app.requesters(opener)?;
        people.retain(|p| p.permit(Act::SeeTickets, customer).is_ok_and(|own| own.sees(agreement.id)));
        Ok(Opening::among(people, agreement, ask))
    }

    fn among(people: Vec<Principal>, agreement: &'a Agreement, ask: &'a ImportTickets) -> Opening<'a> {
        let terms = &agreement.latest().compiled.terms;
        let same = |name: &'a String| (name.as_str(), name.as_str());
        Opening {
            agreement,
            ask,
            items: by_word(terms.perimeter.iter().flat_map(|rule| &rule.then.items).map(same)),
            sites: by_word(terms.parties.iter().flat_map(|rule| &rule.then.sites).map(same)),
            priorities: by_word(ask.priorities.iter().map(|(word, here)| (word.as_str(), here.as_str()))),
            people: by_name(people),
        }
    }

    /// Whom the ticket is written down for: the first person told there who is one of the customer's here.
    fn requester(&self, row: &tickets::Row) -> Option<String> {
        let told = std::iter::once(row.requester.as_str()).chain(row.requester.split([',', ';', '\n']));
        told.map(in_any_order)
            .filter(|name| !name.is_empty())
            .find_map(|name| self.people.get(&name)?.clone())
    }

    /// What the other tool knew that the ticket here does not have but as words.
    pub(super) fn reserve(&self, row: &tickets::Row) -> Option<Bilingual> {
        let stranger = !row.requester.is_empty() && self.requester(row).is_none();
        match (stranger, row.assignee.is_empty()) {
            (true, true) => Some(Bilingual::new(
                "le demandeur n’est pas connu ici\u{a0}: son nom reste dans le texte, et le ticket est au vôtre",
                "the requester is not known here: their name stays in the text, and the ticket is in yours",
            )),
            (true, false) => Some(Bilingual::new(
                "le demandeur n’est pas connu ici\u{a0}: son nom reste dans le texte comme celui du technicien, le ticket est au vôtre et confié à personne",
                "the requester is not known here: their name stays in the text as the technician’s does, the ticket is in yours and assigned to nobody",
            )),
            (false, false) => Some(Bilingual::new(
                "le nom du technicien reste dans le texte\u{a0}: le ticket n’est confié à personne",
                "the technician’s name stays in the text: the ticket is assigned to nobody",
            )),
            (false, true) => None,
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
            requester: self.requester(row),
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

/// « Ferrand Nadia » as « Nadia Ferrand »: tools do not agree on which comes first.
fn in_any_order(name: &str) -> String {
    let plain = plain(name);
    let mut words: Vec<&str> = plain.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

fn by_name(people: Vec<Principal>) -> HashMap<String, Option<String>> {
    let mut found: HashMap<String, Option<String>> = HashMap::new();
    for person in people {
        for told in [in_any_order(&person.name), in_any_order(&person.email)] {
            let email = Some(person.email.clone());
            found
                .entry(told)
                .and_modify(|one| *one = one.take().filter(|e| Some(e) == email.as_ref()))
                .or_insert(email);
        }
    }
    found
}

/// Names by the spelling that others are compared by; the first of two that are one.
fn by_word<'a>(names: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<String, &'a str> {
    let mut found = HashMap::new();
    for (word, name) in names {
        found.entry(plain(word)).or_insert(name);
    }
    found
}
