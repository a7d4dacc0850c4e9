//! The simulation: from what the form says to a case, and from what the engines say to the page.

use app::AppError;
use app::draft::Checked;
use app::draft::simulate::{Case, Simulated, choices, simulate};
use base::Because;
use engines::perimeter::{Admission, Decision, Work};
use engines::sla::{Clock, Verdict};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use terms::{Dimension, Promise, Terms};

use super::{kinds, sent};
use crate::design::components::Choice;
use crate::design::{Lang, Tone};
use crate::pages::draft::{Due, Penalty, Simulated as Shown, Simulation};
use crate::site::{rows, words};

/// The case that the form asks about; before any, a Friday evening of the text's own time.
pub fn asked(posted: Option<&[(String, String)]>, terms: &Terms, today: Date) -> Simulation {
    let known = choices(terms);
    let Some(posted) = posted.filter(|p| p.iter().any(|(name, _)| name == "declared")) else {
        let start = terms.term.as_ref().map_or(today, |t| t.then.start.max(today));
        let friday = (0..7).map(|n| start.saturating_add(n.days())).find(|d| d.weekday() == Weekday::Friday);
        let declared = friday.unwrap_or(start).at(22, 0, 0, 0);
        let first = |d: Dimension, values: &[String]| match d {
            Dimension::Priority | Dimension::Site => values.first().cloned().unwrap_or_default(),
            _ => String::new(),
        };
        let chosen = known.iter().map(|(d, values)| (*d, first(*d, values))).collect::<Vec<_>>();
        return blank(
            terms,
            &known,
            &|d| chosen.iter().find(|(k, _)| *k == d).map(|(_, v)| v.clone()),
            &minute(declared),
        );
    };
    let mut view = blank(terms, &known, &|d| Some(sent(posted, d.key())), &sent(posted, "declared"));
    view.taken_over = sent(posted, "taken_over");
    view.restored = sent(posted, "restored");
    view.pause = sent(posted, "pause");
    view.paused_from = sent(posted, "paused_from");
    view.paused_until = sent(posted, "paused_until");
    view.used = sent(posted, "used").parse().unwrap_or_default();
    view
}

fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

fn blank(
    terms: &Terms,
    known: &[(Dimension, Vec<String>)],
    chosen: &dyn Fn(Dimension) -> Option<String>,
    declared: &str,
) -> Simulation {
    let dimensions = known
        .iter()
        .map(|(dimension, values)| {
            let mut choices = vec![Choice::new("", "–")];
            let title = |value: &String| terms.name_of(dimension.key(), value).to_owned();
            choices.extend(values.iter().map(|v| Choice::new(v.clone(), title(v))));
            (
                dimension.key().to_owned(),
                dimension.key().to_owned(),
                choices,
                chosen(*dimension).unwrap_or_default(),
            )
        })
        .collect();
    let mut pauses = vec![Choice::new("", "–")];
    pauses.extend(terms.pauses.iter().map(|p| Choice::new(p.label(), p.label())));
    if pauses.len() == 1 {
        pauses.clear();
    }
    Simulation { dimensions, declared: declared.to_owned(), pauses, ..Simulation::default() }
}

/// The words of the dimensions, and the answer of the engines.
pub fn answered(mut view: Simulation, checked: &Checked, lang: Lang) -> Simulation {
    for (name, word, choices, _) in &mut view.dimensions {
        if let Some(dimension) = Dimension::from_key(name) {
            *word = kinds::dimension(dimension, lang).into();
            for choice in choices.iter_mut().filter(|c| c.label == c.value && !c.value.is_empty()) {
                if matches!(
                    dimension,
                    Dimension::Impact | Dimension::Urgency | Dimension::Kind | Dimension::Channel
                ) {
                    choice.label = words::fact(&choice.value, lang);
                }
            }
        }
    }
    view.result = Some(match case(&view) {
        _ if !checked.is_signable() => Err(lang
            .t(
                "Ce cas se juge quand le texte compile : corrigez d’abord les erreurs.",
                "This case is judged once the text compiles: mend the errors first.",
            )
            .into()),
        None => Err(lang.t("Dites quand le cas est déclaré.", "Say when the case is declared.").into()),
        Some(case) => match simulate(checked, &case) {
            Ok(simulated) => Ok(shown(checked, &simulated, lang)),
            Err(AppError::Invalid(invalid)) => Err(invalid.text.get(words::core(lang)).to_owned()),
            Err(error) => Err(error.to_string()),
        },
    });
    view
}

fn case(view: &Simulation) -> Option<Case> {
    let instant = |text: &str| text.parse::<DateTime>().ok();
    let facts = view
        .dimensions
        .iter()
        .filter(|(_, _, _, chosen)| !chosen.is_empty())
        .filter_map(|(name, _, _, chosen)| Some((Dimension::from_key(name)?, chosen.clone())))
        .collect();
    let paused = instant(&view.paused_from)
        .filter(|_| !view.pause.is_empty())
        .map(|from| (view.pause.clone(), from, instant(&view.paused_until)));
    Some(Case {
        facts,
        declared: instant(&view.declared)?,
        taken_over: instant(&view.taken_over),
        paused,
        restored: instant(&view.restored),
        used: view.used,
    })
}

fn shown(checked: &Checked, simulated: &Simulated, lang: Lang) -> Shown {
    let reasons = |list: &[base::Reason]| words::reasons(list, None, lang);
    Shown {
        elsewhere: (!simulated.governed).then(|| {
            let number = &checked.compiled.terms.contract;
            match lang {
                Lang::Fr => format!("Ce jour-là, ce texte ne s’applique pas encore : c’est {number} tel qu’il est signé qui décide."),
                Lang::En => format!("On that day this text does not apply yet: {number} as it is signed decides."),
            }
        }),
        verdict: verdict(&simulated.decision.value, lang),
        verdict_reasons: reasons(&simulated.decision.reasons),
        priority: simulated.priority.as_ref().map(|p| (p.value.clone(), reasons(&p.reasons))),
        dues: simulated.clocks.iter().map(|clock| due(clock, simulated, lang)).collect(),
        penalties: simulated
            .penalties
            .iter()
            .map(|p| Penalty {
                amount_cents: p.value.amount.cents,
                what: format!("[{}]", p.value.clause),
                reasons: reasons(&p.reasons),
            })
            .collect(),
    }
}

pub fn verdict(decision: &Decision, lang: Lang) -> (Tone, String) {
    match &decision.admission {
        Admission::Accepted => {
            (Tone::Good, lang.t("Compris dans le contrat", "Included in the contract").into())
        }
        Admission::AcceptedPriced { price } if matches!(decision.work, Work::AtRate { .. }) => {
            let price = price.show(words::core(lang));
            (
                Tone::Warning,
                match lang {
                    Lang::Fr => format!("Pris en charge au temps passé, {price} HT au plus"),
                    Lang::En => format!("Taken, paid by the time spent, {price} net at most"),
                },
            )
        }
        Admission::AcceptedPriced { price } => {
            let price = price.show(words::core(lang));
            (
                Tone::Warning,
                match lang {
                    Lang::Fr => format!("Pris en charge, à {price} HT"),
                    Lang::En => format!("Taken, at {price} net"),
                },
            )
        }
        Admission::NeedsQuote => {
            (Tone::Warning, lang.t("Sur devis accepté", "Once a quotation is accepted").into())
        }
        Admission::Refused => (Tone::Bad, lang.t("Hors du contrat", "Outside the contract").into()),
    }
}

fn due(clock: &Because<Clock>, simulated: &Simulated, lang: Lang) -> Due {
    let value = &clock.value;
    let tone = match value.verdict {
        Verdict::NotStarted | Verdict::Paused => Tone::Quiet,
        Verdict::Running => Tone::Active,
        Verdict::Met => Tone::Good,
        Verdict::Late | Verdict::Missed => Tone::Bad,
    };
    let target = value.target.in_words(words::core(lang));
    Due {
        promise: promise(value.promise, lang),
        clause: value.label.clone(),
        target: match lang {
            Lang::Fr => format!("dans un délai de {target}, sur « {} »", value.calendar),
            Lang::En => format!("within {target}, on “{}”", value.calendar),
        },
        due: value.due.map(|at| at.to_zoned(simulated.zone.clone())),
        tone,
        verdict: verdict_word(value.verdict, lang),
        reasons: words::reasons(&clock.reasons, None, lang),
    }
}

pub fn verdict_word(verdict: Verdict, lang: Lang) -> String {
    match verdict {
        Verdict::NotStarted => lang.t("Pas commencé", "Not started"),
        Verdict::Running => lang.t("Court", "Running"),
        Verdict::Paused => lang.t("Suspendu", "Paused"),
        Verdict::Met => lang.t("Tenu", "Kept"),
        Verdict::Late => lang.t("En retard", "Late"),
        Verdict::Missed => lang.t("Manqué", "Missed"),
    }
    .into()
}

pub fn promise(promise: Promise, lang: Lang) -> String {
    rows::promise(promise).word(lang).into()
}
