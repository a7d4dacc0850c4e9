//! What several pages show alike: tickets in rows, time left in words, meters.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, Render, html};

use crate::design::components::{self, Reason, Tab, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, chart, clock_bar, format};

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// Nobody took it over yet.
    New,
    Taken,
    Paused,
    /// Service is back, perhaps by a workaround; the cause may remain.
    Restored,
    Resolved,
    /// Refused, or withdrawn.
    Closed,
}

impl TicketState {
    /// All states, in the order of a ticket's life.
    pub const ALL: [TicketState; 6] = [
        TicketState::New,
        TicketState::Taken,
        TicketState::Paused,
        TicketState::Restored,
        TicketState::Resolved,
        TicketState::Closed,
    ];

    /// The word used in addresses and forms.
    pub fn code(self) -> &'static str {
        match self {
            TicketState::New => "new",
            TicketState::Taken => "taken",
            TicketState::Paused => "paused",
            TicketState::Restored => "restored",
            TicketState::Resolved => "resolved",
            TicketState::Closed => "closed",
        }
    }

    pub fn word(self, lang: Lang) -> Text {
        match self {
            TicketState::New => lang.t("À prendre en charge", "To take over"),
            TicketState::Taken => lang.t("Pris en charge", "Taken over"),
            TicketState::Paused => lang.t("Suspendu", "Suspended"),
            TicketState::Restored => lang.t("Rétabli", "Restored"),
            TicketState::Resolved => lang.t("Résolu", "Resolved"),
            TicketState::Closed => lang.t("Clos", "Closed"),
        }
    }

    pub fn badge(self, lang: Lang) -> Markup {
        let word = self.word(lang);
        match self {
            TicketState::New => badge_with(Tone::Active, Icon::Plus, word),
            TicketState::Taken => badge_with(Tone::Active, Icon::Person, word),
            TicketState::Paused => badge_with(Tone::Quiet, Icon::Pause, word),
            TicketState::Restored | TicketState::Resolved => badge(Tone::Good, word),
            TicketState::Closed => badge(Tone::Quiet, word),
        }
    }
}

/// Which promise of the contract a clock measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Promise {
    Respond,
    Restore,
    Resolve,
    Escalate,
    Quote,
    Deliver,
    Answer,
}

impl Promise {
    pub fn word(self, lang: Lang) -> Text {
        match self {
            Promise::Respond => lang.t("Prise en charge", "Response"),
            Promise::Restore => lang.t("Rétablissement", "Restoration"),
            Promise::Resolve => lang.t("Résolution", "Resolution"),
            Promise::Escalate => lang.t("Escalade", "Escalation"),
            Promise::Quote => lang.t("Devis", "Quotation"),
            Promise::Deliver => lang.t("Livraison", "Delivery"),
            Promise::Answer => lang.t("Réponse", "Answer"),
        }
    }

    /// What its clock stopping says was done.
    pub fn done(self, lang: Lang) -> Text {
        match self {
            Promise::Respond => lang.t("Pris en charge", "Taken over"),
            Promise::Restore => lang.t("Rétabli", "Restored"),
            Promise::Resolve => lang.t("Résolu", "Resolved"),
            Promise::Escalate => lang.t("Escaladé", "Escalated"),
            Promise::Quote => lang.t("Devis remis", "Quotation given"),
            Promise::Deliver => lang.t("Livré", "Delivered"),
            Promise::Answer => lang.t("Répondu", "Answered"),
        }
    }
}

/// The commitment that matters next for a ticket, as of the page's instant.
#[derive(Clone, Debug)]
pub struct NextDue {
    pub promise: Promise,
    /// `None` while the clock is suspended: the due instant moves.
    pub due: Option<Zoned>,
    pub elapsed_minutes: i64,
    pub target_minutes: i64,
    pub progress: Progress,
}

/// Whether a promise is being kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    Running,
    /// Less than a quarter of the target is left.
    AtRisk,
    Paused,
    /// Past the due instant and not fulfilled.
    Late,
    Kept,
    Missed,
}

impl NextDue {
    /// Minutes of service hours left; negative when late.
    pub fn left_minutes(&self) -> i64 {
        self.target_minutes - self.elapsed_minutes
    }
}

/// A ticket in a list.
#[derive(Clone, Debug)]
pub struct TicketRow {
    pub number: u64,
    /// Empty where it is kept back until the undertaking of confidentiality is signed.
    pub title: String,
    pub customer: CustomerRef,
    /// « P1 ».
    pub priority: String,
    pub state: TicketState,
    pub assignee: Option<String>,
    /// `None` when nothing more is promised.
    pub next: Option<NextDue>,
    pub opened: Zoned,
    /// The key under which the reader takes it over from the list; `None` where it has somebody, or is not
    /// theirs to take.
    pub take: Option<String>,
}

/// What a table of tickets lets one do beside opening them.
#[derive(Clone, Copy, Default)]
pub struct Doing<'a> {
    /// The id of the form that its rows are ticked for.
    pub ticks: Option<&'a str>,
    /// Whether rows that nobody has offer to take them over, by the form of [`take_form`].
    pub takes: bool,
}

/// Time left, in words.
pub fn time_left(next: &NextDue, lang: Lang) -> Markup {
    let amount = format::minutes(next.left_minutes().abs(), lang);
    html! {
        @match next.progress {
            Progress::Running => span.left { (amount) " " (lang.t("restantes", "left")) },
            Progress::AtRisk => span.left.warning {
                (crate::design::icon::icon(Icon::Alert)) (lang.t("Plus que", "Only")) " " (amount)
                @if lang == Lang::En { " left" }
            },
            Progress::Paused => span.left.quiet {
                (crate::design::icon::icon(Icon::Pause)) (lang.t("Suspendu, reste", "Suspended, left:")) " " (amount)
            },
            Progress::Late => span.left.bad {
                (crate::design::icon::icon(Icon::Alert)) (lang.t("En retard de", "Late by")) " " (amount)
            },
            Progress::Kept => span.left.good {
                (crate::design::icon::icon(Icon::Check)) (lang.t("Tenu", "Kept"))
            },
            Progress::Missed => span.left.bad {
                (crate::design::icon::icon(Icon::Cross)) (lang.t("Manqué de", "Missed by")) " " (amount)
            },
        }
    }
}

fn next_due(next: Option<&NextDue>, lang: Lang) -> Markup {
    let Some(next) = next else {
        return html! { span.muted { (lang.t("Rien ne court", "No clock running")) } };
    };
    html! {
        div.next-due {
            (time_left(next, lang))
            (clock_bar::mini(next.elapsed_minutes, next.target_minutes, next.progress == Progress::Paused))
            span.muted.small {
                (next.promise.word(lang))
                @if let Some(due) = &next.due { ", " (components::when_short(due, lang)) }
            }
        }
    }
}

/// Tickets in a table; each with its customer's name when the list crosses customers.
pub fn ticket_table(caption: impl Render, rows: &[TicketRow], across: bool, lang: Lang) -> Markup {
    ticket_table_doing(caption, rows, across, Doing::default(), lang)
}

/// The same, with what can be done from it.
pub fn ticket_table_doing(
    caption: impl Render,
    rows: &[TicketRow],
    across: bool,
    doing: Doing,
    lang: Lang,
) -> Markup {
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::plain(lang.t("Priorité", "Priority")),
        Column::plain(lang.t("État", "State")),
        Column::plain(lang.t("Confié à", "Assigned to")),
        Column::plain(lang.t("Échéance", "Due")),
    ];
    let drawn = rows.iter().map(|row| ticket_row(row, across, doing, lang)).collect();
    html! { div data-list="tickets" { (table("tickets", caption, &columns, drawn)) } }
}

const TAKE: &str = "take";

/// The one form that the buttons of all rows send, each to its own ticket: a form in each would weigh more
/// than a page may. Whoever takes one comes back to `back`.
pub fn take_form(shell: &Shell, rows: &[TicketRow], back: &str) -> Markup {
    html! {
        @if rows.iter().any(|row| row.take.is_some()) {
            form id=(TAKE) method="post" {
                input type="hidden" name="csrf" value=(shell.csrf);
                input type="hidden" name="back" value=(back);
                input type="hidden" name="free" value="1";
            }
        }
    }
}

fn holder(row: &TicketRow, doing: Doing, lang: Lang) -> Markup {
    let nobody = html! { span.muted { (lang.t("personne", "nobody")) } };
    match (&row.assignee, row.take.as_ref().filter(|_| doing.takes && !row.title.is_empty())) {
        (Some(name), _) => html! { (name) },
        (None, Some(key)) => html! {
            // One in each row, and a page has thirty: it has no more than it needs.
            button form=(TAKE) name="key" value=(key)
                formaction=(row.customer.path(&format!("/tickets/{}/take-over", row.number)))
                aria-label={ (lang.t("Prendre", "Take")) " " (row.number) } {
                (lang.t("Prendre", "Take"))
            }
        },
        // Whose it is, is kept back with its title.
        (None, None) if row.title.is_empty() => html! {},
        (None, None) => nobody,
    }
}

fn ticket_row(row: &TicketRow, across: bool, doing: Doing, lang: Lang) -> Row {
    let href = row.customer.path(&format!("/tickets/{}", row.number));
    let withheld = row.title.is_empty();
    let late = row.next.as_ref().is_some_and(|next| next.progress == Progress::Late);
    let link = html! {
        a.ticket-link href=(href) data-item {
            span.ticket-number { (row.number) }
            " "
            @if withheld {
                span.muted { (lang.t("Engagement à signer", "Undertaking to sign")) }
            } @else {
                span { (components::words(&row.title, lang)) }
            }
        }
    };
    let name = html! {
        @match doing.ticks {
            Some(form) => div.tickable {
                input.tick type="checkbox" form=(form) name="t" value=(row.number)
                    aria-label={ (lang.t("Cocher le ticket", "Tick ticket")) " " (row.number) };
                (link)
            },
            None => (link),
        }
        @if across {
            a.ticket-customer href=(row.customer.path("")) { (row.customer.name) }
        }
    };
    Row {
        class: if late { "late" } else { "" },
        cells: vec![
            name,
            components::priority(&row.priority, lang),
            row.state.badge(lang),
            holder(row, doing, lang),
            next_due(row.next.as_ref(), lang),
        ],
    }
}

/// A ticket pack, hours or anything that is used up over a period.
#[derive(Clone, Debug)]
pub struct Meter {
    /// « Carnet d'assistance ».
    pub title: String,
    /// « 2 », « 27 h 30 ».
    pub left: String,
    /// « sur 120 tickets restants », « sur 30 h restantes ».
    pub out_of: String,
    pub chart: chart::BurnDown,
    /// What the pace so far announces, in one sentence.
    pub forecast: String,
    /// What happens when it is empty, in one sentence.
    pub when_empty: String,
    /// The period's two ends.
    pub period: (Date, Date),
    pub reasons: Vec<Reason>,
}

/// A meter with its burn-down.
pub fn meter(meter: &Meter, lang: Lang) -> Markup {
    html! {
        article.meter {
            div.meter-head {
                h3 { (components::words(&meter.title, lang)) }
                p.big-figure {
                    strong { (meter.left) } " "
                    span { (meter.out_of) }
                }
            }
            (chart::burn_down(&meter.chart, lang))
            p { (components::words(&meter.forecast, lang)) }
            p.muted { (components::words(&meter.when_empty, lang)) }
            (components::why(lang.t("Pourquoi ce compte ?", "Why this count?"), &meter.reasons, lang))
        }
    }
}

/// What the contract decides about something asked, with its reasons.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// One sentence: what was refused, to whom.
    pub sentence: String,
    pub reasons: Vec<Reason>,
    /// Index of the journal entry that records it.
    pub journal_entry: Option<u64>,
    /// What the reader can do now.
    pub advice: String,
}

/// A refusal, where it happened.
pub fn refusal(refusal: &Refusal, lang: Lang) -> Markup {
    html! {
        div.refusal role="alert" {
            p.refusal-title {
                (crate::design::icon::icon(Icon::Cross)) (components::words(&refusal.sentence, lang))
            }
            (components::reasons(&refusal.reasons, lang))
            p { (components::words(&refusal.advice, lang)) }
            @if let Some(entry) = refusal.journal_entry {
                p.muted {
                    (lang.t("Décision inscrite au journal, entrée", "Decision recorded in the journal, entry"))
                    " " (format::count(entry, lang)) "."
                }
            }
        }
    }
}

/// A contract of the customer, offered beside the one shown.
#[derive(Clone, Debug)]
pub struct Other {
    pub number: String,
    pub current: bool,
}

/// The customer's contracts as tabs of a page, where there are several.
pub fn contracts(customer: &CustomerRef, page: &str, others: &[Other], lang: Lang) -> Markup {
    let href = |number: &str| customer.path(&format!("{page}?contract={}", format::query(number)));
    if others.len() < 2 {
        return html! {};
    }
    let tab = |other: &Other| Tab::new(href(&other.number), &other.number, other.current);
    components::tabs(lang.t("Contrats", "Contracts"), &others.iter().map(tab).collect::<Vec<_>>())
}
