//! Searching on pages: what one may read, marked, page after page, with or without script.

mod common;

use app::accounts::Client;
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, Role};
use axum::http::StatusCode;
use common::{PASSWORD, Site};

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
        ("voisin", "chef@voisin.fr", Role::CustomerManager),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne"), ("voisin", "Voisin")], &people);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap();
    let who = |email| site.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap();
    let garonne = site.app.find_customer("garonne").unwrap();
    let ours = who("admin@exemple.fr").permit(Act::SignContract, garonne).unwrap();
    let theirs = who("chef@garonne.fr").permit(Act::SignContract, garonne).unwrap();
    site.app.sign_contract(&ours, &theirs, "contrat.md", &text).unwrap();
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    site.undertake("contact@exemple.fr");
    let key = |text: String| IdempotencyKey::parse(&text).unwrap();
    let open = who("fabre@garonne.fr").permit(Act::OpenTicket, garonne).unwrap();
    for n in 1..=25 {
        let title = if n == 3 { "Imprimantes <bloquées>".to_owned() } else { format!("Souci {n}") };
        let description = "Une imprimante à l’étage".to_owned();
        let ask = OpenTicket { title, description, ..OpenTicket::default() };
        site.app.open_ticket(&open, &key(format!("o{n}")), &ask).unwrap();
    }
    let note = StepCommand::Note { body: "Encore un jamboree".to_owned() };
    let work = who("contact@exemple.fr").permit(note.act(), garonne).unwrap();
    site.app.step_ticket(&work, &key("note".to_owned()), 4, &note, None).unwrap();
    site
}

#[tokio::test]
async fn the_page_marks_what_was_found_and_leads_on() {
    let site = site("search-page");
    let user = site.enter("fabre@garonne.fr").await;
    let empty = user.page("/c/garonne/search").await;
    assert!(empty.contains("name=\"q\"") && !empty.contains("Rien trouvé"));
    let first = user.page("/c/garonne/search?q=imprimante").await;
    assert_eq!(first.matches("<li class=\"hit\">").count(), 20);
    assert!(
        first.contains("<mark>Imprimantes</mark> &lt;bloquées&gt;")
            && first.contains("<mark>imprimante</mark>")
    );
    let here = first.find("/c/garonne/tickets/3\"").unwrap();
    assert!(here < first.find("/c/garonne/tickets/25\"").unwrap(), "the title before the newest");
    let next =
        first.split("<a ").find(|tag| tag.split('>').next().unwrap().contains("rel=\"next\"")).unwrap();
    let next = next.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = user.page(&next).await;
    assert_eq!(second.matches("<li class=\"hit\">").count(), 5);
    assert!(!second.contains("rel=\"next\"") && second.contains("rel=\"prev\""));
    assert!(user.page("/c/garonne/search?q=introuvable").await.contains("Rien trouvé"));
    let articles = "/c/garonne/search?q=r%C3%A9tablissement";
    assert!(!user.page(articles).await.contains("Articles du contrat"), "it may not read the contract");
    let manager = site.enter("chef@garonne.fr").await;
    assert!(manager.page(articles).await.contains("Articles du contrat"));
    assert!(user.page("/c/garonne/search?q=srv-erp").await.contains("/c/garonne/tickets?item=srv-erp"));
}

#[tokio::test]
async fn a_note_is_found_by_the_provider_and_nothing_by_a_neighbour() {
    let site = site("search-rights");
    let user = site.enter("fabre@garonne.fr").await;
    let said =
        |page: &str| page.split("id=\"results\"").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
    let nothing = said(&user.page("/c/garonne/search?q=jamborees").await);
    assert_eq!(nothing, said(&user.page("/c/garonne/search?q=introuvable").await), "as a word of no text");
    let staff = site.enter("contact@exemple.fr").await;
    let page = staff.page("/c/garonne/search?q=jamborees").await;
    assert!(page.contains("Note interne") && page.contains("<mark>jamboree</mark>"));
    let page = staff.page("/search?q=jamboree").await;
    assert!(page.contains("<h2>Ateliers Garonne</h2>") && page.contains("/c/garonne/tickets/4"));
    assert!(staff.page("/search?q=imprimante").await.contains("/c/garonne/search?q=imprimante"));

    let other = site.enter("chef@voisin.fr").await;
    let theirs = other.get("/c/garonne/search?q=imprimante").await;
    assert_eq!(theirs.0, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/search?q=imprimante").await.0, StatusCode::SEE_OTHER);
    assert!(!other.page("/c/voisin/search?q=imprimante").await.contains("garonne"));
}
