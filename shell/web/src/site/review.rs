//! The partnership review of a contract.

use app::Act;
use app::review::Review;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use base::Because;
use engines::duties::{DutyState, Occurrence};
use serde::Deserialize;

use super::{Place, failed, fresh_key, place, rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::{Failure, Reader, State, html};
use crate::pages::customer::Judged;
use crate::pages::review::{Meeting, View, page};
use crate::pages::shared::Other;

#[derive(Deserialize, Default)]
pub struct Asked {
    contract: Option<String>,
}

/// `GET /c/{customer}/review`
pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let wanted = asked.contract.filter(|c| !c.is_empty());
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeContract)?;
        let agreements = app.vault(permit.customer())?.agreements()?;
        let numbers: Vec<String> = agreements.contracts.iter().map(|c| c.number.clone()).collect();
        let number = wanted.or_else(|| customer.contract.clone());
        let records = again.principal.may_for(Act::RecordDuty, permit.customer());
        Ok((customer, app.review(&permit, number.as_deref())?, numbers, records))
    });
    let (customer, review, numbers, records) = read.await.map_err(failed(&reader))?;
    let view = fill(&customer, &review, &numbers, records, reader.visitor.lang);
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn fill(customer: &CustomerRef, review: &Review, numbers: &[String], records: bool, lang: Lang) -> View {
    let number = &review.agreement.number;
    let marks = &review.satisfaction;
    let mut choices: Vec<Choice> = Vec::new();
    for meeting in &review.meetings {
        let key = format!("{}/{}", meeting.value.label, meeting.value.what);
        if choices.iter().all(|choice| choice.value != key) {
            choices.push(Choice::new(key, meeting.value.title.clone()));
        }
    }
    View {
        contract: number.clone(),
        from: review.from,
        today: review.today,
        opened: review.opened,
        kept: review
            .kept
            .iter()
            .filter(|(_, _, all)| *all > 0)
            .map(|(promise, kept, all)| (rows::promise(*promise).word(lang).into(), *kept, *all))
            .collect(),
        satisfaction: marks.mean_hundredths().map(|mean| Judged {
            month: marks.month,
            answers: marks.answers(),
            mean,
            dissatisfied: marks.dissatisfied(),
        }),
        late: review.late,
        meetings: review.meetings.iter().map(|m| meeting(m, customer, lang)).collect(),
        form: records.then(|| (choices, fresh_key())),
        others: numbers.iter().map(|n| Other { number: n.clone(), current: n == number }).collect(),
        customer: customer.clone(),
    }
}

fn meeting(of: &Because<Occurrence>, customer: &CustomerRef, lang: Lang) -> Meeting {
    let held = match &of.value.state {
        DutyState::Done { on, reference } | DutyState::DoneLate { on, reference, .. } => {
            Some((*on, reference.clone()))
        }
        DutyState::Unproved { on, .. } => Some((*on, String::new())),
        _ => None,
    };
    Meeting {
        title: of.value.title.clone(),
        due: of.value.on,
        late: held.is_none() && of.value.state.is_late(),
        held,
        reasons: words::reasons(&of.reasons, Some(customer), lang),
    }
}
