//! Signing a contract in the browser: the reader for one party, somebody else for the other.

use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::sign_in::not_heard;
use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::signature::{View, page};

pub async fn form(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let view = blank(&web, &reader, slug, &Sent::default()).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

async fn blank(web: &State, reader: &Reader, slug: String, sent: &Sent) -> Result<View, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| place(app, &again, &slug, Act::SignContract).map(|p| p.customer));
    let customer: CustomerRef = read.await.map_err(failed(reader))?;
    Ok(View {
        customer,
        key: fresh_key(),
        file: sent.file.clone(),
        text: sent.text.clone(),
        email: sent.email.clone(),
        for_provider: reader.principal.role.is_provider(),
        diagnostics: None,
        problem: None,
    })
}

#[derive(Deserialize, Default)]
pub struct Sent {
    #[serde(default)]
    key: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

pub async fn sign(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Sent>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    // Browsers send line ends as CR LF; what is signed has the file's own, so that its hash is the file's.
    let text = form.text.replace("\r\n", "\n");
    let file =
        if form.file.trim().is_empty() { "contrat.md".to_owned() } else { form.file.trim().to_owned() };
    let (again, to) = (reader.clone(), slug.clone());
    let (key, email) = (form.key.clone(), form.email.clone());
    let (password, code) = (form.password.clone(), form.code.clone());
    let signed = web.run_checking_password_of(&form.email, move |app| {
        let Place { permit: mine, .. } = place(app, &again, &to, Act::SignContract)?;
        let key = IdempotencyKey::parse(&key)?;
        let other = app.authenticate(&again.visitor.client, &email, &password, Some(&code))?;
        let theirs = other.permit(Act::SignContract, mine.customer())?;
        let (provider, customer) =
            if again.principal.role.is_provider() { (mine, theirs) } else { (theirs, mine) };
        app.sign_contract_once(&provider, &customer, &key, &file, &text)
    });
    let lang = reader.visitor.lang;
    let (problem, diagnostics, status) = match signed.await {
        Ok(signed) => {
            let to = format!("/c/{slug}/contracts/{}", words::query_encode(&signed.number));
            return Ok(with_cookie(see_other(&to), &flash_cookie("signed")));
        }
        Err(AppError::DoesNotCompile { fr, en }) => {
            let problem = lang.t(
                "Le texte ne compile pas : rien n’est signé.",
                "The text does not compile: nothing is signed.",
            );
            let shown = match lang {
                Lang::Fr => fr,
                Lang::En => en,
            };
            (String::from(problem), Some(shown), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(AppError::Busy) => {
            let (problem, status) = not_heard(&web, &reader.visitor, &form.email);
            (problem, None, status)
        }
        // Wrong credentials and a person without the right to sign are told alike.
        Err(AppError::Unauthenticated | AppError::NotFound) => {
            let problem = lang.t(
                "L’autre signataire n’est pas reconnu, ou ne peut pas signer pour sa partie.",
                "The other signatory is not recognised, or may not sign for their party.",
            );
            (String::from(problem), None, StatusCode::FORBIDDEN)
        }
        Err(AppError::Refused(refusal)) => {
            (refusal.text.get(words::core(lang)).to_owned(), None, StatusCode::CONFLICT)
        }
        Err(AppError::Invalid(invalid)) => {
            let text = format!("{} : {}", invalid.field, invalid.text.get(words::core(lang)));
            (text, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => return Err(failed(&reader)(error)),
    };
    let mut view = blank(&web, &reader, slug, &form).await?;
    (view.problem, view.diagnostics) = (Some(problem), diagnostics);
    let shell = reader.shell(&web, Some(view.customer.clone()));
    Ok((status, html(page(&shell, &view))).into_response())
}
