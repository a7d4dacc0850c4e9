//! `/customers`: the customers that a token may see, and creating one.

use app::customer::NewCustomer;
use app::{Act, App, AppError, Principal};
use axum::extract;
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;
use serde_json::json;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, permit};
use super::schema::{Bounded, answer, ask};
use super::{API, instant};
use crate::http::State;

answer! {
    /// A customer.
    Customer {
        id: CustomerId,
        /// Stands for the id in addresses.
        slug: String,
        name: String,
        created: Timestamp,
    }

    /// The customers that the token may see, by name.
    Customers {
        items: Vec<Customer>,
    }
}

ask! {
    /// A customer to create, with its own vault.
    CustomerAsk {
        /// `a-z 0-9 -`: stands in addresses, and never changes.
        slug: Bounded<1, 50>,
        /// The legal person's name.
        name: Bounded<1, 200>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers", "listCustomers", "customers", list)
            .about("Les clients que ce jeton peut voir", "The customers that this token may see")
            .gives::<Customers>(),
        Operation::post("/customers", "createCustomer", "customers", create)
            .about("Créer un client et son coffre", "Create a customer and its vault")
            .takes::<CustomerAsk>(|| {
                vec![("sologne", json!({ "slug": "sologne", "name": "Conserverie de Sologne SAS" }))]
            })
            .gives::<Customer>(),
        Operation::get("/customers/{customer}", "getCustomer", "customers", show)
            .about("Un client", "One customer")
            .gives::<Customer>(),
    ]
}

async fn list(extract::State(web): extract::State<State>, caller: Caller) -> Response {
    caller
        .run(&web, |app, who| {
            let items = all(app)?.into_iter().filter(|c| who.permit(Act::SeeTickets, c.id).is_ok()).collect();
            Ok(Reply::json(&Customers { items }))
        })
        .await
}

async fn create(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    body: Entity<CustomerAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = app.permit_instance(who, Act::CreateCustomer)?;
            let ask = body.read()?;
            let new = NewCustomer { slug: ask.slug.0, name: ask.name.0 };
            let id = app.create_customer_once(&permit, &key, &new)?;
            let made = one(app, id)?;
            let location = format!("{API}/customers/{}", made.slug);
            Ok(Reply::created(&made, location))
        })
        .await
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller.run(&web, move |app, who| Ok(Reply::json(&seen(app, who, &customer)?))).await
}

fn seen(app: &App, who: &Principal, customer: &str) -> Result<Customer, AppError> {
    one(app, permit(app, who, customer, Act::SeeTickets)?.customer())
}

fn one(app: &App, id: CustomerId) -> Result<Customer, AppError> {
    all(app)?.into_iter().find(|c| c.id == id).ok_or(AppError::NotFound)
}

fn all(app: &App) -> Result<Vec<Customer>, AppError> {
    let rows = app.customers()?;
    Ok(rows
        .into_iter()
        .map(|row| Customer {
            id: CustomerId(row.id),
            slug: row.slug,
            name: row.name,
            created: instant(row.created),
        })
        .collect())
}
