//! What waits for somebody's decision: asked for again each time, and only of those who may decide.

mod common;

use app::ticket::{OpenTicket, StepCommand};
use app::time::{Settling, TellTime};
use app::waiting::Waiting;
use app::{Act, Role};
use base::id::CustomerId;
use common::signed;
use events::WorkKind;
use jiff::civil::date;
use testkit::Instance;

fn waiting(instance: &Instance, role: Role) -> Waiting {
    let permit = instance.staff(role).permit_instance(Act::SeeDesk).unwrap();
    instance.app().waiting(&permit).unwrap()
}

fn opened(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Une demande".to_owned(),
        kind: Some("service_request".to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

fn time(minutes: u32) -> TellTime {
    TellTime { minutes, started: None, kind: WorkKind::Remote, hours: None, profile: None, comment: None }
}

#[test]
fn a_sheet_waits_once_from_its_handing_in_until_it_is_settled() {
    let instance = Instance::new(191);
    let customers = ["atelier", "imprimerie"].map(|slug| signed(&instance, slug));
    instance.at("2026-06-16T10:00");
    let numbers = customers.map(|customer| opened(&instance, customer));
    instance.at("2026-06-16T11:00");
    for (customer, number) in customers.into_iter().zip(numbers) {
        let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
        let ask = time(20);
        instance.app().enter_time(&permit, &instance.key(), number, &ask).unwrap();
    }
    assert_eq!(waiting(&instance, Role::ServiceManager).sheets, []);

    let technician = instance.staff(Role::Technician);
    let week = date(2026, 6, 15);
    instance.app().submit_week(&technician.permit_instance(Act::EnterTime).unwrap(), week).unwrap();
    let sheets = waiting(&instance, Role::ServiceManager).sheets;
    let told: Vec<_> = sheets.iter().map(|s| (s.week, s.person, s.name.as_str())).collect();
    assert_eq!(told, [(week, technician.account, technician.name.as_str())], "worked for two customers");
    assert_eq!(waiting(&instance, Role::Technician).sheets, [], "who approves nothing is told nothing");

    let own = instance.permit(Role::ServiceManager, Act::EnterTime, customers[0]);
    let ask = time(15);
    instance.app().enter_time(&own, &instance.key(), numbers[0], &ask).unwrap();
    let manager = instance.staff(Role::ServiceManager);
    instance.app().submit_week(&manager.permit_instance(Act::EnterTime).unwrap(), week).unwrap();
    assert_eq!(waiting(&instance, Role::ServiceManager).sheets.len(), 1, "one's own is for another");
    assert_eq!(waiting(&instance, Role::ProviderAdmin).sheets.len(), 2);

    let approves = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&approves, technician.account, week, Settling::Approve).unwrap();
    assert_eq!(waiting(&instance, Role::ServiceManager).sheets, []);
}

#[test]
fn a_price_waits_from_the_request_until_it_is_said() {
    let instance = Instance::new(194);
    let customer = signed(&instance, "atelier");
    instance.at("2026-06-16T10:00");
    let ask = |operation: &str| OpenTicket {
        title: format!("Une demande ({operation})"),
        kind: Some("service_request".to_owned()),
        operation: Some(operation.to_owned()),
        ..OpenTicket::default()
    };
    let number = instance.open(customer, &ask("project")).unwrap().number;
    opened(&instance, customer);
    let quotes =
        |role| -> Vec<u64> { waiting(&instance, role).quotes.into_iter().map(|q| q.number).collect() };
    assert_eq!(quotes(Role::ServiceManager), [number]);
    assert_eq!(quotes(Role::Technician), [0; 0], "who says no price is told nothing");
    let title = || waiting(&instance, Role::ServiceManager).quotes.remove(0).title;
    assert_eq!(title(), "Engagement à signer · Undertaking to sign", "its words are the customer's");
    instance.undertake(&instance.staff(Role::ServiceManager), customer);
    assert_eq!(title(), "Une demande (project)");

    let permit = instance.permit(Role::ServiceManager, Act::MakeQuote, customer);
    let quote = StepCommand::Quote {
        price: base::Money::eur(48_000),
        until: Some(date(2026, 6, 30)),
        body: "Une demi-journée".to_owned(),
    };
    instance.app().step_ticket(&permit, &instance.key(), number, &quote, None).unwrap();
    assert_eq!(quotes(Role::ServiceManager), [0; 0], "it waits for the customer");
    instance.at("2026-07-01T10:00");
    assert_eq!(quotes(Role::ServiceManager), [number], "the offer lapsed");
}

#[test]
fn a_month_waits_from_its_end_until_it_is_closed() {
    let instance = Instance::new(192);
    let customer = signed(&instance, "atelier");
    let months = |role| -> Vec<(String, String)> {
        let months = waiting(&instance, role).months;
        months.into_iter().map(|one| (one.contract, one.month.strftime("%Y-%m").to_string())).collect()
    };
    let march = ("CTR-2026-001".to_owned(), "2026-03".to_owned());
    instance.at("2026-03-31T10:00");
    assert_eq!(months(Role::ServiceManager), []);
    instance.at("2026-04-02T10:00");
    assert_eq!(months(Role::ServiceManager), [march]);
    assert_eq!(months(Role::Technician), [], "who closes nothing is told nothing");

    let closes = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    instance.app().close_month(&closes, &instance.key(), None, date(2026, 3, 1)).unwrap();
    assert_eq!(months(Role::ServiceManager), []);
}

#[test]
fn a_vault_that_cannot_be_read_is_named_and_hides_no_other() {
    let instance = Instance::new(193);
    signed(&instance, "atelier");
    signed(&instance, "brise");
    instance.at("2026-04-02T10:00");
    let raw = rusqlite::Connection::open(instance.vault_file("brise")).unwrap();
    raw.execute_batch("ALTER TABLE closed_month RENAME TO elsewhere").unwrap();
    let found = waiting(&instance, Role::ServiceManager);
    assert_eq!(found.months.iter().map(|m| m.slug.as_str()).collect::<Vec<_>>(), ["atelier"]);
    assert_eq!(found.left_out.iter().map(|l| l.slug.as_str()).collect::<Vec<_>>(), ["brise"]);
    raw.execute_batch("ALTER TABLE elsewhere RENAME TO closed_month").unwrap();
    instance.finish();
}
