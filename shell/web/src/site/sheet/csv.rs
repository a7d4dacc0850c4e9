//! Tables for spreadsheets: comma-separated values as French spreadsheets open them, with semicolons.

use super::Cell;

/// Tells a spreadsheet that the text is UTF-8.
pub const MARK: &str = "\u{feff}";

/// One line, its end included.
///
/// A text that a spreadsheet would take for a formula begins with an apostrophe: titles are written by
/// anyone, and a formula can send what is beside it elsewhere (CWE-1236).
pub fn line(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells.iter().map(cell).collect();
    cells.join(";") + "\r\n"
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => quoted(text),
        Cell::Number(number) => number.to_string(),
        Cell::At(instant) => instant.strftime("%Y-%m-%d %H:%M").to_string(),
        Cell::Empty => String::new(),
    }
}

fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([';', '"', '\r', '\n']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<const N: usize>(cells: [&str; N]) -> String {
        line(&cells.map(Cell::text))
    }

    #[test]
    fn cells_are_quoted_where_they_must() {
        assert_eq!(texts(["12", "Panne", ""]), "12;Panne;\r\n");
        assert_eq!(
            texts(["a;b", "dit « \"oui\" »", "deux\nlignes"]),
            "\"a;b\";\"dit « \"\"oui\"\" »\";\"deux\nlignes\"\r\n"
        );
    }

    #[test]
    fn numbers_and_instants_are_written_as_such() {
        let at = jiff::civil::date(2026, 8, 3).at(9, 5, 0, 0);
        assert_eq!(line(&[Cell::Number(12), Cell::At(at), Cell::Empty]), "12;2026-08-03 09:05;\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n"] {
            let text = format!("{start}HYPERLINK(\"http://x\")");
            let written = texts([text.as_str()]);
            let read = written.trim_end().trim_matches('"');
            assert!(read.starts_with('\''), "{written:?}");
        }
        assert_eq!(texts(["a=b", "1-2"]), "a=b;1-2\r\n");
    }
}
