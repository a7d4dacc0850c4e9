//! Passkeys: signing in with one, adding one, removing one.

use app::AppError;
use app::accounts::passkeys;
use axum::Form as Sent;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{account, failed, sign_in, words};
use crate::http::{
    Failure, MadePasskey, ProvenEntrantForm, ProvenForm, Reader, SignedByPasskey, State, Visitor,
    from_elsewhere,
};
use crate::pages::account::Form;
use crate::pages::passkeys::{Ask, Held, Offer};
use crate::pages::sign_in::Problem;

/// What the sign-in page asks of an authenticator; `None` where the address is not a name.
pub fn ask_anyone(web: &State, visitor: &Visitor) -> Option<Ask> {
    let site = visitor.site.clone()?;
    // Without a challenge the page still asks for a password.
    let ask = web.app.ask_any_passkey().ok()?;
    Some(Ask { challenge: ask.challenge, site: site.id, held: ask.held })
}

#[derive(Deserialize)]
pub struct Entering {
    #[serde(flatten)]
    signed: SignedByPasskey,
    #[serde(default)]
    back: String,
}

/// As the form of a password: browsers must say that it is ours.
pub async fn enter(
    Shared(web): Shared<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(sent): Sent<Entering>,
) -> Response {
    let (Some(site), false) = (visitor.site.clone(), from_elsewhere(&headers)) else {
        return Failure { visitor: Box::new(visitor), error: AppError::NotFound }.into_response();
    };
    let (client, assertion) = (visitor.client.clone(), sent.signed.read().unwrap_or_default());
    match web.run(move |app| app.sign_in_with_passkey(&client, &site, &assertion)).await {
        Ok(opened) => sign_in::entered(&web, opened, &sent.back).await,
        Err(AppError::Unauthenticated) => sign_in::again(&web, &visitor, sent.back, Problem::WrongPasskey),
        Err(AppError::Busy) => sign_in::again(&web, &visitor, sent.back, Problem::Locked { minutes: 1 }),
        Err(error) => Failure { visitor: Box::new(visitor), error }.into_response(),
    }
}

/// What an authenticator needs to make a passkey for this person; `None` where the address is not a name.
pub async fn offer(web: &State, reader: &Reader) -> Result<Option<Offer>, Failure> {
    let Some(site) = reader.visitor.site.clone() else { return Ok(None) };
    let (session, id) = (reader.session.clone(), site.id.clone());
    let offer = web.run(move |app| app.offer_passkey(&session, &site)).await.map_err(failed(reader))?;
    Ok(Some(Offer {
        challenge: offer.challenge,
        site: id,
        user: offer.user,
        email: reader.principal.email.clone(),
        person: reader.principal.name.clone(),
        held: offer.held,
        algorithms: passkeys::ALGORITHMS.to_vec(),
        suggested: reader.visitor.client.device.clone(),
        longest_name: passkeys::LONGEST_NAME,
    }))
}

/// The passkeys of a person, for their account's page.
pub fn held(keys: Vec<passkeys::HeldPasskey>, reader: &Reader) -> Vec<Held> {
    let here = reader.visitor.site.as_ref().map(|site| site.id.as_str());
    keys.into_iter()
        .map(|key| Held {
            id: key.id.to_string(),
            name: key.name,
            copied: key.copied,
            elsewhere: (here != Some(key.site.as_str())).then_some(key.site),
            created: words::local(key.created),
            last_used: key.last_used.map(words::local),
        })
        .collect()
}

/// Open to staff who still owe a second factor: a passkey is one.
pub async fn add(
    Shared(web): Shared<State>,
    proven: ProvenEntrantForm<MadePasskey>,
) -> Result<Response, Failure> {
    let ProvenEntrantForm { reader, form, proof } = proven;
    let site = reader.visitor.site.clone().ok_or(AppError::NotFound).map_err(failed(&reader))?;
    let session = reader.session.clone();
    let done = web.run(move |app| app.add_passkey(&session, &proof, &site, &form.name, &form.read())).await;
    match done {
        Err(error @ AppError::Invalid(_)) if reader.session.must_enrol => {
            account::enrol_again(&web, &reader, error).await
        }
        done => account::answer(&web, &reader, Form::Passkey, "passkey-added", done).await,
    }
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    id: String,
}

pub async fn remove(Shared(web): Shared<State>, proven: ProvenForm<Named>) -> Result<Response, Failure> {
    let ProvenForm { reader, form, proof } = proven;
    let (session, site) = (reader.session.clone(), reader.visitor.site.clone());
    let done = web.run(move |app| app.remove_passkey(&session, &proof, site.as_ref(), &form.id)).await;
    account::answer(&web, &reader, Form::Passkey, "passkey-removed", done).await
}
