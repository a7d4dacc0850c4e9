//! A week of time that was given back, or reopened once approved: told to its person, with why.

use base::id::{AccountId, CustomerId};
use base::{Lang, lang};
use events::{Event, WeekState};
use jiff::civil::Date;
use store::{content, time};

use super::MailSettings;
use super::aside::event;
use super::letter::Block;
use crate::access::Principal;
use crate::desk::text;
use crate::error::{AppError, Result};
use crate::instance::App;

/// What an entry says of somebody's week.
pub(crate) struct WeekTold {
    /// Its Monday.
    pub week: Date,
    pub why: Option<String>,
    by: String,
    /// It was approved.
    reopened: bool,
    /// Its person has not submitted it again.
    open: bool,
}

impl App {
    /// What the entry that a notice names says of the person's week; `None` when it says nothing of it.
    pub(crate) fn week_told(
        &self,
        customer: CustomerId,
        person: AccountId,
        cause: i64,
    ) -> Result<Option<WeekTold>> {
        let entry = u64::try_from(cause).unwrap_or_default();
        self.vault(customer)?.db.read::<_, AppError, _>(move |tx| {
            let Event::WeekMoved(moved) = event(tx, entry)? else { return Ok(None) };
            if moved.person != person {
                return Ok(None);
            }
            let why = moved.why.map(|id| content::get(tx, id.0)).transpose()?;
            let now = time::week(tx, person, moved.week)?.map(|week| week.state);
            Ok(Some(WeekTold {
                week: moved.week,
                why: why.map(text),
                by: crate::ticket::names(tx)?.remove(&moved.by).unwrap_or_default(),
                reopened: moved.state == WeekState::Reopened,
                open: matches!(now, Some(WeekState::Returned | WeekState::Reopened)),
            }))
        })
    }

    /// Title, sentences and address; `None` when its person submitted it again meanwhile.
    pub(super) fn say_week(
        &self,
        settings: &MailSettings,
        (person, at): (&Principal, Lang),
        (customer, cause): (CustomerId, i64),
    ) -> Result<Option<(String, Vec<Block>, String)>> {
        let told = self.week_told(customer, person.account, cause)?.filter(|told| told.open);
        let Some(WeekTold { week, why, by, reopened, .. }) = told else { return Ok(None) };
        let day = lang::date(at, week);
        let subject = at.t(
            format!("Votre semaine du {day} est à corriger"),
            format!("Your week of {day} is to be corrected"),
        );
        let said = match reopened {
            true => at.t(
                format!(
                    "{by} rouvre votre semaine du {day}, qui était approuvée. Corrigez-la, puis remettez-la."
                ),
                format!("{by} reopens your week of {day}, which was approved. Correct it, then submit it."),
            ),
            false => at.t(
                format!("{by} vous rend votre semaine du {day}. Corrigez-la, puis remettez-la."),
                format!("{by} gives your week of {day} back to you. Correct it, then submit it."),
            ),
        };
        let mut blocks = vec![Block::Paragraph(said)];
        blocks.extend(why.map(Block::Quote));
        Ok(Some((subject, blocks, format!("{}/time?week={week}", settings.site))))
    }
}
