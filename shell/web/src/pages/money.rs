//! Money: meters, the month as it would close today, and the months closed.

pub(super) mod month;
mod samples;

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Reason};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::shared::{self, Meter, Other, Promise};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The contract's number: each has its own months and its own statements.
    pub contract: String,
    /// Every contract of the customer; chosen from when there are several.
    pub others: Vec<Other>,
    pub meters: Vec<Meter>,
    /// `None` before the contract starts.
    pub month: Option<Month>,
    /// Latest first.
    /// The latest first; the addresses of the first page of them and of the next one.
    pub closed: Vec<ClosedMonth>,
    pub pages: (Option<String>, Option<String>),
    /// Offered to those who may close, when a month may be closed.
    pub close: Option<CloseForm>,
}

/// A month, final or as it would be closed at an instant.
#[derive(Clone, Debug)]
pub struct Month {
    /// First day of the month.
    pub month: Date,
    pub state: MonthState,
    pub lines: Vec<InvoiceLine>,
    pub net_cents: i64,
    pub vat_cents: i64,
    pub gross_cents: i64,
    pub results: Vec<CommitmentResult>,
    pub availability: Vec<AvailabilityRow>,
    pub penalties: Vec<PenaltyLine>,
    pub cap: Option<Cap>,
    /// What the provider owes after the cap.
    pub penalty_cents: i64,
}

#[derive(Clone, Debug)]
pub enum MonthState {
    /// As it would close at this instant; figures may change.
    Provisional(Zoned),
    Closed(Zoned),
}

#[derive(Clone, Debug)]
pub struct InvoiceLine {
    pub label: String,
    pub quantity: String,
    pub unit_price_cents: i64,
    pub amount_cents: i64,
    /// The tickets whose work it bills: number and address.
    pub tickets: Vec<(String, String)>,
    pub reasons: Vec<Reason>,
}

/// How a commitment did over its period.
#[derive(Clone, Debug)]
pub struct CommitmentResult {
    pub promise: Promise,
    /// « pour la priorité P1 », « tous les tickets ».
    pub scope: String,
    /// « 4e trimestre 2026 ».
    pub period: String,
    pub in_time: u64,
    pub counted: u64,
    /// Hundredths of a percent; `None` when nothing was counted.
    pub rate: Option<i64>,
    pub objective: String,
    pub verdict: ObjectiveVerdict,
    pub reasons: Vec<Reason>,
}

/// How an availability did over its period.
#[derive(Clone, Debug)]
pub struct AvailabilityRow {
    pub service: String,
    /// « 1er août 2026 – 31 août 2026 ».
    pub period: String,
    /// « 99,206349 % »; `None` when no time was agreed.
    pub reached: Option<String>,
    pub target: String,
    pub verdict: ObjectiveVerdict,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveVerdict {
    Met,
    Missed,
    /// Period still running, and met so far.
    MetSoFar,
    /// Period still running, and missed so far.
    MissedSoFar,
    NothingToMeasure,
}

#[derive(Clone, Debug)]
pub struct PenaltyLine {
    /// « Ticket 412, rétablissement P1 en retard de 30 min », « ERP, disponible 99,21 % pour 99,5 % promis ».
    pub label: String,
    pub href: Option<String>,
    pub amount_cents: i64,
    /// Why it is or is not owed.
    pub reasons: Vec<Reason>,
}

/// What a cap did.
#[derive(Clone, Debug)]
pub struct Cap {
    pub sentence: String,
    pub before_cents: i64,
    pub after_cents: i64,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug)]
pub struct ClosedMonth {
    pub month: Date,
    pub closed: Zoned,
    pub closed_by: String,
    pub net_cents: i64,
    pub penalty_cents: i64,
    pub journal_entry: u64,
    pub href: String,
}

#[derive(Clone, Debug)]
pub struct CloseForm {
    /// First day of the month to close.
    pub month: Date,
    /// Idempotency key of the form.
    pub key: String,
    /// What stands in the way; the form is then not offered.
    pub obstacles: Vec<String>,
}

/// `GET /c/{customer}/money`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        lang.t("Argent", "Money"),
        Place::Money,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } " / " (view.contract) },
                lang.t("Argent", "Money"),
                html! {},
            ))
            (shared::contracts(&view.customer, "/money", &view.others, lang))
            @if let Some(month) = &view.month {
                (month::section(month, lang))
            } @else {
                (components::empty(
                    lang.t("Rien à facturer", "Nothing to invoice"),
                    lang.t("Le premier mois apparaîtra ici à la prise d’effet du contrat.", "The first month appears here when the contract takes effect."),
                    None,
                ))
            }
            div.columns {
                div.stack {
                    @if let Some(close) = &view.close { (to_close(view, close, lang)) }
                    (closed(view, lang))
                }
                @if !view.meters.is_empty() {
                    (components::section("meters", lang.t("Compteurs", "Meters"), html! {
                        @for meter in &view.meters { (shared::meter(meter, lang)) }
                    }))
                }
            }
        },
    )
}

/// The address of a contract's money page, or of its statement of a month.
pub fn path(customer: &CustomerRef, contract: &str, month: Option<Date>) -> String {
    let month = month.map(|m| format!("/{}", m.strftime("%Y-%m"))).unwrap_or_default();
    customer.path(&format!("/money{month}?contract={}", format::query(contract)))
}

/// The way to the month that waits, where it is read before it is closed.
fn to_close(view: &View, close: &CloseForm, lang: Lang) -> Markup {
    let month = format::month(close.month, lang);
    let href = path(&view.customer, &view.contract, Some(close.month));
    components::section(
        "close",
        html! { (lang.t("À clôturer :", "To close:")) " " (month) },
        html! {
            @if close.obstacles.is_empty() {
                p { (lang.t("Ce mois est terminé : il reste à le relire et à le clôturer.", "This month has ended: it remains to be read and closed.")) }
                p { a.button.primary href=(href) { (lang.t("Relire et clôturer", "Read and close")) } }
            } @else {
                p { (lang.t("Ce mois ne peut pas encore être clôturé :", "This month cannot be closed yet:")) }
                ul { @for obstacle in &close.obstacles { li { (components::words(obstacle, lang)) } } }
            }
        },
    )
}

fn closed(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Mois", "Month")),
        Column::figure(lang.t("Facture HT", "Invoice excl. VAT")),
        Column::figure(lang.t("Pénalités", "Penalties")),
        Column::text(lang.t("Clôture", "Closed")),
    ];
    let rows = view
        .closed
        .iter()
        .map(|month| {
            Row::new(vec![
                html! { a href=(month.href) { (format::month(month.month, lang)) } },
                html! { (format::money(month.net_cents, lang)) },
                html! { (format::money(month.penalty_cents, lang)) },
                html! {
                    (format::date(month.closed.date(), lang)) ", " (month.closed_by)
                    span.sub { (lang.t("journal, entrée", "journal, entry")) " " (format::count(month.journal_entry, lang)) }
                },
            ])
        })
        .collect();
    components::section(
        "closed",
        lang.t("Mois clôturés", "Closed months"),
        html! {
            @if view.closed.is_empty() {
                p.muted { (lang.t("Aucun mois n’est encore clôturé.", "No month is closed yet.")) }
            } @else {
                (table("closed", lang.t("Mois clôturés, du plus récent au plus ancien", "Closed months, latest first"), &columns, rows))
                (components::pager_of(
                    lang.t("Pages des mois clôturés", "Pages of the closed months"),
                    (view.pages.0.as_deref(), view.pages.1.as_deref()),
                    lang,
                ))
            }
        },
    )
}
