//! Writing a webhook, writing it again, its secret, stopping it, removing it, trying it.

use base::id::WebhookId;
use events::{Event, Side, WebhookMoved, WebhookRotated, WebhookState, WebhookStopped, WebhookWritten};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::instance::webhooks;
use store::record::{Content, Stamp, record};
use store::webhook::{Secret, Webhook};
use store::{Tx, WriteTx, idempotency, webhook};
use uuid::Uuid;

use super::{BOTH_SIGN, MOST, TEST, Whose, carry, is_internal, known, sign};
use crate::access::{Act, Permit, Side as Party};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

const LONGEST_DESCRIPTION: usize = 200;

/// A webhook as somebody writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteWebhook {
    pub url: String,
    #[serde(default)]
    pub description: String,
    /// Of [`super::KINDS`].
    pub kinds: Vec<String>,
    /// `customer`, or `provider`, whose own also hears what is internal. The writer's own side where it is
    /// absent; it never changes.
    #[serde(default)]
    pub side: Option<String>,
}

/// What was written, and the secret when it was just made: it is shown then, and never again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub webhook: WebhookId,
    /// The entry of the customer's journal.
    pub entry: u64,
    pub secret: Option<String>,
}

/// A new secret, and until when the one before signs too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    pub entry: u64,
    pub secret: Option<String>,
    /// Microseconds UTC.
    pub until: i64,
}

/// The answer kept under a key: a secret is not in it.
#[derive(Serialize, Deserialize)]
struct Kept {
    webhook: WebhookId,
    entry: u64,
    /// When the secret was made that this act made.
    made: Option<i64>,
}

impl App {
    /// Writes a webhook, or, with its id, writes it again. Once per key.
    pub fn write_webhook(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Option<WebhookId>,
        ask: &WriteWebhook,
    ) -> Result<Made> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let old = match id {
            Some(id) => vault.db.read::<_, AppError, _>(move |tx| Ok(webhook::by_id(tx, id)?))?,
            None => None,
        }
        .filter(|hook| is_own(permit, hook));
        // It never changes: what is written again is checked for the one that it is.
        let side = check_shape(permit, ask, old.map(|hook| hook.side))?;
        self.check_address(permit, &vault.slug, ask.url.trim(), side)?;
        let content = |name, text: &str| Content {
            name,
            id: events::ContentId(self.id(base::id::uuid_v7)),
            salt: self.salt(),
            bytes: text.trim().as_bytes().to_vec(),
        };
        let contents = [content("url", &ask.url), content("description", &ask.description)];
        let fresh = self.id(WebhookId::new);
        let sealed = self.seal_webhook(fresh, &sign::fresh())?;
        let mut kinds: Vec<String> = ask.kinds.clone();
        kinds.sort();
        kinds.dedup();
        let request = serde_json::to_vec(&(id, ask)).map_err(AppError::fault)?;
        let whose = permit.clone();
        let kept = self.once(permit, key, "webhook.write", &request, move |tx| {
            let side = match id {
                Some(id) => {
                    own(tx, &whose, id)?;
                    side
                }
                None if webhook::all(tx)?.iter().filter(|hook| hook.side == side).count() >= MOST => {
                    return Err(too_many(side));
                }
                None => side,
            };
            let event = Event::WebhookWritten(WebhookWritten {
                webhook: id.unwrap_or(fresh),
                side,
                kinds: kinds.clone(),
                url: contents[0].id,
                description: contents[1].id,
                at,
                by,
            });
            let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, &contents)?;
            if id.is_none() {
                let secret = Secret { sealed: sealed.clone(), entry, made: at, previous: None };
                webhook::set_secret(tx, fresh, &secret)?;
            }
            Ok(Kept { webhook: id.unwrap_or(fresh), entry, made: id.is_none().then_some(at) })
        })?;
        let secret = self.just_made(&vault, &kept)?;
        Ok(Made { webhook: kept.webhook, entry: kept.entry, secret })
    }

    /// Gives a webhook a new secret; the one before signs beside it for a day, so that its receiver has
    /// the time to change.
    pub fn rotate_webhook(&self, permit: &Permit, key: &IdempotencyKey, id: WebhookId) -> Result<Rotated> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        let (vault, at, by) = (self.vault(permit.customer())?, self.micros(), permit.by().account);
        let (sealed, until) = (self.seal_webhook(id, &sign::fresh())?, at + BOTH_SIGN);
        let whose = permit.clone();
        let kept = self.once(permit, key, "webhook.rotate", &id.bytes(), move |tx| {
            own(tx, &whose, id)?;
            let old = webhook::secret(tx, id)?.ok_or(AppError::NotFound)?;
            let event = Event::WebhookRotated(WebhookRotated { webhook: id, until, at, by });
            let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, &[])?;
            let secret =
                Secret { sealed: sealed.clone(), entry, made: at, previous: Some((old.sealed, until)) };
            webhook::set_secret(tx, id, &secret)?;
            Ok(Kept { webhook: id, entry, made: Some(at) })
        })?;
        let secret = self.just_made(&vault, &kept)?;
        Ok(Rotated { entry: kept.entry, secret, until: kept.made.unwrap_or(at) + BOTH_SIGN })
    }

    /// Stops a webhook, starts it again, or removes it. What waited for one that stops is not sent.
    pub fn move_webhook(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: WebhookId,
        state: WebhookState,
    ) -> Result<u64> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        let (at, by) = (self.micros(), permit.by().account);
        let request = [id.bytes().as_slice(), state.key().as_bytes()].concat();
        let whose = permit.clone();
        let kept = self.once(permit, key, "webhook.move", &request, move |tx| {
            let old = own(tx, &whose, id)?;
            if old.state == state {
                return Err(AppError::refused(Refusal::new(
                    "webhook.state",
                    "Ce webhook est déjà dans cet état.",
                    "This webhook already stands so.",
                )));
            }
            let why = (state == WebhookState::Suspended).then_some(WebhookStopped::Asked);
            let event = Event::WebhookMoved(WebhookMoved { webhook: id, state, why, at, by: Some(by) });
            let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, &[])?;
            if state == WebhookState::Removed {
                webhook::forget_secret(tx, id)?;
            }
            Ok(Kept { webhook: id, entry, made: None })
        })?;
        // A retry that comes after another change undoes nothing of it.
        let vault = self.vault(permit.customer())?;
        let stands = vault.db.read::<_, AppError, _>(move |tx| Ok(webhook::by_id(tx, id)?))?;
        if stands.map_or(WebhookState::Removed, |hook| hook.state) != state {
            return Ok(kept.entry);
        }
        self.instance.write::<_, AppError, _>(move |tx| {
            match state {
                // What it failed at before is behind it.
                WebhookState::Active => webhooks::note(tx, id.0, true, at).map(drop)?,
                WebhookState::Suspended | WebhookState::Removed => webhooks::drop_waiting(tx, id.0, at)?,
            }
            Ok(())
        })?;
        Ok(kept.entry)
    }

    /// Sends a try to a webhook, once per key; one that is suspended can be tried.
    pub fn try_webhook(&self, permit: &Permit, key: &IdempotencyKey, id: WebhookId) -> Result<()> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        self.leaving()?;
        let (vault, whose) = (self.vault(permit.customer())?, permit.clone());
        vault.db.read::<_, AppError, _>(move |tx| own(tx, &whose, id).map(drop))?;
        let now = self.micros();
        let new = webhooks::New {
            id: self.id(base::id::uuid_v7),
            webhook: id.0,
            vault: permit.customer().0,
            kind: TEST.to_owned(),
            cause: key.of(permit.by().account, TEST),
            body: carry::body(TEST, now, &vault.slug, serde_json::Map::new()),
        };
        self.instance.write::<_, AppError, _>(move |tx| Ok(webhooks::push(tx, &new, now).map(drop)?))
    }

    /// Sends again what was sent or failed, under the same id: a receiver that knows it leaves it.
    pub fn send_webhook_again(&self, permit: &Permit, id: WebhookId, delivery: Uuid) -> Result<()> {
        self.on_tickets(permit, Act::ManageWebhooks)?;
        self.leaving()?;
        let (vault, whose) = (self.vault(permit.customer())?, permit.clone());
        let found = vault.db.read::<_, AppError, _>(move |tx| own(tx, &whose, id))?;
        if found.state != WebhookState::Active {
            return Err(AppError::refused(Refusal::new(
                "webhook.suspended",
                "Ce webhook est suspendu\u{a0}: réactivez-le d’abord.",
                "This webhook is suspended: start it again first.",
            )));
        }
        let now = self.micros();
        let again = self.instance.write::<_, AppError, _>(move |tx| {
            let Some(known) = webhooks::by_id(tx, delivery)?.filter(|d| d.new.webhook == id.0) else {
                return Ok(false);
            };
            webhooks::again(tx, &known.new, now)?;
            Ok(true)
        })?;
        if again { Ok(()) } else { Err(AppError::NotFound) }
    }

    fn leaving(&self) -> Result<()> {
        match self.webhooks.get() {
            Some(_) => Ok(()),
            None => Err(off()),
        }
    }

    /// Whether the operator lets a webhook of that side reach this address.
    fn check_address(&self, permit: &Permit, slug: &str, url: &str, side: Side) -> Result<()> {
        let egress = self.webhooks.get().ok_or_else(off)?;
        let whose = Whose { customer: slug, side };
        let Err(refused) = egress.target(url, whose) else { return Ok(()) };
        let ours = Whose { side: Side::Provider, ..whose };
        // The provider's people know what is listed; the customer's are told no more of it than of the rest.
        if permit.role().side() == Party::Provider && egress.target(url, ours).is_ok() {
            return Err(AppError::invalid(
                "url",
                "cet hôte n’est ouvert qu’aux webhooks du prestataire\u{a0}: faites-en un pour le prestataire, ou demandez à l’exploitant de nommer ce client",
                "this host is open to the provider’s webhooks only: make one for the provider, or ask the operator to name this customer",
            ));
        }
        Err(refused.into())
    }

    /// Runs a change of the vault once per key, its author introduced.
    fn once(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        route: &str,
        request: &[u8],
        change: impl Fn(&mut WriteTx<'_>) -> Result<Kept> + Send + 'static,
    ) -> Result<Kept> {
        let (vault, at) = (self.vault(permit.customer())?, self.micros());
        let stored_key = key.of(permit.by().account, route);
        let (request, introduction): ([u8; 32], _) =
            (Sha256::digest(request).into(), self.introduction(permit.by()));
        let bytes = vault.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                introduction.ensure(tx, at)?;
                serde_json::to_vec(&change(tx)?).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&bytes).map_err(AppError::fault)
    }

    /// The secret that an act made, as long as it is the one in force: a retry sees it again, and nobody
    /// once it was changed.
    fn just_made(&self, vault: &crate::VaultHandle, kept: &Kept) -> Result<Option<String>> {
        let id = kept.webhook;
        let secret = vault.db.read::<_, AppError, _>(move |tx| Ok(webhook::secret(tx, id)?))?;
        let secret = secret.filter(|secret| kept.entry == secret.entry);
        secret.map(|secret| self.unseal_webhook(id, &secret.sealed)).transpose()
    }
}

/// Checks the shape of a webhook; gives whose it is, or becomes if it is new.
fn check_shape(permit: &Permit, ask: &WriteWebhook, old: Option<Side>) -> Result<Side> {
    let provider = permit.role().side() == Party::Provider;
    let wanted = match ask.side.as_deref() {
        None if provider => Side::Provider,
        None | Some("customer") => Side::Customer,
        Some("provider") if provider => Side::Provider,
        Some(_) => {
            return Err(AppError::invalid("side", "client ou prestataire", "customer or provider"));
        }
    };
    let side = old.unwrap_or(wanted);
    let said = ask.description.trim();
    if said.chars().count() > LONGEST_DESCRIPTION || said.contains(char::is_control) {
        return Err(AppError::invalid(
            "description",
            format!("une ligne de {LONGEST_DESCRIPTION} caractères au plus"),
            format!("one line of at most {LONGEST_DESCRIPTION} characters"),
        ));
    }
    if ask.kinds.is_empty() || ask.kinds.iter().any(|kind| known(kind).is_none()) {
        return Err(AppError::invalid(
            "kinds",
            "au moins un événement, choisi dans la liste",
            "at least one event, chosen from the list",
        ));
    }
    if side == Side::Customer && ask.kinds.iter().any(|kind| is_internal(kind)) {
        return Err(internal());
    }
    Ok(side)
}

/// A webhook of the permit's: the provider's people keep all, the customer's their own side's. Another is
/// as if it were not.
pub(super) fn own(tx: &mut dyn Tx, permit: &Permit, id: WebhookId) -> Result<Webhook> {
    let found = webhook::by_id(tx, id)?.filter(|hook| is_own(permit, hook));
    found.ok_or(AppError::NotFound)
}

pub(super) fn is_own(permit: &Permit, hook: &Webhook) -> bool {
    hook.side == Side::Customer || permit.role().side() == Party::Provider
}

fn too_many(side: Side) -> AppError {
    let (fr, en) = match side {
        Side::Customer => ("Le client a", "The customer has"),
        _ => ("Le prestataire a", "The provider has"),
    };
    AppError::refused(Refusal::new(
        "webhook.too_many",
        format!(
            "{fr} déjà {MOST}\u{a0}webhooks ici, le plus qui soit\u{a0}: supprimez-en un qui ne sert plus."
        ),
        format!(
            "{en} {MOST} webhooks here already, the most there may be: remove one that is no longer used."
        ),
    ))
}

fn internal() -> AppError {
    AppError::invalid(
        "kinds",
        "les événements internes au prestataire ne partent pas sur un webhook du client",
        "events internal to the provider do not leave on a webhook of the customer’s",
    )
}

fn off() -> AppError {
    AppError::refused(Refusal::new(
        "webhook.off",
        "Aucun hôte n’est autorisé\u{a0}: l’exploitant n’a pas ouvert l’envoi de webhooks.",
        "No host is allowed: the operator has not opened the sending of webhooks.",
    ))
}
