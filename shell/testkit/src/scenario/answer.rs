//! What a use case answered, as facts that a person can expect and reasons that they can read.

use app::AppError;
use base::{Lang, Money, Reason};

/// Facts by name, in order; a name may come several times.
#[derive(Default)]
pub(super) struct Answer {
    facts: Vec<(String, String)>,
    reasons: Vec<String>,
}

impl Answer {
    pub fn say(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.facts.push((plain(&key.into()), plain(&value.into())));
    }

    pub fn money(&mut self, key: impl Into<String>, value: Money) {
        self.say(key, value.show(Lang::Fr));
    }

    /// Adds reasons under a heading; none is added without reasons.
    pub fn why(&mut self, heading: &str, reasons: &[Reason]) {
        if !heading.is_empty() && !reasons.is_empty() {
            self.reasons.push(format!("  {}", plain(heading)));
        }
        let indent = if heading.is_empty() { "  " } else { "    " };
        self.reasons.extend(reasons.iter().map(|r| format!("{indent}– {}", plain(&r.show(Lang::Fr)))));
    }

    /// The clauses that reasons cite, each once, as facts that can be expected.
    pub fn cite(&mut self, reasons: &[Reason]) {
        for clause in reasons.iter().filter_map(|r| r.cites.as_ref()) {
            let cited = ("article".to_owned(), plain(&clause.cite()));
            if !self.facts.contains(&cited) {
                self.facts.push(cited);
            }
        }
    }

    /// What was refused, and why; a fault of ours is no answer.
    pub fn refused(error: AppError) -> Result<Answer, String> {
        let mut answer = Answer::default();
        match error {
            AppError::Refused(refusal) => {
                answer.say("refus", &refusal.code);
                answer.say("message", refusal.text.get(Lang::Fr));
                answer.cite(&refusal.reasons);
                answer.why("", &refusal.reasons);
            }
            AppError::Invalid(invalid) => {
                answer.say("refus", format!("valeur : {}", invalid.field));
                answer.say("message", invalid.text.get(Lang::Fr));
            }
            AppError::NotFound => answer.say("refus", "introuvable"),
            AppError::IdempotencyConflict => answer.say("refus", "clé déjà employée"),
            AppError::DoesNotCompile { fr, .. } => {
                answer.say("refus", "ne compile pas");
                answer.reasons.extend(fr.lines().map(|l| format!("  {l}")));
            }
            other => return Err(other.to_string()),
        }
        Ok(answer)
    }

    /// Whether one of the facts of this name has this value.
    pub fn check(&self, key: &str, value: &str) -> Result<(), String> {
        let (key, value) = (plain(key), plain(value));
        let found: Vec<&str> =
            self.facts.iter().filter(|(k, _)| *k == key).map(|(_, v)| v.as_str()).collect();
        if found.contains(&value.as_str()) {
            return Ok(());
        }
        if found.is_empty() {
            let known: Vec<&str> = self.facts.iter().map(|(k, _)| k.as_str()).collect();
            return Err(format!("nothing is said of « {key} », only of: {}", known.join(", ")));
        }
        Err(format!("« {key} » is {}, not {value}", found.join(", ")))
    }

    pub fn show(&self) -> String {
        let facts = self.facts.iter().map(|(key, value)| format!("  {key} = {value}"));
        facts.chain(self.reasons.iter().cloned()).map(|line| line + "\n").collect()
    }
}

/// Ordinary spaces only: what a person types.
pub(super) fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").trim().to_owned()
}
