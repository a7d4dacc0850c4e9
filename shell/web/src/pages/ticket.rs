//! A ticket: its clocks and why, its conversation, what the contract decided, what can be done.

mod acts;
pub mod beside;
pub mod change;
mod clocks;
pub mod delivery;
pub mod duty;
mod files;
mod levels;
mod samples;
pub mod satisfaction;
pub mod time;
mod undone;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Side, Text, clock_bar, format, markdown};
use crate::pages::shared::{Progress, Promise, TicketState};
use crate::pages::suggested;

pub use files::FileLink;
pub use levels::{Level, LevelState};
pub use samples::samples;
pub use undone::Undone;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub number: u64,
    pub title: String,
    /// « Incident », « Demande de service ».
    pub kind: String,
    pub priority: String,
    /// In the words of the contract.
    pub priority_name: String,
    /// « Service × bloquant, article 6 ».
    pub priority_because: String,
    /// Of a defect: « Majeure », and what the contract means by it.
    pub severity: Option<(String, String)>,
    pub state: TicketState,
    pub opened: Zoned,
    pub opened_by: String,
    /// Who wrote it down for them, when it is somebody else.
    pub recorded_by: Option<String>,
    pub channel: String,
    pub site: String,
    pub operation: String,
    pub assignee: Option<String>,
    pub items: Vec<Item>,
    pub perimeter: Perimeter,
    pub clocks: Vec<Clock>,
    pub levels: Vec<levels::Level>,
    /// What the contract's form asked, and what was answered.
    pub answers: Vec<(String, String)>,
    /// What was declared, then the last of what followed.
    pub messages: Vec<Message>,
    pub talk: Talk,
    /// What the reader may do now, in the order offered.
    pub acts: Vec<Act>,
    /// What the reader is writing, shown as it will look.
    pub draft: Option<Draft>,
    /// Idempotency key of the forms; each act's form appends its own name to it.
    pub key: String,
    pub time_spent_minutes: i64,
    /// For the provider's people.
    pub time: Option<time::Time>,
    /// What the hotline meter took for this ticket: « 1 ticket du carnet ».
    pub meter: Option<String>,
    /// What is planned and done, if it is a change.
    pub change: Option<change::Change>,
    pub delivery: Option<delivery::Delivery>,
    /// What the reader has just tried in vain.
    pub undone: Option<Undone>,
    /// How many visits were made on site; `None` where the reader has none to see or to report.
    pub visits: Option<usize>,
    pub beside: beside::Beside,
    pub knowledge: suggested::Beside,
    /// The version the ticket opened under, and its address for those who may read it.
    pub contract_version: (String, Option<String>),
}

/// Ways to the rest of a long conversation.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// The address of what came before, and how much that is.
    pub earlier: Option<(String, u64)>,
    /// The address of the last of it, from another place.
    pub last: Option<String>,
}

/// A covered item.
#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    pub class: String,
}

/// What the contract said when the ticket opened.
#[derive(Clone, Debug)]
pub struct Perimeter {
    pub verdict: Verdict,
    /// One sentence.
    pub sentence: String,
    /// What the warranty of the delivery whose defect it mends says, running or over.
    pub warranty: Option<String>,
    /// What becomes of the clocks while an answer is awaited.
    pub meanwhile: Option<String>,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    Included,
    /// It mends a defect of a delivery that is under warranty.
    Warranty,
    /// Ordered from the book of work units, with its delivery.
    InUnits,
    Excluded,
    /// Done at a price, known before the work.
    Priced {
        amount_cents: i64,
        unit: String,
        answer: Answer,
    },
    /// The provider has to say a price first.
    QuoteAwaited,
}

/// What the customer said of a price.
#[derive(Clone, Debug)]
pub enum Answer {
    Awaited,
    /// « Accepté le 3 novembre par Hélène Castaing. »
    Agreed(String),
    Declined,
    /// The quotation held until a day that has passed.
    Lapsed,
}

/// One commitment's clock for this ticket.
#[derive(Clone, Debug)]
pub struct Clock {
    pub promise: Promise,
    pub progress: Progress,
    pub elapsed_minutes: i64,
    pub target_minutes: i64,
    /// « heures de service (ho) ».
    pub calendar: String,
    pub bar: clock_bar::ClockBar,
    /// Why this due instant.
    pub reasons: Vec<Reason>,
    /// Who is told of it next, and when, the soonest first; for the provider's people.
    pub alarms: Vec<Alarm>,
}

/// A warning to come.
#[derive(Clone, Debug)]
pub struct Alarm {
    pub at: Zoned,
    /// The level of escalation; `None` for whoever has the ticket.
    pub level: Option<u32>,
    /// To whom, in words.
    pub to: String,
}

/// Something written, said or done.
#[derive(Clone, Debug)]
pub struct Message {
    pub author: String,
    pub side: Side,
    pub at: Zoned,
    pub kind: MessageKind,
    /// Markdown; empty for a bare event.
    pub text: String,
    /// When it was written down, for an act told afterwards.
    pub later: Option<String>,
    pub files: Vec<FileLink>,
    /// An internal file was attached.
    pub internal: bool,
}

#[derive(Clone, Debug)]
pub enum MessageKind {
    Reply,
    /// Not shown to the customer.
    Note,
    Call {
        minutes: i64,
    },
    /// An act, in one sentence: « a suspendu le délai : accès du client ».
    Event {
        sentence: String,
        tone: Tone,
    },
}

impl Message {
    /// Not for the customer, on a page that is printed either.
    fn is_internal(&self) -> bool {
        matches!(self.kind, MessageKind::Note) || self.internal
    }
}

/// A message being written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// `reply` or `note`.
    pub act: String,
    pub text: String,
}

/// An act the reader may do, with the choices its form offers.
#[derive(Clone, Debug)]
pub enum Act {
    TakeOver,
    /// Hand the ticket to one of these.
    Assign {
        people: Vec<Choice>,
    },
    Reply,
    Note,
    /// Reasons listed by the contract.
    Pause {
        reasons: Vec<Choice>,
    },
    Resume,
    Priority {
        impacts: Vec<Choice>,
        urgencies: Vec<Choice>,
    },
    Restore,
    Resolve,
    Reopen,
    Call,
    /// Ask a price, in this currency.
    Quote {
        currency: &'static str,
    },
    /// Agree to the price that stands: « 95.00 EUR », and as it is read.
    AgreePrice {
        price: String,
        /// The entry of the quotation that it answers; `None` for the price of a clause.
        quotation: Option<u64>,
        shown: String,
        /// The provider writes it down, and says where the customer wrote it.
        reference: bool,
    },
    /// Decline the price that was asked, or give the work up before there is one.
    DeclinePrice {
        quotation: Option<u64>,
        asked: bool,
    },
    /// Write down what was wrong.
    Diagnose,
    /// Write down the cause of a problem.
    KnownError,
    /// Tie to another ticket, merge, split.
    Relate {
        ties: Vec<Choice>,
    },
    Watch,
    Unwatch,
}

/// `GET /c/{customer}/tickets/{n}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = components::words(&view.title, lang);
    let included = matches!(view.perimeter.verdict, Verdict::Included | Verdict::InUnits | Verdict::Warranty);
    let topic = format!("c/{}/{}", view.customer.slug, view.number);
    layout::page(
        shell,
        html! { (view.number) " · " (title) },
        Place::Tickets,
        html! {
            (layout::heading(
                html! { (layout::under_tickets(&view.customer, lang)) " / " (view.number) },
                &title,
                visits(view, lang),
            ))
            p.ticket-line id="live-line" data-live=(topic) {
                (components::priority(&view.priority, lang)) (view.state.badge(lang))
                span { (view.kind) ", " (lang.t("ouvert le", "opened on")) " " (components::when(&view.opened, lang))
                    " " (lang.t("par", "by")) " " (view.opened_by)
                    @if let Some(by) = &view.recorded_by { ", " (lang.t("enregistré par", "written down by")) " " (by) } }
            }
            (undone::draw(view, lang))
            div.ticket-page {
                div.ticket-main {
                    (layout::live("live-clocks", &topic, html! {
                        (beside::notices(view, lang))
                        // A price or a refusal comes before the work, hence before anything else.
                        @if !included { (perimeter(&view.perimeter, lang)) }
                        @if !view.clocks.is_empty() { (clocks::section(view, lang)) }
                        @if !view.levels.is_empty() { (levels::section(view, lang)) }
                    }))
                    @if let Some(change) = &view.change {
                        (layout::live("live-change", &topic, change::section(shell, view, change)))
                    }
                    @if let Some(duty) = &view.beside.duty {
                        (layout::live("live-duty", &topic, duty::section(shell, view, duty)))
                    }
                    @if let Some(of) = &view.beside.satisfaction { (satisfaction::section(shell, view, of)) }
                    @if let Some(delivery) = &view.delivery {
                        (layout::live("live-delivery", &topic, delivery::section(shell, view, delivery)))
                    }
                    (conversation(shell, view, &topic))
                }
                aside.ticket-side aria-label=(lang.t("Actes et faits", "Acts and facts")) {
                    (layout::live("live-acts", &topic, acts::panel(shell, view)))
                    (layout::live("live-facts", &topic, html! {
                        @if included { (perimeter(&view.perimeter, lang)) }
                        (beside::panel(shell, view))
                        (suggested::panel(shell, &view.customer, view.number, &view.key, &view.knowledge))
                        @if let Some(time) = &view.time { div.internal { (time::section(shell, view, time)) } }
                        (facts(view, lang))
                    }))
                }
            }
        },
    )
}

/// Where visits on site are reported and signed.
fn visits(view: &View, lang: Lang) -> Markup {
    let Some(count) = view.visits else { return html! {} };
    html! {
        a.button.plain href=(view.customer.path(&format!("/tickets/{}/visits", view.number))) {
            (lang.t("Visites sur site", "On-site visits")) @if count > 0 { " (" (count) ")" }
        }
    }
}

fn conversation(shell: &Shell, view: &View, topic: &str) -> Markup {
    let lang = shell.lang;
    components::section(
        "conversation",
        lang.t("Conversation", "Conversation"),
        html! {
            @if !view.answers.is_empty() {
                dl.facts.wide.answers aria-label=(lang.t("Réponses au formulaire", "Answers to the form")) {
                    @for (question, says) in &view.answers {
                        div { dt { (components::words(question, lang)) } dd { (says) } }
                    }
                }
            }
            @if view.messages.iter().any(Message::is_internal) {
                p.check.print-choice {
                    input type="checkbox" id="print-internal";
                    label for="print-internal" { (lang.t("Imprimer aussi les notes internes", "Print the internal notes too")) }
                }
            }
            ol.conversation id="live-conversation" data-live=(topic) {
                @for (place, message) in view.messages.iter().enumerate() {
                    li.internal[message.is_internal()] { (draw_message(message, lang)) }
                    @if place == 0 && let Some((href, count)) = &view.talk.earlier {
                        li { a.button.plain href=(href) rel="prev" { (earlier(*count, lang)) } }
                    }
                }
            }
            @if let Some(href) = &view.talk.last {
                p { a.button.plain href=(href) rel="next" { (lang.t("Derniers échanges →", "Latest exchanges →")) } }
            }
            (acts::writing(shell, view))
        },
    )
}

/// How much of the conversation came before what is shown.
fn earlier(count: u64, lang: Lang) -> String {
    let count = format::count(count, lang);
    match lang {
        Lang::Fr => format!("← Échanges précédents\u{a0}: {count}"),
        Lang::En => format!("← Earlier exchanges: {count}"),
    }
}

fn draw_message(message: &Message, lang: Lang) -> Markup {
    let at = components::when_short(&message.at, lang);
    if let MessageKind::Event { sentence, tone } = &message.kind {
        return html! {
            p class={ "event " (tone.class()) } {
                (icon(tone.icon()))
                span {
                    strong { (message.author) } " " (components::words(sentence, lang)) " "
                    span.muted { (at) }
                }
            }
            @if !message.text.is_empty() || message.later.is_some() || !message.files.is_empty() {
                div.event-words { (said(message, lang)) }
            }
        };
    }
    let (class, mark): (&str, Option<Text>) = match &message.kind {
        MessageKind::Note => (
            "note",
            Some(lang.t("Note interne, invisible au client", "Internal note, hidden from the customer")),
        ),
        MessageKind::Call { .. } => ("call", Some(lang.t("Appel", "Call"))),
        _ if message.side == Side::Customer => ("customer", None),
        _ => ("provider", None),
    };
    html! {
        article class={ "message " (class) } {
            header {
                strong { (message.author) }
                span.muted { (at) }
                @if let Some(mark) = mark {
                    span.mark-word {
                        @if class == "call" { (icon(Icon::Phone)) } @else { (icon(Icon::Pen)) }
                        (mark)
                        @if let MessageKind::Call { minutes } = message.kind { ", " (format::minutes(minutes, lang)) }
                    }
                }
            }
            (said(message, lang))
        }
    }
}

/// The words of a message, when they were written down, and what came with them.
fn said(message: &Message, lang: Lang) -> Markup {
    html! {
        @if !message.text.is_empty() {
            div.said { (markdown::render(&message.text, lang, &|name| files::named(message, name))) }
        }
        @if let Some(later) = &message.later { p { (components::words(later, lang)) } }
        (files::list(message, lang))
    }
}

fn perimeter(perimeter: &Perimeter, lang: Lang) -> Markup {
    let verdict = match &perimeter.verdict {
        Verdict::Included => badge(Tone::Good, lang.t("Compris dans le forfait", "Included in the fee")),
        Verdict::Warranty => badge(Tone::Good, lang.t("Sous garantie, sans frais", "Under warranty, free")),
        Verdict::InUnits => badge(Tone::Quiet, lang.t("En unités d’œuvre", "In work units")),
        Verdict::Excluded => badge(Tone::Bad, lang.t("Hors périmètre", "Outside the perimeter")),
        Verdict::QuoteAwaited => {
            badge(Tone::Warning, lang.t("Sur devis, devis attendu", "On quotation, quotation awaited"))
        }
        Verdict::Priced { answer, .. } => match answer {
            Answer::Agreed(_) => badge(Tone::Good, lang.t("Payant, accepté", "Charged, agreed")),
            Answer::Awaited => {
                badge(Tone::Warning, lang.t("Payant, accord attendu", "Charged, agreement awaited"))
            }
            Answer::Declined => badge(Tone::Quiet, lang.t("Payant, refusé", "Charged, declined")),
            Answer::Lapsed => badge(Tone::Bad, lang.t("Devis expiré", "Quotation lapsed")),
        },
    };
    components::section(
        "perimeter",
        lang.t("Ce que dit le contrat", "What the contract says"),
        html! {
            p { (verdict) }
            @if let Verdict::Priced { amount_cents, unit, answer } = &perimeter.verdict {
                p.big-figure {
                    strong { (format::money(*amount_cents, lang)) } " " span { (lang.t("HT", "excl. VAT")) " " (components::words(unit, lang)) }
                }
                @if let Answer::Agreed(agreed) = answer { p.muted { (components::words(agreed, lang)) } }
            }
            p { (components::words(&perimeter.sentence, lang)) }
            @if let Some(warranty) = &perimeter.warranty { p { (components::words(warranty, lang)) } }
            @if let Some(meanwhile) = &perimeter.meanwhile { p.muted { (components::words(meanwhile, lang)) } }
            (components::why(lang.t("Pourquoi cette décision ?", "Why this decision?"), &perimeter.reasons, lang))
        },
    )
}

fn facts(view: &View, lang: Lang) -> Markup {
    let (version, href) = &view.contract_version;
    let items = html! {
        @if view.items.is_empty() { span.muted { (lang.t("aucun", "none")) } }
        @for (index, item) in view.items.iter().enumerate() {
            @if index > 0 { br; }
            (item.name) " " span.muted { (item.class) }
        }
    };
    let assignee = html! {
        @match &view.assignee {
            Some(name) => (name),
            None => span.muted { (lang.t("personne", "nobody")) },
        }
    };
    let mut pairs = vec![
        (html! { (lang.t("Confié à", "Assigned to")) }, assignee),
        (
            html! { (lang.t("Priorité", "Priority")) },
            html! { (view.priority_name) span.sub { (components::words(&view.priority_because, lang)) } },
        ),
        (html! { (lang.t("Éléments", "Items")) }, items),
        (html! { (lang.t("Site", "Site")) }, html! { (view.site) }),
        (html! { (lang.t("Opération", "Operation")) }, html! { (view.operation) }),
        (html! { (lang.t("Canal", "Channel")) }, html! { (view.channel) }),
        (
            html! { (lang.t("Temps passé", "Time spent")) },
            html! { (format::minutes(view.time_spent_minutes, lang)) },
        ),
    ];
    if let Some((title, means)) = &view.severity {
        let severity = html! { (title) span.sub { (components::words(means, lang)) } };
        pairs.insert(2, (html! { (lang.t("Gravité", "Severity")) }, severity));
    }
    pairs.extend(beside::facts(view, lang));
    if let Some(meter) = &view.meter {
        pairs.push((html! { (lang.t("Compteur", "Meter")) }, html! { (meter) }));
    }
    pairs.push((
        html! { (lang.t("Contrat appliqué", "Contract applied")) },
        html! { @match href { Some(href) => a href=(href) { (version) }, None => (version) } },
    ));
    components::section("facts", lang.t("Faits", "Facts"), components::facts(pairs))
}
