//! The texts being written for a customer, and how to begin one.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Idempotency key of the form that begins one.
    pub key: String,
    /// The last saved first.
    pub drafts: Vec<Draft>,
    /// The address of the first page, from another one.
    pub first: Option<String>,
    pub next: Option<String>,
    /// The reader may write; others read.
    pub may_write: bool,
    /// What one can start from, by group.
    pub starts: Vec<(String, Vec<Choice>)>,
    /// What the form says, if it comes back or if a link chose.
    pub values: Values,
    /// What the form got wrong, by field name.
    pub errors: Vec<(String, String)>,
}

/// The fields, under the names they are posted with.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub start: String,
    pub title: String,
    pub number: String,
}

#[derive(Clone, Debug)]
pub struct Draft {
    pub href: String,
    pub title: String,
    pub kind: Kind,
    /// The number of the contract it amends.
    pub base: Option<String>,
    pub version: u32,
    pub saved: Zoned,
    pub saved_by: String,
    pub stage: Stage,
}

/// What a text will be once signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Contract,
    Amendment,
    Order,
}

impl Kind {
    pub fn word(self, lang: Lang) -> Text {
        match self {
            Kind::Contract => lang.t("Contrat", "Contract"),
            Kind::Amendment => lang.t("Avenant", "Amendment"),
            Kind::Order => lang.t("Commande", "Order"),
        }
    }
}

/// How far a text has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Writing,
    /// One party has signed: its signatory's name.
    Awaiting(String),
    /// The contract it has become.
    Signed(String),
}

impl Stage {
    pub fn badge(&self, lang: Lang) -> Markup {
        match self {
            Stage::Writing => badge_with(Tone::Quiet, Icon::Pen, lang.t("En préparation", "Being written")),
            Stage::Awaiting(_) => {
                badge(Tone::Active, lang.t("Une signature sur deux", "One signature of two"))
            }
            Stage::Signed(_) => badge(Tone::Good, lang.t("Signé", "Signed")),
        }
    }
}

/// `GET /c/{customer}/drafts`, and the answer to a `POST` that begins nothing
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Textes en préparation", "Texts being written");
    layout::page(
        shell,
        title,
        Place::Contract,
        html! {
            (layout::heading(html! { a href=(view.customer.path("")) { (view.customer.name) } }, title, html! {}))
            @if view.may_write { (begin(shell, view, lang)) }
            @if view.drafts.is_empty() {
                (components::empty(
                    lang.t("Aucun texte en préparation", "No text being written"),
                    lang.t("Un contrat, un avenant ou une commande se prépare ici ; rien n’engage avant les deux signatures.",
                           "A contract, an amendment or an order is prepared here; nothing binds before both signatures."),
                    None,
                ))
            } @else {
                (list(view, lang))
                (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
            }
        },
    )
}

fn begin(shell: &Shell, view: &View, lang: Lang) -> Markup {
    let error =
        |name: &str| view.errors.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone());
    let field = |name: &str, label: Text, hint: Text, value: &str| {
        let wrong = error(name);
        html! {
            div class={ "field" @if wrong.is_some() { " wrong" } } {
                label for=(name) { (label) }
                p.hint id={ (name) "-hint" } { (hint) }
                @if let Some(wrong) = &wrong { p.error id={ (name) "-error" } { (components::words(wrong, lang)) } }
                input type="text" id=(name) name=(name) value=(value) maxlength="200"
                    aria-describedby={ (name) "-hint" @if wrong.is_some() { " " (name) "-error" } }
                    aria-invalid=[wrong.as_ref().map(|_| "true")];
            }
        }
    };
    let body = html! {
        h2 { (lang.t("Commencer un texte", "Begin a text")) }
        div.field {
            label for="start" { (lang.t("À partir de", "Starting from")) }
            select id="start" name="start" {
                @for (group, choices) in &view.starts {
                    optgroup label=(group) {
                        @for choice in choices {
                            option value=(choice.value) selected[choice.value == view.values.start] { (components::words(&choice.label, lang)) }
                        }
                    }
                }
            }
        }
        div.pair {
            (field("number", lang.t("Numéro du contrat", "Number of the contract"),
                lang.t("Pour un nouveau contrat ; un avenant garde celui du contrat, une commande en dérive.", "For a new contract; an amendment keeps the contract’s, an order’s comes from it."), &view.values.number))
            (field("title", lang.t("Titre de travail (facultatif)", "Working title (optional)"),
                lang.t("Pour le retrouver dans la liste.", "To find it in the list."), &view.values.title))
        }
        div.form-end { button.primary type="submit" { (lang.t("Commencer", "Begin")) } }
    };
    components::act(shell, &view.customer.path("/drafts"), &view.key, "panel form", body)
}

fn list(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Texte", "Text")),
        Column::text(lang.t("Nature", "Kind")),
        Column::text(lang.t("État", "State")),
        Column::text(lang.t("Dernier enregistrement", "Last saved")),
    ];
    let rows = view
        .drafts
        .iter()
        .map(|draft| {
            Row::new(vec![
                html! { a href=(draft.href) data-item { (components::words(&draft.title, lang)) } },
                html! { (draft.kind.word(lang)) @if let Some(base) = &draft.base { span.sub { (base) } } },
                html! {
                    (draft.stage.badge(lang))
                    @match &draft.stage {
                        Stage::Awaiting(name) => span.sub { (lang.t("signé par", "signed by")) " " (name) },
                        Stage::Signed(number) => span.sub { a href=(view.customer.path(&format!("/contracts/{number}"))) { (number) } },
                        Stage::Writing => {},
                    }
                },
                html! {
                    (components::when_short(&draft.saved, lang))
                    span.sub { (lang.t("version", "version")) " " (draft.version) ", " (draft.saved_by) }
                },
            ])
        })
        .collect();
    html! { div.panel data-list="drafts" { (table("drafts", lang.t("Textes, du plus récent au plus ancien", "Texts, most recent first"), &columns, rows)) } }
}

/// What can be begun for the sample customer.
fn starts(lang: Lang) -> Vec<(String, Vec<Choice>)> {
    let group = |text: Text, choices: Vec<Choice>| (String::from(text), choices);
    vec![
        group(
            lang.t("Nouveau contrat, d’après un modèle", "New contract, from a template"),
            vec![Choice::new(
                "template:minimal",
                lang.t(
                    "Infogérance, le plus court contrat complet",
                    "Managed services, the shortest complete contract",
                ),
            )],
        ),
        group(
            lang.t("Nouveau contrat", "New contract"),
            vec![Choice::new("blank", lang.t("Page blanche", "Blank page"))],
        ),
        group(
            lang.t("Contrat CTR-2026-001", "Contract CTR-2026-001"),
            vec![
                Choice::new("amendment:CTR-2026-001", lang.t("Avenant", "Amendment")),
                Choice::new("order:CTR-2026-001", lang.t("Commande", "Order")),
            ],
        ),
    ]
}

/// Nothing yet; several texts; a form that comes back.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let draft = |title: Text, kind, base: Option<&str>, stage, saved| Draft {
        href: sampling::garonne().path("/drafts/01k9"),
        title: title.into(),
        kind,
        base: base.map(Into::into),
        version: 4,
        saved: sampling::at(saved),
        saved_by: "Camille Roumieu".into(),
        stage,
    };
    let empty = View {
        customer: sampling::garonne(),
        key: "01K9-sample".into(),
        drafts: Vec::new(),
        first: None,
        next: None,
        may_write: true,
        starts: starts(lang),
        values: Values { number: "CTR-2026-002".into(), ..Values::default() },
        errors: Vec::new(),
    };
    let several = View {
        drafts: vec![
            draft(
                lang.t("Extension au site de Nantes", "Extension to the Nantes site"),
                Kind::Amendment,
                Some("CTR-2026-001"),
                Stage::Writing,
                "2026-11-03T09:40",
            ),
            draft(
                lang.t("Hébergement de l’ERP", "Hosting of the ERP"),
                Kind::Contract,
                None,
                Stage::Awaiting("Hélène Castaing".into()),
                "2026-11-02T16:05",
            ),
            draft(
                lang.t("Vingt postes de plus", "Twenty more seats"),
                Kind::Order,
                Some("CTR-2026-001"),
                Stage::Signed("CTR-2026-001".into()),
                "2026-09-24T15:30",
            ),
        ],
        values: Values { start: "amendment:CTR-2026-001".into(), ..empty.values.clone() },
        ..empty.clone()
    };
    let refused = View {
        errors: vec![(
            "number".into(),
            lang.t(
                "ce numéro est déjà celui d’un contrat signé",
                "a signed contract already has this number",
            )
            .into(),
        )],
        ..empty.clone()
    };
    let read_only = View { may_write: false, ..several.clone() };
    vec![("empty", empty), ("several", several), ("refused", refused), ("read-only", read_only)]
}
