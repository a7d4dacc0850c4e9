//! The demonstration, prepared then read through the use cases.

use app::{Permit, Principal, Role};
use base::Money;
use base::id::CustomerId;
use engines::change::{Outcome, Stage};
use engines::duties::DutyState;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use store::ticket::{Filter, State};

use super::*;

/// One test, since preparing takes seconds and some runners give each test its own process.
#[test]
fn the_demonstration_tells_the_year_of_contract_a() {
    let dir = std::env::temp_dir().join(format!("regisseur-demo-test-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    prepare(&dir, "127.0.0.1:8080", |_, _| ()).unwrap();
    let seen = Seen::at_start(&dir);
    the_year_is_there_and_its_journals_are_sound(&seen);
    each_dated_ticket_is_due_when_its_article_says(&seen);
    august_owes_the_penalty_of_article_25_and_no_other_month_any(&seen);
    another_text_would_have_moved_the_money_of_august(&seen);
    two_of_the_five_calls_of_2_november_are_covered_and_three_billed(&seen);
    the_desk_holds_one_late_one_within_the_hour_and_two_waiting(&seen);
    the_subcontractor_reads_the_tickets_about_the_backup_alone(&seen);
    contract_b_counts_its_outages_and_its_calls(&seen);
    september_bills_contract_b_the_time_that_was_approved(&seen);
    the_orders_of_contract_c_decide_its_tickets(&seen);
    duties_were_done_but_those_of_the_last_fortnight(&seen);
    what_is_known_is_written_down(&seen);
    levels_have_their_people_and_were_told_when_they_came(&seen);
    drop(seen);
    the_clock_goes_on_after_what_a_visitor_did(&dir);
    fs::remove_dir_all(&dir).unwrap();
}

/// Six articles over the three contracts: one internal, one to be read again.
fn what_is_known_is_written_down(seen: &Seen) {
    let (mut all, mut internal, mut late) = (0, 0, 0);
    for of in Of::ALL {
        let customer = seen.app.find_customer(of.slug()).unwrap();
        let permit = seen.who.permit(Right::SeeKnowledge, customer).unwrap();
        let (lines, _) = seen.app.articles(&permit, &app::knowledge::Filter::default(), None, 50).unwrap();
        all += lines.len();
        internal += lines.iter().filter(|l| l.article.audience == events::Audience::Internal).count();
        late += seen.app.freshness(&permit).unwrap().unwrap().overdue;
    }
    assert_eq!((all, internal, late), (6, 1, 1));
}

/// Two people on each level of the three contracts; whoever looks at the demonstration's late ticket reads
/// when each level came, and whom it told.
fn levels_have_their_people_and_were_told_when_they_came(seen: &Seen) {
    for of in Of::ALL {
        let customer = seen.app.find_customer(of.slug()).unwrap();
        let levels = seen.app.levels(&seen.who.permit(Right::SeeContract, customer).unwrap()).unwrap();
        let people: Vec<usize> = levels.iter().map(|line| line.people.len()).collect();
        assert_eq!(people, [2, 2], "{}", of.slug());
    }
    let mut told = 0;
    for ticket in seen.tickets() {
        let page = seen.app.ticket(&seen.permit(Right::SeeTickets), ticket.number).unwrap();
        for level in page.levels {
            let Some(step) = level.told else { continue };
            let came = level.level.value.at.unwrap();
            assert_eq!(step.at, came, "ticket {}: told when it came", ticket.number);
            told += 1;
        }
    }
    assert!((20..=60).contains(&told), "{told} levels told in the year");
}

struct Seen {
    app: App,
    who: Principal,
    customer: CustomerId,
}

impl Seen {
    /// On the morning the demonstration begins.
    fn at_start(dir: &Path) -> Seen {
        let card = Card::read(dir).unwrap().unwrap();
        let settings = Settings {
            host: HOST.to_owned(),
            clock: Arc::new(Set::at(start())),
            entropy: Arc::new(app::entropy::Os),
        };
        let app = App::inspect(dir, settings).unwrap().with_optional_second_factor();
        let who = app.bearer(card.token(Role::ServiceManager).unwrap()).unwrap();
        let customer = app.find_customer(Of::Garonne.slug()).unwrap();
        Seen { app, who, customer }
    }

    fn permit(&self, right: Right) -> Permit {
        self.who.permit(right, self.customer).unwrap()
    }

    fn tickets(&self) -> Vec<store::ticket::Ticket> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let (page, next) =
                self.app.tickets(&self.permit(Right::SeeTickets), &Filter::default(), before, 100).unwrap();
            all.extend(page.into_iter().map(|s| s.ticket));
            match next {
                Some(n) => before = Some(n),
                None => return all,
            }
        }
    }
}

fn the_year_is_there_and_its_journals_are_sound(seen: &Seen) {
    let tickets = seen.tickets();
    assert!((300..=400).contains(&tickets.len()), "{} tickets", tickets.len());
    let after = start().as_microsecond();
    assert!(tickets.iter().all(|t| t.updated < after), "nothing happens after the demonstration begins");
    assert!(tickets.iter().any(|t| t.coverage == "shared"));
    assert!(tickets.iter().any(|t| t.admission == "priced"), "a fifth visit in a month");
    assert!(tickets.iter().any(|t| t.admission == "needs_quote"));
    for log in seen.app.verify_journals(None).unwrap() {
        assert!(log.sound, "{}", log.line(base::Lang::En));
    }
}

fn each_dated_ticket_is_due_when_its_article_says(seen: &Seen) {
    let tickets = seen.tickets();
    let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    let shown = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string();
    let mut due = Vec::new();
    for ticket in tickets.iter().rev() {
        let opened = shown(Timestamp::from_microsecond(ticket.opened).unwrap());
        let page = seen.app.ticket(&seen.permit(Right::SeeTickets), ticket.number).unwrap();
        for clock in &page.clocks {
            let wanted = match (opened.as_str(), ticket.priority.as_str()) {
                ("04-02 17:00" | "07-10 17:00" | "10-23 17:00", "P2") | ("04-30 17:30", "P1") => "respond",
                ("05-13 16:00" | "06-12 17:00" | "08-17 09:00", "P1") => "restore",
                _ => continue,
            };
            if clock.value.promise.key() == wanted {
                due.push(format!("{opened} -> {}", shown(clock.value.due.unwrap())));
            }
        }
    }
    assert_eq!(
        due,
        [
            "04-02 17:00 -> 04-07 10:00", // SLA-014, Strasbourg
            "04-02 17:00 -> 04-03 10:00", // SLA-015, Toulouse
            "04-30 17:30 -> 05-04 09:30", // SLA-010
            "05-13 16:00 -> 05-18 11:00", // SLA-013
            "06-12 17:00 -> 06-15 12:00", // SLA-049
            "07-10 17:00 -> 07-15 10:00", // SLA-055
            "08-17 09:00 -> 08-17 14:30",
            "10-23 17:00 -> 10-26 10:00", // SLA-022
        ]
    );
}

fn august_owes_the_penalty_of_article_25_and_no_other_month_any(seen: &Seen) {
    let money = seen.app.money(&seen.permit(Right::SeeMoney), None).unwrap();
    let closed: Vec<(&str, i64)> =
        money.closed.iter().map(|c| (c.figures.month.as_str(), c.figures.penalty.cents)).collect();
    assert_eq!(
        closed,
        [
            ("2026-03", 0),
            ("2026-04", 0),
            ("2026-05", 0),
            ("2026-06", 0),
            ("2026-07", 0),
            ("2026-08", 23_000),
            ("2026-09", 0),
        ]
    );
    assert_eq!(money.next_to_close, Some(date(2026, 10, 1)), "October is left to whoever visits");
    let august = seen.app.statement(&seen.permit(Right::SeeMoney), None, date(2026, 8, 1)).unwrap();
    let [late, down] = &august.statement.value.penalties[..] else { panic!("two penalties in August") };
    assert_eq!((late.value.late_seconds, late.value.steps), (12_000, 4), "3 h 20, four hours begun");
    assert_eq!((late.value.amount, down.value.amount), (Money::eur(18_400), Money::eur(6900)), "M-10, M-11");
    let august = &august.statement.value;
    assert_eq!((august.penalty_total, august.waived), (Money::eur(25_300), Money::eur(2300)), "M-12");
    assert_eq!(august.left_to_pay, Money::eur(253_000), "2 760.00 less 230.00");
    let march = seen.app.statement(&seen.permit(Right::SeeMoney), None, date(2026, 3, 1)).unwrap();
    let [suspended, down] = &march.statement.value.penalties[..] else { panic!("a late P1 and an outage") };
    assert_eq!(down.value.suspended.as_deref(), Some("intégration"), "AV-05");
    assert_eq!(suspended.value.suspended.as_deref(), Some("intégration"));
}

fn another_text_would_have_moved_the_money_of_august(seen: &Seen) {
    let signed = include_str!("../../../../contracts/ateliers-garonne.md");
    let august = date(2026, 8, 1);
    let read = |text: &str| {
        let compiled = contract::compile("essai.md", text);
        assert!(!compiled.diagnostics.iter().any(|d| d.is_error() && !d.code.starts_with("E-EXAMPLE")));
        compiled
    };
    let money = |text: &str| {
        seen.app.what_if_month(&seen.permit(Right::SeeMoney), None, &read(text), august).unwrap()
    };
    let tickets = |text: &str| {
        seen.app.what_if_tickets(&seen.permit(Right::SeeMoney), None, &read(text), august).unwrap()
    };
    let same = money(signed);
    assert!(same.is_empty(), "{same:#?}");
    assert_eq!(same.before.left_to_pay, Money::eur(253_000));
    assert_eq!(tickets(signed), []);

    // P1 restored in two hours rather than four: due at 11:00, so 5 h 20 late, six hours begun.
    let p1 = "when = { priority = [\"P1\"] }\nthen = { within = ";
    let hasty = signed.replace(&format!("{p1}\"240 min\""), &format!("{p1}\"120 min\""));
    assert_ne!(hasty, signed);
    let moved = money(&hasty);
    let [late, down] = &moved.penalties[..] else { panic!("{:#?}", moved.penalties) };
    let steps = |side: &Option<base::Because<_>>| -> (u32, i64) {
        let line: &engines::billing::PenaltyLine = &side.as_ref().unwrap().value;
        (line.steps, line.amount.cents)
    };
    assert_eq!((steps(&late.before), steps(&late.after)), ((4, 18_400), (6, 27_600)));
    // Alone it passes the cap of 230.00, so the availability missed is measured and costs no more.
    let due =
        |side: &Option<base::Because<engines::billing::PenaltyLine>>| side.as_ref().unwrap().value.payable;
    assert_eq!((due(&down.before), due(&down.after)), (Money::eur(4_600), Money::eur(0)));
    assert_eq!(moved.after.left_to_pay, Money::eur(253_000));
    let changed = tickets(&hasty);
    assert!(changed.iter().any(|t| t.promises.iter().any(|p| {
        p.after.as_ref().is_some_and(|after| after.late_seconds == 19_200)
            && p.before.as_ref().is_some_and(|before| before.late_seconds == 12_000)
    })));
}

fn two_of_the_five_calls_of_2_november_are_covered_and_three_billed(seen: &Seen) {
    let acts = acts(&hours().unwrap());
    let monday = hours().unwrap().at(date(2026, 11, 2).at(0, 0, 0, 0));
    let calls = |before: Timestamp| {
        acts.iter()
            .filter(|a| {
                a.of == Of::Garonne
                    && a.at < before
                    && matches!(a.what, super::super::plan::What::Call { .. })
            })
            .count()
    };
    assert_eq!((calls(monday), calls(start())), (118, 123));
    let money = seen.app.money(&seen.permit(Right::SeeMoney), None).unwrap();
    let [meter] = &money.meters[..] else { panic!("one meter") };
    assert_eq!((meter.value.used, meter.value.left, meter.value.beyond), (120, 0, 3));
    assert_eq!(meter.value.billed, Money::eur(7_200));
}

fn the_desk_holds_one_late_one_within_the_hour_and_two_waiting(seen: &Seen) {
    let open: Vec<_> = seen.tickets().into_iter().filter(|t| t.state != State::Resolved).collect();
    let now = start().as_microsecond();
    let within =
        |from: i64, to: i64| open.iter().filter(|t| t.due.is_some_and(|due| from <= due && due < to)).count();
    assert_eq!(within(i64::MIN, now), 1, "one late");
    assert_eq!(
        within(now, now + SignedDuration::from_hours(1).as_micros() as i64),
        1,
        "one due within the hour"
    );
    let count = |state: State| open.iter().filter(|t| t.state == state).count();
    assert_eq!((count(State::Paused), count(State::Restored), open.len()), (2, 1, 11));
}

/// One of them open: the copy that is late.
fn the_subcontractor_reads_the_tickets_about_the_backup_alone(seen: &Seen) {
    let who = seen.app.person_of("remi.vanhove@coffre-bleu.example").unwrap();
    let permit = who.permit(Right::SeeTickets, seen.customer).unwrap();
    assert!(seen.app.undertakings_owed(&permit).unwrap().is_empty());
    let (read, _) = seen.app.tickets(&permit, &Filter::default(), None, 100).unwrap();
    assert!(read.iter().all(|s| s.ticket.item_class.as_deref() == Some("backup")), "no other element");
    assert_eq!(read.iter().filter(|s| s.ticket.state != State::Resolved).count(), 1);
}

/// The Sunday's half hour is inside the window, and Tuesday's twenty minutes count (AV-04); four calls
/// take 135 minutes of the quarter's thirty hours (M-21).
fn contract_b_counts_its_outages_and_its_calls(seen: &Seen) {
    let customer = seen.app.find_customer(Of::Lumen.slug()).unwrap();
    let permit = |right: Right| seen.who.permit(right, customer).unwrap();
    let services = seen.app.services(&permit(Right::SeeServices), None, Some(date(2026, 10, 1))).unwrap();
    let month = services.measures.iter().find(|m| m.result.value.clause == "dispo-mensuelle").unwrap();
    let result = &month.result.value;
    // October has 745 hours; the whole announced window, four hours, leaves both sides.
    let seconds = base::fraction::Fraction::from_integer;
    assert_eq!((result.agreed, result.lost), (seconds(741 * 3600), seconds(1200)));
    let money = seen.app.money(&permit(Right::SeeMoney), None).unwrap();
    let [meter] = &money.meters[..] else { panic!("one meter") };
    assert_eq!((meter.value.used, meter.value.left), (135, 1665));
    let closed: Vec<&str> = money.closed.iter().map(|c| c.figures.month.as_str()).collect();
    assert_eq!(closed, ["2026-09"], "October is left to whoever visits");
    let tickets = seen.app.tickets(&permit(Right::SeeTickets), &Filter::default(), None, 100).unwrap().0;
    assert_eq!(tickets.len(), 42);
    assert_eq!(tickets.iter().filter(|t| t.ticket.state != State::Resolved).count(), 9);
    // The last one is the preventive maintenance of the quarter, whose proof is left to give.
    let preventive = tickets.iter().find(|t| t.ticket.kind == "preventive").unwrap();
    let page = seen.app.ticket(&permit(Right::SeeTickets), preventive.ticket.number).unwrap();
    let owed = page.duty.expect("it does a duty").occurrence.expect("one is owed").value;
    assert_eq!((owed.on, owed.ticket), (Some(date(2026, 11, 30)), Some(preventive.ticket.number)));
    // Two of them are evolutions: one delivered in October, in its second verification, one to be ordered.
    let mut evolutions = tickets.iter().filter(|t| t.ticket.kind == "evolutive").map(|t| {
        let page = seen.app.ticket(&permit(Right::SeeTickets), t.ticket.number).unwrap();
        page.delivery.expect("a delivery").standing.stage.key()
    });
    assert_eq!([evolutions.next(), evolutions.next()], [Some("estimated"), Some("accepting")]);
    // Two are changes: one agreed to for its Sunday night, one done before it was agreed to.
    let [urgent, to_come] = [33, 35].map(|number| {
        seen.app.ticket(&permit(Right::SeeTickets), number).unwrap().change.expect("a change").standing.stage
    });
    assert_eq!((urgent, to_come), (Stage::Ended(Outcome::Succeeded), Stage::Approved));
    let [board] = &seen.app.on_call(&permit(Right::SeeRoster)).unwrap()[..] else { panic!("one roster") };
    assert_eq!((board.now.len(), board.to_come.len()), (1, 8));
}

/// 2 h 30 and 2 h of a developer at 590.00 for seven hours, each to the cent, within the 900.00 agreed to.
fn september_bills_contract_b_the_time_that_was_approved(seen: &Seen) {
    let customer = seen.app.find_customer(Of::Lumen.slug()).unwrap();
    let permit = |right: Right| seen.who.permit(right, customer).unwrap();
    let september = seen.app.statement(&permit(Right::SeeMoney), None, date(2026, 9, 1)).unwrap();
    let lines = &september.statement.value.lines;
    let line = lines.iter().find(|line| line.value.clause == "tarif-developpeur").unwrap();
    assert_eq!(line.value.net, Money::eur(37_928));
    assert!(line.cited().iter().any(|from| from.label == "op-raccordement"), "{line:#?}");
    let [number] = &line.value.tickets[..] else { panic!("one ticket") };
    let page = seen.app.ticket(&permit(Right::SeeTickets), number.parse().unwrap()).unwrap();
    assert_eq!((page.maximum, page.time_minutes), (Some(Money::eur(90_000)), 270));
}

/// An overarching contract and two orders: a P1 out of hours, and an island whose hours meet Paris's.
fn the_orders_of_contract_c_decide_its_tickets(seen: &Seen) {
    let customer = seen.app.find_customer(Of::Mutuelle.slug()).unwrap();
    let permit = |right: Right| seen.who.permit(right, customer).unwrap();
    let tickets = seen.app.tickets(&permit(Right::SeeTickets), &Filter::default(), None, 100).unwrap().0;
    assert_eq!(tickets.len(), 26);
    assert_eq!(tickets.iter().filter(|t| t.ticket.state != State::Resolved).count(), 2);
    let due = |local: &str, zone: &str| {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let at = |t: Timestamp| t.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string();
        let opened = |t: i64| at(Timestamp::from_microsecond(t).unwrap());
        let row = tickets.iter().find(|t| opened(t.ticket.opened) == local).unwrap();
        let page = seen.app.ticket(&permit(Right::SeeTickets), row.ticket.number).unwrap();
        let clock = page.clocks.iter().find(|c| c.value.promise.key() == "respond").unwrap();
        at(clock.value.due.unwrap())
    };
    assert_eq!(due("10-13 22:40", "Europe/Paris"), "10-13 23:10", "SLA-039");
    assert_eq!(due("10-15 17:00", "Europe/Paris"), "10-16 10:00");
    assert_eq!(due("10-23 10:00", "Indian/Reunion"), "10-23 15:00", "SLA-048");
    assert_eq!(due("10-26 10:00", "Indian/Reunion"), "10-26 16:00", "SLA-047");
}

fn duties_were_done_but_those_of_the_last_fortnight(seen: &Seen) {
    // Contract C began on 1 October: nothing of its orders was due before the last fortnight.
    for (of, number, done, late) in [
        (Of::Garonne, "CTR-2026-001", 27, 1),
        (Of::Lumen, "CTR-2026-002", 7, 4),
        (Of::Mutuelle, "CTR-2026-003-P", 0, 3),
    ] {
        let customer = seen.app.find_customer(of.slug()).unwrap();
        let permit = seen.who.permit(Right::SeeContract, customer).unwrap();
        let life = seen.app.life(&permit, Some(number)).unwrap();
        let count =
            |test: fn(&DutyState) -> bool| life.duties.iter().filter(|d| test(&d.value.state)).count();
        let counted = (count(|s| matches!(s, DutyState::Done { .. })), count(DutyState::is_late));
        assert_eq!(counted, (done, late), "{number}");
        let left = date(2026, 10, 20);
        let late = life.duties.iter().map(|d| &d.value).filter(|d| d.state.is_late());
        assert!(late.into_iter().all(|d| d.on.is_some_and(|on| on >= left)), "{number}");
    }
}

fn the_clock_goes_on_after_what_a_visitor_did(dir: &Path) {
    let card = Card::read(dir).unwrap().unwrap();
    let (app, clock) = super::super::open(dir).unwrap();
    assert_eq!(super::super::resume_at(&app, &card).unwrap(), start(), "nothing is in the future");
    clock.start_at(start() + SignedDuration::from_mins(30));
    let who = app.bearer(card.token(Role::Technician).unwrap()).unwrap();
    let permit = who.permit(Right::RecordCall, app.find_customer(Of::Garonne.slug()).unwrap()).unwrap();
    let call = app::call::RecordCall { minutes: 5, ticket: None, contract: None, at: None };
    let key = app::ticket::IdempotencyKey::parse("visit").unwrap();
    let recorded = app.record_call(&permit, &key, &call).unwrap();
    assert_eq!((recorded.covered, recorded.price), (false, Some(Money::eur(2_400))), "the pack is empty");
    drop(app);
    let (app, _) = super::super::open(dir).unwrap();
    assert!(super::super::resume_at(&app, &card).unwrap() >= start() + SignedDuration::from_mins(30));
}

#[test]
fn a_folder_with_other_data_is_left_alone_and_a_half_prepared_one_is_taken_again() {
    let dir = std::env::temp_dir().join(format!("regisseur-demo-half-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    drop(App::open(&dir, Settings::real(HOST)).unwrap());
    assert_eq!(clear(&dir).unwrap_err().code, "data");
    assert!(dir.join("instance.db").is_file());
    fs::write(dir.join(UNFINISHED), "").unwrap();
    clear(&dir).unwrap();
    assert!(!dir.join("instance.db").exists() && !dir.join("keys").exists());
    fs::remove_dir_all(&dir).unwrap();
}
