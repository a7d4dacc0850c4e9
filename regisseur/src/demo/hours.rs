//! The contract's service hours, so that the demonstration's people work when they should.

use engines::calendar::{Pauses, ServiceClock};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use terms::{Dimension, Facts, Terms};

use crate::output::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    Toulouse,
    Strasbourg,
}

impl Site {
    pub fn key(self) -> &'static str {
        match self {
            Site::Toulouse => "tls",
            Site::Strasbourg => "str",
        }
    }
}

pub struct Hours {
    toulouse: ServiceClock,
    strasbourg: ServiceClock,
    zone: TimeZone,
}

impl Hours {
    /// The hours of the calendar `ho`, at each site.
    pub fn of(terms: &Terms, around: DateTime) -> Result<Hours, Failure> {
        let zone = engines::calendar::zone(&terms.zone).map_err(wrong)?;
        let around = around.to_zoned(zone.clone()).map_err(wrong)?.timestamp();
        let clock = |site: Site| {
            let facts = Facts::default().with(Dimension::Site, site.key());
            let rule = terms.calendar("ho", &facts).ok_or_else(|| wrong("no calendar « ho »"))?;
            ServiceClock::new(&rule.then, around).map_err(wrong)
        };
        Ok(Hours { toulouse: clock(Site::Toulouse)?, strasbourg: clock(Site::Strasbourg)?, zone })
    }

    /// The instant of a local date and time in Paris.
    pub fn at(&self, local: DateTime) -> Timestamp {
        local.to_zoned(self.zone.clone()).expect("invariant: a date of this century").timestamp()
    }

    /// When so many minutes of service have passed since `from`.
    pub fn after(&self, site: Site, from: Timestamp, minutes: i64) -> Timestamp {
        self.clock(site)
            .due(from, minutes * 60, &Pauses::default())
            .expect("invariant: the contract's hours go on for years")
    }

    /// Minutes of service in `[from, to)`.
    pub fn minutes(&self, site: Site, from: Timestamp, to: Timestamp) -> i64 {
        self.clock(site).elapsed(from, to, &Pauses::default()) / 60
    }

    /// Whether Toulouse, where the technicians are, works at some time of this day.
    pub fn works(&self, day: jiff::civil::Date) -> bool {
        let morning = self.at(day.at(0, 0, 0, 0));
        self.minutes(Site::Toulouse, morning, morning + jiff::SignedDuration::from_hours(24)) > 0
    }

    fn clock(&self, site: Site) -> &ServiceClock {
        match site {
            Site::Toulouse => &self.toulouse,
            Site::Strasbourg => &self.strasbourg,
        }
    }
}

fn wrong(e: impl std::fmt::Display) -> Failure {
    Failure::new("demo", e.to_string(), e.to_string())
}
