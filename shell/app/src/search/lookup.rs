//! Which of some short texts have all the words of a query, without reading them again.
//!
//! The articles of a contract and the items of its perimeter stay as signed: their words are taken apart at the
//! first search, and a search over all customers reads no text of a contract that does not answer.

use std::collections::{BTreeMap, BTreeSet};

use contract::Compiled;
use store::search::fold::{Asked, Query, tokens};

/// The words of some texts, each with the places of those that have it.
pub(crate) struct Lookup(Box<[Word]>);

/// A word and the places of the texts that have it.
type Word = (Box<str>, Box<[u32]>);

/// What is looked through of a contract.
pub(crate) struct Words {
    pub articles: Lookup,
    /// Of the perimeter, in its order.
    pub items: Lookup,
}

impl Words {
    pub fn of(compiled: &Compiled) -> Words {
        let articles = compiled.document.articles.iter().map(|a| format!("{}\n{}", a.title, a.text));
        let items = super::contracts::items(&compiled.terms).map(|(name, item, _)| format!("{name} {item}"));
        Words { articles: Lookup::new(articles), items: Lookup::new(items) }
    }
}

impl Lookup {
    pub fn new(texts: impl Iterator<Item = String>) -> Lookup {
        let mut words: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (place, text) in (0..).zip(texts) {
            for token in tokens(&text) {
                words.entry(token.plain).or_default().insert(place);
            }
        }
        Lookup(words.into_iter().map(|(word, places)| (word.into(), places.into_iter().collect())).collect())
    }

    /// The places of the texts that have every word of a query, one at least being asked.
    pub fn having(&self, query: &Query) -> BTreeSet<usize> {
        let mut found: Option<BTreeSet<usize>> = None;
        for asked in query.asked() {
            let having = self.having_one(asked);
            let both = match found {
                Some(found) => found.intersection(&having).copied().collect(),
                None => having,
            };
            if both.is_empty() {
                return both;
            }
            found = Some(both);
        }
        found.unwrap_or_default()
    }

    /// A word that is meant begins with the word asked, or as it was typed.
    fn having_one(&self, asked: &Asked) -> BTreeSet<usize> {
        let begun = |prefix: &str| {
            let from = self.0.partition_point(|(word, _)| &**word < prefix);
            let prefix = prefix.to_owned();
            self.0[from..].iter().take_while(move |(word, _)| word.starts_with(&prefix))
        };
        let all = begun(&asked.word).chain(asked.begins.iter().flat_map(|prefix| begun(prefix)));
        all.filter(|(word, _)| asked.means(word))
            .flat_map(|(_, places)| places.iter().filter_map(|place| usize::try_from(*place).ok()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lookup says of each text what reading it would.
    #[test]
    fn what_is_looked_up_is_what_is_read() {
        let texts = [
            "Les réseaux de l’atelier",
            "Un réseau et une imprimante",
            "L’imprimante est en panne",
            "Dépannage de nuit, accès au process",
            "",
        ];
        let lookup = Lookup::new(texts.iter().map(|text| (*text).to_owned()));
        for asked in [
            "réseau",
            "reseaux",
            "rés",
            "imprimantes rés",
            "accès",
            "acc",
            "process",
            "panne",
            "de",
            "zèle",
            "",
        ] {
            let query = Query::parse(asked);
            let read: BTreeSet<usize> =
                texts.iter().enumerate().filter(|(_, text)| query.is_in(text)).map(|(at, _)| at).collect();
            assert_eq!(lookup.having(&query), read, "{asked}");
        }
        assert_eq!(lookup.having(&Query::parse("réseau")).len(), 2);
    }
}
