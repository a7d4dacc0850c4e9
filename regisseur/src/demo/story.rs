//! How a ticket goes, from its first act to its last: mostly well, sometimes late, sometimes twice.

use app::ticket::StepCommand;
use jiff::{SignedDuration, Timestamp};

use super::cast::Who;
use super::dice::Dice;
use super::hours::{Hours, Site};
use super::people::Texts;
use super::plan::{Case, Plan, say};
use super::scenarios::Scenario;

pub struct Told<'a> {
    pub case: Case,
    pub scenario: &'a Scenario,
    pub texts: &'a Texts,
    pub site: Site,
    pub opened: Timestamp,
    pub technician: Who,
    /// The customer's person who answers.
    pub asker: Who,
    pub phone: bool,
}

/// Minutes of service promised by the articles 15 and 16: to take over, to restore.
fn promised(level: (&str, &str)) -> (i64, i64) {
    match level {
        ("service", "blocking") | ("site", "degraded") => (120, 480),
        ("user", "blocking") | ("service", "degraded") => (240, 900),
        _ => (480, 2250),
    }
}

const QUESTIONS: [&str; 4] = [
    "Pour continuer, j'ai besoin de savoir si le défaut apparaît aussi sur un autre poste.",
    "Pouvez-vous m'envoyer une copie d'écran du message complet ?",
    "Quel créneau vous convient pour que je prenne la main une vingtaine de minutes ?",
    "Votre responsable peut-il confirmer la demande par retour ?",
];

const ANSWERS: [&str; 4] = [
    "Voici les éléments demandés. Vous pouvez continuer.",
    "Oui, c'est confirmé par mon responsable.",
    "Je suis disponible maintenant, vous pouvez prendre la main.",
    "Vérifié : le même défaut apparaît sur le poste voisin.",
];

const SORRY: [&str; 3] = [
    "Le délai est dépassé et nous nous en excusons : la pièce est arrivée avec un jour de retard.",
    "Nous avons dépassé l'échéance : le premier correctif n'a pas tenu, le second est en place.",
    "Échéance dépassée, la cause figurera dans l'analyse remise au comité.",
];

const THANKS: [&str; 4] = [
    "Merci, tout fonctionne.",
    "C'est bon pour nous, merci de la rapidité.",
    "Vérifié ce matin, vous pouvez clore.",
    "Parfait, merci.",
];

const NOTES: [&str; 4] = [
    "Déjà vu en mai sur un autre poste : ajouter à la base de connaissances.",
    "Vérifier au prochain passage que la correction tient.",
    "Le modèle de poste est à mettre à jour pour éviter la récidive.",
    "Point à porter au comité mensuel.",
];

const AGAIN: [&str; 3] = [
    "Le défaut est revenu ce matin, exactement le même message.",
    "Cela a tenu une journée, puis le problème est réapparu.",
    "Pas tout à fait réglé : le deuxième poste du service est encore touché.",
];

/// Plans the acts of a ticket that goes to its end.
pub fn tell(plan: &mut Plan, hours: &Hours, dice: &mut Dice, told: &Told<'_>) {
    let (case, technician) = (told.case, told.technician);
    let respond = promised(told.scenario.level).0;
    let late_answer = !told.phone && dice.chance(3);
    let wait = match (told.phone, late_answer) {
        (true, _) => dice.between(1, 6),
        (false, true) => respond * dice.between(105, 150) / 100,
        (false, false) => 3 + respond * dice.between(2, 55) / 100,
    };
    let mut at = hours.after(told.site, told.opened, wait);
    plan.step(at, technician, case, StepCommand::TakeOver);
    let level = reprioritise(plan, dice, told, at);
    let restore = promised(level).1;
    at = hours.after(told.site, at, dice.between(1, 4));
    plan.step(at, technician, case, say::reply(&told.texts.first));
    if dice.chance(12) {
        plan.step(hours.after(told.site, at, 1), technician, case, say::note(dice.pick(&NOTES)));
        at = hours.after(told.site, at, 2);
    }

    let late = told.scenario.incident && !told.phone && dice.chance(3);
    let share = match (late, dice.chance(65)) {
        (true, _) => dice.between(104, 130),
        (false, true) => dice.between(2, 20),
        (false, false) => dice.between(18, 58),
    };
    let whole = (restore * share / 100).max(hours.minutes(told.site, told.opened, at) + 10);
    let paused = paused_minutes(plan, hours, dice, told, &mut at);
    let worked = hours.minutes(told.site, told.opened, at) - paused;
    at = hours.after(told.site, at, (whole - worked).max(6));
    if late {
        plan.step(at, technician, case, say::reply(dice.pick(&SORRY)));
        at = hours.after(told.site, at, 2);
    }
    at = finish(plan, hours, dice, told, at);

    if share < 35 && dice.chance(7) {
        again(plan, hours, dice, told, at);
    } else if dice.chance(22) {
        let thanked = hours.after(told.site, at, dice.between(10, 90));
        plan.step(thanked, told.asker, case, say::reply(dice.pick(&THANKS)));
    }
}

/// A first look sometimes shows that it is worse, or less bad, than was said (article 14.2).
fn reprioritise<'a>(plan: &mut Plan, dice: &mut Dice, told: &Told<'a>, at: Timestamp) -> (&'a str, &'a str) {
    let level = told.scenario.level;
    if !told.scenario.incident || !dice.chance(6) {
        return level;
    }
    let (new, why): ((&str, &str), &str) = match level {
        ("user", "degraded") => {
            (("user", "blocking"), "La personne ne peut en fait plus travailler du tout.")
        }
        ("service", "degraded") => {
            (("user", "degraded"), "Un seul poste est touché, un contournement existe.")
        }
        ("user", "blocking") => (("user", "degraded"), "Un poste de prêt permet de travailler en attendant."),
        _ => return level,
    };
    let command = StepCommand::ChangePriority {
        priority: None,
        impact: Some(new.0.to_owned()),
        urgency: Some(new.1.to_owned()),
        why: why.to_owned(),
    };
    plan.step(at, told.technician, told.case, command);
    new
}

/// Waits for somebody else, sometimes, for one of the contract's reasons; the minutes of service it took.
fn paused_minutes(
    plan: &mut Plan,
    hours: &Hours,
    dice: &mut Dice,
    told: &Told<'_>,
    at: &mut Timestamp,
) -> i64 {
    if !dice.chance(14) {
        return 0;
    }
    let (case, technician, person) = (told.case, told.technician, told.texts.person);
    let from = hours.after(told.site, *at, dice.between(4, 25));
    let length = dice.between(45, 700);
    let until = hours.after(told.site, from, length);
    let (reason, proof) = match (told.scenario.item, dice.under(5)) {
        ("srv-erp", 0..3) => {
            ("attente-gesprod", "Dossier ouvert chez Gesprod, accusé de réception joint.".to_owned())
        }
        (_, 0..3) => {
            let question = dice.pick(&QUESTIONS);
            plan.step(from, technician, case, say::reply(question));
            ("attente-reponse", format!("Question posée à {person} dans le ticket."))
        }
        (_, 3) => (
            "attente-acces",
            format!("Bureau de {person} fermé à l'heure convenue, constaté avec l'accueil."),
        ),
        (_, _) => ("date-convenue", format!("Rendez-vous fixé avec {person}, confirmé par courriel.")),
    };
    plan.step(from, technician, case, say::pause(reason, proof));
    if reason == "attente-reponse" {
        plan.step(until, told.asker, case, say::reply(dice.pick(&ANSWERS)));
    }
    plan.step(until, technician, case, StepCommand::Resume);
    *at = until;
    hours.minutes(told.site, from, until)
}

/// Restored then resolved for an incident, done at once for a request; gives the instant of the end.
fn finish(plan: &mut Plan, hours: &Hours, dice: &mut Dice, told: &Told<'_>, at: Timestamp) -> Timestamp {
    let (case, technician, done) = (told.case, told.technician, told.texts.done.as_str());
    if !told.scenario.incident || dice.chance(35) {
        plan.step(at, technician, case, say::resolve(done));
        return at;
    }
    if dice.chance(15) {
        let around =
            format!("Contournement en place avec l'accord de {}, le travail reprend.", told.texts.person);
        plan.step(at, technician, case, say::work_around(around));
    } else {
        plan.step(
            at,
            technician,
            case,
            say::restore("Service rendu, essai fait avec la personne concernée."),
        );
    }
    let end = hours.after(told.site, at, dice.between(15, 260));
    plan.step(end, technician, case, say::resolve(done));
    end
}

/// Reopened within five working days: its clock goes on where it stopped (article 17.3).
fn again(plan: &mut Plan, hours: &Hours, dice: &mut Dice, told: &Told<'_>, end: Timestamp) {
    let back = hours.after(told.site, end, dice.between(120, 800)) + SignedDuration::from_secs(40);
    plan.step(back, told.asker, told.case, say::reopen(dice.pick(&AGAIN)));
    let seen = hours.after(told.site, back, dice.between(6, 40));
    plan.step(
        seen,
        told.technician,
        told.case,
        say::reply("Je reprends tout de suite, désolé pour la récidive."),
    );
    let done = hours.after(told.site, seen, dice.between(15, 70));
    plan.step(
        done,
        told.technician,
        told.case,
        say::restore("Cause supprimée cette fois, essai prolongé avec vous."),
    );
    let closed = hours.after(told.site, done, dice.between(200, 450));
    plan.step(closed, told.technician, told.case, say::resolve(&told.texts.done));
}
