//! When an invoice is due, and what paying it late costs (Code de commerce, L441-10 and D441-5).

use base::Money;
use base::fraction::{self, Fraction};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How invoices are issued and when they are due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoicing {
    /// The day of the month invoices are issued on, 1 to 28.
    pub issue_day: u32,
    /// Days to pay, counted as `payment_from` says.
    pub payment_days: u32,
    pub payment_from: PaymentFrom,
    /// One invoice sums up the deliveries of a period: the law then allows 45 days.
    pub summary: bool,
    pub vat: VatRegime,
    /// What every invoice says besides what the law asks.
    pub mentions: Vec<String>,
    /// What becomes of work or of a deliverable that nothing lists; `None`: the contract does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
}

/// What becomes of work that neither the contract nor an amendment lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// Never billed.
    Refused,
    /// Billed once an amendment lists it.
    Amendment,
}

/// What the days to pay are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentFrom {
    InvoiceDate,
    /// The days, then the end of the month in which they end.
    DaysThenEndOfMonth,
    /// The end of the invoice's month, then the days.
    EndOfMonthThenDays,
}

/// When VAT falls due, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatRegime {
    /// When the price is paid: the rule for services (CGI, art. 269, 2, c).
    Receipts,
    /// When the invoice is issued, by option.
    Debits,
    /// Small business: no VAT (CGI, art. 293 B).
    Exempt,
    /// Owed by the customer.
    ReverseCharge,
}

/// What an invoice paid late costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatePayment {
    pub rate: LateRate,
    /// Owed once for each invoice, whatever the delay (D441-5: 40 €).
    pub indemnity: Money,
    pub day_count: DayCount,
}

/// The yearly rate of late interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum LateRate {
    /// The European Central Bank's refinancing rate, as of the first day of the half-year, plus points.
    Ecb {
        #[serde(with = "fraction::text")]
        plus: Fraction,
    },
    /// A number of times the legal interest rate of the half-year.
    Legal { times: u32 },
    /// Written in the contract.
    Stated {
        #[serde(with = "fraction::text")]
        rate: Fraction,
    },
}

/// The days of a year that interest is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayCount {
    /// 365 days, leap years too.
    #[serde(rename = "actual_365")]
    Actual365,
    #[serde(rename = "actual_360")]
    Actual360,
    /// The days of each civil year.
    ActualActual,
}

impl Invoicing {
    /// The last day on which an invoice issued that day is paid in time.
    ///
    /// `None` beyond the calendar.
    pub fn due(&self, issued: Date) -> Option<Date> {
        let days = jiff::Span::new().try_days(i64::from(self.payment_days)).ok()?;
        match self.payment_from {
            PaymentFrom::InvoiceDate => issued.checked_add(days).ok(),
            PaymentFrom::DaysThenEndOfMonth => Some(issued.checked_add(days).ok()?.last_of_month()),
            PaymentFrom::EndOfMonthThenDays => issued.last_of_month().checked_add(days).ok(),
        }
    }
}
