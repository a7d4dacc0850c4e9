//! Replays the plan through the use cases, the clock set to the instant of each act.

use std::collections::{HashMap, HashSet};

use app::accounts::Proof;
use app::clock::Set;
use app::levels::AssignLevel;
use app::roster::PublishRoster;
use app::skills::TellSkills;
use app::ticket::change::ChangeCommand;
use app::ticket::delivery::DeliveryCommand;
use app::ticket::{IdempotencyKey, Opened, StepCommand, TicketPage};
use app::time::{Settling, TellTime};
use app::visit::SignVisit;
use app::{Act as Right, App, AppError, Permit, Principal, Side};
use base::id::CustomerId;
use engines::roster::Shift;
use events::{ArticleState, Skilled, WorkKind};
use jiff::{SignedDuration, Timestamp};

use super::cast::{Cast, Of, Who};
use super::plan::{Act, Answer, Case, Habit, Text, What};
use super::prepare;
use crate::output::Failure;
use app::call::RecordCall;

/// The checkpoints that the instance's log keeps: one each time so many acts have been replayed.
const NOTE_EVERY: usize = 250;

/// Half a day, net of VAT: what is quoted in the demonstration.
const QUOTED: base::Money = base::Money::eur(36_000);

/// No level of these contracts comes sooner after what brings it.
const LOOKED_AT: SignedDuration = SignedDuration::from_hours(1);

pub struct Replay<'a> {
    pub app: &'a App,
    pub clock: &'a Set,
    pub cast: &'a Cast,
    pub customers: &'a HashMap<Of, CustomerId>,
    numbers: HashMap<Case, u64>,
    /// The cases that somebody works on to the end: a price of theirs is agreed.
    worked: HashSet<Case>,
    /// Until when what clocks come to was looked at.
    looked: Timestamp,
}

impl<'a> Replay<'a> {
    pub fn new(
        app: &'a App,
        clock: &'a Set,
        cast: &'a Cast,
        customers: &'a HashMap<Of, CustomerId>,
    ) -> Replay<'a> {
        Replay {
            app,
            clock,
            cast,
            customers,
            numbers: HashMap::new(),
            worked: HashSet::new(),
            looked: Timestamp::MIN,
        }
    }

    /// Does every act; `told` hears how many are done.
    pub fn run(&mut self, acts: &[Act], mut told: impl FnMut(usize)) -> Result<(), Failure> {
        let done = acts.iter().filter_map(|act| match &act.what {
            What::Step { case, command: StepCommand::Restore { .. } | StepCommand::Resolve { .. } } => {
                Some(*case)
            }
            _ => None,
        });
        self.worked = done.collect();
        for (done, act) in acts.iter().enumerate() {
            self.escalate(act.at)?;
            self.clock.move_to(act.at);
            self.act(done, act).map_err(|e| explain(act, &e))?;
            if done % NOTE_EVERY == NOTE_EVERY - 1 {
                self.app.note_checkpoints()?;
            }
            told(done + 1);
        }
        // Those who did nothing yet have signed as well: the demonstration opens on their pages.
        for of in Of::ALL {
            let Some(customer) = self.customers.get(&of) else { continue };
            let here = self.cast.staff().filter(|person| person.may_for(Right::SeeTickets, *customer));
            here.into_iter().try_for_each(|person| self.undertake(of, person, *customer))?;
        }
        self.looked = Timestamp::MIN;
        self.escalate(prepare::start())?;
        self.app.pump()?;
        Ok(self.app.note_checkpoints()?)
    }

    /// Tells the levels that clocks come to before an instant, each when it comes, as a server does.
    fn escalate(&mut self, until: Timestamp) -> Result<(), Failure> {
        if until.duration_since(self.looked) >= LOOKED_AT {
            self.app.tell_what_escalates()?;
            self.looked = until;
        }
        while let Some(next) = self.app.next_escalation().filter(|next| *next < until) {
            self.clock.move_to(next);
            self.app.tell_what_escalates()?;
        }
        Ok(())
    }

    fn act(&mut self, nth: usize, act: &Act) -> Result<(), AppError> {
        let key = IdempotencyKey::parse(&format!("demo-{nth}"))?;
        match &act.what {
            What::Sign(text) => self.sign(act, *text),
            What::Open { case, ask, refused } => {
                let permit = self.permit(act, Right::OpenTicket)?;
                match self.app.open_ticket(&permit, &key, ask) {
                    Ok(opened) if !refused => {
                        self.numbers.insert(*case, opened.number);
                        self.settle(act, nth, *case, &opened)
                    }
                    Ok(opened) => Err(unexpected(&format!("ticket {} was taken in", opened.number))),
                    Err(AppError::Refused(_)) if *refused => Ok(()),
                    Err(e) => Err(e),
                }
            }
            What::Step { case, command } => {
                let permit = self.permit(act, command.act())?;
                self.app.step_ticket(&permit, &key, self.number(*case)?, command, None)?;
                Ok(())
            }
            What::Call { case, minutes } => {
                let permit = self.permit(act, Right::RecordCall)?;
                let ticket = case.map(|c| self.number(c)).transpose()?;
                let call = RecordCall { minutes: *minutes, ticket, contract: None, at: None };
                self.app.record_call(&permit, &key, &call)?;
                Ok(())
            }
            What::Announce(window) => {
                let permit = self.permit(act, Right::RecordOutage)?;
                self.app.announce_maintenance(&permit, &key, window)?;
                Ok(())
            }
            What::Outage(told) => {
                let permit = self.permit(act, Right::RecordOutage)?;
                self.app.record_outage(&permit, &key, told)?;
                Ok(())
            }
            What::Duty(report) => {
                let permit = self.permit(act, Right::RecordDuty)?;
                self.app.record_duty(&permit, &key, report)?;
                Ok(())
            }
            What::Article(ask) => {
                let permit = self.permit(act, Right::WriteKnowledge)?;
                let written = self.app.write_article(&permit, &key, ask)?;
                let key = IdempotencyKey::parse(&format!("demo-{nth}-publish"))?;
                self.app.move_article(&permit, &key, written.number, ArticleState::Published)?;
                Ok(())
            }
            What::Answer { case, answer } => {
                let see = self.permit(act, Right::SeeTickets)?;
                let page = self.app.ticket(&see, self.number(*case)?)?;
                let command = answered(&page, *answer)
                    .ok_or_else(|| unexpected(&format!("{answer:?} to what is not there")))?;
                let permit = self.permit(act, command.act())?;
                self.app.step_ticket(&permit, &key, self.number(*case)?, &command, None)?;
                Ok(())
            }
            What::Roster { contract, label, turns } => {
                let permit = self.permit(act, Right::PublishRoster)?;
                let periods = turns
                    .iter()
                    .map(|(who, from, until)| Shift {
                        from: *from,
                        until: *until,
                        person: self.cast.get(*who).account,
                    })
                    .collect();
                let ask = PublishRoster {
                    contract: (*contract).to_owned(),
                    label: (*label).to_owned(),
                    periods,
                    ..PublishRoster::default()
                };
                self.app.publish_roster(&permit, &key, &ask)?;
                Ok(())
            }
            What::Habit(habit) => self.habit(act, nth, &key, habit),
            What::Close { month } => {
                let permit = self.permit(act, Right::CloseMonth)?;
                self.app.close_month(&permit, &key, None, *month)?;
                Ok(())
            }
        }
    }

    fn habit(&self, act: &Act, nth: usize, key: &IdempotencyKey, habit: &Habit) -> Result<(), AppError> {
        match habit {
            Habit::Skills { element, people } => {
                let permit = self.permit(act, Right::KeepSkills)?;
                let skilled = |&(who, level)| Skilled { person: self.cast.get(who).account, level };
                let people = people.iter().map(skilled).collect();
                let ask = TellSkills { element: element.clone(), people, since: None };
                self.app.tell_skills(&permit, key, &ask).map(drop)
            }
            Habit::Level { contract, clause, people } => {
                let permit = self.permit(act, Right::KeepLevels)?;
                let people = people.iter().map(|who| self.cast.get(*who).account).collect();
                let (contract, clause) = ((*contract).to_owned(), (*clause).to_owned());
                let ask = AssignLevel { contract, clause, people, since: None };
                self.app.assign_level(&permit, key, &ask).map(drop)
            }
            Habit::Template(ask) => {
                self.app.keep_template(&self.permit(act, Right::KeepTemplates)?, None, ask)
            }
            Habit::ThirdParty(ask) => {
                let permit = self.permit(act, Right::ManagePeople)?;
                self.app.give_role(&permit, &Proof::of_the_operator(), key, ask)?;
                self.undertake(act.of, &self.app.person_of(&ask.email)?, permit.customer())
            }
            Habit::Recurring(ask) => {
                self.app.write_plan(&self.permit(act, Right::WritePlan)?, key, None, ask).map(drop)
            }
            Habit::Visit { case, told, signed_by, drawing } => {
                let (permit, number) = (self.permit(act, Right::WorkOnTicket)?, self.number(*case)?);
                let done = self.app.report_visit(&permit, key, number, None, told)?;
                let key = IdempotencyKey::parse(&format!("demo-{nth}-signed"))?;
                let ask = SignVisit { hash: done.hash, reserve: None, drawing: Some(drawing.clone()) };
                self.app.sign_visit_on_screen(&permit, &key, (number, done.visit), &ask, signed_by).map(drop)
            }
            Habit::Spent { case, minutes, comment } => {
                let (permit, number) = (self.permit(act, Right::EnterTime)?, self.number(*case)?);
                let ask = TellTime {
                    minutes: *minutes,
                    started: None,
                    kind: WorkKind::Remote,
                    hours: None,
                    profile: None,
                    comment: Some((*comment).to_owned()),
                };
                self.app.enter_time(&permit, key, number, &ask).map(drop)
            }
            Habit::WeekSubmitted { week } => {
                self.app.submit_week(&self.cast.get(act.by).permit_instance(Right::EnterTime)?, *week)
            }
            Habit::WeekApproved { of, week } => {
                let permit = self.cast.get(act.by).permit_instance(Right::ApproveTime)?;
                self.app.settle_week(&permit, self.cast.get(*of).account, *week, Settling::Approve)
            }
            Habit::Opinion { case, ask } => {
                let permit = self.permit(act, Right::Reply)?;
                self.app.tell_satisfaction(&permit, key, self.number(*case)?, ask).map(drop)
            }
        }
    }

    /// The customer's manager agrees to the price of work that will be done, before it begins.
    fn settle(&self, act: &Act, nth: usize, case: Case, opened: &Opened) -> Result<(), AppError> {
        if opened.admission == "accepted" || !self.worked.contains(&case) {
            return Ok(());
        }
        let say = |who, name: &str, command: StepCommand| {
            let permit = self.permit_of(act.of, who, command.act())?;
            let key = IdempotencyKey::parse(&format!("demo-{nth}-{name}"))?;
            self.app.step_ticket(&permit, &key, opened.number, &command, None)
        };
        let (price, quotation) = match opened.price {
            Some(price) => (price, None),
            None => {
                let body = "Étude et réalisation, une demi-journée.".to_owned();
                let quote = StepCommand::Quote { price: QUOTED, until: None, body };
                (QUOTED, Some(say(contact(act.of), "quote", quote)?.entry))
            }
        };
        let agreed = StepCommand::AgreePrice { price, quotation, reference: None };
        say(act.of.signatory(), "agree", agreed).map(drop)
    }

    fn sign(&self, act: &Act, text: Text) -> Result<(), AppError> {
        let provider = self.permit(act, Right::SignContract)?;
        let customer = self.permit_of(act.of, act.of.signatory(), Right::SignContract)?;
        self.app.sign_contract(&provider, &customer, text.file, text.text)?;
        Ok(())
    }

    /// Of the one who acts, for the customer concerned.
    fn permit(&self, act: &Act, right: Right) -> Result<Permit, AppError> {
        self.permit_of(act.of, act.by, right)
    }

    fn permit_of(&self, of: Of, who: Who, right: Right) -> Result<Permit, AppError> {
        let customer = self.customers.get(&of).ok_or_else(|| unexpected("a customer is missing"))?;
        let person = self.cast.get(who);
        self.undertake(of, person, *customer)?;
        person.permit(right, *customer)
    }

    /// Signs what the contracts ask of the provider's people before any access.
    fn undertake(&self, of: Of, person: &Principal, customer: CustomerId) -> Result<(), AppError> {
        if person.role.side() == Side::Customer {
            return Ok(());
        }
        let permit = person.permit(Right::SeeTickets, customer)?;
        let owed = self.app.undertakings_owed(&permit)?;
        let Some(first) = owed.first() else { return Ok(()) };
        let shown: Vec<String> = owed.iter().map(|article| article.text.clone()).collect();
        let key = format!("demo-undertaking-{}-{}", of.slug(), &first.text[..16]);
        self.app.sign_undertakings(&permit, &IdempotencyKey::parse(&key)?, &shown).map(drop)
    }

    fn number(&self, case: Case) -> Result<u64, AppError> {
        self.numbers.get(&case).copied().ok_or_else(|| unexpected("a ticket is used before it is opened"))
    }
}

/// Who quotes for the provider, by contract.
fn contact(of: Of) -> Who {
    match of {
        Of::Garonne => Who::Vasseur,
        Of::Lumen => Who::Kerbrat,
        Of::Mutuelle => Who::Rouault,
    }
}

fn unexpected(what: &str) -> AppError {
    AppError::fault(format!("demonstration: {what}"))
}

/// A plan that the product refuses is a defect of the plan: say which act it was.
fn explain(act: &Act, e: &AppError) -> Failure {
    let (at, by) = (act.at, act.by);
    let what = match &act.what {
        What::Open { ask, .. } => format!("open « {} »", ask.title),
        other => format!("{other:?}"),
    };
    let text = format!("{at} {by:?} {what}: {e}");
    Failure::new("demo", text.clone(), text)
}

/// What the customer's answer is, to what stands on the page; `None` when nothing of the kind does.
fn answered(page: &TicketPage, answer: Answer) -> Option<StepCommand> {
    Some(match answer {
        Answer::ApproveChange => {
            let plan = page.change.as_ref()?.plan.as_ref()?.entry;
            let change = ChangeCommand::Approve { plan, third_party: None, contact: None, reference: None };
            StepCommand::Change { change }
        }
        Answer::Order => {
            let estimate = page.delivery.as_ref()?.estimate.as_ref()?.entry;
            StepCommand::Delivery { delivery: DeliveryCommand::Order { estimate, reference: None } }
        }
        Answer::Decide { step, verdict, note } => {
            let presented = page.delivery.as_ref()?.presented?;
            let (step, note) = (step.to_owned(), Some(note.to_owned()));
            let delivery = DeliveryCommand::Decide { presented, step, verdict, note, reference: None };
            StepCommand::Delivery { delivery }
        }
    })
}
