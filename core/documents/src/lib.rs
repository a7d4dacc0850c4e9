//! Documents that people keep: a contract as a PDF to read, sign and archive.
//!
//! `print` says what is printed, as plain data; `contract` fills it from a compiled contract, `slip` from a
//! few facts and passages; `press` lays it out with Typst and writes PDF/A.
//!
//! Invariant: nothing here reads a clock, a file, a socket or a font of the machine. The same contract
//! with the same options gives the same bytes everywhere, so that a hash may name the print as well.
//!
//! Invariant: no text of a contract is ever Typst code. The template is a constant of this crate and the
//! contract reaches it as JSON, so a hostile text is at worst an ugly page.

mod contract;
mod markdown;
mod press;
mod print;
mod references;
mod slip;
mod typography;

pub use contract::{Options, Signature, contract_pdf};
pub use press::{Fault, Pdf};
pub use slip::{Drawn, Signed, Slip, slip_pdf};
