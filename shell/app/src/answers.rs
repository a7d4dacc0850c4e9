//! Templates of answers: kept for every customer or for one, chosen on a ticket, filled with what it is.
//!
//! A template names a few things of the ticket between braces; a name that is not one of them is refused
//! when the template is kept, so that no answer leaves with a hole in it. What comes back is a text to read
//! and change: nothing is sent by itself.

use base::{Lang, lang};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::instance::answers;
use store::{StoreError, WriteTx, idempotency};
use uuid::Uuid;

use crate::access::{Act, InstancePermit, Permit, Principal};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, TicketPage};

/// Characters of a name and of each wording.
pub const LONGEST_NAME: usize = 80;
pub const LONGEST_TEXT: usize = 4_000;
/// Templates of every customer, or of one.
const MOST: u32 = 200;

/// A template as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub id: Uuid,
    /// It is one of every customer.
    pub shared: bool,
    pub name: String,
    /// Markdown; empty where it has no wording in this language.
    pub fr: String,
    pub en: String,
    pub written: Timestamp,
    pub by: String,
}

/// A template to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeepTemplate {
    pub name: String,
    pub fr: String,
    pub en: String,
}

/// What a template may name of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Number,
    Title,
    /// Whoever opened the ticket.
    Person,
    Customer,
    /// When its next promise falls due.
    Due,
    /// The article that governs that promise; that decided of the perimeter, where none runs.
    Article,
}

impl Blank {
    pub const ALL: [Blank; 6] =
        [Blank::Number, Blank::Title, Blank::Person, Blank::Customer, Blank::Due, Blank::Article];

    /// As a template writes it, in either language.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Blank::Number => ["numéro", "number"],
            Blank::Title => ["titre", "title"],
            Blank::Person => ["personne", "person"],
            Blank::Customer => ["client", "customer"],
            Blank::Due => ["échéance", "due"],
            Blank::Article => ["article", "article"],
        }
    }

    fn from_name(name: &str) -> Option<Blank> {
        Blank::ALL.into_iter().find(|blank| blank.names().contains(&name))
    }
}

impl App {
    /// The templates that may be used for a customer: its own, then those of every customer.
    pub fn answer_templates(&self, permit: &Permit) -> Result<Vec<Template>> {
        self.on_tickets(permit, Act::UseTemplates)?;
        let vault = permit.customer().0;
        let rows = self.instance.read::<_, AppError, _>(move |tx| {
            let mut all = answers::of(tx, Some(vault), MOST)?;
            all.extend(answers::of(tx, None, MOST)?);
            Ok(all)
        })?;
        rows.into_iter().map(template).collect()
    }

    /// The templates of every customer, for whoever keeps them.
    pub fn shared_templates(&self, permit: &InstancePermit) -> Result<Vec<Template>> {
        permit.covers(Act::KeepTemplates)?;
        let rows = self.instance.read::<_, AppError, _>(|tx| Ok(answers::of(tx, None, MOST)?))?;
        rows.into_iter().map(template).collect()
    }

    /// Keeps a template for a customer; with an id, in the place of that one.
    pub fn keep_template(&self, permit: &Permit, id: Option<Uuid>, ask: &KeepTemplate) -> Result<()> {
        permit.covers(Act::KeepTemplates)?;
        let keep = id.map_or_else(|| Keep::New(self.id(base::id::uuid_v7)), Keep::Again);
        self.keep(Some(permit.customer().0), permit.by(), keep, ask)
    }

    /// Keeps a new template for a customer, once for a key: a retry is told the same id.
    pub fn keep_new_template(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        ask: &KeepTemplate,
    ) -> Result<Uuid> {
        permit.covers(Act::KeepTemplates)?;
        let (ask, vault) = (check(ask)?, permit.customer().0);
        let stored_key = key.of(permit.by().account, "template.keep");
        let asked = serde_json::to_vec(&(vault, &ask.name, &ask.fr, &ask.en)).map_err(AppError::fault)?;
        let request: [u8; 32] = Sha256::digest(asked).into();
        let row = self.row(Some(vault), self.id(base::id::uuid_v7), ask);
        let (account, at) = (permit.by().account.0, row.written);
        // Remembered apart from the template: once that is removed, a retry does not bring it back.
        let id = self.instance.write::<_, AppError, _>(move |tx| {
            idempotency::once(tx, &stored_key, &request, at, |tx| {
                add(tx, &row, account)?;
                Ok(row.id.as_bytes().to_vec())
            })
        })?;
        Uuid::from_slice(&id).map_err(AppError::fault)
    }

    /// Keeps a template for every customer.
    pub fn keep_shared_template(
        &self,
        permit: &InstancePermit,
        id: Option<Uuid>,
        ask: &KeepTemplate,
    ) -> Result<()> {
        permit.covers(Act::KeepTemplates)?;
        let keep = id.map_or_else(|| Keep::New(self.id(base::id::uuid_v7)), Keep::Again);
        self.keep(None, permit.by(), keep, ask)
    }

    /// Removes a template of a customer's; one of every customer is as if it were not there.
    pub fn remove_template(&self, permit: &Permit, id: Uuid) -> Result<()> {
        permit.covers(Act::KeepTemplates)?;
        self.remove(Some(permit.customer().0), id)
    }

    /// Removes a template of every customer.
    pub fn remove_shared_template(&self, permit: &InstancePermit, id: Uuid) -> Result<()> {
        permit.covers(Act::KeepTemplates)?;
        self.remove(None, id)
    }

    /// A template filled with what a ticket is, in the language asked, or in the other where it has no
    /// wording in this one.
    pub fn filled_answer(&self, permit: &Permit, page: &TicketPage, id: Uuid, lang: Lang) -> Result<String> {
        self.on_tickets(permit, Act::UseTemplates)?;
        let found = self.instance.read::<_, AppError, _>(move |tx| Ok(answers::by_id(tx, id)?))?;
        let vault = permit.customer();
        let found = found.filter(|t| t.vault.is_none_or(|own| own == vault.0)).ok_or(AppError::NotFound)?;
        let (text, lang) = match (lang, found.fr.is_empty(), found.en.is_empty()) {
            (Lang::Fr, false, _) | (Lang::En, false, true) => (found.fr, Lang::Fr),
            _ => (found.en, Lang::En),
        };
        let customer = self.vault(vault)?.name.clone();
        Ok(filled(&text, |blank| said(page, &customer, blank, lang)))
    }

    fn keep(&self, vault: Option<Uuid>, by: &Principal, keep: Keep, ask: &KeepTemplate) -> Result<()> {
        let ask = check(ask)?;
        let (Keep::New(id) | Keep::Again(id)) = keep;
        let (row, account) = (self.row(vault, id, ask), by.account.0);
        self.instance.write::<_, AppError, _>(move |tx| match keep {
            Keep::New(_) => add(tx, &row, account),
            Keep::Again(_) => match answers::change(tx, &row, account).map_err(taken)? {
                true => Ok(()),
                false => Err(AppError::NotFound),
            },
        })
    }

    fn row(&self, vault: Option<Uuid>, id: Uuid, ask: KeepTemplate) -> answers::AnswerTemplate {
        let KeepTemplate { name, fr, en } = ask;
        answers::AnswerTemplate { id, vault, name, fr, en, written: self.micros(), by: String::new() }
    }

    fn remove(&self, vault: Option<Uuid>, id: Uuid) -> Result<()> {
        let gone = self.instance.write::<_, AppError, _>(move |tx| Ok(answers::remove(tx, vault, id)?))?;
        if gone { Ok(()) } else { Err(AppError::NotFound) }
    }
}

/// A template that is not there yet, under the id it will have, or one to be written again.
#[derive(Clone, Copy)]
enum Keep {
    New(Uuid),
    Again(Uuid),
}

fn add(tx: &mut WriteTx<'_>, row: &answers::AnswerTemplate, account: Uuid) -> Result<()> {
    room(answers::count(tx, row.vault)?)?;
    answers::add(tx, row, account).map_err(taken)
}

/// Two templates of one place have not the same name.
fn taken(error: StoreError) -> AppError {
    if error.is_constraint() {
        return AppError::invalid("name", "ce nom est déjà pris", "this name is already taken");
    }
    error.into()
}

fn room(there: u64) -> Result<()> {
    if there < u64::from(MOST) {
        return Ok(());
    }
    Err(AppError::invalid(
        "name",
        format!("{MOST}\u{a0}modèles déjà\u{a0}: retirez ceux qui ne servent plus"),
        format!("{MOST} templates already: remove those no longer used"),
    ))
}

fn template(row: answers::AnswerTemplate) -> Result<Template> {
    Ok(Template {
        id: row.id,
        shared: row.vault.is_none(),
        name: row.name,
        fr: row.fr,
        en: row.en,
        written: Timestamp::from_microsecond(row.written).map_err(AppError::fault)?,
        by: row.by,
    })
}

fn check(ask: &KeepTemplate) -> Result<KeepTemplate> {
    let tidy = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let ask = KeepTemplate { name: tidy(&ask.name), fr: tidy(&ask.fr), en: tidy(&ask.en) };
    if ask.name.is_empty() || ask.name.chars().count() > LONGEST_NAME || ask.name.contains(char::is_control) {
        return Err(AppError::invalid(
            "name",
            format!("un nom de 1 à {LONGEST_NAME}\u{a0}caractères"),
            format!("a name of 1 to {LONGEST_NAME} characters"),
        ));
    }
    if ask.fr.is_empty() && ask.en.is_empty() {
        return Err(AppError::invalid(
            "fr",
            "un texte, dans une langue au moins",
            "a text, in one language at least",
        ));
    }
    for (field, text) in [("fr", &ask.fr), ("en", &ask.en)] {
        if text.chars().count() > LONGEST_TEXT {
            return Err(AppError::invalid(
                field,
                "4\u{202f}000 caractères au plus",
                "at most 4,000 characters",
            ));
        }
        if let Some(unknown) = names(text).find(|name| Blank::from_name(name).is_none()) {
            let known = |side: usize| Blank::ALL.map(|b| format!("{{{}}}", b.names()[side])).join(", ");
            return Err(AppError::invalid(
                field,
                format!("{{{unknown}}} n'est pas connu\u{a0}; possibles\u{a0}: {}", known(0)),
                format!("{{{unknown}}} is not known; possible: {}", known(1)),
            ));
        }
    }
    Ok(ask)
}

/// The names between braces: letters only, so that code quoted in a template stays what it is.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(char::is_alphabetic)
}

/// A text with its blanks filled; what is put in is not looked into again.
fn filled(text: &str, said: impl Fn(Blank) -> String) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        match rest.split_once('}').and_then(|(name, after)| Some((Blank::from_name(name)?, after))) {
            Some((blank, after)) => {
                out.push_str(&said(blank));
                out.push_str(after);
            }
            None => {
                out.push('{');
                out.push_str(rest);
            }
        }
    }
    out
}

fn said(page: &TicketPage, customer: &str, blank: Blank, lang: Lang) -> String {
    let next = page
        .clocks
        .iter()
        .filter(|clock| clock.value.stopped.is_none())
        .filter_map(|clock| Some((clock.value.due?, clock)))
        .min_by_key(|(due, _)| *due);
    match blank {
        Blank::Number => page.ticket.number.to_string(),
        Blank::Title => page.title.clone(),
        Blank::Person => page.opened_by.clone(),
        Blank::Customer => customer.to_owned(),
        Blank::Due => next.map_or_else(
            || lang.t("aucune échéance", "nothing due").to_owned(),
            |(due, _)| lang::date_time(lang, &due.to_zoned(page.agreement.zone().clone())),
        ),
        Blank::Article => {
            let clock = next.and_then(|(_, clock)| clock.cited().first().copied());
            let cited = clock.or_else(|| page.decision.cited().first().copied());
            cited.map_or_else(|| lang.t("le contrat", "the contract").to_owned(), |c| c.article.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_once_and_other_braces_stay() {
        let text = "Bonjour {personne}, {number} : `{x: 1}` {} {échéance}{";
        let out = filled(text, |blank| match blank {
            Blank::Person => "{number}".to_owned(),
            Blank::Number => "12".to_owned(),
            _ => "demain".to_owned(),
        });
        assert_eq!(out, "Bonjour {number}, 12 : `{x: 1}` {} demain{");
    }

    #[test]
    fn a_template_is_bounded_and_names_what_a_ticket_has() {
        let keep = |fr: &str, en: &str| KeepTemplate {
            name: "Accusé".to_owned(),
            fr: fr.to_owned(),
            en: en.to_owned(),
        };
        let field = |ask: &KeepTemplate| match check(ask) {
            Err(AppError::Invalid(invalid)) => invalid.field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&keep(" ", "")), "fr");
        assert_eq!(field(&keep("Bonjour {prénom}", "")), "fr");
        assert_eq!(field(&keep("", &"x".repeat(LONGEST_TEXT + 1))), "en");
        assert_eq!(field(&KeepTemplate { name: "x".repeat(81), ..keep("x", "") }), "name");
        let kept = check(&keep("\r\nBonjour {personne},\r\nlu. {x: 1}\n", "")).unwrap();
        assert_eq!(kept.fr, "Bonjour {personne},\nlu. {x: 1}");
    }
}
