//! Signing in through a provider of identity, by one that can be told to lie.

mod provider;
mod ties;
mod untie;

use app::accounts::Client;
use app::accounts::openid::{Arrival, OpenId};
use app::{AppError, Role};
use events::SecurityAct;
use provider::{Fake, ISSUER, Lies, PASSWORD, SITE, add, arrive, code_of, depart, enters, open, provider};
use serde_json::{Value, json};
use testkit::Instance;

#[test]
fn a_known_person_is_tied_by_an_address_once_then_by_the_provider_s_own_name() {
    let instance = Instance::new(80);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    let anne = add(app, "anne@exemple.fr", Role::CustomerManager, &instance);
    let Ok(Arrival::Opened { opened, back }) = arrive(app, &depart(app, &fake, "s-1", "Anne@Exemple.fr"))
    else {
        panic!("known, vouched for, and owing no second factor")
    };
    assert_eq!((opened.principal.account, back.as_str()), (anne, "/c"));
    let session = app.session(&opened.token).unwrap().expect("a session");
    let acts: Vec<_> =
        app.security_acts_of(&session).unwrap().into_iter().map(|l| (l.act, l.words)).collect();
    let house = || Some("La maison".to_owned());
    assert!(acts.contains(&(SecurityAct::IdentityLinked, house())), "{acts:?}");
    assert!(acts.contains(&(SecurityAct::SignedIn, house())), "{acts:?}");

    assert_eq!(enters(app, &fake, "s-1", "another@exemple.fr"), "opened", "the same person, moved");
    assert_eq!(enters(app, &fake, "s-2", "anne@exemple.fr"), "sign_in.unknown", "the address of another now");
    assert_eq!(enters(app, &fake, "s-3", "nobody@exemple.fr"), "sign_in.unknown");
    app.disable_account_as_operator(anne, true).unwrap();
    assert_eq!(enters(app, &fake, "s-1", "anne@exemple.fr"), "sign_in.unknown");
}

#[test]
fn an_address_that_nobody_vouches_for_ties_nothing() {
    let instance = Instance::new(81);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    for said in [json!(false), json!("false"), Value::Null] {
        let flow = depart(app, &fake, "s-1", "anne@exemple.fr");
        if said.is_null() {
            fake.0.lock().unwrap().claims.as_object_mut().unwrap().remove("email_verified");
        } else {
            fake.0.lock().unwrap().claims["email_verified"] = said.clone();
        }
        assert_eq!(code_of(arrive(app, &flow)), "sign_in.unknown", "{said}");
    }
    // Said apart from the token, of somebody else, then of the same person.
    for (subject, then) in [("s-9", "sign_in.unknown"), ("s-1", "opened")] {
        let flow = depart(app, &fake, "s-1", "");
        let mut lies = fake.0.lock().unwrap();
        lies.claims.as_object_mut().unwrap().remove("email");
        lies.user = json!({"sub": subject, "email": "anne@exemple.fr", "email_verified": "true"});
        drop(lies);
        assert_eq!(code_of(arrive(app, &flow)), then);
    }
}

#[test]
fn a_provider_opens_the_accounts_of_its_customer_and_its_domains_only() {
    let instance = Instance::new(82);
    let (app, fake) = (instance.app(), Fake::new());
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    add(app, "paul@autre.exemple", Role::CustomerUser, &instance);
    add(app, "ines@exemple.fr", Role::Technician, &instance);
    open(app, &fake, |provider| {
        provider.customer = Some("anne-exemple-fr".into());
        provider.domains = vec!["exemple.fr".into(), "autre.exemple".into()];
    });
    assert_eq!(enters(app, &fake, "s-1", "anne@exemple.fr"), "opened");
    assert_eq!(enters(app, &fake, "s-2", "ines@exemple.fr"), "sign_in.unknown", "the provider's own staff");
    assert_eq!(enters(app, &fake, "s-3", "paul@autre.exemple"), "sign_in.unknown", "another customer's");
}

#[test]
fn a_token_that_is_not_for_us_now_and_here_is_not_believed() {
    let instance = Instance::new(83);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let now = jiff::Timestamp::now().as_second();
    let claims: [(&str, Value); 7] = [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another")),
        ("aud", json!(["regisseur", "another"])),
        ("azp", json!("another")),
        ("exp", json!(now - 61)),
        ("iat", json!(now + 600)),
        ("nonce", json!("another")),
    ];
    for (claim, value) in claims {
        let flow = depart(app, &fake, "s-1", "anne@exemple.fr");
        fake.0.lock().unwrap().claims[claim] = value.clone();
        assert_eq!(code_of(arrive(app, &flow)), "sign_in.unreachable", "{claim} {value}");
    }
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256", "kid": "one"}),
        json!({"alg": "RS256", "kid": "one"}),
        json!({"alg": "EdDSA", "kid": "two"}),
        json!({"alg": "EdDSA", "kid": "one", "crit": ["x"]}),
    ] {
        let flow = depart(app, &fake, "s-1", "anne@exemple.fr");
        let kept = std::mem::replace(&mut fake.0.lock().unwrap().header, header.clone());
        assert_eq!(code_of(arrive(app, &flow)), "sign_in.unreachable", "{header}");
        fake.0.lock().unwrap().header = kept;
    }
    let flow = depart(app, &fake, "s-1", "anne@exemple.fr");
    let other = depart(app, &fake, "s-1", "anne@exemple.fr");
    assert_ne!(flow.nonce, other.nonce);
    let client = Client::default();
    let mixed = app.arrive(&client, "maison", &flow.sealed, &other.state, "code", None);
    assert_eq!(code_of(mixed), "sign_in.late", "another browser's state");
    let none = app.arrive(&client, "maison", "", &other.state, "code", None);
    assert_eq!(code_of(none), "sign_in.late");
    let injected = app.arrive(&client, "maison", &flow.sealed, &flow.state, "code", None);
    assert_eq!(code_of(injected), "sign_in.unreachable", "a code of another departure: PKCE");
    let mixed =
        app.arrive(&client, "maison", &other.sealed, &other.state, "code", Some("https://evil.example"));
    assert_eq!(code_of(mixed), "sign_in.unreachable", "another issuer's answer");
    let right = app.arrive(&client, "maison", &other.sealed, &other.state, "code", Some(ISSUER));
    assert_eq!(code_of(right), "opened");
    assert!(matches!(app.depart("inconnu", "/"), Err(AppError::NotFound)));
}

#[test]
fn staff_owe_a_second_factor_unless_the_provider_asked_for_it() {
    let instance = Instance::new(84);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "ines@exemple.fr", Role::Technician, &instance);
    let Ok(Arrival::Opened { opened, .. }) = arrive(app, &depart(app, &fake, "s-1", "ines@exemple.fr"))
    else {
        panic!("to enrol")
    };
    let weak = app.session(&opened.token).unwrap().unwrap();
    assert!(weak.must_enrol, "one factor, and none of ours: nothing but the enrolment");

    let strong = depart(app, &fake, "s-1", "ines@exemple.fr");
    fake.0.lock().unwrap().claims["amr"] = json!(["pwd", "mfa"]);
    let Ok(Arrival::Opened { opened, .. }) = arrive(app, &strong) else { panic!("both factors") };
    assert!(!app.session(&opened.token).unwrap().unwrap().must_enrol);

    let shown = app.begin_second_factor(&weak).unwrap();
    let codes = |steps: i64| {
        let secret = totp_rs::Secret::try_from_base32(&shown.secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
    };
    app.confirm_second_factor(&weak, &weak.recent_proof().unwrap(), &shown.sealed, &codes(-1)).unwrap();
    let Ok(Arrival::CodeWanted { sealed }) = arrive(app, &depart(app, &fake, "s-1", "ines@exemple.fr"))
    else {
        panic!("our own code is asked for")
    };
    let client = Client::default();
    for wrong in ["", "000000"] {
        assert!(matches!(app.arrive_with_code(&client, &sealed, wrong), Err(AppError::Unauthenticated)));
    }
    assert_eq!(code_of(app.arrive_with_code(&client, "x", &codes(0))), "sign_in.late");
    let (opened, back) = app.arrive_with_code(&client, &sealed, &codes(0)).expect("the right one");
    assert_eq!(back, "/c");
    assert!(app.session(&opened.token).unwrap().unwrap().has_second_factor);
    for _ in 0..6 {
        let _ = app.arrive_with_code(&client, &sealed, "000000");
    }
    assert!(matches!(app.arrive_with_code(&client, &sealed, &codes(1)), Err(AppError::Busy)), "as passwords");
}

#[test]
fn a_provider_that_calls_itself_otherwise_is_not_asked() {
    let instance = Instance::new(85);
    let (app, fake) = (instance.app(), Fake::new());
    fake.0.lock().unwrap().metadata["issuer"] = json!("https://evil.example");
    open(app, &fake, |_| {});
    assert_eq!(code_of(app.depart("maison", "/")), "sign_in.unreachable");
}

#[test]
fn false_codes_and_false_tokens_wait_with_wrong_passwords_but_a_silent_provider_holds_nobody_back() {
    let instance = Instance::new(86);
    let (app, fake) = (instance.app(), Fake::new());
    open(app, &fake, |_| {});
    add(app, "anne@exemple.fr", Role::CustomerUser, &instance);
    let at = |last: u8| Client { address: Some([192, 0, 2, last].into()), device: String::new() };
    let tried = |client: &Client, code: &str, spoil: &dyn Fn(&mut Lies)| {
        let flow = depart(app, &fake, "s-1", "anne@exemple.fr");
        spoil(&mut fake.0.lock().unwrap());
        let answer = app.arrive(client, "maison", &flow.sealed, &flow.state, code, None);
        matches!(answer, Err(AppError::Busy))
    };
    let waits = |client: &Client, code: &str, spoil: &dyn Fn(&mut Lies)| {
        let early = (0..30).any(|_| tried(client, code, spoil));
        assert!(!early, "thirty are heard");
        tried(client, code, spoil)
    };
    assert!(waits(&at(1), "false", &|_| {}), "false codes");
    assert!(waits(&at(2), "code", &|lies| lies.claims["nonce"] = json!("another")), "false tokens");
    assert!(matches!(app.sign_in_from(&at(1), "anne@exemple.fr", PASSWORD, None), Err(AppError::Busy)));
    assert!(!waits(&at(3), "code", &|lies| lies.silent = true), "a provider that does not answer");
}

#[test]
fn an_issuer_in_https_sends_nobody_and_nothing_elsewhere_in_the_clear() {
    let instance = Instance::new(87);
    let app = instance.app();
    let services = ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"];
    let providers = services.map(|endpoint| {
        let fake = Fake::new();
        let kept = fake.0.lock().unwrap().metadata[endpoint].as_str().unwrap().replace("https:", "http:");
        fake.0.lock().unwrap().metadata[endpoint] = json!(kept);
        provider(&fake, endpoint)
    });
    let honest = provider(&Fake::new(), "honest");
    app.open_to(OpenId::new(SITE, providers.into_iter().chain([honest]).collect()));
    for endpoint in services {
        assert_eq!(code_of(app.depart(endpoint, "/")), "sign_in.unreachable", "{endpoint}");
    }
    assert!(app.depart("honest", "/").is_ok());
}
