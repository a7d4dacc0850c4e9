//! The people of a customer on their page, the policy on its own, and what a third party is shown.

mod common;

use app::access::Items;
use app::accounts::Client;
use app::accounts::roles::NewRole;
use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Principal, Role};
use axum::http::StatusCode;
use common::{PASSWORD, Site};

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "direction@garonne.example", Role::CustomerDirector),
        ("garonne", "employe@garonne.example", Role::CustomerUser),
        ("garonne", "comptes@garonne.example", Role::CustomerAdmin),
        ("garonne", "editeur@tiers.example", Role::ThirdPartyTechnician),
        ("voisin", "employe@voisin.example", Role::CustomerUser),
    ];
    Site::new(name, &[("garonne", "Ateliers Garonne"), ("voisin", "Voisin")], &people)
}

fn person(site: &Site, email: &str) -> Principal {
    site.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap()
}

#[tokio::test]
async fn a_director_gives_a_role_and_ends_it_on_the_page() {
    let site = site("roles-page");
    let mut director = site.enter("direction@garonne.example").await;
    let page = director.page("/c/garonne/people").await;
    assert!(page.contains("employe@garonne.example") && page.contains("Membre de comité"));
    // In these tests a name is the address: the provider's people show theirs, the customer's show both.
    assert_eq!(page.matches("technique@exemple.fr").count(), 1, "the provider's addresses are its own");
    assert!(!page.contains("value=\"technician\""), "only roles that the director may give");

    let give = |role: &'static str| [("email", "employe@garonne.example"), ("role", role), ("contract", "")];
    let (status, _) = director.act("/c/garonne/people", "/c/garonne/people", &give("committee_member")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = director.page("/c/garonne/people").await;
    assert!(page.contains("Rôle donné") || page.matches("Membre de comité").count() > 1, "{page}");
    let user = person(&site, "employe@garonne.example");
    assert!(user.assignments.iter().any(|a| a.role == Role::CommitteeMember));

    // What goes beyond is refused in words, and what was typed is still there.
    let (status, html) = director.act("/c/garonne/people", "/c/garonne/people", &give("technician")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("davantage que le vôtre") && html.contains("value=\"employe@garonne.example\""));

    let held = user.assignments.iter().find(|a| a.role == Role::CommitteeMember).unwrap().id.to_string();
    let (status, _) = director.act("/c/garonne/people", "/c/garonne/people/end", &[("held", &held)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(director.page("/c/garonne/people").await.contains("Rôles qui ont pris fin"));
    assert_eq!(person(&site, "employe@garonne.example").assignments.len(), 1);

    let employee = site.enter("employe@garonne.example").await;
    assert_eq!(employee.get("/c/garonne/people").await.0, StatusCode::NOT_FOUND);
    let admin = site.enter("comptes@garonne.example").await;
    assert_eq!(admin.get("/c/voisin/people").await.0, StatusCode::NOT_FOUND);
    let policy = employee.page("/permissions").await;
    for words in ["Droits de chaque rôle", "Clore un mois", "Chez un tiers"] {
        assert!(policy.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_third_party_is_shown_its_items_and_no_way_to_the_rest() {
    let site = site("third-party");
    let customer = site.app.find_customer("garonne").unwrap();
    let may = |email: &str, act| person(&site, email).permit(act, customer).unwrap();
    let ours = may("admin@exemple.fr", Act::SignContract);
    let theirs = may("direction@garonne.example", Act::SignContract);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    site.app.sign_contract(&ours, &theirs, "a.md", &std::fs::read_to_string(path).unwrap()).unwrap();
    site.clock.move_to("2026-06-16T09:00:00Z".parse().unwrap());
    let open = |n: u32, item: &str| {
        let title = format!("Panne de {item}");
        let ask = OpenTicket { title, item: Some(item.to_owned()), ..OpenTicket::default() };
        let permit = may("employe@garonne.example", Act::OpenTicket);
        let key = IdempotencyKey::parse(&format!("open-{n}")).unwrap();
        site.app.open_ticket(&permit, &key, &ask).unwrap().number
    };
    let (mine, other) = (open(1, "srv-erp"), open(2, "srv-fic"));
    let new = NewRole {
        account: person(&site, "editeur@tiers.example").account,
        role: Role::ThirdPartyTechnician,
        customer: Some(customer),
        contract: None,
        about: Items { items: vec!["srv-erp".to_owned()], ..Items::default() },
    };
    site.app.assign(&new).unwrap();

    // The page offers the subcontractors of the contract, and says whom this role is for.
    let mut admin = site.enter("admin@exemple.fr").await;
    let page = admin.page("/c/garonne/people").await;
    assert!(
        page.contains("<option value=\"coffre-bleu\">Coffre Bleu Hébergement SARL (CTR-2026-001)"),
        "{page}"
    );
    let role = |under: &'static str| {
        let (email, key) = ("editeur@tiers.example", "third_party_technician");
        [("email", email), ("role", key), ("contract", ""), ("items", "srv-fic"), ("subcontract", under)]
    };
    let (status, html) = admin.act("/c/garonne/people", "/c/garonne/people", &role("telecom")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        html.contains("« telecom » n&#39;est pas un sous-traitant")
            || html.contains("n'est pas un sous-traitant"),
        "{html}"
    );
    let (status, _) = admin.act("/c/garonne/people", "/c/garonne/people", &role("coffre-bleu")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(admin.page("/c/garonne/people").await.contains("srv-fic · coffre-bleu · CTR-2026-001"));
    let held = person(&site, "editeur@tiers.example").assignments;
    let held = held.iter().find(|a| a.about.subcontract.is_some()).unwrap().id.to_string();
    let (status, _) = admin.act("/c/garonne/people", "/c/garonne/people/end", &[("held", &held)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    let mut third = site.enter("editeur@tiers.example").await;
    let list = third.page("/c/garonne/tickets").await;
    assert!(list.contains("Panne de srv-erp") && !list.contains("srv-fic"), "{list}");
    assert!(!list.contains("href=\"/time\""), "what it may not do is not offered");
    for path in ["/c/garonne/tickets.csv", "/c/garonne/tickets?q=panne", "/c/garonne"] {
        let page = third.page(path).await;
        assert!(page.contains("Panne de srv-erp") && !page.contains("srv-fic"), "{path}");
    }
    let page = third.page(&format!("/c/garonne/tickets/{mine}")).await;
    assert!(page.contains("Panne de srv-erp"));
    for form in ["link", "merge", "known-error"] {
        assert!(!page.contains(&format!("/tickets/{mine}/{form}\"")), "{form}");
    }
    let absent = third.get("/c/garonne/tickets/4000").await;
    assert_eq!(absent.0, StatusCode::NOT_FOUND);
    assert_eq!(third.get(&format!("/c/garonne/tickets/{other}")).await.0, StatusCode::NOT_FOUND);
    for path in [
        "money",
        "journal",
        "people",
        "meters",
        "monitoring",
        "duties",
        "contracts/CTR-2026-001",
        "tickets/new",
    ] {
        assert_eq!(third.get(&format!("/c/garonne/{path}")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let text = [("text", "Nous regardons.")];
    let ticket = format!("/c/garonne/tickets/{mine}");
    let (status, _) = third.act(&ticket, &format!("{ticket}/take-over"), &text).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    // Each link of each page leads somewhere: what it may not read is not offered.
    let mut pages = vec!["/".to_owned(), "/c/garonne".to_owned()];
    let mut seen = 0;
    while let Some(path) = pages.get(seen).cloned() {
        seen += 1;
        let (status, html) = third.get(&path).await;
        assert!(status == StatusCode::OK || status == StatusCode::SEE_OTHER, "{status} at {path}");
        let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        for link in links.map(|link| link.replace("&amp;", "&")) {
            let forbidden = ["/money", "/contracts", "/tickets/new", "/meters", "/time"];
            assert!(!forbidden.iter().any(|part| link.contains(part)), "{link} on {path}");
            let apart = link.starts_with("/assets/") || link.starts_with("/docs") || link.ends_with(".xlsx");
            let page = link.starts_with('/') && !apart;
            // Sorted and filtered lists lead to one another without end.
            if page && !link.contains('?') && !pages.contains(&link) {
                pages.push(link);
            }
        }
    }
    assert!(pages.contains(&ticket) && seen > 5, "{pages:?}");
}

#[tokio::test]
async fn a_right_held_elsewhere_is_not_offered_here() {
    let site = site("elsewhere");
    let new = NewRole {
        account: person(&site, "employe@garonne.example").account,
        role: Role::CustomerDirector,
        customer: Some(site.app.find_customer("voisin").unwrap()),
        contract: None,
        about: Items::default(),
    };
    site.app.assign(&new).unwrap();
    let employee = site.enter("employe@garonne.example").await;
    let (there, here) = (employee.page("/c/voisin").await, employee.page("/c/garonne").await);
    assert!(there.contains("/c/voisin/drafts"), "{there}");
    assert!(!here.contains("/c/garonne/drafts"), "{here}");
    assert!(there.contains("/c/voisin/money") && !here.contains("/c/garonne/money"), "the menu says as much");
}

/// Five hundred roles and sixty that ended are pages of each list, every one once; a name finds its own.
#[tokio::test]
async fn the_roles_of_a_customer_are_pages() {
    let emails: Vec<String> = (0..10).map(|n| format!("personne-{n}@garonne.example")).collect();
    let people: Vec<(&str, &str, Role)> =
        emails.iter().map(|email| ("garonne", email.as_str(), Role::CustomerUser)).collect();
    let site = Site::new("roles-pages", &[("garonne", "Ateliers Garonne")], &people);
    let customer = site.app.find_customer("garonne").unwrap();
    let give = |account| {
        let (role, about) = (Role::CommitteeMember, Items::default());
        site.app.assign(&NewRole { account, role, customer: Some(customer), contract: None, about }).unwrap()
    };
    let accounts: Vec<_> = emails.iter().map(|email| person(&site, email).account).collect();
    (0..60).for_each(|_| site.app.unassign(give(accounts[0])).unwrap());
    // Each holds one from the start, and fifty at most.
    for account in accounts {
        for _ in 1..50 {
            give(account);
        }
    }
    let admin = site.enter("admin@exemple.fr").await;
    let held = |html: &str| -> Vec<String> {
        let fields = html.split("name=\"held\" value=\"").skip(1);
        fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let rows = |html: &str, list: &str| {
        let table = html.split(&format!("<table class=\"cards {list}\"")).nth(1).unwrap_or_default();
        table.split("</table>").next().unwrap().matches("<tr").count().saturating_sub(1)
    };
    let next = |html: &str, list: &str| {
        let links = html.split("<a ").map(|tag| tag.split('>').next().unwrap());
        let mut links = links.filter(|tag| tag.contains("rel=\"next\"") && tag.contains(&format!("{list}=")));
        let tag = links.next()?;
        Some(tag.split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&"))
    };
    let (mut seen, mut at) = (Vec::new(), Some("/c/garonne/people".to_owned()));
    while let Some(address) = at {
        let html = admin.page(&address).await;
        assert!(html.len() < 60_000, "{address}: {} bytes", html.len());
        assert_eq!(html.contains("rel=\"prev\""), !seen.is_empty(), "{address}");
        seen.extend(held(&html));
        at = next(&html, "after");
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (500, 500), "every role once");

    let (mut count, mut at) = (0, Some("/c/garonne/people".to_owned()));
    while let Some(address) = at {
        let html = admin.page(&address).await;
        count += rows(&html, "ended-people");
        at = next(&html, "ended");
    }
    assert_eq!(count, 60, "every role that ended once");

    // In these tests a name is the address.
    let html = admin.page("/c/garonne/people?q=PERSONNE-7").await;
    assert!(held(&html).len() == 30 && !html.contains("personne-6@"), "{html}");
    let second = admin.page(&next(&html, "after").unwrap()).await;
    assert!(held(&second).len() == 20 && next(&second, "after").is_none(), "{second}");
    let none = admin.page("/c/garonne/people?q=zenith").await;
    assert!(none.contains("Personne de ce nom"), "{none}");
    // A role for another customer is no place of this list.
    let elsewhere = "0190a5b0-0000-7000-8000-000000000001";
    for place in [elsewhere, "x"] {
        assert_eq!(admin.get(&format!("/c/garonne/people?after={place}")).await.0, StatusCode::NOT_FOUND);
    }
}
