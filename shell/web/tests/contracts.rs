//! The living contract in the browser: who signed what, its print, and two versions compared.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::ticket::IdempotencyKey;
use app::{Act, App, Principal, Role, Settings, clock, entropy};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use base::id::CustomerId;
use jiff::civil::date;
use tokio::task::JoinSet;
use tower::ServiceExt;
use web::http::{Printer, Sheet};

const PASSWORD: &str = "mot de passe assez long";
const LIVING: &str = "/c/garonne/contracts/CTR-2026-001";

/// Three hours instead of four for what stops the factory, from July on.
const SHORTER: &str = r#"+++
amends = "CTR-2026-001"
effective = 2026-07-01
language = "fr"
semantics = 1
+++

# Avenant n° 1

## Article 1 de l'avenant n° 1 – Délai

Le délai de rétablissement de la priorité P1 est de {{ retablissement-p1.within }}.

```toml clause
kind = "commitment"
replace = "retablissement-p1"
exception_to = "retablissement"
when = { priority = ["P1"] }
then = { within = "180 min" }
```
"#;

/// What was asked of the printer, as a test looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Printed {
    lang: base::Lang,
    files: usize,
    signatures: Vec<(terms::PartyRole, String, String)>,
}

struct Site {
    router: Router,
    folder: PathBuf,
    app: Arc<App>,
    /// The provider's administrator, at the customer's.
    admin: Principal,
    garonne: CustomerId,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// An answer whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

static SITES: AtomicUsize = AtomicUsize::new(0);

impl Site {
    /// Contract A and an amendment, both signed; 4 August 2026 in the morning.
    fn new(printer: Option<Arc<Printer>>) -> Site {
        let nth = SITES.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("regisseur-contracts-{}-{nth}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let clock = Arc::new(clock::Set::at("2026-02-16T09:00:00Z".parse().unwrap()));
        let settings = Settings {
            host: "regisseur.test".into(),
            clock: clock.clone(),
            entropy: Arc::new(entropy::Seeded::new(5)),
        };
        let app = App::open(&folder, settings).unwrap().with_optional_second_factor();
        let add = |email, name, role, customer| {
            let new = NewAccount { email, name, password: PASSWORD, role, customer, totp_secret: None };
            app.principal(app.add_account(&new).unwrap()).unwrap()
        };
        let admin = add("direction@regie.fr", "Étienne Laborde", Role::ProviderAdmin, None);
        let permit = admin.permit_instance(Act::CreateCustomer).unwrap();
        let make = |slug: &str| {
            let new = NewCustomer { slug: slug.into(), name: format!("{slug} SAS") };
            app.create_customer(&permit, &new).unwrap()
        };
        let (garonne, voisin) = (make("garonne"), make("voisin"));
        let manager = add("direction@garonne.fr", "Hélène Castaing", Role::CustomerManager, Some(garonne));
        add("technique@regie.fr", "Inès Cazenave", Role::Technician, None);
        add("atelier@garonne.fr", "Paul Rey", Role::CustomerUser, Some(garonne));
        add("direction@voisin.fr", "Voisin", Role::CustomerManager, Some(voisin));
        let sides = [&admin, &manager].map(|who| who.permit(Act::SignContract, garonne).unwrap());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
        let text = std::fs::read_to_string(path).unwrap();
        app.sign_contract(&sides[0], &sides[1], "contrat.md", &text).unwrap();
        clock.move_to("2026-06-22T14:30:00Z".parse().unwrap());
        app.sign_contract(&sides[0], &sides[1], "avenant-1.md", SHORTER).unwrap();
        clock.move_to("2026-08-04T08:00:00Z".parse().unwrap());
        let app = Arc::new(app);
        let web = web::http::Web { app: app.clone(), demo: Vec::new(), demo_clock: false, printer };
        Site { router: web::router(Arc::new(web)), folder, app, admin, garonne }
    }

    /// The session of a person.
    async fn enter(&self, email: &str) -> Person {
        let form = serde_urlencoded::to_string([("email", email), ("password", PASSWORD)]).unwrap();
        let request = Request::post("/sign-in")
            .header("host", "localhost")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{email}");
        let cookies = answer.headers().get_all(SET_COOKIE).iter().map(|c| c.to_str().unwrap());
        let session = cookies.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("__Host-"));
        Person { router: self.router.clone(), cookie: session.unwrap().to_owned() }
    }
}

#[derive(Clone)]
struct Person {
    router: Router,
    cookie: String,
}

impl Person {
    async fn get(&self, path: &str) -> Answer {
        self.read(path, "fr").await
    }

    async fn read(&self, path: &str, lang: &str) -> Answer {
        let cookie = format!("{}; lang={lang}", self.cookie);
        let request = Request::get(path).header("host", "localhost").header(COOKIE, cookie);
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec();
        Answer { status, headers, body }
    }
}

/// A printer that keeps what it was asked and prints a few bytes.
fn recording() -> (Arc<Printer>, Arc<Mutex<Vec<Printed>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    let printer = Printer::new(move |sheet| {
        let Sheet::Contract(sheet) = sheet else { panic!("no contract was asked for") };
        let signatures = sheet.signatures.iter().map(|s| (s.role, s.name.clone(), s.at.clone()));
        let files = sheet.compiled.files.len();
        kept.lock().unwrap().push(Printed { lang: sheet.lang, files, signatures: signatures.collect() });
        Ok(format!("%PDF {} {}", sheet.on, files).into_bytes())
    });
    (printer, asked)
}

#[tokio::test]
async fn the_timeline_says_who_signed_what_and_what_was_lacking() {
    let site = Site::new(None);
    let manager = site.enter("direction@garonne.fr").await;
    let page = manager.get(LIVING).await.text();
    for said in ["Étienne Laborde", "Hélène Castaing", "E-PREPARATION-MISSING", "16 février 2026"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains("aucun dossier préparatoire n’a été joint"), "the code is told in words");
    let text = manager.get(&format!("{LIVING}.md?version=2")).await.text();
    assert!(page.contains(&contract::text_hash(&text)), "the hash shown is that of the file downloaded");
    // The journal's page shows the very entry.
    let entry = page.split("/journal?before=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let journal = manager.get(&format!("/c/garonne/journal?before={entry}")).await.text();
    assert!(journal.contains("Contrat signé") || journal.contains("contract.signed"), "{entry}");
    let english = manager.read(LIVING, "en").await.text();
    assert!(english.contains("The parties signed knowing that these were lacking"));

    assert!(!page.contains(".pdf"), "nothing prints here: nothing is offered");
    assert_eq!(manager.get(&format!("{LIVING}.pdf")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_print_bears_its_signatures_and_is_laid_out_once() {
    let (printer, asked) = recording();
    let site = Site::new(Some(printer));
    let manager = site.enter("direction@garonne.fr").await;
    let page = manager.get(LIVING).await.text();
    assert!(page.contains(&format!("href=\"{LIVING}.pdf?version=2\"")));

    let first = manager.get(&format!("{LIVING}.pdf?version=1")).await;
    assert_eq!(
        (first.status, &first.headers[CONTENT_TYPE]),
        (StatusCode::OK, &"application/pdf".parse().unwrap())
    );
    assert_eq!(first.headers[CONTENT_DISPOSITION], "attachment; filename=\"CTR-2026-001-v1.pdf\"");
    assert_eq!(first.text(), "%PDF 2026-08-04 1");
    // The one in force unless another is asked for; and a technician may read what a manager may.
    let technician = site.enter("technique@regie.fr").await;
    let second = technician.get(&format!("{LIVING}.pdf")).await;
    assert_eq!(second.headers[CONTENT_DISPOSITION], "attachment; filename=\"CTR-2026-001-v2.pdf\"");
    assert_eq!(second.text(), "%PDF 2026-08-04 2");
    let again = manager.get(&format!("{LIVING}.pdf?version=1")).await;
    assert_eq!(again.body, first.body);
    let english = manager.read(&format!("{LIVING}.pdf"), "en").await;
    assert_eq!(english.status, StatusCode::OK);

    let asked = asked.lock().unwrap();
    let seen: Vec<(base::Lang, usize)> = asked.iter().map(|p| (p.lang, p.files)).collect();
    assert_eq!(seen, [(base::Lang::Fr, 1), (base::Lang::Fr, 2), (base::Lang::En, 2)], "each laid out once");
    let when = "le lundi 22 juin 2026 à 16\u{a0}h\u{a0}30";
    let signed = &asked[1].signatures;
    assert_eq!(signed[0].0, terms::PartyRole::Provider);
    assert_eq!((signed[0].1.as_str(), signed[1].1.as_str()), ("Étienne Laborde", "Hélène Castaing"));
    assert_eq!(signed[0].2.replace(['\u{202f}', ' '], "\u{a0}"), when.replace(' ', "\u{a0}"));
}

#[tokio::test]
async fn a_print_is_for_those_who_may_read_the_text() {
    let (printer, asked) = recording();
    let site = Site::new(Some(printer));
    for stranger in ["atelier@garonne.fr", "direction@voisin.fr"] {
        let person = site.enter(stranger).await;
        for file in ["md", "pdf"] {
            let answer = person.get(&format!("{LIVING}.{file}?version=1")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{stranger} {file}");
        }
        let compared = person.get(&format!("{LIVING}/compare")).await;
        assert_eq!(compared.status, StatusCode::NOT_FOUND, "{stranger}");
    }
    let manager = site.enter("direction@garonne.fr").await;
    let answer = manager.get(&format!("{LIVING}.pdf?version=3")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "no such version");
    assert!(asked.lock().unwrap().is_empty(), "nothing was laid out for them");
}

#[tokio::test]
async fn a_partnership_review_is_printed_for_those_who_read_it() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    let printer = Printer::new(move |sheet| {
        let Sheet::Slip(slip) = sheet else { panic!("no slip was asked for") };
        kept.lock().unwrap().push((slip.title.clone(), slip.facts.clone()));
        Ok(b"%PDF review".to_vec())
    });
    let site = Site::new(Some(printer));
    let manager = site.enter("direction@garonne.fr").await;
    let page = manager.get("/c/garonne/review?half=2026-1").await.text();
    let paper = "/c/garonne/review.pdf?contract=CTR-2026-001&half=2026-1";
    assert!(page.contains(&paper.replace('&', "&amp;")), "{page}");
    let printed = manager.get(paper).await;
    assert_eq!((printed.status, printed.text().as_str()), (StatusCode::OK, "%PDF review"));
    assert_eq!(printed.headers[CONTENT_DISPOSITION], "attachment; filename=\"revue-garonne-2026-06-30.pdf\"");
    assert_eq!(manager.read("/c/garonne/review.pdf", "en").await.status, StatusCode::OK);
    for (who, path) in
        [("atelier@garonne.fr", paper), ("direction@garonne.fr", "/c/garonne/review.pdf?half=1999-1")]
    {
        let answer = site.enter(who).await.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who} {path}");
    }
    let asked = asked.lock().unwrap();
    let titles: Vec<&str> = asked.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["Revue de partenariat", "Partnership review"]);
    assert!(asked[0].1.contains(&("Contrat".to_owned(), "CTR-2026-001".to_owned())), "{:?}", asked[0].1);
}

#[tokio::test]
async fn a_review_on_paper_holds_no_money_for_those_who_see_none() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    let printer = Printer::new(move |sheet| {
        let Sheet::Slip(slip) = sheet else { panic!("no slip was asked for") };
        let titles: Vec<String> = slip.passages.iter().map(|(title, _)| title.clone()).collect();
        kept.lock().unwrap().push(titles);
        Ok(b"%PDF review".to_vec())
    });
    let site = Site::new(Some(printer));
    let closes = site.admin.permit(Act::CloseMonth, site.garonne).unwrap();
    for month in 3..=7 {
        let key = IdempotencyKey::parse(&format!("month-{month}")).unwrap();
        site.app.close_month(&closes, &key, None, date(2026, month, 1)).unwrap();
    }
    let paper = "/c/garonne/review.pdf?contract=CTR-2026-001";
    for who in ["direction@garonne.fr", "technique@regie.fr"] {
        assert_eq!(site.enter(who).await.get(paper).await.status, StatusCode::OK, "{who}");
    }
    // A neighbour reads neither this customer's nor, from their own address, this contract's.
    let neighbour = site.enter("direction@voisin.fr").await;
    assert_eq!(neighbour.get(paper).await.status, StatusCode::NOT_FOUND);
    let own = neighbour.get("/c/voisin/review.pdf?contract=CTR-2026-001").await;
    assert!(own.status.is_client_error(), "{}", own.status);
    let asked = asked.lock().unwrap();
    let [manager, technician] = asked.as_slice() else { panic!("laid out for others: {asked:?}") };
    let of_months = ["Pénalités", "Disponibilité"].map(str::to_owned);
    assert!(manager.contains(&of_months[1]), "{manager:?}");
    assert!(technician.contains(&"Compteurs".to_owned()), "{technician:?}");
    assert!(!technician.iter().any(|title| of_months.contains(title)), "{technician:?}");
}

/// One is laid out, two wait, whoever comes then is told when to come back.
#[tokio::test]
async fn a_third_in_the_queue_is_told_to_come_back() {
    let (started, starts) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (at_work, released) = (AtomicUsize::new(0), Mutex::new(released));
    let printer = Printer::new(move |sheet| {
        assert_eq!(at_work.fetch_add(1, Ordering::SeqCst), 0, "one at a time");
        let _ = started.send(());
        released.lock().unwrap().recv().unwrap();
        at_work.fetch_sub(1, Ordering::SeqCst);
        let Sheet::Contract(sheet) = sheet else { panic!("no contract was asked for") };
        Ok(format!("%PDF {:?} {}", sheet.lang, sheet.compiled.files.len()).into_bytes())
    });
    let site = Site::new(Some(printer));
    let manager = site.enter("direction@garonne.fr").await;
    let ask = |version: u32, lang: &'static str| {
        let manager = manager.clone();
        async move { manager.read(&format!("{LIVING}.pdf?version={version}"), lang).await }
    };
    let under_way = tokio::spawn(ask(1, "fr"));
    tokio::task::spawn_blocking(move || starts.recv().unwrap()).await.unwrap();

    let mut others = JoinSet::new();
    for (version, lang) in [(1, "en"), (2, "fr"), (2, "en"), (1, "fr")] {
        others.spawn(ask(version, lang));
    }
    for _ in 0..2 {
        let refused = others.join_next().await.unwrap().unwrap();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers[RETRY_AFTER], "10");
        assert!(refused.text().contains("attendent déjà") || refused.text().contains("already waited for"));
    }
    for _ in 0..3 {
        release.send(()).unwrap();
    }
    assert_eq!(under_way.await.unwrap().status, StatusCode::OK);
    while let Some(waited) = others.join_next().await {
        assert_eq!(waited.unwrap().status, StatusCode::OK);
    }
    assert_eq!(ask(1, "fr").await.status, StatusCode::OK, "it was kept: nothing waits for a turn");
}

#[tokio::test]
async fn two_versions_are_compared_in_words_in_meaning_and_in_money() {
    let site = Site::new(None);
    let manager = site.enter("direction@garonne.fr").await;
    let living = manager.get(LIVING).await.text();
    assert!(living.contains(&format!("href=\"{LIVING}/compare?from=1&amp;to=2\"")));
    let page = manager.get(&format!("{LIVING}/compare?from=1&to=2")).await.text();
    assert!(page.contains("Délai de rétablissement"), "the question is named");
    let table = page.split("<caption>Délai de rétablissement").nth(1).unwrap();
    let row = table.split("</table>").next().unwrap();
    let (four, three) = (row.find("4\u{a0}h").or(row.find("4 h")), row.find("3\u{a0}h").or(row.find("3 h")));
    assert!(four.is_some() && four < three, "before, then after: {row}");
    assert!(row.contains("P1") && row.contains(&format!("{LIVING}#retablissement-p1")), "{row}");
    assert!(page.contains("<ins>") && page.contains("<del>"), "the words are marked");

    // Without anything asked, the last version beside the one before it.
    let main =
        |page: &str| page.split("<main").nth(1).and_then(|p| p.split("</main>").next()).map(str::to_owned);
    assert_eq!(main(&manager.get(&format!("{LIVING}/compare")).await.text()), main(&page));
    let back = manager.get(&format!("{LIVING}/compare?from=2&to=1")).await.text();
    assert_ne!(main(&back), main(&page));
    let same = manager.get(&format!("{LIVING}/compare?from=2&to=2")).await.text();
    assert!(same.contains("tout cas est décidé comme avant") && same.contains("mot pour mot"));

    let july = manager.get(&format!("{LIVING}/compare?from=1&to=2&month=2026-07-01")).await.text();
    assert!(july.contains("Reste à payer"), "a real month is closed under each");
    let early = manager.get(&format!("{LIVING}/compare?from=1&to=2&month=2026-09-01")).await;
    assert_eq!(early.status, StatusCode::OK);
    assert!(early.text().contains("mois n'a pas commencé"), "{}", early.text());
    let absent = manager.get(&format!("{LIVING}/compare?from=1&to=7")).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);

    // Who does not see the money is not offered it, even by the address.
    let technician = site.enter("technique@regie.fr").await;
    let page = technician.get(&format!("{LIVING}/compare?from=1&to=2&month=2026-07-01")).await.text();
    assert!(!page.contains("Reste à payer") && !page.contains("name=\"month\""));
    let english = technician.read(&format!("{LIVING}/compare"), "en").await.text();
    assert!(english.contains("Restoration time") && english.contains("What is decided otherwise"));
}
