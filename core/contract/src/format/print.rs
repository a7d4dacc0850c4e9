//! Writes a block: one line for a table that fits, a line for each of its keys when it does not.

use super::tree::{Member, Shape, Table};

/// The longest line that a table or an array is put on.
const WIDTH: usize = 100;

pub(super) fn block(table: &Table<'_>) -> String {
    let mut out = Lines::default();
    for member in &table.members {
        out.member("", member);
    }
    out.comments(&table.tail);
    out.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comments(&mut self, comments: &[&str]) {
        comments.iter().for_each(|c| self.line(c));
    }

    /// `path.key = value`, or the keys of a table that is too wide, each on its own line.
    fn member(&mut self, path: &str, member: &Member<'_>) {
        let path = format!("{path}{}", member.key);
        self.comments(&member.before);
        let flat = flat(&member.shape).filter(|_| !member.has_comments());
        let fits = |text: &str| {
            let short = path.chars().count() + " = ".len() + text.chars().count() <= WIDTH;
            short || matches!(member.shape, Shape::Plain(_)) || text.len() <= 2
        };
        match (&member.shape, flat.filter(|text| fits(text))) {
            (Shape::Plain(text), None) => self.close(format!("{path} = {text}"), member.after),
            (_, Some(text)) => self.close(format!("{path} = {text}"), member.after),
            (Shape::Array(table), None) => {
                self.line(&format!("{path} = ["));
                self.items(table);
                self.close("]".to_owned(), member.after);
            }
            (Shape::Table(table), None) => {
                // What stood at the end of the table's line speaks of the whole of it.
                self.comments(member.after.as_slice());
                let path = format!("{path}.");
                table.members.iter().for_each(|m| self.member(&path, m));
                self.comments(&table.tail);
            }
        }
    }

    fn close(&mut self, mut line: String, comment: Option<&str>) {
        if let Some(comment) = comment {
            line.push_str("  ");
            line.push_str(comment);
        }
        self.line(&line);
    }

    /// The items of an array over several lines: grouped as they were, or filling the lines.
    fn items(&mut self, table: &Table<'_>) {
        let grouped = table.members.iter().any(|m| m.breaks);
        let nested = table.members.iter().any(|m| !matches!(m.shape, Shape::Plain(_)));
        let mut line = String::new();
        for item in &table.members {
            let text = flat(&item.shape).unwrap_or_default();
            let full = line.chars().count() + text.chars().count() + 2 > WIDTH;
            let breaks = if grouped { item.breaks } else { nested || full };
            if !line.is_empty() && (breaks || !item.before.is_empty()) {
                self.line(&std::mem::take(&mut line));
            }
            for comment in &item.before {
                self.line(&format!("  {comment}"));
            }
            line.push_str(if line.is_empty() { "  " } else { " " });
            line.push_str(&text);
            line.push(',');
            if item.after.is_some() {
                self.close(std::mem::take(&mut line), item.after);
            }
        }
        if !line.is_empty() {
            self.line(&line);
        }
        for comment in &table.tail {
            self.line(&format!("  {comment}"));
        }
    }
}

/// A value on one line, its comments left out.
fn flat(shape: &Shape<'_>) -> Option<String> {
    match shape {
        Shape::Plain(text) => (!text.contains('\n')).then(|| (*text).to_owned()),
        Shape::Array(table) => {
            let items: Option<Vec<String>> = table.members.iter().map(|m| flat(&m.shape)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Shape::Table(table) if table.members.is_empty() => Some("{}".to_owned()),
        Shape::Table(table) => {
            let one = |m: &Member<'_>| Some(format!("{} = {}", m.key, flat(&m.shape)?));
            let members: Option<Vec<String>> = table.members.iter().map(one).collect();
            Some(format!("{{ {} }}", members?.join(", ")))
        }
    }
}
