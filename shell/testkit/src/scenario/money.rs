//! Calls and months in a scenario.

use app::Act;
use app::call::RecordCall;
use base::{Because, Lang, Money, Reason};
use engines::billing::{MonthStatement, PenaltyLine};
use engines::objective::Verdict;
use jiff::civil::Date;

use super::answer::Answer;
use super::read::Row;
use super::stage::Stage;

impl Stage<'_> {
    /// `minutes = 7, 15` are two calls; `fois` repeats them. The facts are those of all of them.
    pub(super) fn call(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["minutes", "fois", "ticket", "début"])?;
        let permit = match self.permit(row, Act::RecordCall)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        let lengths: Vec<u32> = row
            .get("minutes")
            .unwrap_or("5")
            .split(',')
            .map(|n| n.trim().parse().map_err(|_| format!("« {n} » is not a number of minutes")))
            .collect::<Result<_, _>>()?;
        let ticket = row.get("ticket").map(|_| row.number("ticket", 0)).transpose()?;
        let mut total = Total::default();
        for _ in 0..row.number("fois", 1u32)? {
            for minutes in &lengths {
                let ask =
                    RecordCall {
                        minutes: *minutes, ticket, contract: None, at: Self::instant(row, "début")
                    };
                match self.instance.app().record_call(&permit, &self.key(), &ask) {
                    Err(error) => return Answer::refused(error),
                    Ok(recorded) => total.add(recorded),
                }
            }
        }
        Ok(total.answer())
    }

    /// Closes every month up to the one named, and tells that one.
    pub(super) fn close(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["mois"])?;
        let month = month(row)?;
        let permit = match self.permit(row, Act::CloseMonth)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        loop {
            let next = self.next_to_close(row)?.filter(|next| *next < month).unwrap_or(month);
            match self.instance.app().close_month(&permit, &self.key(), None, next) {
                Err(error) => return Answer::refused(error),
                Ok(closed) if next == month => return Ok(told(&closed.statement)),
                Ok(_) => {}
            }
        }
    }

    /// The running month as it would close now.
    pub(super) fn estimate(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&[])?;
        match self.permit(row, Act::SeeMoney)? {
            Err(error) => Answer::refused(error),
            Ok(permit) => match self.instance.app().money(&permit, None) {
                Err(error) => Answer::refused(error),
                Ok(page) => Ok(told(&page.running)),
            },
        }
    }

    fn next_to_close(&self, row: &Row) -> Result<Option<Date>, String> {
        let Ok(permit) = self.permit(row, Act::SeeMoney)? else { return Ok(None) };
        let page = self.instance.app().money(&permit, None).map_err(|e| e.to_string())?;
        Ok(page.next_to_close)
    }
}

pub(super) fn month(row: &Row) -> Result<Date, String> {
    let text = row.get("mois").ok_or("« mois = 2026-08 » is needed")?;
    format!("{text}-01").parse().map_err(|_| format!("« mois = {text} »: « 2026-08 »"))
}

/// What several calls came to.
#[derive(Default)]
struct Total {
    calls: u32,
    covered: u32,
    counted: u32,
    packs: u32,
    billed: Money,
    left: u32,
    /// Of the last one.
    reasons: Vec<Reason>,
}

impl Total {
    fn add(&mut self, one: app::call::Recorded) {
        self.calls += 1;
        self.covered += u32::from(one.covered);
        self.counted += one.counted;
        self.packs += u32::from(one.new_pack);
        self.billed = self.billed + one.price.unwrap_or_default();
        self.left = one.left;
        self.reasons = one.reasons;
    }

    fn answer(self) -> Answer {
        let mut answer = Answer::default();
        answer.say("appels", self.calls.to_string());
        answer.say("couverts", self.covered.to_string());
        answer.say("hors compteur", (self.calls - self.covered).to_string());
        answer.say("décompté", self.counted.to_string());
        answer.say("carnets rachetés", self.packs.to_string());
        answer.money("facturé", self.billed);
        answer.say("reste", self.left.to_string());
        answer.cite(&self.reasons);
        answer.why("", &self.reasons);
        answer
    }
}

fn told(statement: &Because<MonthStatement>) -> Answer {
    let Because { value: month, reasons } = statement;
    let mut answer = Answer::default();
    for line in &month.lines {
        answer.money(format!("ligne {}", line.value.clause), line.value.net);
    }
    answer.money("HT", month.net);
    answer.money("TVA", month.vat_total);
    answer.money("TTC", month.gross);
    for result in month.results.iter().map(|r| &r.value) {
        let word = match result.verdict {
            Verdict::Kept => "atteint",
            Verdict::Missed => "manqué",
            Verdict::NothingMeasured => "rien à mesurer",
        };
        answer.say(result.objective.clone(), format!("{word}, {} sur {}", result.kept, result.measured));
    }
    for result in month.availability.iter().map(|r| &r.value) {
        super::services::availability(&mut answer, result);
    }
    for penalty in month.penalties.iter().map(|p| &p.value) {
        answer.money(format!("pénalité {}", of(penalty)), penalty.amount);
    }
    answer.money("pénalités", month.penalty_total);
    answer.money("pénalités dues", month.penalty_due);
    answer.money("écrêté", month.waived);
    answer.money("compensation", month.set_off);
    answer.money("à payer", month.left_to_pay);
    for line in &month.lines {
        answer.why(line.value.title.get(Lang::Fr), &line.reasons);
    }
    for result in &month.results {
        answer.why(&result.value.objective, &result.reasons);
    }
    for result in &month.availability {
        answer.why(&result.value.clause, &result.reasons);
    }
    for penalty in &month.penalties {
        answer.why(&format!("pénalité {}, {}", penalty.value.clause, of(&penalty.value)), &penalty.reasons);
    }
    for cap in &month.caps {
        answer.why("plafond", &cap.reasons);
    }
    answer.why("total", reasons);
    answer
}

/// « ticket 3 », or the label of the availability that was missed.
fn of(line: &PenaltyLine) -> String {
    match (&line.ticket, &line.shortfall) {
        (Some(ticket), _) => format!("ticket {ticket}"),
        (None, Some(shortfall)) => shortfall.clause.clone(),
        (None, None) => String::new(),
    }
}
