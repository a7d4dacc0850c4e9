//! What the text would have made of a real month of the contract that it amends: its money, its tickets.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, format};

#[derive(Clone, Debug, Default)]
pub struct Month {
    /// The months that can be tried, the last whole one first.
    pub months: Vec<Choice>,
    pub chosen: String,
    pub result: Option<Result<Moved, String>>,
}

/// What moves.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Totals, then the lines that differ.
    pub figures: Vec<Figure>,
    pub tickets: Vec<Ticket>,
    /// The month is not over: these figures can still move.
    pub provisional: bool,
}

/// An amount on each side.
#[derive(Clone, Debug)]
pub struct Figure {
    pub what: String,
    pub before_cents: Option<i64>,
    pub after_cents: Option<i64>,
    pub total: bool,
    pub reasons: Vec<Reason>,
}

/// A ticket decided otherwise.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub number: String,
    pub href: String,
    /// « Rétablissement ».
    pub what: String,
    pub before: (Option<Zoned>, String),
    pub after: (Option<Zoned>, String),
}

pub(super) fn section(view: &Month, lang: Lang) -> Markup {
    html! {
        section.panel aria-labelledby="real-month" {
            h2 id="real-month" tabindex="-1" { (lang.t("Sur un mois réel", "On a real month")) }
            p.muted { (lang.t("Les tickets et la facture de ce mois, comme si ce texte avait pris effet à son premier jour.",
                              "The tickets and the invoice of that month, as if this text had taken effect on its first day.")) }
            div.toolbar {
                (components::select("month", "month", lang.t("Mois", "Month"), &view.months, &view.chosen))
                button type="submit" name="act" value="month" { (lang.t("Comparer", "Compare")) }
            }
            div id="month-result" aria-live="polite" { (result(view, lang)) }
        }
    }
}

/// What moves, once asked.
pub fn result(view: &Month, lang: Lang) -> Markup {
    html! {
        @match &view.result {
            None => {},
            Some(Err(problem)) => p.error { (components::words(problem, lang)) },
            Some(Ok(moved)) => (draw(moved, &signed_and_written(lang), lang)),
        }
    }
}

fn signed_and_written(lang: Lang) -> [String; 2] {
    [lang.t("Signé", "Signed").into(), lang.t("Avec ce texte", "With this text").into()]
}

/// What moves between two readings, under the heading of each.
pub fn draw(moved: &Moved, sides: &[String; 2], lang: Lang) -> Markup {
    let money = |cents: Option<i64>| html! { @match cents { Some(cents) => (format::money(cents, lang)), None => "–" } };
    let columns = [
        Column::name(lang.t("Ligne", "Line")),
        Column::figure(sides[0].clone()),
        Column::figure(sides[1].clone()),
        Column::figure(lang.t("Écart", "Change")),
    ];
    let rows = moved
        .figures
        .iter()
        .map(|f| {
            let change = f.after_cents.unwrap_or_default() - f.before_cents.unwrap_or_default();
            Row::new(vec![
                html! {
                    @if f.total { strong { (components::words(&f.what, lang)) } } @else { (components::words(&f.what, lang)) }
                    @if !f.reasons.is_empty() { (components::why(lang.t("Pourquoi ?", "Why?"), &f.reasons, lang)) }
                },
                money(f.before_cents),
                money(f.after_cents),
                html! { @if change == 0 { span.muted { "=" } } @else { @if change > 0 { "+" } (format::money(change, lang)) } },
            ])
        })
        .collect();
    html! {
        @if moved.provisional { p.muted { (lang.t("Le mois n’est pas fini : ces chiffres bougent encore.", "The month is not over: these figures still move.")) } }
        (table("money", lang.t("La facture et les pénalités", "The invoice and the penalties"), &columns, rows))
        @if moved.tickets.is_empty() {
            p.muted { (lang.t("Aucun ticket de ce mois n’aurait été décidé autrement.", "No ticket of that month would have been decided otherwise.")) }
        } @else { (tickets(&moved.tickets, sides, lang)) }
    }
}

fn tickets(list: &[Ticket], sides: &[String; 2], lang: Lang) -> Markup {
    let side = |(due, verdict): &(Option<Zoned>, String)| {
        html! {
            @if let Some(due) = due { (components::when_short(due, lang)) " " }
            span.sub { (components::words(verdict, lang)) }
        }
    };
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Promesse", "Promise")),
        Column::text(sides[0].clone()),
        Column::text(sides[1].clone()),
    ];
    let rows = list
        .iter()
        .map(|t| {
            Row::new(vec![
                html! { a href=(t.href) { (t.number) } },
                html! { (t.what) },
                side(&t.before),
                side(&t.after),
            ])
        })
        .collect();
    table("changed", lang.t("Tickets décidés autrement", "Tickets decided otherwise"), &columns, rows)
}
