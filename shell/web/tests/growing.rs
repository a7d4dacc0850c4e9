//! What grows with the years is shown from its end, and led through: each line once, and no page that grows.

mod common;

use app::accounts::Client;
use app::draft::{Kind, NewDraft};
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::time::TellTime;
use app::{Act, Permit};
use common::{PASSWORD, Person, Site};
use events::WorkKind;
use jiff::ToSpan;
use jiff::civil::date;

const TICKET: &str = "/c/garonne/tickets/1";

fn key(text: String) -> IdempotencyKey {
    IdempotencyKey::parse(&text).unwrap()
}

fn permit(site: &Site, email: &str, act: Act) -> Permit {
    let who = site.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap();
    who.permit(act, site.app.find_customer("garonne").unwrap()).unwrap()
}

/// A ticket that the contact took over.
fn ticket(site: &Site) {
    site.undertake("contact@exemple.fr");
    let open = permit(site, "fabre@garonne.fr", Act::OpenTicket);
    let ask = OpenTicket { title: "Serveur lent".to_owned(), ..OpenTicket::default() };
    site.app.open_ticket(&open, &key("open".to_owned()), &ask).unwrap();
    let work = permit(site, "contact@exemple.fr", StepCommand::TakeOver.act());
    site.app.step_ticket(&work, &key("take".to_owned()), 1, &StepCommand::TakeOver, None).unwrap();
}

/// The address of the link of a page whose own contains some words.
fn link(html: &str, rel: &str, holds: &str) -> Option<String> {
    let tags = html.split("<a ").map(|tag| tag.split('>').next().unwrap());
    let of = |tag: &&str| tag.contains(&format!("rel=\"{rel}\"")) && tag.contains(holds);
    let href =
        tags.filter(of).find_map(|tag| Some(tag.split("href=\"").nth(1)?.split('"').next()?.to_owned()))?;
    Some(href.replace("&amp;", "&").split('#').next().unwrap().to_owned())
}

/// Every page of a list, by the links of this kind that hold some words; each under a number of bytes.
async fn pages(person: &Person<'_>, first: &str, rel: &str, holds: &str, most: usize) -> Vec<String> {
    let (mut all, mut at) = (Vec::new(), Some(first.to_owned()));
    while let Some(address) = at {
        let html = person.page(&address).await;
        assert!(html.len() < most, "{address}: {} bytes", html.len());
        at = link(&html, rel, holds);
        all.push(html);
        assert!(all.len() < 50, "{address} leads on for ever");
    }
    all
}

/// What stands between these words, in the order of the page.
fn numbers(html: &str, before: &str) -> Vec<u32> {
    html.split(before).skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok()).collect()
}

#[tokio::test]
async fn a_long_conversation_is_shown_from_its_end() {
    let site = Site::garonne("growing-conversation");
    ticket(&site);
    let work = permit(&site, "contact@exemple.fr", Act::WorkOnTicket);
    for n in 1..=2_000 {
        let note = StepCommand::Note { body: format!("Constat {n}. Rien de neuf.") };
        site.app.step_ticket(&work, &key(format!("note-{n}")), 1, &note, None).unwrap();
    }
    let contact = site.enter("contact@exemple.fr").await;
    let begun = std::time::Instant::now();
    let first = contact.page(TICKET).await;
    // Unoptimised, on a busy machine: a page that read or drew each note more than once would take longer.
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert!(first.contains("Échanges précédents") && first.contains("Serveur lent"));
    assert_eq!(numbers(&first, "Constat ").len(), 100);
    let all = pages(&contact, TICKET, "prev", "talk=", 150_000).await;
    assert!(all.iter().all(|html| html.contains("Serveur lent")), "what was declared is on every page");
    let seen: Vec<u32> = all.iter().rev().flat_map(|html| numbers(html, "Constat ")).collect();
    assert_eq!(seen, (1..=2_000).collect::<Vec<_>>(), "each once, in order");
    assert!(!first.contains("Derniers échanges") && all[1].contains("Derniers échanges"));
}

#[tokio::test]
async fn the_time_of_a_long_ticket_is_shown_from_its_end() {
    let site = Site::garonne("growing-time");
    ticket(&site);
    site.clock.move_to("2026-06-16T15:00:00Z".parse().unwrap());
    let enter = permit(&site, "contact@exemple.fr", Act::EnterTime);
    for n in 1..=65 {
        let comment = Some(format!("Lot {n}. Fait."));
        let ask = TellTime {
            minutes: 5,
            started: None,
            kind: WorkKind::Remote,
            hours: None,
            profile: None,
            comment,
        };
        site.app.enter_time(&enter, &key(format!("time-{n}")), 1, &ask).unwrap();
    }
    let contact = site.enter("contact@exemple.fr").await;
    let all = pages(&contact, TICKET, "prev", "time=", 150_000).await;
    let mut seen: Vec<u32> = all.iter().flat_map(|html| numbers(html, "<p class=\"muted\">Lot ")).collect();
    let count = seen.len();
    seen.sort_unstable();
    assert_eq!((seen, count, all.len()), ((1..=65).collect(), 65, 4), "each once, twenty to a page");
}

#[tokio::test]
async fn drafts_are_pages_the_last_saved_first() {
    let site = Site::garonne("growing-drafts");
    let write = permit(&site, "contact@exemple.fr", Act::WriteDraft);
    for n in 1..=70 {
        let new = NewDraft {
            title: format!("Commande {n}. Postes"),
            kind: Kind::Order,
            base: Some("CTR-2026-001".to_owned()),
            text: "# Commande\n".to_owned(),
        };
        site.app.create_draft(&write, &key(format!("draft-{n}")), &new).unwrap();
    }
    let contact = site.enter("contact@exemple.fr").await;
    let all = pages(&contact, "/c/garonne/drafts", "next", "before=", 60_000).await;
    let mut seen: Vec<u32> = all.iter().flat_map(|html| numbers(html, ">Commande ")).collect();
    let count = seen.len();
    seen.sort_unstable();
    assert_eq!((seen, count, all.len()), ((1..=70).collect(), 70, 3), "each once, thirty to a page");
    let nowhere = contact.get("/c/garonne/drafts?before=x").await;
    assert_eq!(nowhere.0, axum::http::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn closed_months_are_two_years_to_a_page() {
    let site = Site::garonne("growing-months");
    site.clock.move_to("2028-10-16T07:00:00Z".parse().unwrap());
    let close = permit(&site, "contact@exemple.fr", Act::CloseMonth);
    let mut month = date(2026, 3, 1);
    let mut count = 0;
    while month < date(2028, 10, 1) {
        site.app.close_month(&close, &key(format!("month-{month}")), None, month).unwrap();
        (month, count) = (month.saturating_add(1.month()), count + 1);
    }
    let contact = site.enter("contact@exemple.fr").await;
    let all = pages(&contact, "/c/garonne/money", "next", "before=", 80_000).await;
    let months = |html: &String| {
        let table =
            html.split("class=\"cards closed\"").nth(1).unwrap().split("</table>").next().unwrap().to_owned();
        table.matches("<tr").count() - 1
    };
    assert_eq!(all.iter().map(months).collect::<Vec<_>>(), [24, count - 24]);
    assert!(link(&all[1], "prev", "money").is_some() && link(&all[0], "prev", "money").is_none());
}
