//! The fonts that this crate ships: text in Source Serif 4, tables and margins in Source Sans 3, code
//! in DejaVu Sans Mono, which also lends the signs that the others lack.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 7] = [
        include_bytes!("../../fonts/source-serif-4-regular.ttf"),
        include_bytes!("../../fonts/source-serif-4-italic.ttf"),
        include_bytes!("../../fonts/source-serif-4-bold.ttf"),
        include_bytes!("../../fonts/source-sans-3-regular.ttf"),
        include_bytes!("../../fonts/source-sans-3-italic.ttf"),
        include_bytes!("../../fonts/source-sans-3-semibold.ttf"),
        include_bytes!("../../fonts/dejavu-sans-mono.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

pub(super) fn book() -> &'static LazyHash<FontBook> {
    &BOOK
}

pub(super) fn font(index: usize) -> Option<Font> {
    FONTS.get(index).cloned()
}

/// Whether a character can be printed. PDF/A refuses a page with an empty box in place of a letter.
pub(crate) fn covers(c: char) -> bool {
    FONTS.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_and_its_neighbours_are_covered() {
        for c in "àâçéèêëîïôùûüÿœæÀÉÈÇŒ«»’–—…€×≤≥→•§°\u{a0}\u{202f}ßñłŠАБΩ".chars()
        {
            assert!(covers(c), "{c:?}");
        }
        assert!(!covers('中') && !covers('\u{e000}'));
    }

    #[test]
    fn every_font_is_read() {
        assert_eq!(FONTS.len(), 7);
        for family in ["source serif 4", "source sans 3", "dejavu sans mono"] {
            assert!(book().contains_family(family), "{family}");
        }
    }
}
