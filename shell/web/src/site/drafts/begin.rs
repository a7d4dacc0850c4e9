//! The list of drafts, and how one is begun: from a template, from nothing, as an amendment.

use app::agreements::Agreements;
use app::draft::templates::{self, Side};
use app::draft::{Kind, NewDraft};
use app::ticket::IdempotencyKey;
use app::{Act, App, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use terms::PartyRole;

use super::super::{Place, failed, fresh_key, place, words};
use super::{Posted, fill, sent};
use crate::design::Lang;
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, pair, see_other, with_cookie};
use crate::pages::drafts::{Draft, Values, View, page};

/// Drafts of a page.
const ROWS: u32 = 30;

#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    start: String,
    /// Where the page before ended: when its last draft was saved, and which it is.
    before: Option<String>,
}

pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let values = Values { start: wanted.start, ..Values::default() };
    let view = view(&web, &reader, slug, values, wanted.before).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

async fn view(
    web: &State,
    reader: &Reader,
    slug: String,
    mut values: Values,
    before: Option<String>,
) -> Result<View, Failure> {
    let again = reader.clone();
    let later = before.is_some();
    let lang = reader.visitor.lang;
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeDrafts)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let before = before.map(|text| pair(&text).ok_or(AppError::NotFound)).transpose()?;
        let drafts = app.drafts(&permit, before, ROWS)?;
        Ok((customer, drafts, agreements, words::local(app.now()).date()))
    });
    let (customer, (drafts, next), agreements, today) = read.await.map_err(failed(reader))?;
    if values.number.is_empty() {
        values.number = fill::next_number(&agreements.contracts, today.year());
    }
    let drafts = drafts
        .iter()
        .map(|d| Draft {
            href: fill::href(&customer, d),
            title: d.title.clone(),
            kind: fill::kind(d.kind),
            base: d.base.clone(),
            version: d.version,
            saved: words::local(d.saved),
            saved_by: d.saved_by.clone(),
            stage: fill::stage(d),
        })
        .collect();
    Ok(View {
        drafts,
        first: later.then(|| customer.path("/drafts")),
        next: next.map(|(saved, id)| customer.path(&format!("/drafts?before={saved}.{id}"))),
        key: fresh_key(),
        may_write: reader.may(&customer, Act::WriteDraft),
        starts: fill::starts(&agreements.contracts, lang),
        values,
        errors: Vec::new(),
        customer,
    })
}

pub async fn begin(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Posted>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let values = Values {
        start: sent(&form, "start"),
        title: sent(&form, "title").trim().to_owned(),
        number: sent(&form, "number").trim().to_owned(),
    };
    let (again, to, asked, key) = (reader.clone(), slug.clone(), values.clone(), sent(&form, "key"));
    let lang = reader.visitor.lang;
    let begun = web.run(move |app| {
        let place = place(app, &again, &to, Act::WriteDraft)?;
        let new = new(app, &place, &asked, lang)?;
        app.create_draft(&place.permit, &IdempotencyKey::parse(&key)?, &new)
    });
    match begun.await {
        Ok(id) => Ok(with_cookie(see_other(&format!("/c/{slug}/drafts/{id}")), &flash_cookie("draft-begun"))),
        Err(AppError::Invalid(invalid)) => {
            let mut view = view(&web, &reader, slug, values, None).await?;
            view.errors = vec![(invalid.field.clone(), invalid.text.get(words::core(lang)).to_owned())];
            let shell = reader.shell(&web, Some(view.customer.clone()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page(&shell, &view))).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

/// The text that each start gives.
fn new(app: &App, place: &Place, asked: &Values, lang: Lang) -> Result<NewDraft, AppError> {
    let agreements = app.vault(place.permit.customer())?.agreements()?;
    let today = words::local(app.now()).date();
    let (what, which) = asked.start.split_once(':').unwrap_or((asked.start.as_str(), ""));
    let titled = |default: String| if asked.title.is_empty() { default } else { asked.title.clone() };
    let contract = |text: String, title: String| NewDraft { title, kind: Kind::Contract, base: None, text };
    match what {
        "template" | "blank" => {
            let number = asked.number.as_str();
            if agreements.contracts.iter().any(|c| c.number == number) {
                return Err(AppError::invalid(
                    "number",
                    format!("{number} est déjà le numéro d’un contrat signé"),
                    format!("{number} is already the number of a signed contract"),
                ));
            }
            if !app::draft::is_number(number) {
                return Err(AppError::invalid(
                    "number",
                    "lettres sans accent, chiffres, points et tirets, 64 au plus",
                    "unaccented letters, digits, dots and dashes, 64 at most",
                ));
            }
            let party =
                |role| agreements.contracts.iter().find_map(|c| c.latest().compiled.terms.party(role));
            let known = |role| party(role).map(|p| Side::signed(&p.then));
            let customer = known(PartyRole::Customer).unwrap_or_else(|| Side::named(&place.customer.name));
            let provider = known(PartyRole::Provider);
            if what == "blank" {
                let provider = provider.map_or_else(|| "Prestataire".to_owned(), |p| p.name);
                let text = templates::blank(number, &customer.name, &provider, month_after(today));
                return Ok(contract(text, titled(number.to_owned())));
            }
            let template = templates::template(which).ok_or(AppError::NotFound)?;
            let title = titled(format!("{} {number}", template.title(words::core(lang))));
            Ok(contract(templates::fitted(template.text, number, &customer, provider.as_ref()), title))
        }
        "amendment" => {
            let base = agreements.by_number(which)?;
            let text = templates::amendment(base, templates::takes_effect(base, today));
            let (order, number) = (base.texts.len(), &base.number);
            let title = match lang {
                Lang::Fr => format!("Avenant n° {order} au {number}"),
                Lang::En => format!("Amendment {order} to {number}"),
            };
            Ok(NewDraft { title: titled(title), kind: Kind::Amendment, base: Some(number.clone()), text })
        }
        "order" => {
            let master = agreements.by_number(which)?;
            let start = master.history.versions.first().map_or(today, |v| v.effective);
            let number = order_number(&agreements, which);
            let text = templates::order(master, &number, month_after(today).max(start));
            let title = match lang {
                Lang::Fr => format!("Commande {number}"),
                Lang::En => format!("Order {number}"),
            };
            Ok(NewDraft { title: titled(title), kind: Kind::Order, base: Some(which.to_owned()), text })
        }
        _ => Err(AppError::NotFound),
    }
}

/// The first number free of those that orders under a contract go by: its own, a dash and a rank.
fn order_number(agreements: &Agreements, master: &str) -> String {
    let free = |number: &String| agreements.by_number(number).is_err();
    (1u32..).map(|rank| format!("{master}-{rank}")).find(free).unwrap_or_default()
}

/// The first day of the next month: when most texts take effect.
fn month_after(day: Date) -> Date {
    day.first_of_month().checked_add(1.month()).unwrap_or(day)
}

/// A text that could not be saved over another's, kept as a draft of its own.
pub async fn apart(
    web: &State,
    reader: &Reader,
    slug: &str,
    id: &str,
    posted: Posted,
) -> Result<Response, Failure> {
    let (again, at, id) = (reader.clone(), slug.to_owned(), id.to_owned());
    let lang = reader.visitor.lang;
    let kept = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &at, Act::SeeDrafts)?;
        let from = app.read_draft(&permit, app::draft::id(&id)?)?;
        let Place { permit, .. } = place(app, &again, &at, Act::WriteDraft)?;
        let wanted = super::form(&posted);
        let title: String = wanted.title.chars().take(180).collect();
        let title = match lang {
            Lang::Fr => format!("{title} (à part)"),
            Lang::En => format!("{title} (apart)"),
        };
        let new = NewDraft { title, kind: from.kind, base: from.base, text: wanted.text };
        app.create_draft(&permit, &IdempotencyKey::parse(&sent(&posted, "key"))?, &new)
    });
    let id = kept.await.map_err(failed(reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/drafts/{id}")), &flash_cookie("draft-begun")))
}
