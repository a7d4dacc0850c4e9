//! A customer at a glance: its contracts, open work, meters, the month so far, next deadlines.

mod samples;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Reason, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::shared::{self, Meter, TicketRow};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// « Toulouse et Strasbourg, 40 postes ».
    pub summary: String,
    pub contracts: Vec<ContractCard>,
    /// The few open tickets that the reader declared, nearest to their due instant; of the customer's people.
    pub own_work: Vec<TicketRow>,
    /// The few others nearest to theirs.
    pub open_work: Vec<TicketRow>,
    pub open_count: u64,
    /// The reader signs for their party: a first contract is offered.
    pub may_sign: bool,
    /// The reader may see the texts being written.
    pub may_draft: bool,
    pub meters: Vec<Meter>,
    /// `None` before the contract starts.
    pub month: Option<MonthSoFar>,
    pub deadlines: Vec<Deadline>,
    /// Who is on call, one for each clause that asks for a roster; none for those who may not read it.
    pub on_call: Vec<OnCall>,
    /// None for those who may not read the contract, and before the first answer.
    pub satisfaction: Option<Satisfaction>,
    /// What waits for an answer that the reader may give, the soonest due first.
    pub awaited: Vec<Awaited>,
    /// The reader's own tickets, resolved lately, about which they said nothing yet: title and address.
    pub to_judge: Vec<(u64, String, String)>,
}

/// Something that waits for the customer's answer.
#[derive(Clone, Debug)]
pub struct Awaited {
    pub number: u64,
    pub title: String,
    pub href: String,
    /// « Livraison à vérifier ».
    pub asks: String,
    /// The last day to answer, where there is one.
    pub until: Option<Date>,
    /// What the customer's silence does.
    pub silence: String,
    pub reasons: Vec<Reason>,
    pub tone: Tone,
}

/// What people thought of the work, by month.
#[derive(Clone, Debug)]
pub struct Satisfaction {
    pub months: Vec<Judged>,
    /// The mark that the contract aims at.
    pub target: Vec<Reason>,
}

#[derive(Clone, Debug)]
pub struct Judged {
    /// The first day of the month.
    pub month: Date,
    pub answers: u64,
    /// The average mark in hundredths.
    pub mean: u64,
    /// Marks of 1 and 2.
    pub dissatisfied: u64,
}

/// Who can be reached now under one clause.
#[derive(Clone, Debug)]
pub struct OnCall {
    /// The contract's number.
    pub contract: String,
    pub names: Vec<String>,
    /// Whether the contract promises somebody now.
    pub promised: bool,
}

/// A contract and how it is held today.
#[derive(Clone, Debug)]
pub struct ContractCard {
    pub id: String,
    pub title: String,
    /// « Version 2, en vigueur depuis le 1er oct. 2026 ».
    pub version: String,
    pub ends: Date,
    /// Last day to give notice.
    pub notice_by: Option<Date>,
    /// `None` for those who may not see money.
    pub monthly_fee: Option<MonthlyFee>,
    pub held: u32,
    pub at_risk: u32,
    pub missed: u32,
    pub not_measured: u32,
}

/// What a contract bears each month, net of VAT.
#[derive(Clone, Debug, Default)]
pub struct MonthlyFee {
    /// The fees of a full month; `None` when it has no fee of its own.
    pub cents: Option<i64>,
    /// What is billed by the number processed, fee or no fee.
    pub volumes: Vec<Volume>,
    /// Orders stand on this contract, each with its own price.
    pub by_orders: bool,
}

/// Something billed by volume.
#[derive(Clone, Debug)]
pub struct Volume {
    /// In the contract's words.
    pub title: String,
    /// Billed at least so many each month.
    pub minimum: u32,
}

/// Figures of a month that is not closed.
#[derive(Clone, Debug)]
pub struct MonthSoFar {
    /// First day of the month.
    pub month: Date,
    pub opened: u64,
    pub resolved: u64,
    /// Restored in time, out of those restored.
    pub restored_in_time: (u64, u64),
    /// Taken over in time, out of those taken over.
    pub taken_in_time: (u64, u64),
    /// `None` for those who may not see money.
    pub penalties_cents: Option<i64>,
}

/// A date the contract sets.
#[derive(Clone, Debug)]
pub struct Deadline {
    pub date: Date,
    pub what: String,
    pub reason: Reason,
    pub tone: Tone,
    /// « dans 25 jours ».
    pub distance: String,
}

/// `GET /c/{customer}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        &view.customer.name,
        Place::Overview,
        html! {
            (layout::heading(
                html! { (components::words(&view.summary, lang)) },
                &view.customer.name,
                html! {
                    @if view.may_draft { a.button href=(view.customer.path("/drafts")) { (lang.t("Textes en préparation", "Texts being written")) } }
                    @if view.month.is_some() && shell.opens_tickets() { a.button.primary href=(view.customer.path("/tickets/new")) { (lang.t("Nouveau ticket", "New ticket")) } }
                },
            ))
            @if view.contracts.is_empty() && view.month.is_none() {
                (components::empty(
                    lang.t("Aucun contrat signé", "No signed contract"),
                    lang.t("Sans contrat, rien n’est promis ni compté. Vérifiez un texte avec « regisseur contract check », puis signez-le.",
                           "Without a contract nothing is promised or counted. Check a text with “regisseur contract check”, then sign it."),
                    view.may_sign.then(|| (view.customer.path("/contracts/new"), lang.t("Signer un contrat", "Sign a contract").into())),
                ))
            }
            @if !view.awaited.is_empty() { (awaited(view, lang)) }
            @if !view.to_judge.is_empty() { (to_judge(view, lang)) }
            (layout::live("live-overview", &format!("c/{slug} meters/{slug}", slug = view.customer.slug), html! {
                div.contract-cards { @for card in &view.contracts { (contract(view, card, lang)) } }
                @if view.month.is_some() || view.open_count > 0 { (open_work(shell, view)) }
                div.columns {
                    @if !view.meters.is_empty() {
                        (components::section("meters", lang.t("Compteurs", "Meters"), html! {
                            @for meter in &view.meters { (shared::meter(meter, lang)) }
                        }))
                    }
                    div.stack {
                        @if let Some(so_far) = &view.month { (month(view, so_far, lang)) }
                        @if !view.on_call.is_empty() { (on_call(view, lang)) }
                        @if let Some(of) = &view.satisfaction { (satisfaction(view, of, lang)) }
                        @if !view.deadlines.is_empty() { (deadlines(&view.deadlines, lang)) }
                    }
                }
            }))
        },
    )
}

fn contract(view: &View, card: &ContractCard, lang: Lang) -> Markup {
    let href = view.customer.path(&format!("/contracts/{}", card.id));
    let (tone, word) = match (card.missed, card.at_risk) {
        (0, 0) => (Tone::Good, lang.t("Tenu", "Held")),
        (0, _) => (Tone::Warning, lang.t("À risque", "At risk")),
        _ => (Tone::Bad, lang.t("Engagements manqués", "Commitments missed")),
    };
    html! {
        article.contract-card {
            div.contract-name {
                p.muted { (card.id) " · " (components::words(&card.version, lang)) }
                h2 { a href=(href) { (components::words(&card.title, lang)) } }
                (badge(tone, word))
            }
            dl.figures {
                div { dt { (lang.t("Clauses tenues", "Clauses held")) } dd { (card.held) } }
                div { dt { (lang.t("À risque", "At risk")) } dd class=[(card.at_risk > 0).then_some("warning")] { (card.at_risk) } }
                div { dt { (lang.t("Manquées", "Missed")) } dd class=[(card.missed > 0).then_some("bad")] { (card.missed) } }
                div { dt { (lang.t("Non mesurées", "Not measured")) } dd { (card.not_measured) } }
                @if let Some(fee) = &card.monthly_fee {
                    div { dt { (lang.t("Redevance mensuelle HT", "Monthly fee excl. VAT")) } dd { (monthly_fee(fee, lang)) } }
                }
                div {
                    dt { (lang.t("Terme", "Ends")) }
                    dd {
                        (format::date(card.ends, lang))
                        @if let Some(notice) = card.notice_by {
                            span.sub { (lang.t("préavis avant le", "notice by")) " " (format::date(notice, lang)) }
                        }
                    }
                }
            }
        }
    }
}

/// A contract without a fee of its own does not cost nothing: it says what bears its price.
fn monthly_fee(fee: &MonthlyFee, lang: Lang) -> Markup {
    html! {
        @match fee.cents {
            Some(cents) => (format::money(cents, lang)),
            None if fee.volumes.is_empty() => (lang.t("aucune", "none")),
            None => (lang.t("au volume", "by volume")),
        }
        @for volume in &fee.volumes {
            span.sub {
                @if fee.cents.is_some() { (lang.t("plus, au volume :", "plus, by volume:")) " " }
                (components::words(&volume.title, lang))
                @if volume.minimum > 0 {
                    ", " (format::count(u64::from(volume.minimum), lang)) " " (lang.t("au moins par mois", "a month at least"))
                }
            }
        }
        @if fee.by_orders && fee.cents.is_none() {
            span.sub { (lang.t("le prix est dans ses commandes", "its orders bear the price")) }
        }
    }
}

/// What the customer is bound by if it says nothing stands before everything else.
fn awaited(view: &View, lang: Lang) -> Markup {
    components::section(
        "awaited",
        lang.t("Ce qui attend votre réponse", "What awaits your answer"),
        html! {
            ol.deadlines {
                @for one in &view.awaited {
                    li {
                        p class={ "deadline-date " (one.tone.class()) } {
                            @match one.until {
                                Some(day) => { (lang.t("jusqu’au", "until")) " " strong { (format::date(day, lang)) } }
                                None => (lang.t("sans date limite", "no last day")),
                            }
                        }
                        p {
                            a href=(one.href) { (one.number) " · " (components::words(&one.title, lang)) }
                            ", " (components::words(&one.asks, lang)) ", "
                            strong { (components::words(&one.silence, lang)) } "."
                        }
                        (components::reasons(&one.reasons, lang))
                    }
                }
            }
        },
    )
}

/// The reader's own tickets, to say what they thought of them.
fn to_judge(view: &View, lang: Lang) -> Markup {
    components::section(
        "to-judge",
        lang.t("Votre avis sur ce qui vient d’être résolu", "Your opinion of what was just resolved"),
        html! {
            ul.relations {
                @for (number, title, href) in &view.to_judge {
                    li { a href=(href) { (number) " · " (components::words(title, lang)) } }
                }
            }
            @if view.to_judge.len() > 4 { p.muted { (lang.t("Les plus récents d’abord.", "The latest first.")) } }
        },
    )
}

/// The average mark of each month: both parties read the same.
fn satisfaction(view: &View, of: &Satisfaction, lang: Lang) -> Markup {
    let review = html! { a href=(view.customer.path("/review")) { (lang.t("Revue de partenariat", "Partnership review")) } };
    let columns = [
        Column::name(lang.t("Mois", "Month")),
        Column::figure(lang.t("Note moyenne", "Average mark")),
        Column::figure(lang.t("Avis", "Opinions")),
        Column::figure(lang.t("Mécontents", "Dissatisfied")),
    ];
    components::section_with(
        "satisfaction",
        lang.t("Satisfaction", "Satisfaction"),
        review,
        html! {
            (table("satisfaction", lang.t("Satisfaction par mois", "Satisfaction by month"), &columns, judged(&of.months, lang)))
            (components::reasons(&of.target, lang))
        },
    )
}

/// The rows of a table of months.
pub fn judged(months: &[Judged], lang: Lang) -> Vec<Row> {
    let row = |m: &Judged| {
        Row::new(vec![
            html! { (format::month(m.month, lang)) },
            html! { (mean(m.mean, lang)) " / 5" },
            html! { (format::count(m.answers, lang)) },
            html! { (format::count(m.dissatisfied, lang)) },
        ])
    };
    months.iter().map(row).collect()
}

/// « 4,25 ».
pub fn mean(hundredths: u64, lang: Lang) -> String {
    let sign = if lang == Lang::Fr { ',' } else { '.' };
    format!("{}{sign}{:02}", hundredths / 100, hundredths % 100)
}

/// Who is on call now, under each clause that asks for it.
fn on_call(view: &View, lang: Lang) -> Markup {
    let roster = html! { a href=(view.customer.path("/on-call")) { (lang.t("Programme d’astreinte", "On-call roster")) } };
    let body = html! {
        @for one in &view.on_call {
            @if view.on_call.len() > 1 { h3 { (one.contract) } }
            @for name in &one.names { p { strong { (name) } } }
            @if one.names.is_empty() { (super::on_call::nobody(one.promised, lang)) }
        }
    };
    components::section_with("on-call", lang.t("D’astreinte en ce moment", "On call now"), roster, body)
}

fn open_work(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let all = html! {
        a href=(view.customer.path("/tickets")) {
            (lang.t("Tous les tickets", "All tickets")) " (" (format::count(view.open_count, lang)) " "
            (if view.open_count > 1 { lang.t("ouverts", "open") } else { lang.t("ouvert", "open") }) ")"
        }
    };
    components::section_with(
        "open-work",
        lang.t("Travail en cours", "Open work"),
        all,
        html! {
            @if view.own_work.is_empty() && view.open_work.is_empty() {
                (components::empty(
                    lang.t("Aucun ticket ouvert", "No open tickets"),
                    lang.t("Un incident ou une demande s’enregistre en une minute.", "An incident or a request takes a minute to record."),
                    shell.opens_tickets().then(|| (view.customer.path("/tickets/new"), lang.t("Nouveau ticket", "New ticket").into())),
                ))
            } @else if view.own_work.is_empty() {
                (shared::ticket_table(lang.t("Tickets ouverts", "Open tickets"), &view.open_work, false, lang))
            } @else {
                h3 { (lang.t("Les vôtres", "Yours")) }
                (shared::ticket_table(lang.t("Vos tickets ouverts", "Your open tickets"), &view.own_work, false, lang))
                p { a href=(view.customer.path("/tickets?state=open&mine=1")) { (lang.t("Tous les vôtres", "All of yours")) } }
                @if !view.open_work.is_empty() {
                    h3 { (lang.t("Les autres", "The others")) }
                    (shared::ticket_table(lang.t("Les autres tickets ouverts", "The other open tickets"), &view.open_work, false, lang))
                }
            }
        },
    )
}

fn month(view: &View, month: &MonthSoFar, lang: Lang) -> Markup {
    let share = |(kept, all): (u64, u64)| {
        html! {
            @if all == 0 { span.muted { (lang.t("aucun", "none")) } }
            @else { (kept) " " (lang.t("sur", "of")) " " (all) }
        }
    };
    let name = format::month(month.month, lang);
    let counts = vec![
        (html! { (lang.t("Tickets ouverts", "Tickets opened")) }, html! { (month.opened) }),
        (html! { (lang.t("Tickets résolus", "Tickets resolved")) }, html! { (month.resolved) }),
        (html! { (lang.t("Pris en charge à temps", "Taken over in time")) }, share(month.taken_in_time)),
        (html! { (lang.t("Rétablis à temps", "Restored in time")) }, share(month.restored_in_time)),
    ];
    let penalties = month.penalties_cents.map(|cents| {
        (
            html! { (lang.t("Pénalités à ce jour", "Penalties to date")) },
            html! { (format::money(cents, lang)) },
        )
    });
    components::section_with(
        "month",
        html! { (name) },
        badge_with(Tone::Quiet, Icon::Clock, lang.t("provisoire", "not final")),
        html! {
            (components::facts(counts.into_iter().chain(penalties).collect()))
            @if month.penalties_cents.is_some() {
                p { a href=(view.customer.path("/money")) { (lang.t("Le mois comme il se clôturerait aujourd’hui", "The month as it would close today")) } }
            }
        },
    )
}

fn deadlines(list: &[Deadline], lang: Lang) -> Markup {
    components::section(
        "deadlines",
        lang.t("Prochaines échéances du contrat", "Next contract deadlines"),
        html! {
            ol.deadlines {
                @for deadline in list {
                    li {
                        p class={ "deadline-date " (deadline.tone.class()) } {
                            strong { (format::date(deadline.date, lang)) } " " span { (deadline.distance) }
                        }
                        p { (components::words(&deadline.what, lang)) }
                        p.reason-source {
                            @match &deadline.reason.href {
                                Some(href) => a href=(href) { (deadline.reason.article) },
                                None => (deadline.reason.article),
                            }
                            " " code { (deadline.reason.label) }
                        }
                    }
                }
            }
        },
    )
}
