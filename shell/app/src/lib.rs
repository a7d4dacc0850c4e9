//! The use cases: authorise, load, decide with a pure engine, record effect and entry in one transaction.
//!
//! Everything a person or a program can do to the product is a function here; the web, the API and
//! the command line only translate. This is the first place that knows what time it is.
//! Nothing here knows HTTP, HTML or a terminal.

pub mod access;
pub mod accounts;
pub mod agreements;
pub mod answers;
pub mod calendar;
pub mod call;
pub mod clock;
pub mod customer;
pub mod customers;
pub mod desk;
pub mod draft;
pub mod entropy;
mod error;
pub mod file;
pub mod import;
pub mod instance;
mod keys;
pub mod knowledge;
pub mod levels;
pub mod life;
pub mod live;
pub mod mail;
pub mod meters;
pub mod month;
pub mod news;
pub mod notifications;
pub mod people;
pub mod plan;
pub mod privacy;
pub mod proof;
pub mod review;
pub mod roster;
pub mod satisfaction;
pub mod saved_views;
pub mod search;
pub mod service;
pub mod sign;
pub mod signatures;
pub mod skills;
pub mod subcontracted;
pub mod team;
pub mod ticket;
mod tiles;
pub mod time;
pub mod today;
pub mod undertaking;
mod vault;
pub mod visit;
pub mod waiting;
pub mod webhook;
pub mod what_if;

pub use access::{Act, InstancePermit, Permit, Principal, Role, Side};
pub use clock::Clock;
pub use error::{AppError, Invalid, Refusal, Result};
pub use instance::{App, Settings};
pub use vault::VaultHandle;
