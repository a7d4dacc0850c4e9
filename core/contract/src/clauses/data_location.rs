//! `data_location`: where a set of data is kept, for one purpose, by whom, and which countries are allowed.
//!
//! GDPR chapter V, Reg. (EU) 2022/2554 art. 30(2)(b), SecNumCloud 3.2 ch. 19.2, HDS EXI 28 to 31.

use base::{Bilingual, Lang};
use terms::boundary::{Boundary, Location, Purpose};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::read;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, country, duties};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "data_location",
    doc: (
        "le lieu où sont des données, pour un usage, et qui l'exploite",
        "where data is, for one purpose, and who operates the place",
    ),
    example: r#"kind = "data_location"
label = "donnees-principales"
then = { dataset = "données du Client", purpose = "main", countries = ["FR"], place = "Toulouse", extra_eu_law = false, change_notice = "60 days" }
"#,
    family: Family::Security,
    run: Run::NotYet("la passerelle et le registre des lieux", "the gateway and the register of places"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("dataset", Type::Text, "les données dont il s'agit", "the data it is about"),
        Field::required("purpose", Type::Choice(Purpose::WORDS), "usage du lieu", "what the place is for"),
        Field::required("countries", Type::Countries, "pays admis, à l'exclusion de tout autre", "countries allowed, no other"),
        Field::optional("place", Type::Text, "ville ou site", "town or site"),
        Field::optional("operator", Type::Label(&["parties"]), "partie qui exploite le lieu", "party that operates the place"),
        Field::required(
            "extra_eu_law",
            Type::Flag,
            "le lieu ou son exploitant est exposé au droit d'un État tiers à l'Union",
            "the place or its operator is exposed to the law of a State outside the Union",
        ),
        Field::default("qualifications", Type::Texts, "[]", "qualifications du lieu (secnumcloud, hds…)", "qualifications of the place (secnumcloud, hds…)"),
        Field::optional("change_notice", Type::Length, "préavis avant tout changement de lieu", "notice before the place changes"),
    ],
    words: &[
        ("main", "conservation principale", "main storage"),
        ("recovery", "secours", "recovery"),
        ("backup", "sauvegarde", "backup"),
        ("support", "assistance", "support"),
        ("administration", "administration", "administration"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let location = Location {
        dataset: f.text("dataset")?,
        purpose: f.one_of("purpose")?,
        countries: f.texts("countries"),
        place: f.text("place"),
        operator: f.text("operator"),
        extra_eu_law: f.flag("extra_eu_law")?,
        qualifications: f.texts("qualifications"),
        change_notice: f.length("change_notice"),
    };
    if let Some(length) = location.change_notice {
        let due = DutyDue::Before { length, of: Trigger::ChangeOfLocation };
        let title = c.lang().t("l'annonce du changement de lieu", "notice of the change of place");
        duties::push(f, c, duties::provider("location_notice", title, due, DutyProof::Notice));
    }
    let rule = c.rule(f, Boundary::Location(location));
    c.terms.boundaries.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.boundaries, label)?;
    let Boundary::Location(at) = &rule.then else { return None };
    Some(read::sentence(rule, terms, |lang| {
        let purpose = KIND.word(lang, purpose(at.purpose)).into_owned();
        let countries = country::within(lang, &at.countries);
        let place = at.place.as_ref().map_or_else(String::new, |p| format!(" ({p})"));
        let operator = operator(lang, at, terms);
        let law = match (lang, at.extra_eu_law) {
            (Lang::Fr, true) => "exposées au droit d'un État tiers à l'Union",
            (Lang::Fr, false) => "hors d'atteinte du droit d'un État tiers à l'Union",
            (Lang::En, true) => "exposed to the law of a State outside the Union",
            (Lang::En, false) => "out of reach of the law of a State outside the Union",
        };
        let mut text = lang.t(
            format!("« {} », {purpose}{NBSP}: {countries} seulement{place}{operator}, {law}", at.dataset),
            format!("“{}”, {purpose}: {countries} only{place}{operator}, {law}", at.dataset),
        );
        if let Some(notice) = at.change_notice {
            let notice = notice.in_words(lang);
            text += &lang.t(
                format!("\u{202f}; tout changement s'annonce {notice} à l'avance"),
                format!("; any change is announced {notice} ahead"),
            );
        }
        text
    }))
}

const NBSP: char = base::lang::NBSP;

fn operator(lang: Lang, at: &Location, terms: &Terms) -> String {
    let party = at.operator.as_ref().and_then(|label| read::find(&terms.parties, label));
    party.map_or_else(String::new, |party| {
        lang.t(format!(", par les soins de {}", party.then.name), format!(", by {}", party.then.name))
    })
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Main => "main",
        Purpose::Recovery => "recovery",
        Purpose::Backup => "backup",
        Purpose::Support => "support",
        Purpose::Administration => "administration",
    }
}
