//! One clause by its form: the block is rewritten in the text, and every other byte of it stays.

use app::draft::block::{Block, Outline};
use app::draft::form::{self as asked, added, edited};
use app::draft::{Save, Shown};
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::{KINDS, Kind, Presence};
use serde::Deserialize;
use terms::Dimension;

use super::super::{Place, failed, fresh_key, place, words};
use super::{Posted, choices, fill, kinds, sent};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::draft_clause::{Head, Input, Shape, View, page};

#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    under: String,
}

/// Which clause: one of the text, or one to add.
#[derive(Clone)]
enum Which {
    Known(String),
    New { kind: &'static Kind, under: String },
}

pub async fn form(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id, label)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    shown(&web, &reader, slug, id, Which::Known(label)).await
}

pub async fn blank(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let kind = named(&wanted.kind).map_err(failed(&reader))?;
    shown(&web, &reader, slug, id, Which::New { kind, under: wanted.under }).await
}

pub async fn edit(
    Shared(web): Shared<State>,
    Path((slug, id, label)): Path<(String, String, String)>,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    sent_back(&web, &reader, slug, id, Which::Known(label), form).await
}

pub async fn add(
    Shared(web): Shared<State>,
    Path((slug, id)): Path<(String, String)>,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let kind = named(&sent(&form, "kind")).map_err(failed(&reader))?;
    let under = sent(&form, "under");
    sent_back(&web, &reader, slug, id, Which::New { kind, under }, form).await
}

fn named(name: &str) -> Result<&'static Kind, AppError> {
    KINDS.iter().copied().find(|k| k.name == name).ok_or(AppError::NotFound)
}

async fn shown(
    web: &State,
    reader: &Reader,
    slug: String,
    id: String,
    which: Which,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let read = web.run(move |app| {
        let (customer, draft) = draft(app, &again, &slug, &id)?;
        let text = draft.text.clone();
        view(app, &again, customer, &draft, &which, &text, false)
    });
    let view = read.await.map_err(failed(reader))?;
    Ok(html(page(&reader.shell(web, Some(view.customer.clone())), &view)))
}

fn draft(app: &App, reader: &Reader, slug: &str, id: &str) -> Result<(CustomerRef, Shown), AppError> {
    let Place { permit, customer } = place(app, reader, slug, Act::SeeDrafts)?;
    // Whoever may only read has no use for a form.
    reader.principal.permit(Act::WriteDraft, permit.customer())?;
    Ok((customer, app.read_draft(&permit, app::draft::id(id)?)?))
}

/// The clause as sent: saved, or shown with what the compiler says of it.
async fn sent_back(
    web: &State,
    reader: &Reader,
    slug: String,
    id: String,
    which: Which,
    posted: Posted,
) -> Result<Response, Failure> {
    let (again, at, asked) = (reader.clone(), (slug.clone(), id.clone()), which.clone());
    let save = sent(&posted, "act") == "save";
    let done = web.run(move |app| {
        let (customer, draft) = draft(app, &again, &at.0, &at.1)?;
        let text = rewritten(&draft.text, &asked, &posted)?;
        let label = sent(&posted, "label");
        if save {
            let Place { permit, .. } = place(app, &again, &at.0, Act::WriteDraft)?;
            let version = sent(&posted, "version").parse().unwrap_or_default();
            let wanted = Save {
                version,
                title: draft.title.clone(),
                text: text.clone(),
                preparation: draft.preparation.clone(),
            };
            match app.save_draft(&permit, draft.id, &wanted) {
                Ok(_) => return Ok(Err(label)),
                Err(AppError::Refused(refusal)) => {
                    let mut view = view(app, &again, customer, &draft, &Which::Known(label), &text, true)?;
                    view.problem = Some(refusal.text.get(words::core(again.visitor.lang)).to_owned());
                    return Ok(Ok(as_asked(view, &asked, &draft, again.visitor.lang)));
                }
                Err(error) => return Err(error),
            }
        }
        let view = view(app, &again, customer, &draft, &Which::Known(label), &text, true)?;
        Ok(Ok(as_asked(view, &asked, &draft, again.visitor.lang)))
    });
    match done.await {
        Ok(Err(label)) => {
            let to = format!("/c/{slug}/drafts/{id}#clause-{}", words::query_encode(&label));
            Ok(with_cookie(see_other(&to), &flash_cookie("draft-saved")))
        }
        Ok(Ok(view)) => {
            let status = if view.problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            Ok((status, html(page(&reader.shell(web, Some(view.customer.clone())), &view))).into_response())
        }
        Err(error) => Err(failed(reader)(error)),
    }
}

fn rewritten(text: &str, which: &Which, posted: &Posted) -> Result<String, AppError> {
    match which {
        Which::Known(label) => edited(text, label, posted),
        Which::New { kind, under } => {
            let heading = under.parse().map_err(|_| AppError::NotFound)?;
            let label = sent(posted, "label");
            if Outline::of(text).block(&label).is_some() {
                return Err(AppError::invalid(
                    "label",
                    format!("l’étiquette « {label} » est déjà prise dans ce texte"),
                    format!("the label “{label}” is already taken in this text"),
                ));
            }
            added(text, kind, heading, posted)
        }
    }
}

/// The page of what was sent, still about the clause that the form was opened for.
fn as_asked(mut view: View, which: &Which, draft: &Shown, lang: Lang) -> View {
    match which {
        Which::Known(label) => {
            view.action = format!("{}/clauses/{label}", fill::path(draft));
            view.label = Some(label.clone());
        }
        Which::New { under, .. } => {
            view.action = format!("{}/clause", fill::path(draft));
            view.articles = fill::under(&Outline::of(&draft.text), lang);
            view.under.clone_from(under);
            view.label = None;
        }
    }
    view
}

/// A clause of `text`, which may be the draft's or the draft as the form would make it.
fn view(
    app: &App,
    reader: &Reader,
    customer: CustomerRef,
    draft: &Shown,
    which: &Which,
    text: &str,
    tried: bool,
) -> Result<View, AppError> {
    let lang = reader.visitor.lang;
    let outline = Outline::of(text);
    let (block, kind) = match which {
        Which::Known(label) => {
            let block = outline.block(label).filter(|b| !b.broken).ok_or(AppError::NotFound)?;
            (Some(block), block.kind().ok_or(AppError::NotFound)?)
        }
        Which::New { kind, .. } => (None, *kind),
    };
    let permit = reader.principal.permit(Act::SeeDrafts, app.find_customer(&customer.slug)?)?;
    let checked = app.check_draft(&permit, draft.kind, draft.base.as_deref(), text)?;
    let label = block.and_then(Block::label).map(str::to_owned);
    let within = |line: u32| block.is_some_and(|b| b.line <= line && line < b.line + lines(text, b));
    let mut remarks = fill::remarks(&checked, lang);
    remarks.retain(|r| tried && r.line.is_some_and(within));
    let articles = &checked.compiled.document.articles;
    let reading = articles.iter().rev().flat_map(|a| &a.clauses).find(|c| Some(&c.label) == label.as_ref());
    Ok(View {
        draft: fill::path(draft),
        draft_title: draft.title.clone(),
        action: match &label {
            Some(label) => format!("{}/clauses/{label}", fill::path(draft)),
            None => format!("{}/clause", fill::path(draft)),
        },
        key: fresh_key(),
        version: draft.version,
        kind: kind.name.to_owned(),
        doc: kinds::doc(kind, lang),
        head: head(kind, block, &outline, &checked, lang),
        inputs: inputs(kind, block, &outline, lang),
        articles: fill::under(&outline, lang),
        under: match which {
            Which::New { under, .. } => under.clone(),
            Which::Known(_) => String::new(),
        },
        block: block.map(|b| b.source(text).to_owned()).unwrap_or_default(),
        reading: reading.map(|c| c.read_back.get(words::core(lang)).to_owned()).unwrap_or_default(),
        remarks,
        problem: None,
        label,
        customer,
    })
}

fn lines(text: &str, block: &Block) -> u32 {
    u32::try_from(block.source(text).lines().count()).unwrap_or(u32::MAX)
}

fn head(
    kind: &'static Kind,
    block: Option<&Block>,
    outline: &Outline,
    checked: &app::draft::Checked,
    lang: Lang,
) -> Head {
    let head = asked::head(block);
    let own = block.and_then(Block::label);
    // What it can except: the rules of its kind, here and in the contract that this text amends.
    let here = outline.blocks.iter().filter(|b| b.kind_name() == kind.name).filter_map(Block::label);
    let before = checked.compiled.document.articles.iter().flat_map(|a| &a.clauses);
    let before = before.filter(|c| c.kind == kind.name).map(|c| c.label.as_str());
    let mut labels: Vec<&str> = here.chain(before).filter(|l| Some(*l) != own).collect();
    labels.sort_unstable();
    labels.dedup();
    let mut excepted = vec![Choice::new("", lang.t("aucune règle", "no rule"))];
    excepted.extend(labels.into_iter().map(|l| Choice::new(l, l)));
    let declared = app::draft::simulate::choices(&checked.compiled.terms);
    let known =
        |d: Dimension| declared.iter().find(|(k, _)| *k == d).map(|(_, v)| v.clone()).unwrap_or_default();
    Head {
        label: head.label,
        guarded: kind.guarded,
        exception_to: head.exception_to,
        excepted,
        when: head
            .when
            .into_iter()
            .map(|(d, values)| (d.key().to_owned(), kinds::dimension(d, lang).into(), values, known(d)))
            .filter(|(_, _, values, known): &(String, String, String, Vec<String>)| {
                !values.is_empty() || !known.is_empty()
            })
            .collect(),
        from: head.from,
        until: head.until,
        default_none: head.default_none,
    }
}

fn inputs(kind: &'static Kind, block: Option<&Block>, outline: &Outline, lang: Lang) -> Vec<Input> {
    let calendars: Vec<String> = outline
        .blocks
        .iter()
        .filter(|b| b.kind_name() == "calendar")
        .filter_map(|b| b.label().map(str::to_owned))
        .collect();
    asked::inputs(kind, block).iter().map(|i| input(i, &calendars, lang)).collect()
}

fn input(input: &asked::Input, calendars: &[String], lang: Lang) -> Input {
    let field = input.field;
    let words =
        |list: &[&str]| list.iter().map(|w| Choice::new(*w, choices::word(w, lang))).collect::<Vec<_>>();
    let mut hints = Vec::new();
    if let Some((other, values)) = field.when {
        hints.push(match lang {
            Lang::Fr => format!("si {other} vaut {}", values.join(", ")),
            Lang::En => format!("when {other} is {}", values.join(", ")),
        });
    }
    let shape = match input.shape {
        asked::Shape::Number => Shape::Number,
        asked::Shape::Flag => Shape::Flag,
        asked::Shape::Date => Shape::Date,
        asked::Shape::Choice(list) => Shape::Choice(words(list)),
        asked::Shape::Choices(list) => Shape::Choices(words(list)),
        asked::Shape::Calendar => {
            let mut all = vec![Choice::new("24x7", "24x7")];
            all.extend(calendars.iter().map(|c| Choice::new(c.clone(), c.clone())));
            Shape::Choice(all)
        }
        asked::Shape::Group | asked::Shape::Rows if !input.rows.is_empty() => {
            let row = |row: &Vec<asked::Input>| row.iter().map(|i| self::input(i, calendars, lang)).collect();
            Shape::Rows(input.rows.iter().map(row).collect())
        }
        asked::Shape::List => {
            hints.push(lang.t("une valeur par ligne", "one value a line").into());
            Shape::Lines
        }
        asked::Shape::Pairs => {
            hints.push(lang.t("une ligne « nom = valeur » chacun", "one line “name = value” each").into());
            Shape::Lines
        }
        asked::Shape::Grid => {
            hints.push(
                lang.t(
                    "une ligne « rangée: colonne = valeur, … » chacune",
                    "one line “row: column = value, …” each",
                )
                .into(),
            );
            Shape::Lines
        }
        asked::Shape::Group | asked::Shape::Rows => {
            hints.push("TOML".to_owned());
            Shape::Lines
        }
        asked::Shape::Line => Shape::Line,
    };
    let listed = matches!(shape, Shape::Choice(_) | Shape::Choices(_) | Shape::Flag);
    if let Some(example) = input.example.as_deref().filter(|_| !listed) {
        hints.push(format!("{} {}", lang.t("ex. :", "e.g."), example.replace('\n', " / ")));
    }
    if let Presence::Default(value) = field.presence {
        hints.push(format!("{} {value}", lang.t("par défaut :", "by default:")));
    }
    Input {
        name: input.name.clone(),
        label: match lang {
            Lang::Fr => field.fr.to_owned(),
            Lang::En => field.en.to_owned(),
        },
        field: field.name.to_owned(),
        required: field.presence == Presence::Required && field.when.is_none(),
        hints,
        shape,
        value: input.value.clone(),
    }
}
