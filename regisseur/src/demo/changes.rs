//! What the provider of Lumen Édition changes: one to come in the Sunday window, one that could not wait;
//! and its people on call until the end of the year.

use app::ticket::change::{ChangeCommand, PlanChange};
use app::ticket::{OpenTicket, StepCommand};
use events::{ChangeModel, ChangeOutcome, ChangeRisk};
use jiff::ToSpan;
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Answer, Case, Plan};

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

pub fn plan(plan: &mut Plan, hours: &Hours) {
    on_call(plan, hours);
    to_come(plan, hours);
    urgent(plan, hours);
}

/// Eight weeks from Monday to Monday, one person after the other, told three weeks ahead.
fn on_call(plan: &mut Plan, hours: &Hours) {
    let first = on(11, 2, 8, 0);
    let weeks = (0..8_i32).map(|week| {
        let who = if week % 2 == 0 { Who::Haddad } else { Who::Kerbrat };
        (who, hours.at(first + (7 * week).days()), hours.at(first + (7 * (week + 1)).days()))
    });
    plan.roster(hours.at(on(10, 12, 9, 20)), Who::Kerbrat, "CTR-2026-002", "astreinte", weeks.collect());
}

fn open(plan: &mut Plan, hours: &Hours, at: DateTime, item: &str, title: &str, description: &str) -> Case {
    let ask = OpenTicket {
        title: title.to_owned(),
        description: description.to_owned(),
        kind: Some("change".to_owned()),
        item: Some(item.to_owned()),
        ..OpenTicket::default()
    };
    let case = plan.open(hours.at(at), Who::Kerbrat, ask);
    plan.step(hours.at(at + 2.minutes()), Who::Kerbrat, case, StepCommand::TakeOver);
    case
}

/// Announced twelve days before its Sunday night, and agreed to the day after.
fn to_come(plan: &mut Plan, hours: &Hours) {
    let case = open(
        plan,
        hours,
        on(10, 26, 10, 15),
        "bib-bdd",
        "Passer le moteur de bases de données à la version 16",
        "La version 15 n'est plus corrigée par son éditeur à partir de novembre 2027 ; la 16 réduit de moitié la durée de l'indexation en recette.",
    );
    let told = PlanChange {
        model: ChangeModel::Normal,
        risk: ChangeRisk::Medium,
        items: vec!["bib-bdd".to_owned()],
        from: hours.at(on(11, 8, 1, 0)),
        until: hours.at(on(11, 8, 4, 0)),
        downtime_minutes: 90,
        counted: false,
        regularised_by: None,
        work: "Sauvegarde à froid, arrêt des frontaux, conversion des bases sur place, statistiques, remise en service.".to_owned(),
        test: "Répété deux fois en recette sur la copie du 18 octobre : 71 et 68 minutes. Au réveil : prêt, retour, recherche d'un titre par Bibliothèque.".to_owned(),
        rollback: "Jusqu'à 3 h, reprise de la sauvegarde à froid sur l'ancien moteur, laissé en place : 40 minutes.".to_owned(),
    };
    plan.change(hours.at(on(10, 26, 10, 40)), Who::Kerbrat, case, ChangeCommand::Plan(Box::new(told)));
    plan.answer(hours.at(on(10, 27, 15, 5)), Who::Perrachon, case, Answer::ApproveChange);
}

/// A fault made public at noon: mended at once, agreed to the next morning.
fn urgent(plan: &mut Plan, hours: &Hours) {
    let case = open(
        plan,
        hours,
        on(10, 21, 14, 2),
        "bib-web",
        "Corriger la bibliothèque TLS des frontaux",
        "Faille publiée ce midi, exploitée à distance et sans compte. Le correctif de l'éditeur est paru.",
    );
    let at = |d: DateTime| hours.at(d);
    let told = PlanChange {
        model: ChangeModel::Emergency,
        risk: ChangeRisk::Low,
        items: vec!["bib-web".to_owned()],
        from: at(on(10, 21, 14, 20)),
        until: at(on(10, 21, 15, 30)),
        downtime_minutes: 0,
        counted: true,
        regularised_by: Some(at(on(10, 23, 18, 0))),
        work: "Frontaux mis à jour l'un après l'autre, chacun hors de la répartition pendant son redémarrage.".to_owned(),
        test: "Version servie relue de l'extérieur ; connexion, prêt et retour sur chaque frontal avant de le remettre en service.".to_owned(),
        rollback: "Frontal rendu à son image de la veille : cinq minutes.".to_owned(),
    };
    plan.change(at(on(10, 21, 14, 12)), Who::Kerbrat, case, ChangeCommand::Plan(Box::new(told)));
    plan.change(at(on(10, 21, 14, 21)), Who::Haddad, case, ChangeCommand::Start);
    let end = ChangeCommand::End {
        outcome: ChangeOutcome::Succeeded,
        note: "Trois frontaux corrigés, aucun prêt refusé pendant l'opération.".to_owned(),
        down_from: None,
        down_until: None,
    };
    plan.change(at(on(10, 21, 15, 4)), Who::Haddad, case, end);
    plan.answer(at(on(10, 22, 9, 30)), Who::Perrachon, case, Answer::ApproveChange);
    let body = "L'avis de l'éditeur est arrivé deux heures après sa publication : la veille est désormais abonnée à sa liste.".to_owned();
    plan.change(at(on(10, 22, 16, 10)), Who::Kerbrat, case, ChangeCommand::Review { body });
}
