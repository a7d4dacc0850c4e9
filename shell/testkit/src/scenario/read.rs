//! Reading a scenario's file.

use jiff::civil::DateTime;

use super::answer::plain;

/// A scenario as written.
pub(super) struct Scenario {
    /// The contract's file, unless it is in the scenario itself.
    pub contract: Option<String>,
    pub signed: String,
    pub proves: Vec<String>,
    /// The texts in blocks: their word, their name, their text.
    pub texts: Vec<Text>,
    pub rows: Vec<Row>,
    pub trace: String,
    /// The bytes between the fences of the trace, if there is one.
    place: Option<std::ops::Range<usize>>,
}

pub(super) struct Text {
    /// `contract` or `avenant`.
    pub word: String,
    pub name: String,
    pub text: String,
}

/// One act.
pub(super) struct Row {
    pub line: usize,
    pub when: String,
    pub who: String,
    pub act: String,
    pub detail: String,
    pub args: Vec<(String, String)>,
    pub expected: Vec<(String, String)>,
}

impl Row {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.args.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    pub fn owned(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    /// A number, or what stands for its absence.
    pub fn number<T: std::str::FromStr>(&self, key: &str, absent: T) -> Result<T, String> {
        let Some(text) = self.get(key) else { return Ok(absent) };
        text.parse().map_err(|_| format!("« {key} = {text} » is not a number"))
    }

    /// Every argument must be one of these: a misspelt one would be passed over in silence.
    pub fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.args.iter().find(|(k, _)| !known.contains(&k.as_str())) {
            Some((key, _)) => {
                Err(format!("« {} » takes no « {key} »; known: {}", self.act, known.join(", ")))
            }
            None => Ok(()),
        }
    }
}

impl Scenario {
    pub fn read(text: &str) -> Result<Scenario, String> {
        let rest = text.strip_prefix("+++\n").ok_or("it begins with +++")?;
        let (front, _) = rest.split_once("\n+++\n").ok_or("its front matter ends with +++")?;
        let front: toml::Table = front.parse().map_err(|e| format!("front matter: {e}"))?;
        let list = |key: &str| front.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let mut scenario = Scenario {
            contract: front.get("contract").and_then(toml::Value::as_str).map(str::to_owned),
            signed: front
                .get("signed")
                .map_or_else(|| crate::instance::START.to_owned(), ToString::to_string),
            proves: list("proves").iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
            texts: Vec::new(),
            rows: Vec::new(),
            trace: String::new(),
            place: None,
        };
        scenario.body(text)?;
        in_order(&scenario.rows)?;
        Ok(scenario)
    }

    fn body(&mut self, text: &str) -> Result<(), String> {
        let mut offset = 0;
        let mut block: Option<(String, String, usize)> = None;
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let start = offset;
            offset += line.len();
            let line = line.trim_end();
            match &block {
                Some((fence, info, from)) if line == fence => {
                    self.block(info, text, *from..start);
                    block = None;
                }
                Some(_) => {}
                None if line.starts_with("```") => {
                    let fence: String = line.chars().take_while(|c| *c == '`').collect();
                    block = Some((fence.clone(), line[fence.len()..].trim().to_owned(), offset));
                }
                None if line.starts_with('|') => self.rows.extend(row(number, line)?),
                None => {}
            }
        }
        match block {
            Some((_, info, _)) => Err(format!("the block « {info} » is not closed")),
            None => Ok(()),
        }
    }

    fn block(&mut self, info: &str, text: &str, place: std::ops::Range<usize>) {
        let (word, name) = info.split_once(' ').unwrap_or((info, ""));
        let content = text[place.clone()].to_owned();
        if word == "trace" {
            self.trace = content;
            self.place = Some(place);
        } else {
            self.texts.push(Text { word: word.to_owned(), name: name.trim().to_owned(), text: content });
        }
    }

    pub fn text(&self, word: &str, name: &str) -> Option<&str> {
        self.texts.iter().find(|t| t.word == word && t.name == name).map(|t| t.text.as_str())
    }

    /// The file with another trace.
    pub fn with_trace(&self, text: &str, trace: &str) -> String {
        match &self.place {
            Some(place) => [&text[..place.start], trace, &text[place.end..]].concat(),
            None => format!("{}\n\n```trace\n{trace}```\n", text.trim_end()),
        }
    }
}

/// A row of the timeline; the heading and its rule are none, nor is another table.
fn row(line: usize, text: &str) -> Result<Option<Row>, String> {
    let cells: Vec<String> =
        text.trim_matches('|').split('|').map(|cell| plain(&cell.replace("\\|", "|"))).collect();
    let starts_with_a_date = cells[0].starts_with(|c: char| c.is_ascii_digit());
    if !starts_with_a_date {
        return Ok(None);
    }
    let [when, who, act, detail, expected] = &cells[..] else {
        return Err(format!("line {line}: five cells are expected: Quand, Qui, Fait, Détail, Attendu"));
    };
    let pairs = |text: &str| pairs(text).map_err(|e| format!("line {line}: {e}"));
    Ok(Some(Row {
        line,
        when: when.clone(),
        who: who.clone(),
        act: act.clone(),
        detail: detail.clone(),
        args: pairs(detail)?,
        expected: pairs(expected)?,
    }))
}

/// `clé = valeur ; clé = valeur`.
fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    text.split(';')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) =
                pair.split_once('=').ok_or(format!("« {pair} »: « clé = valeur » is expected"))?;
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

fn in_order(rows: &[Row]) -> Result<(), String> {
    let mut before: Option<DateTime> = None;
    for row in rows {
        let when: DateTime = row
            .when
            .replace(' ', "T")
            .parse()
            .map_err(|_| format!("line {}: « 2026-04-30 17:30 »", row.line))?;
        if before.is_some_and(|before| when < before) {
            return Err(format!("line {}: it happens before the line above", row.line));
        }
        before = Some(when);
    }
    if rows.is_empty() { Err("it has no timeline".to_owned()) } else { Ok(()) }
}
