//! `regisseur journal`: re-derives the journals and names the first wrong entry; erases personal content.

use std::fmt::Write;
use std::path::Path;

use app::privacy::Forget;
use app::proof::Verification;
use app::{Act, App, Settings};
use base::Lang;
use serde_json::{Value, json};

use super::{HOST, inspect};
use crate::cli::Shown;
use crate::cli::account::{Erase, Ground};
use crate::output::{Failure, Report};

pub fn verify(data: &Path, customer: Option<&str>, shown: Shown) -> Result<Report, Failure> {
    let app = inspect(data)?;
    let logs = app.verify_journals(customer).map_err(|e| super::customer::unknown(e, customer))?;
    let code = u8::from(logs.iter().any(|l| !l.sound));
    let lang = shown.lang.into();
    if shown.json {
        return Ok(Report::json(&as_json(&logs, lang), code));
    }
    Ok(Report { text: as_text(&logs, lang), code, aside: false })
}

fn as_json(logs: &[Verification], lang: Lang) -> Value {
    let each: Vec<Value> = logs
        .iter()
        .map(|l| {
            json!({
                "log": l.log,
                "entries": l.entries,
                "checkpoints": l.checkpoints,
                "sound": l.sound,
                "first_wrong_entry": l.first_wrong_entry,
                "erasures": l.erasures.iter().map(|e| json!({
                    "entry": e.seq, "contents": e.contents,
                    "at": jiff::Timestamp::from_microsecond(e.at).map(|at| at.to_string()).ok(),
                })).collect::<Vec<_>>(),
                "findings": l.findings.iter().map(|f| f.get(lang)).collect::<Vec<_>>(),
                "remarks": l.remarks.iter().map(|r| r.get(lang)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "sound": logs.iter().all(|l| l.sound), "logs": each })
}

fn as_text(logs: &[Verification], lang: Lang) -> String {
    let mut text = String::new();
    for log in logs {
        let _ = writeln!(text, "{}", log.line(lang));
        for finding in log.findings.iter().chain(&log.remarks) {
            let _ = writeln!(text, "  {}", finding.get(lang));
        }
    }
    text
}

/// Erases what is named, as the person named, who must have the right.
pub fn erase(asked: &Erase) -> Result<Report, Failure> {
    let app = App::open(&asked.data, Settings::real(HOST))?;
    let permit = app.person_of(&asked.by)?.permit(Act::Erase, app.find_customer(&asked.customer)?)?;
    let what = match (asked.ticket, &asked.person) {
        (Some(number), _) => Forget::Ticket(number),
        (None, Some(email)) => Forget::Person(app.person_of(email)?.account),
        (None, None) => Forget::Entries(asked.entry.iter().copied().collect()),
    };
    let ground = match asked.ground {
        Ground::Request => events::Ground::Request,
        Ground::Retention => events::Ground::Retention,
        Ground::Mistake => events::Ground::Mistake,
    };
    let done = app.erase(&permit, &super::fresh_key()?, &what, ground)?;
    if asked.shown.json {
        let document = json!({
            "entry": done.entry, "contents": done.contents, "entries": done.entries, "left": done.left,
        });
        return Ok(Report::json(&document, 0));
    }
    let (entry, contents) = (done.entry, done.contents);
    let lang = Lang::from(asked.shown.lang);
    let mut said = lang.t(
        format!("Effacés : {contents} contenus, sous l'entrée {entry}.\n"),
        format!("Erased: {contents} contents, under entry {entry}.\n"),
    );
    if !done.left.is_empty() {
        let left = done.left.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        said += &lang.t(
            format!("Laissées : d'autres portent ce nom. Lisez ces entrées, effacez les siennes par --entry : {left}.\n"),
            format!("Left: others bear this name. Read these entries, erase theirs by --entry: {left}.\n"),
        );
    }
    Ok(Report::ok(said))
}
