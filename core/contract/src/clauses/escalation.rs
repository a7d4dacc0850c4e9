//! `escalation`: who is told when so much of a promised delay is gone, level after level.

use base::{Bilingual, Lang, lang};
use terms::{Alarm, Also, Escalation, Promise, Rule, Terms};

use super::commitment::PROMISES;
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "escalation",
    doc: (
        "un niveau d'escalade : quand il est atteint, et qui est prévenu",
        "a level of escalation: when it is reached, and who is told",
    ),
    example: r#"kind = "escalation"
label = "escalade-1"
then = { promise = "restore", level = 1, at = "50 %", tells = ["interlocuteur-unique"], also = ["assignee"] }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Exclusive(&["promise", "level"]),
    guarded: true,
    fields: &[
        Field::required(
            "promise",
            Type::Choice(PROMISES),
            "la promesse dont le délai court",
            "the promise whose time runs",
        ),
        Field::required(
            "level",
            Type::Integer(1),
            "le niveau : 1 pour les premiers prévenus",
            "the level: 1 for the first people told",
        ),
        Field::optional(
            "at",
            Type::Percent,
            "la part du délai écoulée ; sinon after",
            "the share of the delay gone; else after",
        ),
        Field::optional(
            "after",
            Type::Length,
            "le temps écoulé depuis le départ du délai, compté comme lui ; sinon at",
            "the time since the delay began, counted as it is; else at",
        ),
        Field::default(
            "tells",
            Type::Labels(&["contacts"]),
            "[]",
            "les interlocuteurs prévenus, par l'étiquette de leur clause",
            "the contacts told, by the label of their clause",
        ),
        Field::default(
            "also",
            Type::Choices(&["assignee", "on_call"]),
            "[]",
            "qui d'autre est prévenu : la personne en charge du ticket, la personne d'astreinte",
            "who else is told: whoever works on the ticket, whoever is on call",
        ),
    ],
    words: &[
        ("assignee", "la personne en charge du ticket", "whoever works on the ticket"),
        ("on_call", "la personne d'astreinte", "whoever is on call"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let alarm = match (f.percent("at"), f.length("after")) {
        (Some(of_delay), None) => Alarm::Share { of_delay },
        (None, Some(length)) => Alarm::After { length },
        // A field that could not be read was reported where it stands.
        _ if f.has("at") != f.has("after") => return None,
        _ => {
            c.push(
                Diagnostic::error(
                    "E-ESCALATION-WHEN",
                    f.place(),
                    "un niveau est atteint à une part du délai ou après un temps, l'un des deux",
                    "a level is reached at a share of the delay or after a time, one of the two",
                )
                .help("écrivez at = \"50 %\", ou after = \"2 h\"", "write at = \"50 %\", or after = \"2 h\""),
            );
            return None;
        }
    };
    let escalation = Escalation {
        promise: f.one_of("promise")?,
        level: f.integer("level")?,
        alarm,
        contacts: f.texts("tells"),
        also: f.many_of("also"),
    };
    if escalation.contacts.is_empty() && escalation.also.is_empty() {
        c.push(
            Diagnostic::error(
                "E-ESCALATION-NOBODY",
                f.place(),
                "ce niveau ne prévient personne",
                "this level tells nobody",
            )
            .help(
                "nommez un interlocuteur dans tells, ou écrivez also = [\"assignee\"]",
                "name a contact in tells, or write also = [\"assignee\"]",
            ),
        );
        return None;
    }
    let rule = c.rule(f, escalation);
    c.terms.escalations.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.escalations, label)?;
    Some(read::sentence(rule, terms, |lang| {
        let (level, of) = (rule.then.level, of_delay(lang, rule.then.promise));
        let when = match rule.then.alarm {
            Alarm::Share { of_delay } => {
                let share = lang::percent(lang, of_delay);
                lang.t(format!("dès que {share} du délai {of} sont écoulés"), format!("once {share} of the {of} delay is gone"))
            }
            Alarm::After { length } => {
                let length = length.in_words(lang);
                lang.t(
                    format!("{length} après le départ du délai {of}, selon son propre décompte"),
                    format!("{length} after the {of} delay began, counted as it is"),
                )
            }
        };
        let who = told(lang, rule, terms);
        lang.t(
            format!("{when}, l'escalade atteint le niveau {level}\u{a0}: {who}"),
            format!("{when}, the escalation reaches level {level}: {who}"),
        )
    }))
}

/// « (délai) de rétablissement », « (délai) d'escalade », “restoration (delay)”.
fn of_delay(lang: Lang, promise: Promise) -> String {
    let name = promise.name();
    let elided = name.fr.starts_with(['a', 'e', 'é', 'i', 'o', 'u']);
    lang.t(if elided { format!("d'{}", name.fr) } else { format!("de {}", name.fr) }, name.en)
}

/// « Claire Fabre et la personne d'astreinte sont prévenus ».
fn told(lang: Lang, rule: &Rule<Escalation>, terms: &Terms) -> String {
    let named = rule.then.contacts.iter().map(|label| {
        read::find(&terms.contacts, label).map_or_else(|| format!("[{label}]"), |contact| contact.then.name.clone())
    });
    let also = rule.then.also.iter().map(|also| {
        let key = match also {
            Also::Assignee => "assignee",
            Also::OnCall => "on_call",
        };
        KIND.word(lang, key).into_owned()
    });
    let who: Vec<String> = named.chain(also).collect();
    let who = list(lang, &who.iter().map(String::as_str).collect::<Vec<_>>());
    lang.t(format!("le Prestataire prévient {who}"), format!("the Provider tells {who}"))
}
