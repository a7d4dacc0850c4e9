//! A customer at a glance: contracts, open work, meters, the month so far, the next dates.

use app::agreements::Agreement;
use app::live::{Live, Standing};
use app::month::MoneyPage;
use app::ticket::{Opener, Shown};
use app::{Act, AppError, Permit, Side};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use base::{Length, Reason};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use terms::{MeterForm, Renewal, Rule, Terms};

use super::{Place, failed, money, place, rows, words};
use crate::design::{CustomerRef, Lang, Tone, format};
use crate::http::{Failure, Reader, State, html};
use crate::pages::customer::{
    Awaited, ContractCard, Deadline, Judged, MonthSoFar, MonthlyFee, OnCall, Satisfaction, View, Volume, page,
};

/// Open tickets shown here; the list has them all.
const ROWS: u32 = 8;

/// Tickets to judge, on the page.
const TO_JUDGE: u32 = 5;

/// What was read, each part only if the reader may see it.
struct Read {
    customer: CustomerRef,
    /// Those that the reader declared, for the customer's people.
    own: Vec<Shown>,
    open: Vec<Shown>,
    count: u64,
    live: Vec<Live>,
    /// Of each contract; `None` for those who may not see money.
    money: Option<Vec<MoneyPage>>,
    month: Option<app::month::SoFar>,
    on_call: Vec<app::roster::Board>,
    satisfaction: Option<app::satisfaction::Figures>,
    to_judge: Vec<(u64, String)>,
    /// With the last day to answer and today, in the zone of the contract of each.
    awaited: Vec<(app::ticket::awaited::Awaited, Option<Date>, Date)>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| read(app, &again, &slug));
    let read = read.await.map_err(failed(&reader))?;
    let mut view = fill(&read, reader.visitor.lang);
    view.may_sign = reader.may(&read.customer, Act::SignContract);
    view.may_draft = reader.may(&read.customer, Act::SeeDrafts);
    Ok(html(page(&reader.shell(&web, Some(read.customer)), &view)))
}

fn read(app: &app::App, reader: &Reader, slug: &str) -> Result<Read, AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::SeeTickets)?;
    let may = |act: Act| -> Result<Option<Permit>, AppError> {
        if !reader.principal.may_for(act, permit.customer()) {
            return Ok(None);
        }
        reader.principal.permit(act, permit.customer()).map(Some)
    };
    let agreements = app.vault(permit.customer())?.agreements()?;
    let live = match may(Act::SeeContract)? {
        Some(seen) => {
            agreements.contracts.iter().map(|c| app.live(&seen, &c.number)).collect::<Result<Vec<_>, _>>()?
        }
        None => Vec::new(),
    };
    let signed = !agreements.contracts.is_empty();
    let money = match may(Act::SeeMoney)? {
        Some(seen) => Some(
            agreements
                .contracts
                .iter()
                .map(|c| app.money(&seen, Some(&c.number)))
                .collect::<Result<Vec<_>, _>>()?,
        ),
        None => None,
    };
    let on_call = match may(Act::SeeRoster)? {
        Some(seen) => app.on_call(&seen)?,
        None => Vec::new(),
    };
    let satisfaction = match may(Act::SeeContract)? {
        Some(seen) => Some(app.satisfaction(&seen)?),
        None => None,
    };
    let to_judge = app.awaited_satisfaction(&permit, TO_JUDGE)?;
    let mut awaited = Vec::new();
    for one in app.awaited(&permit)? {
        let agreement = agreements.by_id(one.contract)?;
        let last = one.last_day(agreement.zone());
        awaited.push((one, last, agreement.local_date(app.now())));
    }
    let month = if signed { Some(app.month_so_far(&permit)?) } else { None };
    let (own, open) = if signed { open_work(app, &permit)? } else { (Vec::new(), Vec::new()) };
    Ok(Read {
        customer,
        own,
        open,
        count: app.open_count(&permit)?,
        live,
        money,
        month,
        on_call,
        satisfaction,
        to_judge,
        awaited,
    })
}

/// The reader's own tickets, then those of others. The provider's people have theirs on the desk.
fn open_work(app: &app::App, permit: &Permit) -> Result<(Vec<Shown>, Vec<Shown>), AppError> {
    let reader = permit.by().account;
    let own = match permit.role().side() {
        Side::Customer => app.open_tickets(permit, Opener::Only(reader), ROWS)?,
        Side::Provider | Side::ThirdParty => Vec::new(),
    };
    let others = if own.is_empty() { Opener::Anybody } else { Opener::AllBut(reader) };
    Ok((own, app.open_tickets(permit, others, ROWS)?))
}

fn fill(read: &Read, lang: Lang) -> View {
    let customer = &read.customer;
    let pages = read.money.as_deref();
    let counted = pages.unwrap_or_default().iter().filter(|m| master(&m.agreement).is_none());
    View {
        summary: read.live.first().map(|l| summary(&l.agreement.latest().compiled.terms)).unwrap_or_default(),
        contracts: read.live.iter().map(|l| card(l, &read.live, pages.is_some(), lang)).collect(),
        own_work: read.own.iter().map(|s| rows::row(customer, s)).collect(),
        open_work: read.open.iter().map(|s| rows::row(customer, s)).collect(),
        open_count: read.count,
        may_sign: false,
        may_draft: false,
        // An order repeats the meters of the contract that it stands on.
        meters: counted.flat_map(|m| money::meters(m, customer, lang)).collect(),
        month: read.month.as_ref().map(|m| MonthSoFar {
            month: m.month,
            opened: m.opened,
            resolved: m.resolved,
            restored_in_time: m.restored_in_time,
            taken_in_time: m.taken_in_time,
            // The month counts the tickets of every contract: its penalties are theirs too.
            penalties_cents: pages.map(|all| all.iter().map(|m| m.running.value.penalty_due.cents).sum()),
        }),
        deadlines: read.live.iter().flat_map(|l| deadlines(l, &read.live, customer, lang)).collect(),
        on_call: read
            .on_call
            .iter()
            .map(|board| OnCall {
                contract: board.contract.clone(),
                names: board.now.iter().map(|turn| turn.name.clone()).collect(),
                promised: board.promised,
            })
            .collect(),
        satisfaction: read.satisfaction.as_ref().and_then(|f| satisfaction(f, customer, lang)),
        awaited: read
            .awaited
            .iter()
            .map(|(one, last, today)| awaits(one, (*last, *today), customer, lang))
            .collect(),
        to_judge: read
            .to_judge
            .iter()
            .map(|(number, title)| {
                (*number, title.clone(), customer.path(&format!("/tickets/{number}#satisfaction")))
            })
            .collect(),
        customer: customer.clone(),
    }
}

/// What waits for an answer; an answer is pressing in its last week.
fn awaits(
    one: &app::ticket::awaited::Awaited,
    (until, today): (Option<Date>, Date),
    customer: &CustomerRef,
    lang: Lang,
) -> Awaited {
    let core = words::core(lang);
    let soon = until.is_some_and(|day| day <= today.saturating_add(7.days()));
    Awaited {
        number: one.number,
        title: one.title.clone(),
        href: customer.path(&format!("/tickets/{}", one.number)),
        asks: one.asks.name().get(core).to_owned(),
        until,
        silence: one.silence.get(core).to_owned(),
        reasons: words::reasons(&one.reasons, Some(customer), lang),
        tone: if soon { Tone::Warning } else { Tone::Quiet },
    }
}

/// A customer's figures; `None` before the first answer.
pub(super) fn satisfaction(
    figures: &app::satisfaction::Figures,
    customer: &CustomerRef,
    lang: Lang,
) -> Option<Satisfaction> {
    let months: Vec<Judged> = figures
        .months
        .iter()
        .filter_map(|m| {
            let (mean, answers) = (m.mean_hundredths()?, m.answers());
            Some(Judged { month: m.month, answers, mean, dissatisfied: m.dissatisfied() })
        })
        .collect();
    let target = figures.target.as_ref().map(|t| words::reasons(&t.reasons, Some(customer), lang));
    (!months.is_empty()).then(|| Satisfaction { months, target: target.unwrap_or_default() })
}

/// The sites, by name.
fn summary(terms: &Terms) -> String {
    let sites = terms.parties.iter().flat_map(|p| &p.then.sites);
    sites.map(|s| terms.name_of("site", s)).collect::<Vec<_>>().join(", ")
}

/// The number of the overarching contract that an order stands on.
fn master(agreement: &Agreement) -> Option<&str> {
    agreement.texts.first()?.compiled.front_matter.order_of.as_deref()
}

/// What a contract bears each month, by its own text.
///
/// On its first day where it has not begun: a fee agreed is not shown as nothing.
fn monthly_fee(live: &Live, all: &[Live]) -> MonthlyFee {
    let agreement = &live.agreement;
    let start = agreement.history.versions.first().map(|v| {
        let term = v.terms.term.as_ref().map(|t| t.then.start);
        term.map_or(v.effective, |day| day.max(v.effective))
    });
    let today = agreement.local_date(live.at);
    let day = start.map_or(today, |start| start.max(today));
    let fee = engines::billing::monthly_fee(&agreement.history, day).value;
    let terms = agreement.history.at(day).map(|v| &v.terms);
    let volumes = terms.map(|t| t.volumes.as_slice()).unwrap_or_default();
    MonthlyFee {
        cents: (!fee.is_zero()).then_some(fee.cents),
        volumes: volumes
            .iter()
            .map(|v| Volume { title: v.then.title.clone(), minimum: v.then.minimum })
            .collect(),
        by_orders: all.iter().any(|l| master(&l.agreement) == Some(agreement.number.as_str())),
    }
}

fn card(live: &Live, all: &[Live], money: bool, lang: Lang) -> ContractCard {
    let agreement = &live.agreement;
    let today = agreement.local_date(live.at);
    let in_force = agreement.history.at(today);
    let version = in_force
        .and_then(|v| agreement.texts.iter().find(|t| t.row.version_hash == v.hash))
        .map_or(1, |t| t.row.version);
    let since = in_force.map(|v| format::date(v.effective, lang)).unwrap_or_default();
    let terms = &agreement.latest().compiled.terms;
    let count = |standing: Standing| {
        u32::try_from(live.clauses.values().filter(|c| c.standing == standing).count()).unwrap_or(u32::MAX)
    };
    let term = terms.term.as_ref();
    ContractCard {
        id: agreement.number.clone(),
        title: agreement.title.clone(),
        version: match lang {
            Lang::Fr => format!("Version {version}, en vigueur depuis le {since}"),
            Lang::En => format!("Version {version}, in force since {since}"),
        },
        ends: term.and_then(|t| t.then.end()).unwrap_or(today),
        notice_by: term.and_then(notice_by),
        monthly_fee: money.then(|| monthly_fee(live, all)),
        held: count(Standing::Held),
        at_risk: count(Standing::AtRisk),
        missed: count(Standing::Missed),
        not_measured: count(Standing::NotYetDue) + count(Standing::Declared),
    }
}

/// The last day on which notice stops the tacit renewal.
fn notice_by(term: &Rule<terms::ContractTerm>) -> Option<Date> {
    let end = term.then.end()?;
    if !matches!(term.then.renewal, Renewal::Tacit { .. }) {
        return None;
    }
    // Counted back from the day after the last, so that three months before 28 February is 30 November.
    let next = end.tomorrow().ok()?;
    let before: Span = match term.then.notice {
        Length::Months(n) => i64::from(n).months(),
        Length::Days(n) => i64::from(n).days(),
        Length::WorkingDays(_) | Length::Seconds(_) => return None,
    };
    next.checked_sub(before).ok()?.yesterday().ok()
}

fn deadlines(live: &Live, all_live: &[Live], customer: &CustomerRef, lang: Lang) -> Vec<Deadline> {
    let agreement = &live.agreement;
    let today = agreement.local_date(live.at);
    let terms = &agreement.latest().compiled.terms;
    let Some(term) = &terms.term else { return Vec::new() };
    let because = |fr: &str, en: &str| {
        words::reason(&Reason::new("term", fr, en).citing(&term.from), Some(customer), lang)
    };
    let mut all = Vec::new();
    for version in agreement.history.versions.iter().filter(|v| v.effective > today) {
        all.push((
            version.effective,
            lang.t("Un avenant prend effet", "An amendment takes effect").to_string(),
            because("Date d’effet de l’avenant signé.", "Date of effect of the signed amendment."),
        ));
    }
    // An order that follows its master's length repeats none of its dates. Its clause bears the order's
    // own number, so the lengths themselves are compared.
    let above = all_live.iter().find(|l| master(agreement) == Some(l.agreement.number.as_str()));
    let above = above.and_then(|l| l.agreement.latest().compiled.terms.term.as_ref());
    let own = above.is_none_or(|above| above.then != term.then);
    if let Some((_, next)) = term.then.contract_year(today).filter(|_| own) {
        let pack = terms.meters.iter().any(|m| matches!(m.then.form, MeterForm::TicketPack { .. }));
        let what = if pack {
            lang.t(
                "Nouvelle année contractuelle : le carnet repart à neuf",
                "New contract year: the pack starts afresh",
            )
        } else {
            lang.t("Nouvelle année contractuelle", "New contract year")
        };
        all.push((
            next,
            what.to_string(),
            because(
                "L’année contractuelle court de date à date.",
                "The contract year runs from date to date.",
            ),
        ));
    }
    if let Some(day) = notice_by(term).filter(|_| own) {
        all.push((
            day,
            lang.t("Dernier jour du préavis de non-reconduction", "Last day to give notice of non-renewal")
                .to_string(),
            because(
                "Préavis compté à rebours de la fin de la période.",
                "Notice counted back from the end of the period.",
            ),
        ));
    }
    if let Some(end) = term.then.end().filter(|_| own) {
        all.push((
            end,
            lang.t("Fin de la période initiale", "End of the initial period").to_string(),
            because("Durée comptée à partir de la prise d’effet.", "Length counted from the start."),
        ));
    }
    all.sort_by_key(|(day, _, _)| *day);
    all.into_iter()
        .filter(|(day, _, _)| *day >= today)
        .map(|(date, what, reason)| {
            let days = today.until(date).map_or(0, |s| i64::from(s.get_days()));
            let tone = if days <= 30 { Tone::Warning } else { Tone::Quiet };
            Deadline { date, what, reason, tone, distance: distance(days, lang) }
        })
        .collect()
}

fn distance(days: i64, lang: Lang) -> String {
    match (days, lang) {
        (0, _) => lang.t("aujourd’hui", "today").into(),
        (1, _) => lang.t("demain", "tomorrow").into(),
        (2..=60, Lang::Fr) => format!("dans {days} jours"),
        (2..=60, Lang::En) => format!("in {days} days"),
        (_, Lang::Fr) => format!("dans {} mois", days / 30),
        (_, Lang::En) => format!("in {} months", days / 30),
    }
}
