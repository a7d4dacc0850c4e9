//! Deliveries of maintenance under contract B: estimated in units, ordered, delivered, verified, put in
//! production, under warranty; what each article refuses, and what the month bills.

#[path = "deliveries/time.rs"]
mod time;
#[path = "deliveries/warranty.rs"]
mod warranty;

use app::ticket::awaited::Asks;
use app::ticket::delivery::DeliveryCommand;
use app::ticket::{OpenTicket, StepCommand, TicketPage};
use app::{Act, AppError, Refusal, Role};
use base::Money;
use base::fraction::Fraction;
use base::id::CustomerId;
use engines::delivery::{Piece, Stage, Verdict};
use jiff::civil::date;
use testkit::Instance;

const LUMEN: &str = "contracts/lumen-edition.md";

fn signed(instance: &Instance) -> CustomerId {
    signed_as(instance, |text| text)
}

fn signed_as(instance: &Instance, edit: impl FnOnce(String) -> String) -> CustomerId {
    let customer = instance.customer("lumen");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(LUMEN)).unwrap();
    instance.sign(customer, LUMEN, &edit(text)).unwrap();
    instance.at("2026-11-02T10:00");
    customer
}

fn opened(instance: &Instance, customer: CustomerId, kind: &str) -> u64 {
    let ask = OpenTicket {
        title: "Réserver un ouvrage depuis un téléphone".to_owned(),
        kind: Some(kind.to_owned()),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask).unwrap().number
}

fn act(
    instance: &Instance,
    role: Role,
    customer: CustomerId,
    number: u64,
    delivery: DeliveryCommand,
) -> Result<(), AppError> {
    let command = StepCommand::Delivery { delivery };
    let permit = instance.permit(role, command.act(), customer);
    instance.app().step_ticket(&permit, &instance.key(), number, &command, None).map(drop)
}

fn estimate(
    instance: &Instance,
    customer: CustomerId,
    number: u64,
    pieces: &[(&str, u32)],
) -> Result<(), AppError> {
    let pieces =
        pieces.iter().map(|(code, count)| Piece { code: (*code).to_owned(), count: *count }).collect();
    let until = Some(date(2026, 11, 30));
    let estimate = DeliveryCommand::Estimate { pieces, until, body: "Une page et deux écrans".to_owned() };
    act(instance, Role::ServiceManager, customer, number, estimate)
}

fn order(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    let estimate = page(instance, customer, number).delivery.unwrap().estimate.unwrap().entry;
    act(
        instance,
        Role::CustomerManager,
        customer,
        number,
        DeliveryCommand::Order { estimate, reference: None },
    )
}

fn present(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    let note = "Version 4.2 sur l'environnement de recette".to_owned();
    act(instance, Role::Developer, customer, number, DeliveryCommand::Present { note })
}

fn decide(
    instance: &Instance,
    customer: CustomerId,
    number: u64,
    (step, verdict): (&str, Verdict),
) -> Result<(), AppError> {
    let presented = page(instance, customer, number).delivery.unwrap().presented.unwrap_or_default();
    let note = (verdict != Verdict::Accepted).then(|| "Le bouton dépasse de l'écran".to_owned());
    let step = step.to_owned();
    let decide = DeliveryCommand::Decide { presented, step, verdict, note, reference: None };
    act(instance, Role::CustomerManager, customer, number, decide)
}

fn resolve(instance: &Instance, customer: CustomerId, number: u64) -> Result<(), AppError> {
    let command = StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None };
    instance.step(customer, number, &command).map(drop)
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn stage(instance: &Instance, customer: CustomerId, number: u64) -> Stage {
    page(instance, customer, number).delivery.unwrap().standing.stage
}

fn refusal(done: Result<(), AppError>) -> Refusal {
    match done {
        Err(AppError::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

/// The code of a refusal, and the label of the first article cited.
fn refused(done: Result<(), AppError>) -> (String, Option<String>) {
    let refusal = refusal(done);
    let cited = refusal.reasons.first().and_then(|r| r.cites.as_ref()).map(|c| c.label.clone());
    (refusal.code, cited)
}

/// The lines of work units of a month once closed, the months before it first.
fn billed(instance: &Instance, customer: CustomerId, month: i8) -> Vec<(Fraction, Money)> {
    let permit = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
    let closed = instance.app().close_month(&permit, &instance.key(), None, date(2026, month, 1)).unwrap();
    let lines = closed.statement.value.lines.into_iter().map(|l| l.value);
    let lines: Vec<_> = lines.filter(|l| l.clause == "carnet-uo").collect();
    assert!(lines.iter().all(|l| !l.tickets.is_empty()), "each line leads to the tickets that ordered it");
    lines.into_iter().map(|l| (l.quantity, l.net)).collect()
}

#[test]
fn an_evolution_goes_from_its_estimate_to_its_warranty() {
    let instance = Instance::new(801);
    let customer = signed(&instance);
    let number = opened(&instance, customer, "evolutive");
    assert_eq!(stage(&instance, customer, number), Stage::ToEstimate);
    let cited = Some("carnet-uo".to_owned());
    assert_eq!(refused(present(&instance, customer, number)), ("delivery.stage".to_owned(), cited.clone()));
    // It is not priced in money beside the book.
    let quote = StepCommand::Quote { price: Money::eur(100_000), until: None, body: "Un devis".to_owned() };
    let by = instance.permit(Role::ServiceManager, Act::MakeQuote, customer);
    let quoted = instance.app().step_ticket(&by, &instance.key(), number, &quote, None).map(drop);
    assert_eq!(refused(quoted), ("delivery.in_units".to_owned(), cited));

    estimate(&instance, customer, number, &[("S", 1), ("M", 2)]).unwrap();
    let told = page(&instance, customer, number).delivery.unwrap();
    let estimated = told.estimate.unwrap();
    assert_eq!((estimated.units, estimated.price), (Fraction::from_integer(6), Money::eur(324_000)));
    assert_eq!(told.book.unwrap().ledger.value.book.committed, Fraction::from_integer(0));
    // Nothing is done before the order: what it costs is not agreed to.
    assert_eq!(refused(resolve(&instance, customer, number)).0, "price.awaited");
    order(&instance, customer, number).unwrap();
    let told = page(&instance, customer, number).delivery.unwrap();
    assert_eq!(told.standing.stage, Stage::ToDeliver);
    assert_eq!(told.book.unwrap().ledger.value.book.committed, Fraction::from_integer(6));
    assert_eq!(
        refused(resolve(&instance, customer, number)),
        ("delivery.not_accepted".to_owned(), Some("recette".to_owned()))
    );

    instance.at("2026-11-09T10:00");
    present(&instance, customer, number).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Accepting(0));
    let produce = || act(&instance, Role::Technician, customer, number, DeliveryCommand::Produce);
    assert_eq!(refused(produce()), ("delivery.production".to_owned(), Some("recette".to_owned())));
    decide(&instance, customer, number, ("VABF", Verdict::WithReserves)).unwrap();
    let needs = page(&instance, customer, number).delivery.unwrap().standing.needs;
    for (need, _) in needs.iter().filter(|(_, there)| !there) {
        let (need, reference) = (need.clone(), "Procès-verbal du 10 novembre".to_owned());
        assert_eq!(refused(produce()).0, "delivery.production", "{need} is missing");
        act(&instance, Role::Developer, customer, number, DeliveryCommand::Show { need, reference }).unwrap();
    }
    produce().unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Accepting(1));
    // Thirty days, and the customer's silence accepts.
    instance.at("2026-12-09T23:00");
    assert_eq!(refused(resolve(&instance, customer, number)).0, "delivery.not_accepted");
    instance.at("2026-12-10T09:00");
    assert_eq!(stage(&instance, customer, number), Stage::Warranty);
    resolve(&instance, customer, number).unwrap();

    assert_eq!(billed(&instance, customer, 9), []);
    assert_eq!(billed(&instance, customer, 10), []);
    assert_eq!(billed(&instance, customer, 11), [(Fraction::from_integer(6), Money::eur(324_000))]);
    instance.at("2027-01-05T09:00");
    assert_eq!(billed(&instance, customer, 12), [], "billed once");
    instance.finish();
}

#[test]
fn a_delivery_refused_is_presented_again_and_not_counted_twice() {
    let instance = Instance::new(802);
    let customer = signed(&instance);
    let number = opened(&instance, customer, "evolutive");
    estimate(&instance, customer, number, &[("C", 1)]).unwrap();
    order(&instance, customer, number).unwrap();
    present(&instance, customer, number).unwrap();
    let first = page(&instance, customer, number).delivery.unwrap().presented.unwrap();
    decide(&instance, customer, number, ("VABF", Verdict::Refused)).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::Refused(0));
    assert_eq!(refused(decide(&instance, customer, number, ("VABF", Verdict::Accepted))).0, "delivery.stage");
    instance.at("2026-12-02T10:00");
    present(&instance, customer, number).unwrap();
    // A verdict names what it read.
    let (step, verdict) = ("VABF".to_owned(), Verdict::Accepted);
    let stale = DeliveryCommand::Decide { presented: first, step, verdict, note: None, reference: None };
    assert_eq!(refused(act(&instance, Role::CustomerManager, customer, number, stale)).0, "delivery.changed");
    // The provider writes a verdict down with where it was written, never of its own.
    let presented = page(&instance, customer, number).delivery.unwrap().presented.unwrap();
    let own = |reference: Option<&str>| DeliveryCommand::Decide {
        presented,
        step: "VABF".to_owned(),
        verdict: Verdict::Accepted,
        note: None,
        reference: reference.map(str::to_owned),
    };
    let alone = act(&instance, Role::ServiceManager, customer, number, own(None));
    assert!(matches!(alone, Err(AppError::Invalid(i)) if i.field == "reference"));
    act(&instance, Role::ServiceManager, customer, number, own(Some("Courriel du 2 décembre"))).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::ToProduction);
    instance.at("2027-01-05T09:00");
    let months = [9, 10, 11, 12].map(|month| billed(&instance, customer, month));
    assert_eq!(months[2], [(Fraction::from_integer(5), Money::eur(270_000))]);
    assert_eq!(months[3], [], "presented again without charge (23.2)");
    instance.finish();
}

#[test]
fn what_is_declined_or_withdrawn_is_neither_committed_nor_delivered() {
    let instance = Instance::new(803);
    let customer = signed(&instance);
    let number = opened(&instance, customer, "evolutive");
    let unknown = estimate(&instance, customer, number, &[("XXL", 1)]);
    assert!(
        matches!(unknown, Err(AppError::Invalid(i)) if i.field == "pieces" && i.text.fr.contains("S, M, C, TC"))
    );
    estimate(&instance, customer, number, &[("S", 1)]).unwrap();
    let read = page(&instance, customer, number).delivery.unwrap().estimate.unwrap().entry;
    estimate(&instance, customer, number, &[("S", 2)]).unwrap();
    let stale = DeliveryCommand::Order { estimate: read, reference: None };
    assert_eq!(refused(act(&instance, Role::CustomerManager, customer, number, stale)).0, "delivery.changed");
    order(&instance, customer, number).unwrap();
    // What is ordered is not estimated anew behind the customer's back.
    assert_eq!(refused(estimate(&instance, customer, number, &[("C", 1)])).0, "delivery.stage");
    let entry = page(&instance, customer, number).delivery.unwrap().estimate.unwrap().entry;
    let why = "Le besoin a disparu".to_owned();
    let withdraw = DeliveryCommand::Decline { estimate: Some(entry), why };
    act(&instance, Role::CustomerDirector, customer, number, withdraw).unwrap();
    let told = page(&instance, customer, number).delivery.unwrap();
    assert_eq!(told.standing.stage, Stage::Declined);
    assert_eq!(told.book.unwrap().ledger.value.book.committed, Fraction::from_integer(0));
    assert_eq!(refused(present(&instance, customer, number)).0, "delivery.stage");
    resolve(&instance, customer, number).unwrap();
    // Past its last day an estimate is not ordered any more.
    let late = opened(&instance, customer, "evolutive");
    estimate(&instance, customer, late, &[("S", 1)]).unwrap();
    instance.at("2026-12-01T00:00");
    assert_eq!(stage(&instance, customer, late), Stage::Lapsed);
    assert_eq!(refused(order(&instance, customer, late)).0, "delivery.stage");
    instance.finish();
}

#[test]
fn a_correction_is_delivered_and_accepted_without_units() {
    let instance = Instance::new(804);
    let customer = signed(&instance);
    let ask = OpenTicket {
        title: "Le prêt est refusé".to_owned(),
        kind: Some("corrective".to_owned()),
        level: Some("major".to_owned()),
        ..OpenTicket::default()
    };
    let number = instance.open(customer, &ask).unwrap().number;
    let told = page(&instance, customer, number).delivery.unwrap();
    assert!(told.book.is_none() && told.standing.stage == Stage::ToDeliver);
    assert_eq!(refused(estimate(&instance, customer, number, &[("S", 1)])).0, "delivery.no_book");
    present(&instance, customer, number).unwrap();
    decide(&instance, customer, number, ("VABF", Verdict::Accepted)).unwrap();
    assert_eq!(stage(&instance, customer, number), Stage::ToProduction);
    // And nothing else is delivered.
    let incident = opened(&instance, customer, "incident");
    assert!(page(&instance, customer, incident).delivery.is_none());
    assert_eq!(refused(present(&instance, customer, incident)).0, "delivery.kind");
    instance.finish();
}

/// An amendment takes effect while the work is under way: the ticket goes on as it began.
#[test]
fn a_line_renamed_since_is_billed_as_it_was_ordered() {
    let instance = Instance::new(805);
    let customer = signed(&instance);
    let number = opened(&instance, customer, "evolutive");
    estimate(&instance, customer, number, &[("M", 2)]).unwrap();
    order(&instance, customer, number).unwrap();
    let amendment = "+++\namends = \"CTR-2026-002\"\neffective = 2026-11-16\nsigned = 2026-11-02\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Avenant n° 1\n\n## Article 22 – Carnet d'unités d'œuvre\n\n```toml clause\nkind = \"work_units\"\nreplace = \"carnet-uo\"\nthen.catalogue = [{ code = \"XL\", title = \"grande\", weight = \"8\" }]\nthen.bought = 100\nthen.unit_price = \"560.00 EUR\"\nthen.carry_over = \"10 %\"\nthen.price_at = \"order\"\n```\n";
    instance.sign(customer, "contracts/avenant.md", amendment).unwrap();
    instance.at("2026-11-20T10:00");
    present(&instance, customer, number).unwrap();
    instance.at("2026-12-05T09:00");
    let months = [9, 10, 11].map(|month| billed(&instance, customer, month));
    assert_eq!(months[2], [(Fraction::from_integer(5), Money::eur(270_000))], "counted as it was ordered");
    instance.finish();
}

/// A book that ends leaves what was ordered from it to be delivered, and billed as it was ordered.
#[test]
fn what_a_book_that_ended_ordered_is_delivered_and_billed() {
    let instance = Instance::new(807);
    let customer = signed(&instance);
    let ordered = |instance: &Instance, pieces: &[(&str, u32)]| {
        let number = opened(instance, customer, "evolutive");
        estimate(instance, customer, number, pieces).unwrap();
        order(instance, customer, number).unwrap();
        number
    };
    let (soon, late) = (ordered(&instance, &[("M", 2)]), ordered(&instance, &[("S", 3)]));
    present(&instance, customer, soon).unwrap();
    let amendment = "+++\namends = \"CTR-2026-002\"\neffective = 2026-11-16\nsigned = 2026-11-02\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Avenant n° 1\n\n## Article 1 – Fin du carnet\n\n```toml clause\nend = \"carnet-uo\"\n```\n";
    instance.sign(customer, "contracts/avenant.md", amendment).unwrap();
    instance.at("2026-12-03T10:00");
    present(&instance, customer, late).unwrap();
    instance.at("2027-01-05T09:00");
    let [.., november, december] = [9, 10, 11, 12].map(|month| billed(&instance, customer, month));
    assert_eq!(november, [(Fraction::from_integer(5), Money::eur(270_000))], "delivered while it stood");
    assert_eq!(december, [(Fraction::from_integer(3), Money::eur(162_000))], "ordered while it stood");
    instance.finish();
}

/// What the customer is told too late is told with what silence decided.
#[test]
fn a_verdict_after_silence_is_refused_with_its_article() {
    let instance = Instance::new(806);
    let customer = signed(&instance);
    let number = opened(&instance, customer, "evolutive");
    estimate(&instance, customer, number, &[("S", 1)]).unwrap();
    order(&instance, customer, number).unwrap();
    present(&instance, customer, number).unwrap();
    decide(&instance, customer, number, ("VABF", Verdict::Refused)).unwrap();
    let produce = act(&instance, Role::Technician, customer, number, DeliveryCommand::Produce);
    assert_eq!(refused(produce), ("delivery.stage".to_owned(), Some("recette".to_owned())));
    present(&instance, customer, number).unwrap();
    decide(&instance, customer, number, ("VABF", Verdict::Accepted)).unwrap();
    for need in ["rollback_tested", "anonymised_data", "documentation", "sources"] {
        let (need, reference) = (need.to_owned(), "Procès-verbal".to_owned());
        act(&instance, Role::Developer, customer, number, DeliveryCommand::Show { need, reference }).unwrap();
    }
    act(&instance, Role::Technician, customer, number, DeliveryCommand::Produce).unwrap();
    instance.at("2026-12-15T10:00");
    let late = decide(&instance, customer, number, ("VSR", Verdict::Refused));
    let refusal = refusal(late);
    assert!(
        refusal.reasons.iter().any(|r| r.code == "delivery.outcome" && r.text.fr.contains("silence")),
        "{refusal:?}"
    );
    instance.finish();
}

/// Contract B warns when 80 % of its book of two hundred units is spent.
#[test]
fn the_delivery_that_brings_the_book_to_its_threshold_is_told_once() {
    let instance = Instance::new(808);
    let customer = signed(&instance);
    let manager = instance.someone(Role::CustomerManager, customer);
    let meters = || {
        instance.app().pump().unwrap();
        let page = instance.app().notifications(&manager, true, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == app::mail::Notice::Meter).count()
    };
    let deliver = |pieces: &[(&str, u32)]| {
        let number = opened(&instance, customer, "evolutive");
        estimate(&instance, customer, number, pieces).unwrap();
        order(&instance, customer, number).unwrap();
        let before = meters();
        present(&instance, customer, number).unwrap();
        (before, meters())
    };
    // 153 units, then 162, then 171.
    assert_eq!(deliver(&[("TC", 17)]), (0, 0));
    assert_eq!(deliver(&[("TC", 1)]), (0, 1), "what is delivered spends the book, not what is ordered");
    assert_eq!(deliver(&[("TC", 1)]), (1, 1));
    instance.finish();
}

/// The VABF of contract B: silence decides at its end, and whoever may answer knows it before.
#[test]
fn what_silence_will_decide_is_shown_and_told_twice_to_those_who_may_answer() {
    let mut instance = Instance::new(809);
    let customer = signed(&instance);
    let people = [Role::CustomerManager, Role::CustomerUser, Role::CustomerAdmin];
    let [manager, user, admin] = people.map(|role| instance.someone(role, customer));
    let provider = instance.staff(Role::ServiceManager);
    let number = opened(&instance, customer, "evolutive");
    let awaited = |instance: &Instance, who: &app::Principal| {
        let see = who.permit(Act::SeeTickets, customer).unwrap();
        instance.app().awaited(&see).unwrap()
    };
    assert!(awaited(&instance, &manager).is_empty(), "the provider has to estimate it first");
    estimate(&instance, customer, number, &[("S", 1)]).unwrap();
    let price = &awaited(&instance, &manager)[..];
    let [price] = price else { panic!("{price:?}") };
    assert_eq!((price.number, price.asks), (number, Asks::Price));
    let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    assert_eq!(price.last_day(&zone), Some(date(2026, 11, 30)));
    for other in [&user, &admin, &provider] {
        assert!(awaited(&instance, other).is_empty(), "{:?} answers nothing for the customer", other.role);
    }
    order(&instance, customer, number).unwrap();
    assert!(awaited(&instance, &manager).is_empty());

    instance.at("2026-11-09T10:00");
    present(&instance, customer, number).unwrap();
    let delivery = awaited(&instance, &manager);
    let [delivery] = &delivery[..] else { panic!("{delivery:?}") };
    let Asks::Acceptance(silence) = delivery.asks else { panic!("{delivery:?}") };
    let said = match silence {
        terms::boundary::Silence::Accepts => "votre silence vaudra acceptation",
        terms::boundary::Silence::Refuses => "votre silence vaudra refus",
    };
    assert_eq!(delivery.silence.fr, said);
    assert_eq!(delivery.reasons[0].cites.as_ref().unwrap().label, "recette");
    let last = delivery.last_day(&zone).expect("the step ends");
    // The calendar has it, for both parties.
    let see = instance.permit(Role::ServiceManager, Act::SeeContract, customer);
    let planned = instance.app().planned(&see, date(2026, 11, 1), date(2026, 12, 31)).unwrap();
    assert_eq!(planned.acceptances.iter().map(|(one, _)| one.number).collect::<Vec<_>>(), [number]);
    let before = instance.app().planned(&see, date(2026, 10, 1), date(2026, 11, 1)).unwrap();
    assert!(before.acceptances.is_empty());

    let waiting = |instance: &Instance, who: &app::Principal| {
        let page = instance.app().notifications(who, false, None, 50).unwrap();
        page.lines.iter().filter(|line| line.notice == app::mail::Notice::Waiting).count()
    };
    let days_before = |instance: &Instance, days: i64| {
        let day = last.checked_sub(jiff::Span::new().days(days)).unwrap();
        let at = day.at(9, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
        instance.clock().move_to(at.max(instance.app().now()));
        instance.app().tell_what_is_due_soon().unwrap();
        instance.app().tell_what_is_due_soon().unwrap();
    };
    days_before(&instance, 5);
    assert_eq!(waiting(&instance, &manager), 1, "once, five days ahead");
    days_before(&instance, 4);
    assert_eq!(waiting(&instance, &manager), 1);
    // Another process tells nothing again.
    instance.close();
    instance.reopen(810);
    instance.app().vault(customer).unwrap();
    days_before(&instance, 4);
    assert_eq!(waiting(&instance, &manager), 1, "a restart tells it once");
    days_before(&instance, 1);
    assert_eq!(waiting(&instance, &manager), 2, "and on the eve");
    for other in [&user, &admin, &provider] {
        assert_eq!(waiting(&instance, other), 0);
    }
    decide(&instance, customer, number, ("VABF", Verdict::Accepted)).unwrap();
    assert!(awaited(&instance, &manager).is_empty(), "it was answered");
    instance.finish();
}
