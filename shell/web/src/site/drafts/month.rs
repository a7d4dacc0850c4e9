//! A real month under the text being written: the use case asked, and its answer as the page shows it.

use app::agreements::Agreement;
use app::draft::Checked;
use app::{Act, App, AppError, Permit};
use base::Because;
use contract::diff::{Judged, Money, Moved as Differs, TicketChange};
use engines::billing::{InvoiceLine, PenaltyLine};
use engines::objective::Standing;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{case, sent};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, format};
use crate::http::Reader;
use crate::pages::draft::{Figure, Month, Moved, Ticket};
use crate::site::words;

/// How many months can be tried.
const MONTHS: i32 = 12;

/// The section, and its answer when `posted` asks for it; `None` without a contract or without the right.
pub fn section(
    app: &App,
    reader: &Reader,
    customer: &CustomerRef,
    checked: &Checked,
    today: Date,
    posted: Option<&[(String, String)]>,
) -> Result<Option<Month>, AppError> {
    let Some(base) = checked.amended() else { return Ok(None) };
    if !reader.may(customer, Act::SeeMoney) {
        return Ok(None);
    }
    let lang = reader.visitor.lang;
    let months = months(base, today, lang);
    let mut view =
        Month { chosen: months.first().map(|m| m.value.clone()).unwrap_or_default(), months, result: None };
    let Some(posted) = posted else { return Ok(Some(view)) };
    let wanted = sent(posted, "month");
    if !wanted.is_empty() {
        view.chosen = wanted;
    }
    if sent(posted, "act") == "month" {
        view.result = Some(match view.chosen.parse::<Date>() {
            _ if !checked.is_signable() => Err(lang
                .t(
                    "Corrigez d’abord les erreurs : un mois se compare à un texte qui compile.",
                    "Mend the errors first: a month is compared with a text that compiles.",
                )
                .into()),
            Err(_) => Err(lang.t("Choisissez un mois.", "Choose a month.").into()),
            Ok(month) => {
                let permit = reader.principal.permit(Act::SeeMoney, app.find_customer(&customer.slug)?)?;
                match asked(app, &permit, base, checked, month) {
                    Ok((money, tickets)) => Ok(shown(customer, base, &money, &tickets, lang)),
                    Err(AppError::Invalid(invalid)) => Err(invalid.text.get(words::core(lang)).to_owned()),
                    Err(error) => return Err(error),
                }
            }
        });
    }
    Ok(Some(view))
}

/// The months of a contract that can be tried: the last whole one first, then those before, then the one
/// under way.
pub fn months(contract: &Agreement, today: Date, lang: Lang) -> Vec<Choice> {
    let start = contract.history.versions.first().map_or(today, |v| v.effective.first_of_month());
    let month = |n: i32| today.first_of_month().checked_sub(n.months()).ok();
    let tried = (1..=MONTHS).chain([0]).filter_map(month).filter(|m| *m >= start);
    tried.map(|m| Choice::new(m.to_string(), format::month(m, lang))).collect()
}

fn asked(
    app: &App,
    permit: &Permit,
    base: &Agreement,
    checked: &Checked,
    month: Date,
) -> Result<(Money, Vec<TicketChange>), AppError> {
    let number = Some(base.number.as_str());
    let money = app.what_if_month(permit, number, &checked.compiled, month)?;
    Ok((money, app.what_if_tickets(permit, number, &checked.compiled, month)?))
}

/// What moves, as the page shows it.
pub fn shown(
    customer: &CustomerRef,
    base: &Agreement,
    money: &Money,
    tickets: &[TicketChange],
    lang: Lang,
) -> Moved {
    let total = |what: crate::design::Text, before: base::Money, after: base::Money| Figure {
        what: what.into(),
        before_cents: Some(before.cents),
        after_cents: Some(after.cents),
        total: true,
        reasons: Vec::new(),
    };
    let (was, is) = (&money.before, &money.after);
    let mut figures = vec![
        total(lang.t("Total hors taxes", "Net total"), was.net, is.net),
        total(lang.t("Pénalités dues", "Penalties due"), was.penalty_due, is.penalty_due),
        total(lang.t("Reste à payer", "Left to pay"), was.left_to_pay, is.left_to_pay),
    ];
    figures.extend(money.lines.iter().map(|l| line(l, lang)));
    figures.extend(money.penalties.iter().map(|l| penalty(l, lang)));
    Moved {
        figures,
        tickets: tickets.iter().flat_map(|t| changes(customer, base, t, lang)).collect(),
        provisional: is.standing == Standing::Provisional,
    }
}

fn reasons<T>(moved: &Differs<T>, lang: Lang) -> Vec<crate::design::Reason> {
    let side: Option<&Because<T>> = moved.after.as_ref().or(moved.before.as_ref());
    side.map(|b| words::reasons(&b.reasons, None, lang)).unwrap_or_default()
}

fn line(moved: &Differs<InvoiceLine>, lang: Lang) -> Figure {
    let one = moved.after.as_ref().or(moved.before.as_ref());
    let cents = |side: &Option<Because<InvoiceLine>>| side.as_ref().map(|b| b.value.net.cents);
    Figure {
        what: one.map(|b| b.value.title.get(words::core(lang)).to_owned()).unwrap_or_default(),
        before_cents: cents(&moved.before),
        after_cents: cents(&moved.after),
        total: false,
        reasons: reasons(moved, lang),
    }
}

fn penalty(moved: &Differs<PenaltyLine>, lang: Lang) -> Figure {
    let one = moved.after.as_ref().or(moved.before.as_ref());
    let cents = |side: &Option<Because<PenaltyLine>>| side.as_ref().map(|b| b.value.payable.cents);
    let ticket = one.and_then(|b| b.value.ticket.as_deref());
    Figure {
        what: match ticket {
            Some(ticket) => format!("{} {ticket}", lang.t("Pénalité, ticket", "Penalty, ticket")),
            // A rate missed over a period concerns no ticket alone.
            None => lang.t("Pénalité", "Penalty").into(),
        },
        before_cents: cents(&moved.before),
        after_cents: cents(&moved.after),
        total: false,
        reasons: reasons(moved, lang),
    }
}

fn changes(customer: &CustomerRef, base: &Agreement, change: &TicketChange, lang: Lang) -> Vec<Ticket> {
    let nothing = || (None, lang.t("rien de promis", "nothing promised").into());
    let side = |judged: &Option<Judged>| {
        judged.as_ref().map_or_else(nothing, |j| {
            (j.due.map(|at| at.to_zoned(base.zone().clone())), case::verdict_word(j.verdict, lang))
        })
    };
    let href = customer.path(&format!("/tickets/{}", change.ticket));
    let admission = change.admission.as_ref().map(|a| Ticket {
        number: change.ticket.clone(),
        href: href.clone(),
        what: lang.t("Prise en compte", "Admission").into(),
        before: (None, case::verdict(&a.before.value, lang).1),
        after: (None, case::verdict(&a.after.value, lang).1),
    });
    let promises = change.promises.iter().map(|p| Ticket {
        number: change.ticket.clone(),
        href: href.clone(),
        what: case::promise(p.promise, lang),
        before: side(&p.before),
        after: side(&p.after),
    });
    admission.into_iter().chain(promises).collect()
}
