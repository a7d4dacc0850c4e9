//! `rates`: the price of a profile's hour or day, and what it is multiplied by at some hours.

use base::{Bilingual, Lang, Length};
use terms::rates::{RateHours, RateWeight, RateWhen};
use terms::{Rate, Terms};

use super::read::{self, figure, list, of};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const HOURS: &[&str] = &["evening", "night", "saturday", "sunday", "holiday"];

/// Of which each line has one at most.
pub(crate) const WHEN: &[&str] = &["within", "outside", "holidays_of"];

const WEIGHT: &[Field] = &[
    Field::required("hours", Type::Choice(HOURS), "heures concernées", "the hours"),
    Field::optional("within", Type::Calendar, "ce sont les heures de ce calendrier", "they are the hours of this calendar"),
    Field::optional("outside", Type::Calendar, "celles où ce calendrier est fermé", "those when this calendar is closed"),
    Field::optional("holidays_of", Type::Calendar, "les jours fériés de ce calendrier", "the public holidays of this calendar"),
    Field::required("weight", Type::Decimal, "coefficient", "what the price is multiplied by"),
];

pub const KIND: Kind = Kind {
    name: "rates",
    doc: ("le tarif d'un profil, à l'heure ou à la journée", "a profile's price by the hour or the day"),
    example: r#"kind = "rates"
label = "ingenieur"
then = { profile = "engineer", title = "Ingénieur systèmes", per = "day", price = "620.00 EUR", day_lasts = "7 h", round_up_to = "30 min", weights = [{ hours = "night", weight = "1.5" }, { hours = "sunday", weight = "2" }] }
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Exclusive(&["profile"]),
    guarded: true,
    fields: &[
        Field::required("profile", Type::Text, "le profil, par son nom court", "the profile, by its short name"),
        Field::optional("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::required("per", Type::Choice(&["hour", "day"]), "à l'heure ou à la journée", "by the hour or the day"),
        Field::required("price", Type::Money, "prix, hors taxes", "price, net of VAT"),
        Field::required("day_lasts", Type::ClockTime, "durée d'une journée", "how long a day is").when("per", &["day"]),
        Field::default("round_up_to", Type::ClockTime, "\"15 min\"", "le temps est arrondi par excès à ce multiple", "time is rounded up to this"),
        Field::optional("weights", Type::Tables(WEIGHT), "majorations", "multipliers at some hours"),
    ],
    words: &[
        ("hour", "heure", "hour"),
        ("day", "journée", "day"),
        ("evening", "soirée", "evening"),
        ("night", "nuit", "night"),
        ("saturday", "samedi", "Saturday"),
        ("sunday", "dimanche", "Sunday"),
        ("holiday", "jour férié", "public holiday"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let profile = f.text("profile")?;
    let rate = Rate {
        title: f.text("title").unwrap_or_else(|| profile.clone()),
        profile,
        price: f.money("price")?,
        minutes: if f.text("per")? == "day" { f.minutes("day_lasts")?.max(1) } else { 60 },
        round_up_to: f.minutes("round_up_to")?.max(1),
        weights: f
            .tables("weights")
            .iter()
            .map(|w| Some(RateWeight { hours: w.one_of("hours")?, when: when(w), weight: w.decimal("weight")? }))
            .collect::<Option<_>>()?,
    };
    let rule = c.rule(f, rate);
    c.terms.rates.push(rule);
    Some(())
}

fn when(row: &Fields<'_>) -> Option<RateWhen> {
    let name = WHEN.iter().find(|name| row.has(name))?;
    let label = row.text(name)?;
    Some(match *name {
        "within" => RateWhen::Within(label),
        "outside" => RateWhen::Outside(label),
        _ => RateWhen::HolidaysOf(label),
    })
}

/// « la nuit, aux heures du calendrier « nuit » ».
fn said(lang: Lang, when: &RateWhen) -> String {
    match when {
        RateWhen::Within(label) => {
            lang.t(format!("aux heures du calendrier « {label} »"), format!("in the hours of the calendar “{label}”"))
        }
        RateWhen::Outside(label) => lang.t(
            format!("hors des heures du calendrier « {label} »"),
            format!("outside the hours of the calendar “{label}”"),
        ),
        RateWhen::HolidaysOf(label) => {
            lang.t(format!("ceux du calendrier « {label} »"), format!("those of the calendar “{label}”"))
        }
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.rates, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let words = |minutes: u32| Length::minutes(i64::from(minutes)).in_words(lang);
        let (price, title) = (then.price.show(lang), &then.title);
        let per = match then.minutes {
            60 => lang.t("l'heure".to_owned(), "an hour".to_owned()),
            minutes => {
                let length = words(minutes);
                lang.t(format!("la journée {}", of(&length)), format!("a day of {length}"))
            }
        };
        let weights: Vec<String> = then
            .weights
            .iter()
            .map(|w| {
                let hours = match w.hours {
                    RateHours::Ordinary => lang.t("en journée", "by day"),
                    RateHours::Evening => lang.t("en soirée", "in the evening"),
                    RateHours::Night => lang.t("la nuit", "at night"),
                    RateHours::Saturday => lang.t("le samedi", "on Saturday"),
                    RateHours::Sunday => lang.t("le dimanche", "on Sunday"),
                    RateHours::Holiday => lang.t("les jours fériés", "on public holidays"),
                };
                let when = w.when.as_ref().map_or_else(String::new, |when| format!(" ({})", said(lang, when)));
                format!("× {} {hours}{when}", figure(lang, w.weight))
            })
            .collect();
        let weights: Vec<&str> = weights.iter().map(String::as_str).collect();
        let more = if weights.is_empty() { String::new() } else { format!(", {}", list(lang, &weights)) };
        let step = words(then.round_up_to);
        lang.t(
            format!("« {title} »\u{a0}: {price} HT {per}{more}, le temps étant arrondi par excès à un multiple {}", of(&step)),
            format!("“{title}”: {price} {per} net of VAT{more}, time being rounded up to a multiple of {step}"),
        )
    }))
}
