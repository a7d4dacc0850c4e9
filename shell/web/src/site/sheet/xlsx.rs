//! A workbook of one sheet (Office Open XML, ISO/IEC 29500), written row after row.
//!
//! Texts are written as texts: a title that begins like a formula stays a title (CWE-1236). Rows go to an
//! unnamed temporary file as they come, so that a long list does not stand in memory.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::Cell;

/// Rows under the headings that a workbook of ours holds at most: one is built whole before it is sent.
pub const MOST: u32 = 100_000;

/// Characters that a cell holds at most; the format allows no more.
const LONGEST: usize = 32_767;

pub struct Book {
    book: Workbook,
    instant: Format,
    columns: u16,
    rows: u32,
}

impl Book {
    /// A sheet with its headings, which stay in sight.
    pub fn new(name: &str, headings: &[String]) -> Result<Book, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, heading) in (0u16..).zip(headings) {
            let width = f64::from(u16::try_from(heading.chars().count()).unwrap_or(u16::MAX).clamp(14, 40));
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        let columns = u16::try_from(headings.len()).unwrap_or(u16::MAX);
        Ok(Book { book, instant: Format::new().set_num_format("yyyy-mm-dd hh:mm"), columns, rows: 0 })
    }

    /// How many rows stand under the headings.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        self.rows += 1;
        let (row, instant) = (self.rows, &self.instant);
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0u16..).zip(cells) {
            write(sheet, row, column, cell, instant)?;
        }
        Ok(())
    }

    /// The file, its columns filterable.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        let last = self.columns.saturating_sub(1);
        self.book.worksheet_from_index(0)?.autofilter(0, 0, self.rows, last)?;
        self.book.save_to_buffer()
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, at: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => {
            let text: String = text.chars().take(LONGEST).collect();
            sheet.write_string(row, column, text).map(drop)
        }
        // Every number that we show is far under 2^53.
        #[expect(clippy::cast_precision_loss, reason = "a cell of a workbook holds a 64-bit float")]
        Cell::Number(number) => sheet.write_number(row, column, *number as f64).map(drop),
        Cell::At(instant) => sheet.write_datetime_with_format(row, column, *instant, at).map(drop),
        Cell::Empty => Ok(()),
    }
}
