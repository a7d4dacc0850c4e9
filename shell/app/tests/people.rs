//! Accounts as the administrator keeps them: one-time links, disabling, and the acts that are told.

use app::accounts::{ActLine, Client, NewAccount, NewPerson, Purpose, Session};
use app::{Act, App, AppError, InstancePermit, Role};
use base::id::{AccountId, CustomerId};
use events::SecurityAct;
use testkit::Instance;

const PASSWORD: &str = "trois chevaux mangent des nouilles";
const NEXT: &str = "une échelle sous le vieux figuier";

fn admin(instance: &Instance) -> InstancePermit {
    instance.staff(Role::ProviderAdmin).permit_instance(Act::ManageAccounts).unwrap()
}

fn claire(customer: CustomerId) -> NewPerson {
    NewPerson {
        email: " Claire@Exemple.fr ".to_owned(),
        name: "Claire Martin".to_owned(),
        role: Role::CustomerManager,
        customer: Some(customer),
    }
}

fn joined(app: &App, permit: &InstancePermit, customer: CustomerId) -> AccountId {
    let link = app.invite(permit, &claire(customer)).unwrap();
    app.use_link(&Client::default(), &link.code, PASSWORD).unwrap();
    link.account
}

fn enter(app: &App, password: &str) -> Session {
    let opened = app.sign_in("claire@exemple.fr", password, None).expect("the right credentials");
    app.session(&opened.token).unwrap().expect("a live session")
}

fn kinds(lines: &[ActLine]) -> Vec<&'static str> {
    lines.iter().map(|line| line.act.kind()).collect()
}

fn code_of<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Refused(refusal)) => refusal.code,
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

fn gone<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound))
}

#[test]
fn an_invitation_opens_an_account_once_and_within_three_days() {
    let instance = Instance::new(80);
    let (app, permit, customer) = (instance.app(), admin(&instance), instance.customer("atelier"));
    let link = app.invite(&permit, &claire(customer)).unwrap();
    let invited = app.invited(&link.code).unwrap();
    assert_eq!((invited.email.as_str(), invited.purpose), ("claire@exemple.fr", Purpose::Join));
    assert_eq!(code_of(app.invite(&permit, &claire(customer))), "email", "an address is taken once");
    let astray = NewPerson { customer: None, email: "b@exemple.fr".to_owned(), ..claire(customer) };
    assert_eq!(code_of(app.invite(&permit, &astray)), "customer");
    assert!(gone(app.invited("AAAA")) && gone(app.invited(&link.code[1..])));

    let from = Client { device: "Firefox, Linux".into(), ..Client::default() };
    assert_eq!(code_of(app.use_link(&from, &link.code, "trop court")), "password");
    app.use_link(&from, &link.code, PASSWORD).unwrap();
    assert!(gone(app.use_link(&from, &link.code, NEXT)), "it serves once");
    let session = enter(app, PASSWORD);
    let told = app.security_acts_of(&session).unwrap();
    assert_eq!(kinds(&told), ["account.signed_in", "account.link_used", "account.invited", "account.added"]);
    assert_eq!(told[1].words.as_deref(), Some("Firefox, Linux"));
    assert!(told[1].by.is_none() && told[2].by.is_some(), "the administrator invited");

    let unused = NewPerson { email: "zoé@exemple.fr".to_owned(), ..claire(customer) };
    let unused = app.invite(&permit, &unused).unwrap();
    for (lost, purpose) in [(false, Purpose::Join), (true, Purpose::Everything)] {
        let again = app.offer_recovery(&permit, unused.account, lost).unwrap();
        assert_eq!(app.invited(&again.code).unwrap().purpose, purpose, "what is lost is taken away");
    }

    // As three days later: the row is aged by hand.
    let late = NewPerson { email: "luc@exemple.fr".to_owned(), ..claire(customer) };
    let link = app.invite(&permit, &late).unwrap();
    let file = rusqlite::Connection::open(instance.data().join("instance.db")).unwrap();
    file.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let age = |hours: i64| {
        let micros = hours * 3_600_000_000;
        file.execute("UPDATE account_link SET expires = expires - ?1", [micros]).unwrap();
    };
    age(71);
    assert!(app.invited(&link.code).is_ok());
    age(1);
    assert!(gone(app.invited(&link.code)) && gone(app.use_link(&from, &link.code, PASSWORD)));
}

#[test]
fn a_recovery_link_replaces_what_was_lost_and_ends_the_rest() {
    let instance = Instance::new(81);
    let (app, permit, customer) = (instance.app(), admin(&instance), instance.customer("atelier"));
    let account = joined(app, &permit, customer);
    let session = enter(app, PASSWORD);
    let token = app.issue_token(&session, &session.recent_proof().unwrap(), "export", 30).unwrap();
    let first = app.offer_recovery(&permit, account, false).unwrap();
    let link = app.offer_recovery(&permit, account, true).unwrap();
    assert!(gone(app.invited(&first.code)), "the later one replaces it");
    assert!(app.bearer(&token).is_ok(), "nothing changes before it is used");
    assert_eq!(app.invited(&link.code).unwrap().purpose, Purpose::Everything);
    app.use_link(&Client::default(), &link.code, NEXT).unwrap();
    assert!(app.bearer(&token).is_err());
    assert!(app.sign_in("claire@exemple.fr", PASSWORD, None).is_err());
    assert!(!enter(app, NEXT).has_second_factor);
}

#[test]
fn a_disabled_account_is_out_at_once_and_the_last_administrator_stays() {
    let instance = Instance::new(82);
    let (app, permit, customer) = (instance.app(), admin(&instance), instance.customer("atelier"));
    let account = joined(app, &permit, customer);
    let opened = app.sign_in("claire@exemple.fr", PASSWORD, None).unwrap();
    let token = app.add_token(account, "export").unwrap();
    app.disable_account(&permit, account, true).unwrap();
    assert!(app.session(&opened.token).unwrap().is_none() && app.bearer(&token).is_err());
    assert!(app.sign_in("claire@exemple.fr", PASSWORD, None).is_err());
    assert_eq!(code_of(app.offer_recovery(&permit, account, false)), "account.disabled");
    app.disable_account(&permit, account, false).unwrap();
    assert!(app.bearer(&token).is_err(), "tokens do not come back");
    let session = enter(app, PASSWORD);
    app.revoke_access(&permit, account).unwrap();
    assert!(app.sessions_of(&session).unwrap().is_empty());

    let me = permit.by().account;
    assert_eq!(code_of(app.disable_account(&permit, me, true)), "account.own");
    assert_eq!(code_of(app.disable_account_as_operator(me, true)), "account.last");
    assert!(gone(app.disable_account(&permit, AccountId::new(1, &[9; 10]), true)));
    let (people, next) = app.accounts(&permit, None, 1).unwrap();
    let (rest, end) = app.accounts(&permit, next.as_ref(), 10).unwrap();
    assert!(people.len() == 1 && end.is_none() && people[0].account != rest[0].account);
    let line = people.iter().chain(&rest).find(|line| line.account == account).unwrap();
    assert_eq!(line.customer.as_ref().map(|(id, _)| *id), Some(customer));
    assert!(line.last_sign_in.is_some() && !line.disabled && line.link_until.is_none());
}

#[test]
fn a_refusal_is_told_once_an_hour_and_a_guesser_to_the_owner() {
    let instance = Instance::new(83);
    let (app, permit) = (instance.app(), admin(&instance));
    let (customer, other) = (instance.customer("atelier"), instance.customer("voisin"));
    joined(app, &permit, customer);
    let session = enter(app, PASSWORD);
    let who = &session.principal;
    let before = app.security_acts(&permit, None, None, 100).unwrap().len();
    for _ in 0..50 {
        assert!(gone(app.permit(who, Act::SeeTickets, other)));
        assert!(gone(app.permit(who, Act::CloseMonth, customer)));
        assert!(gone(app.permit_instance(who, Act::SeeDesk)));
        app.permit(who, Act::SeeTickets, customer).unwrap();
    }
    let all = app.security_acts(&permit, None, None, 100).unwrap();
    assert_eq!(all.len() - before, 3, "one for each thing refused, not one for each time");
    let denied: Vec<_> = all.iter().filter_map(|line| line.denied.clone()).collect();
    let named =
        |id| Some(app.customers().unwrap().into_iter().find(|v| CustomerId(v.id) == id).unwrap().name);
    assert_eq!(
        denied,
        [(Act::SeeDesk, None), (Act::CloseMonth, named(customer)), (Act::SeeTickets, named(other))]
    );

    let away = Client { address: Some("198.51.100.1".parse().unwrap()), ..Client::default() };
    for email in ["claire@exemple.fr", "personne@exemple.fr"] {
        for n in 0..5 {
            assert!(app.sign_in_from(&away, email, &format!("guess number {n}"), None).is_err());
        }
    }
    let told = app.security_acts_of(&session).unwrap();
    assert_eq!(told[0].act, SecurityAct::SignInHeld);
    assert_eq!((told[0].words.as_deref(), told[1].act), (Some("198.51.100.1"), SecurityAct::Denied));
    let newest = app.security_acts(&permit, None, None, 1).unwrap();
    assert_eq!(newest[0].entry, told[0].entry, "an address that has no account leaves no trace");
    assert!(app.verify_journals(None).unwrap().iter().all(|log| log.sound));
}

#[test]
fn each_act_on_one_s_account_is_told_with_no_personal_word_in_its_entry() {
    let instance = Instance::new(84);
    let (app, permit, customer) = (instance.app(), admin(&instance), instance.customer("atelier"));
    joined(app, &permit, customer);
    let from = Client { device: "Firefox, Linux".into(), address: Some("192.0.2.44".parse().unwrap()) };
    let opened = app.sign_in_from(&from, "claire@exemple.fr", PASSWORD, None).unwrap();
    let session = app.session(&opened.token).unwrap().unwrap();
    let proof = session.recent_proof().unwrap();
    app.issue_token(&session, &proof, "Export du samedi", 30).unwrap();
    let id = app.tokens_of(&session).unwrap()[0].id.to_string();
    app.revoke_token(&session, &id).unwrap();
    app.end_other_sessions(&session).unwrap();
    app.change_password(&session, &from, PASSWORD, NEXT).unwrap();
    let told = app.security_acts_of(&session).unwrap();
    assert_eq!(
        kinds(&told)[..5],
        [
            "account.password_changed",
            "account.sessions_ended",
            "account.token_revoked",
            "account.token_made",
            "account.signed_in"
        ]
    );
    assert_eq!(told[3].words.as_deref(), Some("Export du samedi"));
    assert_eq!(told[4].words.as_deref(), Some("Firefox, Linux · 192.0.2.44"));

    let file = rusqlite::Connection::open(instance.data().join("instance.db")).unwrap();
    let mut rows = file.prepare("SELECT bytes FROM journal_entry").unwrap();
    let entries: Vec<Vec<u8>> =
        rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(entries.len() >= told.len());
    for entry in entries {
        let text = String::from_utf8(entry).unwrap();
        for word in ["claire", "Claire", "Firefox", "192.0.2", "samedi"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn an_account_added_by_hand_is_told_as_the_operator_s() {
    let instance = Instance::new(85);
    let (app, permit) = (instance.app(), admin(&instance));
    let new = NewAccount {
        email: "anne@exemple.fr",
        name: "Anne",
        password: PASSWORD,
        role: Role::Technician,
        customer: None,
        totp_secret: None,
    };
    let anne = app.add_account(&new).unwrap();
    let link = app.offer_recovery_as_operator(anne, true).unwrap();
    assert_eq!(app.person_of("Anne@exemple.fr").unwrap().account, link.account);
    let told = app.security_acts(&permit, Some(anne), None, 10).unwrap();
    assert_eq!(kinds(&told), ["account.recovery_offered", "account.added"]);
    assert!(told.iter().all(|line| line.by.is_none() && line.whose == "Anne"));
}

/// Whoever asks, from somewhere new each time: what is limited is said by other tests.
fn forgets(app: &App, email: &str) -> Vec<app::mail::Letter> {
    app.forgot_password(&Client::default(), email).unwrap();
    app.letters_to_send(10).unwrap()
}

fn code_in(letter: &app::mail::Letter) -> String {
    letter.text.split("/join/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

fn exchange(app: &App) {
    let mailbox = "aide@prestataire.example".to_owned();
    app.exchange_mail(app::mail::MailSettings {
        from: app::mail::Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
}

#[test]
fn a_forgotten_password_is_replaced_through_one_s_own_mail() {
    let instance = Instance::new(86);
    let (app, permit, customer) = (instance.app(), admin(&instance), instance.customer("atelier"));
    let claire = joined(app, &permit, customer);
    assert!(!app.sends_links());
    assert!(forgets(app, "claire@exemple.fr").is_empty(), "nothing is made that would not leave");
    exchange(app);
    assert!(forgets(app, "personne@exemple.fr").is_empty());
    let session = enter(app, PASSWORD);

    let [letter] = &forgets(app, " CLAIRE@exemple.fr ")[..] else { panic!("one letter") };
    assert_eq!(letter.to.email, "claire@exemple.fr");
    let code = code_in(letter);
    assert_eq!(app.invited(&code).unwrap().purpose, Purpose::Asked);
    assert!(forgets(app, "claire@exemple.fr").is_empty(), "one link at a time");
    assert!(app.session_still(&session).unwrap().is_some(), "until it is used, nothing changes");
    let told = app.security_acts(&permit, Some(claire), None, 1).unwrap();
    assert_eq!((kinds(&told), told[0].by.clone()), (vec!["account.recovery_offered"], None));

    app.use_link(&Client::default(), &code, NEXT).unwrap();
    assert!(app.session_still(&session).unwrap().is_none(), "open sessions may be somebody else's");
    assert!(app.sign_in("claire@exemple.fr", PASSWORD, None).is_err());
    enter(app, NEXT);
    assert!(gone(app.use_link(&Client::default(), &code, PASSWORD)), "once");

    let [letter] = &forgets(app, "claire@exemple.fr")[..] else { panic!("another, once it was used") };
    app.disable_account(&permit, claire, true).unwrap();
    assert!(gone(app.invited(&code_in(letter))));
    assert!(forgets(app, "claire@exemple.fr").is_empty(), "nothing leaves for an account out of use");
}

#[test]
fn asking_for_a_link_leaves_an_administrator_s_and_the_second_factor() {
    let instance = Instance::new(87);
    let (app, permit) = (instance.app(), admin(&instance));
    exchange(app);
    let anne = NewAccount {
        email: "anne@exemple.fr",
        name: "Anne",
        password: PASSWORD,
        role: Role::Technician,
        customer: None,
        totp_secret: Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    };
    let anne = app.add_account(&anne).unwrap();
    let lost = app.offer_recovery(&permit, anne, true).unwrap();
    assert_eq!(app.letters_to_send(10).unwrap().len(), 1);
    let [letter] = &forgets(app, "anne@exemple.fr")[..] else { panic!("its own letter") };
    assert_eq!(app.invited(&lost.code).unwrap().purpose, Purpose::Everything, "it still serves");
    assert!(app.use_link(&Client::default(), &code_in(letter), NEXT).unwrap().has_second_factor);
    assert!(app.sign_in("anne@exemple.fr", NEXT, None).is_err(), "the code is still asked for");
    assert!(gone(app.invited(&lost.code)), "a password chosen ends every link");
}

#[test]
fn links_are_asked_for_a_few_times_by_address_and_by_source() {
    let instance = Instance::new(88);
    let app = instance.app();
    let at = |address: &str| Client { address: Some(address.parse().unwrap()), device: String::new() };
    let heard = |client: &Client, email: &str| app.may_ask_link(client, email);
    // By what is typed, whether or not it has an account, and wherever it comes from.
    let mine = (0..9).filter(|n| heard(&at(&format!("192.0.2.{n}")), "claire@exemple.fr")).count();
    assert_eq!(mine, 5);
    let there = (0..40).filter(|n| heard(&at("198.51.100.7"), &format!("p{n}@exemple.fr"))).count();
    assert_eq!(there, 30, "one source does not try every address");
    assert!(heard(&at("203.0.113.9"), "zoe@exemple.fr"));
    assert_eq!(
        app.sign_in_wait(&at("198.51.100.7"), "claire@exemple.fr"),
        0,
        "nobody is kept from signing in"
    );
}
