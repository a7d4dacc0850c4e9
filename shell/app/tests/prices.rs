//! The price before the work: shown with its article, agreed by the customer, and only then worked on.

mod common;

use app::ticket::{OpenTicket, StepCommand};
use app::time::TellTime;
use app::{Act, AppError, Refusal, Role};
use base::Money;
use base::id::CustomerId;
use common::signed;
use engines::perimeter::price::Agreement;
use jiff::civil::date;
use testkit::Instance;

const VISIT: Money = Money::eur(9_500);
const QUOTED: Money = Money::eur(48_000);

fn ask(operation: &str) -> OpenTicket {
    OpenTicket {
        title: "Une demande".to_owned(),
        kind: Some("service_request".to_owned()),
        operation: Some(operation.to_owned()),
        ..OpenTicket::default()
    }
}

/// The fifth visit of June: four are included, this one is 95.00.
fn fifth_visit(instance: &Instance, customer: CustomerId) -> u64 {
    let number = |_| instance.open(customer, &ask("on_site_visit")).unwrap().number;
    (0..5).map(number).last().unwrap()
}

fn step(
    instance: &Instance,
    role: Role,
    customer: CustomerId,
    number: u64,
    command: &StepCommand,
) -> Result<(), AppError> {
    let permit = instance.permit(role, command.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, command, None).map(drop)
}

fn refused(answer: Result<(), AppError>) -> Refusal {
    match answer {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn standing(instance: &Instance, customer: CustomerId, number: u64) -> Agreement {
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap().price.value
}

fn resolve() -> StepCommand {
    StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) }
}

fn agree(price: Money) -> StepCommand {
    StepCommand::AgreePrice { price, quotation: None, reference: None }
}

/// The agreement to the quotation that stands, as the page gives it.
fn answer(instance: &Instance, customer: CustomerId, number: u64) -> StepCommand {
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, number).unwrap();
    let Agreement::Awaited { price, .. } = page.price.value else { panic!("{:?}", page.price.value) };
    StepCommand::AgreePrice { price, quotation: page.quotation, reference: None }
}

fn quotation(answer: &StepCommand) -> Option<u64> {
    let StepCommand::AgreePrice { quotation, .. } = answer else { panic!("{answer:?}") };
    *quotation
}

fn quote(price: Money, until: Option<jiff::civil::Date>) -> StepCommand {
    StepCommand::Quote { price, until, body: "Deux écrans, fournis et posés".to_owned() }
}

#[test]
fn a_priced_visit_waits_for_the_customer_and_cites_its_article() {
    let instance = Instance::new(71);
    let customer = signed(&instance, "atelier");
    let number = fifth_visit(&instance, customer);
    assert_eq!(standing(&instance, customer, number), Agreement::Awaited { price: VISIT, until: None });
    let restore =
        StepCommand::Restore { workaround: false, note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    for command in [restore, resolve()] {
        let refusal = refused(step(&instance, Role::Technician, customer, number, &command));
        assert_eq!(refusal.code, "price.awaited");
        let cited: Vec<String> =
            refusal.reasons.iter().filter_map(|r| r.cites.as_ref()).map(base::Provenance::cite).collect();
        assert!(cited.contains(&"Article\u{a0}8 – Opérations [visites]".to_owned()), "{cited:?}");
    }
    // Not another amount, not twice.
    let other = refused(step(&instance, Role::CustomerManager, customer, number, &agree(QUOTED)));
    assert_eq!(other.code, "price.changed");
    step(&instance, Role::CustomerManager, customer, number, &agree(VISIT)).unwrap();
    let again = refused(step(&instance, Role::CustomerManager, customer, number, &agree(VISIT)));
    assert_eq!(again.code, "price.nothing");
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    assert_eq!(standing(&instance, customer, number), Agreement::Agreed { price: VISIT });
}

#[test]
fn only_those_who_engage_the_customer_agree_and_the_provider_says_where_it_was_written() {
    let instance = Instance::new(72);
    let customer = signed(&instance, "atelier");
    let number = fifth_visit(&instance, customer);
    for role in [Role::CustomerUser, Role::Technician] {
        assert!(instance.someone(role, customer).permit(Act::AgreePrice, customer).is_err(), "{role:?}");
    }
    let bare = step(&instance, Role::ServiceManager, customer, number, &agree(VISIT));
    assert!(matches!(&bare, Err(AppError::Invalid(i)) if i.field == "reference"), "{bare:?}");
    let reference = Some("Courriel de Mme Castaing du 16 juin 2026".to_owned());
    let written = StepCommand::AgreePrice { price: VISIT, quotation: None, reference: reference.clone() };
    step(&instance, Role::ServiceManager, customer, number, &written).unwrap();
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, number).unwrap();
    let entry = page.entries.last().unwrap();
    assert_eq!((entry.by_provider, &entry.text), (true, &reference));
}

#[test]
fn a_quotation_is_made_lapses_and_is_made_again() {
    let instance = Instance::new(73);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &ask("move")).unwrap().number;
    let first = refused(step(&instance, Role::Technician, customer, number, &resolve()));
    assert_eq!(first.code, "price.quote");
    assert!(instance.staff(Role::Technician).permit(Act::MakeQuote, customer).is_err());

    let past =
        step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, Some(date(2026, 6, 15))));
    assert!(matches!(&past, Err(AppError::Invalid(i)) if i.field == "until"), "{past:?}");
    let francs = Money { currency: base::Currency::CHF, ..QUOTED };
    for wrong in [Money::eur(0), Money::eur(-1), francs] {
        let answer = step(&instance, Role::ServiceManager, customer, number, &quote(wrong, None));
        assert!(matches!(&answer, Err(AppError::Invalid(i)) if i.field == "price"), "{answer:?}");
    }
    step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, Some(date(2026, 6, 20)))).unwrap();
    let lapsed = answer(&instance, customer, number);
    instance.at("2026-06-21T09:00");
    let late = refused(step(&instance, Role::CustomerManager, customer, number, &lapsed));
    assert_eq!(late.code, "price.lapsed");
    let work = refused(step(&instance, Role::Technician, customer, number, &resolve()));
    assert_eq!(work.code, "price.lapsed");
    step(&instance, Role::ServiceManager, customer, number, &quote(VISIT, None)).unwrap();
    step(&instance, Role::CustomerManager, customer, number, &answer(&instance, customer, number)).unwrap();
    let more = refused(step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, None)));
    assert_eq!(more.code, "price.agreed");
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
}

#[test]
fn declined_work_is_closed_without_being_done_and_never_billed() {
    let instance = Instance::new(74);
    let customer = signed(&instance, "atelier");
    let number = fifth_visit(&instance, customer);
    let billed = || {
        let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
        let page = instance.app().money(&see, None).unwrap();
        let lines = page.running.value.lines.into_iter().map(|l| l.value);
        lines.filter(|l| l.clause == "visites").map(|l| l.net).sum::<Money>()
    };
    assert!(billed().is_zero(), "nothing is billed before it is agreed");
    let declined = StepCommand::DeclinePrice { why: "Nous attendrons juillet".to_owned(), quotation: None };
    step(&instance, Role::CustomerManager, customer, number, &declined).unwrap();
    let restore =
        StepCommand::Restore { workaround: false, note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) };
    let refusal = refused(step(&instance, Role::Technician, customer, number, &restore));
    assert_eq!(refusal.code, "price.declined");
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    assert!(billed().is_zero());

    let sixth = instance.open(customer, &ask("on_site_visit")).unwrap().number;
    step(&instance, Role::CustomerManager, customer, sixth, &agree(VISIT)).unwrap();
    assert_eq!(billed(), VISIT);
}

/// What the extras of a month come to, in the order of their lines; the month is closed.
fn extras(instance: &Instance, customer: CustomerId, month: jiff::civil::Date) -> Vec<(String, Money)> {
    let close = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let statement = instance.app().close_month(&close, &instance.key(), None, month).unwrap();
    let lines = statement.statement.value.lines.into_iter().map(|l| l.value);
    lines.filter(|l| l.kind == engines::billing::LineKind::Extra).map(|l| (l.clause, l.net)).collect()
}

fn close_before_june(instance: &Instance, customer: CustomerId) {
    for month in [3, 4, 5] {
        assert!(extras(instance, customer, date(2026, month, 1)).is_empty());
    }
}

#[test]
fn a_price_agreed_the_month_after_is_billed_then() {
    let instance = Instance::new(75);
    let customer = signed(&instance, "atelier");
    let number = fifth_visit(&instance, customer);
    instance.at("2026-07-02T09:00");
    step(&instance, Role::CustomerManager, customer, number, &agree(VISIT)).unwrap();
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    instance.at("2026-08-03T09:00");
    close_before_june(&instance, customer);
    assert!(extras(&instance, customer, date(2026, 6, 1)).is_empty(), "in June it was asked for only");
    let visit = ("visites".to_owned(), VISIT);
    assert_eq!(extras(&instance, customer, date(2026, 7, 1)), [visit], "it stays the fifth visit of June");
}

#[test]
fn a_price_declined_the_month_after_is_never_billed() {
    let instance = Instance::new(78);
    let customer = signed(&instance, "atelier");
    let number = fifth_visit(&instance, customer);
    instance.at("2026-07-02T09:00");
    let declined = StepCommand::DeclinePrice { why: "Nous attendrons".to_owned(), quotation: None };
    step(&instance, Role::CustomerManager, customer, number, &declined).unwrap();
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    instance.at("2026-08-03T09:00");
    close_before_june(&instance, customer);
    for month in [6, 7] {
        assert!(extras(&instance, customer, date(2026, month, 1)).is_empty(), "{month}");
    }
}

/// The contract year begins on 1 March: a visit of the year before is billed in the month it is agreed in.
#[test]
fn a_price_agreed_after_the_end_of_the_year_is_billed_in_the_new_one() {
    let instance = Instance::new(79);
    let customer = signed(&instance, "atelier");
    instance.at("2027-02-27T09:00");
    let number = fifth_visit(&instance, customer);
    instance.at("2027-04-02T09:00");
    step(&instance, Role::CustomerManager, customer, number, &agree(VISIT)).unwrap();
    let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let lines = instance.app().money(&see, None).unwrap().running.value.lines.into_iter().map(|l| l.value);
    assert_eq!(lines.filter(|l| l.clause == "visites").map(|l| l.net).sum::<Money>(), VISIT);
}

/// A quotation is billed at its own price, with or without an operation of the contract.
#[test]
fn an_agreed_quotation_is_billed_as_it_was_agreed() {
    let instance = Instance::new(80);
    let customer = signed(&instance, "atelier");
    let incident = OpenTicket { title: "Onduleur à changer".to_owned(), ..OpenTicket::default() };
    let fifth = fifth_visit(&instance, customer);
    let moved = instance.open(customer, &ask("move")).unwrap().number;
    let more = instance.open(customer, &incident).unwrap().number;
    for (number, price) in [(fifth, Money::eur(8_000)), (moved, QUOTED), (more, Money::eur(31_000))] {
        step(&instance, Role::ServiceManager, customer, number, &quote(price, None)).unwrap();
        step(&instance, Role::CustomerManager, customer, number, &answer(&instance, customer, number))
            .unwrap();
        step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    }
    instance.at("2026-07-03T09:00");
    close_before_june(&instance, customer);
    let billed = extras(&instance, customer, date(2026, 6, 1));
    let nets: Vec<Money> = billed.iter().map(|(_, net)| *net).collect();
    assert_eq!(nets, [Money::eur(8_000), QUOTED, Money::eur(31_000)], "{billed:?}");
    assert_eq!((billed[0].0.as_str(), billed[2].0.as_str()), ("visites", "quotation"));
}

/// Two quotations at the same price are two offers: an answer to the first is not one to the second.
#[test]
fn an_answer_names_the_quotation_it_answers() {
    let instance = Instance::new(81);
    let customer = signed(&instance, "atelier");
    let number = instance.open(customer, &ask("move")).unwrap().number;
    step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, None)).unwrap();
    let first = answer(&instance, customer, number);
    let declined = StepCommand::DeclinePrice { why: "Trop cher".to_owned(), quotation: quotation(&first) };
    step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, None)).unwrap();
    for stale in [first, agree(QUOTED), declined] {
        let refusal = refused(step(&instance, Role::CustomerManager, customer, number, &stale));
        assert_eq!(refusal.code, "price.changed", "{stale:?}");
    }
    step(&instance, Role::CustomerManager, customer, number, &answer(&instance, customer, number)).unwrap();
    assert_eq!(standing(&instance, customer, number), Agreement::Agreed { price: QUOTED });
}

#[test]
fn what_the_fee_pays_asks_for_nothing_until_a_quotation_is_made() {
    let instance = Instance::new(76);
    let customer = signed(&instance, "atelier");
    let open = || instance.open(customer, &ask("user_support")).unwrap().number;
    let (plain, more) = (open(), open());
    let nothing = refused(step(&instance, Role::CustomerManager, customer, plain, &agree(VISIT)));
    assert_eq!(nothing.code, "price.nothing");
    step(&instance, Role::Technician, customer, plain, &resolve()).unwrap();

    step(&instance, Role::ServiceManager, customer, more, &quote(QUOTED, None)).unwrap();
    let waits = refused(step(&instance, Role::Technician, customer, more, &resolve()));
    assert_eq!(waits.code, "price.awaited");
    let asked = quotation(&answer(&instance, customer, more));
    let declined = StepCommand::DeclinePrice { why: "Sans l'option".to_owned(), quotation: asked };
    step(&instance, Role::CustomerManager, customer, more, &declined).unwrap();
    assert_eq!(standing(&instance, customer, more), Agreement::NotNeeded);
    step(&instance, Role::Technician, customer, more, &resolve()).unwrap();
}

/// Waiting for an answer stops no clock: only a reason that the contract lists does.
#[test]
fn the_clocks_run_while_an_answer_is_awaited() {
    let instance = Instance::new(77);
    let customer = signed(&instance, "atelier");
    let incident =
        OpenTicket { title: "Panne".to_owned(), priority: Some("P2".to_owned()), ..OpenTicket::default() };
    let number = instance.open(customer, &incident).unwrap().number;
    let due = || {
        let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
        let page = instance.app().ticket(&see, number).unwrap();
        page.clocks.iter().map(|c| (c.value.promise, c.value.due, c.value.stopped)).collect::<Vec<_>>()
    };
    let before = due();
    step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, None)).unwrap();
    instance.at("2026-06-16T11:00");
    step(&instance, Role::CustomerManager, customer, number, &answer(&instance, customer, number)).unwrap();
    assert_eq!(due(), before);
}

/// The list looks at the tickets that ask, and at no other: it must give what each ticket's page says.
#[test]
fn the_answers_awaited_are_those_of_the_tickets_that_ask() {
    let instance = Instance::new(78);
    let customer = signed(&instance, "atelier");
    let manager = instance.someone(Role::CustomerManager, customer);
    let awaited = || {
        let see = manager.permit(Act::SeeTickets, customer).unwrap();
        instance.app().awaited(&see).unwrap().iter().map(|one| one.number).collect::<Vec<_>>()
    };
    let visit = fifth_visit(&instance, customer);
    let quoted = instance.open(customer, &ask("on_site_visit")).unwrap().number;
    let incident =
        OpenTicket { title: "Panne".to_owned(), priority: Some("P2".to_owned()), ..OpenTicket::default() };
    let paid = instance.open(customer, &incident).unwrap().number;
    let asked =
        || (1..=paid).filter(|n| matches!(standing(&instance, customer, *n), Agreement::Awaited { .. }));
    assert_eq!(awaited(), asked().collect::<Vec<_>>());
    assert!(awaited().contains(&visit) && !awaited().contains(&paid));

    // A quotation on what the fee pays asks too; what was declined asks no more.
    step(&instance, Role::ServiceManager, customer, paid, &quote(QUOTED, None)).unwrap();
    assert!(awaited().contains(&paid));
    let no = StepCommand::DeclinePrice { why: "Non".to_owned(), quotation: None };
    step(&instance, Role::CustomerManager, customer, quoted, &no).unwrap();
    assert!(!awaited().contains(&quoted));
    let mut numbers = awaited();
    numbers.sort_unstable();
    assert_eq!(numbers, asked().collect::<Vec<_>>());
}

/// What the contract excludes is asked for on a quotation: the same road as work that it says is quoted.
#[test]
fn what_is_excluded_waits_for_a_quotation_when_it_is_asked_for() {
    let instance = Instance::new(79);
    let customer = signed(&instance, "atelier");
    let excluded = ask("erp_development");
    let refusal = refused(instance.open(customer, &excluded).map(drop));
    assert_eq!(refusal.code, "perimeter.refused");
    let item = OpenTicket {
        item_class: Some("cnc_machine".to_owned()),
        title: "Automate en panne".to_owned(),
        on_quote: true,
        ..OpenTicket::default()
    };
    let opened = instance.open(customer, &item).unwrap();
    assert_eq!((opened.coverage.as_str(), opened.admission.as_str()), ("out", "needs_quote"));
    let opened = instance.open(customer, &OpenTicket { on_quote: true, ..excluded }).unwrap();
    let labels: Vec<&str> =
        opened.reasons.iter().filter_map(|r| r.cites.as_ref()).map(|from| from.label.as_str()).collect();
    assert!(labels.contains(&"developpement-erp"), "{labels:?}");
    let number = opened.number;
    assert_eq!(standing(&instance, customer, number), Agreement::QuoteAwaited);

    let enter = instance.permit(Role::Technician, Act::EnterTime, customer);
    let told = TellTime {
        minutes: 10,
        started: None,
        kind: events::WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    };
    instance.at("2026-06-16T17:00");
    let time = || instance.app().enter_time(&enter, &instance.key(), number, &told);
    assert_eq!(refused(time().map(drop)).code, "price.quote");
    let work = refused(step(&instance, Role::Technician, customer, number, &resolve()));
    assert_eq!(work.code, "price.quote");
    step(&instance, Role::ServiceManager, customer, number, &quote(QUOTED, None)).unwrap();
    step(&instance, Role::CustomerManager, customer, number, &answer(&instance, customer, number)).unwrap();
    assert_eq!(time().unwrap().paid_by, events::PaidBy::AgreedPrice);
    step(&instance, Role::Technician, customer, number, &resolve()).unwrap();
    let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let page = instance.app().money(&see, None).unwrap();
    assert!(
        page.running
            .value
            .lines
            .iter()
            .any(|l| l.value.net == QUOTED && l.value.tickets == [number.to_string()]),
        "{:?}",
        page.running.value.lines
    );
    assert!(instance.app().verify_journals(None).unwrap().iter().all(|log| log.sound));
}

/// What is no item nor operation of the customer's stays refused, asked for on a quotation or not.
#[test]
fn what_the_contract_does_not_know_is_not_quoted() {
    let instance = Instance::new(80);
    let customer = signed(&instance, "atelier");
    let unknown = [
        OpenTicket {
            item: Some("srv-inconnu".to_owned()),
            title: "Panne".to_owned(),
            ..OpenTicket::default()
        },
        ask("moon_landing"),
    ];
    for ask in unknown {
        let refusal = refused(instance.open(customer, &OpenTicket { on_quote: true, ..ask }).map(drop));
        assert_eq!(refusal.code, "perimeter.refused");
    }
}
