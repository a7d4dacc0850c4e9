//! `/customers/{customer}/webhooks`: where a customer's events are sent.

use app::webhook::{KINDS, WebhookLine, WebhookState, WriteWebhook};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::id::WebhookId;
use jiff::Timestamp;
use serde_json::json;

use super::API;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, permit};
use super::schema::{Bounded, answer, ask, words};
use crate::http::State;

words! {
    /// Whose a webhook is: only the provider's own hears what is internal to the provider.
    WebhookSide ["customer", "provider"];
    /// How a webhook stands.
    WebhookStanding ["active", "suspended"];
    /// Why it is suspended: `failing`, nothing was taken for five days; `gone`, its receiver answered 410.
    WebhookWhy ["asked", "failing", "gone"];
}

answer! {
    /// A webhook.
    WebhookRead {
        id: WebhookId,
        url: String,
        description: String,
        side: WebhookSide,
        /// What it hears, `ticket.opened`.
        events: Vec<String>,
        state: WebhookStanding,
        /// Why it is suspended.
        why: Option<WebhookWhy>,
        /// Since when its receiver takes nothing.
        failing_since: Option<Timestamp>,
        /// Who last wrote it.
        by: String,
    }

    /// The webhooks of a customer, the first written first: twenty at most for each party.
    Webhooks {
        items: Vec<WebhookRead>,
        /// Everything that can be asked for.
        events: Vec<String>,
        /// The hosts that the operator allows here; none when nothing leaves.
        hosts: Vec<String>,
    }

    /// A webhook just made.
    WebhookMade {
        id: WebhookId,
        /// Its journal entry.
        entry: u64,
        /// Signs what it is sent; shown now, and to a retry of the same request, and never again.
        secret: Option<String>,
    }

    /// A webhook given another secret.
    WebhookRotated {
        id: WebhookId,
        /// Its journal entry.
        entry: u64,
        /// Signs what it is sent from now on; shown now, and to a retry of the same request, and never again.
        secret: Option<String>,
        /// Until then the secret before signs too: each delivery carries both signatures.
        both_until: Timestamp,
    }

    /// What was written down.
    WebhookDone {
        id: WebhookId,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// A webhook to make.
    WebhookAsk {
        /// `https://…`, of a host that the operator allows.
        url: Bounded<1, 2_000>,
        description: Option<Bounded<0, 200>>,
        /// What it hears.
        events: Vec<String>,
        /// One's own side if absent; the provider may make one for the customer.
        side: Option<WebhookSide>,
    }
}

ask! {
    /// Nothing more needs to be said.
    WebhookRemoveAsk {}
}

ask! {
    /// Nothing more needs to be said: the new secret is drawn here.
    WebhookRotateAsk {}
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/webhooks", "listWebhooks", "webhooks", list)
            .about("Les webhooks", "Webhooks")
            .gives::<Webhooks>(),
        Operation::post("/customers/{customer}/webhooks", "makeWebhook", "webhooks", make)
            .about("Ajouter un webhook", "Add a webhook")
            .takes::<WebhookAsk>(|| vec![("monitoring", example())])
            .gives::<WebhookMade>(),
        Operation::post(
            "/customers/{customer}/webhooks/{webhook}/rotate",
            "rotateWebhook",
            "webhooks",
            rotate,
        )
        .about("Changer le secret d’un webhook", "Change the secret of a webhook")
        .may_take::<WebhookRotateAsk>(|| vec![("rotate", json!({}))])
        .gives::<WebhookRotated>(),
        Operation::post(
            "/customers/{customer}/webhooks/{webhook}/remove",
            "removeWebhook",
            "webhooks",
            remove,
        )
        .about("Supprimer un webhook", "Remove a webhook")
        .may_take::<WebhookRemoveAsk>(|| vec![("remove", json!({}))])
        .gives::<WebhookDone>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "url": "https://hooks.client.example/regisseur", "description": "Supervision",
        "events": ["ticket.opened", "ticket.resolved"], "side": "customer",
    })
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::ManageWebhooks)?;
            let hosts = app.webhook_hosts(&permit)?;
            Ok(Reply::json(&Webhooks {
                items: app.webhooks(&permit)?.into_iter().map(read).collect(),
                events: KINDS.map(str::to_owned).to_vec(),
                hosts: hosts.unwrap_or_default(),
            }))
        })
        .await
}

async fn make(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<WebhookAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::ManageWebhooks)?;
            let made = app.write_webhook(&permit, &key, None, &asked(body.read()?))?;
            let path = format!("{API}/customers/{customer}/webhooks");
            let (id, entry, secret) = (made.webhook, made.entry, made.secret);
            Ok(Reply::created(&WebhookMade { id, entry, secret }, path))
        })
        .await
}

async fn rotate(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, hook)): At<(String, String)>,
    body: Option<Entity<WebhookRotateAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::ManageWebhooks)?;
            body.map(|body| body.read()).transpose()?;
            let id: WebhookId = hook.parse().map_err(|_| AppError::NotFound)?;
            let rotated = app.rotate_webhook(&permit, &key, id)?;
            let path = format!("{API}/customers/{customer}/webhooks");
            let both_until = Timestamp::from_microsecond(rotated.until).map_err(AppError::fault)?;
            let (entry, secret) = (rotated.entry, rotated.secret);
            Ok(Reply::created(&WebhookRotated { id, entry, secret, both_until }, path))
        })
        .await
}

async fn remove(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, hook)): At<(String, String)>,
    body: Option<Entity<WebhookRemoveAsk>>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::ManageWebhooks)?;
            body.map(|body| body.read()).transpose()?;
            let id: WebhookId = hook.parse().map_err(|_| AppError::NotFound)?;
            let entry = app.move_webhook(&permit, &key, id, WebhookState::Removed)?;
            let path = format!("{API}/customers/{customer}/webhooks");
            Ok(Reply::created(&WebhookDone { id, entry }, path))
        })
        .await
}

fn asked(ask: WebhookAsk) -> WriteWebhook {
    WriteWebhook {
        url: ask.url.0,
        description: ask.description.map(|text| text.0).unwrap_or_default(),
        kinds: ask.events,
        side: ask.side.map(|side| side.as_ref().to_owned()),
    }
}

fn read(line: WebhookLine) -> WebhookRead {
    let state = if line.state == WebhookState::Active { "active" } else { "suspended" };
    WebhookRead {
        id: line.id,
        url: line.url,
        description: line.description,
        side: WebhookSide::of(line.side.key()),
        events: line.kinds,
        state: WebhookStanding::of(state),
        why: line.why.map(|why| WebhookWhy::of(why.key())),
        failing_since: line.failing_since,
        by: line.by,
    }
}
