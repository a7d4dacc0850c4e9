//! One month: its invoice, its commitments, its penalties.

use maud::{Markup, html};

use super::{AvailabilityRow, Cap, Month, MonthState, ObjectiveVerdict, PenaltyLine};
use crate::design::components::{self, Reason, Tone, badge, badge_with, why};
use crate::design::icon::Icon;
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, format};

/// Tickets shown beside a line.
const TICKETS: usize = 20;

/// The whole month in one panel.
pub(in crate::pages) fn section(month: &Month, lang: Lang) -> Markup {
    let name = format::month(month.month, lang);
    let (mark, sentence) = match &month.state {
        MonthState::Provisional(at) => (
            badge_with(Tone::Quiet, Icon::Clock, lang.t("provisoire", "not final")),
            html! { (lang.t("Tel que le mois se clôturerait maintenant,", "As the month would close now,")) " " (components::when(at, lang)) "." },
        ),
        MonthState::Closed(at) => (
            badge(Tone::Good, lang.t("clôturé", "closed")),
            html! { (lang.t("Clôturé le", "Closed on")) " " (components::when(at, lang)) "." },
        ),
    };
    components::section_with(
        "month",
        html! { (name) },
        mark,
        html! {
            p.muted { (sentence) }
            (totals(month, lang))
            h3 { (lang.t("Facture", "Invoice")) }
            (invoice(month, lang))
            h3 { (lang.t("Engagements", "Commitments")) }
            (results(month, lang))
            (availability(month, lang))
            h3 { (lang.t("Pénalités", "Penalties")) }
            (penalties(month, lang))
        },
    )
}

/// What was promised, what was there, and what was owed for the rest.
pub(in crate::pages) fn commitments(month: &Month, lang: Lang) -> Markup {
    html! {
        (results(month, lang))
        (availability(month, lang))
        (penalties(month, lang))
    }
}

fn totals(month: &Month, lang: Lang) -> Markup {
    html! {
        dl.figures {
            div { dt { (lang.t("Facture HT", "Invoice excl. VAT")) } dd { (format::money(month.net_cents, lang)) } }
            div { dt { (lang.t("TVA", "VAT")) } dd { (format::money(month.vat_cents, lang)) } }
            div { dt { (lang.t("Facture TTC", "Invoice incl. VAT")) } dd { (format::money(month.gross_cents, lang)) } }
            div {
                dt { (lang.t("Pénalités dues au client", "Penalties owed to the customer")) }
                dd class=[(month.penalty_cents > 0).then_some("bad")] { (format::money(month.penalty_cents, lang)) }
            }
        }
    }
}

/// A line's name with its reasons folded beside it.
fn explained(name: Markup, reasons: &[Reason], lang: Lang) -> Markup {
    html! {
        div.explained {
            span { (name) }
            @if !reasons.is_empty() { (why(lang.t("Pourquoi ?", "Why?"), reasons, lang)) }
        }
    }
}

fn invoice(month: &Month, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Ligne", "Line")),
        Column::figure(lang.t("Quantité", "Quantity")),
        Column::figure(lang.t("Prix unitaire", "Unit price")),
        Column::figure(lang.t("Montant HT", "Amount excl. VAT")),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for line in &month.lines {
        rows.push(Row::new(vec![
            explained(
                html! { (components::words(&line.label, lang)) (tickets(&line.tickets, lang)) },
                &line.reasons,
                lang,
            ),
            html! { (line.quantity) },
            html! { (format::money(line.unit_price_cents, lang)) },
            html! { (format::money(line.amount_cents, lang)) },
        ]));
    }
    let total = html! { strong { (format::money(month.net_cents, lang)) } };
    rows.push(Row {
        class: "total",
        cells: vec![html! { (lang.t("Total HT", "Total excl. VAT")) }, html! {}, html! {}, total],
    });
    table("invoice", lang.t("Lignes de la facture", "Invoice lines"), &columns, rows)
}

/// The way from a line to the work it bills; « Pourquoi ? » names those that are too many to show.
fn tickets(of: &[(String, String)], lang: Lang) -> Markup {
    let shown = of.len().min(TICKETS);
    html! {
        @if !of.is_empty() {
            span.sub {
                @if of.len() > 1 { (lang.t("Tickets", "Tickets")) } @else { (lang.t("Ticket", "Ticket")) }
                @for (number, href) in &of[..shown] { " " a href=(href) { (number) } }
                @if of.len() > shown { " " (lang.t("et", "and")) " " (of.len() - shown) " " (lang.t("autres", "others")) }
            }
        }
    }
}

fn results(month: &Month, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Engagement", "Commitment")),
        Column::text(lang.t("Période", "Period")),
        Column::figure(lang.t("À temps", "In time")),
        Column::figure(lang.t("Taux", "Rate")),
        Column::text(lang.t("Objectif", "Objective")),
        Column::text(lang.t("Résultat", "Result")),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for result in &month.results {
        let rate = result.rate.map_or_else(|| "–".to_owned(), |rate| format::percent(rate, lang));
        rows.push(Row::new(vec![
            explained(html! { (result.promise.word(lang)) ", " (result.scope) }, &result.reasons, lang),
            html! { (result.period) },
            html! { (result.in_time) " " (lang.t("sur", "of")) " " (result.counted) },
            html! { (rate) },
            html! { (components::words(&result.objective, lang)) },
            verdict(result.verdict, lang),
        ]));
    }
    html! {
        @if month.results.is_empty() {
            p.muted { (lang.t("Aucun engagement mesuré ce mois-ci.", "No commitment measured this month.")) }
        } @else {
            (table("results", lang.t("Résultats des engagements", "Commitment results"), &columns, rows))
        }
    }
}

/// Availabilities, when the contract promises some.
fn availability(month: &Month, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Service", "Service")),
        Column::text(lang.t("Période", "Period")),
        Column::figure(lang.t("Disponibilité", "Availability")),
        Column::figure(lang.t("Promis", "Promised")),
        Column::text(lang.t("Résultat", "Result")),
    ];
    let row = |row: &AvailabilityRow| {
        Row::new(vec![
            explained(html! { (row.service) }, &row.reasons, lang),
            html! { (row.period) },
            html! { (row.reached.as_deref().unwrap_or("–")) },
            html! { (row.target) },
            verdict(row.verdict, lang),
        ])
    };
    let rows: Vec<Row> = month.availability.iter().map(row).collect();
    html! {
        @if !rows.is_empty() {
            (table("availability", lang.t("Disponibilité des services", "Availability of services"), &columns, rows))
        }
    }
}

pub(in crate::pages) fn verdict(verdict: ObjectiveVerdict, lang: Lang) -> Markup {
    match verdict {
        ObjectiveVerdict::Met => badge(Tone::Good, lang.t("Atteint", "Met")),
        ObjectiveVerdict::Missed => badge(Tone::Bad, lang.t("Manqué", "Missed")),
        ObjectiveVerdict::MetSoFar => badge(Tone::Active, lang.t("Atteint à ce jour", "Met so far")),
        ObjectiveVerdict::MissedSoFar => badge(Tone::Warning, lang.t("Manqué à ce jour", "Missed so far")),
        ObjectiveVerdict::NothingToMeasure => {
            badge(Tone::Quiet, lang.t("Rien à mesurer", "Nothing to measure"))
        }
    }
}

fn penalties(month: &Month, lang: Lang) -> Markup {
    if month.penalties.is_empty() {
        return html! { p.muted { (lang.t("Aucun manquement pénalisé.", "Nothing penalised.")) } };
    }
    let columns = [Column::name(lang.t("Fait", "Fact")), Column::figure(lang.t("Montant", "Amount"))];
    let mut rows: Vec<Row> = month.penalties.iter().map(|line| penalty(line, lang)).collect();
    if let Some(cap) = &month.cap {
        rows.push(capped(cap, lang));
    }
    let total = html! { strong { (format::money(month.penalty_cents, lang)) } };
    let label = html! { (lang.t("Relevé : dû au client", "Statement: owed to the customer")) };
    rows.push(Row { class: "total", cells: vec![label, total] });
    table("penalties", lang.t("Relevé de pénalités", "Penalty statement"), &columns, rows)
}

fn penalty(line: &PenaltyLine, lang: Lang) -> Row {
    let label = components::words(&line.label, lang);
    Row::new(vec![
        explained(
            html! {
                @match &line.href {
                    Some(href) => a href=(href) { (label) },
                    None => (label),
                }
            },
            &line.reasons,
            lang,
        ),
        html! { (format::money(line.amount_cents, lang)) },
    ])
}

fn capped(cap: &Cap, lang: Lang) -> Row {
    let change = cap.after_cents - cap.before_cents;
    Row::new(vec![
        explained(html! { (components::words(&cap.sentence, lang)) }, &cap.reasons, lang),
        html! { (format::money(change, lang)) },
    ])
}
