//! A year of daily life: what is asked, when, by whom, and how it goes. The same at each preparation.

use app::ticket::OpenTicket;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, ToSpan};

use super::cast::Who;
use super::dice::Dice;
use super::hours::{Hours, Site};
use super::people::{self, Person};
use super::plan::Plan;
use super::scenarios::{self, Scenario};
use super::story::{self, Told};

/// What a month brings, beside the dated events: everyday tickets, accounts, visits.
const MONTHS: [(i8, usize, usize, usize); 8] = [
    (3, 36, 6, 4),
    (4, 34, 4, 5),
    (5, 25, 3, 3),
    (6, 33, 5, 6),
    (7, 28, 3, 3),
    (8, 18, 2, 2),
    (9, 34, 9, 6),
    (10, 33, 4, 5),
];

/// Requests outside the perimeter, and those that want a quotation first: which, on which day.
const OUTSIDE: [(usize, Date); 8] = [
    (0, date(2026, 3, 24)),
    (2, date(2026, 4, 15)),
    (1, date(2026, 5, 20)),
    (4, date(2026, 6, 23)),
    (3, date(2026, 7, 8)),
    (5, date(2026, 9, 17)),
    (6, date(2026, 10, 6)),
    (7, date(2026, 10, 27)),
];
const QUOTED: [(usize, Date); 4] =
    [(0, date(2026, 6, 9)), (2, date(2026, 7, 2)), (1, date(2026, 9, 8)), (3, date(2026, 10, 13))];

/// Everyday tickets stop here; what is open on the demonstration's day is told in `open_work`.
const UNTIL: Date = date(2026, 10, 28);

/// Used on the pack before Monday 2 November, so that two are left (M-19).
pub const CALLS_BEFORE: usize = 118;

pub struct Life<'a> {
    pub plan: &'a mut Plan,
    pub hours: &'a Hours,
    pub dice: Dice,
}

impl Life<'_> {
    pub fn live(&mut self) {
        for (month, everyday, accounts, visits) in MONTHS {
            let days = self.days(month);
            for nth in 0..everyday {
                // One in three concerns the server room.
                let list = if nth % 3 == 2 { scenarios::ROOM } else { scenarios::DESKS };
                let scenario = self.dice.pick(list);
                self.happen(&scenario, &days);
            }
            for _ in 0..accounts {
                let scenario = self.dice.pick(scenarios::ACCOUNTS);
                self.happen(&scenario, &days);
            }
            for _ in 0..visits {
                let scenario = self.dice.pick(scenarios::VISITS);
                self.happen(&scenario, &days);
            }
        }
        for (nth, day) in OUTSIDE {
            self.refuse(&scenarios::OUTSIDE[nth], day);
        }
        for (nth, day) in QUOTED {
            self.happen(&scenarios::QUOTED[nth], &[day]);
        }
        self.plain_calls();
    }

    /// The working days of a month, as far as daily life goes.
    fn days(&self, month: i8) -> Vec<Date> {
        let first = date(2026, month, 1);
        (0..31)
            .filter_map(|n| first.checked_add(n.days()).ok())
            .filter(|d| d.month() == month && *d < UNTIL && self.hours.works(*d))
            .collect()
    }

    /// A request at some time of one of these days, and what follows.
    fn happen(&mut self, scenario: &Scenario, days: &[Date]) {
        let day = self.dice.pick(days);
        let (site, who) = self.somebody();
        let (at, phone) = self.moment(day);
        let technician = self.technician(day);
        let texts = people::fill(scenario, who, site, &mut self.dice);
        let (opener, channel) = match (phone, self.dice.chance(25)) {
            (true, _) => (technician, "phone"),
            (false, true)
                if self.hours.minutes(Site::Toulouse, at, at + SignedDuration::from_mins(2)) > 0 =>
            {
                (technician, "email")
            }
            (false, _) => (self.portal(site), "portal"),
        };
        let ask = ask(scenario, &texts, site, channel);
        let case = self.plan.open(at, opener, ask);
        if phone {
            let minutes = self.dice.between(4, 22);
            self.plan.call(at, technician, Some(case), u32::try_from(minutes).unwrap_or(5));
        }
        let told = Told {
            case,
            scenario,
            texts: &texts,
            site,
            opened: at,
            technician,
            asker: self.portal(site),
            phone,
        };
        story::tell(self.plan, self.hours, &mut self.dice, &told);
    }

    fn refuse(&mut self, scenario: &Scenario, day: Date) {
        let (site, who) = self.somebody();
        let (at, _) = self.moment(day);
        let texts = people::fill(scenario, who, site, &mut self.dice);
        let asker = self.portal(site);
        self.plan.refused(at, asker, ask(scenario, &texts, site, "portal"));
    }

    /// Advice given on the telephone without a ticket, until the pack holds what it must.
    fn plain_calls(&mut self) {
        let monday = self.hours.at(date(2026, 11, 2).at(0, 0, 0, 0));
        while self.plan.calls_before(monday) < CALLS_BEFORE {
            let month = i8::try_from(self.dice.between(3, 10)).unwrap_or(3);
            let days = self.days(month);
            let day = self.dice.pick(&days);
            let at = self.time(day, 9, 17);
            let technician = self.technician(day);
            let minutes = u32::try_from(self.dice.between(2, 12)).unwrap_or(5);
            self.plan.call(at, technician, None, minutes);
        }
    }

    /// Six seats of forty are in Strasbourg.
    fn somebody(&mut self) -> (Site, Person) {
        if self.dice.chance(15) {
            (Site::Strasbourg, self.dice.pick(people::STRASBOURG))
        } else {
            (Site::Toulouse, self.dice.pick(people::TOULOUSE))
        }
    }

    /// When it is asked, and whether by telephone: mornings are busier, the portal never closes.
    fn moment(&mut self, day: Date) -> (Timestamp, bool) {
        if self.dice.chance(27) && self.plan.calls_before(Timestamp::MAX) < CALLS_BEFORE {
            return (self.time(day, 9, 17), true);
        }
        let at = match self.dice.under(10) {
            0 => self.time(day, 7, 8),
            1..=5 => self.time(day, 9, 11),
            6..=8 => self.time(day, 13, 16),
            _ => self.time(day, 17, 19),
        };
        (at, false)
    }

    /// Between two hours of a day, the last one included.
    fn time(&mut self, day: Date, from: i8, to: i8) -> Timestamp {
        let hour = i8::try_from(self.dice.between(i64::from(from), i64::from(to))).unwrap_or(from);
        let minute = i8::try_from(self.dice.between(0, 59)).unwrap_or(0);
        let second = i8::try_from(self.dice.between(0, 59)).unwrap_or(0);
        let local: DateTime = day.at(hour, minute, second, 0);
        self.hours.at(local)
    }

    /// Sofia Delmas joins in September, for the month both share; Karim Benali leaves at its end.
    fn technician(&mut self, day: Date) -> Who {
        match (day < date(2026, 9, 1), day < date(2026, 10, 1)) {
            (true, _) => self.dice.pick(&[Who::Benali, Who::Roussel, Who::Roussel]),
            (false, true) => self.dice.pick(&[Who::Benali, Who::Delmas, Who::Roussel]),
            (false, false) => self.dice.pick(&[Who::Delmas, Who::Delmas, Who::Roussel]),
        }
    }

    fn portal(&mut self, site: Site) -> Who {
        match site {
            Site::Strasbourg => Who::Weber,
            Site::Toulouse => self.dice.pick(&[Who::Ferrand, Who::Ferrand, Who::Ferrand, Who::Marty]),
        }
    }
}

/// What is asked, in the terms of the contract.
pub fn ask(scenario: &Scenario, texts: &people::Texts, site: Site, channel: &str) -> OpenTicket {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    OpenTicket {
        title: texts.title.clone(),
        description: texts.description.clone(),
        kind: Some(if scenario.incident { "incident" } else { "service_request" }.to_owned()),
        impact: given(scenario.level.0),
        urgency: given(scenario.level.1),
        site: given(site.key()),
        item: given(scenario.item),
        item_class: given(scenario.class),
        operation: given(scenario.operation),
        channel: given(channel),
        ..OpenTicket::default()
    }
}
