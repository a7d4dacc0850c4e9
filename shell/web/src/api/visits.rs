//! `/customers/{customer}/tickets/{number}/visits`: who came on site, what was done, and the signature.

use app::visit::{Drawing, Part, SignVisit, Signature, TellVisit, VisitLine};
use app::{Act, AppError};
use axum::extract;
use axum::response::Response;
use base::Bilingual;
use base::id::VisitId;
use events::VisitSigning;
use jiff::Timestamp;
use serde_json::json;

use super::API;
use super::operation::Operation;
use super::reply::Reply;
use super::request::{At, Caller, Entity, Key, permit};
use super::schema::{Bounded, answer, ask, words};
use super::tickets::number;
use super::time::hours_of;
use crate::http::State;

words! {
    /// Hours of the contract's rates.
    VisitHours ["ordinary", "evening", "night", "saturday", "sunday", "holiday"];
    /// How a report was signed: by somebody of the customer, signed in, or by whoever was met, on the
    /// technician's screen.
    VisitSigned ["signed_in", "on_screen"];
}

answer! {
    /// A part that was fitted or left.
    VisitPart {
        name: String,
        quantity: u32,
        /// A serial number, a reference of the maker's.
        reference: Option<String>,
    }

    /// What a report says.
    VisitReport {
        /// Minutes of travel, there and back.
        travel_minutes: u32,
        /// What was done.
        work: String,
        parts: Vec<VisitPart>,
        /// What remains to be done.
        remains: Option<String>,
        /// Who was met.
        met: Option<String>,
    }

    /// The customer's signature of a report.
    VisitSignature {
        at: Timestamp,
        how: VisitSigned,
        /// `null` once erased.
        name: Option<String>,
        /// What the signer did not agree with.
        reserve: Option<String>,
        /// Whether it was drawn; the page shows the drawing.
        drawn: bool,
    }

    /// A visit.
    VisitRead {
        id: VisitId,
        arrived: Timestamp,
        left: Timestamp,
        /// Who was there.
        person: String,
        /// `null` once erased.
        report: Option<VisitReport>,
        /// SHA-256 of the report, lower-case hexadecimal: what a signature is given for.
        hash: String,
        /// The journal entry of its last report.
        entry: u64,
        signature: Option<VisitSignature>,
    }

    /// The visits of a ticket, in the order they were reported: a hundred at most.
    Visits {
        items: Vec<VisitRead>,
    }

    /// A visit just reported.
    VisitTold {
        id: VisitId,
        /// SHA-256 of the report, lower-case hexadecimal.
        hash: String,
        /// Its journal entry.
        entry: u64,
        /// How many times were entered with it: the visit's, and the travel's.
        times: u32,
        /// Why a time was not entered though it was asked: the report stands all the same.
        uncounted: Option<Bilingual>,
    }

    /// A signature just recorded.
    VisitSealed {
        id: VisitId,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// A part that was fitted or left.
    VisitPartAsk {
        name: Bounded<1, 200>,
        /// 1 to 10,000.
        quantity: u32,
        reference: Option<Bounded<0, 200>>,
    }

    /// What a visit was.
    VisitAsk {
        arrived: Timestamp,
        /// Past, and within 24 hours of the arrival.
        left: Timestamp,
        /// Minutes of travel, there and back; none if absent.
        travel_minutes: Option<u32>,
        work: Bounded<1, 10_000>,
        /// Fifty at most.
        parts: Option<Vec<VisitPartAsk>>,
        remains: Option<Bounded<0, 10_000>>,
        met: Option<Bounded<0, 200>>,
        /// Enters the time of the visit and of the travel too, at the hours that the contract says.
        counted: Option<bool>,
        /// The same, at these hours, where the contract leaves them to be said.
        hours: Option<VisitHours>,
        /// A profile of the contract's rates, for that time.
        profile: Option<String>,
    }

    /// A signature drawn on a screen, in the pad's own unit.
    VisitDrawingAsk {
        /// 20 to 4,000.
        width: u32,
        /// 20 to the width.
        height: u32,
        /// From where the pen was put down to where it was lifted: each point is across, then down.
        strokes: Vec<Vec<VisitPointAsk>>,
    }

    /// A point of a drawn signature.
    VisitPointAsk {
        x: u32,
        y: u32,
    }

    /// A signature to record.
    VisitSignAsk {
        /// The `hash` of the report that was read.
        hash: Bounded<64, 64>,
        /// Who signs, when it is on the technician's screen; the customer's people sign in their own name.
        name: Option<Bounded<2, 200>>,
        /// What the signer does not agree with.
        reserve: Option<Bounded<0, 10_000>>,
        drawing: Option<VisitDrawingAsk>,
    }
}

pub fn operations() -> Vec<Operation> {
    let visits = "/customers/{customer}/tickets/{number}/visits";
    vec![
        Operation::get(visits, "listVisits", "tickets", list)
            .about("Les visites sur site d'un ticket", "A ticket's visits on site")
            .gives::<Visits>(),
        Operation::post(visits, "reportVisit", "tickets", report)
            .about("Rendre compte d'une visite", "Report a visit")
            .takes::<VisitAsk>(|| vec![("disk", example())])
            .gives::<VisitTold>(),
        Operation::post(
            "/customers/{customer}/tickets/{number}/visits/{visit}",
            "correctVisit",
            "tickets",
            correct,
        )
        .about(
            "Corriger son compte rendu, tant qu'il n'est pas signé",
            "Correct one's report, until it is signed",
        )
        .takes::<VisitAsk>(|| vec![("disk", example())])
        .gives::<VisitTold>(),
        Operation::post(
            "/customers/{customer}/tickets/{number}/visits/{visit}/sign",
            "signVisit",
            "tickets",
            sign,
        )
        .about("Signer un compte rendu pour le client", "Sign a report for the customer")
        .takes::<VisitSignAsk>(|| vec![("signed_in", json!({ "hash": "0".repeat(64) }))])
        .gives::<VisitSealed>(),
    ]
}

fn example() -> serde_json::Value {
    json!({
        "arrived": "2026-06-01T12:00:00Z", "left": "2026-06-01T13:30:00Z", "travel_minutes": 40,
        "work": "Disque remplacé, sauvegarde vérifiée.",
        "parts": [{ "name": "Disque 4 To", "quantity": 1, "reference": "SN-0042" }],
        "met": "Claire Martin",
    })
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, ticket)): At<(String, String)>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeTickets)?;
            let items = app.visits(&permit, number(&ticket)?)?.into_iter().map(read).collect();
            Ok(Reply::json(&Visits { items }))
        })
        .await
}

async fn report(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket)): At<(String, String)>,
    body: Entity<VisitAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WorkOnTicket)?;
            let nth = number(&ticket)?;
            let done = app.report_visit(&permit, &key, nth, None, &asked(body.read()?)?)?;
            Ok(told(&customer, nth, done))
        })
        .await
}

async fn correct(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket, visit)): At<(String, String, String)>,
    body: Entity<VisitAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::WorkOnTicket)?;
            let (nth, visit) = (number(&ticket)?, id(&visit)?);
            let done = app.report_visit(&permit, &key, nth, Some(visit), &asked(body.read()?)?)?;
            Ok(told(&customer, nth, done))
        })
        .await
}

async fn sign(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At((customer, ticket, visit)): At<(String, String, String)>,
    body: Entity<VisitSignAsk>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let of = app.find_customer(&customer)?;
            let works = who.may_for(Act::WorkOnTicket, of);
            let permit = app.permit(who, if works { Act::WorkOnTicket } else { Act::Reply }, of)?;
            let (nth, visit) = (number(&ticket)?, id(&visit)?);
            let ask = body.read()?;
            let name = ask.name.as_ref().map(|name| name.0.clone());
            if name.is_some() && !works {
                return Err(AppError::invalid(
                    "name",
                    "vous signez en votre nom\u{a0}: laissez ce champ vide",
                    "you sign in your own name: leave this field out",
                )
                .into());
            }
            let ask = SignVisit {
                hash: ask.hash.0,
                reserve: ask.reserve.map(|text| text.0),
                drawing: ask.drawing.map(drawn).transpose()?,
            };
            let done = match name {
                Some(name) => app.sign_visit_on_screen(&permit, &key, (nth, visit), &ask, &name)?,
                None => app.sign_visit(&permit, &key, (nth, visit), &ask)?,
            };
            let path = format!("{API}/customers/{customer}/tickets/{nth}/visits");
            Ok(Reply::created(&VisitSealed { id: done.visit, entry: done.entry }, path))
        })
        .await
}

fn id(text: &str) -> Result<VisitId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn asked(ask: VisitAsk) -> Result<TellVisit, AppError> {
    let hours = ask.hours.map(|word| hours_of(word.as_ref()));
    Ok(TellVisit {
        arrived: ask.arrived,
        left: ask.left,
        travel: ask.travel_minutes.unwrap_or(0),
        work: ask.work.0,
        parts: ask.parts.unwrap_or_default().into_iter().map(part).collect(),
        remains: ask.remains.map(|text| text.0),
        met: ask.met.map(|text| text.0),
        counted: ask.counted.unwrap_or(false),
        hours: hours.transpose()?,
        profile: ask.profile,
    })
}

fn part(ask: VisitPartAsk) -> Part {
    let reference = ask.reference.map(|text| text.0).filter(|text| !text.trim().is_empty());
    Part { name: ask.name.0, quantity: ask.quantity, reference }
}

/// An invalid field `drawing` for what no pad can hold; the use case says the rest.
fn drawn(ask: VisitDrawingAsk) -> Result<Drawing, AppError> {
    let side = |of: u32| {
        u16::try_from(of)
            .map_err(|_| AppError::invalid("drawing", "un point dans son cadre", "a point within its frame"))
    };
    let stroke = |points: Vec<VisitPointAsk>| {
        points.into_iter().map(|point| Ok((side(point.x)?, side(point.y)?))).collect()
    };
    Ok(Drawing {
        width: side(ask.width)?,
        height: side(ask.height)?,
        strokes: ask.strokes.into_iter().map(stroke).collect::<Result<_, AppError>>()?,
    })
}

fn told(customer: &str, nth: u64, done: app::visit::Reported) -> Reply {
    let path = format!("{API}/customers/{customer}/tickets/{nth}/visits");
    let times = u32::try_from(done.time.len()).unwrap_or(u32::MAX);
    let told =
        VisitTold { id: done.visit, hash: done.hash, entry: done.entry, times, uncounted: done.uncounted };
    Reply::created(&told, path)
}

fn read(line: VisitLine) -> VisitRead {
    let part = |of: Part| VisitPart { name: of.name, quantity: of.quantity, reference: of.reference };
    VisitRead {
        id: line.visit,
        arrived: line.arrived,
        left: line.left,
        person: line.person,
        report: line.report.map(|report| VisitReport {
            travel_minutes: report.travel,
            work: report.work,
            parts: report.parts.into_iter().map(part).collect(),
            remains: report.remains,
            met: report.met,
        }),
        hash: line.hash,
        entry: line.entry,
        signature: line.signature.map(signature),
    }
}

fn signature(of: Signature) -> VisitSignature {
    let how = match of.how {
        VisitSigning::SignedIn => "signed_in",
        VisitSigning::OnScreen => "on_screen",
    };
    VisitSignature {
        at: of.at,
        how: VisitSigned::of(how),
        name: of.name,
        reserve: of.reserve,
        drawn: of.drawing.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::key_of;
    use super::*;

    #[test]
    fn the_example_is_a_visit_and_every_hour_is_one_of_the_rates() {
        let mut example = example();
        for word in ["ordinary", "evening", "night", "saturday", "sunday", "holiday"] {
            example["hours"] = json!(word);
            let told = asked(serde_json::from_value(example.clone()).unwrap()).unwrap();
            assert_eq!(key_of(&told.hours.unwrap()), word);
        }
        example["hours"] = json!("noon");
        assert!(serde_json::from_value::<VisitAsk>(example).is_err());
    }

    #[test]
    fn a_point_that_no_pad_holds_is_refused() {
        let ask = |x: u32| {
            let strokes = json!([[{ "x": x, "y": 2 }]]);
            drawn(serde_json::from_value(json!({ "width": 600, "height": 200, "strokes": strokes })).unwrap())
        };
        assert_eq!(ask(10).unwrap().strokes, [vec![(10, 2)]]);
        assert!(matches!(ask(70_000), Err(AppError::Invalid(i)) if i.field == "drawing"));
    }
}
