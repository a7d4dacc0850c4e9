//! A file of comma-separated values as other tools write it, read into cells.
//!
//! The separator is found in the first row, quotes are doubled inside quotes, a cell may hold lines. Text is
//! UTF-8 or UTF-16 with its mark, or else what Windows writes in Western Europe.

use crate::error::{AppError, Result};

/// Bytes of a file, and rows and columns of its table: bounds on what one reading takes.
const MOST_BYTES: usize = 64 << 20;
const MOST_ROWS: usize = 200_000;
const MOST_COLUMNS: usize = 300;

/// A table: its headings, then each row with the line of the file that it begins on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub headings: Vec<String>,
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a file. Empty rows are left out; a row may be shorter than the headings.
///
/// An error names the line: a quote that nothing closes leaves no way to tell what the rest means.
pub fn read(bytes: &[u8]) -> Result<Table> {
    if bytes.len() > MOST_BYTES {
        return Err(invalid(
            "64\u{a0}Mio au plus\u{a0}: découpez le fichier",
            "at most 64 MiB: split the file",
        ));
    }
    let text = decode(bytes);
    let mut rows = cells(&text, separator(&text))?.into_iter();
    let Some((_, headings)) = rows.next() else {
        return Err(invalid("le fichier est vide", "the file is empty"));
    };
    if headings.len() > MOST_COLUMNS {
        return Err(invalid(
            format!("{MOST_COLUMNS} colonnes au plus"),
            format!("at most {MOST_COLUMNS} columns"),
        ));
    }
    let rows: Vec<_> = rows.take(MOST_ROWS + 1).collect();
    if rows.len() > MOST_ROWS {
        return Err(invalid(format!("{MOST_ROWS} lignes au plus"), format!("at most {MOST_ROWS} rows")));
    }
    Ok(Table { headings, rows })
}

fn invalid(fr: impl Into<String>, en: impl Into<String>) -> AppError {
    AppError::invalid("file", fr, en)
}

fn decode(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match std::str::from_utf8(rest) {
                Ok(text) => text.to_owned(),
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

fn cells(text: &str, separator: char) -> Result<Vec<(u64, Vec<String>)>> {
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let (mut row, mut cell): (Vec<String>, String) = (Vec::new(), String::new());
    let (mut line, mut began) = (1u64, 1u64);
    // Where the quote that is open began; whether the cell was quoted, and so keeps its spaces.
    let (mut open, mut quoted): (Option<u64>, bool) = (None, false);
    let mut chars = text.chars().peekable();
    let end_row = |row: &mut Vec<String>, rows: &mut Vec<_>, began: u64| {
        let full = std::mem::take(row);
        if full.iter().any(|c: &String| !c.trim().is_empty()) {
            rows.push((began, full));
        }
    };
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        if open.is_some() {
            match c {
                '"' if chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => open = None,
                '\r' if chars.peek() == Some(&'\n') => {}
                _ => cell.push(c),
            }
            continue;
        }
        match c {
            '"' if cell.trim().is_empty() && !quoted => {
                cell.clear();
                (open, quoted) = (Some(line), true);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                row.push(std::mem::take(&mut cell));
                quoted = false;
                end_row(&mut row, &mut rows, began);
                began = line;
            }
            _ if c == separator => {
                row.push(std::mem::take(&mut cell));
                quoted = false;
            }
            // What follows a closing quote is space, or a tool's mistake: it is kept.
            _ if quoted && c.is_whitespace() => {}
            _ => cell.push(c),
        }
    }
    if let Some(at) = open {
        return Err(invalid(
            format!("ligne {at}\u{a0}: un guillemet ouvert n’est jamais fermé"),
            format!("line {at}: a quote is opened and never closed"),
        ));
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        end_row(&mut row, &mut rows, began);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        read(bytes).unwrap().rows
    }

    #[test]
    fn a_cell_holds_lines_and_quotes_and_its_row_keeps_the_line_it_begins_on() {
        let text =
            "\u{feff}\"ID\";\"Titre\";\n\"1\";\"Écran \"\"noir\"\"\r\nau réveil\";\r\n\n\"2\";\"b;c\";\n";
        let table = read(text.as_bytes()).unwrap();
        assert_eq!(table.headings, ["ID", "Titre", ""]);
        let cells = |row: [&str; 3]| row.map(str::to_owned).to_vec();
        assert_eq!(
            table.rows,
            [(2, cells(["1", "Écran \"noir\"\nau réveil", ""])), (5, cells(["2", "b;c", ""]))]
        );
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
        let Err(AppError::Invalid(invalid)) = read(b"a;b\n1;2\n3;\"x\n4;5\n") else {
            panic!("it is refused")
        };
        assert!(invalid.text.en.starts_with("line 3:"), "{}", invalid.text.en);
        assert!(matches!(read(b"\n \n"), Err(AppError::Invalid(_))));
    }
}
