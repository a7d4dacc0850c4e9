//! The closed vocabulary that contracts compile to and engines read: about a dozen terms, for good.
//!
//! Invariant: nothing here knows the text of a contract, a kind of clause, a clock or a database.
//! Terms are data: they serialise to the same bytes everywhere, so that a contract version can be
//! named by their hash and the customer's verifier can read them back.

pub mod availability;
pub mod boundary;
pub mod calendar;
pub mod commitment;
pub mod duty;
pub mod equipment;
pub mod escalation;
pub mod facts;
pub mod grant;
pub mod history;
pub mod indicator;
pub mod late_payment;
pub mod meter;
pub mod operation;
pub mod party;
pub mod penalty;
pub mod perimeter;
pub mod price;
pub mod question;
pub mod rates;
pub mod revision;
pub mod right;
pub mod rule;
pub mod service;
pub mod statement;
pub mod term;
pub mod volume;
pub mod work_units;

use std::borrow::Cow;
use std::collections::BTreeMap;

use base::{Currency, Lang};
use serde::{Deserialize, Serialize};

pub use availability::Availability;
pub use boundary::Boundary;
pub use calendar::{Calendar, Opening, WeeklyCalendar};
pub use commitment::{Commitment, Objective, PauseRule, PriorityMatrix, Promise};
pub use duty::{Duty, DutyDue, DutyProof, Trigger};
pub use equipment::Equipment;
pub use escalation::{Alarm, Also, Escalation};
pub use facts::{Dimension, Facts, Guard};
pub use grant::{Grant, Posture};
pub use history::{History, Version};
pub use indicator::{Indicator, IndicatorTarget, Recovery};
pub use late_payment::{Invoicing, LatePayment};
pub use meter::{CallTaker, CallWeight, Leftover, Meter, MeterForm, WeighedWhen, WhenEmpty};
pub use operation::{Operation, OperationTerms};
pub use party::{Contact, Party, PartyRole};
pub use penalty::{Penalty, PenaltyCap, PenaltyTax};
pub use perimeter::{Coverage, PerimeterEntry};
pub use price::{Price, Proration};
pub use question::{AnswerType, Question};
pub use rates::{Budget, Rate};
pub use revision::PriceRevision;
pub use right::{Right, RightTrigger};
pub use rule::{Rule, governing};
pub use service::{Acceptance, Process, Service};
pub use statement::Statement;
pub use term::{ContractTerm, Phase, Renewal};
pub use volume::{Accuracy, VolumeBands};
pub use work_units::WorkUnits;

/// Everything one version of a contract says to the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The contract's number, `CTR-2026-001`.
    pub contract: String,
    /// The title the parties gave it.
    pub title: String,
    pub language: Lang,
    /// How the text is read; an old text keeps its reading for ever.
    pub semantics: u32,
    pub currency: Currency,
    /// The IANA zone of the contract's own dates (months, contract years, notices).
    pub zone: String,

    pub parties: Vec<Rule<Party>>,
    pub contacts: Vec<Rule<Contact>>,
    pub term: Option<Rule<ContractTerm>>,
    pub calendars: Vec<Rule<Calendar>>,
    pub priorities: Option<Rule<PriorityMatrix>>,
    pub commitments: Vec<Rule<Commitment>>,
    pub objectives: Vec<Rule<Objective>>,
    pub pauses: Vec<Rule<PauseRule>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub availabilities: Vec<Rule<Availability>>,
    pub perimeter: Vec<Rule<PerimeterEntry>>,
    pub operations: Vec<Rule<Operation>>,
    pub meters: Vec<Rule<Meter>>,
    pub prices: Vec<Rule<Price>>,
    pub penalties: Vec<Rule<Penalty>>,
    pub penalty_caps: Vec<Rule<PenaltyCap>>,
    // Terms that came after the first signed texts are left out of the bytes when empty, so that the
    // hash of those texts' terms stays what it was.
    /// The tree of elementary services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Rule<Service>>,
    /// Who may reach what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Rule<Grant>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postures: Vec<Rule<Posture>>,
    /// What is owed besides deadlines on tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Rule<Duty>>,
    /// What must not be crossed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boundaries: Vec<Rule<Boundary>>,
    /// Rights to end early.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<Rule<Right>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<Rule<Indicator>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recoveries: Vec<Rule<Recovery>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptances: Vec<Rule<Acceptance>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Rule<Process>>,
    /// What is recorded and not run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Rule<Statement>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_revisions: Vec<Rule<PriceRevision>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<Rule<Rate>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoicing: Option<Rule<Invoicing>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_payment: Option<Rule<LatePayment>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Rule<Budget>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work_units: Vec<Rule<WorkUnits>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Rule<VolumeBands>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accuracies: Vec<Rule<Accuracy>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<Rule<Equipment>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalations: Vec<Rule<Escalation>>,
    /// Names the contract gives to the values of its dimensions: (`site`, `str`) → « Strasbourg ».
    pub names: BTreeMap<String, BTreeMap<String, String>>,
}

impl Terms {
    /// The calendar that `label` means for these facts: the calendar of that label, or the exception
    /// to it whose guard holds (a site's holidays, a priority's hours).
    pub fn calendar(&self, label: &str, facts: &Facts) -> Option<&Rule<Calendar>> {
        rule::governing_from(&self.calendars, label, facts)
    }

    /// The promise of this kind that governs these facts; `None` when nothing is promised.
    pub fn commitment(&self, promise: Promise, facts: &Facts) -> Option<&Rule<Commitment>> {
        governing(self.commitments.iter().filter(|r| r.then.promise == promise), facts)
    }

    pub fn party(&self, role: PartyRole) -> Option<&Rule<Party>> {
        self.parties.iter().find(|p| p.then.role == role)
    }

    /// The name the contract gives to a value, or the value itself.
    pub fn name_of<'a>(&'a self, dimension: &str, value: &'a str) -> &'a str {
        self.names.get(dimension).and_then(|names| names.get(value)).map_or(value, String::as_str)
    }

    /// The name of a contact's role: as the contract says it, else its usual words.
    pub fn role_name<'a>(&'a self, lang: Lang, role: &'a str) -> Cow<'a, str> {
        match self.name_of("role", role) {
            same if same == role => party::function(lang, role),
            named => Cow::Borrowed(named),
        }
    }
}
