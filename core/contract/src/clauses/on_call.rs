//! `on_call`: who can be reached outside service hours, told how long ahead, rested how long, paid how.
//!
//! Code du travail, L3121-9 to L3121-12 (programme told fifteen days ahead, unless an agreement says
//! otherwise), L3131-1 and L3132-2 (daily rest of 11 hours, weekly rest of 24 hours more), R3121-2
//! (monthly document of the hours on call).

use base::{Bilingual, Lang, Length};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const PRICED: &[&str] = &["per_hour"];

pub const KIND: Kind = Kind {
    name: "on_call",
    doc: ("l'astreinte : programme, repos, relevé et prix", "on-call duty: roster, rest, record and price"),
    example: r#"kind = "on_call"
label = "astreinte"
then = { calendar = "24x7", people = 4, roster_notice = "15 days", daily_rest = "11 h", weekly_rest = "35 h", interventions = "per_hour", hour_price = "95.00 EUR", rounded_up_to = "30 min" }
"#,
    family: Family::Time,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("calendar", Type::Calendar, "heures d'astreinte", "hours on call"),
        Field::required("people", Type::Integer(1), "personnes au planning", "people on the roster"),
        Field::required("roster_notice", Type::Length, "avance avec laquelle le programme est connu de chacun", "how long ahead each person knows the roster"),
        Field::default("exceptional_notice", Type::Length, "\"1 day\"", "avance en cas de circonstances exceptionnelles", "how long ahead in exceptional circumstances"),
        Field::required("daily_rest", Type::ClockTime, "repos quotidien garanti", "daily rest kept"),
        Field::required("weekly_rest", Type::ClockTime, "repos hebdomadaire garanti", "weekly rest kept"),
        Field::required(
            "interventions",
            Type::Choice(&["included", "per_hour"]),
            "interventions comprises dans le prix, ou facturées à l'heure",
            "interventions included in the price, or billed by the hour",
        ),
        Field::required("hour_price", Type::Money, "prix de l'heure d'intervention", "price of an hour of intervention").when("interventions", PRICED),
        Field::required("rounded_up_to", Type::ClockTime, "tranche entamée due", "step begun that is due").when("interventions", PRICED),
        Field::optional("fee", Type::Label(&["fee"]), "étiquette du prix mensuel de l'astreinte", "label of its monthly fee"),
    ],
    words: &[
        ("included", "comprises", "included"),
        ("per_hour", "facturées à l'heure", "billed by the hour"),
        ("on_call_roster", "le programme individuel des astreintes", "each person's on-call roster"),
        ("on_call_record", "le relevé des heures d'astreinte et d'intervention", "the record of hours on call and of intervention"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let notice = f.length("roster_notice")?;
    short_notice(f, c, notice);
    for (field, least, law) in [("daily_rest", 11, "L3131-1"), ("weekly_rest", 35, "L3132-2")] {
        short_rest(f, c, field, least, law);
    }
    let due = DutyDue::Before { length: notice, of: Trigger::OnCallPeriod };
    duties::push(f, c, duties::of_kind(&KIND, c, "on_call_roster", due, DutyProof::Document));
    let due = DutyDue::Every { period: Length::Months(1), first: None };
    duties::push(f, c, duties::of_kind(&KIND, c, "on_call_record", due, DutyProof::Document));
    says::push(f, c);
    Some(())
}

fn short_notice(f: &Fields<'_>, c: &mut Compiler, notice: Length) {
    if !matches!(notice, Length::Months(_) | Length::Days(15..) | Length::WorkingDays(11..)) {
        c.push(
            Diagnostic::warning(
                "W-ON_CALL-NOTICE",
                f.place_of("roster_notice"),
                "sans accord d'entreprise, le programme d'astreinte est connu quinze jours à l'avance (Code du travail, L3121-9 à L3121-12)",
                "without a company agreement, the roster is known fifteen days ahead (Code du travail, L3121-9 to L3121-12)",
            )
            .help("écrivez roster_notice = \"15 days\", ou citez l'accord dans l'article", "write roster_notice = \"15 days\", or cite the agreement in the article"),
        );
    }
}

fn short_rest(f: &Fields<'_>, c: &mut Compiler, field: &str, least: i64, law: &str) {
    let short = f.length(field).and_then(Length::as_seconds).is_some_and(|rest| rest < least * 3600);
    if short {
        c.push(
            Diagnostic::warning(
                "W-ON_CALL-REST",
                f.place_of(field),
                format!("le repos légal est de {least} heures (Code du travail, {law})"),
                format!("the legal rest is {least} hours (Code du travail, {law})"),
            )
            .help(format!("écrivez {field} = \"{least} h\""), format!("write {field} = \"{least} h\"")),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (people, calendar) = (says.number("people").unwrap_or_default(), says.text("calendar"));
        let (daily, weekly) = (says.length("daily_rest", lang), says.length("weekly_rest", lang));
        let (daily, weekly) = (daily.unwrap_or_default(), weekly.unwrap_or_default());
        let first = lang.t(
            format!("{people} personne{} se relaient d'astreinte sur le calendrier [{calendar}]", if people > 1 { "s" } else { "" }),
            format!("{people} {} on call over the calendar [{calendar}]", if people > 1 { "people take turns" } else { "person is" }),
        );
        let first = if people == 1 { first.replace("se relaient", "est") } else { first };
        let rest = lang.t(
            format!("chacune garde {daily} de repos quotidien et {weekly} de repos hebdomadaire"),
            format!("each keeps {daily} of daily rest and {weekly} of weekly rest"),
        );
        parts(lang, &[first, rest, duties::sentences_of(&KIND, lang, label, terms), price(lang, &says)])
    }))
}

fn price(lang: Lang, says: &Says<'_>) -> String {
    let fee = says.get("fee").map_or_else(String::new, |fee| {
        lang.t(format!("l'astreinte est payée par [{fee}]"), format!("[{fee}] pays for being on call"))
    });
    let hour = match says.money("hour_price", lang) {
        Some(price) => {
            let step = says.length("rounded_up_to", lang).unwrap_or_default();
            lang.t(
                format!("les interventions sont facturées {price} HT de l'heure, par tranche entamée {}", read::of(&step)),
                format!("interventions are billed {price} an hour net of VAT, each {step} begun being due"),
            )
        }
        None => lang.t("les interventions sont comprises", "interventions are included").to_owned(),
    };
    parts(lang, &[fee, hour])
}
