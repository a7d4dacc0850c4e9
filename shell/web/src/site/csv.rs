//! Tables for spreadsheets: comma-separated values as French spreadsheets open them, with semicolons.

/// Tells a spreadsheet that the text is UTF-8.
pub const MARK: &str = "\u{feff}";

/// One line, its end included.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe: titles are written by
/// anyone, and a formula can send what is beside it elsewhere (CWE-1236).
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    cells.join(";") + "\r\n"
}

fn cell(text: &str) -> String {
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

    #[test]
    fn cells_are_quoted_where_they_must() {
        assert_eq!(line(["12", "Panne", ""]), "12;Panne;\r\n");
        assert_eq!(
            line(["a;b", "dit « \"oui\" »", "deux\nlignes"]),
            "\"a;b\";\"dit « \"\"oui\"\" »\";\"deux\nlignes\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n"] {
            let text = format!("{start}HYPERLINK(\"http://x\")");
            let written = line([text.as_str()]);
            let read = written.trim_end().trim_matches('"');
            assert!(read.starts_with('\''), "{written:?}");
        }
        assert_eq!(line(["a=b", "1-2"]), "a=b;1-2\r\n");
    }
}
