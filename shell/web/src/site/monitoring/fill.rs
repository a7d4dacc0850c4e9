//! From the use case's answer to the page's view.

use std::collections::BTreeSet;

use app::service::Services;
use base::Fraction;
use base::id::AccountId;
use base::lang::{elapsed, percent};
use engines::availability::Measure;
use engines::objective::{Standing, Verdict};
use engines::period::Span;
use events::{OutageOrigin, ServiceState};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use super::super::words;
use crate::design::components::{Choice, Reason, Tone};
use crate::design::{CustomerRef, Lang};
use crate::pages::monitoring::{
    Forms, Mark, MonthState, Outage, Service, Strip, View, Window, origins, states,
};

/// `key` is that of the forms, for those who may write.
pub fn view(
    services: &Services,
    customer: &CustomerRef,
    key: Option<String>,
    name: &dyn Fn(&AccountId) -> String,
    lang: Lang,
) -> View {
    let filling =
        Filling { services, customer, lang, zone: &services.agreement.latest().compiled.terms.zone };
    let today = services.agreement.local_date(services.at);
    let month = Span::month(services.month);
    let before = Span::month(month.first.yesterday().unwrap_or(month.first));
    let first = services.agreement.history.versions.first().map(|v| v.effective);
    View {
        customer: customer.clone(),
        month: services.month,
        state: match () {
            () if services.closed => MonthState::Closed,
            () if month.first > today => MonthState::ToCome,
            () if month.next <= today => MonthState::Ended,
            () => MonthState::Running,
        },
        previous: first.filter(|first| *first < month.first).map(|_| before.first),
        // Maintenance is announced for months to come: one is shown beyond today's.
        next: (month.first <= today).then_some(month.next),
        services: services.measures.iter().map(|m| filling.service(m)).collect(),
        outages: services.outages.iter().map(|o| filling.outage(o, name)).collect(),
        windows: services.maintenance.iter().map(|w| filling.window(w, name)).collect(),
        forms: key.and_then(|key| filling.forms(key)),
    }
}

struct Filling<'a> {
    services: &'a Services,
    customer: &'a CustomerRef,
    lang: Lang,
    zone: &'a str,
}

impl Filling<'_> {
    fn at(&self, micros: i64) -> Zoned {
        self.local(Timestamp::from_microsecond(micros).unwrap_or_default())
    }

    fn local(&self, at: Timestamp) -> Zoned {
        words::in_zone(at, self.zone)
    }

    fn service(&self, measure: &Measure) -> Service {
        let (lang, core) = (self.lang, words::core(self.lang));
        let result = &measure.result.value;
        let (tone, verdict) = verdict(result.verdict, result.standing, lang);
        let clause = self
            .clauses(Span::month(self.services.month).last())
            .find(|r| r.label() == result.clause)
            .map(|r| &r.then);
        let lost = lost(result, lang);
        let spans = |list: &mut dyn Iterator<Item = (Timestamp, Timestamp)>| -> Vec<(Zoned, Zoned)> {
            list.map(|(from, until)| (self.local(from), self.local(until))).collect()
        };
        Service {
            label: result.clause.clone(),
            name: result.service.clone(),
            items: clause.map(|c| c.items.clone()).unwrap_or_default(),
            from: result.period.first,
            to: result.period.last(),
            reached: result.reached().map(|reached| percent(core, reached)),
            target: percent(core, result.target),
            tone,
            verdict: verdict.into(),
            strip: Strip {
                id: format!("strip-{}", result.clause),
                from: result.period.first,
                to: result.period.last(),
                agreed: spans(&mut measure.count.agreed_spans()),
                left_out: spans(&mut measure.count.left_out_spans()),
                lost: measure.count.lost_spans().map(|span| self.mark(span)).collect(),
                says: lost.clone(),
            },
            lost,
            reasons: words::reasons(&measure.result.reasons, Some(self.customer), lang),
        }
    }

    fn mark(&self, (from, until, weight): (Timestamp, Timestamp, Fraction)) -> Mark {
        let hundredths = (weight * Fraction::from_integer(100)).to_integer();
        Mark {
            from: self.local(from),
            until: self.local(until),
            weight: u8::try_from(hundredths).unwrap_or(100).min(100),
        }
    }

    /// Those of the version in force on a day.
    fn clauses(&self, on: Date) -> impl Iterator<Item = &terms::Rule<terms::Availability>> {
        let version = self.services.agreement.history.at(on);
        version.into_iter().flat_map(|version| &version.terms.availabilities)
    }

    fn notes(&self, id: &str) -> Vec<Reason> {
        let all = self.services.measures.iter().flat_map(|m| &m.notes).filter(|n| n.about == id);
        let mut seen = BTreeSet::new();
        let once = all.filter(|n| seen.insert(n.reason.text.get(words::core(self.lang)).to_owned()));
        once.map(|n| words::reason(&n.reason, Some(self.customer), self.lang)).collect()
    }

    fn outage(&self, o: &app::service::Standing, name: &dyn Fn(&AccountId) -> String) -> Outage {
        let id = o.id.to_string();
        let counts = self.services.measures.iter().map(|m| &m.result.value);
        let counts: BTreeSet<String> =
            counts.filter(|r| r.outages.contains(&id)).map(|r| r.service.clone()).collect();
        Outage {
            items: o.told.items.clone(),
            state: state(o.told.state, self.lang).into(),
            state_key: o.told.state.key().into(),
            origin: origin(o.told.origin, self.lang).into(),
            origin_key: o.told.origin.key().into(),
            users: o.told.users,
            detected: o.told.detected.map(|at| self.at(at)),
            declared: o.told.declared.map(|at| self.at(at)),
            ended: o.told.ended.map(|at| self.at(at)),
            by: name(&o.by),
            corrected: o.changed.is_some(),
            cancelled: o.cancelled,
            counts: counts.into_iter().collect(),
            notes: self.notes(&id),
            id,
        }
    }

    fn window(&self, w: &app::service::Maintenance, name: &dyn Fn(&AccountId) -> String) -> Window {
        let id = w.announced.maintenance.to_string();
        Window {
            items: w.announced.items.clone(),
            from: self.at(w.announced.from),
            until: self.at(w.announced.until),
            announced: self.at(w.announced.at),
            by: name(&w.announced.by),
            cancelled: w.cancelled.is_some(),
            to_come: w.announced.from > self.services.at.as_microsecond(),
            notes: self.notes(&id),
            id,
        }
    }

    /// `None` when nothing is promised: nothing could be named.
    fn forms(&self, key: String) -> Option<Forms> {
        let (mut names, mut users) = (Vec::new(), false);
        let today = self.services.agreement.local_date(self.services.at);
        for clause in self.clauses(today).map(|r| &r.then) {
            users |= matches!(clause.counted_in, terms::availability::CountedIn::UserMinutes { .. });
            for name in [&clause.service].into_iter().chain(&clause.items) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        if names.is_empty() {
            return None;
        }
        Some(Forms {
            key,
            items: names.into_iter().map(|name| Choice::new(name.clone(), name)).collect(),
            states: states(self.lang),
            origins: origins(self.lang),
            now: self.local(self.services.at).strftime("%Y-%m-%dT%H:%M").to_string(),
            users,
        })
    }
}

/// « Perdu : 1 h 15 ; admis : 47 min 15 s. »
fn lost(result: &engines::availability::AvailabilityResult, lang: Lang) -> String {
    let core = words::core(lang);
    let time = |value: Fraction| {
        let whole = i64::try_from(value.to_integer()).unwrap_or(i64::MAX);
        match result.users {
            None if whole % 60 == 0 || whole >= 3600 => elapsed(core, whole),
            None => format!("{}\u{a0}min\u{a0}{}\u{a0}s", whole / 60, whole % 60),
            Some(_) => format!("{} {}", whole / 60, lang.t("minutes-utilisateur", "user-minutes")),
        }
    };
    let (agreed, lost, most) = (time(result.agreed), time(result.lost), time(result.allowance()));
    match lang {
        Lang::Fr => format!("Convenu : {agreed} ; perdu : {lost} ; admis : {most}."),
        Lang::En => format!("Agreed: {agreed}; lost: {lost}; allowed: {most}."),
    }
}

fn verdict(verdict: Verdict, standing: Standing, lang: Lang) -> (Tone, crate::design::Text) {
    match (verdict, standing) {
        (Verdict::NothingMeasured, _) => (Tone::Quiet, lang.t("rien à mesurer", "nothing to measure")),
        (Verdict::Kept, Standing::Final) => (Tone::Good, lang.t("tenue", "met")),
        (Verdict::Missed, Standing::Final) => (Tone::Bad, lang.t("manquée", "missed")),
        (Verdict::Kept, Standing::Provisional) => (Tone::Good, lang.t("tenue à ce jour", "met so far")),
        (Verdict::Missed, Standing::Provisional) => (Tone::Bad, lang.t("manquée à ce jour", "missed so far")),
    }
}

fn state(state: ServiceState, lang: Lang) -> crate::design::Text {
    match state {
        ServiceState::Down => lang.t("interrompu", "down"),
        ServiceState::Degraded => lang.t("dégradé", "degraded"),
        ServiceState::Unknown => lang.t("sans mesure", "not measured"),
    }
}

fn origin(origin: OutageOrigin, lang: Lang) -> crate::design::Text {
    match origin {
        OutageOrigin::Provider => lang.t("du fait du prestataire", "caused by the provider"),
        OutageOrigin::Customer => lang.t("du fait du client", "caused by the customer"),
        OutageOrigin::ThirdParty => lang.t("du fait d’un tiers", "caused by a third party"),
        OutageOrigin::ForceMajeure => lang.t("force majeure", "force majeure"),
    }
}
