//! Work at a rate: a maximum agreed to before any time, and the time that was approved on the invoice of one month;
//! and the tickets that a line of calls leads to.

use app::call::RecordCall;
use app::ticket::{OpenTicket, StepCommand};
use app::time::{Entered, Settling, TellTime};
use app::{Act, AppError, Refusal, Role};
use base::Money;
use base::id::CustomerId;
use engines::billing::{InvoiceLine, LineKind};
use engines::perimeter::price::Agreement;
use events::{PaidBy, WeekState, WorkKind};
use jiff::civil::{Date, date};
use terms::rates::RateHours;
use testkit::Instance;

const MOST: Money = Money::eur(30_000);
const WEEK: Date = date(2026, 6, 15);

/// Contract A, where moves are paid by the time spent of an engineer: 620.00 for 7 h 30, by 15 minutes.
fn signed(instance: &Instance) -> CustomerId {
    signed_by(instance, "atelier")
}

fn signed_by(instance: &Instance, slug: &str) -> CustomerId {
    let quoted = "title = \"Déménagement de postes ou de locaux\", terms = \"quoted\"";
    let at_rate = quoted.replace("\"quoted\"", "\"at_rate\", profile = \"engineer\", up_to = \"300.00 EUR\"");
    let text = include_str!("../../../contracts/ateliers-garonne.md");
    assert!(text.contains(quoted));
    let customer = instance.customer(slug);
    instance.sign(customer, "contracts/ateliers-garonne.md", &text.replace(quoted, &at_rate)).unwrap();
    instance.at("2026-06-16T09:00");
    customer
}

fn opened(instance: &Instance, customer: CustomerId) -> u64 {
    let ask = OpenTicket {
        title: "Trois postes à déplacer".to_owned(),
        kind: Some("service_request".to_owned()),
        operation: Some("move".to_owned()),
        ..OpenTicket::default()
    };
    let number = instance.open(customer, &ask).unwrap().number;
    instance.at("2026-06-16T17:00");
    number
}

fn spent(minutes: u32) -> TellTime {
    TellTime { minutes, started: None, kind: WorkKind::OnSite, hours: None, profile: None, comment: None }
}

/// Contract A, whose engineer costs twice as much on a Sunday and half as much again out of the hours of « ho ».
fn weighed(instance: &Instance) -> CustomerId {
    let quoted = "title = \"Déménagement de postes ou de locaux\", terms = \"quoted\"";
    let at_rate =
        quoted.replace("\"quoted\"", "\"at_rate\", profile = \"engineer\", up_to = \"3000.00 EUR\"");
    let lasts = "then.day_lasts = \"7 h 30 min\"\n";
    let text = include_str!("../../../contracts/ateliers-garonne.md");
    assert!(text.contains(quoted) && text.contains(lasts));
    let weights = "then.weights = [{ hours = \"night\", outside = \"heures-assistance\", weight = \"1.5\" }, { hours = \"sunday\", weight = \"2\" }]\n";
    let text = text.replace(quoted, &at_rate).replace(lasts, &format!("{lasts}{weights}"));
    let customer = instance.customer("atelier");
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    customer
}

#[test]
fn the_instant_at_which_the_work_began_says_its_hours() {
    let instance = Instance::new(61);
    let customer = weighed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    instance.at("2026-06-22T09:46");
    let begun = |at: &str, hours| TellTime {
        started: Some(format!("{at}:00+02:00").parse().unwrap()),
        hours,
        ..spent(30)
    };
    let told = |told: &TellTime| enter(&instance, customer, number, told).unwrap();
    let day = told(&begun("2026-06-17T14:00", None));
    assert_eq!((day.hours, day.worth), (Some(RateHours::Ordinary), Some(Money::eur(4_133))));
    let night = told(&begun("2026-06-17T21:30", None));
    assert_eq!((night.hours, night.worth), (Some(RateHours::Night), Some(Money::eur(6_200))));
    assert!(cited(&night.reasons).contains(&"tarif-ingenieur"), "{:?}", night.reasons);
    // A Sunday is out of those hours too: the greatest applies, alone.
    let sunday = told(&begun("2026-06-21T14:00", Some(RateHours::Sunday)));
    assert_eq!((sunday.hours, sunday.worth), (Some(RateHours::Sunday), Some(Money::eur(8_267))));
    // The audit's Tuesday morning.
    for (at, hours) in [("2026-06-17T09:46", RateHours::Sunday), ("2026-06-17T21:30", RateHours::Ordinary)] {
        let refusal = refused(enter(&instance, customer, number, &begun(at, Some(hours))));
        assert_eq!(refusal.code, "time.hours");
        assert_eq!(cited(&refusal.reasons), ["tarif-ingenieur"]);
    }
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, number).unwrap();
    assert_eq!(page.hours, app::time::Hours::ByContract(Vec::new()), "nothing is left to be chosen");
    assert!(page.time.iter().all(|line| line.hours.as_ref().is_ok_and(|why| why.len() == 1)));
    let sound = instance.app().verify_journals(None).unwrap();
    assert!(sound.iter().all(|log| log.sound && log.remarks.is_empty()));
}

#[test]
fn a_timer_of_the_evening_is_at_the_hours_of_the_evening() {
    let instance = Instance::new(62);
    let customer = weighed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    instance.at("2026-06-17T22:00");
    instance.app().start_timer(&permit, number).unwrap();
    instance.at("2026-06-17T22:30");
    let told = instance.app().stop_timer(&permit, &instance.key(), WorkKind::Remote, None, None).unwrap();
    assert_eq!((told.hours, told.worth), (Some(RateHours::Night), Some(Money::eur(6_200))));
}

fn enter(
    instance: &Instance,
    customer: CustomerId,
    number: u64,
    told: &TellTime,
) -> Result<Entered, AppError> {
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    instance.app().enter_time(&permit, &instance.key(), number, told)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Refusal {
    match answer {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

fn cited(reasons: &[base::Reason]) -> Vec<&str> {
    reasons.iter().filter_map(|r| r.cites.as_ref()).map(|from| from.label.as_str()).collect()
}

fn step(instance: &Instance, role: Role, customer: CustomerId, number: u64, command: &StepCommand) {
    let permit = instance.permit(role, command.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, command, None).unwrap();
}

/// The customer's manager agrees to the maximum that is asked, and which.
fn agree(instance: &Instance, customer: CustomerId, number: u64) -> Money {
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, number).unwrap();
    let Agreement::Awaited { price, .. } = page.price.value else { panic!("{:?}", page.price.value) };
    let command = StepCommand::AgreePrice { price, quotation: page.quotation, reference: None };
    step(instance, Role::CustomerManager, customer, number, &command);
    price
}

fn approve(instance: &Instance) {
    let tech = instance.staff(Role::Technician);
    instance.app().submit_week(&tech.permit_instance(Act::EnterTime).unwrap(), WEEK).unwrap();
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&theirs, tech.account, WEEK, Settling::Approve).unwrap();
}

fn reopen(instance: &Instance) -> Result<(), AppError> {
    let tech = instance.staff(Role::Technician);
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&theirs, tech.account, WEEK, Settling::Reopen("Un oubli"))
}

fn running(instance: &Instance, customer: CustomerId) -> Vec<InvoiceLine> {
    let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
    let lines = instance.app().money(&see, None).unwrap().running.value.lines.into_iter().map(|l| l.value);
    lines.filter(|l| l.kind == LineKind::Extra).collect()
}

/// What closing a month bills beyond the fees.
fn closed(instance: &Instance, customer: CustomerId, month: i8) -> Vec<Money> {
    let close = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let closing = instance.app().close_month(&close, &instance.key(), None, date(2026, month, 1)).unwrap();
    let lines = closing.statement.value.lines.into_iter().map(|l| l.value);
    lines.filter(|l| l.kind == LineKind::Extra).map(|l| l.net).collect()
}

fn close_before_june(instance: &Instance, customer: CustomerId) {
    for month in [3, 4, 5] {
        assert!(closed(instance, customer, month).is_empty());
    }
}

#[test]
fn time_waits_for_the_agreement_stays_under_the_maximum_and_is_billed_once_approved() {
    let instance = Instance::new(91);
    let customer = signed(&instance);
    let number = opened(&instance, customer);
    let before = refused(enter(&instance, customer, number, &spent(40)));
    assert_eq!(
        (before.code.as_str(), &cited(&before.reasons)[..2]),
        ("price.awaited", &["demenagements", "tarif-ingenieur"][..])
    );
    assert_eq!(agree(&instance, customer, number), MOST);

    let first = enter(&instance, customer, number, &spent(40)).unwrap();
    let told = (first.paid_by, first.counted, first.worth);
    assert_eq!(told, (PaidBy::Rate, 45, Some(Money::eur(6_200))));
    let other = TellTime { profile: Some("technician".to_owned()), ..spent(40) };
    let other = enter(&instance, customer, number, &other);
    assert!(matches!(&other, Err(AppError::Invalid(i)) if i.field == "profile"), "{other:?}");
    enter(&instance, customer, number, &spent(165)).unwrap();
    let passed = refused(enter(&instance, customer, number, &spent(15)));
    assert_eq!((passed.code.as_str(), cited(&passed.reasons)), ("time.maximum", vec!["demenagements"]));

    // A correction changes the charge: 41.33, 227.33 and 20.67 fit.
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    let entry = (number, first.entry);
    let less =
        instance.app().correct_time(&permit, &instance.key(), entry, &spent(30), "Trop compté").unwrap();
    assert_eq!(less.worth, Some(Money::eur(4_133)));
    enter(&instance, customer, number, &spent(15)).unwrap();
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, number).unwrap();
    let told = &page.price.reasons.last().unwrap().text.fr;
    assert!(
        told.contains("289,33") && told.contains("300,00"),
        "the customer reads what it comes to: {told}"
    );

    // More than the maximum waits for another agreement.
    refused(enter(&instance, customer, number, &spent(15)));
    let body = "Un quatrième poste".to_owned();
    let more = StepCommand::Quote { price: Money::eur(50_000), until: None, body };
    step(&instance, Role::ServiceManager, customer, number, &more);
    // Meanwhile work goes on within the one agreed to, and the customer reads both.
    assert_eq!(refused(enter(&instance, customer, number, &spent(15))).code, "time.maximum");
    let entry = (number, first.entry);
    let correct = |minutes, why| {
        instance.app().correct_time(&permit, &instance.key(), entry, &spent(minutes), why).unwrap()
    };
    correct(15, "Compté deux fois");
    assert_eq!(correct(30, "Une fois, au contraire").worth, Some(Money::eur(4_133)));
    let page = instance.app().ticket(&see, number).unwrap();
    assert!(page.allows_work() && matches!(page.price.value, Agreement::Awaited { .. }));
    assert!(page.price.reasons.last().unwrap().text.fr.contains("289,33"));
    let restore = StepCommand::Restore { workaround: false, note: "Posé".to_owned(), diagnosis: None };
    step(&instance, Role::Technician, customer, number, &restore);
    assert_eq!(agree(&instance, customer, number), Money::eur(50_000));
    enter(&instance, customer, number, &spent(15)).unwrap();

    assert!(running(&instance, customer).is_empty(), "nothing before the week is approved");
    approve(&instance);
    let [line] = &running(&instance, customer)[..] else { panic!("one line") };
    let told = (line.clause.as_str(), line.net, line.tickets.clone());
    assert_eq!(told, ("tarif-ingenieur", Money::eur(31_000), vec![number.to_string()]));
}

#[test]
fn time_approved_before_its_month_closes_is_billed_in_it_and_its_week_reopens_no_more() {
    let instance = Instance::new(92);
    let customer = signed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    enter(&instance, customer, number, &spent(45)).unwrap();
    instance.at("2026-07-06T09:00");
    approve(&instance);
    reopen(&instance).unwrap();
    approve(&instance);
    instance.at("2026-08-03T09:00");
    close_before_june(&instance, customer);
    assert_eq!(closed(&instance, customer, 6), [Money::eur(6_200)]);
    let billed = refused(reopen(&instance));
    assert_eq!((billed.code.as_str(), cited(&billed.reasons)), ("time.billed", vec!["demenagements"]));
    assert!(billed.text.fr.contains(&format!("sur le ticket {number}")), "{:?}", billed.text);
    assert!(closed(&instance, customer, 7).is_empty(), "not twice");
}

#[test]
fn time_approved_after_its_month_closed_is_billed_in_the_next_to_close() {
    let instance = Instance::new(93);
    let customer = signed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    enter(&instance, customer, number, &spent(45)).unwrap();
    instance.at("2026-07-03T09:00");
    close_before_june(&instance, customer);
    assert!(closed(&instance, customer, 6).is_empty());
    instance.at("2026-07-06T09:00");
    approve(&instance);
    reopen(&instance).unwrap();
    approve(&instance);
    assert_eq!(running(&instance, customer).iter().map(|l| l.net).sum::<Money>(), Money::eur(6_200));
    instance.at("2026-08-03T09:00");
    assert_eq!(closed(&instance, customer, 7), [Money::eur(6_200)]);
    assert_eq!(refused(reopen(&instance)).code, "time.billed");
}

#[test]
fn a_sheet_of_which_one_part_was_billed_is_reopened_for_nobody() {
    let instance = Instance::new(94);
    let customers = ["atelier", "moulin", "verger"].map(|slug| {
        instance.at("2026-06-16T09:00");
        let customer = signed_by(&instance, slug);
        let number = opened(&instance, customer);
        agree(&instance, customer, number);
        enter(&instance, customer, number, &spent(45)).unwrap();
        customer
    });
    instance.at("2026-08-03T09:00");
    approve(&instance);
    close_before_june(&instance, customers[1]);
    assert_eq!(closed(&instance, customers[1], 6), [Money::eur(6_200)]);
    assert_eq!(refused(reopen(&instance)).code, "time.billed");
    // The parts before it, and after it, are approved still.
    let theirs = instance.staff(Role::Technician).permit_instance(Act::EnterTime).unwrap();
    assert_eq!(instance.app().week(&theirs, None, WEEK).unwrap().state, Some(WeekState::Approved));
}

/// Whichever is written first: a clock that is set back, or an approval that began before a closing and ended
/// after it, sends time to no month and to two of them otherwise.
#[test]
fn time_is_billed_in_one_month_whatever_the_clock_says() {
    for approved_first in [true, false] {
        let instance = Instance::new(95);
        let customer = signed(&instance);
        let number = opened(&instance, customer);
        agree(&instance, customer, number);
        enter(&instance, customer, number, &spent(45)).unwrap();
        instance.at("2026-08-03T09:00");
        close_before_june(&instance, customer);
        let (june, july) = match approved_first {
            true => {
                approve(&instance);
                instance.at("2026-08-03T08:00");
                (closed(&instance, customer, 6), closed(&instance, customer, 7))
            }
            false => {
                let june = closed(&instance, customer, 6);
                instance.at("2026-08-03T08:00");
                approve(&instance);
                (june, closed(&instance, customer, 7))
            }
        };
        assert_eq!([june, july].concat(), [Money::eur(6_200)], "approved first: {approved_first}");
        assert_eq!(refused(reopen(&instance)).code, "time.billed");
    }
}

#[test]
fn a_maximum_is_never_agreed_to_below_what_the_time_has_come_to() {
    let instance = Instance::new(96);
    let customer = signed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    enter(&instance, customer, number, &spent(90)).unwrap();
    let quote = |price| {
        let command = StepCommand::Quote { price, until: None, body: "Moins que prévu".to_owned() };
        let permit = instance.permit(Role::ServiceManager, Act::MakeQuote, customer);
        instance.app().step_ticket(&permit, &instance.key(), number, &command, None)
    };
    let below = refused(quote(Money::eur(12_399)));
    assert_eq!((below.code.as_str(), cited(&below.reasons)), ("price.spent", vec!["demenagements"]));
    assert!(below.reasons[0].text.fr.contains("124,00"), "{:?}", below.reasons);
    quote(Money::eur(15_000)).unwrap();
    // It may be agreed to at any time: nothing passes it meanwhile.
    assert_eq!(refused(enter(&instance, customer, number, &spent(30))).code, "time.maximum");
    enter(&instance, customer, number, &spent(15)).unwrap();
    assert_eq!(agree(&instance, customer, number), Money::eur(15_000));
}

#[test]
fn a_correction_counts_its_entry_once_under_a_lowered_maximum() {
    let instance = Instance::new(99);
    let customer = signed(&instance);
    let number = opened(&instance, customer);
    agree(&instance, customer, number);
    let first = enter(&instance, customer, number, &spent(90)).unwrap();
    enter(&instance, customer, number, &spent(15)).unwrap();
    // 124.00 and 20.67 are spent; 150.00 waits for its answer, and nothing passes it meanwhile.
    let body = "Moins que prévu".to_owned();
    let lower = StepCommand::Quote { price: Money::eur(15_000), until: None, body };
    step(&instance, Role::ServiceManager, customer, number, &lower);
    let permit = instance.permit(Role::Technician, Act::EnterTime, customer);
    let correct = |minutes| {
        let entry = (number, first.entry);
        instance.app().correct_time(&permit, &instance.key(), entry, &spent(minutes), "Relu")
    };
    assert_eq!(correct(75).unwrap().worth, Some(Money::eur(10_333)));
    assert_eq!(correct(90).unwrap().worth, Some(Money::eur(12_400)));
    instance.at("2026-06-16T18:30");
    assert_eq!(refused(correct(105)).code, "time.maximum");
    assert_eq!(agree(&instance, customer, number), Money::eur(15_000));
    assert_eq!(correct(0).unwrap().worth, Some(Money::eur(0)), "withdrawn");
    approve(&instance);
    assert_eq!(running(&instance, customer).iter().map(|l| l.net).collect::<Vec<_>>(), [Money::eur(2_067)]);
}

/// The hotline of contract B is 30 hours a quarter, then by the hour: the line names the tickets called about.
#[test]
fn hours_beyond_the_hotline_lead_to_the_tickets_of_their_calls() {
    let instance = Instance::new(98);
    let customer = instance.customer("lumen");
    let text = include_str!("../../../contracts/lumen-edition.md");
    instance.sign(customer, "contracts/lumen-edition.md", text).unwrap();
    instance.at("2026-11-02T10:00");
    let ask = OpenTicket { title: "Reprise de notices".to_owned(), ..OpenTicket::default() };
    let ask = OpenTicket { kind: Some("functional_support".to_owned()), ..ask };
    let [first, second] = [(); 2].map(|()| instance.open(customer, &ask).unwrap().number);
    let by = instance.permit(Role::Technician, Act::RecordCall, customer);
    for (day, about) in (5..).zip([Some(first), Some(second), Some(second), None]) {
        instance.at(&format!("2026-11-{day:02}T10:00"));
        let ask = RecordCall { minutes: 20 * 60, ticket: about, contract: None, at: None };
        instance.app().record_call(&by, &instance.key(), &ask).unwrap();
    }
    let [line] = &running(&instance, customer)[..] else { panic!("one line") };
    assert_eq!((line.clause.as_str(), &line.tickets), ("assistance", &vec![second.to_string()]));
}
