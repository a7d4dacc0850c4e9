//! Escalation: each level told once to those the contract names, on the ticket's own timeline.

#[allow(dead_code, reason = "each test file uses its own part of this")]
mod common;

use std::sync::Arc;

use app::accounts::NewAccount;
use app::import::{ImportTickets, Since, Source};
use app::levels::{AssignLevel, OnLevel};
use app::live::Standing;
use app::mail::{Address, How, MailSettings, Notice, Preferences};
use app::roster::PublishRoster;
use app::ticket::{LevelShown, OpenTicket, StepCommand};
use app::{Act, App, AppError, Principal, Role, Settings, clock, entropy};
use base::Lang;
use base::id::{AccountId, CustomerId};
use common::contract_a;
use engines::roster::Shift;
use events::{Silence, Step};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use testkit::Instance;

/// Each priority has a clause of its own.
const BY_PRIORITY: &str = r#"

## Article 54 – Escalade

```toml clause
kind = "escalation"
label = "escalade"
then = { promise = "restore", level = 1, at = "50 %", also = ["assignee"] }
```

```toml clause
kind = "escalation"
label = "escalade-p1"
exception_to = "escalade"
when = { priority = ["P1"] }
then = { promise = "restore", level = 1, at = "50 %", tells = ["interlocuteur-prestataire", "interlocuteur-client"] }
```
"#;

/// Whoever is on call, at both.
const ON_CALL: &str = r#"

## Article 54 – Escalade

```toml clause
kind = "on_call"
label = "astreinte"
then = { calendar = "24x7", people = 2, roster_notice = "15 days", daily_rest = "11 h", weekly_rest = "35 h", interventions = "per_hour", hour_price = "95.00 EUR", rounded_up_to = "30 min" }
```

```toml clause
kind = "escalation"
label = "escalade-1"
then = { promise = "restore", level = 1, at = "50 %", also = ["on_call"] }
```

```toml clause
kind = "escalation"
label = "escalade-2"
then = { promise = "restore", level = 2, at = "100 %", also = ["on_call"] }
```
"#;

struct Ground {
    instance: Instance,
    customer: CustomerId,
    technician: Principal,
    contact: Principal,
    manager: Principal,
}

/// A P1 declared on a Tuesday at nine, taken over, under the levels of contract A: half of the restoration's
/// delay for whoever works on it and the single contact, all of it for the customer's and the deputy.
fn ground(seed: u64) -> Ground {
    grounded(seed, "P1", &contract_a())
}

/// Contract A with other levels than its own.
fn with(levels: &str) -> String {
    let text = contract_a();
    let (before, own) = text.split_once("17.6.").expect("its own levels");
    let after = &own[own.find("```toml example").expect("the example that follows them")..];
    format!("{before}{after}{levels}")
}

fn grounded(seed: u64, priority: &str, text: &str) -> Ground {
    let instance = Instance::new(seed);
    let customer = instance.customer("atelier");
    instance.sign(customer, "a.md", text).expect("it compiles");
    instance.at("2026-06-16T09:00");
    let technician = instance.staff(Role::Technician);
    let (contact, manager) =
        (instance.staff(Role::ServiceManager), instance.someone(Role::CustomerManager, customer));
    instance.undertake(&technician, customer);
    instance.undertake(&contact, customer);
    let ask = OpenTicket {
        title: "ERP arrêté".to_owned(),
        priority: Some(priority.to_owned()),
        item: Some("srv-erp".to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap();
    let ground = Ground { instance, customer, technician, contact, manager };
    ground.step(&StepCommand::TakeOver, None).unwrap();
    ground
}

impl Ground {
    fn app(&self) -> &App {
        self.instance.app()
    }

    fn step(&self, command: &StepCommand, at: Option<Timestamp>) -> Result<(), AppError> {
        let permit = self.technician.permit(command.act(), self.customer).unwrap();
        self.app().step_ticket(&permit, &self.instance.key(), 1, command, at).map(drop)
    }

    fn levels(&self) -> Vec<LevelShown> {
        let permit = self.technician.permit(Act::SeeTickets, self.customer).unwrap();
        self.app().ticket(&permit, 1).unwrap().levels
    }

    fn at(&self, place: usize) -> Timestamp {
        self.levels()[place].level.value.at.unwrap()
    }

    fn reprioritise(&self, priority: &str) {
        let priority = Some(priority.to_owned());
        let command =
            StepCommand::ChangePriority { priority, impact: None, urgency: None, why: "Revu".to_owned() };
        self.step(&command, None).unwrap();
    }

    /// The levels told by the timeline, with how many people each.
    fn told(&self) -> Vec<(u32, usize)> {
        let permit = self.technician.permit(Act::SeeTickets, self.customer).unwrap();
        let entries = self.app().ticket(&permit, 1).unwrap().entries;
        let told = entries.iter().filter_map(|entry| match &entry.step {
            Step::Escalated { level, told, .. } => Some((*level, told.len())),
            _ => None,
        });
        told.collect()
    }

    fn heard(&self, who: &Principal) -> usize {
        let page = self.app().notifications(who, true, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == Notice::Escalated).count()
    }

    fn pass(&self, at: Timestamp) {
        self.instance.clock().move_to(at);
        self.app().tell_what_escalates().unwrap();
        self.app().pump().unwrap();
    }
}

#[test]
fn each_level_is_told_once_to_those_the_contract_names() {
    let ground = ground(701);
    let (first, second) = (ground.at(0), ground.at(1));
    assert!(first < second, "{first} {second}");
    ground.pass(first - SignedDuration::from_secs(1));
    assert!(ground.told().is_empty());
    ground.pass(first);
    assert_eq!(ground.told(), [(1, 2)]);
    let [one, two] = &ground.levels()[..] else { panic!("two levels") };
    let told = one.told.clone().unwrap();
    assert_eq!(told.at, first);
    assert_eq!(told.to, [ground.contact.name.clone(), ground.technician.name.clone()]);
    assert!(one.level.value.reached && two.told.is_none() && !two.level.value.reached);
    assert!(two.level.reasons[0].show(Lang::Fr).contains("Vie des délais"), "{:?}", two.level.reasons);
    assert_eq!((ground.heard(&ground.contact), ground.heard(&ground.technician)), (1, 1));
    assert_eq!(ground.heard(&ground.manager), 0);

    // Neither a later pass nor a later act tells it again.
    ground.pass(first + SignedDuration::from_mins(1));
    ground.step(&StepCommand::Note { body: "en cours".into() }, None).unwrap();
    ground.pass(first + SignedDuration::from_mins(2));
    assert_eq!(ground.told(), [(1, 2)]);

    ground.pass(second);
    // The customer's contact; the provider's deputy has no account, and nobody stands in for them.
    assert_eq!(ground.told(), [(1, 2), (2, 1)]);
    assert_eq!((ground.heard(&ground.manager), ground.heard(&ground.contact)), (1, 1));
    // The customer reads on the ticket who was told; it names the product, and no person, as its author.
    let permit = ground.manager.permit(Act::SeeTickets, ground.customer).unwrap();
    let entries = ground.app().ticket(&permit, 1).unwrap().entries;
    let line = entries.iter().rfind(|e| matches!(e.step, Step::Escalated { .. })).unwrap();
    assert_eq!((line.by.as_str(), line.text.as_deref()), ("Regisseur", Some(ground.manager.name.as_str())));

    let see = ground.instance.permit(Role::ServiceManager, Act::SeeContract, ground.customer);
    let live = ground.app().live(&see, "CTR-2026-001").unwrap();
    assert_eq!(live.clauses["escalade-1"].standing, Standing::Applied);
    ground.instance.finish();
}

#[test]
fn a_letter_says_so_at_once_and_nobody_declines_it() {
    let ground = ground(704);
    ground.app().exchange_mail(MailSettings {
        from: Address { name: "Prestataire".to_owned(), email: "aide@prestataire.example".to_owned() },
        answers: "aide@prestataire.example".to_owned(),
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    let none = Notice::CHOSEN.into_iter().map(|notice| (notice, How::None)).collect();
    let wished = Preferences { lang: Lang::Fr, choices: none };
    ground.app().set_mail_preferences(&ground.contact, &wished).unwrap();
    assert!(!Notice::CHOSEN.contains(&Notice::Escalated));
    ground.pass(ground.at(0));
    let letters = ground.app().letters_to_send(10).unwrap();
    let letter = letters.iter().find(|l| l.to.email == ground.contact.email).expect("a letter");
    let text = letter.text.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(text.contains("a atteint le niveau 1 de l'escalade (rétablissement)"), "{text}");
    assert!(text.contains("Prochaine échéance"), "{text}");
    ground.pass(ground.at(0) + SignedDuration::from_mins(1));
    assert_eq!(ground.app().letters_to_send(10).unwrap().len(), 0, "once");
    ground.instance.finish();
}

#[test]
fn what_is_restored_in_time_or_said_so_late_escalates_no_further() {
    let ground = ground(702);
    let (first, second) = (ground.at(0), ground.at(1));
    ground.pass(first + SignedDuration::from_mins(10));
    assert_eq!(ground.told(), [(1, 2)]);
    // Written down late: it was restored before the product told what it knew.
    let restored = first + SignedDuration::from_mins(5);
    let command =
        StepCommand::Restore { workaround: true, note: "Bascule".into(), diagnosis: Some("Disque".into()) };
    ground.step(&command, Some(restored)).unwrap();
    ground.pass(second + SignedDuration::from_hours(1));
    assert_eq!(ground.told(), [(1, 2)]);
    let [one, two] = &ground.levels()[..] else { panic!("two levels") };
    assert!(two.level.value.averted);
    assert_eq!((one.level.value.at, one.level.value.reached), (Some(first), true));
    ground.instance.finish();
}

#[test]
fn a_pause_puts_it_off_and_a_stopped_server_tells_what_it_missed_once() {
    let mut ground = ground(703);
    let second = ground.at(1);
    ground.instance.clock().move_to(ground.app().now() + SignedDuration::from_mins(30));
    let pause = StepCommand::Pause { reason: "attente-reponse".into(), proof: Some("Courriel".into()) };
    ground.step(&pause, None).unwrap();
    ground.pass(second);
    assert!(ground.told().is_empty(), "nobody waits for a paused clock");
    ground.step(&StepCommand::Resume, None).unwrap();
    let (first, second) = (ground.at(0), ground.at(1));
    ground.instance.clock().move_to(second + SignedDuration::from_hours(1));
    let (path, now) = (ground.instance.data(), ground.app().now());
    let (contact, customer) = (ground.contact.clone(), ground.customer);
    ground.instance.close();
    for _ in 0..2 {
        let settings = Settings {
            host: "test.example".into(),
            clock: Arc::new(clock::Set::at(now)),
            entropy: Arc::new(entropy::Os),
        };
        let again = App::open(&path, settings).unwrap();
        again.mark_all_dirty().unwrap();
        again.tell_what_escalates().unwrap();
        again.tell_what_escalates().unwrap();
        let permit = contact.permit(Act::SeeTickets, customer).unwrap();
        let page = again.ticket(&permit, 1).unwrap();
        let told: Vec<_> = page
            .entries
            .iter()
            .filter_map(|e| match &e.step {
                Step::Escalated { level, reached, .. } => Some((*level, *reached)),
                _ => None,
            })
            .collect();
        assert_eq!(told, [(1, first.as_microsecond()), (2, second.as_microsecond())]);
    }
}

#[test]
fn a_change_of_priority_has_the_new_delays_levels_told_and_the_old_ones_no_more() {
    let ground = grounded(705, "P3", &with(BY_PRIORITY));
    ground.pass(ground.at(0));
    assert_eq!(ground.told(), [(1, 1)], "whoever works on it");
    ground.instance.clock().move_to(ground.app().now() + SignedDuration::from_mins(5));
    ground.reprioritise("P1");
    let now = ground.app().now() + SignedDuration::from_mins(1);
    ground.pass(now);
    // The same level of the same clock, and another clause: those that it names besides do not know yet.
    assert_eq!(ground.told(), [(1, 1), (1, 3)]);
    assert_eq!((ground.heard(&ground.manager), ground.heard(&ground.contact)), (1, 1));
    ground.pass(now + SignedDuration::from_mins(1));
    assert_eq!(ground.told(), [(1, 1), (1, 3)], "once");
    ground.instance.finish();
}

#[test]
fn a_delay_made_longer_is_told_again_at_its_own_half() {
    let ground = ground(706);
    ground.pass(ground.at(0));
    assert_eq!(ground.told(), [(1, 2)]);
    let (first, second) = (ground.at(0), ground.at(1));
    ground.instance.clock().move_to(first + SignedDuration::from_mins(5));
    ground.reprioritise("P3");
    let longer = ground.at(0);
    assert!(longer > second, "{longer} {second}");
    assert!(ground.levels()[0].told.is_none(), "of the delay that runs now, nobody was told anything");
    ground.pass(second);
    assert_eq!(ground.told(), [(1, 2)], "the old delay tells nothing any more");
    ground.pass(longer);
    assert_eq!(ground.told(), [(1, 2), (1, 2)]);
    assert_eq!(ground.levels()[0].told.as_ref().map(|told| told.at), Some(longer));
    ground.instance.finish();
}

#[test]
fn what_was_resolved_before_anybody_was_told_is_recorded_and_disturbs_nobody() {
    let ground = ground(707);
    let first = ground.at(0);
    ground.instance.clock().move_to(first + SignedDuration::from_mins(1));
    let done = StepCommand::Resolve { note: "Disque changé".into(), diagnosis: Some("Disque".into()) };
    ground.step(&done, None).unwrap();
    for minutes in [2, 3] {
        ground.pass(first + SignedDuration::from_mins(minutes));
        assert_eq!(ground.told(), [(1, 0)], "once");
    }
    let [one, two] = &ground.levels()[..] else { panic!("two levels") };
    assert_eq!(one.told.as_ref().unwrap().silence, Some(Silence::Stopped));
    assert!(one.level.value.reached && two.level.value.averted && two.told.is_none());
    assert_eq!((ground.heard(&ground.contact), ground.heard(&ground.technician)), (0, 0));
    // Reopened, the clock goes on: what it comes to then is told.
    let again = StepCommand::Reopen { why: "Encore arrêté".into() };
    ground.step(&again, None).unwrap();
    ground.pass(ground.at(1));
    assert_eq!(ground.told(), [(1, 0), (2, 1)]);
    ground.instance.finish();
}

#[test]
fn who_is_on_call_is_told_while_they_may_read_the_ticket_and_who_answers_for_it_otherwise() {
    let ground = grounded(708, "P1", &with(ON_CALL));
    let (app, customer) = (ground.app(), ground.customer);
    let guard = ground.instance.staff(Role::SystemManager);
    ground.instance.undertake(&guard, customer);
    let publish = ground.instance.permit(Role::ServiceManager, Act::PublishRoster, customer);
    let now = app.now();
    let shift = Shift { person: guard.account, from: now, until: now + SignedDuration::from_hours(48) };
    let mut roster = PublishRoster {
        contract: "CTR-2026-001".to_owned(),
        label: "astreinte".to_owned(),
        periods: vec![shift],
        ..PublishRoster::default()
    };
    roster.confirmed = app.weigh_roster(&publish, &roster).unwrap().iter().map(|f| f.value.key()).collect();
    app.publish_roster(&publish, &ground.instance.key(), &roster).unwrap();
    ground.pass(ground.at(0));
    assert_eq!(ground.told(), [(1, 1)]);
    assert_eq!((ground.heard(&guard), ground.heard(&ground.technician)), (1, 0));
    // Still on the roster, and gone: whoever works on the ticket answers for it.
    let admin = ground.instance.staff(Role::ProviderAdmin);
    let manage = app.permit_instance(&admin, Act::ManageAccounts).unwrap();
    app.disable_account(&manage, guard.account, true).unwrap();
    ground.pass(ground.at(1));
    assert_eq!(ground.told(), [(1, 1), (2, 1)]);
    assert_eq!(ground.heard(&ground.technician), 1);
    ground.instance.finish();
}

#[test]
fn a_level_told_keeps_the_instant_it_was_told_for_whatever_is_written_down_late() {
    let ground = ground(709);
    let (first, start) = (ground.at(0), ground.app().now());
    ground.pass(first);
    // Half an hour of pause, told of afterwards: the clock had not come so far.
    let pause = StepCommand::Pause { reason: "attente-reponse".into(), proof: Some("Courriel".into()) };
    ground.step(&pause, Some(start + SignedDuration::from_mins(10))).unwrap();
    ground.step(&StepCommand::Resume, Some(start + SignedDuration::from_mins(40))).unwrap();
    let one = ground.levels().remove(0);
    assert_eq!((one.level.value.at, one.level.value.reached), (Some(first), true));
    let at = base::lang::date_time(Lang::Fr, &first.to_zoned(TimeZone::get("Europe/Paris").unwrap()));
    let said = one.level.reasons[0].show(Lang::Fr);
    assert!(said.contains(&at), "{said} has no {at}");
    ground.instance.finish();
}

#[test]
fn what_another_tool_had_come_to_is_told_to_nobody_and_what_comes_next_is() {
    let instance = Instance::new(710);
    let customer = instance.customer("atelier");
    instance.sign(customer, "a.md", &contract_a()).expect("it compiles");
    instance.at("2026-06-16T11:30");
    let contact = instance.staff(Role::ServiceManager);
    instance.undertake(&contact, customer);
    let ask = ImportTickets {
        source: Source::Csv,
        contract: None,
        since: Since::Declared,
        priorities: [("normale".to_owned(), "P3".to_owned())].into(),
        lang: Lang::Fr,
    };
    let export = "numero;titre;etat;ouvert;priorite\n1;Lent;ouvert;2026-06-15 10:00;Normale\n2;Lourd;ouvert;2026-06-15 11:00;Normale\n";
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let done = instance.app().import_tickets(&permit, &ask, export.as_bytes(), &mut |_, _| ()).unwrap();
    assert_eq!(done.opened.len(), 2, "{done:?}");
    let (technician, manager) =
        (instance.staff(Role::Technician), instance.someone(Role::CustomerManager, customer));
    instance.undertake(&technician, customer);
    let ground = Ground { instance, customer, technician, contact, manager };
    let now = ground.app().now();
    assert!(ground.at(0) < now && now < ground.at(1), "{} {now} {}", ground.at(0), ground.at(1));
    ground.pass(now);
    assert_eq!((ground.told(), ground.heard(&ground.contact)), (vec![(1, 0)], 0));
    assert_eq!(ground.levels()[0].told.as_ref().unwrap().silence, Some(Silence::Imported));
    ground.pass(ground.at(1));
    assert_eq!((ground.told(), ground.heard(&ground.manager)), (vec![(1, 0), (2, 1)], 1));
    ground.instance.finish();
}

#[test]
fn whoever_is_put_on_a_level_is_told_first_and_the_clause_again_once_nobody_is() {
    let ground = ground(711);
    let (app, customer) = (ground.app(), ground.customer);
    let keep = ground.instance.permit(Role::DeputyManager, Act::KeepLevels, customer);
    let admin = ground.instance.staff(Role::ProviderAdmin);
    ground.instance.undertake(&admin, customer);
    let sheet = || app.level_sheet(&keep, "CTR-2026-001", "escalade-2").unwrap();
    let ask = |people: &[AccountId], since| AssignLevel {
        contract: "CTR-2026-001".to_owned(),
        clause: "escalade-2".to_owned(),
        people: people.to_vec(),
        since,
    };
    let blank = sheet();
    assert!(blank.line.people.is_empty() && blank.since.is_none());
    assert!(blank.line.says.fr.contains("niveau 2"), "{:?}", blank.line.says);
    let names: Vec<_> = blank.candidates.iter().map(|(c, _)| c.id).collect();
    assert!(names.contains(&admin.account) && names.contains(&ground.manager.account), "of both parties");
    let (key, first) = (ground.instance.key(), ask(&[admin.account], None));
    let done = app.assign_level(&keep, &key, &first).unwrap();
    assert_eq!(app.assign_level(&keep, &key, &first).unwrap(), done, "a retry");
    let refused = |ask: &AssignLevel| match app.assign_level(&keep, &ground.instance.key(), ask).unwrap_err()
    {
        AppError::Refused(refusal) => refusal.code,
        AppError::Invalid(invalid) => invalid.field,
        other => panic!("{other}"),
    };
    let since = sheet().since;
    assert_eq!(since, Some(done.entry));
    assert_eq!(refused(&ask(&[], None)), "escalation.changed", "said since it was read");
    let third = ground.instance.staff(Role::ThirdPartyTechnician).account;
    for wrong in [vec![admin.account, admin.account], vec![third], vec![AccountId::new(1, &[9; 10])]] {
        assert_eq!(refused(&ask(&wrong, since)), "people");
    }
    assert_eq!(refused(&AssignLevel { clause: "ailleurs".to_owned(), ..ask(&[], since) }), "clause");

    // On the ticket, before and after; the customer's contact, whom the clause names, is not told.
    let on = |reads| [OnLevel { name: admin.name.clone(), reads }];
    assert_eq!(ground.levels()[1].placed, on(true));
    assert!(ground.levels()[0].placed.is_empty(), "of that level alone");
    ground.pass(ground.at(1));
    assert_eq!(ground.told(), [(1, 2), (2, 1)]);
    assert_eq!((ground.heard(&admin), ground.heard(&ground.manager)), (1, 0));
    assert_eq!(ground.levels()[1].told.as_ref().unwrap().to, std::slice::from_ref(&admin.name));

    // Somebody who may read tickets no more gives way to the clause; so does an emptied list.
    let see = ground.instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    assert_eq!(app.levels(&see).unwrap()[1].people, on(true), "both parties read it");
    // Another one: the last administrator is not disabled.
    let (email, password) = ("autre@exemple.fr", "une phrase assez longue");
    let role = Role::ProviderAdmin;
    let other = NewAccount { email, name: "Autre", password, role, customer: None, totp_secret: None };
    app.add_account(&other).unwrap();
    app.disable_account_as_operator(admin.account, true).unwrap();
    assert_eq!(app.levels(&see).unwrap()[1].people, on(false), "and that nobody tells them anything");
    assert_eq!(ground.levels()[1].placed, on(false), "nor on the ticket");
    app.assign_level(&keep, &ground.instance.key(), &ask(&[], since)).unwrap();
    assert!(app.levels(&see).unwrap()[1].people.is_empty());
    let journal = ground.instance.permit(Role::CustomerManager, Act::SeeJournal, customer);
    let entries = app.journal(&journal, None, 50).unwrap().entries;
    assert_eq!(entries.iter().filter(|e| e.kind == "escalation.assigned").count(), 2);
    ground.instance.finish();
}

#[test]
fn whoever_was_put_on_a_level_and_left_gives_way_to_the_clause() {
    let ground = ground(712);
    let (app, customer) = (ground.app(), ground.customer);
    let keep = ground.instance.permit(Role::DeputyManager, Act::KeepLevels, customer);
    let gone = ground.instance.staff(Role::SystemManager);
    let ask = AssignLevel {
        contract: "CTR-2026-001".to_owned(),
        clause: "escalade-2".to_owned(),
        people: vec![gone.account],
        since: None,
    };
    app.assign_level(&keep, &ground.instance.key(), &ask).unwrap();
    let admin = ground.instance.staff(Role::ProviderAdmin);
    let manage = app.permit_instance(&admin, Act::ManageAccounts).unwrap();
    app.disable_account(&manage, gone.account, true).unwrap();
    ground.pass(ground.at(1));
    // The customer's contact, and the provider's deputy.
    assert_eq!((ground.told(), ground.heard(&ground.manager)), (vec![(1, 2), (2, 2)], 1));
    ground.instance.finish();
}
