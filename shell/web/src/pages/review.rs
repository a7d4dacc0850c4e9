//! The partnership review: half a year in a few figures, the meetings of the contract, and the record of one.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::customer::{Judged, judged};
use crate::pages::sampling;
use crate::pages::shared::{self, Other};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub contract: String,
    pub from: Date,
    pub today: Date,
    pub opened: u64,
    /// « Rétablissement », in time and in all.
    pub kept: Vec<(String, u64, u64)>,
    /// None without an answer in the time.
    pub satisfaction: Option<Judged>,
    /// Duties late now, of the provider and of the customer.
    pub late: (usize, usize),
    pub meetings: Vec<Meeting>,
    /// The meetings that may be recorded, and the key of the form; `None` for those who only read.
    pub form: Option<(Vec<Choice>, String)>,
    pub others: Vec<Other>,
}

/// A meeting that the contract asks for.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub title: String,
    pub due: Option<Date>,
    /// The day it was held, and where its minutes are.
    pub held: Option<(Date, String)>,
    pub late: bool,
    pub reasons: Vec<Reason>,
}

/// `GET /c/{customer}/review`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Revue de partenariat", "Partnership review");
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! { a href=(view.customer.path("")) { (view.customer.name) } }, title, html! {}))
            (shared::contracts(&view.customer, "/review", &view.others, lang))
            p.lead {
                (lang.t("Du", "From")) " " (format::date(view.from, lang)) " "
                (lang.t("au", "to")) " " (format::date(view.today, lang)) ", "
                (lang.t("les mêmes chiffres pour les deux parties.", "the same figures for both parties."))
            }
            (components::section("figures", lang.t("Le semestre", "The half-year"), figures(view, lang)))
            (components::section("meetings", lang.t("Les réunions que le contrat prévoit", "The meetings that the contract asks for"), meetings(view, lang)))
            @if let Some((choices, key)) = view.form.as_ref().filter(|(choices, _)| !choices.is_empty()) {
                (components::section("record", lang.t("Consigner une revue tenue", "Record a review held"), form(shell, view, choices, key)))
            }
        },
    )
}

fn figures(view: &View, lang: Lang) -> Markup {
    let late = html! {
        (lang.t("prestataire :", "provider:")) " " (view.late.0) ", "
        (lang.t("client :", "customer:")) " " (view.late.1)
    };
    let mut pairs = vec![(
        html! { (lang.t("Tickets ouverts", "Tickets opened")) },
        html! { (format::count(view.opened, lang)) },
    )];
    for (promise, kept, all) in &view.kept {
        let said = html! { (format::count(*kept, lang)) " " (lang.t("dans les délais, sur", "in time, out of")) " " (format::count(*all, lang)) };
        pairs.push((html! { (promise) }, said));
    }
    pairs.push((
        html! { a href=(view.customer.path("/duties?state=late")) { (lang.t("Obligations en retard", "Late duties")) } },
        late,
    ));
    let columns = [
        Column::name(lang.t("Depuis", "Since")),
        Column::figure(lang.t("Note moyenne", "Average mark")),
        Column::figure(lang.t("Avis", "Opinions")),
        Column::figure(lang.t("Mécontents", "Dissatisfied")),
    ];
    html! {
        (components::facts(pairs))
        @match &view.satisfaction {
            Some(one) => (table("satisfaction", lang.t("Satisfaction du semestre", "Satisfaction of the half-year"), &columns, judged(std::slice::from_ref(one), lang))),
            None => p { (lang.t("Aucun avis n’a été donné.", "No opinion was given.")) },
        }
    }
}

fn meetings(view: &View, lang: Lang) -> Markup {
    if view.meetings.is_empty() {
        return html! {
            p { (lang.t("Aucune clause en vigueur ne prévoit de réunion au procès-verbal signé.", "No clause in force asks for a meeting with signed minutes.")) }
        };
    }
    let columns = [
        Column::name(lang.t("Réunion", "Meeting")),
        Column::text(lang.t("Au plus tard", "At the latest")),
        Column::text(lang.t("Tenue", "Held")),
    ];
    let rows = view.meetings.iter().map(|m| {
        Row::new(vec![
            html! { (components::words(&m.title, lang)) (components::why(lang.t("Pourquoi ?", "Why?"), &m.reasons, lang)) },
            html! { @if let Some(due) = m.due { (format::date(due, lang)) } },
            html! {
                @match &m.held {
                    Some((on, minutes)) => { (format::date(*on, lang)) @if !minutes.is_empty() { ", " (components::words(minutes, lang)) } }
                    None if m.late => (badge(Tone::Bad, lang.t("En retard", "Late"))),
                    None => (badge(Tone::Quiet, lang.t("À venir", "To come"))),
                }
            },
        ])
    });
    table(
        "meetings",
        lang.t("Réunions de l’année contractuelle", "Meetings of the contract year"),
        &columns,
        rows.collect(),
    )
}

fn form(shell: &Shell, view: &View, choices: &[Choice], key: &str) -> Markup {
    let lang = shell.lang;
    components::act(
        shell,
        &view.customer.path("/duties/done"),
        key,
        "form",
        html! {
            input type="hidden" name="contract" value=(view.contract);
            input type="hidden" name="proof" value="minutes";
            (components::select("duty", "duty", lang.t("Quelle réunion", "Which meeting"), choices, ""))
            div.field {
                label for="on" { (lang.t("Tenue le", "Held on")) }
                input type="date" id="on" name="on" value=(view.today) max=(view.today) required;
            }
            (components::input("reference", "reference", lang.t("Procès-verbal signé : où le lire", "Signed minutes: where to read them"), ""))
            p { button.primary type="submit" { (lang.t("Consigner la revue", "Record the review")) } }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let reason =
        sampling::reason("Article 41", "comite-direction", lang.t("deux fois par an", "twice a year"));
    let meeting = |due: &str, held: Option<(Date, String)>, late| Meeting {
        title: lang.t("Comité de direction", "Executive committee").into(),
        due: Some(sampling::day(due)),
        held,
        late,
        reasons: vec![reason.clone()],
    };
    let minutes = lang.t("procès-verbal n° 3", "minutes no. 3");
    let view = View {
        customer: sampling::garonne(),
        contract: "CTR-2026-001".into(),
        from: sampling::day("2026-06-01"),
        today: sampling::day("2026-11-03"),
        opened: 212,
        kept: vec![
            (lang.t("Prise en charge", "Response").into(), 204, 209),
            (lang.t("Rétablissement", "Restoration").into(), 48, 51),
        ],
        satisfaction: Some(Judged {
            month: sampling::day("2026-06-01"),
            answers: 61,
            mean: 431,
            dissatisfied: 3,
        }),
        late: (1, 0),
        meetings: vec![
            meeting("2026-06-30", Some((sampling::day("2026-06-24"), minutes.into())), false),
            meeting("2026-10-31", None, true),
            meeting("2026-12-31", None, false),
        ],
        form: Some((
            vec![Choice::new("comite-direction/executive_committee", "Comité de direction")],
            "sample".into(),
        )),
        others: Vec::new(),
    };
    let bare = View { satisfaction: None, meetings: Vec::new(), form: None, ..view.clone() };
    vec![("half-year", view), ("no-meeting", bare)]
}
