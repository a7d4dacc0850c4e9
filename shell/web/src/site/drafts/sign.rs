//! Signing from the editor: the reader for their own party, their password asked again.

use app::draft::sign::Outcome;
use app::ticket::IdempotencyKey;
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::sign_in::not_heard;
use super::super::{Place, failed, place, words};
use super::{At, Posted, fill, read, sent};
use crate::http::{CheckedForm, Failure, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::draft as page;

pub async fn sign(
    Shared(web): Shared<State>,
    Path((slug, id)): At,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let despite = sent(&form, "despite");
    let (again, at, posted) = (reader.clone(), (slug.clone(), id.clone()), form);
    let signed = web.run_checking_password_of(&reader.principal.email, move |app| {
        let Place { permit, .. } = place(app, &again, &at.0, Act::SignContract)?;
        let key = IdempotencyKey::parse(&sent(&posted, "key"))?;
        // An open session is not a signature: whoever signs proves again who they are.
        let code = sent(&posted, "code");
        let (client, email) = (&again.visitor.client, &again.principal.email);
        let me = app.authenticate(client, email, &sent(&posted, "password"), Some(&code))?;
        if me.account != again.principal.account {
            return Err(AppError::Unauthenticated);
        }
        let (hash, despite) = (sent(&posted, "hash"), sent(&posted, "despite").replace("\r\n", "\n"));
        let version = sent(&posted, "version").parse().unwrap_or_default();
        app.sign_draft(&permit, &key, app::draft::id(&at.1)?, (version, &hash), &despite)
    });
    let lang = reader.visitor.lang;
    let (problem, status) = match signed.await {
        Ok(Outcome::First) => {
            let to = format!("/c/{slug}/drafts/{id}#signature");
            return Ok(with_cookie(see_other(&to), &flash_cookie("draft-agreed")));
        }
        Ok(Outcome::Both(signed)) => {
            let to = format!("/c/{slug}/contracts/{}", words::query_encode(&signed.number));
            return Ok(with_cookie(see_other(&to), &flash_cookie("signed")));
        }
        Err(AppError::Unauthenticated) => {
            let text = lang.t(
                "Ce mot de passe, ou ce code, n’est pas le vôtre : rien n’est signé.",
                "This password, or this code, is not yours: nothing is signed.",
            );
            (String::from(text), StatusCode::FORBIDDEN)
        }
        Err(AppError::Busy) => not_heard(&web, &reader.visitor, &reader.principal.email),
        Err(AppError::DoesNotCompile { .. }) => {
            let text = lang.t(
                "Le texte ne compile pas : rien n’est signé.",
                "The text does not compile: nothing is signed.",
            );
            (String::from(text), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(AppError::Refused(refusal)) => {
            (refusal.text.get(words::core(lang)).to_owned(), StatusCode::CONFLICT)
        }
        Err(AppError::Invalid(invalid)) => {
            (invalid.text.get(words::core(lang)).to_owned(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => return Err(failed(&reader)(error)),
    };
    let again = reader.clone();
    let read =
        web.run(move |app| read(app, &again, &slug, &id, None, true)).await.map_err(failed(&reader))?;
    let mut view = fill::view(&read, &reader);
    if view.signature.may_sign {
        view.signature.problem = Some(problem);
        view.signature.despite = despite;
    } else {
        view.problem = Some(page::Problem {
            sentence: problem,
            advice: lang.t("Rien n’a été modifié.", "Nothing was changed.").into(),
            conflict: false,
        });
    }
    let shell = reader.shell(&web, Some(read.customer));
    Ok((status, html(page::page(&shell, &view))).into_response())
}
