//! Lists of tickets as pages and as a file: each page leads to the next, filters stay in the address,
//! and what a title says never runs in a spreadsheet.

mod common;

use app::accounts::Client;
use app::ticket::{IdempotencyKey, OpenTicket, StepCommand};
use app::{Act, Role};
use axum::http::StatusCode;
use common::{PASSWORD, Person, Site};

const TICKETS: u64 = 120;
const FORMULA: &str = "=HYPERLINK(\"http://mal.example\";\"ERP\")";

/// Contract A signed by Ateliers Garonne and by a neighbour, and 120 tickets of Garonne's: one in five
/// taken over by the technician, one in eight resolved.
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
    let (admin, contact) = (who("admin@exemple.fr"), who("contact@exemple.fr"));
    let (garonne, voisin) =
        (site.app.find_customer("garonne").unwrap(), site.app.find_customer("voisin").unwrap());
    for (customer, manager) in [(garonne, who("chef@garonne.fr")), (voisin, who("chef@voisin.fr"))] {
        let (ours, theirs) =
            (admin.permit(Act::SignContract, customer), manager.permit(Act::SignContract, customer));
        site.app.sign_contract(&ours.unwrap(), &theirs.unwrap(), "contrat.md", &text).unwrap();
    }
    site.clock.move_to("2026-06-16T07:00:00Z".parse().unwrap());
    site.undertake("contact@exemple.fr");
    let open = who("fabre@garonne.fr").permit(Act::OpenTicket, garonne).unwrap();
    let key = |text: String| IdempotencyKey::parse(&text).unwrap();
    for n in 1..=TICKETS {
        let ask = OpenTicket {
            title: if n == 7 { FORMULA.to_owned() } else { format!("Poste {n} en panne") },
            kind: Some(if n.is_multiple_of(3) { "service_request" } else { "incident" }.to_owned()),
            priority: Some(["P1", "P2", "P3"][(n % 3) as usize].to_owned()),
            item: (n.is_multiple_of(10)).then(|| "srv-erp".to_owned()),
            ..OpenTicket::default()
        };
        site.app.open_ticket(&open, &key(format!("o{n}")), &ask).unwrap();
        let step = |command: &StepCommand| {
            let permit = contact.permit(command.act(), garonne).unwrap();
            site.app.step_ticket(&permit, &key(format!("s{n}")), n, command, None).unwrap();
        };
        if n.is_multiple_of(5) {
            step(&StepCommand::TakeOver);
        } else if n.is_multiple_of(8) {
            step(&StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) });
        }
    }
    site
}

fn is_resolved(n: u64) -> bool {
    !n.is_multiple_of(5) && n.is_multiple_of(8)
}

/// The numbers of the tickets that a page lists, and the address of its next page.
fn read(html: &str) -> (Vec<u64>, Option<String>) {
    let numbers = html.split("<span class=\"ticket-number\">").skip(1);
    let numbers = numbers.map(|rest| rest.split('<').next().unwrap().trim().parse().unwrap()).collect();
    let next = html.split("<a ").find(|tag| tag.split('>').next().unwrap().contains("rel=\"next\""));
    let next =
        next.map(|tag| tag.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&"));
    (numbers, next)
}

/// Follows the pages of a list to the last.
async fn walk(person: &Person<'_>, path: &str) -> Vec<u64> {
    let (mut all, mut path) = (Vec::new(), path.to_owned());
    for _ in 0..20 {
        let (status, html) = person.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {html}");
        assert!(html.len() < 60_000, "{path} weighs {} bytes", html.len());
        let (numbers, next) = read(&html);
        assert!(numbers.len() <= 30);
        all.extend(numbers);
        match next {
            Some(next) => path = next,
            None => return all,
        }
    }
    panic!("{path} never ends");
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

fn those(wanted: impl Fn(u64) -> bool) -> Vec<u64> {
    (1..=TICKETS).filter(|n| wanted(*n)).collect()
}

#[tokio::test]
async fn each_page_of_a_list_leads_to_the_next() {
    let site = site("lists-pages");
    let contact = site.enter("contact@exemple.fr").await;
    let user = site.enter("fabre@garonne.fr").await;
    let list = "/c/garonne/tickets";
    for person in [&contact, &user] {
        assert_eq!(walk(person, list).await, those(|_| true).into_iter().rev().collect::<Vec<_>>());
        assert_eq!(sorted(walk(person, &format!("{list}?state=open")).await), those(|n| !is_resolved(n)));
        assert_eq!(walk(person, &format!("{list}?state=resolved")).await.len(), those(is_resolved).len());
        let found = walk(person, &format!("{list}?q=post")).await;
        assert_eq!(sorted(found), those(|n| n != 7), "what a word begins is found over several pages");
        let found = walk(person, &format!("{list}?q=panne&state=open&kind=service_request")).await;
        assert_eq!(sorted(found), those(|n| !is_resolved(n) && n.is_multiple_of(3)));
    }
    assert_eq!(
        sorted(walk(&contact, &format!("{list}?item=srv-erp")).await),
        those(|n| n.is_multiple_of(10))
    );
    assert_eq!(sorted(walk(&contact, &format!("{list}?mine=1")).await), those(|n| n.is_multiple_of(5)));
    let both = walk(&contact, &format!("{list}?kind=incident&priority=P2")).await;
    assert_eq!(sorted(both), those(|n| n % 3 == 1));

    // The filters are in the address of the next page and in the form; a key made up starts again.
    let (_, html) = contact.get(&format!("{list}?kind=incident&state=open")).await;
    let (_, next) = read(&html);
    assert!(next.unwrap().starts_with(&format!("{list}?state=open&kind=incident&after=d")));
    let selected = |value: &str| html.contains(&format!("<option value=\"{value}\" selected"));
    assert!(selected("open") && selected("incident") && !selected("P1"));
    let (status, html) = contact.get(&format!("{list}?after=bonjour")).await;
    assert_eq!((status, read(&html).0.first()), (StatusCode::OK, Some(&TICKETS)));

    // The desk, and its counts, which are of all that is open.
    assert_eq!(sorted(walk(&contact, "/?show=all").await), those(|n| !is_resolved(n)));
    assert_eq!(sorted(walk(&contact, "/?show=mine").await), those(|n| n.is_multiple_of(5)));
    assert_eq!(
        sorted(walk(&contact, "/?show=unassigned").await),
        those(|n| !is_resolved(n) && !n.is_multiple_of(5))
    );
    assert_eq!(sorted(walk(&contact, "/?q=poste").await), those(|n| n != 7), "over all customers");
    let (_, html) = contact.get("/?show=mine").await;
    let counts: Vec<u64> = html
        .split("<span class=\"count\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().parse().unwrap())
        .collect();
    let (open, mine) = (those(|n| !is_resolved(n)).len() as u64, those(|n| n.is_multiple_of(5)).len() as u64);
    assert_eq!(counts, [mine, open, open - mine, 0, 0]);
    site.clock.move_to("2026-06-17T15:00:00Z".parse().unwrap());
    let late = walk(&contact, "/?show=late").await;
    assert_eq!(sorted(walk(&contact, &format!("{list}?state=late")).await), sorted(late.clone()));
    assert!(!late.is_empty() && late.len() < open as usize, "{}", late.len());
}

/// Whoever declared a ticket finds it on their first page, however many of the others' are due sooner.
#[tokio::test]
async fn one_s_own_open_tickets_come_first_on_the_customer_s_page() {
    let site = site("lists-own");
    let chief = site.app.authenticate(&Client::default(), "chef@garonne.fr", PASSWORD, None).unwrap();
    let garonne = site.app.find_customer("garonne").unwrap();
    let open = chief.permit(Act::OpenTicket, garonne).unwrap();
    let own = OpenTicket {
        title: "Écran qui clignote".to_owned(),
        priority: Some("P3".to_owned()),
        ..OpenTicket::default()
    };
    let own = site.app.open_ticket(&open, &IdempotencyKey::parse("own").unwrap(), &own).unwrap().number;
    let (page, list) = ("/c/garonne", "/c/garonne/tickets");

    let chief = site.enter("chef@garonne.fr").await;
    let html = chief.page(page).await;
    let (numbers, _) = read(&html);
    assert_eq!((numbers.len(), numbers[0]), (9, own), "{numbers:?}");
    let soonest = walk(&chief, &format!("{list}?state=open")).await;
    assert!(soonest.iter().position(|n| *n == own).unwrap() > 10, "ten others are due sooner");
    assert_eq!(numbers[1..], soonest[..8], "the others follow, soonest due first");
    assert!(html.contains("<h3>Les vôtres</h3>") && html.contains("<h3>Les autres</h3>"));
    let link = format!("{list}?state=open&mine=1");
    assert!(html.contains(&link.replace('&', "&amp;")));
    assert_eq!(walk(&chief, &link).await, [own]);
    assert!(chief.page(list).await.contains("Déclarés par"));

    // Whoever declared all the others sees eight of them, then the one; the provider's people see one list.
    let user = site.enter("fabre@garonne.fr").await;
    assert_eq!(read(&user.page(page).await).0, [&soonest[..8], &[own]].concat());
    let contact = site.enter("contact@exemple.fr").await;
    let html = contact.page(page).await;
    assert_eq!(read(&html).0, soonest[..8]);
    assert!(!html.contains("Les vôtres"));
}

#[tokio::test]
async fn the_list_as_a_file_is_the_same_list_and_no_cell_is_a_formula() {
    let site = site("lists-file");
    let user = site.enter("fabre@garonne.fr").await;
    let neighbour = site.enter("chef@voisin.fr").await;
    let (status, file) = user.get("/c/garonne/tickets.csv").await;
    assert_eq!(status, StatusCode::OK);
    let lines: Vec<&str> = file.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
    assert!(lines[0].starts_with("Numéro;Titre;"), "{}", lines[0]);
    let numbers: Vec<u64> =
        lines[1..].iter().map(|l| l.split(';').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, those(|_| true).into_iter().rev().collect::<Vec<_>>());
    let formula = lines.iter().find(|l| l.starts_with("7;")).unwrap();
    assert!(formula.starts_with("7;\"'=HYPERLINK(\"\"http://mal.example\"\";"), "{formula}");

    let (_, file) = user.get("/c/garonne/tickets.csv?state=resolved&kind=incident").await;
    assert_eq!(
        file.split_terminator("\r\n").count() - 1,
        those(|n| is_resolved(n) && !n.is_multiple_of(3)).len()
    );
    let theirs = neighbour.get("/c/garonne/tickets.csv").await;
    let nobodys = neighbour.get("/c/personne/tickets.csv").await;
    assert_eq!(theirs.0, StatusCode::NOT_FOUND);
    assert_eq!(theirs.1.replace("garonne", "personne"), nobodys.1);
}

/// The cells of a workbook's sheet, row by row, as the format writes them (ISO/IEC 29500-1, 18.3): a
/// reference, a type, then a value or a text.
fn cells(book: Vec<u8>) -> Vec<Vec<String>> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut book.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml).unwrap();
    assert!(!xml.contains("<f>") && !xml.contains("<f "), "no cell is a formula");
    let rows = xml.split("<row ").skip(1).map(|row| row.split("</row>").next().unwrap());
    rows.map(|row| row.split("<c ").skip(1).map(str::to_owned).collect()).collect()
}

/// What stands between two tags of a cell.
fn inner<'a>(cell: &'a str, from: &str, to: &str) -> &'a str {
    cell.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(inner, _)| inner)
}

#[tokio::test]
async fn the_workbook_is_the_same_list_with_numbers_instants_and_no_formula() {
    let site = site("lists-workbook");
    let user = site.enter("fabre@garonne.fr").await;
    let neighbour = site.enter("chef@voisin.fr").await;
    let (status, file) = user.get_bytes("/c/garonne/tickets.xlsx").await;
    assert_eq!(status, StatusCode::OK);
    let rows = cells(file);
    assert!(rows[0][1].contains("Titre"), "{:?}", rows[0]);
    let number = |row: &Vec<String>| inner(&row[0], "<v>", "</v>").parse::<u64>().unwrap();
    let numbers: Vec<u64> = rows[1..].iter().map(number).collect();
    assert_eq!(numbers, those(|_| true).into_iter().rev().collect::<Vec<_>>());
    let formula = rows[1..].iter().find(|row| number(row) == 7).unwrap();
    let text = formula[1].replace("&quot;", "\"");
    assert!(text.contains("t=\"inlineStr\"") && text.contains(FORMULA), "a text stays what it is: {text}");
    // Days since the end of 1899: the 16 June 2026 at 9:00 in Paris.
    let declared: f64 = inner(&formula[8], "<v>", "</v>").parse().unwrap();
    assert!((declared - 46_189.375).abs() < 0.000_01, "{declared}");

    let (_, file) = user.get_bytes("/c/garonne/tickets.xlsx?state=resolved&kind=incident").await;
    assert_eq!(cells(file).len() - 1, those(|n| is_resolved(n) && !n.is_multiple_of(3)).len());
    assert_eq!(neighbour.get("/c/garonne/tickets.xlsx").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_view_is_kept_shared_with_one_s_own_side_and_removed_by_its_owner() {
    let site = site("lists-views");
    let mut contact = site.enter("contact@exemple.fr").await;
    let mut colleague = site.enter("technique@exemple.fr").await;
    let mut user = site.enter("fabre@garonne.fr").await;
    let list = "/c/garonne/tickets";
    let late = format!("{list}?state=late&priority=P1");
    let save = format!("{list}/views");
    let fields =
        [("name", "P1 en retard"), ("query", "?state=late&priority=P1&after=t4&x=1"), ("shared", "1")];
    let (status, to) = contact.act(&late, &save, &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, late.as_str()), "what is no filter is dropped");
    user.act(&late, &save, &[("name", "Mes P2"), ("query", "priority=P2")]).await;
    let (status, _) = user.act(&late, &save, &[("name", "  "), ("query", "priority=P2")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let link = "<a href=\"/c/garonne/tickets?state=late&amp;priority=P1\"";
    for (person, sees) in [(&contact, true), (&colleague, true), (&user, false)] {
        assert_eq!(person.page(list).await.contains(link), sees);
    }
    assert!(user.page(list).await.contains("Mes P2"));
    assert!(!contact.page(list).await.contains("Mes P2"));

    // A colleague reads whose it is, and cannot remove it.
    let theirs = colleague.page(&late).await;
    assert!(theirs.contains("Vue partagée par contact@exemple.fr") && !theirs.contains("/remove"));
    let own = contact.page(&late).await;
    let remove = own.split("action=\"").find(|rest| rest.contains("/remove\"")).unwrap();
    let remove = remove.split('"').next().unwrap().to_owned();
    assert_eq!(colleague.act(&late, &remove, &[]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(user.act(list, &remove, &[]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(contact.act(&late, &remove, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(!colleague.page(list).await.contains(link));
}

#[tokio::test]
async fn one_act_on_several_tickets_does_what_each_allows_and_says_why_not() {
    let site = site("lists-bulk");
    let mut technician = site.enter("technique@exemple.fr").await;
    let mut user = site.enter("fabre@garonne.fr").await;
    let (list, bulk) = ("/c/garonne/tickets", "/c/garonne/tickets/bulk");
    let html = technician.page(&format!("{list}?q=poste")).await;
    assert!(html.contains("type=\"checkbox\" form=\"bulk\" name=\"t\" value=\"120\""));
    assert!(!user.page(list).await.contains("form=\"bulk\""), "nothing to tick for who cannot work");

    // 1 and 2 are new, 8 is resolved, 9999 was never opened.
    let chosen = [
        ("do", "take-over"),
        ("t", "1"),
        ("t", "2"),
        ("t", "8"),
        ("t", "9999"),
        ("back", "/c/garonne/tickets?state=open"),
    ];
    let (status, html) = technician.act(list, bulk, &chosen).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((html.matches("Fait</").count(), html.matches("Refusé</").count()), (2, 2), "{html}");
    assert!(html.contains("href=\"/c/garonne/tickets?state=open\""));
    let mine = sorted(walk(&technician, &format!("{list}?mine=1")).await);
    assert_eq!(mine, [1, 2]);

    let elsewhere = [("do", "take-over"), ("t", "3"), ("back", "https://mal.example/")];
    let (_, html) = technician.act(list, bulk, &elsewhere).await;
    assert!(!html.contains("mal.example"), "the way back stays on the site");
    let (status, _) = user.act(list, bulk, &[("do", "resolve"), ("text", "Fini"), ("t", "4")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(technician.act(list, bulk, &[("do", "erase"), ("t", "4")]).await.0, StatusCode::NOT_FOUND);
    let (_, html) = technician.act(list, bulk, &[("do", "resolve"), ("text", ""), ("t", "4")]).await;
    assert!(html.contains("Refusé</"), "a resolution says what was done");
    assert!(!sorted(walk(&technician, &format!("{list}?state=resolved")).await).contains(&4));
}

#[tokio::test]
async fn several_tickets_are_resolved_handed_over_and_graded_each_by_its_contract() {
    let site = site("lists-bulk-acts");
    let mut technician = site.enter("technique@exemple.fr").await;
    let mut contact = site.enter("contact@exemple.fr").await;
    let (list, bulk) = ("/c/garonne/tickets", "/c/garonne/tickets/bulk");
    let html = contact.page(list).await;
    assert!(html.contains("name=\"to\"") && html.contains("name=\"diagnosis\""), "{html}");
    assert!(!technician.page(list).await.contains("name=\"to\""), "a technician hands nothing to others");

    // The remedy is not the diagnosis: each has its words, and a diagnosis left out is not the remedy again.
    let said =
        [("do", "resolve"), ("text", "Câble changé"), ("diagnosis", "Câble coupé"), ("t", "1"), ("t", "2")];
    let (_, html) = technician.act(list, bulk, &said).await;
    assert_eq!(html.matches("Fait</").count(), 2, "{html}");
    let ticket = technician.page("/c/garonne/tickets/1").await;
    assert!(ticket.contains("Câble changé") && ticket.contains("Câble coupé"));
    let alone = [("do", "resolve"), ("text", "Redémarré"), ("t", "7")];
    let (_, html) = technician.act(list, bulk, &alone).await;
    assert!(
        html.contains("Refusé</") && html.contains("#telemaintenance\""),
        "the article that asks it: {html}"
    );

    // 8 is resolved already.
    let who = html_value(&contact.page(list).await, "bulk-to", "technique@exemple.fr");
    let hand = [("do", "assign"), ("to", who.as_str()), ("t", "4"), ("t", "5"), ("t", "8")];
    assert_eq!(technician.act(list, bulk, &hand).await.0, StatusCode::NOT_FOUND, "no right to");
    let (_, html) = contact.act(list, bulk, &hand).await;
    assert_eq!((html.matches("Fait</").count(), html.matches("Refusé</").count()), (2, 1), "{html}");
    assert_eq!(sorted(walk(&technician, &format!("{list}?mine=1&state=open")).await), [4, 5]);
    let nobody = [("do", "assign"), ("to", "personne"), ("t", "6")];
    assert_ne!(contact.act(list, bulk, &nobody).await.0, StatusCode::OK);
    assert_eq!(sorted(walk(&technician, &format!("{list}?mine=1&state=open")).await), [4, 5]);

    let grade =
        [("do", "priority"), ("priority", "P1"), ("text", "Toute l’équipe attend"), ("t", "6"), ("t", "8")];
    let (_, html) = technician.act(list, bulk, &grade).await;
    assert_eq!((html.matches("Fait</").count(), html.matches("Refusé</").count()), (1, 1), "{html}");
    assert!(sorted(walk(&technician, &format!("{list}?priority=P1")).await).contains(&6));
}

/// The value of a choice of a list, by its words.
fn html_value(html: &str, list: &str, label: &str) -> String {
    let list =
        html.split(&format!("<select id=\"{list}\"")).nth(1).unwrap().split("</select>").next().unwrap();
    let option = list.split("<option ").find(|option| option.contains(label)).unwrap();
    option.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// A year of duties is read a page at a time, from what is to be done; every one of them is on one page.
#[tokio::test]
async fn duties_are_pages_by_the_day_they_are_due() {
    for (nth, (slug, file)) in [
        ("garonne", "ateliers-garonne.md"),
        ("lumen", "lumen-edition.md"),
        ("horizon", "mutuelle-horizon.md"),
    ]
    .into_iter()
    .enumerate()
    {
        let people = [(slug, "chef@client.example", Role::CustomerManager)];
        let site = Site::new(&format!("duties-{nth}"), &[(slug, slug)], &people);
        site.sign(slug, "chef@client.example", file);
        site.clock.move_to("2026-10-15T07:00:00Z".parse().unwrap());
        let manager = site.enter("chef@client.example").await;
        let first = manager.page(&format!("/c/{slug}/duties")).await;
        let counts: usize = first
            .split("aria-label=\"Par état\"")
            .nth(1)
            .and_then(|rest| rest.split("</nav>").next())
            .map(|tabs| {
                tabs.split('(').skip(1).filter_map(|n| n.split(')').next()?.parse::<usize>().ok()).sum()
            })
            .unwrap();
        let rows = |page: &str| page.matches("<tr").count() - page.matches("<thead").count();
        let link = |page: &str, rel: &str| {
            let nav = page.split("aria-label=\"Pages des obligations\"").nth(1)?.split("</nav>").next()?;
            let upto = nav.split(&format!("rel=\"{rel}\"")).next().filter(|upto| upto.len() < nav.len())?;
            Some(upto.rsplit("href=\"").next()?.split('"').next()?.replace("&amp;", "&"))
        };
        let mut page = first;
        while let Some(before) = link(&page, "prev") {
            page = manager.page(&before).await;
        }
        let mut seen = rows(&page);
        while let Some(after) = link(&page, "next") {
            assert!(page.len() < 60_000, "{file}: {} bytes", page.len());
            page = manager.page(&after).await;
            seen += rows(&page);
        }
        assert!(page.len() < 60_000, "{file}: {} bytes", page.len());
        assert!(counts > 10, "{file}: {counts}");
        // Going back may begin between two pages of going on: nothing is left out, and what is due is there.
        assert_eq!(seen, counts, "{file}");
    }
}

/// Sixty-one customers are three pages, of the list and of the choice for a ticket: each once, by name; a word of
/// a name finds it, whatever its accents; whoever holds a role for some customers goes through those and no other.
#[tokio::test]
async fn customers_are_pages_by_name() {
    let named = |n: usize| match n {
        44 => (format!("client-{n:02}"), "Écluses du Cher".to_owned()),
        n => (format!("client-{n:02}"), format!("Client {n:02}")),
    };
    let names: Vec<(String, String)> = (0..61).map(named).collect();
    let customers: Vec<(&str, &str)> = names.iter().map(|(slug, name)| (&slug[..], &name[..])).collect();
    let site =
        Site::new("customers-pages", &customers, &[("client-07", "chef@client.fr", Role::CustomerManager)]);
    let listed = |html: &str| -> Vec<String> {
        let cells = html.split(" data-item>").skip(1);
        cells.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    let admin = site.enter("admin@exemple.fr").await;
    for path in ["/c", "/tickets/new"] {
        let (mut seen, mut at, mut pages) = (Vec::new(), Some(path.to_owned()), 0);
        while let Some(address) = at {
            let html = admin.page(&address).await;
            assert!(html.len() < 60_000, "{address}: {} bytes", html.len());
            assert_eq!(html.contains("rel=\"prev\""), pages > 0, "{address}");
            // A place in the list is never shown as something that was typed.
            assert!(html.contains("name=\"q\" value=\"\""), "{address}");
            seen.extend(listed(&html));
            (at, pages) = (read(&html).1, pages + 1);
        }
        let mut by_name: Vec<String> = names.iter().map(|(_, name)| name.clone()).collect();
        by_name.sort();
        assert_eq!((seen, pages), (by_name, 3), "{path}");

        let html = admin.page(&format!("{path}?q=client+5")).await;
        assert_eq!(listed(&html).first().map(String::as_str), Some("Client 05"), "{path}");
        assert_eq!(listed(&html).len(), 15, "{path}: 05, 15, 25, 35, 45 and 50 to 59");
        assert!(html.contains("value=\"client 5\""), "{path}");
        let none = admin.page(&format!("{path}?q=zenith")).await;
        assert!(none.contains("Aucun client de ce nom"), "{path}");
    }
    let found = admin.page("/c?q=ECLUSES").await;
    assert_eq!(listed(&found), ["Écluses du Cher"]);
    // The only one of that name: straight to the form.
    let (status, _) = admin.get("/tickets/new?q=ecluses").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // Words are kept from page to page.
    let long = admin.page("/c?q=client").await;
    let next = read(&long).1.unwrap();
    let second = admin.page(&next).await;
    assert!(next.contains("q=client") && listed(&second).len() == 30, "{next}");
    assert_eq!(admin.get("/c?after=nobody").await.0, StatusCode::NOT_FOUND);

    // Whoever has one customer is led straight to it, however many there are, and is told of no other.
    let chef = site.enter("chef@client.fr").await;
    assert_eq!(chef.get("/tickets/new").await.0, StatusCode::SEE_OTHER);
    let theirs = chef.get("/tickets/new?after=client-09").await;
    let nobodys = chef.get("/tickets/new?after=nobody").await;
    assert_eq!((theirs.0, theirs.0), (StatusCode::NOT_FOUND, nobodys.0));
}

/// Whoever owes its undertaking to a customer reads which it is, and where to sign; a row of the desk keeps its words.
#[tokio::test]
async fn an_undertaking_to_sign_hides_the_work_and_not_the_customer() {
    let site = site("customers-owed");
    let contact = site.enter("contact@exemple.fr").await;
    let html = contact.page("/c").await;
    assert!(html.contains("href=\"/c/garonne/tickets?state=open\"") && !html.contains("engagement à signer"));

    let technician = site.enter_unbound("technique@exemple.fr").await;
    let html = technician.page("/c").await;
    assert_eq!(html.matches("/undertaking\">engagement à signer").count(), 2);
    assert!(!html.contains("tickets?state=open"));
    let desk = technician.page("/?show=all").await;
    assert!(desk.contains("Engagement à signer") && !desk.contains("Undertaking to sign"), "one language");
    assert!(!desk.contains("en panne") && !desk.contains(">personne<"), "whose it is, is not said either");
}
