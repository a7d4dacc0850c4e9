//! Views of the calendar for the gallery and the tests.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Day, Item, Kind, Range, View};
use crate::design::{CustomerRef, Lang};
use crate::pages::sampling;

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let weeks = |from: &str, count: i64| -> Vec<Vec<Day>> {
        let from = sampling::day(from);
        let day = |n: i64| {
            let on = from.saturating_add(n.days());
            let inside = on.month() == 11;
            let items = if inside { own(on, lang) } else { Vec::new() };
            let others = if inside && on.day() == 3 { 12 } else { 0 };
            let href = format!("/calendar?view=day&at={on}");
            Day { on, inside, today: on == sampling::day("2026-11-03"), items, others, href }
        };
        (0..count).map(|week| (0..7).map(|n| day(week * 7 + n)).collect()).collect()
    };
    let view = |customer, range, first: &str, weeks| View {
        customer,
        range,
        first: sampling::day(first),
        weeks,
        previous: "/calendar?view=month&at=2026-10-31".into(),
        next: "/calendar?view=month&at=2026-12-01".into(),
        tabs: Range::ALL.map(|range| (range, format!("/calendar?view={}&at=2026-11-03", range.key()))),
    };
    let empty = weeks("2026-11-02", 1)
        .into_iter()
        .map(|week| week.into_iter().map(|day| Day { items: Vec::new(), others: 0, ..day }).collect());
    let one = vec![weeks("2026-11-03", 1).concat().drain(..1).collect()];
    vec![
        ("month", view(None, Range::Month, "2026-11-01", weeks("2026-10-26", 6))),
        ("week", view(Some(sampling::garonne()), Range::Week, "2026-11-02", weeks("2026-11-02", 1))),
        ("day", view(None, Range::Day, "2026-11-03", one)),
        ("nothing", view(Some(sampling::garonne()), Range::Week, "2026-11-02", empty.collect())),
    ]
}

fn own(on: Date, lang: Lang) -> Vec<Item> {
    let item = |kind, text: &str, customer: CustomerRef, under: &str| Item {
        kind,
        text: text.to_owned(),
        href: customer.path(under),
        customer: customer.name,
    };
    let (garonne, sologne) = (sampling::garonne, sampling::sologne);
    let fr = |fr: &'static str, en: &'static str| lang.t(fr, en).to_string();
    match on.day() {
        2 => {
            let text =
                fr("Karim Benali, 18:00 – lun. 9 nov., 08:00", "Karim Benali, 18:00 – Mon 9 Nov, 08:00");
            vec![item(Kind::OnCall, &text, garonne(), "/on-call")]
        }
        3 => vec![
            item(Kind::Late, &fr("Rapport mensuel", "Monthly report"), garonne(), "/duties"),
            item(
                Kind::Change,
                &fr("19:00 – 21:00 n° 42 Mettre à jour l’ERP", "19:00 – 21:00 n° 42 Update the ERP"),
                garonne(),
                "/tickets/42",
            ),
            item(Kind::Maintenance, "20:00 – 22:00 srv-erp", garonne(), "/monitoring"),
        ],
        5 => {
            let text = fr("12:00 – 13:00 n° 47 Ouvrir le pare-feu", "12:00 – 13:00 n° 47 Open the firewall");
            vec![item(Kind::ChangeAwaited, &text, sologne(), "/tickets/47")]
        }
        12 => {
            let text = fr("Comité de pilotage", "Steering committee");
            vec![item(Kind::Duty, &text, sologne(), "/duties")]
        }
        16 => vec![
            item(
                Kind::Deadline,
                &fr("Dernier jour pour dénoncer", "Last day for notice"),
                garonne(),
                "/duties",
            ),
            item(Kind::Done, &fr("Test de restauration", "Restore test"), garonne(), "/duties"),
        ],
        30 => vec![item(Kind::MonthEnd, &fr("Fin du mois", "End of month"), garonne(), "/money")],
        _ => Vec::new(),
    }
}
