//! Each kind of clause as many times as a text may hold, and each list of tables as long as it may be.

use contract::{Field, KINDS, Kind, Type};

use super::{HEAD, MIB, clause_block};

/// As many clauses as the compiler reads.
const MOST: usize = contract::source::MAX_BLOCKS;

/// A text for each kind with names that differ, and for each list of tables within a kind.
pub(super) fn shapes() -> impl Iterator<Item = (String, String)> {
    KINDS.iter().flat_map(|kind| {
        let many = (format!("{} many times", kind.name), many(kind));
        std::iter::once(many).chain(lists(kind))
    })
}

fn filled(mut next: impl FnMut(usize) -> String, most: usize, room: usize) -> String {
    let mut out = String::new();
    for i in 0..most {
        let one = next(i);
        if out.len() + one.len() > room {
            break;
        }
        out.push_str(&one);
    }
    out
}

/// The kind's own example, each time with its own label and its own words where words are free.
fn many(kind: &Kind) -> String {
    let one = |i: usize| {
        let mut toml = numbered(kind.example, "label", i);
        for field in kind.fields.iter().filter(|f| matches!(f.ty, Type::Text | Type::Texts)) {
            toml = numbered(&toml, field.name, i);
        }
        format!("```toml clause\n{}\n```\n", toml.trim_end())
    };
    format!("{HEAD}{}", filled(one, MOST, MIB - HEAD.len()))
}

/// The first text after a key, with a number at its end.
fn numbered(toml: &str, key: &str, i: usize) -> String {
    let Some(at) = find_key(toml, key) else { return toml.to_owned() };
    let Some(open) = toml[at..].find('"').map(|n| n + at + 1) else { return toml.to_owned() };
    let Some(close) = toml[open..].find('"').map(|n| n + open) else { return toml.to_owned() };
    format!("{}-{i}{}", &toml[..close], &toml[close..])
}

/// Where the value of a key begins.
fn find_key(toml: &str, key: &str) -> Option<usize> {
    let written = format!("{key} = ");
    let whole = |at: &usize| !toml[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    toml.match_indices(&written).map(|(at, _)| at).find(whole).map(|at| at + written.len())
}

/// One clause of the kind, with a list of tables as long as the text may be.
fn lists(kind: &'static Kind) -> impl Iterator<Item = (String, String)> {
    let lists = kind.fields.iter().filter_map(|field| match field.ty {
        Type::Tables(fields) => Some((field, fields)),
        _ => None,
    });
    lists.filter_map(|(field, fields)| {
        let (before, row, after) = row(kind.example, field)?;
        let rows = |i: usize| {
            let texts = fields.iter().filter(|f| matches!(f.ty, Type::Text | Type::Label(_)));
            texts.fold(row.to_owned(), |row, f| numbered(&row, f.name, i)) + ", "
        };
        let rows = filled(rows, usize::MAX, MIB - HEAD.len() - before.len() - after.len() - 64);
        let block = clause_block(&format!("{before}{rows}{after}"));
        Some((format!("{}.{} of many rows", kind.name, field.name), format!("{HEAD}{block}")))
    })
}

/// The example cut around the first table of a list.
fn row<'a>(example: &'a str, field: &Field) -> Option<(&'a str, &'a str, &'a str)> {
    let list = find_key(example, field.name)?;
    let from = list + example[list..].find('{')?;
    let (mut depth, mut quoted) = (0usize, false);
    for (i, byte) in example[from..].bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted && depth == 1 => {
                let end = from + i + 1;
                return Some((
                    &example[..from],
                    &example[from..end],
                    example[end..].trim_start_matches(", "),
                ));
            }
            b'}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}
