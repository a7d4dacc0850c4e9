//! Mistakes in a text: of hand, of copy, of encoding, of type, and of bad faith.

use std::ops::Range;

use contract::KINDS;

use crate::Numbers;

/// Figures where a computation may leave its type.
const FIGURES: &[&str] = &[
    "0",
    "-1",
    "1",
    "00",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "170141183460469231731687303715884105727",
    "2147483648",
    "4294967296",
    "999999999999999999999999999999999999999999",
    "1e308",
    "0.000001",
    "3.14159",
    "nan",
    "0x7fffffffffffffff",
    "99999",
];

/// Dates at the edges of the calendar, or beyond.
const DATES: &[&str] = &[
    "9999-12-31",
    "9999-01-01",
    "0000-01-01",
    "0001-01-01",
    "0000-00-00",
    "2024-02-29",
    "2023-02-29",
    "1582-10-10",
    "2026-03-29T02:30",
    "2026-10-25T02:30:59.999",
    "9999-12-31T23:59:59",
    "2026-03-01T00:00:00Z",
    "2100-12-31",
];

/// Values of every type that fields have, right and wrong.
const VALUES: &[&str] = &[
    "\"4 h\"",
    "\"9223372036854775807 h\"",
    "\"99999999 years\"",
    "\"9999 months\"",
    "\"0 min\"",
    "\"5 working_days\"",
    "\"2300.00 EUR\"",
    "\"9223372036854775807.99 EUR\"",
    "\"92233720368547758.07 EUR\"",
    // ISO 4217: no currency.
    "\"0.01 XXX\"",
    "\"-1.00 EUR\"",
    "\"100 %\"",
    "\"0.000000000000000001 %\"",
    "\"1e9 %\"",
    "\"Europe/Paris\"",
    "\"Pacific/Kiritimati\"",
    "\"FR\"",
    "\"France\"",
    "\"24x7\"",
    "[\"00:00-24:00\"]",
    "[\"23:59-00:00\"]",
    "{ mon-sun = [\"00:00-24:00\"] }",
    "{ sun-mon = [\"22:00-06:00\"] }",
    "{}",
    "[]",
    "[[]]",
    "[{}]",
    "true",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\U0001F600\"",
    "'''\n'''",
    "12:30:00",
    "inf",
    "{ P1 = \"a\" }",
    "{ from = 9999-12-31 }",
    "{ priority = [\"P1\"], from = 2026-01-01, until = 9999-12-31 }",
];

const KEYS: &[&str] = &[
    "kind",
    "label",
    "then",
    "when",
    "exception_to",
    "default",
    "change",
    "amends",
    "effective",
    "order_of",
    "subcontract_of",
    "given",
    "at",
    "expect",
    "from",
    "until",
    "currency",
    "zone",
    "sector",
    "trades",
    "rule_packs",
    "arrangement",
];

const INSERTED: &[&str] = &[
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{2028}",
    "\u{301}",
    "\u{a0}",
    "\u{202f}",
    "é",
    "İ",
    "ß",
    "ﬃ",
    "🙂",
    "\r",
    "\t",
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{{ total.monthly }}",
    "{{ a.b.c }}",
    "=",
    ",",
    "#",
    "```",
    "```\n",
    "~~~\n",
    "\n```toml clause\n",
    "\n```toml example\n",
    "+++\n",
    "> ",
    "- ",
    "<script>",
    "<!--",
    "&#0;",
    "# ",
    "\n\n",
    "|",
    "[a]: b\n",
    "![x](y)",
];

/// A text made from one of `seeds` by a few mistakes.
pub fn mutated(numbers: &mut Numbers, seeds: &[String], base: &str) -> String {
    let mut text = base.to_owned();
    // Few mistakes go deep; many try the reader.
    let most = if numbers.below(4) == 0 { 12 } else { 3 };
    let count = 1 + numbers.below(most);
    for _ in 0..count {
        text = one(numbers, seeds, &text);
        if text.len() > 400_000 {
            break;
        }
    }
    text
}

fn one(numbers: &mut Numbers, seeds: &[String], text: &str) -> String {
    let other = &seeds[numbers.below(seeds.len())];
    match numbers.below(24) {
        0 => flipped(numbers, text),
        1 => swapped_words(numbers, text),
        2..=4 => lines(numbers, text),
        5 => spliced(numbers, text, other),
        6..=8 => block(numbers, text, other),
        9 | 10 => replaced(numbers, text, &digits(text), FIGURES),
        11 | 12 => replaced(numbers, text, &dates(text), DATES),
        13..=15 => value(numbers, text, other),
        16 => nested(numbers, text),
        17 => kind(numbers, text),
        18 => key(numbers, text),
        19 => label(numbers, text),
        20 => insert(numbers, text),
        21 => truncated(numbers, text),
        22 => change(numbers, text),
        _ => encoding(numbers, text),
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn put(text: &str, range: Range<usize>, new: &str) -> String {
    let mut out = String::with_capacity(text.len() + new.len());
    out.push_str(&text[..boundary(text, range.start)]);
    out.push_str(new);
    out.push_str(&text[boundary(text, range.end)..]);
    out
}

fn flipped(numbers: &mut Numbers, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + numbers.below(4) {
        let at = numbers.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << numbers.below(8);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn swapped_words(numbers: &mut Numbers, text: &str) -> String {
    let mut words: Vec<&str> = text.split_inclusive([' ', '\n', ',', '=', '"']).collect();
    let (a, b) = (numbers.below(words.len()), numbers.below(words.len()));
    if a < words.len() && b < words.len() {
        words.swap(a, b);
    }
    words.concat()
}

fn lines(numbers: &mut Numbers, text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return String::new();
    }
    let at = numbers.below(lines.len());
    match numbers.below(3) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(numbers.below(lines.len()), lines[at]),
        _ => {
            let line = lines.remove(at);
            lines.insert(numbers.below(lines.len() + 1), line);
        }
    }
    lines.concat()
}

fn spliced(numbers: &mut Numbers, text: &str, other: &str) -> String {
    let cut = boundary(text, numbers.below(text.len() + 1));
    let from = boundary(other, numbers.below(other.len() + 1));
    format!("{}{}", &text[..cut], &other[from..])
}

/// The fenced blocks of a text, fences included.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("```toml").map(|i| at + i) {
        let Some(close) = text[open + 7..].find("\n```").map(|i| open + 7 + i + 4) else { break };
        out.push(open..close);
        at = close;
    }
    out
}

/// A block of this text, or of another, put somewhere, under its label or another; or taken away.
fn block(numbers: &mut Numbers, text: &str, other: &str) -> String {
    let (mine, theirs) = (blocks(text), blocks(other));
    let (from, all) = if numbers.below(2) == 0 { (text, &mine) } else { (other, &theirs) };
    let Some(range) = all.get(numbers.below(all.len())) else { return text.to_owned() };
    let mut taken = from[range.clone()].to_owned();
    if numbers.below(3) > 0 {
        taken = taken.replacen("label = \"", &format!("label = \"n{}-", numbers.below(9)), 1);
    }
    match mine.get(numbers.below(mine.len())) {
        Some(place) => match numbers.below(3) {
            0 => put(text, place.clone(), ""),
            1 => put(text, place.clone(), &taken),
            _ => put(text, place.end..place.end, &format!("\n\n{taken}\n")),
        },
        None => format!("{text}\n\n{taken}\n"),
    }
}

fn runs(text: &str, of: impl Fn(u8) -> bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (i, byte) in text.bytes().chain([b'\n']).enumerate() {
        match (of(byte), start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                out.push(from..i);
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn digits(text: &str) -> Vec<Range<usize>> {
    runs(text, |b| b.is_ascii_digit() || b == b'.')
}

fn dates(text: &str) -> Vec<Range<usize>> {
    let all = runs(text, |b| b.is_ascii_digit() || matches!(b, b'-' | b'T' | b':'));
    all.into_iter().filter(|r| r.len() >= 10).collect()
}

/// One of these places, in the rules rather than in the prose, holds one of these words.
fn replaced(numbers: &mut Numbers, text: &str, places: &[Range<usize>], words: &[&str]) -> String {
    let Some(place) = in_rules(numbers, text, places) else { return text.to_owned() };
    let word = *numbers.of(words);
    put(text, place, word)
}

fn in_rules(numbers: &mut Numbers, text: &str, places: &[Range<usize>]) -> Option<Range<usize>> {
    let blocks = blocks(text);
    let within: Vec<&Range<usize>> = places
        .iter()
        .filter(|p| blocks.iter().any(|b| b.start <= p.start && p.end <= b.end) || p.start < 300)
        .collect();
    within.get(numbers.below(within.len())).map(|r| (*r).clone())
}

/// The values written after ` = `.
fn values(text: &str) -> Vec<Range<usize>> {
    text.match_indices(" = ").map(|(i, _)| i + 3).map(|at| at..at + length(&text[at..])).collect()
}

/// How long the value at the head of a text is: up to what closes it.
fn length(text: &str) -> usize {
    let mut depth = 0usize;
    let mut quoted = false;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth == 0 => return i,
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            b',' | b'\n' if depth == 0 => return i,
            _ => {}
        }
    }
    text.len()
}

/// The value of a field, put in another: of this text, of another one, or of the list.
fn value(numbers: &mut Numbers, text: &str, other: &str) -> String {
    let places = values(text);
    let Some(place) = in_rules(numbers, text, &places) else { return text.to_owned() };
    let other = match numbers.below(3) {
        0 => text,
        1 => other,
        _ => {
            let new = *numbers.of(VALUES);
            return put(text, place, new);
        }
    };
    let all = values(other);
    let taken = in_rules(numbers, other, &all).map(|r| other[r].to_owned());
    put(text, place, &taken.unwrap_or_default())
}

fn nested(numbers: &mut Numbers, text: &str) -> String {
    let places = values(text);
    let Some(place) = in_rules(numbers, text, &places) else { return text.to_owned() };
    let deep = [1, 2, 31, 32, 33, 100, 2000][numbers.below(7)];
    let inner = text[place.clone()].to_owned();
    let (open, close) = *numbers.of(&[("[", "]"), ("{ a = ", " }"), ("[{ then = ", " }]")]);
    put(text, place, &format!("{}{inner}{}", open.repeat(deep), close.repeat(deep)))
}

fn quoted_after(text: &str, key: &str) -> Vec<Range<usize>> {
    let start = format!("{key} = \"");
    text.match_indices(&start)
        .filter_map(|(i, _)| {
            let at = i + start.len();
            text[at..].find('"').map(|n| at..at + n)
        })
        .collect()
}

fn kind(numbers: &mut Numbers, text: &str) -> String {
    let all = quoted_after(text, "kind");
    let Some(place) = all.get(numbers.below(all.len())) else { return text.to_owned() };
    put(text, place.clone(), KINDS[numbers.below(KINDS.len())].name)
}

/// A key becomes one of another kind, or a word of the language.
fn key(numbers: &mut Numbers, text: &str) -> String {
    let keys: Vec<Range<usize>> = text
        .match_indices(" = ")
        .map(|(end, _)| {
            let start = text[..end].rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
            start.map_or(0, |s| s + 1)..end
        })
        .filter(|r| r.start < r.end && text.is_char_boundary(r.start))
        .collect();
    let Some(place) = in_rules(numbers, text, &keys) else { return text.to_owned() };
    let fields = KINDS[numbers.below(KINDS.len())].fields;
    let new = match fields.get(numbers.below(fields.len())) {
        Some(field) if numbers.below(3) > 0 => field.name,
        _ => numbers.of(KEYS),
    };
    put(text, place, new)
}

/// A label, or what refers to one, becomes another label of the text.
fn label(numbers: &mut Numbers, text: &str) -> String {
    let labels = quoted_after(text, "label");
    let Some(taken) = labels.get(numbers.below(labels.len())) else { return text.to_owned() };
    let taken = text[taken.clone()].to_owned();
    if numbers.below(3) == 0 {
        let at = labels[numbers.below(labels.len())].end + 1;
        return put(text, at..at, &format!("\nexception_to = \"{taken}\""));
    }
    let mut all = labels;
    for key in ["exception_to", "calendar", "of", "base", "replaces"] {
        all.extend(quoted_after(text, key));
    }
    let place = all[numbers.below(all.len())].clone();
    put(text, place, &taken)
}

fn insert(numbers: &mut Numbers, text: &str) -> String {
    let at = boundary(text, numbers.below(text.len() + 1));
    let times = if numbers.below(20) == 0 { 500 } else { 1 };
    put(text, at..at, &numbers.of(INSERTED).repeat(times))
}

fn truncated(numbers: &mut Numbers, text: &str) -> String {
    let at = boundary(text, numbers.below(text.len() + 1));
    if numbers.below(4) == 0 { text[at..].to_owned() } else { text[..at].to_owned() }
}

/// A contract becomes an amendment or an order, or a clause an amended one.
fn change(numbers: &mut Numbers, text: &str) -> String {
    match numbers.below(4) {
        0 => text.replacen("contract = ", "amends = ", 1).replacen(
            "\nlanguage",
            "\neffective = 2026-06-15\nlanguage",
            1,
        ),
        1 => text.replacen("\nlanguage", "\norder_of = \"CTR-2026-900\"\nlanguage", 1),
        2 => text.replacen("\nlanguage", "\nsubcontract_of = \"CTR-2026-900\"\nlanguage", 1),
        _ => {
            let all = quoted_after(text, "label");
            let Some(place) = all.get(numbers.below(all.len())) else { return text.to_owned() };
            let at = place.end + 1;
            let word = *numbers.of(&["replaces", "ends", "replace", "end", "adds", "change"]);
            put(text, at..at, &format!("\n{word} = \"{}\"", &text[place.clone()]))
        }
    }
}

fn encoding(numbers: &mut Numbers, text: &str) -> String {
    match numbers.below(6) {
        0 => text.replace('\n', "\r\n"),
        1 => format!("\u{feff}{text}"),
        2 => text.replace('\n', "\r"),
        3 => text.replace(' ', "\u{a0}"),
        4 => text.to_uppercase(),
        _ => text.replace("\n## ", "\n> ## "),
    }
}
