use base::Length;
use base::fraction::Fraction;
use jiff::Timestamp;
use terms::availability::{CountedIn, DowntimeStart, Maintenance, Unknown};
use terms::boundary::{Boundary, SharedHosting};
use terms::commitment::Period;
use terms::perimeter::Coverage;
use terms::{
    Availability, Calendar, Contact, Dimension, Duty, DutyDue, DutyProof, Facts, PartyRole, Statement, Terms,
    Trigger,
};

use super::*;
use crate::calendar::ClockCache;
use crate::fixture::{contract, facts, rule, when};

fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.parse().unwrap();
    local.in_tz("Europe/Paris").unwrap().timestamp()
}

/// Sunday 21 June 2026, from one to three.
fn plan(model: Model) -> Plan {
    Plan {
        model,
        items: vec!["srv-erp".to_owned()],
        from: at("2026-06-21T01:00"),
        until: at("2026-06-21T03:00"),
        announced: at("2026-06-15T09:00"),
        downtime_minutes: 60,
        counted: false,
        regularised_by: (model == Model::Emergency).then(|| at("2026-06-23T18:00")),
    }
}

fn says(topic: &str, fields: &[(&str, &str)]) -> Statement {
    let says = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Statement { topic: topic.to_owned(), says }
}

/// The ERP is promised all week; maintenance announced five days before is left out, four hours a month.
fn promised() -> Terms {
    let mut terms = contract();
    terms.calendars.push(rule("24x7", Calendar::always("Europe/Paris")));
    terms.availabilities.push(rule(
        "dispo-erp",
        Availability {
            service: "ERP".to_owned(),
            items: vec!["srv-erp".to_owned(), "srv-fic".to_owned()],
            calendar: "24x7".to_owned(),
            target: Fraction::new(999, 1000),
            per: Period::Month,
            counted_in: CountedIn::UserMinutes { users: 40 },
            degraded: Fraction::new(1, 2),
            starts: DowntimeStart::Earlier,
            maintenance: Maintenance::Excluded {
                notice: Length::Days(5),
                most_per_month: Some(4 * 3600),
                within: None,
            },
            unknown: Unknown::Down,
            not_counted: Vec::new(),
        },
    ));
    terms
}

fn codes(reasons: &[base::Reason]) -> Vec<&str> {
    reasons.iter().map(|r| r.code.as_str()).collect()
}

fn refusals(terms: &Terms, facts: &Facts, plan: &Plan) -> Vec<String> {
    let weighed = weigh(terms, facts, plan, &mut ClockCache::new());
    weighed.refused.iter().map(|r| r.code.clone()).collect()
}

fn customer(person: &str) -> Approval {
    Approval::Customer { person: person.to_owned(), contact: None }
}

#[test]
fn a_window_announced_in_time_may_be_planned_and_one_told_late_counts_or_is_refused() {
    let terms = promised();
    assert!(refusals(&terms, &Facts::default(), &plan(Model::Normal)).is_empty());
    let late = Plan { announced: at("2026-06-18T09:00"), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &late), ["availability.maintenance_late"]);
    let weighed = weigh(&terms, &Facts::default(), &late, &mut ClockCache::new());
    assert_eq!(weighed.refused[0].cites.as_ref().unwrap().label, "dispo-erp");
    let counted =
        weigh(&terms, &Facts::default(), &Plan { counted: true, ..late.clone() }, &mut ClockCache::new());
    assert!(counted.refused.is_empty());
    assert_eq!(codes(&counted.notes), ["availability.maintenance_late"]);
    // Without any interruption, nothing is owed.
    assert!(refusals(&terms, &Facts::default(), &Plan { downtime_minutes: 0, ..late }).is_empty());
    let long = Plan { until: at("2026-06-21T06:00"), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &long), ["availability.maintenance_over"]);
}

#[test]
fn an_emergency_is_told_the_same_and_not_refused() {
    let now = Plan { announced: at("2026-06-21T00:55"), ..plan(Model::Emergency) };
    let weighed = weigh(&promised(), &Facts::default(), &now, &mut ClockCache::new());
    assert!(weighed.refused.is_empty());
    assert_eq!(codes(&weighed.notes), ["availability.maintenance_late"]);
    let unsaid = Plan { regularised_by: None, ..now };
    assert_eq!(refusals(&promised(), &Facts::default(), &unsaid), ["change.regularisation"]);
}

#[test]
fn items_are_those_of_the_contract_and_windows_make_sense() {
    let terms = contract();
    let of = |item: &str| Plan { items: vec![item.to_owned()], ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &of("kiosk-1")), ["change.out"]);
    assert_eq!(refusals(&terms, &Facts::default(), &of("srv-lune")), ["change.unknown_item"]);
    let none = Plan { items: Vec::new(), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &none), ["change.no_item"]);
    let back = Plan { until: at("2026-06-21T00:00"), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &back), ["change.window"]);
    let long = Plan { downtime_minutes: 121, ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &long), ["change.downtime"]);
    let begun = Plan { announced: at("2026-06-21T02:00"), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &begun), ["change.past"]);
}

#[test]
fn a_standard_change_is_an_operation_that_the_contract_takes_in() {
    let terms = contract();
    let of = |operation: &str| facts(&[(Dimension::Operation, operation)]);
    assert!(refusals(&terms, &of("user_support"), &plan(Model::Standard)).is_empty());
    assert_eq!(refusals(&terms, &of("project"), &plan(Model::Standard)), ["change.not_standard"]);
    assert_eq!(refusals(&terms, &Facts::default(), &plan(Model::Standard)), ["change.not_standard"]);
    let owed = owed(&terms, &plan(Model::Standard), &mut ClockCache::new());
    assert_eq!(owed.value.people(), 0);
}

#[test]
fn neighbours_of_a_shared_host_are_told_before() {
    let mut terms = contract();
    let host = SharedHosting {
        items: vec!["srv-erp".to_owned(), "srv-web".to_owned()],
        separation: "container".to_owned(),
    };
    terms.boundaries.push(rule("mutualise", Boundary::SharedHosting(host)));
    terms.duties.push(rule(
        "mutualise",
        Duty {
            owed_by: PartyRole::Provider,
            what: "neighbour_notice".to_owned(),
            title: String::new(),
            due: DutyDue::Before { length: Length::WorkingDays(5), of: Trigger::MaintenancePlanned },
            proof: DutyProof::Notice,
            alert_before: None,
        },
    ));
    // From Monday to Sunday there are five working days; from Tuesday, four.
    assert!(refusals(&terms, &Facts::default(), &plan(Model::Normal)).is_empty());
    let late = Plan { announced: at("2026-06-16T09:00"), ..plan(Model::Normal) };
    assert_eq!(refusals(&terms, &Facts::default(), &late), ["change.neighbours"]);
    let found = impact(&terms, &late.items);
    assert!(found.value.outside_users);
    assert_eq!(found.value.neighbours, ["srv-web"]);
}

#[test]
fn the_impact_names_services_neighbours_and_third_parties() {
    let found = impact(&promised(), &["srv-erp".to_owned(), "acces-internet".to_owned()]);
    assert_eq!(found.value.services, ["ERP"]);
    assert_eq!(found.value.neighbours, ["srv-fic"]);
    assert_eq!(found.value.users, Some(40));
    assert_eq!(found.value.inform, [Informed { who: "Garonne Télécom".to_owned(), reach: None }]);
    assert!(codes(&found.reasons).contains(&"change.third_party"));
}

/// S-112, S-113: visitors, users of an application and suppliers, each with what tells them.
#[test]
fn people_from_outside_are_part_of_the_impact_with_what_tells_each() {
    let mut terms = promised();
    let open = [("of", "ERP"), ("external_users", "clients du Client")];
    let told = [
        ("external.web_visitors.who", "visiteurs du site web"),
        ("external.web_visitors.told_by", "bandeau, la veille"),
        ("external.suppliers.who", "fournisseurs habituels"),
        ("external.suppliers.told_by", "courriel"),
    ];
    let informed = |terms: &Terms, item: &str| impact(terms, &[item.to_owned()]).value.inform;
    terms.statements.push(rule("hebergement", says("hosting", &open)));
    let who =
        |who: &str, reach: Option<&str>| Informed { who: who.to_owned(), reach: reach.map(str::to_owned) };
    // The ERP rests on the item: its outside users are touched, and nothing says who tells them.
    assert_eq!(informed(&terms, "srv-erp"), [who("clients du Client", None)]);
    let notes = |terms: &Terms, plan: &Plan| {
        let weighed = weigh(terms, &Facts::default(), plan, &mut ClockCache::new());
        codes(&weighed.notes).contains(&"change.outside_untold")
    };
    assert!(notes(&terms, &plan(Model::Normal)));
    // What does not carry the service touches none of them.
    let link = Plan { items: vec!["acces-internet".to_owned()], ..plan(Model::Normal) };
    assert!(!notes(&terms, &link));
    assert!(!informed(&terms, "acces-internet").contains(&who("clients du Client", None)));
    terms.statements[0].then.says.insert("items".to_owned(), "srv-web, acces-internet".to_owned());
    assert!(informed(&terms, "acces-internet").contains(&who("clients du Client", None)));
    // Once the contract says how, each population is to be told so.
    let rows = told.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    terms.statements[0].then.says.extend(rows);
    let suppliers = who("fournisseurs habituels", Some("courriel"));
    assert_eq!(
        informed(&terms, "srv-erp"),
        [suppliers, who("visiteurs du site web", Some("bandeau, la veille"))]
    );
    assert!(!notes(&terms, &plan(Model::Normal)));
    // The clause has to speak of all three populations: one that is not there is nobody to tell.
    let says = &mut terms.statements[0].then.says;
    says.insert("external.suppliers.told_by".to_owned(), "Sans objet : aucun n'y accède".to_owned());
    assert_eq!(informed(&terms, "srv-erp"), [who("visiteurs du site web", Some("bandeau, la veille"))]);
    let says = &mut terms.statements[0].then.says;
    says.insert("external.web_visitors.told_by".to_owned(), "nonewsletter".to_owned());
    assert_eq!(informed(&terms, "srv-erp"), [who("visiteurs du site web", Some("nonewsletter"))]);
    let found = impact(&terms, &["srv-erp".to_owned()]);
    let reason = found.reasons.iter().find(|r| r.code == "change.outside").unwrap();
    assert_eq!(reason.cites.as_ref().unwrap().label, "hebergement");
}

#[test]
fn a_third_party_agrees_first_unless_it_did_once_for_all() {
    let mut terms = contract();
    let link = Plan { items: vec!["acces-internet".to_owned()], downtime_minutes: 0, ..plan(Model::Normal) };
    let asked = owed(&terms, &link, &mut ClockCache::new()).value;
    assert_eq!(asked.third_parties, ["Garonne Télécom"]);
    let given = [customer("a"), Approval::ThirdParty { name: "Garonne Télécom".to_owned() }];
    assert_eq!(codes(&asked.missing(&terms, &given[..1])), ["change.third_party_missing"]);
    assert!(asked.missing(&terms, &given).is_empty());
    let standing = [
        ("party", "Garonne Télécom"),
        ("mode", "standing_agreement"),
        ("agreement", "A-1"),
        ("expires", "2026-06-30"),
    ];
    terms.statements.push(rule("tiers", says("third_party", &standing)));
    assert!(owed(&terms, &link, &mut ClockCache::new()).value.third_parties.is_empty());
    let july = Plan { from: at("2026-07-05T01:00"), until: at("2026-07-05T02:00"), ..link };
    assert_eq!(owed(&terms, &july, &mut ClockCache::new()).value.third_parties, ["Garonne Télécom"]);
}

fn contact(label: &str, role: &str) -> terms::Rule<Contact> {
    let (role, name) = (role.to_owned(), label.to_owned());
    rule(label, Contact { of: PartyRole::Customer, role, name, email: None, phone: None })
}

/// Maintenance at any hour with these approvals.
fn grant(approvals: u32, approvers: &[&str]) -> terms::Grant {
    terms::Grant {
        act: terms::grant::AccessAct::Maintenance,
        hours: None,
        ticket: true,
        diagnosis: false,
        approvals,
        user_consent: false,
        longest: Length::Seconds(3600),
        recorded: true,
        transfer_out: terms::grant::Transfer::Denied,
        transfer_in: terms::grant::Transfer::Denied,
        from_countries: Vec::new(),
        approvals_outside: None,
        approvers: approvers.iter().map(|&role| role.to_owned()).collect(),
        rings: Vec::new(),
        rollback: false,
    }
}

#[test]
fn two_people_of_the_named_roles_approve_what_is_sensitive() {
    let mut terms = contract();
    terms.contacts = vec![
        contact("rssi", "security_officer"),
        contact("paie", "payroll_manager"),
        contact("dg", "director"),
    ];
    terms.grants.push(rule("acces", grant(2, &["security_officer", "payroll_manager"])));
    let asked = owed(&terms, &plan(Model::Normal), &mut ClockCache::new()).value;
    let [demand] = &asked.demands[..] else { panic!("{asked:?}") };
    assert_eq!((demand.people, asked.people()), (2, 2));
    let by = |contact: &str| Approval::Customer { person: "x".to_owned(), contact: Some(contact.to_owned()) };
    assert_eq!(demand.agreed(&terms, &[by("rssi"), by("rssi"), by("dg"), customer("y")]), 1);
    assert_eq!(demand.agreed(&terms, &[by("rssi"), by("paie")]), 2);
}

#[test]
fn who_answers_for_one_item_authorises_nothing_on_another() {
    let mut terms = contract();
    terms.contacts = vec![contact("rssi", "security_officer"), contact("paie", "payroll_manager")];
    for (label, item, role) in
        [("paie-seule", "srv-erp", "payroll_manager"), ("pare-feu", "fw", "security_officer")]
    {
        terms.grants.push(when(rule(label, grant(1, &[role])), Dimension::Item, &[item]));
    }
    let both = Plan { items: vec!["srv-erp".to_owned(), "fw".to_owned()], ..plan(Model::Normal) };
    let asked = owed(&terms, &both, &mut ClockCache::new()).value;
    assert_eq!((asked.demands.len(), asked.people()), (2, 2));
    let by = |contact: &str| Approval::Customer { person: "x".to_owned(), contact: Some(contact.to_owned()) };
    let left = asked.missing(&terms, &[by("paie")]);
    assert_eq!(codes(&left), ["change.approvals_missing"]);
    assert!(left[0].text.fr.contains("pour fw"), "{left:?}");
    assert!(asked.missing(&terms, &[by("paie"), by("rssi")]).is_empty());
}

#[test]
fn two_contacts_of_one_address_are_one_person() {
    let mut terms = contract();
    let at = |label: &str, role: &str, email: &str| {
        let mut contact = contact(label, role);
        contact.then.email = Some(email.to_owned());
        contact
    };
    terms.contacts = vec![
        at("achats", "director", "nadia@client.example"),
        at("adjointe", "deputy", "Nadia@client.example"),
        at("rssi", "security_officer", "jean@client.example"),
    ];
    terms.grants.push(rule("acces", grant(2, &["deputy", "security_officer"])));
    let asked = owed(&terms, &plan(Model::Normal), &mut ClockCache::new()).value;
    let by = |contact: &str| Approval::Customer { person: "x".to_owned(), contact: Some(contact.to_owned()) };
    let [demand] = &asked.demands[..] else { panic!("{asked:?}") };
    // Whoever holds the role agrees, by whichever of the labels it was written down.
    assert_eq!(demand.agreed(&terms, &[by("achats"), by("adjointe")]), 1);
    assert_eq!(demand.agreed(&terms, &[by("achats"), by("rssi")]), 2);
}

#[test]
fn a_normal_change_begins_approved_and_in_its_window_and_closes_documented() {
    let mut terms = contract();
    terms.statements.push(rule(
        "documentation",
        says("documentation", &[("documents", "inventaire, schémas du réseau")]),
    ));
    let look = |change: &Change, instant: &str| standing(&terms, change, at(instant), &mut ClockCache::new());
    let mut change = Change::default();
    assert_eq!(codes(&look(&change, "2026-06-15T10:00").to_start), ["change.unplanned"]);
    change.plan = Some(plan(Model::Normal));
    let awaited = look(&change, "2026-06-21T01:30");
    assert_eq!(awaited.stage, Stage::Awaited);
    let why = ["change.approvals_missing", "change.approval_convention"];
    assert_eq!(codes(&awaited.to_start), why, "with what asks for it");
    change.approvals.push(customer("castaing"));
    assert_eq!(codes(&look(&change, "2026-06-20T01:30").to_start), ["change.outside_window"]);
    assert!(look(&change, "2026-06-21T01:30").to_start.is_empty());
    assert_eq!(codes(&look(&change, "2026-06-21T01:30").to_close), ["change.not_begun"]);
    change.started = Some(at("2026-06-21T01:05"));
    assert_eq!(codes(&look(&change, "2026-06-21T01:30").to_close), ["change.not_ended"]);
    change.ended = Some(Outcome::Succeeded);
    let ended = look(&change, "2026-06-21T02:30");
    assert_eq!(codes(&ended.to_close), ["change.document", "change.document"]);
    assert_eq!(ended.to_close[0].cites.as_ref().unwrap().label, "documentation");
    change.documents = vec!["inventaire".to_owned(), "schémas du réseau".to_owned()];
    assert!(look(&change, "2026-06-21T02:30").to_close.is_empty());
    change.ended = Some(Outcome::RolledBack);
    assert_eq!(codes(&look(&change, "2026-06-21T02:30").to_close), ["change.review"]);
    change.reviewed = true;
    assert!(look(&change, "2026-06-21T02:30").to_close.is_empty());
}

#[test]
fn an_emergency_begins_at_once_and_closes_approved_and_reviewed() {
    let terms = contract();
    let look = |change: &Change, instant: &str| standing(&terms, change, at(instant), &mut ClockCache::new());
    let mut change = Change { plan: Some(plan(Model::Emergency)), ..Change::default() };
    assert!(look(&change, "2026-06-20T23:00").to_start.is_empty());
    change.started = Some(at("2026-06-21T01:00"));
    change.ended = Some(Outcome::Succeeded);
    let soon = look(&change, "2026-06-22T09:00");
    assert_eq!(
        codes(&soon.to_close),
        ["change.approvals_missing", "change.approval_convention", "change.review"]
    );
    assert!(!soon.overdue);
    assert!(look(&change, "2026-06-23T18:01").overdue);
    change.approvals.push(customer("castaing"));
    change.reviewed = true;
    let closed = look(&change, "2026-06-24T09:00");
    assert!(closed.to_close.is_empty() && !closed.overdue);
}

#[test]
fn a_regularisation_refused_is_an_answer_and_the_review_is_still_owed() {
    let terms = contract();
    let look = |change: &Change| standing(&terms, change, at("2026-06-24T09:00"), &mut ClockCache::new());
    let begun = Change {
        plan: Some(plan(Model::Emergency)),
        started: Some(at("2026-06-21T01:00")),
        refused: true,
        ..Change::default()
    };
    let under_way = look(&begun);
    assert_eq!((under_way.stage, under_way.awaited.len()), (Stage::UnderWay, 0));
    assert_eq!(codes(&under_way.to_close), ["change.not_ended"]);
    let ended = look(&Change { ended: Some(Outcome::Succeeded), ..begun.clone() });
    assert_eq!(codes(&ended.to_close), ["change.review"]);
    assert!(!ended.overdue && ended.regularisation_refused);
    let reviewed = Change { ended: Some(Outcome::Succeeded), reviewed: true, ..begun };
    assert!(look(&reviewed).to_close.is_empty());
}

#[test]
fn a_change_given_up_closes_without_anything() {
    let change = Change { plan: Some(plan(Model::Normal)), refused: true, ..Change::default() };
    let found = standing(&contract(), &change, at("2026-06-21T01:30"), &mut ClockCache::new());
    assert_eq!(found.stage, Stage::Refused);
    assert_eq!(codes(&found.to_start), ["change.refused"]);
    assert!(found.to_close.is_empty());
}

#[test]
fn entries_in_a_perimeter_by_class_are_named_by_it() {
    let found: Vec<_> =
        impact::entries(&contract(), &["printer".to_owned()]).map(|r| r.then.status).collect();
    assert_eq!(found, [Coverage::In]);
}
