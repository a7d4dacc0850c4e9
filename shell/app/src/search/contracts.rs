//! Articles of the contracts and items of their perimeters, found by their words.

use std::sync::Arc;

use store::search::fold::Query;

use super::Extract;
use crate::access::{Act, Permit};
use crate::agreements::Agreement;
use crate::error::Result;
use crate::instance::App;

/// Articles, and items, shown at most.
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

impl App {
    /// Articles of the texts in force that the asker may read, those with the words in their title first.
    pub(super) fn search_articles(&self, permit: &Permit, words: &Query) -> Result<Vec<ArticleHit>> {
        let Ok(read) = permit.by().permit(Act::SeeContract, permit.customer()) else { return Ok(Vec::new()) };
        let (mut titled, mut others) = (Vec::new(), Vec::new());
        for agreement in self.seen(&read)? {
            for article in &agreement.latest().compiled.document.articles {
                let hit = || ArticleHit {
                    contract: agreement.number.clone(),
                    contract_title: agreement.title.clone(),
                    anchor: article.anchor.clone(),
                    title: Extract::whole(&article.title, words),
                    extract: Extract::of(&article.text, words),
                };
                if words.is_in(&article.title) {
                    titled.push(hit());
                } else if words.is_in(&format!("{}\n{}", article.title, article.text)) {
                    others.push(hit());
                }
            }
        }
        titled.extend(others);
        titled.truncate(SHOWN);
        Ok(titled)
    }

    /// Items that tickets may be about, by their name or their key, as the asker sees them.
    pub(super) fn search_items(&self, permit: &Permit, words: &Query) -> Result<Vec<ItemHit>> {
        let mut found: Vec<ItemHit> = Vec::new();
        for agreement in self.seen(permit)? {
            let terms = &agreement.latest().compiled.terms;
            for entry in terms.perimeter.iter().map(|rule| &rule.then) {
                let class = entry.class.as_deref();
                for item in entry.items.iter().filter(|i| permit.sees_item(agreement.id, i, class)) {
                    let name = terms.name_of("item", item);
                    let known = found.iter().any(|hit| hit.key == *item);
                    if found.len() < SHOWN && !known && words.is_in(&format!("{name} {item}")) {
                        found.push(ItemHit {
                            contract: agreement.number.clone(),
                            key: item.clone(),
                            name: Extract::whole(name, words),
                            class: class.map(|class| terms.name_of("item_class", class).to_owned()),
                        });
                    }
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
