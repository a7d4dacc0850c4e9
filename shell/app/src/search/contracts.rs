//! Contracts, their articles and the items of their perimeters, found by their words.

use std::sync::Arc;

use store::search::fold::Query;
use terms::Terms;

use super::Extract;
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::Result;
use crate::instance::App;

/// Contracts shown at most.
const SHOWN: usize = 5;

/// An article found.
pub struct ArticleHit {
    /// The contract's number.
    pub contract: String,
    pub contract_title: String,
    /// For the link, in the contract's page.
    pub anchor: String,
    pub title: Extract,
    pub extract: Extract,
}

/// An item of the perimeter found.
pub struct ItemHit {
    pub contract: String,
    pub key: String,
    pub name: Extract,
    pub class: Option<String>,
}

/// A contract whose number or title answers.
pub struct ContractHit {
    pub number: Extract,
    pub title: Extract,
}

/// The items of a perimeter with their names and classes, in its order; some may come twice.
pub(super) fn items(terms: &Terms) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
    let entries = terms.perimeter.iter().map(|rule| &rule.then);
    entries.flat_map(move |entry| {
        entry
            .items
            .iter()
            .map(move |item| (terms.name_of("item", item), item.as_str(), entry.class.as_deref()))
    })
}

impl App {
    /// Contracts that the asker may read, by their number or their title.
    pub(super) fn search_contracts(&self, permit: &Permit, words: &Query) -> Result<Vec<ContractHit>> {
        let Ok(read) = permit.by().permit(Act::SeeContract, permit.customer()) else { return Ok(Vec::new()) };
        let seen = self.seen(&read)?;
        let answering = seen.iter().filter(|c| words.is_in(&format!("{} {}", c.number, c.title)));
        let hit = |c: &Arc<Agreement>| ContractHit {
            number: Extract::whole(&c.number, words),
            title: Extract::whole(&c.title, words),
        };
        Ok(answering.map(hit).take(SHOWN).collect())
    }

    /// Articles of the texts in force that the asker may read, those with the words in their title first.
    pub(super) fn search_articles(
        &self,
        permit: &Permit,
        words: &Query,
        most: usize,
    ) -> Result<Vec<ArticleHit>> {
        let mut found = self.articles_found(permit, words)?;
        found.truncate(most);
        let hit = |(_, agreement, at): &(bool, Arc<Agreement>, usize)| {
            let article = &agreement.latest().compiled.document.articles[*at];
            ArticleHit {
                contract: agreement.number.clone(),
                contract_title: agreement.title.clone(),
                anchor: article.anchor.clone(),
                title: Extract::whole(&article.title, words),
                extract: Extract::of(&article.text, words),
            }
        };
        Ok(found.iter().map(hit).collect())
    }

    /// Whether an article answers that the asker may read, and with the words elsewhere than in its title.
    pub(super) fn best_article(&self, permit: &Permit, words: &Query) -> Result<Option<bool>> {
        Ok(self.articles_found(permit, words)?.first().map(|(elsewhere, ..)| *elsewhere))
    }

    /// Each with its place in its contract, and whether it answers elsewhere than in its title.
    fn articles_found(&self, permit: &Permit, words: &Query) -> Result<Vec<(bool, Arc<Agreement>, usize)>> {
        let Ok(read) = permit.by().permit(Act::SeeContract, permit.customer()) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for agreement in self.seen(&read)? {
            let articles = &agreement.latest().compiled.document.articles;
            for at in agreement.words().articles.having(words) {
                found.push((!words.is_in(&articles[at].title), agreement.clone(), at));
            }
        }
        // Otherwise as they are written.
        found.sort_by_key(|(elsewhere, ..)| *elsewhere);
        Ok(found)
    }

    /// Items that tickets may be about, by their name or their key, as the asker sees them.
    pub(super) fn search_items(&self, permit: &Permit, words: &Query, most: usize) -> Result<Vec<ItemHit>> {
        let mut found: Vec<ItemHit> = Vec::new();
        for agreement in self.seen(permit)? {
            let places = agreement.words().items.having(words);
            if places.is_empty() {
                continue;
            }
            let terms = &agreement.latest().compiled.terms;
            for (at, (name, item, class)) in items(terms).enumerate() {
                let known = found.iter().any(|hit| hit.key == item);
                let sees = permit.sees_item(agreement.id, item, class);
                if places.contains(&at) && found.len() < most && !known && sees {
                    found.push(ItemHit {
                        contract: agreement.number.clone(),
                        key: item.to_owned(),
                        name: Extract::whole(name, words),
                        class: class.map(|class| terms.name_of("item_class", class).to_owned()),
                    });
                }
            }
        }
        Ok(found)
    }

    fn seen(&self, permit: &Permit) -> Result<Vec<Arc<Agreement>>> {
        let agreements = self.vault(permit.customer())?.agreements()?;
        Ok(agreements.contracts.iter().filter(|c| permit.sees(c.id)).cloned().collect())
    }
}
