//! Filters kept under a name.

use app::Act;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::{Place, failed, place};
use crate::http::{CheckedForm, Failure, State, flash_cookie, see_other, with_cookie};
use crate::pages::tickets::Asked;

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    shared: String,
}

pub async fn save(
    Shared(web): Shared<State>,
    Path(slug): Path<String>,
    checked: CheckedForm<Sent>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    // Kept as the list writes it: what is no filter is dropped.
    let asked: Asked = serde_urlencoded::from_str(form.query.trim_start_matches('?')).unwrap_or_default();
    let query = asked.query(None);
    let (again, kept, to) = (reader.clone(), query.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::SeeTickets)?;
        app.save_view(&permit, &form.name, kept.trim_start_matches('?'), form.shared == "1")
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets{query}")), &flash_cookie("view-saved")))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove(
    Shared(web): Shared<State>,
    Path((slug, id)): Path<(String, String)>,
    checked: CheckedForm<Nothing>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, .. } = checked;
    let (again, to) = (reader.clone(), slug.clone());
    let done = web.run(move |app| {
        let Place { permit, .. } = place(app, &again, &to, Act::SeeTickets)?;
        app.drop_view(&permit, &id)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/c/{slug}/tickets")), &flash_cookie("view-removed")))
}
