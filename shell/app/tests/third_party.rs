//! A third party sees the tickets about its items, and nothing else: neither found, listed nor counted.

#[path = "third_party/changes.rs"]
mod changes;
mod common;
#[path = "third_party/time.rs"]
mod time;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::desk::Which as Sort;
use app::ticket::{Filter, OpenTicket, Opener, State, StepCommand, Tie, Which};
use app::{Act, AppError, Permit, Principal, Role};
use base::id::{CustomerId, FileId};
use common::signed;
use events::{Step, Visibility};
use testkit::Instance;

/// A customer with three tickets: about the third party's server, about another one, and about nothing.
struct Ground {
    instance: Instance,
    customer: CustomerId,
    neighbour: CustomerId,
    who: Principal,
    mine: u64,
    others: [u64; 2],
}

fn open(instance: &Instance, customer: CustomerId, item: Option<&str>) -> u64 {
    let title = format!("Panne du serveur {}", item.unwrap_or("inconnu"));
    let ask = OpenTicket { title, item: item.map(str::to_owned), ..OpenTicket::default() };
    instance.open(customer, &ask).unwrap().number
}

fn account(instance: &Instance, role: Role) -> base::id::AccountId {
    let new = NewAccount {
        email: "marc@editeur.example",
        name: "Marc Éditeur",
        password: "une phrase assez longue",
        role,
        customer: None,
        totp_secret: None,
    };
    instance.app().add_account(&new).unwrap()
}

fn items(list: &[&str]) -> Items {
    Items { items: list.iter().map(|&i| i.to_owned()).collect(), ..Items::default() }
}

fn ground(seed: u64) -> Ground {
    let instance = Instance::new(seed);
    let customer = signed(&instance, "atelier");
    ground_of(instance, customer)
}

/// The same for a customer whose contract is signed.
fn ground_of(instance: Instance, customer: CustomerId) -> Ground {
    let neighbour = instance.customer("voisin");
    instance.sign(neighbour, "contracts/ateliers-garonne.md", &common::contract_a()).unwrap();
    open(&instance, neighbour, Some("srv-erp"));
    let mine = open(&instance, customer, Some("srv-erp"));
    let others = [open(&instance, customer, Some("srv-fic")), open(&instance, customer, None)];
    let account = account(&instance, Role::ThirdPartyTechnician);
    let role = Role::ThirdPartyTechnician;
    let new = NewRole { account, role, customer: Some(customer), contract: None, about: items(&["srv-erp"]) };
    instance.app().assign(&new).unwrap();
    let who = instance.app().principal(account).unwrap();
    instance.undertake(&who, customer);
    Ground { instance, customer, neighbour, who, mine, others }
}

impl Ground {
    fn may(&self, act: Act) -> Permit {
        self.who.permit(act, self.customer).unwrap()
    }

    fn step(&self, number: u64, command: &StepCommand) -> Result<(), AppError> {
        let (permit, key) = (self.may(command.act()), self.instance.key());
        self.instance.app().step_ticket(&permit, &key, number, command, None).map(drop)
    }
}

fn absent<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound))
}

#[test]
fn lists_counts_and_searches_hold_its_items_only() {
    let g = ground(60);
    let (app, see) = (g.instance.app(), g.may(Act::SeeTickets));
    for which in [Which::All, Which::Open, Which::In(State::New), Which::Late(i64::MAX)] {
        let filter = Filter { which, ..Filter::default() };
        let (rows, next) = app.tickets(&see, &filter, None, 10).unwrap();
        assert_eq!(rows.iter().map(|r| r.ticket.number).collect::<Vec<_>>(), [g.mine], "{which:?}");
        assert_eq!(next, None);
    }
    let other = Filter { item: Some("srv-fic".to_owned()), ..Filter::default() };
    assert!(app.tickets(&see, &other, None, 10).unwrap().0.is_empty());
    let found = |query: &str| app.find_tickets(&see, query, &Filter::default(), None, 10).unwrap().0.len();
    assert_eq!((found("panne"), found("serveur srv"), found("fic")), (1, 1, 0));
    assert_eq!((found(&g.mine.to_string()), found(&g.others[0].to_string())), (1, 0), "by number too");
    for query in ["panne", "serveur", "panne serveur"] {
        let page = app.search(&see, query, None, 10).unwrap();
        let seen: Vec<u64> = page.tickets.iter().map(|hit| hit.shown.ticket.number).collect();
        assert_eq!((seen, page.next.is_none(), page.articles.len()), (vec![g.mine], true, 0), "{query}");
        // Where a page ends tells nothing of the others either.
        assert!(app.search(&see, query, None, 1).unwrap().next.is_none());
    }
    assert!(app.search(&see, "srv", None, 10).unwrap().items.iter().all(|hit| hit.key == "srv-erp"));
    assert_eq!(app.open_tickets(&see, Opener::Anybody, 10).unwrap().len(), 1);
    assert_eq!(app.open_count(&see).unwrap(), 1);
    assert_eq!(app.month_so_far(&see).unwrap().opened, 1);

    let desk = g.who.permit_instance(Act::SeeDesk).unwrap();
    let lines = app.desk(&desk, Sort::All, None, 10).unwrap().lines;
    assert_eq!(
        lines.iter().map(|l| (l.customer, l.shown.ticket.number)).collect::<Vec<_>>(),
        [(g.customer, g.mine)]
    );
    assert_eq!(lines[0].contract, None, "no way to a contract that it may not read");
    let counts: Vec<u64> = app.desk_counts(&desk).unwrap().into_iter().map(|(_, n)| n).collect();
    assert_eq!(counts, [1, 0, 1, 0, 0]);
    assert_eq!(app.find_everywhere(&desk, "panne", None, 10).unwrap().0.len(), 1);

    // The provider's own people still see the three, and the neighbour's.
    let staff = g.instance.staff(Role::Technician);
    let all = app.desk_counts(&staff.permit_instance(Act::SeeDesk).unwrap()).unwrap();
    assert_eq!(all[0].1, 4);
}

#[test]
fn the_month_so_far_counts_its_items_only() {
    let g = ground(66);
    let instance = &g.instance;
    let staff = |act| instance.permit(Role::Technician, act, g.customer);
    for number in [g.mine, g.others[0], g.others[1]] {
        let take = StepCommand::TakeOver;
        instance.app().step_ticket(&staff(take.act()), &instance.key(), number, &take, None).unwrap();
    }
    let taken = |see: &Permit| instance.app().month_so_far(see).unwrap().taken_in_time;
    assert_eq!(taken(&g.may(Act::SeeTickets)), (1, 1));
    assert_eq!(taken(&staff(Act::SeeTickets)), (3, 3), "counted by the database, or one by one: alike");
}

#[test]
fn a_ticket_about_something_else_is_not_there() {
    let g = ground(61);
    let (app, key) = (g.instance.app(), || g.instance.key());
    let hidden = g.instance.permit(Role::CustomerUser, Act::Reply, g.customer);
    for number in [g.others[0], g.others[1], 4_000] {
        assert!(absent(app.ticket(&g.may(Act::SeeTickets), number)), "{number}");
        assert!(absent(app.file(&g.may(Act::SeeTickets), number, FileId::new(1, &[4; 10]), false)));
        assert!(absent(app.begin_upload(&g.may(Act::Reply), number)));
        let attached =
            |act, visibility| app.attach_files(&g.may(act), &key(), number, visibility, Vec::new());
        assert!(absent(attached(Act::Reply, Visibility::Public)));
        assert!(absent(attached(Act::WorkOnTicket, Visibility::Internal)));
        for command in [
            StepCommand::TakeOver,
            StepCommand::Reply { body: "Bonjour".to_owned() },
            StepCommand::Note { body: "Pour moi".to_owned() },
            StepCommand::Resume,
            StepCommand::Restore {
                workaround: false,
                note: "Fait".to_owned(),
                diagnosis: Some("Vu".to_owned()),
            },
            StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) },
        ] {
            assert!(absent(g.step(number, &command)), "{number} {command:?}");
        }
    }
    assert!(app.begin_upload(&hidden, g.others[0]).is_ok(), "it is there for the customer");
    // Nor may it do anything else, here or for another customer.
    let own = [Act::SeeTickets, Act::Reply, Act::WorkOnTicket, Act::SeeDesk, Act::SeeKnowledge];
    for act in Act::ALL {
        assert_eq!(g.who.permit(act, g.customer).is_ok(), own.contains(&act), "{act:?}");
        assert!(g.who.permit(act, g.neighbour).is_err(), "{act:?}");
        assert_eq!(g.who.permit_instance(act).is_ok(), act == Act::SeeDesk, "{act:?}");
    }
}

#[test]
fn it_works_on_its_tickets_without_their_money_or_the_providers_notes() {
    let g = ground(62);
    let app = g.instance.app();
    g.instance.step(g.customer, g.mine, &StepCommand::Note { body: "Entre nous".to_owned() }).unwrap();
    let quote = StepCommand::Quote {
        price: base::Money::eur(48_000),
        until: None,
        body: "Remplacement du disque".to_owned(),
    };
    let contact = g.instance.permit(Role::ServiceManager, Act::MakeQuote, g.customer);
    app.step_ticket(&contact, &g.instance.key(), g.mine, &quote, None).unwrap();
    g.step(g.mine, &StepCommand::TakeOver).unwrap();
    g.step(g.mine, &StepCommand::Reply { body: "Nous regardons.".to_owned() }).unwrap();
    g.step(g.mine, &StepCommand::Note { body: "Ma note".to_owned() }).unwrap();

    let texts = |permit: &Permit| -> Vec<String> {
        app.ticket(permit, g.mine).unwrap().entries.into_iter().filter_map(|e| e.text).collect()
    };
    assert_eq!(texts(&g.may(Act::SeeTickets)), ["Nous regardons.", "Ma note"]);
    let customer = g.instance.permit(Role::CustomerManager, Act::SeeTickets, g.customer);
    assert_eq!(texts(&customer), ["Remplacement du disque", "Nous regardons."]);
    let staff = g.instance.permit(Role::Technician, Act::SeeTickets, g.customer);
    assert_eq!(texts(&staff), ["Entre nous", "Remplacement du disque", "Nous regardons.", "Ma note"]);

    let page = app.ticket(&g.may(Act::SeeTickets), g.mine).unwrap();
    assert_eq!((page.ticket.price, page.ticket.cited.len()), (None, 0));
    assert!(page.decision.reasons.is_empty() && page.price.reasons.is_empty());
    assert!(page.clocks.iter().all(|clock| clock.reasons.is_empty()) && !page.clocks.is_empty());
    assert_eq!(page.assignee.as_deref(), Some("Marc Éditeur"));
    let by_provider = page.entries.iter().find_map(|e| match e.step {
        Step::Replied { by_provider, visibility: Visibility::Public, .. } => Some(by_provider),
        _ => None,
    });
    assert_eq!(by_provider, Some(true), "what a subcontractor says counts as the provider's");
    // Only the provider dates what is told afterwards.
    let reply = StepCommand::Reply { body: "Hier".to_owned() };
    let at = Some(testkit::local("2026-06-16T09:00"));
    let dated = app.step_ticket(&g.may(Act::Reply), &g.instance.key(), g.mine, &reply, at);
    assert!(matches!(dated, Err(AppError::Invalid(_))), "{dated:?}");
}

#[test]
fn it_ties_merges_and_explains_nothing() {
    let g = ground(65);
    let second = open(&g.instance, g.customer, Some("srv-erp"));
    let why = "La même panne".to_owned();
    for command in [
        StepCommand::Link { tie: Tie::Relates, ticket: g.mine },
        StepCommand::Unlink { tie: Tie::Relates, ticket: g.mine },
        StepCommand::Merge { into: g.mine, why },
        StepCommand::KnownError { cause: "Microgiciel".to_owned(), workaround: None },
    ] {
        assert!(absent(g.who.permit(command.act(), g.customer)), "{command:?}");
        let (work, key) = (g.may(Act::WorkOnTicket), g.instance.key());
        let answer = g.instance.app().step_ticket(&work, &key, second, &command, None);
        assert!(absent(answer), "{command:?}");
    }
}

#[test]
fn a_refusal_tells_it_neither_price_nor_article() {
    let g = ground(66);
    let app = g.instance.app();
    let restore = |diagnosis: Option<&str>| StepCommand::Restore {
        workaround: false,
        note: "Fait".to_owned(),
        diagnosis: diagnosis.map(str::to_owned),
    };
    let told = |command: &StepCommand| match g.step(g.mine, command) {
        Err(AppError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    // Its own move would not do in this state, and no article is behind it.
    assert_eq!(told(&StepCommand::Resume).code, "ticket.state");
    let (price, until) = (base::Money::eur(48_000), Some(jiff::civil::date(2026, 6, 17)));
    let quote = StepCommand::Quote { price, until, body: "Remplacement du disque".to_owned() };
    let contact = g.instance.permit(Role::ServiceManager, Act::MakeQuote, g.customer);
    app.step_ticket(&contact, &g.instance.key(), g.mine, &quote, None).unwrap();
    let staff = g.instance.step(g.customer, g.mine, &restore(Some("Vu")));
    let Err(AppError::Refused(theirs)) = staff else { panic!("{staff:?}") };
    assert_eq!(theirs.code, "price.awaited");
    assert!(!theirs.reasons.is_empty(), "the provider's own people read why");
    let waits = told(&restore(Some("Vu")));
    assert!(waits.reasons.is_empty(), "{waits:?}");
    assert!(waits.text.fr.contains("adressez-vous au prestataire"), "{waits:?}");
    // A quotation that lapsed reads no otherwise than one that is awaited.
    g.instance.at("2026-06-18T10:00");
    let theirs = g.instance.step(g.customer, g.mine, &restore(Some("Vu")));
    assert!(matches!(theirs, Err(AppError::Refused(refusal)) if refusal.code == "price.lapsed"));
    assert_eq!(told(&restore(Some("Vu"))), waits);
}

#[test]
fn what_its_tickets_are_tied_to_elsewhere_is_not_told() {
    let g = ground(67);
    let (app, [other, last]) = (g.instance.app(), g.others);
    let second = open(&g.instance, g.customer, Some("srv-erp"));
    let does = |number, command: StepCommand| drop(g.instance.step(g.customer, number, &command).unwrap());
    does(g.mine, StepCommand::Link { tie: Tie::Blocks, ticket: other });
    does(g.mine, StepCommand::Unlink { tie: Tie::Blocks, ticket: other });
    does(g.mine, StepCommand::Link { tie: Tie::Relates, ticket: second });
    does(second, StepCommand::Merge { into: last, why: "La même panne".to_owned() });
    does(other, StepCommand::Merge { into: g.mine, why: "La même panne".to_owned() });
    let steps = |permit: &Permit, number| -> Vec<Step> {
        app.ticket(permit, number).unwrap().entries.into_iter().map(|e| e.step).collect()
    };
    let staff = g.instance.permit(Role::Technician, Act::SeeTickets, g.customer);
    assert_eq!((steps(&staff, g.mine).len(), steps(&staff, second).len()), (4, 1));
    let seen = steps(&g.may(Act::SeeTickets), g.mine);
    assert!(matches!(seen[..], [Step::Linked { number, .. }] if number == second), "{seen:?}");
    let closed = app.ticket(&g.may(Act::SeeTickets), second).unwrap();
    assert_eq!((closed.entries.len(), closed.ticket.merged_into), (0, None));
    assert!(closed.merged && closed.clocks.is_empty());
    let answer = g.step(second, &StepCommand::Reply { body: "Et donc ?".to_owned() });
    let Err(AppError::Refused(refusal)) = answer else { panic!("{answer:?}") };
    assert!(!refusal.text.fr.contains(&last.to_string()), "{refusal:?}");

    // Known errors: neither those of other items nor how many tickets of others they caused.
    let problem = |item: &str| {
        let open = g.instance.permit(Role::Technician, Act::OpenTicket, g.customer);
        let ask = OpenTicket {
            title: format!("Pourquoi {item} tombe"),
            item: Some(item.to_owned()),
            kind: Some("problem".to_owned()),
            ..OpenTicket::default()
        };
        let number = app.open_ticket(&open, &g.instance.key(), &ask).unwrap().number;
        does(number, StepCommand::KnownError { cause: "Fuite de mémoire".to_owned(), workaround: None });
        number
    };
    let (behind, hidden) = (problem("srv-erp"), problem("srv-fic"));
    does(g.mine, StepCommand::Link { tie: Tie::CausedBy, ticket: behind });
    does(last, StepCommand::Link { tie: Tie::CausedBy, ticket: behind });
    let known = |permit: &Permit, limit| {
        let (lines, next) = app.known_errors(permit, true, None, limit).unwrap();
        (lines.iter().map(|l| (l.known.number, l.caused)).collect::<Vec<_>>(), next)
    };
    assert_eq!(known(&staff, 1), (vec![(hidden, 0)], Some(hidden)));
    assert_eq!(known(&staff, 9), (vec![(hidden, 0), (behind, 2)], None));
    assert_eq!(known(&g.may(Act::SeeTickets), 1), (vec![(behind, 1)], None));
}

#[test]
fn why_its_ticket_was_closed_for_another_is_not_found_either() {
    let g = ground(69);
    let second = open(&g.instance, g.customer, Some("srv-erp"));
    let merge = StepCommand::Merge { into: g.others[1], why: "Vu avec Castaing".to_owned() };
    g.instance.step(g.customer, second, &merge).unwrap();
    let found = |permit: &Permit| {
        g.instance.app().find_tickets(permit, "castaing", &Filter::default(), None, 10).unwrap().0.len()
    };
    let parties = [Role::Technician, Role::CustomerManager];
    let of = |role| found(&g.instance.permit(role, Act::SeeTickets, g.customer));
    assert_eq!((parties.map(of), found(&g.may(Act::SeeTickets))), ([1, 1], 0));
}

#[test]
fn a_role_of_one_contract_or_one_customer_goes_no_further() {
    let g = ground(63);
    let app = g.instance.app();
    let contracts = app.vault(g.customer).unwrap().agreements().unwrap();
    let account = g.who.account;
    let role = Role::ThirdPartyTechnician;
    let about = items(&["srv-fic"]);
    let (customer, other) = (Some(g.customer), Some(base::id::ContractId::new(1, &[7; 10])));
    app.assign(&NewRole { account, role, customer, contract: other, about: about.clone() }).unwrap();
    let count = || {
        let person = app.principal(account).unwrap();
        g.instance.undertake(&person, g.customer);
        let see = person.permit(Act::SeeTickets, g.customer).unwrap();
        app.open_count(&see).unwrap()
    };
    assert_eq!(count(), 1, "a contract that is not the ticket's");
    let own = Some(contracts.contracts[0].id);
    let given = app.assign(&NewRole { account, role, customer, contract: own, about }).unwrap();
    assert_eq!(count(), 2);
    app.unassign(given).unwrap();
    assert_eq!(count(), 1, "an ended role opens nothing");
    assert!(absent(app.unassign(given)));

    // A technician of one customer: its desk and no other's, and no act on the instance.
    let tech = g.instance.staff(Role::Technician);
    app.assign(&NewRole {
        account: tech.account,
        role: Role::Technician,
        customer,
        contract: None,
        about: Items::default(),
    })
    .unwrap();
    app.unassign(tech.account.0).unwrap();
    let tech = app.principal(tech.account).unwrap();
    g.instance.undertake(&tech, g.customer);
    assert!(tech.permit(Act::WorkOnTicket, g.customer).is_ok());
    assert!(tech.permit(Act::SeeTickets, g.neighbour).is_err());
    let desk = tech.permit_instance(Act::SeeDesk).unwrap();
    app.pump().unwrap();
    assert_eq!(app.desk_counts(&desk).unwrap()[0].1, 3);
    assert_eq!(app.find_everywhere(&desk, "panne", None, 10).unwrap().0.len(), 3);
    assert!(tech.permit_instance(Act::SeeJournal).is_err());
}

#[test]
fn a_role_is_given_on_its_own_side_and_with_what_it_needs() {
    let g = ground(64);
    let app = g.instance.app();
    let (third, staff) = (g.who.account, g.instance.staff(Role::Technician).account);
    let customer = Some(g.customer);
    let refused = |account, role, customer, about| {
        let new = NewRole { account, role, customer, contract: None, about };
        matches!(app.assign(&new), Err(AppError::Invalid(_)))
    };
    assert!(refused(third, Role::Technician, customer, Items::default()), "the provider's role");
    assert!(refused(staff, Role::CustomerManager, customer, Items::default()));
    assert!(refused(third, Role::ThirdPartyTechnician, customer, Items::default()), "about nothing");
    assert!(refused(third, Role::ThirdPartyTechnician, None, items(&["srv-erp"])), "everywhere");
    assert!(refused(staff, Role::Technician, customer, items(&["srv-erp"])), "its own people see all");
    assert!(refused(third, Role::ThirdPartyTechnician, customer, items(&[" "])));
}
