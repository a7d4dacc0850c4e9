//! The duty of the contract that a ticket does: until when it is owed, what proves it, and giving that proof.

use jiff::civil::Date;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Choice, Reason};
use crate::design::{Lang, Shell, format};
use crate::pages::duties::ItemState;

/// The duty, and the time that the ticket counts for.
#[derive(Clone, Debug)]
pub struct Duty {
    /// In the contract's words.
    pub title: String,
    pub text_lang: Lang,
    /// « Article 20 », and its address for those who may read the contract.
    pub article: (String, Option<String>),
    /// What the contract takes as proof.
    pub proof: String,
    /// Until when, and how it stands; `None` where no time is open that the ticket could count for.
    pub owed: Option<(Option<Date>, ItemState)>,
    pub done: Option<(Date, String)>,
    pub reasons: Vec<Reason>,
    /// The duties of the contract, for those who may read them.
    pub duties: Option<String>,
    pub proving: Proving,
}

/// Who gives the proof.
#[derive(Clone, Debug)]
pub enum Proving {
    /// It is given.
    Done,
    /// The work goes on.
    Later,
    /// The reader may.
    Form(Box<Form>),
    /// These may.
    Others(Vec<String>),
}

/// The proof, as it is offered.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    pub key: String,
    pub contract: String,
    /// `label/what`.
    pub duty: String,
    pub on: Date,
    pub proofs: Vec<Choice>,
    pub proof: String,
    pub reference: String,
}

pub(super) fn section(shell: &Shell, view: &View, duty: &Duty) -> Markup {
    let lang = shell.lang;
    let (article, href) = &duty.article;
    let pairs = vec![
        (html! { (lang.t("Au plus tard", "By")) }, owed(duty, lang)),
        (
            html! { (lang.t("Preuve demandée", "Proof asked for")) },
            html! { (components::words(&duty.proof, lang)) },
        ),
    ];
    components::section(
        "duty",
        lang.t("Obligation du contrat", "Duty of the contract"),
        html! {
            p {
                span lang=(duty.text_lang.code()) { strong { (components::words(&duty.title, duty.text_lang)) } } " "
                @match href { Some(href) => a href=(href) { (article) }, None => (article) }
            }
            (components::facts(pairs))
            @if let Some((on, reference)) = &duty.done {
                p {
                    (lang.t("Faite le", "Done on")) " " (format::date(*on, lang)) ", "
                    (lang.t("preuve :", "proof:")) " " (components::words(reference, lang))
                }
            }
            (components::why(lang.t("Pourquoi cette date ?", "Why this date?"), &duty.reasons, lang))
            @if let Some(href) = &duty.duties {
                p { a href=(href) { (lang.t("Toutes les obligations du contrat", "All the duties of the contract")) } }
            }
            (proving(shell, view, &duty.proving))
        },
    )
}

fn owed(duty: &Duty, lang: Lang) -> Markup {
    html! {
        @match &duty.owed {
            Some((on, state)) => {
                @match on {
                    Some(on) => time datetime=(on) { (format::date(*on, lang)) },
                    None => (lang.t("à tout moment", "at all times")),
                }
                " " (state.badge(lang))
            },
            None => span.muted { (lang.t("aucune échéance n’attend ce ticket", "no time owed waits for this ticket")) },
        }
    }
}

fn proving(shell: &Shell, view: &View, proving: &Proving) -> Markup {
    let lang = shell.lang;
    match proving {
        Proving::Done => html! {},
        Proving::Later => html! {
            p.muted { (lang.t("La preuve s’enregistre une fois le ticket résolu.", "The proof is recorded once the ticket is resolved.")) }
        },
        Proving::Others(roles) => html! {
            p.muted { (lang.t("La preuve est enregistrée par :", "The proof is recorded by:")) }
            ul.plain-list { @for role in roles { li { (role) } } }
        },
        Proving::Form(form) => html! {
            details.act open {
                summary { (lang.t("Enregistrer la preuve…", "Record the proof…")) }
                (components::act(shell, &form.action, &form.key, "form", fields(view, form, lang)))
            }
        },
    }
}

fn fields(view: &View, form: &Form, lang: Lang) -> Markup {
    html! {
        input type="hidden" name="contract" value=(form.contract);
        input type="hidden" name="duty" value=(form.duty);
        input type="hidden" name="ticket" value=(view.number);
        div.field {
            label for="duty-on" { (lang.t("Faite le", "Done on")) }
            input type="date" id="duty-on" name="on" value=(form.on) required;
        }
        (components::select("duty-proof", "proof", lang.t("La preuve donnée", "The proof given"), &form.proofs, &form.proof))
        (components::input("duty-reference", "reference", lang.t("Sa référence", "Its reference"), &form.reference))
        button type="submit" { (lang.t("Enregistrer la preuve", "Record the proof")) }
    }
}

/// A preventive maintenance whose proof is left to give, for the gallery.
pub(super) fn sample(lang: Lang) -> Duty {
    use crate::pages::sampling::{day, reason};
    let said = lang.t(
        "Le plan de maintenance préventive : à faire au plus tard le 30 novembre 2026.",
        "The preventive maintenance plan: due by 30 November 2026.",
    );
    Duty {
        title: "Le plan de maintenance préventive".into(),
        text_lang: Lang::Fr,
        article: ("Article 20".into(), Some("/c/ateliers-garonne/contracts/CTR-2026-001#tma".into())),
        proof: lang.t("un document remis", "a document handed over").into(),
        owed: Some((Some(day("2026-11-30")), ItemState::Soon)),
        done: None,
        reasons: vec![reason("Article 20", "tma", said)],
        duties: Some("/c/ateliers-garonne/duties?contract=CTR-2026-001".into()),
        proving: Proving::Form(Box::new(Form {
            action: "/c/ateliers-garonne/duties/done".into(),
            key: "sample-duty".into(),
            contract: "CTR-2026-001".into(),
            duty: "tma/preventive_plan".into(),
            on: day("2026-11-03"),
            proofs: vec![Choice::new("document", lang.t("Un document remis", "A document handed over"))],
            proof: "document".into(),
            reference: "Ticket n° 1207".into(),
        })),
    }
}
