//! The timeline of a contract's versions: what each changed, who signed it, and what was lacking then.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::{Lang, format};

/// One signed text of the contract.
#[derive(Clone, Debug)]
pub struct Version {
    /// « Contrat initial », « Avenant 1 ».
    pub label: String,
    pub signed: Date,
    pub effective: Date,
    pub when: VersionWhen,
    /// First characters of the text's hash.
    pub hash: String,
    /// What it changed, in one sentence.
    pub changes: String,
    /// The signed text, byte for byte.
    pub href: String,
    /// The contract on paper, as of this version; `None` where nothing lays it out.
    pub pdf: Option<String>,
    /// This version beside the one before; `None` for the first.
    pub compare: Option<String>,
    /// `None` in a text that nobody signed yet.
    pub signature: Option<Signature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionWhen {
    Past,
    InForce,
    Future,
}

/// Who bound each party, on what, and knowing what.
#[derive(Clone, Debug)]
pub struct Signature {
    /// When the second party signed.
    pub at: Zoned,
    /// The party, and the person.
    pub signers: Vec<(String, String)>,
    /// SHA-256 of the text, lower-case hex.
    pub text_hash: String,
    /// SHA-256 of the preparation file shown with the text.
    pub preparation: Option<String>,
    /// What the gate still asked for.
    pub lacking: Vec<Lacking>,
    /// Who said why they signed without it, and in which words.
    pub reasons: Vec<(String, String)>,
    /// The journal entry, and its place when the reader may see it.
    pub entry: u64,
    pub journal: Option<String>,
}

/// Something that the gate asked for and that the parties signed without.
#[derive(Clone, Debug)]
pub struct Lacking {
    pub code: String,
    /// What it means; empty when only the code is kept.
    pub says: String,
}

pub(super) fn timeline(list: &[Version], lang: Lang) -> Markup {
    html! {
        section.versions aria-labelledby="versions" {
            h2.hidden id="versions" { (lang.t("Versions du contrat", "Versions of the contract")) }
            ol { @for version in list { (draw(version, lang)) } }
        }
    }
}

fn draw(version: &Version, lang: Lang) -> Markup {
    let current = (version.when == VersionWhen::InForce).then_some("true");
    html! {
        li class=[current.map(|_| "in-force")] aria-current=[current] {
            p.version-name {
                span { (version.label) }
                @match version.when {
                    VersionWhen::InForce => (badge(Tone::Active, lang.t("en vigueur", "in force"))),
                    VersionWhen::Future => (badge(Tone::Quiet, lang.t("à venir", "to come"))),
                    VersionWhen::Past => {},
                }
            }
            p { (components::words(&version.changes, lang)) }
            p.muted.small {
                (lang.t("Signé le", "Signed on")) " " (format::date(version.signed, lang)) ", "
                (lang.t("effet le", "effective")) " " (format::date(version.effective, lang)) ", "
                (lang.t("empreinte", "hash")) " " code { (version.hash) }
            }
            @if let Some(signature) = &version.signature { (signers(signature, lang)) }
            (links(version, lang))
            @if let Some(signature) = &version.signature { (details(signature, lang)) }
        }
    }
}

fn signers(signature: &Signature, lang: Lang) -> Markup {
    html! {
        ul.signers {
            @for (party, person) in &signature.signers {
                li { (lang.t("Pour", "For")) " " (party) (lang.t("\u{a0}: ", ": ")) strong { (person) } }
            }
        }
    }
}

fn links(version: &Version, lang: Lang) -> Markup {
    html! {
        p.version-links {
            a href=(version.href) { (lang.t("Texte signé", "Signed text")) span.hidden { " " (version.label) } " (.md)" }
            @if let Some(pdf) = &version.pdf {
                a href=(pdf) { (lang.t("À imprimer", "To print")) span.hidden { " " (version.label) } " (PDF)" }
            }
            @if let Some(compare) = &version.compare {
                a href=(compare) { (lang.t("Comparer avec la version précédente", "Compare with the version before")) }
            }
        }
    }
}

fn details(signature: &Signature, lang: Lang) -> Markup {
    let count = signature.lacking.len();
    html! {
        details.why {
            summary {
                (lang.t("Détail de la signature", "Details of the signature"))
                @if count > 0 { " " (badge(Tone::Warning, lacked(count, lang))) }
            }
            (components::facts(vec![
                (html! { (lang.t("Seconde signature", "Second signature")) }, components::when(&signature.at, lang)),
                (html! { (lang.t("SHA-256 du texte", "SHA-256 of the text")) }, html! { code.hash { (signature.text_hash) } }),
                (html! { (lang.t("Dossier préparatoire", "Preparation file")) }, html! {
                    @match &signature.preparation {
                        Some(hash) => code.hash { (hash) },
                        None => (lang.t("aucun n’a été joint", "none was attached")),
                    }
                }),
                (html! { (lang.t("Inscription au journal", "Journal entry")) }, html! {
                    @match &signature.journal {
                        Some(href) => a href=(href) { (format::count(signature.entry, lang)) },
                        None => (format::count(signature.entry, lang)),
                    }
                }),
            ]))
            @if count > 0 {
                p.small { (lang.t("Les parties ont signé en sachant qu’il manquait :", "The parties signed knowing that these were lacking:")) }
                ul.lacking {
                    @for lacking in &signature.lacking {
                        li { code { (lacking.code) } @if !lacking.says.is_empty() { " " (components::words(&lacking.says, lang)) } }
                    }
                }
                @for (name, reason) in &signature.reasons {
                    p.small { (name) (lang.t(" :", ":")) }
                    blockquote.reason { (reason) }
                }
            }
        }
    }
}

fn lacked(count: usize, lang: Lang) -> String {
    match (count, lang) {
        (1, Lang::Fr) => "1 point manquait".into(),
        (n, Lang::Fr) => format!("{n} points manquaient"),
        (1, Lang::En) => "1 point was lacking".into(),
        (n, Lang::En) => format!("{n} points were lacking"),
    }
}
