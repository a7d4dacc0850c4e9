//! Somebody was not satisfied: told to whoever had the ticket and to the service manager.

use base::Lang;

use super::letter::Block;
use crate::access::Permit;
use crate::error::Result;
use crate::instance::App;
use crate::satisfaction::DISSATISFIED;
use crate::ticket::TicketPage;

impl App {
    /// `None` once a better mark took its place.
    pub(super) fn say_opinion(
        &self,
        permit: &Permit,
        lang: Lang,
        page: &TicketPage,
    ) -> Result<Option<Vec<Block>>> {
        let number = page.ticket.number;
        let told = self.satisfaction_of(permit, number)?.told.filter(|told| told.score <= DISSATISFIED);
        let Some(told) = told else { return Ok(None) };
        let (by, score, title) = (&told.by, told.score, &page.title);
        let mut blocks = vec![Block::Paragraph(lang.t(
            format!("{by} donne {score} sur 5 au ticket n°\u{a0}{number} «\u{a0}{title}\u{a0}»."),
            format!("{by} gives {score} out of 5 to ticket {number} “{title}”."),
        ))];
        blocks.extend(told.words.map(Block::Quote));
        Ok(Some(blocks))
    }
}
