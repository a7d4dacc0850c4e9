//! How pages look and speak: language, formats, components, drawings and embedded assets.
//!
//! Nothing here reads a database or a clock; a page is a function of its view.

pub mod assets;
pub mod chart;
pub mod clock_bar;
pub mod components;
pub mod format;
pub mod icon;
pub mod lang;
pub mod layout;
pub mod markdown;
pub mod qr;
pub mod shell;
pub mod table;

pub use components::{Reason, Tone};
pub use lang::{Lang, Text};
pub use shell::{CustomerRef, Notice, Person, Shell, Side, Theme};
