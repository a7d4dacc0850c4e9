//! When what a provider calls a person is tied to their account, and what that closes.

use app::accounts::openid::Arrival;
use app::accounts::{Client, NewAccount, NewPerson};
use app::{App, AppError, Role, Settings, clock, entropy};
use base::id::AccountId;
use serde_json::json;
use std::sync::Arc;
use testkit::Instance;

use crate::provider::{Fake, PASSWORD, add, arrive, code_of, depart, enters, open};

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// The code of an application, some steps from now: each serves once.
fn code(steps: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(SECRET).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
}

fn technician_with_codes(app: &App) -> AccountId {
    let (email, name, role) = ("ines@exemple.fr", "Inès Roy", Role::Technician);
    let new = NewAccount { email, name, password: PASSWORD, role, customer: None, totp_secret: Some(SECRET) };
    app.add_account(&new).expect("a new account")
}

fn code_wanted(app: &App, fake: &Fake, subject: &str) -> String {
    match arrive(app, &depart(app, fake, subject, "ines@exemple.fr")) {
        Ok(Arrival::CodeWanted { sealed }) => sealed,
        other => panic!("our own code is asked for: {}", code_of(other)),
    }
}

#[test]
fn nobody_is_tied_before_both_factors_are_given() {
    let instance = Instance::new(88);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let ines = technician_with_codes(app);
    // Somebody who has the address at the provider, and not the phone.
    let other = code_wanted(app, &fake, "s-other");
    let (here, there) = (code_wanted(app, &fake, "s-1"), code_wanted(app, &fake, "s-1"));
    let client = Client::default();
    let (opened, _) = app.arrive_with_code(&client, &here, &code(-1)).expect("nothing was tied before");
    assert_eq!(opened.principal.account, ines);
    let again = app.arrive_with_code(&client, &there, &code(0));
    assert_eq!(code_of(again), "opened", "the same person, by another window");
    let late = app.arrive_with_code(&client, &other, &code(1));
    assert_eq!(code_of(late), "sign_in.unknown", "the account is somebody else's");
    assert_eq!(enters(app, &fake, "s-other", "ines@exemple.fr"), "sign_in.unknown", "and no code is asked");
}

#[test]
fn whoever_came_in_by_a_provider_has_no_invitation_left_to_steal() {
    let instance = Instance::new(89);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let invited = |email: &str| {
        let customer = Some(instance.customer(&email.replace(['@', '.'], "-")));
        let role = Role::CustomerUser;
        let person = NewPerson { email: email.to_owned(), name: "Anne Vidal".to_owned(), role, customer };
        app.invite_as_operator(&person).unwrap()
    };
    let (anne, paul) = (invited("anne@exemple.fr"), invited("paul@exemple.fr"));
    let lost = app.offer_recovery_as_operator(paul.account, true).unwrap();
    assert_eq!(enters(app, &fake, "s-1", "anne@exemple.fr"), "opened");
    assert!(matches!(app.invited(&anne.code), Err(AppError::NotFound)));
    assert_eq!(enters(app, &fake, "s-2", "paul@exemple.fr"), "opened");
    assert!(app.invited(&lost.code).is_ok(), "what was asked for since stays");
}

#[test]
fn a_password_alone_lets_nobody_add_a_factor_where_a_provider_lets_in() {
    let mut instance = Instance::new(90);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    add(app, "ines@exemple.fr", Role::Technician, &instance);
    let by_password = |app: &App, email: &str| app.sign_in(email, PASSWORD, None);
    assert!(by_password(app, "ines@exemple.fr").is_ok(), "to add a factor: nothing else lets them in");
    for (subject, email) in [("s-1", "anne@exemple.fr"), ("s-2", "ines@exemple.fr")] {
        assert_eq!(enters(app, &fake, subject, email), "opened");
    }
    assert!(by_password(app, "anne@exemple.fr").is_ok(), "the customer's people owe no second factor");
    assert!(matches!(by_password(app, "ines@exemple.fr"), Err(AppError::Unauthenticated)));

    let flow = depart(app, &fake, "s-2", "ines@exemple.fr");
    fake.0.lock().unwrap().claims["amr"] = json!(["mfa"]);
    let Ok(Arrival::Opened { opened, .. }) = arrive(app, &flow) else { panic!("both factors") };
    let session = app.session(&opened.token).unwrap().unwrap();
    app.prove(&session, &Client::default(), PASSWORD, None).expect("whoever is in may prove it again");

    let settings = Settings {
        host: "test.example".into(),
        clock: Arc::new(clock::Set::at("2026-02-16T09:00:00Z".parse().unwrap())),
        entropy: Arc::new(entropy::Seeded::new(5)),
    };
    instance.close();
    let alone = App::open(&instance.data(), settings).unwrap();
    assert!(
        by_password(&alone, "ines@exemple.fr").is_ok(),
        "a provider that is served no more locks nobody out"
    );
    open(&alone, &fake, |provider| provider.domains = vec!["ailleurs.fr".into()]);
    assert_eq!(enters(&alone, &fake, "s-2", "ines@exemple.fr"), "sign_in.unknown");
    assert!(by_password(&alone, "ines@exemple.fr").is_ok(), "nor one that was narrowed since");
}
