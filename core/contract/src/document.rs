//! The signed text beside what the machine does of it, article by article.

use std::collections::BTreeMap;

use base::{Bilingual, Provenance};

use crate::clauses::Clause;
use crate::compile::Compiler;
use crate::source::{BlockKind, Source};

/// A contract as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub title: String,
    /// The contract's articles in order, then those of its amendments.
    pub articles: Vec<Article>,
}

/// A heading and what stands under it, up to the next heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Unique in the document; for `id` and links.
    pub anchor: String,
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: u8,
    /// As signed.
    pub title: String,
    /// The prose, safe HTML, its interpolations filled in.
    pub html: String,
    /// The prose as Markdown, its interpolations filled in.
    pub text: String,
    /// All that stands under the heading, as Markdown: the prose with its interpolations filled in and
    /// their values escaped, and the blocks as written, each at its place. What is printed.
    pub markdown: String,
    pub clauses: Vec<ArticleClause>,
    /// Titles of the worked examples checked here.
    pub examples: Vec<String>,
    /// The file it stands in.
    pub file: String,
}

/// A rule beside its article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleClause {
    pub label: String,
    /// The kind's name, `commitment`.
    pub kind: &'static str,
    /// One sentence of what the machine will do; empty when the clause did not compile.
    pub read_back: Bilingual,
    pub provenance: Provenance,
    pub state: ClauseState,
}

/// What became of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClauseState {
    InForce,
    Replaced { by: String },
    Ended,
}

impl Document {
    /// The article that states a clause.
    pub fn article_of(&self, label: &str) -> Option<&Article> {
        self.articles
            .iter()
            .find(|a| a.clauses.iter().any(|c| c.label == label && c.state == ClauseState::InForce))
    }
}

/// The prose of each heading of a source, rendered.
#[derive(Default)]
pub(crate) struct Shown {
    pub html: Vec<String>,
    pub text: Vec<String>,
    pub markdown: Vec<String>,
}

pub(crate) fn build(c: &Compiler, source: &Source, shown: Shown) -> Document {
    Document { title: c.terms.title.clone(), articles: articles(c, source, shown, &[]) }
}

/// The base's articles as they were signed, their clauses marked, then those of the amendment.
pub(crate) fn amended(
    base: &Document,
    c: &Compiler,
    source: &Source,
    shown: Shown,
    states: &[(String, ClauseState)],
) -> Document {
    let mut kept = base.articles.clone();
    for clause in kept.iter_mut().flat_map(|a| &mut a.clauses).filter(|k| k.state == ClauseState::InForce) {
        if let Some((_, state)) = states.iter().find(|(label, _)| *label == clause.label) {
            clause.state = state.clone();
        } else if let Some(read_back) = crate::read_back_of(&c.terms, &c.clauses, &clause.label) {
            clause.read_back = read_back;
        }
    }
    let added = articles(c, source, shown, &kept);
    kept.extend(added);
    Document { title: base.title.clone(), articles: kept }
}

fn articles(c: &Compiler, source: &Source, shown: Shown, before: &[Article]) -> Vec<Article> {
    let mut out: Vec<Article> = Vec::new();
    let file = c.files[source.file].name.clone();
    let mut anchors: BTreeMap<String, usize> = before.iter().map(|a| (a.anchor.clone(), 1)).collect();
    let mut by_heading: BTreeMap<usize, Vec<&Clause>> = BTreeMap::new();
    for clause in c.clauses.iter().filter(|k| k.span.file == source.file) {
        by_heading.entry(clause.heading).or_default().push(clause);
    }
    let rendered = shown.html.into_iter().zip(shown.text).zip(shown.markdown);
    for ((index, heading), ((html, text), markdown)) in source.headings.iter().enumerate().zip(rendered) {
        let clauses = by_heading.get(&index).map(|of| clauses(c, of)).unwrap_or_default();
        if heading.level == 0 && clauses.is_empty() && html.trim().is_empty() {
            continue;
        }
        let anchor = unique(&slug(&heading.title), &mut anchors);
        let examples = source
            .blocks_under(index)
            .iter()
            .filter(|b| b.kind == BlockKind::Example)
            .filter_map(|b| b.entries.iter().find(|e| e.key == "title")?.value.as_text().map(str::to_owned))
            .collect();
        out.push(Article {
            anchor,
            level: heading.level,
            title: heading.title.clone(),
            html,
            text,
            markdown,
            clauses,
            examples,
            file: file.clone(),
        });
    }
    out
}

fn clauses(c: &Compiler, of: &[&Clause]) -> Vec<ArticleClause> {
    of.iter()
        .map(|k| ArticleClause {
            label: k.label.clone(),
            kind: k.kind.name,
            read_back: (k.kind.read_back)(&k.label, &c.terms).unwrap_or_default(),
            provenance: c.provenance(k),
            state: ClauseState::InForce,
        })
        .collect()
}

/// The anchor wanted, numbered when it is taken.
fn unique(wanted: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let mut anchor = wanted.to_owned();
    while taken.contains_key(&anchor) {
        let count = taken.entry(wanted.to_owned()).or_default();
        *count += 1;
        anchor = format!("{wanted}-{count}");
    }
    taken.insert(anchor.clone(), 1);
    anchor
}

/// `Article 7 – Délais` → `article-7-delais`.
fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'à' | 'â' | 'ä' => "a",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'î' | 'ï' => "i",
            'ô' | 'ö' => "o",
            'ù' | 'û' | 'ü' => "u",
            'ç' => "c",
            'œ' => "oe",
            'a'..='z' | '0'..='9' => {
                out.push(c);
                continue;
            }
            _ => "-",
        };
        if plain != "-" || (!out.is_empty() && !out.ends_with('-')) {
            out.push_str(plain);
        }
    }
    let trimmed = out.trim_end_matches('-');
    if trimmed.is_empty() { "preambule".to_owned() } else { trimmed.to_owned() }
}
