//! What the use cases are asked about: each makes what must be there first.

use app::customer::NewCustomer;
use app::service::{AnnounceMaintenance, TellOutage};
use app::ticket::OpenTicket;
use app::{Act, AppError, InstancePermit, Permit, Role};
use base::id::{CustomerId, OutageId};
use jiff::civil::date;
use journal::tile::{Content, Tile};
use testkit::Instance;
use uuid::Uuid;

use crate::common::contract_a;

pub fn exchange_mail(instance: &Instance) -> Result<InstancePermit, AppError> {
    let mailbox = "aide@prestataire.example".to_owned();
    instance.app().exchange_mail(app::mail::MailSettings {
        from: app::mail::Address { name: "Prestataire".to_owned(), email: mailbox.clone() },
        answers: mailbox,
        host: "prestataire.example".to_owned(),
        site: "https://prestataire.example".to_owned(),
        zone: "Europe/Paris".to_owned(),
    });
    instance.staff(Role::ServiceManager).permit_instance(Act::ManageMail)
}

pub fn failed_letter(instance: &Instance) -> Result<Uuid, AppError> {
    let (app, may) = (instance.app(), exchange_mail(instance)?);
    app.offer_recovery_as_operator(instance.staff(Role::Technician).account, false)?;
    for letter in app.letters_to_send(10)? {
        app.letter_ended(&letter.ids, &app::mail::Delivery::Never("550".to_owned()))?;
    }
    Ok(app.letters(&may, app::mail::State::Failed, None, 10)?.0[0].id)
}

pub fn waiting_mail(instance: &Instance) -> Result<Uuid, AppError> {
    let may = exchange_mail(instance)?;
    let mut identity = [0; 32];
    identity[..16].copy_from_slice(Uuid::now_v7().as_bytes());
    let from = vec!["inconnu@ailleurs.example".to_owned()];
    let mail = app::mail::Incoming { identity, from, believed: true, ..Default::default() };
    instance.app().take_mail(&mail)?;
    Ok(instance.app().received(&may, app::mail::Fate::Quarantined, None, 10)?.0[0].id)
}

pub fn any_customer(instance: &Instance) -> CustomerId {
    CustomerId(instance.app().customers().unwrap()[0].id)
}

pub fn stranger() -> app::accounts::NewPerson {
    app::accounts::NewPerson {
        email: "nouveau@test.example".to_owned(),
        name: "Nouveau".to_owned(),
        role: Role::Technician,
        customer: None,
    }
}

pub fn another() -> NewCustomer {
    NewCustomer { slug: "autre".to_owned(), name: "Autre".to_owned() }
}

/// An outage that is there, whatever the permit allows.
pub fn told(instance: &Instance, permit: &Permit) -> OutageId {
    let may = instance.permit(Role::ProviderAdmin, Act::RecordOutage, permit.customer());
    instance
        .app()
        .record_outage(&may, &instance.key(), &outage())
        .expect("recorded")
        .id
        .parse()
        .expect("an id")
}

/// One timer runs at a time, and a month closes once: it may be done already.
pub fn already<T: Default>(error: AppError) -> Result<T, AppError> {
    if matches!(error, AppError::Refused(_)) { Ok(T::default()) } else { Err(error) }
}

pub fn window() -> AnnounceMaintenance {
    let (from, until) = (testkit::local("2026-06-20T09:00"), testkit::local("2026-06-20T10:00"));
    AnnounceMaintenance { contract: None, items: vec!["srv-erp".to_owned()], from, until }
}

pub fn candidate() -> contract::Compiled {
    contract::compile("essai.md", &contract_a())
}

/// A draft of the customer's that is there, whatever the permit allows.
pub fn draft(instance: &Instance, permit: &Permit) -> Uuid {
    let write = instance.permit(Role::ProviderAdmin, Act::WriteDraft, permit.customer());
    instance.app().create_draft(&write, &instance.key(), &begun()).expect("a draft is begun")
}

pub fn worked() -> app::time::TellTime {
    app::time::TellTime {
        minutes: 5,
        started: None,
        kind: events::WorkKind::Remote,
        hours: None,
        profile: None,
        comment: None,
    }
}

pub fn outage() -> TellOutage {
    TellOutage {
        contract: None,
        items: vec!["srv-erp".to_owned()],
        detected: Some(testkit::local("2026-06-15T09:00")),
        declared: None,
        ended: Some(testkit::local("2026-06-15T10:00")),
        state: events::ServiceState::Down,
        users: None,
        origin: events::OutageOrigin::Provider,
    }
}

pub fn written() -> app::knowledge::WriteArticle {
    let (title, body) = ("Bourrage".to_owned(), "Ouvrez le capot.".to_owned());
    app::knowledge::WriteArticle { title, body, ..Default::default() }
}

/// An article of the customer's that is there, whatever the permit allows.
pub fn article(instance: &Instance, permit: &Permit) -> u64 {
    let write = instance.permit(Role::ProviderAdmin, Act::WriteKnowledge, permit.customer());
    instance.app().write_article(&write, &instance.key(), &written()).expect("an article is written").number
}

pub fn begun() -> app::draft::NewDraft {
    let kind = app::draft::Kind::Contract;
    app::draft::NewDraft { title: "Essai".to_owned(), kind, base: None, text: "+++\n+++\n".to_owned() }
}

pub fn printer() -> OpenTicket {
    OpenTicket { title: "Imprimante en panne".to_owned(), ..OpenTicket::default() }
}

pub fn entries() -> Tile {
    Tile { content: Content::Entries, index: 0, width: 1 }
}

pub fn template(name: &str) -> app::answers::KeepTemplate {
    app::answers::KeepTemplate { name: name.to_owned(), fr: "Reçu.".to_owned(), en: String::new() }
}

/// A template of the customer's that is there, whatever the permit allows.
pub fn kept(instance: &Instance, permit: &Permit) -> Uuid {
    let keep = instance.permit(Role::ProviderAdmin, Act::KeepTemplates, permit.customer());
    instance.app().keep_template(&keep, None, &template("Reçu")).or_else(taken).expect("kept");
    let see = instance.permit(Role::ProviderAdmin, Act::UseTemplates, permit.customer());
    instance.app().answer_templates(&see).expect("read")[0].id
}

/// A name that was taken the time before is as good.
pub fn taken(error: AppError) -> Result<(), AppError> {
    if matches!(&error, AppError::Invalid(i) if i.field == "name") { Ok(()) } else { Err(error) }
}

/// A plan of the customer's that is there, whatever the permit allows.
pub fn plan(instance: &Instance, permit: &Permit) -> base::id::PlanId {
    let write = instance.permit(Role::ProviderAdmin, Act::WritePlan, permit.customer());
    instance.app().write_plan(&write, &instance.key(), None, &to_plan()).expect("a plan is written").plan
}

pub fn to_plan() -> app::plan::WritePlan {
    let rhythm = events::Rhythm {
        every: 1,
        unit: events::Unit::Months,
        first: date(2026, 1, 1),
        until: None,
        at: jiff::civil::time(8, 0, 0, 0),
        closed: None,
    };
    let about = events::PlanAbout::default();
    app::plan::WritePlan {
        contract: None,
        title: "Mises à jour".to_owned(),
        description: String::new(),
        about,
        rhythm,
    }
}

pub const EXPORT: &[u8] = b"numero;titre;etat;ouvert\n1;Ecran noir;clos;2025-01-06 09:00\n";

pub fn to_import() -> app::import::ImportTickets {
    app::import::ImportTickets {
        source: app::import::Source::Csv,
        contract: None,
        since: app::import::Since::Import,
        priorities: std::collections::BTreeMap::new(),
        lang: base::Lang::Fr,
    }
}

/// A file that arrived whole, whatever the permit allows.
pub fn to_stage(
    i: &Instance,
    p: &Permit,
) -> Result<((app::import::job::Subject, app::import::Source), app::import::sent::Sent), AppError> {
    let what = (app::import::job::Subject::Tickets, app::import::Source::Csv);
    let may = i.permit(Role::ServiceManager, Act::Import, p.customer());
    let mut incoming = i.app().begin_import(&may, what.0)?;
    incoming.write(EXPORT)?;
    Ok((what, incoming.finish("a.csv")?))
}

/// A file that is there, whatever the permit allows; others that were there are gone.
pub fn staged(i: &Instance, p: &Permit) -> uuid::Uuid {
    let may = i.permit(Role::ServiceManager, Act::Import, p.customer());
    for job in i.app().imports(&may, None, 50).expect("they are listed").0 {
        i.app().forget_import(&may, &i.key(), job.id).expect("it is gone");
    }
    let (what, sent) = to_stage(i, p).expect("it arrived");
    i.app().stage_import(&may, &i.key(), what, base::Lang::Fr, sent).expect("a file is staged")
}

/// A file of equipment that is there, whatever the permit allows.
pub fn staged_items(i: &Instance, p: &Permit) -> uuid::Uuid {
    staged(i, p);
    let what = (app::import::job::Subject::Items, app::import::Source::Csv);
    let may = i.permit(Role::ServiceManager, Act::Import, p.customer());
    let mut incoming = i.app().begin_import(&may, what.0).expect("it begins");
    incoming.write(b"nom\npc-014\n").expect("it is written");
    let sent = incoming.finish("a.csv").expect("it arrived");
    i.app().stage_import(&may, &i.key(), what, base::Lang::Fr, sent).expect("a file is staged")
}

/// The entry of a matter that is there.
pub fn matter(i: &Instance, p: &Permit) -> u64 {
    let may = i.permit(Role::ServiceManager, Act::Import, p.customer());
    i.app().import_tickets(&may, &to_import(), EXPORT, &mut |_, _| ()).expect("it came");
    let see = i.permit(Role::Technician, Act::SeeTickets, p.customer());
    i.app().history(&see, None, 1).expect("it is read").0[0].entry
}

/// A visit of ticket 1 that is there, whatever the permit allows.
pub fn visit(instance: &Instance, permit: &Permit) -> (base::id::VisitId, app::visit::SignVisit) {
    let work = instance.permit(Role::Technician, Act::WorkOnTicket, permit.customer());
    let done = instance.app().report_visit(&work, &instance.key(), 1, None, &to_report());
    let done = done.expect("a visit is reported");
    (done.visit, app::visit::SignVisit { hash: done.hash, reserve: None, drawing: None })
}

pub fn to_report() -> app::visit::TellVisit {
    app::visit::TellVisit {
        arrived: testkit::local("2026-06-16T09:05"),
        left: testkit::local("2026-06-16T10:05"),
        travel: 0,
        work: "Bourrage retiré.".to_owned(),
        parts: Vec::new(),
        remains: None,
        met: None,
        counted: false,
        hours: None,
        profile: None,
    }
}

/// A level of contract A, with the contract's number.
pub fn level() -> (String, String) {
    ("CTR-2026-001".to_owned(), "escalade-1".to_owned())
}

pub fn srv_erp() -> engines::skills::Element {
    engines::skills::Element::Item("srv-erp".to_owned())
}

/// A roster that no clause of contract A asks for.
pub fn roster() -> app::roster::PublishRoster {
    let (contract, label) = ("CTR-2026-001".to_owned(), "astreinte".to_owned());
    app::roster::PublishRoster { contract, label, ..Default::default() }
}

/// A webhook written by whoever asks.
pub fn webhook(i: &Instance, p: &Permit) -> Result<base::id::WebhookId, AppError> {
    Ok(i.app().write_webhook(p, &i.key(), None, &to_hook(i))?.webhook)
}

/// To a host that is allowed.
pub fn to_hook(i: &Instance) -> app::webhook::WriteWebhook {
    let allowed = app::webhook::Allowed::parse("hooks.example", Vec::new(), false).expect("a host");
    i.app().send_webhooks_to(app::webhook::Egress { allowed: vec![allowed] });
    app::webhook::WriteWebhook {
        url: "https://hooks.example/".to_owned(),
        kinds: vec!["ticket.opened".to_owned()],
        ..app::webhook::WriteWebhook::default()
    }
}
