//! Articles and runbooks, found by their words by those who read them.

use events::{ArticleKind, Audience};
use store::article;
use store::search::fold::Query;
use store::search::{Reader, find_articles};
use store::{Tx, content};

use super::Extract;
use crate::access::{Act, Permit};
use crate::desk::text;
use crate::error::Result;
use crate::instance::App;

/// Looked at for those with the words in their title.
const LOOKED_AT: u32 = 40;

/// An article or a runbook found.
pub struct KnowledgeHit {
    pub number: u64,
    pub kind: ArticleKind,
    pub audience: Audience,
    pub title: Extract,
    pub extract: Extract,
}

impl App {
    /// Those with all the words in their title first, newest first.
    pub(super) fn search_knowledge(
        &self,
        permit: &Permit,
        query: &str,
        most: usize,
    ) -> Result<Vec<KnowledgeHit>> {
        let Ok(read) = permit.by().permit(Act::SeeKnowledge, permit.customer()) else {
            return Ok(Vec::new());
        };
        let (query, words) = (query.to_owned(), Query::parse(query));
        self.vault(permit.customer())?.db.read(move |tx| {
            let reader = Reader { sees: read.sees_texts(), scope: read.scope() };
            let mut found = Vec::new();
            for number in find_articles(tx, &query, &reader, LOOKED_AT)? {
                let Some(article) = article::by_number(tx, &reader, number)? else { continue };
                let title = text(content::get(tx, article.title.0)?);
                found.push((!words.is_in(&title), article, title));
            }
            found.sort_by_key(|(elsewhere, article, _)| (*elsewhere, std::cmp::Reverse(article.number)));
            found.truncate(most);
            found.iter().map(|(_, article, title)| hit(tx, article, title, &words)).collect()
        })
    }
}

fn hit(tx: &mut dyn Tx, article: &article::Article, title: &str, words: &Query) -> Result<KnowledgeHit> {
    let body = text(content::get(tx, article.body.0)?);
    Ok(KnowledgeHit {
        number: article.number,
        kind: article.kind,
        audience: article.audience,
        title: Extract::whole(title, words),
        extract: Extract::of(&body, words),
    })
}
