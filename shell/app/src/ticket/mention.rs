//! People named in a message: « @Hélène Castaing », « @helene.castaing ».
//!
//! Only those who may read the message are named by it. Any other name stays plain text, and nothing
//! tells its author whether somebody of that name exists.

use base::id::AccountId;
use events::Visibility;
use store::instance::accounts;
use store::search::fold::fold;
use store::ticket::Scope;

use crate::access::{Act, Permit};
use crate::customer::Introduction;
use crate::error::Result;
use crate::instance::App;

/// People that one message may name: a message to a whole company is not a mention.
const MOST: usize = 20;

/// Somebody named, who may not have acted for this customer yet.
#[derive(Clone)]
pub(super) struct Mentioned {
    pub who: AccountId,
    /// The tickets that they may read: a message on another does not name them.
    pub scope: Scope,
    pub introduction: Introduction,
}

impl App {
    /// Whom a message names, among those who may read it; its author is not one of them.
    pub(super) fn mentioned(
        &self,
        permit: &Permit,
        body: &str,
        visibility: Visibility,
    ) -> Result<Vec<Mentioned>> {
        if !body.contains('@') {
            return Ok(Vec::new());
        }
        let body = fold(body);
        let all = self.instance.read::<_, crate::AppError, _>(|tx| Ok(accounts::all(tx)?))?;
        let mut found = Vec::new();
        for account in all.into_iter().filter(|a| !a.disabled && names(&body, a)) {
            let who = AccountId(account.id);
            let person = self.principal(who)?;
            let Ok(reads) = person.permit(Act::SeeTickets, permit.customer()) else { continue };
            let inside = visibility == Visibility::Public || reads.role().is_provider();
            if inside && who != permit.by().account && found.len() < MOST {
                let (scope, introduction) = (reads.scope().clone(), self.introduction(&person));
                found.push(Mentioned { who, scope, introduction });
            }
        }
        Ok(found)
    }
}

/// Whether a folded text names the account, by its display name or by the name of its address.
fn names(body: &str, account: &accounts::Account) -> bool {
    let local = account.email.split('@').next().unwrap_or_default();
    [account.display_name.as_str(), local].into_iter().any(|name| {
        let name = fold(name);
        !name.is_empty()
            && body.match_indices(&format!("@{name}")).any(|(at, found)| is_whole(body, at, found.len()))
    })
}

/// « @jean » is not named by « @jeanne », nor by « contact@jean ».
fn is_whole(body: &str, at: usize, length: usize) -> bool {
    let before = body[..at].chars().next_back();
    let mut after = body[at + length..].chars();
    let goes_on = match after.next() {
        Some('.' | '-') => after.next().is_some_and(char::is_alphanumeric),
        next => next.is_some_and(|c| c.is_alphanumeric() || c == '@'),
    };
    !before.is_some_and(char::is_alphanumeric) && !goes_on
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str, email: &str) -> accounts::Account {
        accounts::Account {
            id: uuid::Uuid::nil(),
            email: email.to_owned(),
            display_name: name.to_owned(),
            password_hash: String::new(),
            totp_sealed: None,
            role: "technician".to_owned(),
            customer: None,
            disabled: false,
            created: 0,
        }
    }

    #[test]
    fn a_name_is_whole_and_follows_an_at_sign() {
        let helene = account("Hélène Castaing", "h.castaing@exemple.fr");
        let named = |text: &str| names(&fold(text), &helene);
        assert!(named("@Hélène Castaing, peux-tu voir ?"));
        assert!(named("Vu avec @helene castaing."));
        assert!(named("(@h.castaing)"));
        assert!(!named("Hélène Castaing l'a vu"));
        assert!(!named("@Hélène Castaings"));
        assert!(!named("écrire à support@h.castaing.fr"));
        assert!(!named("@h.castaing.fr"));
    }
}
