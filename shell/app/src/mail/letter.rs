//! A letter before it is made into the bytes of a mail: who, which thread, and paragraphs.

use base::Lang;
use uuid::Uuid;

/// A name and an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub name: String,
    pub email: String,
}

/// A letter ready to leave. Identifiers stand without their angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The messages of the queue that it carries: several in a digest.
    pub ids: Vec<Uuid>,
    pub from: Address,
    pub to: Address,
    /// The mailbox of answers, with the token of this person in this ticket.
    pub reply_to: String,
    /// The same at each try, so that a letter sent twice is shown once.
    pub message_id: String,
    /// The thread, oldest first.
    pub references: Vec<String>,
    /// Tells the mail of one customer from another's: `atelier.mail.prestataire.fr`.
    pub list_id: Option<String>,
    pub lang: Lang,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(String),
    /// What somebody wrote, as they wrote it.
    Quote(String),
    Link {
        label: String,
        url: String,
    },
    /// Stands apart at the end.
    Signature(String),
}

/// The letter for a reader of plain text.
pub(super) fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Paragraph(text) => out.push_str(text),
            Block::Quote(text) => {
                let lines: Vec<String> = text.lines().map(|l| format!("    {l}")).collect();
                out.push_str(&lines.join("\n"));
            }
            Block::Link { label, url } => out.push_str(&format!("{label}\n{url}")),
            Block::Signature(text) => out.push_str(&format!("-- \n{text}")),
        }
        out.push('\n');
    }
    out
}

/// The same in HTML, without style, image or script: nothing is fetched when it is read.
pub(super) fn html(lang: Lang, blocks: &[Block]) -> String {
    let mut out = format!("<!doctype html><html lang=\"{}\"><body>", lang.tag());
    for block in blocks {
        out.push_str(&match block {
            Block::Paragraph(text) => format!("<p>{}</p>", lines(text)),
            Block::Quote(text) => format!("<blockquote>{}</blockquote>", lines(text)),
            Block::Link { label, url } => format!("<p><a href=\"{}\">{}</a></p>", escape(url), escape(label)),
            Block::Signature(text) => format!("<hr><p>{}</p>", lines(text)),
        });
    }
    out.push_str("</body></html>");
    out
}

fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// One line of a header: what would end it becomes a space.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_markup_nor_headers() {
        let blocks = [
            Block::Quote("<script>alert(\"1\")</script>\nfin & suite".to_owned()),
            Block::Link { label: "Voir".to_owned(), url: "https://exemple.fr/?a=\"><b>".to_owned() },
        ];
        let drawn = html(Lang::Fr, &blocks);
        assert!(!drawn.contains("<script") && !drawn.contains("<b>"), "{drawn}");
        assert!(drawn.contains("fin &amp; suite"));
        assert_eq!(text(&blocks[..1]), "    <script>alert(\"1\")</script>\n    fin & suite\n");
        assert_eq!(one_line("Panne\r\nBcc: autre@exemple.fr"), "Panne Bcc: autre@exemple.fr");
    }
}
