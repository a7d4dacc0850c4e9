//! Untying an account from a provider: what it ends, and where no other way in would be left.

#[path = "../common/authenticator.rs"]
mod authenticator;

use app::accounts::openid::{Arrival, Left, OpenId, TiedIdentity};
use app::accounts::passkeys::RelyingParty;
use app::accounts::{Client, NewAccount, NewPerson, Session};
use app::{App, AppError, Role};
use authenticator::Authenticator;
use events::SecurityAct;
use serde_json::json;
use testkit::Instance;

use crate::provider::{Fake, ISSUER, PASSWORD, SITE, add, arrive, code_of, depart, enters, open, provider};

const ELSEWHERE: &str = "https://login.ailleurs.example";

fn site() -> RelyingParty {
    RelyingParty::of_host("desk.exemple.fr").unwrap()
}

/// In by the provider, which says that it asked for these proofs.
fn comes_in(app: &App, fake: &Fake, subject: &str, email: &str, amr: &[&str]) -> Session {
    let flow = depart(app, fake, subject, email);
    fake.0.lock().unwrap().claims["amr"] = json!(amr);
    let Ok(Arrival::Opened { opened, .. }) = arrive(app, &flow) else { panic!("{email} comes in") };
    app.session(&opened.token).unwrap().expect("a session")
}

fn untie(app: &App, session: &Session, issuer: &str) -> String {
    let proof = session.recent_proof().expect("just come in");
    match app.untie_identity(session, &proof, &Client::default(), Some(&site()), issuer) {
        Ok(()) => "untied".into(),
        refused => code_of(refused),
    }
}

fn tied(app: &App, session: &Session) -> Vec<TiedIdentity> {
    app.identities_of(session, Some(&site())).unwrap()
}

fn left(app: &App, session: &Session) -> Vec<Left> {
    tied(app, session).iter().map(|tied| tied.left).collect()
}

fn hold(app: &App, session: &Session, site: &str) {
    let mut key = Authenticator::at(site, true);
    let site = RelyingParty::of_host(site).unwrap();
    let offer = app.offer_passkey(session, &site).unwrap();
    let made = key.register(&offer.challenge, &offer.user);
    app.add_passkey(session, &session.recent_proof().unwrap(), &site, "Téléphone", &made).unwrap();
}

#[test]
fn what_was_tied_is_shown_and_untied_and_its_sessions_and_tokens_end() {
    let instance = Instance::new(91);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let before = jiff::Timestamp::now();
    let first = comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    let [shown] = &tied(app, &first)[..] else { panic!("one provider") };
    assert_eq!((shown.issuer.as_str(), shown.name.as_deref()), (ISSUER, Some("La maison")));
    assert!(before <= shown.since && shown.last_used == Some(shown.since), "{shown:?}");

    let here = comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    assert!(tied(app, &here)[0].last_used.unwrap() > shown.since, "each entry is a use");
    let token = app.issue_token(&first, &first.recent_proof().unwrap(), "essai", 30).unwrap();
    assert!(app.bearer(&token).is_ok());
    assert_eq!(untie(app, &here, ELSEWHERE), AppError::NotFound.to_string());
    assert_eq!(untie(app, &here, ISSUER), "untied");
    assert_eq!(tied(app, &here), []);
    assert!(app.session_still(&first).unwrap().is_none(), "another session may be in other hands");
    assert!(app.session_still(&here).unwrap().is_some());
    assert!(app.bearer(&token).is_err(), "and so may a token");
    assert_eq!(untie(app, &here, ISSUER), AppError::NotFound.to_string(), "once");

    let acts = app.security_acts_of(&here).unwrap();
    let told: Vec<_> = acts.iter().filter(|l| l.act == SecurityAct::IdentityUntied).collect();
    assert_eq!(told.len(), 1, "only what was done");
    assert_eq!(told[0].words.as_deref(), Some(ISSUER));

    assert_eq!(
        enters(app, &fake, "s-2", "anne@exemple.fr"),
        "opened",
        "the address is free to be tied again"
    );
}

#[test]
fn nobody_unties_their_only_way_in() {
    let instance = Instance::new(92);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let customer = Some(instance.customer("garonne"));
    let (email, name) = ("anne@exemple.fr".to_owned(), "Anne Vidal".to_owned());
    let invited =
        app.invite_as_operator(&NewPerson { email, name, role: Role::CustomerUser, customer }).unwrap();
    let anne = comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    assert_eq!(left(app, &anne), [Left::Nothing], "nobody ever chose a password");
    assert_eq!(untie(app, &anne, ISSUER), "identity.last");
    assert_eq!(tied(app, &anne).len(), 1, "nothing was undone");
    hold(app, &anne, "ancien.exemple.fr");
    assert_eq!(untie(app, &anne, ISSUER), "identity.last", "a passkey for another name opens nothing here");
    hold(app, &anne, "desk.exemple.fr");
    assert_eq!(untie(app, &anne, ISSUER), "untied");
    let remove = |of: &str| {
        let held = app.passkeys_of(&anne).unwrap();
        let key = held.iter().find(|key| key.site == of).expect("held");
        let proof = anne.recent_proof().unwrap();
        match app.remove_passkey(&anne, &proof, Some(&site()), &key.id.to_string()) {
            Ok(()) => "removed".into(),
            refused => code_of(refused),
        }
    };
    assert_eq!(remove("desk.exemple.fr"), "passkey.last", "whatever the order of acts, a way in stays");
    assert_eq!(remove("ancien.exemple.fr"), "removed", "it opened nothing");
    assert_eq!(remove("desk.exemple.fr"), "passkey.last");

    let again = comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    for key in app.passkeys_of(&again).unwrap() {
        app.remove_passkey(&again, &again.recent_proof().unwrap(), Some(&site()), &key.id.to_string())
            .unwrap();
    }
    assert_eq!(left(app, &again), [Left::Nothing]);
    let link = app.offer_recovery_as_operator(invited.account, false).unwrap();
    app.use_link(&Client::default(), &link.code, PASSWORD).unwrap();
    let last = comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    assert_eq!(untie(app, &last, ISSUER), "untied", "a password was chosen since");
}

#[test]
fn staff_keep_two_factors_when_they_untie() {
    let instance = Instance::new(93);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "ines@exemple.fr", Role::Technician, &instance);
    let ines = comes_in(app, &fake, "s-1", "ines@exemple.fr", &["mfa"]);
    assert_eq!(left(app, &ines), [Left::OneFactor]);
    assert_eq!(
        untie(app, &ines, ISSUER),
        "identity.last",
        "a password alone would let its thief add a factor"
    );
    hold(app, &ines, "desk.exemple.fr");
    assert_eq!(left(app, &ines), [Left::Another]);
    assert_eq!(untie(app, &ines, ISSUER), "untied");
}

#[test]
fn another_provider_is_a_way_in_while_it_opens_the_account() {
    for (domain, seed, name, without) in [
        ("exemple.fr", 94, Some("La maison"), [Left::Another, Left::Another]),
        ("autre.exemple", 95, None, [Left::Another, Left::OneFactor]),
    ] {
        let instance = Instance::new(seed);
        let (app, fake) = (instance.app(), Fake::new());
        let mut other = provider(&fake, "ailleurs");
        (other.issuer, other.domains) = (ELSEWHERE.into(), vec![domain.into()]);
        app.open_to(OpenId::new(SITE, vec![provider(&fake, "maison"), other]));
        add(app, "ines@exemple.fr", Role::Technician, &instance);
        let ines = comes_in(app, &fake, "s-1", "ines@exemple.fr", &["mfa"]);
        // Tied on the first day, before its uses were kept.
        let file = rusqlite::Connection::open(instance.data().join("instance.db")).unwrap();
        let row = "INSERT INTO identity (issuer, subject, account, linked) VALUES (?1, 's-7', ?2, 0)";
        file.execute(row, (ELSEWHERE, ines.principal.account.0.as_bytes().as_slice())).unwrap();
        let shown = tied(app, &ines);
        assert_eq!((shown[0].name.as_deref(), shown[0].last_used), (name, None), "{domain}");
        assert_eq!([shown[0].left, shown[1].left], without, "{domain}");
        let last = if name.is_some() { "untied" } else { "identity.last" };
        assert_eq!(untie(app, &ines, ISSUER), last, "{domain}");
    }
}

#[test]
fn whoever_is_untied_while_a_code_is_awaited_does_not_come_in_by_it() {
    let instance = Instance::new(96);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let code = |steps: i64| {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
    };
    let (email, name, role) = ("ines@exemple.fr", "Inès Roy", Role::Technician);
    let new = NewAccount { email, name, password: PASSWORD, role, customer: None, totp_secret: Some(secret) };
    app.add_account(&new).unwrap();
    let ines = comes_in(app, &fake, "s-1", email, &["mfa"]);
    let Ok(Arrival::CodeWanted { sealed }) = arrive(app, &depart(app, &fake, "s-1", email)) else {
        panic!("our own code is asked for")
    };
    assert_eq!(left(app, &ines), [Left::Another], "a password and a code");
    assert_eq!(untie(app, &ines, ISSUER), "untied");
    assert_eq!(code_of(app.arrive_with_code(&Client::default(), &sealed, &code(0))), "sign_in.unknown");
}

#[test]
fn who_comes_in_otherwise_is_told_how_when_they_ask_for_a_password() {
    let instance = Instance::new(97);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let mailbox = "aide@prestataire.example".to_owned();
    app.exchange_mail(app::mail::MailSettings {
        from: app::mail::Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    let letters = |email: &str| {
        app.forgot_password(&Client::default(), email).unwrap();
        app.letters_to_send(10).unwrap()
    };
    // Staff with a provider and no factor here: a password alone would open nothing.
    add(app, "paul@exemple.fr", Role::Technician, &instance);
    comes_in(app, &fake, "s-9", "paul@exemple.fr", &["mfa"]);
    let [letter] = &letters("paul@exemple.fr")[..] else { panic!("one letter") };
    assert!(letter.text.contains("La maison") && !letter.text.contains("/join/"), "{}", letter.text);
    assert_eq!(letters("paul@exemple.fr"), [], "once a day");
    // A customer's person has a password beside: it is theirs to replace.
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    comes_in(app, &fake, "s-1", "anne@exemple.fr", &[]);
    let [letter] = &letters("anne@exemple.fr")[..] else { panic!("one letter") };
    assert!(letter.text.contains("/join/"), "{}", letter.text);

    // Passwords of these addresses are the directory's from now on.
    app.check_passwords_with(app::accounts::directory::Directory {
        domains: vec!["annuaire.example".into()],
        check: std::sync::Arc::new(|_, _| Ok(app::accounts::directory::Verdict::Right)),
    });
    add(app, "zoe@annuaire.example", Role::CustomerUser, &instance);
    let [letter] = &letters("zoe@annuaire.example")[..] else { panic!("one letter") };
    assert!(letter.text.contains("annuaire de votre organisation") && !letter.text.contains("/join/"));
}
