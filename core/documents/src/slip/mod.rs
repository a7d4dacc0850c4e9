//! A document of a page or two: a report of a visit on site.
//!
//! It says facts, then passages in Markdown, then a signature where one was given or is to be given.

use std::collections::BTreeMap;

use base::Lang;
use jiff::civil::Date;
use serde::Serialize;

use crate::markdown;
use crate::press::{self, Fault, Pdf};
use crate::print::{self, Block};
use crate::typography::french;

/// The layout: a constant, so that no words of anybody are ever code.
const TEMPLATE: &str = concat!(include_str!("../common.typ"), include_str!("slip.typ"));

/// What is printed.
#[derive(Clone, Debug)]
pub struct Slip {
    pub lang: Lang,
    /// Over the title: whose document it is.
    pub over: String,
    pub title: String,
    /// The header of each page.
    pub running: String,
    pub author: String,
    /// The date that the document bears, and that its metadata give as its creation.
    pub created: Date,
    pub facts: Vec<(String, String)>,
    /// A title, and Markdown as it was typed.
    pub passages: Vec<(String, String)>,
    pub signed: Signed,
    /// What the signature was given for, and where it is kept: in small print at the end.
    pub marks: Vec<(String, String)>,
    /// Names the document for ever.
    pub ident: String,
}

/// The frame at the end.
#[derive(Clone, Debug)]
pub struct Signed {
    pub title: String,
    /// Empty where there is only a frame to sign in.
    pub lines: Vec<String>,
    pub drawn: Option<Drawn>,
}

/// A signature drawn on a screen.
#[derive(Clone, Debug, Serialize)]
pub struct Drawn {
    /// Of the pad that it was drawn on, in the unit of the points.
    pub width: u16,
    pub height: u16,
    /// From left to right, and from top to bottom; a stroke of one point is a dot.
    pub strokes: Vec<Vec<(u16, u16)>>,
}

#[derive(Serialize)]
struct Data<'a> {
    lang: &'static str,
    over: &'a str,
    title: String,
    running: &'a str,
    author: &'a str,
    date: [i16; 3],
    page: &'static str,
    of: &'static str,
    facts: &'a [(String, String)],
    passages: Vec<Passage<'a>>,
    signature: &'a str,
    lines: &'a [String],
    drawn: Option<&'a Drawn>,
    marks: &'a [(String, String)],
}

#[derive(Serialize)]
struct Passage<'a> {
    title: &'a str,
    blocks: Vec<Block>,
}

/// The document as PDF/A-3a. The same slip gives the same bytes.
pub fn slip_pdf(slip: &Slip) -> Result<Pdf, Fault> {
    let lang = slip.lang;
    let passage = |(title, text): &'_ (String, String)| (title.clone(), markdown::plain(text, lang));
    let passages: Vec<(String, Vec<Block>)> = slip.passages.iter().map(passage).collect();
    let data = Data {
        lang: lang.tag(),
        over: &slip.over,
        title: lang.t(french(&slip.title), slip.title.clone()),
        running: &slip.running,
        author: &slip.author,
        date: press::parts(slip.created),
        page: lang.t("page", "page"),
        of: lang.t("sur", "of"),
        facts: &slip.facts,
        passages: passages.iter().map(|(title, blocks)| Passage { title, blocks: blocks.clone() }).collect(),
        signature: &slip.signed.title,
        lines: &slip.signed.lines,
        drawn: slip.signed.drawn.as_ref(),
        marks: &slip.marks,
    };
    let files = BTreeMap::from([("data.json".to_owned(), print::json(&data))]);
    press::print(TEMPLATE, files, &slip.ident)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn slip(work: &str, drawn: Option<Drawn>) -> Slip {
        let words = |text: &str| text.to_owned();
        Slip {
            lang: Lang::Fr,
            over: words("Ateliers Garonne SAS"),
            title: words("Compte rendu d'intervention"),
            running: words("Ticket 312"),
            author: words("Occitech Infogérance"),
            created: date(2026, 11, 3),
            facts: vec![(words("Sur place"), words("de 9\u{a0}h\u{a0}10 à 10\u{a0}h\u{a0}40"))],
            passages: vec![(words("Travaux"), words(work))],
            signed: Signed { title: words("Signature"), lines: vec![words("Claire Fabre")], drawn },
            marks: vec![(words("Empreinte"), "5f".repeat(32))],
            ident: words("visit"),
        }
    }

    #[test]
    fn a_slip_is_one_page_and_the_same_each_time() {
        let drawn = Drawn { width: 600, height: 200, strokes: vec![vec![(10, 20), (300, 90)], vec![(5, 5)]] };
        let one = slip_pdf(&slip(
            "Remplacement de l'alimentation, **essai** de charge.\n\n- un\n- deux",
            Some(drawn),
        ));
        let one = one.unwrap();
        assert_eq!(one.pages, 1);
        assert!(one.bytes.starts_with(b"%PDF-1.7"));
        let plain = slip_pdf(&slip("x", None)).unwrap();
        assert_ne!(one.bytes, plain.bytes);
        assert_eq!(plain.bytes, slip_pdf(&slip("x", None)).unwrap().bytes);
    }

    #[test]
    fn what_somebody_typed_is_never_code() {
        let hostile = "#read(\"data.json\") $x$ `#let` \\ <label> @ref *#panic()* [x](javascript:alert(1))\n\n```typ\n#panic()\n```\n\n# Titre\n\n![i](https://x.example/i.png) \u{202e}abc";
        let long = format!("{}\n\n{hostile}", "Une ligne de travaux. ".repeat(400));
        assert!(slip_pdf(&slip(&long, None)).unwrap().pages > 1);
    }
}
