//! The catalogue of a contract and its answers to a request, as the form shows them.

use app::ticket::{Asked, Catalogue, Form, Tie, Weighed};
use base::Because;
use engines::kinds::{self, Kind, Severity};
use engines::perimeter::{Admission, Decision, Work};
use terms::{AnswerType, PartyRole, Terms};

use super::{rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang, format};
use crate::pages::new_ticket::Values;
use crate::pages::new_ticket::catalogue::{Offer, Price, ServiceLine, Weighed as Shown};
use crate::pages::new_ticket::form::{Graded, Question, Shape};

/// What the fields of answers begin with, in forms and in errors.
pub const ANSWERS: &str = "answers.";

pub fn kinds(catalogue: &Catalogue, lang: Lang) -> Vec<Choice> {
    let named = |kind: Kind| Choice::new(kind.key(), words::fact(kind.key(), lang));
    catalogue.kinds.iter().map(|kind| named(kind.value)).collect()
}

/// The severities of defects, highest first.
pub fn levels(severities: &[Because<Severity>]) -> Vec<Choice> {
    let choice = |s: &Because<Severity>| {
        let severity = &s.value;
        Choice::new(severity.level.clone(), format!("{}\u{a0}: {}", severity.title, severity.means))
    };
    severities.iter().map(choice).collect()
}

/// How the kind that is chosen is said to be grave.
pub fn graded(catalogue: &Catalogue, terms: &Terms, values: &Values) -> Graded {
    let levels = || levels(&catalogue.severities);
    match values.kind.as_str() {
        kind if kinds::told_by_severity(terms, kind) => Graded::BySeverity(levels()),
        _ if asked_for(catalogue, values).is_some() => Graded::Not,
        kind if kind == Kind::Corrective.key() && !catalogue.severities.is_empty() => {
            Graded::ByBoth(levels())
        }
        _ => Graded::ByMatrix,
    }
}

/// The title of the operation or the service that the form is about.
pub fn asked_for(catalogue: &Catalogue, values: &Values) -> Option<String> {
    let operation = catalogue.offers.iter().find(|o| o.operation == values.operation);
    let service = catalogue.services.iter().find(|s| s.value.service == values.service);
    operation.map(|o| o.title.clone()).or(service.map(|s| s.value.title.clone()))
}

/// What may be asked for, in the order of the contract; what it excludes comes last.
pub fn offers(catalogue: &Catalogue, customer: &CustomerRef, values: &Values) -> Vec<Offer> {
    let contract = &catalogue.agreement.number;
    let mut all: Vec<Offer> = catalogue
        .offers
        .iter()
        .map(|offer| Offer {
            title: offer.title.clone(),
            href: form(customer, contract, "operation", &offer.operation),
            price: price(&offer.decision.value),
            article: offer
                .decision
                .cited()
                .first()
                .map(|c| words::short_article(&c.article))
                .unwrap_or_default(),
            current: offer.operation == values.operation,
        })
        .collect();
    all.sort_by_key(|offer| offer.price == Price::Excluded);
    all
}

pub fn services(
    catalogue: &Catalogue,
    terms: &Terms,
    customer: &CustomerRef,
    values: &Values,
    lang: Lang,
) -> Vec<ServiceLine> {
    let contract = &catalogue.agreement.number;
    catalogue
        .services
        .iter()
        .map(|node| {
            let node = &node.value;
            let covers: Vec<&str> = node.covers.iter().map(|c| terms.name_of("item_class", c)).collect();
            let owner = match node.owner {
                PartyRole::Provider => lang.t("assuré par le prestataire", "rendered by the provider"),
                PartyRole::Customer => lang.t("assuré par le client", "rendered by the customer"),
                PartyRole::Subcontractor => {
                    lang.t("assuré par un sous-traitant", "rendered by a subcontractor")
                }
                PartyRole::ThirdParty => lang.t("assuré par un tiers", "rendered by a third party"),
            };
            let ours = matches!(node.owner, PartyRole::Provider | PartyRole::Subcontractor);
            ServiceLine {
                title: node.title.clone(),
                depth: node.depth,
                href: ours.then(|| form(customer, contract, "service", &node.service)),
                owner: owner.into(),
                covers: covers.join(", "),
                current: node.service == values.service,
            }
        })
        .collect()
}

fn form(customer: &CustomerRef, contract: &str, name: &str, value: &str) -> String {
    let (contract, value) = (format::query(contract), format::query(value));
    customer.path(&format!("/tickets/new?contract={contract}&{name}={value}"))
}

/// What the contract asks, with what was answered so far.
pub fn questions(form: Form, values: &Values, lang: Lang) -> Vec<Question> {
    let said = words::core(lang);
    let Form { questions, unfit } = form;
    let one = |Asked { question, choices }: Asked| {
        let field = format!("{ANSWERS}{}", question.name);
        let wrong = unfit.iter().find(|(of, _)| *of == field).map(|(_, text)| text.get(said).to_owned());
        let choice = |(value, title): &(String, base::Bilingual)| Choice::new(value.clone(), title.get(said));
        let shape = match &question.answer {
            AnswerType::Text => Shape::Line,
            AnswerType::LongText => Shape::Lines,
            AnswerType::Number { unit, min, max } => {
                Shape::Number { unit: unit.clone(), min: *min, max: *max }
            }
            AnswerType::Date => Shape::Date,
            AnswerType::Choice { .. } | AnswerType::YesNo | AnswerType::Item => {
                Shape::Choice(choices.iter().map(choice).collect())
            }
        };
        Question {
            asks: question.asks(said).to_owned(),
            required: question.required,
            value: values.answers.get(&question.name).cloned().unwrap_or_default(),
            field,
            shape,
            wrong,
        }
    };
    questions.into_iter().map(one).collect()
}

/// How the new ticket stands to the one that it comes from.
pub fn tied(values: &Values, lang: Lang) -> Option<String> {
    let tie = Tie::from_key(&values.tie)?;
    let number: u64 = values.from.parse().ok()?;
    Some(format!("{} {} {number}.", super::ticket::tie(tie, lang), lang.t("ticket n°", "ticket")))
}

fn price(decision: &Decision) -> Price {
    match (decision.admission, &decision.work) {
        (Admission::Refused, _) => Price::Excluded,
        (Admission::NeedsQuote, _) => Price::Quoted,
        (Admission::AcceptedPriced { price }, Work::AtRate { .. }) => Price::UpTo(price.cents),
        (Admission::AcceptedPriced { price }, _) => Price::Priced(price.cents),
        (Admission::Accepted, Work::WithinAllowance { included, left }) => {
            Price::Included { left: Some((*left, *included)) }
        }
        (Admission::Accepted, _) => Price::Included { left: None },
    }
}

/// Whether somebody will be asked to pay for it.
pub fn costs(weighed: &Weighed) -> bool {
    matches!(weighed.decision.value.admission, Admission::NeedsQuote | Admission::AcceptedPriced { .. })
}

/// The answer as the form carries it back: what was read is what is sent.
pub fn key(weighed: &Weighed) -> String {
    match weighed.decision.value.admission {
        Admission::Accepted => "accepted".to_owned(),
        Admission::NeedsQuote => "quote".to_owned(),
        Admission::Refused => "refused".to_owned(),
        Admission::AcceptedPriced { price } => format!("priced {price}"),
    }
}

pub fn weighed(weighed: &Weighed, confirm: bool, customer: &CustomerRef, lang: Lang) -> Shown {
    let zone = weighed.agreement.latest().compiled.terms.zone.as_str();
    let due = weighed.clocks.iter().map(|clock| {
        let promise = rows::promise(clock.value.promise).word(lang).into();
        (promise, clock.value.due.map(|at| words::in_zone(at, zone)))
    });
    let refused = weighed.decision.value.admission == Admission::Refused;
    Shown {
        price: price(&weighed.decision.value),
        reasons: words::reasons(&weighed.decision.reasons, Some(customer), lang),
        priority: weighed.priority.clone(),
        priority_reasons: weighed
            .priority_reason
            .iter()
            .map(|reason| words::reason(reason, Some(customer), lang))
            .collect(),
        due: due.filter(|_| !refused).collect(),
        confirm,
    }
}

/// Whom a ticket may be written down for, and nobody in particular; nothing where it may be for nobody.
pub(super) fn requesters(people: Vec<app::Principal>, lang: Lang) -> Vec<Choice> {
    let none = Choice::new("", lang.t("Personne en particulier", "Nobody in particular"));
    let all = people.into_iter().map(|person| Choice::new(person.email.clone(), person.name));
    let all: Vec<Choice> = all.collect();
    if all.is_empty() { all } else { [none].into_iter().chain(all).collect() }
}
