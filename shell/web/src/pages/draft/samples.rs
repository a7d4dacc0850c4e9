//! The editor in its states: a text that compiles, one that does not, a save refused, one read only, one signed.

use super::{
    Article, Attached, Checked, Choice, Clause, ClauseState, Due, Field, Figure, Input, Kind, Lang, Line,
    Month, Moved, Named, Party, Penalty, Problem, Remark, Severity, Signature, Simulated, Simulation, Stage,
    Subcontracts, Ticket, Tone, Trial, View,
};
use crate::design::Text;
use crate::pages::sampling::{self, at, reason};

const TEXT: &str = "+++\ncontract = \"CTR-2026-002\"\ncustomer = \"Ateliers Garonne SAS\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat n° CTR-2026-002\n\n## Article 4 – Délai de rétablissement\n\nLe Prestataire rétablit le service dans un délai de {{ delai.within }}.\n\n```toml clause\nkind = \"commitment\"\nlabel = \"delai\"\nthen = { promise = \"restore\", within = \"4 h\", calendar = \"ho\", starts = \"declared\", stops = \"service_restored\" }\n```\n";

fn remarks(lang: Lang) -> Vec<Remark> {
    let text = |t: Text| String::from(t);
    vec![
        Remark {
            severity: Severity::Error,
            code: "E-REFERENCE-CALENDAR".into(),
            line: Some(17),
            place: text(lang.t("ligne 17", "line 17")),
            message: text(lang.t("le calendrier « ho » n’existe pas", "there is no calendar “ho”")),
            help: text(lang.t(
                "ajoutez une clause calendar de cette étiquette",
                "add a calendar clause with this label",
            )),
            related: vec![(Some(12), text(lang.t("le délai est cité ici", "the time is cited here")))],
        },
        Remark {
            severity: Severity::Warning,
            code: "W-TERM-MISSING".into(),
            line: Some(1),
            place: text(lang.t("ligne 1", "line 1")),
            message: text(lang.t("le contrat ne dit pas sa durée", "the contract does not say its term")),
            help: String::new(),
            related: Vec::new(),
        },
        Remark {
            severity: Severity::Advice,
            code: "A-PROSE-LITERAL".into(),
            line: None,
            place: text(lang.t("contrat d’origine", "original contract")),
            message: text(lang.t("ce chiffre peut venir de la règle", "this figure can come from the rule")),
            help: String::new(),
            related: Vec::new(),
        },
    ]
}

fn subcontracts(lang: Lang) -> Option<Subcontracts> {
    let named = |name: &str, promises: &[&str], below, given: Option<&str>| Named {
        name: name.into(),
        relied_on_for: promises.iter().map(|p| (*p).to_owned()).collect(),
        below,
        given: given.map(str::to_owned),
    };
    Some(Subcontracts {
        named: vec![
            named("Coffre Bleu SARL", &["sauvegarde-serveurs"], false, Some("coffre-bleu.md")),
            named("Nuage Breton SAS", &["dispo-mensuelle"], false, None),
            named("Papeterie Loire", &[], false, None),
            named("Iroise Datacenter", &[], true, None),
        ],
        attached: vec![Attached {
            id: "018f2c3a-0000-8000-8000-000000000001".into(),
            name: "coffre-bleu.md".into(),
            hash: "1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014".into(),
            given: at("2026-02-12T09:30"),
            bytes: 18_204,
        }],
        name: String::new(),
        text: lang.t("Texte collé", "Pasted text").into(),
    })
}

fn simulation(lang: Lang) -> Simulation {
    let why = vec![reason(
        "Article 4",
        "delai",
        lang.t("Quatre heures de service depuis la déclaration.", "Four service hours from the declaration."),
    )];
    let choices = |list: &[&str]| list.iter().map(|v| Choice::new(*v, *v)).collect::<Vec<_>>();
    Simulation {
        dimensions: vec![(
            "priority".into(),
            lang.t("Priorité", "Priority").into(),
            choices(&["", "P1", "P2"]),
            "P1".into(),
        )],
        declared: "2026-11-06T22:00".into(),
        pauses: choices(&["", "attente-client"]),
        result: Some(Ok(Simulated {
            elsewhere: None,
            verdict: (Tone::Good, lang.t("Compris dans le forfait", "Included in the fee").into()),
            verdict_reasons: why.clone(),
            priority: Some(("P1".into(), why.clone())),
            dues: vec![Due {
                promise: lang.t("Rétablissement", "Restoration").into(),
                clause: "delai".into(),
                target: lang.t("en 4 h", "within 4 h").into(),
                due: Some(at("2026-11-09T12:00")),
                tone: Tone::Active,
                verdict: lang.t("Court", "Running").into(),
                reasons: why.clone(),
            }],
            penalties: vec![Penalty {
                amount_cents: 11_040,
                what: lang.t("2 h entamées", "2 hours started").into(),
                reasons: why,
            }],
        })),
        ..Simulation::default()
    }
}

fn trials(lang: Lang) -> Vec<Trial> {
    let why = vec![reason("Article 7", "assistance", lang.t("Un ticket par appel.", "A ticket a call."))];
    let field = |name, label, value: &str, input| Field { name, label, value: value.into(), input };
    let line = |what: Text, figure: &str, verdict| Line {
        what: what.into(),
        figure: figure.into(),
        verdict,
        reasons: why.clone(),
    };
    vec![
        Trial {
            key: "call",
            title: lang.t("Un appel à l’assistance", "A call to the hotline"),
            fields: vec![
                field("call_at", lang.t("Le", "On"), "2026-11-06T10:00", Input::Instant),
                field(
                    "call_minutes",
                    lang.t("Durée, en minutes", "Length, in minutes"),
                    "20",
                    Input::Number(1, 1440),
                ),
                field(
                    "call_priority",
                    lang.t("Priorité", "Priority"),
                    "",
                    Input::Choice(vec![Choice::new("", "–")]),
                ),
            ],
            answer: Some(Ok(vec![line(
                lang.t("Carnet", "Pack"),
                "1",
                Some((Tone::Good, lang.t("Compris", "Included").into())),
            )])),
        },
        Trial {
            key: "order",
            title: lang.t("Une commande d’unités d’œuvre", "An order of work units"),
            fields: vec![field("order_on", lang.t("Le", "On"), "2026-11-06", Input::Day)],
            answer: Some(Err(lang.t("Choisissez une date.", "Choose a date.").into())),
        },
    ]
}

fn month(lang: Lang) -> Month {
    let word = |t: Text| String::from(t);
    let verdict = |t: Text, due: &str| (Some(at(due)), word(t));
    Month {
        months: vec![Choice::new("2026-10-01", lang.t("octobre 2026", "October 2026"))],
        chosen: "2026-10-01".into(),
        result: Some(Ok(Moved {
            figures: vec![
                Figure {
                    what: word(lang.t("Pénalités dues", "Penalties due")),
                    before_cents: Some(0),
                    after_cents: Some(46_00),
                    total: true,
                    reasons: Vec::new(),
                },
                Figure {
                    what: word(lang.t("Pénalité, ticket 412", "Penalty, ticket 412")),
                    before_cents: None,
                    after_cents: Some(46_00),
                    total: false,
                    reasons: vec![reason(
                        "Article 4",
                        "retard",
                        lang.t("Une heure entamée de retard.", "One hour started late."),
                    )],
                },
            ],
            tickets: vec![Ticket {
                number: "412".into(),
                href: sampling::garonne().path("/tickets/412"),
                what: word(lang.t("Rétablissement", "Restoration")),
                before: verdict(lang.t("tenu", "kept"), "2026-10-06T16:00"),
                after: verdict(lang.t("manqué", "missed"), "2026-10-06T14:00"),
            }],
            provisional: true,
        })),
    }
}

pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let clause = |state| Clause {
        label: "delai".into(),
        kind: "commitment".into(),
        line: 14,
        reading: match state {
            ClauseState::Sound => lang
                .t(
                    "Le service est rétabli en quatre heures de service.",
                    "Service is restored within four service hours.",
                )
                .into(),
            ClauseState::Broken => String::new(),
        },
        state,
        has_form: true,
    };
    let articles = |state| {
        vec![
            Article { title: "Contrat n° CTR-2026-002".into(), level: 1, line: 8, clauses: Vec::new() },
            Article {
                title: "Article 4 – Délai de rétablissement".into(),
                level: 2,
                line: 10,
                clauses: vec![clause(state)],
            },
        ]
    };
    let party = |name: &str, signed: Option<&str>| Party {
        reason: None,
        name: name.into(),
        signed: signed.map(|who| (who.to_owned(), at("2026-11-03T09:55"))),
    };
    let ready = View {
        customer: sampling::garonne(),
        path: "/drafts/01k9".into(),
        key: "01K9-sample".into(),
        title: lang.t("Hébergement de l’ERP", "Hosting of the ERP").into(),
        kind: Kind::Contract,
        base: None,
        text: TEXT.into(),
        text_lang: Lang::Fr,
        version: 4,
        preparation: String::new(),
        saved: at("2026-11-03T09:40"),
        saved_by: "Camille Roumieu".into(),
        stage: Stage::Writing,
        may_write: true,
        unsaved: false,
        checked: Checked { remarks: Vec::new(), articles: articles(ClauseState::Sound) },
        simulation: simulation(lang),
        month: None,
        kinds: vec![(
            lang.t("Niveaux de service", "Service levels").into(),
            vec![Choice::new(
                "commitment",
                lang.t("engagement : un délai promis", "commitment: a time promised"),
            )],
        )],
        snippets: vec![(
            "commitment".into(),
            "```toml clause\nkind = \"commitment\"\nlabel = \"delai\"\n```\n".into(),
        )],
        articles: vec![Choice::new("1", "Article 4 – Délai de rétablissement")],
        trials: trials(lang),
        subcontracts: None,
        signature: Signature {
            hash: "9f2c7a1be03d4c58a1f09e6b7d2483c5e6f7081923a4b5c6d7e8f90123456789".into(),
            missing: Vec::new(),
            to_read: Vec::new(),
            despite: String::new(),
            provider: party("Régie Numérique Occitane SAS", Some("Étienne Laborde")),
            customer: party("Ateliers Garonne SAS", None),
            may_sign: true,
            email: "direction@ateliers-garonne.example".into(),
            problem: None,
        },
        problem: None,
    };
    let remarks = remarks(lang);
    let broken = View {
        unsaved: true,
        checked: Checked { remarks: remarks.clone(), articles: articles(ClauseState::Broken) },
        simulation: Simulation {
            result: Some(Err(lang.t("corrigez d’abord les erreurs", "mend the errors first").into())),
            ..simulation(lang)
        },
        ..ready.clone()
    };
    let missing = View {
        checked: broken.checked.clone(),
        signature: Signature {
            missing: remarks[..1].to_vec(),
            to_read: remarks[1..2].to_vec(),
            despite: lang.t("Le dossier suit.", "The file follows.").into(),
            provider: Party {
                reason: Some(lang.t("L’audit est prévu en mars.", "The audit is planned for March.").into()),
                ..ready.signature.provider.clone()
            },
            ..ready.signature.clone()
        },
        subcontracts: subcontracts(lang),
        ..ready.clone()
    };
    let conflict = View {
        problem: Some(Problem {
            sentence: lang.t("Inès Cazenave a enregistré entre-temps la version 5 de ce texte : le vôtre n’est pas enregistré.",
                             "Inès Cazenave has meanwhile saved version 5 of this text: yours is not saved.").into(),
            advice: lang.t("Rien n’est perdu : votre texte est ci-dessous.", "Nothing is lost: your text is below.").into(),
            conflict: true,
        }),
        ..broken.clone()
    };
    let read_only =
        View { may_write: false, stage: Stage::Awaiting("Étienne Laborde".into()), ..ready.clone() };
    let amendment = View {
        kind: Kind::Amendment,
        base: Some(("CTR-2026-001".into(), sampling::garonne().path("/contracts/CTR-2026-001"))),
        simulation: Simulation {
            result: simulation(lang).result.map(|r| {
                r.map(|s| Simulated {
                    elsewhere: Some(
                        lang.t(
                            "Ce jour-là, le contrat d’avant s’applique encore.",
                            "On that day the contract before still applies.",
                        )
                        .into(),
                    ),
                    ..s
                })
            }),
            ..simulation(lang)
        },
        month: Some(month(lang)),
        ..ready.clone()
    };
    let signed = View {
        stage: Stage::Signed("CTR-2026-002".into()),
        signature: Signature { may_sign: false, ..ready.signature.clone() },
        ..ready.clone()
    };
    vec![
        ("ready", ready),
        ("broken", broken),
        ("missing", missing),
        ("conflict", conflict),
        ("read-only", read_only),
        ("amendment", amendment),
        ("signed", signed),
    ]
}
