//! The customer's answer to a price, by mail: the letter says the line to answer with, `J'accepte 480,00 €`.
//!
//! Only that line, first and alone on it, is an answer, and the amount says which price was read: an old letter
//! agrees to nothing else. The words of the mail stand in the ticket in any case, with the reason when they
//! could not be taken for an answer.

use base::{Currency, Lang};
use engines::perimeter::price::Agreement as Agreed;

use super::Incoming;
use crate::access::{Act, Permit, Principal, Side};
use crate::error::{AppError, Result};
use crate::instance::App;
use crate::ticket::{IdempotencyKey, StepCommand, TicketPage};

/// What answers with; the first of a language is the one that letters offer.
const ACCEPTS: [(&str, Lang); 4] =
    [("j'accepte", Lang::Fr), ("nous acceptons", Lang::Fr), ("i accept", Lang::En), ("we accept", Lang::En)];

/// What may stand beside the amount, with the codes and signs of currencies.
const BESIDE: [&str; 4] = ["euros", "ht", "net of vat", "excl. vat"];

/// The sentence of a letter that asks a price, for a reader who may commit the customer; `None` for others.
pub(super) fn offer(lang: Lang, page: &TicketPage, reader: &Principal) -> Option<String> {
    let Agreed::Awaited { price, .. } = page.price.value else { return None };
    let customer = reader.customer?;
    if reader.role.side() != Side::Customer || !reader.may_for(Act::AgreePrice, customer) {
        return None;
    }
    let price = price.show(lang);
    Some(lang.t(
        format!("Pour accepter ce prix, répondez par la ligne «\u{a0}J'accepte {price}\u{a0}», seule et en premier, ou sur la page du ticket."),
        format!("To agree to this price, answer with the line “I accept {price}”, first and by itself, or on the ticket's page."),
    ))
}

/// The amount that a mail agrees to, in cents; `None` when it is no such answer.
fn accepted(text: &str) -> Option<i64> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?.to_lowercase();
    let line = line.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ");
    let (rest, lang) = ACCEPTS.iter().find_map(|(words, lang)| Some((line.strip_prefix(words)?, *lang)))?;
    let mut rest = rest.strip_prefix(' ')?.trim().trim_end_matches(['.', '!']).trim_end();
    let money =
        Currency::ALL.map(|currency| [currency.code().to_lowercase(), currency.sign().to_lowercase()]);
    let words: Vec<&str> = BESIDE.into_iter().chain(money.iter().flatten().map(String::as_str)).collect();
    while let Some(shorter) = words.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = shorter.trim_end();
    }
    if let Some(bare) = words.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = bare.trim_start();
    }
    cents(rest, lang)
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
        // Somebody of the provider let it in under its sender's name: that commits nobody else.
        if !mail.believed {
            let why = lang.t(
                "rien ne prouve que ce courriel vient de cette adresse",
                "nothing proves that this mail comes from this address",
            );
            return Ok(Some(untaken(lang, why)));
        }
        let customer = permit.customer();
        let Ok(agree) = permit.by().permit(Act::AgreePrice, customer) else {
            return Ok(Some(untaken(
                lang,
                lang.t(
                    "cette adresse n'est pas celle d'une personne qui peut engager le client",
                    "this is not the address of a person who may commit the customer",
                ),
            )));
        };
        let page = self.ticket(&permit.by().permit(Act::SeeTickets, customer)?, number)?;
        let asked = match page.price.value {
            Agreed::Awaited { price, .. } => price,
            // A retry finds what the first try did.
            Agreed::Agreed { price } if price.cents == said => price,
            _ => {
                return Ok(Some(untaken(
                    lang,
                    lang.t("aucun prix n'attend de réponse", "no price waits for an answer"),
                )));
            }
        };
        if asked.cents != said {
            let asked = asked.show(lang);
            let why =
                lang.t(format!("le prix demandé est de {asked}"), format!("the price asked is {asked}"));
            return Ok(Some(untaken(lang, &why)));
        }
        let quotation = page.quotation;
        let command = StepCommand::AgreePrice { price: asked, quotation, reference: None };
        match self.step_ticket(&agree, &key.part("agree"), number, &command, None) {
            Ok(_) => Ok(None),
            Err(AppError::Refused(refusal)) => Ok(Some(untaken(lang, refusal.text.get(lang)))),
            Err(AppError::Invalid(invalid)) => Ok(Some(untaken(lang, invalid.text.get(lang)))),
            Err(error) => Err(error),
        }
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
    use base::Money;

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
            assert_eq!(accepted(line), Some(48_000), "{line}");
        }
        assert_eq!(accepted("J'accepte 1 480,50 €"), Some(148_050));
        assert_eq!(accepted("J'accepte 1\u{202f}480,50\u{a0}€ HT"), Some(148_050));
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
            assert_eq!(accepted(&format!("{words} {}", price.show(lang))), Some(1_234_567), "{words}");
        }
    }
}
