//! Clocks of tickets: each policy, each kind of pause, the ledger and the reasons.

mod support;

use base::{Lang, Length};
use engines::calendar::ClockCache;
use engines::sla::{self, SlaError, SpanKind, Timeline, What};
use support::{amended, at, priority, shown, signed, terms, ticket, weekdays, why, with};
use terms::Promise::{Resolve, Respond, Restore};
use terms::commitment::{AmendmentPolicy, PriorityChangePolicy, ReopenPolicy, StartEvent};
use terms::{Calendar, Facts};

fn pause(reason: &str) -> What {
    What::Paused { reason: reason.to_owned() }
}

fn taken() -> What {
    What::TakenOver { actor: "alice".to_owned() }
}

const RESTORED: What = What::Restored { workaround: true };

#[test]
fn each_promise_has_its_own_clock_and_its_own_stop() {
    let history = signed(terms());
    let t = ticket(
        "2026-04-30T17:30",
        priority("P1"),
        vec![
            ("2026-05-04T09:30", taken()),
            ("2026-05-04T14:30", RESTORED),
            ("2026-05-07T18:00", What::Resolved),
        ],
    );
    let show = |now, promise| shown(&history, &t, now, promise);
    assert_eq!(
        show("2026-04-30T17:45", Respond),
        "[prise-en-charge] due 05-04 10:30, 15 counted, 105 left, late 0/0: Running"
    );
    assert_eq!(
        show("2026-05-20T09:00", Respond),
        "[prise-en-charge] due 05-04 10:30, 60 counted, - left, late 0/0: Met"
    );
    assert_eq!(
        show("2026-05-20T09:00", Restore),
        "[delai-p1] due 05-04 12:30, 270 counted, - left, late 30/120: Missed"
    );
    assert_eq!(
        show("2026-05-06T10:00", Resolve),
        "[resolution] due 05-08 18:00, 990 counted, 1290 left, late 0/0: Running"
    );
    assert!(show("2026-05-20T09:00", Resolve).ends_with("late 0/0: Met"));
}

#[test]
fn late_is_counted_on_the_clock_and_in_real_time() {
    let mut t24 = terms();
    t24.commitments[2].then.calendar = "24x7".to_owned();
    let history = signed(t24);
    let t = ticket("2026-03-06T22:10", priority("P1"), vec![("2026-03-07T05:30", RESTORED)]);
    // Four hours from 22:10, restored at 05:30: the 3 h 20 of M-10.
    assert_eq!(
        shown(&history, &t, "2026-03-09T09:00", Restore),
        "[delai-p1] due 03-07 02:10, 440 counted, - left, late 200/200: Missed"
    );
    let open = ticket("2026-03-06T17:00", priority("P1"), vec![]);
    let late = sla::late_on_clock(
        &signed(terms()),
        "v1",
        &open,
        Restore,
        at("2026-03-09T14:30"),
        &mut ClockCache::new(),
    );
    let late = late.unwrap().unwrap();
    assert_eq!((late.clock_seconds, late.wall_seconds), (60 * 60, 2 * 3600 + 1800));
}

#[test]
fn less_than_a_second_late_is_late() {
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![("2026-03-02T14:30:00.000001", RESTORED)]);
    assert_eq!(
        shown(&signed(terms()), &t, "2026-03-02T15:00", Restore),
        "[delai-p1] due 03-02 14:30, 240 counted, - left, late 1 s/1 s: Missed"
    );
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![("2026-03-02T14:30", RESTORED)]);
    assert!(shown(&signed(terms()), &t, "2026-03-02T15:00", Restore).ends_with("Met"));
}

#[test]
fn a_pause_stops_only_the_promises_its_clause_names() {
    let history = signed(terms());
    // Paused across the close and over the night: SLA-028.
    let t = ticket(
        "2026-03-02T09:00",
        priority("P1"),
        vec![("2026-03-02T10:00", pause("client")), ("2026-03-03T09:00", What::Resumed)],
    );
    let show = |now, promise| shown(&history, &t, now, promise);
    assert_eq!(show("2026-03-02T16:00", Restore), "[delai-p1] due -, 60 counted, 180 left, late 0/0: Paused");
    assert_eq!(
        show("2026-03-04T09:00", Restore),
        "[delai-p1] due 03-03 12:00, 510 counted, 0 left, late 270/1260: Late"
    );
    assert_eq!(
        show("2026-03-02T10:30", Respond),
        "[prise-en-charge] due 03-02 11:00, 90 counted, 30 left, late 0/0: Running"
    );
    // A close in the pause does not count: Monday's is the receipt day's, so nothing moves here.
    assert!(show("2026-03-04T09:00", Resolve).starts_with("[resolution] due 03-09 18:00"));
    let over_two_closes = ticket(
        "2026-03-02T09:00",
        priority("P1"),
        vec![("2026-03-03T10:00", pause("client")), ("2026-03-05T09:00", What::Resumed)],
    );
    let resolve = shown(&history, &over_two_closes, "2026-03-05T10:00", Resolve);
    assert!(resolve.starts_with("[resolution] due 03-11 18:00"), "{resolve}");
}

#[test]
fn a_pause_ends_by_itself_or_is_replaced_and_an_unlisted_reason_stops_nothing() {
    let history = signed(terms());
    let show = |steps| {
        shown(&history, &ticket("2026-03-02T09:00", priority("P1"), steps), "2026-03-02T11:00", Restore)
    };
    assert_eq!(
        show(vec![("2026-03-02T10:00", pause("tiers"))]),
        "[delai-p1] due 03-02 16:30, 60 counted, 180 left, late 0/0: Paused"
    );
    assert_eq!(
        show(vec![("2026-03-02T09:30", pause("tiers")), ("2026-03-02T10:00", pause("client"))]),
        "[delai-p1] due -, 30 counted, 210 left, late 0/0: Paused"
    );
    assert_eq!(
        show(vec![("2026-03-02T10:00", pause("vacances"))]),
        "[delai-p1] due 03-02 14:30, 120 counted, 120 left, late 0/0: Running"
    );
}

#[test]
fn amendments_sla_049_and_050() {
    let t = ticket("2026-06-12T17:00", priority("P1"), vec![]);
    for (policy, due, counted) in [
        (AmendmentPolicy::FrozenAtOpen, "06-15 12:00", 60),
        (AmendmentPolicy::EffectiveDated, "06-15 11:00", 120),
    ] {
        let before = with(|c| c.on_amendment = policy);
        let mut later = before.clone();
        later.calendars[0].then = weekdays(&["08:00-20:00"], &[]);
        let history = amended(before, "2026-06-15", later);
        assert_eq!(
            shown(&history, &t, "2026-06-15T09:00", Restore),
            format!("[delai-p1] due {due}, {counted} counted, {} left, late 0/0: Running", 240 - counted)
        );
    }
}

#[test]
fn changes_of_priority_sla_061_and_062() {
    let t = ticket(
        "2026-03-02T09:00",
        priority("P3"),
        vec![("2026-03-02T11:00", What::FactsChanged(priority("P1")))],
    );
    let show =
        |policy| shown(&signed(with(|c| c.on_priority_change = policy)), &t, "2026-03-02T12:30", Restore);
    assert_eq!(
        show(PriorityChangePolicy::RetargetFromOpen),
        "[delai-p1] due 03-02 14:30, 210 counted, 30 left, late 0/0: Running"
    );
    assert_eq!(
        show(PriorityChangePolicy::RestartAtChange),
        "[delai-p1] due 03-02 16:30, 90 counted, 150 left, late 0/0: Running"
    );
    let before = shown(&signed(terms()), &t, "2026-03-02T10:59", Restore);
    assert!(before.starts_with("[delai-base] due 03-03 18:00"), "{before}");
}

#[test]
fn reopening_sla_038_and_its_other_readings() {
    let steps = vec![("2026-03-09T10:30", What::Resolved), ("2026-03-10T15:00", What::Reopened)];
    let t = ticket("2026-03-09T09:00", priority("P1"), steps);
    let show = |policy| shown(&signed(with(|c| c.on_reopen = policy)), &t, "2026-03-10T16:00", Restore);
    assert_eq!(
        show(ReopenPolicy::Resume),
        "[delai-p1] due 03-10 17:30, 150 counted, 90 left, late 0/0: Running"
    );
    assert_eq!(
        show(ReopenPolicy::CountThrough),
        "[delai-p1] due 03-09 14:30, 780 counted, 0 left, late 540/1530: Late"
    );
    let rounds = "[delai-p1] due 03-09 14:30, 90 counted, - left, late 0/0: Met\n\
                  [delai-p1] due 03-11 10:00, 60 counted, 180 left, late 0/0: Running";
    assert_eq!(show(ReopenPolicy::Restart), rounds);
    // The first act was made, and stays made.
    assert_eq!(shown(&signed(terms()), &t, "2026-03-10T16:00", Respond).lines().count(), 1);
}

#[test]
fn reopened_too_late_is_a_new_case() {
    // Five working days after Monday 9 March end on Monday 16 at 18:00.
    for (reopened, rounds) in [("2026-03-16T18:00", 1), ("2026-03-16T18:01", 2)] {
        let steps = vec![("2026-03-09T10:30", What::Resolved), (reopened, What::Reopened)];
        let t = ticket("2026-03-09T09:00", priority("P1"), steps);
        let lines = shown(&signed(terms()), &t, "2026-03-17T09:00", Restore);
        assert_eq!(lines.lines().count(), rounds, "{reopened}: {lines}");
    }
}

#[test]
fn a_clock_that_starts_when_taken_over() {
    let history = signed(with(|c| c.starts = StartEvent::TakenOver));
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![("2026-03-02T11:30", taken())]);
    assert_eq!(
        shown(&history, &t, "2026-03-02T11:00", Restore),
        "[delai-p1] due -, 0 counted, - left, late 0/0: NotStarted"
    );
    assert_eq!(
        shown(&history, &t, "2026-03-02T12:00", Restore),
        "[delai-p1] due 03-02 17:00, 30 counted, 210 left, late 0/0: Running"
    );
}

#[test]
fn days_and_months_run_from_date_to_date() {
    let history = signed(with(|c| c.within = Length::Days(10)));
    let t = ticket("2026-03-20T17:00", Facts::default(), vec![]);
    assert!(shown(&history, &t, "2026-03-21T09:00", Restore).starts_with("[delai-base] due 03-31 00:00"));
}

#[test]
fn the_ledger_is_whole_and_adds_up() {
    let history = signed(terms());
    let t = ticket(
        "2026-03-02T08:00",
        priority("P1"),
        vec![
            ("2026-03-02T12:00", pause("client")),
            ("2026-03-02T15:00", What::Resumed),
            ("2026-03-03T09:30", RESTORED),
            ("2026-03-03T10:00", What::Reopened),
        ],
    );
    let now = at("2026-03-03T12:00");
    let clocks = sla::clocks(&history, "v1", &t, now, &mut ClockCache::new()).unwrap();
    let clock = clocks.iter().map(|c| &c.value).find(|c| c.promise == Restore).unwrap();
    let told: Vec<String> = clock
        .ledger
        .iter()
        .map(|s| {
            let hm = |t: jiff::Timestamp| t.to_zoned(support::paris()).strftime("%H:%M").to_string();
            let kind = match &s.kind {
                SpanKind::Paused { reason } => format!("paused {reason}"),
                kind => format!("{kind:?}").to_lowercase(),
            };
            format!("{}-{} {kind}", hm(s.from), hm(s.to))
        })
        .collect();
    assert_eq!(
        told.join("\n"),
        "08:00-09:00 closed\n09:00-12:00 counted\n12:00-12:30 paused client\n12:30-14:00 closed\n\
         14:00-15:00 paused client\n15:00-16:00 counted\n16:00-18:00 overdue\n18:00-09:00 closed\n\
         09:00-09:30 overdue\n09:30-10:00 settled\n10:00-12:00 overdue"
    );
    assert_eq!((clock.ledger[0].from, clock.ledger.last().unwrap().to), (t.opened, now));
    assert!(clock.ledger.windows(2).all(|w| w[0].to == w[1].from));
    let counted: i64 = clock
        .ledger
        .iter()
        .filter(|s| matches!(s.kind, SpanKind::Counted | SpanKind::Overdue))
        .map(|s| s.to.as_second() - s.from.as_second())
        .sum();
    assert_eq!(counted, clock.elapsed_seconds);
}

#[test]
fn why_this_due_instant() {
    let history = signed(terms());
    let t = ticket(
        "2026-04-30T17:30",
        priority("P1"),
        vec![("2026-05-04T10:00", pause("client")), ("2026-05-04T11:00", What::Resumed)],
    );
    assert_eq!(
        why(&history, &t, "2026-05-04T11:30", Restore, Lang::Fr),
        "Ticket ouvert le jeudi 30 avril 2026 à 17 h 30, sous la version du contrat en vigueur depuis le 1er mars 2026.\n\
         Délai de rétablissement : quatre heures (P1), par exception à [delai-base]. (Article 7 [delai-p1])\n\
         Le temps se compte sur le calendrier [ho], fuseau Europe/Paris. (Article 5 [ho])\n\
         L'horloge part à la déclaration, le jeudi 30 avril 2026 à 17 h 30. (Article 7 [delai-p1])\n\
         Vendredi 1er mai 2026 : jour férié, service fermé. (Article 5 [ho])\n\
         Suspendue du lundi 4 mai 2026 à 10 h au lundi 4 mai 2026 à 11 h, « Attente du Client » : 1 h de service hors compte. (Article 9 [client])\n\
         Échéance : lundi 4 mai 2026 à 15 h = 30 min (jeu. 30 avr. 17:30 – 18:00) + 1 h (lun. 4 mai 09:00 – 10:00) + 1 h 30 (lun. 4 mai 11:00 – 12:30) + 1 h (lun. 4 mai 14:00 – 15:00). (Article 7 [delai-p1])\n\
         Au lundi 4 mai 2026 à 11 h 30 : 2 h au compteur, il reste 2 h. (Article 7 [delai-p1])"
    );
    let english = why(&history, &t, "2026-05-04T16:30", Restore, Lang::En);
    assert!(english.contains("Friday 1 May 2026: public holiday, closed. (Article 5 [ho])"), "{english}");
    assert!(
        english.ends_with("past due by 1 h 30 on this clock (1 h 30 of real time). (Article 7 [delai-p1])"),
        "{english}"
    );
}

#[test]
fn the_desk_gets_the_earliest_due_instant_without_reasons() {
    let history = signed(terms());
    let mut cache = ClockCache::new();
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![("2026-03-02T10:00", taken())]);
    let mut next = |now| sla::next_due(&history, "v1", &t, at(now), &mut cache).unwrap();
    assert_eq!(next("2026-03-02T09:30"), Some((Respond, at("2026-03-02T11:00"))));
    assert_eq!(next("2026-03-02T10:30"), Some((Restore, at("2026-03-02T14:30"))));
    let done = t.then(at("2026-03-02T12:00"), What::Resolved);
    assert_eq!(sla::next_due(&history, "v1", &done, at("2026-03-03T09:00"), &mut cache), Ok(None));
}

#[test]
fn terms_that_do_not_hold_together_are_named() {
    let t = ticket("2026-03-02T09:00", priority("P1"), vec![]);
    let ask = |terms, version| {
        sla::clocks(&signed(terms), version, &t, t.opened, &mut ClockCache::new()).unwrap_err()
    };
    assert_eq!(ask(terms(), "v9"), SlaError::UnknownVersion("v9".to_owned()));
    let nowhere = ask(with(|c| c.calendar = "nuit".to_owned()), "v1").to_string();
    assert!(nowhere.contains("[prise-en-charge]") && nowhere.contains("\"nuit\""), "{nowhere}");
    let mut lost = terms();
    lost.calendars[0].then = Calendar::always("Europe/Lutèce");
    assert!(ask(lost, "v1").to_string().contains("Europe/Lutèce"));
}

#[test]
fn timelines_survive_json() {
    let t = ticket(
        "2026-03-02T09:00",
        priority("P3"),
        vec![
            ("2026-03-02T10:00", taken()),
            ("2026-03-02T10:30", What::FactsChanged(priority("P1"))),
            ("2026-03-02T11:00", pause("client")),
            ("2026-03-02T12:00", RESTORED),
        ],
    );
    let json = serde_json::to_string(&t).unwrap();
    assert_eq!(serde_json::from_str::<Timeline>(&json).unwrap(), t, "{json}");
}

/// Working days have no length of their own: on a clock it is what the calendar opens until due.
#[test]
fn a_target_in_working_days_is_what_is_counted_until_due() {
    let history = signed(terms());
    let t = ticket("2026-03-02T10:00", priority("P2"), vec![]);
    let now = at("2026-03-03T11:00");
    let clocks = sla::clocks(&history, "v1", &t, now, &mut ClockCache::new()).unwrap();
    let clock = clocks.iter().map(|c| &c.value).find(|c| matches!(c.target, Length::WorkingDays(_))).unwrap();
    assert!(clock.elapsed_seconds > 0 && clock.remaining_seconds.unwrap() > 0);
    assert_eq!(clock.target_seconds, Some(clock.elapsed_seconds + clock.remaining_seconds.unwrap()));
    let hours = clocks.iter().map(|c| &c.value).find(|c| matches!(c.target, Length::Seconds(_))).unwrap();
    assert_eq!(hours.target_seconds, hours.target.as_seconds());
}
