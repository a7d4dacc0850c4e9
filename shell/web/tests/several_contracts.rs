//! A customer with an overarching contract and two orders: each has its own fee, its own months to
//! close and its own channels.

mod common;

use std::path::Path;

use app::accounts::Client;
use app::{Act, Role};
use axum::http::StatusCode;
use common::{PASSWORD, Site, value};

const MASTER: &str = "CTR-2026-003";
const PAYROLL: &str = "CTR-2026-003-P";
const DESKTOPS: &str = "CTR-2026-003-D";

/// The three texts signed on 30 June 2026; the clock goes on to an instant.
fn signed(name: &str, then: &str) -> Site {
    let people = [("mutuelle", "direction@mutuelle.fr", Role::CustomerManager)];
    let site = Site::new(name, &[("mutuelle", "Mutuelle Horizon Atlantique")], &people);
    at(&site, "2026-06-30T09:00:00Z");
    let customer = site.app.find_customer("mutuelle").unwrap();
    let [ours, theirs] = ["admin@exemple.fr", "direction@mutuelle.fr"].map(|email| {
        site.app
            .authenticate(&Client::default(), email, PASSWORD, None)
            .unwrap()
            .permit(Act::SignContract, customer)
            .unwrap()
    });
    for file in ["mutuelle-horizon.md", "mutuelle-horizon-paie.md", "mutuelle-horizon-daas.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(file);
        site.app.sign_contract(&ours, &theirs, file, &std::fs::read_to_string(path).unwrap()).unwrap();
    }
    at(&site, then);
    site
}

fn at(site: &Site, instant: &str) {
    site.clock.move_to(instant.parse().unwrap());
}

/// The card of a contract on its customer's page, as read: without its tags.
fn card(html: &str, number: &str) -> String {
    let mut cards = html.split("<article class=\"contract-card\">").skip(1);
    let card = cards.find(|card| card.contains(&format!("{number} ·"))).expect("a card of each contract");
    let mut text = String::new();
    for part in card.split("</article>").next().unwrap().split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, words)| words));
        text.push(' ');
    }
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn each_card_bears_the_fee_of_its_own_contract() {
    let site = signed("several-fees", "2026-11-03T09:00:00Z");
    let manager = site.enter("direction@mutuelle.fr").await;
    let html = manager.page("/c/mutuelle").await;
    let fee = "Redevance mensuelle HT ";
    // 620 desktops at 38.00 and the on-call fee of 1,850.00.
    let desktops = card(&html, DESKTOPS);
    assert!(desktops.contains(&format!("{fee}25\u{a0}410,00\u{a0}€ Terme")), "{desktops}");
    let payroll = card(&html, PAYROLL);
    assert!(
        payroll.contains(&format!("{fee}au volume Bulletins de paie, 800 au moins par mois")),
        "{payroll}"
    );
    let master = card(&html, MASTER);
    assert!(master.contains(&format!("{fee}aucune le prix est dans ses commandes")), "{master}");
    assert!(!card(&html, MASTER).contains("0,00"), "a contract without a fee does not cost nothing");

    // The orders follow the master's length: its dates are read once, and no pack is spoken of.
    assert_eq!(html.matches("Fin de la période initiale").count(), 1);
    assert_eq!(html.matches("Nouvelle année contractuelle").count(), 1);
    assert!(!html.contains("carnet"), "the contract has no pack");

    // Who may not see money reads no fee at all.
    // The master asks for an undertaking before anything of the customer's is opened.
    let mut technician = site.enter_unbound("technique@exemple.fr").await;
    let owed = technician.get("/c/mutuelle/tickets").await;
    assert_eq!(owed.0, StatusCode::SEE_OTHER, "{}", owed.1);
    // Where the redirection leads, and back to what was wanted; nowhere else, whatever the address says.
    let elsewhere = technician.page("/c/mutuelle/undertaking?back=//evil.example/c/mutuelle").await;
    assert_eq!(hidden(&elsewhere, "wanted"), "/c/mutuelle/tickets");
    let asked = technician.page("/c/mutuelle/undertaking?back=%2Fc%2Fmutuelle").await;
    assert!(asked.contains("Article 25 – Confidentialité") && asked.contains("J’ai lu et je m’engage"));
    let texts = hidden(&asked, "texts");
    let undertaking = "/c/mutuelle/undertaking";
    let sent = [("texts", texts.as_str()), ("wanted", "/c/mutuelle")];
    let (status, to) = technician.act(undertaking, undertaking, &sent).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/mutuelle"));
    assert_eq!(technician.get(undertaking).await.0, StatusCode::SEE_OTHER, "nothing left to sign");
    let html = technician.page("/c/mutuelle").await;
    assert!(!html.contains("Redevance") && !html.contains("25\u{a0}410"));

    // Signed and not begun: the fee that was agreed.
    at(&site, "2026-07-15T09:00:00Z");
    let manager = site.enter("direction@mutuelle.fr").await;
    let desktops = card(&manager.page("/c/mutuelle").await, DESKTOPS);
    assert!(desktops.contains("25\u{a0}410,00\u{a0}€"), "{desktops}");
}

/// The value of a hidden field of a page.
fn hidden(html: &str, name: &str) -> String {
    let found = html.split(&format!("name=\"{name}\" value=\"")).nth(1);
    found.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}")).to_owned()
}

#[tokio::test]
async fn an_order_has_its_own_money_page_and_closes_its_own_months() {
    let site = signed("several-months", "2026-11-03T09:00:00Z");
    let mut contact = site.enter("contact@exemple.fr").await;

    let main = contact.page("/c/mutuelle/money").await;
    assert!(main.contains(&format!("aria-current=\"page\">{MASTER}</a>")), "the main contract at first");
    for order in [PAYROLL, DESKTOPS] {
        assert!(main.contains(&format!("/c/mutuelle/money?contract={order}\"")), "a tab for {order}");
    }

    let desktops = contact.page(&format!("/c/mutuelle/money?contract={DESKTOPS}")).await;
    assert!(desktops.contains(&format!("aria-current=\"page\">{DESKTOPS}</a>")));
    assert!(desktops.contains("Bureaux virtuels") && desktops.contains("23\u{a0}560,00\u{a0}€"));
    let october = format!("/c/mutuelle/money/2026-10?contract={DESKTOPS}");
    assert!(desktops.contains(&format!("href=\"{october}\"")), "the month to close is this order's");

    // Closing the order's October closes it for no other contract.
    let draft = contact.page(&october).await;
    let (csrf, key, contract) = (hidden(&draft, "csrf"), hidden(&draft, "key"), hidden(&draft, "contract"));
    assert_eq!(contract, DESKTOPS);
    let fields = [
        ("csrf", csrf.as_str()),
        ("key", &key),
        ("contract", &contract),
        ("month", "2026-10"),
        ("sure", "yes"),
    ];
    let (status, to) = contact.post("/c/mutuelle/money/close", &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, october.as_str()));
    let closed = contact.page(&october).await;
    assert!(closed.contains("Clôturé le") && closed.contains("25\u{a0}410,00\u{a0}€"), "{closed}");
    let listed = contact.page(&format!("/c/mutuelle/money?contract={DESKTOPS}")).await;
    assert!(listed.contains(&format!("href=\"{october}\">")), "its closed month leads to its statement");
    let other = contact.page(&format!("/c/mutuelle/money/2026-10?contract={PAYROLL}")).await;
    assert!(!other.contains("Clôturé le") && other.contains("name=\"contract\" value=\"CTR-2026-003-P\""));

    // A name that no contract of the customer bears is not found, whoever else may bear it.
    for unknown in ["CTR-2026-001", "n’importe quoi"] {
        let name = serde_urlencoded::to_string([("contract", unknown)]).unwrap();
        for path in ["/c/mutuelle/money", "/c/mutuelle/money/2026-10"] {
            let (status, html) = contact.get(&format!("{path}?{name}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {unknown}");
            assert!(!html.contains(PAYROLL), "no contract is named to who guesses");
        }
        let fields = [("csrf", csrf.as_str()), ("key", "autre"), ("contract", unknown), ("month", "2026-10")];
        let (status, _) = contact.post("/c/mutuelle/money/close", &fields).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}

fn fields<'a>(all: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    all.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn the_form_of_a_ticket_offers_the_channels_of_its_contract() {
    let site = signed("several-channels", "2026-11-03T09:00:00Z");
    // The customer's people are on the site: they have no other channel to tell.
    let manager = site.enter("direction@mutuelle.fr").await;
    let theirs = manager.page(&format!("/c/mutuelle/tickets/new?contract={DESKTOPS}")).await;
    assert!(!theirs.contains("name=\"channel\""), "{theirs}");
    let mut manager = site.enter("contact@exemple.fr").await;
    let main = manager.page("/c/mutuelle/tickets/new").await;
    assert!(main.contains("value=\"on_site\"") && !main.contains("value=\"guichet\""));
    assert!(main.contains(&format!("href=\"/c/mutuelle/tickets/new?contract={DESKTOPS}\"")));
    let page = format!("/c/mutuelle/tickets/new?contract={DESKTOPS}");
    let form = manager.page(&page).await;
    for option in ["phone\" selected>Téléphone", "guichet\">Guichet", "astreinte\">Astreinte"] {
        assert!(form.contains(&format!("value=\"{option}<")), "{option}: {form}");
    }
    assert!(!form.contains("value=\"api\""), "a program's channel is not a person's");
    assert_eq!(hidden(&form, "contract"), DESKTOPS);
    let (status, _) = manager.get("/c/mutuelle/tickets/new?contract=CTR-2026-001").await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let (csrf, key) = (hidden(&form, "csrf"), hidden(&form, "key"));
    let sent = |contract: &str| {
        vec![
            ("csrf", csrf.clone()),
            ("key", format!("{key}{contract}")),
            ("contract", format!("CTR-2026-003{contract}")),
            ("title", "Bureau figé".to_owned()),
            ("impact", String::new()),
            ("site", "run".to_owned()),
            ("channel", "guichet".to_owned()),
        ]
    };
    let (status, to) = manager.post("/c/mutuelle/tickets", &fields(&sent("-D"))).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/mutuelle/tickets/1"));
    assert!(manager.page("/c/mutuelle/tickets/1").await.contains("Guichet"));
    // The order of payroll names no such channel: its form comes back and says which it takes.
    let (status, html) = manager.post("/c/mutuelle/tickets", &fields(&sent("-P"))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("n'est pas un canal de ce contrat"), "{html}");
    assert_eq!(hidden(&html, "contract"), PAYROLL, "the form of the same contract");
}

#[tokio::test]
async fn the_on_call_roster_is_weighed_then_confirmed_and_both_parties_read_it() {
    let site = signed("on-call", "2027-12-02T09:00:00Z");
    let someone = |email: &str| site.app.authenticate(&Client::default(), email, PASSWORD, None).unwrap();
    let technician = someone("technique@exemple.fr");
    let (id, page) = (technician.account.to_string(), "/c/mutuelle/on-call");
    let mut admin = site.enter("admin@exemple.fr").await;
    let html = admin.page(page).await;
    assert!(html.contains("Aucun programme n’est publié") && html.contains(&id), "{html}");

    let mut fields = vec![
        ("contract", DESKTOPS),
        ("label", "astreinte"),
        ("do", "weigh"),
        ("person-0", &id),
        ("from-0", "2027-12-06T18:00"),
        ("until-0", "2027-12-13T08:00"),
    ];
    let (status, weighed) = admin.act(page, page, &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(weighed.contains("L3121-12") && weighed.contains("#astreinte"), "{weighed}");
    assert!(weighed.contains("value=\"2027-12-06T18:00\""), "what was typed is kept");
    fields[2] = ("do", "publish");
    assert_eq!(admin.act(page, page, &fields).await.0, StatusCode::CONFLICT, "never silent");
    let found = value(&weighed, "found");
    fields.extend([("found", found.as_str()), ("accept", "1")]);
    assert_eq!(admin.act(page, page, &fields).await.0, StatusCode::SEE_OTHER);
    let half = [("contract", DESKTOPS), ("label", "astreinte"), ("do", "weigh"), ("person-0", id.as_str())];
    assert_eq!(admin.act(page, page, &half).await.0, StatusCode::UNPROCESSABLE_ENTITY);

    at(&site, "2027-12-07T03:00:00Z");
    let mut manager = site.enter("direction@mutuelle.fr").await;
    let home = manager.page("/c/mutuelle").await;
    assert!(home.contains("D’astreinte en ce moment") && home.contains(&technician.name), "{home}");
    let read = manager.page(page).await;
    assert!(read.contains(&technician.name), "{read}");
    assert!(!read.contains("name=\"do\"") && !read.contains(&id), "who reads is offered no form");
    assert_eq!(manager.act(page, page, &fields).await.0, StatusCode::NOT_FOUND);
    let journal = manager.page("/c/mutuelle/journal").await;
    assert!(journal.contains("un programme d’astreinte est publié"), "{journal}");
}
