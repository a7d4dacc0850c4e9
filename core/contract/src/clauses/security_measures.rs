//! `security_measures`: the measures of the security assurance plan, each with the requirement it answers and
//! the live proof of it, or none: then it is shown as declared.
//!
//! ANSSI, guide on the risks of managed services (2010) and hygiene guide, measure 3; GDPR 32.

use base::Bilingual;
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;

const SECTIONS: &[&str] = &["organisation", "prevention", "detection", "reaction", "recovery"];
/// What can be asked of the journal and the registers, so that a measure is proved and not only said.
const PROOFS: &[&str] = &[
    "sessions_recorded", "device_posture", "patch_age", "restore_tests", "logs_kept", "data_places", "subcontractors",
    "undertakings", "awareness_attendance", "audits_done", "certificates_valid", "isolation_tests", "duties_done",
];
const MEASURES: &[Field] = &[
    Field::required("name", Type::Text, "la mesure", "the measure"),
    Field::required("requirement", Type::Text, "l'exigence à laquelle elle répond", "the requirement it answers"),
    Field::required("section", Type::Choice(SECTIONS), "chapitre du plan d'assurance sécurité", "chapter of the security assurance plan"),
    Field::optional("proof", Type::Choice(PROOFS), "preuve interrogée en continu ; absente : la mesure est déclarée", "proof queried at all times; absent: the measure is declared"),
    Field::optional("within", Type::Length, "délai que la mesure fixe", "delay that the measure sets"),
    Field::optional("by", Type::Choice(&["provider", "customer", "subcontractor"]), "qui la met en œuvre ; absent : le Prestataire", "who carries it out; absent: the Provider"),
];

pub const KIND: Kind = Kind {
    name: "security_measures",
    doc: (
        "les mesures de sécurité, qui forment le plan d'assurance sécurité",
        "the security measures, which make the security assurance plan",
    ),
    example: r#"kind = "security_measures"
label = "mesures"
then.plan_within = "30 days"
then.review_every = "12 months"
then.measures = [
  { name = "sessions d'administration enregistrées", requirement = "ANSSI, administration sécurisée, R69", section = "detection", proof = "sessions_recorded" },
  { name = "correctifs critiques posés", requirement = "hygiène informatique, mesure 34", section = "prevention", proof = "patch_age", within = "72 h" },
]
"#,
    family: Family::Security,
    run: Run::NotYet("le plan d'assurance sécurité", "the security assurance plan"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("measures", Type::Tables(MEASURES), "les mesures", "the measures"),
        Field::optional("plan_within", Type::Length, "délai de remise du plan d'assurance sécurité, depuis la signature", "delay to hand over the security assurance plan, from the signature"),
        Field::optional("review_every", Type::Length, "rythme de mise à jour du plan", "how often the plan is brought up to date"),
    ],
    words: &[
        ("organisation", "organisation", "organisation"),
        ("prevention", "prévention", "prevention"),
        ("detection", "détection", "detection"),
        ("reaction", "réaction", "reaction"),
        ("recovery", "reprise", "recovery"),
        ("sessions_recorded", "sessions enregistrées", "recorded sessions"),
        ("device_posture", "état des postes", "device posture"),
        ("patch_age", "âge des correctifs", "age of patches"),
        ("restore_tests", "essais de restauration", "restore tests"),
        ("logs_kept", "conservation des journaux", "logs kept"),
        ("data_places", "registre des lieux", "register of places"),
        ("subcontractors", "registre des sous-traitants", "register of subcontractors"),
        ("undertakings", "engagements de confidentialité", "confidentiality undertakings"),
        ("awareness_attendance", "présence aux sensibilisations", "awareness attendance"),
        ("audits_done", "audits réalisés", "audits carried out"),
        ("certificates_valid", "certificats en cours de validité", "certificates in force"),
        ("isolation_tests", "essais de cloisonnement", "isolation tests"),
        ("duties_done", "registre des obligations", "register of duties"),
        ("assurance_plan", "le plan d'assurance sécurité", "the security assurance plan"),
        ("assurance_plan_review", "la mise à jour du plan d'assurance sécurité", "the update of the security assurance plan"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    if let Some(length) = f.length("plan_within") {
        let due = DutyDue::Within { length, of: Trigger::ContractSigned };
        owed::owe(f, c, &KIND, "assurance_plan", due, DutyProof::Document);
    }
    if let Some(period) = f.length("review_every") {
        let due = DutyDue::Every { period, first: None };
        owed::owe(f, c, &KIND, "assurance_plan_review", due, DutyProof::Document);
    }
    says::push_plain(f, c);
    says::push_rows(f, c, &KIND, "measures");
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let measures: Vec<String> = says::rows(label, &KIND, "measures", terms)
            .map(|row| {
                let within = row.length("within", lang).map_or_else(String::new, |w| {
                    lang.t(format!(" sous {w}"), format!(" within {w}"))
                });
                let by = match row.text("by") {
                    "" | "provider" => String::new(),
                    by => lang.t(format!(" par {}", owed::party(lang, by)), format!(" by {}", owed::party(lang, by))),
                };
                let proof = match row.has("proof") {
                    true => lang.t(format!("preuve\u{a0}: {}", row.word("proof", lang)), format!("proof: {}", row.word("proof", lang))),
                    false => lang.t("déclarée, sans preuve".to_owned(), "declared, without proof".to_owned()),
                };
                format!("{}{within}{by} ({}, {}, {proof})", row.text("name"), row.word("section", lang), row.text("requirement"))
            })
            .collect();
        let measures = measures.join(lang.t("\u{202f}; ", "; "));
        let head = lang.t(
            format!("les mesures de sécurité sont\u{a0}: {measures}"),
            format!("the security measures are: {measures}"),
        );
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
