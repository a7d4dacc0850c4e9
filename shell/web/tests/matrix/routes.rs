//! The routes that are served, as the sources declare them, and the table of what is asked of each.

use std::collections::BTreeSet;
use std::path::Path;

/// One request of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub method: &'static str,
    /// With its query.
    pub path: &'static str,
    /// A form for the site, JSON for the API; empty when there is none.
    pub body: &'static str,
}

impl Row {
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Whether it names something of this kind, anywhere.
    pub fn names(&self, kind: &str) -> bool {
        let name = format!("{{{kind}}}");
        self.path.contains(&name) || self.body.contains(&name)
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.body)
    }
}

pub fn rows() -> Vec<Row> {
    let lines = include_str!("rows.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let mut word = || words.next().unwrap_or_default();
            Row { method: word(), path: word(), body: word() }
        })
        .collect()
}

/// Every route: of the API by its operations, of everything else by the sources of its routers.
pub fn declared() -> BTreeSet<(String, String)> {
    let api = web::api::operations();
    let api = api.iter().map(|op| (op.method.to_uppercase(), format!("{}{}", web::api::API, op.path)));
    let mut all: BTreeSet<(String, String)> = api.collect();
    assert!(all.len() > 40, "the operations were read: {}", all.len());
    let before = all.len();
    of_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    assert!(all.len() > before + 80, "the routers were read: {}", all.len() - before);
    all
}

/// Reads each `.route("address", get(…).post(…))`. Any other way to declare one is refused here, so that
/// no route is out of sight.
fn of_sources(folder: &Path, all: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            of_sources(&path, all);
            continue;
        }
        let (text, file) = (std::fs::read_to_string(&path).unwrap(), path.display());
        for other in
            [".route_service(", ".nest_service(", ".fallback_service(", ".method_not_allowed(", "any("]
        {
            let found = text.lines().any(|line| line.trim_start().starts_with(other));
            assert!(!found, "{file}: {other} declares a route that the matrix cannot read");
        }
        for part in text.split(".route(").skip(1) {
            let declared = balanced(part);
            // The API's one loop over its operations, read above.
            if declared == "&path, operation.route" {
                continue;
            }
            let mut quoted = declared.split('"');
            let address = (quoted.next().unwrap_or("x").trim().is_empty()).then(|| quoted.next()).flatten();
            let address =
                address.unwrap_or_else(|| panic!("{file}: a route without its address: {declared}"));
            let methods = declared[declared.find(',').unwrap_or_default()..].to_owned();
            let mut some = false;
            for method in ["get", "post", "put", "patch", "delete"] {
                let called = format!("{method}(");
                if methods
                    .match_indices(&called)
                    .any(|(at, _)| !methods[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
                {
                    all.insert((method.to_uppercase(), address.to_owned()));
                    some = true;
                }
            }
            assert!(some, "{file}: a route without a method: {declared}");
        }
    }
}

/// What stands before the bracket that closes.
fn balanced(text: &str) -> &str {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return text[..at].trim();
        }
    }
    panic!("a bracket that nothing closes: {text:.80}")
}

/// The route that a row is answered by: the one that spells most of it.
pub fn route_of<'a>(row: &Row, all: &'a BTreeSet<(String, String)>) -> Option<&'a (String, String)> {
    let path = row.path.split('?').next().unwrap_or_default();
    let asked: Vec<&str> = path.split('/').collect();
    let spelt = |route: &str| {
        let declared: Vec<&str> = route.split('/').collect();
        let rest = declared.last().is_some_and(|last| *last == "{path}");
        let fits = declared.len() == asked.len() || (rest && declared.len() <= asked.len());
        let is = |(d, a): (&&str, &&str)| d == a || d.starts_with('{');
        if !fits || !declared.iter().zip(&asked).all(is) {
            return None;
        }
        Some(declared.iter().zip(&asked).filter(|(d, a)| d == a).count())
    };
    let of_method = all.iter().filter(|(method, _)| method == row.method);
    of_method.filter_map(|r| Some((spelt(&r.1)?, r))).max_by_key(|(n, _)| *n).map(|(_, r)| r)
}
