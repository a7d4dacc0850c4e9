//! The living contract: the signed text, its reading back, and how each clause stands.

use app::agreements::{Agreement, SignedText};
use app::live::{Live, See, Standing};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use contract::document;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use terms::PartyRole;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::contract::{
    Article, Clause, ClauseState, Evidence, Passage, Shown, Version, VersionWhen, View, page,
};

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if let Some(signed) = number.strip_suffix(".md") {
        let which = Query(Which { version: asked.version });
        return text(Shared(web), reader, Path((slug, signed.to_owned())), which).await;
    }
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        // A contract that has not begun has no deadline yet.
        let life = app.life(&permit, Some(&number)).ok();
        Ok((customer, app.live(&permit, &number)?, life))
    });
    let (customer, live, life) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let mut view = fill(&customer, &live, lang);
    view.shown = Shown {
        title: asked.title.filter(|t| view.articles.iter().any(|a| a.anchor == *t)),
        state: asked.state.as_deref().and_then(ClauseState::from_code),
    };
    let next = life.iter().flat_map(|l| &l.deadlines).take(DEADLINES);
    view.deadlines = next.map(|d| (d.value.on, d.value.title.get(words::core(lang)).to_owned())).collect();
    view.may_sign = reader.principal.may(Act::SignContract);
    view.may_draft = reader.principal.may(Act::WriteDraft);
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

#[derive(Deserialize)]
pub struct Which {
    version: Option<u32>,
}

/// What was signed, byte for byte.
pub async fn text(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number)): Path<(String, String)>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::SeeContract)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let agreement = agreements.by_number(&number)?;
        let wanted = which.version.unwrap_or(1);
        let signed = agreement.texts.iter().find(|t| t.row.version == wanted).ok_or(AppError::NotFound)?;
        Ok((signed.text.clone(), format!("{number}-v{wanted}.md")))
    });
    let (text, name) = read.await.map_err(failed(&reader))?;
    // The number was found among the signed ones; quotes in it cannot be.
    let name = name.replace(['"', '\\', '\r', '\n'], "_");
    let headers = [
        (CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
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
        versions: versions(customer, agreement, today, lang),
        as_of: today,
        may_sign: false,
        may_draft: false,
        shown: Shown::default(),
        deadlines: Vec::new(),
        articles: shown.compiled.document.articles.iter().map(|a| article(customer, live, a, lang)).collect(),
    }
}

fn versions(customer: &CustomerRef, agreement: &Agreement, today: Date, lang: Lang) -> Vec<Version> {
    let in_force = agreement.history.at(today).map(|v| v.hash.clone()).unwrap_or_default();
    agreement
        .texts
        .iter()
        .zip(&agreement.history.versions)
        .map(|(text, version)| Version {
            label: match text.row.version {
                1 => lang.t("Contrat initial", "Original contract").into(),
                n => format!("{} {}", lang.t("Avenant", "Amendment"), n - 1),
            },
            signed: agreement.local_date(Timestamp::from_microsecond(text.row.signed).unwrap_or_default()),
            effective: version.effective,
            when: if version.hash == in_force {
                VersionWhen::InForce
            } else if version.effective > today {
                VersionWhen::Future
            } else {
                VersionWhen::Past
            },
            hash: text.row.text_hash.chars().take(12).collect(),
            changes: changes(agreement, text, lang),
            href: customer.path(&format!("/contracts/{}.md?version={}", agreement.number, text.row.version)),
        })
        .collect()
}

/// The labels a text states, as one sentence.
fn changes(agreement: &Agreement, text: &SignedText, lang: Lang) -> String {
    let mine = text.compiled.document.articles.iter().filter(|a| a.file == text.row.file);
    let labels: Vec<String> = mine.flat_map(|a| a.clauses.iter().map(|c| c.label.clone())).collect();
    if text.row.version == 1 {
        let (articles, clauses) = (text.compiled.document.articles.len(), labels.len());
        return format!(
            "{articles} {}, {clauses} {}",
            lang.t("articles", "articles"),
            lang.t("clauses exécutées", "clauses that run")
        );
    }
    let base = &agreement.texts[0].compiled;
    let known: Vec<&str> = base.labels().collect();
    let (changed, added): (Vec<_>, Vec<_>) = labels.into_iter().partition(|l| known.contains(&l.as_str()));
    let mut parts = Vec::new();
    if !changed.is_empty() {
        parts.push(format!("{} {}", lang.t("remplace", "replaces"), changed.join(", ")));
    }
    if !added.is_empty() {
        parts.push(format!("{} {}", lang.t("ajoute", "adds"), added.join(", ")));
    }
    parts.join(&String::from(lang.t(" ; ", "; ")))
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
