//! The Markdown of an article as blocks to print, in the order of the text. Nothing is dropped: raw HTML
//! is text, an image is its words and its address, and a rule or an example stands where it was written.

use std::iter::Peekable;

use base::Lang;
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream,
};

use crate::print::{Align, Block, Inline};
use crate::references::{Here, References};
use crate::typography::french;

/// Deeper than this, lists and quotes are printed at the margin of the one that holds them: a text with
/// a thousand nested quotes is a page like another.
const DEEPEST: usize = 8;

/// What the reader needs to know beside the text.
pub(crate) struct Setting<'a> {
    pub lang: Lang,
    pub references: &'a References,
    pub here: Here<'a>,
    /// What a `toml clause` or `toml example` is printed as; `None`: as code.
    pub fence: &'a dyn Fn(&str, &str) -> Option<Block>,
}

/// The blocks of a Markdown text.
pub(crate) fn blocks(markdown: &str, setting: &Setting<'_>) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(markdown, options).map(|event| match event {
        Event::SoftBreak => Event::Text(CowStr::Borrowed(" ")),
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    let mut reader = Reader { events: TextMergeStream::new(parser).peekable(), setting };
    reader.blocks(0)
}

/// The blocks of a message: nothing in it is a rule, and it refers to no article of its own.
pub(crate) fn plain(markdown: &str, lang: Lang) -> Vec<Block> {
    let references = References::default();
    let here = Here { file: 0, heading: "" };
    blocks(markdown, &Setting { lang, references: &references, here, fence: &|_, _| None })
}

/// A heading's words: plain, as the contract gives them.
pub(crate) fn title(text: &str, lang: Lang) -> Vec<Inline> {
    vec![Inline::text(lang.t(french(text), text.to_owned()))]
}

struct Reader<'a, 's, I: Iterator<Item = Event<'a>>> {
    events: Peekable<I>,
    setting: &'s Setting<'s>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Reader<'a, '_, I> {
    /// Blocks up to the end of what holds them, which is consumed.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut out = Vec::new();
        // Containers opened too deep to be drawn, whose ends are to be passed over.
        let mut flattened = 0;
        loop {
            let Some(event) = self.events.peek() else { return out };
            match event {
                Event::End(end) if is_block_end(end) => {
                    self.events.next();
                    if flattened == 0 {
                        return out;
                    }
                    flattened -= 1;
                }
                Event::Start(Tag::List(_) | Tag::Item | Tag::BlockQuote(_)) if depth >= DEEPEST => {
                    self.events.next();
                    flattened += 1;
                }
                Event::Start(tag) if is_block(tag) => {
                    if let Some(Event::Start(tag)) = self.events.next() {
                        out.push(self.block(tag, depth));
                    }
                }
                Event::Rule => {
                    self.events.next();
                    out.push(Block::Line);
                }
                _ => {
                    let c = self.inlines(depth);
                    if c.is_empty() {
                        self.events.next();
                    } else {
                        out.push(Block::Paragraph { c });
                    }
                }
            }
        }
    }

    fn block(&mut self, tag: Tag<'a>, depth: usize) -> Block {
        match tag {
            Tag::List(start) => {
                let mut items = Vec::new();
                while matches!(self.events.next(), Some(Event::Start(Tag::Item))) {
                    items.push(self.blocks(depth + 1));
                }
                Block::List { start, items }
            }
            Tag::BlockQuote(_) => Block::Quote { c: self.blocks(depth + 1) },
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::Table(align) => self.table(&align),
            _ => {
                let c = self.inlines(depth);
                self.events.next();
                Block::Paragraph { c }
            }
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) -> Block {
        let mut text = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::Text(piece) => text.push_str(&piece),
                _ => break,
            }
        }
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        (self.setting.fence)(info, &text).unwrap_or_else(|| {
            // The name of the language was signed too.
            let head = if info.is_empty() { String::new() } else { format!("[{info}]\n") };
            Block::Code { t: format!("{head}{}", text.trim_end_matches('\n')) }
        })
    }

    fn table(&mut self, align: &[Alignment]) -> Block {
        let align = align
            .iter()
            .map(|a| match a {
                Alignment::Right => Align::End,
                Alignment::Center => Align::Center,
                Alignment::None | Alignment::Left => Align::Start,
            })
            .collect();
        let (mut head, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    row.push(self.inlines(0));
                    self.events.next();
                }
                Event::End(TagEnd::TableHead) => head = std::mem::take(&mut row),
                Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        Block::Table { align, head, rows }
    }

    /// Words up to what is not of them, which is left.
    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut flattened = 0;
        loop {
            match self.events.peek() {
                None | Some(Event::Rule) => return out,
                Some(Event::Start(tag)) if is_block(tag) => return out,
                Some(Event::End(end)) if is_block_end(end) || flattened == 0 => return out,
                Some(_) => {}
            }
            match self.events.next() {
                Some(Event::End(_)) => flattened -= 1,
                Some(Event::Start(_)) if depth >= 2 * DEEPEST => flattened += 1,
                Some(Event::Start(tag)) => {
                    let c = self.inlines(depth + 1);
                    self.events.next();
                    out.push(span(tag, c));
                }
                Some(Event::Text(text)) => out.extend(self.text(&text)),
                Some(Event::Code(text)) => out.push(Inline::Code { t: text.into_string() }),
                Some(Event::HardBreak) => out.push(Inline::Break),
                // No other event exists under the options given; its words would be in it.
                Some(_) | None => {}
            }
        }
    }

    fn text(&self, text: &str) -> Vec<Inline> {
        let setting = self.setting;
        let text = setting.lang.t(french(text), text.to_owned());
        setting.references.split(&text, setting.here)
    }
}

fn span(tag: Tag<'_>, c: Vec<Inline>) -> Inline {
    match tag {
        Tag::Strong => Inline::Strong { c },
        Tag::Emphasis => Inline::Emph { c },
        Tag::Strikethrough => Inline::Strike { c },
        Tag::Link { dest_url, .. } => {
            let url = dest_url.into_string();
            let said = url.strip_prefix("mailto:").unwrap_or(&url) == words(&c);
            Inline::Link { safe: is_safe(&url), shown: !said, url, c }
        }
        // Nothing is fetched to print a contract: an image is its words and where it was.
        Tag::Image { dest_url, .. } => {
            Inline::Link { url: dest_url.into_string(), shown: true, safe: false, c }
        }
        _ => Inline::Emph { c },
    }
}

fn words(inlines: &[Inline]) -> String {
    let each = inlines.iter().map(|i| match i {
        Inline::Text { t } | Inline::Code { t } | Inline::Ref { t, .. } => t.clone(),
        Inline::Strong { c } | Inline::Emph { c } | Inline::Strike { c } | Inline::Link { c, .. } => words(c),
        Inline::Break => " ".to_owned(),
    });
    each.collect()
}

fn is_safe(url: &str) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
}

fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
    )
}

fn is_block_end(end: &TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(markdown: &str) -> Vec<Block> {
        let references = References::default();
        let setting = Setting {
            lang: Lang::En,
            references: &references,
            here: Here { file: 0, heading: "" },
            fence: &|_, _| None,
        };
        blocks(markdown, &setting)
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { c: vec![Inline::text(text)] }
    }

    #[test]
    fn blocks_keep_their_order_and_their_words() {
        let found = read("a\nb\n\n- un\n\n  deux\n- *trois*\n\n> cité\n\n---\n");
        let item = Block::Paragraph { c: vec![Inline::Emph { c: vec![Inline::text("trois")] }] };
        let expected = [
            paragraph("a b"),
            Block::List { start: None, items: vec![vec![paragraph("un"), paragraph("deux")], vec![item]] },
            Block::Quote { c: vec![paragraph("cité")] },
            Block::Line,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tight_item_may_hold_a_list() {
        let found = read("1. un\n   - deux\n2. trois");
        let inner = Block::List { start: None, items: vec![vec![paragraph("deux")]] };
        let items = vec![vec![paragraph("un"), inner], vec![paragraph("trois")]];
        assert_eq!(found, [Block::List { start: Some(1), items }]);
    }

    #[test]
    fn tables_keep_their_cells() {
        let found = read("| a | b |\n|---|--:|\n| 1 | **2** |");
        let strong = Inline::Strong { c: vec![Inline::text("2")] };
        let table = Block::Table {
            align: vec![Align::Start, Align::End],
            head: vec![vec![Inline::text("a")], vec![Inline::text("b")]],
            rows: vec![vec![vec![Inline::text("1")], vec![strong]]],
        };
        assert_eq!(found, [table]);
    }

    #[test]
    fn html_and_images_are_words() {
        let shown =
            format!("{:?}", read("<b onclick=x>gras</b> ![plan](http://x/p.png)\n\n<div>\nbloc\n</div>"));
        for word in ["<b onclick=x>gras</b>", "plan", "http://x/p.png", "<div>", "bloc"] {
            assert!(shown.contains(word), "{word}: {shown}");
        }
    }

    #[test]
    fn a_thousand_levels_are_a_page_like_another() {
        let quotes = format!("{}fond", "> ".repeat(1000));
        assert!(format!("{:?}", read(&quotes)).contains("fond"));
        let stars = format!("{}fond{}", "*a **b ".repeat(300), "** c*".repeat(300));
        assert!(format!("{:?}", read(&stars)).contains("fond"));
        let lists: String = (0..200).map(|n| format!("{}- n{n}\n", "  ".repeat(n))).collect();
        assert!(format!("{:?}", read(&lists)).contains("n199"));
    }
}
