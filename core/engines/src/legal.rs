//! Legal clocks: delays that the law gives, in real hours, whatever the contract's calendars say.
//!
//! They are a type of their own: they take no calendar and no pause, so they cannot be stopped by
//! mistake. The only relief is the one that Delegated Reg. (EU) 2025/301, art. 5(4), gives financial
//! entities: noon of the next working day, when a limit falls on a week-end or a bank holiday.

use std::collections::BTreeSet;

use base::lang::date_time;
use base::{Because, Bilingual, Lang, Reason};
use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::say::say;

/// Who must be told what, by which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalDuty {
    /// The controller tells the authority of a breach: GDPR art. 33(1), 72 hours from awareness.
    GdprAuthority,
    /// The processor tells the controller: GDPR art. 33(2), no figure in the law; the contract's.
    GdprController,
    /// Directive (EU) 2022/2555 art. 23(4)(a): 24 hours from awareness.
    Nis2EarlyWarning,
    /// Art. 23(4)(b): 72 hours from awareness.
    Nis2Notification,
    /// Art. 23(4)(d): one month after the notification.
    Nis2FinalReport,
    /// Delegated Reg. (EU) 2025/301 art. 5(1)(a): 4 hours from classification, 24 from awareness.
    DoraInitial,
    /// Art. 5(1)(b): 72 hours after the initial notification.
    DoraIntermediate,
    /// Art. 5(1)(c): one month after the intermediate report.
    DoraFinal,
    /// Code des assurances, L12-10-1: a complaint within 72 hours of knowledge, or no cover.
    InsuranceComplaint,
}

impl LegalDuty {
    pub const ALL: [LegalDuty; 9] = [
        LegalDuty::GdprAuthority,
        LegalDuty::GdprController,
        LegalDuty::Nis2EarlyWarning,
        LegalDuty::Nis2Notification,
        LegalDuty::Nis2FinalReport,
        LegalDuty::DoraInitial,
        LegalDuty::DoraIntermediate,
        LegalDuty::DoraFinal,
        LegalDuty::InsuranceComplaint,
    ];

    /// « notification à l'autorité de protection des données ».
    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            LegalDuty::GdprAuthority => (
                "notification de la violation à l'autorité de protection des données",
                "notification of the breach to the data protection authority",
            ),
            LegalDuty::GdprController => {
                ("information du responsable du traitement", "notice to the controller")
            }
            LegalDuty::Nis2EarlyWarning => ("alerte précoce NIS 2", "NIS 2 early warning"),
            LegalDuty::Nis2Notification => ("notification d'incident NIS 2", "NIS 2 incident notification"),
            LegalDuty::Nis2FinalReport => ("rapport final NIS 2", "NIS 2 final report"),
            LegalDuty::DoraInitial => ("notification initiale DORA", "DORA initial notification"),
            LegalDuty::DoraIntermediate => ("rapport intermédiaire DORA", "DORA intermediate report"),
            LegalDuty::DoraFinal => ("rapport final DORA", "DORA final report"),
            LegalDuty::InsuranceComplaint => {
                ("dépôt de plainte exigé par l'assurance", "complaint that the insurance requires")
            }
        };
        Bilingual::new(fr, en)
    }

    /// The text that sets the delay.
    pub fn source(self) -> &'static str {
        match self {
            LegalDuty::GdprAuthority => "RGPD, art. 33, § 1",
            LegalDuty::GdprController => "RGPD, art. 33, § 2",
            LegalDuty::Nis2EarlyWarning => "directive (UE) 2022/2555, art. 23, § 4, a",
            LegalDuty::Nis2Notification => "directive (UE) 2022/2555, art. 23, § 4, b",
            LegalDuty::Nis2FinalReport => "directive (UE) 2022/2555, art. 23, § 4, d",
            LegalDuty::DoraInitial | LegalDuty::DoraIntermediate | LegalDuty::DoraFinal => {
                "règlement délégué (UE) 2025/301, art. 5"
            }
            LegalDuty::InsuranceComplaint => "Code des assurances, L. 12-10-1",
        }
    }

    fn has_relief(self) -> bool {
        matches!(self, LegalDuty::DoraInitial | LegalDuty::DoraIntermediate | LegalDuty::DoraFinal)
    }
}

/// What is known of an incident; a clock whose start is not known does not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentTimes {
    pub aware: Option<Timestamp>,
    /// Classified as major (DORA).
    pub classified: Option<Timestamp>,
    /// The NIS 2 notification was sent.
    pub notified: Option<Timestamp>,
    pub initial_sent: Option<Timestamp>,
    pub intermediate_sent: Option<Timestamp>,
    /// The insured knew of the attack.
    pub known: Option<Timestamp>,
}

/// Where, and for whom, the clocks run.
#[derive(Clone, Debug)]
pub struct Reporter<'a> {
    /// The zone of days, months and noon.
    pub zone: TimeZone,
    /// Bank holidays of the entity's Member State.
    pub holidays: &'a BTreeSet<Date>,
    /// Essential or important under NIS 2, a credit institution, a trading venue or a central
    /// counterparty: no relief (art. 5(5)).
    pub without_relief: bool,
    /// What the contract gives the processor, in real hours.
    pub breach_notice: Option<SignedDuration>,
}

/// A legal limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    pub duty: LegalDuty,
    /// What the delay counts from.
    pub start: Timestamp,
    /// The strict limit.
    pub due: Timestamp,
    /// The limit once the relief of week-ends and bank holidays is applied; else `due`.
    pub allowed: Timestamp,
}

impl LegalClock {
    pub fn is_late(&self, at: Timestamp) -> bool {
        at > self.allowed
    }
}

/// Every clock that runs, in the order of [`LegalDuty::ALL`].
pub fn clocks(times: &IncidentTimes, reporter: &Reporter<'_>) -> Vec<Because<LegalClock>> {
    LegalDuty::ALL.into_iter().filter_map(|duty| clock(duty, times, reporter)).collect()
}

/// The limit of one duty; `None` while what starts it has not happened, or is past what dates can hold.
pub fn clock(duty: LegalDuty, times: &IncidentTimes, reporter: &Reporter<'_>) -> Option<Because<LegalClock>> {
    let hours = |start: Timestamp, hours: i64| start.checked_add(SignedDuration::from_hours(hours)).ok();
    let month = |start: Timestamp| {
        let local = start.to_zoned(reporter.zone.clone());
        // Same day and time of the next month; the last day when there is no such day.
        local.checked_add(Span::new().months(1)).ok().map(|z| z.timestamp())
    };
    let (start, due) = match duty {
        LegalDuty::GdprAuthority => (times.aware?, hours(times.aware?, 72)?),
        LegalDuty::GdprController => (times.aware?, times.aware?.checked_add(reporter.breach_notice?).ok()?),
        LegalDuty::Nis2EarlyWarning => (times.aware?, hours(times.aware?, 24)?),
        LegalDuty::Nis2Notification => (times.aware?, hours(times.aware?, 72)?),
        LegalDuty::Nis2FinalReport => (times.notified?, month(times.notified?)?),
        LegalDuty::DoraInitial => {
            let (aware, classified) = (times.aware?, times.classified?);
            let (day, four) = (hours(aware, 24)?, hours(classified, 4)?);
            // Art. 5(2): classified after the 24 hours, the four hours alone count.
            if classified > day { (classified, four) } else { (classified, four.min(day)) }
        }
        LegalDuty::DoraIntermediate => (times.initial_sent?, hours(times.initial_sent?, 72)?),
        LegalDuty::DoraFinal => (times.intermediate_sent?, month(times.intermediate_sent?)?),
        LegalDuty::InsuranceComplaint => (times.known?, hours(times.known?, 72)?),
    };
    let relieved = duty.has_relief() && !reporter.without_relief;
    let allowed = if relieved { noon_of_a_working_day(due, reporter)? } else { due };
    let clock = LegalClock { duty, start, due, allowed };
    Some(Because::new(clock, reasons(&clock, reporter)))
}

/// The instant itself on a working day; else noon of the next one.
fn noon_of_a_working_day(due: Timestamp, reporter: &Reporter<'_>) -> Option<Timestamp> {
    let idle = |date: Date| {
        matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) || reporter.holidays.contains(&date)
    };
    let mut date = due.to_zoned(reporter.zone.clone()).date();
    if !idle(date) {
        return Some(due);
    }
    while idle(date) {
        date = date.tomorrow().ok()?;
    }
    let noon = date.to_datetime(time(12, 0, 0, 0)).to_zoned(reporter.zone.clone()).ok()?;
    Some(noon.timestamp())
}

fn reasons(clock: &LegalClock, reporter: &Reporter<'_>) -> Vec<Reason> {
    let at = |lang: Lang, t: Timestamp| date_time(lang, &t.to_zoned(reporter.zone.clone()));
    let source = clock.duty.source();
    let mut reasons = vec![say("legal.due", |lang| {
        let name = clock.duty.name();
        let (start, due) = (at(lang, clock.start), at(lang, clock.due));
        lang.t(
            format!(
                "{} : délai compté en heures réelles depuis le {start}, jusqu'au {due} ({source}).",
                capital(&name.fr)
            ),
            format!("{}: counted in real hours from {start}, until {due} ({source}).", capital(&name.en)),
        )
    })];
    if clock.allowed != clock.due {
        reasons.push(say("legal.relief", |lang| {
            let allowed = at(lang, clock.allowed);
            lang.t(
                format!("Cette limite tombe un week-end ou un jour férié : midi du jour ouvré suivant est admis, soit le {allowed}."),
                format!("That limit falls on a week-end or a bank holiday: noon of the next working day is allowed, {allowed}."),
            )
        }));
    }
    reasons
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
