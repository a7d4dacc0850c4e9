//! Trials other than an incident: the forms that the text has answers for, and what the engines say.

use app::draft::Checked;
use app::draft::trial::{self, CallCase, CallTried, OrderCase, OrderTried, OutageCase, OutageTried};
use app::{AppError, draft};
use base::lang::{decimal, percent};
use engines::availability::ServiceState;
use engines::entitlement::{Admission, Form};
use engines::objective::Verdict;
use jiff::civil::{Date, DateTime};
use terms::{Dimension, Terms};

use super::sent;
use crate::design::components::Choice;
use crate::design::{Lang, Tone, format};
use crate::pages::draft::{Field, Input, Line, Trial};
use crate::site::words;

/// A minute of each month, whatever its length: no outage of a month is longer.
const MINUTES_OF_A_MONTH: u32 = 44_640;

/// The form of each case that the text decides, with its answer when `posted` asks for it.
pub fn all(checked: &Checked, posted: Option<&[(String, String)]>, today: Date, lang: Lang) -> Vec<Trial> {
    let terms = &checked.compiled.terms;
    let start = terms.term.as_ref().map_or(today, |t| t.then.start.max(today));
    let asked = Asked { posted: posted.unwrap_or_default(), start, lang };
    let mut trials = Vec::new();
    trials.extend((!terms.meters.is_empty()).then(|| call(&asked, terms)));
    trials.extend((!terms.availabilities.is_empty()).then(|| outage(&asked, terms)));
    trials.extend((!terms.work_units.is_empty()).then(|| order(&asked, terms)));
    for trial in &mut trials {
        if sent(asked.posted, "act") != format!("try-{}", trial.key) {
            continue;
        }
        trial.answer = Some(if checked.is_signable() {
            answered(trial, checked, lang).map_err(|error| match error {
                AppError::Invalid(invalid) => invalid.text.get(words::core(lang)).to_owned(),
                error => error.to_string(),
            })
        } else {
            Err(lang
                .t(
                    "Ce cas se juge quand le texte compile : corrigez d’abord les erreurs.",
                    "This case is judged once the text compiles: mend the errors first.",
                )
                .into())
        });
    }
    trials
}

/// What the form says, and what it says before anybody filled it in.
struct Asked<'a> {
    posted: &'a [(String, String)],
    start: Date,
    lang: Lang,
}

impl Asked<'_> {
    fn field(
        &self,
        name: &'static str,
        label: (&'static str, &'static str),
        first: &str,
        input: Input,
    ) -> Field {
        let posted = self.posted.iter().any(|(n, _)| n == name);
        let value = if posted { sent(self.posted, name) } else { first.to_owned() };
        Field { name, label: self.lang.t(label.0, label.1), value, input }
    }

    fn instant(&self, name: &'static str) -> Field {
        let first = self.start.at(10, 0, 0, 0).strftime("%Y-%m-%dT%H:%M").to_string();
        self.field(name, ("Le", "On"), &first, Input::Instant)
    }
}

fn call(asked: &Asked<'_>, terms: &Terms) -> Trial {
    let lang = asked.lang;
    let title = |p: &String| Choice::new(p.clone(), terms.name_of("priority", p).to_owned());
    let known = draft::simulate::choices(terms);
    let priorities = known.iter().filter(|(d, _)| *d == Dimension::Priority).flat_map(|(_, values)| values);
    let mut fields = vec![
        asked.instant("call_at"),
        asked.field(
            "call_minutes",
            ("Durée, en minutes", "Length, in minutes"),
            "20",
            Input::Number(1, 1440),
        ),
        asked.field(
            "call_used",
            (
                "Déjà consommé dans la période (tickets, ou minutes)",
                "Already used in the period (tickets, or minutes)",
            ),
            "0",
            Input::Number(0, 10_000),
        ),
    ];
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "–")).chain(priorities.map(title)).collect();
    if choices.len() > 1 {
        fields.push(asked.field("call_priority", ("Priorité", "Priority"), "", Input::Choice(choices)));
    }
    Trial {
        key: "call",
        title: lang.t("Un appel à l’assistance", "A call to the hotline"),
        fields,
        answer: None,
    }
}

fn outage(asked: &Asked<'_>, terms: &Terms) -> Trial {
    let lang = asked.lang;
    let mut services: Vec<Choice> = Vec::new();
    for rule in &terms.availabilities {
        if services.iter().all(|c| c.value != rule.then.service) {
            services.push(Choice::new(rule.then.service.clone(), rule.then.service.clone()));
        }
    }
    let first = services.first().map(|c| c.value.clone()).unwrap_or_default();
    let states = vec![
        Choice::new("down", lang.t("Arrêt complet", "Down")),
        Choice::new("degraded", lang.t("Service dégradé", "Degraded")),
    ];
    let fields = vec![
        asked.field("outage_service", ("Service", "Service"), &first, Input::Choice(services)),
        asked.instant("outage_at"),
        asked.field(
            "outage_minutes",
            ("Durée, en minutes", "Length, in minutes"),
            "90",
            Input::Number(1, MINUTES_OF_A_MONTH),
        ),
        asked.field("outage_state", ("État", "State"), "down", Input::Choice(states)),
    ];
    Trial {
        key: "outage",
        title: lang.t("Une panne d’un service", "An outage of a service"),
        fields,
        answer: None,
    }
}

fn order(asked: &Asked<'_>, terms: &Terms) -> Trial {
    let lang = asked.lang;
    // A book and one of its kinds, chosen together.
    let kinds: Vec<Choice> = terms
        .work_units
        .iter()
        .flat_map(|book| {
            book.then.catalogue.iter().map(|kind| {
                let label = format!("{} – {}", kind.code, kind.title);
                Choice::new(format!("{}/{}", book.label(), kind.code), label)
            })
        })
        .collect();
    let first = kinds.first().map(|c| c.value.clone()).unwrap_or_default();
    let fields = vec![
        asked.field(
            "order_code",
            ("Prestation du catalogue", "Kind in the catalogue"),
            &first,
            Input::Choice(kinds),
        ),
        asked.field("order_count", ("Nombre", "How many"), "3", Input::Number(1, 10_000)),
        asked.field(
            "order_on",
            ("Commandée et livrée le", "Ordered and delivered on"),
            &asked.start.to_string(),
            Input::Day,
        ),
    ];
    let title = lang.t("Une commande d’unités d’œuvre", "An order of work units");
    Trial { key: "order", title, fields, answer: None }
}

/// A field as it was filled in, told by its label when it says nothing usable.
fn typed<T: std::str::FromStr>(trial: &Trial, name: &str, lang: Lang) -> Result<T, AppError> {
    let field = trial.fields.iter().find(|f| f.name == name);
    let value = field.map(|f| f.value.trim()).unwrap_or_default();
    let in_bounds = match field.map(|f| &f.input) {
        Some(Input::Number(least, most)) => value.parse::<u32>().is_ok_and(|n| (*least..=*most).contains(&n)),
        _ => true,
    };
    value.parse().ok().filter(|_| in_bounds).ok_or_else(|| {
        let label = field.map(|f| String::from(f.label)).unwrap_or_default();
        let text = match lang {
            Lang::Fr => format!("Remplissez « {label} »."),
            Lang::En => format!("Fill in “{label}”."),
        };
        AppError::invalid(name, text.clone(), text)
    })
}

fn answered(trial: &Trial, checked: &Checked, lang: Lang) -> Result<Vec<Line>, AppError> {
    let word = |name: &str| typed::<String>(trial, name, lang).ok().filter(|w| !w.is_empty());
    let none = |fr: &str, en: &str| AppError::invalid(trial.key, fr, en);
    match trial.key {
        "call" => {
            let case = CallCase {
                at: typed::<DateTime>(trial, "call_at", lang)?,
                minutes: typed(trial, "call_minutes", lang)?,
                priority: word("call_priority"),
                used: typed(trial, "call_used", lang)?,
            };
            let tried = trial::call(checked, &case)?;
            let tried = tried.ok_or_else(|| {
                none("Le texte ne compte pas cet appel.", "The text does not meter this call.")
            })?;
            Ok(called(&tried, lang))
        }
        "outage" => {
            let state = match word("outage_state").as_deref() {
                Some("degraded") => ServiceState::Degraded,
                _ => ServiceState::Down,
            };
            let case = OutageCase {
                service: word("outage_service").unwrap_or_default(),
                from: typed::<DateTime>(trial, "outage_at", lang)?,
                minutes: typed(trial, "outage_minutes", lang)?,
                state,
            };
            let tried = trial::outage(checked, &case)?;
            if tried.is_empty() {
                return Err(none(
                    "Aucune disponibilité n’est promise pour ce service à cette date.",
                    "No availability is promised for this service on that date.",
                ));
            }
            Ok(tried.iter().flat_map(|t| broken(t, lang)).collect())
        }
        _ => {
            let chosen = word("order_code").unwrap_or_default();
            let (book, code) = chosen.split_once('/').unwrap_or_default();
            let case = OrderCase {
                book: book.to_owned(),
                code: code.to_owned(),
                count: typed(trial, "order_count", lang)?,
                on: typed::<Date>(trial, "order_on", lang)?,
            };
            let tried = trial::order(checked, &case)?;
            let tried = tried.ok_or_else(|| {
                none("Le catalogue n’a pas cette prestation.", "The catalogue has no such kind.")
            })?;
            Ok(ordered(&tried, lang))
        }
    }
}

fn called(tried: &CallTried, lang: Lang) -> Vec<Line> {
    let core = words::core(lang);
    let unit = |n: u32| match tried.before.value.form {
        Form::MaxHours => format::minutes(i64::from(n), lang),
        _ => format!(
            "{n} {}",
            lang.t(if n > 1 { "tickets" } else { "ticket" }, if n == 1 { "ticket" } else { "tickets" })
        ),
    };
    let price = tried.admission.value.charge().and_then(|c| c.price);
    let verdict = match &tried.admission.value {
        Admission::Refused => (Tone::Bad, lang.t("Refusé", "Refused")),
        Admission::Served(charge) if charge.new_pack => {
            (Tone::Warning, lang.t("Un carnet de plus est acheté", "A further pack is bought"))
        }
        Admission::Served(charge) if charge.covered => (Tone::Good, lang.t("Compris", "Included")),
        Admission::Served(_) => (Tone::Warning, lang.t("Au-delà du compteur", "Beyond the meter")),
    };
    let counted = tried.admission.value.charge().map_or(0, |c| c.counted);
    let cost = price.map_or_else(
        || lang.t("rien à payer", "nothing to pay").into(),
        |price| format!("{} {}", price.show(core), lang.t("HT", "net")),
    );
    let call = Line {
        what: lang.t("Cet appel", "This call").into(),
        figure: format!("{}, {cost}", unit(counted)),
        verdict: Some((verdict.0, verdict.1.into())),
        reasons: words::reasons(&tried.admission.reasons, None, lang),
    };
    if tried.before.value.form == Form::Unlimited {
        return vec![Line { figure: cost, ..call }];
    }
    let meter = Line {
        what: lang.t("Le compteur ensuite", "The meter afterwards").into(),
        figure: match lang {
            Lang::Fr => format!("{}, sur {} avant l’appel", unit(tried.left), unit(tried.before.value.left)),
            Lang::En => format!("{}, of {} before the call", unit(tried.left), unit(tried.before.value.left)),
        },
        verdict: None,
        reasons: words::reasons(&tried.before.reasons, None, lang),
    };
    vec![call, meter]
}

fn broken(tried: &OutageTried, lang: Lang) -> Vec<Line> {
    let core = words::core(lang);
    let measured = &tried.measured.value;
    let verdict = match measured.verdict {
        Verdict::Kept => (Tone::Good, lang.t("Tenu", "Kept")),
        Verdict::Missed => (Tone::Bad, lang.t("Manqué", "Missed")),
        Verdict::NothingMeasured => (Tone::Quiet, lang.t("Rien à mesurer", "Nothing to measure")),
    };
    // Three digits: one more than targets are written with, so that a near miss does not print as kept.
    let reached = measured.reached().map_or_else(
        || "–".to_owned(),
        |share| format!("{}\u{a0}%", decimal(core, share * base::fraction::Fraction::from_integer(100), 3)),
    );
    let target = percent(core, measured.target);
    let figure = match lang {
        Lang::Fr => format!(
            "{reached} pour {target} promis, du {} au {}",
            format::date(measured.period.first, lang),
            format::date(measured.period.last(), lang)
        ),
        Lang::En => format!(
            "{reached} of {target} promised, {} to {}",
            format::date(measured.period.first, lang),
            format::date(measured.period.last(), lang)
        ),
    };
    let mut lines = vec![Line {
        what: format!("{} [{}]", measured.service, measured.clause),
        figure,
        verdict: Some((verdict.0, verdict.1.into())),
        reasons: words::reasons(&tried.measured.reasons, None, lang),
    }];
    lines.extend(tried.penalties.iter().map(|penalty| Line {
        what: format!("{} [{}]", lang.t("Pénalité", "Penalty"), penalty.value.clause),
        figure: penalty.value.amount.show(core),
        verdict: None,
        reasons: words::reasons(&penalty.reasons, None, lang),
    }));
    if measured.verdict == Verdict::Missed && tried.penalties.is_empty() {
        lines.push(Line {
            what: lang.t("Pénalité", "Penalty").into(),
            figure: lang.t("aucune clause n’en prévoit", "no clause provides for one").into(),
            verdict: None,
            reasons: Vec::new(),
        });
    }
    lines
}

fn ordered(tried: &OrderTried, lang: Lang) -> Vec<Line> {
    let core = words::core(lang);
    let (one, book) = (&tried.delivered.value, &tried.book.value);
    let units = |n| format!("{} {}", decimal(core, n, 2), lang.t("UO", "units"));
    let beyond = one.beyond > base::fraction::Fraction::from_integer(0);
    vec![
        Line {
            what: lang.t("Cette commande", "This order").into(),
            figure: format!("{} {}, {}", one.net.show(core), lang.t("HT", "net"), units(one.units)),
            verdict: beyond.then(|| {
                (
                    Tone::Warning,
                    format!("{} {}", units(one.beyond), lang.t("au-delà du carnet", "beyond the book")),
                )
            }),
            reasons: words::reasons(&tried.delivered.reasons, None, lang),
        },
        Line {
            what: lang.t("Le carnet ensuite", "The book afterwards").into(),
            figure: match lang {
                Lang::Fr => {
                    format!("{} restantes sur {}", units(book.left), units(book.bought + book.carried))
                }
                Lang::En => format!("{} left of {}", units(book.left), units(book.bought + book.carried)),
            },
            verdict: None,
            reasons: words::reasons(&tried.book.reasons, None, lang),
        },
    ]
}
