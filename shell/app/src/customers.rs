//! The customers for whom somebody may act, page after page.
//!
//! A provider has hundreds of them: a list reads the names, by an index, and never what each vault holds.

use base::id::CustomerId;
use store::Tx;
use store::instance::vaults;
use store::search::fold;

use crate::access::{Act, Principal};
use crate::error::{AppError, Result};
use crate::instance::App;

pub use store::instance::vaults::Vault;

/// Customers read together when some of them are passed over.
const AT_ONCE: u32 = 200;

/// Which customers, and from where.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Words that the name or the slug holds, all of them; empty for every customer.
    pub words: String,
    /// The slug of the last customer of the page before.
    pub after: Option<String>,
}

impl App {
    /// One customer.
    pub fn customer(&self, id: CustomerId) -> Result<Vault> {
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(vaults::by_id(tx, id.0)?))?;
        found.ok_or(AppError::NotFound)
    }

    /// The customers for whom somebody may do this, by name, and the slug after which the next page begins.
    ///
    /// A place that the reader has no right to is not found, as one that is nowhere.
    pub fn customers_for(
        &self,
        who: &Principal,
        act: Act,
        sought: &Sought,
        limit: usize,
    ) -> Result<(Vec<Vault>, Option<String>)> {
        let after = match &sought.after {
            Some(slug) => Some(self.customer(self.find_customer(slug)?)?),
            None => None,
        };
        if after.as_ref().is_some_and(|last| !who.may_for(act, CustomerId(last.id))) {
            return Err(AppError::NotFound);
        }
        let words = Words::of(&sought.words);
        let mut found = match who.customers_of(act) {
            Some(few) => self.chosen(&few, after.as_ref(), &words)?,
            None => self.walked(after, &words, limit)?,
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| last.slug.clone());
        Ok((found, next))
    }

    /// Those of a few that come after one, by name.
    fn chosen(&self, few: &[CustomerId], after: Option<&Vault>, words: &Words) -> Result<Vec<Vault>> {
        let mut found: Vec<Vault> = few.iter().map(|id| self.customer(*id)).collect::<Result<_>>()?;
        found.retain(|vault| words.are_in(vault) && after.is_none_or(|last| place(vault) > place(last)));
        found.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok(found)
    }

    /// Those of all that come after one, by name: more than the limit as long as there are.
    fn walked(&self, mut after: Option<Vault>, words: &Words, limit: usize) -> Result<Vec<Vault>> {
        let mut found = Vec::new();
        loop {
            let (name, id) = after.map(|last| (last.name, last.id)).unwrap_or_default();
            let read = move |tx: &mut dyn Tx| Ok(vaults::page(tx, (&name, id), AT_ONCE)?);
            let some = self.instance.read::<_, AppError, _>(read)?;
            let ended = some.len() < AT_ONCE as usize;
            after = some.last().cloned();
            found.extend(some.into_iter().filter(|vault| words.are_in(vault)));
            if ended || found.len() > limit {
                return Ok(found);
            }
        }
    }
}

fn place(vault: &Vault) -> (&str, uuid::Uuid) {
    (&vault.name, vault.id)
}

/// What somebody typed to find a customer: neither case nor accents count.
struct Words(Vec<String>);

impl Words {
    fn of(typed: &str) -> Words {
        Words(fold::fold(typed).split_whitespace().map(str::to_owned).collect())
    }

    fn are_in(&self, vault: &Vault) -> bool {
        let name = fold::fold(&vault.name);
        self.0.iter().all(|word| name.contains(word) || vault.slug.contains(word))
    }
}
