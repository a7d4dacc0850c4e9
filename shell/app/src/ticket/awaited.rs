//! What waits for the customer's answer: a price to agree to, a change to approve, a delivery to verify; until
//! when, and what silence does then.

use base::id::ContractId;
use base::{Bilingual, Reason};
use engines::kinds::Kind;
use engines::perimeter::price::Agreement as Agreed;
use jiff::{Timestamp, ToSpan};
use store::ticket::{Scope, Ticket};
use store::{Tx, content, ticket};
use terms::boundary::Silence;

use super::work::Work;
use super::{change, delivery, price};
use crate::access::{Act, Permit, Principal, Side};
use crate::agreements::Agreements;
use crate::desk::text;
use crate::error::Result;
use crate::instance::App;
use crate::vault::VaultHandle;
use base::id::CustomerId;

/// What is asked of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A price, or an estimate to order.
    Price,
    Approval,
    /// The approval of an emergency, which does not wait for it.
    Regularisation,
    /// How a step of an acceptance comes out; what silence means at its end.
    Acceptance(Silence),
}

impl Asks {
    /// The act of whoever answers.
    pub fn act(self) -> Act {
        match self {
            Asks::Price => Act::AgreePrice,
            Asks::Approval | Asks::Regularisation => Act::ApproveChange,
            Asks::Acceptance(_) => Act::AcceptDelivery,
        }
    }

    pub fn name(self) -> Bilingual {
        match self {
            Asks::Price => Bilingual::new("prix à accepter ou à refuser", "price to agree to or decline"),
            Asks::Approval => Bilingual::new("changement à approuver", "change to approve"),
            Asks::Regularisation => {
                Bilingual::new("changement urgent à approuver", "emergency change to approve")
            }
            Asks::Acceptance(_) => Bilingual::new("livraison à vérifier", "delivery to verify"),
        }
    }

    /// What becomes of it when nobody answers.
    fn silence(self, dated: bool) -> Bilingual {
        match (self, dated) {
            (Asks::Price, true) => Bilingual::new(
                "sans réponse, l'offre n'est plus valable et rien n'est fait",
                "with no answer, the offer lapses and nothing is done",
            ),
            (Asks::Price, false) => {
                Bilingual::new("sans réponse, rien n'est fait", "with no answer, nothing is done")
            }
            (Asks::Approval, true) => Bilingual::new(
                "sans réponse, le changement ne commence pas",
                "with no answer, the change does not begin",
            ),
            (Asks::Regularisation, _) => Bilingual::new(
                "l'urgence n'attend pas votre réponse, et votre approbation reste due",
                "the emergency does not wait for your answer, and your approval stays due",
            ),
            (Asks::Approval, false) => Bilingual::new(
                "le changement a commencé, et votre approbation reste attendue",
                "the change has begun, and your approval is still awaited",
            ),
            (Asks::Acceptance(Silence::Accepts), _) => {
                Bilingual::new("votre silence vaudra acceptation", "your silence will mean acceptance")
            }
            (Asks::Acceptance(Silence::Refuses), _) => {
                Bilingual::new("votre silence vaudra refus", "your silence will mean refusal")
            }
        }
    }
}

/// Something that waits for the customer's answer.
#[derive(Debug, Clone)]
pub struct Awaited {
    pub number: u64,
    pub title: String,
    pub contract: ContractId,
    pub asks: Asks,
    /// When silence decides, or the offer lapses, or the work would begin; `None` where nothing says.
    pub until: Option<Timestamp>,
    /// What becomes of it then.
    pub silence: Bilingual,
    /// What is asked, with the article.
    pub reasons: Vec<Reason>,
    /// The ticket as it stands, which decides who may see it.
    pub(crate) ticket: Ticket,
}

impl Awaited {
    /// The last day to answer in a zone: the day before an instant that is a midnight.
    pub fn last_day(&self, zone: &jiff::tz::TimeZone) -> Option<jiff::civil::Date> {
        let last = self.until?.checked_sub(1.microsecond()).ok()?;
        Some(last.to_zoned(zone.clone()).date())
    }
}

/// Which answers somebody may give for the customer, on one ticket at least.
fn may_answer(person: &Principal, customer: CustomerId, asks: Asks) -> bool {
    person.role.side() == Side::Customer && person.may_for(asks.act(), customer)
}

impl Awaited {
    /// Whether somebody may give this answer: a role that decides may be held for some contracts alone.
    pub(crate) fn is_for(&self, person: &Principal, customer: CustomerId) -> bool {
        may_answer(person, customer, self.asks)
            && person.permit(self.asks.act(), customer).is_ok_and(|p| p.scope().lets(&self.ticket))
    }
}

impl App {
    /// What waits for an answer that the reader may give for the customer, the soonest due first. Nothing for
    /// the provider's people, who only write down answers.
    pub fn awaited(&self, permit: &Permit) -> Result<Vec<Awaited>> {
        self.on_tickets(permit, Act::SeeTickets)?;
        let (person, customer) = (permit.by(), permit.customer());
        let all = [Asks::Price, Asks::Approval, Asks::Acceptance(Silence::Accepts)];
        if !all.iter().any(|asks| may_answer(person, customer, *asks)) {
            return Ok(Vec::new());
        }
        let (vault, now, scope) = (self.vault(customer)?, self.now(), permit.scope().clone());
        let (agreements, handle) = (vault.agreements()?, vault.clone());
        let mut found =
            vault.db.read(move |tx| awaited(tx, (&*handle, &*agreements), &scope, &|_| true, now))?;
        found.retain(|one| one.is_for(person, customer));
        Ok(found)
    }
}

/// What waits for an answer, of the open tickets of these kinds in scope.
pub(crate) fn awaited(
    tx: &mut dyn Tx,
    (vault, agreements): (&VaultHandle, &Agreements),
    scope: &Scope,
    of: &dyn Fn(Option<Kind>) -> bool,
    now: Timestamp,
) -> Result<Vec<Awaited>> {
    let mut all = Vec::new();
    for row in ticket::may_ask(tx)? {
        if scope.lets(&row) && of(Kind::from_key(&row.kind)) {
            all.extend(awaited_of(tx, (vault, agreements), &row, now)?);
        }
    }
    all.sort_by_key(|one| (one.until.is_none(), one.until, one.number));
    Ok(all)
}

/// The open tickets on which nothing can be done before the provider says a price, never said or lapsed, with their
/// titles; by number.
pub(crate) fn to_quote(
    tx: &mut dyn Tx,
    agreements: &Agreements,
    now: Timestamp,
) -> Result<Vec<(Ticket, String)>> {
    let mut all = Vec::new();
    for row in ticket::may_ask(tx)? {
        let steps = ticket::steps(tx, row.id)?;
        let agreement = agreements.by_id(row.contract)?;
        let terms = &agreement.version(&row.version)?.terms;
        let defect = delivery::defect(tx, agreement, &row, &steps)?;
        let price = price::standing(terms, &row, (&steps, defect.as_ref()), agreement.local_date(now));
        if matches!(price.value, Agreed::QuoteAwaited | Agreed::Lapsed { .. }) {
            let title = text(content::get(tx, row.title.0)?);
            all.push((row, title));
        }
    }
    all.sort_by_key(|(row, _)| row.number);
    Ok(all)
}

/// What waits for an answer on one ticket; nothing once it is closed.
pub(crate) fn awaited_of(
    tx: &mut dyn Tx,
    (vault, agreements): (&VaultHandle, &Agreements),
    row: &Ticket,
    now: Timestamp,
) -> Result<Vec<Awaited>> {
    if !row.state.is_open() {
        return Ok(Vec::new());
    }
    let steps = ticket::steps(tx, row.id)?;
    let agreement = agreements.by_id(row.contract)?;
    let terms = &agreement.version(&row.version)?.terms;
    let work = Work { vault, agreement, terms, ticket: row, steps: &steps };
    let today = agreement.local_date(now);
    let defect = delivery::defect(tx, agreement, row, &steps)?;
    let price = price::standing(terms, row, (&steps, defect.as_ref()), today);
    let mut found = Vec::new();
    if let Agreed::Awaited { until, .. } = price.value {
        let until = until.and_then(|last| last.tomorrow().ok()).map(|day| agreement.midnight(day));
        found.push((Asks::Price, until.transpose()?, price.reasons));
    }
    if let Some((until, reasons)) = change::to_approve(&work, now)? {
        found.push(match until {
            change::Until::Begins(from) => (Asks::Approval, Some(from).filter(|from| *from > now), reasons),
            change::Until::Regularised(by) => (Asks::Regularisation, Some(by), reasons),
        });
    }
    if let Some((step, reasons)) = delivery::accepting(&work, now)? {
        found.push((Asks::Acceptance(step.silence), step.ends, reasons));
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let title = text(content::get(tx, row.title.0)?);
    let one = |(asks, until, reasons): (Asks, Option<Timestamp>, Vec<Reason>)| Awaited {
        number: row.number,
        title: title.clone(),
        contract: row.contract,
        silence: asks.silence(until.is_some()),
        asks,
        until,
        reasons,
        ticket: row.clone(),
    };
    Ok(found.into_iter().map(one).collect())
}
