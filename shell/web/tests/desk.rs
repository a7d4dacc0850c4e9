//! The desk: which tab it opens on, for whom.

mod common;

use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use axum::http::StatusCode;
use common::Site;

/// Three tickets of Garonne's that nobody has; the provider has a dispatcher and an auditor too.
fn site(name: &str) -> Site {
    let site = Site::garonne(name);
    let garonne = site.app.find_customer("garonne").unwrap();
    let asker = site.app.person_of("fabre@garonne.fr").unwrap().permit(Act::OpenTicket, garonne).unwrap();
    for n in 1..=3 {
        let ask = OpenTicket {
            title: format!("Poste {n} en panne"),
            priority: Some("P3".to_owned()),
            ..OpenTicket::default()
        };
        site.app.open_ticket(&asker, &IdempotencyKey::parse(&format!("o{n}")).unwrap(), &ask).unwrap();
    }
    for (email, role) in
        [("repartition@exemple.fr", Role::Dispatcher), ("audit@exemple.fr", Role::ProviderAuditor)]
    {
        site.add_staff(email, role);
    }
    site
}

/// The tab that a page of the desk shows.
fn tab(html: &str) -> &str {
    let tabs = html.split("href=\"/?show=").skip(1).filter_map(|rest| rest.split_once('"'));
    let current = |(_, rest): &(&str, &str)| rest.starts_with(" aria-current=\"page\"");
    tabs.into_iter().find(current).map_or("", |(tab, _)| tab)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_opens_on_one_s_own_work_else_on_what_may_be_taken() {
    let site = site("desk-opens");
    let mut technician = site.enter("technique@exemple.fr").await;
    assert_eq!(tab(&technician.open("/").await), "unassigned");
    assert_eq!(tab(&site.enter("repartition@exemple.fr").await.open("/").await), "unassigned");
    // Who takes nothing over reads everything.
    assert_eq!(tab(&site.enter("audit@exemple.fr").await.open("/").await), "all");

    let ticket = "/c/garonne/tickets/1";
    let (status, _) = technician.act(ticket, "/c/garonne/tickets/1/take-over", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let html = technician.open("/").await;
    assert_eq!(tab(&html), "mine");
    assert!(html.contains("Poste 1 en panne") && !html.contains("Poste 2 en panne"), "{html}");
    // A page that stands open asks for the tab that it shows.
    assert!(html.contains("data-at=\"/?show=mine\""), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_opens_again_on_the_tab_pressed_last() {
    let site = site("desk-again");
    let mut technician = site.enter("technique@exemple.fr").await;
    assert_eq!(tab(&technician.open("/?show=late").await), "late");
    assert_eq!(tab(&technician.open("/").await), "late");
    // What goes on, what asks for itself again and what an act leads back to are no choice.
    assert_eq!(
        tab(&technician.open("/?show=all&after=d1.0190a5b0-ac96-774b-bcce-b302099a8057").await),
        "all"
    );
    assert_eq!(tab(&technician.open_as("/?show=paused", &[("x-live", "1")]).await), "paused");
    let (status, _) = technician.act("/c/garonne/tickets/1", "/c/garonne/tickets/1/take-over", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(tab(&technician.open("/?show=unassigned").await), "unassigned");
    assert_eq!(tab(&technician.open("/").await), "late");
    // A choice is one person's: whoever signs in after them has made none.
    let mut contact = site.enter("contact@exemple.fr").await;
    contact.keep_of(&technician);
    assert_eq!(tab(&contact.open("/").await), "unassigned");
    assert_eq!(tab(&technician.open("/?show=none").await), "late", "no tab is called that");
}
