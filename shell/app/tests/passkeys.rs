//! Passkeys, made and used by an authenticator in software: what each opens, and what is not believed.

#[path = "common/authenticator.rs"]
mod authenticator;

use app::accounts::passkeys::RelyingParty;
use app::accounts::{Client, NewAccount, NewPerson, Purpose, Session};
use app::{App, AppError, Role};
use authenticator::Authenticator;
use base::id::AccountId;
use data_encoding::BASE64URL_NOPAD;
use events::SecurityAct;
use testkit::Instance;

const PASSWORD: &str = "trois chevaux mangent des nouilles";

fn site() -> RelyingParty {
    RelyingParty::of_host("desk.exemple.fr").unwrap()
}

fn add(app: &App, email: &str, role: Role, instance: &Instance) -> AccountId {
    let customer = (!role.is_provider()).then(|| instance.customer(&email.replace(['@', '.'], "-")));
    let new = NewAccount { email, name: "Anne Vidal", password: PASSWORD, role, customer, totp_secret: None };
    app.add_account(&new).expect("a new account")
}

fn enter(app: &App, email: &str) -> Session {
    session(app, &app.sign_in(email, PASSWORD, None).expect("the right password").token)
}

fn session(app: &App, token: &str) -> Session {
    app.session(token).expect("readable").expect("a live session")
}

fn hold(app: &App, session: &Session, key: &mut Authenticator) -> Result<(), AppError> {
    let offer = app.offer_passkey(session, &site())?;
    let made = key.register(&offer.challenge, &offer.user);
    app.add_passkey(session, &session.recent_proof().unwrap(), &site(), "Téléphone", &made)
}

fn sign_in(app: &App, key: &mut Authenticator) -> Result<Session, AppError> {
    let ask = app.ask_any_passkey()?;
    let opened = app.sign_in_with_passkey(&Client::default(), &site(), &key.sign(&ask.challenge))?;
    Ok(session(app, &opened.token))
}

fn refused<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::Unauthenticated))
}

fn not_made<T: std::fmt::Debug>(answer: Result<T, AppError>) {
    assert!(matches!(&answer, Err(AppError::Invalid(i)) if i.field == "passkey"), "{answer:?}");
}

#[test]
fn a_passkey_is_both_factors_of_staff_and_the_password_alone_then_opens_nothing() {
    let instance = Instance::new(70);
    let app = instance.app();
    add(app, "anne@exemple.fr", Role::Technician, &instance);
    let (weak, first) = (enter(app, "anne@exemple.fr"), enter(app, "anne@exemple.fr"));
    assert!(first.must_enrol && !first.has_passkey);
    let mut key = Authenticator::at("desk.exemple.fr", true);
    hold(app, &first, &mut key).expect("a passkey");
    let first = app.session_still(&first).unwrap().expect("this session goes on");
    assert!(!first.must_enrol && first.has_passkey && first.by_passkey_only);
    assert!(app.session_still(&weak).unwrap().is_none(), "the other one never gave it");

    let by_key = sign_in(app, &mut key).expect("a passkey opens");
    assert_eq!(by_key.principal.email, "anne@exemple.fr");
    assert!(!by_key.must_enrol);
    assert!(refused(app.sign_in("anne@exemple.fr", PASSWORD, None)), "the password alone");
    assert!(refused(app.authenticate(&Client::default(), "anne@exemple.fr", PASSWORD, None)));
    let token = app.issue_token(&by_key, &by_key.recent_proof().unwrap(), "Export", 30).expect("a token");
    assert!(app.bearer(&token).is_ok());

    let held = app.passkeys_of(&by_key).unwrap();
    assert_eq!((held.len(), held[0].name.as_str(), held[0].copied), (1, "Téléphone", false));
    assert!(held[0].last_used.is_some());
    let acts: Vec<_> = app.security_acts_of(&by_key).unwrap().into_iter().map(|l| (l.act, l.words)).collect();
    assert!(acts.contains(&(SecurityAct::PasskeyAdded, Some("Téléphone".into()))), "{acts:?}");
    assert!(acts.contains(&(SecurityAct::SignedIn, Some("Téléphone".into()))), "{acts:?}");

    let proof = by_key.recent_proof().unwrap();
    app.remove_passkey(&by_key, &proof, Some(&site()), &held[0].id.to_string()).expect("one's own");
    assert!(app.session_still(&by_key).unwrap().unwrap().must_enrol, "nothing but an enrolment");
    assert!(refused(app.bearer(&token)), "what it may have made ends with it");
    assert!(refused(sign_in(app, &mut key)), "removed");
}

#[test]
fn the_customer_s_people_keep_their_password_beside_a_passkey() {
    let instance = Instance::new(71);
    let app = instance.app();
    let claire = add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    let session = enter(app, "claire@exemple.fr");
    let mut key = Authenticator::at("desk.exemple.fr", false);
    hold(app, &session, &mut key).expect("an Ed25519 passkey");
    assert!(sign_in(app, &mut key).is_ok());
    assert!(!enter(app, "claire@exemple.fr").by_passkey_only);
    not_made(hold(app, &session, &mut key));

    let other = add(app, "paul@exemple.fr", Role::CustomerUser, &instance);
    let theirs = enter(app, "paul@exemple.fr");
    let id = app.passkeys_of(&session).unwrap()[0].id.to_string();
    let proof = theirs.recent_proof().unwrap();
    assert!(matches!(app.remove_passkey(&theirs, &proof, Some(&site()), &id), Err(AppError::NotFound)));
    key.user = other.0.as_bytes().to_vec();
    assert!(refused(sign_in(app, &mut key)), "kept for somebody else");
    key.user = claire.0.as_bytes().to_vec();
    app.disable_account_as_operator(claire, true).unwrap();
    assert!(refused(sign_in(app, &mut key)), "a disabled account");
}

#[test]
fn only_what_was_asked_here_once_and_of_a_person_who_was_verified_is_believed() {
    let instance = Instance::new(72);
    let app = instance.app();
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let session = enter(app, "anne@exemple.fr");
    type Spoil = fn(&mut Authenticator);
    let spoils: [(&str, Spoil); 6] = [
        ("another origin", |k| k.origin = "https://desk.exemple.fr.evil.example".into()),
        ("plain http", |k| k.origin = "http://desk.exemple.fr".into()),
        ("another site", |k| k.site = "evil.example".into()),
        ("nobody verified", |k| k.flags = 0x01),
        ("nobody there", |k| k.flags = 0x04),
        ("copied, though it cannot be", |k| k.flags = 0x15),
    ];
    for (what, spoil) in spoils {
        let mut key = Authenticator::at("desk.exemple.fr", true);
        spoil(&mut key);
        let answer = hold(app, &session, &mut key);
        assert!(matches!(answer, Err(AppError::Invalid(_))), "made: {what}");
    }
    let mut key = Authenticator::at("desk.exemple.fr", true);
    let own = app.ask_any_passkey().unwrap();
    let offer = app.offer_passkey(&session, &site()).unwrap();
    let proof = session.recent_proof().unwrap();
    let for_sign_in = key.register(&own.challenge, &offer.user);
    not_made(app.add_passkey(&session, &proof, &site(), "x", &for_sign_in));
    let other = enter(app, "anne@exemple.fr");
    let theirs = key.register(&app.offer_passkey(&other, &site()).unwrap().challenge, &offer.user);
    not_made(app.add_passkey(&session, &proof, &site(), "x", &theirs));
    let made = key.register(&offer.challenge, &offer.user);
    for name in ["", "   ", &"x".repeat(81)] {
        let answer = app.add_passkey(&session, &proof, &site(), name, &made);
        assert!(matches!(answer, Err(AppError::Invalid(i)) if i.field == "name"), "{name}");
    }
    app.add_passkey(&session, &proof, &site(), "x", &made).expect("the true one");

    for (what, spoil) in spoils {
        let (origin, site, flags) = (key.origin.clone(), key.site.clone(), key.flags);
        spoil(&mut key);
        assert!(refused(sign_in(app, &mut key)), "signed: {what}");
        (key.origin, key.site, key.flags) = (origin, site, flags);
    }
    let client = Client::default();
    let ask = app.ask_any_passkey().unwrap();
    let signed = key.sign(&ask.challenge);
    let mut forged = signed.clone();
    forged.signature[10] ^= 1;
    assert!(refused(app.sign_in_with_passkey(&client, &site(), &forged)));
    let elsewhere = RelyingParty::of_host("autre.exemple.fr").unwrap();
    assert!(refused(app.sign_in_with_passkey(&client, &elsewhere, &signed)));
    assert!(refused(app.prove_with_passkey(&session, &client, &site(), &signed)), "asked for a sign-in");
    app.sign_in_with_passkey(&client, &site(), &signed).expect("the true one");
    assert!(refused(app.sign_in_with_passkey(&client, &site(), &signed)), "a second time");
    let made_up = BASE64URL_NOPAD.encode(&[7; 48]);
    assert!(refused(app.sign_in_with_passkey(&client, &site(), &key.sign(&made_up))));

    let ask = app.ask_passkey(&session, &site()).unwrap().expect("a passkey to prove with");
    assert_eq!(ask.held.len(), 1);
    let proved = key.sign(&ask.challenge);
    assert!(refused(app.prove_with_passkey(&other, &client, &site(), &proved)), "another session's");
    app.prove_with_passkey(&session, &client, &site(), &proved).expect("its own");
    assert!(app.ask_passkey(&session, &elsewhere).unwrap().is_none());
}

#[test]
fn a_counter_that_goes_back_opens_nothing_and_is_told() {
    let instance = Instance::new(73);
    let app = instance.app();
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let session = enter(app, "anne@exemple.fr");
    let mut key = Authenticator::at("desk.exemple.fr", true);
    hold(app, &session, &mut key).unwrap();
    sign_in(app, &mut key).expect("counts on");
    key.counter = 0;
    assert!(refused(sign_in(app, &mut key)));
    let acts = app.security_acts_of(&session).unwrap();
    assert!(acts.iter().any(|line| line.act == SecurityAct::PasskeyRefused));

    // One that does not count at all says zero each time.
    let mut still = Authenticator::at("desk.exemple.fr", true);
    still.counting = false;
    hold(app, &session, &mut still).unwrap();
    assert!(sign_in(app, &mut still).is_ok() && sign_in(app, &mut still).is_ok());
}

#[test]
fn false_signatures_wait_with_wrong_passwords_and_hold_nobody_else_back() {
    let instance = Instance::new(74);
    let app = instance.app();
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let session = enter(app, "anne@exemple.fr");
    let mut key = Authenticator::at("desk.exemple.fr", true);
    hold(app, &session, &mut key).unwrap();
    let away = Client { address: Some("192.0.2.7".parse().unwrap()), device: String::new() };
    let mut waits = false;
    for _ in 0..31 {
        let mut unknown = Authenticator::at("desk.exemple.fr", true);
        let ask = app.ask_any_passkey().unwrap();
        let answer = app.sign_in_with_passkey(&away, &site(), &unknown.sign(&ask.challenge));
        waits = matches!(answer, Err(AppError::Busy));
    }
    assert!(waits, "thirty from one address");
    assert!(matches!(app.sign_in_from(&away, "anne@exemple.fr", PASSWORD, None), Err(AppError::Busy)));
    assert!(sign_in(app, &mut key).is_ok(), "from elsewhere");
}

#[test]
fn a_person_who_lost_everything_has_no_passkey_left() {
    let instance = Instance::new(75);
    let app = instance.app();
    let person = NewPerson {
        email: "anne@exemple.fr".into(),
        name: "Anne Vidal".into(),
        role: Role::Technician,
        customer: None,
    };
    let link = app.invite_as_operator(&person).unwrap();
    app.use_link(&Client::default(), &link.code, PASSWORD).unwrap();
    let mut key = Authenticator::at("desk.exemple.fr", true);
    hold(app, &enter(app, "anne@exemple.fr"), &mut key).unwrap();
    let password = app.offer_recovery_as_operator(link.account, false).unwrap();
    let used = app.use_link(&Client::default(), &password.code, "un autre cheval mange du foin").unwrap();
    assert_eq!(used.purpose, Purpose::Password);
    assert!(sign_in(app, &mut key).is_ok(), "the passkey stays");
    let all = app.offer_recovery_as_operator(link.account, true).unwrap();
    app.use_link(&Client::default(), &all.code, PASSWORD).unwrap();
    assert!(refused(sign_in(app, &mut key)));
    assert!(enter(app, "anne@exemple.fr").must_enrol);
}
