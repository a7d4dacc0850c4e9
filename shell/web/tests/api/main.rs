//! The API over HTTP: the real router, a real data folder, a set clock.
//!
//! Every answer of every test is compared with the OpenAPI document: a status, a media type or a
//! property that it does not describe fails the test.

mod catalogue;
mod changes;
mod duties;
mod errors;
mod imports;
mod knowledge;
mod levels;
mod paging;
mod rights;
mod schema;
mod server;
mod story;
mod subcontractor;
#[path = "../common/undertaking.rs"]
mod undertaking;
mod visits;
mod writes;
