//! The living contract: the signed text, its reading back, and how each clause stands.

mod compare;
pub(super) mod files;
mod versions;

use app::Act;
use app::live::{Live, See, Standing};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use contract::document;
use serde::Deserialize;
use terms::PartyRole;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::contract::{Article, Clause, ClauseState, Evidence, Passage, Shown, View, page};

pub use compare::show as compare;
use files::Which;
pub use files::text;

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let which = || Query(Which { version: asked.version });
    if let Some(signed) = number.strip_suffix(".md") {
        return text(Shared(web), reader, Path((slug, signed.to_owned())), which()).await;
    }
    if let Some(printed) = number.strip_suffix(".pdf") {
        return files::pdf(Shared(web), reader, Path((slug, printed.to_owned())), which()).await;
    }
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        // A contract that has not begun has no deadline yet.
        let life = app.life(&permit, Some(&number)).ok();
        let signatures = app.signatures(&permit, &number)?;
        Ok((customer, app.live(&permit, &number)?, life, signatures))
    });
    let (customer, live, life, signatures) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let mut view = fill(&customer, &live, lang);
    let offered =
        versions::Offered { pdf: web.printer.is_some(), journal: reader.may(&customer, Act::SeeJournal) };
    view.versions = versions::all(&customer, &live, &signatures, &offered, lang);
    view.shown = Shown {
        title: asked.title.filter(|t| view.articles.iter().any(|a| a.anchor == *t)),
        state: asked.state.as_deref().and_then(ClauseState::from_code),
    };
    let next = life.iter().flat_map(|l| &l.deadlines).take(DEADLINES);
    view.deadlines = next.map(|d| (d.value.on, d.value.title.get(words::core(lang)).to_owned())).collect();
    view.may_sign = reader.may(&customer, Act::SignContract);
    view.has_levels = !live.text().compiled.terms.escalations.is_empty();
    view.may_draft = reader.may(&customer, Act::WriteDraft);
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

/// So many deadlines stand at the top; the page of duties shows all.
const DEADLINES: usize = 3;

/// The part of the text to show; a version, when what was signed is downloaded.
#[derive(Deserialize)]
pub struct Asked {
    title: Option<String>,
    state: Option<String>,
    version: Option<u32>,
}

fn fill(customer: &CustomerRef, live: &Live, lang: Lang) -> View {
    let agreement = &live.agreement;
    let shown = live.text();
    let terms = &shown.compiled.terms;
    let name = |role| terms.party(role).map(|p| p.then.name.clone()).unwrap_or_default();
    let today = agreement.local_date(live.at);
    View {
        customer: customer.clone(),
        id: agreement.number.clone(),
        title: agreement.title.clone(),
        parties: format!(
            "{} {} {} {}",
            lang.t("entre", "between"),
            name(PartyRole::Provider),
            lang.t("et", "and"),
            name(PartyRole::Customer)
        ),
        text_lang: match terms.language {
            base::Lang::Fr => Lang::Fr,
            base::Lang::En => Lang::En,
        },
        versions: Vec::new(),
        as_of: today,
        may_sign: false,
        may_draft: false,
        has_levels: false,
        shown: Shown::default(),
        deadlines: Vec::new(),
        articles: shown.compiled.document.articles.iter().map(|a| article(customer, live, a, lang)).collect(),
    }
}

fn article(customer: &CustomerRef, live: &Live, article: &document::Article, lang: Lang) -> Article {
    let clauses = article.clauses.iter().map(|c| clause(customer, live, article, c, lang)).collect();
    Article {
        anchor: article.anchor.clone(),
        level: article.level,
        heading: article.title.clone(),
        passages: vec![Passage { html: article.html.clone(), clauses }],
    }
}

fn clause(
    customer: &CustomerRef,
    live: &Live,
    article: &document::Article,
    clause: &document::ArticleClause,
    lang: Lang,
) -> Clause {
    let state = live.clauses.get(&clause.label);
    let in_force = clause.state == document::ClauseState::InForce;
    let core = words::core(lang);
    let exception_to = exception_of(&live.text().compiled.terms, &clause.label);
    let mut reading_back = clause.read_back.get(core).to_owned();
    match &clause.state {
        document::ClauseState::InForce => {}
        document::ClauseState::Replaced { by } => {
            reading_back = format!("{} {by}. {reading_back}", lang.t("Remplacée par", "Replaced by"));
        }
        document::ClauseState::Ended => {
            reading_back = format!("{} {reading_back}", lang.t("A pris fin.", "Ended."));
        }
    }
    Clause {
        label: clause.label.clone(),
        kind: kind(clause.kind, lang),
        reading_back,
        exception_to,
        state: match state.filter(|_| in_force).map(|s| s.standing) {
            Some(Standing::Held) => ClauseState::Held,
            Some(Standing::AtRisk) => ClauseState::AtRisk,
            Some(Standing::Missed) => ClauseState::Missed,
            Some(Standing::NotYetDue) => ClauseState::NotYetDue,
            Some(Standing::Applied) => ClauseState::InForce,
            Some(Standing::Declared) => ClauseState::DeclaredOnly,
            Some(Standing::NotRun) => ClauseState::NotRun,
            None if in_force => ClauseState::NotRun,
            None => ClauseState::Ended,
        },
        figure: state.filter(|_| in_force).and_then(|s| s.figure.as_ref()).map(|f| f.get(core).to_owned()),
        exact: state.filter(|_| in_force).and_then(|s| s.exact.as_ref()).map(|f| f.get(core).to_owned()),
        evidence: state
            .filter(|_| in_force)
            .map(|s| {
                s.evidence
                    .iter()
                    .map(|e| Evidence {
                        text: e.text.get(core).to_owned(),
                        href: match e.see {
                            See::Ticket(n) => Some(customer.path(&format!("/tickets/{n}"))),
                            See::Duties => {
                                let number = &live.agreement.number;
                                Some(customer.path(&format!("/duties?contract={number}")))
                            }
                            See::Nothing => None,
                        },
                    })
                    .collect()
            })
            .unwrap_or_default(),
        examples: match article.examples.len() {
            0 => None,
            1 => Some(lang.t("1 exemple vérifié", "1 example checked").into()),
            n => Some(format!("{n} {}", lang.t("exemples vérifiés", "examples checked"))),
        },
    }
}

fn exception_of(terms: &terms::Terms, label: &str) -> Option<String> {
    let commitments = terms.commitments.iter().map(|r| (r.label(), &r.exception_to));
    let calendars = terms.calendars.iter().map(|r| (r.label(), &r.exception_to));
    commitments.chain(calendars).find(|(l, _)| *l == label).and_then(|(_, of)| of.clone())
}

fn kind(name: &str, lang: Lang) -> String {
    match name {
        "parties" => lang.t("partie", "party"),
        "contacts" => lang.t("contact", "contact"),
        "term" => lang.t("durée", "term"),
        "calendar" => lang.t("calendrier", "calendar"),
        "priority_matrix" => lang.t("priorités", "priorities"),
        "commitment" => lang.t("engagement", "commitment"),
        "objective" => lang.t("objectif", "objective"),
        "pause" => lang.t("suspension", "clock stop"),
        "perimeter" => lang.t("périmètre", "perimeter"),
        "operations" => lang.t("prestation", "operation"),
        "hotline" => lang.t("hotline", "hotline"),
        "fee" => lang.t("redevance", "fee"),
        "penalty" => lang.t("pénalité", "penalty"),
        "penalty_cap" => lang.t("plafond", "cap"),
        other => return contract::kind(other).map_or_else(|| other.to_owned(), |k| short(lang, k.doc)),
    }
    .into()
}

/// « un hébergement » of « un hébergement : sites, mutualisation et partage des responsabilités ».
fn short(lang: Lang, doc: (&str, &str)) -> String {
    let doc = words::core(lang).t(doc.0, doc.1);
    doc.split([':', ',']).next().unwrap_or(doc).trim().to_owned()
}
