//! The customer's answer to a price, by mail: the letter says the line to answer with, `J'accepte 480,00 €`.
//!
//! Only that line, alone but for a greeting, is an answer, and only to the letter that asks the price: its
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

/// Greetings that may follow the line: they reserve nothing.
const GREETINGS: [&str; 18] = [
    "cordialement",
    "bien cordialement",
    "très cordialement",
    "sincèrement",
    "salutations",
    "meilleures salutations",
    "bien à vous",
    "bonne journée",
    "bonne soirée",
    "merci",
    "merci d'avance",
    "best regards",
    "kind regards",
    "regards",
    "yours sincerely",
    "sincerely",
    "thank you",
    "thanks",
];

/// What telephones write under a mail.
const SENT_FROM: [&str; 3] = ["envoyé de mon ", "envoyé depuis mon ", "sent from my "];
/// Characters of that line: a make and a model.
const LONGEST_SENT_FROM: usize = 50;

/// What a mail agrees to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Accepted {
    cents: i64,
    /// If it is said.
    currency: Option<Currency>,
    /// Other words follow, which may be a condition: an acceptance that does not match the offer has no
    /// effect (Code civil, 1118).
    reserved: bool,
}

/// The sentence of a letter that asks a price, for a reader who may commit the customer; `None` for others,
/// and where the letter's cause, its quotation or `None` for the price of the contract, is not asked any more.
pub(super) fn offer(lang: Lang, page: &TicketPage, cause: Option<u64>, reader: &Principal) -> Option<String> {
    let Agreed::Awaited { price, .. } = page.price.value else { return None };
    let permit = reader.permit(Act::AgreePrice, reader.customer?).ok()?;
    if permit.role().side() != Side::Customer || !permit.scope().lets(&page.ticket) || page.quotation != cause
    {
        return None;
    }
    let price = price.show(lang);
    if page.is_by_time() {
        return Some(lang.t(
            format!("Ce travail se paie au temps passé, {price} HT au plus. Pour accepter ce maximum, répondez à ce message par cette seule ligne\u{a0}: «\u{a0}J'accepte {price}\u{a0}», ou sur la page du ticket."),
            format!("This work is paid by the time spent, {price} net of VAT at most. To agree to this maximum, answer this message with this line alone: “I accept {price}”, or on the ticket's page."),
        ));
    }
    Some(lang.t(
        format!("Pour accepter ce prix, répondez à ce message par cette seule ligne\u{a0}: «\u{a0}J'accepte {price}\u{a0}», ou sur la page du ticket."),
        format!("To agree to this price, answer this message with this line alone: “I accept {price}”, or on the ticket's page."),
    ))
}

/// What the mail of `sender` agrees to; `None` when it is no answer.
fn accepted(text: &str, sender: &str) -> Option<Accepted> {
    let mut lines = text.lines().map(plain).filter(|line| !line.is_empty());
    let line = lines.next()?;
    let (rest, lang) = ACCEPTS.iter().find_map(|(words, lang)| Some((line.strip_prefix(words)?, *lang)))?;
    let mut rest = rest.strip_prefix(' ')?.trim().trim_end_matches(['.', '!']).trim_end();
    let money = Currency::ALL.map(|c| (c, [c.code().to_lowercase(), c.sign().to_lowercase()]));
    let named = money.iter().flat_map(|(c, names)| names.iter().map(|name| (name.as_str(), Some(*c))));
    let beside: Vec<(&str, Option<Currency>)> = BESIDE.into_iter().chain(named).collect();
    let mut currencies: Vec<Currency> = Vec::new();
    while let Some((shorter, said)) = beside.iter().find_map(|(word, c)| Some((rest.strip_suffix(word)?, *c)))
    {
        rest = shorter.trim_end();
        currencies.extend(said);
    }
    if let Some((bare, said)) = beside.iter().find_map(|(word, c)| Some((rest.strip_prefix(word)?, *c))) {
        rest = bare.trim_start();
        currencies.extend(said);
    }
    currencies.dedup();
    let ([] | [_]) = currencies[..] else { return None };
    let sender = plain(sender);
    let reserved = lines.any(|line| !is_greeting(&line, &sender));
    Some(Accepted { cents: cents(rest, lang)?, currency: currencies.first().copied(), reserved })
}

fn plain(line: &str) -> String {
    line.trim().to_lowercase().replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ")
}

/// A closing formula, the sender's name, or what a telephone adds.
fn is_greeting(line: &str, sender: &str) -> bool {
    let bare = line.trim_end_matches([',', '.', '!', ' ']);
    let short = bare.chars().count() <= LONGEST_SENT_FROM;
    GREETINGS.contains(&bare) || bare == sender || (short && SENT_FROM.iter().any(|s| bare.starts_with(s)))
}

/// `1 480`, `1480,5` and `1480.50`, and `1,480.50` in English: an amount as people write it.
fn cents(text: &str, lang: Lang) -> Option<i64> {
    let separates = |c: char| c == ' ' || (lang == Lang::En && c == ',');
    // In English a comma before three digits separates a group.
    let is_group = |at: usize| text[at..].starts_with(separates) && text.len() - at == 4;
    let point = text.rfind(['.', ',']).filter(|at| !is_group(*at));
    let (whole, part) = point.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let mut groups = whole.split(separates);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits += group;
    }
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty() || digits.len() > 12 || part.len() > 2 || !all_digits(&digits) || !all_digits(part) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    digits.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
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
        let Some(said) = accepted(&mail.text, &permit.by().name) else { return Ok(None) };
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
        if said.reserved {
            return not(
                "d'autres mots suivent cette ligne, qui doit être seule",
                "other words follow this line, which has to be alone",
            );
        }
        if said.cents != price.cents || said.currency.is_some_and(|currency| currency != price.currency) {
            let asked = price.show(lang);
            let why = match page.is_by_time() {
                true => lang.t(
                    format!("ce qui est demandé est au plus {asked}, au temps passé"),
                    format!("what is asked is at most {asked}, by the time spent"),
                ),
                false => {
                    lang.t(format!("le prix demandé est de {asked}"), format!("the price asked is {asked}"))
                }
            };
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

    fn said(text: &str) -> Option<(i64, Option<Currency>)> {
        let said = accepted(text, "Claire Martin").filter(|said| !said.reserved)?;
        Some((said.cents, said.currency))
    }

    #[test]
    fn only_the_line_and_its_amount_are_an_answer() {
        for line in [
            "J'accepte 480,00 €",
            "\n  j’accepte 480 € HT.\n\nCordialement,\nClaire Martin\n",
            "J'accepte 480\nBonne journée !\nEnvoyé de mon téléphone",
            "J'accepte 480 EUR",
            "Nous acceptons 480,00\u{a0}€",
            "I accept €480.00",
            "I accept EUR 480.",
            "J'accepte 480,0 euros",
        ] {
            assert_eq!(said(line).map(|said| said.0), Some(48_000), "{line}");
        }
        assert_eq!(said("J'accepte 1 480,50 €"), Some((148_050, Some(Currency::EUR))));
        assert_eq!(said("J'accepte 1\u{202f}480,50\u{a0}€ HT"), Some((148_050, Some(Currency::EUR))));
        assert_eq!(said("I accept 1,480"), Some((148_000, None)));
        assert_eq!(said("I accept 4,80"), Some((480, None)), "a group has three digits");
        assert_eq!(said("J'accepte 480 $"), Some((48_000, Some(Currency::USD))));
        assert_eq!(said("I accept 480"), Some((48_000, None)));
        for other in [
            "J'accepte",
            "J'accepte volontiers",
            "J'accepte 480 € si c'est fait lundi",
            "J'accepte -480 €",
            "J'accepte 480,005 €",
            "J'accepte 4 80 €",
            "J'accepte 480 € CHF",
            "J'accepte 480 €\nsi c'est fait avant vendredi",
            "J'accepte 480 €\nCordialement\nPS\u{a0}: hors week-end",
            "J'accepte 480 €\nsent from my desk, if and only if the work is done before Friday",
            "Bonjour\nJ'accepte 480 €",
            "> J'accepte 480 €",
            "Je n'accepte pas 480 €",
            "",
        ] {
            assert_eq!(said(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_letter_offers_is_taken() {
        let price = Money::eur(1_234_567);
        for (words, lang) in [ACCEPTS[0], ACCEPTS[2]] {
            let said = said(&format!("{words} {}", price.show(lang)));
            assert_eq!(said, Some((price.cents, Some(price.currency))), "{words}");
        }
    }
}
