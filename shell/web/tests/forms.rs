//! The forms that a contract writes, filled in on the page of a new request, as the server gives it.

mod common;

use axum::http::StatusCode;
use common::{Site, value};

use app::Role;

const NEW: &str = "/c/garonne/tickets/new";
const TO: &str = "/c/garonne/tickets";
const FORM: &str = r#"

```toml clause
kind = "operations"
label = "arrivees"
then.operation = "arrival"
then.title = "Arrivée d'un salarié"
then.terms = "included"
then.ask = [
  { name = "who", fr = "Nom de la personne", en = "Name of the person", type = "text", required = true },
  { name = "date", fr = "Date d'arrivée", en = "Arrival date", type = "date", required = true },
  { name = "equipment", fr = "Matériel", en = "Equipment", type = "choice", of = ["Portable", "Fixe"], of_en = ["Laptop", "Desktop"] },
  { name = "screens", fr = "Écrans", type = "number", unit = "écrans", max = 3 },
  { name = "more", fr = "Autre chose", type = "long_text" },
]
```
"#;

fn site(name: &str) -> Site {
    let people = [
        ("garonne", "chef@garonne.fr", Role::CustomerManager),
        ("garonne", "fabre@garonne.fr", Role::CustomerUser),
    ];
    let site = Site::new(name, &[("garonne", "Ateliers Garonne")], &people);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).unwrap() + FORM;
    site.sign_text("garonne", "chef@garonne.fr", "ateliers-garonne.md", &text);
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    site
}

/// The part of a page that a script puts in the place of its own.
fn region(html: &str) -> &str {
    let from = html.find("id=\"questions\"").expect("the page has a place for the questions");
    &html[from..from + html[from..].find("data-suggests").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_chosen_in_the_catalogue_has_the_form_of_its_clause() {
    let site = site("forms");
    for email in ["fabre@garonne.fr", "contact@exemple.fr"] {
        let mut person = site.enter(email).await;
        let (_, html) = person.get(NEW).await;
        assert!(!region(&html).contains("name=\"answers."), "nothing is asked before something is chosen");
        let (status, html) = person.get(&format!("{NEW}?operation=arrival")).await;
        assert_eq!(status, StatusCode::OK);
        let asked = region(&html);
        assert!(asked.contains("type=\"date\" id=\"answers.date\" name=\"answers.date\""), "{asked}");
        assert!(
            asked.contains("<option value=\"Fixe\">Fixe</option>") && asked.contains("max=\"3\""),
            "{asked}"
        );

        let read = value(&html, "read");
        let sent = |more: &[(&'static str, &'static str)]| {
            let mut all = vec![("kind", "service_request"), ("operation", "arrival"), ("title", "Arrivée")];
            all.extend_from_slice(more);
            all
        };
        let mut ask =
            sent(&[("answers.who", "Anne Legrand"), ("answers.date", "demain"), ("answers.screens", "4")]);
        ask.push(("read", &read));
        let (status, html) = person.act(NEW, TO, &ask).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for wrong in
            ["href=\"#answers.date\"", "href=\"#answers.screens\"", "value=\"Anne Legrand\"", "3 au plus"]
        {
            assert!(html.contains(wrong), "{wrong}: {html}");
        }
        assert!(!html.contains("href=\"#answers.who\""), "{html}");

        let whole = [
            ("answers.who", "Anne Legrand"),
            ("answers.date", "2026-07-01"),
            ("answers.equipment", "Fixe"),
            ("answers.screens", ""),
            ("answers.more", "<b>Badge</b>\r\nClé"),
            // Of a form that was on the page before.
            ("answers.other", "x"),
        ];
        let mut ask = sent(&whole);
        ask.push(("read", &read));
        assert_eq!(person.act(NEW, TO, &ask).await.0, StatusCode::SEE_OTHER);
    }
    let user = site.enter("fabre@garonne.fr").await;
    for number in [1, 2] {
        let html = user.page(&format!("/c/garonne/tickets/{number}")).await;
        let list = &html[html.find("<dl class=\"facts wide answers\"").expect("the answers are listed")..];
        let before = list.find("id=\"live-conversation\"").expect("above the description");
        let list = &list[..before];
        assert!(
            list.contains("<dt>Date d’arrivée</dt>") || list.contains("<dt>Date d'arrivée</dt>"),
            "{list}"
        );
        assert!(list.contains("<dd>1er juillet 2026</dd>") && list.contains("<dd>Fixe</dd>"), "{list}");
        assert!(list.contains("&lt;b&gt;Badge&lt;/b&gt;") && !list.contains("Écrans"), "{list}");
    }
}

/// Without script, the questions come as a second step: what was chosen is weighed, or sent.
#[tokio::test(flavor = "multi_thread")]
async fn the_form_for_anything_asks_in_a_second_step_without_script() {
    let site = site("forms-steps");
    let mut user = site.enter("fabre@garonne.fr").await;
    let chosen = [
        ("kind", "service_request"),
        ("title", "Arrivée"),
        ("operation", "arrival"),
        ("impact", "user"),
        ("urgency", "comfort"),
    ];
    let (status, html) = user.act(NEW, &format!("{TO}/weigh"), &chosen).await;
    assert_eq!(status, StatusCode::OK);
    assert!(region(&html).contains("name=\"answers.who\"") && !html.contains("role=\"alert\""), "{html}");
    let (status, html) = user.act(NEW, TO, &chosen).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("href=\"#answers.who\"") && html.contains("href=\"#answers.date\""), "{html}");
    // An incident that names the operation is asked nothing.
    let mut incident = chosen;
    incident[0].1 = "incident";
    assert_eq!(user.act(NEW, TO, &incident).await.0, StatusCode::SEE_OTHER);
}
