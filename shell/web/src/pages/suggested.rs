//! Articles that may help with a ticket, each with why; drawn beside the ticket and while one is written.

use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::knowledge::{State, marks};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub articles: Vec<Suggested>,
}

#[derive(Clone, Debug)]
pub struct Suggested {
    pub number: u64,
    pub href: String,
    pub title: String,
    pub runbook: bool,
    pub internal: bool,
    /// « même élément », « mots : facture, bloquée ».
    pub because: String,
}

/// What is read and what comes of it, beside a ticket.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub suggested: Vec<Suggested>,
    /// Those that helped already; `because` is empty.
    pub helped: Vec<Suggested>,
    /// The reader may say that one helped.
    pub says: bool,
    /// Where to write one from this ticket, once it is resolved.
    pub write: Option<String>,
}

/// `GET /c/{customer}/knowledge/suggestions`: what the script of a form asks for, and a page by itself.
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Articles qui peuvent aider", "Articles that may help");
    layout::page(
        shell,
        title,
        Place::Knowledge,
        html! {
            (layout::heading(html! { a href=(view.customer.path("/knowledge")) { (lang.t("Base de connaissances", "Knowledge base")) } }, title, html! {}))
            (region(&view.articles, lang))
        },
    )
}

/// The place where suggestions come and change; there even when it is empty.
pub fn region(articles: &[Suggested], lang: Lang) -> Markup {
    html! {
        div id="suggested" role="status" {
            @if !articles.is_empty() {
                section.preview aria-label=(lang.t("Articles qui peuvent aider", "Articles that may help")) {
                    p { strong { (lang.t("Ces articles répondent peut-être déjà :", "These articles may answer already:")) } }
                    ul.catalogue { @for article in articles { li { (line(article, true, lang)) } } }
                }
            }
        }
    }
}

/// `apart` opens the article in another tab: what is being written stays where it is.
fn line(article: &Suggested, apart: bool, lang: Lang) -> Markup {
    let title = components::words(&article.title, lang);
    html! {
        @if apart {
            a href=(article.href) target="_blank" rel="noopener" { (title) " " (lang.t("(nouvel onglet)", "(new tab)")) }
        } @else {
            a href=(article.href) { (title) }
        }
        " "
        (marks(article.runbook, State::Published, article.internal, lang))
        @if !article.because.is_empty() { span.sub { (components::words(&article.because, lang)) } }
    }
}

/// Beside a ticket.
pub fn panel(shell: &Shell, customer: &CustomerRef, number: u64, key: &str, beside: &Beside) -> Markup {
    let lang = shell.lang;
    let action = customer.path(&format!("/tickets/{number}/helped"));
    let nothing = beside.suggested.is_empty() && beside.helped.is_empty() && beside.write.is_none();
    html! {
        @if !nothing {
            (components::section("knowledge", lang.t("Base de connaissances", "Knowledge base"), html! {
                @if !beside.helped.is_empty() {
                    p { (lang.t("A aidé :", "Helped:")) }
                    ul.catalogue { @for article in &beside.helped { li { (line(article, false, lang)) } } }
                }
                @if !beside.suggested.is_empty() {
                    ul.catalogue {
                        @for article in &beside.suggested {
                            li {
                                (line(article, false, lang))
                                @if beside.says {
                                    (components::act(shell, &action, &format!("{key}-helped-{}", article.number), "inline", html! {
                                        input type="hidden" name="article" value=(article.number);
                                        button.link type="submit" aria-label=(format!("{} : {}", lang.t("Cet article a aidé", "This article helped"), article.title)) {
                                            (lang.t("Cet article a aidé", "This article helped"))
                                        }
                                    }))
                                }
                            }
                        }
                    }
                }
                @if let Some(href) = &beside.write { p { a href=(href) { (lang.t("Écrire un article d’après ce ticket", "Write an article from this ticket")) } } }
            }))
        }
    }
}

/// Two suggestions, for samples of other pages too.
pub fn sample(lang: Lang) -> Vec<Suggested> {
    let one = |number, title: crate::design::Text, because: crate::design::Text, internal| Suggested {
        number,
        href: format!("/c/ateliers-garonne/knowledge/{number}"),
        title: title.into(),
        runbook: internal,
        internal,
        because: because.into(),
    };
    vec![
        one(
            3,
            lang.t("Redémarrer le serveur ERP", "Restart the ERP server"),
            lang.t("même élément", "same item"),
            true,
        ),
        one(
            2,
            lang.t("Se connecter de chez soi", "Connect from home"),
            lang.t("mots : connexion, VPN", "words: connection, VPN"),
            false,
        ),
    ]
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let some = View { customer: sampling::garonne(), articles: sample(lang) };
    vec![("some", some)]
}
