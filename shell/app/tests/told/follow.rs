//! A ticket that one is made to follow, by whom, and who takes nobody off it.

use super::*;

#[test]
fn a_colleague_who_may_read_the_ticket_is_made_to_follow_it_and_told_so_once() {
    let instance = Instance::new(981);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let developer = instance.staff(Role::Developer);
    let colleague = instance.someone(Role::CustomerAdmin, customer);
    let other = instance.customer("voisin");
    let stranger = instance.someone(Role::CustomerUser, other);
    instance.undertake(&developer, customer);
    letters(&instance);
    let refused = |by: &Principal, command: StepCommand| {
        let permit = by.permit(command.act(), customer).unwrap();
        match instance.app().step_ticket(&permit, &instance.key(), 1, &command, None) {
            Err(AppError::Refused(refusal)) => refusal.code,
            Err(AppError::Invalid(invalid)) => invalid.field.to_owned(),
            other => panic!("{other:?}"),
        }
    };
    let watch = |who: &str| StepCommand::WatchFor { who: who.to_owned() };
    let reply = || StepCommand::Reply { body: "Toujours rien.".to_owned() };

    permit_step(&instance, &technician, customer, &watch(&developer.email));
    let told = letters(&instance);
    assert_eq!(to(&told), [developer.email.as_str()]);
    let text = told[0].text.replace('\u{a0}', " ");
    assert!(text.contains(&format!("{} vous fait suivre le ticket n° 1", technician.name)), "{text}");
    assert_eq!(notices(&instance, &developer), [Notice::Followed]);
    // By the account too, and of either side for the provider's people.
    permit_step(&instance, &technician, customer, &watch(&colleague.account.to_string()));
    assert_eq!(to(&letters(&instance)), [colleague.email.as_str()]);
    let page =
        |who: &Principal| instance.app().ticket(&who.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
    let said: Vec<Option<String>> = page(&claire).entries.into_iter().rev().take(2).map(|e| e.text).collect();
    assert_eq!(said, [Some(colleague.name.clone()), Some(developer.name.clone())], "whom, not only by whom");
    permit_step(&instance, &claire, customer, &reply());
    let told = letters(&instance);
    assert!(to(&told).contains(&developer.email.as_str()) && to(&told).contains(&colleague.email.as_str()));

    // One answer for all whom one may not name, and a follower is followed by no second time.
    assert_eq!(refused(&technician, watch(&developer.email)), "watch.already");
    for who in [stranger.email.as_str(), "personne@nulle.part", ""] {
        assert_eq!(refused(&technician, watch(who)), "who", "{who}");
    }
    let ours = instance.staff(Role::SystemManager);
    assert_eq!(refused(&claire, watch(&ours.email)), "who", "a colleague is of one's own side");
    assert_eq!(refused(&claire, StepCommand::UnwatchFor { who: developer.account }), "who");

    permit_step(&instance, &claire, customer, &StepCommand::UnwatchFor { who: colleague.account });
    permit_step(&instance, &technician, customer, &StepCommand::UnwatchFor { who: developer.account });
    assert_eq!(
        refused(&technician, StepCommand::UnwatchFor { who: developer.account }),
        "who",
        "they follow no more"
    );
    assert!(page(&technician).watchers.is_empty());
    letters(&instance);
    permit_step(&instance, &claire, customer, &reply());
    assert_eq!(to(&letters(&instance)), [technician.email.as_str()]);
    instance.finish();
}

#[test]
fn nobody_is_silenced_by_those_whom_they_watch() {
    let instance = Instance::new(983);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let director = instance.someone(Role::CustomerDirector, customer);
    let colleague = instance.someone(Role::CustomerUser, customer);
    let admin = instance.someone(Role::CustomerAdmin, customer);
    let takes_off = |by: &Principal, who: &Principal| {
        let command = StepCommand::UnwatchFor { who: who.account };
        let permit = by.permit(command.act(), customer).unwrap();
        match instance.app().step_ticket(&permit, &instance.key(), 1, &command, None) {
            Ok(_) => true,
            Err(AppError::Invalid(invalid)) if invalid.field == "who" => false,
            other => panic!("{other:?}"),
        }
    };
    let following = |by: &Principal| {
        let page = instance.app().ticket(&by.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
        let found = instance.app().followable(&by.permit(Act::Reply, customer).unwrap(), &page).unwrap();
        found.following.into_iter().map(|watcher| watcher.who).collect::<Vec<_>>()
    };
    let answered = || {
        letters(&instance);
        permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "En cours.".to_owned() });
        let told = letters(&instance);
        told.into_iter().map(|letter| letter.to.email).collect::<Vec<_>>()
    };

    // Who follows of their own will is taken off by nobody else, of either side.
    for who in [&claire, &director] {
        permit_step(&instance, who, customer, &StepCommand::Watch);
        assert!(!takes_off(&technician, who) && !takes_off(&colleague, who), "{}", who.name);
    }
    assert_eq!((following(&technician), following(&colleague)), (Vec::new(), Vec::new()));
    // Whom a colleague made to follow is taken off by their own side, and not by the provider.
    let watch = |who: &Principal| StepCommand::WatchFor { who: who.email.clone() };
    permit_step(&instance, &claire, customer, &watch(&admin));
    assert_eq!((following(&technician), following(&director)), (Vec::new(), vec![admin.account]));
    assert!(!takes_off(&technician, &admin) && takes_off(&director, &admin));
    assert!(!answered().contains(&admin.email));

    // Taken off by somebody else, whoever opened the ticket is told of it still; not once they ceased.
    permit_step(&instance, &claire, customer, &StepCommand::Unwatch);
    assert!(!answered().contains(&claire.email));
    permit_step(&instance, &claire, customer, &StepCommand::Reply { body: "Toujours rien.".to_owned() });
    permit_step(&instance, &technician, customer, &watch(&claire));
    assert!(takes_off(&technician, &claire), "the provider takes off whom it added");
    assert!(answered().contains(&claire.email), "she took part in it");
    instance.finish();
}

#[test]
fn those_who_only_read_follow_and_are_offered_nobody() {
    let instance = Instance::new(982);
    exchange_mail(&instance);
    let (customer, claire, technician) = taken_over(&instance);
    let auditors =
        [Role::ProviderAuditor, Role::CustomerAuditor].map(|role| instance.someone(role, customer));
    for auditor in &auditors {
        instance.undertake(auditor, customer);
        permit_step(&instance, auditor, customer, &StepCommand::Watch);
        assert!(auditor.permit(Act::Reply, customer).is_err(), "nor is anybody theirs to name");
    }
    letters(&instance);
    permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "En cours.".to_owned() });
    let told = letters(&instance);
    for auditor in &auditors {
        assert!(to(&told).contains(&auditor.email.as_str()), "{told:?}");
    }
    let offered = |who: &Principal| {
        let page = instance.app().ticket(&who.permit(Act::SeeTickets, customer).unwrap(), 1).unwrap();
        let found = instance.app().followable(&who.permit(Act::Reply, customer).unwrap(), &page).unwrap();
        let people: Vec<Role> = found.people.iter().map(|person| person.role).collect();
        (people, found.following.len())
    };
    let (people, following) = offered(&technician);
    assert!(people.contains(&Role::CustomerUser) && !people.contains(&Role::ProviderAuditor), "{people:?}");
    assert_eq!(
        following, 1,
        "the customer's auditor follows of their own will: not the provider's to take off"
    );
    // Who does not read the list of people writes an address; nor is it theirs to take either auditor off.
    assert_eq!(offered(&claire), (Vec::new(), 0));
    let manager = instance.someone(Role::CustomerManager, customer);
    let (people, _) = offered(&manager);
    assert!(people.iter().all(|role| role.side() == app::Side::Customer) && !people.is_empty(), "{people:?}");

    // Whoever may read it no more is told of it no more, though they never ceased to follow it.
    let director = instance.permit(Role::CustomerDirector, Act::ManagePeople, customer);
    let lines =
        instance.app().people(&instance.permit(Role::CustomerDirector, Act::SeePeople, customer)).unwrap();
    let held =
        lines.iter().find(|line| line.email.as_deref() == Some(auditors[1].email.as_str())).unwrap().held;
    instance
        .app()
        .end_role(&director, &app::accounts::Proof::of_the_operator(), &instance.key(), &held.to_string())
        .unwrap();
    permit_step(&instance, &technician, customer, &StepCommand::Reply { body: "Toujours.".to_owned() });
    let told = letters(&instance);
    let told = to(&told);
    assert!(told.contains(&auditors[0].email.as_str()) && !told.contains(&auditors[1].email.as_str()));
    instance.finish();
}
