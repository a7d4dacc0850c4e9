//! The undertaking of confidentiality: nothing of a customer's tickets before it is signed.

use app::access::{Assignment, Items};
use app::accounts::roles::NewRole;
use app::desk::Which;
use app::people::PersonLine;
use app::ticket::{Filter, OpenTicket, StepCommand};
use app::undertaking::Standing;
use app::{Act, AppError, Permit, Principal, Role};
use base::id::CustomerId;
use testkit::Instance;

/// The master of contract C, in force, and a ticket that its user opened.
fn opened(seed: u64) -> (Instance, CustomerId) {
    let instance = Instance::new(seed);
    let customer = instance.customer("mutuelle");
    instance.at("2026-06-30T11:00");
    let contracts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-daas.md"] {
        let text = std::fs::read_to_string(contracts.join(file)).unwrap();
        instance.sign(customer, file, &text).unwrap();
    }
    instance.at("2027-12-17T13:00");
    instance.open(customer, &frozen()).unwrap();
    (instance, customer)
}

fn frozen() -> OpenTicket {
    OpenTicket {
        title: "Bureau figé".to_owned(),
        priority: Some("P2".to_owned()),
        site: Some("run".to_owned()),
        contract: Some("CTR-2026-003-D".to_owned()),
        ..OpenTicket::default()
    }
}

/// What every way to tickets answers the technician.
fn answers(instance: &Instance, customer: CustomerId) -> Vec<(&'static str, Result<(), AppError>)> {
    let app = instance.app();
    let technician = instance.staff(Role::Technician);
    let may = |act| -> Permit { technician.permit(act, customer).unwrap() };
    let see = may(Act::SeeTickets);
    let step = |command: StepCommand| {
        app.step_ticket(&may(command.act()), &instance.key(), 1, &command, None).map(drop)
    };
    let call = app::call::RecordCall { minutes: 5, ticket: None, contract: None, at: None };
    let time = app::time::TellTime {
        minutes: 5,
        started: None,
        kind: events::WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    };
    vec![
        ("tickets", app.tickets(&see, &Filter::default(), None, 10).map(drop)),
        ("find", app.find_tickets(&see, "bureau", &Filter::default(), None, 10).map(drop)),
        ("search", app.search(&see, "bureau", None, 10).map(drop)),
        ("known errors", app.known_errors(&see, true, None, 10).map(drop)),
        ("catalogue", app.request_catalogue(&may(Act::OpenTicket), None).map(drop)),
        ("weigh", app.weigh_ticket(&may(Act::OpenTicket), &frozen()).map(drop)),
        ("ticket", app.ticket(&see, 1).map(drop)),
        ("open count", app.open_count(&see).map(drop)),
        ("month so far", app.month_so_far(&see).map(drop)),
        ("upload", app.begin_upload(&may(Act::Reply), 1).map(drop)),
        ("open", app.open_ticket(&may(Act::OpenTicket), &instance.key(), &frozen()).map(drop)),
        ("take over", step(StepCommand::TakeOver)),
        ("reply", step(StepCommand::Reply { body: "Bonjour".to_owned() })),
        ("note", step(StepCommand::Note { body: "Entre nous".to_owned() })),
        ("call", app.record_call(&may(Act::RecordCall), &instance.key(), &call).map(drop)),
        ("time", app.enter_time(&may(Act::EnterTime), &instance.key(), 1, &time).map(drop)),
        ("timer", app.start_timer(&may(Act::EnterTime), 1)),
    ]
}

fn is_owed(answer: &Result<(), AppError>) -> bool {
    let Err(AppError::Refused(refusal)) = answer else { return false };
    let article = refusal.reasons.iter().find_map(|r| r.cites.as_ref()).map(|c| c.article.as_str());
    refusal.code == "undertaking.owed" && article == Some("Article 25 – Confidentialité")
}

#[test]
fn nothing_of_the_tickets_is_reached_before_the_undertaking_is_signed() {
    let (instance, customer) = opened(91);
    for (name, answer) in answers(&instance, customer) {
        assert!(is_owed(&answer), "{name} before: {answer:?}");
    }
    // The customer's own people owe none; the provider's other people still do after one of them signs.
    let theirs = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    assert!(instance.app().ticket(&theirs, 1).is_ok());
    assert!(instance.app().undertakings_owed(&theirs).unwrap().is_empty());

    let technician = instance.staff(Role::Technician);
    let see = technician.permit(Act::SeeTickets, customer).unwrap();
    let owed = instance.app().undertakings_owed(&see).unwrap();
    let [article] = &owed[..] else { panic!("the order's article is its master's, signed once: {owed:?}") };
    assert!(article.html.contains("engagement individuel de confidentialité"), "{}", article.html);
    instance.undertake(&technician, customer);
    for (name, answer) in answers(&instance, customer) {
        assert!(!is_owed(&answer), "{name} after: {answer:?}");
    }
    let developer = instance.staff(Role::Developer).permit(Act::SeeTickets, customer).unwrap();
    assert!(is_owed(&instance.app().ticket(&developer, 1).map(drop)));
    instance.finish();
}

#[test]
fn the_desk_and_the_search_keep_the_words_to_themselves() {
    let (instance, customer) = opened(92);
    let technician = instance.staff(Role::Technician);
    let desk = || {
        let permit = technician.permit_instance(Act::SeeDesk).unwrap();
        let page = instance.app().desk(&permit, Which::All, None, 10).unwrap();
        let found = instance.app().find_everywhere(&permit, "bureau", None, 10).unwrap().0;
        let groups = instance.app().search_everywhere(&permit, "bureau", None, 10).unwrap();
        assert!(groups.failed.is_empty(), "who has not signed is no fault of the customer's");
        assert_eq!(groups.groups.len(), found.len());
        let [line] = &page.lines[..] else { panic!("one open ticket") };
        (line.shown.ticket.number, line.shown.title.clone(), found.len())
    };
    let (number, title, found) = desk();
    assert_eq!((number, found), (1, 0));
    assert!(!title.contains("figé"), "{title}");
    instance.undertake(&technician, customer);
    assert_eq!(desk(), (1, "Bureau figé".to_owned(), 1));
}

#[test]
fn who_signed_is_told_with_the_roles_and_what_changed_meanwhile_is_not_signed() {
    let (instance, customer) = opened(93);
    let technician = instance.staff(Role::Technician);
    let see = technician.permit(Act::SeeTickets, customer).unwrap();
    let stale = instance.app().sign_undertakings(&see, &instance.key(), &["0".repeat(64)]);
    let Err(AppError::Refused(refusal)) = stale else { panic!("{stale:?}") };
    assert_eq!(refusal.code, "undertaking.changed");
    assert!(!AppError::Refused(refusal).is_undertaking_owed() && !AppError::NotFound.is_undertaking_owed());

    let standing = |role: Role| {
        let admin = instance.permit(Role::ProviderAdmin, Act::SeePeople, customer);
        let lines: Vec<PersonLine> = instance.app().people(&admin).unwrap();
        lines.into_iter().find(|line| line.role == role).unwrap().undertaking
    };
    assert_eq!(standing(Role::Technician), Some(Standing::Owed));
    assert_eq!(standing(Role::CustomerUser), None);
    // The same key twice signs once.
    let owed = instance.app().undertakings_owed(&see).unwrap();
    let (key, shown) = (instance.key(), vec![owed[0].text.clone()]);
    let once = instance.app().sign_undertakings(&see, &key, &shown).unwrap();
    assert_eq!(once.entries.len(), 1);
    assert_eq!(instance.app().sign_undertakings(&see, &key, &shown).unwrap(), once);
    assert_eq!(standing(Role::Technician), Some(Standing::Signed(instance.app().now())));
    instance.finish();
}

/// Two contracts of one wording: a role on either owes it, and one signature serves both.
#[test]
fn a_role_on_one_of_two_contracts_of_one_wording_owes_it() {
    let instance = Instance::new(94);
    let customer = instance.customer("atelier");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let first = std::fs::read_to_string(root).unwrap();
    let second = first.replace("CTR-2026-001", "CTR-2026-011");
    let contracts =
        [&first, &second].map(|text| instance.sign(customer, "contracts/a.md", text).unwrap().contract);
    instance.at("2026-06-16T09:00");
    let technician = |n: u8, contract| {
        let whole = Assignment::whole(uuid::Uuid::nil(), Role::Technician, Some(customer));
        Principal {
            account: base::id::AccountId::new(1, &[n; 10]),
            role: Role::Technician,
            customer: None,
            name: "Quelqu'un".to_owned(),
            email: format!("q{n}@test.example"),
            assignments: vec![Assignment { contract: Some(contract), ..whole }],
        }
    };
    for (n, contract) in [(3, contracts[0]), (4, contracts[1])] {
        let see = technician(n, contract).permit(Act::SeeTickets, customer).unwrap();
        let asked = instance.app().tickets(&see, &Filter::default(), None, 10);
        assert!(asked.is_err_and(|e| e.is_undertaking_owed()), "{contract}");
        let owed = instance.app().undertakings_owed(&see).unwrap();
        assert_eq!(owed.len(), 1, "once, though two contracts have it");
        instance.app().sign_undertakings(&see, &instance.key(), &[owed[0].text.clone()]).unwrap();
        instance.app().tickets(&see, &Filter::default(), None, 10).unwrap();
    }
    instance.finish();
}

/// What is told of a role on one contract is the undertaking of that contract.
#[test]
fn a_role_on_one_contract_is_told_with_its_undertaking() {
    let instance = Instance::new(95);
    let customer = instance.customer("atelier");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(root).unwrap();
    let contract = instance.sign(customer, "contracts/a.md", &text).unwrap().contract;
    instance.at("2026-06-16T09:00");
    let account = instance.staff(Role::Developer).account;
    let (role, about) = (Role::Developer, Items::default());
    let given = NewRole { account, role, customer: Some(customer), contract: Some(contract), about };
    instance.app().assign(&given).unwrap();
    let admin = instance.permit(Role::ProviderAdmin, Act::SeePeople, customer);
    let lines = instance.app().people(&admin).unwrap();
    let line = lines.into_iter().find(|line| line.role == role && line.contract.is_some()).unwrap();
    assert_eq!(line.undertaking, Some(Standing::Owed));
}

/// The sources ask for the undertaking wherever they ask for a right on tickets.
#[test]
fn every_act_on_tickets_asks_for_the_undertaking() {
    // Views are names given to filters; a timer thrown away reads nothing; this is where one signs.
    let excepted = ["saved_views.rs", "timer.rs", "undertaking.rs"];
    let acts = [
        "SeeTickets",
        "OpenTicket",
        "Reply",
        "WorkOnTicket",
        "SetPriority",
        "EnterTime",
        "RecordCall",
        "SeeKnowledge",
        "WriteKnowledge",
    ];
    let mut looked = 0;
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            // The sheet of a week is of one person over all customers, and shows numbers.
            if excepted.contains(&&*name) || path.ends_with("time/week.rs") {
                continue;
            }
            looked += 1;
            for act in acts {
                assert!(!text.contains(&format!(".covers(Act::{act})")), "{name}: {act}");
            }
            assert!(!text.contains(".covers(command.act())"), "{name}");
        }
    }
    assert!(looked > 60, "{looked} files");
}
