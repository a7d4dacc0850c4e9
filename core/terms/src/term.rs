//! The contract's life: start, length, renewal, notice, phases.

use base::Length;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractTerm {
    pub start: Date,
    /// A whole number of months.
    pub months: u32,
    pub renewal: Renewal,
    /// Before the end of the current period.
    pub notice: Length,
    pub phases: Vec<Phase>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "renewal", rename_all = "snake_case")]
pub enum Renewal {
    /// Renewed for so many months unless somebody gives notice.
    Tacit {
        months: u32,
    },
    /// Renewed only if both say so.
    Express,
    None,
}

/// A named span of the contract's life, both days included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub name: String,
    pub from: Date,
    pub until: Option<Date>,
}

impl ContractTerm {
    /// The last day of the first period.
    pub fn end(&self) -> Option<Date> {
        let months = jiff::Span::new().try_months(i64::from(self.months)).ok()?;
        self.start.checked_add(months).ok()?.yesterday().ok()
    }

    pub fn phase_at(&self, date: Date) -> Option<&Phase> {
        self.phases.iter().find(|p| p.from <= date && p.until.is_none_or(|u| date <= u))
    }

    /// The contract year that holds this date: its first day and the first day of the next one.
    pub fn contract_year(&self, date: Date) -> Option<(Date, Date)> {
        let anniversary = |n: i64| self.start.checked_add(jiff::Span::new().try_years(n).ok()?).ok();
        let guess = i64::from(date.year()) - i64::from(self.start.year());
        let first = if anniversary(guess)? <= date { guess } else { guess - 1 };
        Some((anniversary(first)?, anniversary(first + 1)?))
    }
}
