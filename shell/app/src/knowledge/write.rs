//! Writing articles, publishing and retiring them, reading them again, saying that one helped.

use base::id::{AccountId, ArticleId};
use engines::kinds::Kind;
use events::{
    AboutItem, ArticleAbout, ArticleHelped, ArticleMoved, ArticleReviewed, ArticleState, ArticleWritten,
    CopiedFrom, Event, Side,
};
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::article::{self, Article};
use store::instance::accounts;
use store::record::{Content, Stamp, record};
use store::{Tx, WriteTx, idempotency, ticket};

use super::{LONGEST_BODY, LONGEST_TITLE, Owner, WriteArticle, Written, reader, today};
use crate::access::{self, Act, Permit, Principal};
use crate::agreements::Agreements;
use crate::customer::Introduction;
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

/// Names of one sort that one article is about, at most.
const MOST: usize = 50;

/// All that a transaction needs, ready before it starts.
#[derive(Clone)]
pub(super) struct Ready {
    pub id: ArticleId,
    pub ask: WriteArticle,
    pub about: ArticleAbout,
    /// `None` leaves it as it is; the author at first.
    pub owner: Option<AccountId>,
    pub title: Content,
    pub body: Content,
    pub by: AccountId,
    pub at: i64,
    pub today: Date,
    pub copied_from: Option<CopiedFrom>,
    /// The author, and the owner if it is somebody else.
    pub introductions: Vec<Introduction>,
}

impl App {
    /// Writes a new article, a draft.
    pub fn write_article(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &WriteArticle,
    ) -> Result<Written> {
        self.on_tickets(permit, Act::WriteKnowledge)?;
        let ready = self.article_ready(permit, ask)?;
        let permit = permit.clone();
        self.in_vault(&permit.clone(), key, "article.write", &ask, move |tx| first(tx, &permit, &ready))
    }

    /// Writes the next version of an article, in the place of the version `based_on`; refused, code
    /// `article.changed`, if that is no longer the current one.
    pub fn rewrite_article(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        based_on: u32,
        ask: &WriteArticle,
    ) -> Result<Written> {
        self.on_tickets(permit, Act::WriteKnowledge)?;
        let ready = self.article_ready(permit, ask)?;
        let asker = permit.clone();
        self.in_vault(permit, key, "article.rewrite", &(number, based_on, ask), move |tx| {
            let article = found(tx, &asker, number)?;
            if article.version != based_on {
                return Err(changed(article.version));
            }
            if article.state == ArticleState::Published && ready.ask.review_by.is_none() {
                return Err(no_date());
            }
            next(tx, &ready, &article)
        })
    }

    /// Publishes a draft or what was retired, or retires; a published article has a date of review.
    pub fn move_article(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        to: ArticleState,
    ) -> Result<Written> {
        self.on_tickets(permit, Act::WriteKnowledge)?;
        let (asker, introduction) = (permit.clone(), self.introduction(permit.by()));
        let (at, by) = (self.micros(), permit.by().account);
        self.in_vault(permit, key, "article.move", &(number, to), move |tx| {
            let article = found(tx, &asker, number)?;
            if to == ArticleState::Draft || article.state == to {
                return Err(state(article.state));
            }
            if to == ArticleState::Published && article.review_by.is_none() {
                return Err(no_date());
            }
            introduction.ensure(tx, at)?;
            let event = Event::ArticleMoved(ArticleMoved { article: article.id, state: to, at, by });
            let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, &[])?;
            Ok(Written { number, version: article.version, state: to, entry })
        })
    }

    /// Says that a published article was read again and is right, and until when; somebody else may answer
    /// for it from now on.
    pub fn review_article(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        review_by: Date,
        owner: Option<&str>,
    ) -> Result<Written> {
        self.on_tickets(permit, Act::WriteKnowledge)?;
        let agreements = self.vault(permit.customer())?.agreements()?;
        let today = today(&agreements, self.now());
        let owner = self.owner_asked(permit, owner)?;
        let introductions = self.introductions(permit, owner.as_ref());
        let (at, by, asker) = (self.micros(), permit.by().account, permit.clone());
        let request = (number, review_by, owner.as_ref().map(|o| o.account));
        self.in_vault(permit, key, "article.review", &request, move |tx| {
            check_date(Some(review_by), today)?;
            let article = found(tx, &asker, number)?;
            if article.state != ArticleState::Published {
                return Err(state(article.state));
            }
            for person in &introductions {
                person.ensure(tx, at)?;
            }
            let event = Event::ArticleReviewed(ArticleReviewed {
                article: article.id,
                version: article.version,
                at,
                by,
                owner: owner.as_ref().map_or(article.owner, |o| o.account),
                review_by,
            });
            let entry = record(tx, &Stamp { at, actor: by, contract: None }, &event, &[])?;
            Ok(Written { number, version: article.version, state: article.state, entry })
        })
    }

    /// Says that an article helped with a ticket, once for the two.
    pub fn article_helped(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        ticket: u64,
    ) -> Result<Written> {
        self.on_tickets(permit, Act::Reply)?;
        let (asker, introduction) = (permit.clone(), self.introduction(permit.by()));
        let (at, by) = (self.micros(), permit.by().account);
        let side = match permit.role().side() {
            access::Side::Provider => Side::Provider,
            access::Side::Customer => Side::Customer,
            access::Side::ThirdParty => Side::ThirdParty,
        };
        self.in_vault(permit, key, "article.help", &(number, ticket), move |tx| {
            let article = found(tx, &asker, number)?;
            let ticket = ticket::by_number(tx, asker.scope(), ticket)?.ok_or(AppError::NotFound)?;
            if article.state != ArticleState::Published {
                return Err(state(article.state));
            }
            if article::has_helped(tx, article.id, ticket.id)? {
                return Err(AppError::refused(Refusal::new(
                    "article.helped_already",
                    "Il est déjà dit que cet article a aidé pour ce ticket.",
                    "It is said already that this article helped with this ticket.",
                )));
            }
            introduction.ensure(tx, at)?;
            let (article_id, version) = (article.id, article.version);
            let helped = ArticleHelped { article: article_id, version, ticket: ticket.id, at, by, side };
            let stamp = Stamp { at, actor: by, contract: Some(ticket.version.clone()) };
            let entry = record(tx, &stamp, &Event::ArticleHelped(helped), &[])?;
            Ok(Written { number, version, state: article.state, entry })
        })
    }

    /// Who may answer for an article of the customer's: the provider's people who may write there.
    pub fn article_owners(&self, permit: &Permit) -> Result<Vec<Owner>> {
        self.on_tickets(permit, Act::WriteKnowledge)?;
        let all = self.instance.read::<_, AppError, _>(|tx| Ok(accounts::all(tx)?))?;
        let mut owners = Vec::new();
        for account in all.into_iter().filter(|a| !a.disabled && a.customer.is_none()) {
            let id = AccountId(account.id);
            if self.principal(id)?.may_for(Act::WriteKnowledge, permit.customer()) {
                owners.push(Owner { id, name: account.display_name, email: account.email });
            }
        }
        owners.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(owners)
    }

    /// Somebody who may answer for an article, by e-mail; `None` if nobody is named.
    fn owner_asked(&self, permit: &Permit, email: Option<&str>) -> Result<Option<Principal>> {
        let Some(email) = email.map(str::trim).filter(|e| !e.is_empty()) else { return Ok(None) };
        let wanted = email.to_owned();
        let account = self.instance.read::<_, AppError, _>(move |tx| Ok(accounts::by_email(tx, &wanted)?))?;
        let person = match account.filter(|a| !a.disabled) {
            Some(account) => Some(self.principal(AccountId(account.id))?),
            None => None,
        };
        let person = person.filter(|p| p.may_for(Act::WriteKnowledge, permit.customer()));
        let unknown = || {
            AppError::invalid(
                "owner",
                "une personne du prestataire qui écrit les articles de ce client",
                "one of the provider's people who writes this customer's articles",
            )
        };
        person.map(Some).ok_or_else(unknown)
    }

    fn introductions(&self, permit: &Permit, owner: Option<&Principal>) -> Vec<Introduction> {
        let other = owner.filter(|o| o.account != permit.by().account);
        std::iter::once(permit.by()).chain(other).map(|person| self.introduction(person)).collect()
    }

    /// Checks what an author gives against the customer's contracts.
    pub(super) fn article_ready(&self, permit: &Permit, ask: &WriteArticle) -> Result<Ready> {
        let agreements = self.vault(permit.customer())?.agreements()?;
        let owner = self.owner_asked(permit, ask.owner.as_deref())?;
        Ok(Ready {
            id: self.id(ArticleId::new),
            about: about(&agreements, ask)?,
            title: self.text("title", &one_line(&ask.title), LONGEST_TITLE)?,
            body: self.text("body", &ask.body.replace("\r\n", "\n"), LONGEST_BODY)?,
            ask: ask.clone(),
            by: permit.by().account,
            at: self.micros(),
            today: today(&agreements, self.now()),
            copied_from: None,
            introductions: self.introductions(permit, owner.as_ref()),
            owner: owner.map(|o| o.account),
        })
    }

    /// One write in a customer's vault, once per key.
    pub(super) fn in_vault(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        route: &str,
        asked: &impl Serialize,
        work: impl Fn(&mut WriteTx<'_>) -> Result<Written> + Send + 'static,
    ) -> Result<Written> {
        let bytes = serde_json::to_vec(asked).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(bytes).into();
        let (stored_key, at) = (key.of(permit.by().account, route), self.micros());
        let done = self.vault(permit.customer())?.db.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                serde_json::to_vec(&work(tx)?).map_err(AppError::fault)
            })
        })?;
        self.mark_dirty(permit.customer());
        serde_json::from_slice(&done).map_err(AppError::fault)
    }
}

/// Records the first version.
pub(super) fn first(tx: &mut WriteTx<'_>, permit: &Permit, ready: &Ready) -> Result<Written> {
    let from_ticket = match ready.ask.from_ticket {
        Some(number) => {
            let known = ticket::by_number(tx, permit.scope(), number)?;
            let unknown = || {
                AppError::invalid(
                    "from_ticket",
                    "aucun ticket ne porte ce numéro",
                    "no ticket has this number",
                )
            };
            Some(known.ok_or_else(unknown)?.id)
        }
        None => None,
    };
    let event = ArticleWritten {
        article: ready.id,
        number: article::next_number(tx)?,
        version: 1,
        at: ready.at,
        by: ready.by,
        kind: ready.ask.kind,
        audience: ready.ask.audience,
        about: ready.about.clone(),
        owner: ready.owner.unwrap_or(ready.by),
        review_by: ready.ask.review_by,
        from_ticket,
        copied_from: ready.copied_from,
        title: ready.title.id,
        body: ready.body.id,
    };
    put(tx, ready, event, ArticleState::Draft)
}

fn next(tx: &mut WriteTx<'_>, ready: &Ready, article: &Article) -> Result<Written> {
    let event = ArticleWritten {
        article: article.id,
        number: article.number,
        version: article.version + 1,
        at: ready.at,
        by: ready.by,
        kind: ready.ask.kind,
        audience: ready.ask.audience,
        about: ready.about.clone(),
        owner: ready.owner.unwrap_or(article.owner),
        review_by: ready.ask.review_by,
        from_ticket: article.from_ticket,
        copied_from: article.copied_from,
        title: ready.title.id,
        body: ready.body.id,
    };
    put(tx, ready, event, article.state)
}

fn put(tx: &mut WriteTx<'_>, ready: &Ready, event: ArticleWritten, state: ArticleState) -> Result<Written> {
    check_date(ready.ask.review_by, ready.today)?;
    for person in &ready.introductions {
        person.ensure(tx, ready.at)?;
    }
    let (number, version) = (event.number, event.version);
    let stamp = Stamp { at: ready.at, actor: ready.by, contract: None };
    let texts = [ready.title.clone(), ready.body.clone()];
    let entry = record(tx, &stamp, &Event::ArticleWritten(event), &texts)?;
    Ok(Written { number, version, state, entry })
}

pub(super) fn found(tx: &mut dyn Tx, permit: &Permit, number: u64) -> Result<Article> {
    article::by_number(tx, &reader(permit), number)?.ok_or(AppError::NotFound)
}

/// A title is one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Asked after an earlier answer was looked for: a retry may come on a later day than what it repeats.
fn check_date(day: Option<Date>, today: Date) -> Result<()> {
    if day.is_none_or(|day| day >= today) {
        return Ok(());
    }
    Err(AppError::invalid("review_by", "un jour à venir", "a day to come"))
}

/// What it is about, each name one of the contract's: entries are for ever and in clear.
fn about(agreements: &Agreements, ask: &WriteArticle) -> Result<ArticleAbout> {
    let number = ask.contract.as_deref().map(str::trim).filter(|n| !n.is_empty());
    let agreement = match (number, &agreements.contracts[..]) {
        (Some(number), _) => {
            let unknown = |_| AppError::invalid("contract", "contrat inconnu", "unknown contract");
            Some(agreements.by_number(number).map_err(unknown)?)
        }
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let named = [&ask.items, &ask.classes, &ask.operations].into_iter().any(|list| !list.is_empty());
    for (field, list) in [
        ("items", &ask.items),
        ("classes", &ask.classes),
        ("operations", &ask.operations),
        ("kinds", &ask.kinds),
    ] {
        if list.len() > MOST {
            return Err(AppError::invalid(field, format!("{MOST} au plus"), format!("at most {MOST}")));
        }
    }
    if let Some(kind) = ask.kinds.iter().find(|kind| Kind::from_key(kind).is_none()) {
        return Err(unknown("kinds", kind, "un genre de ticket", "a kind of ticket"));
    }
    let kinds = once_each(&ask.kinds);
    let Some(agreement) = agreement.filter(|_| named || number.is_some()) else {
        if named {
            return Err(AppError::invalid(
                "contract",
                "le contrat dont ce sont les éléments et les opérations",
                "the contract whose items and operations these are",
            ));
        }
        return Ok(ArticleAbout { kinds, ..ArticleAbout::default() });
    };
    let terms = &agreement.latest().compiled.terms;
    let entry = |item: &String| terms.perimeter.iter().find(|r| r.then.items.contains(item));
    let mut items = Vec::new();
    for item in once_each(&ask.items) {
        let Some(rule) = entry(&item) else {
            return Err(unknown("items", &item, "au périmètre du contrat", "in the contract's perimeter"));
        };
        items.push(AboutItem { class: rule.then.class.clone(), item });
    }
    let is_class = |class: &String| terms.perimeter.iter().any(|r| r.then.class.as_ref() == Some(class));
    if let Some(class) = ask.classes.iter().find(|class| !is_class(class)) {
        return Err(unknown("classes", class, "au périmètre du contrat", "in the contract's perimeter"));
    }
    let is_operation = |name: &String| terms.operations.iter().any(|r| r.then.operation == *name);
    if let Some(name) = ask.operations.iter().find(|name| !is_operation(name)) {
        return Err(unknown("operations", name, "une opération du contrat", "an operation of the contract"));
    }
    Ok(ArticleAbout {
        contract: Some(agreement.id),
        items,
        classes: once_each(&ask.classes),
        operations: once_each(&ask.operations),
        kinds,
    })
}

fn once_each(list: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in list {
        if !kept.contains(name) {
            kept.push(name.clone());
        }
    }
    kept
}

fn unknown(field: &str, name: &str, fr: &str, en: &str) -> AppError {
    AppError::invalid(field, format!("«\u{a0}{name}\u{a0}» n'est pas {fr}"), format!("“{name}” is not {en}"))
}

fn no_date() -> AppError {
    AppError::refused(Refusal::new(
        "article.review_date",
        "Un article publié a une date de relecture\u{a0}: donnez-la d'abord.",
        "A published article has a date of review: give it first.",
    ))
}

fn state(now: ArticleState) -> AppError {
    let (fr, en) = match now {
        ArticleState::Draft => ("un brouillon", "a draft"),
        ArticleState::Published => ("publié", "published"),
        ArticleState::Retired => ("retiré", "retired"),
    };
    AppError::refused(Refusal::new(
        "article.state",
        format!("Cet article est {fr}\u{a0}: cela ne s'y applique pas."),
        format!("This article is {en}: this does not apply to it."),
    ))
}

fn changed(version: u32) -> AppError {
    AppError::refused(Refusal::new(
        "article.changed",
        format!(
            "La version {version} a été écrite entre-temps\u{a0}: relisez-la, puis reprenez votre texte dessus."
        ),
        format!("Version {version} was written meanwhile: read it, then bring your text to it."),
    ))
}
