//! The partnership review: half a year in a few figures, the meetings of the contract, and the record of one.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tab, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::customer::{Judged, judged};
use crate::pages::money;
use crate::pages::sampling;
use crate::pages::shared::{self, Other};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub contract: String,
    /// The last six months, and the half-years since the contract took effect: address, name, and the one in sight.
    pub halves: Vec<(String, String, bool)>,
    /// Its address on paper, where it can be laid out.
    pub paper: Option<String>,
    pub from: Date,
    pub until: Date,
    pub today: Date,
    pub opened: u64,
    /// « incident », and how many.
    pub kinds: Vec<(String, u64)>,
    /// The tickets late, how late, and how many promises were.
    pub late_tickets: Vec<LateTicket>,
    pub late_clocks: usize,
    /// The months closed; `None` for those who do not see money.
    pub months: Option<Vec<money::Month>>,
    /// As they stood on the last day: what, how much, and why.
    pub meters: Vec<Metered>,
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

#[derive(Clone, Debug)]
pub struct LateTicket {
    pub number: u64,
    pub promise: String,
    pub minutes: i64,
    /// The article that promised it, and its address for those who read the contract.
    pub clause: Option<(String, String)>,
}

/// A meter, in words.
#[derive(Clone, Debug)]
pub struct Metered {
    pub label: String,
    pub figure: String,
    pub reasons: Vec<Reason>,
}

/// What was used of an allowance, in the unit of its meter.
#[derive(Clone, Copy, Debug)]
pub enum Consumed {
    Tickets { used: u32, included: u32 },
    Minutes { used: u32, included: u32 },
}

impl Consumed {
    /// « 12 h 30 sur 30 h utilisées »: to the minute, as both parties sign it.
    pub fn said(self, lang: Lang) -> String {
        match self {
            Consumed::Tickets { used, included } => {
                let several = used >= 2;
                let (count, of) = (format::count(used.into(), lang), format::count(included.into(), lang));
                match lang {
                    Lang::Fr => {
                        let s = if several { "s" } else { "" };
                        format!("{count} ticket{s} sur {of} utilisé{s}")
                    }
                    Lang::En => {
                        let s = if used == 1 { "" } else { "s" };
                        format!("{count} ticket{s} of {of} used")
                    }
                }
            }
            Consumed::Minutes { used, included } => {
                let (count, of) =
                    (format::minutes(used.into(), lang), format::minutes(included.into(), lang));
                // In French the first figure decides: « 1 h 45 utilisée », « 45 min utilisées ».
                let first = if used >= 60 { used / 60 } else { used };
                match lang {
                    Lang::Fr => format!("{count} sur {of} utilisée{}", if first >= 2 { "s" } else { "" }),
                    Lang::En => format!("{count} of {of} used"),
                }
            }
        }
    }
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
    let halves: Vec<Tab> = view
        .halves
        .iter()
        .map(|(href, name, current)| Tab::new(href.clone(), name.as_str(), *current))
        .collect();
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! { @if let Some(paper) = &view.paper { a.button href=(paper) { (lang.t("En PDF", "As PDF")) } } },
            ))
            (shared::contracts(&view.customer, "/review", &view.others, lang))
            (components::tabs(lang.t("Le temps revu", "The time reviewed"), &halves))
            p.lead {
                (lang.t("Du", "From")) " " (format::date(view.from, lang)) " "
                (lang.t("au", "to")) " " (format::date(view.until, lang)) ", "
                (lang.t("les mêmes chiffres pour les deux parties.", "the same figures for both parties."))
            }
            (components::section("figures", lang.t("Le semestre", "The half-year"), figures(view, lang)))
            @if !view.late_tickets.is_empty() {
                (components::section("late", lang.t("Tickets en retard", "Late tickets"), late_tickets(view, lang)))
            }
            @if let Some(months) = &view.months {
                (components::section("months", lang.t("Engagements et pénalités des mois clos", "Commitments and penalties of closed months"), closed(months, lang)))
            }
            @if !view.meters.is_empty() {
                (components::section("meters", lang.t("Compteurs", "Meters"), meters(view, lang)))
            }
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
    for (kind, count) in &view.kinds {
        pairs.push((html! { (components::words(kind, lang)) }, html! { (format::count(*count, lang)) }));
    }
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

fn late_tickets(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Engagement", "Commitment")),
        Column::text(lang.t("Article", "Article")),
        Column::figure(lang.t("Retard", "Late by")),
    ];
    let row = |late: &LateTicket| {
        let href = view.customer.path(&format!("/tickets/{}", late.number));
        Row::new(vec![
            html! { a href=(href) { "#" (late.number) } },
            html! { (components::words(&late.promise, lang)) },
            html! { @if let Some((article, href)) = &late.clause { a href=(href) { (article) } } },
            html! { (format::minutes(late.minutes, lang)) },
        ])
    };
    let others = view.late_clocks.saturating_sub(view.late_tickets.len());
    html! {
        (table(
            "late",
            lang.t("Engagements tenus en retard, du plus long retard au plus court", "Commitments kept late, the longest first"),
            &columns,
            view.late_tickets.iter().map(row).collect(),
        ))
        @if others > 0 { p.muted { (lang.t("Et d’autres :", "And others:")) " " (others) "." } }
    }
}

/// Each month as its statement has it, with its articles, and what they come to.
fn closed(months: &[money::Month], lang: Lang) -> Markup {
    let total: i64 = months.iter().map(|month| month.penalty_cents).sum();
    html! {
        @if months.is_empty() {
            p.muted { (lang.t("Aucun mois de ce temps n’est clos.", "No month of this time is closed.")) }
        } @else {
            p { (lang.t("Pénalités dues au client :", "Penalties owed to the customer:")) " " strong { (format::money(total, lang)) } }
        }
        @for month in months {
            h3 { (format::month(month.month, lang)) }
            (money::month::commitments(month, lang))
        }
    }
}

fn meters(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Compteur", "Meter")),
        Column::text(lang.t("Au dernier jour", "On the last day")),
    ];
    let rows = view.meters.iter().map(|meter| {
        Row::new(vec![
            html! { (components::words(&meter.label, lang)) (components::why(lang.t("Pourquoi ?", "Why?"), &meter.reasons, lang)) },
            html! { (components::words(&meter.figure, lang)) },
        ])
    });
    table("meters", lang.t("Compteurs du contrat", "Meters of the contract"), &columns, rows.collect())
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
        halves: vec![
            (
                "/c/ateliers-garonne/review".into(),
                lang.t("Six derniers mois", "Last six months").into(),
                true,
            ),
            (
                "/c/ateliers-garonne/review?half=2026-2".into(),
                lang.t("2e semestre 2026", "2nd half of 2026").into(),
                false,
            ),
        ],
        paper: Some("/c/ateliers-garonne/review.pdf".into()),
        from: sampling::day("2026-06-01"),
        until: sampling::day("2026-11-03"),
        today: sampling::day("2026-11-03"),
        opened: 212,
        kinds: vec![
            (lang.t("incident", "incident").into(), 180),
            (lang.t("changement", "change").into(), 32),
        ],
        late_tickets: vec![LateTicket {
            number: 388,
            promise: lang.t("Rétablissement", "Restoration").into(),
            minutes: 95,
            clause: Some((
                "Article 7".into(),
                "/c/ateliers-garonne/contracts/CTR-2026-001#delai-blois".into(),
            )),
        }],
        late_clocks: 3,
        months: money::samples(lang)
            .into_iter()
            .next()
            .and_then(|(_, view)| view.month)
            .map(|month| vec![month]),
        meters: vec![
            Metered {
                label: "carnet".into(),
                figure: Consumed::Tickets { used: 80, included: 120 }.said(lang),
                reasons: vec![reason.clone()],
            },
            Metered {
                label: "temps-projet".into(),
                figure: Consumed::Minutes { used: 779, included: 1_800 }.said(lang),
                reasons: vec![reason.clone()],
            },
        ],
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
    let bare = View {
        months: None,
        meters: Vec::new(),
        late_tickets: Vec::new(),
        paper: None,
        satisfaction: None,
        meetings: Vec::new(),
        form: None,
        ..view.clone()
    };
    vec![("half-year", view), ("no-meeting", bare)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_agrees_with_its_unit_and_its_number_and_loses_no_minute() {
        let said = |consumed: Consumed| {
            [Lang::Fr, Lang::En].map(|lang| consumed.said(lang).replace(['\u{a0}', '\u{202f}'], " "))
        };
        let tickets = |used| said(Consumed::Tickets { used, included: 30 });
        assert_eq!(tickets(0), ["0 ticket sur 30 utilisé", "0 tickets of 30 used"]);
        assert_eq!(tickets(1), ["1 ticket sur 30 utilisé", "1 ticket of 30 used"]);
        assert_eq!(tickets(12), ["12 tickets sur 30 utilisés", "12 tickets of 30 used"]);
        let minutes = |used| said(Consumed::Minutes { used, included: 1_800 });
        assert_eq!(minutes(1), ["1 min sur 30 h utilisée", "1 min of 30 h used"]);
        assert_eq!(minutes(59), ["59 min sur 30 h utilisées", "59 min of 30 h used"]);
        assert_eq!(minutes(105), ["1 h 45 sur 30 h utilisée", "1 h 45 min of 30 h used"]);
        assert_eq!(minutes(720), ["12 h sur 30 h utilisées", "12 h of 30 h used"]);
    }
}
