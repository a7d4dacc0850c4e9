//! The desk: which tab it opens on, for whom, and what is done from it.

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
    // Who answers for all of the work, or takes none over, reads everything.
    assert_eq!(tab(&site.enter("contact@exemple.fr").await.open("/").await), "all");
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
    assert_eq!(tab(&contact.open("/").await), "all");
    assert_eq!(tab(&technician.open("/?show=none").await), "late", "no tab is called that");
}

/// What the button « Prendre » of a ticket sends: its address and its key; `None` where there is none.
fn take(html: &str, ticket: &str) -> Option<(String, String)> {
    let button = html.split("<button").find(|rest| rest.contains(&format!("{ticket}/take-over\"")))?;
    let key = button.split("name=\"key\" value=\"").nth(1)?.split('"').next()?;
    Some((format!("{ticket}/take-over"), key.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_is_taken_from_a_list_in_one_press() {
    let site = site("desk-take");
    let mut technician = site.enter("technique@exemple.fr").await;
    let back = |html: &str| common::value(html, "back").replace("&amp;", "&");
    for (list, ticket) in [
        ("/?show=unassigned", "/c/garonne/tickets/1"),
        ("/c/garonne/tickets?state=open", "/c/garonne/tickets/2"),
    ] {
        let html = technician.page(list).await;
        let (to, key) = take(&html, ticket).unwrap();
        let fields = [("csrf", common::value(&html, "csrf")), ("back", back(&html)), ("key", key)];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, led) = technician.post(&to, &fields).await;
        assert_eq!((status, led.as_str()), (StatusCode::SEE_OTHER, list));
        // Pressed twice, it is taken over once.
        assert_eq!(technician.post(&to, &fields).await, (StatusCode::SEE_OTHER, list.to_owned()));
        assert!(take(&technician.told(list).await, ticket).is_none());
        assert_eq!(
            technician.page(ticket).await.matches("a pris le ticket en charge").count(),
            1,
            "{ticket}"
        );
    }
    // An address of elsewhere leads nowhere else.
    let mut contact = site.enter("contact@exemple.fr").await;
    let before = contact.page("/?show=unassigned").await;
    let html = technician.page("/?show=unassigned").await;
    let (to, key) = take(&html, "/c/garonne/tickets/3").unwrap();
    let fields =
        [("csrf", common::value(&html, "csrf")), ("back", "//mal.example/".to_owned()), ("key", key)];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(technician.post(&to, &fields).await.1, "/c/garonne/tickets/3");
    // A list drawn before somebody took it takes nothing from them.
    let (to, key) = take(&before, "/c/garonne/tickets/3").unwrap();
    let sent = |name: &str| common::value(&before, name);
    let (csrf, free) = (sent("csrf"), sent("free"));
    let fields = [("csrf", csrf.as_str()), ("back", "/"), ("free", free.as_str()), ("key", key.as_str())];
    let (status, page) = contact.post(&to, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("entre-temps"), "{page}");
    let page = contact.page("/c/garonne/tickets/3").await;
    assert_eq!(page.matches("a pris le ticket en charge").count(), 1);

    // Who works on no ticket is offered none, there as on its page.
    let html = site.enter("audit@exemple.fr").await.page("/?show=all").await;
    assert!(html.contains("Poste 1 en panne") && !html.contains("take-over"), "{html}");
    let user = site.enter("fabre@garonne.fr").await;
    assert!(!user.page("/c/garonne/tickets").await.contains("take-over"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_taken_to_a_spreadsheet_as_it_is_shown_within_one_s_rights() {
    let site = site("desk-export");
    let garonne = site.app.find_customer("garonne").unwrap();
    let asker = site.app.person_of("fabre@garonne.fr").unwrap().permit(Act::OpenTicket, garonne).unwrap();
    let formula = OpenTicket {
        title: "=HYPERLINK(\"http://mal.example\")".to_owned(),
        priority: Some("P1".to_owned()),
        ..OpenTicket::default()
    };
    site.app.open_ticket(&asker, &IdempotencyKey::parse("formula").unwrap(), &formula).unwrap();
    let mut technician = site.enter("technique@exemple.fr").await;
    let taken = technician.act("/c/garonne/tickets/1", "/c/garonne/tickets/1/take-over", &[]).await;
    assert_eq!(taken.0, StatusCode::SEE_OTHER);

    let links = |html: &str| {
        let links = html.split("href=\"/desk.").skip(1).map(|rest| rest.split('"').next().unwrap());
        links.map(|link| format!("/desk.{link}")).collect::<Vec<_>>()
    };
    let [csv, xlsx] = &links(&technician.page("/?show=unassigned").await)[..] else { panic!("two files") };
    let file = technician.page(csv).await;
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("Client;Numéro;Titre;"), "{}", lines[0]);
    // The most urgent first, as on the desk; and no cell is a formula.
    assert!(lines[1].starts_with("Ateliers Garonne;4;\"'=HYPERLINK("), "{}", lines[1]);
    assert!(lines[1].ends_with(";CTR-2026-001"), "{}", lines[1]);
    let titles = |n: u64| lines.iter().any(|line| line.contains(&format!(";{n};Poste {n} en panne;")));
    assert_eq!((lines.len(), titles(1), titles(2), titles(3)), (4, false, true, true), "{file}");
    let (status, book) = technician.get_bytes(xlsx).await;
    assert!(status == StatusCode::OK && book.starts_with(b"PK"), "{status}");
    let found = technician.page("/desk.csv?q=poste").await;
    assert_eq!(found.lines().count(), 4, "{found}");

    // Who has no desk has no file of it, and a vault that cannot be read gives no shorter one.
    let user = site.enter("fabre@garonne.fr").await;
    assert_eq!(user.get("/desk.csv?show=all").await.0, StatusCode::NOT_FOUND);
    assert_eq!(user.get("/desk.xlsx?show=all").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_is_asked_for_is_kept_under_a_name_for_oneself() {
    let site = site("desk-views");
    let mut technician = site.enter("technique@exemple.fr").await;
    let query = common::value(&technician.page("/?q=poste+2").await, "query");
    assert_eq!(query, "q=poste%202");
    let (status, to) =
        technician.act("/?q=poste+2", "/desk/views", &[("name", "Le poste 2"), ("query", &query)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/?q=poste%202"));
    let html = technician.told(&to).await;
    assert!(html.contains("Vue enregistrée") && html.contains(">Le poste 2</a>"), "{html}");
    assert!(html.contains("Poste 2 en panne"), "{html}");
    // What the desk cannot be asked for is not kept.
    let odd = [("name", "Tout"), ("query", "show=late&after=d1&back=//mal.example")];
    let (_, to) = technician.act("/?show=all", "/desk/views", &odd).await;
    assert_eq!(to, "/?show=late");

    // It is its owner's: nobody else sees it, nor removes it.
    let id = html.split("/desk/views/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let remove = format!("/desk/views/{id}/remove");
    let mut contact = site.enter("contact@exemple.fr").await;
    assert!(!contact.page("/?show=all").await.contains("Le poste 2"));
    assert_eq!(contact.act("/?show=all", &remove, &[]).await.0, StatusCode::NOT_FOUND);
    assert!(technician.page("/?show=all").await.contains("Le poste 2"));
    assert_eq!(technician.act("/?show=all", &remove, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(!technician.page("/?show=all").await.contains("Le poste 2"));
}
