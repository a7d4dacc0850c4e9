//! An interruption as it was measured, beside the one that was foreseen.

use base::Lang;
use jiff::Timestamp;

use crate::say::say;

/// What a change that has ended interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Downtime {
    /// The plan's, in minutes; zero for none.
    pub foreseen_minutes: u32,
    /// Begun minutes count whole; zero when nothing was interrupted.
    pub measured_minutes: u32,
}

impl Downtime {
    /// `measured` is `None` when nothing was interrupted.
    pub fn new(foreseen_minutes: u32, measured: Option<(Timestamp, Timestamp)>) -> Downtime {
        let seconds = measured.map_or(0, |(from, until)| until.duration_since(from).as_secs().max(0));
        let measured_minutes = u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX);
        Downtime { foreseen_minutes, measured_minutes }
    }

    /// Whether it lasted longer than the customer was told.
    pub fn is_longer(self) -> bool {
        self.measured_minutes > self.foreseen_minutes
    }

    /// « interruption mesurée : 41 min, prévue : 30 min », without a capital nor a stop.
    pub fn say(self, lang: Lang) -> String {
        let Downtime { foreseen_minutes: foreseen, measured_minutes: measured } = self;
        match (lang, measured, foreseen) {
            (Lang::Fr, 0, 0) => "sans interruption".to_owned(),
            (Lang::En, 0, 0) => "without any interruption".to_owned(),
            (Lang::Fr, 0, _) => format!("sans interruption, prévue\u{a0}: {foreseen} min"),
            (Lang::En, 0, _) => format!("without any interruption, foreseen: {foreseen} min"),
            (Lang::Fr, _, 0) => format!("interruption mesurée\u{a0}: {measured} min, aucune n’était prévue"),
            (Lang::En, _, 0) => format!("interruption measured: {measured} min, none was foreseen"),
            (Lang::Fr, ..) => {
                format!("interruption mesurée\u{a0}: {measured} min, prévue\u{a0}: {foreseen} min")
            }
            (Lang::En, ..) => format!("interruption measured: {measured} min, foreseen: {foreseen} min"),
        }
    }

    /// What the page warns of; `None` while it lasted no longer than was told.
    pub fn warning(self) -> Option<base::Reason> {
        self.is_longer().then(|| {
            let over = self.measured_minutes - self.foreseen_minutes;
            say("change.longer_downtime", |lang| {
                lang.t(
                    format!("L'interruption a duré {over} min de plus que ce qui était annoncé."),
                    format!("The interruption lasted {over} min longer than was announced."),
                )
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_is_told_beside_the_one_foreseen() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let down = |foreseen, until| Downtime::new(foreseen, Some((at("2026-06-21T00:10:00Z"), at(until))));
        let long = down(30, "2026-06-21T00:51:00Z");
        assert_eq!(long.say(Lang::Fr), "interruption mesurée\u{a0}: 41 min, prévue\u{a0}: 30 min");
        assert_eq!(long.warning().unwrap().code, "change.longer_downtime");
        let kept = down(30, "2026-06-21T00:40:00Z");
        assert!(!kept.is_longer() && kept.warning().is_none());
        // A minute begun is a minute.
        assert!(down(30, "2026-06-21T00:40:01Z").is_longer());
        assert_eq!(
            down(0, "2026-06-21T00:15:00Z").say(Lang::En),
            "interruption measured: 5 min, none was foreseen"
        );
        assert_eq!(Downtime::new(30, None).say(Lang::Fr), "sans interruption, prévue\u{a0}: 30 min");
    }
}
