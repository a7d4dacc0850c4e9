//! `assignment`: whether the contract may be assigned, and what a change of control opens.
//!
//! Code civil, 1216 and 1216-1: an assignment needs the other party's consent, and the assignor stays
//! bound beside the assignee unless it is released.

use base::{Bilingual, Lang, Length};
use terms::right::{Right, RightTrigger};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says::{self, Says, parts};
use super::termination::{self, HOLDERS};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;

const ASKED: &[&str] = &["with_consent", "within_group"];
const TOLD: &[&str] = &["notice", "notice_and_right"];
const RIGHT: &[&str] = &["notice_and_right"];

pub const KIND: Kind = Kind {
    name: "assignment",
    doc: (
        "la cession du contrat et le changement de contrôle d'une Partie",
        "assignment of the contract, and the change of control of a party",
    ),
    example: r#"kind = "assignment"
label = "cession"
then.allowed = "with_consent"
then.answer_within = "30 days"
then.silence = "refuses"
then.assignor_released = false
then.on_change_of_control = "notice_and_right"
then.control_notice = "30 days"
then.control_notice_counts = "after"
then.holder = "customer"
then.usable_within = "6 months"
then.effect = "after_notice"
then.notice = "3 months"
then.compensation = "none"
"#,
    family: Family::Parties,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required(
            "allowed",
            Type::Choice(&["forbidden", "with_consent", "within_group"]),
            "cession interdite, soumise à accord, ou libre au sein du groupe",
            "forbidden, with consent, or free within the group",
        ),
        Field::required("answer_within", Type::Length, "délai pour répondre à la demande", "how long to answer a request")
            .when("allowed", ASKED),
        Field::required("silence", Type::Choice(&["accepts", "refuses"]), "ce que vaut le silence", "what silence means")
            .when("allowed", ASKED),
        Field::required(
            "assignor_released",
            Type::Flag,
            "le cédant est libéré pour l'avenir",
            "the assignor is released for the future",
        )
        .when("allowed", ASKED),
        Field::required(
            "on_change_of_control",
            Type::Choice(&["nothing", "notice", "notice_and_right"]),
            "effet d'un changement de contrôle : aucun, une information, ou une information et un droit de résilier",
            "effect of a change of control: none, a notice, or a notice and a right to end",
        ),
        Field::required("control_notice", Type::Length, "délai pour l'annoncer", "when it must be told")
            .when("on_change_of_control", TOLD),
        Field::required(
            "control_notice_counts",
            Type::Choice(&["before", "after"]),
            "délai compté avant ou après le changement",
            "counted before or after the change",
        )
        .when("on_change_of_control", TOLD),
        Field::required("holder", Type::Choice(HOLDERS), "qui peut alors résilier", "who may then end the contract")
            .when("on_change_of_control", RIGHT),
        Field::required("usable_within", Type::Length, "délai pour résilier", "how long the right stays open")
            .when("on_change_of_control", RIGHT),
        Field::required(
            "effect",
            Type::Choice(&["after_notice", "immediate"]),
            "après un préavis, ou dès la notification",
            "after a notice period, or on notification",
        )
        .when("on_change_of_control", RIGHT),
        Field::required("notice", Type::Length, "préavis de cette résiliation", "notice of that termination")
            .when("effect", &["after_notice"]),
        Field::required(
            "compensation",
            Type::Choice(&["none", "share_of_remaining_fees"]),
            "ce que cette résiliation coûte à qui l'exerce",
            "what ending then costs whoever ends",
        )
        .when("on_change_of_control", RIGHT),
        Field::required("compensation_rate", Type::Percent, "part des redevances restant à courir", "share of the fees that remained")
            .when("compensation", &["share_of_remaining_fees"]),
        Field::required("taxable", Type::Flag, "soumise à la TVA", "subject to VAT")
            .when("compensation", &["share_of_remaining_fees"]),
    ],
    words: &[
        ("assignment_answer", "la réponse à une demande de cession", "the answer to a request to assign"),
        ("control_notice", "l'annonce de son changement de contrôle", "notice of its change of control"),
        ("forbidden", "interdite", "forbidden"),
        ("with_consent", "soumise à accord", "with consent"),
        ("within_group", "libre au sein du groupe, soumise à accord ailleurs", "free within the group, with consent elsewhere"),
        ("accepts", "accord", "consent"),
        ("refuses", "refus", "refusal"),
        ("nothing", "aucun effet", "no effect"),
        ("notice", "information", "notice"),
        ("notice_and_right", "information et droit de résilier", "notice and right to end"),
        ("before", "avant", "before"),
        ("after", "après", "after"),
        ("after_notice", "après préavis", "after notice"),
        ("immediate", "immédiat", "immediate"),
        ("share_of_remaining_fees", "part des redevances restantes", "share of the remaining fees"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    if f.text("allowed")? != "forbidden" {
        let due = DutyDue::Within { length: f.length("answer_within")?, of: Trigger::Request };
        for owed_by in [PartyRole::Customer, PartyRole::Provider] {
            let duty = duties::of_kind(&KIND, c, "assignment_answer", due.clone(), DutyProof::Notice);
            duties::push(f, c, Duty { owed_by, ..duty });
        }
    }
    let on_change = f.text("on_change_of_control")?;
    if TOLD.contains(&on_change.as_str()) {
        duties::push(f, c, duties::of_kind(&KIND, c, "control_notice", control_due(f)?, DutyProof::Notice));
    }
    if RIGHT.contains(&on_change.as_str()) {
        let right = Right {
            holder: f.one_of("holder")?,
            trigger: RightTrigger::Event { event: Trigger::ChangeOfControl },
            from_month: None,
            usable_within: f.length("usable_within"),
            notice: termination::notice(f, "effect", "notice")?,
            cure: None,
            compensation: termination::compensation(f)?,
        };
        let rule = c.rule(f, right);
        c.terms.rights.push(rule);
    }
    says::push(f, c);
    Some(())
}

fn control_due(f: &Fields<'_>) -> Option<DutyDue> {
    let (length, of): (Length, _) = (f.length("control_notice")?, Trigger::ChangeOfControl);
    Some(match f.text("control_notice_counts")?.as_str() {
        "before" => DutyDue::Before { length, of },
        _ => DutyDue::Within { length, of },
    })
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    let right = read::find(&terms.rights, label);
    Some(read::sentence(says.rule, terms, |lang| {
        let control = duties::of_clause(label, terms)
            .find(|d| d.what == "control_notice")
            .map_or_else(|| unaffected(lang), |d| duties::sentence_of(&KIND, lang, d));
        let right = right.map_or_else(String::new, |r| {
            termination::right(lang, &r.then, lang.t("le contrat", "the contract"))
        });
        parts(lang, &[allowed(lang, &says), control, right])
    }))
}

fn unaffected(lang: Lang) -> String {
    lang.t(
        "un changement de contrôle n'a pas d'effet sur le contrat",
        "a change of control has no effect on the contract",
    )
    .to_owned()
}

fn allowed(lang: Lang, says: &Says<'_>) -> String {
    let within = says.length("answer_within", lang).unwrap_or_default();
    let silence = says.word("silence", lang);
    let bound = match says.is("assignor_released") {
        true => lang.t("le cédant est libéré pour l'avenir", "the assignor is released for the future"),
        false => lang.t("le cédant reste tenu solidairement", "the assignor stays jointly bound"),
    };
    let asked = lang.t(
        format!("l'autre répond dans un délai {}, son silence valant {silence}, et {bound}", read::of(&within)),
        format!("the other answers within {within}, silence meaning {silence}, and {bound}"),
    );
    match says.text("allowed") {
        "forbidden" => lang.t("le contrat ne peut être cédé", "the contract may not be assigned").to_owned(),
        "within_group" => lang.t(
            format!("une Partie peut céder le contrat au sein de son groupe, et à un tiers avec l'accord de l'autre{}{asked}", says::colon(lang)),
            format!("a party may assign the contract within its group, and to a third party with the other's consent: {asked}"),
        ),
        _ => lang.t(
            format!("une Partie ne peut céder le contrat qu'avec l'accord de l'autre{}{asked}", says::colon(lang)),
            format!("a party may assign the contract only with the other's consent: {asked}"),
        ),
    }
}
