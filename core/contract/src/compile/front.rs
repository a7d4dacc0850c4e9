//! The front matter: which contract this is, in which language, read with which semantics.

use base::{Currency, Lang};
use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, MOST_REMARKS, nearest, suggestion};
use crate::source::{Node, Source, Span, Value};

/// What stands between the two `+++`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The contract's number.
    pub contract: String,
    pub title: Option<String>,
    pub customer: Option<String>,
    pub provider: Option<String>,
    pub language: Lang,
    pub semantics: u32,
    pub currency: Currency,
    /// IANA name, `Europe/Paris` unless written.
    pub zone: String,
    pub signed: Option<Date>,
    /// An amendment: the number of the contract it amends.
    pub amends: Option<String>,
    /// An amendment: its first day.
    pub effective: Option<Date>,
    /// The trades it combines; `infogerance` when none is written.
    pub trades: Vec<String>,
    /// The customer's sector, which switches rule packs on: `industry`, `financial`, `health`, `public`…
    pub sector: Option<String>,
    /// Rule packs asked for besides those of the sector and of the trades.
    pub rule_packs: Vec<String>,
    /// Rule packs set aside, each with its reason.
    pub without_packs: Vec<(String, String)>,
    pub arrangement: Arrangement,
    /// An order: the number of the overarching contract it stands on.
    pub order_of: Option<String>,
    /// A subcontract: the number of the customer's contract it serves.
    pub subcontract_of: Option<String>,
    pub(super) spans: Vec<(String, Span)>,
}

/// How a contract stands to others (Implementing Regulation (EU) 2024/2956, B_02.01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    #[default]
    Standalone,
    /// Orders stand on it.
    Overarching,
    Subsequent,
}

/// The trades that the seeds name (003 and 004), and infogérance at large.
pub const TRADES: [&str; 4] = ["infogerance", "tma", "asp", "bpo"];

pub const SECTORS: [&str; 9] =
    ["industry", "services", "retail", "financial", "health", "public", "education", "association", "other"];

const KEYS: [&str; 18] = [
    "trades",
    "sector",
    "rule_packs",
    "without_packs",
    "arrangement",
    "order_of",
    "subcontract_of",
    "contract",
    "title",
    "customer",
    "provider",
    "language",
    "semantics",
    "currency",
    "zone",
    "signed",
    "amends",
    "effective",
];

/// The reading of texts that this compiler knows.
const SEMANTICS: u32 = 1;

impl FrontMatter {
    /// Where a key's value is written.
    pub(crate) fn span_of(&self, key: &str) -> Option<Span> {
        self.spans.iter().find(|(k, _)| k == key).map(|(_, s)| *s)
    }
}

pub(super) fn read(source: &Source, out: &mut Vec<Diagnostic>) -> FrontMatter {
    let mut reader = Reader { source, out };
    let text = |r: &mut Reader<'_>, key| r.text(key);
    let amends = text(&mut reader, "amends");
    let order_of = text(&mut reader, "order_of");
    // What stands on another text is read as the other is.
    let over = amends.is_some() || order_of.is_some();
    let contract = match (&amends, reader.text("contract")) {
        (_, Some(number)) => number,
        (Some(base), None) => base.clone(),
        (None, None) => {
            reader.missing("contract", "\"CTR-2026-001\"");
            String::new()
        }
    };
    let front = FrontMatter {
        contract,
        title: reader.text("title"),
        customer: reader.text("customer"),
        provider: reader.text("provider"),
        language: reader.language(over),
        semantics: reader.semantics(over),
        currency: reader.currency(),
        zone: reader.zone(),
        signed: reader.date("signed"),
        effective: reader.date("effective"),
        trades: reader.words("trades", &TRADES),
        sector: reader.words("sector", &SECTORS).pop(),
        rule_packs: reader.words("rule_packs", &[]),
        without_packs: reader.reasons("without_packs"),
        arrangement: reader.arrangement(),
        order_of,
        subcontract_of: reader.text("subcontract_of"),
        amends,
        spans: source.front.iter().map(|e| (e.key.clone(), e.value.span)).collect(),
    };
    reader.unknown();
    front
}

struct Reader<'a> {
    source: &'a Source,
    out: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        self.source.front.iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// Nothing is said of keys when the front matter as a whole is not there: that was said already.
    fn missing(&mut self, key: &str, model: &str) {
        let near =
            |e: &crate::source::Entry| !KEYS.contains(&e.key.as_str()) && nearest(&e.key, KEYS) == Some(key);
        if self.source.front_span.end == 0 || self.source.front.iter().take(MOST_REMARKS).any(near) {
            return;
        }
        let span = Span { end: self.source.front_span.start + 3, ..self.source.front_span };
        self.out.push(
            Diagnostic::error(
                "E-FRONT-KEY",
                span,
                format!("il manque « {key} » dans l'en-tête"),
                format!("“{key}” is missing from the front matter"),
            )
            .help(format!("ajoutez {key} = {model}"), format!("add {key} = {model}")),
        );
    }

    fn wrong(&mut self, key: &str, model: &str) {
        let Some(span) = self.value(key).map(|v| v.span) else { return };
        self.out.push(
            Diagnostic::error(
                "E-FRONT-VALUE",
                span,
                format!("« {key} » ne s'écrit pas ainsi"),
                format!("“{key}” is not written like this"),
            )
            .help(format!("écrivez {key} = {model}"), format!("write {key} = {model}")),
        );
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        let text = value.as_text().filter(|t| !t.trim().is_empty()).map(str::to_owned);
        if text.is_none() {
            self.wrong(key, "\"…\"");
        }
        text
    }

    fn date(&mut self, key: &str) -> Option<Date> {
        match self.value(key)?.node {
            Node::Date(date) => Some(date),
            _ => {
                self.wrong(key, "2026-03-01");
                None
            }
        }
    }

    fn language(&mut self, over: bool) -> Lang {
        match self.value("language").map(|v| v.as_text().and_then(Lang::from_tag)) {
            Some(Some(lang)) => lang,
            Some(None) => {
                self.wrong("language", "\"fr\"");
                Lang::Fr
            }
            None => {
                if !over {
                    self.missing("language", "\"fr\"");
                }
                Lang::Fr
            }
        }
    }

    fn semantics(&mut self, over: bool) -> u32 {
        match self.value("semantics").map(|v| v.node.clone()) {
            Some(Node::Integer(1)) => {}
            Some(_) => self.wrong("semantics", "1"),
            None if over => {}
            None => self.missing("semantics", "1"),
        }
        SEMANTICS
    }

    fn currency(&mut self) -> Currency {
        let Some(value) = self.value("currency") else { return Currency::EUR };
        let found = Currency::ALL.into_iter().find(|c| value.as_text() == Some(c.code()));
        if found.is_none() {
            self.wrong("currency", "\"EUR\"");
        }
        found.unwrap_or_default()
    }

    fn zone(&mut self) -> String {
        match self.text("zone") {
            Some(zone) if engines::calendar::zone(&zone).is_ok() => zone,
            Some(_) => {
                self.wrong("zone", "\"Europe/Paris\"");
                "Europe/Paris".to_owned()
            }
            None => "Europe/Paris".to_owned(),
        }
    }

    /// A word, or a list of words, of a closed list; an empty list takes any word.
    fn words(&mut self, key: &str, known: &[&str]) -> Vec<String> {
        let Some(value) = self.value(key).cloned() else { return Vec::new() };
        let model = format!("\"{}\"", known.first().unwrap_or(&"gdpr"));
        let values = match &value.node {
            Node::Text(_) => vec![value.clone()],
            Node::Array(values) => values.clone(),
            _ => {
                self.wrong(key, &model);
                return Vec::new();
            }
        };
        let mut words = Vec::new();
        for one in &values {
            match one.as_text() {
                Some(word) if known.is_empty() || known.contains(&word) => words.push(word.to_owned()),
                Some(word) => {
                    let help = suggestion(word, known.iter().copied());
                    self.out.push(
                        Diagnostic::error(
                            "E-FRONT-VALUE",
                            one.span,
                            format!("« {word} » n'est pas une valeur de « {key} »"),
                            format!("“{word}” is not a value of “{key}”"),
                        )
                        .help(help.fr, help.en),
                    );
                }
                None => self.wrong(key, &model),
            }
        }
        words
    }

    /// `{ dora = "le Client n'est pas une entité financière" }`.
    fn reasons(&mut self, key: &str) -> Vec<(String, String)> {
        let model = "{ dora = \"raison\" }";
        let Some(entries) = self.value(key).map(|v| v.as_table().map(<[_]>::to_vec)) else {
            return Vec::new();
        };
        let read: Option<Vec<_>> = entries.and_then(|entries| {
            let reason = |v: &Value| v.as_text().filter(|t| !t.trim().is_empty()).map(str::to_owned);
            entries.iter().map(|e| Some((e.key.clone(), reason(&e.value)?))).collect()
        });
        if read.is_none() {
            self.wrong(key, model);
        }
        read.unwrap_or_default()
    }

    fn arrangement(&mut self) -> Arrangement {
        match self.words("arrangement", &["standalone", "overarching", "subsequent"]).pop().as_deref() {
            Some("overarching") => Arrangement::Overarching,
            Some("subsequent") => Arrangement::Subsequent,
            _ => Arrangement::Standalone,
        }
    }

    fn unknown(&mut self) {
        let unknown = self.source.front.iter().filter(|e| !KEYS.contains(&e.key.as_str()));
        // One more than are kept, so that it is said that some are left out.
        for entry in unknown.take(MOST_REMARKS + 1) {
            let help = suggestion(&entry.key, KEYS);
            self.out.push(
                Diagnostic::error(
                    "E-FRONT-UNKNOWN",
                    entry.key_span,
                    format!("la clé « {} » n'existe pas dans l'en-tête", entry.key),
                    format!("there is no key “{}” in the front matter", entry.key),
                )
                .help(help.fr, help.en),
            );
        }
    }
}
