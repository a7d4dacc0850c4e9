//! A few words of a text around what was looked for, with what was found marked.

use store::search::fold::{Query, Token, tokens};

/// Characters of an extract, about.
const LENGTH: usize = 180;
/// Of those, how many stand before the first word found.
const BEFORE: usize = 60;

/// A passage of a text, in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extract {
    pub pieces: Vec<Piece>,
    /// Whether the text goes on before the passage, and after it.
    pub cut_before: bool,
    pub cut_after: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Whether it is one of the words asked.
    pub found: bool,
}

impl Extract {
    /// The whole of a short text, its words that were asked marked.
    pub fn whole(text: &str, query: &Query) -> Extract {
        let found = found(text, query);
        Extract { pieces: pieces(text, 0, text.len(), &found), cut_before: false, cut_after: false }
    }

    /// The passage of a text around the first place with most of the words asked; its beginning when
    /// it has none. Marks of Markdown and ends of lines are left out.
    pub fn of(text: &str, query: &Query) -> Extract {
        let text = flat(text);
        let found = found(&text, query);
        let start = best(&found).map_or(0, |first| first.saturating_sub(BEFORE));
        let start = word_after(&text, start);
        let end = word_before(&text, start + LENGTH);
        Extract {
            pieces: pieces(&text, start, end, &found),
            cut_before: start > 0,
            cut_after: end < text.len(),
        }
    }

    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// How many of the words asked a text has.
pub fn count(text: &str, query: &Query) -> usize {
    let mut places: Vec<usize> = tokens(text).iter().filter_map(|t| query.place_of(&t.plain)).collect();
    places.sort_unstable();
    places.dedup();
    places.len()
}

fn found(text: &str, query: &Query) -> Vec<(Token, usize)> {
    tokens(text).into_iter().filter_map(|t| query.place_of(&t.plain).map(|place| (t, place))).collect()
}

/// Where the words stand nearest to one another: the first place of most of them in the length of an
/// extract.
fn best(found: &[(Token, usize)]) -> Option<usize> {
    let within = |from: usize| {
        let start = found[from].0.start;
        let mut places: Vec<usize> =
            found[from..].iter().take_while(|(t, _)| t.end <= start + LENGTH - BEFORE).map(|f| f.1).collect();
        places.sort_unstable();
        places.dedup();
        places.len()
    };
    // A text that repeats a word thousands of times has its best place among the first.
    let best = (0..found.len().min(200)).max_by_key(|at| (within(*at), std::cmp::Reverse(*at)))?;
    Some(found[best].0.start)
}

fn pieces(text: &str, start: usize, end: usize, found: &[(Token, usize)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = start;
    let mut push = |from: usize, to: usize, found: bool| {
        if from < to {
            pieces.push(Piece { text: text[from..to].to_owned(), found });
        }
    };
    for (token, _) in found.iter().filter(|(t, _)| t.start >= start && t.end <= end) {
        push(at, token.start, false);
        push(token.start, token.end, true);
        at = token.end;
    }
    push(at, end, false);
    pieces
}

/// The first beginning of a word from a byte on; the text's own beginning is one.
fn word_after(text: &str, at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let at = (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text[at..].find(' ').map_or(at, |space| at + space + 1)
}

fn word_before(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[..at].rfind(' ').unwrap_or(at)
}

/// On one line, without the marks of Markdown.
fn flat(text: &str) -> String {
    let plain: String = text.chars().map(|c| if "*_`#|>".contains(c) { ' ' } else { c }).collect();
    // A no-break space is a space that stays.
    plain.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(extract: &Extract) -> Vec<&str> {
        extract.pieces.iter().filter(|p| p.found).map(|p| p.text.as_str()).collect()
    }

    #[test]
    fn a_passage_is_cut_at_words_and_marks_what_was_found() {
        let long = format!(
            "{}L’imprimante\nde l’**étage** est « bloquée ».{}",
            "avant ".repeat(40),
            " après".repeat(60)
        );
        let extract = Extract::of(&long, &Query::parse("étages imprim"));
        assert_eq!(marked(&extract), ["imprimante", "étage"]);
        assert!(extract.cut_before && extract.cut_after);
        let text = extract.text();
        assert!(text.starts_with("avant ") && text.ends_with("après"), "{text}");
        assert!(text.contains("de l’ étage est « bloquée »."), "{text}");
    }

    #[test]
    fn a_text_without_the_words_gives_its_beginning() {
        let extract = Extract::of("Rien à voir ici", &Query::parse("imprimante"));
        assert_eq!(
            (extract.text().as_str(), extract.cut_before, extract.cut_after),
            ("Rien à voir ici", false, false)
        );
        assert_eq!(Extract::of("", &Query::parse("x")).text(), "");
        let huge = "é".repeat(4_000);
        assert!(!Extract::of(&huge, &Query::parse("imprimante")).text().is_empty());
    }
}
