//! One month's statement: as it was closed, or to be read before closing it.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, components, format};
use crate::pages::money::{self, CloseForm, Month};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The contract's number.
    pub contract: String,
    pub month: Month,
    /// Offered to those who may close, when it is this month's turn.
    pub close: Option<CloseForm>,
}

/// `GET /c/{customer}/money/{month}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let month = format::month(view.month.month, lang);
    let title = match lang {
        // French elides before avril, août and octobre.
        Lang::Fr if month.starts_with(['a', 'o']) => format!("Relevé d’{month}"),
        Lang::Fr => format!("Relevé de {month}"),
        Lang::En => format!("Statement of {month}"),
    };
    layout::page(
        shell,
        &title,
        Place::Money,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(money::path(&view.customer, &view.contract, None)) { (lang.t("Argent", "Money")) } " / "
                    (view.contract)
                },
                &title,
                html! {},
            ))
            (money::month::section(&view.month, lang))
            @if let Some(close) = &view.close { (close_form(shell, view, close)) }
        },
    )
}

fn close_form(shell: &Shell, view: &View, close: &CloseForm) -> Markup {
    let lang = shell.lang;
    let month = format::month(close.month, lang).to_lowercase();
    components::section(
        "close",
        lang.t("Clôturer ce mois", "Close this month"),
        html! {
            p {
                (lang.t("La clôture fige les résultats, la facture et le relevé de pénalités, et les inscrit au journal. Elle ne se défait pas : une correction se fait par un avoir.",
                        "Closing freezes the results, the invoice and the penalty statement, and records them in the journal. It cannot be undone: a correction is a credit note."))
            }
            (components::act(shell, &view.customer.path("/money/close"), &close.key, "form", html! {
                input type="hidden" name="contract" value=(view.contract);
                input type="hidden" name="month" value=(close.month.strftime("%Y-%m"));
                div.check {
                    input type="checkbox" id="sure" name="sure" value="yes" required;
                    label for="sure" { (lang.t("J’ai relu les lignes ci-dessus", "I have read the lines above")) }
                }
                button.primary type="submit" { (lang.t("Clôturer", "Close")) " " (month) }
            }))
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let months = money::samples(lang);
    let of = |name: &str| {
        let view = months.iter().find(|(found, _)| *found == name).map(|(_, view)| view.clone());
        let view = view.expect("the money page has this sample");
        let month = view.month.expect("this sample has a month");
        View { customer: view.customer, contract: view.contract, month, close: view.close }
    };
    vec![("to-close", of("running")), ("closed", of("capped"))]
}
