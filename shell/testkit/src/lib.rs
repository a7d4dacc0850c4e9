//! A whole instance in a test: real databases, a clock that stands where it is put, seeded randomness.
//!
//! [`Instance`] is what tests of use cases run on; when it ends it checks what must always hold.
//! [`scenario`] replays a contract's life told in Markdown and compares what the product answered.
//! Nothing here is part of the product: only tests use it.

mod folder;
mod instance;
pub mod scenario;
mod text;

pub use folder::Folder;
pub use instance::{Instance, Person, local};
pub use text::two_parties;
