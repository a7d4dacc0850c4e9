//! `incident_response`: what is done when an incident strikes, who is told and when, and what is handed over.
//!
//! GDPR 33, Directive (EU) 2022/2555 art. 23, Reg. (EU) 2022/2554 art. 19 and 30(2)(f): the customer's own
//! clocks start from what its provider tells it.

use base::{Bilingual, Lang};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says::{self, Says};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const STEPS: &[Field] = &[
    Field::required("step", Type::Text, "ce qui est fait", "what is done"),
    Field::required("by", Type::Choice(&["provider", "customer", "subcontractor"]), "par qui", "by whom"),
    Field::optional("within", Type::Length, "délai, depuis le même point de départ que l'information du Client", "delay, from the same start as the notice to the Customer"),
];

pub const KIND: Kind = Kind {
    name: "incident_response",
    doc: (
        "la réaction à un incident de sécurité : étapes, contacts, information du client, preuves",
        "the response to a security incident: steps, contacts, notice to the customer, evidence",
    ),
    example: r#"kind = "incident_response"
label = "reaction"
then.starts = "incident_detected"
then.notice_within = "2 h"
then.contacts = ["astreinte-securite"]
then.steps = [
  { step = "isoler les éléments touchés", by = "provider", within = "1 h" },
  { step = "décider des notifications légales", by = "customer" },
]
then.report_within = "10 working_days"
then.evidence = ["journaux", "sessions", "tickets", "changements"]
then.evidence_within = "24 h"
then.assistance = "included"
then.authorities = true
"#,
    family: Family::Security,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("starts", Type::Choice(&["incident_detected", "security_incident"]), "point de départ : la détection, ou la connaissance de sa nature de sécurité", "start: detection, or awareness that it is a security incident"),
        Field::required("notice_within", Type::Length, "délai d'information du Client", "delay to tell the Customer"),
        Field::required("contacts", Type::Labels(&["contacts"]), "qui est prévenu et qui répond", "who is told and who answers"),
        Field::required("steps", Type::Tables(STEPS), "étapes de la réaction, dans l'ordre", "steps of the response, in order"),
        Field::optional("updates_every", Type::ClockTime, "rythme des points de situation pendant l'incident", "how often the situation is reported during the incident"),
        Field::required("report_within", Type::Length, "délai du compte rendu final", "delay for the final report"),
        Field::required("evidence", Type::Texts, "contenu du dossier de preuves remis au Client", "what the evidence handed to the Customer holds"),
        Field::required("evidence_within", Type::Length, "délai de remise du dossier de preuves, depuis la demande", "delay to hand over the evidence, from the request"),
        Field::required("assistance", Type::Choice(&["included", "fixed", "rates"]), "assistance du Prestataire : comprise, à prix fixé d'avance, ou au tarif", "help of the Provider: included, at a price fixed in advance, or at its rates"),
        Field::required("assistance_price", Type::Money, "prix fixé d'avance de l'assistance, par incident", "price fixed in advance of the help, for each incident").when("assistance", &["fixed"]),
        Field::required("authorities", Type::Flag, "le Prestataire coopère avec les autorités", "the Provider cooperates with the authorities"),
        Field::optional("material_event_within", Type::Length, "délai d'annonce de tout fait qui compromettrait le service", "delay to announce any development that would put the service at risk"),
        Field::optional("exercise_every", Type::Length, "rythme des exercices de crise", "how often a crisis exercise is held"),
    ],
    words: &[
        ("incident_detected", "détection de l'incident", "detection of the incident"),
        ("security_incident", "connaissance de l'incident de sécurité", "awareness of the security incident"),
        ("included", "comprise dans la redevance", "included in the fee"),
        ("fixed", "à prix fixé d'avance", "at a price fixed in advance"),
        ("rates", "facturée au tarif", "billed at the rates"),
        ("incident_notice", "l'information du Client", "notice to the Customer"),
        ("incident_report", "le compte rendu final de l'incident", "the final report of the incident"),
        ("evidence_pack", "le dossier de preuves", "the evidence pack"),
        ("material_event_notice", "l'annonce de tout fait qui compromettrait le service", "notice of any development that would put the service at risk"),
        ("crisis_exercise", "un exercice de crise", "a crisis exercise"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let start: Trigger = f.one_of("starts")?;
    let after = |length, of| DutyDue::Within { length, of };
    owed::owe(f, c, &KIND, "incident_notice", after(f.length("notice_within")?, start), DutyProof::Notice);
    for (index, step) in f.tables("steps").iter().enumerate() {
        let (by, title): (PartyRole, String) = (step.one_of("by")?, step.text("step")?);
        if let Some(length) = step.length("within") {
            let what = format!("incident_step:{}", index + 1);
            let duty = duties::provider(&what, title, after(length, start), DutyProof::Declaration);
            duties::push(f, c, Duty { owed_by: by, ..duty });
        }
    }
    owed::owe(f, c, &KIND, "incident_report", after(f.length("report_within")?, start), DutyProof::Document);
    let evidence = after(f.length("evidence_within")?, Trigger::Request);
    owed::owe(f, c, &KIND, "evidence_pack", evidence, DutyProof::Document);
    if let Some(length) = f.length("material_event_within") {
        owed::owe(f, c, &KIND, "material_event_notice", after(length, Trigger::MaterialEvent), DutyProof::Notice);
    }
    if let Some(period) = f.length("exercise_every") {
        owed::owe(f, c, &KIND, "crisis_exercise", DutyDue::Every { period, first: None }, DutyProof::TestRecord);
    }
    working_days(f, c);
    says::push_plain(f, c);
    says::push_rows(f, c, &KIND, "steps");
    Some(())
}

/// The law counts hours and days that run through nights and week-ends; so must what feeds its clocks.
fn working_days(f: &Fields<'_>, c: &mut Compiler) {
    if let Some(base::Length::WorkingDays(_)) = f.length("notice_within") {
        c.push(
            Diagnostic::warning(
                "W-INCIDENT-WORKING",
                f.place_of("notice_within"),
                "un délai en jours ouvrés s'arrête la nuit et le week-end, les délais légaux du Client non",
                "a delay in working days stops at night and on week-ends; the Customer's legal delays do not",
            )
            .help(
                "écrivez des heures : notice_within = \"24 h\" (RGPD, art. 33 ; NIS 2, art. 23 ; DORA, art. 19)",
                "write hours: notice_within = \"24 h\" (GDPR, art. 33; NIS 2, art. 23; DORA, art. 19)",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let steps: Vec<String> = says::rows(label, &KIND, "steps", terms)
            .map(|row| {
                let by = owed::party(lang, row.text("by"));
                match row.length("within", lang) {
                    Some(within) => lang.t(
                        format!("{} ({by}, sous {within})", row.text("step")),
                        format!("{} ({by}, within {within})", row.text("step")),
                    ),
                    None => format!("{} ({by})", row.text("step")),
                }
            })
            .collect();
        let steps = steps.join(lang.t(", puis ", ", then "));
        let mut head = lang.t(
            format!("en cas d'incident de sécurité, dans l'ordre\u{a0}: {steps}"),
            format!("on a security incident, in order: {steps}"),
        );
        if let Some(every) = says.length("updates_every", lang) {
            head += &lang.t(
                format!(", avec un point de situation toutes les {every}"),
                format!(", with a situation report every {every}"),
            );
        }
        // The steps have said their delays.
        let owed: Vec<&Duty> =
            duties::of_clause(label, terms).filter(|d| !d.what.starts_with("incident_step:")).collect();
        let mut parts = vec![head];
        parts.extend(owed::sentences_of(&KIND, lang, &owed));
        format!("{}{}", parts.join(lang.t("\u{202f}; ", "; ")), help(lang, &says))
    }))
}

fn help(lang: Lang, says: &Says<'_>) -> String {
    let (evidence, assistance) = (says.text("evidence"), says.word("assistance", lang));
    let price = says.money("assistance_price", lang).map_or_else(String::new, |p| {
        lang.t(format!(" ({p} HT par incident)"), format!(" ({p} for each incident, net of VAT)"))
    });
    let authorities = match says.is("authorities") {
        true => lang.t("il coopère avec les autorités", "it cooperates with the authorities"),
        false => lang.t("il ne s'engage pas à coopérer avec les autorités", "it does not undertake to cooperate with the authorities"),
    };
    lang.t(
        format!("\u{202f}; le dossier de preuves réunit{}: {evidence}\u{202f}; l'assistance du Prestataire est {assistance}{price}, et {authorities}", '\u{a0}'),
        format!("; the evidence holds: {evidence}; the Provider's help is {assistance}{price}, and {authorities}"),
    )
}
