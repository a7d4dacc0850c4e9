//! `erasure`: how data disappears after the end: announced, done, proved.
//!
//! GDPR art. 28(3)(g); SecNumCloud 3.2, 19.4.a (secure erasure, twenty-one days' formal notice).

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const CERTIFIED: &[&str] = &["provider_certificate", "third_party_certificate"];

pub const KIND: Kind = Kind {
    name: "erasure",
    doc: ("l'effacement des données après la fin : préavis, délai, attestation", "erasure after the end: notice, delay, certificate"),
    example: r#"kind = "erasure"
label = "effacement"
then = { of = ["données du Client", "copies de secours"], returned_first = true, notice = "21 days", starts = "hand_over_accepted", within = "30 days", backups_within = "60 days", method = "effacement cryptographique, puis destruction des clés", proof = "provider_certificate", certificate_within = "15 days" }
"#,
    family: Family::Exit,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("of", Type::Texts, "ce qui est effacé", "what is erased"),
        Field::required("returned_first", Type::Flag, "les données sont d'abord restituées", "data is returned first"),
        Field::required("notice", Type::Length, "préavis donné avant l'effacement", "notice given before erasure"),
        Field::required("starts", Type::Choice(&["hand_over_accepted", "contract_end"]), "départ du délai", "what starts the delay"),
        Field::required("within", Type::Length, "délai d'effacement", "how soon it is erased"),
        Field::required("backups_within", Type::Length, "délai pour les sauvegardes", "how soon backups are erased"),
        Field::required("method", Type::Text, "procédé d'effacement", "how it is erased"),
        Field::required("proof", Type::Choice(&["provider_certificate", "third_party_certificate", "none"]), "attestation du prestataire, d'un tiers, ou aucune", "the provider's certificate, a third party's, or none"),
        Field::required("certificate_within", Type::Length, "délai de remise de l'attestation, dès l'effacement", "when the certificate is due, from erasure").when("proof", CERTIFIED),
        Field::default("kept", Type::Texts, "[]", "ce que la loi oblige à garder, et pourquoi", "what the law has kept, and why"),
    ],
    words: &[
        ("hand_over_accepted", "la réception de la réversibilité", "the acceptance of the hand-over"),
        ("contract_end", "la fin du contrat", "the end of the contract"),
        ("provider_certificate", "une attestation du Prestataire", "a certificate of the Provider"),
        ("third_party_certificate", "l'attestation d'un tiers", "a third party's certificate"),
        ("erasure_notice", "le préavis d'effacement", "the notice of erasure"),
        ("erasure", "l'effacement des données", "the erasure of data"),
        ("backup_erasure", "l'effacement des sauvegardes", "the erasure of backups"),
        ("erasure_certificate", "l'attestation d'effacement", "the certificate of erasure"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let of: Trigger = f.one_of("starts")?;
    let kind = f.text("proof")?;
    if kind == "none" {
        c.push(
            Diagnostic::warning(
                "W-ERASURE-PROOF",
                f.place_of("proof"),
                "sans attestation, rien ne prouve que les données ont disparu",
                "without a certificate, nothing proves that the data is gone",
            )
            .help("écrivez proof = \"provider_certificate\"", "write proof = \"provider_certificate\""),
        );
    }
    let proof = match kind.as_str() {
        "third_party_certificate" => DutyProof::Certificate,
        "none" => DutyProof::Declaration,
        _ => DutyProof::Document,
    };
    let due = DutyDue::Before { length: f.length("notice")?, of: Trigger::Erasure };
    duties::push(f, c, duties::of_kind(&KIND, c, "erasure_notice", due, DutyProof::Notice));
    for (what, field) in [("erasure", "within"), ("backup_erasure", "backups_within")] {
        let due = DutyDue::Within { length: f.length(field)?, of };
        duties::push(f, c, duties::of_kind(&KIND, c, what, due, proof));
    }
    if let Some(length) = f.length("certificate_within") {
        let due = DutyDue::Within { length, of: Trigger::Erasure };
        duties::push(f, c, duties::of_kind(&KIND, c, "erasure_certificate", due, proof));
    }
    says::push(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (of, method) = (says.list("of", lang), says.text("method"));
        let first = lang.t(format!("l'effacement porte sur{}{of} ({method})", colon(lang)), format!("erasure covers: {of} ({method})"));
        parts(lang, &[first, returned(lang, &says), kept(lang, &says), duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn returned(lang: Lang, says: &Says<'_>) -> String {
    match says.is("returned_first") {
        true => lang.t("les données sont d'abord restituées au Client", "data is first returned to the Customer"),
        false => lang.t("les données ne sont pas restituées auparavant", "data is not returned beforehand"),
    }
    .to_owned()
}

fn kept(lang: Lang, says: &Says<'_>) -> String {
    let kept = says.list("kept", lang);
    if kept.is_empty() {
        return kept;
    }
    lang.t(format!("la loi fait conserver{}{kept}", colon(lang)), format!("the law has kept: {kept}"))
}
