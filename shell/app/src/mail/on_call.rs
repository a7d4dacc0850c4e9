//! A roster that was published, told to each person whose periods it changed, with the periods that are
//! theirs as the letter leaves.

use base::id::CustomerId;
use base::lang;
use events::Event;
use jiff::Timestamp;
use store::instance::mail::Message;

use super::aside::event;
use super::letter::Block;
use super::say::{Reader, hello, letter};
use super::{Letter, MailSettings};
use crate::error::{AppError, Result};
use crate::instance::App;

impl App {
    /// `None` when the entry publishes no roster.
    pub(super) fn say_on_call(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
    ) -> Result<Option<Letter>> {
        let vault = self.vault(customer)?;
        let (agreements, now, me) = (vault.agreements()?, self.now(), reader.person.account);
        let entry = u64::try_from(message.new.cause).unwrap_or_default();
        let read = vault.db.read::<_, AppError, _>(move |tx| {
            let Event::RosterPublished(roster) = event(tx, entry)? else { return Ok(None) };
            let by = crate::ticket::names(tx)?.remove(&roster.by).unwrap_or_default();
            let agreement = agreements.by_id(roster.contract)?.clone();
            let stands = crate::roster::stands(tx, roster.contract, &roster.label, now)?;
            let mine = crate::roster::turns_of(&stands.shifts, me, now);
            Ok(Some((by, agreement, roster.label, mine)))
        })?;
        let Some((by, agreement, label, mine)) = read else { return Ok(None) };
        let (at, number, customer) = (reader.wished.lang, &agreement.number, &vault.name);
        let time = |instant: Timestamp| lang::date_time(at, &instant.to_zoned(agreement.zone().clone()));
        let mut blocks = vec![
            hello(at, &reader.person.name),
            Block::Paragraph(at.t(
                format!("{by} a publié le programme d'astreinte «\u{a0}{label}\u{a0}» de {customer}, contrat {number}. Il change vos périodes."),
                format!("{by} published the on-call roster “{label}” of {customer}, contract {number}. It changes your periods."),
            )),
        ];
        let article = agreement.in_force(now).ok().and_then(|version| {
            let asked = engines::roster::asked(&version.terms);
            asked.iter().find(|a| a.clause.label() == label).map(|a| a.clause.from.cite())
        });
        blocks.extend(article.map(|article| Block::Paragraph(format!("{article}."))));
        let periods: Vec<String> = mine
            .iter()
            .map(|(from, until)| {
                let (from, until) = (time(*from), time(*until));
                at.t(format!("du {from} au {until}"), format!("from {from} to {until}"))
            })
            .collect();
        blocks.push(match periods.is_empty() {
            true => Block::Paragraph(
                at.t("Vous n'y êtes plus d'astreinte.", "You are not on call there any more.").to_owned(),
            ),
            false => Block::Quote(periods.join("\n")),
        });
        blocks.push(Block::Link {
            label: at.t("Voir l'astreinte", "See the roster").to_owned(),
            url: format!("{}/c/{}/on-call", settings.site, vault.slug),
        });
        blocks.push(Block::Signature(settings.from.name.clone()));
        let subject = at.t(
            format!("Astreinte, {customer}\u{a0}: vos périodes ont changé"),
            format!("On call, {customer}: your periods have changed"),
        );
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }
}
