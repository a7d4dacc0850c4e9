//! Words as the index and a query hold them: what people do not type is left out of both.
//!
//! Lower case, without accents; an elided article goes with its apostrophe; a plural is its singular; words
//! that say nothing are no words. ASCII letters and digits are left.

use std::collections::HashSet;

/// Letters of a word at least.
const SHORTEST: usize = 2;
/// Words of a query at most.
const ASKED: usize = 8;

/// Words that nobody looks for, French then English, without their accents.
const EMPTY: &[&str] = &[
    "au", "aux", "avec", "ce", "ces", "cet", "cette", "dans", "de", "des", "du", "elle", "elles", "en",
    "est", "et", "eux", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais", "me",
    "mes", "mon", "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "pour", "qu", "que", "qui",
    "sa", "se", "ses", "son", "sont", "sur", "ta", "te", "tes", "ton", "tu", "un", "une", "vos", "votre",
    "vous", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "has", "have", "in", "is",
    "it", "its", "not", "of", "or", "our", "that", "the", "their", "this", "to", "was", "we", "were", "with",
    "you",
];

/// A word of a text, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    /// Lower case, without accents.
    pub plain: String,
}

/// The words of a text in their order, those that say nothing included.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut start, mut end, mut plain) = (0, 0, String::new());
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        let before = plain.len();
        c.to_lowercase().for_each(|c| push(&mut plain, c));
        // An accent of its own, after its letter.
        let accent = ('\u{300}'..='\u{36f}').contains(&c) && before > 0;
        if plain.len() > before || accent {
            if before == 0 {
                start = at;
            }
            end = at + c.len_utf8();
        } else if before >= SHORTEST {
            tokens.push(Token { start, end, plain: std::mem::take(&mut plain) });
        } else {
            plain.clear();
        }
    }
    tokens
}

/// Lower case, without accents; what is neither a letter nor a digit stays as it is.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let before = folded.len();
        push(&mut folded, c);
        if folded.len() == before {
            folded.push(c);
        }
    }
    folded
}

/// The words of a text as the index keeps them, each once, in their order.
pub fn words(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let useful = tokens(text).into_iter().filter(|t| !is_empty(&t.plain));
    useful.map(|t| singular(&t.plain).to_owned()).filter(|word| seen.insert(word.clone())).collect()
}

/// What somebody looks for: all of some words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<Asked>);

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As the index keeps it.
    pub word: String,
    /// The last word of a query may be unfinished: any word that begins so is meant too.
    pub begins: Option<String>,
}

impl Asked {
    /// Whether a word of a text, lower case and without accents, is this one or begins with it.
    pub fn means(&self, plain: &str) -> bool {
        self.word == singular(plain) || self.begins.as_ref().is_some_and(|begins| plain.starts_with(begins))
    }
}

impl Query {
    pub fn parse(text: &str) -> Query {
        let mut plain: Vec<String> = Vec::new();
        for token in tokens(text) {
            if !plain.contains(&token.plain) {
                plain.push(token.plain);
            }
        }
        if plain.iter().any(|word| !is_empty(word)) {
            plain.retain(|word| !is_empty(word));
        }
        plain.truncate(ASKED);
        let last = plain.len().saturating_sub(1);
        let asked = |(at, word): (usize, String)| Asked {
            word: singular(&word).to_owned(),
            begins: (at == last).then_some(word),
        };
        Query(plain.into_iter().enumerate().map(asked).collect())
    }

    pub fn asked(&self) -> &[Asked] {
        &self.0
    }

    /// Which of the words asked a word of a text is, if any.
    pub fn place_of(&self, plain: &str) -> Option<usize> {
        self.0.iter().position(|asked| asked.means(plain))
    }

    /// Whether a text has every word asked, one at least being asked.
    pub fn is_in(&self, text: &str) -> bool {
        let found: HashSet<usize> = tokens(text).iter().filter_map(|t| self.place_of(&t.plain)).collect();
        !self.0.is_empty() && found.len() == self.0.len()
    }
}

fn is_empty(plain: &str) -> bool {
    EMPTY.contains(&plain)
}

/// Without the mark of a French or English plural. A word that ends so without being a plural loses its
/// end as well, in the index as in the query.
fn singular(word: &str) -> &str {
    if word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word;
    }
    match word.strip_suffix('s') {
        Some(short) if !short.ends_with('s') => short,
        Some(_) => word,
        None => word.strip_suffix('x').filter(|short| short.ends_with('u')).unwrap_or(word),
    }
}

fn push(word: &mut String, c: char) {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' => word.push('a'),
        'ç' => word.push('c'),
        'è' | 'é' | 'ê' | 'ë' => word.push('e'),
        'ì' | 'í' | 'î' | 'ï' => word.push('i'),
        'ñ' => word.push('n'),
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => word.push('o'),
        'ù' | 'ú' | 'û' | 'ü' => word.push('u'),
        'ÿ' => word.push('y'),
        'œ' => word.push_str("oe"),
        'æ' => word.push_str("ae"),
        c if c.is_ascii_alphanumeric() => word.push(c),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_empty_ones_left_out() {
        assert_eq!(words("L'ERP ne répond plus à l’atelier, ERP"), ["erp", "repond", "plu", "atelier"]);
        assert_eq!(words("srv-erp : œuvre"), ["srv", "erp", "oeuvre"]);
        assert_eq!(words("Les réseaux, le réseau ; accès, process"), ["reseau", "acce", "process"]);
        assert_eq!(words("re\u{301}pond v2s"), ["repond", "v2s"], "an accent of its own; not a plural");
        assert!(words("! ? d'un").is_empty());
    }

    #[test]
    fn a_token_stands_where_the_text_has_it() {
        let text = "Écran d’e\u{301}tude";
        let found: Vec<_> = tokens(text).into_iter().map(|t| (&text[t.start..t.end], t.plain)).collect();
        assert_eq!(found, [("Écran", "ecran".to_owned()), ("e\u{301}tude", "etude".to_owned())]);
    }

    #[test]
    fn only_the_last_word_may_be_unfinished() {
        let query = Query::parse("panne de l'imprim");
        assert!(query.is_in("L'imprimante est en panne"));
        assert!(!Query::parse("imprim panne").is_in("L'imprimante est en panne"));
        assert!(Query::parse("imprimantes pan").is_in("L'imprimante est en panne"));
        assert!(Query::parse("accès").is_in("Accès refusé") && Query::parse("acc").is_in("Accès refusé"));
        assert!(!Query::parse("").is_in("Accès refusé"));
        assert_eq!(Query::parse("panne de").asked().len(), 1, "« de » is not waited for");
        assert!(Query::parse("de").is_in("Dépannage de nuit"), "alone, it begins words");
    }
}
