//! What cells mean: instants, states, kinds, and the text of what was written as HTML.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use store::search::fold::fold;

/// A cell in small letters without accents nor signs: what spellings are compared by.
///
/// « Date d'ouverture », `start_date`, `Title*` and `__ New` give « date d ouverture », « start date »,
/// « title » and « new ».
pub fn plain(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// Which of two numbers is the day in « 03/04/2025 ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

impl DateOrder {
    /// Told by the dates of a whole file: one that can only be read one way decides for all.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> DateOrder {
        let mut month_first = false;
        for cell in cells {
            let day = cell.trim().split([' ', 'T']).next().unwrap_or_default();
            let parts: Vec<u16> = day.split(['/', '-', '.']).filter_map(|p| p.parse().ok()).collect();
            match parts[..] {
                [first, _, _] if first > 12 && first < 32 => return DateOrder::DayFirst,
                [first, second, _] if first <= 12 && second > 12 && second < 32 => month_first = true,
                _ => {}
            }
        }
        if month_first { DateOrder::MonthFirst } else { DateOrder::DayFirst }
    }
}

/// An instant as other tools write it: `2025-03-04 09:41[:07]`, `04-03-2025 09:41`, `04/03/2025`, or with its
/// offset (`2025-03-04T09:41:07Z`). Without one it is of the zone; a day alone is its midnight.
pub fn instant(cell: &str, order: DateOrder, zone: &TimeZone) -> Option<Timestamp> {
    let cell = cell.trim();
    if let Ok(told) = cell.parse::<Timestamp>() {
        return Some(told);
    }
    let (day, hour) = match cell.split_once([' ', 'T']) {
        Some((day, hour)) => (day, hour.trim()),
        None => (cell, ""),
    };
    let local = DateTime::from_parts(date(day, order)?, time(hour)?);
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

fn date(text: &str, order: DateOrder) -> Option<Date> {
    let numbers: Vec<i16> = text.split(['-', '/', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [first, second, third] = numbers[..] else { return None };
    let small = |n: i16| i8::try_from(n).ok();
    let (year, month, day) = match order {
        _ if first > 31 => (first, second, third),
        DateOrder::DayFirst => (third, second, first),
        DateOrder::MonthFirst => (third, first, second),
    };
    // A year of two digits is not one of the year 25.
    if year < 1970 {
        return None;
    }
    Date::new(year, small(month)?, small(day)?).ok()
}

fn time(text: &str) -> Option<Time> {
    if text.is_empty() {
        return Some(Time::midnight());
    }
    let parts: Vec<i8> = text.split([':', 'h']).map(str::parse).collect::<Result<_, _>>().ok()?;
    match parts[..] {
        [hour, minute] => Time::new(hour, minute, 0, 0).ok(),
        [hour, minute, second] => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    }
}

/// Whether a state of another tool means that the matter is over; `None` for a word that nobody knows.
pub fn is_over(state: &str) -> Option<bool> {
    match plain(state).as_str() {
        "new"
        | "nouveau"
        | "nouvelle"
        | "open"
        | "opened"
        | "ouvert"
        | "ouverte"
        | "en cours"
        | "ongoing"
        | "in progress"
        | "en cours attribue"
        | "en cours planifie"
        | "processing assigned"
        | "processing planned"
        | "planned"
        | "assigned"
        | "assigne"
        | "assignee"
        | "attribue"
        | "attribuee"
        | "pending"
        | "en attente"
        | "waiting"
        | "on hold"
        | "approved"
        | "approuve"
        | "approuvee"
        | "waiting for approval"
        | "en attente d approbation"
        | "escalated tto"
        | "escalated ttr"
        | "escalade tto"
        | "escalade ttr"
        | "escalate ttr"
        | "dispatched"
        | "redispatched"
        | "reopened"
        | "rouvert" => Some(false),
        "solved" | "resolu" | "resolue" | "resolved" | "closed" | "clos" | "close" | "cloture"
        | "cloturee" | "ferme" | "fermee" | "rejected" | "rejete" | "rejetee" | "refuse" | "refusee"
        | "cancelled" | "canceled" | "annule" | "annulee" | "done" | "termine" | "terminee" => Some(true),
        _ => None,
    }
}

/// The kind of ticket that a word of another tool means, by its key here; `None` for another word.
pub fn kind(word: &str) -> Option<&'static str> {
    match plain(word).as_str() {
        "incident" | "panne" => Some("incident"),
        "demande"
        | "request"
        | "demande de service"
        | "service request"
        | "userrequest"
        | "user request"
        | "demande utilisateur"
        | "requete utilisateur" => Some("service_request"),
        "probleme" | "problem" => Some("problem"),
        "changement" | "change" | "normalchange" | "routinechange" | "emergencychange" => Some("change"),
        _ => None,
    }
}

/// Bytes of a cell that its text is looked for in; what comes after is not read.
const LONGEST_CELL: usize = 1 << 20;

/// Whether a cell is longer than what its text is looked for in.
pub fn is_cut(cell: &str) -> bool {
    cell.len() > LONGEST_CELL
}

/// The text of what may have been written as HTML, or as HTML twice escaped; another text as it is.
pub fn text(cell: &str) -> String {
    // Before anything else: each of what follows holds a copy of it.
    let cell = &cell[..cell.floor_char_boundary(LONGEST_CELL)];
    let lower = cell.to_ascii_lowercase();
    let escaped = ["&lt;p", "&lt;div", "&lt;br", "&#60;p", "&#60;div", "&#60;br"];
    if escaped.iter().any(|mark| lower.contains(mark)) {
        return tidy(&without_tags(&unescape(cell)));
    }
    let marks = ["<p", "<br", "<div", "<span", "<ul", "<table", "</", "&nbsp;", "&#39;", "&amp;", "&eacute;"];
    if marks.iter().any(|mark| lower.contains(mark)) { tidy(&without_tags(cell)) } else { tidy(cell) }
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // Past the last of them no tag ends, and none is looked for again at each one that begins.
    let last = html.rfind('>').unwrap_or_default();
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let tag = &rest[start + 1..];
        // « a < b » is no tag.
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let ends = is_tag && html.len() - tag.len() <= last;
        let Some(end) = ends.then(|| tag.find('>')).flatten() else {
            out.push('<');
            rest = tag;
            continue;
        };
        let name: String =
            tag[..end].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        rest = &tag[end + 1..];
        match name.to_ascii_lowercase().as_str() {
            "br" | "p" | "div" | "tr" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" => out.push('\n'),
            "td" | "th" => out.push(' '),
            skipped @ ("script" | "style") if !tag.starts_with('/') => {
                let is_end = |at: &usize| {
                    let name = rest.get(at + 2..at + 2 + skipped.len());
                    name.is_some_and(|name| name.eq_ignore_ascii_case(skipped))
                };
                let close = rest.match_indices("</").map(|(at, _)| at).find(is_end);
                rest = close.map_or("", |at| &rest[at..]);
            }
            _ => {}
        }
    }
    out.push_str(rest);
    unescape(&out)
}

/// Bytes of the longest name of a character.
const LONGEST_NAME: usize = 8;

/// Characters that HTML writes by name or by number; a name that is not one of the usual ones stays.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let end = after.bytes().take(LONGEST_NAME + 1).position(|b| b == b';');
        match end.map(|end| &after[..end]).and_then(|name| Some((name.len(), entity(name)?))) {
            Some((length, c)) => {
                out.push(c);
                rest = &after[length + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "rsquo" | "lsquo" => '’',
        "nbsp" => '\u{a0}',
        "eacute" => 'é',
        "egrave" => 'è',
        "ecirc" => 'ê',
        "agrave" => 'à',
        "acirc" => 'â',
        "ccedil" => 'ç',
        "ugrave" => 'ù',
        "ucirc" => 'û',
        "icirc" => 'î',
        "iuml" => 'ï',
        "ocirc" => 'ô',
        "Eacute" => 'É',
        "Agrave" => 'À',
        "laquo" => '«',
        "raquo" => '»',
        "euro" => '€',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "deg" => '°',
        _ => return None,
    })
}

/// No line ends with spaces, no two empty lines follow one another, and nothing but lines is invisible.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        let start = out.len();
        out.extend(line.chars().filter(|c| !c.is_control() || *c == '\t'));
        out.truncate(start + out[start..].trim_end().len());
        if out.len() > start || !(out.is_empty() || out.ends_with("\n\n")) {
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_ways_of_other_tools() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let read = |cell, order| instant(cell, order, &zone).map(|at| at.to_string());
        let at = Some("2025-03-04T08:41:00Z".to_owned());
        assert_eq!(read("2025-03-04 09:41", DateOrder::DayFirst), at);
        assert_eq!(read("04-03-2025 09:41:00", DateOrder::DayFirst), at);
        assert_eq!(read("04/03/2025 09h41", DateOrder::DayFirst), at);
        assert_eq!(read("03/04/2025 09:41", DateOrder::MonthFirst), at);
        assert_eq!(read("2025-03-04T08:41:00Z", DateOrder::MonthFirst), at);
        assert_eq!(read("2025-07-04", DateOrder::DayFirst).as_deref(), Some("2025-07-03T22:00:00Z"));
        for wrong in ["", "hier", "31/02/2025", "04/03/25", "2025-03-04 25:00"] {
            assert_eq!(read(wrong, DateOrder::DayFirst), None, "{wrong}");
        }
    }

    #[test]
    fn one_date_that_reads_one_way_only_decides_for_the_file() {
        let order = |cells: &[&str]| DateOrder::of(cells.iter().copied());
        assert_eq!(order(&["03/04/2025", "04/03/2025 10:00"]), DateOrder::DayFirst);
        assert_eq!(order(&["03/04/2025", "04/23/2025 10:00"]), DateOrder::MonthFirst);
        assert_eq!(order(&["2025-12-23 10:00", "23/04/2025"]), DateOrder::DayFirst);
    }

    #[test]
    fn the_text_of_a_page_is_kept_and_its_marks_are_not() {
        let twice = "&lt;p&gt;Bonjour,&lt;/p&gt;&lt;p&gt;l&#039;&eacute;cran&nbsp;: a &amp;lt; b&lt;/p&gt;";
        assert_eq!(text(twice), "Bonjour,\n\nl'écran\u{a0}: a < b");
        assert_eq!(text("<p>Un<br/>deux</p><style>p{}</style><script>x()</script>fin"), "Un\ndeux\nfin");
        assert_eq!(text("si a < b & c > d"), "si a < b & c > d");
        assert_eq!(text("  une\r\n\r\n\r\nligne\u{7} "), "une\n\nligne");
        assert_eq!(text("\n\n un \n \n\ndeux\n\n"), "un\n\ndeux");
        assert_eq!(text("a<br>b <c &eacute &amp;&nosuchname;"), "a\nb <c &eacute &&nosuchname;");
        assert_eq!(text("<p>un</p><STYLE>a</styl</Style>deux"), "un\ndeux");
    }

    #[test]
    fn what_never_ends_takes_no_longer_than_what_does() {
        // Each mark looked for its end up to the end of the text: minutes for one cell.
        let long = |mark: &str| mark.repeat(LONGEST_CELL / mark.len());
        for mark in ["<a", "< ", "&amp", "<script></script", "<style>a</style>", "&;", "\n", "</p><a"] {
            let began = std::time::Instant::now();
            text(&long(mark));
            assert!(began.elapsed().as_secs() < 5, "{mark}: {:?}", began.elapsed());
        }
    }

    #[test]
    fn a_cell_is_read_up_to_its_bound() {
        let cell = format!("{}é", "a".repeat(LONGEST_CELL - 1));
        assert!(is_cut(&cell) && !is_cut(&cell[..LONGEST_CELL - 1]));
        assert_eq!(text(&cell).len(), LONGEST_CELL - 1, "and no character is cut in two");
    }
}
