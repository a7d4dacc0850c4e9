//! What a subcontractor's technician spends on the tickets about its items: its own, without what it is worth.

use app::access::Items;
use app::accounts::roles::NewRole;
use app::mail::Notice;
use app::ticket::StepCommand;
use app::time::{Entered, Settling, TellTime};
use app::{Act, AppError, Permit, Principal, Role};
use base::id::CustomerId;
use events::{PaidBy, WeekState, WorkKind};
use jiff::civil::{Date, date};

use super::{Ground, absent, ground, items};

const WEEK: Date = date(2026, 6, 15);

/// The same technician, under the subcontract of the contract.
fn subcontracted(g: &Ground) -> Principal {
    let about = Items { subcontract: Some("coffre-bleu".to_owned()), ..items(&["srv-erp"]) };
    let (account, role) = (g.who.account, Role::ThirdPartyTechnician);
    g.instance
        .app()
        .assign(&NewRole { account, role, customer: Some(g.customer), contract: None, about })
        .unwrap();
    g.instance.app().principal(account).unwrap()
}

/// The same, without the role that the customer gave.
fn only_subcontracted(g: &Ground) -> Principal {
    g.instance.app().unassign(g.who.assignments[0].id).unwrap();
    subcontracted(g)
}

fn spent(minutes: u32) -> TellTime {
    TellTime {
        minutes,
        started: None,
        kind: WorkKind::Remote,
        hours: None,
        profile: None,
        comment: Some("Nappe changée".to_owned()),
    }
}

fn enter(g: &Ground, permit: &Permit, number: u64, told: &TellTime) -> Result<Entered, AppError> {
    g.instance.app().enter_time(permit, &g.instance.key(), number, told)
}

/// The minutes of each entry that somebody reads on the ticket, and the total.
fn read(g: &Ground, see: &Permit) -> (Vec<u32>, u32) {
    let page = g.instance.app().ticket(see, g.mine).unwrap();
    (page.time.iter().map(|line| line.time.minutes).collect(), page.time_minutes)
}

#[test]
fn a_subcontractor_enters_reads_and_corrects_its_own_time_which_counts_as_the_providers() {
    let g = ground(67);
    let (app, instance) = (g.instance.app(), &g.instance);
    assert!(absent(g.who.permit(Act::EnterTime, g.customer)), "a third party of the customer's own");
    assert!(absent(g.who.permit_instance(Act::EnterTime)) && !g.who.may(Act::EnterTime));
    let who = subcontracted(&g);
    let (may, see) =
        (who.permit(Act::EnterTime, g.customer).unwrap(), who.permit(Act::SeeTickets, g.customer).unwrap());
    assert!(absent(who.permit(Act::EnterTime, g.neighbour)));
    instance.at("2026-06-17T11:00");
    let staff = instance.permit(Role::Technician, Act::EnterTime, g.customer);
    let theirs = enter(&g, &staff, g.mine, &spent(45)).unwrap();
    let rate = TellTime { profile: Some("engineer".to_owned()), ..spent(30) };
    assert!(matches!(enter(&g, &may, g.mine, &rate), Err(AppError::Invalid(i)) if i.field == "profile"));
    let mine = enter(&g, &may, g.mine, &spent(30)).unwrap();
    assert_eq!((mine.counted, mine.worth, mine.paid_by, mine.reasons.len()), (30, None, PaidBy::Fee, 0));
    assert!(!theirs.reasons.is_empty(), "the provider is told who pays");
    assert!(g.others.iter().all(|number| absent(enter(&g, &may, *number, &spent(30)))));

    assert_eq!(read(&g, &see), (vec![30], 30));
    let provider = instance.permit(Role::ServiceManager, Act::SeeTickets, g.customer);
    assert_eq!(read(&g, &provider), (vec![45, 30], 75));
    assert!(read(&g, &g.may(Act::SeeTickets)).0 == [30], "it is its own, whatever its roles");

    let correct = |entry| app.correct_time(&may, &instance.key(), (g.mine, entry), &spent(20), "Erreur");
    assert!(absent(correct(theirs.entry)));
    correct(mine.entry).unwrap();
    assert_eq!(read(&g, &see), (vec![20], 20));

    // Correcting it again takes away no profile that the provider gave it.
    let approver = instance.permit(Role::ServiceManager, Act::EnterTime, g.customer);
    let rated = TellTime { profile: Some("engineer".to_owned()), ..spent(20) };
    app.correct_time(&approver, &instance.key(), (g.mine, mine.entry), &rated, "Profil").unwrap();
    correct(mine.entry).unwrap();
    let page = app.ticket(&provider, g.mine).unwrap();
    let line = page.time.iter().find(|line| line.time.entry == mine.entry).unwrap();
    assert_eq!((line.time.profile.as_deref(), line.time.worth.is_some()), (Some("engineer"), true));
    assert_eq!(app.ticket(&see, g.mine).unwrap().time[0].time.profile, None);

    // Its week is its own to submit, and the provider's to approve.
    let sheets = who.permit_instance(Act::EnterTime).unwrap();
    let sheet = app.week(&sheets, None, WEEK).unwrap();
    let [line] = &sheet.lines[..] else { panic!("one line") };
    assert_eq!((line.time.minutes, line.time.worth, line.profiles.len()), (20, None, 0));
    assert!(sheet.people.is_empty() && !sheet.settles);
    assert!(absent(app.week(&sheets, Some(staff.by().account), WEEK)));
    app.submit_week(&sheets, WEEK).unwrap();
    assert!(absent(who.permit_instance(Act::ApproveTime)));
    let manager = instance.staff(Role::ServiceManager);
    let approve = manager.permit_instance(Act::ApproveTime).unwrap();
    // Given back, it is told why.
    app.settle_week(&approve, who.account, WEEK, Settling::Return(Some("Le trajet manque"))).unwrap();
    app.pump().unwrap();
    let lines = app.notifications(&who, true, None, 50).unwrap().lines;
    let told: Vec<_> = lines.iter().filter(|l| l.week == Some(WEEK)).map(|l| l.title.as_deref()).collect();
    assert_eq!(told, [Some("Le trajet manque")]);
    app.submit_week(&sheets, WEEK).unwrap();
    app.settle_week(&approve, who.account, WEEK, Settling::Approve).unwrap();
    let after = enter(&g, &may, g.mine, &spent(10));
    assert!(matches!(after, Err(AppError::Refused(refusal)) if refusal.code == "time.approved"));
}

/// An amendment ends the subcontract in force since that day.
fn end_subcontract(g: &Ground, customer: CustomerId, day: &str) {
    let ended = format!(
        "+++\namends = \"CTR-2026-001\"\neffective = {day}\nsigned = {day}\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n\
         # Avenant n° 1\n\n## Article 1 – Fin de la sous-traitance\n\n```toml clause\nend = \"sous-traitance\"\n```\n"
    );
    g.instance.sign(customer, "contracts/avenant.md", &ended).unwrap();
}

/// The technician under the subcontract of both customers, and its ticket at the neighbour.
fn of_both(g: &Ground) -> Principal {
    let who = subcontracted(g);
    let about = Items { subcontract: Some("coffre-bleu".to_owned()), ..items(&["srv-erp"]) };
    let (account, customer) = (who.account, Some(g.neighbour));
    let role = NewRole { account, role: Role::ThirdPartyTechnician, customer, contract: None, about };
    g.instance.app().assign(&role).unwrap();
    let who = g.instance.app().principal(account).unwrap();
    g.instance.undertake(&who, g.neighbour);
    who
}

#[test]
fn time_spent_before_a_subcontract_ended_is_approved_without_being_submitted() {
    let g = ground(68);
    let (app, instance) = (g.instance.app(), &g.instance);
    let who = subcontracted(&g);
    instance.at("2026-06-17T11:00");
    enter(&g, &who.permit(Act::EnterTime, g.customer).unwrap(), g.mine, &spent(30)).unwrap();
    let manager = instance.staff(Role::ServiceManager);
    let approve = manager.permit_instance(Act::ApproveTime).unwrap();
    let reads = manager.permit_instance(Act::EnterTime).unwrap();
    let settle = || app.settle_week(&approve, who.account, WEEK, Settling::Approve);
    assert!(matches!(settle(), Err(AppError::Refused(r)) if r.code == "time.unsubmitted"), "they still may");
    assert!(!app.week(&reads, Some(who.account), WEEK).unwrap().settles);

    instance.at("2026-06-18T09:00");
    end_subcontract(&g, g.customer, "2026-06-18");
    let after = app.principal(who.account).unwrap();
    assert!(absent(after.permit_instance(Act::EnterTime)), "nobody submits it any more");
    assert!(app.week(&reads, Some(who.account), WEEK).unwrap().settles);
    settle().unwrap();
    let sheet = app.week(&reads, Some(who.account), WEEK).unwrap();
    assert_eq!((sheet.state, sheet.lines.len()), (Some(WeekState::Approved), 1));
}

#[test]
fn a_week_given_back_is_told_once_where_its_person_still_reads_it() {
    for (seed, first) in [(69, true), (70, false)] {
        let g = ground(seed);
        let (app, instance) = (g.instance.app(), &g.instance);
        let who = of_both(&g);
        instance.at("2026-06-17T11:00");
        for (customer, number) in [(g.customer, g.mine), (g.neighbour, 1)] {
            let may = who.permit(Act::EnterTime, customer).unwrap();
            enter(&g, &may, number, &spent(30)).unwrap();
        }
        app.submit_week(&who.permit_instance(Act::EnterTime).unwrap(), WEEK).unwrap();
        instance.at("2026-06-18T09:00");
        end_subcontract(&g, if first { g.customer } else { g.neighbour }, "2026-06-18");
        let approve = instance.staff(Role::ServiceManager).permit_instance(Act::ApproveTime).unwrap();
        app.settle_week(&approve, who.account, WEEK, Settling::Return(Some("Le trajet manque"))).unwrap();
        app.pump().unwrap();
        let who = app.principal(who.account).unwrap();
        let lines = app.notifications(&who, true, None, 50).unwrap().lines;
        let told: Vec<_> =
            lines.iter().filter(|l| l.week == Some(WEEK)).map(|l| l.title.as_deref()).collect();
        assert_eq!(told, [Some("Le trajet manque")], "the first ended: {first}");
    }
}

#[test]
fn a_timer_left_where_the_role_has_ended_holds_no_other_back() {
    let g = ground(71);
    let (app, instance) = (g.instance.app(), &g.instance);
    let who = of_both(&g);
    instance.at("2026-06-17T11:00");
    app.start_timer(&who.permit(Act::EnterTime, g.customer).unwrap(), g.mine).unwrap();
    let elsewhere = who.permit(Act::EnterTime, g.neighbour).unwrap();
    let held = app.start_timer(&elsewhere, 1);
    assert!(matches!(held, Err(AppError::Refused(r)) if r.code == "time.running"), "it runs where they may");
    instance.at("2026-06-18T09:00");
    end_subcontract(&g, g.customer, "2026-06-18");
    let who = app.principal(who.account).unwrap();
    app.start_timer(&who.permit(Act::EnterTime, g.neighbour).unwrap(), 1).unwrap();
    assert_eq!(app.timer(&who).unwrap().map(|t| (t.customer, t.ticket)), Some((g.neighbour, 1)));
}

#[test]
fn those_who_hand_tickets_out_are_told_once_the_role_of_their_technician_has_ended() {
    let g = ground(72);
    let (app, instance) = (g.instance.app(), &g.instance);
    let who = only_subcontracted(&g);
    let by = instance.permit(Role::ServiceManager, Act::AssignTicket, g.customer);
    let assign = StepCommand::Assign { to: who.account };
    app.step_ticket(&by, &instance.key(), g.mine, &assign, None).unwrap();
    let manager = instance.staff(Role::ServiceManager);
    instance.undertake(&manager, g.customer);
    let told = || {
        app.pump().unwrap();
        let lines = app.notifications(&manager, true, None, 50).unwrap().lines;
        lines.iter().filter(|l| l.notice == Notice::Replied).count()
    };
    let reply = || {
        let may = instance.permit(Role::CustomerUser, Act::Reply, g.customer);
        let said = StepCommand::Reply { body: "Toujours en panne".to_owned() };
        app.step_ticket(&may, &instance.key(), g.mine, &said, None).unwrap();
    };
    reply();
    assert_eq!(told(), 0, "the technician is");
    instance.at("2026-06-18T09:00");
    end_subcontract(&g, g.customer, "2026-06-18");
    reply();
    assert_eq!(told(), 1);
}

/// What a role reaches is read in the vault: for a moment nothing is known of it, and nothing told is lost.
#[test]
fn a_vault_that_cannot_be_read_takes_no_notification_away() {
    let mut g = ground(73);
    let who = only_subcontracted(&g);
    let (app, instance) = (g.instance.app(), &g.instance);
    let by = instance.permit(Role::ServiceManager, Act::AssignTicket, g.customer);
    app.step_ticket(&by, &instance.key(), g.mine, &StepCommand::Assign { to: who.account }, None).unwrap();
    app.pump().unwrap();
    let told = |g: &Ground| {
        let who = g.instance.app().principal(who.account).unwrap();
        g.instance.app().notifications(&who, true, None, 50).unwrap().lines.len()
    };
    let all = told(&g);
    assert!(all > 0);

    let (file, aside) = (g.instance.vault_file("atelier"), g.instance.data().join("aside"));
    g.instance.close();
    std::fs::rename(&file, &aside).unwrap();
    std::fs::write(&file, "no database at all, for now").unwrap();
    g.instance.reopen(74);
    assert_eq!(told(&g), 0);
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(told(&g), all, "read again, and there still");
}
