//! `capacity`: thresholds that are watched, the forecast, and what happens when they are reached.

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Indicator, IndicatorTarget, Terms, Trigger};

use super::objective::PERIODS;
use super::quality_indicator::figure;
use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "capacity",
    doc: ("la capacité : seuils surveillés, prévision et extension", "capacity: thresholds watched, forecast and extension"),
    example: r#"kind = "capacity"
label = "capacite"
then.per = "month"
then.thresholds = [
  { of = "processeurs", unit = "%", alert_at = "70", at_most = "85" },
  { of = "stockage", unit = "%", alert_at = "75", at_most = "90" },
]
then.forecast_every = "3 months"
then.extension = "quoted"
then.extended_within = "10 working_days"
"#,
    family: Family::Hosting,
    run: Run::NotYet("la supervision", "monitoring"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("per", Type::Choice(PERIODS), "période de mesure", "period of measure"),
        Field::required(
            "thresholds",
            Type::Tables(&[
                Field::required("of", Type::Text, "la ressource", "the resource"),
                Field::required("unit", Type::Text, "unité", "unit"),
                Field::required("alert_at", Type::Decimal, "seuil d'alerte", "alert threshold"),
                Field::required("at_most", Type::Decimal, "seuil à ne pas dépasser", "threshold not to be passed"),
            ]),
            "ressources surveillées et leurs seuils",
            "resources watched, and their thresholds",
        ),
        Field::required("forecast_every", Type::Length, "rythme de la prévision de capacité", "how often capacity is forecast"),
        Field::required("extension", Type::Choice(&["included", "quoted"]), "extension comprise dans le prix, ou sur devis", "extension included in the price, or quoted"),
        Field::required("extended_within", Type::Length, "délai pour étendre, dès la demande", "how soon capacity is extended, from the request"),
    ],
    words: &[
        ("included", "comprise dans le prix", "included in the price"),
        ("quoted", "faite sur devis accepté", "made once a quotation is accepted"),
        ("capacity_forecast", "la prévision de capacité", "the capacity forecast"),
        ("capacity_extension", "l'extension de capacité demandée", "the extension of capacity asked for"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let per = f.one_of("per")?;
    let mut rows = Vec::new();
    for (i, row) in f.tables("thresholds").iter().enumerate() {
        let (of, unit) = (row.text("of")?, row.text("unit")?);
        let (alert_at, at_most) = (row.decimal("alert_at")?, row.decimal("at_most")?);
        if alert_at >= at_most {
            c.push(
                Diagnostic::error(
                    "E-CAPACITY-ALERT",
                    f.place_of_row("thresholds", i),
                    format!("« {of} » : l'alerte vient au seuil même, ou après lui"),
                    format!("“{of}”: the alert comes at the threshold itself, or past it"),
                )
                .help("écrivez alert_at en dessous de at_most", "write alert_at below at_most"),
            );
        }
        rows.push((format!("thresholds.{of}"), row.text("alert_at")?));
        let indicator = Indicator {
            title: of.clone(),
            source: "monitoring".to_owned(),
            formula: c.lang().t(format!("plus forte occupation constatée{}{of}", colon(c.lang())), format!("highest use measured: {of}")),
            unit,
            per,
            target: Some(IndicatorTarget::AtMost { value: at_most }),
            price_beyond: None,
            price_tax: None,
            measures: None,
        };
        let rule = c.rule(f, indicator);
        c.terms.indicators.push(rule);
    }
    let due = DutyDue::Every { period: f.length("forecast_every")?, first: None };
    duties::push(f, c, duties::of_kind(&KIND, c, "capacity_forecast", due, DutyProof::Document));
    let due = DutyDue::Within { length: f.length("extended_within")?, of: Trigger::Request };
    duties::push(f, c, duties::of_kind(&KIND, c, "capacity_extension", due, DutyProof::Notice));
    says::push_with(f, c, rows);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let watched: Vec<String> =
            terms.indicators.iter().filter(|r| r.label() == label).map(|r| one(lang, &says, &r.then)).collect();
        let watched = read::list(lang, &watched.iter().map(String::as_str).collect::<Vec<_>>());
        let first = lang.t(format!("sont surveillés{}{watched}", colon(lang)), format!("watched: {watched}"));
        let word = says.word("extension", lang);
        let extension = lang.t(format!("l'extension est {word}"), format!("extension is {word}"));
        parts(lang, &[first, duties::sentences_of(&KIND, lang, label, terms), extension])
    }))
}

fn one(lang: Lang, says: &Says<'_>, indicator: &Indicator) -> String {
    let alert = says.get(&format!("thresholds.{}", indicator.title)).and_then(base::fraction::parse_decimal);
    let alert = alert.map(|a| figure(lang, a, &indicator.unit)).unwrap_or_default();
    let most = match indicator.target {
        Some(IndicatorTarget::AtMost { value } | IndicatorTarget::AtLeast { value }) => figure(lang, value, &indicator.unit),
        None => String::new(),
    };
    lang.t(
        format!("{} (alerte à {alert}, {most} au plus)", indicator.title),
        format!("{} (alert at {alert}, at most {most})", indicator.title),
    )
}
