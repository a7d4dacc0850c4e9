//! Two languages, side by side: a text without its translation does not compile.

use std::fmt;

/// The reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    Fr,
    En,
}

impl Lang {
    /// Both languages, French first, as the product speaks them.
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// The BCP 47 code, as the `lang` attribute wants it.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// The core's name of this language.
    pub fn core(self) -> base::Lang {
        match self {
            Lang::Fr => base::Lang::Fr,
            Lang::En => base::Lang::En,
        }
    }

    /// Picks the text of this language.
    ///
    /// French is written with ordinary spaces; the no-break spaces of its punctuation are put
    /// in when the text is rendered.
    pub fn t(self, fr: &'static str, en: &'static str) -> Text {
        match self {
            Lang::Fr => Text { raw: fr, lang: self },
            Lang::En => Text { raw: en, lang: self },
        }
    }
}

/// A text already in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    raw: &'static str,
    lang: Lang,
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lang {
            Lang::Fr => out.write_str(&spaced(self.raw)),
            Lang::En => out.write_str(self.raw),
        }
    }
}

impl maud::Render for Text {
    fn render_to(&self, buffer: &mut String) {
        match self.lang {
            Lang::Fr => spaced(self.raw).render_to(buffer),
            Lang::En => self.raw.render_to(buffer),
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.to_string()
    }
}

/// French punctuation with the no-break spaces of the Imprimerie nationale: narrow (U+202F) before
/// `;`, `?` and `!`, ordinary (U+00A0) before `:`, `%` and `€` and inside guillemets.
///
/// Only existing spaces are changed, so times (`10:00`) and addresses are left alone.
pub fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut previous = None;
    while let Some(character) = characters.next() {
        let space = match (character, characters.peek()) {
            (' ', Some(';' | '?' | '!')) => '\u{202f}',
            (' ', Some(':' | '»' | '%' | '€')) => '\u{a0}',
            (' ', _) if previous == Some('«') => '\u{a0}',
            _ => character,
        };
        out.push(space);
        previous = Some(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_punctuation_keeps_to_its_word() {
        let text = Lang::Fr.t("« Pourquoi ? » : à 10:00, 5 %", "Why?").to_string();
        assert_eq!(text, "«\u{a0}Pourquoi\u{202f}?\u{a0}»\u{a0}: à 10:00, 5\u{a0}%");
        assert_eq!(Lang::En.t("Pourquoi ?", "Why?").to_string(), "Why?");
    }
}
