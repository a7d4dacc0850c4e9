//! `hotline`: how calls are paid for: unlimited, a pack of tickets, a maximum of hours, or the meter of
//! another `hotline`.

mod weights;

use base::Bilingual;
use terms::meter::CarryOver;
use terms::{Leftover, Meter, MeterForm, Terms, WhenEmpty};

use super::objective::{PERIODS, each};
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const PACK: &[&str] = &["ticket_pack"];
const HOURS: &[&str] = &["max_hours"];
const SHARED: &[&str] = &["shared"];
/// The forms that count something.
const COUNTED: &[&str] = &["ticket_pack", "max_hours", "shared"];

pub(crate) use weights::CONDITIONS;

pub const KIND: Kind = Kind {
    name: "hotline",
    doc: ("l'assistance téléphonique et son compteur", "telephone support and its meter"),
    example: r#"kind = "hotline"
label = "carnet"
then = { form = "ticket_pack", tickets = 120, period = "contract_year", alert_at = 20, when_empty = "per_ticket", price = "24.00 EUR" }
"#,
    family: Family::ServiceDesk,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: true,
    fields: &[
        Field::required(
            "form",
            Type::Choice(&["unlimited", "ticket_pack", "max_hours", "shared"]),
            "illimitée, carnet de tickets, durée maximum, ou compteur d'une autre clause",
            "unlimited, pack of tickets, maximum of hours, or the meter of another clause",
        ),
        Field::required(
            "of",
            Type::Label(&["hotline"]),
            "la clause dont le compteur est partagé",
            "the clause whose meter is shared",
        )
        .when("form", SHARED),
        Field::required("tickets", Type::Integer(1), "tickets du carnet", "tickets in the pack").when("form", PACK),
        Field::required("max", Type::ClockTime, "durée comprise dans chaque période", "time included in each period")
            .when("form", HOURS),
        Field::required("period", Type::Choice(PERIODS), "période du compteur", "period of the meter")
            .when("form", &["ticket_pack", "max_hours"]),
        Field::default("alert_at", Type::Integer(0), "0", "prévenir quand il en reste tant", "warn when so many are left")
            .when("form", PACK),
        Field::default("alert_below", Type::ClockTime, "\"0 min\"", "prévenir quand il reste ce temps", "warn when so much time is left")
            .when("form", HOURS),
        Field::optional("minimum", Type::ClockTime, "chaque appel compte pour cette durée au moins", "each call counts for this at least")
            .when("form", HOURS),
        Field::required("round_up_to", Type::ClockTime, "chaque appel est arrondi à ce multiple", "each call is rounded up to this")
            .when("form", HOURS),
        Field::required(
            "carry_over",
            Type::Choice(&["lost", "next_period"]),
            "sort du reliquat en fin de période",
            "what happens to what is left",
        )
        .when("form", HOURS),
        Field::required(
            "when_empty",
            Type::Choice(&["per_ticket", "new_pack", "per_hour", "refuse"]),
            "une fois épuisé : payer à l'unité, racheter un carnet, payer à l'heure, ou refuser",
            "once empty: pay by the ticket, buy a pack, pay by the hour, or refuse",
        )
        .when("form", &["ticket_pack", "max_hours"]),
        Field::required("price", Type::Money, "prix du ticket, du carnet ou de l'heure", "price of the ticket, pack or hour")
            .when("when_empty", &["per_ticket", "new_pack", "per_hour"]),
        Field::required("pack_tickets", Type::Integer(1), "tickets du carnet racheté", "tickets in the pack bought")
            .when("when_empty", &["new_pack"]),
        Field::default(
            "leftover",
            Type::Choice(&["lost", "carried"]),
            "\"lost\"",
            "sort des tickets non pris en fin de période",
            "what happens to tickets not taken at the end of the period",
        )
        .when("form", PACK),
        Field::required(
            "expires_after",
            Type::Months,
            "durée de vie des tickets reportés, à compter de la fin de leur période",
            "how long tickets carried over live, from the end of their period",
        )
        .when("leftover", &["carried"]),
        Field::default("never_refused", Type::Texts, "[]", "priorités toujours servies", "priorities always served"),
        Field::default("not_counted", Type::Texts, "[]", "priorités qui ne comptent pas", "priorities that do not count"),
        Field::optional(
            "weights",
            Type::Tables(weights::FIELDS),
            "majorations : ce qu'un appel compte de plus",
            "weights: what a call counts more for",
        )
        .when("form", COUNTED),
        Field::optional("calendar", Type::Calendar, "heures d'ouverture", "opening hours"),
    ],
    words: &[
        ("shared", "compteur partagé", "shared meter"),
        ("provider_admin", "administration du prestataire", "provider's administration"),
        ("service_manager", "interlocuteur unique", "single point of contact"),
        ("deputy_manager", "suppléance de l'interlocuteur", "deputy point of contact"),
        ("dispatcher", "répartition", "dispatch"),
        ("technician", "technique", "technician"),
        ("developer", "développement", "developer"),
        ("system_manager", "systèmes et réseaux", "systems and networks"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let form = match f.text("form")?.as_str() {
        "unlimited" => MeterForm::Unlimited,
        "ticket_pack" => MeterForm::TicketPack {
            tickets: f.integer("tickets")?,
            per: f.one_of("period")?,
            alert_at: f.integer("alert_at")?,
            when_empty: when_pack_empty(f, c)?,
            leftover: match f.text("leftover").as_deref() {
                Some("carried") => Leftover::Carried { expires_after: f.months("expires_after")? },
                _ => Leftover::Lost,
            },
        },
        "shared" => MeterForm::Shared { of: f.text("of")? },
        _ => MeterForm::MaxHours {
            minutes: f.minutes("max")?,
            per: f.one_of("period")?,
            minimum: f.minutes("minimum").unwrap_or_default(),
            round_up_to: f.minutes("round_up_to")?.max(1),
            carry_over: f.one_of("carry_over")?,
            alert_at: f.minutes("alert_below")?,
            hour_price: match f.text("when_empty")?.as_str() {
                "per_hour" => Some(f.money("price")?),
                "refuse" => None,
                other => return mismatch(f, c, other, "per_hour, refuse"),
            },
        },
    };
    let meter = Meter {
        form,
        never_refused: f.texts("never_refused"),
        not_counted: f.texts("not_counted"),
        hours: f.text("calendar"),
        weights: weights::compile(f)?,
    };
    let rule = c.rule(f, meter);
    c.terms.meters.push(rule);
    Some(())
}

fn when_pack_empty(f: &Fields<'_>, c: &mut Compiler) -> Option<WhenEmpty> {
    Some(match f.text("when_empty")?.as_str() {
        "per_ticket" => WhenEmpty::PerTicket { price: f.money("price")? },
        "new_pack" => WhenEmpty::NewPack { tickets: f.integer("pack_tickets")?, price: f.money("price")? },
        "refuse" => WhenEmpty::Refuse,
        other => return mismatch(f, c, other, "per_ticket, new_pack, refuse"),
    })
}

fn mismatch<T>(f: &Fields<'_>, c: &mut Compiler, word: &str, fitting: &str) -> Option<T> {
    c.push(
        Diagnostic::error(
            "E-HOTLINE-EMPTY",
            f.place_of("when_empty"),
            format!("« {word} » ne convient pas à cette forme de compteur"),
            format!("“{word}” does not fit this form of meter"),
        )
        .help(format!("écrivez l'un de : {fitting}"), format!("write one of: {fitting}")),
    );
    None
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.meters, label)?;
    let meter = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let mut text = match &meter.form {
            MeterForm::Unlimited => lang.t(
                "l'assistance téléphonique est illimitée".to_owned(),
                "telephone support is unlimited".to_owned(),
            ),
            MeterForm::TicketPack { tickets, per, alert_at, when_empty, leftover } => {
                let over = match leftover {
                    Leftover::Lost => String::new(),
                    Leftover::Carried { expires_after } => {
                        let life = base::Length::Months(*expires_after).in_words(lang);
                        lang.t(
                            format!("\u{202f}; les tickets non pris sont reportés et pris d'abord, puis perdus {life} après la fin de leur période"),
                            format!("; tickets not taken are carried over and taken first, then lost {life} after the end of their period"),
                        )
                    }
                };
                let (each, empty) = (each(lang, *per), empty(lang, *when_empty));
                lang.t(
                    format!("{each}, {tickets} tickets d'assistance sont compris, avec une alerte quand il en reste {alert_at}\u{202f}; au-delà, {empty}{over}"),
                    format!("{each}, {tickets} support tickets are included, with a warning when {alert_at} are left; beyond that, {empty}{over}"),
                )
            }
            MeterForm::MaxHours { minutes, per, minimum, round_up_to, carry_over, hour_price, .. } => {
                let each = each(lang, *per);
                let words = |m: u32| base::Length::minutes(i64::from(m)).in_words(lang);
                let carry = match carry_over {
                    CarryOver::Lost => lang.t("le reliquat est perdu", "what is left is lost"),
                    CarryOver::NextPeriod => {
                        lang.t("le reliquat passe à la période suivante", "what is left goes to the next period")
                    }
                };
                let beyond = match hour_price {
                    Some(price) => lang.t(
                        format!("chaque heure est facturée {} HT", price.show(lang)),
                        format!("each hour is billed {} net of VAT", price.show(lang)),
                    ),
                    None => lang.t("les appels sont refusés".to_owned(), "calls are refused".to_owned()),
                };
                let least = match minimum {
                    0 => String::new(),
                    least => lang.t(
                        format!(" comptant pour {} au moins et", words(*least)),
                        format!(" counting for {} at least,", words(*least)),
                    ),
                };
                lang.t(
                    format!("{each}, {} d'assistance sont comprises, chaque appel{least} étant arrondi par excès à un multiple {}\u{202f}; {carry}\u{202f}; au-delà, {beyond}", words(*minutes), read::of(&words(*round_up_to))),
                    format!("{each}, {} of support are included, each call{least} rounded up to a multiple of {}; {carry}; beyond that, {beyond}", words(*minutes), words(*round_up_to)),
                )
            }
            MeterForm::Shared { of } => lang.t(
                format!("les appels à l'assistance sont décomptés du compteur « {of} »"),
                format!("calls to support are counted on the meter “{of}”"),
            ),
        };
        if let Some(weighed) = weights::read_back(lang, &meter.weights, terms) {
            text += &lang.t(format!("\u{202f}; {weighed}"), format!("; {weighed}"));
        }
        let names = |of: &[String]| {
            let of: Vec<&str> = of.iter().map(|p| terms.name_of("priority", p)).collect();
            list(lang, &of)
        };
        if !meter.never_refused.is_empty() {
            text += &lang.t(
                format!("\u{202f}; les tickets de priorité {} sont toujours servis, quelle que soit la réserve", names(&meter.never_refused)),
                format!("; tickets of priority {} are always served, whatever is left", names(&meter.never_refused)),
            );
        }
        if !meter.not_counted.is_empty() {
            text += &lang.t(
                format!("\u{202f}; les tickets de priorité {} ne sont pas décomptés", names(&meter.not_counted)),
                format!("; tickets of priority {} are not counted", names(&meter.not_counted)),
            );
        }
        if let Some(hours) = meter.hours.as_ref().filter(|_| meter.form != MeterForm::Unlimited) {
            text += &lang.t(
                format!("\u{202f}; l'assistance est ouverte aux heures du calendrier « {hours} »"),
                format!("; support is open in the hours of the calendar “{hours}”"),
            );
        } else if let Some(hours) = &meter.hours {
            text += &lang.t(
                format!(", aux heures du calendrier « {hours} »"),
                format!(", in the hours of the calendar “{hours}”"),
            );
        }
        text
    }))
}

fn empty(lang: base::Lang, when_empty: WhenEmpty) -> String {
    match when_empty {
        WhenEmpty::PerTicket { price } => lang.t(
            format!("chaque ticket est facturé {} HT", price.show(lang)),
            format!("each ticket is billed {} net of VAT", price.show(lang)),
        ),
        WhenEmpty::NewPack { tickets, price } => lang.t(
            format!("un carnet de {tickets} tickets est racheté à {} HT", price.show(lang)),
            format!("a pack of {tickets} tickets is bought for {} net of VAT", price.show(lang)),
        ),
        WhenEmpty::Refuse => lang.t("les appels sont refusés".to_owned(), "calls are refused".to_owned()),
    }
}
