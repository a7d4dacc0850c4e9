//! The text compared: article by article, word by word, and the fields of each rule as written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::prose::{Budget, Compared};
use super::rules::FieldChange;
use crate::clauses::Clause;
use crate::compile::Compiled;
use crate::document::{Article, ClauseState};

/// An article added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleChange {
    /// As the newer text has it, or the older one when it was removed.
    pub title: String,
    /// The older title, when the article changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    pub change: Change,
    /// The prose, its figures filled in, piece by piece; empty when it did not change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prose: Vec<Piece>,
    /// Whether `prose` is as fine as words, or tells as written anew what was too long to compare.
    #[serde(skip_serializing_if = "Compared::is_whole")]
    pub compared: Compared,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<ClauseChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Added,
    Removed,
    Changed,
}

/// A stretch of prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// `None`: the same in both texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    pub text: String,
}

/// A rule of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseChange {
    pub label: String,
    pub kind: String,
    pub change: Change,
    /// The fields written otherwise, `when` and `exception_to` included, as the texts spell them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// The articles that are not the same, in the order of the newer text; those removed come first.
pub fn text(before: &Compiled, after: &Compiled) -> Vec<ArticleChange> {
    let (old, new) = (&before.document.articles, &after.document.articles);
    let pairs = paired(old, new);
    let continued: BTreeSet<usize> = pairs.values().copied().collect();
    let mut budget = Budget::default();
    let mut out: Vec<ArticleChange> = old
        .iter()
        .enumerate()
        .filter(|(at, _)| !continued.contains(at))
        .filter_map(|(_, article)| alone(before, after, article, Change::Removed))
        .collect();
    for (at, article) in new.iter().enumerate() {
        match pairs.get(&at) {
            Some(twin) => out.extend(changed(before, after, (&old[*twin], article), &mut budget)),
            None => out.extend(alone(after, before, article, Change::Added)),
        }
    }
    out
}

/// Each article of the newer text with the older one it continues: of the same title, or else of the
/// same number.
fn paired(old: &[Article], new: &[Article]) -> BTreeMap<usize, usize> {
    let mut pairs: BTreeMap<usize, usize> = BTreeMap::new();
    let keys: [fn(&Article) -> Option<&str>; 2] = [|a| Some(a.title.as_str()), number];
    for key in keys {
        let taken: BTreeSet<usize> = pairs.values().copied().collect();
        let mut free: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, article) in old.iter().enumerate().rev() {
            if let Some(key) = key(article).filter(|_| !taken.contains(&at)) {
                free.entry(key).or_default().push(at);
            }
        }
        for (at, article) in new.iter().enumerate() {
            if pairs.contains_key(&at) {
                continue;
            }
            if let Some(twin) = key(article).and_then(|k| free.get_mut(k)).and_then(Vec::pop) {
                pairs.insert(at, twin);
            }
        }
    }
    pairs
}

/// `Article 7` of `Article 7 – Délais`.
fn number(article: &Article) -> Option<&str> {
    let (head, _) = article.title.split_once([':', '–', '—'])?;
    let head = head.trim();
    head.chars().any(|c| c.is_ascii_digit()).then_some(head)
}

/// An article that `mine` has and `theirs` has not; `None` when nothing stands in it.
fn alone(mine: &Compiled, theirs: &Compiled, article: &Article, change: Change) -> Option<ArticleChange> {
    let text = article.text.trim();
    let clauses: Vec<ClauseChange> = clauses_of(mine, article)
        .filter_map(|clause| match (find(theirs, &clause.label), change) {
            (None, _) => Some(one(clause, change, Vec::new())),
            // An amendment states anew a clause of another article: that clause changed.
            (Some(old), Change::Added) => {
                let fields = fields(theirs, mine, old, clause);
                (!fields.is_empty()).then(|| one(clause, Change::Changed, fields))
            }
            (Some(_), _) => None,
        })
        .collect();
    (!article.title.is_empty() || !text.is_empty()).then(|| ArticleChange {
        title: article.title.clone(),
        was: None,
        change,
        prose: if text.is_empty() {
            Vec::new()
        } else {
            vec![Piece { change: Some(change), text: text.to_owned() }]
        },
        compared: Compared::Whole,
        clauses,
    })
}

fn find<'a>(compiled: &'a Compiled, label: &str) -> Option<&'a Clause> {
    compiled.clauses.iter().find(|c| c.label == label)
}

fn one(clause: &Clause, change: Change, fields: Vec<FieldChange>) -> ClauseChange {
    ClauseChange { label: clause.label.clone(), kind: clause.kind.name.to_owned(), change, fields }
}

fn changed(
    before: &Compiled,
    after: &Compiled,
    (old, new): (&Article, &Article),
    budget: &mut Budget,
) -> Option<ArticleChange> {
    let (prose, compared) = match old.text.trim() == new.text.trim() {
        true => (Vec::new(), Compared::Whole),
        false => budget.pieces(&old.text, &new.text),
    };
    let clauses = clauses(before, after, old, new);
    let was = (old.title != new.title).then(|| old.title.clone());
    if prose.is_empty() && clauses.is_empty() && was.is_none() {
        return None;
    }
    Some(ArticleChange { title: new.title.clone(), was, change: Change::Changed, prose, compared, clauses })
}

/// The clauses that stand in an article, in force or since replaced elsewhere.
fn clauses_of<'a>(compiled: &'a Compiled, article: &'a Article) -> impl Iterator<Item = &'a Clause> {
    let labels = article.clauses.iter().filter(|c| c.state == ClauseState::InForce);
    labels.filter_map(|c| compiled.clauses.iter().find(|k| k.label == c.label))
}

fn clauses(before: &Compiled, after: &Compiled, old: &Article, new: &Article) -> Vec<ClauseChange> {
    let was: Vec<&Clause> = clauses_of(before, old).collect();
    let is: Vec<&Clause> = clauses_of(after, new).collect();
    let mut out = Vec::new();
    for clause in &was {
        match is.iter().find(|k| k.label == clause.label) {
            // What stands elsewhere now is told there.
            None if find(after, &clause.label).is_some() => {}
            None => out.push(one(clause, Change::Removed, Vec::new())),
            Some(twin) => {
                let fields = fields(before, after, clause, twin);
                if !fields.is_empty() {
                    out.push(one(twin, Change::Changed, fields));
                }
            }
        }
    }
    for clause in is.iter().filter(|k| !was.iter().any(|w| w.label == k.label)) {
        match find(before, &clause.label) {
            None => out.push(one(clause, Change::Added, Vec::new())),
            Some(old) => {
                let fields = fields(before, after, old, clause);
                if !fields.is_empty() {
                    out.push(one(clause, Change::Changed, fields));
                }
            }
        }
    }
    out
}

fn fields(before: &Compiled, after: &Compiled, old: &Clause, new: &Clause) -> Vec<FieldChange> {
    let (x, y) = (spelt(before, old), spelt(after, new));
    let mut names: Vec<&String> = x.keys().chain(y.keys()).collect();
    names.sort();
    names.dedup();
    let none = || "–".to_owned();
    names
        .into_iter()
        .filter(|name| x.get(*name) != y.get(*name))
        .map(|name| FieldChange {
            field: name.clone(),
            before: x.get(name).cloned().unwrap_or_else(none),
            after: y.get(name).cloned().unwrap_or_else(none),
        })
        .collect()
}

/// What a block writes, field by field, in the file's own spelling but for its spaces.
fn spelt(compiled: &Compiled, clause: &Clause) -> BTreeMap<String, String> {
    let slice = |span: crate::source::Span| {
        let text = compiled.files[span.file].slice(span);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut out: BTreeMap<String, String> =
        clause.own.iter().map(|e| (e.key.clone(), slice(e.value.span))).collect();
    if !clause.always() {
        out.insert("when".to_owned(), slice(clause.when_span));
    }
    if let Some((label, _)) = &clause.exception_to {
        out.insert("exception_to".to_owned(), format!("\"{label}\""));
    }
    out
}
