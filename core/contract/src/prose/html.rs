//! Markdown to HTML that cannot carry a script: raw HTML is shown as text, links go to the web only.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

use crate::source::markdown::MARKDOWN;
use crate::source::within;

pub(super) fn render(markdown: &str) -> String {
    let mut links: Vec<bool> = Vec::new();
    let markdown = definitions_shown(markdown);
    let events = Parser::new_ext(&markdown, MARKDOWN).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        // The alternative text of an image stays, the image does not: nothing is fetched to read a contract.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let safe = is_safe(dest_url);
            links.push(safe);
            safe.then_some(event)
        }
        Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(event),
        other => Some(other),
    });
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, events);
    aligned_by_class(out)
}

/// `[word]: address` on a line of its own defines a link and shows nothing: a reader would not see
/// words that were signed. With its colon escaped it is a sentence like any other.
fn definitions_shown(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains("]:") {
        return Cow::Borrowed(markdown);
    }
    let mut verbatim: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(markdown, MARKDOWN).into_offset_iter() {
        if let Event::Start(Tag::CodeBlock(_)) | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_) =
            event
        {
            verbatim.push(range);
        }
    }
    let mut out = String::with_capacity(markdown.len() + 16);
    let mut at = 0;
    for (found, _) in markdown.match_indices("]:").filter(|(found, _)| !within(&verbatim, *found)) {
        out.push_str(&markdown[at..=found]);
        out.push('\\');
        at = found + 1;
    }
    out.push_str(&markdown[at..]);
    Cow::Owned(out)
}

/// The alignment of table cells as a class: pages forbid inline styles. A `<` of the text is always
/// escaped, so only the tags of the writer match.
fn aligned_by_class(mut html: String) -> String {
    for tag in ["td", "th"] {
        for (side, class) in [("left", "start"), ("center", "center"), ("right", "figure")] {
            let styled = format!("<{tag} style=\"text-align: {side}\">");
            if html.contains(&styled) {
                html = html.replace(&styled, &format!("<{tag} class=\"{class}\">"));
            }
        }
    }
    html
}

fn is_safe(url: &str) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "#"].iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn cells_are_aligned_by_class() {
        let html = render("| a | b |\n|:--|--:|\n| 1 | 2 |");
        assert!(!html.contains("style="), "{html}");
        assert!(html.contains("<td class=\"figure\">2</td>"), "{html}");
    }

    #[test]
    fn a_definition_of_a_link_is_seen() {
        let html = render("[a]: b\n\n[a]: c\n\n`[d]: e` et [f]: g\n\n```\n[h]: i\n```\n");
        assert_eq!(
            html,
            "<p>[a]: b</p>\n<p>[a]: c</p>\n<p><code>[d]: e</code> et [f]: g</p>\n<pre><code>[h]: i\n</code></pre>\n"
        );
    }

    #[test]
    fn no_script_gets_through() {
        let html =
            render("<script>alert(1)</script>\n\n[a](javascript:x) ![i](http://x/y.png) <b onclick=x>");
        assert!(
            !html.contains("<script") && !html.contains("javascript:") && !html.contains("<img"),
            "{html}"
        );
        assert!(!html.contains("<b ") && html.contains("&lt;script&gt;"), "{html}");
        assert!(render("[site](https://exemple.fr)").contains("href=\"https://exemple.fr\""));
    }
}
