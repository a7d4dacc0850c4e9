//! A file to be looked at, one whose columns say nothing, one that runs, one that stopped, one that is done.

use super::{Choices, Future, Heading, Line, Outlook, Remark, Report, Told, View};
use crate::design::Lang;
use crate::pages::imports::{Counts, Standing, Subject};
use crate::pages::sampling::{at, garonne};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let here = "/c/ateliers-garonne/imports/0190a5b0-0000-7000-8000-000000000001".to_owned();
    let staged = View {
        customer: garonne(),
        at: here.clone(),
        name: "glpi-2026-11.csv".into(),
        subject: Subject::Tickets,
        source: "GLPI".into(),
        sent: at("2026-11-03T09:41"),
        by: "Inès Cazenave".into(),
        standing: Standing::Staged,
        why: None,
        counts: Counts::default(),
        outlook: Some(outlook(lang)),
        report: None,
        keys: ["a", "b", "c", "d"].map(str::to_owned),
        may_amend: true,
        refused: None,
    };
    let problem = lang.t(
        "il manque une colonne, que CSV nomme ainsi : numero",
        "a column is missing, which CSV names so: numero",
    );
    let unread =
        Outlook { problem: Some(problem.into()), lines: Vec::new(), remarks: Vec::new(), ..outlook(lang) };
    let counts = Counts { total: 4127, made: 38, kept: 1200, known: 3, skipped: 2 };
    let running = View { standing: Standing::Running, counts, outlook: None, ..staged.clone() };
    let why = lang.t(
        "La personne qui a lancé cette reprise n’en a plus le droit. Une autre peut la reprendre.",
        "Whoever ran this import may not any more. Somebody else can go on with it.",
    );
    let report =
        Report { lines: told(lang), fate: None, first: None, next: Some(format!("{here}?after=40.0")) };
    let stopped = View {
        standing: Standing::Stopped,
        why: Some(why.into()),
        report: Some(report.clone()),
        counts,
        ..staged.clone()
    };
    let done =
        View { standing: Standing::Done, outlook: None, counts, report: Some(report), ..staged.clone() };
    let people = View {
        subject: Subject::People,
        name: "glpi-utilisateurs.csv".into(),
        outlook: Some(people(lang)),
        ..staged.clone()
    };
    let items = View {
        subject: Subject::Items,
        name: "parc.csv".into(),
        outlook: Some(items(lang)),
        ..staged.clone()
    };
    let unread = View { outlook: Some(unread), ..staged.clone() };
    vec![
        ("staged", staged),
        ("unread", unread),
        ("running", running),
        ("stopped", stopped),
        ("done", done),
        ("people", people),
        ("items", items),
    ]
}

fn line(line: u64, number: &str, title: &str, future: Future) -> Line {
    Line { line, number: number.into(), title: title.into(), future }
}

fn outlook(lang: Lang) -> Outlook {
    let column = |key: &str, name: &str, heading: &str, required| Heading {
        key: key.into(),
        name: name.into(),
        heading: heading.into(),
        required,
    };
    let outside: String = lang
        .t(
            "L’article 3 laisse les téléphones hors du périmètre.",
            "Article 3 leaves telephones out of the perimeter.",
        )
        .into();
    Outlook {
        problem: None,
        choices: Choices {
            columns: vec![
                column("number", &lang.t("numéro", "number").to_string(), "ID", true),
                column("title", &lang.t("titre", "title").to_string(), "Titre", true),
                column("requester", &lang.t("demandeur", "requester").to_string(), "", false),
            ],
            headings: ["ID", "Titre", "Statut", "Entité"].map(str::to_owned).to_vec(),
            contracts: vec!["CTR-2026-001".into(), "CTR-2026-002".into()],
            contract: "CTR-2026-001".into(),
            since: Some("import".into()),
            words: vec![("Haute".into(), "P2".into()), ("Moyenne".into(), String::new())],
            priorities: ["P1", "P2", "P3", "P4"].map(str::to_owned).to_vec(),
            ..Choices::default()
        },
        counts: Counts { total: 4127, made: 38, kept: 4012, known: 61, skipped: 16 },
        lines: vec![
            line(
                2,
                "3981",
                &lang.t("L’imprimante ne répond plus", "The printer does not answer").to_string(),
                Future::Kept,
            ),
            line(5, "4127", &lang.t("Serveur lent", "Slow server").to_string(), Future::Opens("P2".into())),
            line(6, "4130", &lang.t("Téléphone cassé", "Broken phone").to_string(), Future::Skipped(outside)),
            line(9, "4131", &lang.t("Accès au partage", "Access to the share").to_string(), Future::Known),
        ],
        remarks: vec![
            Remark {
                line: 7,
                text: lang
                    .t("état : mot inconnu (« En sommeil »)", "state: an unknown word (“En sommeil”)")
                    .into(),
                advice: lang.t("écrivez « ouvert » ou « clos »", "write “open” or “closed”").into(),
                fault: true,
            },
            Remark {
                line: 8,
                text: lang
                    .t("le texte est coupé à 17000 caractères", "the text is cut at 17000 characters")
                    .into(),
                advice: String::new(),
                fault: false,
            },
        ],
        all_remarks: 16,
        clauses: None,
    }
}

fn people(lang: Lang) -> Outlook {
    Outlook {
        choices: Choices {
            roles: vec![("customer_user".into(), lang.t("utilisateur du client", "customer’s user").into())],
            role: "customer_user".into(),
            ..Choices::default()
        },
        counts: Counts { total: 2, made: 1, kept: 0, known: 1, skipped: 0 },
        lines: vec![
            line(2, "ines.roussel@garonne.example", "Inès Roussel", Future::Invited),
            line(3, "paul.nadaud@garonne.example", "Paul Nadaud", Future::Known),
        ],
        remarks: Vec::new(),
        all_remarks: 0,
        ..outlook(lang)
    }
}

fn items(lang: Lang) -> Outlook {
    let outside = lang.t("hors du périmètre signé", "outside the signed perimeter").to_string();
    Outlook {
        choices: Choices::default(),
        counts: Counts { total: 2, made: 0, kept: 0, known: 1, skipped: 1 },
        lines: vec![
            line(2, "srv-erp", &lang.t("Serveur", "Server").to_string(), Future::Known),
            line(3, "pc-014", &lang.t("Portable", "Laptop").to_string(), Future::Skipped(outside)),
        ],
        remarks: Vec::new(),
        all_remarks: 0,
        clauses: Some("```toml clause\nkind = \"perimeter\"\nlabel = \"repris-portable\"\n```\n".into()),
        ..outlook(lang)
    }
}

fn told(lang: Lang) -> Vec<Told> {
    let told = |line, number: &str, fate: &str, ticket: Option<u64>, text: String| Told {
        line,
        number: number.into(),
        fate: fate.into(),
        ticket: ticket.map(|n| (n, format!("/c/ateliers-garonne/tickets/{n}"))),
        text,
    };
    let why =
        lang.t("le titre est vide. Donnez-lui un titre", "the title is empty. Give it a title").to_string();
    let cut = lang.t("le titre est coupé à 200 caractères", "the title is cut at 200 characters").to_string();
    vec![
        told(2, "3981", "kept", None, String::new()),
        told(5, "4127", "made", Some(214), String::new()),
        told(5, "", "note", None, cut),
        told(6, "4012", "known", Some(12), String::new()),
        told(8, "", "skipped", None, why),
    ]
}
