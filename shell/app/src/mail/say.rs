//! What a letter says, with the eyes of the person it is for.

use base::Lang;
use base::id::{AccountId, CustomerId};
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::instance::mail::{self, Message};
use store::instance::mail_in;
use uuid::Uuid;

use super::aside::NO_TICKET;
use super::letter::{Block, html, one_line, text};
use super::queue::{ELSEWHERE, SealedLink};
use super::sentence::{is_note, told};
use super::{Address, Letter, MailSettings, Notice, Preferences};
use crate::access::{Act, Principal};
use crate::entropy;
use crate::error::{AppError, Result};
use crate::instance::App;

/// Characters of a title in a subject.
const LONGEST_SUBJECT: usize = 150;

/// Who a letter is for, and how they read.
pub(super) struct Reader {
    pub person: Principal,
    pub wished: Preferences,
}

/// What one notice says.
struct Piece {
    subject: String,
    blocks: Vec<Block>,
    url: String,
    answer: Answer,
}

/// Where an answer to a letter goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Into the ticket, and the letter says so.
    Said,
    /// Into the ticket; the letter leaves it unsaid.
    Unsaid,
    /// Nowhere: it would take to the other party what was written among the provider's people.
    Nowhere,
}

impl App {
    /// The letter that carries these messages of one person; `None` when nothing is left to say to them.
    pub(super) fn say(&self, together: &[Message]) -> Result<Option<Letter>> {
        let (Some(settings), Some(first)) = (self.mail.get(), together.first()) else { return Ok(None) };
        let account = AccountId(first.new.account);
        let Some(person) = self.correspondent(account)? else { return Ok(None) };
        let reader = Reader { person, wished: self.preferences(account)? };
        let said = match (first.new.ticket, first.new.digest) {
            (None, _) => self.say_link(settings, &reader, first),
            (Some((vault, NO_TICKET)), false) => self.say_aside(settings, &reader, first, CustomerId(vault)),
            (Some((vault, number)), _) if first.new.notice == Notice::Waiting.key() => {
                self.say_waiting(settings, &reader, first, (CustomerId(vault), number))
            }
            (Some(_), true) => self.say_digest(settings, &reader, together),
            (Some((vault, number)), false) => {
                self.say_notice(settings, &reader, first, CustomerId(vault), number)
            }
        }?;
        Ok(said.map(|letter| self.signed_by_sender(letter, together, &reader.person)))
    }

    fn say_notice(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        customer: CustomerId,
        number: u64,
    ) -> Result<Option<Letter>> {
        let lang = reader.wished.lang;
        let Some(Piece { subject, mut blocks, url, answer: goes }) = self.piece(settings, reader, message)?
        else {
            return Ok(None);
        };
        let vault = self.vault(customer)?;
        let (identity, token) = (self.identity(customer)?, self.token(customer, number, reader)?);
        blocks.push(Block::Link { label: lang.t("Voir le ticket", "See the ticket").to_owned(), url });
        let answer = lang.t(
            "Répondez à ce message pour écrire dans le ticket\u{a0}: l’autre partie lira votre réponse.",
            "Answer this message to write in the ticket: the other party will read your answer.",
        );
        let inside = lang.t(
            "Répondez depuis la page du ticket\u{a0}: une réponse à ce message n’y entrerait pas.",
            "Answer on the ticket's page: an answer to this message would not go there.",
        );
        match goes {
            Answer::Said => blocks.push(Block::Paragraph(answer.to_owned())),
            Answer::Nowhere => blocks.push(Block::Paragraph(inside.to_owned())),
            Answer::Unsaid => {}
        }
        let name = if identity.name.is_empty() { settings.from.name.clone() } else { identity.name };
        blocks.push(Block::Signature(if identity.signature.is_empty() {
            name.clone()
        } else {
            identity.signature
        }));
        let host = &settings.host;
        let mut letter = letter(settings, reader, vec![message.new.id], subject, &blocks);
        letter.from.name = one_line(&name);
        letter.list_id = Some(format!("{}.{host}", vault.slug));
        if goes == Answer::Nowhere {
            return Ok(Some(letter));
        }
        letter.reply_to = with_token(&settings.answers, &token);
        letter.message_id = format!("{token}.{}@{host}", message.new.id.simple());
        letter.references = vec![format!("{token}@{host}")];
        letter.references.splice(0..0, self.opened_by_mail(customer, number, reader)?);
        Ok(Some(letter))
    }

    fn say_digest(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        together: &[Message],
    ) -> Result<Option<Letter>> {
        let lang = reader.wished.lang;
        let mut blocks = Vec::new();
        let mut told = 0;
        for message in together {
            let Some(piece) = self.piece(settings, reader, message)? else { continue };
            told += 1;
            blocks.push(Block::Link { label: piece.subject, url: piece.url });
            // The greeting and the closing stand once.
            blocks.extend(piece.blocks);
        }
        if told == 0 {
            return Ok(None);
        }
        let subject = match (lang, told) {
            (Lang::Fr, 1) => "Votre résumé\u{a0}: une nouvelle".to_owned(),
            (Lang::Fr, n) => format!("Votre résumé\u{a0}: {n} nouvelles"),
            (Lang::En, 1) => "Your digest: one piece of news".to_owned(),
            (Lang::En, n) => format!("Your digest: {n} pieces of news"),
        };
        let closing = lang.t(
            "Répondez depuis la page de chaque ticket\u{a0}: une réponse à ce résumé n’irait dans aucun.",
            "Answer on the page of each ticket: an answer to this digest would go to none of them.",
        );
        blocks.push(Block::Paragraph(closing.to_owned()));
        blocks.push(Block::Signature(settings.from.name.clone()));
        let ids = together.iter().map(|m| m.new.id).collect();
        Ok(Some(letter(settings, reader, ids, subject, &blocks)))
    }

    fn say_link(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
    ) -> Result<Option<Letter>> {
        let Some(SealedLink { code, until, purpose }) = self.sealed_link(message)? else { return Ok(None) };
        if purpose == ELSEWHERE {
            return self.say_the_way(settings, reader, message);
        }
        // Used meanwhile, or made again.
        if self.invited(&code).is_err() {
            return Ok(None);
        }
        let lang = reader.wished.lang;
        let (subject, first) = match (lang, purpose.as_str()) {
            (Lang::Fr, "join") => (
                format!("Votre accès à {}", settings.from.name),
                format!("{} vous ouvre un accès. Choisissez votre mot de passe\u{a0}:", settings.from.name),
            ),
            (Lang::En, "join") => (
                format!("Your access to {}", settings.from.name),
                format!("{} opens an access for you. Choose your password:", settings.from.name),
            ),
            (Lang::Fr, _) => (
                "Votre nouveau mot de passe".to_owned(),
                "Voici le lien demandé pour choisir un nouveau mot de passe\u{a0}:".to_owned(),
            ),
            (Lang::En, _) => (
                "Your new password".to_owned(),
                "Here is the link that was asked for to choose a new password:".to_owned(),
            ),
        };
        let until = Timestamp::from_microsecond(until).map_err(AppError::fault)?;
        let until = instant(lang, until, &settings.zone);
        let blocks = [
            hello(lang, &reader.person.name),
            Block::Paragraph(first),
            Block::Link {
                label: lang.t("Choisir un mot de passe", "Choose a password").to_owned(),
                url: format!("{}/join/{code}", settings.site),
            },
            Block::Paragraph(lang.t(
                format!("Ce lien sert une fois, jusqu’au {until}. Si vous n’attendiez rien, ne l’ouvrez pas et prévenez-nous."),
                format!("This link serves once, until {until}. If you expected nothing, do not open it, and tell us."),
            )),
            Block::Signature(settings.from.name.clone()),
        ];
        Ok(Some(letter(settings, reader, vec![message.new.id], subject, &blocks)))
    }

    /// What one notice says to its reader; `None` when they may not see it, or it says nothing any more.
    fn piece(&self, settings: &MailSettings, reader: &Reader, message: &Message) -> Result<Option<Piece>> {
        let Some((vault, number)) = message.new.ticket else { return Ok(None) };
        let Some(notice) = Notice::from_key(&message.new.notice) else { return Ok(None) };
        if matches!(notice, Notice::Review | Notice::Week) {
            return match notice.is_read_by(&reader.person, CustomerId(vault)) {
                true => self.piece_aside(settings, reader, message, (notice, CustomerId(vault))),
                false => Ok(None),
            };
        }
        let Ok(permit) = reader.person.permit(Act::SeeTickets, CustomerId(vault)) else { return Ok(None) };
        let slug = self.vault(CustomerId(vault))?.slug.clone();
        let page = match self.ticket(&permit, number) {
            Ok(page) => page,
            Err(AppError::NotFound) => return Ok(None),
            Err(e) if e.is_undertaking_owed() => {
                return Ok(Some(withheld(settings, reader, message.new.digest, &slug, number)));
            }
            Err(e) => return Err(e),
        };
        let told = match notice {
            Notice::Dissatisfied => self.say_opinion(&permit, reader.wished.lang, &page)?,
            _ => told(reader, &page, notice, (message.new.cause, message.new.digest)),
        };
        let Some(told) = told else { return Ok(None) };
        let title: String = page.title.chars().take(LONGEST_SUBJECT).collect();
        let mut blocks = vec![];
        if !message.new.digest {
            blocks.push(hello(reader.wished.lang, &reader.person.name));
        }
        blocks.extend(told);
        let inside = page.entries.iter().any(|e| i64::try_from(e.seq) == Ok(message.new.cause) && is_note(e));
        Ok(Some(Piece {
            subject: match inside {
                // Without the mark by which an answer finds its ticket.
                true => reader.wished.lang.t(
                    format!("Note interne, {slug} n°\u{a0}{number}\u{a0}: {title}"),
                    format!("Internal note, {slug} {number}: {title}"),
                ),
                false => format!("[{slug} #{number}] {title}"),
            },
            blocks,
            url: format!("{}/c/{slug}/tickets/{number}", settings.site),
            answer: if inside { Answer::Nowhere } else { Answer::Said },
        }))
    }

    /// What is about no ticket and may be gathered, an article to be read again or a week given back, as it says
    /// it in a letter of its own or in a digest.
    fn piece_aside(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        (notice, customer): (Notice, CustomerId),
    ) -> Result<Option<Piece>> {
        let (who, of) = ((&reader.person, reader.wished.lang), (customer, message.new.cause));
        let said = match notice {
            Notice::Week => self.say_week(settings, who, of)?,
            _ => self.say_review(settings, who, of)?,
        };
        Ok(said.map(|(subject, blocks, url)| Piece { subject, blocks, url, answer: Answer::Nowhere }))
    }

    /// The letter of it.
    pub(super) fn letter_aside(
        &self,
        settings: &MailSettings,
        reader: &Reader,
        message: &Message,
        (notice, customer): (Notice, CustomerId),
    ) -> Result<Option<Letter>> {
        let Some(piece) = self.piece_aside(settings, reader, message, (notice, customer))? else {
            return Ok(None);
        };
        let lang = reader.wished.lang;
        let mut blocks = vec![hello(lang, &reader.person.name)];
        blocks.extend(piece.blocks);
        let label = match notice {
            Notice::Week => lang.t("Voir la semaine", "See the week"),
            _ => lang.t("Voir l'article", "See the article"),
        };
        blocks.push(Block::Link { label: label.to_owned(), url: piece.url });
        blocks.push(Block::Signature(settings.from.name.clone()));
        Ok(Some(letter(settings, reader, vec![message.new.id], piece.subject, &blocks)))
    }

    /// The mail by which the reader opened the ticket: their own program then shows one thread.
    fn opened_by_mail(&self, customer: CustomerId, number: u64, reader: &Reader) -> Result<Option<String>> {
        let (ticket, account) = ((customer.0, number), reader.person.account.0);
        let id = self.instance.read::<_, AppError, _>(move |tx| Ok(mail_in::opened(tx, ticket, account)?))?;
        // It goes into a header of ours.
        Ok(id.filter(|id| {
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
        }))
    }

    /// The token that brings this person's answers to this ticket.
    fn token(&self, customer: CustomerId, number: u64, reader: &Reader) -> Result<String> {
        let fresh = entropy::bytes::<15>(self.settings.entropy.as_ref());
        let fresh = BASE32_NOPAD.encode(&fresh).to_lowercase();
        let account = reader.person.account.0;
        self.instance
            .write::<_, AppError, _>(move |tx| Ok(mail::token(tx, (customer.0, number), account, &fresh)?))
    }
}

/// That something happened, and no more, for somebody who has not signed the undertaking of
/// confidentiality that the contract asks for: nothing is lost, and nothing is told too early.
fn withheld(settings: &MailSettings, reader: &Reader, digest: bool, slug: &str, number: u64) -> Piece {
    let lang = reader.wished.lang;
    let said = lang.t(
        "Ce ticket vous attend. Le contrat demande que vous signiez d’abord votre engagement de confidentialité\u{a0}: le site vous le présente avant le ticket.",
        "This ticket awaits you. The contract asks you to sign your undertaking of confidentiality first: the site shows it before the ticket.",
    );
    let mut blocks = Vec::new();
    if !digest {
        blocks.push(hello(lang, &reader.person.name));
    }
    blocks.push(Block::Paragraph(said.to_owned()));
    let title = lang.t("Engagement de confidentialité à signer", "Undertaking of confidentiality to sign");
    Piece {
        subject: format!("[{slug} #{number}] {title}"),
        blocks,
        url: format!("{}/c/{slug}/tickets/{number}", settings.site),
        answer: Answer::Unsaid,
    }
}

/// A letter outside any thread.
pub(super) fn letter(
    settings: &MailSettings,
    reader: &Reader,
    ids: Vec<Uuid>,
    subject: String,
    blocks: &[Block],
) -> Letter {
    let lang = reader.wished.lang;
    let first = ids.first().copied().unwrap_or_default().simple();
    Letter {
        from: settings.from.clone(),
        to: Address { name: one_line(&reader.person.name), email: reader.person.email.clone() },
        reply_to: settings.answers.clone(),
        message_id: format!("letter.{first}@{}", settings.host),
        references: Vec::new(),
        list_id: None,
        lang,
        subject: one_line(&subject),
        text: text(blocks),
        html: html(lang, blocks),
        ids,
    }
}

/// `aide@prestataire.fr` and `abc` make `aide+abc@prestataire.fr`.
fn with_token(mailbox: &str, token: &str) -> String {
    match mailbox.split_once('@') {
        Some((local, domain)) => format!("{local}+{token}@{domain}"),
        None => mailbox.to_owned(),
    }
}

pub(super) fn hello(lang: Lang, name: &str) -> Block {
    Block::Paragraph(lang.t(format!("Bonjour {name},"), format!("Hello {name},")))
}

pub(super) fn instant(lang: Lang, at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    base::lang::date_time(lang, &at.to_zoned(zone))
}
