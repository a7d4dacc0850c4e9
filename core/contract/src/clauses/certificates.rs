//! `certificates`: certificates, assurance reports, qualifications and attestations, with what they cover.
//!
//! ISAE 3402 is an assurance report, type I on a date and type II over a period, and certifies nothing; an ISO
//! certificate is worth its scope. Certificates alone are not enough over time (RTS under Reg. (EU) 2022/2554, 8(3)).

use base::Bilingual;
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const HELD: &[&str] = &["certificate", "qualification", "attestation"];

pub const KIND: Kind = Kind {
    name: "certificates",
    doc: (
        "un certificat, un rapport d'assurance, une qualification ou une attestation, et ce qu'il couvre",
        "a certificate, an assurance report, a qualification or an attestation, and what it covers",
    ),
    example: r#"kind = "certificates"
label = "iso-27001"
then = { form = "certificate", norm = "ISO/IEC 27001", scope = ["support", "infrastructure infogérée"], issuer = "organisme accrédité", valid_to = 2027-06-30, alert_before = "60 days" }
"#,
    family: Family::DataAndLaw,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("form", Type::Choice(&["certificate", "report", "qualification", "attestation"]), "certificat, rapport d'assurance, qualification ou attestation", "certificate, assurance report, qualification or attestation"),
        Field::required("norm", Type::Text, "norme ou référentiel", "standard or scheme"),
        Field::optional("holder", Type::Label(&["parties"]), "titulaire ; absent : le Prestataire", "who holds it; absent: the Provider"),
        Field::required("type", Type::Choice(&["type_1", "type_2"]), "type I, à une date, ou type II, sur une période", "type I, on a date, or type II, over a period").when("form", &["report"]),
        Field::required("scope", Type::Texts, "services couverts", "services covered"),
        Field::optional("services", Type::Labels(&["elementary_service"]), "services du contrat pour lesquels il est produit", "services of the contract that it is given for"),
        Field::optional("issuer", Type::Text, "organisme ou auditeur", "body or auditor"),
        Field::required("valid_to", Type::Date, "dernier jour de validité", "last day it is valid").when("form", HELD),
        Field::required("alert_before", Type::Length, "alerte avant l'échéance", "alert before it expires").when("form", HELD),
        Field::required("reports_per_year", Type::Integer(1), "nombre de rapports par année contractuelle", "reports in each contract year").when("form", &["report"]),
        Field::optional("covers_from", Type::Date, "début de la période couverte par le dernier rapport", "first day that the last report covers").when("form", &["report"]),
        Field::optional("covers_to", Type::Date, "fin de cette période", "last day of that period").when("form", &["report"]),
        Field::optional("loss_notice", Type::Length, "délai pour annoncer sa perte", "delay to announce its loss"),
    ],
    words: &[
        ("certificate", "certificat", "certificate"),
        ("report", "rapport d'assurance", "assurance report"),
        ("qualification", "qualification", "qualification"),
        ("attestation", "attestation", "attestation"),
        ("type_1", "type I", "type I"),
        ("type_2", "type II", "type II"),
        ("certificate_renewal", "son renouvellement", "its renewal"),
        ("assurance_report", "le rapport", "the report"),
        ("loss_notice", "l'annonce de sa perte", "notice of its loss"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let form = f.text("form")?;
    not_a_certificate(f, c, &form);
    let holder = f.text("holder").and_then(|label| Some(read::find(&c.terms.parties, &label)?.then.role));
    let owed_by = holder.unwrap_or(PartyRole::Provider);
    if form == "report" {
        let due = DutyDue::PerYear { times: f.integer("reports_per_year")? };
        owed::owe_by(f, c, &KIND, owed_by, "assurance_report", due, DutyProof::Document);
    } else {
        let due = DutyDue::Renew { expires: f.date("valid_to")? };
        let title = f.text("norm")?;
        let duty = duties::provider("certificate_renewal", title, due, DutyProof::Certificate);
        duties::push(f, c, Duty { owed_by, alert_before: f.length("alert_before"), ..duty });
    }
    if let Some(length) = f.length("loss_notice") {
        let due = DutyDue::Within { length, of: Trigger::CertificateLost };
        owed::owe_by(f, c, &KIND, owed_by, "loss_notice", due, DutyProof::Notice);
    }
    says::push_plain(f, c);
    Some(())
}

fn not_a_certificate(f: &Fields<'_>, c: &mut Compiler, form: &str) {
    let norm = f.text("norm").unwrap_or_default().to_uppercase();
    let report = ["ISAE 3402", "ISAE 3000", "ISAE3402", "SOC 1", "SOC 2"].iter().any(|r| norm.contains(r));
    if report && form != "report" {
        c.push(
            Diagnostic::warning(
                "W-CERTIFICATES-REPORT",
                f.place_of("form"),
                "ce référentiel donne lieu à un rapport d'assurance, pas à une certification",
                "this scheme yields an assurance report, not a certification",
            )
            .help(
                "écrivez form = \"report\", type = \"type_2\", reports_per_year = 1 : le type II couvre une période, le type I une date",
                "write form = \"report\", type = \"type_2\", reports_per_year = 1: type II covers a period, type I a date",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let holder = read::find(&terms.parties, says.text("holder")).map(|p| p.then.name.clone());
        let holder = holder.unwrap_or_else(|| owed::party(lang, "provider"));
        let (form, norm, scope) = (says.word("form", lang), says.text("norm"), says.text("scope"));
        let of_type = match says.has("type") {
            true => lang.t(format!(" de {}", says.word("type", lang)), format!(" of {}", says.word("type", lang))),
            false => String::new(),
        };
        let issuer = match says.has("issuer") {
            true => lang.t(format!(", émetteur\u{a0}: {}", says.text("issuer")), format!(", issuer: {}", says.text("issuer"))),
            false => String::new(),
        };
        let mut head = lang.t(
            format!("{form} {norm}{of_type} {}{issuer}, pour ces services\u{a0}: {scope}", owed::of(&holder)),
            format!("{form} {norm}{of_type} of {holder}{issuer}, for these services: {scope}"),
        );
        if let (Some(from), Some(to)) = (says.date("covers_from", lang), says.date("covers_to", lang)) {
            head += &lang.t(format!(" (période du {from} au {to})"), format!(" (period from {from} to {to})"));
        }
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
