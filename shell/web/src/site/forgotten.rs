//! A password forgotten: one address, and one answer whatever the address.

use app::AppError;
use axum::Form;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::http::{Failure, State, Visitor, from_elsewhere, html};
use crate::pages::forgotten::{View, page};

pub async fn form(Shared(web): Shared<State>, visitor: Visitor) -> Response {
    let view = if web.app.sends_links() { View::Ask } else { View::Unmailed };
    html(page(&visitor.shell(), &view))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    email: String,
}

/// No session: browsers must say that the form is ours, as at the sign-in.
pub async fn ask(
    Shared(web): Shared<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(sent): Form<Asked>,
) -> Response {
    if from_elsewhere(&headers) {
        return Failure { visitor: Box::new(visitor), error: AppError::NotFound }.into_response();
    }
    if !web.app.sends_links() {
        return html(page(&visitor.shell(), &View::Unmailed));
    }
    let client = visitor.client.clone();
    if web.app.may_ask_link(&client, &sent.email) {
        // Neither the words of the answer nor its time may tell whether there is an account.
        web.run_after(move |app| app.forgot_password(&client, &sent.email));
    }
    html(page(&visitor.shell(), &View::Asked))
}
