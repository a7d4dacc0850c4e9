//! One element of the perimeter: who knows it, told person by person.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct Sheet {
    pub customer: CustomerRef,
    pub name: String,
    /// What names it in the form: `item:srv-erp`.
    pub of: String,
    pub people: Vec<Choosing>,
    /// The entry that told it last, for the form.
    pub since: Option<u64>,
    /// When that was, and by whom.
    pub told: Option<(Zoned, String)>,
    pub reasons: Vec<Reason>,
    pub key: String,
    pub refused: Option<Refusal>,
}

/// Somebody, and how well they know it: `knows`, `leads`, or empty.
#[derive(Clone, Debug)]
pub struct Choosing {
    pub id: String,
    pub name: String,
    pub level: String,
}

/// `GET /c/{customer}/skills/element`
pub fn page(shell: &Shell, sheet: &Sheet) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        &sheet.name,
        Place::Skills,
        html! {
            (layout::heading(
                html! {
                    a href=(sheet.customer.path("")) { (sheet.customer.name) } " / "
                    a href=(sheet.customer.path("/skills")) { (lang.t("Compétences", "Skills")) }
                },
                components::words(&sheet.name, lang),
                html! {},
            ))
            @if let Some(refusal) = &sheet.refused { (shared::refusal(refusal, lang)) }
            (components::reasons(&sheet.reasons, lang))
            (components::section("who", lang.t("Qui connaît cet élément", "Who knows this element"), form(shell, sheet)))
        },
    )
}

fn form(shell: &Shell, sheet: &Sheet) -> Markup {
    let lang = shell.lang;
    if sheet.people.is_empty() {
        return html! {
            p { (lang.t("Personne du prestataire ne travaille aux tickets de ce client.", "Nobody of the provider’s works on this customer’s tickets.")) }
        };
    }
    let choices = [
        Choice::new("", lang.t("Ne le connaît pas", "Does not know it")),
        Choice::new("knows", lang.t("Peut y intervenir", "Can work on it")),
        Choice::new("leads", lang.t("Référent", "Leads")),
    ];
    html! {
        @if let Some((at, by)) = &sheet.told {
            p.muted { (lang.t("Consigné le", "Recorded on")) " " (components::when(at, lang)) " " (lang.t("par", "by")) " " (by) "." }
        }
        (components::act(shell, &sheet.customer.path("/skills/element"), &sheet.key, "form", html! {
            input type="hidden" name="of" value=(sheet.of);
            @if let Some(since) = sheet.since { input type="hidden" name="since" value=(since); }
            @for person in &sheet.people {
                (components::select(&format!("person-{}", person.id), &format!("person-{}", person.id), &person.name, &choices, &person.level))
            }
            button.primary type="submit" { (lang.t("Enregistrer", "Save")) }
        }))
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, Sheet)> {
    let customer = sampling::garonne();
    let person = |id: &str, name: &str, level: &str| Choosing {
        id: id.into(),
        name: name.into(),
        level: level.into(),
    };
    let sheet = Sheet {
        name: "srv-rh".into(),
        of: "item:srv-rh".into(),
        people: vec![
            person("a", "Mehdi Roussel", "leads"),
            person("b", "Sarah Delmas", ""),
            person("c", "Yann Le Goff", ""),
        ],
        since: Some(412),
        told: Some((sampling::at("2026-10-12T09:20"), "Hélène Marchand".into())),
        reasons: vec![Reason {
            article: "Article 42".into(),
            label: "effectifs".into(),
            text: lang
                .t(
                    "chaque élément du périmètre est connu de 2 personnes au moins",
                    "each element of the perimeter is known to at least 2 people",
                )
                .into(),
            arithmetic: None,
            href: Some(customer.path("/contracts/CTR-2026-001#effectifs")),
        }],
        key: "sample".into(),
        refused: None,
        customer,
    };
    vec![("sheet", sheet)]
}
