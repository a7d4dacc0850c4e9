//! `insurance`: a policy that a party holds for the contract, what it pays, and until when.
//!
//! Code des assurances, L12-10-1: a cyber policy pays only if a complaint is filed within 72 hours of knowledge.

use base::{Bilingual, Length};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "insurance",
    doc: ("une police d'assurance souscrite pour le contrat", "an insurance policy held for the contract"),
    example: r#"kind = "insurance"
label = "rc-pro"
then = { party = "provider", cover = "professional", insurer = "AssurOccitan", policy = "RP-77812", per_claim = "2000000.00 EUR", expires = 2026-12-31, alert_before = "60 days" }
"#,
    family: Family::DataAndLaw,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("party", Type::Choice(&["provider", "customer", "subcontractor"]), "assuré", "who is insured"),
        Field::required("cover", Type::Choice(&["operations", "professional", "cyber", "property"]), "nature de la garantie", "what is covered"),
        Field::required("insurer", Type::Text, "assureur", "insurer"),
        Field::required("policy", Type::Text, "numéro de police", "number of the policy"),
        Field::required("per_claim", Type::Money, "plafond par sinistre", "most paid for each claim"),
        Field::optional("per_year", Type::Money, "plafond par année d'assurance", "most paid in each year of insurance"),
        Field::optional("deductible", Type::Money, "franchise", "deductible"),
        Field::optional("territory", Type::Text, "étendue territoriale", "territory"),
        Field::default("exclusions", Type::Texts, "[]", "exclusions", "exclusions"),
        Field::required("expires", Type::Date, "dernier jour de garantie", "last day of cover"),
        Field::required("alert_before", Type::Length, "alerte avant l'échéance", "alert before it expires"),
        Field::optional("complaint_within", Type::Length, "délai de dépôt de plainte après une attaque", "delay to file a complaint after an attack").when("cover", &["cyber"]),
    ],
    words: &[
        ("operations", "responsabilité civile exploitation", "general liability"),
        ("professional", "responsabilité civile professionnelle", "professional liability"),
        ("cyber", "risques cyber", "cyber risks"),
        ("property", "dommages aux biens", "property damage"),
        ("insurance_renewal", "le renouvellement de l'attestation d'assurance", "the renewal of the certificate of insurance"),
        ("complaint", "le dépôt de plainte", "filing a complaint"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let party: PartyRole = f.one_of("party")?;
    let due = DutyDue::Renew { expires: f.date("expires")? };
    let title = KIND.word(c.lang(), "insurance_renewal").into_owned();
    let duty = duties::provider("insurance_renewal", title, due, DutyProof::Certificate);
    duties::push(f, c, Duty { owed_by: party, alert_before: f.length("alert_before"), ..duty });
    if let Some(length) = f.length("complaint_within") {
        complaint(f, c, length);
        let due = DutyDue::Within { length, of: Trigger::SecurityIncident };
        owed::owe_by(f, c, &KIND, party, "complaint", due, DutyProof::Document);
    }
    says::push_plain(f, c);
    Some(())
}

fn complaint(f: &Fields<'_>, c: &mut Compiler, length: Length) {
    let late = match length {
        Length::Seconds(s) => s > 72 * 3600,
        Length::Days(n) => n > 3,
        Length::WorkingDays(_) | Length::Months(_) => true,
    };
    if late {
        c.push(
            Diagnostic::error(
                "E-INSURANCE-COMPLAINT",
                f.place_of("complaint_within"),
                "passé 72 heures, l'assureur ne paie plus",
                "after 72 hours the insurer no longer pays",
            )
            .help(
                "écrivez complaint_within = \"72 h\" au plus (Code des assurances, L12-10-1, d'ordre public)",
                "write complaint_within = \"72 h\" at most (French Insurance Code, L12-10-1, mandatory)",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (party, cover) = (owed::party(lang, says.text("party")), says.word("cover", lang));
        let (insurer, policy) = (says.text("insurer"), says.text("policy"));
        let claim = says.money("per_claim", lang).unwrap_or_default();
        let mut head = lang.t(
            format!("{party} est assuré en {cover} (assureur\u{a0}: {insurer}, police {policy}), pour {claim} par sinistre"),
            format!("{party} is insured for {cover} with {insurer}, policy {policy}, for {claim} each claim"),
        );
        if let Some(year) = says.money("per_year", lang) {
            head += &lang.t(format!(" et {year} par an"), format!(" and {year} each year"));
        }
        if let Some(deductible) = says.money("deductible", lang) {
            head += &lang.t(format!(", franchise de {deductible}"), format!(", with a deductible of {deductible}"));
        }
        if says.has("territory") {
            head += &format!(" ({})", says.text("territory"));
        }
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
