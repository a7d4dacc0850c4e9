//! What is billed of a book of work units: what was delivered in the month, at the price that its clause names.

use base::fraction::Fraction;
use base::{Because, Bilingual, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::History;

use super::extras::vat_of_extras;
use super::line::{InvoiceLine, LineKind};
use crate::entitlement::work_units::{Delivered, WorkOrder, billed_under, deliveries};
use crate::period::Span;
use crate::say::{cite, figure, product};

/// An order with the book it is taken from, by the label of its clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookOrder {
    pub book: String,
    #[serde(flatten)]
    pub order: WorkOrder,
}

impl BookOrder {
    /// The orders of one book.
    pub fn of(orders: &[BookOrder], label: &str) -> Vec<WorkOrder> {
        orders.iter().filter(|o| o.book == label).map(|o| o.order.clone()).collect()
    }
}

/// The lines of a month, from what was delivered up to a day of it: one for each price.
///
/// Give every order since the contract's start.
pub fn work_units(
    history: &History,
    month: Span,
    until: Date,
    orders: &[BookOrder],
) -> Vec<Because<InvoiceLine>> {
    let mut labels: Vec<&str> = Vec::new();
    for rule in history.versions.iter().flat_map(|v| &v.terms.work_units) {
        if !labels.contains(&rule.label()) {
            labels.push(rule.label());
        }
    }
    let day = until.clamp(month.first, month.last());
    labels
        .into_iter()
        .flat_map(|label| of_book(history, month, day, label, &BookOrder::of(orders, label)))
        .collect()
}

fn of_book(
    history: &History,
    month: Span,
    until: Date,
    label: &str,
    orders: &[WorkOrder],
) -> Vec<Because<InvoiceLine>> {
    let mut by_price: Vec<Vec<Because<Delivered>>> = Vec::new();
    for one in
        deliveries(history, label, orders, until).into_iter().filter(|one| month.contains(one.value.on))
    {
        match by_price.iter_mut().find(|l| l[0].value.unit_price == one.value.unit_price) {
            Some(line) => line.push(one),
            None => by_price.push(vec![one]),
        }
    }
    by_price.into_iter().filter_map(|line| invoice_line(history, label, line)).collect()
}

/// One line: each delivery rounded on its own, as it was told, and added up.
fn invoice_line(
    history: &History,
    label: &str,
    deliveries: Vec<Because<Delivered>>,
) -> Option<Because<InvoiceLine>> {
    let (first, last) = (deliveries.first()?.value.on, deliveries.last()?.value.on);
    let unit_price = deliveries.first()?.value.unit_price;
    let terms = &history.at(last)?.terms;
    let rule = billed_under(history, label, last)?;
    let zero = (Fraction::from_integer(0), Money::zero(unit_price.currency));
    let (quantity, net) =
        deliveries.iter().fold(zero, |(units, net), d| (units + d.value.units, net + d.value.net));
    let (vat_rate, vat_reason) = vat_of_extras(terms, last);
    let total = cite("extra.work_units", rule, |lang| {
        let product = product(lang, quantity, unit_price, net);
        let count = figure(lang, quantity);
        lang.t(
            format!("{count} UO livrées\u{a0}: {product}."),
            format!("{count} units delivered: {product}."),
        )
    });
    let mut tickets: Vec<String> = Vec::new();
    for ticket in deliveries.iter().filter_map(|d| d.value.ticket.as_ref()) {
        // A ticket orders several kinds of the catalogue at once.
        if !tickets.contains(ticket) {
            tickets.push(ticket.clone());
        }
    }
    let mut reasons = vec![total];
    reasons.extend(deliveries.into_iter().flat_map(|d| d.reasons));
    reasons.push(vat_reason);
    let value = InvoiceLine {
        kind: LineKind::Extra,
        clause: label.to_owned(),
        title: Bilingual::new("Unités d'œuvre livrées", "Work units delivered"),
        from: first,
        to: last,
        quantity,
        unit: "work_unit".to_owned(),
        unit_price,
        share: None,
        net,
        vat_rate,
        tickets,
    };
    Some(Because::new(value, reasons))
}
