//! The customer's answer to a price, by mail: the letter says the line to answer with, `J'accepte 480,00 €`.
//!
//! Only that line, first and alone on it, is an answer, and only to the letter that asks the price: its
//! identifier, which nobody else was sent, says which quotation was read. The words of the mail stand in the
//! ticket in any case, with the reason when they could not be taken for an answer (`docs/adr/0037`).

use base::id::CustomerId;
use base::{Currency, Lang, Money};
use engines::perimeter::price::Agreement as Agreed;
use events::Step;
use store::instance::mail::{self, Message};
use uuid::Uuid;

use super::{Incoming, MailSettings, Notice};
use crate::access::{Act, Permit, Principal, Side};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, StepCommand, TicketPage};

/// What answers with; the first of a language is the one that letters offer.
const ACCEPTS: [(&str, Lang); 4] =
    [("j'accepte", Lang::Fr), ("nous acceptons", Lang::Fr), ("i accept", Lang::En), ("we accept", Lang::En)];

/// What may stand beside the amount, with the codes and signs of currencies.
const BESIDE: [(&str, Option<Currency>); 4] =
    [("euros", Some(Currency::EUR)), ("ht", None), ("net of vat", None), ("excl. vat", None)];

/// The sentence of a letter that asks a price, for a reader who may commit the customer; `None` for others.
pub(super) fn offer(lang: Lang, page: &TicketPage, reader: &Principal) -> Option<String> {
    let Agreed::Awaited { price, .. } = page.price.value else { return None };
    let permit = reader.permit(Act::AgreePrice, reader.customer?).ok()?;
    if permit.role().side() != Side::Customer || !permit.scope().lets(&page.ticket) {
        return None;
    }
    let price = price.show(lang);
    Some(lang.t(
        format!("Pour accepter ce prix, répondez à ce message par la ligne «\u{a0}J'accepte {price}\u{a0}», seule et en premier, ou sur la page du ticket."),
        format!("To agree to this price, answer this message with the line “I accept {price}”, first and by itself, or on the ticket's page."),
    ))
}

/// The amount that a mail agrees to, in cents, and its currency if it is said; `None` when it is no answer.
fn accepted(text: &str) -> Option<(i64, Option<Currency>)> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?.to_lowercase();
    let line = line.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ");
    let (rest, lang) = ACCEPTS.iter().find_map(|(words, lang)| Some((line.strip_prefix(words)?, *lang)))?;
    let mut rest = rest.strip_prefix(' ')?.trim().trim_end_matches(['.', '!']).trim_end();
    let money = Currency::ALL.map(|c| (c, [c.code().to_lowercase(), c.sign().to_lowercase()]));
    let named = money.iter().flat_map(|(c, names)| names.iter().map(|name| (name.as_str(), Some(*c))));
    let beside: Vec<(&str, Option<Currency>)> = BESIDE.into_iter().chain(named).collect();
    let mut currency = None;
    while let Some((shorter, said)) = beside.iter().find_map(|(word, c)| Some((rest.strip_suffix(word)?, *c)))
    {
        rest = shorter.trim_end();
        currency = said.or(currency);
    }
    if let Some((bare, said)) = beside.iter().find_map(|(word, c)| Some((rest.strip_prefix(word)?, *c))) {
        rest = bare.trim_start();
        currency = said.or(currency);
    }
    Some((cents(rest, lang)?, currency))
}

/// `1 480`, `1480,5` and `1480.50`, and `1,480.50` in English: an amount as people write it.
fn cents(text: &str, lang: Lang) -> Option<i64> {
    let grouped = |c: &char| *c == ' ' || (lang == Lang::En && *c == ',');
    let text: String = text.chars().filter(|c| !grouped(c)).collect();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

impl App {
    /// Agrees to the price of a ticket when a mail says so; what stands beside its words in the ticket, when
    /// they could not be taken for an answer.
    pub(super) fn agree_by_mail(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        number: u64,
        mail: &Incoming,
        lang: Lang,
    ) -> Result<Option<String>> {
        let Some(said) = accepted(&mail.text) else { return Ok(None) };
        // The provider writes down what the customer wrote to it, and where, on the ticket's page.
        if permit.role().side() != Side::Customer {
            return Ok(None);
        }
        let not = |fr: &str, en: &str| Ok(Some(untaken(lang, lang.t(fr, en))));
        // Somebody of the provider let it in under its sender's name, or the relay knows the domain by where
        // the mail came from alone: that commits nobody.
        if !mail.signed {
            return not(
                "rien ne prouve assez que ce courriel vient de cette adresse",
                "it is not proved enough that this mail comes from this address",
            );
        }
        let customer = permit.customer();
        let page = self.ticket(&permit.by().permit(Act::SeeTickets, customer)?, number)?;
        let agree = permit.by().permit(Act::AgreePrice, customer).ok();
        let Some(agree) = agree.filter(|agree| agree.scope().lets(&page.ticket)) else {
            return not(
                "cette adresse n'est pas celle d'une personne qui peut engager le client",
                "this is not the address of a person who may commit the customer",
            );
        };
        let Some((price, quotation)) = self.price_asked(&agree, mail, &page)? else {
            return not(
                "il ne répond pas à la lettre qui demande ce prix",
                "it does not answer the letter that asks this price",
            );
        };
        if said.0 != price.cents || said.1.is_some_and(|currency| currency != price.currency) {
            let asked = price.show(lang);
            let why =
                lang.t(format!("le prix demandé est de {asked}"), format!("the price asked is {asked}"));
            return Ok(Some(untaken(lang, &why)));
        }
        // The same for each try: one that was cut finds what the first one did.
        let command = StepCommand::AgreePrice { price, quotation, reference: None };
        match self.step_ticket(&agree, &key.part("agree"), number, &command, None) {
            Ok(_) => Ok(None),
            Err(AppError::Refused(refusal)) => Ok(Some(untaken(lang, refusal.text.get(lang)))),
            Err(AppError::Invalid(invalid)) => Ok(Some(untaken(lang, invalid.text.get(lang)))),
            Err(error) => Err(error),
        }
    }

    /// The price that the letter answered asks, and its quotation, if it is one; `None` when the mail answers
    /// no letter to its sender that asks one.
    fn price_asked(
        &self,
        agree: &Permit,
        mail: &Incoming,
        page: &TicketPage,
    ) -> Result<Option<(Money, Option<u64>)>> {
        let Some(settings) = self.mail.get() else { return Ok(None) };
        for id in letters(settings, mail) {
            let letter = self.instance.read::<_, AppError, _>(move |tx| Ok(mail::by_id(tx, id)?))?;
            if let Some(letter) = letter.filter(|letter| is_theirs(letter, agree, page.ticket.number)) {
                return Ok(asked(&letter, page));
            }
        }
        Ok(None)
    }
}

/// The letters of ours that a mail follows, the one it answers first.
fn letters(settings: &MailSettings, mail: &Incoming) -> Vec<Uuid> {
    let ours = mail.references.iter().rev().filter_map(|reference| {
        let (name, host) = reference.split_once('@')?;
        let (_, letter) = name.split_once('.')?;
        host.eq_ignore_ascii_case(&settings.host).then(|| Uuid::try_parse(letter).ok())?
    });
    ours.collect()
}

fn is_theirs(letter: &Message, agree: &Permit, number: u64) -> bool {
    let CustomerId(customer) = agree.customer();
    letter.new.account == agree.by().account.0 && letter.new.ticket == Some((customer, number))
}

fn asked(letter: &Message, page: &TicketPage) -> Option<(Money, Option<u64>)> {
    let entry = page.entries.iter().find(|entry| i64::try_from(entry.seq) == Ok(letter.new.cause));
    match entry.map(|entry| &entry.step) {
        Some(Step::QuoteMade { price, .. }) => Some((*price, u64::try_from(letter.new.cause).ok())),
        _ if letter.new.notice == Notice::Opened.key() => match page.price.value {
            Agreed::Awaited { price, .. } | Agreed::Agreed { price } => Some((price, None)),
            _ => None,
        },
        _ => None,
    }
}

fn untaken(lang: Lang, why: &str) -> String {
    lang.t(
        format!("[Ce courriel n'a pas été pris pour l'acceptation d'un prix\u{a0}: {why}]"),
        format!("[This mail was not taken as agreeing to a price: {why}]"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_agrees_to_one_amount() {
        for line in [
            "J'accepte 480,00 €",
            "j’accepte 480 € HT.",
            "\n  Nous acceptons 480,00\u{a0}€ !\nCordialement",
            "I accept 480.00 EUR",
            "we accept €480",
            "I accept EUR 480.",
            "J'accepte 480,0 euros",
        ] {
            assert_eq!(accepted(line).map(|said| said.0), Some(48_000), "{line}");
        }
        assert_eq!(accepted("J'accepte 1 480,50 €"), Some((148_050, Some(Currency::EUR))));
        assert_eq!(accepted("J'accepte 1\u{202f}480,50\u{a0}€ HT"), Some((148_050, Some(Currency::EUR))));
        assert_eq!(accepted("J'accepte 480 $"), Some((48_000, Some(Currency::USD))));
        assert_eq!(accepted("I accept 480"), Some((48_000, None)));
        for other in [
            "J'accepte",
            "J'accepte volontiers",
            "Bonjour,\nJ'accepte 480 €",
            "Je n'accepte 480 € que demain",
            "J'accepte 480 € sous réserve",
            "J'accepte 4,800 €",
            "J'accepte -480 €",
            "J'accepte480",
            "> J'accepte 480 €",
            "J'accepte 99999999999999 €",
        ] {
            assert_eq!(accepted(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_letter_offers_is_taken() {
        let price = Money::eur(1_234_567);
        for (words, lang) in [ACCEPTS[0], ACCEPTS[2]] {
            let said = accepted(&format!("{words} {}", price.show(lang)));
            assert_eq!(said, Some((price.cents, Some(price.currency))), "{words}");
        }
    }
}
