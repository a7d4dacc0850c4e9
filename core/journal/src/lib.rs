//! The journal: a C2SP transparency log, as pure functions over bytes.
//!
//! One log per vault. Each entry is an [`envelope::Envelope`] in canonical form; its bytes are hashed
//! as stored and never rewritten; the [`tree`] over them is signed as a [`checkpoint`] at every commit
//! batch; [`verify`] re-derives everything and names the first wrong entry.
//!
//! Invariant: nothing here reads a clock, a random source, a file or a database. Keys come from seeds
//! that are given, instants are fields of the entry, and storage is someone else's: so the customer's
//! verifier is this code and nothing more.

pub mod checkpoint;
pub mod commitment;
pub mod envelope;
pub mod note;
pub mod tile;
pub mod tree;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use envelope::Envelope;
pub use tree::{Frontier, Hash};
