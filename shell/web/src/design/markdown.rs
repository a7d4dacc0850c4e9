//! What people write, in Markdown, as markup that cannot carry a script.
//!
//! Paragraphs, lists, quotes, emphasis, code, links and the pictures attached to the same ticket. Raw HTML is
//! shown as the text it is, a heading is a bold line, and a line break is kept: a plain text looks as it
//! was typed. Nothing that was written disappears.

use std::fmt::Write;
use std::ops::Range;

use maud::{Escaper, Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::Lang;
use super::components::words;

/// An image that a message may show: one of its own ticket's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub width: u32,
    pub height: u32,
}

/// Only what is crossed out beside CommonMark: a table would need a width that a message does not have.
const OPTIONS: Options = Options::ENABLE_STRIKETHROUGH;

/// The markup of a message; `pictures` finds an attached image by the name that the text gives.
pub fn render(text: &str, lang: Lang, pictures: &dyn Fn(&str) -> Option<Picture>) -> Markup {
    let source = definitions_shown(text);
    let mut events = Vec::new();
    let (mut links, mut linked, mut code) = (Vec::new(), 0_usize, false);
    let mut parser = TextMergeStream::new(Parser::new_ext(&source, OPTIONS).map(as_text));
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let safe = is_safe(&dest_url);
                links.push(safe);
                linked += usize::from(safe);
                if safe {
                    events.push(opening(&dest_url));
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop().unwrap_or(false) {
                    linked -= 1;
                    events.push(Event::Html("</a>".into()));
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let alt = alternative(&mut parser);
                events.push(image(&dest_url, &alt, pictures));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                code = true;
                events.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                code = false;
                events.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Text(text) if !code => {
                events.push(Event::Html(inline(&text, lang, linked == 0).into()));
            }
            other => events.push(other),
        }
    }
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, events.into_iter());
    PreEscaped(out)
}

/// What is not drawn as its author marked it up.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        // A message's headings would stand in the page's outline.
        Event::Start(Tag::Heading { .. }) => Event::Html("<p><strong>".into()),
        Event::End(TagEnd::Heading(_)) => Event::Html("</strong></p>\n".into()),
        Event::SoftBreak => Event::HardBreak,
        other => other,
    }
}

/// Running words: French spaces where they belong, and bare addresses made links. Here is where what a
/// word can mean, such as a person's name, is to be seen.
fn inline(text: &str, lang: Lang, may_link: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, address, after)) = next_address(rest).filter(|_| may_link) {
        escape(&words(before, lang), &mut out);
        let _ = write!(out, "<a href=\"{}\" {REL}>{}</a>", escaped(address), escaped(address));
        rest = after;
    }
    escape(&words(rest, lang), &mut out);
    out
}

/// The first bare address of a text, without the punctuation that ends its sentence.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let found = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let (before, from) = text.split_at(found);
    let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '»' | '“' | '”'));
    let address =
        from[..end.unwrap_or(from.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
    Some((before, address, &from[address.len()..]))
}

const REL: &str = "rel=\"noopener noreferrer nofollow\"";

fn opening(address: &str) -> Event<'static> {
    Event::Html(format!("<a href=\"{}\" {REL}>", escaped(address)).into())
}

/// An attached picture, or its words: nothing is fetched from elsewhere to read a message.
fn image(address: &str, alt: &str, pictures: &dyn Fn(&str) -> Option<Picture>) -> Event<'static> {
    let drawn = match pictures(address) {
        Some(Picture { src, width, height }) => format!(
            "<img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">",
            escaped(&src),
            escaped(alt)
        ),
        None => {
            escaped(&[alt, address].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" · "))
        }
    };
    Event::Html(drawn.into())
}

/// The words up to the end of an image, which is consumed; images inside its words count as words.
fn alternative<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let (mut alt, mut depth) = (String::new(), 1);
    for event in events {
        match event {
            Event::Start(Tag::Image { .. }) => depth += 1,
            Event::End(TagEnd::Image) => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Event::Text(text) | Event::Code(text) => alt.push_str(&text),
            Event::HardBreak => alt.push(' '),
            _ => {}
        }
    }
    alt
}

/// `[word]: address` defines a link and shows nothing: escaped, it is a sentence like any other.
fn definitions_shown(text: &str) -> CowStr<'_> {
    if !text.contains("]:") {
        return text.into();
    }
    let is_code = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    let parsed = Parser::new_ext(text, OPTIONS).into_offset_iter();
    let code: Vec<Range<usize>> = parsed.filter(|(e, _)| is_code(e)).map(|(_, range)| range).collect();
    let (mut out, mut at) = (String::with_capacity(text.len() + 8), 0);
    for (found, _) in text.match_indices("]:") {
        // The ranges are in order and do not overlap.
        let next = code.partition_point(|range| range.end <= found);
        if code.get(next).is_none_or(|range| range.start > found) {
            out.push_str(&text[at..=found]);
            out.push('\\');
            at = found + 1;
        }
    }
    out.push_str(&text[at..]);
    out.into()
}

fn is_safe(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
}

fn escape(text: &str, out: &mut String) {
    let _ = Escaper::new(out).write_str(text);
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let pictures = |name: &str| {
            let picture = Picture { src: "/c/a/tickets/1/files/x/image".into(), width: 4, height: 3 };
            (name == "écran.png").then_some(picture)
        };
        render(text, Lang::En, &pictures).into_string()
    }

    #[test]
    fn a_plain_text_keeps_its_lines_and_its_signs() {
        assert_eq!(
            html("Bonjour,\nrien & personne <ici>\n\nLéa"),
            "<p>Bonjour,<br />\nrien &amp; personne &lt;ici&gt;</p>\n<p>Léa</p>\n"
        );
        assert_eq!(html("C:\\temp\\a_b_c 3 * 4"), "<p>C:\\temp\\a_b_c 3 * 4</p>\n");
        let french = render("Pourquoi ?", Lang::Fr, &|_| None).into_string();
        assert_eq!(french, "<p>Pourquoi\u{202f}?</p>\n");
    }

    #[test]
    fn markup_is_drawn_and_no_heading_enters_the_outline() {
        assert_eq!(
            html("# Titre\n- **un**\n- `deux < 3`"),
            "<p><strong>Titre</strong></p>\n<ul>\n<li><strong>un</strong></li>\n<li><code>deux &lt; 3</code></li>\n</ul>\n"
        );
        assert_eq!(html("```\n<b> https://a.fr\n```"), "<pre><code>&lt;b&gt; https://a.fr\n</code></pre>\n");
    }

    #[test]
    fn nothing_written_runs_or_disappears() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](  JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,AAAA)",
            "![x](https://elsewhere.example/t.gif)",
            "[x](https://a.fr/\"onmouseover=\"alert(1))",
            "https://a.fr/\"onmouseover=\"alert(1)",
            "```\"><script>\ncode\n```",
            "<a href=\"javascript:alert(1)\">x</a>",
            "![\" onerror=\"alert(1)](écran.png)",
            "</p></article><script>1</script>",
            "<!-- caché -->",
        ] {
            let out = html(hostile);
            // Every tag is one of ours: what remains after them holds no sign of one.
            let mut text = out.clone();
            for tag in ["<p>", "</p>", "<br />", "</a>", "<pre>", "<code", "</code></pre>"] {
                text = text.replace(tag, "");
            }
            let tags: Vec<&str> = text.split('<').skip(1).collect();
            assert!(
                tags.iter()
                    .all(|t| t.starts_with("a href=\"https://a.fr/") || t.starts_with("img src=\"/c/a/")),
                "{hostile}: {out}"
            );
            assert!(!out.contains(" onerror=\"") && !out.contains("\"onmouseover=\""), "{hostile}: {out}");
        }
        assert!(html("<!-- caché -->").contains("caché"));
        assert!(
            html("![panne](https://elsewhere.example/t.gif)")
                .contains("panne · https://elsewhere.example/t.gif")
        );
        assert!(html("[urgent]: rappelez-moi\n\nMerci").contains("[urgent]: rappelez-moi"));
        assert!(html("`a]: b` [c]: d").contains("a]: b"));
    }

    #[test]
    fn links_say_that_they_lead_away_and_pictures_are_the_tickets_own() {
        let rel = "rel=\"noopener noreferrer nofollow\"";
        assert_eq!(
            html("[notre site](https://a.fr?x=1&y=2)"),
            format!("<p><a href=\"https://a.fr?x=1&amp;y=2\" {rel}>notre site</a></p>\n")
        );
        assert_eq!(
            html("Voir https://a.fr/b."),
            format!("<p>Voir <a href=\"https://a.fr/b\" {rel}>https://a.fr/b</a>.</p>\n")
        );
        assert_eq!(
            html("[https://a.fr](https://b.fr)"),
            format!("<p><a href=\"https://b.fr\" {rel}>https://a.fr</a></p>\n")
        );
        assert_eq!(
            html("![capture](écran.png)"),
            "<p><img src=\"/c/a/tickets/1/files/x/image\" alt=\"capture\" width=\"4\" height=\"3\" loading=\"lazy\"></p>\n"
        );
    }
}
