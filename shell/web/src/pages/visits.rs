//! The visits made on site for a ticket: what was done, and the signature of whoever was met.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Text, assets, format, markdown};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The ticket.
    pub number: u64,
    pub title: String,
    pub visits: Vec<Visit>,
    /// What a report is typed into, for who may write one.
    pub form: Option<Form>,
    /// At which hours the time may be entered too, after not at all.
    pub hours: Vec<Choice>,
    /// Reports can be had on paper.
    pub printed: bool,
    /// Why what was just sent was not done.
    pub refused: Option<Refusal>,
    /// The visit that it would have corrected.
    pub corrected: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Visit {
    pub id: String,
    pub arrived: Zoned,
    pub left: Zoned,
    /// Who was there.
    pub person: String,
    /// `None` once erased.
    pub report: Option<Report>,
    /// What a signature is given for.
    pub hash: String,
    pub signature: Option<Signature>,
    /// What a signature is typed into, for who may sign or have it signed.
    pub signing: Option<SignForm>,
    /// What the report is corrected in, for who wrote it, until it is signed.
    pub correction: Option<Form>,
}

#[derive(Clone, Debug)]
pub struct Report {
    pub travel_minutes: u32,
    /// Markdown, as what remains.
    pub work: String,
    /// « 2 × câble RJ45 (ref. 12) ».
    pub parts: Vec<String>,
    pub remains: Option<String>,
    pub met: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Signature {
    pub at: Zoned,
    /// `None` once erased.
    pub name: Option<String>,
    pub on_screen: bool,
    pub reserve: Option<String>,
    /// As it was drawn.
    pub drawn: Option<Drawn>,
}

/// A drawn signature: the sides of its pad, and the data of an SVG path.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub width: u16,
    pub height: u16,
    pub path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// In one's own name, as the customer's person.
    Own,
    /// By whoever was met, on this screen.
    OnScreen,
}

/// A signature as it is typed.
#[derive(Clone, Debug)]
pub struct SignForm {
    pub how: Signing,
    pub key: String,
    pub name: String,
    pub reserve: String,
    /// It was refused: it stands open, with what was typed.
    pub open: bool,
}

impl SignForm {
    pub fn new(how: Signing, key: String) -> SignForm {
        SignForm { how, key, name: String::new(), reserve: String::new(), open: false }
    }
}

/// A report as it is typed, its instants as `datetime-local` writes them.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub key: String,
    /// The visit whose report it corrects; empty: a new one.
    pub visit: String,
    pub arrived: String,
    pub left: String,
    /// Minutes.
    pub travel: String,
    pub work: String,
    /// A line each: `2 câble RJ45`.
    pub parts: String,
    pub remains: String,
    pub met: String,
    /// Empty: the time is not entered with it. `None`: nor could it be, by this person.
    pub hours: Option<String>,
}

/// `GET /c/{customer}/tickets/{number}/visits`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Visites sur site", "On-site visits");
    let ticket = view.customer.path(&format!("/tickets/{}", view.number));
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(
                html! {
                    (layout::under_tickets(&view.customer, lang)) " / "
                    a href=(ticket) { (view.number) " · " (components::words(&view.title, lang)) }
                },
                title,
                html! {},
            ))
            @if view.visits.iter().any(|visit| visit.signing.is_some()) {
                script src=(assets::url("sign.js")) defer {}
            }
            @if let Some(refusal) = &view.refused { (shared::refusal(refusal, lang)) }
            @if view.visits.is_empty() {
                (components::empty(
                    lang.t("Aucune visite", "No visit"),
                    lang.t("Qui intervient sur place en rend compte ici ; le client signe le compte rendu.",
                        "Whoever works on site reports it here; the customer signs the report."),
                    None,
                ))
            }
            @for visit in &view.visits { (draw(shell, view, visit)) }
            @if let Some(form) = &view.form {
                (components::section(
                    "report",
                    lang.t("Rendre compte d’une visite", "Report a visit"),
                    report_form(shell, view, form, lang.t("Enregistrer le compte rendu", "Save the report")),
                ))
            }
        },
    )
}

fn draw(shell: &Shell, view: &View, visit: &Visit) -> Markup {
    let lang = shell.lang;
    let id = format!("visit-{}", visit.id);
    let text = |title: Text, words: &str| html! { h3 { (title) } div.said { (markdown::render(words, lang, &|_| None)) } };
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (format::instant(&visit.arrived, lang)) ", " (visit.person) }
            p {
                @match &visit.signature {
                    Some(_) => (badge(Tone::Good, lang.t("Signé", "Signed"))),
                    None => (badge(Tone::Warning, lang.t("À signer", "To be signed"))),
                }
            }
            (components::facts(facts(visit, lang)))
            @match &visit.report {
                None => p.muted { (lang.t("Le contenu de ce compte rendu a été effacé.", "The contents of this report were erased.")) },
                Some(report) => {
                    (text(lang.t("Travaux", "Work"), &report.work))
                    @if let Some(remains) = &report.remains { (text(lang.t("Reste à faire", "What remains to be done"), remains)) }
                }
            }
            @if let Some(signature) = &visit.signature { (signed(signature, lang)) }
            @if view.printed {
                @let paper = view.customer.path(&format!("/tickets/{}/visits/{}/report.pdf", view.number, visit.id));
                p { a href=(paper) { (lang.t("Compte rendu en PDF", "Report as PDF")) } }
            }
            @if let Some(form) = &visit.signing { (sign_form(shell, view, visit, form)) }
            @if let Some(form) = &visit.correction {
                // What was refused stands open, with what was typed.
                details.act open[view.refused.is_some() && view.corrected.as_ref() == Some(&visit.id)] {
                    summary { (lang.t("Corriger…", "Correct…")) }
                    (report_form(shell, view, form, lang.t("Enregistrer la correction", "Save the correction")))
                }
            }
        }
    }
}

fn facts(visit: &Visit, lang: Lang) -> Vec<(Markup, Markup)> {
    let mut pairs = vec![(
        html! { (lang.t("Sur place", "On site")) },
        html! { (components::when(&visit.arrived, lang)) " – " (components::when(&visit.left, lang)) },
    )];
    let Some(report) = &visit.report else { return pairs };
    if report.travel_minutes > 0 {
        let travel = format::minutes(i64::from(report.travel_minutes), lang);
        pairs.push((html! { (lang.t("Trajet", "Travel")) }, html! { (travel) }));
    }
    if let Some(met) = &report.met {
        pairs.push((html! { (lang.t("Personne rencontrée", "Person met")) }, html! { (met) }));
    }
    if !report.parts.is_empty() {
        pairs.push((html! { (lang.t("Pièces", "Parts")) }, html! { (report.parts.join(", ")) }));
    }
    pairs
}

fn signed(signature: &Signature, lang: Lang) -> Markup {
    html! {
        p {
            (lang.t("Signé par", "Signed by")) " "
            strong { (signature.name.as_deref().unwrap_or("–")) } ", " (components::when(&signature.at, lang))
            @if signature.on_screen { " " span.muted { (lang.t("(sur l’écran de l’intervenant)", "(on the technician’s screen)")) } }
        }
        @if let Some(drawn) = &signature.drawn {
            svg.signature viewBox=(format!("0 0 {} {}", drawn.width, drawn.height)) role="img"
                aria-label=(lang.t("Signature dessinée", "Signature as drawn")) {
                path d=(drawn.path) {}
            }
        }
        @if let Some(reserve) = &signature.reserve {
            p { (lang.t("Réserves :", "Reserves:")) " " (components::words(reserve, lang)) }
        }
    }
}

fn sign_form(shell: &Shell, view: &View, visit: &Visit, form: &SignForm) -> Markup {
    let lang = shell.lang;
    let action = view.customer.path(&format!("/tickets/{}/visits/{}/sign", view.number, visit.id));
    let (title, button) = match form.how {
        Signing::Own => (lang.t("Signer…", "Sign…"), lang.t("Signer ce compte rendu", "Sign this report")),
        Signing::OnScreen => (
            lang.t("Faire signer sur cet écran…", "Have it signed on this screen…"),
            lang.t("Je signe ce compte rendu", "I sign this report"),
        ),
    };
    html! {
        details.act open[form.open] {
            summary { (title) }
            (components::act(shell, &action, &form.key, "form", html! {
                input type="hidden" name="hash" value=(visit.hash);
                @if form.how == Signing::OnScreen {
                    (components::input(&format!("name-{}", visit.id), "name", lang.t("Nom de la personne qui signe", "Name of whoever signs"), &form.name))
                }
                (components::optional_area(&format!("reserve-{}", visit.id), "reserve", lang.t("Réserves (facultatif)", "Reserves (optional)"), 2, &form.reserve))
                (pad(lang))
                button.primary type="submit" { (button) }
            }))
        }
    }
}

/// A frame to draw one's signature in. It comes hidden, and `sign.js` shows it: without script the typed
/// name stands alone.
fn pad(lang: Lang) -> Markup {
    html! {
        div.pad hidden data-pad {
            p { (lang.t("Signature, au doigt ou au stylet (facultatif)", "Signature, by finger or stylus (optional)")) }
            svg.signature role="img" aria-label=(lang.t("Cadre où signer", "Frame to sign in")) {}
            input type="hidden" name="drawing" autocomplete="off";
            button type="button" data-clear { (lang.t("Effacer la signature", "Clear the signature")) }
        }
    }
}

fn report_form(shell: &Shell, view: &View, form: &Form, button: Text) -> Markup {
    let lang = shell.lang;
    let action = view.customer.path(&format!("/tickets/{}/visits", view.number));
    // A page holds several of these forms: each field is named after its own.
    let id = |name: &str| match form.visit.as_str() {
        "" => format!("visit-{name}"),
        visit => format!("visit-{name}-{visit}"),
    };
    let instant = |name: &str, label: Text, value: &str| {
        html! {
            div.field {
                label for=(id(name)) { (label) }
                input type="datetime-local" id=(id(name)) name=(name) value=(value) required;
            }
        }
    };
    components::act(
        shell,
        &action,
        &form.key,
        "form",
        html! {
            @if !form.visit.is_empty() { input type="hidden" name="visit" value=(form.visit); }
            (instant("arrived", lang.t("Arrivée", "Arrived"), &form.arrived))
            (instant("left", lang.t("Départ", "Left"), &form.left))
            div.field {
                label for=(id("travel")) { (lang.t("Trajet aller et retour, en minutes", "Travel there and back, in minutes")) }
                input.short type="number" id=(id("travel")) name="travel" min="0" max="1440" value=(form.travel);
            }
            (components::text_area(&id("work"), "work", lang.t("Travaux faits", "Work done"), 4, &form.work))
            (components::optional_area(&id("parts"), "parts", lang.t("Pièces, une par ligne : quantité puis nom", "Parts, one a line: quantity then name"), 2, &form.parts))
            (components::optional_area(&id("remains"), "remains", lang.t("Reste à faire", "What remains to be done"), 2, &form.remains))
            div.field {
                label for=(id("met")) { (lang.t("Personne rencontrée", "Person met")) }
                input type="text" id=(id("met")) name="met" value=(form.met);
            }
            @if let Some(chosen) = &form.hours {
                (components::select(&id("hours"), "hours", lang.t("Saisir aussi le temps", "Enter the time too"), &view.hours, chosen))
            }
            button.primary type="submit" { (button) }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let report = Report {
        travel_minutes: 50,
        work: lang
            .t("Remplacement de l’alimentation, essai de charge.", "Power supply replaced, load tried.")
            .into(),
        parts: vec![lang.t("1 × alimentation (PSU-450)", "1 × power supply (PSU-450)").into()],
        remains: Some(lang.t("Reprendre l’ancien matériel.", "Take the old equipment back.").into()),
        met: Some("Claire Fabre".into()),
    };
    let visit = |id: &str, arrived: &str, signature, signing| Visit {
        id: id.into(),
        arrived: sampling::at(arrived),
        left: sampling::at("2026-11-03T10:40"),
        person: "Mehdi Roussel".into(),
        report: Some(report.clone()),
        hash: "5f2c".into(),
        signature,
        signing,
        correction: (id == "b").then(|| Form {
            key: "correction".into(),
            visit: id.into(),
            arrived: arrived.into(),
            left: "2026-11-03T10:40".into(),
            travel: "50".into(),
            work: report.work.clone(),
            ..Form::default()
        }),
    };
    let signature = Signature {
        at: sampling::at("2026-11-03T10:42"),
        name: Some("Claire Fabre".into()),
        on_screen: true,
        reserve: None,
        drawn: Some(Drawn {
            width: 600,
            height: 180,
            path: "M60 110L90 40L110 130L130 70L160 120L200 60L230 118L300 84M340 120L420 60L430 124".into(),
        }),
    };
    let view = View {
        customer: sampling::garonne(),
        number: 312,
        title: lang.t("Serveur de fichiers éteint", "File server off").into(),
        visits: vec![
            visit("a", "2026-11-03T09:10", Some(signature), None),
            visit("b", "2026-11-03T10:05", None, Some(SignForm::new(Signing::OnScreen, "sample-b".into()))),
            visit("c", "2026-11-03T10:20", None, Some(SignForm::new(Signing::Own, "sample-c".into()))),
        ],
        hours: vec![
            Choice::new("", lang.t("Ne pas saisir le temps", "Do not enter the time")),
            Choice::new("contract", lang.t("Aux heures que dit le contrat", "At the hours of the contract")),
        ],
        form: Some(Form {
            key: "sample".into(),
            travel: "0".into(),
            hours: Some(String::new()),
            ..Form::default()
        }),
        refused: None,
        corrected: None,
        printed: true,
    };
    vec![("visits", view)]
}
