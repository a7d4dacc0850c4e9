//! Whether two answers tell two things apart.

use axum::http::{HeaderMap, StatusCode};

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What is compared: the status, every header and the body, with what was asked about, which the
    /// answer may repeat, and the fresh key of a form made the same.
    fn leveled(&self, asked: &[String]) -> String {
        let mut text = format!("{}\n", self.status);
        for (name, value) in &self.headers {
            text += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
        text += &self.text();
        // The longest first: one may hold another.
        let mut asked: Vec<&String> = asked.iter().collect();
        asked.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in asked {
            if value.len() > 3 {
                text = text.replace(value.as_str(), "‹asked›");
                continue;
            }
            // A number is repeated as a part of an address, or after a sign of its own.
            for before in ["/", "%2F", "=", "%3D", "#", "t", " ", "\u{a0}", "value=\""] {
                text = text.replace(&format!("{before}{value}"), &format!("{before}‹asked›"));
            }
        }
        without_keys(&text)
    }
}

/// Each page carries a fresh key in its forms.
fn without_keys(text: &str) -> String {
    let mut parts = text.split("name=\"key\" value=\"");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole += "name=\"key\" value=\"";
        whole += part.split_once('"').map_or(part, |(_, rest)| rest);
    }
    whole
}

/// What tells one answer from the other, if anything does.
pub fn told_apart(one: &Answer, other: &Answer, asked: &[String]) -> Option<String> {
    let (one, other) = (one.leveled(asked), other.leveled(asked));
    if one == other {
        return None;
    }
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| -> String { text.chars().skip(same.saturating_sub(40)).take(120).collect() };
    Some(format!("«{}» against «{}»", around(&one), around(&other)))
}
