//! What people are told of on their own page: the same as by mail, with the rights of the moment, for ninety
//! days.

mod common;

use app::mail::{How, Notice, Preferences};
use app::news::News;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, AppError, Permit, Principal, Role};
use base::Lang;
use base::id::CustomerId;
use common::signed;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use testkit::Instance;

struct Ground {
    instance: Instance,
    customer: CustomerId,
    agent: Principal,
    technician: Principal,
}

/// A ticket opened by an employee and taken over by a technician; no mail is exchanged.
fn ground(seed: u64) -> Ground {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    let agent = instance.someone(Role::CustomerUser, customer);
    let technician = instance.staff(Role::Technician);
    instance.undertake(&technician, customer);
    open(&instance, &agent, customer, "Imprimante en panne");
    instance.app().pump().unwrap();
    let ground = Ground { instance, customer, agent, technician };
    ground.step(&ground.technician, 1, &StepCommand::TakeOver);
    ground.instance.app().pump().unwrap();
    ground
}

fn open(instance: &Instance, who: &Principal, customer: CustomerId, title: &str) -> u64 {
    let ask = OpenTicket {
        title: title.to_owned(),
        priority: Some("P2".to_owned()),
        item: Some("srv-fic".to_owned()),
        ..OpenTicket::default()
    };
    let permit = who.permit(Act::OpenTicket, customer).unwrap();
    instance.app().open_ticket(&permit, &instance.key(), &ask).unwrap().number
}

impl Ground {
    fn permit(&self, who: &Principal, act: Act) -> Permit {
        who.permit(act, self.customer).unwrap()
    }

    fn step(&self, who: &Principal, number: u64, command: &StepCommand) {
        let (permit, key) = (self.permit(who, command.act()), self.instance.key());
        self.instance.app().step_ticket(&permit, &key, number, command, None).unwrap();
    }

    fn later(&self, time: SignedDuration) {
        self.instance.clock().move_to(self.instance.app().now() + time);
    }

    fn reply(&self, who: &Principal) {
        self.step(who, 1, &StepCommand::Reply { body: "Voici.".into() });
        self.instance.app().pump().unwrap();
    }

    fn unread(&self, who: &Principal) -> Vec<Notice> {
        let page = self.instance.app().notifications(who, true, None, 50).unwrap();
        assert_eq!(page.lines.len() as u64, self.instance.app().unread_notifications(who).unwrap());
        page.lines.iter().map(|line| line.notice).collect()
    }
}

#[test]
fn each_is_told_of_what_others_did_and_reads_it_on_the_ticket() {
    let ground = ground(81);
    let app = ground.instance.app();
    let manager = ground.instance.staff(Role::ServiceManager);
    // Who opened it hears that it was taken over, and not that they opened it: a letter confirms that.
    assert_eq!(ground.unread(&ground.agent), [Notice::TakenOver]);
    assert_eq!(ground.unread(&ground.technician), []);
    ground.reply(&ground.agent);
    assert_eq!(ground.unread(&ground.technician), [Notice::Replied]);
    let all = app.notifications(&ground.technician, true, None, 50).unwrap();
    let line = &all.lines[0];
    assert_eq!((line.number, line.title.as_deref()), (1, Some("Imprimante en panne")));
    assert_eq!((line.slug.as_str(), line.read), ("atelier", false));

    // Among the provider's people.
    ground.step(&ground.technician, 1, &StepCommand::Note { body: "à voir".into() });
    app.pump().unwrap();
    assert_eq!(ground.unread(&ground.agent), [Notice::TakenOver]);
    assert!(ground.unread(&manager).is_empty(), "somebody answers for the ticket");

    app.read_notifications_of(&ground.permit(&ground.technician, Act::SeeTickets), 1).unwrap();
    assert_eq!(ground.unread(&ground.technician), []);
    let all = app.notifications(&ground.technician, false, None, 50).unwrap();
    assert!(all.lines.iter().all(|line| line.read) && all.lines.len() == 1);
    // The other's are as they were; nobody marks what is not theirs.
    assert_eq!(ground.unread(&ground.agent), [Notice::TakenOver]);
    let theirs = app.notifications(&ground.agent, true, None, 50).unwrap().lines[0].id;
    let answer = app.read_notification(&ground.technician, theirs);
    assert!(matches!(answer, Err(AppError::NotFound)), "{answer:?}");
    app.read_notification(&ground.agent, theirs).unwrap();
    assert_eq!(ground.unread(&ground.agent), []);
    ground.instance.finish();
}

#[test]
fn pages_follow_one_another_and_what_comes_meanwhile_stays_unread() {
    let ground = ground(82);
    let app = ground.instance.app();
    for _ in 0..5 {
        ground.later(SignedDuration::from_mins(1));
        ground.reply(&ground.technician);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = app.notifications(&ground.agent, false, after, 2).unwrap();
        seen.extend(page.lines.iter().map(|l| (l.at, l.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "the latest first, none twice: {seen:?}");
    let first = app.notifications(&ground.agent, true, None, 50).unwrap().first.unwrap();
    ground.later(SignedDuration::from_mins(1));
    ground.reply(&ground.technician);
    app.read_notifications_through(&ground.agent, first).unwrap();
    assert_eq!(ground.unread(&ground.agent), [Notice::Replied], "told after the page was shown");
    ground.instance.finish();
}

#[test]
fn what_one_may_no_longer_see_is_forgotten_and_what_one_declined_does_not_count() {
    let ground = ground(83);
    let app = ground.instance.app();
    let choices = BTreeMap::from([(Notice::Replied, How::None)]);
    app.set_mail_preferences(&ground.agent, &Preferences { lang: Lang::Fr, choices }).unwrap();
    ground.reply(&ground.technician);
    assert_eq!(ground.unread(&ground.agent), [Notice::TakenOver]);
    assert_eq!(app.notifications(&ground.agent, false, None, 50).unwrap().lines.len(), 2);

    // The role ends: nothing is shown, nothing is counted, and nothing is told any more.
    app.unassign(ground.agent.assignments[0].id).unwrap();
    let left = app.principal(ground.agent.account).unwrap();
    assert!(app.notifications(&left, false, None, 50).unwrap().lines.is_empty());
    assert_eq!(app.unread_notifications(&left).unwrap(), 0);
    ground.step(&ground.technician, 1, &StepCommand::Reply { body: "encore".into() });
    app.pump().unwrap();
    assert_eq!(app.unread_notifications(&left).unwrap(), 0);
    ground.instance.finish();
}

#[test]
fn what_runs_out_soon_is_told_once_and_all_is_forgotten_after_ninety_days() {
    let ground = ground(84);
    let app = ground.instance.app();
    let told = Arc::new(Mutex::new(Vec::new()));
    let ears = told.clone();
    app.listen(move |news| {
        if let News::Told(who) = news {
            ears.lock().unwrap().push(*who);
        }
        true
    });
    let permit = ground.permit(&ground.technician, Act::SeeTickets);
    let due = app.ticket(&permit, 1).unwrap().ticket.due.expect("a clock runs");
    let before = jiff::Timestamp::from_microsecond(due).unwrap() - SignedDuration::from_mins(30);
    ground.instance.clock().move_to(before);
    for _ in 0..2 {
        app.tell_what_is_due_soon().unwrap();
    }
    assert_eq!(ground.unread(&ground.technician), [Notice::DueSoon]);
    assert_eq!(*told.lock().unwrap(), [ground.technician.account], "once, and to that person's pages only");

    ground.later(SignedDuration::from_hours(24 * 89));
    app.forget_old_notifications().unwrap();
    assert_eq!(ground.unread(&ground.technician), [Notice::DueSoon]);
    ground.later(SignedDuration::from_hours(24 * 2));
    app.forget_old_notifications().unwrap();
    assert_eq!(ground.unread(&ground.technician), []);
    ground.instance.finish();
}

#[test]
fn a_title_waits_for_the_undertaking() {
    let ground = ground(85);
    let manager = ground.instance.staff(Role::ServiceManager);
    open(&ground.instance, &ground.agent, ground.customer, "Dossier confidentiel");
    let page = ground.instance.app().notifications(&manager, true, None, 50).unwrap();
    assert!(!page.lines.is_empty() && page.lines.iter().all(|line| line.title.is_none()));
    ground.instance.undertake(&manager, ground.customer);
    let page = ground.instance.app().notifications(&manager, true, None, 50).unwrap();
    assert!(page.lines.iter().any(|line| line.title.as_deref() == Some("Dossier confidentiel")));
    ground.instance.finish();
}
