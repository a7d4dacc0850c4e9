//! The people of a customer and their roles: read, given and ended.

use app::people::{GiveRole, Page, PersonLine, Sought};
use app::subcontracted::Subcontracted;
use app::ticket::IdempotencyKey;
use app::undertaking::Standing;
use app::{Act, AppError, Role, Side};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{Place, failed, fresh_key, place, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, ProvenForm, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::roles::{Form, Person, Undertaking, View, page};

/// Roles of a page: those held, each with its form, and those that ended.
const HELD: usize = 30;
const ENDED: usize = 20;

/// Where the page begins, in each of its two lists, and what was typed to find somebody.
#[derive(Deserialize, Default, Clone)]
pub struct Asked {
    #[serde(default)]
    q: String,
    after: Option<String>,
    ended: Option<String>,
}

impl Asked {
    /// The address of a page of one of the lists; of the first one without a place.
    fn at(&self, customer: &CustomerRef, list: &str, last: Option<String>) -> String {
        let words = Some(("q", self.q.clone())).filter(|(_, q)| !q.is_empty());
        let query: Vec<String> = (words.into_iter())
            .chain(last.map(|last| (list, last)))
            .map(|(name, value)| format!("{name}={}", words::query_encode(&value)))
            .collect();
        let path = customer.path("/people");
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

fn sought(words: &str, after: Option<&String>) -> Result<Sought, AppError> {
    let after = after.map(|id| id.parse().map_err(|_| AppError::NotFound)).transpose()?;
    Ok(Sought { words: words.to_owned(), after })
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = read(&web, &reader, slug, asked).await?;
    Ok(html(page(&reader.shell(&web, Some(view.customer.clone())), &view)))
}

/// Roles to give, and the contracts that they may be limited to.
type Offered = (Vec<Role>, Vec<String>, Vec<Subcontracted>);

/// Everything of the page.
async fn read(web: &State, reader: &Reader, slug: String, asked: Asked) -> Result<View, Failure> {
    let (again, from) = (reader.clone(), asked.clone());
    let lang = reader.visitor.lang;
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeePeople)?;
        let held = app.people_holding(&permit, &sought(&from.q, from.after.as_ref())?, HELD)?;
        let ended = app.people_before(&permit, &sought(&from.q, from.ended.as_ref())?, ENDED)?;
        let form = match again.principal.permit(Act::ManagePeople, permit.customer()) {
            Ok(manage) => {
                let agreements = app.vault(permit.customer())?.agreements()?;
                let numbers = agreements.contracts.iter().map(|c| c.number.clone()).collect();
                Some((app.roles_to_give(&manage)?, numbers, app.subcontracted(&manage)?))
            }
            Err(_) => None,
        };
        Ok((customer, held, ended, form))
    });
    let (customer, held, ended, form): (CustomerRef, Page, Page, Option<Offered>) =
        read.await.map_err(failed(reader))?;
    let zone = words::local(web.app.now()).time_zone().clone();
    let person = |line: &PersonLine| Person {
        name: line.name.clone(),
        email: line.email.clone(),
        role: words::role(line.role, lang),
        about: about(line, lang),
        since: line.given.to_zoned(zone.clone()).date(),
        given_by: line.given_by.clone(),
        until: line.ended.map(|at| at.to_zoned(zone.clone()).date()),
        ended_by: line.ended_by.clone(),
        end: line.may_end.then(|| (line.held.to_string(), fresh_key())),
        disabled: line.disabled,
        undertaking: line.undertaking.map(|standing| match standing {
            Standing::Signed(at) => Undertaking::Signed(at.to_zoned(zone.clone()).date()),
            Standing::Owed => Undertaking::Owed,
        }),
    };
    let pages = |list: &str, here: &Option<String>, next: Option<Uuid>| {
        let first = here.is_some().then(|| asked.at(&customer, list, None));
        (first, next.map(|last| asked.at(&customer, list, Some(last.to_string()))))
    };
    Ok(View {
        held_pages: pages("after", &asked.after, held.1),
        ended_pages: pages("ended", &asked.ended, ended.1),
        held: held.0.iter().map(person).collect(),
        ended: ended.0.iter().map(person).collect(),
        customer,
        form: form.map(|(roles, contracts, bought)| blank(&roles, contracts, &bought, lang)),
        query: asked.q,
        refused: None,
    })
}

fn blank(roles: &[Role], contracts: Vec<String>, bought: &[Subcontracted], lang: Lang) -> Form {
    // One that is not accepted yet may be given nothing: it is not offered.
    let accepted = bought.iter().filter(|one| one.accepted);
    let accepted: Vec<Choice> = accepted
        .map(|one| Choice::new(one.label.clone(), format!("{} ({})", one.name, one.contract)))
        .collect();
    let none = (!accepted.is_empty()).then(|| Choice::new("", lang.t("Aucun", "None")));
    let every = Choice::new("", lang.t("Tous les contrats", "Every contract"));
    Form {
        key: fresh_key(),
        roles: roles.iter().map(|r| Choice::new(r.key(), words::role(*r, lang))).collect(),
        contracts: [every]
            .into_iter()
            .chain(contracts.into_iter().map(|c| Choice::new(c.clone(), c)))
            .collect(),
        third_parties: roles.iter().any(|r| r.side() == Side::ThirdParty),
        subcontracts: none.into_iter().chain(accepted).collect(),
        ..Form::default()
    }
}

/// What a role is for, when it is not the customer as a whole.
fn about(line: &PersonLine, lang: Lang) -> Option<String> {
    let everywhere = line.everywhere.then(|| lang.t("tous les clients", "every customer").to_string());
    let items = line.about.items.iter().chain(&line.about.classes).chain(&line.about.subcontract).cloned();
    let reaches =
        line.reaches.iter().filter(|_| line.ended.is_none()).flat_map(|numbers| match &numbers[..] {
            [] => vec![lang.t("plus aucun contrat ne le nomme", "no contract names it any more").to_string()],
            _ if line.contract.is_some() => Vec::new(),
            numbers => numbers.to_vec(),
        });
    let of = everywhere.into_iter().chain(line.contract.clone());
    let parts: Vec<String> = of.chain(items).chain(reaches).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[derive(Deserialize)]
pub struct Sent {
    key: String,
    email: String,
    role: String,
    #[serde(default)]
    contract: String,
    #[serde(default)]
    items: String,
    #[serde(default)]
    subcontract: String,
}

/// Gives a role. What the contract's perimeter names as an item is one; the rest are classes.
pub async fn give(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Sent>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, proof } = proven;
    let (again, place_slug) = (reader.clone(), slug.clone());
    let asked = (form.email.clone(), form.role.clone(), form.contract.clone(), form.items.clone());
    let under = form.subcontract.clone();
    let given = web
        .run(move |app| {
            let Place { permit, .. } = place(app, &again, &place_slug, Act::ManagePeople)?;
            let key = IdempotencyKey::parse(&form.key)?;
            let agreements = app.vault(permit.customer())?.agreements()?;
            let names = form.items.split(',').map(str::trim).filter(|name| !name.is_empty());
            let is_class = |name: &str| {
                let mut rules =
                    agreements.contracts.iter().flat_map(|c| &c.latest().compiled.terms.perimeter);
                rules.any(|r| r.then.class.as_deref() == Some(name))
            };
            let (classes, items): (Vec<String>, Vec<String>) =
                names.map(str::to_owned).partition(|n| is_class(n));
            let contract = (!form.contract.is_empty()).then_some(form.contract);
            let subcontract = (!form.subcontract.is_empty()).then_some(form.subcontract);
            let ask = GiveRole { email: form.email, role: form.role, contract, items, classes, subcontract };
            app.give_role(&permit, &proof, &key, &ask)
        })
        .await;
    let refused = match given {
        Ok(_) => {
            let to = format!("/c/{slug}/people");
            return Ok(with_cookie(see_other(&to), &flash_cookie("role-given")));
        }
        Err(AppError::Refused(refusal)) => words::refusal(&refusal, reader.visitor.lang, None),
        Err(AppError::Invalid(invalid)) => words::invalid(&invalid, reader.visitor.lang),
        Err(error) => return Err(failed(&reader)(error)),
    };
    let view = read(&web, &reader, slug, Asked::default()).await?;
    let (email, role, contract, items) = asked;
    let form =
        view.form.clone().map(|blank| Form { email, role, contract, items, subcontract: under, ..blank });
    let view = View { refused: Some(refused), form, ..view };
    let drawn = html(page(&reader.shell(&web, Some(view.customer.clone())), &view));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn).into_response())
}

#[derive(Deserialize)]
pub struct Ended {
    key: String,
    held: String,
}

/// Ends a role.
pub async fn end(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    proven: ProvenForm<Ended>,
) -> Result<Response, Failure> {
    let ProvenForm { reader, form, proof } = proven;
    let (again, to) = (reader.clone(), format!("/c/{slug}/people"));
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &slug, Act::ManagePeople)?;
        app.end_role(&permit, &proof, &IdempotencyKey::parse(&form.key)?, &form.held)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&to), &flash_cookie("role-ended")))
}
