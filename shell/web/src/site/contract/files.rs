//! A contract as files: what was signed byte for byte, and the same on paper.

use app::agreements::Agreement;
use app::signatures::Signature;
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use terms::PartyRole;

use crate::http::{ContractOrder, Failure, NotPrinted, Order, Reader, Signed, State};
use crate::pages::errors;
use crate::site::{Place, failed, place, words};

/// When to come back for a print that others wait for: one takes a few seconds.
const COME_BACK: HeaderValue = HeaderValue::from_static("10");

#[derive(Deserialize)]
pub struct Which {
    pub version: Option<u32>,
}

/// What was signed, byte for byte: the contract's own text, or an amendment's.
pub async fn text(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::SeeContract)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let agreement = agreements.by_number(&number)?;
        let wanted = which.version.unwrap_or(1);
        let signed = agreement.texts.iter().find(|t| t.row.version == wanted).ok_or(AppError::NotFound)?;
        Ok((signed.text.clone(), format!("{number}-v{wanted}.md")))
    });
    let (text, name) = read.await.map_err(failed(&reader))?;
    Ok(file("text/markdown; charset=utf-8", &name, text.into_bytes()))
}

/// The contract on paper as of a version, the one in force unless another is asked for; it does not exist
/// where nothing lays it out.
pub async fn pdf(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    if web.printer.is_none() {
        return Err(failed(&reader)(AppError::NotFound));
    }
    let again = reader.clone();
    let core = words::core(reader.visitor.lang);
    let read = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::SeeContract)?;
        let agreement = app.vault(permit.customer())?.agreements()?.by_number(&number)?.clone();
        let version = match which.version {
            Some(wanted) => agreement.texts.iter().position(|t| t.row.version == wanted),
            None => Some(in_force(&agreement, app.now())),
        };
        let version = version.ok_or(AppError::NotFound)?;
        let on = agreement.local_date(app.now());
        let signatures = app.signatures(&permit, &number)?;
        let signed = signatures.get(version).map(|s| signed(&agreement, version, s, core));
        let name = format!("{number}-v{}.pdf", agreement.texts[version].row.version);
        let signatures = signed.unwrap_or_default();
        Ok((ContractOrder { agreement, version, lang: core, on, signatures }, name))
    });
    let (order, name) = read.await.map_err(failed(&reader))?;
    printed(&web, &reader, Order::Contract(order), &name).await
}

/// What the printer was asked for, as a file of that name; not found where nothing lays it out.
pub async fn printed(web: &State, reader: &Reader, order: Order, name: &str) -> Result<Response, Failure> {
    let Some(printer) = web.printer.clone() else { return Err(failed(reader)(AppError::NotFound)) };
    match printer.print(order).await {
        Ok(pdf) => Ok(file("application/pdf", name, pdf.to_vec())),
        Err(NotPrinted::Busy) => Ok(come_back(reader)),
        Err(NotPrinted::Fault(error)) => Err(failed(reader)(error)),
    }
}

/// The place of the text in force; the first before its day.
fn in_force(agreement: &Agreement, now: jiff::Timestamp) -> usize {
    let hash = agreement.in_force(now).map(|v| v.hash.as_str()).unwrap_or_default();
    agreement.texts.iter().position(|t| t.row.version_hash == hash).unwrap_or(0)
}

fn signed(agreement: &Agreement, version: usize, told: &Signature, lang: base::Lang) -> Vec<Signed> {
    let at = base::lang::date_time(lang, &told.at.to_zoned(agreement.zone().clone()));
    let hash = &agreement.texts[version].row.text_hash;
    let one = |s: &app::signatures::Signer| Signed {
        role: if s.provider { PartyRole::Provider } else { PartyRole::Customer },
        name: s.name.clone(),
        at: lang.t(format!("le {at}"), format!("on {at}")),
        hash: hash.clone(),
    };
    told.signers.iter().map(one).collect()
}

fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    // The number was found among the signed ones; quotes in it cannot be.
    let name = name.replace(['"', '\\', '\r', '\n'], "_");
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    (headers, bytes).into_response()
}

/// 503: others are being printed for (RFC 9110, 15.6.4).
fn come_back(reader: &Reader) -> Response {
    let lang = reader.visitor.lang;
    let refusal = words::plain_refusal(
        lang.t("D’autres impressions attendent déjà.", "Other prints are already waited for.").into(),
        lang.t("Revenez dans dix secondes : rien n’est perdu.", "Come back in ten seconds: nothing is lost.")
            .into(),
    );
    let page = errors::page(&reader.visitor.shell(), &errors::View::Refused(refusal));
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, Html(page.into_string())).into_response();
    response.headers_mut().insert(RETRY_AFTER, COME_BACK);
    response
}
