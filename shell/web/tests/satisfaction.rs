//! What people thought of the work, asked on the portal, read by both parties, and the partnership review.

mod common;

use axum::http::StatusCode;
use common::Site;

const HOME: &str = "/c/garonne";
const TICKET: &str = "/c/garonne/tickets/1";

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_is_asked_once_given_and_counted_for_both_parties() {
    let site = Site::garonne("satisfaction");
    let mut user = site.enter("fabre@garonne.fr").await;
    let ask = [("kind", "incident"), ("title", "Panne"), ("impact", "service"), ("urgency", "blocking")];
    assert_eq!(user.act("/c/garonne/tickets/new", "/c/garonne/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    let mut admin = site.enter("admin@exemple.fr").await;
    assert!(!user.page(TICKET).await.contains("id=\"satisfaction\""), "nothing is asked of an open ticket");
    for (act, fields) in
        [("take-over", vec![]), ("resolve", vec![("text", "Remplacé"), ("diagnosis", "Disque usé")])]
    {
        let (status, html) = admin.act(TICKET, &format!("{TICKET}/{act}"), &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    }
    let html = user.page(HOME).await;
    assert!(
        html.contains("Votre avis sur ce qui vient") && html.contains("/tickets/1#satisfaction"),
        "{html}"
    );
    let html = user.page(TICKET).await;
    assert!(html.contains("Qu’avez-vous pensé") && html.contains("name=\"score\""), "{html}");
    assert!(!admin.page(TICKET).await.contains("name=\"score\""), "the provider judges nothing");

    let tell = format!("{TICKET}/satisfaction");
    let said = [("score", "4"), ("words", "Vite rétabli.")];
    assert_eq!(admin.act(TICKET, &tell, &said).await.0, StatusCode::CONFLICT);
    assert_eq!(user.act(TICKET, &tell, &[("score", "9")]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(user.act(TICKET, &tell, &said).await.0, StatusCode::SEE_OTHER);
    assert!(!user.page(HOME).await.contains("Votre avis sur ce qui vient"), "asked once");
    let html = user.page(TICKET).await;
    assert!(html.contains("Changer mon avis") && html.contains("Vite rétabli."), "{html}");
    let html = admin.page(TICKET).await;
    assert!(html.contains("Vite rétabli.") && html.contains("4 / 5"), "{html}");

    assert!(!admin.page("/team").await.contains("id=\"bad-marks\""), "nobody complains");
    let bad = [("score", "2"), ("words", "À la réflexion, trop lent.")];
    assert_eq!(user.act(TICKET, &tell, &bad).await.0, StatusCode::SEE_OTHER);
    let html = admin.page("/team").await;
    assert!(html.contains("id=\"bad-marks\"") && html.contains("2 / 5"), "{html}");
    assert!(html.contains(&format!("{TICKET}#satisfaction")), "with the way to what was said: {html}");
    assert_eq!(user.act(TICKET, &tell, &said).await.0, StatusCode::SEE_OTHER);
    assert!(!admin.page("/team").await.contains("id=\"bad-marks\""), "a mark as it stands");

    let mut manager = site.enter("chef@garonne.fr").await;
    for reader in [&mut manager, &mut admin] {
        let html = reader.page(HOME).await;
        assert!(html.contains("4,00 / 5") && html.contains("Satisfaction par mois"), "{html}");
    }
    let html = manager.page("/c/garonne/review").await;
    assert!(html.contains("4,00 / 5") && html.contains("Tickets ouverts"), "{html}");
    assert!(user.get("/c/garonne/review").await.0 == StatusCode::NOT_FOUND);

    // A meeting of the contract is held: its minutes are the proof of the duty.
    let option = html.split("<option value=\"").find(|o| o.contains("_committee\"")).unwrap();
    let duty = option.split('"').next().unwrap().to_owned();
    let held = [
        ("contract", "CTR-2026-001"),
        ("duty", duty.as_str()),
        ("on", "2026-06-15"),
        ("proof", "minutes"),
        ("reference", "Procès-verbal n° 1"),
    ];
    let (status, html) = manager.act("/c/garonne/review", "/c/garonne/duties/done", &held).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    let html = manager.page("/c/garonne/review").await;
    assert!(
        html.contains("15 juin 2026") && html.contains("n° 1") || html.contains("Procès-verbal"),
        "{html}"
    );
}
