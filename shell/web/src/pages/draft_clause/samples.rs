//! A clause being edited, one being added, one that comes back with remarks; every shape of field.

use super::{Choice, Head, Input, Lang, Remark, Shape, View};
use crate::design::Text;
use crate::pages::draft::Severity;
use crate::pages::sampling;

fn input(name: &str, label: Text, shape: Shape, value: &str) -> Input {
    Input {
        name: format!("then.{name}"),
        label: label.into(),
        field: name.into(),
        required: false,
        hints: Vec::new(),
        shape,
        value: value.into(),
    }
}

fn inputs(lang: Lang) -> Vec<Input> {
    let choices = |list: &[&str]| list.iter().map(|v| Choice::new(*v, *v)).collect::<Vec<_>>();
    let rate = Input {
        required: true,
        hints: vec![
            lang.t("ex. 2 points", "e.g. 2 points").into(),
            lang.t("par défaut 1", "1 by default").into(),
        ],
        ..input("rate", lang.t("taux de chaque pas", "rate of each step"), Shape::Line, "2")
    };
    let row = |index: usize, name: &str| {
        vec![
            Input {
                name: format!("then.phases.{index}.name"),
                ..input("name", lang.t("nom de la phase", "name of the phase"), Shape::Line, name)
            },
            Input {
                name: format!("then.phases.{index}.from"),
                ..input("from", lang.t("premier jour", "first day"), Shape::Date, "2026-03-01")
            },
        ]
    };
    vec![
        rate,
        input("quantity", lang.t("nombre", "number"), Shape::Number, "12"),
        input(
            "on",
            lang.t("la promesse manquée", "the promise missed"),
            Shape::Choice(choices(&["respond", "restore"])),
            "restore",
        ),
        input("sole_remedy", lang.t("la seule réparation", "the only remedy"), Shape::Flag, "false"),
        input("start", lang.t("premier jour", "first day"), Shape::Date, "demain"),
        input("days", lang.t("jours fermés", "closed days"), Shape::Lines, "2026-05-15\n2026-07-13"),
        input(
            "stops",
            lang.t("les promesses suspendues", "the promises paused"),
            Shape::Choices(choices(&["respond", "restore"])),
            "restore",
        ),
        input(
            "phases",
            lang.t("phases du contrat", "phases of the contract"),
            Shape::Rows(vec![row(0, "transition"), row(1, "")]),
            "",
        ),
    ]
}

pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let word = |t: Text| String::from(t);
    let edited = View {
        customer: sampling::garonne(),
        draft: "/drafts/01k9".into(),
        draft_title: lang.t("Hébergement de l’ERP", "Hosting of the ERP").into(),
        action: "/drafts/01k9/clauses/retard".into(),
        key: "01K9-sample".into(),
        version: 4,
        kind: "penalty".into(),
        doc: word(lang.t("la pénalité d’un retard", "the penalty for lateness")),
        label: Some("retard".into()),
        head: Head {
            label: "retard".into(),
            guarded: true,
            exception_to: "base".into(),
            excepted: vec![Choice::new("", lang.t("aucune règle", "no rule")), Choice::new("base", "base")],
            when: vec![(
                "priority".into(),
                word(lang.t("Priorité", "Priority")),
                "P1".into(),
                vec!["P1".into(), "P2".into()],
            )],
            ..Head::default()
        },
        inputs: inputs(lang),
        articles: Vec::new(),
        under: String::new(),
        block: "```toml clause\nkind = \"penalty\"\nlabel = \"retard\"\n```".into(),
        reading: word(lang.t(
            "Chaque heure entamée de retard coûte au Prestataire.",
            "Each hour started late costs the Provider.",
        )),
        remarks: Vec::new(),
        problem: None,
    };
    let added = View {
        label: None,
        action: "/drafts/01k9/clause".into(),
        articles: vec![Choice::new("1", "Article 4 – Délai de rétablissement")],
        under: "1".into(),
        block: String::new(),
        reading: String::new(),
        head: Head { guarded: false, ..Head::default() },
        ..edited.clone()
    };
    let refused = View {
        remarks: vec![Remark {
            severity: Severity::Error,
            code: "E-FIELD-TYPE".into(),
            line: Some(14),
            place: word(lang.t("ligne 14", "line 14")),
            message: word(lang.t("ceci n’est pas une date", "this is not a date")),
            help: word(lang.t("écrivez 2026-03-01", "write 2026-03-01")),
            related: Vec::new(),
        }],
        problem: Some(word(
            lang.t("Quelqu’un a enregistré entre-temps ce texte.", "Somebody has meanwhile saved this text."),
        )),
        reading: String::new(),
        ..edited.clone()
    };
    vec![("edited", edited), ("added", added), ("refused", refused)]
}
