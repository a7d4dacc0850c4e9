//! `/customers/{customer}/money` and `/months`: the month as it would close today, and those closed.

mod statement;

use app::month::{Closed, Statement as ClosedStatement};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::calls::Meter;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Money, answer, ask};
use super::{API, instant};
use crate::http::State;

pub(super) use statement::Statement;

ask! {
    /// Which contract.
    ContractQuery {
        /// Its number; may be left out while one contract only is in force.
        contract: Option<String>,
    }

    /// Which contract's month to close.
    CloseAsk {
        /// Its number; may be left out while one contract only is in force.
        contract: Option<String>,
    }
}

answer! {
    /// The figures of a closed month, as the journal holds them.
    ClosedMonth {
        /// `2026-08`.
        month: String,
        closed: Timestamp,
        /// SHA-256 of the statement, which the journal entry holds.
        statement_hash: String,
        net: Money,
        vat: Money,
        gross: Money,
        penalty: Money,
        /// What the caps took off the penalty.
        waived: Money,
        payable: Money,
        /// Its journal entry.
        entry: u64,
    }

    /// The money of a contract, as of now.
    MoneyRead {
        /// The contract's number.
        contract: String,
        at: Timestamp,
        /// The running month as it would close now: provisional.
        running: Statement,
        meters: Vec<Meter>,
        /// Oldest first.
        closed: Vec<ClosedMonth>,
        /// The first month that has ended and is not closed.
        next_to_close: Option<String>,
    }

    /// A month closed, with its statement.
    MonthRead {
        figures: ClosedMonth,
        statement: Statement,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/money", "getMoney", "money", money)
            .about(
                "Le mois en cours, comme il se clorait maintenant",
                "The running month, as it would close now",
            )
            .query(ContractQuery::properties)
            .gives::<MoneyRead>(),
        Operation::post("/customers/{customer}/months/{month}/close", "closeMonth", "money", close)
            .about("Clore un mois terminé", "Close a month that has ended")
            .may_take::<CloseAsk>(|| {
                vec![("only", json!({})), ("chosen", json!({ "contract": "CTR-2026-001" }))]
            })
            .gives::<MonthRead>(),
        Operation::get("/customers/{customer}/months/{month}", "getMonth", "money", show)
            .about("Le décompte d'un mois clos", "The statement of a closed month")
            .query(ContractQuery::properties)
            .gives::<MonthRead>(),
    ]
}

async fn money(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
    Parameters(query): Parameters<ContractQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeMoney)?;
            let page = app.money(&permit, query.contract.as_deref())?;
            Ok(Reply::json(&MoneyRead {
                contract: page.agreement.number.clone(),
                at: page.at,
                running: page.running.into(),
                meters: page.meters.into_iter().map(Meter::from).collect(),
                closed: page.closed.into_iter().map(ClosedMonth::from).collect(),
                next_to_close: page.next_to_close.map(engines::period::month_key),
            }))
        })
        .await
}

async fn close(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, month)): At<(String, String)>,
    body: Option<Entity<CloseAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::CloseMonth)?;
            let month = first_day(&month)?;
            let contract = match &body {
                Some(body) => body.read()?.contract,
                None => None,
            };
            let done = app.close_month(&permit, &key, contract.as_deref(), month)?;
            let answer = MonthRead::from(done);
            let location = format!("{API}/customers/{customer}/months/{}", answer.figures.month);
            Ok(Reply::created(&answer, location))
        })
        .await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, month)): At<(String, String)>,
    Parameters(query): Parameters<ContractQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeMoney)?;
            let statement = app.statement(&permit, query.contract.as_deref(), first_day(&month)?)?;
            Ok(Reply::json(&MonthRead::from(statement)))
        })
        .await
}

/// `2026-08` as its first day; anything else in that place is no month.
pub(super) fn first_day(month: &str) -> Result<Date, AppError> {
    let digits = month.bytes().filter(u8::is_ascii_digit).count();
    if month.len() != 7 || digits != 6 || month.as_bytes().get(4) != Some(&b'-') {
        return Err(AppError::NotFound);
    }
    format!("{month}-01").parse().map_err(|_| AppError::NotFound)
}

impl From<Closed> for ClosedMonth {
    fn from(closed: Closed) -> ClosedMonth {
        let figures = closed.figures;
        ClosedMonth {
            month: figures.month,
            closed: instant(figures.at),
            statement_hash: figures.statement_hash,
            net: figures.net.into(),
            vat: figures.vat.into(),
            gross: figures.gross.into(),
            penalty: figures.penalty.into(),
            waived: figures.waived.into(),
            payable: figures.payable.into(),
            entry: closed.seq,
        }
    }
}

impl From<ClosedStatement> for MonthRead {
    fn from(done: ClosedStatement) -> MonthRead {
        MonthRead { figures: done.closed.into(), statement: done.statement.into() }
    }
}
