//! Tickets tied together: links, merges, problems and known errors, diagnoses, followers and mentions.

mod common;

use app::ticket::{Filter, NewTie, OpenTicket, Opener, State, StepCommand, TicketPage, Tie};
use app::{Act, AppError, Role};
use base::id::CustomerId;
use common::{root, signed};
use events::{Dimension, Step};
use testkit::Instance;

fn ask(title: &str) -> OpenTicket {
    OpenTicket { title: title.to_owned(), priority: Some("P2".to_owned()), ..OpenTicket::default() }
}

fn page(instance: &Instance, customer: CustomerId, number: u64) -> TicketPage {
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    instance.app().ticket(&see, number).unwrap()
}

fn link(tie: Tie, ticket: u64) -> StepCommand {
    StepCommand::Link { tie, ticket }
}

fn merge(into: u64) -> StepCommand {
    StepCommand::Merge { into, why: "La même panne".to_owned() }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, AppError>, code: &str) {
    match answer {
        Err(AppError::Refused(refusal)) => assert_eq!(refusal.code, code),
        other => panic!("{other:?} instead of {code}"),
    }
}

/// Three tickets an hour apart.
fn three(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    for (hour, title) in [("09:00", "ERP arrêté"), ("10:00", "Plus d'ERP"), ("11:00", "Écran cassé")] {
        instance.at(&format!("2026-06-16T{hour}"));
        instance.open(customer, &ask(title)).unwrap();
    }
    (instance, customer)
}

fn provider_opens(instance: &Instance, customer: CustomerId, ask: &OpenTicket) -> u64 {
    let open = instance.permit(Role::Technician, Act::OpenTicket, customer);
    instance.app().open_ticket(&open, &instance.key(), ask).unwrap().number
}

#[test]
fn a_link_shows_at_both_ends_and_goes_away_from_either() {
    let (instance, customer) = three(401);
    instance.step(customer, 1, &link(Tie::BlockedBy, 3)).unwrap();
    let seen = |number| -> Vec<(Tie, u64)> {
        page(&instance, customer, number).relations.iter().map(|r| (r.tie, r.number)).collect()
    };
    assert_eq!((seen(1), seen(3)), (vec![(Tie::BlockedBy, 3)], vec![(Tie::Blocks, 1)]));
    refused(instance.step(customer, 3, &link(Tie::Blocks, 1)), "link.exists");
    refused(instance.step(customer, 1, &link(Tie::Blocks, 3)), "link.loop");
    instance.step(customer, 3, &link(Tie::Blocks, 2)).unwrap();
    instance.step(customer, 2, &link(Tie::Relates, 1)).unwrap();
    refused(instance.step(customer, 1, &link(Tie::Relates, 2)), "link.exists");
    refused(instance.step(customer, 1, &link(Tie::CausedBy, 2)), "link.cause");
    let unknown = instance.step(customer, 1, &link(Tie::Relates, 99));
    assert!(matches!(unknown, Err(AppError::Invalid(i)) if i.field == "ticket"));
    assert!(instance.step(customer, 1, &link(Tie::Relates, 1)).is_err(), "to itself");
    let unlink = StepCommand::Unlink { tie: Tie::Blocks, ticket: 1 };
    instance.step(customer, 3, &unlink).unwrap();
    refused(instance.step(customer, 3, &unlink), "link.none");
    assert_eq!(seen(1), [(Tie::Relates, 2)]);
}

#[test]
fn the_duplicate_closes_and_the_first_declaration_goes_on() {
    let (instance, customer) = three(402);
    let due = page(&instance, customer, 1).ticket.due;
    instance.step(customer, 2, &StepCommand::Watch).unwrap();
    // The first declared goes on: its delays are the ones that run.
    let order = instance.step(customer, 1, &merge(2));
    let Err(AppError::Refused(refusal)) = order else { panic!("{order:?}") };
    assert_eq!(refusal.code, "merge.order");
    assert!(refusal.reasons.iter().all(|r| r.cites.is_some()) && !refusal.reasons.is_empty());

    instance.step(customer, 2, &merge(1)).unwrap();
    let (first, closed) = (page(&instance, customer, 1), page(&instance, customer, 2));
    assert_eq!((closed.ticket.state, closed.ticket.merged_into), (State::Resolved, Some(1)));
    assert!(closed.clocks.is_empty() && closed.ticket.due.is_none(), "measured nowhere else");
    assert_eq!(first.ticket.due, due);
    assert_eq!((first.relations[0].tie, first.relations[0].merged), (Tie::DuplicatedBy, true));
    let follow: Vec<&str> = first.watchers.iter().map(|w| w.name.as_str()).collect();
    assert_eq!(
        follow.len(),
        1,
        "the technician followed the duplicate; its author declared both: {follow:?}"
    );
    for command in [StepCommand::Reopen { why: "x".to_owned() }, StepCommand::Reply { body: "x".to_owned() }]
    {
        refused(instance.step(customer, 2, &command), "ticket.merged");
    }
    refused(instance.step(customer, 3, &merge(2)), "ticket.merged");
    let open = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let listed = instance.app().open_tickets(&open, Opener::Anybody, 10).unwrap();
    assert_eq!(listed.iter().map(|s| s.ticket.number).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn a_merge_never_lengthens_a_delay_and_asks_once() {
    let (instance, customer) = three(403);
    let worse = StepCommand::ChangePriority {
        priority: Some("P1".to_owned()),
        impact: None,
        urgency: None,
        why: "Tout le site".to_owned(),
    };
    instance.step(customer, 2, &worse).unwrap();
    refused(instance.step(customer, 2, &merge(1)), "merge.graver");
    instance.step(customer, 1, &worse).unwrap();
    instance.step(customer, 2, &merge(1)).unwrap();

    // A visit asked for twice is one visit of the allowance.
    let visit = OpenTicket {
        kind: Some("service_request".to_owned()),
        operation: Some("on_site_visit".to_owned()),
        ..ask("Venir à Strasbourg")
    };
    let used = |ask: &OpenTicket| {
        let open = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
        let weighed = instance.app().weigh_ticket(&open, ask).unwrap();
        format!("{:?}", weighed.decision.value.work)
    };
    let first = instance.open(customer, &visit).unwrap().number;
    let once = used(&visit);
    let again = instance.open(customer, &visit).unwrap().number;
    assert_ne!(used(&visit), once, "a second one counts until it is merged");
    instance.step(customer, again, &merge(first)).unwrap();
    assert_eq!(used(&visit), once);
}

#[test]
fn a_ticket_that_is_late_keeps_its_clocks() {
    let (instance, customer) = three(410);
    let late = |number: u64| {
        let answer = instance.step(customer, number, &merge(1));
        let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
        assert_eq!(refusal.code, "merge.late");
        assert!(refusal.reasons.iter().any(|r| r.cites.is_some()), "with the article");
    };
    // Two hours to begin: the second is late from noon, and taking it over does not mend that. The
    // service closes until half past one.
    instance.at("2026-06-16T14:00");
    late(2);
    instance.step(customer, 2, &StepCommand::TakeOver).unwrap();
    late(2);
    let work = instance.permit(Role::Technician, Act::RelateTickets, customer);
    instance.step(customer, 3, &StepCommand::TakeOver).unwrap();
    let dated = Some(testkit::local("2026-06-16T11:30"));
    let before = instance.app().step_ticket(&work, &instance.key(), 3, &merge(1), dated);
    assert!(matches!(before, Err(AppError::Invalid(i)) if i.field == "at"), "not before its last step");
    let see = page(&instance, customer, 2);
    assert!(see.clocks.iter().any(|clock| clock.value.late_seconds == 30 * 60), "still measured");
}

#[test]
fn what_is_lost_now_is_late_whenever_the_merge_is_dated() {
    let (instance, customer) = three(411);
    instance.at("2026-06-16T14:00");
    let work = instance.permit(Role::Technician, Act::RelateTickets, customer);
    let dated = Some(testkit::local("2026-06-16T11:30"));
    refused(instance.app().step_ticket(&work, &instance.key(), 2, &merge(1), dated), "merge.late");
}

#[test]
fn a_new_breakdown_is_not_closed_for_one_that_is_over() {
    let (instance, customer) = three(412);
    let restore = StepCommand::Restore {
        workaround: false,
        note: "Redémarré".to_owned(),
        diagnosis: Some("Vu".to_owned()),
    };
    instance.step(customer, 1, &StepCommand::TakeOver).unwrap();
    instance.step(customer, 1, &restore).unwrap();
    let answer = instance.step(customer, 2, &merge(1));
    let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
    assert_eq!(refusal.code, "merge.restored");
    let cited = refusal.reasons.iter().filter_map(|r| r.cites.as_ref()).map(|c| c.label.as_str());
    assert_eq!(cited.collect::<Vec<_>>(), ["retablissement-p2"]);
    // Both over, or neither: one matter.
    instance.step(customer, 2, &restore).unwrap();
    instance.step(customer, 2, &merge(1)).unwrap();
}

#[test]
fn a_ticket_goes_on_in_one_that_promises_as_much() {
    let (instance, customer) = three(413);
    // Nothing is measured on a problem, which is the provider's own.
    instance.at("2026-06-16T08:30");
    let problem = OpenTicket { kind: Some("problem".to_owned()), ..ask("L'ERP tombe le mardi") };
    let problem = provider_opens(&instance, customer, &problem);
    instance.at("2026-06-16T11:00");
    let answer = instance.step(customer, 2, &merge(problem));
    let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
    assert_eq!(refusal.code, "merge.promise");
    assert!(!refusal.reasons.is_empty() && refusal.reasons.iter().all(|r| r.cites.is_some()));
    // A lesser one goes on in a graver one, whose delays are shorter.
    let lesser = OpenTicket { priority: Some("P3".to_owned()), ..ask("Encore l'ERP") };
    let lesser = instance.open(customer, &lesser).unwrap().number;
    instance.step(customer, lesser, &merge(2)).unwrap();
}

#[test]
fn a_ticket_that_was_paused_takes_in_none_that_is_due_before_it() {
    let (instance, customer) = three(415);
    let pause =
        StepCommand::Pause { reason: "attente-acces".to_owned(), proof: Some("Porte close".to_owned()) };
    let longer = |number: u64, into: u64| {
        let answer = instance.step(customer, number, &merge(into));
        let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
        assert_eq!(refusal.code, "merge.promise");
        let cited = refusal.reasons.iter().filter_map(|r| r.cites.as_ref()).map(|c| c.label.as_str());
        assert_eq!(cited.collect::<Vec<_>>(), ["retablissement-p2"; 2]);
    };
    for number in [1, 2, 3] {
        instance.step(customer, number, &StepCommand::TakeOver).unwrap();
    }
    instance.step(customer, 1, &pause).unwrap();
    instance.step(customer, 2, &pause).unwrap();
    instance.at("2026-06-16T11:40");
    longer(3, 1);
    // Forty minutes of pause, an hour of advance: due first all the same.
    instance.step(customer, 1, &StepCommand::Resume).unwrap();
    instance.at("2026-06-16T14:30");
    instance.step(customer, 2, &StepCommand::Resume).unwrap();
    longer(3, 2);
    instance.step(customer, 3, &merge(1)).unwrap();
}

#[test]
fn what_is_split_was_declared_with_the_rest() {
    let (instance, customer) = three(404);
    let tie = Some(NewTie { tie: Tie::SplitFrom, ticket: 1 });
    let number = provider_opens(&instance, customer, &OpenTicket { tie, ..ask("Et l'imprimante") });
    let (whole, part) = (page(&instance, customer, 1), page(&instance, customer, number));
    assert_eq!(part.ticket.opened, whole.ticket.opened);
    assert_eq!(part.relations[0].tie, Tie::SplitFrom);
    assert_eq!(whole.relations[0].tie, Tie::SplitInto);
    let tie = Some(NewTie { tie: Tie::Relates, ticket: 1 });
    let customers = instance.open(customer, &OpenTicket { tie, ..ask("Lié") });
    assert!(matches!(customers, Err(AppError::Invalid(i)) if i.field == "tie"));
}

#[test]
fn what_is_opened_under_another_contract_is_tied_from_its_source() {
    let (instance, customer) = three(414);
    let other = common::contract_a().replace("CTR-2026-001", "CTR-2026-002");
    instance.sign(customer, "second.md", &other).unwrap();
    let before = page(&instance, customer, 1).ticket.due;
    let problem = OpenTicket {
        kind: Some("problem".to_owned()),
        tie: Some(NewTie { tie: Tie::Causes, ticket: 1 }),
        contract: Some("CTR-2026-002".to_owned()),
        ..ask("L'ERP tombe le mardi")
    };
    let number = provider_opens(&instance, customer, &problem);
    let (tied, opened) = (page(&instance, customer, 1), page(&instance, customer, number));
    assert_eq!((tied.relations[0].tie, tied.relations[0].number), (Tie::CausedBy, number));
    assert_eq!((opened.relations[0].tie, opened.agreement.number.as_str()), (Tie::Causes, "CTR-2026-002"));
    assert_eq!((tied.agreement.number.as_str(), tied.ticket.due), ("CTR-2026-001", before));
}

#[test]
fn a_known_error_is_shown_on_what_it_causes() {
    let (instance, customer) = three(405);
    let problem = OpenTicket {
        kind: Some("problem".to_owned()),
        tie: Some(NewTie { tie: Tie::Causes, ticket: 1 }),
        ..ask("L'ERP tombe le mardi")
    };
    let customers = instance.open(customer, &OpenTicket { tie: None, ..problem.clone() });
    assert!(matches!(customers, Err(AppError::Invalid(i)) if i.field == "kind"), "the provider's own");
    let number = provider_opens(&instance, customer, &problem);
    instance.step(customer, 2, &link(Tie::CausedBy, number)).unwrap();
    let cause = StepCommand::KnownError {
        cause: "Fuite de mémoire de la version 7.2".to_owned(),
        workaround: Some("Redémarrer le lundi soir".to_owned()),
    };
    refused(instance.step(customer, 1, &cause), "problem.kind");
    instance.step(customer, number, &cause).unwrap();
    for n in [1, 2, number] {
        let known = page(&instance, customer, n).known.expect("the known error");
        assert_eq!(known.workaround.as_deref(), Some("Redémarrer le lundi soir"));
        assert!(known.open);
    }
    assert_eq!(page(&instance, customer, 3).known, None);
    let list = |open| {
        let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
        instance.app().known_errors(&see, open, None, 10).unwrap().0
    };
    assert_eq!((list(true).len(), list(true)[0].caused, list(false).len()), (1, 2, 0));
    instance
        .step(customer, number, &StepCommand::Resolve { note: "7.3".to_owned(), diagnosis: None })
        .unwrap();
    assert_eq!((list(true).len(), list(false).len()), (0, 1));
}

#[test]
fn a_remedy_waits_for_a_diagnosis_where_the_contract_says_so() {
    let instance = Instance::new(406);
    let customer = instance.customer("lumen");
    let text = std::fs::read_to_string(root().join("contracts/lumen-edition.md")).unwrap();
    instance.sign(customer, "contracts/lumen-edition.md", &text).unwrap();
    instance.at("2026-11-17T10:00");
    let defect = |level: &str| OpenTicket {
        title: "Le prêt est refusé".to_owned(),
        kind: Some("corrective".to_owned()),
        level: Some(level.to_owned()),
        ..OpenTicket::default()
    };
    let opened = instance.open(customer, &defect("major")).unwrap();
    assert_eq!(opened.priority, "major", "a severity that bears the name of a priority is that priority");
    assert!(instance.open(customer, &defect("huge")).is_err());
    // An impact and an urgency that the matrix grades otherwise are refused, with both articles.
    let of = |impact: &str, urgency: &str, level: Option<&str>| OpenTicket {
        impact: Some(impact.to_owned()),
        urgency: Some(urgency.to_owned()),
        level: level.map(str::to_owned),
        ..defect("minor")
    };
    let Err(AppError::Refused(refusal)) = instance.open(customer, &of("all", "stopped", Some("minor")))
    else {
        panic!("the matrix says blocking, and the severity minor")
    };
    assert_eq!(refusal.code, "severity.disagrees");
    let cited: Vec<&str> =
        refusal.reasons.iter().filter_map(|r| Some(r.cites.as_ref()?.label.as_str())).collect();
    assert_eq!(cited, ["tma", "gravites"]);
    let Err(AppError::Invalid(invalid)) = instance.open(customer, &of("all", "stopped", None)) else {
        panic!("a defect has a severity")
    };
    assert_eq!(invalid.field, "level");
    let list = "blocking (Bloquante), major (Majeure), minor (Mineure)";
    assert!(invalid.text.fr.contains(list) && invalid.text.fr.contains("[tma]"), "{}", invalid.text.fr);
    assert_eq!(instance.open(customer, &of("person", "detail", Some("minor"))).unwrap().priority, "minor");
    let restore = |diagnosis: Option<&str>| StepCommand::Restore {
        workaround: false,
        note: "Corrigé".to_owned(),
        diagnosis: diagnosis.map(str::to_owned),
    };
    let without = instance.step(customer, 1, &restore(None));
    let Err(AppError::Refused(refusal)) = without else { panic!("{without:?}") };
    assert_eq!(refusal.code, "diagnosis.required");
    assert!(refusal.reasons[0].cites.as_ref().is_some_and(|c| c.label == "telemaintenance"));
    instance.step(customer, 1, &restore(Some("Index corrompu"))).unwrap();
    let told = page(&instance, customer, 1);
    assert!(told.diagnosed);
    assert_eq!(told.entries[0].more.as_deref(), Some("Index corrompu"));
    // Once on the ticket, it is not asked for again; and an evolution breaks nothing.
    instance.step(customer, 1, &StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: None }).unwrap();
    let evolution = OpenTicket { level: None, kind: Some("evolutive".to_owned()), ..defect("minor") };
    let opened = instance.open(customer, &evolution).unwrap();
    assert_eq!(opened.admission, "needs_quote", "counted in work units, once estimated");
    assert!(opened.reasons.iter().any(|r| r.cites.as_ref().is_some_and(|c| c.label == "tma")));
}

#[test]
fn a_defect_takes_no_priority_that_is_no_severity() {
    let instance = Instance::new(414);
    let customer = instance.customer("lumen");
    // With a priority that is no severity of the clause of maintenance.
    let text = std::fs::read_to_string(root().join("contracts/lumen-edition.md"))
        .unwrap()
        .replace(
            "= [\"blocking\", \"major\", \"minor\"]",
            "= [\"blocking\", \"major\", \"minor\", \"someday\"]",
        )
        .replace("minor = \"Mineure\" }", "minor = \"Mineure\", someday = \"Un jour\" }")
        .replace(
            "then.cells.person = { stopped = \"major\", hindered = \"minor\", detail = \"minor\" }",
            "then.cells.person = { stopped = \"major\", hindered = \"minor\", detail = \"someday\" }",
        );
    instance.sign(customer, "contracts/lumen-edition.md", &text).unwrap();
    instance.at("2026-11-17T10:00");
    let ask = |kind: &str, level: Option<&str>| OpenTicket {
        title: "Le prêt est refusé".to_owned(),
        kind: Some(kind.to_owned()),
        level: level.map(str::to_owned),
        ..OpenTicket::default()
    };
    instance.open(customer, &ask("corrective", Some("major"))).unwrap();
    let change = |priority: Option<&str>, impact: Option<&str>, urgency: Option<&str>| {
        let [priority, impact, urgency] = [priority, impact, urgency].map(|word| word.map(str::to_owned));
        StepCommand::ChangePriority { priority, impact, urgency, why: "Revu".to_owned() }
    };
    let graded = || {
        let facts = page(&instance, customer, 1).ticket.facts;
        [Dimension::Priority, Dimension::Level].map(|of| facts.get(of).unwrap_or_default().to_owned())
    };
    for asked in [change(Some("someday"), None, None), change(None, Some("person"), Some("detail"))] {
        let Err(AppError::Refused(refusal)) = instance.step(customer, 1, &asked) else {
            panic!("a severity that lags behind its priority")
        };
        assert_eq!(refusal.code, "severity.none");
        let text = &refusal.text.fr;
        assert!(
            text.contains("Un jour") && text.contains("minor (Mineure)") && text.contains("[tma]"),
            "{text}"
        );
        assert_eq!(refusal.reasons.len(), 3);
        assert!(refusal.reasons.iter().all(|r| r.cites.as_ref().is_some_and(|c| c.label == "tma")));
        assert_eq!(graded(), ["major", "major"]);
    }
    instance.step(customer, 1, &change(None, Some("library"), Some("stopped"))).unwrap();
    assert_eq!(graded(), ["blocking", "blocking"], "the severity goes with its priority");
    // What no severity tells takes any priority of the matrix.
    instance.open(customer, &ask("incident", None)).unwrap();
    instance.step(customer, 2, &change(Some("someday"), None, None)).unwrap();
}

#[test]
fn a_request_is_weighed_before_it_is_sent() {
    let instance = Instance::new(407);
    let customer = signed(&instance, "atelier");
    let open = instance.permit(Role::CustomerUser, Act::OpenTicket, customer);
    let catalogue = instance.app().request_catalogue(&open, None).unwrap();
    assert!(!catalogue.offers.is_empty() && catalogue.kinds.iter().all(|k| !k.value.is_maintenance()));
    for offer in &catalogue.offers {
        assert!(!offer.decision.reasons.is_empty(), "{} says why", offer.operation);
        let ask = OpenTicket {
            kind: Some("service_request".to_owned()),
            operation: Some(offer.operation.clone()),
            ..ask("Une demande")
        };
        let weighed = instance.app().weigh_ticket(&open, &ask).unwrap();
        assert_eq!(weighed.decision.value.work, offer.decision.value.work);
        let sent = instance.open(customer, &ask);
        match weighed.decision.value.admission {
            engines::perimeter::Admission::Refused => refused(sent, "perimeter.refused"),
            _ => assert_eq!(sent.unwrap().reasons, weighed.decision.reasons),
        }
    }
    let trouble = OpenTicket {
        impact: Some("site".into()),
        urgency: Some("blocking".into()),
        priority: None,
        ..ask("")
    };
    let weighed = instance.app().weigh_ticket(&open, &trouble).unwrap();
    assert_eq!(weighed.priority, "P1");
    assert!(weighed.priority_reason.is_some_and(|r| r.cites.is_some()) && !weighed.clocks.is_empty());
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    let all = instance.app().tickets(&see, &Filter::default(), None, 50).unwrap().0;
    assert!(all.iter().all(|s| s.title == "Une demande"), "weighing writes nothing");
}

#[test]
fn people_named_follow_the_ticket_if_they_may_read_it() {
    let instance = Instance::new(408);
    let (ours, theirs) = (signed(&instance, "atelier"), instance.customer("voisin"));
    instance.open(ours, &ask("ERP arrêté")).unwrap();
    let manager = instance.someone(Role::CustomerManager, ours);
    let neighbour = instance.someone(Role::CustomerManager, theirs);
    let contact = instance.staff(Role::ServiceManager);
    let mentions = |body: String, internal: bool| {
        let command = if internal { StepCommand::Note { body } } else { StepCommand::Reply { body } };
        instance.step(ours, 1, &command).unwrap();
        let see = instance.permit(Role::Technician, Act::SeeTickets, ours);
        let last = instance.app().ticket(&see, 1).unwrap().entries.pop().unwrap();
        match last.step {
            Step::Replied { mentions, .. } => mentions,
            other => panic!("{other:?}"),
        }
    };
    let all = format!("@{} @{} @{}", manager.name, neighbour.name, contact.name);
    assert_eq!(mentions(all.clone(), false), [manager.account, contact.account], "never another customer's");
    assert_eq!(mentions(all, true), [contact.account], "a note is the provider's");
    assert!(mentions("contact@voisin.fr, @personne".to_owned(), false).is_empty());
    let names: Vec<String> = page(&instance, ours, 1).watchers.into_iter().map(|w| w.name).collect();
    assert_eq!(names, [manager.name, contact.name]);
}

#[test]
fn pauses_are_added_up() {
    let (instance, customer) = three(409);
    let pause =
        StepCommand::Pause { reason: "attente-acces".to_owned(), proof: Some("Porte close".to_owned()) };
    instance.at("2026-06-16T14:00").step(customer, 1, &pause).unwrap();
    instance.at("2026-06-16T15:30").step(customer, 1, &StepCommand::Resume).unwrap();
    instance.at("2026-06-16T16:00").step(customer, 1, &pause).unwrap();
    instance.at("2026-06-16T16:10");
    assert_eq!(
        page(&instance, customer, 1).paused_seconds,
        100 * 60,
        "one that still lasts counts up to now"
    );
    instance
        .step(
            customer,
            1,
            &StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Serrure".to_owned()) },
        )
        .unwrap();
    instance.at("2026-06-16T18:00");
    assert_eq!(page(&instance, customer, 1).paused_seconds, 100 * 60);
}

#[test]
fn a_month_has_its_part_of_each_pause() {
    let (instance, customer) = three(410);
    let pause =
        StepCommand::Pause { reason: "attente-acces".to_owned(), proof: Some("Porte close".to_owned()) };
    instance.undertake(&instance.staff(Role::ServiceManager), customer);
    let of_month = |month| -> Vec<(u64, i64)> {
        let team = instance.staff(Role::ServiceManager).permit_instance(Act::SeeTeam).unwrap();
        let (people, left_out) = instance.app().pauses(&team, jiff::civil::date(2026, month, 1)).unwrap();
        assert!(left_out.is_empty());
        people.into_iter().map(|p| (p.pauses, p.seconds / 3_600)).collect()
    };
    instance.at("2026-06-30T22:00").step(customer, 1, &pause).unwrap();
    instance.at("2026-07-01T03:00");
    assert_eq!((of_month(6), of_month(7)), (vec![(1, 2)], vec![(1, 3)]), "one that lasts");
    instance.at("2026-08-01T01:00").step(customer, 1, &StepCommand::Resume).unwrap();
    instance.at("2026-08-20T08:00").step(customer, 1, &pause).unwrap();
    instance.at("2026-08-20T10:00").step(customer, 1, &StepCommand::Resume).unwrap();
    assert_eq!(of_month(6), [(1, 2)]);
    assert_eq!(of_month(7), [(1, 31 * 24)]);
    assert_eq!(of_month(8), [(2, 3)], "the end of one and the whole of another");
    assert_eq!(of_month(9), []);
}

#[test]
fn an_old_entry_reads_as_before() {
    let old = r#"{"is":"resolved","note":"0198c0de-0000-7000-8000-000000000000"}"#;
    let step: Step = serde_json::from_str(old).unwrap();
    assert_eq!(serde_json::to_string(&step).unwrap(), old, "what was hashed is what is written");
    assert_eq!(Dimension::from_key("level"), Some(Dimension::Level));
}
