//! What the contract lets one ask for, each with what it costs, and what it says of the request being written.

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Reason, Tone, badge};
use crate::design::{Lang, Text, format};

/// What the contract says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// Paid by the fee; `left` of so many in the period, this one counted, where they are counted.
    Included {
        left: Option<(u32, u32)>,
    },
    /// In cents, net of VAT.
    Priced(i64),
    /// By the time spent, so many cents at most.
    UpTo(i64),
    Quoted,
    Excluded,
}

/// One thing that may be asked for.
#[derive(Clone, Debug)]
pub struct Offer {
    pub title: String,
    pub href: String,
    pub price: Price,
    /// « Article 7 ».
    pub article: String,
    /// The form shown is its own.
    pub current: bool,
}

/// One elementary service, and whether one can ask the provider for it.
#[derive(Clone, Debug)]
pub struct ServiceLine {
    pub title: String,
    /// How deep it stands in the tree.
    pub depth: usize,
    /// `None`: somebody else answers for it.
    pub href: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Classes of items that it covers, in words.
    pub covers: String,
    pub current: bool,
}

/// What the contract says of the request as it is written.
#[derive(Clone, Debug)]
pub struct Weighed {
    pub price: Price,
    pub reasons: Vec<Reason>,
    /// `P2`; empty without a matrix.
    pub priority: String,
    /// The article of the matrix.
    pub priority_reasons: Vec<Reason>,
    /// Each promise and when it would fall due.
    pub due: Vec<(String, Option<Zoned>)>,
    /// The answer above is to be read before the request is sent: it is not what the form had shown.
    pub confirm: bool,
}

pub fn price(price: Price, lang: Lang) -> Markup {
    match price {
        Price::Included { left: None } => badge(Tone::Good, lang.t("Compris", "Included")),
        Price::Included { left: Some((left, of)) } => html! {
            (badge(Tone::Good, lang.t("Compris", "Included"))) " "
            span.muted { (lang.t("il en reste", "left:")) " " (left) " " (lang.t("sur", "of")) " " (of) }
        },
        Price::Priced(cents) => html! {
            (badge(Tone::Warning, html! { (format::money(cents, lang)) " " (lang.t("HT", "excl. VAT")) }))
        },
        Price::UpTo(cents) => html! {
            (badge(Tone::Warning, html! { (lang.t("Au temps passé", "By the time spent")) }))
            " " span.muted {
                (format::money(cents, lang)) " " (lang.t("HT au plus", "excl. VAT at most"))
            }
        },
        Price::Quoted => badge(Tone::Warning, lang.t("Sur devis", "On quotation")),
        Price::Excluded => badge(Tone::Bad, lang.t("Exclu", "Excluded")),
    }
}

/// The catalogue, beside the form.
pub(super) fn aside(view: &View, lang: Lang) -> Markup {
    html! {
        @if !view.offers.is_empty() {
            (components::section("catalogue", lang.t("Demander", "Ask for"), html! {
                ul.catalogue {
                    @for offer in &view.offers {
                        li {
                            a href=(offer.href) aria-current=[offer.current.then_some("page")] { (components::words(&offer.title, lang)) }
                            " " (price(offer.price, lang))
                            @if !offer.article.is_empty() { " " span.muted { (offer.article) } }
                        }
                    }
                }
                p { a href=(view.customer.path("/tickets/new")) { (lang.t("Déclarer un incident", "Report an incident")) } }
            }))
        }
        @if !view.services.is_empty() {
            (components::section("services", lang.t("Services du contrat", "Services of the contract"), html! {
                ul.catalogue {
                    @for service in &view.services {
                        li data-depth=(service.depth) {
                            @match &service.href {
                                Some(href) => a href=(href) aria-current=[service.current.then_some("page")] { (components::words(&service.title, lang)) },
                                None => (components::words(&service.title, lang)),
                            }
                            span.sub {
                                (components::words(&service.owner, lang))
                                @if !service.covers.is_empty() { " · " (components::words(&service.covers, lang)) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// What the contract says of the request, above the button that sends it.
pub(super) fn weighed(weighed: &Weighed, lang: Lang) -> Markup {
    let title: Text = lang.t("Votre demande, selon le contrat", "Your request, under the contract");
    html! {
        section.preview id="weighed" aria-label=(title) {
            @if weighed.confirm {
                p role="alert" { strong { (lang.t("À lire avant d’envoyer ; rien n’est encore envoyé.", "To read before sending; nothing is sent yet.")) } }
            }
            p { (lang.t("Votre demande :", "Your request:")) " " (price(weighed.price, lang))
                @if !weighed.priority.is_empty() { " " (components::priority(&weighed.priority, lang)) } }
            @if !weighed.due.is_empty() {
                dl.facts {
                    @for (promise, due) in &weighed.due {
                        div { dt { (promise) } dd { @match due {
                            Some(at) => (components::when(at, lang)),
                            None => (lang.t("aucune échéance", "nothing due")),
                        } } }
                    }
                }
            }
            (components::why(lang.t("Pourquoi cette réponse ?", "Why this answer?"), &weighed.reasons, lang))
            (components::why(lang.t("Pourquoi cette priorité ?", "Why this priority?"), &weighed.priority_reasons, lang))
        }
    }
}
