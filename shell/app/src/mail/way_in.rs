//! The letter of somebody who asked for a password and comes in otherwise.

use base::Lang;
use store::instance::accounts;
use store::instance::mail::Message;

use super::letter::Block;
use super::say::{Reader, hello, letter};
use super::{Letter, MailSettings};
use crate::accounts::openid::Elsewhere;
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// How somebody comes in; `None` when they do by a password of ours meanwhile.
    pub(super) fn say_the_way(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
    ) -> Result<Option<Letter>> {
        let id = message.new.account;
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_id(tx, id)?))?;
        let Some(account) = account else { return Ok(None) };
        let Some(way) = self.enters_elsewhere(&account)? else { return Ok(None) };
        let lang = reader.wished.lang;
        let blocks = [
            hello(lang, &reader.person.name),
            Block::Paragraph(told(&way, lang)),
            Block::Link {
                label: lang.t("Se connecter", "Sign in").to_owned(),
                url: format!("{}/sign-in", settings.site),
            },
            Block::Paragraph(
                lang.t(
                    "Rien n’a été changé. Si vous n’avez rien demandé, vous pouvez ignorer ce message.",
                    "Nothing was changed. If you asked for nothing, you may ignore this message.",
                )
                .to_owned(),
            ),
            Block::Signature(settings.from.name.clone()),
        ];
        let subject = lang.t("Comment vous connecter", "How you sign in").to_owned();
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}

fn told(way: &Elsewhere, lang: Lang) -> String {
    match way {
        Elsewhere::Directory => lang
            .t(
                "Un nouveau mot de passe a été demandé pour votre adresse. Le vôtre est celui de l’annuaire de \
                 votre organisation\u{a0}: c’est là qu’il se change, auprès de votre service informatique.",
                "A new password was asked for with your address. Yours is that of your organisation’s directory: \
                 it is changed there, by your own IT department.",
            )
            .to_owned(),
        Elsewhere::Providers(names) => {
            let or = lang.t(" ou ", " or ");
            let names = names.iter().map(|name| format!("«\u{a0}{name}\u{a0}»")).collect::<Vec<_>>().join(or);
            let names = if lang == Lang::Fr { names } else { names.replace("«\u{a0}", "“").replace("\u{a0}»", "”") };
            lang.t(
                format!(
                    "Un nouveau mot de passe a été demandé pour votre adresse. Votre compte s’ouvre sans\u{a0}: \
                     sur la page de connexion, choisissez {names}. Si ce n’est plus possible, un administrateur \
                     de votre prestataire peut vous envoyer un lien."
                ),
                format!(
                    "A new password was asked for with your address. Your account opens without one: on the \
                     sign-in page, choose {names}. If that is no longer possible, an administrator of your \
                     provider can send you a link."
                ),
            )
        }
    }
}
