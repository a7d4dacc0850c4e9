//! What will be replayed: every act of everybody, each at its instant, in order.

use app::answers::KeepTemplate;
use app::knowledge::WriteArticle;
use app::life::DutyReport;
use app::people::GiveRole;
use app::plan::WritePlan;
use app::satisfaction::TellSatisfaction;
use app::service::{AnnounceMaintenance, TellOutage};
use app::ticket::change::ChangeCommand;
use app::ticket::{OpenTicket, StepCommand};
use app::visit::{Drawing, TellVisit};
use engines::delivery::Verdict;
use engines::skills::{Element, Level};
use jiff::Timestamp;
use jiff::civil::Date;

use super::cast::{Of, Who};

/// What technicians write before they mend something at a distance: contracts ask for it.
const DIAGNOSIS: &str = "Journaux et état du service relus ; cause identifiée avant d’intervenir.";

/// A ticket of the plan; its number comes when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Case(Of, usize);

/// A text that both parties sign.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    pub file: &'static str,
    pub text: &'static str,
}

#[derive(Debug, Clone)]
pub enum What {
    Sign(Text),
    Open {
        case: Case,
        ask: Box<OpenTicket>,
        /// The contract is expected to say no.
        refused: bool,
    },
    Step {
        case: Case,
        command: StepCommand,
    },
    Call {
        case: Option<Case>,
        minutes: u32,
    },
    Announce(AnnounceMaintenance),
    Outage(TellOutage),
    Duty(DutyReport),
    /// Written, and published at once.
    Article(Box<WriteArticle>),
    /// The customer answers what stands on a ticket.
    Answer {
        case: Case,
        answer: Answer,
    },
    /// Who is on call under a clause, from when, until when.
    Roster {
        contract: &'static str,
        label: &'static str,
        turns: Vec<(Who, Timestamp, Timestamp)>,
    },
    Habit(Habit),
    Close {
        month: Date,
    },
}

/// What people keep beside tickets, or leave on them.
#[derive(Debug, Clone)]
pub enum Habit {
    Skills {
        element: Element,
        people: Vec<(Who, Level)>,
    },
    /// Who is told first of a level of escalation.
    Level {
        contract: &'static str,
        clause: &'static str,
        people: [Who; 2],
    },
    Template(KeepTemplate),
    /// Somebody of a subcontractor, for the items that it looks after.
    ThirdParty(GiveRole),
    Recurring(Box<WritePlan>),
    /// Reported, and signed at once on the screen of whoever came.
    Visit {
        case: Case,
        told: Box<TellVisit>,
        signed_by: &'static str,
        drawing: Drawing,
    },
    Opinion {
        case: Case,
        ask: TellSatisfaction,
    },
    /// Time that ends when it is told.
    Spent {
        case: Case,
        minutes: u32,
        comment: &'static str,
    },
    /// One's own week, by its Monday.
    WeekSubmitted {
        week: Date,
    },
    WeekApproved {
        of: Who,
        week: Date,
    },
}

/// What the customer says of what it reads: the plan of a change, an estimate, a delivery.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    ApproveChange,
    Order,
    Decide { step: &'static str, verdict: Verdict, note: &'static str },
}

#[derive(Debug, Clone)]
pub struct Act {
    pub of: Of,
    pub at: Timestamp,
    pub by: Who,
    pub what: What,
}

/// What happens under one customer's contract.
#[derive(Debug)]
pub struct Plan {
    of: Of,
    acts: Vec<Act>,
    cases: usize,
}

impl Plan {
    pub fn new(of: Of) -> Plan {
        Plan { of, acts: Vec::new(), cases: 0 }
    }

    pub fn sign(&mut self, at: Timestamp, text: Text) {
        self.push(at, Who::Vidal, What::Sign(text));
    }

    pub fn announce(&mut self, at: Timestamp, by: Who, window: AnnounceMaintenance) {
        self.push(at, by, What::Announce(window));
    }

    pub fn outage(&mut self, at: Timestamp, by: Who, told: TellOutage) {
        self.push(at, by, What::Outage(told));
    }

    /// A duty done, with its proof.
    pub fn duty(&mut self, at: Timestamp, by: Who, report: DutyReport) {
        self.push(at, by, What::Duty(report));
    }

    /// An article, published as it is written.
    pub fn article(&mut self, at: Timestamp, by: Who, ask: WriteArticle) {
        self.push(at, by, What::Article(Box::new(ask)));
    }

    pub fn open(&mut self, at: Timestamp, by: Who, ask: OpenTicket) -> Case {
        self.case(at, by, ask, false)
    }

    /// A request that the perimeter does not take in.
    pub fn refused(&mut self, at: Timestamp, by: Who, ask: OpenTicket) {
        self.case(at, by, ask, true);
    }

    fn case(&mut self, at: Timestamp, by: Who, ask: OpenTicket, refused: bool) -> Case {
        let case = Case(self.of, self.cases);
        self.cases += 1;
        self.push(at, by, What::Open { case, ask: Box::new(ask), refused });
        case
    }

    pub fn step(&mut self, at: Timestamp, by: Who, case: Case, command: StepCommand) {
        self.push(at, by, What::Step { case, command });
    }

    pub fn change(&mut self, at: Timestamp, by: Who, case: Case, change: ChangeCommand) {
        self.step(at, by, case, StepCommand::Change { change });
    }

    pub fn answer(&mut self, at: Timestamp, by: Who, case: Case, answer: Answer) {
        self.push(at, by, What::Answer { case, answer });
    }

    pub fn roster(
        &mut self,
        at: Timestamp,
        by: Who,
        contract: &'static str,
        label: &'static str,
        turns: Vec<(Who, Timestamp, Timestamp)>,
    ) {
        self.push(at, by, What::Roster { contract, label, turns });
    }

    pub fn habit(&mut self, at: Timestamp, by: Who, habit: Habit) {
        self.push(at, by, What::Habit(habit));
    }

    pub fn call(&mut self, at: Timestamp, by: Who, case: Option<Case>, minutes: u32) {
        self.push(at, by, What::Call { case, minutes });
    }

    pub fn close(&mut self, at: Timestamp, by: Who, month: Date) {
        self.push(at, by, What::Close { month });
    }

    fn push(&mut self, at: Timestamp, by: Who, what: What) {
        self.acts.push(Act { of: self.of, at, by, what });
    }

    /// Calls made before an instant.
    pub fn calls_before(&self, at: Timestamp) -> usize {
        self.acts.iter().filter(|a| a.at < at && matches!(a.what, What::Call { .. })).count()
    }

    /// The acts of several plans in the order of time; those of one instant stay in the order they were
    /// planned.
    pub fn in_order(plans: impl IntoIterator<Item = Plan>) -> Vec<Act> {
        let mut acts: Vec<Act> = plans.into_iter().flat_map(|p| p.acts).collect();
        acts.sort_by_key(|a| a.at);
        acts
    }
}

/// Commands, as one says them.
pub mod say {
    use super::StepCommand;

    pub fn reply(body: impl Into<String>) -> StepCommand {
        StepCommand::Reply { body: body.into() }
    }

    pub fn note(body: impl Into<String>) -> StepCommand {
        StepCommand::Note { body: body.into() }
    }

    pub fn pause(reason: &str, proof: impl Into<String>) -> StepCommand {
        StepCommand::Pause { reason: reason.to_owned(), proof: Some(proof.into()) }
    }

    pub fn restore(note: impl Into<String>) -> StepCommand {
        StepCommand::Restore {
            workaround: false,
            note: note.into(),
            diagnosis: Some(super::DIAGNOSIS.to_owned()),
        }
    }

    pub fn work_around(note: impl Into<String>) -> StepCommand {
        StepCommand::Restore {
            workaround: true,
            note: note.into(),
            diagnosis: Some(super::DIAGNOSIS.to_owned()),
        }
    }

    pub fn resolve(note: impl Into<String>) -> StepCommand {
        StepCommand::Resolve { note: note.into(), diagnosis: Some(super::DIAGNOSIS.to_owned()) }
    }

    pub fn reopen(why: impl Into<String>) -> StepCommand {
        StepCommand::Reopen { why: why.into() }
    }
}
