//! Articles suggested for a ticket: what names its item, its class, its operation or its kind, and what has
//! its words. Each suggestion says why it is one.

use std::collections::{BTreeMap, BTreeSet};

use events::{ArticleState, Dimension};
use store::article::{self, Article, Facet};
use store::search::{article_numbers, fold};
use store::{Tx, ticket};

use super::view::lines;
use super::{ArticleLine, reader};
use crate::access::{Act, Permit};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Articles looked at for each reason.
const LOOKED_AT: u32 = 50;
/// Words of a ticket that are looked for: a declaration says what it is about first.
const WORDS: usize = 16;

/// What a ticket is about, as far as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Title and description.
    pub words: String,
    pub item: Option<String>,
    pub class: Option<String>,
    pub operation: Option<String>,
    pub kind: Option<String>,
}

/// Why an article is suggested.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    Item,
    Class,
    Operation,
    Kind,
    /// The words that it has, as they are written in the ticket.
    Words(Vec<String>),
}

#[derive(Debug, Clone)]
pub struct Suggested {
    pub line: ArticleLine,
    /// In the order of their weight.
    pub because: Vec<Match>,
}

impl App {
    /// Published articles that may help with what is being written, the likeliest first.
    pub fn suggest_articles(&self, permit: &Permit, sought: &Sought, limit: usize) -> Result<Vec<Suggested>> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let (permit, mut sought) = (permit.clone(), sought.clone());
        if let (Some(item), None) = (&sought.item, &sought.class) {
            let terms = agreements.contracts.iter().map(|a| &a.latest().compiled.terms);
            let mut rules = terms.flat_map(|terms| &terms.perimeter);
            sought.class = rules.find(|r| r.then.items.contains(item)).and_then(|r| r.then.class.clone());
        }
        vault.db.read(move |tx| {
            let found = weigh(tx, &permit, &sought, limit)?;
            let (rows, why): (Vec<Article>, Vec<Vec<Match>>) = found.into_iter().unzip();
            let lines = lines(tx, &permit, &agreements, now, rows)?;
            Ok(lines.into_iter().zip(why).map(|(line, because)| Suggested { line, because }).collect())
        })
    }

    /// For a ticket that is there: articles that may help, and those that did.
    pub fn ticket_articles(
        &self,
        permit: &Permit,
        number: u64,
        limit: usize,
    ) -> Result<(Vec<Suggested>, Vec<ArticleLine>)> {
        self.on_tickets(permit, Act::SeeKnowledge)?;
        let vault = self.vault(permit.customer())?;
        let (agreements, now) = (vault.agreements()?, self.now());
        let asker = permit.clone();
        let (sought, helped) = vault.db.read::<_, AppError, _>(move |tx| {
            let ticket = ticket::by_number(tx, asker.scope(), number)?.ok_or(AppError::NotFound)?;
            let fact = |dimension| ticket.facts.get(dimension).map(str::to_owned);
            let sought = Sought {
                words: crate::desk::text(store::content::get(tx, ticket.title.0)?),
                item: fact(Dimension::Item),
                class: fact(Dimension::ItemClass),
                operation: fact(Dimension::Operation),
                kind: fact(Dimension::Kind),
            };
            let helped = article::helped(tx, &reader(&asker), &ticket)?;
            Ok((sought, lines(tx, &asker, &agreements, now, helped)?))
        })?;
        let mut suggested = self.suggest_articles(permit, &sought, limit + helped.len())?;
        let has_helped = |s: &Suggested| helped.iter().any(|h| h.article.number == s.line.article.number);
        suggested.retain(|s| !has_helped(s));
        suggested.truncate(limit);
        Ok((suggested, helped))
    }
}

/// What is known of a candidate.
#[derive(Default)]
struct Candidate {
    article: Option<Article>,
    because: BTreeSet<Match>,
    words: Vec<String>,
}

/// What each reason counts for. A name that both parties gave the thing counts more than words, and a kind of
/// ticket alone says too little to be a reason.
fn weight(candidate: &Candidate) -> u32 {
    let named = candidate.because.iter().map(|m| match m {
        Match::Item => 6,
        Match::Operation => 5,
        Match::Class => 3,
        Match::Kind => 1,
        Match::Words(_) => 0,
    });
    let words = u32::try_from(candidate.words.len()).unwrap_or_default();
    named.sum::<u32>() + 2 * words
}

fn weigh(
    tx: &mut dyn Tx,
    permit: &Permit,
    sought: &Sought,
    limit: usize,
) -> Result<Vec<(Article, Vec<Match>)>> {
    let mut found: BTreeMap<u64, Candidate> = BTreeMap::new();
    let reader = reader(permit);
    for (facet, name, because) in [
        (Facet::Item, &sought.item, Match::Item),
        (Facet::Class, &sought.class, Match::Class),
        (Facet::Operation, &sought.operation, Match::Operation),
        (Facet::Kind, &sought.kind, Match::Kind),
    ] {
        let Some(name) = name else { continue };
        for article in article::touching(tx, &reader, facet, name, LOOKED_AT)? {
            let candidate = found.entry(article.number).or_default();
            candidate.because.insert(because.clone());
            candidate.article = Some(article);
        }
    }
    let mut words = fold::words(&sought.words);
    words.retain(|word| word.len() > 2);
    words.truncate(WORDS);
    for word in &words {
        for number in article_numbers(tx, word, &reader, LOOKED_AT)? {
            found.entry(number).or_default().words.push(word.clone());
        }
    }
    // One word of many is chance; one of two is what was asked.
    let enough = if words.len() > 3 { 2 } else { 1 };
    let mut kept: Vec<(u32, Article, Vec<Match>)> = Vec::new();
    for (number, mut candidate) in found {
        if candidate.words.len() < enough {
            candidate.words.clear();
        }
        let named = candidate.because.iter().any(|m| *m != Match::Kind);
        if !named && candidate.words.is_empty() {
            continue;
        }
        let weight = weight(&candidate);
        let article = match candidate.article.take() {
            Some(article) => Some(article),
            None => article::by_number(tx, &reader, number)?,
        };
        let published = article.filter(|a| a.state == ArticleState::Published);
        let Some(article) = published else { continue };
        let mut because: Vec<Match> = candidate.because.into_iter().collect();
        if !candidate.words.is_empty() {
            because.push(Match::Words(as_written(&sought.words, &candidate.words)));
        }
        kept.push((weight, article, because));
    }
    kept.sort_by_key(|(weight, article, _)| (std::cmp::Reverse(*weight), std::cmp::Reverse(article.number)));
    kept.truncate(limit);
    Ok(kept.into_iter().map(|(_, article, because)| (article, because)).collect())
}

/// The words of the index as the ticket writes them.
fn as_written(text: &str, words: &[String]) -> Vec<String> {
    let written = |word: &String| {
        let mut tokens = fold::tokens(text).into_iter();
        let token = tokens.find(|t| fold::words(&t.plain).first() == Some(word));
        token.map_or_else(|| word.clone(), |t| text[t.start..t.end].to_owned())
    };
    words.iter().map(written).collect()
}
