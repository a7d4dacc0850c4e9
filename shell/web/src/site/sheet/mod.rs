//! Tables that leave for a spreadsheet: the same cells as text (CSV) or as a workbook (XLSX).

pub mod csv;
pub mod xlsx;

use jiff::civil::DateTime;

/// What a cell holds; a workbook keeps numbers and instants as such, so that one can sort and count them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(u64),
    /// Local time of the contract, to the minute.
    At(DateTime),
    Empty,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// Nothing for nothing.
    pub fn maybe(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, Cell::text)
    }
}
