//! Every use case, each asked with some permit about something that is there: a permit of the wrong kind
//! is then the only reason to find nothing.

use app::access::Items;
use app::accounts::Proof;
use app::accounts::roles::NewRole;
use app::desk::Which;
use app::draft::Save;
use app::life::{DutyReport, LifeReport};
use app::ticket::{Filter, StepCommand};
use app::{Act, AppError, InstancePermit, Permit, Role};
use base::id::{CustomerId, MaintenanceId};
use jiff::civil::date;
use testkit::Instance;
use uuid::Uuid;

use crate::common::contract_a;
use crate::things::*;

/// One use case asked with some permit.
pub type UseCase = (&'static str, Act, fn(&Instance, &Permit) -> Result<(), AppError>);

pub type InstanceUseCase = (&'static str, Act, fn(&Instance, &InstancePermit) -> Result<(), AppError>);

/// Every use case that takes a permit for a customer, but signing, which takes two, and the steps.
pub const USE_CASES: &[UseCase] = &[
    ("live contract", Act::SeeContract, |i, p| i.app().live(p, "CTR-2026-001").map(drop)),
    ("dates", Act::SeeContract, |i, p| i.app().dates(p, date(2026, 6, 1), date(2026, 7, 1)).map(drop)),
    ("planned dates", Act::SeeContract, |i, p| {
        i.app().planned(p, date(2026, 6, 1), date(2026, 7, 1)).map(drop)
    }),
    ("read notifications of a ticket", Act::SeeTickets, |i, p| i.app().read_notifications_of(p, 1).map(drop)),
    ("money", Act::SeeMoney, |i, p| i.app().money(p, None).map(drop)),
    ("statement", Act::SeeMoney, |i, p| {
        let may = i.permit(Role::ProviderAdmin, Act::CloseMonth, p.customer());
        i.app().close_month(&may, &i.key(), None, date(2026, 3, 1)).map(drop).or_else(already)?;
        i.app().statement(p, None, date(2026, 3, 1)).map(drop)
    }),
    ("close month", Act::CloseMonth, |i, p| {
        i.app().close_month(p, &i.key(), None, date(2026, 3, 1)).map(drop)
    }),
    ("journal", Act::SeeJournal, |i, p| i.app().journal(p, None, 10).map(drop)),
    ("tile", Act::SeeJournal, |i, p| i.app().tile(p, &entries()).map(drop)),
    ("tickets", Act::SeeTickets, |i, p| i.app().tickets(p, &Filter::default(), None, 10).map(drop)),
    ("who may be assigned", Act::AssignTicket, |i, p| i.app().assignees(p).map(drop)),
    ("find tickets", Act::SeeTickets, |i, p| {
        i.app().find_tickets(p, "panne", &Filter::default(), None, 10).map(drop)
    }),
    ("search", Act::SeeTickets, |i, p| i.app().search(p, "panne", None, 10).map(drop)),
    ("articles", Act::SeeKnowledge, |i, p| {
        i.app().articles(p, &app::knowledge::Filter::default(), None, 10).map(drop)
    }),
    ("article", Act::SeeKnowledge, |i, p| i.app().article(p, article(i, p)).map(drop)),
    ("version of an article", Act::SeeKnowledge, |i, p| {
        i.app().article_version(p, article(i, p), 1).map(drop)
    }),
    ("freshness", Act::SeeKnowledge, |i, p| i.app().freshness(p).map(drop)),
    ("overdue articles", Act::SeeKnowledge, |i, p| i.app().overdue_articles(p, None, 10).map(drop)),
    ("suggest articles", Act::SeeKnowledge, |i, p| {
        i.app().suggest_articles(p, &app::knowledge::Sought::default(), 5).map(drop)
    }),
    ("articles of a ticket", Act::SeeKnowledge, |i, p| i.app().ticket_articles(p, 1, 5).map(drop)),
    ("article destinations", Act::SeeKnowledge, |i, p| i.app().copy_destinations(p).map(drop)),
    ("write an article", Act::WriteKnowledge, |i, p| {
        i.app().write_article(p, &i.key(), &written()).map(drop)
    }),
    ("rewrite an article", Act::WriteKnowledge, |i, p| {
        i.app().rewrite_article(p, &i.key(), article(i, p), 1, &written()).map(drop)
    }),
    ("publish an article", Act::WriteKnowledge, |i, p| {
        i.app().move_article(p, &i.key(), article(i, p), events::ArticleState::Published).map(drop)
    }),
    ("review an article", Act::WriteKnowledge, |i, p| {
        i.app().review_article(p, &i.key(), article(i, p), date(2027, 1, 1), None).map(drop)
    }),
    ("article owners", Act::WriteKnowledge, |i, p| i.app().article_owners(p).map(drop)),
    ("say that an article helped", Act::Reply, |i, p| {
        i.app().article_helped(p, &i.key(), article(i, p), 1).map(drop)
    }),
    ("copy an article", Act::SeeKnowledge, |i, p| {
        let there = i.app().find_customer("voisin").or_else(|_| Ok::<_, AppError>(i.customer("voisin")))?;
        let to = i.permit(Role::ProviderAdmin, Act::WriteKnowledge, there);
        i.app().copy_article(p, &to, &i.key(), article(i, p)).map(drop)
    }),
    ("take a copied article", Act::WriteKnowledge, |i, p| {
        let there = i.app().find_customer("voisin").or_else(|_| Ok::<_, AppError>(i.customer("voisin")))?;
        let write = i.permit(Role::ProviderAdmin, Act::WriteKnowledge, there);
        let number = i.app().write_article(&write, &i.key(), &written())?.number;
        let from = i.permit(Role::ProviderAdmin, Act::SeeKnowledge, there);
        i.app().copy_article(&from, p, &i.key(), number).map(drop)
    }),
    ("saved views", Act::SeeTickets, |i, p| i.app().saved_views(p).map(drop)),
    ("save a view", Act::SeeTickets, |i, p| i.app().save_view(p, "Les miens", "mine=1", false)),
    ("drop a view", Act::SeeTickets, |i, p| {
        i.app().save_view(p, "Les miens", "mine=1", false)?;
        let views = i.app().saved_views(p)?;
        i.app().drop_view(p, &views.first().ok_or(AppError::NotFound)?.id.to_string())
    }),
    ("open tickets", Act::SeeTickets, |i, p| {
        i.app().open_tickets(p, app::ticket::Opener::Anybody, 10).map(drop)
    }),
    ("open count", Act::SeeTickets, |i, p| i.app().open_count(p).map(drop)),
    ("month so far", Act::SeeTickets, |i, p| i.app().month_so_far(p).map(drop)),
    ("ticket", Act::SeeTickets, |i, p| i.app().ticket(p, 1).map(drop)),
    ("open ticket", Act::OpenTicket, |i, p| i.app().open_ticket(p, &i.key(), &printer()).map(drop)),
    ("open ticket with files", Act::OpenTicket, |i, p| {
        i.app().open_ticket_with_files(p, &i.key(), &printer(), Vec::new()).map(drop)
    }),
    ("begin an upload to open", Act::OpenTicket, |i, p| i.app().begin_upload_to_open(p).map(drop)),
    ("request catalogue", Act::OpenTicket, |i, p| i.app().request_catalogue(p, None).map(drop)),
    ("form of a request", Act::OpenTicket, |i, p| {
        i.app().request_form(p, &app::ticket::OpenTicket::default()).map(drop)
    }),
    ("weigh a request", Act::OpenTicket, |i, p| i.app().weigh_ticket(p, &printer()).map(drop)),
    ("weigh a priority", Act::SetPriority, |i, p| {
        i.app().weigh_priority(p, 1, Some("P1"), None, None).map(drop)
    }),
    ("schedule of changes", Act::SeeTickets, |i, p| i.app().changes(p, (0, 0), 10).map(drop)),
    ("known errors", Act::SeeTickets, |i, p| i.app().known_errors(p, true, None, 10).map(drop)),
    ("begin an upload", Act::Reply, |i, p| i.app().begin_upload(p, 1).map(drop)),
    ("attach files", Act::Reply, |i, p| {
        i.app().attach_files(p, &i.key(), 1, events::Visibility::Public, Vec::new()).map(drop)
    }),
    ("attach internal files", Act::WorkOnTicket, |i, p| {
        i.app().attach_files(p, &i.key(), 1, events::Visibility::Internal, Vec::new()).map(drop)
    }),
    ("file", Act::SeeTickets, |i, p| {
        let see = i.permit(Role::Technician, Act::SeeTickets, p.customer());
        let file = i.app().ticket(&see, 1).expect("opened").files[0].file;
        i.app().file(p, 1, file, false).map(drop)
    }),
    ("step with files", Act::Reply, |i, p| {
        let reply = StepCommand::Reply { body: "Bonjour".to_owned() };
        i.app().step_with_files(p, &i.key(), 1, &reply, None, Vec::new()).map(drop)
    }),
    ("erase", Act::Erase, |i, p| {
        let what = app::privacy::Forget::Entries([0].into());
        i.app().erase(p, &i.key(), &what, events::Ground::Mistake).map(drop)
    }),
    ("record call", Act::RecordCall, |i, p| {
        let ask = app::call::RecordCall { minutes: 5, ticket: None, contract: None, at: None };
        i.app().record_call(p, &i.key(), &ask).map(drop)
    }),
    ("enter time", Act::EnterTime, |i, p| i.app().enter_time(p, &i.key(), 1, &worked()).map(drop)),
    ("start a timer", Act::EnterTime, |i, p| i.app().start_timer(p, 1)),
    ("stop a timer", Act::EnterTime, |i, p| {
        let timed = i.permit(Role::ProviderAdmin, Act::EnterTime, p.customer());
        i.app().start_timer(&timed, 1).or_else(already)?;
        i.app().stop_timer(p, &i.key(), events::WorkKind::Remote, None, None).map(drop)
    }),
    ("correct time", Act::EnterTime, |i, p| {
        let timed = i.permit(Role::ProviderAdmin, Act::EnterTime, p.customer());
        let entry = i.app().enter_time(&timed, &i.key(), 1, &worked()).expect("entered").entry;
        i.app().correct_time(p, &i.key(), (1, entry), &worked(), "Erreur de saisie").map(drop)
    }),
    ("discard a timer", Act::EnterTime, |i, p| i.app().discard_timer(p)),
    ("meters", Act::SeeMeters, |i, p| i.app().meters(p, None, None, 50).map(drop)),
    ("services", Act::SeeServices, |i, p| i.app().services(p, None, None).map(drop)),
    ("record outage", Act::RecordOutage, |i, p| i.app().record_outage(p, &i.key(), &outage()).map(drop)),
    ("correct outage", Act::RecordOutage, |i, p| {
        i.app().correct_outage(p, &i.key(), told(i, p), &outage()).map(drop)
    }),
    ("cancel outage", Act::RecordOutage, |i, p| {
        i.app().cancel_outage(p, &i.key(), None, told(i, p)).map(drop)
    }),
    ("announce maintenance", Act::RecordOutage, |i, p| {
        i.app().announce_maintenance(p, &i.key(), &window()).map(drop)
    }),
    ("end outage", Act::RecordOutage, |i, p| {
        let at = testkit::local("2026-06-15T10:00");
        i.app().end_outage(p, &i.key(), None, told(i, p), at).map(drop)
    }),
    ("cancel maintenance", Act::RecordOutage, |i, p| {
        let may = i.permit(Role::ProviderAdmin, Act::RecordOutage, p.customer());
        let announced = i.app().announce_maintenance(&may, &i.key(), &window()).expect("announced");
        i.app()
            .cancel_maintenance(p, &i.key(), None, MaintenanceId(announced.id.parse().expect("an id")))
            .map(drop)
    }),
    ("drafts", Act::SeeDrafts, |i, p| i.app().drafts(p, None, 10).map(drop)),
    ("check a draft", Act::SeeDrafts, |i, p| {
        i.app().check_draft(p, app::draft::Kind::Contract, None, "").map(drop)
    }),
    ("begin a draft", Act::WriteDraft, |i, p| i.app().create_draft(p, &i.key(), &begun()).map(drop)),
    ("read a draft", Act::SeeDrafts, |i, p| i.app().read_draft(p, draft(i, p)).map(drop)),
    ("save a draft", Act::WriteDraft, |i, p| {
        let new = begun();
        let save =
            Save { version: 1, title: new.title, text: new.text + "suite", preparation: String::new() };
        i.app().save_draft(p, draft(i, p), &save).map(drop)
    }),
    ("throw a draft away", Act::WriteDraft, |i, p| i.app().delete_draft(p, draft(i, p), 1)),
    ("sign a draft", Act::SignContract, |i, p| {
        let hash = contract::text_hash(&begun().text);
        i.app().sign_draft(p, &i.key(), draft(i, p), (1, &hash), "").map(drop)
    }),
    ("attach a subcontract", Act::WriteDraft, |i, p| {
        i.app().attach_subcontract(p, draft(i, p), 1, "st.md", &contract_a()).map(drop)
    }),
    ("detach a subcontract", Act::WriteDraft, |i, p| {
        i.app().detach_subcontract(p, draft(i, p), 1, Uuid::nil()).map(drop)
    }),
    ("draft of a statement", Act::SeeMoney, |i, p| i.app().draft(p, None, date(2026, 6, 1)).map(drop)),
    ("what if, a month", Act::SeeMoney, |i, p| {
        i.app().what_if_month(p, None, &candidate(), date(2026, 6, 1)).map(drop)
    }),
    ("what if, tickets", Act::SeeMoney, |i, p| {
        i.app().what_if_tickets(p, None, &candidate(), date(2026, 6, 1)).map(drop)
    }),
    ("what if, versions", Act::SeeMoney, |i, p| {
        i.app().what_if_versions(p, "CTR-2026-001", (1, 1), date(2026, 6, 1)).map(drop)
    }),
    ("undertakings owed", Act::SeeTickets, |i, p| i.app().undertakings_owed(p).map(drop)),
    ("sign undertakings", Act::SeeTickets, |i, p| i.app().sign_undertakings(p, &i.key(), &[]).map(drop)),
    ("people", Act::SeePeople, |i, p| i.app().people(p).map(drop)),
    ("people holding roles", Act::SeePeople, |i, p| {
        i.app().people_holding(p, &app::people::Sought::default(), 10).map(drop)
    }),
    ("people before", Act::SeePeople, |i, p| {
        i.app().people_before(p, &app::people::Sought::default(), 10).map(drop)
    }),
    ("roles to give", Act::ManagePeople, |i, p| i.app().roles_to_give(p).map(drop)),
    ("subcontractors", Act::ManagePeople, |i, p| i.app().subcontracted(p).map(drop)),
    ("give a role", Act::ManagePeople, |i, p| {
        let email = i.someone(Role::CustomerUser, p.customer()).email;
        let role = Role::CommitteeMember.key().to_owned();
        let ask = app::people::GiveRole { email, role, ..Default::default() };
        i.app().give_role(p, &Proof::of_the_operator(), &i.key(), &ask).map(drop)
    }),
    ("end a role", Act::ManagePeople, |i, p| {
        let person = i.someone(Role::CustomerUser, p.customer());
        let new = NewRole {
            account: person.account,
            role: Role::CustomerUser,
            customer: Some(p.customer()),
            contract: None,
            about: Items::default(),
        };
        let held = i.app().assign(&new).expect("assigned");
        i.app().end_role(p, &Proof::of_the_operator(), &i.key(), &held.to_string()).map(drop)
    }),
    ("on call", Act::SeeRoster, |i, p| i.app().on_call(p).map(drop)),
    ("on-call candidates", Act::PublishRoster, |i, p| i.app().on_call_candidates(p).map(drop)),
    ("weigh a roster", Act::PublishRoster, |i, p| i.app().weigh_roster(p, &roster()).map(drop)),
    ("publish a roster", Act::PublishRoster, |i, p| i.app().publish_roster(p, &i.key(), &roster()).map(drop)),
    ("answer templates", Act::UseTemplates, |i, p| i.app().answer_templates(p).map(drop)),
    ("fill an answer", Act::UseTemplates, |i, p| {
        let id = kept(i, p);
        let see = i.permit(Role::Technician, Act::SeeTickets, p.customer());
        let page = i.app().ticket(&see, 1)?;
        i.app().filled_answer(p, &page, id, base::Lang::Fr).map(drop)
    }),
    ("keep a template", Act::KeepTemplates, |i, p| {
        i.app().keep_template(p, None, &template("Un autre")).or_else(taken)
    }),
    ("keep a new template", Act::KeepTemplates, |i, p| {
        i.app().keep_new_template(p, &i.key(), &template("Un nouveau")).map(drop).or_else(taken)
    }),
    ("remove a template", Act::KeepTemplates, |i, p| i.app().remove_template(p, kept(i, p))),
    ("satisfaction", Act::SeeContract, |i, p| i.app().satisfaction(p).map(drop)),
    ("satisfaction of a ticket", Act::SeeTickets, |i, p| i.app().satisfaction_of(p, 1).map(drop)),
    ("skills", Act::SeeSkills, |i, p| i.app().skills(p, None, 5).map(drop)),
    ("levels of escalation", Act::SeeContract, |i, p| i.app().levels(p).map(drop)),
    ("level sheet", Act::KeepLevels, |i, p| {
        let (contract, clause) = level();
        i.app().level_sheet(p, &contract, &clause).map(drop)
    }),
    ("assign level", Act::KeepLevels, |i, p| {
        let (contract, clause) = level();
        let ask = app::levels::AssignLevel { contract, clause, people: Vec::new(), since: None };
        i.app().assign_level(p, &i.key(), &ask).map(drop).or_else(already)
    }),
    ("skill sheet", Act::KeepSkills, |i, p| i.app().skill_sheet(p, &srv_erp()).map(drop)),
    ("who knows a ticket's element", Act::AssignTicket, |i, p| {
        let see = i.permit(Role::Technician, Act::SeeTickets, p.customer());
        let page = i.app().ticket(&see, 1)?;
        i.app().knowers(p, &page.ticket).map(drop)
    }),
    ("tell skills", Act::KeepSkills, |i, p| {
        let ask = app::skills::TellSkills { element: srv_erp(), people: Vec::new(), since: None };
        i.app().tell_skills(p, &i.key(), &ask).map(drop)
    }),
    ("next warning", Act::SeeTickets, |i, p| {
        let page = i.app().ticket(p, 1)?;
        i.app().next_warning(p, &page).map(drop)
    }),
    ("whom to have follow a ticket", Act::Reply, |i, p| {
        let see = i.permit(Role::Technician, Act::SeeTickets, p.customer());
        let page = i.app().ticket(&see, 1)?;
        i.app().followable(p, &page).map(drop)
    }),
    ("answers awaited", Act::SeeTickets, |i, p| i.app().awaited(p).map(drop)),
    ("satisfaction awaited", Act::SeeTickets, |i, p| i.app().awaited_satisfaction(p, 5).map(drop)),
    ("tell satisfaction", Act::Reply, |i, p| {
        let ask = app::satisfaction::TellSatisfaction { score: 4, words: None };
        match i.app().tell_satisfaction(p, &i.key(), 1, &ask) {
            // A ticket that is open is not judged yet: reached, then refused.
            Err(AppError::Refused(_)) => Ok(()),
            done => done.map(drop),
        }
    }),
    ("partnership review", Act::SeeContract, |i, p| i.app().review(p, None, None).map(drop)),
    ("plans", Act::SeePlans, |i, p| i.app().plans(p, None, 10).map(drop)),
    ("plan", Act::SeePlans, |i, p| i.app().plan(p, plan(i, p), None, 10).map(drop)),
    ("plan suggestions", Act::WritePlan, |i, p| i.app().plan_suggestions(p).map(drop)),
    ("weigh a plan", Act::WritePlan, |i, p| i.app().weigh_plan(p, &to_plan()).map(drop)),
    ("write a plan", Act::WritePlan, |i, p| i.app().write_plan(p, &i.key(), None, &to_plan()).map(drop)),
    ("end a plan", Act::WritePlan, |i, p| i.app().end_plan(p, &i.key(), plan(i, p)).map(drop)),
    ("webhooks", Act::ManageWebhooks, |i, p| i.app().webhooks(p).map(drop)),
    ("hosts of webhooks", Act::ManageWebhooks, |i, p| i.app().webhook_hosts(p).map(drop)),
    ("webhook", Act::ManageWebhooks, |i, p| i.app().webhook(p, webhook(i, p)?, None, 1).map(drop)),
    ("write a webhook", Act::ManageWebhooks, |i, p| {
        i.app().write_webhook(p, &i.key(), None, &to_hook(i)).map(drop)
    }),
    ("rotate a webhook", Act::ManageWebhooks, |i, p| {
        i.app().rotate_webhook(p, &i.key(), webhook(i, p)?).map(drop)
    }),
    ("move a webhook", Act::ManageWebhooks, |i, p| {
        let removed = app::webhook::WebhookState::Removed;
        i.app().move_webhook(p, &i.key(), webhook(i, p)?, removed).map(drop)
    }),
    ("try a webhook", Act::ManageWebhooks, |i, p| i.app().try_webhook(p, &i.key(), webhook(i, p)?)),
    ("send to a webhook again", Act::ManageWebhooks, |i, p| {
        let id = webhook(i, p)?;
        i.app().try_webhook(p, &i.key(), id)?;
        let sent = i.app().webhook(p, id, None, 1)?.deliveries[0].id;
        i.app().send_webhook_again(p, id, sent)
    }),
    ("requesters", Act::OpenTicket, |i, p| i.app().requesters(p).map(drop)),
    ("weigh an import", Act::Import, |i, p| i.app().weigh_import(p, &to_import(), EXPORT).map(drop)),
    ("import tickets", Act::Import, |i, p| {
        i.app().import_tickets(p, &to_import(), EXPORT, &mut |_, _| ()).map(drop)
    }),
    ("begin an import", Act::Import, |i, p| {
        i.app().begin_import(p, app::import::job::Subject::Tickets).map(drop)
    }),
    ("stage an import", Act::Import, |i, p| {
        let (what, sent) = to_stage(i, p)?;
        i.app().stage_import(p, &i.key(), what, base::Lang::Fr, sent).map(drop)
    }),
    ("imports", Act::Import, |i, p| i.app().imports(p, None, 10).map(drop)),
    ("an import", Act::Import, |i, p| i.app().import(p, staged(i, p)).map(drop)),
    ("outlook of an import", Act::Import, |i, p| i.app().import_outlook(p, staged(i, p)).map(drop)),
    ("choose for an import", Act::Import, |i, p| {
        i.app().choose_import(p, &i.key(), staged(i, p), &app::import::job::Choices::default())
    }),
    ("start an import", Act::Import, |i, p| {
        let id = staged(i, p);
        i.app().start_import(p, &i.key(), id)?;
        i.app().stop_import(p, &i.key(), id)
    }),
    ("stop an import", Act::Import, |i, p| {
        let id = staged(i, p);
        let may = i.permit(Role::ServiceManager, Act::Import, p.customer());
        i.app().start_import(&may, &i.key(), id)?;
        let done = i.app().stop_import(p, &i.key(), id);
        let _ = i.app().stop_import(&may, &i.key(), id);
        done
    }),
    ("amend with an import", Act::Import, |i, p| {
        i.app().amend_with_import(p, &i.key(), staged_items(i, p), base::Lang::Fr).map(drop)
    }),
    ("forget an import", Act::Import, |i, p| i.app().forget_import(p, &i.key(), staged(i, p))),
    ("report of an import", Act::Import, |i, p| {
        i.app().import_report(p, staged(i, p), None, None, 10).map(drop)
    }),
    ("find in the history", Act::SeeTickets, |i, p| i.app().find_history(p, "ecran", None, 10).map(drop)),
    ("a matter of the history", Act::SeeTickets, |i, p| i.app().history_matter(p, matter(i, p)).map(drop)),
    ("whether there is a history", Act::SeeTickets, |i, p| i.app().has_history(p).map(drop)),
    ("history", Act::SeeTickets, |i, p| i.app().history(p, None, 10).map(drop)),
    ("compare items", Act::SeeContract, |i, p| {
        i.app().compare_items(p, None, (app::import::Source::Csv, b"nom\nsrv-erp\n")).map(drop)
    }),
    ("report a visit", Act::WorkOnTicket, |i, p| {
        i.app().report_visit(p, &i.key(), 1, None, &to_report()).map(drop)
    }),
    ("visits", Act::SeeTickets, |i, p| i.app().visits(p, 1).map(drop)),
    ("sign a visit", Act::Reply, |i, p| {
        let (visit, ask) = visit(i, p);
        i.app().sign_visit(p, &i.key(), (1, visit), &ask).map(drop)
    }),
    ("sign a visit on screen", Act::WorkOnTicket, |i, p| {
        let (visit, ask) = visit(i, p);
        i.app().sign_visit_on_screen(p, &i.key(), (1, visit), &ask, "Inès Roussel").map(drop)
    }),
    ("signatures", Act::SeeContract, |i, p| i.app().signatures(p, "CTR-2026-001").map(drop)),
    ("life of a contract", Act::SeeContract, |i, p| i.app().life(p, None).map(drop)),
    ("record a duty", Act::RecordDuty, |i, p| {
        let ask = DutyReport {
            contract: None,
            label: "veille".to_owned(),
            what: None,
            on: date(2026, 6, 15),
            proof: events::DutyProof::Document,
            reference: "Rapport n° 2".to_owned(),
            valid_until: None,
            ticket: None,
        };
        i.app().record_duty(p, &i.key(), &ask).map(drop)
    }),
    ("record the contract's life", Act::RecordLife, |i, p| {
        let (fact, at) = (events::LifeFact::Breach, testkit::local("2026-06-15T09:00"));
        let ask = LifeReport { contract: None, fact, at, about: "Mise en demeure".to_owned(), clause: None };
        i.app().record_life(p, &i.key(), &ask).map(drop)
    }),
];

/// Every use case that takes a permit for the whole instance.
pub const INSTANCE_USE_CASES: &[InstanceUseCase] = &[
    ("load", Act::SeeTeam, |i, p| i.app().load(p, jiff::SignedDuration::from_hours(8)).map(drop)),
    ("pauses by person", Act::SeeTeam, |i, p| i.app().pauses(p, date(2026, 6, 1)).map(drop)),
    ("bad marks", Act::SeeTeam, |i, p| i.app().bad_marks(p).map(drop)),
    ("dangers", Act::SeeTeam, |i, p| i.app().dangers(p).map(drop)),
    ("shared templates", Act::KeepTemplates, |i, p| i.app().shared_templates(p).map(drop)),
    ("keep a shared template", Act::KeepTemplates, |i, p| {
        i.app().keep_shared_template(p, None, &template("Pour tous"))
    }),
    ("remove a shared template", Act::KeepTemplates, |i, p| {
        let may = i.staff(Role::ProviderAdmin).permit_instance(Act::KeepTemplates)?;
        i.app().keep_shared_template(&may, None, &template("À retirer")).or_else(taken)?;
        let all = i.app().shared_templates(&may)?;
        i.app().remove_shared_template(p, all[0].id)
    }),
    ("colleague", Act::SeeDesk, |i, p| i.app().colleague(p, p.by().account).map(drop)),
    ("desk", Act::SeeDesk, |i, p| i.app().desk(p, Which::All, None, 10).map(drop)),
    ("what waits for a decision", Act::SeeDesk, |i, p| i.app().waiting(p).map(drop)),
    ("what stands beside the open work", Act::SeeDesk, |i, p| i.app().today(p).map(drop)),
    ("views of the desk", Act::SeeDesk, |i, p| i.app().desk_views(p).map(drop)),
    ("save a view of the desk", Act::SeeDesk, |i, p| i.app().save_desk_view(p, "En retard", "show=late")),
    ("drop a view of the desk", Act::SeeDesk, |i, p| {
        i.app().save_desk_view(p, "En retard", "show=late")?;
        let views = i.app().desk_views(p)?;
        i.app().drop_desk_view(p, &views.first().ok_or(AppError::NotFound)?.id.to_string())
    }),
    ("desk counts", Act::SeeDesk, |i, p| i.app().desk_counts(p).map(drop)),
    ("search everywhere", Act::SeeDesk, |i, p| i.app().find_everywhere(p, "panne", None, 10).map(drop)),
    ("search with extracts", Act::SeeDesk, |i, p| i.app().search_everywhere(p, "panne", None, 3).map(drop)),
    ("week", Act::EnterTime, |i, p| i.app().week(p, None, date(2026, 6, 15)).map(drop)),
    ("submit a week", Act::EnterTime, |i, p| i.app().submit_week(p, date(2026, 6, 15))),
    ("settle a week", Act::ApproveTime, |i, p| {
        i.app().settle_week(p, p.by().account, date(2026, 6, 15), app::time::Settling::Return(None))
    }),
    ("invite", Act::ManageAccounts, |i, p| i.app().invite(p, &stranger()).map(drop)),
    ("accounts", Act::ManageAccounts, |i, p| i.app().accounts(p, None, 10).map(drop)),
    ("account", Act::ManageAccounts, |i, p| i.app().account_line(p, p.by().account).map(drop)),
    ("security acts", Act::ManageAccounts, |i, p| i.app().security_acts(p, None, None, 10).map(drop)),
    ("offer a recovery", Act::ManageAccounts, |i, p| {
        let whose = i.staff(Role::Technician).account;
        i.app().offer_recovery(p, whose, false).map(drop)
    }),
    ("import people", Act::ManageAccounts, |i, p| {
        let file = b"nom;courriel\nAnne Vidal;anne@exemple.example\n";
        let customer = CustomerId::new(1, &[9; 10]);
        i.app()
            .import_people(p, (customer, Role::CustomerUser), (app::import::Source::Csv, file), true)
            .map(drop)
    }),
    ("disable an account", Act::ManageAccounts, |i, p| {
        i.app().disable_account(p, i.staff(Role::Technician).account, false)
    }),
    ("revoke access", Act::ManageAccounts, |i, p| {
        i.app().revoke_access(p, i.staff(Role::Technician).account)
    }),
    ("mail identity", Act::ManageMail, |i, p| i.app().mail_identity(p, any_customer(i)).map(drop)),
    ("set the mail identity", Act::ManageMail, |i, p| {
        i.app().set_mail_identity(p, any_customer(i), &app::mail::Identity::default())
    }),
    ("letters", Act::ManageMail, |i, p| i.app().letters(p, app::mail::State::Failed, None, 10).map(drop)),
    ("send a letter again", Act::ManageMail, |i, p| {
        let id = failed_letter(i)?;
        i.app().send_again(p, id)
    }),
    ("mail received", Act::ManageMail, |i, p| {
        i.app().received(p, app::mail::Fate::Quarantined, None, 10).map(drop)
    }),
    ("decide of a mail", Act::ManageMail, |i, p| {
        let id = waiting_mail(i)?;
        i.app().decide_mail(p, id, &app::mail::Decision::Reject).map(drop)
    }),
    ("create a customer", Act::CreateCustomer, |i, p| i.app().create_customer(p, &another()).map(drop)),
    ("create a customer once", Act::CreateCustomer, |i, p| {
        i.app().create_customer_once(p, &i.key(), &another()).map(drop)
    }),
];
