//! Who must agree to a change before it begins, or after it for an emergency.

use std::collections::BTreeSet;

use base::{Because, Lang, Reason};
use jiff::Timestamp;
use terms::grant::AccessAct;
use terms::{Contact, Dimension, Facts, Grant, PartyRole, Rule, Statement, Terms, governing};

use super::{Model, Plan, impact};
use crate::calendar::ClockCache;
use crate::say::{cite, list, plural, say};

/// An agreement given to a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    Customer {
        /// Tells two people apart.
        person: String,
        /// The label of the contract's contact that the person is, where they are one.
        contact: Option<String>,
    },
    ThirdParty {
        /// As the perimeter names it.
        name: String,
    },
}

/// The agreements that a plan waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Those of the customer, each met by itself: who answers for one item authorises nothing on another.
    pub demands: Vec<Demand>,
    /// The third parties whose equipment is touched and who have not agreed once and for all.
    pub third_parties: Vec<String>,
}

/// What one clause asks of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// The label of the clause; `None` for the agreement to the change as a whole.
    pub clause: Option<String>,
    /// The items of the plan that it is about; empty for the change as a whole.
    pub items: Vec<String>,
    /// How many people of the customer.
    pub people: u32,
    /// The roles of the contract's contacts who may agree; empty: anybody who may engage the customer.
    pub roles: Vec<String>,
}

impl Demand {
    /// How many people have agreed, of those who count.
    pub fn agreed(&self, terms: &Terms, approvals: &[Approval]) -> u32 {
        let people: BTreeSet<String> = approvals
            .iter()
            .filter_map(|approval| match approval {
                Approval::Customer { person, contact } if self.counts(terms, contact.as_deref()) => {
                    let known = contact.as_deref().and_then(|label| named(terms, label));
                    Some(known.map_or_else(|| contact.as_ref().unwrap_or(person).clone(), address))
                }
                _ => None,
            })
            .collect();
        u32::try_from(people.len()).unwrap_or(u32::MAX)
    }

    /// Whether the agreement of this contact counts, `None` being somebody who is none of the contract's.
    /// Somebody may be there under several roles: each is theirs.
    pub fn counts(&self, terms: &Terms, contact: Option<&str>) -> bool {
        if self.roles.is_empty() {
            return true;
        }
        let Some(who) = contact.and_then(|label| named(terms, label)).map(address) else { return false };
        of_customer(terms).any(|c| self.roles.contains(&c.then.role) && address(c) == who)
    }

    /// What is still waited for; `among` others, it says what it is about.
    fn missing(&self, terms: &Terms, approvals: &[Approval], among: bool) -> Option<Reason> {
        let left = self.people.saturating_sub(self.agreed(terms, approvals));
        if left == 0 {
            return None;
        }
        let items: Vec<&str> = self.items.iter().map(|item| terms.name_of("item", item)).collect();
        Some(say("change.approvals_missing", |lang| {
            let about = match among && !items.is_empty() {
                true => format!("{}{}", lang.t(" pour ", " for "), list(lang, &items)),
                false => String::new(),
            };
            let who = match self.roles.is_empty() {
                true => String::new(),
                false => {
                    format!(" ({})", roles_in_words(terms, lang, self.roles.iter().map(String::as_str)))
                }
            };
            let fr = plural(lang, left, "approbation du Client attendue", "approbations du Client attendues");
            let en = plural(
                lang,
                left,
                "approval of the customer is awaited",
                "approvals of the customer are awaited",
            );
            lang.t(format!("{left} {fr}{about}{who}."), format!("{left} {en}{about}{who}."))
        }))
    }
}

/// « interlocuteur unique et suppléant ».
fn roles_in_words<'a>(terms: &'a Terms, lang: Lang, roles: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = roles.map(|role| terms.role_name(lang, role)).collect();
    list(lang, &names.iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

fn of_customer(terms: &Terms) -> impl Iterator<Item = &Rule<Contact>> {
    terms.contacts.iter().filter(|c| c.then.of == PartyRole::Customer)
}

/// The customer's contact of this label.
fn named<'a>(terms: &'a Terms, label: &str) -> Option<&'a Rule<Contact>> {
    of_customer(terms).find(|c| c.label() == label)
}

/// Tells people apart: their e-mail address, or their name where the contract gives none.
fn address(contact: &Rule<Contact>) -> String {
    contact.then.email.as_ref().unwrap_or(&contact.then.name).to_lowercase()
}

impl Owed {
    /// How many approvals of the customer are asked for, all demands together.
    pub fn people(&self) -> u32 {
        self.demands.iter().fold(0, |sum, demand| sum.saturating_add(demand.people))
    }

    /// Whether the agreement of this contact counts for something.
    pub fn counts(&self, terms: &Terms, contact: Option<&str>) -> bool {
        self.demands.is_empty() || self.demands.iter().any(|demand| demand.counts(terms, contact))
    }

    /// Whether it matters which person agrees: several are asked for, or the contract says who.
    pub fn tells_people_apart(&self) -> bool {
        self.demands.iter().any(|demand| demand.people > 1 || !demand.roles.is_empty())
    }

    /// The roles of those who may agree to something, each once.
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = Vec::new();
        for role in self.demands.iter().flat_map(|demand| &demand.roles) {
            if !roles.contains(&role.as_str()) {
                roles.push(role);
            }
        }
        roles
    }

    /// The same in words: « interlocuteur unique et suppléant ».
    pub fn roles_in_words(&self, terms: &Terms, lang: Lang) -> String {
        roles_in_words(terms, lang, self.roles().into_iter())
    }

    /// What is still waited for, in a sentence each; empty when all have agreed.
    pub fn missing(&self, terms: &Terms, approvals: &[Approval]) -> Vec<Reason> {
        let among = self.demands.len() > 1;
        let of_customer = self.demands.iter().filter_map(|demand| demand.missing(terms, approvals, among));
        let mut missing: Vec<Reason> = of_customer.collect();
        for name in &self.third_parties {
            let given = |a: &Approval| matches!(a, Approval::ThirdParty { name: given } if given == name);
            if !approvals.iter().any(given) {
                missing.push(say("change.third_party_missing", |lang| {
                    lang.t(
                        format!("L'accord préalable de {name} est attendu."),
                        format!("The prior agreement of {name} is awaited."),
                    )
                }));
            }
        }
        missing
    }
}

/// The agreements that this plan waits for, with the clause that asks for each.
pub fn owed(terms: &Terms, plan: &Plan, clocks: &mut ClockCache) -> Because<Owed> {
    let mut owed = Owed::default();
    let mut reasons = Vec::new();
    for item in &plan.items {
        sessions(terms, item, plan, clocks, &mut owed, &mut reasons);
    }
    if plan.model != Model::Standard {
        decided(terms, plan, &mut owed, &mut reasons);
    }
    third_parties(terms, plan, &mut owed, &mut reasons);
    Because::new(owed, reasons)
}

/// What maintenance of the item takes: the same people agree to the change.
fn sessions(
    terms: &Terms,
    item: &str,
    plan: &Plan,
    clocks: &mut ClockCache,
    owed: &mut Owed,
    reasons: &mut Vec<Reason>,
) {
    let named = [item.to_owned()];
    let class = impact::entries(terms, &named).find_map(|rule| rule.then.class.clone());
    let mut facts = Facts::default().with(Dimension::Item, item);
    if let Some(class) = class {
        facts = facts.with(Dimension::ItemClass, class);
    }
    let maintenance = |rule: &&Rule<Grant>| rule.then.act == AccessAct::Maintenance;
    let Some(rule) = governing(terms.grants.iter().filter(maintenance), &facts) else { return };
    let grant = &rule.then;
    let inside = inside(terms, grant, plan.from, plan.until, clocks);
    let people = if inside { grant.approvals } else { grant.approvals_outside.unwrap_or(grant.approvals) };
    if people == 0 {
        return;
    }
    match owed.demands.iter_mut().find(|demand| demand.clause.as_deref() == Some(rule.label())) {
        Some(known) => known.items.push(item.to_owned()),
        None => owed.demands.push(Demand {
            clause: Some(rule.label().to_owned()),
            items: vec![item.to_owned()],
            people,
            roles: grant.approvers.clone(),
        }),
    }
    reasons.push(cite("change.sessions", rule, |lang| {
        let fr = plural(lang, people, "personne", "personnes");
        let en = plural(lang, people, "person", "people");
        lang.t(
            format!("Intervenir sur {item} demande l'approbation de {people} {fr} du Client."),
            format!("Work on {item} takes the approval of {people} {en} of the customer."),
        )
    }));
}

/// Whether the whole window lies in the hours of the grant.
fn inside(terms: &Terms, grant: &Grant, from: Timestamp, until: Timestamp, clocks: &mut ClockCache) -> bool {
    let Some(label) = &grant.hours else { return true };
    let Some(calendar) = terms.calendar(label, &Facts::default()) else { return label == "24x7" };
    let Ok(clock) = clocks.clock(&calendar.then, from) else { return false };
    let open: i64 = clock.intervals(from, until).map(|(a, b)| b.duration_since(a).as_secs()).sum();
    open >= until.duration_since(from).as_secs()
}

/// What the clause on changes asks, or the convention where there is none.
fn decided(terms: &Terms, plan: &Plan, owed: &mut Owed, reasons: &mut Vec<Reason>) {
    // Who agrees to the work on an item agrees to the change too.
    if owed.demands.is_empty() {
        owed.demands.push(Demand { people: 1, ..Demand::default() });
    }
    let clause = terms.statements.iter().find(|r| r.then.topic == "change");
    let Some(clause) = clause else {
        if reasons.is_empty() {
            reasons.push(say("change.approval_convention", |lang| {
                let (fr, en) = match plan.model {
                    Model::Emergency => ("après coup", "after the fact"),
                    Model::Standard | Model::Normal => ("avant de commencer", "before it begins"),
                };
                lang.t(
                    format!("Le contrat ne dit pas qui approuve un changement\u{a0}: une personne qui engage le Client l'approuve {fr}."),
                    format!("The contract does not say who approves a change: one person who may commit the customer approves it {en}."),
                )
            }));
        }
        return;
    };
    let by = clause.then.get("decided_by").unwrap_or_default();
    reasons.push(cite("change.decided_by", clause, |lang| {
        match by {
            "committee" => {
                lang.t("Les changements s'acceptent en comité.", "Changes are accepted in a committee.")
            }
            "amendment" => {
                lang.t("Les changements s'acceptent par avenant.", "Changes are accepted by an amendment.")
            }
            _ => lang.t(
                "Les changements s'acceptent par l'interlocuteur du Client.",
                "Changes are accepted by the customer's contact.",
            ),
        }
        .to_owned()
    }));
}

/// The prior agreement of who runs an item, unless it was given once and for all.
fn third_parties(terms: &Terms, plan: &Plan, owed: &mut Owed, reasons: &mut Vec<Reason>) {
    for rule in impact::entries(terms, &plan.items) {
        let Some(name) = &rule.then.third_party else { continue };
        let clause = clause_on(terms, name);
        let standing =
            clause.filter(|c| c.then.get("mode") == Some("standing_agreement") && !expired(terms, c, plan));
        if let Some(clause) = standing {
            reasons.push(cite("change.third_party_standing", clause, |lang| {
                let agreement = clause.then.get("agreement").unwrap_or_default();
                lang.t(
                    format!("{name} a donné un accord permanent\u{a0}: {agreement}."),
                    format!("{name} gave a standing agreement: {agreement}."),
                )
            }));
            continue;
        }
        let told = |lang: base::Lang| {
            lang.t(
                format!("{name} exploite cet élément\u{a0}: rien n'y est changé sans son accord préalable."),
                format!("{name} runs this item: nothing of it is changed without its prior agreement."),
            )
        };
        reasons.push(match clause {
            Some(clause) => cite("change.third_party_owed", clause, told),
            None => cite("change.third_party_owed", rule, told),
        });
        if !owed.third_parties.contains(name) {
            owed.third_parties.push(name.clone());
        }
    }
}

fn expired(terms: &Terms, clause: &Rule<Statement>, plan: &Plan) -> bool {
    let expires = clause.then.get("expires").and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let Ok(zone) = crate::calendar::zone(&terms.zone) else { return false };
    expires.is_some_and(|last| plan.from.to_zoned(zone).date() > last)
}

/// The clause on the third party of this name.
pub(super) fn clause_on<'a>(terms: &'a Terms, name: &str) -> Option<&'a Rule<Statement>> {
    let party = terms.parties.iter().find(|p| p.then.name == name).map(|p| p.label());
    terms.statements.iter().find(|rule| {
        rule.then.topic == "third_party"
            && rule.then.get("party").is_some_and(|p| Some(p) == party || p == name)
    })
}
