//! A file of comma-separated values as other tools write it, read into cells.
//!
//! The separator is found in the first row, quotes are doubled inside quotes, a cell may hold lines. Text is
//! UTF-8 or UTF-16 with its mark, or else what Windows writes in Western Europe.

use std::borrow::Cow;

use crate::error::{AppError, Result};

/// Bytes of a file, and rows and columns of its table: bounds on what one reading takes.
const MOST_BYTES: usize = 64 << 20;
const MOST: Bounds = Bounds { rows: 200_000, columns: 300 };

#[derive(Debug, Clone, Copy)]
struct Bounds {
    rows: usize,
    columns: usize,
}

/// A table: its headings, then its rows. What is blank at the end of a row is not kept, nor a row that is all
/// blank.
///
/// The text of every cell is one string: a cell costs its own text and four bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub headings: Vec<String>,
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<u32>,
    /// The line that each row begins on, and its first cell.
    rows: Vec<(u32, u32)>,
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    /// The line of the file that it begins on, from 1.
    pub line: u64,
    from: usize,
    to: usize,
}

impl Table {
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let ends = self.rows.iter().skip(1).map(|(_, first)| wide(*first)).chain([self.ends.len()]);
        let row = |(&(line, first), to): (&(u32, u32), usize)| Row {
            table: self,
            line: line.into(),
            from: wide(first),
            to,
        };
        self.rows.iter().zip(ends).map(row)
    }
}

impl<'a> Row<'a> {
    /// A cell from the left, from 0; empty past the last one.
    pub fn cell(self, place: usize) -> &'a str {
        if place >= self.width() {
            return "";
        }
        let (at, ends) = (self.from + place, &self.table.ends);
        let begins = at.checked_sub(1).map_or(0, |before| wide(ends[before]));
        &self.table.text[begins..wide(ends[at])]
    }

    /// Cells up to the last one that is not blank.
    pub fn width(self) -> usize {
        self.to - self.from
    }
}

/// Reads a file. Empty rows are left out; a row may be shorter than the headings.
///
/// An error names the line: a quote that nothing closes leaves no way to tell what the rest means. Nothing is
/// read past the row or the cell that is one too many.
pub fn read(bytes: &[u8]) -> Result<Table> {
    if bytes.len() > MOST_BYTES {
        return Err(invalid(
            "64\u{a0}Mio au plus\u{a0}: découpez le fichier",
            "at most 64 MiB: split the file",
        ));
    }
    let text = decode(bytes);
    let table = Reader::new(separator(&text), MOST).read(&text)?;
    if table.headings.is_empty() {
        return Err(invalid("le fichier est vide", "the file is empty"));
    }
    Ok(table)
}

fn invalid(fr: impl Into<String>, en: impl Into<String>) -> AppError {
    AppError::invalid("file", fr, en)
}

fn wide(place: u32) -> usize {
    usize::try_from(place).expect("a place in a file of some MiB")
}

fn narrow(place: usize) -> u32 {
    u32::try_from(place).expect("a file of some MiB has fewer places")
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match std::str::from_utf8(rest) {
                Ok(text) => text.into(),
                Err(_) => rest.iter().map(|byte| windows(*byte)).collect(),
            }
        }
    }
}

/// A byte of Windows-1252: Latin-1 but for 32 places, where five mean nothing.
fn windows(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The one of the usual separators that the first row holds most of, outside quotes.
fn separator(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(';', 0u32), (',', 0), ('\t', 0)];
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(s, _)| *s == c).for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals: a single column has none of them.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(';', |(s, _)| s)
}

/// A table being read: the cell that is under way is the end of its text.
struct Reader {
    table: Table,
    separator: char,
    most: Bounds,
    /// The line under way, and the one that its row begins on.
    line: u32,
    began: u32,
    /// The row's first cell, and where the cell under way begins.
    first: usize,
    start: usize,
    /// Blank cells of the row since the last that is not: kept once another comes.
    blank: usize,
    /// The line of the quote that is open; whether the cell was quoted, and so keeps its spaces.
    open: Option<u32>,
    quoted: bool,
}

impl Reader {
    fn new(separator: char, most: Bounds) -> Reader {
        let (table, open) = (Table::default(), None);
        Reader {
            table,
            separator,
            most,
            line: 1,
            began: 1,
            first: 0,
            start: 0,
            blank: 0,
            open,
            quoted: false,
        }
    }

    fn read(mut self, text: &str) -> Result<Table> {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\n' {
                self.line += 1;
            }
            if self.open.is_some() {
                match c {
                    '"' if chars.peek() == Some(&'"') => {
                        chars.next();
                        self.table.text.push('"');
                    }
                    '"' => self.open = None,
                    '\r' if chars.peek() == Some(&'\n') => {}
                    _ => self.table.text.push(c),
                }
                continue;
            }
            match c {
                '"' if !self.quoted && self.table.text.len() == self.start => {
                    (self.open, self.quoted) = (Some(self.line), true);
                }
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => self.end_row()?,
                _ if c == self.separator => self.end_cell()?,
                // Nor is the space before a cell kept; what follows a closing quote is space, or a tool's
                // mistake, which is.
                _ if c.is_whitespace() && (self.quoted || self.table.text.len() == self.start) => {}
                _ => self.table.text.push(c),
            }
        }
        if let Some(at) = self.open {
            return Err(invalid(
                format!("ligne {at}\u{a0}: un guillemet ouvert n’est jamais fermé"),
                format!("line {at}: a quote is opened and never closed"),
            ));
        }
        self.end_row()?;
        Ok(self.table)
    }

    /// Whether the cell under way holds spaces at most.
    fn is_blank(&self) -> bool {
        self.table.text[self.start..].trim().is_empty()
    }

    fn end_cell(&mut self) -> Result<()> {
        self.quoted = false;
        if self.is_blank() {
            self.table.text.truncate(self.start);
            self.blank += 1;
            return Ok(());
        }
        let Bounds { columns, .. } = self.most;
        if self.table.ends.len() - self.first + self.blank >= columns {
            let at = self.began;
            return Err(invalid(
                format!("ligne {at}\u{a0}: {columns} colonnes au plus"),
                format!("line {at}: at most {columns} columns"),
            ));
        }
        let before = narrow(self.start);
        self.table.ends.extend(std::iter::repeat_n(before, std::mem::take(&mut self.blank)));
        self.start = self.table.text.len();
        self.table.ends.push(narrow(self.start));
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.end_cell()?;
        self.blank = 0;
        let began = std::mem::replace(&mut self.began, self.line);
        if self.table.ends.len() == self.first {
            return Ok(());
        }
        let Bounds { rows, .. } = self.most;
        if self.table.rows.len() == rows {
            return Err(invalid(
                format!("{rows} lignes au plus\u{a0}: découpez le fichier"),
                format!("at most {rows} rows: split the file"),
            ));
        }
        self.table.rows.push((began, narrow(self.first)));
        self.first = self.table.ends.len();
        if self.table.headings.is_empty() {
            self.take_headings();
        }
        Ok(())
    }

    /// The first row is no row of the table.
    fn take_headings(&mut self) {
        let table = std::mem::take(&mut self.table);
        let row = table.rows().next();
        self.table.headings =
            row.map_or_else(Vec::new, |row| (0..row.width()).map(|at| row.cell(at).to_owned()).collect());
        (self.first, self.start) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let table = read(bytes).unwrap();
        let cells = |row: Row<'_>| (0..row.width()).map(|at| row.cell(at).to_owned()).collect();
        table.rows().map(|row| (row.line, cells(row))).collect()
    }

    /// What is said of a file that cannot be read.
    fn refused(read: Result<Table>) -> String {
        match read {
            Err(AppError::Invalid(invalid)) => invalid.text.en,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_cell_holds_lines_and_quotes_and_its_row_keeps_the_line_it_begins_on() {
        let text =
            "\u{feff}\"ID\";\"Titre\";\n\"1\";\"Écran \"\"noir\"\"\r\nau réveil\";\r\n\n\"2\";\"b;c\";\n";
        assert_eq!(read(text.as_bytes()).unwrap().headings, ["ID", "Titre"]);
        let cells = |row: [&str; 2]| row.map(str::to_owned).to_vec();
        let expected = [(2, cells(["1", "Écran \"noir\"\nau réveil"])), (5, cells(["2", "b;c"]))];
        assert_eq!(rows(text.as_bytes()), expected);
    }

    #[test]
    fn the_separator_is_the_one_of_the_first_row() {
        for (text, expected) in [
            ("a,b;c,d\n1,2;3,4", vec!["1", "2;3", "4"]),
            ("a\tb\n1\t2", vec!["1", "2"]),
            ("\"a;b;c\",d\n1,2", vec!["1", "2"]),
            ("seule\n1,5", vec!["1,5"]),
        ] {
            assert_eq!(rows(text.as_bytes())[0].1, expected, "{text}");
        }
    }

    #[test]
    fn the_bytes_of_windows_and_of_spreadsheets_are_read() {
        assert_eq!(rows(b"a;b\nR\xE9seau;12\x80")[0].1, ["Réseau", "12€"]);
        let wide: Vec<u8> = "\u{feff}a\tb\né\t2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&wide)[0].1, ["é", "2"]);
    }

    #[test]
    fn a_quote_left_open_is_told_with_its_line() {
        let said = refused(read(b"a;b\n1;2\n3;\"x\n4;5\n"));
        assert_eq!(said, "line 3: a quote is opened and never closed");
        assert_eq!(refused(read(b"\n \n;;\n")), "the file is empty");
    }

    #[test]
    fn a_blank_cell_keeps_its_place_and_what_is_blank_at_the_end_is_not_kept() {
        let table = read("a;;c\n1; ;3;;\" \";\n;;\n;;6\n".as_bytes()).unwrap();
        assert_eq!(table.headings, ["a", "", "c"]);
        let told: Vec<_> =
            table.rows().map(|r| (r.line, r.width(), r.cell(0), r.cell(1), r.cell(2))).collect();
        assert_eq!(told, [(2, 3, "1", "", "3"), (4, 3, "", "", "6")]);
        assert_eq!(table.rows().next().unwrap().cell(3), "");
        assert_eq!(table.text, "136", "nothing is kept of a blank cell but where it ends");
    }

    #[test]
    fn a_file_of_too_many_rows_or_columns_is_left_at_the_one_too_many() {
        // Read to its end, it would be told of the quote that nothing closes, and of no bound.
        let mut file = b"a\n".repeat(16 << 20);
        file.push(b'"');
        assert_eq!(refused(read(&file)), "at most 200000 rows: split the file");
        let mut file = b"a;b\n".to_vec();
        file.extend(b"a;".repeat(16 << 20));
        file.push(b'"');
        assert_eq!(refused(read(&file)), "line 2: at most 300 columns");
        // As spreadsheets write the columns to the right of a table.
        let wide = format!("a;b{}\n1;2{0}\n", ";".repeat(16_000));
        assert_eq!(rows(wide.as_bytes()), [(2, vec!["1".to_owned(), "2".to_owned()])]);
        let bounds = |rows, columns| Reader::new(';', Bounds { rows, columns }).read("a;b\n1;2\n3;4\n");
        assert!(bounds(2, 2).is_ok());
        assert_eq!(refused(bounds(1, 2)), "at most 1 rows: split the file");
        assert_eq!(refused(bounds(2, 1)), "line 1: at most 1 columns");
    }
}
