//! A file sent from the pages: looked at, run behind, told of; and the history it leaves, found and forgotten.

#[path = "import_jobs/amend.rs"]
mod amend;
mod common;
#[path = "import_jobs/namesakes.rs"]
mod namesakes;
#[path = "import_jobs/runs.rs"]
mod runs;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::import::job::{Choices, State, Subject};
use app::import::outlook::Future;
use app::import::{Since, Source};
use app::privacy::Forget;
use app::{Act, AppError, Permit, Role};
use base::Lang;
use base::id::CustomerId;
use common::signed;
use events::Ground;
use store::import_job::Counts;
use testkit::Instance;
use uuid::Uuid;

/// Of the other tool: one over, one open, one without a title, one whose priority is told.
const EXPORT: &str = "numero;titre;etat;ouvert;priorite;demandeur;solution\n\
    11;Imprimante muette;clos;2025-01-06 09:00;Haute;Nadaud Paul;Toner changé\n\
    12;Serveur lent;ouvert;2026-06-15 10:00;Haute;;\n\
    13;;ouvert;2026-06-15 10:00;;;\n\
    14;Compte bloqué;clos;2025-02-03 08:00;Basse;Roussel Inès;Mot de passe changé\n";

fn stage(
    instance: &Instance,
    permit: &Permit,
    what: (Subject, Source),
    bytes: &[u8],
) -> Result<Uuid, AppError> {
    let mut incoming = instance.app().begin_import(permit, what.0)?;
    for piece in bytes.chunks(1 << 20) {
        incoming.write(piece)?;
    }
    let sent = incoming.finish("C:\\exports\\glpi.csv")?;
    instance.app().stage_import(permit, &instance.key(), what, Lang::Fr, sent)
}

fn manager(instance: &Instance, customer: CustomerId) -> Permit {
    instance.permit(Role::ServiceManager, Act::Import, customer)
}

/// What a report says, a line each.
fn report(instance: &Instance, permit: &Permit, id: Uuid) -> Vec<String> {
    let (told, next) = instance.app().import_report(permit, id, None, None, 100).unwrap();
    assert_eq!(next, None);
    let ticket = |t: Option<u64>| t.map_or_else(String::new, |number| format!(" #{number}"));
    told.iter()
        .map(|t| {
            format!("{} {} {}{} {}", t.line, t.number, t.fate, ticket(t.ticket), t.en).trim_end().to_owned()
        })
        .collect()
}

fn run(instance: &Instance, permit: &Permit, id: Uuid) -> State {
    instance.app().start_import(permit, &instance.key(), id).unwrap();
    instance.app().run_imports().unwrap();
    instance.app().import(permit, id).unwrap().state
}

fn files(instance: &Instance) -> usize {
    let folder = instance.vault_file("garonne").parent().unwrap().join("files");
    let inside = |path: &std::path::Path| std::fs::read_dir(path).map_or(0, |list| list.count());
    std::fs::read_dir(folder).map_or(0, |list| list.map(|e| inside(&e.unwrap().path())).sum())
}

#[test]
fn a_file_is_looked_at_then_run_and_each_line_is_told() {
    let instance = Instance::new(401);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();

    let (job, outlook) = app.import_outlook(&permit, id).unwrap();
    assert_eq!((job.name.as_str(), job.state), ("glpi.csv", State::Staged));
    assert_eq!(outlook.problem, None);
    assert_eq!(outlook.counts, Counts { total: 4, made: 1, kept: 2, known: 0, skipped: 1 });
    assert_eq!(outlook.words, ["Haute"], "of what is still open");
    assert!(outlook.priorities.contains(&"P2".to_owned()), "{:?}", outlook.priorities);
    assert_eq!((outlook.remarks.len(), outlook.remarks[0].line), (1, 4));
    assert_eq!(outlook.remarks[0].advice.as_ref().unwrap().en, "give it a title");
    let number = instance.open(customer, &app::ticket::OpenTicket::default());
    assert!(number.is_err(), "nothing was written but the file");

    let choices =
        Choices { priorities: [("haute".to_owned(), "P2".to_owned())].into(), ..Choices::default() };
    app.choose_import(&permit, &instance.key(), id, &choices).unwrap();
    let (_, outlook) = app.import_outlook(&permit, id).unwrap();
    let opens = outlook.lines.iter().find(|line| line.number == "12").unwrap();
    assert!(matches!(&opens.future, Future::Opens { priority, .. } if priority == "P2"), "{opens:?}");

    assert_eq!(files(&instance), 1);
    assert_eq!(run(&instance, &permit, id), State::Done);
    assert_eq!(files(&instance), 0, "the file does not outlive its use");
    assert_eq!(
        report(&instance, &permit, id),
        ["2 11 kept", "3 12 made #1", "4  skipped the title is empty. Give it a title", "5 14 kept"]
    );
    let job = app.import(&permit, id).unwrap();
    assert_eq!(job.counts, Counts { total: 4, made: 1, kept: 2, known: 0, skipped: 1 });
    assert!(job.started.is_some() && job.ended.is_some());
    let see = instance.permit(Role::Technician, Act::SeeTickets, customer);
    assert_eq!(app.ticket(&see, 1).unwrap().ticket.priority, "P2");

    // The same export again brings nothing, and tells which ticket each line is.
    let again = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();
    assert_eq!(run(&instance, &permit, again), State::Done);
    let told = report(&instance, &permit, again);
    assert_eq!(told[..2], ["2 11 known", "3 12 known #1"]);
    assert!(
        matches!(app.start_import(&permit, &instance.key(), again), Err(AppError::Refused(r)) if r.code == "import.done")
    );
    let listed = app.imports(&permit, None, 1).unwrap();
    assert_eq!((listed.0.len(), listed.1.is_some()), (1, true));
    app.forget_import(&permit, &instance.key(), again).unwrap();
    assert!(matches!(app.import(&permit, again), Err(AppError::NotFound)));
    instance.finish();
}

#[test]
fn columns_are_chosen_by_hand_where_the_headings_say_nothing() {
    let instance = Instance::new(402);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let export = b"Clef;Sujet du mail;Le\n7;Bruit;2026-06-15 10:00\n";
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), export).unwrap();
    let (_, outlook) = app.import_outlook(&permit, id).unwrap();
    assert!(outlook.problem.unwrap().en.contains("a column is missing"));
    assert_eq!(outlook.headings, ["Clef", "Sujet du mail", "Le"]);
    let required: Vec<&str> = outlook.columns.iter().filter(|c| c.required).map(|c| c.key).collect();
    assert_eq!(required, ["number", "title", "opened"]);
    let pairs = [("number", "Clef"), ("title", "Sujet du mail"), ("opened", "Le")];
    let columns = pairs.map(|(field, heading)| (field.to_owned(), heading.to_owned())).into();
    app.choose_import(&permit, &instance.key(), id, &Choices { columns, ..Choices::default() }).unwrap();
    let (_, outlook) = app.import_outlook(&permit, id).unwrap();
    assert_eq!((outlook.problem, outlook.counts.made), (None, 1));
    assert_eq!(run(&instance, &permit, id), State::Done);
    assert_eq!(report(&instance, &permit, id), ["2 7 made #1"]);
    instance.finish();
}

#[test]
fn what_came_without_being_told_is_told_as_already_there() {
    let instance = Instance::new(403);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();
    // A process that stopped in the middle left it running, and a part of it brought in.
    app.start_import(&permit, &instance.key(), id).unwrap();
    let part = EXPORT.lines().take(2).map(|line| format!("{line}\n")).collect::<String>();
    let ask = Choices::default();
    let half = app::import::ImportTickets {
        source: Source::Csv,
        contract: ask.contract,
        since: ask.since,
        priorities: ask.priorities,
        lang: Lang::Fr,
    };
    app.import_tickets(&permit, &half, part.as_bytes(), &mut |_, _| ()).unwrap();
    let another =
        stage(&instance, &permit, (Subject::Tickets, Source::Csv), b"numero;titre;ouvert\n").unwrap();
    let refused = app.start_import(&permit, &instance.key(), another);
    assert!(matches!(refused, Err(AppError::Refused(r)) if r.code == "import.another"));
    assert!(
        matches!(app.forget_import(&permit, &instance.key(), id), Err(AppError::Refused(r)) if r.code == "import.running")
    );
    // The next start.
    app.run_imports().unwrap();
    assert_eq!(app.import(&permit, id).unwrap().state, State::Done);
    assert_eq!(
        report(&instance, &permit, id),
        ["2 11 known", "3 12 made #1", "4  skipped the title is empty. Give it a title", "5 14 kept"]
    );

    // Somebody stops it before a line is done, and goes on with it.
    app.start_import(&permit, &instance.key(), another).unwrap();
    app.stop_import(&permit, &instance.key(), another).unwrap();
    app.run_imports().unwrap();
    let job = app.import(&permit, another).unwrap();
    assert_eq!((job.state, job.why), (State::Stopped, None));
    assert_eq!(run(&instance, &permit, another), State::Done);
    instance.finish();
}

#[test]
fn the_words_of_a_cell_are_shown_while_the_file_waits_and_no_report_keeps_them() {
    let instance = Instance::new(415);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let export = "numero;titre;etat;ouvert;nature\n\
        1;Bruit;chez Nadaud Paul;2025-01-06 09:00;\n\
        2;Bruit;ouvert;vu par Nadaud Paul;\n\
        3;Bruit;ouvert;2026-06-15 10:00;Nadaud Paul\n\
        Nadaud Paul;Bruit;ouvert;2026-06-15 10:00;\n\
        5;Bruit;ouvert;2086-06-15 10:00;\n";
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), export.as_bytes()).unwrap();
    let shown: Vec<String> =
        app.import_outlook(&permit, id).unwrap().1.remarks.iter().map(|r| r.said(Lang::En)).collect();
    assert_eq!(
        shown,
        [
            "state: an unknown word (“chez Nadaud Paul”)",
            "opening: not a date (“vu par Nadaud Paul”)",
            "kind: an unknown word, left aside (“Nadaud Paul”)",
            "number: not one (“Nadaud Paul”)",
            "opening: a date to come (“2086-06-15 10:00”)",
        ]
    );
    assert_eq!(run(&instance, &permit, id), State::Done);
    let told = report(&instance, &permit, id);
    assert_eq!(told[0], "2  skipped state: an unknown word. Write “open” or “closed”");
    assert!(told.iter().all(|line| !line.contains("Nadaud") && !line.contains("2086")), "{told:?}");
    instance.finish();
}

#[test]
fn what_the_contract_refuses_is_told_among_the_remarks_in_the_order_of_the_file() {
    let instance = Instance::new(416);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let export = b"numero;titre;etat;ouvert\n1;Ancien;ouvert;2019-01-06 09:00\n2;;ouvert;2026-06-15 10:00\n";
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), export).unwrap();
    let choices = Choices { since: Since::Declared, ..Choices::default() };
    app.choose_import(&permit, &instance.key(), id, &choices).unwrap();
    let (_, outlook) = app.import_outlook(&permit, id).unwrap();
    let told: Vec<(u64, bool)> = outlook.remarks.iter().map(|r| (r.line, r.fault)).collect();
    assert_eq!(told, [(2, true), (3, true)]);
    assert!(outlook.remarks[0].text.en.contains("before the contract takes effect"));
    assert!(outlook.remarks[0].advice.as_ref().unwrap().en.contains("the other tool"));
    assert_eq!(outlook.counts, Counts { total: 2, skipped: 2, ..Counts::default() }, "each counts once");

    let columns = [("titel".to_owned(), "titre".to_owned())].into();
    let refused = app.choose_import(&permit, &instance.key(), id, &Choices { columns, ..choices.clone() });
    let Err(AppError::Invalid(invalid)) = refused else { panic!("no such field") };
    assert_eq!(invalid.field, "columns");
    assert!(invalid.text.en.starts_with("no field “titel”; fields: number, title"), "{}", invalid.text.en);
    assert_eq!(app.import(&permit, id).unwrap().choices, choices, "nothing was chosen");
    instance.finish();
}

#[test]
fn a_run_has_the_rights_of_whoever_asked_at_that_moment() {
    let instance = Instance::new(404);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();
    app.start_import(&permit, &instance.key(), id).unwrap();
    let admin = instance.staff(Role::ProviderAdmin).permit_instance(Act::ManageAccounts).unwrap();
    app.disable_account(&admin, permit.by().account, true).unwrap();
    app.run_imports().unwrap();
    let other = instance.permit(Role::ProviderAdmin, Act::Import, customer);
    let job = app.import(&other, id).unwrap();
    assert_eq!((job.state, job.counts.done()), (State::Stopped, 0));
    assert!(job.why.unwrap().en.contains("may not any more"));
    assert_eq!(run(&instance, &other, id), State::Done);
    assert_eq!(app.import(&other, id).unwrap().counts.kept, 2);
    instance.finish();
}

#[test]
fn only_who_keeps_accounts_invites_people() {
    let instance = Instance::new(405);
    let customer = signed(&instance, "garonne");
    let app = instance.app();
    let (boss, permit) =
        (instance.permit(Role::ProviderAdmin, Act::Import, customer), manager(&instance, customer));
    let export = "nom;courriel\nAnne Vidal;anne@garonne.example\nSans adresse;\n".as_bytes();
    let what = (Subject::People, Source::Csv);
    assert!(matches!(stage(&instance, &permit, what, export), Err(AppError::NotFound)));
    let id = stage(&instance, &boss, what, export).unwrap();
    assert!(matches!(app.import_outlook(&permit, id), Err(AppError::NotFound)));
    assert!(app.imports(&permit, None, 10).unwrap().0.is_empty());
    let staff = Choices { role: Some("technician".to_owned()), ..Choices::default() };
    assert!(matches!(app.choose_import(&boss, &instance.key(), id, &staff), Err(AppError::Invalid(_))));
    let (_, outlook) = app.import_outlook(&boss, id).unwrap();
    assert_eq!((outlook.counts.made, outlook.counts.skipped), (1, 1));
    assert_eq!(run(&instance, &boss, id), State::Done);
    let told = report(&instance, &boss, id);
    assert!(told[0].starts_with("2  made invited, and no mail left"), "{told:?}");
    assert!(told.iter().all(|line| !line.contains("anne")), "who was invited stands in the accounts alone");
    instance.finish();
}

#[test]
fn equipment_is_told_and_changes_nothing() {
    let instance = Instance::new(406);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let what = (Subject::Items, Source::Csv);
    let id = stage(&instance, &permit, what, b"nom;type\nSRV-ERP;Serveur\npc-014;Portable\n").unwrap();
    let (_, outlook) = app.import_outlook(&permit, id).unwrap();
    assert_eq!((outlook.counts.known, outlook.counts.skipped), (1, 1));
    assert!(outlook.compared.unwrap().clauses().contains("pc-014"));
    assert_eq!(run(&instance, &permit, id), State::Done);
    let told = report(&instance, &permit, id);
    assert_eq!(told[0], "2 SRV-ERP known");
    assert!(told[1].contains("outside the signed perimeter"), "{told:?}");
    instance.finish();
}

#[test]
fn what_is_no_text_or_too_large_is_refused_and_leaves_nothing() {
    let instance = Instance::new(407);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let what = (Subject::Tickets, Source::Csv);
    for (bytes, said) in
        [(&b"PK\x03\x04rest"[..], "workbook"), (&b"\x7fELF\0\0"[..], "not a text"), (&b""[..], "empty")]
    {
        let Err(AppError::Invalid(invalid)) = stage(&instance, &permit, what, bytes) else {
            panic!("{said}")
        };
        assert!(invalid.text.en.contains(said), "{}", invalid.text.en);
    }
    let large = vec![b'a'; app::import::sent::LARGEST as usize + 1];
    let refused = stage(&instance, &permit, what, &large);
    assert!(matches!(refused, Err(AppError::Refused(r)) if r.code == "import.too_large"));
    assert_eq!(files(&instance), 0);
    for _ in 0..10 {
        stage(&instance, &permit, what, EXPORT.as_bytes()).unwrap();
    }
    let refused = stage(&instance, &permit, what, EXPORT.as_bytes());
    assert!(matches!(refused, Err(AppError::Refused(r)) if r.code == "import.too_many"));
    // Nobody touches them for two weeks.
    instance.at("2026-07-16T09:00");
    app.sweep_files().unwrap();
    assert_eq!((files(&instance), app.imports(&permit, None, 20).unwrap().0.len()), (0, 0));
    instance.finish();
}

#[test]
fn the_history_is_found_by_its_words_and_its_reader_sees_all_of_it_or_none() {
    let instance = Instance::new(408);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();
    assert_eq!(run(&instance, &permit, id), State::Done);

    let see = instance.permit(Role::CustomerUser, Act::SeeTickets, customer);
    let found = |query: &str| {
        let (lines, _) = app.find_history(&see, query, None, 10).unwrap();
        lines.into_iter().map(|line| line.number).collect::<Vec<_>>()
    };
    assert_eq!(found("imprimante"), ["11"]);
    assert_eq!(found("chang"), ["14", "11"], "of the solutions, the last brought in first");
    assert_eq!(found("nadaud toner"), ["11"], "words of two texts of one matter");
    assert!(found("serveur").is_empty(), "what is open here is a ticket");
    let (first, next) = app.find_history(&see, "change", None, 1).unwrap();
    assert_eq!(first[0].number, "14");
    assert_eq!(app.find_history(&see, "change", next, 1).unwrap().0[0].number, "11");

    let results = app.search(&see, "imprimante", None, 10).unwrap();
    assert_eq!((results.history.len(), results.more_history), (1, false));
    assert_eq!(app.history_matter(&see, results.history[0].entry).unwrap().number, "11");
    assert!(app.has_history(&see).unwrap());

    let role = Role::ThirdPartyTechnician;
    let new = NewAccount {
        email: "marc@editeur.example",
        name: "Marc Éditeur",
        password: "une phrase assez longue",
        role,
        customer: None,
        totp_secret: None,
    };
    let account = app.add_account(&new).unwrap();
    let about = Items { items: vec!["srv-erp".to_owned()], ..Items::default() };
    app.assign(&NewRole { account, role, customer: Some(customer), contract: None, about }).unwrap();
    let third = app.principal(account).unwrap();
    instance.undertake(&third, customer);
    let third = third.permit(Act::SeeTickets, customer).unwrap();
    assert!(app.find_history(&third, "imprimante", None, 10).unwrap().0.is_empty());
    assert!(app.search(&third, "imprimante", None, 10).unwrap().history.is_empty());
    let hidden = app.history_matter(&third, results.history[0].entry);
    assert!(matches!(hidden, Err(AppError::NotFound)));
    assert!(!app.has_history(&third).unwrap());
    instance.finish();
}

#[test]
fn what_somebody_asked_in_another_tool_is_forgotten_with_them() {
    let instance = Instance::new(409);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let paul = instance.someone(Role::CustomerUser, customer);
    let name = paul.name.clone();
    let export = format!(
        "numero;titre;etat;ouvert;demandeur;solution\n\
         1;Clavier;clos;2025-01-06 09:00;{name};Change\n\
         2;Souris;clos;2025-01-06 09:00;Quelqu'un d'autre;Change\n"
    );
    let id = stage(&instance, &permit, (Subject::Tickets, Source::Csv), export.as_bytes()).unwrap();
    assert_eq!(run(&instance, &permit, id), State::Done);
    let see = instance.permit(Role::CustomerManager, Act::SeeTickets, customer);
    assert_eq!(app.find_history(&see, "change", None, 10).unwrap().0.len(), 2);
    let erase = instance.permit(Role::ProviderAdmin, Act::Erase, customer);
    app.erase(&erase, &instance.key(), &Forget::Person(paul.account), Ground::Request).unwrap();
    let left = app.find_history(&see, "change", None, 10).unwrap().0;
    assert_eq!(left.iter().map(|line| line.number.as_str()).collect::<Vec<_>>(), ["2"]);
    assert!(app.find_history(&see, "clavier", None, 10).unwrap().0.is_empty());
    let lines = app.history(&see, None, 10).unwrap().0;
    assert!(lines.iter().any(|line| line.number == "1" && line.words.is_none()));
    instance.finish();
}
