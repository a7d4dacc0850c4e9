//! The hotline's meter: unlimited, a pack of tickets, a maximum of hours, or the meter of another rule.
//!
//! What came after the first signed texts is left out of the bytes where a text does not say it, so that the
//! hash of those texts' terms stays what it was.

use base::fraction::{self, Fraction};
use base::{Lang, Money};
use serde::{Deserialize, Serialize};

use crate::commitment::Period;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    pub form: MeterForm,
    /// Priorities that are served whatever the meter says.
    pub never_refused: Vec<String>,
    /// Calls of these priorities do not count.
    pub not_counted: Vec<String>,
    /// The calendar of its opening hours.
    pub hours: Option<String>,
    /// What a call is multiplied by. When several hold the greatest does, alone; none: by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<CallWeight>,
}

impl Meter {
    /// The label of the rule whose meter this one draws on; `None` when it has its own.
    pub fn pool(&self) -> Option<&str> {
        match &self.form {
            MeterForm::Shared { of } => Some(of),
            MeterForm::Unlimited | MeterForm::TicketPack { .. } | MeterForm::MaxHours { .. } => None,
        }
    }
}

/// What a call counts more, or less, for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallWeight {
    pub when: WeighedWhen,
    /// Whole on a pack, which is counted in whole tickets.
    #[serde(with = "fraction::text")]
    pub weight: Fraction,
}

/// The one condition of a weight, judged at the instant the call began.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeighedWhen {
    /// The calendar of this label is open.
    Within(String),
    /// It is closed.
    Outside(String),
    /// A public holiday of this calendar, by the days of its zone.
    HolidaysOf(String),
    /// Whoever took the call holds this role.
    Role(CallTaker),
    Priority(String),
}

/// The roles of the people who take calls: all are the provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallTaker {
    ProviderAdmin,
    ServiceManager,
    DeputyManager,
    Dispatcher,
    Technician,
    Developer,
    SystemManager,
}

impl CallTaker {
    pub const ALL: [CallTaker; 7] = [
        CallTaker::ProviderAdmin,
        CallTaker::ServiceManager,
        CallTaker::DeputyManager,
        CallTaker::Dispatcher,
        CallTaker::Technician,
        CallTaker::Developer,
        CallTaker::SystemManager,
    ];

    /// The key a contract writes, and the people's roles bear.
    pub fn key(self) -> &'static str {
        match self {
            CallTaker::ProviderAdmin => "provider_admin",
            CallTaker::ServiceManager => "service_manager",
            CallTaker::DeputyManager => "deputy_manager",
            CallTaker::Dispatcher => "dispatcher",
            CallTaker::Technician => "technician",
            CallTaker::Developer => "developer",
            CallTaker::SystemManager => "system_manager",
        }
    }

    pub fn from_key(key: &str) -> Option<CallTaker> {
        CallTaker::ALL.into_iter().find(|role| role.key() == key)
    }

    /// « un technicien », whoever it is.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            CallTaker::ProviderAdmin => {
                lang.t("un administrateur du prestataire", "the provider's administrator")
            }
            CallTaker::ServiceManager => lang.t("l'interlocuteur unique", "the single point of contact"),
            CallTaker::DeputyManager => {
                lang.t("le suppléant de l'interlocuteur unique", "the deputy of the single point of contact")
            }
            CallTaker::Dispatcher => lang.t("un répartiteur", "a dispatcher"),
            CallTaker::Technician => lang.t("un technicien", "a technician"),
            CallTaker::Developer => lang.t("un développeur", "a developer"),
            CallTaker::SystemManager => {
                lang.t("un responsable systèmes et réseaux", "a system and network manager")
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum MeterForm {
    Unlimited,
    TicketPack {
        tickets: u32,
        per: Period,
        /// Warn when so many are left.
        alert_at: u32,
        when_empty: WhenEmpty,
        /// Left out of the bytes when lost, as in the first signed texts.
        #[serde(default, skip_serializing_if = "Leftover::is_lost")]
        leftover: Leftover,
    },
    MaxHours {
        /// Minutes included in each period.
        minutes: u32,
        per: Period,
        /// A call counts for so many minutes at least, before it is rounded; zero: for what it lasted.
        #[serde(default, skip_serializing_if = "none")]
        minimum: u32,
        /// Each call is rounded up to a multiple of so many minutes.
        round_up_to: u32,
        carry_over: CarryOver,
        alert_at: u32,
        /// Price of an hour beyond; `None`: calls beyond are refused.
        hour_price: Option<Money>,
    },
    /// Calls count on the meter of another rule: what is left, its period, its rounding, its alert and what
    /// happens once it is empty are those of that rule.
    Shared {
        of: String,
    },
}

fn none(minutes: &u32) -> bool {
    *minutes == 0
}

/// What happens to the tickets of a pack that are left at the end of its period, those of packs bought
/// in it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "leftover", rename_all = "snake_case")]
pub enum Leftover {
    #[default]
    Lost,
    /// They go on, and are lost so many months after the end of that period.
    Carried { expires_after: u32 },
}

impl Leftover {
    pub fn is_lost(&self) -> bool {
        *self == Leftover::Lost
    }
}

/// What happens to the unused part at the end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarryOver {
    Lost,
    NextPeriod,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "when_empty", rename_all = "snake_case")]
pub enum WhenEmpty {
    /// Each further ticket is billed.
    PerTicket { price: Money },
    /// A further pack is bought as a whole (M-20).
    NewPack { tickets: u32, price: Money },
    /// Calls are refused, but for the priorities never refused.
    Refuse,
}
