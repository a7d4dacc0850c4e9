//! What every request goes through: who asks, in which language, and what a failure looks like.

mod client;
mod cookies;
mod download;
mod form;
mod front;
mod headers;
mod passkey;
mod place;
mod printer;
mod reader;
pub mod reading;
mod reply;
mod state;
pub mod upload;

pub use cookies::{
    clear_session, desk_tab, flash_cookie, openid_cookie, openid_of, preference, session_cookie,
};
pub use download::download;
pub use form::{CheckedForm, EntrantForm, ProvenEntrantForm, ProvenForm};
pub use front::Front;
pub use headers::secure;
pub use passkey::{Made as MadePasskey, Signed as SignedByPasskey};
pub use place::pair;
pub use printer::{ContractOrder, ContractSheet, Drawn, NotPrinted, Order, Printer, Sheet, Signed, Slip};
pub(crate) use reader::from_elsewhere;
pub use reader::{Entrant, Reader, Visitor};
pub use reply::{Failure, html, see_other, with_cookie};
pub use state::{DemoAccount, State, Web};
