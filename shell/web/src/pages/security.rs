//! Security acts as a list: one's own on the account, everybody's for the administrator.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::table::{Column, Row, table};
use crate::design::{Lang, components};
use crate::pages::sampling;

/// One act.
#[derive(Clone, Debug)]
pub struct Act {
    pub at: Zoned,
    /// A sentence in the reader's language.
    pub text: String,
    /// The device and its address, the label of a token, what was refused.
    pub detail: Option<String>,
    /// Whose account, where several are listed.
    pub whose: Option<String>,
    /// Who did it, when it is somebody else.
    pub by: Option<String>,
}

/// The acts, newest first.
pub fn acts(list: &[Act], lang: Lang) -> Markup {
    if list.is_empty() {
        return html! { p.muted { (lang.t("Aucun acte depuis que ce registre est tenu.", "No act since this record is kept.")) } };
    }
    let several = list.iter().any(|act| act.whose.is_some());
    let mut columns = vec![Column::text(lang.t("Quand", "When"))];
    if several {
        columns.push(Column::name(lang.t("Compte", "Account")));
    }
    columns.push(Column::text(lang.t("Acte", "Act")));
    columns.push(Column::text(lang.t("Précision", "Detail")));
    let rows = list.iter().map(|act| {
        let mut cells = vec![components::when(&act.at, lang)];
        if several {
            cells.push(html! { (act.whose.as_deref().unwrap_or_default()) });
        }
        cells.push(html! {
            (act.text)
            @if let Some(by) = &act.by { span.muted { " · " (by) } }
        });
        cells.push(html! { @if let Some(detail) = &act.detail { (components::words(detail, lang)) } });
        Row::new(cells)
    });
    table(
        "security-acts",
        lang.t("Actes de sécurité, du plus récent au plus ancien", "Security acts, newest first"),
        &columns,
        rows.collect(),
    )
}

/// Acts for the samples of pages.
pub(super) fn sample(lang: Lang, whose: bool) -> Vec<Act> {
    let act = |at, text: crate::design::Text, detail: Option<&str>, by: Option<&str>| Act {
        at: sampling::at(at),
        text: text.to_string(),
        detail: detail.map(str::to_owned),
        whose: whose.then(|| "Inès Cazenave".to_owned()),
        by: by.map(str::to_owned),
    };
    vec![
        act("2026-11-03T10:00", lang.t("Connexion", "Signed in"), Some("Firefox, Linux · 192.0.2.44"), None),
        act(
            "2026-11-02T18:20",
            lang.t("Accès refusé", "Access refused"),
            Some(&format!("{} · Ateliers Garonne SAS", lang.t("Clôture du mois", "Closing of the month"))),
            None,
        ),
        act("2026-11-02T08:01", lang.t("Invitation", "Invited"), None, Some("Anne Vidal")),
    ]
}
