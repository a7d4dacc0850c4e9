//! A contract on paper: the signed text whole, the reading of each rule in its margin, and annexes drawn
//! from the terms.

mod annexes;
mod calendars;
mod parties;
mod rules;

use std::collections::BTreeMap;

use base::{Lang, lang};
use contract::source::{Entry, File, Node, Source};
use contract::{Article, Compiled, text_hash, version_hash};
use jiff::civil::Date;
use terms::PartyRole;

use crate::markdown::{self, Setting};
use crate::press::{self, Fault, Pdf};
use crate::print::{self, Attached, Block, Cover, Part, Print, Signed, Words};
use crate::references::{Here, References};
use crate::typography;
use annexes::Places;

/// The layout: a constant, so that no text of a contract is ever code.
const TEMPLATE: &str = concat!(include_str!("../common.typ"), include_str!("contract.typ"));

/// How a contract is printed.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language of headers, annexes and notes. The text and its readings stay in the contract's own;
    /// when this is another, each reading is given in both.
    pub lang: Lang,
    /// The date that the document bears, and that its metadata give as its creation.
    pub created: Date,
    /// The signatures recorded, in the order to be shown; empty frames stand for the parties without one.
    pub signatures: Vec<Signature>,
}

/// One signature, as the journal has it.
#[derive(Clone, Debug)]
pub struct Signature {
    pub role: PartyRole,
    /// The person, and as what.
    pub signatory: String,
    /// When, in words of the language of the document.
    pub at: String,
    /// The hash that was signed, lower-case hex.
    pub hash: String,
}

/// The contract as PDF/A-3a, with its signed files attached.
///
/// The same contract and options give the same bytes. `Fault::Invalid` when the text has an error.
pub fn contract_pdf(compiled: &Compiled, options: &Options) -> Result<Pdf, Fault> {
    if !compiled.is_valid() {
        return Err(Fault::Invalid);
    }
    let names = attached_names(&compiled.files);
    let print = describe(compiled, options, &names);
    let mut files = BTreeMap::from([("data.json".to_owned(), print::json(&print))]);
    for (name, file) in names.into_iter().zip(&compiled.files) {
        files.insert(format!("texts/{name}"), file.text.clone().into_bytes());
    }
    press::print(TEMPLATE, files, &version(compiled))
}

fn version(compiled: &Compiled) -> String {
    let texts: Vec<&str> = compiled.files.iter().map(|f| f.text.as_str()).collect();
    version_hash(&texts)
}

/// The name of each file without its folder: where a machine keeps its contracts is nobody's business.
fn attached_names(files: &[File]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let last = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain: String = last
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' })
            .collect();
        let taken = out.contains(&plain) || plain.trim_matches('.').is_empty();
        out.push(if taken { format!("{}-{plain}", index + 1) } else { plain });
    }
    out
}

fn describe(compiled: &Compiled, options: &Options, names: &[String]) -> Print {
    let language = options.lang;
    let (terms, document) = (&compiled.terms, &compiled.document);
    let version = version(compiled);
    let ids: Vec<String> = (0..document.articles.len()).map(|n| format!("h{n}")).collect();
    let places = Places::new(compiled, &ids);
    let parties = [PartyRole::Customer, PartyRole::Provider].into_iter().filter_map(|r| terms.party(r));
    let number = &terms.contract;
    let author = parties.clone().map(|p| p.then.name.as_str()).collect::<Vec<_>>().join(" – ");
    let mut hashes: Vec<(String, String)> =
        names.iter().zip(&compiled.files).map(|(name, file)| (name.clone(), text_hash(&file.text))).collect();
    hashes.push((language.t("Version (tous les textes)", "Version (all texts)").to_owned(), version.clone()));
    Print {
        lang: terms.language.tag(),
        title: terms.language.t(typography::french(&document.title), document.title.clone()),
        running: number.clone(),
        stamp: version.chars().take(12).collect(),
        author,
        date: press::parts(options.created),
        words: words(language),
        cover: Cover {
            over: format!("{} {number}", language.t("Contrat", "Contract")),
            parties: parties
                .map(|p| {
                    let role = parties::role(p.then.role, language).to_owned();
                    (role, p.then.name.clone(), parties::identity(&p.then, language))
                })
                .collect(),
            facts: facts(compiled, options, &version),
            notes: notes(language),
        },
        parts: parts(compiled, &ids, names, language),
        annexes: annexes::annexes(terms, &places, language),
        signatures: signatures(compiled, options),
        hashes,
        attached: names
            .iter()
            .map(|name| Attached {
                file: name.clone(),
                description: language.t("Texte signé", "Signed text").to_owned(),
            })
            .collect(),
    }
}

/// The signed files in order, each with its front matter under its title.
fn parts(compiled: &Compiled, ids: &[String], names: &[String], language: Lang) -> Vec<Part> {
    let own = compiled.terms.language;
    let readings: Vec<Lang> = if language == own { vec![own] } else { vec![own, language] };
    let file_of = |article: &Article| compiled.files.iter().position(|f| f.name == article.file).unwrap_or(0);
    let mut references = References::default();
    for (article, id) in compiled.document.articles.iter().zip(ids) {
        references.note(file_of(article), &article.title, id);
    }
    let mut out = Vec::new();
    for (index, (file, name)) in compiled.files.iter().zip(names).enumerate() {
        let source = Source::read(index, file, &mut Vec::new());
        let front = rules::front(name, &source.front, file.slice(source.front_span));
        let (mut blocks, mut front, mut above) = (Vec::new(), Some(front), 0);
        let articles = compiled.document.articles.iter().zip(ids).filter(|(a, _)| file_of(a) == index);
        for (article, id) in articles {
            if article.level > 0 {
                // PDF readers and screen readers want no level skipped on the way down.
                above = article.level.min(above + 1);
                let c = markdown::title(&article.title, own);
                blocks.push(Block::Heading { level: above, id: id.clone(), c, listed: true });
                blocks.extend(front.take());
            }
            let fence = |info: &str, toml: &str| rules::block(info, toml, article, &readings, language);
            let here = Here { file: index, heading: id };
            let setting = Setting { lang: own, references: &references, here, fence: &fence };
            blocks.extend(markdown::blocks(&article.markdown, &setting));
        }
        blocks.extend(front.take());
        out.push(Part { blocks });
    }
    out
}

/// What the front matter of a file says of a key, when it is a date.
fn dated(entries: &[Entry], key: &str) -> Option<Date> {
    let entry = entries.iter().find(|e| e.key == key)?;
    match entry.value.node {
        Node::Date(date) => Some(date),
        _ => None,
    }
}

fn facts(compiled: &Compiled, options: &Options, version: &str) -> Vec<(String, String)> {
    let language = options.lang;
    let mut out: Vec<(String, String)> = Vec::new();
    let mut say = |key: &str, value: String| out.push((key.to_owned(), value));
    for (index, file) in compiled.files.iter().enumerate() {
        let front = Source::read(index, file, &mut Vec::new()).front;
        let name = match index {
            0 => language.t("Contrat", "Contract").to_owned(),
            n => format!("{} {n}", language.t("Avenant", "Amendment")),
        };
        let signed = dated(&front, "signed").map(|d| {
            let date = lang::date(language, d);
            language.t(format!("signé le {date}"), format!("signed on {date}"))
        });
        let effective = dated(&front, "effective").map(|d| {
            let date = lang::date(language, d);
            language.t(format!("effet le {date}"), format!("effective on {date}"))
        });
        let said: Vec<String> = [signed, effective].into_iter().flatten().collect();
        if !said.is_empty() {
            say(&name, said.join(", "));
        }
    }
    if let Some(term) = &compiled.terms.term {
        let start = lang::date(language, term.then.start);
        let value = match term.then.end() {
            Some(end) => language.t(
                format!("du {start} au {}", lang::date(language, end)),
                format!("{start} to {}", lang::date(language, end)),
            ),
            None => start,
        };
        say(language.t("Période initiale", "Initial period"), value);
    }
    let rules = compiled.labels().count();
    say(
        language.t("Règles en vigueur", "Rules in force"),
        lang::integer(language, i64::try_from(rules).unwrap_or(0)),
    );
    say(language.t("Version", "Version"), version.to_owned());
    say(language.t("Établi le", "Issued on"), lang::date(language, options.created));
    out
}

fn notes(language: Lang) -> Vec<String> {
    language
        .t(
            [
                "Le texte signé est imprimé en entier. Les encadrés placés sous un article sont ses règles, champ par \
                 champ, telles qu'elles ont été signées ; leur relecture, en marge, dit en une phrase ce que chacune \
                 fait exécuter.",
                "Les numéros de page en gris, les en-têtes et les annexes A et suivantes sont établis à l'impression \
                 à partir du texte ; ils n'y ajoutent rien.",
                "Les fichiers signés sont joints à ce document, octet pour octet. Leurs empreintes SHA-256 figurent \
                 à la page des signatures.",
            ],
            [
                "The signed text is printed whole. The boxes under an article are its rules, field by field, as they \
                 were signed; the reading in the margin says in one sentence what each makes the machine do.",
                "Page numbers in grey, headers and annexes A and following are drawn from the text when it is \
                 printed; they add nothing to it.",
                "The signed files are attached to this document, byte for byte. Their SHA-256 hashes stand on the \
                 page of signatures.",
            ],
        )
        .map(|note| language.t(typography::french(note), note.to_owned()))
        .to_vec()
}

/// A frame for each party: what was recorded, or room to sign.
fn signatures(compiled: &Compiled, options: &Options) -> Vec<Signed> {
    let language = options.lang;
    let mut out = Vec::new();
    for role in [PartyRole::Customer, PartyRole::Provider] {
        let Some(party) = compiled.terms.party(role).map(|p| &p.then) else { continue };
        let recorded = options.signatures.iter().find(|s| s.role == role);
        let lines = match recorded {
            Some(signature) => vec![
                language.t(format!("Signé {}", signature.at), format!("Signed {}", signature.at)),
                language.t(
                    format!("Empreinte signée\u{a0}: {}", signature.hash),
                    format!("Hash signed: {}", signature.hash),
                ),
            ],
            None => Vec::new(),
        };
        let signatory = recorded.map(|s| s.signatory.clone()).or(party.signatory.clone()).unwrap_or_default();
        let role = language.t(
            format!("Pour le {}", parties::role(role, language)),
            format!("For the {}", parties::role(role, language)),
        );
        out.push(Signed { role, party: party.name.clone(), signatory, lines });
    }
    out
}

fn words(language: Lang) -> Words {
    let t = |fr: &str, en: &str| language.t(fr, en).to_owned();
    Words {
        contents: t("Sommaire", "Contents"),
        page: t("page", "page"),
        of: t("sur", "of"),
        version: t("version", "version"),
        annexes: t("Annexes", "Annexes"),
        signature: t("Signatures et empreintes", "Signatures and hashes"),
        signature_note: t(
            "Chaque empreinte se recalcule avec sha256sum sur le fichier joint du même nom. Celle de la version \
             couvre tous les textes, dans l’ordre.",
            "Each hash can be computed again with sha256sum on the attached file of that name. That of the version \
             covers all texts, in order.",
        ),
        colon: t("\u{a0}: ", ": "),
        comments: t("Commentaires", "Comments"),
        example: t("Exemple convenu", "Agreed example"),
        week: ["L", "M", "M", "J", "V", "S", "D"]
            .iter()
            .zip(["M", "T", "W", "T", "F", "S", "S"])
            .map(|(fr, en)| t(fr, en))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
