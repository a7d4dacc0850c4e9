//! `price_revision`: how an index moves the prices at each anniversary.
//!
//! The index must bear a direct link to the object of the contract or to a party's activity (Code
//! monétaire et financier, L112-2). Its values are never in the text: they are given, dated and sourced.

use base::fraction::Fraction;
use base::{Bilingual, Lang, Rounding, RoundingMode, lang};
use terms::revision::{ApplyTo, IndexLink, IndexPick, LinkMethod, RevisedPrices, RevisionDirection, RevisionReference};
use terms::{PriceRevision, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

pub(super) const ROUNDING_MODES: &[&str] = &["half_up", "half_even", "up", "down"];

/// `{ digits = 2, mode = "half_up" }`.
pub(super) const ROUNDING: &[Field] = &[
    Field::required("digits", Type::Integer(0), "décimales gardées", "decimals kept"),
    Field::required("mode", Type::Choice(ROUNDING_MODES), "sens de l'arrondi", "which way it is rounded"),
];

const PICKS: &[&str] = &["last_published", "of_month"];
const PARTIAL: &[&str] = &["partial"];

pub const KIND: Kind = Kind {
    name: "price_revision",
    doc: ("la révision des prix par un indice", "the revision of prices by an index"),
    example: r#"kind = "price_revision"
label = "revision"
then.index = "Syntec"
then.formula = "syntec"
then.base_on = 2026-02-16
then.s0 = "last_published"
then.s1 = "last_published"
then.first_on = 2027-03-01
then.reference = "signature"
then.direction = "reciprocal"
then.cap = "3 %"
then.apply_to = "unit"
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("index", Type::Text, "l'indice, par son nom", "the index, by its name"),
        Field::required(
            "formula",
            Type::Choice(&["syntec", "partial"]),
            "P0 × S1 / S0, ou une part fixe et une part indexée",
            "P0 × S1 / S0, or a fixed part and an indexed part",
        ),
        Field::required("fixed", Type::Percent, "part que l'indice ne touche pas", "part that the index leaves alone")
            .when("formula", PARTIAL),
        Field::required("variable", Type::Percent, "part que l'indice déplace", "part that the index moves")
            .when("formula", PARTIAL),
        Field::required("base_on", Type::Date, "jour où se lit S0, en général la signature", "the day S0 is read, as a rule the signature"),
        Field::required("s0", Type::Choice(PICKS), "S0 : dernier indice publié ce jour, ou indice de ce mois", "S0: last index published by that day, or that month's"),
        Field::required("s1", Type::Choice(PICKS), "S1 : dernier indice publié à l'anniversaire, ou indice de ce mois", "S1: last index published by the anniversary, or that month's"),
        Field::required("first_on", Type::Date, "jour de la première révision", "the day of the first revision"),
        Field::default("every", Type::Months, "\"12 months\"", "intervalle des révisions", "time between revisions"),
        Field::required(
            "reference",
            Type::Choice(&["signature", "previous"]),
            "P0 et S0 : ceux de la signature, ou ceux de la révision précédente",
            "P0 and S0: those of the signature, or of the revision before",
        ),
        Field::required(
            "direction",
            Type::Choice(&["reciprocal", "up_only"]),
            "à la hausse et à la baisse, ou à la hausse seule",
            "up and down, or up only",
        ),
        Field::optional("cap", Type::Percent, "hausse maximale", "the most it may rise"),
        Field::optional("floor", Type::Percent, "baisse maximale", "the most it may fall"),
        Field::optional("coefficient_rounding", Type::Table(ROUNDING), "arrondi du coefficient", "rounding of the coefficient"),
        Field::default(
            "amount_rounding",
            Type::Table(ROUNDING),
            "{ digits = 2, mode = \"half_up\" }",
            "arrondi du montant",
            "rounding of the amount",
        ),
        Field::required(
            "apply_to",
            Type::Choice(&["unit", "line", "total"]),
            "ce qui est révisé et arrondi : prix unitaire, ligne ou total",
            "what is revised and rounded: unit price, line or total",
        ),
        Field::optional(
            "index_link",
            Type::Choice(&["convert_base", "ignore", "apply_to_new"]),
            "raccord à l'ancien indice : convertir S0, ignorer, ou multiplier S1",
            "link to the former index: convert S0, ignore, or multiply S1",
        ),
        Field::required("link_coefficient", Type::Decimal, "coefficient de raccord publié", "published link coefficient")
            .when("index_link", &["convert_base", "apply_to_new"]),
        Field::default(
            "covers",
            Type::Choices(&["fees", "extras", "work_units", "rates", "volumes"]),
            "[\"fees\"]",
            "prix révisés",
            "prices revised",
        ),
        Field::default("fees", Type::Labels(&["fee"]), "[]", "étiquettes des redevances révisées ; aucune : toutes", "labels of the fees revised; none: all"),
    ],
    words: &[
        ("syntec", "P1 = P0 × S1 / S0", "P1 = P0 × S1 / S0"),
        ("partial", "une part fixe et une part indexée", "a fixed part and an indexed part"),
        ("last_published", "dernier indice publié", "last index published"),
        ("of_month", "indice du mois", "index of the month"),
        ("signature", "conditions de la signature", "conditions of the signature"),
        ("previous", "révision précédente", "revision before"),
        ("reciprocal", "à la hausse comme à la baisse", "up and down"),
        ("up_only", "à la hausse seulement", "up only"),
        ("unit", "prix unitaire", "unit price"),
        ("line", "ligne", "line"),
        ("total", "total", "total"),
        ("convert_base", "S0 converti", "S0 converted"),
        ("ignore", "coefficient de raccord écarté", "link coefficient set aside"),
        ("apply_to_new", "S1 multiplié", "S1 multiplied"),
        ("half_even", "au pair le plus proche", "half to even"),
        ("up", "par excès", "up"),
        ("down", "par défaut", "down"),
        ("fees", "redevances", "fees"),
        ("extras", "prix hors forfait", "prices beyond the fee"),
        ("work_units", "unités d'œuvre", "work units"),
        ("rates", "tarifs horaires et journaliers", "hour and day rates"),
        ("volumes", "prix au volume", "prices by volume"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let (fixed, variable) = match f.text("formula")?.as_str() {
        "partial" => (f.percent("fixed")?, f.percent("variable")?),
        _ => (Fraction::from_integer(0), Fraction::from_integer(1)),
    };
    let link = match f.one_of("index_link") {
        Some(LinkMethod::Ignore) => {
            Some(IndexLink { method: LinkMethod::Ignore, value: Fraction::from_integer(1) })
        }
        Some(method) => Some(IndexLink { method, value: f.decimal("link_coefficient")? }),
        None => None,
    };
    let revision = PriceRevision {
        index: f.text("index")?,
        fixed,
        variable,
        base_on: f.date("base_on")?,
        s0: f.one_of("s0")?,
        s1: f.one_of("s1")?,
        first_on: f.date("first_on")?,
        every: f.months("every")?,
        reference: f.one_of("reference")?,
        direction: f.one_of("direction")?,
        cap: f.percent("cap"),
        floor: f.percent("floor"),
        coefficient_rounding: f.rounding("coefficient_rounding"),
        amount_rounding: f.rounding("amount_rounding")?,
        apply_to: f.one_of("apply_to")?,
        link,
        covers: f.many_of("covers"),
        fees: f.texts("fees"),
    };
    let rule = c.rule(f, revision);
    c.terms.price_revisions.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.price_revisions, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let parts = [
            when(lang, then),
            formula(lang, then),
            bounds(lang, then),
            rounding(lang, then),
            scope(lang, then),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        parts.join(lang.t("\u{202f}; ", "; "))
    }))
}

fn when(lang: Lang, then: &PriceRevision) -> String {
    let (first, every) = (lang::date(lang, then.first_on), base::Length::Months(then.every).in_words(lang));
    let index = &then.index;
    lang.t(
        format!("le {first}, puis tous les {every}, les prix sont révisés par l'indice {index}"),
        format!("on {first}, then every {every}, prices are revised by the index {index}"),
    )
}

fn formula(lang: Lang, then: &PriceRevision) -> String {
    let formula = if then.fixed == Fraction::from_integer(0) {
        "P1 = P0 × S1 / S0".to_owned()
    } else {
        let (fixed, variable) = (lang::percent(lang, then.fixed), lang::percent(lang, then.variable));
        format!("P1 = P0 × ({fixed} + {variable} × S1 / S0)")
    };
    let pick = |pick: IndexPick, fr_day: &str, en_day: &str| match pick {
        IndexPick::LastPublished => {
            lang.t(format!("le dernier indice publié {fr_day}"), format!("the last index published by {en_day}"))
        }
        IndexPick::OfMonth => lang.t(format!("l'indice du mois, {fr_day}"), format!("the index of the month, {en_day}")),
    };
    let base = lang::date(lang, then.base_on);
    let s0 = pick(then.s0, &format!("au {base}"), &base);
    let s1 = pick(then.s1, "à l'anniversaire", "the anniversary");
    let reference = match then.reference {
        RevisionReference::Signature => lang.t(
            "les prix écrits au contrat et à ses avenants s'entendant aux conditions de la signature",
            "prices written in the contract and its amendments being those of the signature",
        ),
        RevisionReference::Previous => lang.t(
            "P0 et S0 étant ensuite ceux de la révision précédente",
            "P0 and S0 being afterwards those of the revision before",
        ),
    };
    let link = match then.link.map(|l| (l.method, read::figure(lang, l.value))) {
        None => String::new(),
        Some((LinkMethod::Ignore, _)) => {
            lang.t(", le coefficient de raccord étant écarté".to_owned(), ", the link coefficient being set aside".to_owned())
        }
        Some((LinkMethod::ConvertBase, k)) => lang.t(
            format!(", S0 étant converti par le coefficient de raccord {k} si l'indice a changé de base"),
            format!(", S0 being converted by the link coefficient {k} if the index was rebased"),
        ),
        Some((LinkMethod::ApplyToNew, k)) => lang.t(
            format!(", S1 étant multiplié par le coefficient de raccord {k} si l'indice a changé de base"),
            format!(", S1 being multiplied by the link coefficient {k} if the index was rebased"),
        ),
    };
    lang.t(
        format!("{formula}, où S0 est {s0} et S1 {s1}, {reference}{link}"),
        format!("{formula}, where S0 is {s0} and S1 {s1}, {reference}{link}"),
    )
}

fn bounds(lang: Lang, then: &PriceRevision) -> String {
    let mut parts = vec![match then.direction {
        RevisionDirection::Reciprocal => {
            lang.t("à la hausse comme à la baisse".to_owned(), "up as well as down".to_owned())
        }
        RevisionDirection::UpOnly => lang.t("à la hausse seulement".to_owned(), "up only".to_owned()),
    }];
    if let Some(cap) = then.cap {
        let cap = lang::percent(lang, cap);
        parts.push(lang.t(format!("hausse plafonnée à {cap}"), format!("a rise of at most {cap}")));
    }
    if let Some(floor) = then.floor {
        let floor = lang::percent(lang, floor);
        parts.push(lang.t(format!("baisse limitée à {floor}"), format!("a fall of at most {floor}")));
    }
    parts.join(", ")
}

fn rounding(lang: Lang, then: &PriceRevision) -> String {
    let what = match then.apply_to {
        ApplyTo::Unit => lang.t("chaque prix unitaire", "each unit price"),
        ApplyTo::Line => lang.t("chaque ligne", "each line"),
        ApplyTo::Total => lang.t("le total des redevances", "the total of the fees"),
    };
    let amount = rounded(lang, then.amount_rounding);
    let coefficient = match then.coefficient_rounding {
        Some(rounding) => {
            let how = rounded(lang, rounding);
            lang.t(format!("le coefficient est arrondi {how}, puis "), format!("the coefficient is rounded {how}, then "))
        }
        None => String::new(),
    };
    lang.t(
        format!("{coefficient}{what} est révisé et arrondi {amount}"),
        format!("{coefficient}{what} is revised and rounded {amount}"),
    )
}

/// « à deux décimales, au plus proche ».
fn rounded(lang: Lang, rounding: Rounding) -> String {
    let n = rounding.digits;
    let mode = match rounding.mode {
        RoundingMode::HalfUp => lang.t("au plus proche", "half up"),
        RoundingMode::HalfEven => lang.t("au pair le plus proche", "half to even"),
        RoundingMode::Up => lang.t("par excès", "up"),
        RoundingMode::Down => lang.t("par défaut", "down"),
    };
    let plural = if n > 1 { "s" } else { "" };
    lang.t(
        format!("à {n} décimale{plural}, {mode}"),
        format!("to {n} decimal{}, {mode}", if n == 1 { "" } else { "s" }),
    )
}

fn scope(lang: Lang, then: &PriceRevision) -> String {
    let names: Vec<&str> = then
        .covers
        .iter()
        .map(|family| match family {
            RevisedPrices::Fees => lang.t("les redevances", "fees"),
            RevisedPrices::Extras => lang.t("les prix hors forfait", "prices beyond the fee"),
            RevisedPrices::WorkUnits => lang.t("les unités d'œuvre", "work units"),
            RevisedPrices::Rates => lang.t("les tarifs horaires et journaliers", "hour and day rates"),
            RevisedPrices::Volumes => lang.t("les prix au volume", "prices by volume"),
        })
        .collect();
    let fees: Vec<&str> = then.fees.iter().map(String::as_str).collect();
    let only = if fees.is_empty() { String::new() } else { format!(" ({})", list(lang, &fees)) };
    let names = list(lang, &names);
    lang.t(format!("sont révisés\u{a0}: {names}{only}"), format!("revised: {names}{only}"))
}
