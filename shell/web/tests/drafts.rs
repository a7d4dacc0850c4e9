//! A contract from a template to both signatures, by forms only, as without JavaScript; and what a
//! second writer, a reader and a neighbour are told.

mod common;

use std::path::PathBuf;

use app::Role;
use axum::http::StatusCode;
use common::{PASSWORD, Site, value};

const WHY: &str = "Le dossier préparatoire suit par courrier.";

fn site(name: &str) -> Site {
    let customers = [("sologne", "sologne SAS"), ("voisin", "voisin SAS")];
    let manager = Role::CustomerManager;
    let people = [("sologne", "direction@sologne.fr", manager), ("voisin", "direction@voisin.fr", manager)];
    Site::new(&format!("drafts-{name}"), &customers, &people)
}

/// The text as the browser would send it back.
fn text_of(html: &str) -> String {
    let area = html.split("<textarea id=\"text\"").nth(1).unwrap();
    let area = area.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    let plain = area.strip_prefix('\n').unwrap_or(area);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[tokio::test]
async fn from_a_template_to_both_signatures_without_a_script() {
    let site = site("flow");
    let mut contact = site.enter("contact@exemple.fr").await;
    let list = "/c/sologne/drafts";
    let begin = [("start", "template:minimal"), ("number", "CTR-2026-050"), ("title", "")];
    let (status, draft) = contact.act(list, list, &begin).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{draft}");
    let (_, html) = contact.get(&draft).await;
    let text = text_of(&html);
    assert!(text.contains("CTR-2026-050") && text.contains("sologne SAS"), "{text}");

    // A mistake is told at its line, and nothing is saved by checking.
    let broken = text.replace("within = \"4 h\"", "within = \"4 heures\"").replace('\n', "\r\n");
    let (status, html) =
        contact.act(&draft, &draft, &[("act", "check"), ("title", "t"), ("text", &broken)]).await;
    assert_eq!(status, StatusCode::OK);
    let line = text.lines().position(|l| l.contains("within = \"4 h\"")).unwrap() + 1;
    assert!(html.contains(&format!("data-severity=\"error\" data-line=\"{line}\"")), "{html}");
    assert_eq!(text_of(&contact.get(&draft).await.1), text);

    // A field by its form: the block is rewritten, nothing else.
    let clause = format!("{draft}/clauses/redevance");
    let price = [("act", "save"), ("label", "redevance"), ("then.unit_price", "48.00 EUR")];
    let (status, to) = contact.act(&clause, &clause, &price).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, format!("{draft}#clause-redevance").as_str()));
    assert_eq!(text_of(&contact.get(&draft).await.1), text.replace("46.00 EUR", "48.00 EUR"));

    // A clause is added by its form, under the article chosen.
    let add = format!("{draft}/clause");
    let page = format!("{add}?kind=penalty_cap&under=6");
    let (status, _) = contact.get(&page).await;
    assert_eq!(status, StatusCode::OK);

    // A Friday evening, told with its article.
    let (_, html) = contact
        .act(
            &draft,
            &draft,
            &[("act", "simulate"), ("title", "t"), ("text", &text), ("declared", "2026-03-06T22:00")],
        )
        .await;
    assert!(html.contains("lundi 9 mars 2026") || html.contains("9 mars 2026"), "{html}");

    // The contact may not sign; each party does, in its own session.
    let (_, html) = contact.get(&draft).await;
    assert!(!html.contains("name=\"hash\""), "the contact does not sign");
    let mut admin = site.enter("admin@exemple.fr").await;
    let hash = value(&admin.get(&draft).await.1, "hash");
    let sign = format!("{draft}/sign");
    let (status, html) = admin.act(&draft, &sign, &[("hash", &hash), ("password", "autre chose")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{html}");
    // A mandatory clause lacks: a tick is no reason, and the list says what is asked for.
    let (status, html) =
        admin.act(&draft, &sign, &[("hash", &hash), ("password", PASSWORD), ("despite", "oui")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("10 à 2000 caractères") && html.contains("oui</textarea>"), "{html}");
    let (status, html) = admin.act(&draft, &sign, &[("hash", &hash), ("password", PASSWORD)]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("E-PREPARATION-MISSING") && html.contains("Dossier préparatoire"), "{html}");
    let (status, to) =
        admin.act(&draft, &sign, &[("hash", &hash), ("password", PASSWORD), ("despite", WHY)]).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("{draft}#signature")));
    let mut manager = site.enter("direction@sologne.fr").await;
    let (_, html) = manager.get(&draft).await;
    assert!(html.contains("admin@exemple.fr"), "who signed is told");
    assert!(html.contains(WHY), "and why, without what is missing");
    let (status, to) =
        manager.act(&draft, &sign, &[("hash", &hash), ("password", PASSWORD), ("despite", WHY)]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/c/sologne/contracts/CTR-2026-050"));
    let (status, html) = manager.get(&to).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(html.matches(WHY).count(), 2, "each signatory's reason, in the timeline");
    let (status, _) = manager.get(&format!("{draft}/read")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_writer_loses_nothing_and_a_reader_writes_nothing() {
    let site = site("two");
    let mut contact = site.enter("contact@exemple.fr").await;
    let list = "/c/sologne/drafts";
    let begin = [("start", "blank"), ("number", "CTR-2026-051"), ("title", "Essai")];
    let (_, draft) = contact.act(list, list, &begin).await;
    let text = text_of(&contact.get(&draft).await.1);
    let mut admin = site.enter("admin@exemple.fr").await;
    let theirs = format!("{text}\n\nLeur phrase.\n");
    let save = [("act", "save"), ("title", "Essai"), ("text", theirs.as_str()), ("version", "1")];
    assert_eq!(admin.act(&draft, &draft, &save).await.0, StatusCode::SEE_OTHER);
    let mine = format!("{text}\n\nMa phrase.\n");
    let save = [("act", "save"), ("title", "Essai"), ("text", mine.as_str()), ("version", "1")];
    let (status, html) = contact.act(&draft, &draft, &save).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(html.contains("admin@exemple.fr a enregistré"), "who is told");
    assert_eq!(text_of(&html), mine, "what was typed is still there");
    assert_eq!(text_of(&contact.get(&draft).await.1), theirs, "what was saved stays");
    let copy = [("act", "copy"), ("title", "Essai"), ("text", mine.as_str()), ("version", "1")];
    let (status, apart) = contact.act(&draft, &draft, &copy).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(text_of(&contact.get(&apart).await.1), mine);

    let mut manager = site.enter("direction@sologne.fr").await;
    let save = [("act", "save"), ("title", "Essai"), ("text", "vide"), ("version", "2")];
    assert_eq!(manager.act(&draft, &draft, &save).await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        manager.act(&draft, &format!("{draft}/delete"), &[("version", "2")]).await.0,
        StatusCode::NOT_FOUND
    );
    let tried = [("act", "check"), ("title", "Essai"), ("text", "vide")];
    assert_eq!(manager.act(&draft, &draft, &tried).await.0, StatusCode::OK, "reading includes trying");
    let neighbour = site.enter("direction@voisin.fr").await;
    for path in [list.to_owned(), draft.clone(), format!("{draft}/read")] {
        assert_eq!(neighbour.get(&path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_subcontract_pasted_is_compared_at_the_signature() {
    let site = site("bought");
    let mut contact = site.enter("contact@exemple.fr").await;
    let list = "/c/sologne/drafts";
    let begin = [("start", "blank"), ("number", "CTR-2026-002"), ("title", "Lumen")];
    let (_, draft) = contact.act(list, list, &begin).await;
    let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let file = |name: &str| std::fs::read_to_string(contracts.join(name)).unwrap();
    let (text, bought) = (file("lumen-edition.md"), file("sous-contrats/nuage-breton-lumen.md"));
    let save = [("act", "save"), ("title", "Lumen"), ("text", text.as_str())];
    contact.act(&draft, &draft, &save).await;
    let (_, html) = contact.get(&draft).await;
    assert!(html.contains("Nuage Breton") && html.contains("Texte non donné"), "named plainly");
    assert!(html.contains("E-BACK-ABSENT") && !html.contains("--subcontract"), "without a command line");

    let weaker = bought.replace("within = \"240 min\"", "within = \"40 h\"").replace('\n', "\r\n");
    let give =
        |text: &'static str, name: &'static str| [("subcontract_text", text), ("subcontract_name", name)];
    // Refused as a whole: nothing is saved, nothing typed is lost.
    let mut refused = vec![("act", "attach"), ("title", "Lumen"), ("text", text.as_str())];
    refused.extend(give("texte", " "));
    let (status, html) = contact.act(&draft, &draft, &refused).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("texte</textarea>"), "{html}");
    let attach = [
        ("act", "attach"),
        ("title", "Lumen"),
        ("text", text.as_str()),
        ("subcontract_name", "nuage-breton.md"),
        ("subcontract_text", weaker.as_str()),
    ];
    let (status, to) = contact.act(&draft, &draft, &attach).await;
    assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("{draft}#subcontracts")));
    let (_, html) = contact.get(&draft).await;
    assert!(html.contains("E-BACK-WEAKER") && !html.contains("E-BACK-ABSENT"), "{html}");
    assert!(html.contains("nuage-breton.md, ligne"), "the place in the subcontract");
    let id = html.split("value=\"detach:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let away = format!("detach:{id}");
    let detach = [("act", away.as_str()), ("title", "Lumen"), ("text", text.as_str())];
    assert_eq!(contact.act(&draft, &draft, &detach).await.0, StatusCode::SEE_OTHER);
    assert!(contact.get(&draft).await.1.contains("E-BACK-ABSENT"));
}

#[tokio::test]
async fn only_what_the_text_has_terms_for_is_tried() {
    let site = site("trials");
    let mut contact = site.enter("contact@exemple.fr").await;
    let list = "/c/sologne/drafts";
    let begin = [("start", "template:minimal"), ("number", "CTR-2026-052"), ("title", "")];
    let (_, draft) = contact.act(list, list, &begin).await;
    let (_, html) = contact.get(&draft).await;
    assert!(html.contains("value=\"try-call\""), "the minimal contract has a hotline");
    assert!(!html.contains("try-outage") && !html.contains("try-order"), "and nothing else to try");

    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts/lumen-edition.md");
    let text = std::fs::read_to_string(file).unwrap();
    let order = [
        ("act", "try-order"),
        ("title", "t"),
        ("text", text.as_str()),
        ("order_code", "carnet-uo/M"),
        ("order_count", "3"),
        ("order_on", "2027-01-12"),
    ];
    let (status, html) = contact.act(&draft, &draft, &order).await;
    assert_eq!(status, StatusCode::OK);
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("4 050,00 € HT, 7,50 UO") && plain.contains("192,50 UO restantes"), "{plain}");
    let outage = [
        ("act", "try-outage"),
        ("title", "t"),
        ("text", text.as_str()),
        ("outage_service", "Bibliotek"),
        ("outage_at", "2027-01-12T03:00"),
        ("outage_minutes", "60"),
        ("outage_state", "down"),
    ];
    // The same by the script's own door, which gives the answer alone.
    let (status, html) = contact.act(&draft, &format!("{draft}/check"), &outage).await;
    assert_eq!(status, StatusCode::OK);
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("data-into=\"tried-outage\"") && !plain.contains("data-into=\"tried-order\""));
    // 60 of 44 640 minutes: 99.866 %.
    assert!(plain.contains("99,866 % pour 99,9") && plain.contains("[avoir-disponibilite]"), "{plain}");
    let nothing = [("act", "try-outage"), ("title", "t"), ("text", text.as_str()), ("outage_minutes", "0")];
    let (_, html) = contact.act(&draft, &draft, &nothing).await;
    let plain = html.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("Remplissez « Durée, en minutes »."));
}
