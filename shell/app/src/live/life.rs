//! The contract's term, and the rights to end it early.

use base::lang::date;
use base::{Because, Bilingual};
use engines::lifecycle::{Access, DeadlineKind, RightState};
use jiff::civil::Date;

use super::reading::Reading;
use super::{ClauseLive, Evidence, See, Standing, both};

pub(super) fn parts(reading: &Reading<'_>, label: &str) -> Vec<ClauseLive> {
    let mut parts: Vec<ClauseLive> =
        reading.rights.iter().filter(|r| r.value.label == label).map(right).collect();
    if reading.terms.term.as_ref().is_some_and(|r| r.label() == label) {
        parts.push(term(reading, label));
    }
    parts
}

/// « dernier jour pour dénoncer : le 30 novembre 2028 ».
fn term(reading: &Reading<'_>, label: &str) -> ClauseLive {
    let mine: Vec<_> = reading.deadlines.iter().filter(|d| d.value.label == label).collect();
    let notice = mine.iter().find(|d| d.value.kind == DeadlineKind::Notice);
    let figure = notice.or(mine.first()).map(|d| {
        both(|lang| {
            let (title, on) = (d.value.title.get(lang), date(lang, d.value.on));
            lang.t(format!("{title}\u{a0}: le {on}"), format!("{title}: {on}"))
        })
    });
    let over = Bilingual::new("sans échéance à venir", "no deadline ahead");
    ClauseLive {
        standing: Standing::Applied,
        figure: Some(figure.unwrap_or(over)),
        exact: None,
        evidence: mine.iter().flat_map(|d| &d.reasons).map(|r| told(r.text.clone())).collect(),
    }
}

fn right(right: &Because<RightState>) -> ClauseLive {
    let (standing, figure) = match right.value.access {
        // A right that may be used at any time has no day since which it is open.
        Access::Open { since: Date::MIN, until: None } => {
            (Standing::Applied, Bilingual::new("droit ouvert à tout moment", "open at any time"))
        }
        Access::Open { since, until } => (Standing::Applied, open(since, until)),
        Access::Curing { until } => (
            Standing::AtRisk,
            on(until, "mise en demeure en cours, jusqu'au", "formal notice running, until"),
        ),
        Access::NotBefore { on: day } => {
            (Standing::NotYetDue, on(day, "droit qui s'ouvre le", "right that opens on"))
        }
        Access::Waiting => (
            Standing::NotYetDue,
            Bilingual::new("droit fermé\u{a0}: rien ne l'ouvre encore", "closed: nothing opens it yet"),
        ),
        Access::Lapsed { on: day } => {
            (Standing::Applied, on(day, "droit éteint depuis le", "right lapsed since"))
        }
    };
    let evidence = right.reasons.iter().map(|r| told(r.text.clone())).collect();
    ClauseLive { standing, figure: Some(figure), exact: None, evidence }
}

fn open(since: Date, until: Option<Date>) -> Bilingual {
    both(|lang| {
        let until = until.map_or_else(String::new, |u| {
            let u = date(lang, u);
            lang.t(format!(", jusqu'au {u}"), format!(", until {u}"))
        });
        let since = if since == Date::MIN {
            String::new()
        } else {
            let since = date(lang, since);
            lang.t(format!(" depuis le {since}"), format!(" since {since}"))
        };
        lang.t(format!("droit ouvert{since}{until}"), format!("right open{since}{until}"))
    })
}

fn on(day: Date, fr: &str, en: &str) -> Bilingual {
    both(|lang| format!("{} {}", lang.t(fr, en), date(lang, day)))
}

fn told(text: Bilingual) -> Evidence {
    Evidence { text, see: See::Nothing }
}
