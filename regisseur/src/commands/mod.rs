//! One module per family of commands.

pub mod clock;
pub mod contract;
