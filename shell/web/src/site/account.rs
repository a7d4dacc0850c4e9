//! One's own account, and the enrolment of a second factor.

use app::AppError;
use app::accounts::openid::Left;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{failed, passkeys, security, words};
use crate::http::{
    CheckedForm, Entrant, Failure, ProvenEntrantForm, ProvenForm, Reader, State, flash_cookie, html,
    see_other, with_cookie,
};
use crate::pages::account::{Form, SecondFactor, Session, Token, View, page};
use crate::pages::identities::{Tied, Without};
use crate::pages::second_factor;

pub(super) const HERE: &str = "/account";

pub async fn show(Shared(web): Shared<State>, reader: Reader) -> Result<Response, Failure> {
    let view = view(&web, &reader).await?;
    Ok(html(page(&reader.shell(&web, None), &view)))
}

async fn view(web: &State, reader: &Reader) -> Result<View, Failure> {
    let (session, site) = (reader.session.clone(), reader.visitor.site.clone());
    let loaded = web.run(move |app| {
        let tied = app.identities_of(&session, site.as_ref())?;
        let acts = app.security_acts_of(&session)?;
        let held = app.passkeys_of(&session)?;
        let left = app.recovery_codes_left(&session)?;
        Ok((app.sessions_of(&session)?, app.tokens_of(&session)?, left, acts, held, tied))
    });
    let (sessions, tokens, recovery_codes_left, acts, held, tied) = loaded.await.map_err(failed(reader))?;
    let offer = passkeys::offer(web, reader).await?;
    Ok(View {
        email: reader.principal.email.clone(),
        passkeys: passkeys::held(held, reader),
        offer,
        identities: tied
            .into_iter()
            .map(|tied| Tied {
                issuer: tied.issuer,
                name: tied.name,
                since: words::local(tied.since),
                last_used: tied.last_used.map(words::local),
                left: match tied.left {
                    Left::Another => Without::Another,
                    Left::Nothing => Without::Nothing,
                    Left::OneFactor => Without::OneFactor,
                },
            })
            .collect(),
        by_passkey_only: reader.session.by_passkey_only,
        second_factor: if reader.session.has_second_factor {
            SecondFactor::Present { recovery_codes_left }
        } else {
            SecondFactor::Absent
        },
        sessions: sessions
            .into_iter()
            .map(|s| Session {
                id: s.id,
                device: s.device,
                opened: words::local(s.opened),
                last_seen: words::local(s.last_seen),
                current: s.current,
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|t| Token {
                id: t.id.to_string(),
                label: t.label,
                created: words::local(t.created),
                expires: t.expires.map(words::local),
                last_used: t.last_used.map(words::local),
            })
            .collect(),
        acts: security::acts(acts, false, reader.visitor.lang),
        new_token: None,
        problem: None,
        shortest_password: app::accounts::SHORTEST,
        longest_label: app::accounts::LONGEST_LABEL,
    })
}

/// What a form answers: the next page, or the account again with what was wrong.
pub(super) async fn answer(
    web: &State,
    reader: &Reader,
    form: Form,
    flash: &str,
    done: Result<(), AppError>,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(with_cookie(see_other(HERE), &flash_cookie(flash))) };
    let (status, text) = problem(reader, error)?;
    let view = View { problem: Some((form, text)), ..view(web, reader).await? };
    Ok((status, html(page(&reader.shell(web, None), &view))).into_response())
}

/// One sentence for what the person can mend; anything else is a failure.
fn problem(reader: &Reader, error: AppError) -> Result<(StatusCode, String), Failure> {
    let lang = reader.visitor.lang;
    match error {
        AppError::Unauthenticated => {
            let text = lang.t(
                "Ce mot de passe, ou ce code, n’est pas le bon : rien n’est changé.",
                "This password, or this code, is wrong: nothing is changed.",
            );
            Ok((StatusCode::FORBIDDEN, text.to_string()))
        }
        AppError::Busy => {
            let text = lang.t(
                "Trop d’essais. Réessayez dans quelques minutes.",
                "Too many attempts. Try again in a few minutes.",
            );
            Ok((StatusCode::TOO_MANY_REQUESTS, text.to_string()))
        }
        AppError::Invalid(invalid) => Ok((StatusCode::UNPROCESSABLE_ENTITY, words::sentence(&invalid, lang))),
        error => Err(failed(reader)(error)),
    }
}

#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
}

pub async fn change_password(
    Shared(web): Shared<State>,
    checked: CheckedForm<NewPassword>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (session, client) = (reader.session.clone(), reader.visitor.client.clone());
    let done = web
        .run_checking_password(move |app| app.change_password(&session, &client, &form.current, &form.new));
    answer(&web, &reader, Form::Password, "password-changed", done.await).await
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    id: String,
}

pub async fn end_session(
    Shared(web): Shared<State>,
    checked: CheckedForm<Named>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let session = reader.session.clone();
    let done = web.run(move |app| match form.id.as_str() {
        "others" => app.end_other_sessions(&session).map(drop),
        id => app.end_session(&session, id),
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(HERE), &flash_cookie("session-ended")))
}

#[derive(Deserialize)]
pub struct NewToken {
    #[serde(default)]
    label: String,
    #[serde(default)]
    days: String,
}

pub async fn issue_token(
    Shared(web): Shared<State>,
    proven: ProvenForm<NewToken>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, proof } = proven;
    let session = reader.session.clone();
    let days = form.days.parse().unwrap_or_default();
    let done = web.run(move |app| app.issue_token(&session, &proof, &form.label, days)).await;
    match done {
        Ok(token) => {
            // The answer itself shows it: nothing keeps it for another page.
            let view = View { new_token: Some(token), ..view(&web, &reader).await? };
            Ok(html(page(&reader.shell(&web, None), &view)))
        }
        Err(error) => answer(&web, &reader, Form::Token, "", Err(error)).await,
    }
}

pub async fn revoke_token(
    Shared(web): Shared<State>,
    checked: CheckedForm<Named>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let session = reader.session.clone();
    web.run(move |app| app.revoke_token(&session, &form.id)).await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(HERE), &flash_cookie("token-revoked")))
}

#[derive(Deserialize)]
pub struct Issuer {
    #[serde(default)]
    issuer: String,
}

pub async fn untie(Shared(web): Shared<State>, proven: ProvenForm<Issuer>) -> Result<Response, Failure> {
    let ProvenForm { reader, form, proof } = proven;
    let (session, visitor) = (reader.session.clone(), &reader.visitor);
    let (client, site) = (visitor.client.clone(), visitor.site.clone());
    web.run(move |app| app.untie_identity(&session, &proof, &client, site.as_ref(), &form.issuer))
        .await
        .map_err(failed(&reader))?;
    Ok(with_cookie(see_other(HERE), &flash_cookie("identity-untied")))
}

/// The secret to scan, for a person who has no second factor yet.
pub async fn enrol(Shared(web): Shared<State>, Entrant(reader): Entrant) -> Result<Response, Failure> {
    if reader.session.has_second_factor {
        return Ok(see_other(HERE));
    }
    let session = reader.session.clone();
    let shown = web.run(move |app| app.begin_second_factor(&session)).await.map_err(failed(&reader))?;
    let offer = passkeys::offer(&web, &reader).await?;
    Ok(html(second_factor::page(&bare(&reader), &enrolment(&reader, shown, offer, None))))
}

/// The same, after a passkey that could not be added.
pub(super) async fn enrol_again(web: &State, reader: &Reader, error: AppError) -> Result<Response, Failure> {
    let (status, text) = problem(reader, error)?;
    let session = reader.session.clone();
    let shown = web.run(move |app| app.begin_second_factor(&session)).await.map_err(failed(reader))?;
    let offer = passkeys::offer(web, reader).await?;
    let view = enrolment(reader, shown, offer, Some(text));
    Ok((status, html(second_factor::page(&bare(reader), &view))).into_response())
}

fn enrolment(
    reader: &Reader,
    shown: app::accounts::Enrolment,
    passkey: Option<crate::pages::passkeys::Offer>,
    problem: Option<String>,
) -> second_factor::View {
    second_factor::View::Enrol {
        secret: shown.secret,
        uri: shown.uri,
        sealed: shown.sealed,
        required: reader.session.must_enrol,
        passkey: passkey.map(Box::new),
        problem,
    }
}

/// Without navigation: somebody who still owes a second factor has nowhere else to go.
fn bare(reader: &Reader) -> crate::design::Shell {
    reader.visitor.shell()
}

#[derive(Deserialize)]
pub struct FirstCode {
    #[serde(default)]
    sealed: String,
    #[serde(default)]
    code: String,
}

pub async fn confirm(
    Shared(web): Shared<State>,
    proven: ProvenEntrantForm<FirstCode>,
) -> Result<Response, Failure> {
    let ProvenEntrantForm { reader, form, proof } = proven;
    let (session, sealed, code) = (reader.session.clone(), form.sealed.clone(), form.code);
    let done = web.run(move |app| app.confirm_second_factor(&session, &proof, &sealed, &code)).await;
    let error = match done {
        Ok(codes) => {
            return Ok(html(second_factor::page(&bare(&reader), &second_factor::View::Codes(codes))));
        }
        Err(error @ AppError::Refused(_)) => return Err(failed(&reader)(error)),
        Err(error) => error,
    };
    let (status, text) = problem(&reader, error)?;
    let session = reader.session.clone();
    let again = web.run(move |app| {
        // A secret that is no longer valid gives way to a fresh one.
        app.resume_second_factor(&session, &form.sealed).or_else(|_| app.begin_second_factor(&session))
    });
    let shown = again.await.map_err(failed(&reader))?;
    let offer = passkeys::offer(&web, &reader).await?;
    let view = enrolment(&reader, shown, offer, Some(text));
    Ok((status, html(second_factor::page(&bare(&reader), &view))).into_response())
}

#[derive(Deserialize)]
pub struct Removal {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

pub async fn remove(Shared(web): Shared<State>, checked: CheckedForm<Removal>) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let (session, client) = (reader.session.clone(), reader.visitor.client.clone());
    let done = web.run_checking_password_of(&reader.principal.email, move |app| {
        app.remove_second_factor(&session, &client, &form.password, &form.code)
    });
    answer(&web, &reader, Form::SecondFactor, "second-factor-removed", done.await).await
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn renew_codes(
    Shared(web): Shared<State>,
    proven: ProvenForm<Nothing>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, proof, .. } = proven;
    let session = reader.session.clone();
    let codes =
        web.run(move |app| app.renew_recovery_codes(&session, &proof)).await.map_err(failed(&reader))?;
    Ok(html(second_factor::page(&bare(&reader), &second_factor::View::Codes(codes))))
}
