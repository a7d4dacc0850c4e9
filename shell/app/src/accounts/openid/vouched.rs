//! Whom a provider vouches for: the account that it opens, and its own name of the person.

use events::SecurityAct;
use serde::{Deserialize, Serialize};
use store::instance::{accounts, identities, links, vaults};

use super::super::attempts::Client;
use super::super::links::Purpose;
use super::super::real_now;
use super::super::security::whence;
use super::provider::{Provider, Request, Service};
use super::token::{Address, Claims};
use super::unknown;
use crate::error::{AppError, Result};
use crate::instance::App;

/// The account of a person whom a provider vouches for.
pub(super) struct Vouched {
    pub(super) account: accounts::Account,
    pub(super) issuer: String,
    /// What is to be tied once they are let in; `None` when it is already.
    pub(super) tie: Option<Tie>,
}

/// What a provider calls a person.
#[derive(Serialize, Deserialize)]
pub(super) struct Tie {
    issuer: String,
    subject: String,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    address: Address,
}

impl App {
    /// The account of a person whom the provider vouches for, and may vouch for.
    pub(super) fn vouched_for(
        &self,
        service: &Service,
        claims: &Claims,
        access: &str,
    ) -> Result<Option<Vouched>> {
        let (issuer, subject) = (service.settings.issuer.clone(), claims.sub.clone());
        let linked = self.instance.read::<_, AppError, _>({
            let (issuer, subject) = (issuer.clone(), subject.clone());
            move |tx| {
                let Some(id) = identities::account(tx, &issuer, &subject)? else { return Ok(None) };
                Ok(accounts::by_id(tx, id)?)
            }
        })?;
        if let Some(account) = linked {
            let opened = Some(account).filter(|account| self.may_open(service, account));
            return Ok(opened.map(|account| Vouched { account, issuer, tie: None }));
        }
        let Some(email) = self.verified_address(service, claims, access) else { return Ok(None) };
        let of = issuer.clone();
        let found = self.instance.read::<_, AppError, _>(move |tx| {
            let Some(account) = accounts::by_email(tx, &email)? else { return Ok(None) };
            // Somebody else of that provider has this account already: an address was given again.
            let taken = identities::of(tx, account.id, &of)?.is_some();
            Ok(Some(account).filter(|_| !taken))
        })?;
        let found = found.filter(|account| self.may_open(service, account));
        let tie = Tie { issuer: issuer.clone(), subject };
        Ok(found.map(|account| Vouched { account, issuer, tie: Some(tie) }))
    }

    /// Ties a person of a provider to an account. The invitation that it may have waits for nobody any more.
    pub(super) fn tie(
        &self,
        tie: Tie,
        account: &accounts::Account,
        client: &Client,
        name: &str,
    ) -> Result<()> {
        let words = format!("{name} · {}", whence(client));
        let told = self.security(SecurityAct::IdentityLinked, account.id, words.trim_end_matches(" · "));
        let (id, now) = (account.id, real_now());
        let done = self.instance.write::<_, AppError, _>(move |tx| {
            match identities::of(tx, id, &tie.issuer)? {
                // The same person came in by another window since.
                Some(subject) if subject == tie.subject => return Ok(()),
                Some(_) => return Err(AppError::NotFound),
                None => {}
            }
            match identities::link(tx, &tie.issuer, &tie.subject, id, now) {
                Err(e) if e.is_constraint() => return Err(AppError::NotFound),
                done => done?,
            }
            // Whoever finds its letter could still choose a password, and close what is open.
            if links::waiting(tx, id, now)?.is_some_and(|link| link.purpose == Purpose::Join.key()) {
                links::drop_of(tx, id)?;
            }
            told.record(tx)
        });
        done.map_err(|error| match error {
            AppError::NotFound => {
                self.attempts().failed_there(client, now);
                unknown(name)
            }
            error => error,
        })
    }

    /// Whether a password opens nothing to this account, though it has no factor here: staff whom a
    /// provider that is served lets in. A password alone would let whoever guessed it add theirs.
    pub(in crate::accounts) fn is_by_provider_only(&self, account: &accounts::Account) -> Result<bool> {
        let Some(openid) = self.openid.get() else { return Ok(false) };
        if account.totp_sealed.is_some() || !self.wants_second_factor(&self.person(account.clone())?) {
            return Ok(false);
        }
        // A provider that was narrowed since lets this account in no more.
        let opens = openid.services.iter().filter(|service| self.may_open(service, account));
        let issuers: Vec<String> = opens.map(|s| s.settings.issuer.clone()).collect();
        let id = account.id;
        self.instance.read(move |tx| {
            for issuer in &issuers {
                if identities::of(tx, id, issuer)?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The address that the provider vouches for, in its token or in what it says of the person besides.
    fn verified_address(&self, service: &Service, claims: &Claims, access: &str) -> Option<String> {
        if claims.address.is_said() {
            return claims.address.verified();
        }
        let (metadata, _) = service.known().ok()?;
        let url = metadata.userinfo_endpoint?;
        let said: UserInfo = service.ask(&Request::Get { url: &url, bearer: Some(access) }).ok()?;
        // Core, 5.3.2: it must be of the same person.
        if said.sub == claims.sub { said.address.verified() } else { None }
    }

    /// Whether a provider may open this account: its customer and its domains say which.
    pub(super) fn may_open(&self, service: &Service, account: &accounts::Account) -> bool {
        let Provider { customer, domains, .. } = &service.settings;
        let domain = account.email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        let of_domain = domains.is_empty() || domains.iter().any(|d| d.eq_ignore_ascii_case(domain));
        let of_customer = match customer {
            None => true,
            Some(slug) => {
                let slug = slug.clone();
                let found = self.instance.read::<_, AppError, _>(move |tx| Ok(vaults::find(tx, &slug)?));
                found.ok().flatten().is_some_and(|vault| account.customer == Some(vault.id))
            }
        };
        !account.disabled && of_domain && of_customer
    }
}
