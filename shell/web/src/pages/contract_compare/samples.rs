//! Contract A and an amendment that shortens a time and moves a price.

use super::{Answer, Article, Case, Change, Clause, Field, Hours, Month, Question, Rule, View};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::pages::draft::{Figure, Moved};
use crate::pages::sampling::garonne;

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let original: String = lang.t("Contrat initial", "Original contract").into();
    let amendment: String = lang.t("Avenant 1", "Amendment 1").into();
    let same = View {
        customer: garonne(),
        id: "CTR-2026-001".into(),
        text_lang: Lang::Fr,
        versions: vec![Choice::new("1", original.clone()), Choice::new("2", amendment.clone())],
        from: (1, original),
        to: (2, amendment),
        articles: Vec::new(),
        questions: Vec::new(),
        calendars: Vec::new(),
        rules: Vec::new(),
        beyond: Vec::new(),
        month: None,
    };
    let changed = View {
        articles: vec![article()],
        questions: vec![question(lang)],
        calendars: vec![Hours {
            label: "ho".into(),
            details: vec![lang.t("le samedi : 09:00-12:00", "on Saturdays: 09:00-12:00").into()],
            counted_on: vec!["delai-p1".into()],
        }],
        rules: vec![Rule {
            label: "postes".into(),
            kind: lang.t("redevance", "fee").into(),
            change: Change::Changed,
            before: Some(lang.t("40 postes à 46,00 €", "40 seats at €46.00").into()),
            after: Some(lang.t("42 postes à 46,00 €", "42 seats at €46.00").into()),
            fields: Vec::new(),
        }],
        beyond: vec![lang.t("Périmètre", "Perimeter").into()],
        month: Some(Month {
            months: vec![Choice::new("", "–"), Choice::new("2026-08-01", lang.t("août 2026", "August 2026"))],
            chosen: "2026-08-01".into(),
            result: Some(Ok(moved(lang))),
        }),
        ..same.clone()
    };
    vec![("changed", changed), ("same", same)]
}

fn article() -> Article {
    Article {
        title: "Article 7 – Délais de rétablissement".into(),
        was: Some("Article 7 – Délais".into()),
        change: Change::Changed,
        pieces: vec![
            (None, "… est rétabli en ".into()),
            (Some(Change::Removed), "quatre heures".into()),
            (Some(Change::Added), "deux heures".into()),
            (None, " de service.".into()),
        ],
        remark: None,
        clauses: vec![Clause {
            label: "delai-p1".into(),
            kind: "engagement".into(),
            change: Change::Changed,
            fields: vec![Field { name: "within".into(), before: "\"4 h\"".into(), after: "\"2 h\"".into() }],
        }],
    }
}

fn question(lang: Lang) -> Question {
    let answer = |fr: &'static str, en: &'static str| Answer {
        says: lang.t(fr, en).into(),
        clause: Some(("Article 7".into(), "/c/ateliers-garonne/contracts/CTR-2026-001#delai-p1".into())),
    };
    Question {
        title: lang.t("Délai de rétablissement", "Restoration time").into(),
        cases: vec![Case {
            cases: lang.t("priorité P1", "priority P1").into(),
            before: answer("4 h de service", "4 service hours"),
            after: answer("2 h de service", "2 service hours"),
        }],
        more: 3,
    }
}

fn moved(lang: Lang) -> Moved {
    let figure = |what: String, before, after, total| Figure {
        what,
        before_cents: Some(before),
        after_cents: Some(after),
        total,
        reasons: Vec::new(),
    };
    Moved {
        figures: vec![
            figure(lang.t("Total hors taxes", "Net total").into(), 230_000, 239_200, true),
            figure(lang.t("Postes", "Seats").into(), 184_000, 193_200, false),
        ],
        tickets: Vec::new(),
        provisional: false,
    }
}
