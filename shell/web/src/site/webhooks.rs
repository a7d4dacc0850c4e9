//! `/c/{customer}/webhooks`: where a customer's events are sent, and what was sent.

use app::ticket::IdempotencyKey;
use app::webhook::{
    Attempt, Before, DeliveryLine, State as Sent, WebhookLine, WebhookPage, WebhookState, WebhookStopped,
    WriteWebhook,
};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::id::WebhookId;
use events::Side;
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{
    CheckedForm, Failure, ProvenForm, Reader, State, flash_cookie, html, pair, see_other, with_cookie,
};
use crate::pages::shared::Refusal;
use crate::pages::webhook::{self, Delivery, Existing, Form, Stands, View, page};
use crate::pages::webhooks;

const ROWS: u32 = 30;

/// The fields of a form: boxes come several times under one name.
type Fields = Vec<(String, String)>;

#[derive(Deserialize, Default)]
pub struct Asked {
    /// Where the page before ended.
    #[serde(default)]
    before: String,
}

/// `GET /c/{customer}/webhooks`
pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::ManageWebhooks)?;
        let hosts = app.webhook_hosts(&permit)?.unwrap_or_default();
        Ok((customer, app.webhooks(&permit)?, hosts))
    });
    let (customer, lines, hosts) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let line = |hook: &WebhookLine| webhooks::Line {
        href: customer.path(&format!("/webhooks/{}", hook.id)),
        title: title(hook),
        host: host(&hook.url).to_owned(),
        is_provider: hook.side == Side::Provider,
        kinds: hook.kinds.len(),
        state: state(hook, lang),
    };
    let webhooks = lines.iter().map(line).collect();
    let view = webhooks::View { customer: customer.clone(), webhooks, hosts };
    Ok(html(webhooks::page(&reader.shell(&web, Some(customer)), &view)))
}

/// What it is for, or where it leads.
fn title(hook: &WebhookLine) -> String {
    if hook.description.is_empty() { host(&hook.url).to_owned() } else { hook.description.clone() }
}

/// The host of an address, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

fn state(hook: &WebhookLine, lang: Lang) -> webhooks::State {
    match (hook.state, hook.failing_since) {
        (WebhookState::Active, None) => webhooks::State::Active,
        (WebhookState::Active, Some(since)) => webhooks::State::Failing(words::local(since)),
        _ => {
            let why = match hook.why {
                Some(WebhookStopped::Failing) => {
                    lang.t("rien reçu pendant cinq jours", "nothing taken for five days")
                }
                Some(WebhookStopped::Gone) => lang
                    .t("son destinataire n’existe plus (réponse 410)", "its receiver is gone (answer 410)"),
                Some(WebhookStopped::Asked) | None => {
                    lang.t("suspendu par une personne", "suspended by somebody")
                }
            };
            webhooks::State::Suspended(words::local(hook.moved), why.into())
        }
    }
}

/// `GET /c/{customer}/webhooks/new`
pub async fn new(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    Ok(shown(&web, &reader, StatusCode::OK, view(&web, &reader, slug, None, None).await?))
}

/// `GET /c/{customer}/webhooks/{webhook}`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, hook)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let id = identifier(&hook).map_err(failed(&reader))?;
    let hook = Some((id, pair(&asked.before)));
    Ok(shown(&web, &reader, StatusCode::OK, view(&web, &reader, slug, hook, None).await?))
}

fn shown(web: &State, reader: &Reader, status: StatusCode, view: View) -> Response {
    let drawn = page(&reader.shell(web, Some(view.customer.clone())), &view);
    (status, html(drawn)).into_response()
}

fn identifier(text: &str) -> Result<WebhookId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// As an address carries the end of a page.
fn text(before: Before) -> String {
    format!("{}.{}", before.0, before.1)
}

/// The page, as the webhook is written or as it was typed.
async fn view(
    web: &State,
    reader: &Reader,
    slug: String,
    hook: Option<(WebhookId, Option<Before>)>,
    typed: Option<WriteWebhook>,
) -> Result<View, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::ManageWebhooks)?;
        let found = match hook {
            Some((id, before)) => Some(app.webhook(&permit, id, before, ROWS)?),
            None => None,
        };
        let is_provider = permit.role().is_provider();
        Ok((customer, found, app.webhook_hosts(&permit)?.is_none(), is_provider))
    });
    let (customer, found, off, is_provider) = read.await.map_err(failed(reader))?;
    let lang = reader.visitor.lang;
    let written = found.as_ref().map(|page| &page.line).map(|line| WriteWebhook {
        url: line.url.clone(),
        description: line.description.clone(),
        kinds: line.kinds.clone(),
        side: None,
    });
    let fresh = || WriteWebhook { kinds: webhook::kinds_chosen(), ..WriteWebhook::default() };
    let values = typed.or(written).unwrap_or_else(fresh);
    let action = found
        .as_ref()
        .map_or_else(|| customer.path("/webhooks"), |p| customer.path(&format!("/webhooks/{}", p.line.id)));
    let form = Form {
        action,
        key: fresh_key(),
        url: values.url,
        description: values.description,
        chosen: values.kinds,
        side: (is_provider && found.is_none()).then(|| values.side.unwrap_or_else(|| "customer".to_owned())),
        is_written: found.is_some(),
        internal: is_provider,
    };
    let webhook = found.map(|page| existing(&page, &customer, lang));
    Ok(View { webhook, form, secret: None, off, refused: None, customer })
}

fn existing(page: &WebhookPage, customer: &CustomerRef, lang: Lang) -> Existing {
    let line = &page.line;
    let at = customer.path(&format!("/webhooks/{}", line.id));
    Existing {
        title: title(line),
        is_provider: line.side == Side::Provider,
        state: state(line, lang),
        by: line.by.clone(),
        written: words::local(line.at),
        secret_made: words::local(page.secret_made),
        both_until: page.both_until.map(words::local),
        deliveries: page.deliveries.iter().map(|d| delivery(d, line, customer, lang)).collect(),
        more: page.next.map(|before| format!("{at}?before={}", text(before))),
        keys: std::array::from_fn(|_| fresh_key()),
        at,
    }
}

fn delivery(sent: &DeliveryLine, hook: &WebhookLine, customer: &CustomerRef, lang: Lang) -> Delivery {
    let again = sent.state != Sent::Waiting && hook.state == WebhookState::Active;
    Delivery {
        id: sent.id.to_string(),
        kind: sent.kind.clone(),
        ticket: sent.ticket.map(|number| (number, customer.path(&format!("/tickets/{number}")))),
        made: words::local(sent.created),
        stands: match sent.state {
            Sent::Waiting => Stands::Waiting(words::local(sent.next)),
            Sent::Sent => Stands::Sent,
            Sent::Failed => Stands::Failed,
            Sent::Dropped => Stands::Dropped,
        },
        attempts: sent.attempts.iter().map(|a| attempt(a, lang)).collect(),
        again: again.then(fresh_key),
    }
}

fn attempt(attempt: &Attempt, lang: Lang) -> webhook::Attempt {
    let said = match (attempt.status, attempt.failure.as_deref()) {
        (Some(status), _) => format!("{} {status}", lang.t("réponse", "answer")),
        (None, Some("not_allowed")) => {
            lang.t("hôte qui n’est plus autorisé", "a host no longer allowed").into()
        }
        (None, Some("unresolved")) => lang.t("nom d’hôte introuvable", "no such host").into(),
        (None, Some("not_public")) => {
            lang.t("adresse de réseau interne, refusée", "address of an inner network, refused").into()
        }
        (None, Some("untrusted")) => lang.t("certificat refusé", "certificate refused").into(),
        (None, Some("timed_out")) => {
            lang.t("pas de réponse en 15 secondes", "no answer within 15 seconds").into()
        }
        (None, _) => lang.t("connexion impossible", "no connection").into(),
    };
    webhook::Attempt { at: words::local(attempt.at), said, millis: attempt.millis }
}

/// `POST /c/{customer}/webhooks`; whoever chooses where a customer's events go proves who they are.
pub async fn write(
    web: Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Fields>,
) -> Result<Response, Failure> {
    save(web, slug, None, proven).await
}

/// `POST /c/{customer}/webhooks/{webhook}`
pub async fn rewrite(
    web: Shared<State>,
    Path((slug, hook)): Path<(String, String)>,
    proven: ProvenForm<Fields>,
) -> Result<Response, Failure> {
    let id = identifier(&hook).map_err(failed(&proven.reader))?;
    save(web, slug, Some(id), proven).await
}

async fn save(
    Shared(web): Shared<State>,
    slug: String,
    id: Option<WebhookId>,
    proven: ProvenForm<Fields>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    let side = field(&form, "side");
    let ask = WriteWebhook {
        url: field(&form, "url").trim().to_owned(),
        description: field(&form, "description").to_owned(),
        kinds: form.iter().filter(|(name, _)| name == "kinds").map(|(_, kind)| kind.clone()).collect(),
        side: Some(side.to_owned()).filter(|side| !side.is_empty()),
    };
    let (again, whose, sent) = (reader.clone(), slug.clone(), ask.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::ManageWebhooks)?;
        // Somebody who guesses an identifier learns nothing from the form.
        if let Some(id) = id {
            app.webhook(&permit, id, None, 1)?;
        }
        app.write_webhook(&permit, &IdempotencyKey::parse(field(&form, "key"))?, id, &sent)
    });
    match done.await {
        Ok(made) => match made.secret {
            Some(secret) => secret_shown(&web, &reader, slug, made.webhook, secret).await,
            None => {
                let to = format!("/c/{slug}/webhooks/{}", made.webhook);
                Ok(with_cookie(see_other(&to), &flash_cookie("webhook-written")))
            }
        },
        Err(error) => refused(&web, &reader, slug, id, Some(ask), error).await,
    }
}

/// The answer itself shows the secret: nothing keeps it for another page.
async fn secret_shown(
    web: &State,
    reader: &Reader,
    slug: String,
    id: WebhookId,
    secret: String,
) -> Result<Response, Failure> {
    let view = view(web, reader, slug, Some((id, None)), None).await?;
    Ok(shown(web, reader, StatusCode::OK, View { secret: Some(secret), ..view }))
}

/// The page comes back with what was typed, and what to change.
async fn refused(
    web: &State,
    reader: &Reader,
    slug: String,
    id: Option<WebhookId>,
    typed: Option<WriteWebhook>,
    error: AppError,
) -> Result<Response, Failure> {
    let lang = reader.visitor.lang;
    let (status, refused): (_, Refusal) = match error {
        AppError::Invalid(invalid) => (StatusCode::UNPROCESSABLE_ENTITY, words::invalid(&invalid, lang)),
        AppError::Refused(refusal) if !refusal.code.starts_with("undertaking") => {
            (StatusCode::CONFLICT, words::refusal(&refusal, lang, None))
        }
        error => return Err(failed(reader)(error)),
    };
    let view = view(web, reader, slug, id.map(|id| (id, None)), typed).await?;
    Ok(shown(web, reader, status, View { refused: Some(refused), ..view }))
}

/// `POST /c/{customer}/webhooks/{webhook}/rotate`: the answer shows a secret, to whoever proves who they are.
pub async fn rotate(
    Shared(web): Shared<State>,
    Path((slug, hook)): Path<(String, String)>,
    proven: ProvenForm<Fields>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, .. } = proven;
    let id = identifier(&hook).map_err(failed(&reader))?;
    let (again, whose) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::ManageWebhooks)?;
        app.rotate_webhook(&permit, &IdempotencyKey::parse(field(&form, "key"))?, id)
    });
    match done.await {
        Ok(rotated) => match rotated.secret {
            Some(secret) => secret_shown(&web, &reader, slug, id, secret).await,
            None => {
                let to = format!("/c/{slug}/webhooks/{id}");
                Ok(with_cookie(see_other(&to), &flash_cookie("webhook-written")))
            }
        },
        Err(error) => refused(&web, &reader, slug, Some(id), None, error).await,
    }
}

/// `POST /c/{customer}/webhooks/{webhook}/{act}`
pub async fn act(
    Shared(web): Shared<State>,
    Path((slug, hook, act)): Path<(String, String, String)>,
    checked: CheckedForm<Fields>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let id = identifier(&hook).map_err(failed(&reader))?;
    let (again, whose, asked) = (reader.clone(), slug.clone(), act.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &whose, Act::ManageWebhooks)?;
        let key = IdempotencyKey::parse(field(&form, "key"))?;
        let stand = |state| app.move_webhook(&permit, &key, id, state).map(drop);
        match asked.as_str() {
            "suspend" => stand(WebhookState::Suspended),
            "start" => stand(WebhookState::Active),
            "remove" => stand(WebhookState::Removed),
            "test" => app.try_webhook(&permit, &key, id),
            "again" => {
                let delivery = field(&form, "delivery").parse().map_err(|_| AppError::NotFound)?;
                app.send_webhook_again(&permit, id, delivery)
            }
            _ => Err(AppError::NotFound),
        }
    });
    match done.await {
        Ok(()) => {
            let (to, flash) = match act.as_str() {
                "remove" => (format!("/c/{slug}/webhooks"), "webhook-removed"),
                "start" => (format!("/c/{slug}/webhooks/{id}"), "webhook-started"),
                "suspend" => (format!("/c/{slug}/webhooks/{id}"), "webhook-suspended"),
                _ => (format!("/c/{slug}/webhooks/{id}"), "webhook-sent"),
            };
            Ok(with_cookie(see_other(&to), &flash_cookie(flash)))
        }
        Err(error) => refused(&web, &reader, slug, Some(id), None, error).await,
    }
}

fn field<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}
