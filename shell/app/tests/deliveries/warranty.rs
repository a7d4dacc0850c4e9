//! A defect of a delivery under contract B: free while it is accepted and for three months after (article 23),
//! on the ordinary terms of the contract later.

use app::call::RecordCall;
use app::ticket::{NewTie, Tie};
use app::time::{Settling, TellTime};
use engines::delivery::Warranty;
use engines::perimeter::price::Agreement;
use events::{PaidBy, WorkKind};

use super::*;

/// Accepted by silence with the end of 9 December 2026: under warranty to the end of 10 March 2027.
fn delivered(instance: &Instance, customer: CustomerId) -> u64 {
    let number = opened(instance, customer, "evolutive");
    estimate(instance, customer, number, &[("S", 1)]).unwrap();
    order(instance, customer, number).unwrap();
    instance.at("2026-11-09T10:00");
    present(instance, customer, number).unwrap();
    decide(instance, customer, number, ("VABF", Verdict::Accepted)).unwrap();
    for (need, there) in page(instance, customer, number).delivery.unwrap().standing.needs {
        if !there {
            let reference = "Procès-verbal".to_owned();
            act(instance, Role::Developer, customer, number, DeliveryCommand::Show { need, reference })
                .unwrap();
        }
    }
    act(instance, Role::Technician, customer, number, DeliveryCommand::Produce).unwrap();
    number
}

/// A restoration asked for: two are included each month, the next are billed.
fn ask(delivery: Option<u64>) -> OpenTicket {
    OpenTicket {
        title: "Réserver efface la liste de lecture".to_owned(),
        kind: Some("corrective".to_owned()),
        level: Some("minor".to_owned()),
        operation: Some("library_restore".to_owned()),
        tie: delivery.map(|ticket| NewTie { tie: Tie::DefectOf, ticket }),
        ..OpenTicket::default()
    }
}

fn stands(instance: &Instance, customer: CustomerId, number: u64) -> (Option<Warranty>, Agreement, bool) {
    let page = page(instance, customer, number);
    let cited = page.price.cited().iter().any(|from| from.label == "recette");
    (page.defect.map(|defect| defect.warranty.value), page.price.value, cited)
}

fn tie(instance: &Instance, customer: CustomerId, number: u64, delivery: u64) -> Result<(), AppError> {
    let command = StepCommand::Link { tie: Tie::DefectOf, ticket: delivery };
    instance.step(customer, number, &command).map(drop)
}

#[test]
fn a_defect_found_under_warranty_is_mended_for_nothing_and_the_invoice_says_so() {
    let instance = Instance::new(811);
    let customer = signed(&instance);
    let delivery = delivered(&instance, customer);
    // While it is verified: part of what was ordered. Whoever finds it says of which delivery.
    let during = instance.open(customer, &ask(Some(delivery))).unwrap().number;
    assert_eq!(stands(&instance, customer, during), (Some(Warranty::Accepting), Agreement::NotNeeded, true));

    instance.at("2027-01-04T10:00");
    let until = page(&instance, customer, delivery).delivery.unwrap().standing.warranty_until.unwrap();
    let under = Warranty::Under { until };
    // Two restorations are the month's; a third would be billed.
    for _ in 0..2 {
        instance.open(customer, &ask(None)).unwrap();
    }
    let third = instance.open(customer, &ask(None)).unwrap();
    let price = third.price.expect("beyond the two of the month");
    assert_eq!(stands(&instance, customer, third.number).1, Agreement::Awaited { price, until: None });
    let by = instance.permit(Role::CustomerManager, Act::AgreePrice, customer);
    let agree = StepCommand::AgreePrice { price, quotation: None, reference: None };
    instance.app().step_ticket(&by, &instance.key(), third.number, &agree, None).unwrap();
    // The technician sees that it is a defect of what was delivered: nothing is asked any more.
    tie(&instance, customer, third.number, delivery).unwrap();
    assert_eq!(stands(&instance, customer, third.number), (Some(under), Agreement::NotNeeded, true));
    let quote = StepCommand::Quote { price: Money::eur(9_000), until: None, body: "Un devis".to_owned() };
    let by = instance.permit(Role::ServiceManager, Act::MakeQuote, customer);
    let quoted = instance.app().step_ticket(&by, &instance.key(), third.number, &quote, None).map(drop);
    assert_eq!(refused(quoted), ("price.warranty".to_owned(), Some("recette".to_owned())));

    // Neither the time nor the call draws on anything.
    instance.at("2027-01-04T14:00");
    let spent = TellTime {
        started: None,
        minutes: 30,
        kind: WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    };
    let by = instance.permit(Role::Technician, Act::EnterTime, customer);
    let entered = instance.app().enter_time(&by, &instance.key(), third.number, &spent).unwrap();
    assert_eq!(entered.paid_by, PaidBy::Warranty);
    assert_eq!(entered.reasons[0].cites.as_ref().unwrap().label, "recette");
    let call = |ticket| RecordCall { minutes: 40, ticket: Some(ticket), contract: None, at: None };
    let by = instance.permit(Role::Technician, Act::RecordCall, customer);
    let free = instance.app().record_call(&by, &instance.key(), &call(third.number)).unwrap();
    assert_eq!((free.counted, free.left, free.price), (0, 30 * 60, None));
    assert_eq!(free.reasons[0].cites.as_ref().unwrap().label, "recette");
    let other = opened(&instance, customer, "functional_support");
    let counted = instance.app().record_call(&by, &instance.key(), &call(other)).unwrap();
    assert_eq!((counted.counted, counted.left), (45, 30 * 60 - 45));

    // The next restoration of the month is the third counted, and is priced: the free one took nothing.
    let fourth = instance.open(customer, &ask(None)).unwrap();
    assert_eq!(fourth.price, Some(price));

    instance.at("2027-02-02T09:00");
    let closed = [9, 10, 11, 12].map(|month| date(2026, month, 1)).into_iter().chain([date(2027, 1, 1)]);
    let by = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let closed = closed.map(|month| instance.app().close_month(&by, &instance.key(), None, month).unwrap());
    let january = closed.last().unwrap().statement.value;
    let shown = january.lines.iter().find(|line| line.value.tickets == [third.number.to_string()]).unwrap();
    assert_eq!((shown.value.net, shown.value.unit_price), (Money::eur(0), Money::eur(0)));
    assert!(shown.value.title.fr.ends_with("sous garantie"), "{:?}", shown.value.title);
    assert!(shown.cited().iter().any(|from| from.label == "recette"), "{:?}", shown.reasons);
    instance.finish();
}

/// Restorations being paid by the time spent, some is entered before the technician sees that it mends a delivery.
#[test]
fn time_spent_at_a_rate_is_not_billed_once_its_ticket_is_tied_to_a_delivery_under_warranty() {
    let metered = "then.terms = \"metered\"\nthen.included_per_month = 2\nthen.then_price = \"85.00 EUR\"";
    let at_rate = "then.terms = \"at_rate\"\nthen.profile = \"engineer\"\nthen.up_to = \"300.00 EUR\"";
    let instance = Instance::new(815);
    let customer = signed_as(&instance, |text| {
        assert!(text.contains(metered));
        let said = "est comprise dans la limite de {{ op-restauration.included_per_month }} par mois, puis facturée {{ op-restauration.then_price }} chacune";
        assert!(text.contains(said));
        text.replace(metered, at_rate).replace(said, "est facturée au temps passé")
    });
    let delivery = delivered(&instance, customer);
    instance.at("2027-01-04T10:00");
    let number = instance.open(customer, &ask(None)).unwrap().number;
    let agree = StepCommand::AgreePrice { price: Money::eur(30_000), quotation: None, reference: None };
    let by = instance.permit(Role::CustomerManager, Act::AgreePrice, customer);
    instance.app().step_ticket(&by, &instance.key(), number, &agree, None).unwrap();
    instance.at("2027-01-04T14:00");
    let spent = TellTime {
        started: None,
        minutes: 60,
        kind: WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    };
    let by = instance.permit(Role::Technician, Act::EnterTime, customer);
    let entered = instance.app().enter_time(&by, &instance.key(), number, &spent).unwrap();
    assert_eq!((entered.paid_by, entered.worth), (PaidBy::Rate, Some(Money::eur(9_714))));
    let tech = instance.staff(Role::Technician);
    let week = date(2027, 1, 4);
    instance.app().submit_week(&tech.permit_instance(Act::EnterTime).unwrap(), week).unwrap();
    let theirs = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
    instance.app().settle_week(&theirs, tech.account, week, Settling::Approve).unwrap();
    let line = || {
        let see = instance.permit(Role::ServiceManager, Act::SeeMoney, customer);
        let lines = instance.app().money(&see, None).unwrap().running.value.lines;
        lines.into_iter().find(|line| line.value.tickets == [number.to_string()]).unwrap()
    };
    assert_eq!(line().value.net, Money::eur(9_714));
    tie(&instance, customer, number, delivery).unwrap();
    let free = line();
    assert_eq!((free.value.net, free.value.unit_price), (Money::eur(0), Money::eur(0)));
    assert!(free.value.title.fr.ends_with("sous garantie"), "{:?}", free.value.title);
    assert!(free.reasons[0].text.fr.contains("97,14"), "{:?}", free.reasons);
    assert!(free.cited().iter().any(|from| from.label == "recette"), "{:?}", free.reasons);
    instance.finish();
}

#[test]
fn what_was_told_free_is_not_billed_once_untied_nor_are_those_told_within_the_allowance() {
    let instance = Instance::new(815);
    let customer = signed(&instance);
    let delivery = delivered(&instance, customer);
    instance.at("2027-01-04T10:00");
    let mut asked = vec![instance.open(customer, &ask(Some(delivery))).unwrap().number];
    for _ in 0..2 {
        let within = instance.open(customer, &ask(None)).unwrap();
        assert_eq!(within.price, None);
        asked.push(within.number);
    }
    // Beyond the two of the month, mended without a word on its price since nothing was asked.
    let mended = instance.open(customer, &ask(Some(delivery))).unwrap().number;
    let note = "Repris".to_owned();
    let done = StepCommand::Resolve { note, diagnosis: Some("Un index manquait".to_owned()) };
    instance.step(customer, mended, &done).unwrap();
    asked.push(mended);
    for number in [asked[0], mended] {
        let untie = StepCommand::Unlink { tie: Tie::DefectOf, ticket: delivery };
        instance.step(customer, number, &untie).unwrap();
    }

    instance.at("2027-02-02T09:00");
    let by = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let months = [9, 10, 11, 12].map(|month| date(2026, month, 1)).into_iter().chain([date(2027, 1, 1)]);
    let closed = months.map(|month| instance.app().close_month(&by, &instance.key(), None, month).unwrap());
    let january = closed.last().unwrap().statement.value;
    for number in asked {
        let billed = january.lines.iter().find(|line| line.value.tickets.contains(&number.to_string()));
        assert!(billed.is_none(), "{number}: {billed:?}");
    }
    instance.finish();
}

#[test]
fn a_defect_found_after_the_warranty_follows_the_ordinary_terms_with_the_date_and_the_article() {
    let instance = Instance::new(812);
    let customer = signed(&instance);
    let delivery = delivered(&instance, customer);
    instance.at("2027-03-10T23:00");
    let late = instance.open(customer, &ask(Some(delivery))).unwrap().number;
    assert!(matches!(stands(&instance, customer, late), (Some(Warranty::Under { .. }), ..)));
    instance.at("2027-03-11T09:00");
    for _ in 0..2 {
        instance.open(customer, &ask(None)).unwrap();
    }
    let after = instance.open(customer, &ask(Some(delivery))).unwrap();
    let (warranty, price, cited) = stands(&instance, customer, after.number);
    let until = page(&instance, customer, delivery).delivery.unwrap().standing.warranty_until.unwrap();
    assert_eq!((warranty, cited), (Some(Warranty::Over { ended: until }), true));
    assert_eq!(price, Agreement::Awaited { price: after.price.unwrap(), until: None });
    let refusal = refusal(resolve(&instance, customer, after.number));
    let said = refusal.reasons.iter().find(|reason| reason.code == "warranty.over").unwrap();
    assert!(said.text.fr.contains("10 mars 2027"), "{}", said.text.fr);
    instance.finish();
}

#[test]
fn only_a_correction_of_what_was_delivered_is_a_defect_and_of_one_delivery() {
    let instance = Instance::new(813);
    let customer = signed(&instance);
    let plain = OpenTicket { operation: None, ..ask(None) };
    let before = instance.open(customer, &plain).unwrap().number;
    let asked = opened(&instance, customer, "evolutive");
    let code = |done| refused(done).0;
    assert_eq!(code(tie(&instance, customer, before, asked)), "warranty.delivery");
    let delivery = delivered(&instance, customer);
    assert_eq!(code(tie(&instance, customer, before, delivery)), "warranty.delivery", "declared before it");
    let support = opened(&instance, customer, "functional_support");
    assert_eq!(code(tie(&instance, customer, support, delivery)), "warranty.kind");
    instance.at("2027-01-04T10:00");
    let defect = instance.open(customer, &OpenTicket { operation: None, ..ask(Some(delivery)) }).unwrap();
    assert_eq!(code(tie(&instance, customer, defect.number, delivery)), "link.exists");
    // What is untied was no defect of it.
    let untie = StepCommand::Unlink { tie: Tie::DefectOf, ticket: delivery };
    instance.step(customer, defect.number, &untie).unwrap();
    assert!(page(&instance, customer, defect.number).defect.is_none());
    // The customer's people tie nothing else.
    let other = Some(NewTie { tie: Tie::Relates, ticket: delivery });
    let tied = instance.open(customer, &OpenTicket { tie: other, ..plain });
    assert!(matches!(tied, Err(AppError::Invalid(invalid)) if invalid.field == "tie"));
    instance.finish();
}

/// The calendar has the last day, of which the contacts are told twice.
#[test]
fn the_last_day_of_a_warranty_is_dated_and_told_ahead() {
    let instance = Instance::new(814);
    let customer = signed(&instance);
    let delivery = delivered(&instance, customer);
    let manager = instance.someone(Role::CustomerManager, customer);
    let see = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    let dated = |first, next| {
        let planned = instance.app().planned(&see, first, next).unwrap();
        planned.warranties.iter().map(|(on, end, _)| (*on, end.ticket.number)).collect::<Vec<_>>()
    };
    let told = || {
        instance.app().tell_what_is_due_soon().unwrap();
        instance.app().tell_what_is_due_soon().unwrap();
        let page = instance.app().notifications(&manager, true, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == app::mail::Notice::Deadline).count()
    };
    let march = (date(2027, 3, 1), date(2027, 4, 1));
    assert_eq!(dated(march.0, march.1), [], "its acceptance is not over");
    instance.at("2027-01-08T09:00");
    assert_eq!(dated(march.0, march.1), [(date(2027, 3, 10), delivery)]);
    assert_eq!(dated(date(2027, 3, 11), date(2027, 4, 1)), []);
    assert_eq!(told(), 0);
    instance.at("2027-01-09T09:00");
    assert_eq!(told(), 1, "sixty days ahead");
    instance.at("2027-03-01T09:00");
    assert_eq!(told(), 2, "ten days ahead");
    instance.at("2027-03-11T09:00");
    assert_eq!((told(), dated(march.0, march.1)), (2, vec![(date(2027, 3, 10), delivery)]));
    instance.finish();
}
