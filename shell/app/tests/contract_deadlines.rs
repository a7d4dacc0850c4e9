//! The last days of a contract are told ahead, in the browser and by letter, to the contacts that it names,
//! once each.

use app::mail::{Address, Delivery, Letter, MailSettings, Notice, State};
use app::{Act, Role};
use base::id::CustomerId;
use jiff::civil::{Date, date};
use testkit::{Instance, two_parties};

const CLAUSES: &str = r#"## Article 2 – Durée

```toml clause
kind = "term"
label = "duree"
then = { start = 2026-03-01, lasts = "36 months", renewal = "tacit", renewal_lasts = "12 months", notice = "3 months" }
```

## Article 3 – Interlocuteurs

```toml clause
kind = "contacts"
label = "unique"
then = { of = "provider", role = "single_point_of_contact", name = "Responsable" }
```

```toml clause
kind = "contacts"
label = "suppleance"
then = { of = "provider", role = "deputy", name = "Suppléance" }
```

```toml clause
kind = "contacts"
label = "client-unique"
then = { of = "customer", role = "single_point_of_contact", name = "Gestion" }
```

```toml clause
kind = "contacts"
label = "direction"
then = { of = "customer", role = "director", name = "Direction" }
```
"#;

fn signed(instance: &Instance) -> CustomerId {
    let customer = instance.customer("atelier");
    sign(instance, customer, CLAUSES);
    customer
}

fn sign(instance: &Instance, customer: CustomerId, clauses: &str) {
    instance.sign(customer, "contrat.md", &two_parties("CTR-2026-777", clauses)).expect("it compiles");
    instance.app().exchange_mail(MailSettings {
        from: Address { name: "Régie".into(), email: "support@regie.example".into() },
        answers: "support@regie.example".into(),
        host: "regie.example".into(),
        site: "https://regie.example".into(),
        zone: "Europe/Paris".into(),
    });
}

/// To whom letters are, of a state of the queue.
fn queued(instance: &Instance, state: State) -> Vec<String> {
    let keeps = instance.staff(Role::ProviderAdmin).permit_instance(Act::ManageMail).unwrap();
    let (lines, _) = instance.app().letters(&keeps, state, None, 50).unwrap();
    let mut to: Vec<String> = lines.into_iter().map(|line| line.to.email).collect();
    to.sort();
    to
}

/// What leaves at nine in the morning of a day, and is sent.
fn letters(instance: &Instance, on: Date) -> Vec<Letter> {
    let at = on.at(9, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
    instance.clock().move_to(at);
    let app = instance.app();
    // As often as the upkeep comes by: once is enough.
    app.tell_what_is_due_soon().unwrap();
    app.tell_what_is_due_soon().unwrap();
    let mut all = app.letters_to_send(50).unwrap();
    for letter in &all {
        app.letter_ended(&letter.ids, &Delivery::Sent).unwrap();
    }
    all.sort_by(|a, b| a.to.email.cmp(&b.to.email));
    all
}

#[test]
fn the_last_day_for_notice_is_told_to_the_single_contacts_and_their_deputies_and_to_nobody_else() {
    let instance = Instance::new(961);
    let customer = signed(&instance);
    let manager = instance.staff(Role::ServiceManager);
    let deputy = instance.staff(Role::DeputyManager);
    let gestion = instance.someone(Role::CustomerManager, customer);
    for role in [Role::Technician, Role::Dispatcher] {
        instance.staff(role);
    }
    for role in [Role::CustomerDirector, Role::CustomerUser] {
        instance.someone(role, customer);
    }
    // The last day for notice is 30 November 2028: three months before the end of February.
    assert!(letters(&instance, date(2028, 9, 20)).is_empty(), "more than two months ahead");
    let told = letters(&instance, date(2028, 10, 2));
    let mut wanted: Vec<String> = [&manager, &deputy, &gestion].map(|p| p.email.clone()).to_vec();
    wanted.sort();
    assert_eq!(told.iter().map(|l| l.to.email.clone()).collect::<Vec<_>>(), wanted);
    for letter in &told {
        let text = letter.text.replace('\u{a0}', " ");
        assert!(
            letter
                .subject
                .replace('\u{a0}', " ")
                .contains("Contrat CTR-2026-777 : dernier jour pour dénoncer, le 30 novembre 2028"),
            "{}",
            letter.subject
        );
        assert!(
            text.contains("[duree]")
                && text.contains("https://regie.example/c/atelier/contracts/CTR-2026-777"),
            "{text}"
        );
    }
    assert!(letters(&instance, date(2028, 10, 3)).is_empty(), "once");
    assert_eq!(letters(&instance, date(2028, 11, 21)).len(), 3, "again ten days ahead");
    assert!(letters(&instance, date(2028, 11, 22)).is_empty());
    instance.finish();
}

#[test]
fn whoever_may_not_see_the_contract_is_told_nothing_and_the_role_is_told_in_their_place() {
    let instance = Instance::new(963);
    let customer = instance.customer("atelier");
    let user = instance.someone(Role::CustomerUser, customer).email;
    let named = format!("name = \"Gestion\", email = \"{user}\"");
    sign(&instance, customer, &CLAUSES.replace("name = \"Gestion\"", &named));
    let manager = instance.someone(Role::CustomerManager, customer).email;
    let told = letters(&instance, date(2028, 10, 2));
    assert_eq!(told.iter().map(|l| l.to.email.as_str()).collect::<Vec<_>>(), [manager]);
    instance.finish();
}

#[test]
fn the_page_of_notifications_lists_it_whether_or_not_mail_is_exchanged() {
    let instance = Instance::new(964);
    let customer = instance.customer("atelier");
    instance.sign(customer, "contrat.md", &two_parties("CTR-2026-777", CLAUSES)).expect("it compiles");
    let gestion = instance.someone(Role::CustomerManager, customer);
    let direction = instance.someone(Role::CustomerDirector, customer);
    let told = |who| {
        let page = instance.app().notifications(who, true, None, 50).unwrap();
        page.lines.iter().map(|line| (line.notice, line.number)).collect::<Vec<_>>()
    };
    assert!(letters(&instance, date(2028, 10, 2)).is_empty(), "no mail is exchanged");
    assert_eq!(told(&gestion), [(Notice::Deadline, 0)], "once");
    assert_eq!(told(&direction), []);
    assert_eq!(instance.app().unread_notifications(&gestion).unwrap(), 1);
    letters(&instance, date(2028, 11, 21));
    assert_eq!(told(&gestion).len(), 2, "again ten days ahead");
    instance.finish();
}

#[test]
fn a_letter_that_waited_past_its_day_is_never_written() {
    let instance = Instance::new(962);
    let customer = signed(&instance);
    let manager = instance.staff(Role::ServiceManager);
    let gestion = instance.someone(Role::CustomerManager, customer);
    let mut both = [manager.email, gestion.email];
    both.sort();
    let at = date(2028, 10, 2).at(9, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
    instance.clock().move_to(at);
    instance.app().tell_what_is_due_soon().unwrap();
    assert_eq!(queued(&instance, State::Waiting), both, "they wait to leave");
    // The letter could not leave for months: it would tell what is past.
    let later = date(2029, 2, 1).at(9, 0, 0, 0).in_tz("Europe/Paris").unwrap().timestamp();
    instance.clock().move_to(later);
    assert!(instance.app().letters_to_send(50).unwrap().is_empty(), "the day has passed");
    assert!(queued(&instance, State::Waiting).is_empty(), "nor are they tried again");
    assert_eq!(queued(&instance, State::Dropped), both);
    instance.finish();
}
