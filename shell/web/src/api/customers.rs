//! `/customers`: the customers that a token may see, and creating one.

use app::customer::NewCustomer;
use app::customers::{Sought, Vault};
use app::{Act, App, AppError, Principal};
use axum::extract;
use axum::response::Response;
use base::id::CustomerId;
use jiff::Timestamp;
use serde_json::json;

use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask};
use super::tickets::{limit, unknown_key};
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

    /// A page of the customers that the token may see, by name.
    Customers {
        items: Vec<Customer>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// Which customers, and from where.
    CustomersQuery {
        /// Words that the name or the slug holds, whatever their case and accents.
        search: Option<String>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

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
            .query(CustomersQuery::properties)
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

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Parameters(query): Parameters<CustomersQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let limit = limit(query.limit)? as usize;
            let sought = Sought { words: query.search.unwrap_or_default(), after: query.after };
            let page = match app.customers_for(who, Act::SeeTickets, &sought, limit) {
                Err(AppError::NotFound) => return Err(unknown_key().into()),
                page => page?,
            };
            let items = page.0.into_iter().map(customer).collect();
            Ok(Reply::json(&Customers { items, next: page.1 }))
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
    app.customer(id).map(customer)
}

fn customer(row: Vault) -> Customer {
    Customer { id: CustomerId(row.id), slug: row.slug, name: row.name, created: instant(row.created) }
}
