//! What a letter says of a webhook that the product stopped, to those who may mend it.

use base::id::CustomerId;
use events::{WebhookState, WebhookStopped};
use store::instance::mail::Message;
use store::log;

use super::MailSettings;
use super::letter::{Block, Letter};
use super::say::{Reader, hello, letter};
use crate::access::Act;
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::webhook::WebhookLine;

impl App {
    /// `None` when the reader no longer keeps webhooks, or it was started again or removed meanwhile.
    pub(super) fn say_stopped(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        let Ok(permit) = reader.person.permit(Act::ManageWebhooks, customer) else { return Ok(None) };
        let vault = self.vault(customer)?;
        let entry = u64::try_from(message.new.cause).unwrap_or_default();
        let at = vault.db.read::<_, AppError, _>(move |tx| Ok(log::recorded_at(tx, entry)?))?;
        let lines = match self.webhooks(&permit) {
            Ok(lines) => lines,
            // They find it, and what it is, once the undertaking of confidentiality is signed.
            Err(error) if error.is_undertaking_owed() => return Ok(None),
            Err(error) => return Err(error),
        };
        let stopped =
            |line: &&WebhookLine| line.state == WebhookState::Suspended && line.moved.as_microsecond() == at;
        let Some(hook) = lines.iter().find(stopped) else { return Ok(None) };
        let lang = reader.wished.lang;
        let named = match hook.description.is_empty() {
            true => crate::webhook::host(&hook.url).unwrap_or_default(),
            false => hook.description.clone(),
        };
        let why = match hook.why {
            Some(WebhookStopped::Failing) => lang.t(
                "son destinataire n’a rien reçu pendant cinq jours",
                "its receiver took nothing for five days",
            ),
            Some(WebhookStopped::Gone) => lang.t(
                "son destinataire répond qu’il n’existe plus (410)",
                "its receiver answers that it is gone (410)",
            ),
            Some(WebhookStopped::Asked) | None => return Ok(None),
        };
        let (customer, site, slug) = (&vault.name, &settings.site, &vault.slug);
        let blocks = [
            hello(lang, &reader.person.name),
            Block::Paragraph(lang.t(
                format!("Le webhook «\u{a0}{named}\u{a0}» de {customer} est suspendu\u{a0}: {why}."),
                format!("Webhook “{named}” of {customer} is suspended: {why}."),
            )),
            Block::Paragraph(
                lang.t(
                    "Ce qui attendait et ce qui arrive depuis ne lui est pas envoyé. Faites réparer le destinataire, envoyez un essai, puis réactivez le webhook.",
                    "What waited and what happens since is not sent to it. Have the receiver mended, send a test, then start the webhook again.",
                )
                .to_owned(),
            ),
            Block::Link {
                label: lang.t("Voir le webhook", "See the webhook").to_owned(),
                url: format!("{site}/c/{slug}/webhooks/{}", hook.id),
            },
            Block::Signature(settings.from.name.clone()),
        ];
        let subject = lang.t(
            format!("[{slug}] Webhook suspendu\u{a0}: {named}"),
            format!("[{slug}] Webhook suspended: {named}"),
        );
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}
