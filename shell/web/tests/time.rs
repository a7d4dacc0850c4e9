//! Time as people enter it, correct it and have it approved, by forms.

mod common;

use axum::http::StatusCode;
use common::{Site, value};

const ONE: &str = "/c/garonne/tickets/1";
const WEEK: &str = "2026-06-15";

/// A ticket of nine o'clock, two hours later.
async fn opened(name: &str) -> Site {
    let site = Site::garonne(name);
    let mut user = site.enter("fabre@garonne.fr").await;
    let ask = [("kind", "incident"), ("title", "Panne"), ("impact", "site"), ("urgency", "comfort")];
    let opened = user.act("/c/garonne/tickets/new", "/c/garonne/tickets", &ask).await;
    assert_eq!(opened.0, StatusCode::SEE_OTHER);
    site.clock.move_to("2026-06-16T09:00:00Z".parse().unwrap());
    site
}

#[tokio::test]
async fn an_entry_is_corrected_from_the_sheet_and_from_its_ticket() {
    let site = opened("time-corrected").await;
    let mut tech = site.enter("technique@exemple.fr").await;
    let spent = [("minutes", "30"), ("kind", "remote"), ("hours", "ordinary")];
    assert_eq!(tech.act(ONE, &format!("{ONE}/time/spent"), &spent).await.0, StatusCode::SEE_OTHER);
    let html = tech.page("/time").await;
    assert!(html.contains("Corriger…") && html.contains("value=\"2026-06-16T10:30\""), "{html}");
    let entry = value(&html, "entry");
    let to = format!("{ONE}/time/correct");
    let back = format!("/time?week={WEEK}");
    let fields = |minutes, why| {
        [
            ("entry", entry.as_str()),
            ("started", "2026-06-16T10:15"),
            ("minutes", minutes),
            ("kind", "on_site"),
            ("hours", "ordinary"),
            ("why", why),
            ("back", back.as_str()),
        ]
    };
    assert_eq!(tech.act("/time", &to, &fields("45", "")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, led) = tech.act("/time", &to, &fields("45", "Sur place, en fait")).await;
    assert_eq!((status, led.as_str()), (StatusCode::SEE_OTHER, back.as_str()));
    let html = tech.page(ONE).await;
    assert!(
        html.contains("45\u{a0}min") && html.contains("Sur place") && html.contains("Corriger…"),
        "{html}"
    );
    // From the ticket one goes back to it, and somebody else's is not theirs to correct.
    let mut plain = fields("40", "Encore").to_vec();
    plain.pop();
    assert_eq!(tech.act(ONE, &to, &plain).await, (StatusCode::SEE_OTHER, ONE.to_owned()));
    let mut contact = site.enter("contact@exemple.fr").await;
    assert!(contact.page(ONE).await.contains("Corriger…"), "whoever approves may");
    let spent = [("minutes", "10"), ("kind", "remote"), ("hours", "ordinary")];
    assert_eq!(contact.act(ONE, &format!("{ONE}/time/spent"), &spent).await.0, StatusCode::SEE_OTHER);
    let own = contact.page("/time").await;
    let theirs = value(&own, "entry");
    let theirs: Vec<(&str, &str)> = fields("1", "Non")
        .iter()
        .map(|(k, v)| (*k, if *k == "entry" { theirs.as_str() } else { *v }))
        .collect();
    assert_eq!(tech.act("/time", &to, &theirs).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_week_is_submitted_given_back_approved_and_reopened() {
    let site = opened("time-week").await;
    let mut tech = site.enter("technique@exemple.fr").await;
    let mut contact = site.enter("contact@exemple.fr").await;
    for person in [&mut tech, &mut contact] {
        let spent = [("minutes", "30"), ("kind", "remote"), ("hours", "ordinary")];
        assert_eq!(person.act(ONE, &format!("{ONE}/time/spent"), &spent).await.0, StatusCode::SEE_OTHER);
    }
    let html = tech.page("/time").await;
    let me = value(&html, "person");
    let sheet = format!("/time?week={WEEK}&person={me}");
    let of = |why: &'static str| [("week", WEEK), ("person", me.as_str()), ("why", why)];
    assert_eq!(tech.act("/time", "/time/submit", &of("")).await.0, StatusCode::SEE_OTHER);
    assert!(!tech.page("/time").await.contains("Approuver la semaine"));
    assert_eq!(tech.act("/time", "/time/approve", &of("")).await.0, StatusCode::NOT_FOUND);

    let html = contact.page(&sheet).await;
    assert!(html.contains("Approuver la semaine") && html.contains("Rendre…"), "{html}");
    let back = of("Le trajet manque");
    assert_eq!(contact.act(&sheet, "/time/return", &back).await.0, StatusCode::SEE_OTHER);
    let html = tech.page("/time").await;
    assert!(html.contains("Rendue à son auteur") && html.contains("Le trajet manque"), "{html}");
    assert_eq!(tech.act("/time", "/time/submit", &of("")).await.0, StatusCode::SEE_OTHER);
    assert_eq!(contact.act(&sheet, "/time/approve", &of("")).await.0, StatusCode::SEE_OTHER);
    let html = tech.page("/time").await;
    assert!(html.contains("Approuvée") && !html.contains("Corriger…") && !html.contains("Rouvrir"), "{html}");

    let html = contact.page(&sheet).await;
    assert!(html.contains("Rouvrir…"), "{html}");
    assert_eq!(contact.act(&sheet, "/time/reopen", &of("")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(contact.act(&sheet, "/time/reopen", &of("Un oubli")).await.0, StatusCode::SEE_OTHER);
    let html = tech.page("/time").await;
    assert!(html.contains("Rouverte") && html.contains("Un oubli") && html.contains("Corriger…"), "{html}");

    // Whoever approves is approved by somebody else.
    let own = value(&contact.page("/time").await, "person");
    let own = [("week", WEEK), ("person", own.as_str())];
    assert_eq!(contact.act("/time", "/time/submit", &own).await.0, StatusCode::SEE_OTHER);
    assert!(!contact.page("/time").await.contains("Approuver la semaine"));
    let (status, html) = contact.act("/time", "/time/approve", &own).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("propre semaine") && html.contains("admin@exemple.fr"), "{html}");
}

#[tokio::test]
async fn time_is_entered_with_the_instant_at_which_it_began() {
    let site = opened("time-began").await;
    let mut tech = site.enter("technique@exemple.fr").await;
    let spent = |started| [("minutes", "30"), ("started", started), ("kind", "remote"), ("hours", "")];
    let to = format!("{ONE}/time/spent");
    assert_eq!(tech.act(ONE, &to, &spent("2026-06-16T11:00")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tech.act(ONE, &to, &spent("2026-06-16T09:20")).await.0, StatusCode::SEE_OTHER);
    assert!(tech.page("/time").await.contains("value=\"2026-06-16T09:20\""));
    assert_eq!(tech.act(ONE, &to, &spent("")).await.0, StatusCode::SEE_OTHER);
    assert!(tech.page("/time").await.contains("value=\"2026-06-16T10:30\""), "just now, less its minutes");
}
