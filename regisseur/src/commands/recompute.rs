//! `regisseur clock recompute`: every due instant worked out again from the contracts, and compared.

use std::fmt::Write;
use std::path::Path;

use app::ticket::{Differing, Recomputed};
use base::{Bilingual, Lang};
use events::ClockMark;
use serde_json::{Value, json};

use super::{customer, inspect};
use crate::cli::Shown;
use crate::output::{Failure, Report};

/// Ends with 1 when a clock is not the one kept.
pub fn run(data: &Path, customer: Option<&str>, every: bool, shown: Shown) -> Result<Report, Failure> {
    let app = inspect(data)?;
    let done = app.recompute_clocks(customer, every).map_err(|e| customer::unknown(e, customer))?;
    let code = u8::from(done.iter().any(|one| one.different > 0));
    if shown.json {
        return Ok(Report::json(&done.iter().map(as_json).collect::<Value>(), code));
    }
    let lang = shown.lang.into();
    let text = done.iter().map(|one| as_text(one, lang)).collect();
    Ok(Report { text, code, aside: false })
}

fn as_json(done: &Recomputed) -> Value {
    let marks =
        |marks: &[ClockMark]| {
            marks.iter().map(|m| {
            json!({ "promise": m.promise.key(), "round": m.round, "label": m.label, "due": instant(m.due),
                "stopped": instant(m.stopped), "late_seconds": m.late_seconds })
        }).collect::<Value>()
        };
    json!({
        "customer": done.customer, "tickets": done.tickets, "clocks": done.clocks, "late": done.late,
        "different": done.different,
        "differing": done.differing.iter().map(|d| json!({
            "ticket": d.number, "kept": marks(&d.kept), "worked_out": marks(&d.worked_out),
        })).collect::<Value>(),
    })
}

fn instant(micros: Option<i64>) -> Option<String> {
    micros.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).map(|at| at.to_string())
}

fn as_text(done: &Recomputed, lang: Lang) -> String {
    let Recomputed { customer, tickets, clocks, late, different, .. } = done;
    let same = Bilingual::new(
        format!("{customer}\u{a0}: {clocks} échéances de {tickets} tickets recalculées, {late} dépassées"),
        format!("{customer}: {clocks} clocks of {tickets} tickets worked out again, {late} late"),
    );
    let end = if *different == 0 {
        lang.t("\u{a0}; toutes sont celles gardées.", "; all are those kept.").to_owned()
    } else {
        lang.t(
            format!("\u{a0}; {different} tickets DIFFÈRENT de ce qui est gardé."),
            format!("; {different} tickets DIFFER from what is kept."),
        )
    };
    let mut text = format!("{}{end}\n", same.get(lang));
    for one in &done.differing {
        difference(&mut text, one, lang);
    }
    text
}

fn difference(text: &mut String, one: &Differing, lang: Lang) {
    let said = |marks: &[ClockMark]| -> String {
        let each = marks.iter().map(|m| {
            let due = instant(m.due).unwrap_or_else(|| "–".to_owned());
            format!("{} ({}) {due}", m.promise.key(), m.label)
        });
        each.collect::<Vec<_>>().join(", ")
    };
    let number = one.number;
    let line = lang.t(
        format!("  n°\u{a0}{number}\u{a0}: gardé {} ; recalculé {}", said(&one.kept), said(&one.worked_out)),
        format!("  {number}: kept {}; worked out {}", said(&one.kept), said(&one.worked_out)),
    );
    let _ = writeln!(text, "{line}");
}
