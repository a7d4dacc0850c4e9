//! Filters of a list of tickets kept under a name.
//!
//! A view of a customer's list is its owner's, and that of their side when they share it: the provider's people share among
//! themselves, the customer's among themselves. It says what to look for and gives no right to see it. One of the desk is
//! its owner's alone.

use store::instance::{desk_views, saved_views};
use uuid::Uuid;

use crate::access::{Act, InstancePermit, Permit, Side};
use crate::error::{AppError, Result};
use crate::instance::App;

/// Characters of a view's name.
pub const LONGEST_NAME: usize = 60;
/// Characters of its filters.
const LONGEST_QUERY: usize = 500;
/// Views that somebody keeps of a customer, or of the desk.
const MOST: u64 = 30;
/// Views shown to somebody, theirs and their side's.
const SHOWN: u32 = 60;

/// A view as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    /// The filters, as the query of an address without its `?`.
    pub query: String,
    pub shared: bool,
    /// Who shared it, when it is somebody else's.
    pub of: Option<String>,
}

impl App {
    /// The asker's views of a customer's list, and those that their side shares.
    pub fn saved_views(&self, permit: &Permit) -> Result<Vec<SavedView>> {
        permit.covers(Act::SeeTickets)?;
        let (vault, me, side) = (permit.customer().0, permit.by().account.0, side(permit));
        let rows = self
            .instance
            .read::<_, AppError, _>(move |tx| Ok(saved_views::seen(tx, vault, me, side, SHOWN)?))?;
        let view = |row: saved_views::SavedView| SavedView {
            id: row.id,
            shared: row.shared != ALONE,
            of: (row.account != me).then_some(row.owner),
            name: row.name,
            query: row.query,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Keeps filters under a name; a view of the asker's with the same name is replaced, so that asking
    /// twice changes nothing.
    pub fn save_view(&self, permit: &Permit, name: &str, query: &str, shared: bool) -> Result<()> {
        permit.covers(Act::SeeTickets)?;
        let name = checked(name, query)?;
        let row = saved_views::SavedView {
            id: self.id(base::id::uuid_v7),
            account: permit.by().account.0,
            name: name.to_owned(),
            query: query.to_owned(),
            shared: if shared { side(permit) } else { ALONE }.to_owned(),
            owner: String::new(),
        };
        let (vault, now) = (permit.customer().0, self.now().as_microsecond());
        self.instance.write::<_, AppError, _>(move |tx| {
            if saved_views::others(tx, vault, row.account, &row.name)? >= MOST {
                return Err(too_many());
            }
            Ok(saved_views::put(tx, vault, &row, now)?)
        })
    }

    /// Drops a view of the asker's own; another's is as if it were not.
    pub fn drop_view(&self, permit: &Permit, id: &str) -> Result<()> {
        permit.covers(Act::SeeTickets)?;
        let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
        let (vault, me) = (permit.customer().0, permit.by().account.0);
        let dropped =
            self.instance.write::<_, AppError, _>(move |tx| Ok(saved_views::drop_own(tx, vault, me, id)?))?;
        if dropped { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// The asker's views of the desk.
    pub fn desk_views(&self, permit: &InstancePermit) -> Result<Vec<SavedView>> {
        permit.covers(Act::SeeDesk)?;
        let me = permit.by().account.0;
        let rows = self.instance.read::<_, AppError, _>(move |tx| Ok(desk_views::of(tx, me, SHOWN)?))?;
        let view = |row: desk_views::DeskView| SavedView {
            id: row.id,
            name: row.name,
            query: row.query,
            shared: false,
            of: None,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Keeps what the desk is asked for under a name, in place of a view of the same name.
    pub fn save_desk_view(&self, permit: &InstancePermit, name: &str, query: &str) -> Result<()> {
        permit.covers(Act::SeeDesk)?;
        let (name, query) = (checked(name, query)?.to_owned(), query.to_owned());
        let row = desk_views::DeskView { id: self.id(base::id::uuid_v7), name, query };
        let (me, now) = (permit.by().account.0, self.micros());
        self.instance.write::<_, AppError, _>(move |tx| {
            if desk_views::others(tx, me, &row.name)? >= MOST {
                return Err(too_many());
            }
            Ok(desk_views::put(tx, me, &row, now)?)
        })
    }

    /// Drops a view of the desk of the asker's own; another's is as if it were not.
    pub fn drop_desk_view(&self, permit: &InstancePermit, id: &str) -> Result<()> {
        permit.covers(Act::SeeDesk)?;
        let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
        let me = permit.by().account.0;
        let dropped =
            self.instance.write::<_, AppError, _>(move |tx| Ok(desk_views::drop_own(tx, me, id)?))?;
        if dropped { Ok(()) } else { Err(AppError::NotFound) }
    }
}

/// The name of a view, trimmed, if it may have it and look for this.
fn checked<'a>(name: &'a str, query: &str) -> Result<&'a str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "name",
            format!("donnez un nom à la vue, en {LONGEST_NAME} caractères au plus"),
            format!("give the view a name, in at most {LONGEST_NAME} characters"),
        ));
    }
    if query.len() > LONGEST_QUERY {
        return Err(AppError::invalid("query", "filtres trop longs", "filters too long"));
    }
    Ok(name)
}

fn too_many() -> AppError {
    AppError::invalid(
        "name",
        format!("{MOST} vues déjà : retirez celles qui ne servent plus"),
        format!("{MOST} views already: remove those no longer used"),
    )
}

const ALONE: &str = "none";

fn side(permit: &Permit) -> &'static str {
    match permit.by().role.side() {
        Side::Provider => "provider",
        Side::Customer => "customer",
        Side::ThirdParty => "third_party",
    }
}
