//! What the whole contract says of one subject, gathered from its articles.

mod registers;

use base::{Because, Bilingual, Lang};
use engines::catalogue::{self, Levels, PaidBy};
use engines::channels::{self, channels};
use engines::perimeter::{Upkeep, offered, upkeep};
use terms::perimeter::{CLASSES, Class};
use terms::{Coverage, Dimension, Facts, OperationTerms, PartyRole, Terms};

/// What can be gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The tree of elementary services: who answers for each, what pays for it, what sets its levels.
    Services,
    /// The perimeter, class by class, and the service that takes care of each.
    Coverage,
    /// What is kept in running order: systems, networks, telecoms.
    Upkeep,
    /// The operations that are done through each channel.
    Operations,
    /// The customer's register of processings (GDPR, art. 30(1)), as far as the contract says it.
    Processings,
    /// What each budget may pay for, priced, and what it leaves.
    Options,
    /// Who holds each function of the committees, and who stands in.
    Seats,
}

/// One line for each thing found, with the article that says it.
pub fn gather(terms: &Terms, subject: Subject, lang: Lang) -> String {
    let lines = match subject {
        Subject::Services => services(terms, lang),
        Subject::Coverage => coverage(terms, lang),
        Subject::Upkeep => areas(terms, lang),
        Subject::Operations => operations(terms, lang),
        Subject::Processings => registers::processings(terms, lang),
        Subject::Options => registers::options(terms, lang),
        Subject::Seats => registers::seats(terms, lang),
    };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn services(terms: &Terms, lang: Lang) -> Vec<String> {
    catalogue::tree(terms)
        .iter()
        .map(|node| {
            let value = &node.value;
            let owner = role(value.owner).get(lang).to_owned();
            let said = [Some(owner), price(&value.paid_by, lang), Some(levels(&value.levels, lang))];
            let parts: Vec<String> = said.into_iter().flatten().collect();
            let parts = parts.join(" · ");
            format!("{}{} – {parts}{}", "  ".repeat(value.depth), value.title, first(node, lang))
        })
        .collect()
}

fn role(role: PartyRole) -> Bilingual {
    let (fr, en) = match role {
        PartyRole::Provider => ("Prestataire", "Provider"),
        PartyRole::Customer => ("Client", "Customer"),
        PartyRole::Subcontractor => ("sous-traitant", "subcontractor"),
        PartyRole::ThirdParty => ("tiers", "third party"),
    };
    Bilingual::new(fr, en)
}

/// `None` when the contract gives the service no price.
fn price(paid_by: &PaidBy, lang: Lang) -> Option<String> {
    Some(match paid_by {
        PaidBy::Fee { label } => lang.t(format!("prix\u{a0}: [{label}]"), format!("price: [{label}]")),
        PaidBy::Parent { service, label } => {
            lang.t(format!("prix de {service}\u{a0}: [{label}]"), format!("price of {service}: [{label}]"))
        }
        PaidBy::FlatFee { labels } => {
            let fees = labels.join(", ");
            lang.t(format!("compris dans le forfait\u{a0}: [{fees}]"), format!("in the flat fee: [{fees}]"))
        }
        PaidBy::Unsaid => return None,
    })
}

fn levels(levels: &Levels, lang: Lang) -> String {
    let list = |promises: &[String]| format!("[{}]", promises.join(", "));
    match levels {
        Levels::Own { promises } => {
            let promises = list(promises);
            lang.t(format!("niveaux\u{a0}: {promises}"), format!("levels: {promises}"))
        }
        Levels::Parent { service, promises } => {
            let promises = list(promises);
            lang.t(
                format!("niveaux de {service}\u{a0}: {promises}"),
                format!("levels of {service}: {promises}"),
            )
        }
        Levels::General { promises } => {
            let promises = list(promises);
            lang.t(format!("niveaux communs\u{a0}: {promises}"), format!("common levels: {promises}"))
        }
        Levels::None => lang.t("aucun niveau promis", "no level promised").to_owned(),
    }
}

/// Every statement of the perimeter, then the known classes of which it says nothing.
fn coverage(terms: &Terms, lang: Lang) -> Vec<String> {
    let rows = catalogue::coverage(terms);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let entry = &row.value.entry;
            let class = entry.class.as_deref().map(|c| terms.name_of("item_class", c)).unwrap_or_default();
            let what = match entry.items.is_empty() {
                true => class.to_owned(),
                false => format!("{class} ({})", entry.items.join(", ")),
            };
            let status = match entry.status {
                Coverage::In => lang.t("couvert", "covered"),
                Coverage::Out => lang.t("exclu", "left out"),
                Coverage::Shared => lang.t("partagé", "shared"),
            };
            let by = match row.value.services.is_empty() {
                true => String::new(),
                false => format!(" · {}", row.value.services.join(", ")),
            };
            format!("{what} – {status}{by}{}", first(row, lang))
        })
        .collect();
    let unsaid = CLASSES
        .iter()
        .filter(|class| !rows.iter().any(|r| r.value.entry.class.as_deref() == Some(class.key)));
    let name = |class: &Class| format!("{} ({})", lang.t(class.fr, class.en), class.key);
    let unsaid: Vec<String> = unsaid.map(name).collect();
    if !unsaid.is_empty() {
        let list = unsaid.join(", ");
        lines.push(lang.t(
            format!("Rien n'est dit, donc hors du contrat\u{a0}: {list}."),
            format!("Nothing is said, so outside the contract: {list}."),
        ));
    }
    lines
}

fn areas(terms: &Terms, lang: Lang) -> Vec<String> {
    upkeep(terms)
        .iter()
        .map(|(area, answer)| {
            let verdict = match answer.value {
                Upkeep::In => lang.t("oui", "yes"),
                Upkeep::Partly => lang.t("en partie", "in part"),
                Upkeep::Shared => lang.t("partagé", "shared"),
                Upkeep::Out => lang.t("non", "no"),
                Upkeep::Unsaid => lang.t("rien n'est dit", "nothing is said"),
            };
            format!("{} – {verdict}{}", area.name().get(lang), every(answer, lang))
        })
        .collect()
}

fn operations(terms: &Terms, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for channel in channels(terms) {
        let key = channel.value.as_str();
        // What a clause names has no other name than the one that it gives.
        let (name, named_by) = match channels::name(key) {
            Some(name) => (format!("{} ({key})", name.get(lang)), String::new()),
            None => (key.to_owned(), every(&channel, lang)),
        };
        lines.push(format!("{name}{named_by}"));
        for rule in offered(terms, &Facts::default().with(Dimension::Channel, key)) {
            let on = match rule.then.terms {
                OperationTerms::Included => lang.t("compris", "included"),
                OperationTerms::Metered { .. } => lang.t("compté", "metered"),
                OperationTerms::AtRate { .. } => lang.t("au temps passé", "at a rate"),
                OperationTerms::Quoted | OperationTerms::Excluded => lang.t("sur devis", "quoted"),
            };
            lines.push(format!("  {} – {on} ({})", rule.then.title, rule.from.cite()));
        }
    }
    lines
}

/// Every article that an answer rests on, each once; else its first sentence.
fn every<T>(answer: &Because<T>, lang: Lang) -> String {
    let mut articles: Vec<String> = Vec::new();
    for from in answer.cited() {
        let article = from.cite();
        if !articles.contains(&article) {
            articles.push(article);
        }
    }
    if articles.is_empty() { first(answer, lang) } else { format!(" ({})", articles.join("\u{a0}; ")) }
}

/// The first article that an answer rests on, else its first sentence.
fn first<T>(answer: &Because<T>, lang: Lang) -> String {
    match (answer.cited().first(), answer.reasons.first()) {
        (Some(from), _) => format!(" ({})", from.cite()),
        (None, Some(reason)) => format!(" ({})", reason.text.get(lang)),
        (None, None) => String::new(),
    }
}
