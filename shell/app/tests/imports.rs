//! Bringing in what another tool held: files as GLPI and iTop write them, each ticket once.

mod common;

use std::collections::BTreeMap;

use app::accounts::NewAccount;
use app::import::{Fate, ImportTickets, Since, Source, items, people, tickets};
use app::privacy::Forget;
use app::{Act, AppError, Role};
use base::Lang;
use base::id::CustomerId;
use common::{contract_a, root, signed};
use engines::perimeter::Admission;
use events::Ground;
use jiff::tz::TimeZone;
use testkit::{Instance, local};

fn file(name: &str) -> Vec<u8> {
    std::fs::read(root().join("shell/app/tests/import").join(name)).expect("the export is there")
}

fn ask(source: Source) -> ImportTickets {
    ImportTickets {
        source,
        contract: None,
        since: Since::Import,
        priorities: BTreeMap::from([("haute".to_owned(), "P2".to_owned())]),
        lang: Lang::Fr,
    }
}

fn read(source: Source, name: &str) -> tickets::Read {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    tickets::read(source, &file(name), &zone, local("2026-06-16T09:00")).unwrap()
}

/// The line of each remark, whether it is a fault, and its words.
fn remarks(all: &[app::import::Remark]) -> Vec<(u64, bool, String)> {
    all.iter().map(|r| (r.line, r.fault, r.said(Lang::En))).collect()
}

/// The same, as it is expected.
fn said<const N: usize>(expected: [(u64, bool, &str); N]) -> Vec<(u64, bool, String)> {
    expected.map(|(line, fault, words)| (line, fault, words.to_owned())).to_vec()
}

#[test]
fn an_export_of_glpi_is_read_with_its_faults_by_line() {
    let read = read(Source::Glpi, "glpi-tickets.csv");
    let numbers: Vec<&str> = read.rows.iter().map(|r| r.number.as_str()).collect();
    assert_eq!(numbers, ["3981", "4012", "4127", "4130"]);
    let first = &read.rows[0];
    assert_eq!(first.description, "L'imprimante ne répond plus.\n\nVoyant \"ERR\" allumé.");
    assert_eq!((first.opened, first.over), (local("2025-11-10T08:47"), Some(local("2025-11-10T11:20"))));
    assert_eq!((first.kind, first.priority.as_str()), (Some("incident"), "Moyenne"));
    assert_eq!(read.rows[1].title, "Accès au partage \"Études\"");
    assert_eq!(read.rows[1].requester, "Nadaud Paul, Roussel Inès");
    assert_eq!((read.rows[2].line, read.rows[2].over), (5, None), "a cell of two lines is before it");
    assert_eq!(read.rows[2].state, "__ En cours (Attribué)");
    assert_eq!(
        remarks(&read.remarks),
        said([
            (7, true, "state: an unknown word (“En sommeil”)"),
            (8, true, "the title is empty"),
            (9, true, "opening: not a date (“31-02-2026 08:30”)")
        ])
    );
    assert_eq!(read.left, ["Entité", "Dernière modification"]);
}

#[test]
fn an_export_of_itop_is_read_and_its_private_log_is_left() {
    let read = read(Source::Itop, "itop-demandes.csv");
    assert_eq!(read.remarks, []);
    let states: Vec<bool> = read.rows.iter().map(|r| r.over.is_some()).collect();
    assert_eq!(states, [true, true, false]);
    assert_eq!(read.rows[0].description, "Bonjour,\n\nJe n'arrive plus à me connecter.\nMerci");
    assert_eq!(read.rows[0].requester, "Claire Bescond");
    assert_eq!(read.rows[0].kind, Some("service_request"));
    assert_eq!(read.rows[0].over, Some(local("2026-02-03T08:31")));
    assert_eq!(read.rows[1].title, "Panne du lien, site de Brest");
    assert!(read.left.contains(&"Journal privé".to_owned()), "{:?}", read.left);
}

#[test]
fn a_file_made_by_hand_on_windows_is_read() {
    let read = read(Source::Csv, "main.csv");
    assert_eq!(read.rows[0].title, "Écran noir au réveil");
    assert_eq!(read.rows[0].opened, local("2026-01-06T09:10"));
    assert_eq!(read.rows[1].opened, local("2026-06-15T00:00"));
    assert_eq!(remarks(&read.remarks), said([(4, true, "number 18 is already on line 3")]));
    let zone = TimeZone::UTC;
    let wrong = tickets::read(Source::Glpi, &file("itop-demandes.csv"), &zone, local("2026-06-16T09:00"));
    let Err(AppError::Invalid(invalid)) = wrong else { panic!("GLPI numbers its tickets") };
    assert_eq!(invalid.text.en, "a column is missing, which GLPI names so: id");
}

fn numbers(instance: &Instance, customer: CustomerId) -> u64 {
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    (1..).take_while(|number| instance.app().ticket(&see, *number).is_ok()).count() as u64
}

#[test]
fn what_was_over_is_kept_to_be_read_and_what_was_open_opens_once() {
    let instance = Instance::new(320);
    let customer = signed(&instance, "garonne");
    let (app, export) = (instance.app(), file("glpi-tickets.csv"));
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);

    let preview = app.weigh_import(&permit, &ask(Source::Glpi), &export).unwrap();
    let fates: Vec<&Fate> = preview.lines.iter().map(|line| &line.fate).collect();
    assert_eq!(fates[..2], [&Fate::Kept, &Fate::Kept]);
    assert_eq!(*fates[2], Fate::Opens { priority: "P2".to_owned(), admission: Admission::Accepted });
    assert_eq!(numbers(&instance, customer), 0, "nothing is written");

    let mut told = Vec::new();
    let done = app
        .import_tickets(&permit, &ask(Source::Glpi), &export, &mut |done, of| told.push((done, of)))
        .unwrap();
    assert_eq!(done.opened, [("4127".to_owned(), 1), ("4130".to_owned(), 2)]);
    assert_eq!((done.kept, done.known, done.remarks.len()), (2, 0, 5));
    assert_eq!(told, [(2, 4), (3, 4), (4, 4)]);

    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = app.ticket(&see, 1).unwrap();
    assert_eq!(page.title, "ERP lent depuis la mise à jour");
    assert_eq!(page.ticket.item.as_deref(), Some("srv-erp"), "the contract's own name of it");
    assert_eq!(page.ticket.opened, local("2026-06-16T09:00").as_microsecond(), "its clocks begin here");
    assert!(page.description.starts_with("Repris de GLPI, nº\u{a0}4127, déclaré le 11 juin 2026."));
    let (history, next) = app.history(&see, None, 10).unwrap();
    assert_eq!(next, None);
    let listed: Vec<(&str, &str)> = history
        .iter()
        .map(|h| (h.number.as_str(), h.words.as_ref().map_or("", |w| w.title.as_str())))
        .collect();
    assert_eq!(
        listed,
        [("4012", "Accès au partage \"Études\""), ("3981", "Imprimante du 2e étage hors ligne")]
    );
    // One at a time, the pages follow one another.
    let (first, next) = app.history(&see, None, 1).unwrap();
    let (second, end) = app.history(&see, next, 1).unwrap();
    assert_eq!((&first[0].number, &second[0].number, end), (&history[0].number, &history[1].number, None));

    let again = app.import_tickets(&permit, &ask(Source::Glpi), &export, &mut |_, _| ()).unwrap();
    assert_eq!((again.opened.len(), again.kept, again.known), (0, 0, 4));
    assert_eq!(numbers(&instance, customer), 2);
    let preview = app.weigh_import(&permit, &ask(Source::Glpi), &export).unwrap();
    assert!(preview.lines.iter().all(|line| line.fate == Fate::Known));
    // The same number of another tool is another ticket.
    let other = b"numero;titre;etat;ouvert\n4127;Autre;clos;2026-01-06 09:00\n";
    let other = app.import_tickets(&permit, &ask(Source::Csv), other, &mut |_, _| ()).unwrap();
    assert_eq!(other.kept, 1);
}

#[test]
fn a_ticket_opens_for_its_requester_where_one_person_has_that_name_or_address() {
    let instance = Instance::new(328);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let add = |name: &str, email: &str| {
        let role = Role::CustomerUser;
        let password = "une phrase assez longue";
        let new = NewAccount { email, name, password, role, customer: Some(customer), totp_secret: None };
        app.add_account(&new).unwrap();
    };
    add("Inès Roussel", "ines.roussel@garonne.example");
    add("Paul Nadaud", "paul.nadaud@garonne.example");
    add("Paul NADAUD", "paul.nadaud.2@garonne.example");
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let export = "numero;titre;etat;ouvert;demandeur;technicien\n\
        1;Au nom;ouvert;2026-06-15 10:00;Roussel Ines;\n\
        2;À l'adresse;ouvert;2026-06-15 10:00;PAUL.NADAUD.2@garonne.example;\n\
        3;Homonymes;ouvert;2026-06-15 10:00;Nadaud Paul;\n\
        4;À plusieurs;ouvert;2026-06-15 10:00;Nadaud Paul, Roussel Inès;Hugo Morel\n\
        5;Sans;ouvert;2026-06-15 10:00;;\n";
    let done = app.import_tickets(&permit, &ask(Source::Csv), export.as_bytes(), &mut |_, _| ()).unwrap();
    assert_eq!(done.opened.len(), 5, "{:?}", done.remarks);
    let reserves: Vec<u64> = done.remarks.iter().map(|remark| remark.line).collect();
    assert_eq!(reserves, [4, 5], "namesakes, and a technician");
    let see = instance.permit(Role::ServiceManager, Act::SeeTickets, customer);
    let whose = |number| app.ticket(&see, number).unwrap().opened_by;
    assert_eq!([whose(1), whose(2), whose(4)], ["Inès Roussel", "Paul NADAUD", "Inès Roussel"]);
    let own = permit.by().name.clone();
    assert_eq!([whose(3), whose(5)], [own.clone(), own]);
    instance.finish();
}

#[test]
fn what_was_closed_without_a_date_is_said_where_the_file_has_the_column() {
    let instance = Instance::new(329);
    let customer = signed(&instance, "garonne");
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let import = |export: &str| {
        let done =
            instance.app().import_tickets(&permit, &ask(Source::Csv), export.as_bytes(), &mut |_, _| ());
        remarks(&done.unwrap().remarks)
    };
    let dated = "numero;titre;etat;ouvert;clos\n1;Vu;clos;2026-05-04 10:00;2026-05-05 10:00\n\
        2;Revu;clos;2026-05-04 10:00;\n";
    assert_eq!(import(dated), said([(3, false, "closed without a date: the opening date stands for it")]));
    assert_eq!(import("numero;titre;etat;ouvert\n3;Vu;clos;2026-05-04 10:00\n"), []);
}

#[test]
fn a_file_half_brought_in_goes_on_where_it_was() {
    let instance = Instance::new(321);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let whole = String::from_utf8(file("glpi-tickets.csv")).unwrap();
    // The headings, the first ticket and the second, of two lines.
    let half: String = whole.lines().take(4).map(|line| format!("{line}\n")).collect();
    let done = app.import_tickets(&permit, &ask(Source::Glpi), half.as_bytes(), &mut |_, _| ()).unwrap();
    assert_eq!((done.kept, done.opened.len()), (2, 0));
    let done = app.import_tickets(&permit, &ask(Source::Glpi), whole.as_bytes(), &mut |_, _| ()).unwrap();
    assert_eq!((done.kept, done.known, done.opened.len()), (0, 2, 2));
    instance.finish();
}

#[test]
fn a_ticket_that_the_contract_refused_comes_in_once_its_line_is_corrected() {
    let instance = Instance::new(326);
    let customer = instance.customer("garonne");
    let excluded = "then.class = \"erp_application\"";
    let text = contract_a().replace(excluded, &format!("{excluded}\nthen.items = [\"gesprod\"]"));
    instance.sign(customer, "contracts/ateliers-garonne.md", &text).unwrap();
    instance.at("2026-06-16T09:00");
    let app = instance.app();
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let import = |item: &str| {
        let export = format!("numero;titre;etat;ouvert;element\n7;Lent;ouvert;2026-06-15 10:00;{item}\n");
        app.import_tickets(&permit, &ask(Source::Csv), export.as_bytes(), &mut |_, _| ()).unwrap()
    };
    // Said each time that it is asked, and never taken for something that came.
    for _ in 0..2 {
        let refused = import("gesprod");
        assert_eq!((refused.opened.len(), refused.known), (0, 0));
        assert!(refused.remarks[0].fault, "{:?}", refused.remarks);
        assert!(refused.remarks[0].text.en.contains("does not cover"), "{:?}", refused.remarks);
    }
    let done = import("srv-erp");
    assert_eq!((done.opened, done.known), (vec![("7".to_owned(), 1)], 0));
    assert_eq!(import("srv-erp").known, 1);
    assert_eq!(numbers(&instance, customer), 1);
    instance.finish();
}

#[test]
fn a_ticket_as_long_as_the_other_tool_lets_it_be_opens_with_its_text_cut() {
    let instance = Instance::new(327);
    let customer = signed(&instance, "garonne");
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let (text, words) = ("é".repeat(30_000), "w".repeat(500));
    let export = format!(
        "numero;titre;etat;ouvert;demandeur;technicien;priorite;categorie;element;site;description\n\
         8;Long;ouvert;2026-06-15 10:00;{words};{words};{words};{words};{words};{words};{text}\n"
    );
    let done = instance.app().import_tickets(&permit, &ask(Source::Csv), export.as_bytes(), &mut |_, _| ());
    let done = done.unwrap();
    assert_eq!(done.opened, [("8".to_owned(), 1)], "{:?}", done.remarks);
    assert_eq!(
        remarks(&done.remarks),
        said([
            (2, false, "the text is cut at 17000 characters"),
            (
                2,
                false,
                "the requester is not known here: their name stays in the text as the technician’s does, \
                the ticket is in yours and assigned to nobody"
            ),
        ])
    );
    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let page = instance.app().ticket(&see, 1).unwrap();
    assert!(page.description.contains(&"w".repeat(300)) && page.description.ends_with("éé…"));
}

#[test]
fn since_the_declaration_only_what_the_contract_was_in_force_for_opens() {
    let instance = Instance::new(322);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    let since = ImportTickets { since: Since::Declared, ..ask(Source::Csv) };
    let export =
        b"numero;titre;etat;ouvert\n1;Ancien;ouvert;2019-01-06 09:00\n2;Lent;ouvert;2026-06-15 10:00\n";
    let done = app.import_tickets(&permit, &since, export, &mut |_, _| ()).unwrap();
    assert_eq!(done.opened, [("2".to_owned(), 1)]);
    assert_eq!(done.remarks.len(), 1);
    assert!(done.remarks[0].text.en.contains("before the contract takes effect"), "{:?}", done.remarks);
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    assert_eq!(app.ticket(&see, 1).unwrap().ticket.opened, local("2026-06-15T10:00").as_microsecond());
}

#[test]
fn the_history_is_the_customers_own_and_its_words_can_be_erased() {
    let instance = Instance::new(323);
    let (customer, other) = (signed(&instance, "garonne"), signed(&instance, "arvor"));
    let app = instance.app();
    let permit = instance.permit(Role::ServiceManager, Act::Import, customer);
    app.import_tickets(&permit, &ask(Source::Itop), &file("itop-demandes.csv"), &mut |_, _| ()).unwrap();
    let elsewhere = instance.permit(Role::CustomerManager, Act::SeeTickets, other);
    assert_eq!(app.history(&elsewhere, None, 10).unwrap().0, []);
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    let entry = app.history(&see, None, 10).unwrap().0[0].entry;
    let erase = instance.permit(Role::ProviderAdmin, Act::Erase, customer);
    let what = Forget::Entries([entry].into());
    app.erase(&erase, &instance.key(), &what, Ground::Request).unwrap();
    let lines = app.history(&see, None, 10).unwrap().0;
    assert_eq!((lines[0].words.is_none(), lines[1].words.is_some()), (true, true));
    let manager = instance.someone(Role::CustomerManager, customer);
    assert!(manager.permit(Act::Import, customer).is_err(), "the provider answers for what it brings in");
}

#[test]
fn people_are_invited_once_and_nobody_elses_account_is_taken() {
    let read = people::read(Source::Itop, &file("itop-personnes.csv")).unwrap();
    assert_eq!(read.rows[0].name, "Claire Bescond");
    assert_eq!(remarks(&read.remarks), said([(3, false, "an inactive account, left aside")]));

    let instance = Instance::new(324);
    let (customer, other) = (instance.customer("garonne"), instance.customer("arvor"));
    let app = instance.app();
    let admin = instance.staff(Role::ProviderAdmin).permit_instance(Act::ManageAccounts).unwrap();
    let export = file("glpi-utilisateurs.csv");
    let user = (customer, Role::CustomerUser);
    let preview = app.import_people(&admin, user, (Source::Glpi, &export), true).unwrap();
    assert!(preview.invited.iter().all(|person| person.link.is_none()));
    let done = app.import_people(&admin, user, (Source::Glpi, &export), false).unwrap();
    let names: Vec<(&str, &str)> = done.invited.iter().map(|p| (p.email.as_str(), p.name.as_str())).collect();
    assert_eq!(
        names,
        [
            ("ines.roussel@ateliers-garonne.example", "Inès Roussel"),
            ("paul.nadaud@ateliers-garonne.example", "Paul Nadaud")
        ]
    );
    assert!(done.invited.iter().all(|person| person.until().is_some()));
    assert_eq!(
        remarks(&done.remarks),
        said([
            (5, false, "an inactive account, left aside"),
            (6, true, "no e-mail address"),
            (7, false, "this address is already on line 4")
        ])
    );
    let again = app.import_people(&admin, user, (Source::Glpi, &export), false).unwrap();
    assert_eq!((again.invited.len(), again.known), (0, 2));
    let theirs =
        app.import_people(&admin, (other, Role::CustomerUser), (Source::Glpi, &export), false).unwrap();
    assert_eq!((theirs.invited.len(), theirs.remarks.iter().filter(|r| r.fault).count()), (0, 3));
    let staff = app.import_people(&admin, (customer, Role::Technician), (Source::Glpi, &export), false);
    assert!(matches!(staff, Err(AppError::Invalid(_))));
}

#[test]
fn equipment_is_set_against_the_perimeter_and_worded_as_clauses() {
    let instance = Instance::new(325);
    let customer = signed(&instance, "garonne");
    let see = instance.permit(Role::Technician, Act::SeeContract, customer);
    let export = file("glpi-ordinateurs.csv");
    let (compared, remarks) = instance.app().compare_items(&see, None, (Source::Glpi, &export)).unwrap();
    assert_eq!(compared.known, ["srv-erp"]);
    assert_eq!(compared.unknown["Portable"], ["pc-014"]);
    assert!(compared.missing.contains(&"srv-fic".to_owned()), "{:?}", compared.missing);
    assert_eq!(remarks.len(), 1, "one name twice");

    // The clauses compile in the contract that they are taken up in.
    let text = contract_a();
    let place = text.find("```toml clause\nkind = \"perimeter\"").expect("contract A has a perimeter");
    let clauses = compared.clauses();
    let draft = format!("{}{clauses}{}", &text[..place], &text[place..]);
    let compiled = contract::compile("essai.md", &draft);
    let faults: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).map(|d| &d.code).collect();
    assert!(faults.is_empty(), "{faults:?}\n{clauses}");
    let items: Vec<&String> = compiled.terms.perimeter.iter().flat_map(|r| &r.then.items).collect();
    assert!(items.contains(&&"nas-plans".to_owned()));
    // A second export of the same class takes no label of the first.
    let more = items::read(Source::Csv, b"nom;type\npc-099;Portable\n").unwrap();
    let again = items::compare(&compiled.terms, &more.rows).clauses();
    assert!(again.contains("label = \"repris-portable-2\""), "{again}");
    assert_eq!(items::read(Source::Glpi, &export).unwrap().left.len(), 7);
}
