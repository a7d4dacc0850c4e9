//! What training and awareness share: sessions due by a day or each year, and a target of attendance.

use base::{Bilingual, lang};
use jiff::civil::Date;
use terms::commitment::Period;
use terms::indicator::IndicatorTarget;
use terms::{DutyDue, DutyProof, Indicator, Terms};

use super::says;
use super::{Field, Fields, Kind, Type, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) const FIELDS: &[Field] = &[
    Field::required("subject", Type::Text, "sujet des séances", "subject of the sessions"),
    Field::required("audience", Type::Texts, "public", "audience"),
    Field::required("sessions", Type::Integer(1), "nombre de séances", "number of sessions"),
    Field::optional(
        "by",
        Type::Date,
        "toutes avant ce jour ; absent : chaque année contractuelle",
        "all by this day; absent: in each contract year",
    ),
    Field::required(
        "attendance",
        Type::Percent,
        "part du public présente",
        "share of the audience that attends",
    ),
    Field::default(
        "materials",
        Type::Texts,
        "[]",
        "supports remis : guide, vidéo…",
        "materials handed over: guide, video…",
    ),
    Field::optional("lasts", Type::ClockTime, "durée d'une séance", "length of a session"),
];

/// More than one a week is a typing mistake, and each is a duty of its own.
const MOST: u32 = 53;

pub(super) fn compile(f: &Fields<'_>, c: &mut Compiler, kind: &Kind) -> Option<()> {
    let (sessions, attendance) = (f.integer("sessions")?, f.percent("attendance")?);
    if sessions > MOST {
        c.push(
            Diagnostic::error(
                "E-SESSIONS-MANY",
                f.place_of("sessions"),
                format!("plus de {MOST} séances : est-ce le nombre de participants ?"),
                format!("more than {MOST} sessions: is this the number of participants?"),
            )
            .help("écrivez le nombre de séances", "write the number of sessions"),
        );
        return None;
    }
    match f.date("by") {
        // Each session is proved by its own attendance sheet.
        Some(date) => (0..sessions).for_each(|n| session(f, c, kind, n, date)),
        None => owed::owe(f, c, kind, "session", DutyDue::PerYear { times: sessions }, DutyProof::Attendance),
    }
    let lang = c.lang();
    let indicator = Indicator {
        title: kind.word(lang, "title").into_owned(),
        source: "declared".to_owned(),
        formula: lang.t("personnes présentes / public visé", "people attending / audience").to_owned(),
        unit: "%".to_owned(),
        per: Period::ContractYear,
        target: Some(IndicatorTarget::AtLeast { value: attendance }),
        price_beyond: None,
        price_tax: None,
        measures: None,
    };
    let rule = c.rule(f, indicator);
    c.terms.indicators.push(rule);
    says::push_plain(f, c);
    Some(())
}

fn session(f: &Fields<'_>, c: &mut Compiler, kind: &Kind, index: u32, date: Date) {
    let title = kind.word(c.lang(), "session").into_owned();
    let what = format!("session:{}", index + 1);
    let duty = super::duties::provider(&what, title, DutyDue::By { date }, DutyProof::Attendance);
    super::duties::push(f, c, duty);
}

pub(super) fn read_back(kind: &Kind, label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, kind, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (subject, audience) = (says.text("subject"), says.text("audience"));
        let attendance = says.percent("attendance", lang).unwrap_or_default();
        let number = says.text("sessions");
        let when = match says.text("by").parse::<Date>() {
            Ok(date) => lang.t(
                format!("au plus tard le {}", lang::date(lang, date)),
                format!("by {}", lang::date(lang, date)),
            ),
            Err(_) => lang.t("chaque année contractuelle".to_owned(), "in each contract year".to_owned()),
        };
        let all = kind.word(lang, "sessions");
        let mut text = lang.t(
            format!(
                "{all} dues par le Prestataire\u{a0}: {number}, {when}, sur « {subject} » (public\u{a0}: {audience}\u{202f}; preuve\u{a0}: une feuille de présence)\u{202f}; présence visée\u{a0}: {attendance}"
            ),
            format!(
                "{all} owed by the Provider: {number}, {when}, on “{subject}” (audience: {audience}; proof: an attendance sheet); attendance aimed at: {attendance}"
            ),
        );
        if says.has("materials") {
            let materials = says.text("materials");
            text += &lang
                .t(format!("\u{202f}; supports\u{a0}: {materials}"), format!("; materials: {materials}"));
        }
        text
    }))
}
