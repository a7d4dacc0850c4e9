//! The annexes drawn from the terms: calendars, perimeter, prices, parties. They add nothing to the text;
//! each line names the article it comes from.

use std::cell::Cell;
use std::collections::BTreeMap;

use base::{Fraction, Lang, Length, Money, Provenance, lang};
use contract::{ClauseState, Compiled};
use terms::operation::OperationTerms;
use terms::price::Due;
use terms::{Coverage, Dimension, Guard, Price, Rule, Terms};

use super::calendars;
use super::parties;
use crate::print::{Align, Annex, Block, Inline};
use crate::typography;

/// Where each clause in force stands in the print.
pub(super) struct Places<'a> {
    /// Label → (the heading's id, the article's title).
    by_label: BTreeMap<&'a str, (String, &'a str)>,
    /// Label → what the machine will do.
    readings: BTreeMap<&'a str, &'a base::Bilingual>,
    ids: Cell<usize>,
}

impl<'a> Places<'a> {
    /// `ids` gives, for each article of the document, the id of its heading.
    pub fn new(compiled: &'a Compiled, ids: &[String]) -> Places<'a> {
        let mut places = Places { by_label: BTreeMap::new(), readings: BTreeMap::new(), ids: Cell::new(0) };
        for (article, id) in compiled.document.articles.iter().zip(ids) {
            for clause in article.clauses.iter().filter(|c| c.state == ClauseState::InForce) {
                places.by_label.insert(&clause.label, (id.clone(), &article.title));
                places.readings.insert(&clause.label, &clause.read_back);
            }
        }
        places
    }

    /// An id for a heading of the annexes.
    pub fn next_id(&self) -> String {
        self.ids.set(self.ids.get() + 1);
        format!("x{}", self.ids.get())
    }

    /// A sentence and the article that it comes from.
    pub fn cited(&self, sentence: &str, from: &Provenance, language: Lang) -> Vec<Inline> {
        let mut out = vec![Inline::text(format!("{} ", typographic(sentence, language)))];
        out.extend(self.article(from, language));
        out
    }

    /// « Article 6 », with its page.
    pub fn article(&self, from: &Provenance, language: Lang) -> Vec<Inline> {
        let title = from.article.split(" – ").next().unwrap_or_default();
        let title = typographic(title, language);
        match self.by_label.get(from.label.as_str()) {
            Some((to, _)) if !to.is_empty() => vec![Inline::Ref { to: to.clone(), t: title }],
            _ => vec![Inline::text(title)],
        }
    }

    fn reading(&self, label: &str, language: Lang) -> String {
        self.readings.get(label).map(|r| r.get(language).to_owned()).unwrap_or_default()
    }
}

fn typographic(text: &str, language: Lang) -> String {
    language.t(typography::french(text), text.to_owned())
}

pub(super) fn heading(id: String, title: &str) -> Block {
    Block::Heading { level: 2, id, c: vec![Inline::text(title)], listed: true }
}

pub(super) fn paragraph(c: Vec<Inline>) -> Block {
    Block::Paragraph { c }
}

pub(super) fn cell(text: impl Into<String>) -> Vec<Inline> {
    vec![Inline::text(text)]
}

pub(super) fn table(head: &[&str], align: &[Align], rows: Vec<Vec<Vec<Inline>>>) -> Block {
    Block::Table { align: align.to_vec(), head: head.iter().map(|h| cell(*h)).collect(), rows }
}

/// The conditions of a guard, in words; one for each dimension.
pub(super) fn guard(guard: &Guard, terms: &Terms, language: Lang) -> Vec<String> {
    let mut out: Vec<String> = guard
        .values
        .iter()
        .map(|(dimension, values)| {
            let named: Vec<&str> = values.iter().map(|v| terms.name_of(dimension.key(), v)).collect();
            let name = dimension_name(*dimension, language);
            format!("{name}{}{}", language.t("\u{a0}: ", ": "), named.join(", "))
        })
        .collect();
    if let Some(from) = guard.from {
        out.push(format!("{} {}", language.t("à partir du", "from"), lang::date(language, from)));
    }
    if let Some(until) = guard.until {
        out.push(format!("{} {}", language.t("jusqu'au", "until"), lang::date(language, until)));
    }
    out
}

fn dimension_name(dimension: Dimension, language: Lang) -> &'static str {
    language.t(
        match dimension {
            Dimension::Priority => "priorité",
            Dimension::Impact => "impact",
            Dimension::Urgency => "urgence",
            Dimension::Kind => "nature",
            Dimension::Level => "niveau",
            Dimension::Role => "rôle",
            Dimension::Site => "site",
            Dimension::Service => "service",
            Dimension::ItemClass => "famille",
            Dimension::Item => "élément",
            Dimension::Channel => "canal",
            Dimension::Country => "pays",
            Dimension::Operation => "opération",
            Dimension::Audience => "public",
        },
        dimension.key(),
    )
}

/// The annexes that have something to show, lettered in order.
pub(super) fn annexes(terms: &Terms, places: &Places<'_>, language: Lang) -> Vec<Annex> {
    let all = [
        (language.t("Calendriers", "Calendars"), calendars::blocks(terms, places, language)),
        (language.t("Périmètre", "Perimeter"), perimeter(terms, places, language)),
        (language.t("Prix et pénalités", "Prices and penalties"), prices(terms, places, language)),
        (
            language.t("Parties et interlocuteurs", "Parties and contacts"),
            parties::blocks(terms, places, language),
        ),
    ];
    let shown = all.into_iter().filter(|(_, blocks)| !blocks.is_empty());
    ('A'..='Z')
        .zip(shown)
        .map(|(letter, (title, blocks))| Annex {
            id: format!("annex-{letter}"),
            title: format!("{} {letter} – {title}", language.t("Annexe", "Annex")),
            blocks,
        })
        .collect()
}

fn perimeter(terms: &Terms, places: &Places<'_>, language: Lang) -> Vec<Block> {
    let statuses = [
        (Coverage::In, language.t("Compris", "In")),
        (Coverage::Shared, language.t("Partagé", "Shared")),
        (Coverage::Out, language.t("Exclu", "Out")),
    ];
    let mut out = Vec::new();
    for (status, title) in statuses {
        let entries: Vec<_> = terms.perimeter.iter().filter(|r| r.then.status == status).collect();
        if entries.is_empty() {
            continue;
        }
        out.push(heading(places.next_id(), title));
        let rows = entries
            .into_iter()
            .map(|rule| {
                let entry = &rule.then;
                let class = entry.class.as_deref().unwrap_or_default();
                let mut remarks: Vec<String> = guard(&rule.when, terms, language);
                remarks.extend(entry.third_party.clone());
                if entry.sensitive {
                    remarks.push(language.t("sensible", "sensitive").to_owned());
                }
                let items: Vec<&str> = entry.items.iter().map(|i| terms.name_of("item", i)).collect();
                let sites: Vec<&str> = entry.sites.iter().map(|s| terms.name_of("site", s)).collect();
                let sites =
                    if sites.is_empty() { language.t("tous", "all").to_owned() } else { sites.join(", ") };
                let count = entry.count.map(|n| lang::integer(language, n.into())).unwrap_or_default();
                vec![
                    cell(terms.name_of("item_class", class)),
                    cell(items.join(", ")),
                    cell(count),
                    cell(sites),
                    cell(typographic(&remarks.join(", "), language)),
                    places.article(&rule.from, language),
                ]
            })
            .collect();
        let head: [&str; 6] = language.t(
            ["Famille", "Éléments", "Nombre", "Sites", "Remarques", "Source"],
            ["Class", "Items", "Count", "Sites", "Remarks", "Source"],
        );
        let align = [Align::Start, Align::Start, Align::End, Align::Start, Align::Start, Align::Start];
        out.push(table(&head, &align, rows));
    }
    out
}

fn prices(terms: &Terms, places: &Places<'_>, language: Lang) -> Vec<Block> {
    let mut out = Vec::new();
    if !terms.prices.is_empty() {
        out.push(heading(places.next_id(), language.t("Redevances, hors taxes", "Fees, net of VAT")));
        out.push(fees(terms, places, language));
    }
    if !terms.operations.is_empty() {
        out.push(heading(places.next_id(), language.t("Opérations, hors taxes", "Operations, net of VAT")));
        out.push(operations(terms, places, language));
    }
    let sentences = |rules: Vec<&Provenance>| -> Option<Block> {
        let head: [&str; 2] =
            language.t(["Ce que la règle fait exécuter", "Source"], ["What the rule does", "Source"]);
        let rows: Vec<_> = rules
            .into_iter()
            .map(|from| {
                vec![
                    cell(typographic(&places.reading(&from.label, language), language)),
                    places.article(from, language),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| table(&head, &[Align::Start, Align::Start], rows))
    };
    let meters = terms.meters.iter().map(|r| &r.from).collect();
    if let Some(block) = sentences(meters) {
        out.push(heading(places.next_id(), language.t("Assistance", "Service desk")));
        out.push(block);
    }
    let penalties = terms.penalties.iter().map(|r| &r.from).chain(terms.penalty_caps.iter().map(|r| &r.from));
    if let Some(block) = sentences(penalties.collect()) {
        out.push(heading(places.next_id(), language.t("Pénalités et plafonds", "Penalties and caps")));
        out.push(block);
    }
    out
}

/// A month of one fee, rounded as its invoice line is.
fn month(price: &Price) -> Money {
    price.unit_price.times(Fraction::from_integer(price.quantity.into()), price.rounding)
}

fn fees(terms: &Terms, places: &Places<'_>, language: Lang) -> Block {
    let row = |rule: &Rule<Price>| {
        let price = &rule.then;
        let due = match price.due {
            Due::InAdvance => language.t("d’avance", "in advance"),
            Due::InArrears => language.t("à terme échu", "in arrears"),
        };
        vec![
            cell(typographic(&price.title, language)),
            cell(lang::integer(language, price.quantity.into())),
            cell(price.unit_price.show(language)),
            cell(month(price).show(language)),
            cell(lang::percent(language, price.vat)),
            cell(due),
            places.article(&rule.from, language),
        ]
    };
    let mut rows: Vec<_> = terms.prices.iter().map(row).collect();
    // A total of fees that bind at different dates would be a figure that nobody owes.
    if terms.prices.iter().all(|r| r.when.is_always()) && terms.prices.len() > 1 {
        let total = terms.prices.iter().fold(Money::zero(terms.currency), |sum, r| sum + month(&r.then));
        let strong = |t: String| vec![Inline::Strong { c: cell(t) }];
        let mut last = vec![Vec::new(); 7];
        last[0] = strong(language.t("Total par mois", "Total per month").to_owned());
        last[3] = strong(total.show(language));
        rows.push(last);
    }
    let head: [&str; 7] = language.t(
        ["Redevance", "Quantité", "Prix unitaire", "Par mois", "TVA", "Échéance", "Source"],
        ["Fee", "Quantity", "Unit price", "Per month", "VAT", "Due", "Source"],
    );
    let (start, end) = (Align::Start, Align::End);
    table(&head, &[start, end, end, end, end, start, start], rows)
}

fn operations(terms: &Terms, places: &Places<'_>, language: Lang) -> Block {
    let rows = terms
        .operations
        .iter()
        .map(|rule| {
            let (how, price) = match &rule.then.terms {
                OperationTerms::Included => (language.t("comprise", "included").to_owned(), String::new()),
                OperationTerms::Quoted => (language.t("sur devis", "quoted").to_owned(), String::new()),
                OperationTerms::Excluded => (language.t("exclue", "excluded").to_owned(), String::new()),
                OperationTerms::AtRate { profile, up_to } => {
                    let rate = terms.rates.iter().find(|r| r.then.profile == *profile);
                    let title = rate.map_or(profile, |r| &r.then.title);
                    let limit = up_to.map_or_else(String::new, |most| {
                        let most = most.show(language);
                        language.t(format!(", dans la limite de {most}"), format!(", up to {most}"))
                    });
                    let how = language.t(format!("au temps passé{limit}"), format!("at a rate{limit}"));
                    let price = rate.map_or_else(String::new, |r| r.then.price.show(language));
                    let per = rate.map_or(60, |r| r.then.minutes);
                    let per = Length::minutes(i64::from(per)).short(language);
                    (how, format!("{price} / {per} ({})", typographic(title, language)))
                }
                OperationTerms::Metered { included, per, then_price } => {
                    let (n, per) = (lang::integer(language, (*included).into()), period(*per, language));
                    let many = if *included > 1 { "s" } else { "" };
                    let how = language
                        .t(format!("{n} comprise{many} par {per}"), format!("{n} included per {per}"));
                    (how, then_price.show(language))
                }
            };
            vec![
                cell(typographic(&rule.then.title, language)),
                cell(how),
                cell(price),
                cell(typographic(&guard(&rule.when, terms, language).join(", "), language)),
                places.article(&rule.from, language),
            ]
        })
        .collect();
    let head: [&str; 5] = language.t(
        ["Opération", "Régime", "Puis, l’unité", "Condition", "Source"],
        ["Operation", "Terms", "Then, each", "Condition", "Source"],
    );
    table(&head, &[Align::Start, Align::Start, Align::End, Align::Start, Align::Start], rows)
}

fn period(period: terms::commitment::Period, language: Lang) -> &'static str {
    use terms::commitment::Period;
    match period {
        Period::Month => language.t("mois", "month"),
        Period::Quarter => language.t("trimestre", "quarter"),
        Period::ContractYear => language.t("année contractuelle", "contract year"),
    }
}
