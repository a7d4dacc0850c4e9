//! Duties: done, due and late, month by month; deadlines, rights, and what happened to the contract.

mod forms;
mod samples;

use jiff::civil::{Date, DateTime};
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tab, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::shared::{self, Other};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The contract's number.
    pub contract: String,
    /// Every contract of the customer; chosen from when there are several.
    pub others: Vec<Other>,
    pub as_of: Date,
    /// What the list is narrowed to.
    pub party: Option<Party>,
    pub state: Option<ItemState>,
    /// Of the party chosen, before the state narrows them.
    pub counts: [(ItemState, usize); 7],
    /// Of one page, by the day they are due.
    pub items: Vec<Item>,
    /// The pages before and after it.
    pub pages: (Option<String>, Option<String>),
    pub deadlines: Vec<Line>,
    pub rights: Vec<Line>,
    /// Last first.
    pub told: Vec<Line>,
    /// What was told before that.
    pub told_next: Option<String>,
    /// `None` for readers who may record nothing.
    pub forms: Option<Forms>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Provider,
    Customer,
}

impl Party {
    pub fn from_code(code: &str) -> Option<Party> {
        [Party::Provider, Party::Customer].into_iter().find(|p| p.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Party::Provider => "provider",
            Party::Customer => "customer",
        }
    }

    fn word(self, lang: Lang) -> Text {
        match self {
            Party::Provider => lang.t("Prestataire", "Provider"),
            Party::Customer => lang.t("Client", "Customer"),
        }
    }
}

/// How one time a duty is owed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    Late,
    Soon,
    Unproved,
    Later,
    Done,
    DoneLate,
    /// Owed at all times; declared.
    Always,
}

impl ItemState {
    /// What needs somebody first.
    pub const ALL: [ItemState; 7] = [
        ItemState::Late,
        ItemState::Soon,
        ItemState::Unproved,
        ItemState::Later,
        ItemState::Done,
        ItemState::DoneLate,
        ItemState::Always,
    ];

    pub fn from_code(code: &str) -> Option<ItemState> {
        ItemState::ALL.into_iter().find(|s| s.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            ItemState::Late => "late",
            ItemState::Soon => "soon",
            ItemState::Unproved => "unproved",
            ItemState::Later => "later",
            ItemState::Done => "done",
            ItemState::DoneLate => "done-late",
            ItemState::Always => "always",
        }
    }

    fn word(self, lang: Lang) -> Text {
        match self {
            ItemState::Late => lang.t("En retard", "Late"),
            ItemState::Soon => lang.t("Bientôt due", "Due soon"),
            ItemState::Unproved => lang.t("Sans la preuve convenue", "Without the proof agreed"),
            ItemState::Later => lang.t("À venir", "To come"),
            ItemState::Done => lang.t("Faite à temps", "Done in time"),
            ItemState::DoneLate => lang.t("Faite en retard", "Done late"),
            ItemState::Always => lang.t("À tout moment", "At all times"),
        }
    }

    pub(in crate::pages) fn badge(self, lang: Lang) -> Markup {
        let word = self.word(lang);
        match self {
            ItemState::Late => badge(Tone::Bad, word),
            ItemState::Soon | ItemState::Unproved => badge(Tone::Warning, word),
            ItemState::Later => badge_with(Tone::Quiet, Icon::Clock, word),
            ItemState::Done => badge(Tone::Good, word),
            ItemState::DoneLate => badge_with(Tone::Quiet, Icon::Check, word),
            ItemState::Always => badge_with(Tone::Quiet, Icon::Pen, word),
        }
    }

    /// It is for somebody to do.
    pub(crate) fn open(self) -> bool {
        matches!(self, ItemState::Late | ItemState::Soon | ItemState::Unproved | ItemState::Later)
    }
}

/// One time a duty is owed.
#[derive(Clone, Debug)]
pub struct Item {
    /// `None`: at all times.
    pub on: Option<Date>,
    /// The exact limit, in words, when it is counted in hours.
    pub limit: Option<String>,
    /// In the contract's words.
    pub title: String,
    pub text_lang: Lang,
    pub label: String,
    /// `label/what`, as the form names it.
    pub key: String,
    pub party: Party,
    /// What the contract takes as proof.
    pub proof: String,
    pub state: ItemState,
    /// When it was done, and the reference of what proves it.
    pub done: Option<(Date, String)>,
    /// The ticket by which it was done or is to be, and where it is.
    pub ticket: Option<(u64, String)>,
    pub reasons: Vec<Reason>,
}

/// A dated sentence with its reasons.
#[derive(Clone, Debug)]
pub struct Line {
    pub on: Option<Date>,
    pub text: String,
    pub label: Option<String>,
    pub reasons: Vec<Reason>,
}

/// What the reader may record.
#[derive(Clone, Debug)]
pub struct Forms {
    /// The key of the form of duties; `None` when this reader may not.
    pub duty: Option<String>,
    pub life: Option<String>,
    pub owed: Vec<Choice>,
    /// The duty chosen beforehand.
    pub chosen: String,
    pub proofs: Vec<Choice>,
    pub facts: Vec<Choice>,
    pub today: Date,
    pub now: DateTime,
}

/// `GET /c/{customer}/duties`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        html! { (lang.t("Obligations", "Duties")) " " (view.contract) },
        Place::Duties,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } " / " (view.contract) },
                lang.t("Obligations et échéances", "Duties and deadlines"),
                html! {
                    a.button.plain href=(view.customer.path("/review")) { (lang.t("Revue de partenariat", "Partnership review")) }
                    @if view.forms.is_some() { a.button href="#record" { (lang.t("Enregistrer", "Record")) } }
                },
            ))
            (shared::contracts(&view.customer, "/duties", &view.others, lang))
            (narrowing(view, lang))
            (calendar(view, lang))
            (components::pager_of(lang.t("Pages des obligations", "Pages of the duties"), (view.pages.0.as_deref(), view.pages.1.as_deref()), lang))
            (lines("deadlines", lang.t("Échéances du contrat", "Deadlines of the contract"), &view.deadlines, view, lang))
            (lines("rights", lang.t("Droits de sortie anticipée", "Rights to end early"), &view.rights, view, lang))
            (lines("told", lang.t("Ce qui est arrivé au contrat", "What happened to the contract"), &view.told, view, lang))
            (components::pager_of(lang.t("Pages de ce qui est arrivé", "Pages of what happened"), (None, view.told_next.as_deref()), lang))
            @if let Some(forms) = &view.forms { (forms::draw(shell, view, forms)) }
        },
    )
}

fn narrowing(view: &View, lang: Lang) -> Markup {
    let href = |party: Option<Party>, state: Option<ItemState>| {
        let mut path = view.customer.path(&format!("/duties?contract={}", view.contract));
        if let Some(party) = party {
            path += &format!("&party={}", party.code());
        }
        if let Some(state) = state {
            path += &format!("&state={}", state.code());
        }
        path
    };
    let mut states = vec![Tab::new(href(view.party, None), lang.t("Toutes", "All"), view.state.is_none())];
    states.extend(view.counts.into_iter().filter(|(_, count)| *count > 0).map(|(state, count)| {
        let label = html! { (state.word(lang)) " (" (count) ")" };
        Tab::new(href(view.party, Some(state)), label, view.state == Some(state))
    }));
    let both =
        Tab::new(href(None, view.state), lang.t("Les deux parties", "Both parties"), view.party.is_none());
    let one =
        |party: Party| Tab::new(href(Some(party), view.state), party.word(lang), view.party == Some(party));
    let parties = [both, one(Party::Provider), one(Party::Customer)];
    html! {
        p.lead { (lang.t("Au", "On")) " " (format::full_date(view.as_of, lang)) }
        (components::tabs(lang.t("Par état", "By state"), &states))
        (components::tabs(lang.t("Par partie", "By party"), &parties))
    }
}

fn calendar(view: &View, lang: Lang) -> Markup {
    let mut dated: Vec<&Item> = view.items.iter().filter(|i| i.on.is_some()).collect();
    dated.sort_by_key(|i| i.on);
    let mut months: Vec<Date> = dated.iter().filter_map(|i| i.on).map(Date::first_of_month).collect();
    months.dedup();
    let always: Vec<&Item> = view.items.iter().filter(|i| i.on.is_none()).collect();
    html! {
        @if view.items.is_empty() {
            (components::empty(
                lang.t("Aucune obligation à montrer", "No duty to show"),
                lang.t("Le contrat n’en fait naître aucune de cette sorte dans son année en cours. Celles qui attendent un événement apparaissent dès qu’il est déclaré.", "The contract makes none of this kind in its current year. Those that wait for an event appear once it is told."),
                None,
            ))
        }
        @for month in months {
            @let id = format!("m{}", &month.to_string()[..7]);
            @let mine: Vec<&Item> = dated.iter().copied().filter(|i| i.on.map(Date::first_of_month) == Some(month)).collect();
            (components::section(&id, format::month(month, lang), rows(view, &mine, &format::month(month, lang), lang)))
        }
        @if !always.is_empty() {
            (components::section("always", lang.t("À tout moment", "At all times"), rows(view, &always, &lang.t("À tout moment", "At all times").to_string(), lang)))
        }
    }
}

fn rows(view: &View, items: &[&Item], caption: &str, lang: Lang) -> Markup {
    let heading = |fr, en| String::from(lang.t(fr, en));
    let columns = [
        Column::name(heading("Obligation", "Duty")),
        Column::text(heading("Au plus tard", "By")),
        Column::text(heading("Due par", "Owed by")),
        Column::text(heading("État", "State")),
        Column::text(heading("Preuve", "Proof")),
    ];
    let rows = items.iter().map(|item| Row::new(row(view, item, lang))).collect();
    table("duties", caption, &columns, rows)
}

fn row(view: &View, item: &Item, lang: Lang) -> Vec<Markup> {
    let clause = view.customer.path(&format!("/contracts/{}#{}", view.contract, item.label));
    vec![
        html! {
            span lang=(item.text_lang.code()) { (components::words(&item.title, item.text_lang)) }
            " " a href=(clause) { code { (item.label) } }
        },
        html! {
            @match (&item.limit, item.on) {
                (Some(limit), _) => (components::words(limit, lang)),
                (None, Some(on)) => time datetime=(on) { (format::date(on, lang)) },
                (None, None) => (lang.t("à tout moment", "at all times")),
            }
        },
        html! { (item.party.word(lang)) },
        html! {
            (item.state.badge(lang))
            @if let Some((number, href)) = &item.ticket {
                " " a href=(href) { (lang.t("Ticket n°", "Ticket")) " " (number) }
            }
            (components::why(lang.t("Pourquoi ?", "Why?"), &item.reasons, lang))
        },
        html! {
            @match &item.done {
                Some((on, reference)) => { (format::date(*on, lang)) @if !reference.is_empty() { ", " (components::words(reference, lang)) } },
                None => span.muted { (components::words(&item.proof, lang)) },
            }
            @if view.forms.as_ref().is_some_and(|f| f.duty.is_some()) && item.state.open() {
                " " a href=(record(view, item)) { (lang.t("Enregistrer", "Record")) }
            }
        },
    ]
}

/// Where it is recorded as done: on the ticket that does it, where there is one.
fn record(view: &View, item: &Item) -> String {
    match &item.ticket {
        Some((_, ticket)) => format!("{ticket}#duty"),
        None => {
            let query = format!("contract={}&record={}", view.contract, item.key);
            view.customer.path(&format!("/duties?{query}#record"))
        }
    }
}

fn lines(id: &str, title: Text, list: &[Line], view: &View, lang: Lang) -> Markup {
    html! {
        @if !list.is_empty() {
            (components::section(id, title, html! {
                ul.evidence {
                    @for line in list {
                        li {
                            @if let Some(on) = line.on { time datetime=(on) { strong { (format::date(on, lang)) } } " " }
                            (components::words(&line.text, lang))
                            @if let Some(label) = &line.label {
                                " " a href=(view.customer.path(&format!("/contracts/{}#{label}", view.contract))) { code { (label) } }
                            }
                            @if !line.reasons.is_empty() { (components::why(lang.t("Pourquoi ?", "Why?"), &line.reasons, lang)) }
                        }
                    }
                }
            }))
        }
    }
}
