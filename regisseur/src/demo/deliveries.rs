//! Two evolutions of contract B: one ordered, delivered and verified, one whose estimate waits for an answer.

use app::ticket::delivery::DeliveryCommand;
use app::ticket::{OpenTicket, StepCommand};
use engines::delivery::{Piece, Verdict};
use jiff::ToSpan;
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Answer, Case, Plan};

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

pub fn plan(plan: &mut Plan, hours: &Hours) {
    delivered(plan, hours);
    estimated(plan, hours);
}

fn ask(plan: &mut Plan, hours: &Hours, at: DateTime, title: &str, description: &str) -> Case {
    let ask = OpenTicket {
        title: title.to_owned(),
        description: description.to_owned(),
        kind: Some("evolutive".to_owned()),
        ..OpenTicket::default()
    };
    let case = plan.open(hours.at(at), Who::Giraud, ask);
    plan.step(hours.at(at + 50.minutes()), Who::Haddad, case, StepCommand::TakeOver);
    case
}

fn pieces(lines: &[(&str, u32)]) -> Vec<Piece> {
    lines.iter().map(|(code, count)| Piece { code: (*code).to_owned(), count: *count }).collect()
}

/// Ordered in September, delivered in October: its units are on October's statement, and the VSR runs.
fn delivered(plan: &mut Plan, hours: &Hours) {
    let at = |d: DateTime| hours.at(d);
    let case = ask(
        plan,
        hours,
        on(9, 7, 9, 40),
        "Prolonger un prêt depuis un téléphone",
        "Les lecteurs appellent l'accueil pour prolonger : un tiers des appels du samedi.",
    );
    let tell = |plan: &mut Plan, when, who, act| {
        plan.step(at(when), who, case, StepCommand::Delivery { delivery: act });
    };
    let estimate = DeliveryCommand::Estimate {
        pieces: pieces(&[("S", 1), ("M", 2)]),
        until: Some(date(2026, 9, 30)),
        body: "Une page pour téléphone, l'écran des prêts en cours et celui de la prolongation ; la règle des trois prolongations est reprise de l'existant.".to_owned(),
    };
    tell(plan, on(9, 10, 16, 30), Who::Kerbrat, estimate);
    plan.answer(at(on(9, 14, 11, 5)), Who::Perrachon, case, Answer::Order);
    let note = "Version 4.2 sur la recette, base anonymisée du 4 octobre. À éprouver : prolonger, prolonger trois fois, prolonger un ouvrage réservé.".to_owned();
    tell(plan, on(10, 6, 14, 20), Who::Haddad, DeliveryCommand::Present { note });
    let reserves = "Le bouton passe sous le clavier sur les petits écrans ; acceptée si c'est corrigé à la version suivante.";
    let verdict = Answer::Decide { step: "VABF", verdict: Verdict::WithReserves, note: reserves };
    plan.answer(at(on(10, 15, 10, 10)), Who::Perrachon, case, verdict);
    let shown = [
        ("rollback_tested", "Retour à la 4.1 joué en recette le 16 octobre : 11 minutes."),
        ("anonymised_data", "Base anonymisée du 4 octobre, procès-verbal de l'outil joint au dépôt."),
        ("documentation", "Guide du lecteur, chapitre 3, version 4.2."),
        ("sources", "Dépôt du Client, étiquette v4.2."),
    ];
    for (minute, (need, reference)) in (0_i8..).zip(shown) {
        let (need, reference) = (need.to_owned(), reference.to_owned());
        tell(plan, on(10, 16, 15, 10 + minute), Who::Haddad, DeliveryCommand::Show { need, reference });
    }
    tell(plan, on(10, 18, 7, 30), Who::Haddad, DeliveryCommand::Produce);
}

/// Estimated, and not ordered yet: a visitor answers.
fn estimated(plan: &mut Plan, hours: &Hours) {
    let case = ask(
        plan,
        hours,
        on(10, 28, 14, 15),
        "Envoyer un rappel avant la fin du prêt",
        "Trois jours avant l'échéance, par courriel, sans rien demander au lecteur.",
    );
    let delivery = DeliveryCommand::Estimate {
        pieces: pieces(&[("C", 1)]),
        until: Some(date(2026, 12, 15)),
        body: "Un traitement de nuit, un modèle de courriel par Bibliothèque, le réglage du nombre de jours et le désabonnement.".to_owned(),
    };
    plan.step(hours.at(on(10, 30, 10, 45)), Who::Kerbrat, case, StepCommand::Delivery { delivery });
}
