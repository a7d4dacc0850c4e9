//! Passwords, second factors, sessions and tokens: what each opens, and what ends it.

use app::accounts::{Client, NewAccount, Session};
use app::{App, AppError, Role};
use base::id::AccountId;
use jiff::Timestamp;
use testkit::Instance;
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "trois chevaux mangent des nouilles";

fn add(app: &App, email: &str, role: Role, instance: &Instance) -> AccountId {
    let customer = (!role.is_provider()).then(|| instance.customer(&email.replace(['@', '.'], "-")));
    let new = NewAccount { email, name: "Anne Vidal", password: PASSWORD, role, customer, totp_secret: None };
    app.add_account(&new).expect("a new account")
}

fn enter(app: &App, email: &str, code: Option<&str>) -> Session {
    let opened = app.sign_in(email, PASSWORD, code).expect("the right credentials");
    app.session(&opened.token).expect("readable").expect("a live session")
}

/// The code of this many steps from now; each serves once, and neighbours are taken.
fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(u64::try_from(Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
}

/// Enrols with the code of the step before, so that the present one may be used next.
fn enrol(app: &App, session: &Session) -> (String, Vec<String>) {
    let shown = app.begin_second_factor(session).expect("none yet");
    let proof = session.recent_proof().expect("just signed in");
    let codes = app.confirm_second_factor(session, &proof, &shown.sealed, &code(&shown.secret, -1));
    (shown.secret, codes.expect("the right code"))
}

fn field<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    }
}

fn refused<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::Unauthenticated))
}

#[test]
fn staff_without_a_second_factor_reach_its_enrolment_and_nothing_else() {
    let instance = Instance::new(60);
    let app = instance.app();
    let anne = add(app, "anne@exemple.fr", Role::Technician, &instance);
    let session = enter(app, "anne@exemple.fr", None);
    assert!(session.must_enrol && !session.has_second_factor);
    assert!(matches!(app.add_token(anne, "x"), Err(AppError::SecondFactorMissing)));
    let proof = session.recent_proof().unwrap();
    assert!(matches!(app.issue_token(&session, &proof, "x", 30), Err(AppError::SecondFactorMissing)));

    assert!(
        refused(app.authenticate(&Client::default(), "anne@exemple.fr", PASSWORD, None)),
        "nor sign beside somebody"
    );
    let elsewhere = app.sign_in("anne@exemple.fr", PASSWORD, None).unwrap();
    let shown = app.begin_second_factor(&session).unwrap();
    assert!(shown.uri.contains("anne%40exemple.fr") && shown.uri.contains(&shown.secret));
    assert_eq!(field(app.confirm_second_factor(&session, &proof, &shown.sealed, "000000")), "code");
    assert_eq!(app.resume_second_factor(&session, &shown.sealed).unwrap().secret, shown.secret);
    let secret = shown.secret;
    let first = code(&secret, -1);
    let codes = app.confirm_second_factor(&session, &proof, &shown.sealed, &first).unwrap();
    assert_eq!(codes.len(), 10);
    assert!(app.session(&elsewhere.token).unwrap().is_none(), "a session that never gave the factor ends");
    assert!(matches!(app.begin_second_factor(&session), Err(AppError::Refused(_))));

    assert!(refused(app.sign_in("anne@exemple.fr", PASSWORD, None)), "the password is no longer enough");
    assert!(refused(app.sign_in("anne@exemple.fr", PASSWORD, Some(&first))), "a code serves once");
    let now = code(&secret, 0);
    let session = enter(app, "anne@exemple.fr", Some(&now));
    assert!(session.has_second_factor && !session.must_enrol);
    let token = app.issue_token(&session, &session.recent_proof().unwrap(), "supervision", 30).unwrap();
    assert_eq!(app.bearer(&token).unwrap().account, anne);

    // Without its factor again, the account's tokens are gone.
    let next = code(&secret, 1);
    let client = Client::default();
    assert!(refused(app.remove_second_factor(&session, &client, "un autre mot de passe", &next)));
    app.remove_second_factor(&session, &client, PASSWORD, &next).unwrap();
    assert!(refused(app.bearer(&token)));
    assert!(enter(app, "anne@exemple.fr", None).must_enrol);
}

#[test]
fn the_customer_s_people_choose_and_another_s_secret_is_not_theirs() {
    let instance = Instance::new(61);
    let app = instance.app();
    let claire = add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    add(app, "luc@exemple.fr", Role::CustomerUser, &instance);
    let (session, other) = (enter(app, "claire@exemple.fr", None), enter(app, "luc@exemple.fr", None));
    assert!(!session.must_enrol);
    assert!(app.add_token(claire, "export").is_ok_and(|token| app.bearer(&token).is_ok()));
    let shown = app.begin_second_factor(&session).unwrap();
    let proof = other.recent_proof().unwrap();
    let right = code(&shown.secret, 0);
    let token = app.add_token(claire, "supervision").unwrap();
    assert_eq!(field(app.confirm_second_factor(&other, &proof, &shown.sealed, &right)), "sealed");
    assert_eq!(field(app.confirm_second_factor(&other, &proof, "AAAA", &right)), "sealed");
    app.bearer(&token).unwrap();
    app.confirm_second_factor(&session, &session.recent_proof().unwrap(), &shown.sealed, &right).unwrap();
    assert!(refused(app.bearer(&token)), "made without the factor, it goes when the factor comes");
}

#[test]
fn a_recovery_code_replaces_a_lost_phone_once() {
    let instance = Instance::new(62);
    let app = instance.app();
    add(app, "anne@exemple.fr", Role::ServiceManager, &instance);
    let (_, codes) = enrol(app, &enter(app, "anne@exemple.fr", None));
    let session = enter(app, "anne@exemple.fr", Some(&codes[0].to_lowercase()));
    assert_eq!(app.recovery_codes_left(&session).unwrap(), 9);
    assert!(refused(app.sign_in("anne@exemple.fr", PASSWORD, Some(&codes[0]))));
    let renewed = app.renew_recovery_codes(&session, &session.recent_proof().unwrap()).unwrap();
    assert!(refused(app.sign_in("anne@exemple.fr", PASSWORD, Some(&codes[1]))), "replaced");
    enter(app, "anne@exemple.fr", Some(&renewed[9].replace('-', "")));
}

#[test]
fn a_password_changes_with_the_present_one_and_ends_the_other_sessions() {
    let instance = Instance::new(63);
    let app = instance.app();
    add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    let (session, client) = (enter(app, "claire@exemple.fr", None), Client::default());
    let elsewhere = app.sign_in("claire@exemple.fr", PASSWORD, None).unwrap();
    let token = app.issue_token(&session, &session.recent_proof().unwrap(), "export", 30).unwrap();
    let next = "une échelle sous le vieux figuier";
    assert!(refused(app.change_password(&session, &client, "pas le bon du tout", next)));
    for weak in ["trop court", "motdepasse2026!!", "AnneVidal-exemple-2026", "azertyuiopqsdfghjklm"] {
        assert_eq!(field(app.change_password(&session, &client, PASSWORD, weak)), "password", "{weak}");
    }
    app.bearer(&token).expect("a refused change ends nothing");
    app.change_password(&session, &client, PASSWORD, next).unwrap();
    assert!(refused(app.bearer(&token)), "who knew the old password may have made it");
    assert!(app.session(&elsewhere.token).unwrap().is_none());
    assert_eq!(app.sessions_of(&session).unwrap().len(), 1, "the one that changed it goes on");
    assert!(refused(app.sign_in("claire@exemple.fr", PASSWORD, None)));
    app.sign_in("claire@exemple.fr", next, None).unwrap();
}

#[test]
fn sessions_and_tokens_are_their_owner_s_to_see_and_to_end() {
    let instance = Instance::new(64);
    let app = instance.app();
    add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    add(app, "luc@exemple.fr", Role::CustomerUser, &instance);
    let session = enter(app, "claire@exemple.fr", None);
    let client = Client { device: "Firefox, Linux".into(), ..Client::default() };
    let away = app.sign_in_from(&client, "claire@exemple.fr", PASSWORD, None).unwrap();
    let stranger = enter(app, "luc@exemple.fr", None);

    let listed = app.sessions_of(&session).unwrap();
    let named = listed.iter().find(|s| s.device == "Firefox, Linux").unwrap();
    assert_eq!((listed.len(), named.current), (2, false));
    assert!(matches!(app.end_session(&stranger, &named.id), Err(AppError::NotFound)));
    assert!(app.session(&away.token).unwrap().is_some());
    app.end_session(&session, &named.id).unwrap();
    assert!(app.session(&away.token).unwrap().is_none());
    assert!(matches!(app.end_session(&session, &named.id), Err(AppError::NotFound)));

    let proof = session.recent_proof().unwrap();
    assert_eq!(field(app.issue_token(&session, &proof, " ", 30)), "label");
    assert_eq!(field(app.issue_token(&session, &proof, "export", 366)), "days");
    let token = app.issue_token(&session, &proof, "export", 30).unwrap();
    app.bearer(&token).unwrap();
    let [listed] = app.tokens_of(&session).unwrap().try_into().unwrap();
    assert!(listed.label == "export" && listed.last_used.is_some() && listed.expires.is_some());
    assert!(app.tokens_of(&stranger).unwrap().is_empty());
    let id = listed.id.to_string();
    assert!(matches!(app.revoke_token(&stranger, &id), Err(AppError::NotFound)));
    app.revoke_token(&session, &id).unwrap();
    assert!(refused(app.bearer(&token)));
}

#[test]
fn a_guesser_learns_nothing_and_the_owner_still_comes_in() {
    let instance = Instance::new(65);
    let app = instance.app();
    add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    let home = Client { address: Some("192.0.2.1".parse().unwrap()), ..Client::default() };
    let away = Client { address: Some("198.51.100.1".parse().unwrap()), ..Client::default() };
    app.sign_in_from(&home, "claire@exemple.fr", PASSWORD, None).unwrap();
    let answers = |email: &str| -> Vec<String> {
        let told = |n: u32| {
            let guess = format!("guess number {n}");
            app.sign_in_from(&away, email, &guess, None).err().map(|e| e.to_string()).unwrap_or_default()
        };
        (0..6).map(told).collect()
    };
    let beside = app.authenticate(&away, "claire@exemple.fr", "pas le bon du tout", None);
    assert!(refused(beside), "signing beside somebody counts where it comes from");
    assert!(refused(app.authenticate(&away, "personne@exemple.fr", "pas le bon du tout", None)));
    assert_eq!(answers("claire@exemple.fr"), answers("personne@exemple.fr"));
    let locked = app.sign_in_from(&away, "claire@exemple.fr", PASSWORD, None);
    assert!(matches!(locked, Err(AppError::Busy)), "even the right password waits there");
    assert_eq!(app.sign_in_wait(&away, "Claire@exemple.fr "), 1);
    app.sign_in_from(&home, "claire@exemple.fr", PASSWORD, None).expect("the owner, at home");
}

#[test]
fn a_session_is_proved_again_by_its_own_person_only() {
    let instance = Instance::new(66);
    let app = instance.app();
    add(app, "claire@exemple.fr", Role::CustomerManager, &instance);
    let opened = app.sign_in("claire@exemple.fr", PASSWORD, None).unwrap();
    // As five minutes later: nothing in the product waits, so the row is aged by hand.
    let age = |micros: i64| {
        let file = rusqlite::Connection::open(instance.data().join("instance.db")).unwrap();
        file.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        file.execute("UPDATE session SET proved = proved - ?1", [micros]).unwrap();
        app.session(&opened.token).unwrap().unwrap()
    };
    assert!(age(4 * 60_000_000).recent_proof().is_some());
    let stale = age(60_000_000);
    assert!(stale.recent_proof().is_none());
    let client = Client::default();
    assert!(refused(app.prove(&stale, &client, "pas le bon du tout", None)));
    assert!(age(0).recent_proof().is_none());
    app.prove(&stale, &client, PASSWORD, None).unwrap();
    assert!(age(0).recent_proof().is_some());
}

#[test]
fn a_demonstration_says_that_its_staff_need_no_second_factor() {
    let folder = std::env::temp_dir().join(format!("regisseur-optional-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let open = || App::open(&folder, app::Settings::real("test.example")).unwrap();
    let demo = open().with_optional_second_factor();
    let new = NewAccount {
        email: "anne@exemple.fr",
        name: "Anne",
        password: PASSWORD,
        role: Role::ProviderAdmin,
        customer: None,
        totp_secret: None,
    };
    let token = demo.add_token(demo.add_account(&new).unwrap(), "demo").unwrap();
    assert!(demo.second_factor_is_optional() && demo.bearer(&token).is_ok());
    assert!(!enter(&demo, "anne@exemple.fr", None).must_enrol);
    drop(demo);
    let real = open();
    assert!(matches!(real.bearer(&token), Err(AppError::SecondFactorMissing)), "the same folder, served");
    assert!(enter(&real, "anne@exemple.fr", None).must_enrol);
    drop(real);
    let _ = std::fs::remove_dir_all(&folder);
}
