//! The calendar: what a contract dates, where it is shown, and to whom.

mod common;

use app::roster::PublishRoster;
use app::service::AnnounceMaintenance;
use app::ticket::change::{ChangeCommand, PlanChange};
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, Permit, Role};
use axum::http::StatusCode;
use common::Site;
use engines::roster::Shift;
use events::{ChangeModel, ChangeRisk};
use jiff::Timestamp;

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
        ("verger", "chef@verger.fr", Role::CustomerManager),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne"), ("verger", "Verger")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let (ours, theirs) =
        (permit("admin@exemple.fr", Act::SignContract), permit("chef@garonne.fr", Act::SignContract));
    site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    site.clock.move_to("2026-06-02T07:00:00Z".parse().unwrap());
    let ask = AnnounceMaintenance {
        from: "2026-06-18T18:00:00Z".parse().unwrap(),
        until: "2026-06-18T20:30:00Z".parse().unwrap(),
        items: vec!["srv-erp".to_owned()],
        contract: None,
    };
    let key = IdempotencyKey::parse("m1").unwrap();
    site.app.announce_maintenance(&permit("admin@exemple.fr", Act::RecordOutage), &key, &ask).unwrap();
    site
}

/// What stands in the cell of a day of the month's grid.
fn cell<'a>(html: &'a str, day: &str) -> &'a str {
    let from = html.find(&format!("datetime=\"{day}\"")).unwrap_or_else(|| panic!("{day}: {html}"));
    let rest = &html[from..];
    &rest[..rest.find("</td>").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_and_a_week_hold_what_the_contract_dates() {
    let site = site("calendar");
    let manager = site.enter("chef@garonne.fr").await;
    let html = manager.page("/c/garonne/calendar").await;
    assert!(html.contains("Juin 2026") && !html.contains("datetime=\"2026-05-31\""), "{html}");
    assert!(cell(&html, "2026-06-18").contains("20:00 – 22:30 srv-erp"), "{html}");
    assert!(cell(&html, "2026-06-30").contains("/c/garonne/money"));
    assert!(!cell(&html, "2026-06-17").contains("<li"));
    assert!(html.contains("at=2026-05-31") && html.contains("at=2026-07-01"));
    // The duties are those of their own page, on the same days.
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = site.app.person_of("chef@garonne.fr").unwrap().permit(Act::SeeContract, customer).unwrap();
    let life = site.app.life(&permit, None).unwrap();
    let month = jiff::civil::date(2026, 6, 1);
    let due: Vec<_> =
        life.duties.iter().filter_map(|d| d.value.on).filter(|on| on.first_of_month() == month).collect();
    assert!(!due.is_empty(), "the contract has duties in June");
    for on in due {
        assert!(cell(&html, &on.to_string()).contains("/c/garonne/duties"), "{on}");
    }
    let week = manager.page("/c/garonne/calendar?view=week&at=2026-06-18").await;
    assert!(week.contains("Semaine du 15 juin 2026") && week.contains("srv-erp"), "{week}");
    let before = manager.page("/c/garonne/calendar?view=week&at=2026-06-08").await;
    assert!(!before.contains("srv-erp"), "{before}");
    // A restore is tried every three months, in the second contract year as in the first.
    let later = manager.page("/c/garonne/calendar?at=2027-05-15").await;
    assert!(cell(&later, "2027-05-31").contains("/c/garonne/duties"), "{later}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reads_the_dates_of_their_customers_only() {
    let site = site("calendar-who");
    assert!(site.enter("contact@exemple.fr").await.page("/calendar").await.contains("srv-erp"));
    assert!(site.enter("chef@garonne.fr").await.page("/calendar").await.contains("srv-erp"));
    let neighbour = site.enter("chef@verger.fr").await;
    assert!(!neighbour.page("/calendar").await.contains("srv-erp"));
    assert_eq!(neighbour.get("/c/garonne/calendar").await.0, StatusCode::NOT_FOUND);
    // An employee does not read the contract.
    let employee = site.enter("fabre@garonne.fr").await;
    for path in ["/calendar", "/c/garonne/calendar"] {
        assert_eq!(employee.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

fn permit(site: &Site, email: &str, act: Act, slug: &str) -> Permit {
    let customer = site.app.find_customer(slug).unwrap();
    site.app.person_of(email).unwrap().permit(act, customer).unwrap()
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

fn step(site: &Site, email: &str, number: u64, change: ChangeCommand) {
    let command = StepCommand::Change { change };
    let (permit, key) = (
        permit(site, email, command.act(), "garonne"),
        key(&format!("{email}-{number}-{:?}", command.act())),
    );
    site.app.step_ticket(&permit, &key, number, &command, None).unwrap();
}

/// A change of the ERP on 24 June from ten to noon, of Toulouse.
fn planned(site: &Site) -> u64 {
    site.undertake("technique@exemple.fr");
    let ask = OpenTicket {
        title: "Passer l’ERP en 7.3".to_owned(),
        kind: Some("change".to_owned()),
        ..OpenTicket::default()
    };
    let open = permit(site, "technique@exemple.fr", Act::OpenTicket, "garonne");
    let number = site.app.open_ticket(&open, &key("open"), &ask).unwrap().number;
    let plan = PlanChange {
        model: ChangeModel::Normal,
        risk: ChangeRisk::Medium,
        items: vec!["srv-erp".to_owned()],
        from: "2026-06-24T08:00:00Z".parse().unwrap(),
        until: "2026-06-24T10:00:00Z".parse().unwrap(),
        downtime_minutes: 60,
        counted: false,
        regularised_by: None,
        work: "Version 7.3".to_owned(),
        test: "Saisie d'une commande".to_owned(),
        rollback: "Instantané de la veille".to_owned(),
    };
    step(site, "technique@exemple.fr", number, ChangeCommand::Plan(Box::new(plan)));
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_stands_on_its_day_with_its_ticket_and_its_approval() {
    let site = site("calendar-change");
    let number = planned(&site);
    let manager = site.enter("chef@garonne.fr").await;
    let html = manager.page("/c/garonne/calendar").await;
    let on_the_day = cell(&html, "2026-06-24");
    assert!(on_the_day.contains(&format!("/c/garonne/tickets/{number}")), "{on_the_day}");
    assert!(on_the_day.contains("10:00 – 12:00") && on_the_day.contains("Passer l’ERP en 7.3"));
    assert!(on_the_day.contains("Changement à approuver"), "{on_the_day}");
    // The interruption announced with it is told once.
    assert_eq!(on_the_day.matches("<li").count() - on_the_day.matches("/duties").count(), 1, "{on_the_day}");

    let see = permit(&site, "chef@garonne.fr", Act::SeeTickets, "garonne");
    let page = site.app.ticket(&see, number).unwrap();
    let plan = page.change.unwrap().plan.unwrap().entry;
    let approve = ChangeCommand::Approve { plan, third_party: None, contact: None, reference: None };
    step(&site, "chef@garonne.fr", number, approve);
    let html = manager.page("/c/garonne/calendar?view=day&at=2026-06-24").await;
    assert!(html.contains("Passer l’ERP en 7.3") && !html.contains("Changement à approuver"), "{html}");

    // Who has not undertaken to keep secrets reads the contract's dates, and nothing of its tickets.
    let unbound = site.enter_unbound("contact@exemple.fr").await;
    let html = unbound.page("/c/garonne/calendar").await;
    assert!(html.contains("srv-erp") && !html.contains("Passer l’ERP"), "{html}");
    assert!(site.enter("contact@exemple.fr").await.page("/calendar").await.contains("Passer l’ERP"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_on_call_is_named_to_those_who_read_the_roster() {
    let people = [
        ("mutuelle", "chef@mutuelle.fr", Role::CustomerManager),
        ("mutuelle", "comite@mutuelle.fr", Role::CommitteeMember),
    ];
    let site = Site::new("calendar-on-call", &[("mutuelle", "Mutuelle Horizon")], &people);
    site.clock.move_to("2026-06-30T09:00:00Z".parse().unwrap());
    site.sign("mutuelle", "chef@mutuelle.fr", "mutuelle-horizon.md");
    site.sign("mutuelle", "chef@mutuelle.fr", "mutuelle-horizon-daas.md");
    site.clock.move_to("2026-09-10T08:00:00Z".parse().unwrap());
    let technician = site.app.person_of("technique@exemple.fr").unwrap().account;
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let mut ask = PublishRoster {
        contract: "CTR-2026-003-D".to_owned(),
        label: "astreinte".to_owned(),
        periods: vec![Shift {
            person: technician,
            from: at("2026-10-01T16:00:00Z"),
            until: at("2026-10-05T06:00:00Z"),
        }],
        ..PublishRoster::default()
    };
    let publish = permit(&site, "contact@exemple.fr", Act::PublishRoster, "mutuelle");
    let found = site.app.weigh_roster(&publish, &ask).unwrap();
    ask.confirmed = found.iter().map(|f| f.value.key()).collect();
    site.app.publish_roster(&publish, &key("roster"), &ask).unwrap();

    site.clock.move_to("2026-10-02T08:00:00Z".parse().unwrap());
    let manager = site.enter("chef@mutuelle.fr").await;
    let month = manager.page("/c/mutuelle/calendar").await;
    let begins = cell(&month, "2026-10-01");
    assert!(begins.contains("technique@exemple.fr, 18:00 – lun. 5 oct., 08:00"), "{begins}");
    assert!(begins.contains("/c/mutuelle/on-call") && begins.contains("Astreinte"), "{begins}");
    assert!(!cell(&month, "2026-10-02").contains("technique@exemple.fr"));
    let week = manager.page("/c/mutuelle/calendar?view=week&at=2026-10-02").await;
    assert!(week.contains("à partir de 18:00") && week.matches("toute la journée").count() == 3, "{week}");
    let after = manager.page("/c/mutuelle/calendar?view=week&at=2026-10-05").await;
    assert!(after.contains("technique@exemple.fr, jusqu’à 08:00"), "{after}");
    let day = manager.page("/c/mutuelle/calendar?view=day&at=2026-10-06").await;
    assert!(!day.contains("technique@exemple.fr"), "{day}");
    // A committee reads what the contract dates; rosters are not its business.
    let committee = site.enter("comite@mutuelle.fr").await.page("/c/mutuelle/calendar").await;
    assert!(!committee.contains("technique@exemple.fr"));
}
