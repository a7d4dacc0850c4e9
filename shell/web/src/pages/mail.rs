//! Mail: what leaves, what comes, and what waits for a decision.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tab};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    /// No mail is exchanged: the operator has not turned it on.
    pub off: bool,
    pub shows: Shows,
    /// The address of the next page.
    pub next: Option<String>,
    pub refused: Option<Refusal>,
    /// The short name and the name of each customer, where something waits.
    pub customers: Vec<(String, String)>,
}

/// One list at a time.
#[derive(Clone, Debug)]
pub enum Shows {
    /// Mails that wait for a decision.
    Quarantine(Vec<Waiting>),
    Letters {
        failed: bool,
        lines: Vec<Letter>,
    },
    Received(Vec<Received>),
}

/// A mail that waits for a decision.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: String,
    pub sender: String,
    pub received: Zoned,
    pub subject: String,
    pub text: String,
    pub files: Vec<String>,
    /// Why it waits, in a sentence.
    pub why: String,
    /// Who has an account of this address.
    pub owner: Option<String>,
}

/// A letter of the queue.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: String,
    pub name: String,
    pub email: String,
    pub notice: String,
    pub ticket: Option<Ticket>,
    pub attempts: u32,
    /// When it was last tried.
    pub moved: Zoned,
    pub next: Zoned,
    pub error: Option<String>,
}

/// A mail that was taken, or was not.
#[derive(Clone, Debug)]
pub struct Received {
    pub sender: String,
    pub received: Zoned,
    pub fate: String,
    pub ticket: Option<Ticket>,
    /// Who decided of it, if it waited.
    pub decided_by: Option<String>,
}

/// A ticket as a line names it.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub customer: String,
    pub number: u64,
}

/// `GET /mail`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Courriel", "Mail");
    layout::page(
        shell,
        title,
        Place::Mail,
        html! {
            (layout::heading(html! {}, title, html! {}))
            @if view.off {
                div.notice { p { (lang.t(
                    "Aucun courriel n’est échangé : l’exploitant ne l’a pas mis en service.",
                    "No mail is exchanged: the operator has not turned it on.",
                )) } }
            }
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            (lists(&view.shows, lang))
            @match &view.shows {
                Shows::Quarantine(waiting) => (quarantine(shell, waiting, &view.customers)),
                Shows::Letters { failed, lines } => (letters(shell, *failed, lines)),
                Shows::Received(lines) => (received(lines, lang)),
            }
            (components::pager(None, view.next.as_deref(), lang))
        },
    )
}

/// The lists, and which is shown.
fn lists(shows: &Shows, lang: Lang) -> Markup {
    let all = [
        ("/mail", lang.t("À décider", "To decide"), matches!(shows, Shows::Quarantine(_))),
        (
            "/mail?show=failed",
            lang.t("Non distribués", "Not delivered"),
            matches!(shows, Shows::Letters { failed: true, .. }),
        ),
        (
            "/mail?show=waiting",
            lang.t("À envoyer", "To send"),
            matches!(shows, Shows::Letters { failed: false, .. }),
        ),
        ("/mail?show=received", lang.t("Reçus", "Received"), matches!(shows, Shows::Received(_))),
    ];
    let tabs = all.map(|(href, name, current)| Tab::new(href, name, current));
    components::tabs(lang.t("Listes du courriel", "Lists of mail"), &tabs)
}

fn quarantine(shell: &Shell, waiting: &[Waiting], customers: &[(String, String)]) -> Markup {
    let lang = shell.lang;
    html! {
        @if waiting.is_empty() {
            (components::empty(
                lang.t("Rien n’attend de décision", "Nothing waits for a decision"),
                lang.t(
                    "Un courriel dont on n’est pas sûr viendrait ici : expéditeur inconnu, adresse non vérifiée, demande refusée par le contrat.",
                    "A mail that is not sure would come here: an unknown sender, an address not verified, a request that the contract refuses.",
                ),
                None,
            ))
        }
        datalist id="mail-customers" {
            @for (slug, name) in customers { option value=(slug) { (name) } }
        }
        @for mail in waiting {
            (components::section(&format!("mail-{}", mail.id), format!("{} · {}", mail.subject, mail.sender), html! {
                p.muted { (components::when(&mail.received, lang)) }
                p { (components::words(&mail.why, lang)) }
                pre tabindex="0" { (mail.text) }
                @if !mail.files.is_empty() {
                    p { (lang.t("Pièces jointes :", "Attachments:")) " " (mail.files.join(", ")) }
                }
                (decisions(shell, mail))
            }))
        }
    }
}

fn decisions(shell: &Shell, mail: &Waiting) -> Markup {
    let lang = shell.lang;
    let field = format!("customer-{}", mail.id);
    html! {
        form.form method="post" action={ "/mail/received/" (mail.id) } {
            input type="hidden" name="csrf" value=(shell.csrf);
            @if let Some(owner) = &mail.owner {
                div.form-end {
                    button.primary type="submit" name="decision" value="accept" {
                        (lang.t("Accepter au nom de", "Accept in the name of")) " " (owner)
                    }
                }
            }
            div.field {
                label for=(field) { (lang.t("Client, si le courriel ouvre un ticket", "Customer, if the mail opens a ticket")) }
                input type="text" id=(field) name="customer" maxlength="100" list="mail-customers" autocomplete="off"
                    aria-describedby={ (field) "-help" };
                p.muted id={ (field) "-help" } {
                    (lang.t(
                        "Repris, le courriel est écrit en votre nom ; une note interne dit de qui il venait.",
                        "Taken up, the mail is written in your name; an internal note tells who it came from.",
                    ))
                }
            }
            div.form-end {
                button.plain type="submit" name="decision" value="take" { (lang.t("Reprendre en mon nom", "Take up in my name")) }
                button.plain type="submit" name="decision" value="reject" { (lang.t("Écarter", "Reject")) }
                button.plain type="submit" name="decision" value="block" { (lang.t("Bloquer l’adresse", "Block the address")) }
            }
        }
    }
}

fn letters(shell: &Shell, failed: bool, lines: &[Letter]) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Destinataire", "Recipient")),
        Column::text(lang.t("Objet", "About")),
        Column::figure(lang.t("Essais", "Tries")),
        Column::text(lang.t("Dernier essai", "Last try")),
        Column::text(lang.t("Réponse du relais", "The relay’s answer")),
        Column::text(if failed { lang.t("Renvoi", "Again") } else { lang.t("Prochain essai", "Next try") }),
    ];
    let rows = lines.iter().map(|line| {
        let again = html! {
            @if failed {
                form method="post" action={ "/mail/letters/" (line.id) "/again" } {
                    input type="hidden" name="csrf" value=(shell.csrf);
                    button.link type="submit" aria-label={ (lang.t("Renvoyer à", "Send again to")) " " (line.email) } {
                        (lang.t("Renvoyer", "Send again"))
                    }
                }
            } @else { (components::when_short(&line.next, lang)) }
        };
        Row::new(vec![
            html! { (line.name) " " span.muted { (line.email) } },
            html! { (line.notice) @if let Some(ticket) = &line.ticket { ", " (link(ticket)) } },
            html! { (line.attempts) },
            html! { @if line.attempts > 0 { (components::when_short(&line.moved, lang)) } @else { span.muted { "–" } } },
            html! { @match &line.error { Some(error) => (error), None => span.muted { "–" } } },
            again,
        ])
    });
    let title = match failed {
        true => {
            lang.t("Courriels non distribués, les derniers d’abord", "Letters not delivered, latest first")
        }
        false => lang.t("Courriels à envoyer", "Letters to send"),
    };
    html! {
        @if lines.is_empty() {
            (components::empty(
                lang.t("Aucune lettre ici", "No letter here"),
                lang.t("Tout ce qui devait partir est parti.", "Everything that had to leave has left."),
                None,
            ))
        } @else {
            (table("letters", title, &columns, rows.collect()))
        }
    }
}

fn received(lines: &[Received], lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Expéditeur", "Sender")),
        Column::text(lang.t("Reçu", "Received")),
        Column::text(lang.t("Suite donnée", "What became of it")),
    ];
    let rows = lines.iter().map(|line| {
        Row::new(vec![
            html! { (line.sender) },
            components::when_short(&line.received, lang),
            html! {
                (components::words(&line.fate, lang))
                @if let Some(ticket) = &line.ticket { ", " (link(ticket)) }
                @if let Some(who) = &line.decided_by { ", " (lang.t("décidé par", "decided by")) " " (who) }
            },
        ])
    });
    html! {
        @if lines.is_empty() {
            (components::empty(
                lang.t("Aucun courriel reçu", "No mail received"),
                lang.t(
                    "Ce qui est pris, ignoré ou écarté s’inscrit ici.",
                    "What is taken, ignored or rejected is listed here.",
                ),
                None,
            ))
        } @else {
            (table("received", lang.t("Courriels reçus, les derniers d’abord", "Mail received, latest first"), &columns, rows.collect()))
        }
    }
}

fn link(ticket: &Ticket) -> Markup {
    html! {
        a href={ "/c/" (ticket.customer) "/tickets/" (ticket.number) } { (ticket.customer) " #" (ticket.number) }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let at = || sampling::at("2026-11-03T09:12");
    let ticket = || Some(Ticket { customer: "ateliers-garonne".into(), number: 42 });
    let waiting = Waiting {
        id: "0199-mail".into(),
        sender: "claire.perso@courriel.example".into(),
        received: at(),
        subject: "Imprimante de l’accueil".into(),
        text: "Bonjour,\n\nl’imprimante de l’accueil n’imprime plus depuis ce matin.\n\nClaire".into(),
        files: vec!["photo.jpg".into()],
        why: lang.t("Personne n’a cette adresse.", "Nobody has this address.").to_string(),
        owner: None,
    };
    let theirs = Waiting {
        id: "0199-other".into(),
        sender: "claire.martin@ateliers-garonne.example".into(),
        why: lang
            .t(
                "Le relais ne garantit pas l’adresse de l’expéditeur.",
                "The relay does not vouch for the sender’s address.",
            )
            .to_string(),
        owner: Some("Claire Martin".into()),
        ..waiting.clone()
    };
    let letter = Letter {
        id: "0199-letter".into(),
        name: "Claire Martin".into(),
        email: "claire.martin@ateliers-garonne.example".into(),
        notice: lang.t("Réponse", "Reply").to_string(),
        ticket: ticket(),
        attempts: 3,
        moved: at(),
        next: sampling::at("2026-11-03T10:04"),
        error: Some("550 5.1.1 no such user".into()),
    };
    let received = Received {
        sender: "claire.martin@ateliers-garonne.example".into(),
        received: at(),
        fate: lang.t("Réponse ajoutée", "Reply added").to_string(),
        ticket: ticket(),
        decided_by: Some("Marc Vidal".into()),
    };
    let customers = [sampling::garonne(), sampling::sologne()].map(|c| (c.slug, c.name)).to_vec();
    let view = |shows| View { off: false, shows, next: None, refused: None, customers: customers.clone() };
    vec![
        ("quarantine", view(Shows::Quarantine(vec![waiting, theirs]))),
        ("failed", view(Shows::Letters { failed: true, lines: vec![letter.clone()] })),
        ("waiting", view(Shows::Letters { failed: false, lines: vec![letter] })),
        ("received", view(Shows::Received(vec![received]))),
        ("off", View { off: true, ..view(Shows::Quarantine(Vec::new())) }),
    ]
}
