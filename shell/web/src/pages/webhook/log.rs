//! What a webhook was sent: each delivery, its tries, and what was answered.

use jiff::Zoned;
use maud::{Markup, html};

use super::Existing;
use super::kinds::kind;
use crate::design::components::{self, Tone, badge};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, format};

#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: String,
    /// `ticket.opened`.
    pub kind: String,
    /// The number and the address of the ticket.
    pub ticket: Option<(u64, String)>,
    pub made: Zoned,
    pub stands: Stands,
    pub attempts: Vec<Attempt>,
    /// The key of the form that sends it again; `None` while it waits or nothing may leave.
    pub again: Option<String>,
}

/// Where a delivery stands.
#[derive(Clone, Debug)]
pub enum Stands {
    /// Tried next then.
    Waiting(Zoned),
    Sent,
    Failed,
    Dropped,
}

/// A try.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub at: Zoned,
    /// What was answered, or why nothing was, in words.
    pub said: String,
    pub millis: u64,
}

pub(super) fn draw(shell: &Shell, hook: &Existing, off: bool) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Événement", "Event")),
        Column::text(lang.t("Quand", "When")),
        Column::text(lang.t("État", "State")),
        Column::text(lang.t("Tentatives", "Tries")),
        Column::text(lang.t("Renvoi", "Sending again")),
    ];
    let rows = hook.deliveries.iter().map(|one| row(shell, hook, one, off));
    components::section(
        "log",
        lang.t("Envois", "Deliveries"),
        html! {
            @if hook.deliveries.is_empty() {
                p.muted { (lang.t("Rien n’a encore été envoyé. Les envois sont gardés trente jours.", "Nothing has been sent yet. Deliveries are kept for thirty days.")) }
            } @else {
                (table("deliveries", lang.t("Envois, les derniers d’abord", "Deliveries, latest first"), &columns, rows.collect()))
            }
            (components::pager(None, hook.more.as_deref(), lang))
        },
    )
}

fn row(shell: &Shell, hook: &Existing, one: &Delivery, off: bool) -> Row {
    let lang = shell.lang;
    let name = html! {
        (kind(&one.kind, lang))
        @if let Some((number, href)) = &one.ticket { ", " a href=(href) { (lang.t("ticket n°", "ticket")) " " (number) } }
        br; code.muted { (one.kind) }
    };
    let tries = html! {
        @if !one.attempts.is_empty() {
            details {
                summary {
                    (format::count(one.attempts.len() as u64, lang))
                    @if let Some(last) = one.attempts.last() { ", " (components::words(&last.said, lang)) }
                }
                ul {
                    @for attempt in &one.attempts {
                        li {
                            (components::when_short(&attempt.at, lang)) ", " (components::words(&attempt.said, lang)) ", "
                            (format::count(attempt.millis, lang)) "\u{a0}ms"
                        }
                    }
                }
            }
        }
    };
    let again = html! {
        @if let Some(key) = one.again.as_ref().filter(|_| !off) {
            (components::act(shell, &format!("{}/again", hook.at), key, "inline", html! {
                input type="hidden" name="delivery" value=(one.id);
                button.quiet type="submit" aria-label={ (lang.t("Renvoyer", "Send again")) " : " (kind(&one.kind, lang)) } {
                    (lang.t("Renvoyer", "Send again"))
                }
            }))
        }
    };
    Row::new(vec![name, components::when_short(&one.made, lang), stands(&one.stands, lang), tries, again])
}

fn stands(stands: &Stands, lang: Lang) -> Markup {
    html! {
        @match stands {
            Stands::Sent => (badge(Tone::Good, lang.t("Reçu", "Received"))),
            Stands::Failed => (badge(Tone::Bad, lang.t("Abandonné", "Given up"))),
            Stands::Dropped => (badge(Tone::Quiet, lang.t("Non envoyé", "Not sent"))),
            Stands::Waiting(next) => {
                (badge(Tone::Active, lang.t("En attente", "Waiting"))) " "
                span.muted { (lang.t("essai le", "tried on")) " " (components::when_short(next, lang)) }
            }
        }
    }
}
