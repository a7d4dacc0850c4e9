//! What was said and done about a ticket, in order of time.

use app::file::FileLine;
use app::ticket::{Entry, TicketPage};
use events::{Dimension, Silence, Step, Visibility};
use jiff::Timestamp;

use super::super::tickets::fact;
use super::super::window::{self, Ends};
use super::super::words;
use super::relations;
use crate::design::{CustomerRef, Lang, Side, Tone, format};
use crate::pages::ticket::{FileLink, Message, MessageKind, Talk};

/// Sooner than this, writing an act down is part of doing it.
const LATER_SECONDS: i64 = 5 * 60;

/// Messages of a page.
const ROWS: usize = 100;

/// What was declared, the last of what followed, or the last before a place, and the ways to the rest.
pub(super) fn part(
    found: &TicketPage,
    customer: &CustomerRef,
    zone: &str,
    ends: Ends,
    lang: Lang,
) -> (Vec<Message>, Talk) {
    let mut all = messages(found, customer, zone, lang);
    let mut shown = vec![all.remove(0)];
    let window = window::last(all, ends.talk, ROWS);
    shown.extend(window.lines);
    let path = customer.path(&format!("/tickets/{}", found.ticket.number));
    let earlier = (window.earlier > 0)
        .then(|| (format!("{path}?talk={}#conversation", window.earlier), window.earlier as u64));
    (shown, Talk { earlier, last: window.later.then(|| format!("{path}#conversation")) })
}

/// The conversation: what was declared, then each step, call and file, in order of time.
fn messages(found: &TicketPage, customer: &CustomerRef, zone: &str, lang: Lang) -> Vec<Message> {
    let at = |t| words::in_zone(t, zone);
    let opened = Timestamp::from_microsecond(found.ticket.opened).unwrap_or_default();
    let declared = if found.description.is_empty() { &found.title } else { &found.description };
    let mut all = vec![Message {
        author: found.opened_by.clone(),
        side: opener(found),
        at: at(opened),
        kind: MessageKind::Reply,
        text: declared.clone(),
        later: told_later(opened, found.opening_recorded, zone, lang),
        files: Vec::new(),
        internal: false,
    }];
    for entry in &found.entries {
        let kind = match &entry.step {
            Step::Replied { visibility: Visibility::Public, .. } => MessageKind::Reply,
            Step::Replied { visibility: Visibility::Internal, .. } => MessageKind::Note,
            _ => event(entry, found, lang),
        };
        let message = match &entry.step {
            Step::Replied { message, .. } => Some(*message),
            _ => None,
        };
        let came_with = found.files.iter().filter(|f| message.is_some() && f.message == message);
        all.push(Message {
            author: entry.by.clone(),
            side: side(entry.by_provider),
            at: at(entry.at),
            kind,
            text: words_of(entry, lang),
            later: told_later(entry.at, entry.recorded, zone, lang),
            files: came_with.map(|f| link(f, found, customer)).collect(),
            internal: false,
        });
    }
    for line in &found.calls {
        all.push(Message {
            author: line.by.clone(),
            side: Side::Provider,
            at: at(Timestamp::from_microsecond(line.call.at).unwrap_or_default()),
            kind: MessageKind::Call { minutes: i64::from(line.call.minutes) },
            text: String::new(),
            later: None,
            files: Vec::new(),
            internal: false,
        });
    }
    for file in found.files.iter().filter(|f| f.message.is_none()) {
        let sentence = if file.internal {
            lang.t("a joint un fichier interne", "attached an internal file")
        } else {
            lang.t("a joint un fichier", "attached a file")
        };
        all.push(Message {
            author: file.by.clone(),
            side: side(file.by_provider),
            at: at(file.at),
            kind: MessageKind::Event { sentence: sentence.into(), tone: Tone::Quiet },
            text: String::new(),
            later: None,
            files: vec![link(file, found, customer)],
            internal: file.internal,
        });
    }
    all.sort_by_key(|m| m.at.timestamp());
    all
}

/// What was written, and the diagnosis or the workaround told with it.
fn words_of(entry: &Entry, lang: Lang) -> String {
    // The sentence names the person.
    if let Step::Assigned { .. } | Step::Escalated { .. } | Step::Watched { .. } | Step::Unwatched { .. } =
        entry.step
    {
        return String::new();
    }
    let text = entry.text.clone().unwrap_or_default();
    let Some(more) = &entry.more else { return text };
    let name = match entry.step {
        Step::KnownError { .. } => lang.t("Contournement :", "Workaround:"),
        _ => lang.t("Diagnostic :", "Diagnosis:"),
    };
    format!("{text}\n\n**{name}** {more}")
}

fn side(by_provider: bool) -> Side {
    if by_provider { Side::Provider } else { Side::Customer }
}

fn link(file: &FileLine, found: &TicketPage, customer: &CustomerRef) -> FileLink {
    FileLink {
        name: file.name.clone(),
        href: customer.path(&format!("/tickets/{}/files/{}", found.ticket.number, file.file)),
        bytes: file.bytes,
        size: file.size,
    }
}

/// An act told after the fact says when it was written down: a clock may have stopped on it, and both
/// parties must see that somebody said so later.
fn told_later(at: Timestamp, recorded: Timestamp, zone: &str, lang: Lang) -> Option<String> {
    (recorded.duration_since(at).as_secs() >= LATER_SECONDS).then(|| {
        let when = format::instant(&words::in_zone(recorded, zone), lang);
        match lang {
            Lang::Fr => format!("Consigné après coup, le {when}."),
            Lang::En => format!("Written down afterwards, on {when}."),
        }
    })
}

fn opener(found: &TicketPage) -> Side {
    let role = app::Role::from_key(fact(&found.ticket.opening_facts, Dimension::Role));
    if role.is_some_and(app::Role::is_provider) { Side::Provider } else { Side::Customer }
}

fn event(entry: &Entry, found: &TicketPage, lang: Lang) -> MessageKind {
    let (sentence, tone): (String, Tone) = match &entry.step {
        Step::TakenOver { .. } => {
            (lang.t("a pris le ticket en charge", "took the ticket over").into(), Tone::Active)
        }
        Step::Assigned { .. } => (
            format!(
                "{} {}",
                lang.t("a confié le ticket à", "assigned the ticket to"),
                entry.text.as_deref().unwrap_or_default()
            ),
            Tone::Active,
        ),
        Step::Paused { reason, .. } => {
            let terms = found.agreement.version(&found.ticket.version).map(|v| &v.terms);
            let rule = terms.ok().and_then(|t| t.pauses.iter().find(|p| p.label() == reason));
            let text = rule.map_or_else(|| reason.clone(), |r| r.then.reason.clone());
            (format!("{} {text}", lang.t("a suspendu le délai :", "suspended the clock:")), Tone::Quiet)
        }
        Step::Resumed => (lang.t("a repris l’horloge", "resumed the clock").into(), Tone::Active),
        Step::Reprioritised { facts, .. } => {
            let key = fact(facts, Dimension::Priority);
            let terms = found.agreement.version(&found.ticket.version).map(|v| &v.terms);
            let priority = terms.map_or(key, |terms| terms.name_of("priority", key));
            (
                format!("{} {priority}", lang.t("a changé la priorité :", "changed the priority:")),
                Tone::Active,
            )
        }
        Step::Restored { workaround: true, .. } => (
            lang.t("a rétabli le service par un contournement", "restored the service by a workaround")
                .into(),
            Tone::Good,
        ),
        Step::Restored { workaround: false, .. } => {
            (lang.t("a rétabli le service", "restored the service").into(), Tone::Good)
        }
        Step::Resolved { .. } => (lang.t("a résolu le ticket", "resolved the ticket").into(), Tone::Good),
        Step::Reopened { .. } => (lang.t("a rouvert le ticket", "reopened the ticket").into(), Tone::Warning),
        Step::QuoteMade { price, until, .. } => {
            let price = format::money(price.cents, lang);
            let until = until.map(|day| format::date(day, lang));
            let sentence = match (lang, until) {
                (Lang::Fr, None) => format!("a établi un devis de {price} HT"),
                (Lang::Fr, Some(day)) => format!("a établi un devis de {price} HT, valable jusqu’au {day}"),
                (Lang::En, None) => format!("made a quotation of {price} excl. VAT"),
                (Lang::En, Some(day)) => {
                    format!("made a quotation of {price} excl. VAT, which holds until {day}")
                }
            };
            (sentence, Tone::Warning)
        }
        Step::PriceAgreed { price, reference, .. } => {
            let price = format::money(price.cents, lang);
            let sentence = match (lang, reference) {
                (Lang::Fr, None) => format!("a accepté le prix de {price} HT"),
                (Lang::Fr, Some(_)) => format!("a consigné l’accord écrit du client sur {price} HT"),
                (Lang::En, None) => format!("agreed to the price of {price} excl. VAT"),
                (Lang::En, Some(_)) => {
                    format!("recorded the customer’s written agreement to {price} excl. VAT")
                }
            };
            (sentence, Tone::Good)
        }
        Step::PriceDeclined { .. } => {
            (lang.t("a refusé le prix", "declined the price").into(), Tone::Warning)
        }
        Step::Diagnosed { .. } => {
            (lang.t("a consigné un diagnostic", "recorded a diagnosis").into(), Tone::Active)
        }
        Step::Linked { link, number, .. } => {
            (format!("{} {number}", relations::link_sentence(*link, lang)), Tone::Quiet)
        }
        Step::Unlinked { number, .. } => (
            format!(
                "{} {number}",
                lang.t("a retiré le lien avec le ticket n°", "removed the link to ticket")
            ),
            Tone::Quiet,
        ),
        Step::Merged { number, .. } => (
            format!(
                "{} {number}",
                lang.t("a fusionné ce ticket dans le n°", "merged this ticket into number")
            ),
            Tone::Good,
        ),
        Step::Absorbed { number, .. } => (
            format!(
                "{} {number}",
                lang.t("a fusionné dans ce ticket le n°", "merged into this ticket number")
            ),
            Tone::Quiet,
        ),
        Step::KnownError { .. } => {
            (lang.t("a consigné l’erreur connue", "recorded the known error").into(), Tone::Good)
        }
        Step::Change { told } => super::change::sentence(found, told, lang),
        Step::Delivery { told } => super::delivery::sentence(told, lang),
        Step::Watched { .. } | Step::Unwatched { .. } => (follows(entry, lang), Tone::Quiet),
        Step::Escalated { promise, level, reached, silence, .. } => {
            let tone = if silence.is_some() { Tone::Quiet } else { Tone::Warning };
            (escalated(*promise, *level, (*reached, *silence), entry, found, lang), tone)
        }
        Step::Replied { .. } => (String::new(), Tone::Quiet),
    };
    MessageKind::Event { sentence, tone }
}

fn escalated(
    promise: terms::Promise,
    level: u32,
    (reached, silence): (i64, Option<Silence>),
    entry: &Entry,
    found: &TicketPage,
    lang: Lang,
) -> String {
    let zone = &found.agreement.latest().compiled.terms.zone;
    let at = Timestamp::from_microsecond(reached).unwrap_or(entry.at);
    let at = format::short_instant(&words::in_zone(at, zone), lang);
    let promise = promise.name();
    let promise = promise.get(words::core(lang));
    let told = match (&entry.text, silence) {
        (_, Some(Silence::Stopped)) => {
            lang.t("délai arrêté depuis, personne n’est prévenu", "stopped since, nobody is told").to_string()
        }
        (_, Some(Silence::Imported)) => lang
            .t(
                "avant la reprise du ticket, personne n’est prévenu",
                "before it was brought in, nobody is told",
            )
            .to_string(),
        (Some(names), None) => format!("{} {names}", lang.t("prévenus :", "told:")),
        (None, None) => lang.t("aucun compte à prévenir ici", "no account to tell here").to_string(),
    };
    match lang {
        Lang::Fr => format!("signale le niveau {level} de l’escalade ({promise}, atteint le {at}) ; {told}"),
        Lang::En => format!("tells level {level} of the escalation ({promise}, reached on {at}); {told}"),
    }
}

/// That somebody begins or ceases to follow the ticket, by their own choice or another's.
fn follows(entry: &Entry, lang: Lang) -> String {
    let begins = matches!(entry.step, Step::Watched { .. });
    match (&entry.text, begins, lang) {
        (None, true, _) => lang.t("suit ce ticket", "follows this ticket").into(),
        (None, false, _) => lang.t("ne suit plus ce ticket", "follows this ticket no more").into(),
        (Some(who), true, Lang::Fr) => format!("fait suivre ce ticket à {who}"),
        (Some(who), true, Lang::En) => format!("has {who} follow this ticket"),
        (Some(who), false, Lang::Fr) => format!("retire {who} de ceux qui suivent ce ticket"),
        (Some(who), false, Lang::En) => format!("takes {who} off those who follow this ticket"),
    }
}
