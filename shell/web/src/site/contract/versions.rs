//! The timeline of versions: what each text states, who signed it, and where it can be read.

use app::agreements::{Agreement, SignedText};
use app::live::Live;
use app::signatures::Signature;
use contract::Diagnostic;
use jiff::Timestamp;
use terms::{PartyRole, Terms};

use super::words;
use crate::design::{CustomerRef, Lang};
use crate::pages::contract::{self as view, Lacking, Version, VersionWhen};

/// What this server has and this reader may see.
pub struct Offered {
    pub pdf: bool,
    pub journal: bool,
}

/// Every version, the first one first.
pub fn all(
    customer: &CustomerRef,
    live: &Live,
    signatures: &[Signature],
    offered: &Offered,
    lang: Lang,
) -> Vec<Version> {
    let agreement = &live.agreement;
    let today = agreement.local_date(live.at);
    let in_force = agreement.history.at(today).map(|v| v.hash.as_str()).unwrap_or_default();
    let texts = agreement.texts.iter().zip(&agreement.history.versions);
    texts
        .map(|(text, version)| {
            let n = text.row.version;
            let file = |kind: &str| format!("/contracts/{}.{kind}?version={n}", agreement.number);
            let before = n.checked_sub(1).filter(|b| *b > 0);
            let signature = signatures.iter().find(|s| s.version == n);
            Version {
                label: label(n, lang),
                signed: agreement
                    .local_date(Timestamp::from_microsecond(text.row.signed).unwrap_or_default()),
                effective: version.effective,
                when: if version.hash == in_force {
                    VersionWhen::InForce
                } else if version.effective > today {
                    VersionWhen::Future
                } else {
                    VersionWhen::Past
                },
                hash: text.row.text_hash.chars().take(12).collect(),
                changes: changes(agreement, text, lang),
                href: customer.path(&file("md")),
                pdf: offered.pdf.then(|| customer.path(&file("pdf"))),
                compare: before.map(|from| {
                    customer.path(&format!("/contracts/{}/compare?from={from}&to={n}", agreement.number))
                }),
                signature: signature.map(|s| signed(customer, agreement, text, s, offered, lang)),
            }
        })
        .collect()
}

/// « Contrat initial », « Avenant 2 ».
pub fn label(version: u32, lang: Lang) -> String {
    match version {
        1 => lang.t("Contrat initial", "Original contract").into(),
        n => format!("{} {}", lang.t("Avenant", "Amendment"), n - 1),
    }
}

fn signed(
    customer: &CustomerRef,
    agreement: &Agreement,
    text: &SignedText,
    signature: &Signature,
    offered: &Offered,
    lang: Lang,
) -> view::Signature {
    let terms = &text.compiled.terms;
    let signers = signature.signers.iter().map(|s| (party(terms, s.provider), s.name.clone()));
    view::Signature {
        at: signature.at.to_zoned(agreement.zone().clone()),
        signers: signers.collect(),
        text_hash: text.row.text_hash.clone(),
        preparation: signature.preparation.clone(),
        reasons: signature.reasons.clone(),
        lacking: signature.lacking.iter().map(|code| lacking(text, code, lang)).collect(),
        entry: signature.entry,
        journal: offered
            .journal
            .then(|| customer.path(&format!("/journal?before={}", signature.entry.saturating_add(1)))),
    }
}

/// The party that a signatory binds, as the text names it.
fn party(terms: &Terms, provider: bool) -> String {
    let role = if provider { PartyRole::Provider } else { PartyRole::Customer };
    terms.party(role).map(|p| p.then.name.clone()).unwrap_or_default()
}

/// The journal keeps the code; the text, read again, says what was asked for under it.
fn lacking(text: &SignedText, code: &str, lang: Lang) -> Lacking {
    let of = |d: &&Diagnostic| d.gate_code == Some(code) || d.code == code;
    let says = match text.compiled.diagnostics.iter().find(of) {
        Some(remark) => remark.message.get(words::core(lang)).to_owned(),
        None if code == "E-PREPARATION-MISSING" => {
            lang.t("aucun dossier préparatoire n’a été joint", "no preparation file was attached").into()
        }
        None if code.starts_with("E-BACK-") => lang
            .t(
                "une promesse n’était pas couverte par le texte d’un sous-contrat",
                "a promise was not covered by the text of a subcontract",
            )
            .into(),
        None if code.starts_with("E-PREPARATION-") => lang
            .t(
                "le dossier préparatoire joint était incomplet",
                "the preparation file attached was incomplete",
            )
            .into(),
        None => String::new(),
    };
    Lacking { code: code.to_owned(), says }
}

/// The labels a text states, as one sentence.
fn changes(agreement: &Agreement, text: &SignedText, lang: Lang) -> String {
    let mine = text.compiled.document.articles.iter().filter(|a| a.file == text.row.file);
    let labels: Vec<String> = mine.flat_map(|a| a.clauses.iter().map(|c| c.label.clone())).collect();
    if text.row.version == 1 {
        let (articles, clauses) = (text.compiled.document.articles.len(), labels.len());
        return format!(
            "{articles} {}, {clauses} {}",
            lang.t("articles", "articles"),
            lang.t("clauses exécutées", "clauses that run")
        );
    }
    let base = &agreement.texts[0].compiled;
    let known: Vec<&str> = base.labels().collect();
    let (changed, added): (Vec<_>, Vec<_>) = labels.into_iter().partition(|l| known.contains(&l.as_str()));
    let mut parts = Vec::new();
    if !changed.is_empty() {
        parts.push(format!("{} {}", lang.t("remplace", "replaces"), changed.join(", ")));
    }
    if !added.is_empty() {
        parts.push(format!("{} {}", lang.t("ajoute", "adds"), added.join(", ")));
    }
    parts.join(&String::from(lang.t(" ; ", "; ")))
}
