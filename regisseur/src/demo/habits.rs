//! What the people around Ateliers Garonne keep beside their tickets: who knows what, answers ready to be
//! sent, checks that come back, a visit and what was thought of it.

use app::Role;
use app::answers::KeepTemplate;
use app::people::GiveRole;
use app::plan::WritePlan;
use app::satisfaction::TellSatisfaction;
use app::ticket::{OpenTicket, StepCommand};
use app::visit::{Drawing, Part, TellVisit};
use engines::recurrence::{Rhythm, Unit};
use engines::skills::{Element, Level};
use events::PlanAbout;
use jiff::civil::{DateTime, date, time};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Habit, Plan, say};

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

pub fn plan(plan: &mut Plan, hours: &Hours) {
    subcontractor(plan, hours);
    skills(plan, hours);
    templates(plan, hours);
    checks(plan, hours);
    visit(plan, hours);
}

/// Coffre Bleu keeps the copies: its technician sees the tickets about the backup, and no other.
fn subcontractor(plan: &mut Plan, hours: &Hours) {
    let ask = GiveRole {
        email: "remi.vanhove@coffre-bleu.example".to_owned(),
        role: Role::ThirdPartyTechnician.key().to_owned(),
        classes: vec!["backup".to_owned()],
        subcontract: Some("coffre-bleu".to_owned()),
        ..GiveRole::default()
    };
    plan.habit(hours.at(on(3, 2, 10, 0)), Who::Vidal, Habit::ThirdParty(ask));
}

/// All but the security of workstations, which one person alone knows.
fn skills(plan: &mut Plan, hours: &Hours) {
    use Level::{Knows, Leads};
    let item = |name: &str| Element::Item(name.to_owned());
    let class = |name: &str| Element::Class(name.to_owned());
    let told: [(Element, &[(Who, Level)]); 13] = [
        (item("srv-fic"), &[(Who::Delmas, Leads), (Who::Roussel, Knows)]),
        (item("srv-erp"), &[(Who::Delmas, Leads), (Who::Benali, Knows)]),
        (item("srv-rh"), &[(Who::Delmas, Leads), (Who::Benali, Knows)]),
        (class("workstation"), &[(Who::Roussel, Leads), (Who::Delmas, Knows)]),
        (class("printer"), &[(Who::Roussel, Leads), (Who::Delmas, Knows)]),
        (class("backup"), &[(Who::Delmas, Leads), (Who::Roussel, Knows)]),
        (item("srv-sauv"), &[(Who::Delmas, Leads), (Who::Roussel, Knows)]),
        (class("lan"), &[(Who::Delmas, Leads), (Who::Benali, Knows)]),
        (class("tablet"), &[(Who::Roussel, Leads), (Who::Delmas, Knows)]),
        (class("smartphone"), &[(Who::Roussel, Leads), (Who::Benali, Knows)]),
        (class("router"), &[(Who::Delmas, Leads), (Who::Roussel, Knows)]),
        (class("telephony"), &[(Who::Roussel, Leads), (Who::Benali, Knows)]),
        (class("endpoint_security"), &[(Who::Delmas, Leads)]),
    ];
    for (nth, (element, people)) in (0_i32..).zip(told) {
        let at = hours.at(on(10, 14, 11, 0) + jiff::Span::new().minutes(nth));
        plan.habit(at, Who::Vasseur, Habit::Skills { element, people: people.to_vec() });
    }
}

fn templates(plan: &mut Plan, hours: &Hours) {
    let kept = [
        (
            "Rendez-vous à convenir",
            "Bonjour {personne},\n\nNous devons passer pour « {titre} ». Quel créneau vous convient ? Le délai est suspendu jusqu'à la date convenue.",
            "Hello {person},\n\nWe need to come for “{title}”. Which time suits you? The delay is paused until the date agreed on.",
        ),
        (
            "Prise en charge",
            "Bonjour {personne},\n\nVotre demande {numéro} est prise en charge. Échéance : {échéance} ({article}).",
            "Hello {person},\n\nYour request {number} is being worked on. It is due {due} ({article}).",
        ),
    ];
    for (nth, (name, fr, en)) in (0_i32..).zip(kept) {
        let at = hours.at(on(9, 21, 15, 30) + jiff::Span::new().minutes(nth));
        let ask = KeepTemplate { name: name.to_owned(), fr: fr.to_owned(), en: en.to_owned() };
        plan.habit(at, Who::Vasseur, Habit::Template(ask));
    }
}

/// Written in October, to begin in November.
fn checks(plan: &mut Plan, hours: &Hours) {
    let ask = WritePlan {
        contract: None,
        title: "Contrôle mensuel des sauvegardes".to_owned(),
        description: "Relire les journaux du mois, restaurer un fichier tiré au sort, noter la durée."
            .to_owned(),
        about: PlanAbout {
            kind: None,
            priority: None,
            level: None,
            service: None,
            site: None,
            item: None,
            item_class: Some("backup".to_owned()),
            operation: None,
            duty: None,
        },
        rhythm: Rhythm {
            every: 1,
            unit: Unit::Months,
            first: date(2026, 11, 9),
            until: None,
            at: time(9, 0, 0, 0),
            closed: None,
        },
    };
    plan.habit(hours.at(on(10, 19, 14, 10)), Who::Vasseur, Habit::Recurring(Box::new(ask)));
}

/// A disk replaced on site, signed on the technician's telephone.
fn visit(plan: &mut Plan, hours: &Hours) {
    let ask = OpenTicket {
        title: "Un disque du serveur de fichiers est en alerte".to_owned(),
        description: "Voyant orange sur le deuxième disque ; les fichiers restent accessibles.".to_owned(),
        item: Some("srv-fic".to_owned()),
        impact: Some("user".to_owned()),
        urgency: Some("comfort".to_owned()),
        site: Some("tls".to_owned()),
        ..OpenTicket::default()
    };
    let at = |d: DateTime| hours.at(d);
    let case = plan.open(at(on(10, 27, 9, 20)), Who::Marty, ask);
    plan.step(at(on(10, 27, 9, 35)), Who::Delmas, case, StepCommand::TakeOver);
    let soon = "Disque de rechange disponible : Mehdi Roussel passe demain à 9 h.";
    plan.step(at(on(10, 27, 9, 48)), Who::Delmas, case, say::reply(soon));
    let told = TellVisit {
        arrived: at(on(10, 28, 9, 5)),
        left: at(on(10, 28, 10, 15)),
        travel: 40,
        work: "Disque remplacé à chaud, reconstruction de la grappe suivie jusqu'à **100 %**.\n\n- contrôle de parité sans erreur ;\n- alerte acquittée dans la supervision.".to_owned(),
        parts: vec![Part {
            name: "disque SAS 2,4 To".to_owned(),
            quantity: 1,
            reference: Some("ST2400MM0129".to_owned()),
        }],
        remains: Some("Retourner l'ancien disque au constructeur, sous garantie.".to_owned()),
        met: Some("Julien Marty".to_owned()),
        counted: false,
        hours: None,
        profile: None,
    };
    let visit = Habit::Visit { case, told: Box::new(told), signed_by: "Julien Marty", drawing: drawn() };
    plan.habit(at(on(10, 28, 10, 16)), Who::Roussel, visit);
    plan.step(
        at(on(10, 28, 10, 22)),
        Who::Roussel,
        case,
        say::restore("Disque remplacé, grappe reconstruite."),
    );
    plan.step(at(on(10, 28, 10, 24)), Who::Roussel, case, say::resolve("Grappe saine depuis une heure."));
    let ask =
        TellSatisfaction { score: 5, words: Some("Prévenus, ponctuels, expliqué simplement.".to_owned()) };
    plan.habit(at(on(10, 28, 14, 3)), Who::Marty, Habit::Opinion { case, ask });
}

/// A hand that writes two humps and a dash.
fn drawn() -> Drawing {
    let wave = (0..60_u16).map(|step| {
        let x = 60 + step * 6;
        let lift = [0, 38, 62, 70, 58, 30, 4, 0, 22, 50][usize::from(step % 10)];
        (x, 140 - lift + step / 3)
    });
    let dash = (0..20_u16).map(|step| (140 + step * 14, 168 - step));
    Drawing { width: 600, height: 200, strokes: vec![wave.collect(), dash.collect()] }
}
