//! `committee`: a meeting of the parties, at its rhythm, with what is sent before and the minutes after.

use base::{Bilingual, Lang};
use terms::{Duty, DutyDue, DutyProof, Terms};

use super::says;
use super::read::list;
use super::{Clause, Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const SEATS: &[Field] = &[
    Field::required("function", Type::Text, "fonction, telle que members la nomme", "function, as members has it"),
    Field::required("holder", Type::Label(&["contacts"]), "contact qui la tient", "contact who holds it"),
    Field::optional("deputy", Type::Label(&["contacts"]), "contact qui la supplée", "contact who stands in"),
];

const APPROVES: &[Field] = &[
    Field::required("objective", Type::Text, "objectif, dans les mots des parties", "objective, in the parties' words"),
    Field::required("by", Type::Date, "approuvé au plus tard le", "approved by"),
];

/// What names the duty of approving an objective, before the objective itself: two committees owe the same.
const OBJECTIVE: &str = "objective:";

pub const KIND: Kind = Kind {
    name: "committee",
    doc: (
        "un comité : membres, rythme, dossier et procès-verbal",
        "a committee: members, rhythm, pack and minutes",
    ),
    example: r#"kind = "committee"
label = "copil"
then = { committee = "steering", members = ["directeur du Client", "responsable de compte"], every = "1 month", pack = ["niveaux de service", "incidents majeurs", "obligations"], pack_before = "5 working_days", minutes_within = "5 working_days", approves = [{ objective = "ramener à 2 % les tickets rouverts", by = 2026-06-30 }] }
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
        Field::optional("seats", Type::Tables(SEATS), "qui tient chaque fonction, et qui la supplée", "who holds each function, and who stands in"),
        Field::optional("approves", Type::Tables(APPROVES), "objectifs que le comité approuve", "objectives that the committee approves"),
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
    for row in f.tables("approves") {
        let (objective, by) = (row.text("objective")?, row.date("by")?);
        let title = c.lang().t(
            format!("l'approbation de l'objectif « {objective} »"),
            format!("the approval of the objective “{objective}”"),
        );
        let what = format!("{OBJECTIVE}{objective}");
        duties::push(f, c, duties::provider(&what, title, DutyDue::By { date: by }, DutyProof::Minutes));
    }
    seats(f, c)?;
    says::push_plain(f, c);
    says::push_rows(f, c, &KIND, "seats");
    Some(())
}

/// Each function is held by one contact, and another stands in.
fn seats(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let rows = f.tables("seats");
    if rows.is_empty() {
        return Some(());
    }
    let members = f.texts("members");
    let mut found = Vec::new();
    let mut filled = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let (function, holder) = (row.text("function")?, row.text("holder")?);
        let place = f.place_of_row("seats", i);
        if !members.contains(&function) || filled.contains(&function) {
            let known = list(Lang::Fr, &members.iter().map(String::as_str).collect::<Vec<_>>());
            found.push(
                Diagnostic::error(
                    "E-COMMITTEE-FUNCTION",
                    place,
                    format!("« {function} » n'est pas une fonction de ce comité, ou y est déjà tenue"),
                    format!("“{function}” is no function of this committee, or is already held"),
                )
                .help(
                    format!("une ligne par fonction de members : {known}"),
                    format!("one row for each function of members: {known}"),
                ),
            );
        }
        match row.text("deputy") {
            None => found.push(
                Diagnostic::warning(
                    "W-COMMITTEE-DEPUTY",
                    place,
                    format!("personne ne supplée « {function} »"),
                    format!("nobody stands in for “{function}”"),
                )
                .help("ajoutez deputy = \"…\", l'étiquette d'un autre contact", "add deputy = \"…\", the label of another contact"),
            ),
            Some(deputy) if deputy == holder => found.push(
                Diagnostic::error(
                    "E-COMMITTEE-DEPUTY",
                    place,
                    format!("« {function} » est suppléée par la personne qui la tient"),
                    format!("whoever holds “{function}” stands in for itself"),
                )
                .help("nommez un autre contact", "name another contact"),
            ),
            Some(_) => {}
        }
        filled.push(function);
    }
    for empty in members.iter().filter(|m| !filled.contains(m)) {
        found.push(
            Diagnostic::warning(
                "W-COMMITTEE-SEAT",
                f.place_of("members"),
                format!("personne ne tient la fonction « {empty} »"),
                format!("nobody holds the function “{empty}”"),
            )
            .help(
                format!("ajoutez à seats : {{ function = \"{empty}\", holder = \"…\", deputy = \"…\" }}"),
                format!("add to seats: {{ function = \"{empty}\", holder = \"…\", deputy = \"…\" }}"),
            ),
        );
    }
    let sound = !found.iter().any(Diagnostic::is_error);
    found.into_iter().for_each(|d| c.push(d));
    sound.then_some(())
}

/// « Ces deux comités définissent ensemble les objectifs » (S-092): each is approved by two committees.
pub(crate) fn check_objectives(c: &mut Compiler) {
    let approved = |clause: &Clause| -> Vec<String> {
        Fields::new(clause).tables("approves").iter().filter_map(|row| row.text("objective")).collect()
    };
    let committees: Vec<&Clause> = c.clauses.iter().filter(|k| k.is(KIND.name)).collect();
    let mut found = Vec::new();
    for clause in &committees {
        let others = || committees.iter().filter(|k| k.label != clause.label);
        for (i, objective) in approved(clause).into_iter().enumerate() {
            if others().any(|other| approved(other).contains(&objective)) {
                continue;
            }
            found.push(
                Diagnostic::warning(
                    "W-COMMITTEE-OBJECTIVE",
                    Fields::new(clause).place_of_row("approves", i),
                    format!("un seul comité approuve l'objectif « {objective} »"),
                    format!("one committee alone approves the objective “{objective}”"),
                )
                .help(
                    "écrivez le même objectif dans approves d'un second comité",
                    "write the same objective in approves of a second committee",
                ),
            );
        }
    }
    c.diagnostics.extend(found);
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
        text += &held(lang, label, terms);
        for duty in duties::of_clause(label, terms).filter(|duty| duty.what.starts_with(OBJECTIVE)) {
            let (objective, by) = (duty.what.trim_start_matches(OBJECTIVE), duties::due(lang, &duty.due));
            text += &lang.t(
                format!("\u{202f}; il approuve {by} l'objectif « {objective} »"),
                format!("; it approves {by} the objective “{objective}”"),
            );
        }
        text
    }))
}

/// « ; directeur : Anne Roux, suppléance Luc Petit ».
fn held(lang: Lang, label: &str, terms: &Terms) -> String {
    let name = |label: &str| terms.contacts.iter().find(|r| r.label() == label).map_or(label.to_owned(), |r| r.then.name.clone());
    says::rows(label, &KIND, "seats", terms)
        .map(|seat| {
            let (function, holder) = (seat.text("function"), name(seat.text("holder")));
            let deputy = seat.get("deputy").map_or_else(String::new, |deputy| {
                let deputy = name(deputy);
                lang.t(format!(", suppléance {deputy}"), format!(", deputy {deputy}"))
            });
            lang.t(
                format!("\u{202f}; {function}\u{a0}: {holder}{deputy}"),
                format!("; {function}: {holder}{deputy}"),
            )
        })
        .collect()
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
