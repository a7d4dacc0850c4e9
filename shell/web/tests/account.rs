//! One's own account in the browser: forms only, as a person without JavaScript would.

mod common;

use std::sync::{Arc, mpsc};
use std::time::Duration;

use app::Role;
use app::accounts::Client;
use app::accounts::directory::{Directory, Verdict};
use axum::http::StatusCode;
use common::{PASSWORD, Site, value};
use tokio::time::{sleep, timeout};
use totp_rs::{Builder, Secret};
use web::http::Web;

/// More than enough for what is already over.
const SOON: Duration = Duration::from_secs(20);
const CUSTOMERS: [(&str, &str); 1] = [("sologne", "Conserverie de Sologne SAS")];
const PEOPLE: [(&str, &str, Role); 2] = [
    ("sologne", "direction@exemple.fr", Role::CustomerManager),
    ("sologne", "employe@exemple.fr", Role::CustomerUser),
];

fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    totp.generate(u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
}

fn secret_of(page: &str) -> String {
    let shown = page.split("<code class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next());
    shown.expect("the page shows a secret").replace(' ', "")
}

#[tokio::test]
async fn staff_of_a_real_folder_enrol_a_second_factor_before_any_page() {
    let site = Site::strict("enrol", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    for page in ["/", "/c", "/c/sologne", "/c/sologne/journal", "/account", "/help"] {
        let (status, _) = admin.get(page).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    let (_, page) = admin.get("/account/second-factor").await;
    let (csrf, sealed, secret) = (value(&page, "csrf"), value(&page, "sealed"), secret_of(&page));
    assert!(page.contains("<svg class=\"qr\"") && page.contains("avant toute autre page"));
    // What a form would do is refused as the page is.
    let made = [("csrf", csrf.as_str()), ("label", "x"), ("days", "30")];
    let (status, to) = admin.post("/account/tokens", &made).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/account/second-factor"));

    let wrong = [("csrf", csrf.as_str()), ("sealed", sealed.as_str()), ("code", "000000")];
    let (status, page) = admin.post("/account/second-factor", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(secret_of(&page), secret, "a wrong code does not change what was scanned");
    let right = code(&secret, -1);
    let right = [("csrf", csrf.as_str()), ("sealed", sealed.as_str()), ("code", right.as_str())];
    let (status, page) = admin.post("/account/second-factor", &right).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("codes de secours") && !page.contains(&secret));
    assert_eq!(admin.get("/c").await.0, StatusCode::OK, "everything is open now");

    let sign_in = |code: String| {
        let site = &site;
        async move {
            let mut browser = site.nobody();
            let sent = [("email", "admin@exemple.fr"), ("password", PASSWORD), ("code", code.as_str())];
            browser.post("/sign-in", &sent).await.0
        }
    };
    assert_eq!(sign_in(String::new()).await, StatusCode::FORBIDDEN);
    assert_eq!(sign_in(code(&secret, 0)).await, StatusCode::SEE_OTHER);
    let first = page.split("<li><code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    assert_eq!(sign_in(first.to_owned()).await, StatusCode::SEE_OTHER, "a recovery code");
    assert_eq!(sign_in(first.to_owned()).await, StatusCode::FORBIDDEN, "once");
}

#[tokio::test]
async fn a_sensitive_act_asks_again_who_it_is_and_goes_on() {
    let site = Site::new("prove", &CUSTOMERS, &PEOPLE);
    let mut manager = site.enter("direction@exemple.fr").await;
    let (_, page) = manager.get("/account").await;
    let csrf = value(&page, "csrf");
    let asked = [("csrf", csrf.as_str()), ("label", "Export « paie » & co"), ("days", "90")];
    site.proofs_age(6);
    let (status, page) = manager.post("/account/tokens", &asked).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("action=\"/account/tokens\"") && page.contains("Export « paie » &amp; co"));
    assert!(!page.contains("code class=\"secret\""));

    let with = |password: &'static str| [asked.as_slice(), &[("proof_password", password)]].concat();
    let (status, page) = manager.post("/account/tokens", &with("pas le bon du tout")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("n’est pas le bon") && !page.contains("pas le bon du tout"));
    let (status, page) = manager.post("/account/tokens", &with(PASSWORD)).await;
    assert_eq!(status, StatusCode::OK);
    let token = secret_of(&page);
    assert_eq!(site.api("/api/v1/customers/sologne/tickets", &token).await.0, StatusCode::OK);

    let (_, page) = manager.get("/account").await;
    assert!(page.contains("Export « paie » &amp; co") && !page.contains(&token), "shown once");
    // Proved: not asked again for a while.
    assert_eq!(manager.post("/account/tokens", &asked).await.0, StatusCode::OK);
    let id = page.split("/account/tokens/revoke").nth(1).map(|form| value(form, "id")).unwrap();
    let (status, _) = manager.post("/account/tokens/revoke", &[("csrf", &csrf), ("id", &id)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(site.api("/api/v1/customers/sologne/tickets", &token).await.0, StatusCode::UNAUTHORIZED);
}

/// What gives power, binds a party or opens a way out asks again, before any of it is looked at.
#[tokio::test]
async fn each_act_that_binds_or_gives_power_asks_again_who_it_is() {
    const ACTS: [&str; 16] = [
        "/account/tokens",
        "/account/recovery-codes",
        "/account/passkeys/remove",
        "/account/identities/remove",
        "/people",
        "/people/01920000-0000-7000-8000-000000000000/recover",
        "/people/01920000-0000-7000-8000-000000000000/disable",
        "/c/sologne/people",
        "/c/sologne/people/end",
        "/c/sologne/undertaking",
        "/c/sologne/contracts",
        "/c/sologne/money/close",
        "/c/sologne/duties/event",
        "/c/sologne/webhooks",
        "/c/sologne/webhooks/01920000-0000-7000-8000-000000000000/rotate",
        "/c/sologne/imports/01920000-0000-7000-8000-000000000000/invite",
    ];
    let site = Site::new("prove-all", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    let csrf = value(&admin.page("/account").await, "csrf");
    site.proofs_age(6);
    for act in ACTS {
        let (status, page) = admin.post(act, &[("csrf", csrf.as_str()), ("text", "a\nb")]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{act}");
        assert!(page.contains(&format!("action=\"{act}\"")) && page.contains("proof_password"), "{act}");
    }
}

#[tokio::test]
async fn a_role_is_given_once_who_gives_it_is_proved() {
    let site = Site::new("prove-role", &CUSTOMERS, &PEOPLE);
    let mut admin = site.enter("admin@exemple.fr").await;
    let page = admin.page("/c/sologne/people").await;
    let (csrf, key) = (value(&page, "csrf"), value(&page, "key"));
    let ask = [
        ("csrf", csrf.as_str()),
        ("key", &key),
        ("email", "employe@exemple.fr"),
        ("role", "customer_director"),
    ];
    let holds = || {
        let who = site.app.authenticate(&Client::default(), "employe@exemple.fr", PASSWORD, None).unwrap();
        who.assignments.iter().any(|held| held.role == Role::CustomerDirector)
    };
    site.proofs_age(6);
    assert_eq!(admin.post("/c/sologne/people", &ask).await.0, StatusCode::FORBIDDEN);
    assert!(!holds(), "an open session gives nothing");
    let proved = [ask.as_slice(), &[("proof_password", PASSWORD)]].concat();
    assert_eq!(admin.post("/c/sologne/people", &proved).await.0, StatusCode::SEE_OTHER);
    assert!(holds());
}

#[tokio::test]
async fn a_person_changes_their_password_and_ends_their_other_sessions() {
    let site = Site::new("password", &CUSTOMERS, &PEOPLE);
    let mut here = site.enter("direction@exemple.fr").await;
    let away = site.enter("direction@exemple.fr").await;
    let (third, stranger) =
        (site.enter("direction@exemple.fr").await, site.enter("employe@exemple.fr").await);
    let (_, page) = here.get("/account").await;
    assert_eq!(page.matches("name=\"id\"").count(), 3, "two others, and all of them at once: {page}");
    let (csrf, id) = (value(&page, "csrf"), value(&page, "id"));
    let (status, _) = here.post("/account/sessions", &[("csrf", csrf.as_str()), ("id", &id)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let open = |status: StatusCode| status == StatusCode::OK;
    let left = [open(away.get("/account").await.0), open(third.get("/account").await.0)];
    assert_eq!(left.iter().filter(|open| **open).count(), 1, "one of the two ended");
    let (status, _) =
        here.post("/account/sessions", &[("csrf", &csrf), ("id", "0".repeat(32).as_str())]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let change = |current: &'static str, new: &'static str| {
        [("csrf", csrf.clone()), ("current", current.into()), ("new", new.into())]
    };
    for (current, new, status) in [
        ("pas le bon du tout", "une échelle sous le figuier", StatusCode::FORBIDDEN),
        (PASSWORD, "motdepasse-2026-!", StatusCode::UNPROCESSABLE_ENTITY),
        (PASSWORD, "une échelle sous le figuier", StatusCode::SEE_OTHER),
    ] {
        let form: [(&str, String); 3] = change(current, new);
        let fields: Vec<(&str, &str)> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let (got, page) = here.post("/account/password", &fields).await;
        assert_eq!(got, status, "{new}: {page}");
        assert!(!page.contains(current) && !page.contains(new), "no password comes back");
    }
    assert_eq!(third.get("/account").await.0, StatusCode::SEE_OTHER);
    assert_eq!(away.get("/account").await.0, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/account").await.0, StatusCode::OK);
    assert_eq!(stranger.get("/account").await.0, StatusCode::OK);
}

/// Fills the turns with work that nobody waits for any more, and gives what lets it end.
async fn abandon(web: &Arc<Web>, turns: usize, elsewhere: bool) -> Vec<mpsc::Sender<()>> {
    let mut held = Vec::new();
    for _ in 0..turns {
        let (end, ended) = mpsc::channel::<()>();
        let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let work = move |_: &app::App| {
            begin.send(()).unwrap();
            let _ = ended.recv();
            Ok(())
        };
        let web = web.clone();
        let browser = tokio::spawn(async move {
            match elsewhere {
                true => web.run_asking_elsewhere(work).await,
                false => web.run_checking_password(work).await,
            }
        });
        begun.recv().await.expect("its turn came");
        browser.abort();
        assert!(browser.await.unwrap_err().is_cancelled());
        held.push(end);
    }
    held
}

#[tokio::test]
async fn a_browser_that_hangs_up_gives_its_turn_back_when_the_work_is_done_only() {
    let site = Site::new("turns", &[], &[]);
    let web = Web { app: site.app.clone(), demo: Vec::new(), demo_clock: false, printer: None };
    let web = Arc::new(web);
    let check = Arc::new(|_: &str, _: &str| Ok(Verdict::Right));
    web.app.check_passwords_with(Directory { domains: vec!["maison.example".into()], check });
    let held = abandon(&web, 4, true).await;
    assert!(matches!(web.run_asking_elsewhere(|_| Ok(())).await, Err(app::AppError::Busy)));
    let directory = web.run_checking_password_of("ines@maison.example", |_| Ok(())).await;
    assert!(directory.is_ok(), "a provider's turns are not the directory's");
    drop(held);
    let free = async {
        while web.run_asking_elsewhere(|_| Ok(())).await.is_err() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, free).await.expect("the work is done");

    let held = abandon(&web, 2, false).await;
    let third = web.run_checking_password(|_| Ok(()));
    tokio::pin!(third);
    assert!(
        timeout(Duration::from_millis(200), &mut third).await.is_err(),
        "two passwords are being checked"
    );
    drop(held);
    timeout(SOON, third).await.expect("the work is done").expect("its turn");
}
