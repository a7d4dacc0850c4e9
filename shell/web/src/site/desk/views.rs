//! What the desk is asked for, kept under a name.

use app::Act;
use app::saved_views::SavedView as Kept;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::super::failed;
use super::{Asked, Wanted};
use crate::http::{CheckedForm, Failure, State, flash_cookie, see_other, with_cookie};
use crate::pages::saved_views::SavedView;

pub(super) fn shown(kept: Kept, wanted: &Wanted) -> SavedView {
    SavedView {
        id: kept.id.to_string(),
        current: kept.query == wanted.query(),
        href: format!("/?{}", kept.query),
        name: kept.name,
        shared: kept.shared,
        of: kept.of,
    }
}

#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
}

pub async fn save(Shared(web): Shared<State>, checked: CheckedForm<Sent>) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    // Kept as the desk writes it: what it is not asked for is dropped.
    let asked: Asked = serde_urlencoded::from_str(&form.query).unwrap_or_default();
    let query = asked.wanted().query();
    let (who, kept) = (reader.principal.clone(), query.clone());
    let done = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::SeeDesk)?;
        app.save_desk_view(&permit, &form.name, &kept)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other(&format!("/?{query}")), &flash_cookie("view-saved")))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove(
    Shared(web): Shared<State>,
    Path(id): Path<String>,
    checked: CheckedForm<Nothing>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, .. } = checked;
    let who = reader.principal.clone();
    let done = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::SeeDesk)?;
        app.drop_desk_view(&permit, &id)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other("/"), &flash_cookie("view-removed")))
}
