//! Money: the meters, the running month, closing one that has ended.

use std::sync::Arc;

use app::agreements::{Agreement, Agreements};
use app::month::{Closed, MoneyPage};
use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::{Because, Fraction};
use engines::billing::{self, LineKind, MonthStatement};
use engines::entitlement::{Form, MeterState};
use engines::objective::{ObjectiveResult, Standing, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::chart::BurnDown;
use crate::design::{CustomerRef, Lang, format};
use crate::http::{Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::money::{
    AvailabilityRow, Cap, CloseForm, ClosedMonth, CommitmentResult, InvoiceLine, Month, MonthState,
    ObjectiveVerdict, PenaltyLine, View, page, path,
};
use crate::pages::shared::{Meter, Other};
use crate::pages::statement;

/// Closed months of a page.
const ROWS: usize = 24;

/// Which contract's money, and from which closed month.
#[derive(Deserialize, Default)]
pub struct Asked {
    contract: Option<String>,
    /// The last closed month of the page before.
    before: Option<Date>,
}

/// The contract asked for, or else the customer's main one; any other name is not found, as if its
/// page did not exist.
pub(super) fn chosen(
    agreements: &Agreements,
    customer: &CustomerRef,
    asked: Option<&str>,
) -> Result<Option<String>, AppError> {
    match asked.filter(|number| !number.is_empty()) {
        Some(number) => Ok(Some(agreements.by_number(number)?.number.clone())),
        None => Ok(customer.contract.clone()),
    }
}

/// The contracts of a customer, for the tabs of a page that shows one.
pub fn tabs(agreements: &Agreements, shown: &Agreement) -> Vec<Other> {
    let tab = |c: &Arc<Agreement>| Other { number: c.number.clone(), current: c.id == shown.id };
    agreements.contracts.iter().map(tab).collect()
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, before) = (reader.clone(), asked.before);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeMoney)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let number = chosen(&agreements, &customer, asked.contract.as_deref())?;
        let money = app.money(&permit, number.as_deref())?;
        let others = tabs(&agreements, &money.agreement);
        let names = app.actor_names(permit.customer())?;
        Ok((customer, money, others, names))
    });
    let (customer, money, others, names) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let zone = money.agreement.latest().compiled.terms.zone.clone();
    let at = words::in_zone(money.at, &zone);
    let may_close = reader.may(&customer, Act::CloseMonth);
    let close = money.next_to_close.filter(|_| may_close);
    let name = |id: &base::id::AccountId| names.get(id).cloned().unwrap_or_default();
    let mut closed = closed(&money, &customer, &zone, &name);
    closed.retain(|month| before.is_none_or(|before| month.month < before));
    let more = closed.len() > ROWS;
    closed.truncate(ROWS);
    let here = path(&customer, &money.agreement.number, None);
    let more = closed.last().filter(|_| more).map(|last| last.month);
    let joint = if here.contains('?') { '&' } else { '?' };
    let pages =
        (before.map(|_| format!("{here}#closed")), more.map(|m| format!("{here}{joint}before={m}#closed")));
    let view = View {
        contract: money.agreement.number.clone(),
        others,
        meters: meters(&money, &customer, lang),
        month: Some(month(&money.running, MonthState::Provisional(at), &money.agreement, &customer, lang)),
        closed,
        pages,
        close: close.map(|month| CloseForm { month, key: fresh_key(), obstacles: Vec::new() }),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

/// A month as it was closed, or the one to close as it would be.
pub async fn statement(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, key)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (again, wanted) = (reader.clone(), parse_month(&key).map_err(failed(&reader))?);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeMoney)?;
        let (now, agreements) = (app.now(), app.vault(permit.customer())?.agreements()?);
        let number = chosen(&agreements, &customer, asked.contract.as_deref())?;
        let agreement = agreements.choose(number.as_deref(), now)?;
        let (number, zone) = (&agreement.number, &agreement.latest().compiled.terms.zone);
        if let Some(draft) = app.draft(&permit, Some(number), wanted)? {
            let state = MonthState::Provisional(words::in_zone(now, zone));
            return Ok((customer, agreement.clone(), draft, state));
        }
        let found = app.statement(&permit, Some(number), wanted)?;
        let at = Timestamp::from_microsecond(found.closed.figures.at).unwrap_or_default();
        let state = MonthState::Closed(words::in_zone(at, zone));
        Ok((customer, agreement.clone(), found.statement, state))
    });
    let (customer, agreement, found, state) = read.await.map_err(failed(&reader))?;
    let open = matches!(state, MonthState::Provisional(_)) && reader.may(&customer, Act::CloseMonth);
    let view = statement::View {
        contract: agreement.number.clone(),
        month: month(&found, state, &agreement, &customer, reader.visitor.lang),
        close: open.then(|| CloseForm { month: wanted, key: fresh_key(), obstacles: Vec::new() }),
        customer: customer.clone(),
    };
    Ok(html(statement::page(&reader.shell(&web, Some(customer)), &view)))
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    contract: String,
    #[serde(default)]
    month: String,
}

pub async fn close(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Sent>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    let wanted = parse_month(&form.month).map_err(failed(&reader))?;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &to, Act::CloseMonth)?;
        let key = IdempotencyKey::parse(&form.key)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let number = chosen(&agreements, &customer, Some(&form.contract))?;
        let number = agreements.choose(number.as_deref(), app.now())?.number.clone();
        app.close_month(&permit, &key, Some(&number), wanted)?;
        Ok(path(&customer, &number, Some(wanted)))
    });
    let to = done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&to), &flash_cookie("month-closed")))
}

/// `2026-08`, or any day of it.
pub(super) fn parse_month(text: &str) -> Result<Date, AppError> {
    let day = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
    day.parse::<Date>()
        .map(Date::first_of_month)
        .map_err(|_| AppError::invalid("month", "un mois s’écrit 2026-08", "a month is written 2026-08"))
}

/// The meters of a money page, also shown on the customer's own.
pub fn meters(money: &MoneyPage, customer: &CustomerRef, lang: Lang) -> Vec<Meter> {
    let of = |state: &Because<MeterState>| {
        let label = &state.value.meter;
        let days = money.burn_down.iter().find(|(of, _)| of == label).map(|(_, days)| days.as_slice());
        let burnt = Burnt { days: days.unwrap_or_default(), alert_at: money.alert_at(label), at: money.at };
        meter(state, &burnt, &money.agreement, customer, lang)
    };
    money.meters.iter().filter_map(of).collect()
}

/// What is drawn of a meter besides its state.
pub struct Burnt<'a> {
    /// What was left after each day, in units of the meter.
    pub days: &'a [(Date, u32)],
    pub alert_at: Option<u32>,
    pub at: Timestamp,
}

/// A meter as every page shows it; `None` where nothing is used up.
pub fn meter(
    state: &Because<MeterState>,
    burnt: &Burnt<'_>,
    agreement: &Agreement,
    customer: &CustomerRef,
    lang: Lang,
) -> Option<Meter> {
    let m = &state.value;
    let today = agreement.local_date(burnt.at);
    let per_hour = m.form == Form::MaxHours;
    let whole = m.included + m.carried + m.bought;
    let (left, out_of) = match (m.form, lang) {
        // Nothing is used up: there is no burn-down to draw.
        (Form::Unlimited, _) => return None,
        (Form::TicketPack, Lang::Fr) => (m.left.to_string(), format!("sur {whole} tickets restants")),
        (Form::TicketPack, Lang::En) => (m.left.to_string(), format!("of {whole} tickets left")),
        (Form::MaxHours, _) => {
            let all = format::minutes(i64::from(whole), lang);
            let out_of = match lang {
                Lang::Fr => format!("sur {all} restantes"),
                Lang::En => format!("of {all} left"),
            };
            (format::minutes(i64::from(m.left), lang), out_of)
        }
    };
    let scale = |n: u32| if per_hour { i64::from(n) / 60 } else { i64::from(n) };
    let included = scale(whole);
    let days: Vec<(Date, i64)> = burnt.days.iter().map(|(day, left)| (*day, scale(*left))).collect();
    let forecast = match m.forecast_empty_on {
        _ if m.left == 0 => lang
            .t(
                "Le carnet est épuisé : chaque appel décompté est désormais facturé.",
                "The pack is empty: each call counted is now billed.",
            )
            .into(),
        Some(day) => {
            let day = format::date(day, lang);
            format!("{} {day}.", lang.t("À ce rythme, épuisé le", "At this pace, empty on"))
        }
        None => lang
            .t(
                "À ce rythme, il suffit jusqu’à la fin de la période.",
                "At this pace it lasts to the end of the period.",
            )
            .into(),
    };
    let beyond = if m.beyond > 0 {
        let billed = format::money(m.billed.cents, lang);
        let beyond = if per_hour { format::minutes(i64::from(m.beyond), lang) } else { m.beyond.to_string() };
        format!(
            "{beyond} {}, {billed} {}",
            lang.t("au-delà du carnet", "beyond the pack"),
            lang.t("HT", "excl. VAT")
        )
    } else {
        lang.t("Rien n’a été facturé au-delà.", "Nothing was billed beyond it.").into()
    };
    Some(Meter {
        title: lang.t("Carnet d’assistance", "Support pack").into(),
        left,
        out_of,
        chart: BurnDown {
            // Several contracts may each have a meter of one label, on one page.
            id: format!("meter-{}-{}", agreement.number, m.meter),
            title: format!("{} [{}]", lang.t("Compteur", "Meter"), m.meter),
            from: m.period.first,
            to: m.period.last(),
            included,
            left: if days.is_empty() { vec![(today, scale(m.left))] } else { days },
            forecast: m.forecast_empty_on.filter(|_| m.left > 0),
            alert_at: burnt.alert_at.map(scale),
        },
        forecast,
        when_empty: beyond,
        period: (m.period.first, m.period.last()),
        reasons: words::reasons(&state.reasons, Some(customer), lang),
    })
}

pub(super) fn month(
    statement: &Because<MonthStatement>,
    state: MonthState,
    agreement: &Agreement,
    customer: &CustomerRef,
    lang: Lang,
) -> Month {
    let s = &statement.value;
    let reasons = |list: &[base::Reason]| words::reasons(list, Some(customer), lang);
    let cap = s.caps.iter().find(|c| !c.value.waived.is_zero()).or(s.caps.first());
    Month {
        month: s.month,
        state,
        lines: s.lines.iter().map(|l| line(l, customer, lang)).collect(),
        net_cents: s.net.cents,
        vat_cents: s.vat_total.cents,
        gross_cents: s.gross.cents,
        results: s.results.iter().map(|r| result(r, agreement, customer, lang)).collect(),
        availability: s.availability.iter().map(|r| availability(r, customer, lang)).collect(),
        penalties: s
            .penalties
            .iter()
            .map(|p| {
                let (label, href) = penalised(&p.value, customer, lang);
                PenaltyLine { label, href, amount_cents: p.value.amount.cents, reasons: reasons(&p.reasons) }
            })
            .collect(),
        cap: cap.map(|c| {
            let (before, after) =
                (format::money(c.value.before.cents, lang), format::money(c.value.after.cents, lang));
            Cap {
                sentence: match lang {
                    _ if c.value.waived.is_zero() => {
                        lang.t("Plafond : non atteint", "Cap: not reached").into()
                    }
                    Lang::Fr => format!("Plafond : {before} ramenés à {after}"),
                    Lang::En => format!("Cap: {before} brought to {after}"),
                },
                before_cents: c.value.before.cents,
                after_cents: c.value.after.cents,
                reasons: reasons(&c.reasons),
            }
        }),
        penalty_cents: s.penalty_due.cents,
    }
}

/// What a penalty is for, and the page that shows it.
fn penalised(line: &billing::PenaltyLine, customer: &CustomerRef, lang: Lang) -> (String, Option<String>) {
    match (&line.ticket, &line.shortfall) {
        (Some(ticket), _) => {
            let late = format::minutes(words::minutes(line.late_seconds), lang);
            let label = match lang {
                Lang::Fr => format!("Ticket {ticket}, en retard de {late}"),
                Lang::En => format!("Ticket {ticket}, late by {late}"),
            };
            (label, Some(customer.path(&format!("/tickets/{ticket}"))))
        }
        (None, Some(short)) => {
            let core = words::core(lang);
            let (reached, target) =
                (base::lang::percent(core, short.reached), base::lang::percent(core, short.target));
            let label = match lang {
                Lang::Fr => format!("{}, disponible {reached} pour {target} promis", short.service),
                Lang::En => format!("{}, available {reached} for {target} promised", short.service),
            };
            (label, None)
        }
        (None, None) => (line.clause.clone(), None),
    }
}

fn availability(
    result: &Because<engines::availability::AvailabilityResult>,
    customer: &CustomerRef,
    lang: Lang,
) -> AvailabilityRow {
    let r = &result.value;
    let percent = |f| base::lang::percent(words::core(lang), f);
    AvailabilityRow {
        service: r.service.clone(),
        period: format!("{} – {}", format::date(r.period.first, lang), format::date(r.period.last(), lang)),
        reached: r.reached().map(percent),
        target: percent(r.target),
        verdict: verdict(r.verdict, r.standing == Standing::Provisional),
        reasons: words::reasons(&result.reasons, Some(customer), lang),
    }
}

fn verdict(verdict: Verdict, running: bool) -> ObjectiveVerdict {
    match (verdict, running) {
        (Verdict::Kept, false) => ObjectiveVerdict::Met,
        (Verdict::Kept, true) => ObjectiveVerdict::MetSoFar,
        (Verdict::Missed, false) => ObjectiveVerdict::Missed,
        (Verdict::Missed, true) => ObjectiveVerdict::MissedSoFar,
        (Verdict::NothingMeasured, _) => ObjectiveVerdict::NothingToMeasure,
    }
}

fn line(line: &Because<billing::InvoiceLine>, customer: &CustomerRef, lang: Lang) -> InvoiceLine {
    let l = &line.value;
    let share = match l.share {
        Some(share) if !share.is_whole() => format!(" × {}/{}", share.days, share.of),
        _ => String::new(),
    };
    let label = l.title.get(words::core(lang)).to_owned();
    InvoiceLine {
        label: match l.kind {
            LineKind::Adjustment => format!("{label} ({})", lang.t("régularisation", "adjustment")),
            _ => label,
        },
        quantity: format!("{}{share}", words::decimal(l.quantity, lang)),
        unit_price_cents: l.unit_price.cents,
        amount_cents: l.net.cents,
        tickets: l.tickets.iter().map(|n| (n.clone(), customer.path(&format!("/tickets/{n}")))).collect(),
        reasons: words::reasons(&line.reasons, Some(customer), lang),
    }
}

fn result(
    result: &Because<ObjectiveResult>,
    agreement: &Agreement,
    customer: &CustomerRef,
    lang: Lang,
) -> CommitmentResult {
    let r = &result.value;
    // The text that ran on the period's last day.
    let terms = agreement.history.at(r.period.last()).map(|version| &version.terms);
    let rule = terms.and_then(|t| t.objectives.iter().find(|o| o.label() == r.objective));
    let scope = rule.zip(terms).map(|(o, t)| contract::scope(words::core(lang), &o.when, t));
    let hundredths = |f: Fraction| {
        i64::try_from((f * Fraction::from_integer(10_000)).floor().to_integer()).unwrap_or(i64::MAX)
    };
    let running = r.standing == Standing::Provisional;
    CommitmentResult {
        promise: rows::promise(r.promise),
        scope: scope
            .filter(|s| !s.is_empty())
            .unwrap_or_else(|| lang.t("tous les tickets", "all tickets").into()),
        period: format!("{} – {}", format::date(r.period.first, lang), format::date(r.period.last(), lang)),
        in_time: u64::from(r.kept),
        counted: u64::from(r.measured),
        rate: r.reached().map(hundredths),
        objective: base::lang::percent(words::core(lang), r.rate),
        verdict: verdict(r.verdict, running),
        reasons: words::reasons(&result.reasons, Some(customer), lang),
    }
}

fn closed(
    money: &MoneyPage,
    customer: &CustomerRef,
    zone: &str,
    name: &dyn Fn(&base::id::AccountId) -> String,
) -> Vec<ClosedMonth> {
    let one = |c: &Closed| {
        let f = &c.figures;
        let at = Timestamp::from_microsecond(f.at).unwrap_or_default();
        let month = format!("{}-01", f.month).parse().ok()?;
        Some(ClosedMonth {
            month,
            closed: words::in_zone(at, zone),
            closed_by: name(&f.by),
            net_cents: f.net.cents,
            penalty_cents: f.penalty.cents,
            journal_entry: c.seq,
            href: path(customer, &money.agreement.number, Some(month)),
        })
    };
    money.closed.iter().rev().filter_map(one).collect()
}
