//! `committee`: a meeting of the parties, at its rhythm, with what is sent before and the minutes after.

use base::{Bilingual, Lang};
use terms::{Duty, DutyProof, Terms};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "committee",
    doc: (
        "un comité : membres, rythme, dossier et procès-verbal",
        "a committee: members, rhythm, pack and minutes",
    ),
    example: r#"kind = "committee"
label = "copil"
then = { committee = "steering", members = ["directeur du Client", "responsable de compte"], every = "1 month", pack = ["niveaux de service", "incidents majeurs", "obligations"], pack_before = "5 working_days", minutes_within = "5 working_days" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required(
            "committee",
            Type::Choice(&["executive", "steering", "follow_up", "project", "security", "operational"]),
            "nature du comité",
            "kind of committee",
        ),
        Field::optional("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::required("members", Type::Texts, "membres, par fonction", "members, by function"),
        Field::optional("chaired_by", Type::Choice(&["provider", "customer"]), "qui le préside", "who chairs it"),
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
        Field::required("pack", Type::Texts, "dossier remis avant la séance", "documents sent before the meeting"),
        Field::required("pack_before", Type::Length, "délai de remise du dossier avant la séance", "how long before the meeting they are sent"),
        Field::required("minutes_within", Type::Length, "délai du procès-verbal", "delay for the minutes"),
        Field::default("decides", Type::Texts, "[]", "ce que le comité décide", "what the committee decides"),
    ],
    words: &[
        ("executive", "comité de direction", "executive committee"),
        ("steering", "comité de pilotage", "steering committee"),
        ("follow_up", "comité de suivi", "follow-up committee"),
        ("project", "comité de projet", "project committee"),
        ("security", "comité de sécurité", "security committee"),
        ("operational", "comité opérationnel", "operational committee"),
        ("executive_committee", "la réunion du comité de direction", "the meeting of the executive committee"),
        ("steering_committee", "la réunion du comité de pilotage", "the meeting of the steering committee"),
        ("follow_up_committee", "la réunion du comité de suivi", "the meeting of the follow-up committee"),
        ("project_committee", "la réunion du comité de projet", "the meeting of the project committee"),
        ("security_committee", "la réunion du comité de sécurité", "the meeting of the security committee"),
        ("operational_committee", "la réunion du comité opérationnel", "the meeting of the operational committee"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let what = format!("{}_committee", f.text("committee")?);
    f.length("pack_before")?;
    f.length("minutes_within")?;
    let due = owed::rhythm(f, c)?;
    let title = f.text("title").unwrap_or_else(|| KIND.word(c.lang(), &what).into_owned());
    let duty = duties::provider(&what, title, due, DutyProof::Minutes);
    duties::push(f, c, Duty { alert_before: f.length("pack_before"), ..duty });
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    let duty = duties::of_clause(label, terms).next()?;
    Some(read::sentence(says.rule, terms, |lang| {
        let name = match says.has("title") {
            true => titled(lang, says.text("title")),
            false => lang.t(format!("le {}", says.word("committee", lang)), format!("the {}", says.word("committee", lang))),
        };
        let chair = match says.has("chaired_by") {
            true => {
                let by = owed::party(lang, says.text("chaired_by"));
                lang.t(format!(", présidé par {by},"), format!(", chaired by {by},"))
            }
            false => String::new(),
        };
        let (when, members) = (duties::due(lang, &duty.due), says.text("members"));
        let (pack, before) = (says.text("pack"), says.length("pack_before", lang).unwrap_or_default());
        let minutes = says.length("minutes_within", lang).unwrap_or_default();
        let mut text = lang.t(
            format!("{name}{chair} se réunit {when} ({members})\u{202f}; le Prestataire remet {before} avant la séance\u{a0}: {pack}\u{202f}; le procès-verbal suit dans un délai {}", read::of(&minutes)),
            format!("{name}{chair} meets {when} ({members}); the Provider sends {before} before the meeting: {pack}; the minutes follow within {minutes}"),
        );
        if says.has("decides") {
            text += &decides(lang, says.text("decides"));
        }
        text
    }))
}

/// « le comité de suivi » when the parties' own name is one; else between quotes.
fn titled(lang: Lang, title: &str) -> String {
    match title.strip_prefix("Comité ") {
        Some(rest) => lang.t(format!("le comité {rest}"), format!("the “{title}”")),
        None => lang.t(format!("«\u{a0}{title}\u{a0}»"), format!("the “{title}”")),
    }
}

fn decides(lang: Lang, what: &str) -> String {
    lang.t(format!("\u{202f}; il décide\u{a0}: {what}"), format!("; it decides: {what}"))
}
