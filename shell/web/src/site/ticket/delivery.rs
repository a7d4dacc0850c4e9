//! A delivery on its ticket's page, and everything done to it.

use app::ticket::delivery::{DeliveryCommand, DeliveryPage, EstimateTold};
use app::ticket::{StepCommand, TicketPage};
use app::{Act, AppError, Side};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use engines::delivery::{Came, Piece, Stage, Verdict, need_in_words};
use engines::kinds::Kind;
use events::DeliveryTold;
use jiff::civil::Date;
use terms::Terms;

use super::super::words;
use super::step::{Of, Sent, step};
use crate::design::components::{Choice, Tone};
use crate::design::{CustomerRef, Lang, format};
use crate::http::{CheckedForm, Failure, Reader, State};
use crate::pages::ticket::delivery::{Book, Delivery, DeliveryAct, Estimate, Need, Verification};

/// The delivery as its page shows it; `None` for a ticket of another kind, or before anything is to be told.
pub(super) fn part(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    terms: &Terms,
) -> Option<Delivery> {
    let page = found.delivery.as_ref()?;
    let (lang, zone) = (reader.visitor.lang, terms.zone.as_str());
    let why = |reasons: &[base::Reason]| words::reasons(reasons, Some(customer), lang);
    let standing = &page.standing;
    let (stage, tone) = stage(page, lang);
    let closes = standing.stage == Stage::Declined || found.ticket.state == app::ticket::State::Resolved;
    let delivered = page.presented.is_some();
    Some(Delivery {
        stage,
        tone: Some(tone),
        estimate: page.estimate.as_ref().map(|e| estimate(e, page, zone, customer, lang)),
        book: page.book.as_ref().map(|book| {
            let told = &book.ledger.value.book;
            let [left, bought, committed] =
                [told.left, told.bought + told.carried, told.committed].map(|n| words::decimal(n, lang));
            let ordered = match told.committed.numer() {
                0 => String::new(),
                _ => format!(", {} {committed}", lang.t("dont commandées :", "of which ordered:")),
            };
            Book {
                sentence: match lang {
                    Lang::Fr => {
                        format!("Carnet\u{a0}: {left} unités d’œuvre restantes sur {bought}{ordered}.")
                    }
                    Lang::En => format!("Book: {left} work units left of {bought}{ordered}."),
                },
                alert: told.alert,
                reasons: why(&book.ledger.reasons),
            }
        }),
        steps: standing.steps.iter().map(|step| verification(step, zone, lang)).collect(),
        needs: match delivered {
            true => needs(page, lang),
            false => Vec::new(),
        },
        declare: (delivered && !found.merged && may_declare(reader, customer, terms)).then(|| {
            let (number, contract) = (found.ticket.number, format::query(&found.agreement.number));
            let query = format!("kind=corrective&tie=defect_of&from={number}&contract={contract}");
            customer.path(&format!("/tickets/new?{query}"))
        }),
        warranty_until: standing.warranty_until.map(|at| words::in_zone(at, zone)),
        reasons: if delivered { why(&standing.reasons) } else { Vec::new() },
        to_close: if closes || !delivered { Vec::new() } else { why(&standing.to_close) },
        acts: if found.merged || !found.ticket.state.is_open() {
            Vec::new()
        } else {
            acts(reader, customer, page, lang)
        },
    })
}

/// Whether the reader opens tickets here, and the contract has defects mended.
fn may_declare(reader: &Reader, customer: &CustomerRef, terms: &Terms) -> bool {
    let mended = engines::kinds::offered(terms, reader.principal.role.is_provider());
    reader.may(customer, Act::OpenTicket)
        && reader.principal.role.side() != Side::ThirdParty
        && mended.iter().any(|kind| kind.value == Kind::Corrective)
}

fn estimate(
    told: &EstimateTold,
    page: &DeliveryPage,
    zone: &str,
    customer: &CustomerRef,
    lang: Lang,
) -> Estimate {
    let title = |code: &str| {
        let known = page.book.iter().flat_map(|b| &b.catalogue).find(|(c, ..)| c == code);
        known.map_or_else(|| code.to_owned(), |(_, title, _)| title.clone())
    };
    let (units, price) = (words::decimal(told.units, lang), format::money(told.price.cents, lang));
    Estimate {
        pieces: told.pieces.iter().map(|p| format!("{}\u{a0}× {}", p.count, title(&p.code))).collect(),
        total: match lang {
            Lang::Fr => format!("{units} UO, {price} HT"),
            Lang::En => format!("{units} units, {price} excl. VAT"),
        },
        until: told.until.map(|day| format::full_date(day, lang)),
        ordered: page.ordered.map(|at| words::in_zone(at, zone)),
        body: told.body.clone(),
        reasons: words::reasons(&told.reasons, Some(customer), lang),
    }
}

fn stage(page: &DeliveryPage, lang: Lang) -> (String, Tone) {
    let name = |nth: usize| page.standing.steps.get(nth).map_or("", |step| step.name.as_str());
    match page.standing.stage {
        Stage::ToEstimate => (lang.t("À chiffrer", "To be estimated").into(), Tone::Quiet),
        Stage::Estimated => (lang.t("Chiffrage à commander", "Estimate to be ordered").into(), Tone::Warning),
        Stage::Lapsed => (lang.t("Chiffrage échu", "Estimate lapsed").into(), Tone::Bad),
        Stage::Declined => (lang.t("Sans suite", "Not pursued").into(), Tone::Quiet),
        Stage::ToDeliver => (lang.t("À livrer", "To be delivered").into(), Tone::Active),
        Stage::Accepting(nth) => (
            format!("{} {}", lang.t("Recette en cours :", "Acceptance under way:"), name(nth)),
            Tone::Warning,
        ),
        Stage::Refused(nth) => (format!("{} {}", lang.t("Refusée en", "Refused at"), name(nth)), Tone::Bad),
        Stage::ToProduction => {
            (lang.t("À mettre en production", "To be put into production").into(), Tone::Active)
        }
        Stage::Warranty => (lang.t("Acceptée, sous garantie", "Accepted, under warranty").into(), Tone::Good),
        Stage::Done => (lang.t("Acceptée", "Accepted").into(), Tone::Good),
    }
}

fn verification(step: &engines::delivery::Verification, zone: &str, lang: Lang) -> Verification {
    let (state, told, tone, at): (String, String, Tone, _) = match (&step.outcome, step.begins) {
        (None, None) => (lang.t("à venir", "to come").into(), String::new(), Tone::Quiet, None),
        (None, Some(_)) => (
            lang.t("en cours", "under way").into(),
            lang.t("réponse attendue avant le", "answer awaited by").into(),
            Tone::Warning,
            step.ends,
        ),
        (Some(outcome), _) => {
            let tone = match outcome.verdict {
                Verdict::Accepted => Tone::Good,
                Verdict::WithReserves => Tone::Warning,
                Verdict::Refused => Tone::Bad,
            };
            let told = match outcome.came {
                Came::Given => lang.t("le", "on"),
                Came::BySilence => lang.t("par silence le", "by silence on"),
            };
            let name = outcome.verdict.name();
            (name.get(words::core(lang)).to_owned(), told.into(), tone, Some(outcome.at))
        }
    };
    Verification {
        name: step.name.clone(),
        state,
        told,
        tone,
        begins: step.begins.map(|at| words::in_zone(at, zone)),
        ends: at.map(|at| words::in_zone(at, zone)),
    }
}

fn needs(page: &DeliveryPage, lang: Lang) -> Vec<Need> {
    let core = words::core(lang);
    let reference = |need: &str| page.shown.iter().find(|(n, _)| n == need).map(|(_, r)| r.clone());
    let each = page.standing.needs.iter().map(|(need, there)| Need {
        what: need_in_words(core, need).to_owned(),
        there: *there,
        reference: reference(need),
    });
    each.collect()
}

/// What this reader may do to it now, what is expected next first.
fn acts(reader: &Reader, customer: &CustomerRef, page: &DeliveryPage, lang: Lang) -> Vec<DeliveryAct> {
    let may = |act: Act| reader.may(customer, act);
    let writes_down = reader.principal.role.is_provider();
    let stage = page.standing.stage;
    let entry = page.estimate.as_ref().map(|e| e.entry);
    let mut acts = Vec::new();
    if may(Act::AgreePrice)
        && stage == Stage::Estimated
        && let Some(estimate) = entry
    {
        acts.push(DeliveryAct::Order { estimate, writes_down });
    }
    let step = |nth: usize| page.standing.steps.get(nth);
    if may(Act::AcceptDelivery)
        && let Some(presented) = page.presented
        && let Stage::Accepting(nth) | Stage::Refused(nth) = stage
        && let Some(step) = step(nth)
    {
        let late = matches!(stage, Stage::Refused(_));
        let silent = step.outcome.as_ref().is_some_and(|o| o.came == Came::BySilence);
        if !late || silent {
            acts.push(DeliveryAct::Decide { presented, step: step.name.clone(), writes_down, late });
        }
    }
    if may(Act::WorkOnTicket) {
        if page.presented.is_some() && !page.standing.needs.is_empty() {
            let missing = page.standing.needs.iter().filter(|(need, there)| !there && need != "accepted");
            let missing: Vec<Choice> = missing
                .map(|(need, _)| Choice::new(need.clone(), need_in_words(words::core(lang), need)))
                .collect();
            let before_production = matches!(stage, Stage::Accepting(0) | Stage::ToProduction);
            if before_production && page.standing.to_production.is_empty() {
                acts.push(DeliveryAct::Produce);
            } else if before_production && !missing.is_empty() {
                acts.push(DeliveryAct::Show { needs: missing });
            }
        }
        if matches!(stage, Stage::ToDeliver | Stage::Refused(_)) {
            acts.push(DeliveryAct::Present { again: page.presented.is_some() });
        }
    }
    if may(Act::MakeQuote)
        && page.presented.is_none()
        && page.ordered.is_none()
        && let Some(book) = &page.book
    {
        let catalogue = book.catalogue.iter().map(|(code, title, weight)| {
            let units = words::decimal(*weight, lang);
            let label = match lang {
                Lang::Fr => format!("{code}, {title}\u{a0}: {units} UO"),
                Lang::En => format!("{code}, {title}: {units} units"),
            };
            (code.clone(), label)
        });
        acts.push(DeliveryAct::Estimate { catalogue: catalogue.collect(), again: entry.is_some() });
    }
    let ordered = page.ordered.is_some();
    let declinable = matches!(stage, Stage::ToEstimate | Stage::Estimated | Stage::Lapsed)
        || (stage == Stage::ToDeliver && ordered);
    if may(Act::AgreePrice) && declinable {
        acts.push(DeliveryAct::Decline { estimate: entry, ordered });
    }
    acts
}

/// The counts of an estimate: each line of the catalogue bears its code in its name.
fn pieces(sent: &Sent) -> Result<Vec<Piece>, AppError> {
    let counted = sent.beginning("count-").filter(|(_, value)| !value.is_empty());
    let piece = |(code, value): (&str, &str)| {
        let count = value.parse().map_err(|_| {
            AppError::invalid("pieces", "des nombres entiers de livraisons", "whole numbers of deliveries")
        })?;
        Ok(Piece { code: code.to_owned(), count })
    };
    counted.map(piece).collect()
}

pub async fn act(
    Shared(web): Shared<State>,
    Path(at): Path<(String, u64, String)>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    step(&web, at, checked, Of::Delivery, |_, _, _, name, sent| {
        Ok(StepCommand::Delivery { delivery: asked(name, sent)? })
    })
    .await
}

fn asked(name: &str, form: &Sent) -> Result<DeliveryCommand, AppError> {
    let text = || form.own("text");
    Ok(match name {
        "estimate" => {
            let until = form.some("until").map(|day| day.parse::<Date>()).transpose();
            let until = until.map_err(|_| {
                AppError::invalid("until", "une date\u{a0}: 2026-12-15", "a date: 2026-12-15")
            })?;
            DeliveryCommand::Estimate { pieces: pieces(form)?, until, body: text() }
        }
        // An estimate or a delivery that is not named is none.
        "order" => DeliveryCommand::Order {
            estimate: form.get("estimate").parse().unwrap_or_default(),
            reference: form.some("reference"),
        },
        "decline" => DeliveryCommand::Decline { estimate: form.get("estimate").parse().ok(), why: text() },
        "present" => DeliveryCommand::Present { note: text() },
        "decide" => DeliveryCommand::Decide {
            presented: form.get("presented").parse().unwrap_or_default(),
            step: form.own("step"),
            verdict: Verdict::from_key(form.get("verdict")).ok_or_else(|| {
                AppError::invalid("verdict", "un choix de la liste", "a choice of the list")
            })?,
            note: form.some("text"),
            reference: form.some("reference"),
        },
        "show" => DeliveryCommand::Show { need: form.own("need"), reference: form.own("reference") },
        "produce" => DeliveryCommand::Produce,
        _ => return Err(AppError::NotFound),
    })
}

/// What the conversation says of an act on the delivery, and how grave it is.
pub(super) fn sentence(told: &DeliveryTold, lang: Lang) -> (String, Tone) {
    let (text, tone): (String, Tone) = match told {
        DeliveryTold::Estimated { price, .. } => {
            let price = format::money(price.cents, lang);
            let said = lang.t("a chiffré en unités d’œuvre :", "estimated in work units:");
            (format!("{said} {price} {}", lang.t("HT", "excl. VAT")), Tone::Active)
        }
        DeliveryTold::Ordered { reference: Some(_), .. } => {
            (lang.t("a consigné la commande du client", "recorded the customer’s order").into(), Tone::Good)
        }
        DeliveryTold::Ordered { .. } => (lang.t("a commandé", "ordered it").into(), Tone::Good),
        DeliveryTold::Declined { .. } => (
            lang.t(
                "a décliné le chiffrage, ou retiré la commande",
                "declined the estimate, or withdrew the order",
            )
            .into(),
            Tone::Warning,
        ),
        DeliveryTold::Presented { .. } => {
            (lang.t("a livré pour recette", "delivered it for acceptance").into(), Tone::Active)
        }
        DeliveryTold::Decided { step, verdict, .. } => {
            let name = verdict.name();
            let name = name.get(words::core(lang));
            let tone = match verdict {
                Verdict::Accepted => Tone::Good,
                Verdict::WithReserves => Tone::Warning,
                Verdict::Refused => Tone::Bad,
            };
            (format!("{} {step}{} {name}", lang.t("a prononcé", "answered"), lang.t(" :", ":")), tone)
        }
        DeliveryTold::Shown { need, .. } => {
            let what = need_in_words(words::core(lang), need);
            (format!("{} {what}", lang.t("a consigné :", "recorded:")), Tone::Quiet)
        }
        DeliveryTold::InProduction => {
            (lang.t("a mis en production", "put it into production").into(), Tone::Good)
        }
    };
    (text, tone)
}
