//! What else a change touches, by the contract: services, neighbours, owners to inform.

use std::collections::BTreeSet;

use base::{Because, Reason};
use terms::availability::CountedIn;
use terms::boundary::{Boundary, SharedHosting};
use terms::perimeter::PerimeterEntry;
use terms::{PartyRole, Rule, Statement, Terms};

use crate::availability;
use crate::say::{cite, list};

/// What a change touches beside the items that its plan names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// The services of the contract that rest on these items, by their titles.
    pub services: Vec<String>,
    /// Items that share a service or a host with them.
    pub neighbours: Vec<String>,
    /// Who is to be told.
    pub inform: Vec<Informed>,
    /// People beyond the customer's own feel it too: a host is shared with others.
    pub outside_users: bool,
    /// How many users a clause counts on the services touched, at most; `None` where none says.
    pub users: Option<u32>,
}

/// Somebody to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Informed {
    /// A party, by name; the provider and the customer too.
    pub who: String,
    /// How to reach them, where the contract says it.
    pub reach: Option<String>,
}

/// What a change of these items touches, with the clause behind each finding.
pub fn impact(terms: &Terms, items: &[String]) -> Because<Impact> {
    let mut found = Finding { impact: Impact::default(), neighbours: BTreeSet::new(), reasons: Vec::new() };
    found.promised(terms, items);
    found.hosts(terms, items);
    found.services(terms, items);
    found.third_parties(terms, items);
    found.outside(terms, items);
    let Finding { mut impact, mut neighbours, reasons } = found;
    neighbours.retain(|name| !items.contains(name));
    impact.neighbours = neighbours.into_iter().collect();
    Because::new(impact, reasons)
}

/// The statements of the perimeter that name one of these items, or the class of one.
pub(super) fn entries<'a>(
    terms: &'a Terms,
    items: &'a [String],
) -> impl Iterator<Item = &'a Rule<PerimeterEntry>> {
    terms.perimeter.iter().filter(move |rule| {
        let entry = &rule.then;
        let class = entry.class.as_deref().filter(|_| entry.items.is_empty());
        items.iter().any(|item| entry.items.contains(item) || class == Some(item))
    })
}

/// The hosts shared with others that one of these items stands on.
pub(super) fn shared<'a>(
    terms: &'a Terms,
    items: &'a [String],
) -> impl Iterator<Item = (&'a Rule<Boundary>, &'a SharedHosting)> {
    terms.boundaries.iter().filter_map(move |rule| match &rule.then {
        Boundary::SharedHosting(host) if items.iter().any(|item| host.items.contains(item)) => {
            Some((rule, host))
        }
        _ => None,
    })
}

/// The clauses of hosting that a change of these items touches: by their name, by what they rest on, or by a
/// service touched.
pub(super) fn hosted<'a>(
    terms: &'a Terms,
    items: &'a [String],
    services: &'a [String],
) -> impl Iterator<Item = &'a Rule<Statement>> {
    terms.statements.iter().filter(|rule| rule.then.topic == "hosting").filter(move |rule| {
        let of = rule.then.get("of").unwrap_or_default();
        let rests = rule.then.get("items").unwrap_or_default();
        let named = |name: &String| name == of || rests.split(", ").any(|item| item == name);
        items.iter().any(named) || services.iter().any(|service| service == of)
    })
}

/// The populations from outside that a clause of hosting names, and what tells each.
fn populations(says: &Statement) -> impl Iterator<Item = (&str, &str)> {
    let told = says.says.iter().filter_map(|(key, by)| {
        let population = key.strip_prefix("external.")?.strip_suffix(".told_by")?;
        Some((population, by.as_str()))
    });
    told.filter(|(_, by)| !is_nobody(by))
        .filter_map(|(population, by)| Some((says.get(&format!("external.{population}.who"))?, by)))
}

/// Whether what tells a population says that there is nobody to tell, as the clause is asked to say it of
/// each of the three: « sans objet : … », “none: …”.
fn is_nobody(by: &str) -> bool {
    let by = by.trim().to_lowercase();
    let rest = ["sans objet", "none", "not applicable"].into_iter().find_map(|word| by.strip_prefix(word));
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether the clause knows of people from outside, and says of none how they are told.
pub(super) fn is_untold(says: &Statement) -> bool {
    says.get("external_users").is_some_and(|users| !users.is_empty()) && populations(says).next().is_none()
}

struct Finding {
    impact: Impact,
    neighbours: BTreeSet<String>,
    reasons: Vec<Reason>,
}

impl Finding {
    /// The services whose availability is promised and that one of the items is part of.
    fn promised(&mut self, terms: &Terms, items: &[String]) {
        for rule in availability::promised(terms, items) {
            let clause = &rule.then;
            self.service(clause.service.clone());
            self.neighbours.extend(clause.items.iter().cloned());
            if let CountedIn::UserMinutes { users } = clause.counted_in {
                self.impact.users = self.impact.users.max(Some(users));
            }
            let others = left(&clause.items, items);
            self.reasons.push(cite("change.service", rule, |lang| {
                let others = list(lang, &others);
                let service = &clause.service;
                match others.is_empty() {
                    true => lang.t(
                        format!("Le service « {service} » repose sur cet élément."),
                        format!("The service “{service}” rests on this item."),
                    ),
                    false => lang.t(
                        format!("Le service « {service} » repose aussi sur {others}."),
                        format!("The service “{service}” also rests on {others}."),
                    ),
                }
            }));
        }
    }

    fn hosts(&mut self, terms: &Terms, items: &[String]) {
        for (rule, host) in shared(terms, items) {
            self.impact.outside_users = true;
            self.neighbours.extend(host.items.iter().cloned());
            self.reasons.push(cite("change.shared", rule, |lang| {
                lang.t(
                    "L'hébergement est mutualisé\u{a0}: d'autres clients et leurs utilisateurs sont touchés.",
                    "The host is shared: other customers and their users are touched.",
                )
                .to_owned()
            }));
        }
    }

    /// The elementary services that cover the items' classes, and who owns them.
    fn services(&mut self, terms: &Terms, items: &[String]) {
        let classes: BTreeSet<&str> =
            entries(terms, items).filter_map(|rule| rule.then.class.as_deref()).collect();
        for rule in &terms.services {
            let service = &rule.then;
            if !service.covers.iter().any(|class| classes.contains(class.as_str())) {
                continue;
            }
            self.service(service.title.clone());
            let owner = terms.party(service.owner).map(|party| party.then.name.clone());
            if let Some(who) = owner.clone().filter(|_| service.owner != PartyRole::Provider) {
                self.tell(Informed { who, reach: None });
            }
            self.reasons.push(cite("change.owner", rule, |lang| {
                let (title, owner) = (&service.title, owner.as_deref().unwrap_or_default());
                lang.t(
                    format!("« {title} » couvre cet élément\u{a0}; en répond\u{a0}: {owner}."),
                    format!("“{title}” covers this item; its owner: {owner}."),
                )
            }));
        }
    }

    fn third_parties(&mut self, terms: &Terms, items: &[String]) {
        for rule in entries(terms, items) {
            let Some(name) = &rule.then.third_party else { continue };
            let clause = super::approvals::clause_on(terms, name);
            let reach = clause.and_then(|c| c.then.get("reach")).map(str::to_owned);
            self.tell(Informed { who: name.clone(), reach });
            self.reasons.push(cite("change.third_party", rule, |lang| {
                lang.t(format!("Cet élément relève de {name}."), format!("This item is run by {name}."))
            }));
        }
    }

    /// The customer's own customers, visitors and suppliers (S-112, S-113), and how each is told.
    fn outside(&mut self, terms: &Terms, items: &[String]) {
        let services = self.impact.services.clone();
        for rule in hosted(terms, items, &services) {
            let users = rule.then.get("external_users").filter(|users| !users.is_empty());
            if let Some(users) = users.filter(|_| is_untold(&rule.then)) {
                self.tell(Informed { who: users.to_owned(), reach: None });
            }
            for (who, by) in populations(&rule.then) {
                self.tell(Informed { who: who.to_owned(), reach: Some(by.to_owned()) });
            }
            if let Some(users) = users {
                self.reasons.push(cite("change.outside", rule, |lang| {
                    lang.t(
                        format!("Des utilisateurs extérieurs sont touchés\u{a0}: {users}."),
                        format!("Users from outside are touched: {users}."),
                    )
                }));
            }
        }
    }

    fn service(&mut self, title: String) {
        if !self.impact.services.contains(&title) {
            self.impact.services.push(title);
        }
    }

    fn tell(&mut self, informed: Informed) {
        if !self.impact.inform.iter().any(|known| known.who == informed.who) {
            self.impact.inform.push(informed);
        }
    }
}

/// The names of `all` that are not among `items`.
fn left<'a>(all: &'a [String], items: &[String]) -> Vec<&'a str> {
    all.iter().filter(|name| !items.contains(name)).map(String::as_str).collect()
}
