//! The web surface: pages and, beside them, the design they are drawn with.

pub mod design;
pub mod pages;
