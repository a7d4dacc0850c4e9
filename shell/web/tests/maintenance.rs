//! What is done for an application, by the forms of both parties: an evolution from its estimate to
//! production, and a visit on site from its report to its signature.

mod common;

use app::access::Items;
use app::accounts::roles::NewRole;
use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, Role};
use axum::http::StatusCode;
use common::{Site, value};

/// Contract B signed, on Monday 2 November 2026 at ten.
fn signed() -> Site {
    let people = [
        ("lumen", "chef@lumen.fr", Role::CustomerManager),
        ("lumen", "usager@lumen.fr", Role::CustomerUser),
        ("lumen", "editeur@tiers.fr", Role::ThirdPartyTechnician),
    ];
    let site = Site::new("deliveries", &[("lumen", "Lumen Édition")], &people);
    site.clock.move_to("2026-08-20T09:00:00Z".parse().unwrap());
    site.sign("lumen", "chef@lumen.fr", "lumen-edition.md");
    site.clock.move_to("2026-11-02T09:00:00Z".parse().unwrap());
    site
}

#[tokio::test]
async fn an_evolution_is_ordered_delivered_and_accepted_by_forms() {
    let site = signed();
    let mut user = site.enter("usager@lumen.fr").await;
    let ask = [("kind", "evolutive"), ("title", "Réserver depuis un téléphone"), ("text", "Une page")];
    // What is not in the fee is read before it is sent.
    let (status, html) = user.act("/c/lumen/tickets/new", "/c/lumen/tickets", &ask).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let read = value(&html, "read");
    let ask = [&ask[..], &[("read", &read)]].concat();
    assert_eq!(user.act("/c/lumen/tickets/new", "/c/lumen/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    let one = "/c/lumen/tickets/1";
    let to = |act: &str| format!("{one}/delivery/{act}");

    let mut contact = site.enter("admin@exemple.fr").await;
    let (_, html) = contact.get(one).await;
    assert!(html.contains("À chiffrer") && html.contains("M, moyenne\u{a0}: 2,50"), "{html}");
    assert!(!html.contains("name=\"price\""), "nothing is priced beside the book");
    // Nothing was counted: said above the form, and what was written is kept.
    let empty = [("text", "Une page et deux écrans"), ("until", "2026-11-30")];
    let (status, html) = contact.act(one, &to("estimate"), &empty).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        html.contains("Une page et deux écrans</textarea>") && html.contains("value=\"2026-11-30\""),
        "{html}"
    );
    let estimate =
        [("count-S", "1"), ("count-M", "2"), ("text", "Une page et deux écrans"), ("until", "2026-11-30")];
    assert_eq!(contact.act(one, &to("estimate"), &estimate).await.0, StatusCode::SEE_OTHER);

    assert_eq!(user.act(one, &to("order"), &[("estimate", "1")]).await.0, StatusCode::NOT_FOUND);
    let mut chief = site.enter("chef@lumen.fr").await;
    let (_, html) = chief.get(one).await;
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("6 UO, 3 240,00 € HT") && plain.contains("Commander</button>"), "{html}");
    let read = value(&html, "estimate");
    assert_eq!(chief.act(one, &to("order"), &[("estimate", &read)]).await.0, StatusCode::SEE_OTHER);

    let note = [("text", "Version 4.2 sur la recette")];
    assert_eq!(contact.act(one, &to("present"), &note).await.0, StatusCode::SEE_OTHER);
    let (_, html) = chief.get(one).await;
    assert!(html.contains("Prononcer «\u{a0}VABF\u{a0}»") && html.contains("vaut refus"), "{html}");
    let presented = value(&html, "presented");
    let verdict = |verdict: &'static str, text: &'static str| {
        [
            ("presented", presented.clone()),
            ("step", "VABF".into()),
            ("verdict", verdict.into()),
            ("text", text.into()),
        ]
    };
    let send = |fields: [(&'static str, String); 4]| fields;
    let bare = send(verdict("refused", ""));
    let bare: Vec<(&str, &str)> = bare.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (status, html) = chief.act(one, &to("decide"), &bare).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal says why");
    assert!(html.contains("value=\"refused\" selected"), "{html}");
    let kept = send(verdict("with_reserves", "Le bouton dépasse"));
    let kept: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(chief.act(one, &to("decide"), &kept).await.0, StatusCode::SEE_OTHER);
    // Somebody else was quicker: there is no form any more, and the words are still there.
    let late = send(verdict("refused", "Un avis motivé"));
    let late: Vec<(&str, &str)> = late.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (status, html) = chief.act(one, &to("decide"), &late).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Vous aviez écrit") && html.contains("Un avis motivé"), "{html}");

    let (status, html) = contact.act(one, &to("produce"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("un retour arrière essayé") && html.contains("#recette"), "{html}");
    for need in ["rollback_tested", "anonymised_data", "documentation", "sources"] {
        let shown = [("need", need), ("reference", "Procès-verbal du 2 novembre")];
        assert_eq!(contact.act(one, &to("show"), &shown).await.0, StatusCode::SEE_OTHER, "{need}");
    }
    assert_eq!(contact.act(one, &to("produce"), &[]).await.0, StatusCode::SEE_OTHER);
    let (_, html) = chief.get(one).await;
    assert!(html.contains("Recette en cours\u{a0}: VSR") && html.contains("vaut acceptation"), "{html}");
    assert!(html.contains("a mis en production") && html.contains("a commandé"), "{html}");
    // The book on the living contract says what is left of it.
    let (_, html) = chief.get("/c/lumen/contracts/CTR-2026-002").await;
    assert!(html.contains("194 UO restantes sur 200"), "{html}");

    // Its silence ends the VSR; what the user finds then is declared from the delivery itself.
    site.clock.move_to("2027-01-04T09:00:00Z".parse().unwrap());
    let (_, html) = user.get(one).await;
    let declare =
        "/c/lumen/tickets/new?kind=corrective&amp;tie=defect_of&amp;from=1&amp;contract=CTR-2026-002";
    assert!(html.contains("Garantie jusqu’au") && html.contains(declare), "{html}");
    let declare = declare.replace("&amp;", "&");
    let (_, html) = user.get(&declare).await;
    assert!(html.contains("Anomalie de la livraison ticket n° 1."), "{html}");
    let defect = [
        ("kind", "corrective"),
        ("title", "La réservation efface la liste"),
        ("text", "À chaque fois"),
        ("level", "minor"),
        ("tie", "defect_of"),
        ("from", "1"),
        ("contract", "CTR-2026-002"),
    ];
    assert_eq!(user.act(&declare, "/c/lumen/tickets", &defect).await.0, StatusCode::SEE_OTHER);
    let (_, html) = user.get("/c/lumen/tickets/2").await;
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("Sous garantie, sans frais") && plain.contains("3 mars 2027"), "{html}");
    assert!(plain.contains("Anomalie de la livraison") && plain.contains("<code>recette</code>"), "{html}");
    let (_, html) = user.get(one).await;
    assert!(html.contains("A pour anomalie"), "{html}");
    // Nor does the provider's form ask a price for it.
    let (_, html) = contact.get("/c/lumen/tickets/2").await;
    assert!(!html.contains("name=\"price\""), "{html}");
    assert!(html.contains("Délier"), "who relates tickets may say that it is no defect of it");
}

/// A defect is told by its severity; the form asks nothing else of how grave it is, and the ticket says so.
#[tokio::test]
async fn a_defect_is_told_by_its_severity_alone() {
    let site = signed();
    let (new, to) = ("/c/lumen/tickets/new", "/c/lumen/tickets");
    let mut user = site.enter("usager@lumen.fr").await;
    let (_, html) = user.get(new).await;
    assert!(html.contains("name=\"impact\"") && !html.contains("name=\"level\""), "{html}");
    let (_, html) = user.get(&format!("{new}?kind=corrective")).await;
    assert!(!html.contains("name=\"impact\"") && html.contains("name=\"level\" required"), "{html}");
    // Without script, the form of an incident is sent for a defect: its own form comes back, and says what lacks.
    let sent =
        [("kind", "corrective"), ("title", "Le prêt échoue"), ("impact", "person"), ("urgency", "detail")];
    let (status, html) = user.act(new, to, &sent).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!html.contains("name=\"impact\"") && html.contains("id=\"level-error\">la gravité"), "{html}");
    let (_, html) = user.act(new, &format!("{to}/weigh"), &sent).await;
    assert!(html.contains("id=\"level\"") && html.contains("Majeure"), "{html}");
    let sent = [("kind", "corrective"), ("title", "Le prêt échoue"), ("level", "major")];
    assert_eq!(user.act(new, to, &sent).await.0, StatusCode::SEE_OTHER);
    let (_, html) = user.get("/c/lumen/tickets/1").await;
    let facts = &html[html.find("id=\"facts\"").expect("facts")..];
    assert!(facts.contains("Gravité") && facts.contains("une fonction importante est dégradée"), "{facts}");
    assert!(facts.contains("Majeure") && !facts.contains("<dd>major"), "{facts}");
}

#[tokio::test]
async fn a_visit_is_reported_and_signed_for_what_was_read() {
    let site = signed().printing();
    let mut user = site.enter("usager@lumen.fr").await;
    let ask = [("kind", "evolutive"), ("title", "Une douchette par guichet"), ("text", "Trois guichets")];
    let (_, html) = user.act("/c/lumen/tickets/new", "/c/lumen/tickets", &ask).await;
    let read = value(&html, "read");
    let ask = [&ask[..], &[("read", &read)]].concat();
    assert_eq!(user.act("/c/lumen/tickets/new", "/c/lumen/tickets", &ask).await.0, StatusCode::SEE_OTHER);
    let visits = "/c/lumen/tickets/1/visits";
    let mut technician = site.enter("technique@exemple.fr").await;
    let (_, html) = technician.get("/c/lumen/tickets/1").await;
    assert!(html.contains(visits), "{html}");
    // Who left before arriving is told so, and has nothing to type again.
    let mut report = vec![
        ("arrived", "2026-11-02T09:30"),
        ("left", "2026-11-02T08:30"),
        ("travel", "40"),
        ("work", "Câble remplacé, lecture essayée"),
        ("parts", "2 câble USB\ndouchette"),
        ("met", "Amel Saïdi"),
    ];
    let (status, html) = technician.act(visits, visits, &report).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");
    assert!(html.contains("Câble remplacé, lecture essayée</textarea>"), "{html}");
    report[1] = ("left", "2026-11-02T09:50");
    let (status, html) = technician.act(visits, visits, &report).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");

    // Until it is signed, whoever came corrects it, from what was reported.
    let (_, html) = technician.get(visits).await;
    let id = value(&html, "visit");
    assert!(html.contains("Corriger…") && html.contains("2 câble USB\n1 douchette</textarea>"), "{html}");
    assert!(html.contains("value=\"2026-11-02T09:50\""), "{html}");
    let again = [&report[..], &[("visit", id.as_str())]].concat();
    let bad = [&again[..3], &[("work", " "), ("visit", id.as_str())]].concat();
    let (status, html) = technician.act(visits, visits, &bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");
    assert!(html.contains("<details class=\"act\" open>"), "what is refused stands open: {html}");
    let right = [
        &again[..3],
        &[("work", "Deux câbles remplacés, lecture essayée"), ("visit", id.as_str())],
        &again[4..6],
    ];
    let right = right.concat();
    assert_eq!(technician.act(visits, visits, &right).await.0, StatusCode::SEE_OTHER);
    let mut colleague = site.enter("contact@exemple.fr").await;
    assert!(!colleague.page(visits).await.contains("Corriger…"));
    let (status, html) = colleague.act(visits, visits, &right).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("Seule la personne qui a rendu compte"), "{html}");

    let (_, html) = user.get(visits).await;
    assert!(html.contains("Deux câbles remplacés") && !html.contains("Câble remplacé,"), "{html}");
    assert!(html.contains("2\u{a0}× câble USB, 1\u{a0}× douchette") && html.contains("À signer"), "{html}");
    assert!(!html.contains("visit-arrived"), "the customer reports no visit");
    let id = html.split("/visits/").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    let (to, hash) = (format!("{visits}/{id}/sign"), value(&html, "hash"));
    assert_eq!(user.act(visits, &to, &[("hash", "autre")]).await.0, StatusCode::CONFLICT);
    let paper = format!("{visits}/{id}/report.pdf");
    assert!(html.contains(&paper), "{html}");
    let print = String::from_utf8(user.get_bytes(&paper).await.1).unwrap();
    assert!(
        print.contains("Pièces | 2\u{a0}× câble USB, 1\u{a0}× douchette") && print.contains(&hash),
        "{print}"
    );
    let beyond = [("hash", hash.as_str()), ("drawing", "600x200 10,20,700,22")];
    let (status, html) = user.act(visits, &to, &beyond).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");
    let stale = [("hash", "autre"), ("reserve", "Le câble est trop court")];
    let (status, html) = user.act(visits, &to, &stale).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("relisez-le") && html.contains(">Le câble est trop court</textarea>"), "{html}");
    let reserve = ("reserve", "Le câble est trop court");
    let signed = [("hash", hash.as_str()), reserve, ("drawing", "600x200 10,20,14,22 5,5")];
    assert_eq!(user.act(visits, &to, &signed).await.0, StatusCode::SEE_OTHER);
    assert!(user.page(visits).await.contains("d=\"M10 20L14 22M5 5h0\""));
    let print = String::from_utf8(user.get_bytes(&paper).await.1).unwrap();
    for words in
        ["Réserves du client | Le câble", "[[(10, 20), (14, 22)], [(5, 5)]]", "sous son propre compte"]
    {
        assert!(print.contains(words), "{words} in {print}");
    }
    let away = format!("{visits}/0190d0a0-0000-7000-8000-000000000000/report.pdf");
    assert_eq!(user.get(&away).await.0, StatusCode::NOT_FOUND);
    let (_, html) = technician.get(visits).await;
    assert!(html.contains("Signé par") && html.contains("Le câble est trop court"), "{html}");
    assert!(!html.contains("/sign\""), "signed once");
    assert!(!html.contains("Corriger…"), "a signed report changes no more");
}

#[tokio::test]
async fn time_is_entered_with_a_visit_by_the_provider_alone_and_what_was_not_is_said() {
    let site = signed();
    let customer = site.app.find_customer("lumen").unwrap();
    let may = |email: &str, act| site.app.person_of(email).unwrap().permit(act, customer).unwrap();
    let ask = OpenTicket {
        title: "Recherche en panne".into(),
        item: Some("bibliotek".into()),
        ..OpenTicket::default()
    };
    let key = IdempotencyKey::parse("open-1").unwrap();
    site.app.open_ticket(&may("usager@lumen.fr", Act::OpenTicket), &key, &ask).unwrap();
    let new = NewRole {
        account: site.app.person_of("editeur@tiers.fr").unwrap().account,
        role: Role::ThirdPartyTechnician,
        customer: Some(customer),
        contract: None,
        about: Items { items: ["bibliotek".to_owned()].into(), ..Items::default() },
    };
    site.app.assign(&new).unwrap();
    site.clock.move_to("2026-11-02T11:00:00Z".parse().unwrap());
    let visits = "/c/lumen/tickets/1/visits";
    // Opened at ten: on site since a quarter past, on the road since half past nine.
    let report = [
        ("arrived", "2026-11-02T10:15"),
        ("left", "2026-11-02T11:30"),
        ("travel", "45"),
        ("work", "Index refait"),
        ("hours", "ordinary"),
    ];
    let mut third = site.enter("editeur@tiers.fr").await;
    assert!(!third.page(visits).await.contains("name=\"hours\""), "its time is its own");
    let (status, html) = third.act(visits, visits, &report).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{html}");
    assert!(html.contains("Le temps d’une visite n’est saisi que par le prestataire"), "{html}");
    assert!(html.contains("Aucune visite"), "nothing is written: {html}");

    let mut technician = site.enter("technique@exemple.fr").await;
    assert!(technician.page(visits).await.contains("name=\"hours\""));
    assert_eq!(technician.act(visits, visits, &report).await.0, StatusCode::SEE_OTHER);
    let html = technician.told(visits).await;
    assert!(html.contains("le temps sur place est saisi, celui du trajet ne l’est pas"), "{html}");
}

/// The clause of maintenance holds several regular duties: each has its link, and the preventive one its kind.
#[tokio::test(flavor = "multi_thread")]
async fn the_preventive_plan_opens_tickets_of_preventive_maintenance() {
    let site = signed();
    let mut admin = site.enter("admin@exemple.fr").await;
    let html = admin.page("/c/lumen/plans").await;
    let links = html.split("href=\"").filter(|link| link.contains("/plans/new?contract="));
    let links: Vec<String> =
        links.map(|link| link.split('"').next().unwrap().replace("&amp;", "&")).collect();
    let of_maintenance = |what: &str| {
        let end = format!("&duty=tma&what={what}");
        links.iter().filter(|link| link.ends_with(&end)).cloned().collect::<Vec<_>>()
    };
    let [preventive, release] = ["preventive_plan", "release"].map(of_maintenance);
    assert_eq!((preventive.len(), release.len()), (1, 1), "{links:?}");
    let form = admin.page(&preventive[0]).await;
    assert!(form.contains("value=\"preventive\" selected"), "{form}");
    assert!(form.contains("value=\"tma/preventive_plan\" selected"), "{form}");
    let title = value(&form, "title");
    let other = admin.page(&release[0]).await;
    assert!(
        value(&other, "title") != title && other.contains("value=\"service_request\" selected"),
        "{other}"
    );
    let fields = [
        ("contract", "CTR-2026-002"),
        ("title", title.as_str()),
        ("kind", "preventive"),
        ("duty", "tma/preventive_plan"),
        ("every", "3"),
        ("unit", "months"),
        ("first", "2026-12-01"),
        ("at", "08:00"),
        ("do", "save"),
    ];
    assert_eq!(admin.act(&preventive[0], "/c/lumen/plans", &fields).await.0, StatusCode::SEE_OTHER);
    site.clock.move_to("2026-12-01T08:00:00Z".parse().unwrap());
    site.app.open_planned().unwrap();
    let html = admin.page("/c/lumen/tickets/1").await;
    assert!(html.contains("Maintenance préventive") && html.contains("Compris dans le forfait"), "{html}");

    // The ticket shows which duty it does and until when, and takes its proof; the duty leads to it.
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("Obligation du contrat") && plain.contains("30 novembre 2026"), "{html}");
    let duties = admin.page("/c/lumen/duties").await;
    assert!(duties.contains("href=\"/c/lumen/tickets/1\""), "{duties}");
    let proof = [
        ("contract", "CTR-2026-002"),
        ("duty", "tma/preventive_plan"),
        ("ticket", "1"),
        ("on", "2026-12-01"),
        ("proof", "document"),
        ("reference", "Compte rendu du 1er décembre"),
    ];
    assert!(plain.contains("une fois le ticket résolu"), "{html}");
    let early = admin.act("/c/lumen/tickets/1", "/c/lumen/duties/done", &proof).await;
    assert_eq!(early.0, StatusCode::CONFLICT);
    let resolved = [("diagnosis", "Rien à corriger"), ("text", "Revue faite")];
    let resolved = admin.act("/c/lumen/tickets/1", "/c/lumen/tickets/1/resolve", &resolved).await;
    assert_eq!(resolved.0, StatusCode::SEE_OTHER);
    assert!(admin.page("/c/lumen/tickets/1").await.contains("Enregistrer la preuve"));
    let done = admin.act("/c/lumen/tickets/1", "/c/lumen/duties/done", &proof).await;
    assert_eq!(done.0, StatusCode::SEE_OTHER);
    let html = admin.page("/c/lumen/tickets/1").await;
    assert!(html.contains("Compte rendu du 1er décembre") && html.contains("Faite en retard"), "{html}");
    assert!(!html.contains("Enregistrer la preuve"), "it is given once");
}
