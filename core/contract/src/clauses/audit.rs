//! `audit`: the right to audit, how it is used, who pays, and the audits that are due in any case.
//!
//! GDPR 28(3)(h); Reg. (EU) 2022/2554, 30(3)(d) and (e); Implementing Reg. (EU) 2024/2690, 5.1.4; seed 004.

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "audit",
    doc: ("le droit d'audit : objet, rythme, préavis, frais", "the right to audit: subject, rhythm, notice, costs"),
    example: r#"kind = "audit"
label = "audit-annuel"
then = { scope = ["security", "service_levels"], by = ["customer", "third_party"], month = "november", notice = "10 working_days", pays = "party_at_fault", subcontractors = true, plan_within = "1 month" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("scope", Type::Choices(&["security", "service_levels", "financial", "compliance", "personal_data", "licences", "reversibility", "continuity"]), "objet de l'audit", "what is audited"),
        Field::required("by", Type::Choices(&["customer", "third_party", "authority"]), "qui peut auditer", "who may audit"),
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
        Field::required("notice", Type::Length, "préavis", "notice"),
        Field::required("pays", Type::Choice(&["customer", "provider", "party_at_fault", "shared"]), "qui paie", "who pays"),
        Field::optional("max_per_year", Type::Integer(1), "nombre d'audits au plus par année contractuelle", "most audits in each contract year"),
        Field::default("subcontractors", Type::Flag, "false", "l'audit s'étend aux sous-traitants et à l'hébergement sous-jacent", "it extends to subcontractors and underlying hosting"),
        Field::default("unrestricted", Type::Flag, "false", "accès, inspection et copies sans restriction", "unrestricted access, inspection and copies"),
        Field::default("pooled", Type::Flag, "false", "un audit mutualisé ou un rapport d'assurance est accepté", "a pooled audit or an assurance report is accepted"),
        Field::default("threat_led_tests", Type::Flag, "false", "le Prestataire participe aux tests de pénétration fondés sur la menace", "the Provider takes part in threat-led penetration tests"),
        Field::optional("plan_within", Type::Length, "délai du plan d'action, depuis le rapport", "delay for the action plan, from the report"),
    ],
    words: &[
        ("security", "sécurité", "security"),
        ("service_levels", "niveaux de service", "service levels"),
        ("financial", "finances", "finances"),
        ("compliance", "conformité", "compliance"),
        ("personal_data", "données personnelles", "personal data"),
        ("licences", "licences", "licences"),
        ("reversibility", "réversibilité", "reversibility"),
        ("continuity", "continuité", "continuity"),
        ("customer", "le Client", "the Customer"),
        ("provider", "le Prestataire", "the Provider"),
        ("third_party", "un tiers qu'il désigne", "a third party it appoints"),
        ("authority", "l'autorité de contrôle", "the supervisory authority"),
        ("party_at_fault", "le Prestataire si l'audit révèle un manquement, le Client sinon", "the Provider if the audit finds a breach, otherwise the Customer"),
        ("shared", "les deux Parties par moitié", "both parties by halves"),
        ("audit", "la tenue d'un audit", "the holding of an audit"),
        ("audit_access", "l'accès demandé pour un audit", "the access asked for an audit"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let access = DutyDue::Within { length: f.length("notice")?, of: Trigger::Request };
    f.text("pays")?;
    if let Some(due) = owed::optional_rhythm(f, c) {
        owed::owe(f, c, &KIND, "audit", due, DutyProof::Document);
    }
    owed::owe(f, c, &KIND, "audit_access", access, DutyProof::Notice);
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (by, scope, pays) = (says.list("by", lang), says.list("scope", lang), says.word("pays", lang));
        let notice = says.length("notice", lang).unwrap_or_default();
        let most = match says.has("max_per_year") {
            true => lang.t(
                format!(", {} fois au plus par année contractuelle", says.text("max_per_year")),
                format!(", at most {} times in each contract year", says.text("max_per_year")),
            ),
            false => String::new(),
        };
        let head = lang.t(
            format!("{by} peuvent auditer ({scope}) sous préavis {}{most}\u{202f}; frais\u{a0}: {pays}{}", read::of(&notice), extent(lang, &says)),
            format!("{by} may audit ({scope}) on {notice}' notice{most}; costs: {pays}{}", extent(lang, &says)),
        );
        let head = match (lang, says.text("by").contains(", ")) {
            (Lang::Fr, false) => head.replacen("peuvent auditer", "peut auditer", 1),
            _ => head,
        };
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}

fn extent(lang: Lang, says: &Says<'_>) -> String {
    let mut parts: Vec<String> = [
        ("subcontractors", "l'audit s'étend aux sous-traitants et à l'hébergement sous-jacent", "it extends to subcontractors and underlying hosting"),
        ("unrestricted", "accès, inspection et copies se font sans restriction", "access, inspection and copies are unrestricted"),
        ("pooled", "un audit mutualisé est accepté", "a pooled audit is accepted"),
        ("threat_led_tests", "le Prestataire participe aux tests de pénétration fondés sur la menace", "the Provider takes part in threat-led penetration tests"),
    ]
    .into_iter()
    .filter(|(field, _, _)| says.is(field))
    .map(|(_, fr, en)| format!("{}{}", lang.t("\u{202f}; ", "; "), lang.t(fr, en)))
    .collect();
    if let Some(plan) = says.length("plan_within", lang) {
        parts.push(lang.t(
            format!("\u{202f}; le plan d'action suit le rapport dans un délai {}", read::of(&plan)),
            format!("; the action plan follows the report within {plan}"),
        ));
    }
    parts.concat()
}
