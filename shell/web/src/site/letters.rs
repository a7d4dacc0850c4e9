//! In whose name letters leave for a customer's people.

use app::mail::Identity;
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, words};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::letters::{View, page};
use crate::pages::shared::Refusal;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    drawn(&web, &reader, slug, None).await
}

/// The page, with what was typed in vain and why.
async fn drawn(
    web: &State,
    reader: &Reader,
    slug: String,
    tried: Option<(Identity, Refusal)>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let keeps = app.permit_instance(&again.principal, Act::ManageMail)?;
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let own = app.sender_of(permit.customer()).map(str::to_owned);
        let from = own.or_else(|| app.mail_settings().map(|mail| mail.from.email.clone()));
        Ok((customer, app.mail_identity(&keeps, permit.customer())?, from))
    });
    let (customer, kept, from) = read.await.map_err(failed(reader))?;
    let (identity, refused) = match tried {
        Some((identity, refusal)) => (identity, Some(refusal)),
        None => (kept, None),
    };
    let view = View {
        name: identity.name,
        signature: identity.signature,
        from,
        key: fresh_key(),
        refused,
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(web, Some(customer)), &view)))
}

#[derive(Clone, Deserialize)]
pub struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    signature: String,
}

/// `POST /c/{customer}/letters`
pub async fn save(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let identity = Identity { name: form.name, signature: form.signature.replace("\r\n", "\n") };
    let (again, to, asked) = (reader.clone(), slug.clone(), identity.clone());
    let done = web.run(move |app| {
        let keeps = app.permit_instance(&again.principal, Act::ManageMail)?;
        let Place { permit, .. } = place(app, &again, &to, Act::SeeTickets)?;
        app.set_mail_identity(&keeps, permit.customer(), &asked)
    });
    match done.await {
        Ok(()) => Ok(with_cookie(see_other(&format!("/c/{slug}/letters")), &flash_cookie("letters-saved"))),
        Err(AppError::Invalid(invalid)) => {
            let refusal = words::invalid(&invalid, reader.visitor.lang);
            let drawn = drawn(&web, &reader, slug, Some((identity, refusal))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}
