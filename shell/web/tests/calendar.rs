//! The calendar: what a contract dates, where it is shown, and to whom.

mod common;

use app::service::AnnounceMaintenance;
use app::ticket::IdempotencyKey;
use app::{Act, Role};
use axum::http::StatusCode;
use common::Site;

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
        ("verger", "chef@verger.fr", Role::CustomerManager),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne"), ("verger", "Verger")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let (ours, theirs) =
        (permit("admin@exemple.fr", Act::SignContract), permit("chef@garonne.fr", Act::SignContract));
    site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    site.clock.move_to("2026-06-02T07:00:00Z".parse().unwrap());
    let ask = AnnounceMaintenance {
        from: "2026-06-18T18:00:00Z".parse().unwrap(),
        until: "2026-06-18T20:30:00Z".parse().unwrap(),
        items: vec!["srv-erp".to_owned()],
        contract: None,
    };
    let key = IdempotencyKey::parse("m1").unwrap();
    site.app.announce_maintenance(&permit("admin@exemple.fr", Act::RecordOutage), &key, &ask).unwrap();
    site
}

/// What stands in the cell of a day of the month's grid.
fn cell<'a>(html: &'a str, day: &str) -> &'a str {
    let from = html.find(&format!("datetime=\"{day}\"")).unwrap_or_else(|| panic!("{day}: {html}"));
    let rest = &html[from..];
    &rest[..rest.find("</td>").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_and_a_week_hold_what_the_contract_dates() {
    let site = site("calendar");
    let manager = site.enter("chef@garonne.fr").await;
    let html = manager.page("/c/garonne/calendar").await;
    assert!(html.contains("Juin 2026") && !html.contains("datetime=\"2026-05-31\""), "{html}");
    assert!(cell(&html, "2026-06-18").contains("20:00 – 22:30 srv-erp"), "{html}");
    assert!(cell(&html, "2026-06-30").contains("/c/garonne/money"));
    assert!(!cell(&html, "2026-06-17").contains("<li"));
    assert!(html.contains("at=2026-05-31") && html.contains("at=2026-07-01"));
    // The duties are those of their own page, on the same days.
    let customer = site.app.find_customer("garonne").unwrap();
    let permit = site.app.person_of("chef@garonne.fr").unwrap().permit(Act::SeeContract, customer).unwrap();
    let life = site.app.life(&permit, None).unwrap();
    let month = jiff::civil::date(2026, 6, 1);
    let due: Vec<_> =
        life.duties.iter().filter_map(|d| d.value.on).filter(|on| on.first_of_month() == month).collect();
    assert!(!due.is_empty(), "the contract has duties in June");
    for on in due {
        assert!(cell(&html, &on.to_string()).contains("/c/garonne/duties"), "{on}");
    }
    let week = manager.page("/c/garonne/calendar?view=week&at=2026-06-18").await;
    assert!(week.contains("Semaine du 15 juin 2026") && week.contains("srv-erp"), "{week}");
    let before = manager.page("/c/garonne/calendar?view=week&at=2026-06-08").await;
    assert!(!before.contains("srv-erp"), "{before}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reads_the_dates_of_their_customers_only() {
    let site = site("calendar-who");
    assert!(site.enter("contact@exemple.fr").await.page("/calendar").await.contains("srv-erp"));
    assert!(site.enter("chef@garonne.fr").await.page("/calendar").await.contains("srv-erp"));
    let neighbour = site.enter("chef@verger.fr").await;
    assert!(!neighbour.page("/calendar").await.contains("srv-erp"));
    assert_eq!(neighbour.get("/c/garonne/calendar").await.0, StatusCode::NOT_FOUND);
    // An employee does not read the contract.
    let employee = site.enter("fabre@garonne.fr").await;
    for path in ["/calendar", "/c/garonne/calendar"] {
        assert_eq!(employee.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}
