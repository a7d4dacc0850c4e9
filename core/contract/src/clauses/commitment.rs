//! `commitment`: a promise with a clock: respond, restore, resolve… within so long, on a calendar.

use base::{Bilingual, Lang};
use terms::commitment::{AmendmentPolicy, PriorityChangePolicy, ReopenPolicy, StartEvent, StopEvent};
use terms::{Commitment, Promise, Terms};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub(crate) const PROMISES: &[&str] =
    &["respond", "restore", "resolve", "escalate", "quote", "deliver", "answer"];

pub const KIND: Kind = Kind {
    name: "commitment",
    doc: ("un délai promis, et comment il se compte", "a promised delay, and how it is counted"),
    example: r#"kind = "commitment"
label = "delai-base"
then = { promise = "restore", within = "15 h", calendar = "24x7", starts = "declared", stops = "service_restored" }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Exclusive(&["promise"]),
    guarded: true,
    fields: &[
        Field::required("promise", Type::Choice(PROMISES), "ce qui est promis", "what is promised"),
        Field::required("within", Type::Length, "le délai", "the delay"),
        Field::required(
            "calendar",
            Type::Calendar,
            "le calendrier sur lequel il se compte ; \"24x7\" : jour et nuit",
            "the calendar it is counted on; \"24x7\": day and night",
        ),
        Field::required(
            "starts",
            Type::Choice(&["declared", "taken_over"]),
            "l'événement qui lance le décompte",
            "the event that starts the clock",
        ),
        Field::required(
            "stops",
            Type::Choice(&["first_human_act", "service_restored", "resolved"]),
            "l'événement qui l'arrête",
            "the event that stops it",
        ),
        Field::default(
            "amendment_policy",
            Type::Choice(&["frozen_at_open", "effective_dated"]),
            "\"frozen_at_open\"",
            "ce qu'un avenant change aux tickets ouverts",
            "what an amendment changes for open tickets",
        ),
        Field::default(
            "priority_change_policy",
            Type::Choice(&["retarget_from_open", "restart_at_change"]),
            "\"retarget_from_open\"",
            "d'où compte la nouvelle échéance quand la priorité change",
            "from where the new target counts when the priority changes",
        ),
        Field::default(
            "reopen_policy",
            Type::Choice(&["resume", "count_through", "restart"]),
            "\"resume\"",
            "ce que devient le décompte à la réouverture",
            "what becomes of the clock on reopening",
        ),
        Field::optional(
            "reopen_within",
            Type::Length,
            "délai au-delà duquel une réouverture est un nouveau cas ; absent : jamais",
            "after which a reopening is a new case; absent: never",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let commitment = Commitment {
        promise: f.one_of("promise")?,
        within: f.length("within")?,
        calendar: f.text("calendar")?,
        starts: f.one_of("starts")?,
        stops: f.one_of("stops")?,
        on_amendment: f.one_of("amendment_policy")?,
        on_priority_change: f.one_of("priority_change_policy")?,
        on_reopen: f.one_of("reopen_policy")?,
        reopen_within: f.length("reopen_within"),
    };
    let rule = c.rule(f, commitment);
    c.terms.commitments.push(rule);
    Some(())
}

/// « la prise en charge », “response”.
pub(super) fn promise(lang: Lang, promise: Promise) -> String {
    let name = promise.name();
    match (lang, promise) {
        (Lang::En, _) => name.en,
        (Lang::Fr, Promise::Escalate) => format!("l'{}", name.fr),
        (Lang::Fr, Promise::Restore | Promise::Quote) => format!("le {}", name.fr),
        (Lang::Fr, _) => format!("la {}", name.fr),
    }
}

/// « du rétablissement », “restoration”.
pub(super) fn of_promise(lang: Lang, of: Promise) -> String {
    match promise(lang, of).strip_prefix("le ") {
        Some(name) if lang == Lang::Fr => format!("du {name}"),
        _ => lang.t(format!("de {}", promise(lang, of)), promise(lang, of)),
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.commitments, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let what = promise(lang, then.promise);
        let within = then.within.in_words(lang);
        let calendar = match (then.calendar.as_str(), lang) {
            ("24x7", _) => lang.t("jour et nuit", "day and night").to_owned(),
            (label, Lang::Fr) => format!("en heures du calendrier « {label} »"),
            (label, Lang::En) => format!("in hours of the calendar “{label}”"),
        };
        // What an exception leaves as it was is read back once, where it is said.
        if let Some(base) = rule.exception_to.as_deref().filter(|base| leaves_the_rest(terms, base, then)) {
            return lang.t(
                agreed(format!("{what} est due dans un délai {}, compté {calendar}\u{202f}; le reste comme à [{base}]", read::of(&within))),
                format!("{what} is due within {within}, counted {calendar}; the rest as in [{base}]"),
            );
        }
        let tail = policies(lang, then);
        lang.t(
            agreed(format!(
                "{what} est due dans un délai {}, compté {calendar}, {} {}\u{202f}; {tail}",
                read::of(&within),
                starts(lang, then.starts),
                stops(lang, then.stops)
            )),
            format!(
                "{what} is due within {within}, counted {calendar}, {} {}; {tail}",
                starts(lang, then.starts),
                stops(lang, then.stops)
            ),
        )
    }))
}

/// Whether the clock starts, stops and goes on as in the commitment that is excepted.
fn leaves_the_rest(terms: &Terms, base: &str, then: &Commitment) -> bool {
    read::find(&terms.commitments, base).is_some_and(|base| {
        let rest = Commitment { within: then.within, calendar: then.calendar.clone(), ..base.then.clone() };
        rest == *then
    })
}

/// « le rétablissement est dû », « le devis est dû ».
fn agreed(text: String) -> String {
    text.replace("le rétablissement est due", "le rétablissement est dû").replace("le devis est due", "le devis est dû")
}

fn starts(lang: Lang, event: StartEvent) -> &'static str {
    match event {
        StartEvent::Declared => lang.t("de la déclaration", "from the declaration"),
        StartEvent::TakenOver => lang.t("de la prise en charge", "from the taking over"),
    }
}

fn stops(lang: Lang, event: StopEvent) -> &'static str {
    match event {
        StopEvent::FirstHumanAct => lang.t(
            "au premier acte d'un technicien nommé (un accusé automatique ne compte pas)",
            "to the first act of a named technician (an automatic receipt does not count)",
        ),
        StopEvent::ServiceRestored => lang.t(
            "au retour du service, contournement compris",
            "to the service being back, workaround included",
        ),
        StopEvent::Resolved => lang.t("à la résolution", "to the resolution"),
    }
}

fn policies(lang: Lang, then: &Commitment) -> String {
    let amendment = match then.on_amendment {
        AmendmentPolicy::FrozenAtOpen => {
            lang.t("un ticket reste régi par les règles en vigueur à son ouverture", "a ticket keeps the rules it opened under")
        }
        AmendmentPolicy::EffectiveDated => lang.t(
            "un avenant s'applique aux tickets ouverts dès sa date d'effet",
            "an amendment binds open tickets from its date",
        ),
    };
    let priority = match then.on_priority_change {
        PriorityChangePolicy::RetargetFromOpen => lang.t(
            "en cas de changement de priorité, le nouveau délai se compte depuis l'ouverture",
            "a change of priority counts again from the opening",
        ),
        PriorityChangePolicy::RestartAtChange => lang.t(
            "en cas de changement de priorité, le nouveau délai se compte depuis ce changement",
            "a change of priority counts from the change",
        ),
    };
    let reopening = reopening(lang, then);
    let sep = lang.t("\u{202f}; ", "; ");
    format!("{amendment}{sep}{priority}{sep}{reopening}")
}

/// What becomes of the clock when a closed case is reopened; a first act, once made, stays made.
fn reopening(lang: Lang, then: &Commitment) -> String {
    if then.on_reopen == ReopenPolicy::Restart {
        return lang
            .t("en cas de réouverture, un délai entier court de nouveau", "on reopening, a whole new time runs")
            .to_owned();
    }
    let since = match then.stops {
        StopEvent::FirstHumanAct => lang.t("le premier acte", "the first act"),
        StopEvent::ServiceRestored => lang.t("le retour du service", "the service was back"),
        StopEvent::Resolved => lang.t("la résolution", "the resolution"),
    };
    let what = match (then.on_reopen, then.stops) {
        (_, StopEvent::FirstHumanAct) => lang.t("le premier acte reste acquis", "the first act still counts"),
        (ReopenPolicy::CountThrough, _) => lang.t(
            "le décompte reprend et comprend le temps écoulé entre-temps",
            "the clock goes on and counts the time in between",
        ),
        _ => lang.t("le décompte reprend où il en était", "the clock goes on where it stopped"),
    };
    match then.reopen_within.map(|l| l.in_words(lang)) {
        Some(l) => lang.t(
            format!(
                "en cas de réouverture dans un délai {} après {since}, {what}\u{202f}; au-delà, un délai entier court de nouveau",
                read::of(&l)
            ),
            format!("on reopening within {l} after {since}, {what}; later, a whole new time runs"),
        ),
        None => lang.t(format!("en cas de réouverture, {what}"), format!("on reopening, {what}")),
    }
}
