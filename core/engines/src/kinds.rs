//! Which kinds of tickets a contract knows, who opens each, and the severities of its maintenance.
//!
//! Incident, service request and functional support need no clause: whoever is in trouble may say so.
//! Preventive, corrective, adaptive and evolutive tickets exist where a clause of application
//! maintenance says what becomes of them.

use base::{Because, Bilingual};
use serde::{Deserialize, Serialize};
use terms::{Commitment, Dimension, Facts, Promise, Rule, Statement, Terms};

use super::perimeter::Work;
use crate::say::{cite, say};

/// The kind of a ticket, as its facts name it in [`Dimension::Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something that worked does not any more, or works badly.
    Incident,
    /// Something to be had, known beforehand.
    ServiceRequest,
    /// How to do something with what works.
    FunctionalSupport,
    /// The cause behind incidents.
    Problem,
    /// Something added, modified or removed, that could affect services.
    Change,
    /// A defect of the application maintained.
    Corrective,
    /// What keeps defects from coming.
    Preventive,
    /// A new or changed function.
    Evolutive,
    /// Following a change of the technical or legal environment.
    Adaptive,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Incident,
        Kind::ServiceRequest,
        Kind::FunctionalSupport,
        Kind::Problem,
        Kind::Change,
        Kind::Corrective,
        Kind::Preventive,
        Kind::Evolutive,
        Kind::Adaptive,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Kind::Incident => "incident",
            Kind::ServiceRequest => "service_request",
            Kind::FunctionalSupport => "functional_support",
            Kind::Problem => "problem",
            Kind::Change => "change",
            Kind::Corrective => "corrective",
            Kind::Preventive => "preventive",
            Kind::Evolutive => "evolutive",
            Kind::Adaptive => "adaptive",
        }
    }

    pub fn from_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.key() == key)
    }

    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Kind::Incident => ("incident", "incident"),
            Kind::ServiceRequest => ("demande de service", "service request"),
            Kind::FunctionalSupport => ("assistance fonctionnelle", "functional support"),
            Kind::Problem => ("problème", "problem"),
            Kind::Change => ("changement", "change"),
            Kind::Corrective => ("maintenance corrective", "corrective maintenance"),
            Kind::Preventive => ("maintenance préventive", "preventive maintenance"),
            Kind::Evolutive => ("maintenance évolutive", "evolutive maintenance"),
            Kind::Adaptive => ("maintenance adaptative", "adaptive maintenance"),
        };
        Bilingual::new(fr, en)
    }

    /// Belongs to application maintenance.
    pub fn is_maintenance(self) -> bool {
        matches!(self, Kind::Corrective | Kind::Preventive | Kind::Evolutive | Kind::Adaptive)
    }

    /// Only the provider opens it: it is about how the work is done, not about what is asked.
    pub fn is_providers_own(self) -> bool {
        matches!(self, Kind::Problem | Kind::Preventive)
    }

    /// Something is broken and is to be mended: a cause is looked for before the remedy.
    pub fn is_repair(self) -> bool {
        matches!(self, Kind::Incident | Kind::Corrective)
    }

    /// What is asked for, rather than a trouble that is told: its operation is chosen in the catalogue.
    pub fn is_asked(self) -> bool {
        matches!(self, Kind::ServiceRequest | Kind::Change | Kind::Evolutive | Kind::Adaptive)
    }
}

/// The kind of the tickets by which a duty of the provider is done: what keeps defects from coming is
/// maintenance of its own kind, which asks for no operation and has no price.
pub fn of_duty(what: &str) -> Kind {
    match what {
        "preventive_plan" => Kind::Preventive,
        _ => Kind::ServiceRequest,
    }
}

/// The kinds that may be opened under these terms, by the provider's people or by the customer's, in the
/// order of [`Kind::ALL`], each with the clauses that bring it.
pub fn offered(terms: &Terms, provider: bool) -> Vec<Because<Kind>> {
    let clauses: Vec<&Rule<Statement>> = maintenance(terms).collect();
    let may = |kind: &Kind| {
        (provider || !kind.is_providers_own()) && (!kind.is_maintenance() || !clauses.is_empty())
    };
    let with_reasons = |kind: Kind| {
        let reasons = clauses.iter().filter(|_| kind.is_maintenance()).map(|clause| {
            let application = clause.then.get("application").unwrap_or_default();
            cite("kind.maintenance", clause, |lang| {
                lang.t(
                    format!("La maintenance de « {application} » est prévue par cette clause."),
                    format!("This clause provides for the maintenance of “{application}”."),
                )
            })
        });
        Because::new(kind, reasons.collect())
    };
    Kind::ALL.into_iter().filter(may).map(with_reasons).collect()
}

/// Whether a promise is measured on a ticket of this kind.
///
/// Commitments that name no kind are made about what the customer declares: nothing is down while a
/// change or an evolution is asked for, and what the provider opens for itself was asked by nobody. A
/// commitment that names the kind in its condition is measured all the same.
pub fn is_measured(terms: &Terms, facts: &Facts, promise: Promise) -> bool {
    let Some(kind) = facts.get(Dimension::Kind).and_then(Kind::from_key) else { return true };
    let named = |rule: &&Rule<Commitment>| {
        rule.then.promise == promise
            && rule.when.values.get(&Dimension::Kind).is_some_and(|kinds| kinds.contains(kind.key()))
    };
    let by_nature = match kind {
        Kind::Incident | Kind::ServiceRequest | Kind::FunctionalSupport | Kind::Corrective => true,
        Kind::Change | Kind::Evolutive | Kind::Adaptive => {
            !matches!(promise, Promise::Restore | Promise::Resolve | Promise::Escalate)
        }
        Kind::Problem | Kind::Preventive => false,
    };
    by_nature || terms.commitments.iter().any(|rule| named(&rule))
}

/// A severity of defects, as a clause of maintenance defines it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Severity {
    /// Short name, which guards on `level` compare.
    pub level: String,
    pub title: String,
    /// What belongs to it, in the parties' words.
    pub means: String,
}

/// The severities of the contract's maintenance, highest first, each once, with its clause.
pub fn severities(terms: &Terms) -> Vec<Because<Severity>> {
    let named = terms.names.get("level");
    let mut all: Vec<Because<Severity>> = Vec::new();
    for clause in maintenance(terms) {
        let rows = clause.then.says.iter().filter_map(|(key, title)| {
            let row = key.strip_prefix("severities.")?.strip_suffix(".title")?;
            Some((row, title))
        });
        for (row, title) in rows {
            let level = named.and_then(|names| names.iter().find(|(_, name)| *name == title));
            let Some((level, _)) = level else { continue };
            if all.iter().any(|s| s.value.level == *level) {
                continue;
            }
            let means = clause.then.get(&format!("severities.{row}.means")).unwrap_or_default();
            let reason = cite("kind.severity", clause, |lang| {
                lang.t(format!("Anomalie « {title} » : {means}."), format!("Defect “{title}”: {means}."))
            });
            let value = Severity { level: level.clone(), title: title.clone(), means: means.to_owned() };
            all.push(Because::new(value, vec![reason]));
        }
    }
    all
}

/// Whether a ticket of this kind is told by its severity alone: the contract grades its defects, and each
/// grade is a priority of its matrix, so that nobody is asked the same thing twice.
pub fn told_by_severity(terms: &Terms, kind: &str) -> bool {
    let all = severities(terms);
    let prioritised = |level: &String| match &terms.priorities {
        Some(matrix) => matrix.then.priorities.contains(level),
        None => true,
    };
    kind == Kind::Corrective.key() && !all.is_empty() && all.iter().all(|s| prioritised(&s.value.level))
}

/// What pays for a ticket whose kind the clauses of maintenance price; `None` for any other.
///
/// With several applications that say otherwise of one kind, the stricter wins, as in the perimeter: a
/// price is shown before the work rather than after.
pub(crate) fn work(terms: &Terms, facts: &Facts) -> Option<Because<Work>> {
    let kind = Kind::from_key(facts.get(Dimension::Kind)?)?;
    let field = match kind {
        Kind::Evolutive => "evolutive",
        Kind::Adaptive => "adaptive",
        Kind::Corrective | Kind::Preventive => {
            let clause = maintenance(terms).next()?;
            let reason = cite("kind.maintained", clause, |lang| {
                let name = kind.name();
                lang.t(
                    format!("{} : comprise dans le forfait.", capital(&name.fr)),
                    format!("{}: included in the fee.", capital(&name.en)),
                )
            });
            return Some(Because::new(Work::Included, vec![reason]));
        }
        _ => return None,
    };
    let rank = |word: &str| match word {
        "excluded" => 3,
        "quoted" => 2,
        "work_units" => 1,
        _ => 0,
    };
    let said = maintenance(terms).filter_map(|clause| Some((clause, clause.then.get(field)?)));
    let Some((clause, word)) = said.max_by_key(|(_, word)| rank(word)) else {
        let reason = say("kind.unknown", |lang| {
            lang.t(
                "Le contrat ne comporte pas de maintenance applicative.",
                "The contract has no application maintenance.",
            )
            .to_owned()
        });
        return Some(Because::new(Work::Unknown, vec![reason]));
    };
    let (work, fr, en) = match word {
        "excluded" => (Work::Excluded, "exclue du contrat", "excluded from the contract"),
        "quoted" => (Work::Quoted, "sur devis accepté", "once a quotation is accepted"),
        "work_units" => (
            Work::Quoted,
            "décomptée en unités d'œuvre, une fois le chiffrage accepté",
            "counted in work units, once the estimate is accepted",
        ),
        _ => (Work::Included, "comprise dans le forfait", "included in the fee"),
    };
    let reason = cite("kind.terms", clause, |lang| {
        let name = kind.name();
        lang.t(format!("{} : {fr}.", capital(&name.fr)), format!("{}: {en}.", capital(&name.en)))
    });
    Some(Because::new(work, vec![reason]))
}

pub(crate) fn maintenance(terms: &Terms) -> impl Iterator<Item = &Rule<Statement>> {
    terms.statements.iter().filter(|r| r.then.topic == "maintenance")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, facts, rule, when};
    use crate::perimeter::{Admission, decide};
    use terms::commitment::{AmendmentPolicy, PriorityChangePolicy, ReopenPolicy, StartEvent, StopEvent};

    fn maintained(evolutive: &str) -> Terms {
        let mut terms = contract();
        let says = [
            ("application", "Bibliotek"),
            ("evolutive", evolutive),
            ("adaptive", "included"),
            ("severities.01.title", "Bloquante"),
            ("severities.01.means", "rien ne marche"),
            ("severities.02.title", "Mineure"),
            ("severities.02.means", "une gêne"),
        ];
        let says = says.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        terms.statements.push(rule("tma", Statement { topic: "maintenance".to_owned(), says }));
        let levels = [("blocking", "Bloquante"), ("minor", "Mineure")];
        let levels = levels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        terms.names.insert("level".to_owned(), levels);
        terms
    }

    #[test]
    fn maintenance_is_offered_where_a_clause_provides_for_it() {
        let keys = |terms: &Terms, provider| -> Vec<&str> {
            offered(terms, provider).iter().map(|k| k.value.key()).collect()
        };
        assert_eq!(keys(&contract(), false), ["incident", "service_request", "functional_support", "change"]);
        assert!(keys(&contract(), true).contains(&"problem"));
        let maintained = maintained("quoted");
        assert!(keys(&maintained, false).ends_with(&["corrective", "evolutive", "adaptive"]));
        assert!(keys(&maintained, true).contains(&"preventive"));
        let evolutive = offered(&maintained, false).into_iter().find(|k| k.value == Kind::Evolutive);
        assert_eq!(evolutive.unwrap().cited()[0].label, "tma");
    }

    #[test]
    fn severities_are_those_of_the_clause_highest_first() {
        let all = severities(&maintained("quoted"));
        let levels: Vec<&str> = all.iter().map(|s| s.value.level.as_str()).collect();
        assert_eq!(levels, ["blocking", "minor"]);
        assert_eq!(all[1].value.means, "une gêne");
        assert!(severities(&contract()).is_empty());
    }

    #[test]
    fn the_clause_of_maintenance_prices_an_evolution() {
        let evolution = facts(&[(Dimension::Kind, "evolutive")]);
        for (word, admission) in [
            ("included", Admission::Accepted),
            ("work_units", Admission::NeedsQuote),
            ("quoted", Admission::NeedsQuote),
            ("excluded", Admission::Refused),
        ] {
            let decision = decide(&maintained(word), &evolution, 0);
            assert_eq!(decision.value.admission, admission, "{word}");
            assert_eq!(decision.cited()[0].label, "tma");
        }
        assert_eq!(decide(&contract(), &evolution, 0).value.admission, Admission::Refused);
        let incident = facts(&[(Dimension::Kind, "incident")]);
        assert_eq!(decide(&maintained("excluded"), &incident, 0).value.work, Work::Unstated);
    }

    #[test]
    fn what_nobody_declared_is_measured_only_where_a_clause_names_it() {
        let mut terms = Terms::default();
        let of = |kind: &str| facts(&[(Dimension::Kind, kind)]);
        let measured = |terms: &Terms, kind, promise| is_measured(terms, &of(kind), promise);
        assert!(measured(&terms, "incident", Promise::Restore));
        assert!(measured(&terms, "evolutive", Promise::Respond));
        assert!(!measured(&terms, "change", Promise::Restore));
        assert!(!measured(&terms, "problem", Promise::Respond));
        assert!(
            is_measured(&terms, &Facts::default(), Promise::Restore),
            "a case without a kind is an incident"
        );
        let respond = Commitment {
            promise: Promise::Respond,
            within: base::Length::Seconds(3600),
            calendar: "ho".to_owned(),
            starts: StartEvent::Declared,
            stops: StopEvent::FirstHumanAct,
            on_amendment: AmendmentPolicy::FrozenAtOpen,
            on_priority_change: PriorityChangePolicy::RetargetFromOpen,
            on_reopen: ReopenPolicy::Resume,
            reopen_within: None,
        };
        terms.commitments.push(when(rule("cause", respond), Dimension::Kind, &["problem"]));
        assert!(measured(&terms, "problem", Promise::Respond));
        assert!(!measured(&terms, "problem", Promise::Restore), "another promise is not named");
    }

    #[test]
    fn each_key_names_its_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_key(kind.key()), Some(kind));
        }
    }
}
