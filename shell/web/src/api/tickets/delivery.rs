//! What a ticket says of its delivery, and the steps of one.

use app::AppError;
use app::ticket::StepCommand;
use app::ticket::delivery::{Defect, DeliveryCommand, DeliveryPage};
use engines::delivery::{Came, Piece, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::steps::{Words, of};
use crate::api::because::{Why, whys};
use crate::api::problem::Failure;
use crate::api::schema::{Bounded, Make, Money, Schema, answer, ask, words};

words! {
    /// How far a delivery has come.
    DeliveryStageWord ["to_estimate", "estimated", "lapsed", "declined", "to_deliver", "accepting", "refused",
        "to_production", "warranty", "done"];

    /// What the customer says of a delivery at the end of a step.
    DeliveryVerdictWord ["accepted", "with_reserves", "refused"];

    /// How a defect stands to the warranty of its delivery: found before it was accepted, under its warranty,
    /// under a warranty that counts what is mended, after it, or where no clause says.
    WarrantyWord ["accepting", "under", "counted", "over", "unsaid"];

    /// What the customer's silence means at the end of a step.
    SilenceWord ["accepts", "refuses"];

    /// What production asks for, shown.
    ProductionNeedWord ["rollback_tested", "anonymised_data", "documentation", "sources"];
}

ask! {
    /// Deliveries of one kind of the catalogue.
    PieceAsk {
        /// A code of the catalogue.
        code: Bounded<1, 50>,
        count: u32,
    }

    /// Estimates the work in units of the contract's book.
    EstimateIt {
        pieces: Vec<PieceAsk>,
        /// The last day it may be ordered.
        until: Option<Date>,
        /// What would be done.
        body: Words,
    }

    /// The customer orders what was estimated.
    OrderIt {
        /// The journal entry of the estimate as it was read.
        estimate: u64,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        reference: Option<Words>,
    }

    /// The customer declines the estimate, or withdraws the order before anything was delivered.
    DeclineEstimate {
        /// The journal entry of the estimate as it was read; none when none was made.
        estimate: Option<u64>,
        why: Words,
    }

    /// It is there to be verified; again after a refusal.
    DeliverIt {
        note: Words,
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }

    /// The customer says how a step of the acceptance came out.
    DecideIt {
        /// The journal entry of the delivery verified.
        presented: u64,
        /// The step by its name in the contract.
        step: Bounded<1, 200>,
        verdict: DeliveryVerdictWord,
        /// The reserves, or why it is refused: asked for both.
        note: Option<Words>,
        /// Where the customer wrote it: asked of the provider, who writes it down.
        reference: Option<Words>,
    }

    /// Something that production asks for is there.
    ShowIt {
        need: ProductionNeedWord,
        /// Where it is, or how it went.
        reference: Words,
    }

    /// It goes into production.
    ProduceIt {
        /// When it happened, if before now; never before the step before.
        at: Option<Timestamp>,
    }
}

answer! {
    /// Deliveries of one kind.
    PieceRead {
        code: String,
        count: u32,
    }

    /// The estimate that stands.
    EstimateRead {
        /// Its journal entry, which an order names.
        entry: u64,
        made: Timestamp,
        pieces: Vec<PieceRead>,
        /// Units of the book, as a fraction.
        units: String,
        /// Net of VAT.
        price: Money,
        until: Option<Date>,
        body: String,
        reasons: Vec<Why>,
    }

    /// The book of work units, in units, as fractions.
    BookRead {
        /// The label of its clause.
        clause: String,
        bought: String,
        carried: String,
        spent: String,
        committed: String,
        left: String,
        beyond: String,
        /// The threshold of the clause is reached.
        alert: bool,
        reasons: Vec<Why>,
    }

    /// A step of the acceptance.
    VerificationRead {
        name: String,
        begins: Option<Timestamp>,
        /// When the customer's silence decides.
        ends: Option<Timestamp>,
        silence: SilenceWord,
        verdict: Option<DeliveryVerdictWord>,
        /// When it came out.
        at: Option<Timestamp>,
        /// Silence decided.
        by_silence: bool,
    }

    /// Something asked for before production.
    NeedRead {
        need: String,
        there: bool,
        /// Where it is, or how it went.
        reference: Option<String>,
    }

    /// The delivery whose defect a ticket mends, and what its warranty says.
    DefectRead {
        /// The number of the delivery's ticket.
        delivery: u64,
        warranty: WarrantyWord,
        /// When the warranty ends, or ended; `null` before it began.
        until: Option<Timestamp>,
        /// Mending it is neither priced nor counted.
        free: bool,
        reasons: Vec<Why>,
    }

    /// A delivery as it stands.
    DeliveryRead {
        stage: DeliveryStageWord,
        book: Option<BookRead>,
        estimate: Option<EstimateRead>,
        ordered: Option<Timestamp>,
        /// The journal entry of the last delivery, which a verdict names.
        presented: Option<u64>,
        steps: Vec<VerificationRead>,
        needs: Vec<NeedRead>,
        /// What keeps it out of production.
        to_production: Vec<Why>,
        warranty_until: Option<Timestamp>,
        /// What keeps its ticket from being closed.
        to_close: Vec<Why>,
        reasons: Vec<Why>,
    }
}

/// The steps of a delivery, by the word of `do`.
pub(super) const NAMES: [(&str, Make); 7] = [
    ("estimate_delivery", EstimateIt::schema),
    ("order_delivery", OrderIt::schema),
    ("decline_delivery", DeclineEstimate::schema),
    ("present_delivery", DeliverIt::schema),
    ("decide_delivery", DecideIt::schema),
    ("show_delivery", ShowIt::schema),
    ("produce_delivery", ProduceIt::schema),
];

/// One of each, for the document.
pub(super) fn examples() -> Vec<(&'static str, Value)> {
    vec![
        (
            "estimate_delivery",
            json!({
                "do": "estimate_delivery",
                "pieces": [{ "code": "M", "count": 2 }],
                "until": "2026-12-15",
                "body": "Deux écrans, et leur aide.",
            }),
        ),
        ("order_delivery", json!({ "do": "order_delivery", "estimate": 812 })),
        ("decline_delivery", json!({ "do": "decline_delivery", "estimate": 812, "why": "Trop cher." })),
        ("present_delivery", json!({ "do": "present_delivery", "note": "Version 4.2 sur la recette." })),
        (
            "decide_delivery",
            json!({ "do": "decide_delivery", "presented": 830, "step": "VABF", "verdict": "accepted" }),
        ),
        (
            "show_delivery",
            json!({ "do": "show_delivery", "need": "rollback_tested", "reference": "Essai du 10 novembre." }),
        ),
        ("produce_delivery", json!({ "do": "produce_delivery" })),
    ]
}

/// The command that a step of a delivery is; `None` if the word names none.
pub(super) fn command(name: &str, body: &Value) -> Option<Result<(StepCommand, Option<Timestamp>), Failure>> {
    NAMES.iter().any(|(known, _)| *known == name).then(|| read(name, body.clone()))
}

fn read(name: &str, body: Value) -> Result<(StepCommand, Option<Timestamp>), Failure> {
    let (delivery, at) = match name {
        "estimate_delivery" => {
            let EstimateIt { pieces, until, body } = of(body)?;
            let pieces = pieces.into_iter().map(|p| Piece { code: p.code.0, count: p.count }).collect();
            (DeliveryCommand::Estimate { pieces, until, body: body.0 }, None)
        }
        "order_delivery" => {
            let OrderIt { estimate, reference } = of(body)?;
            (DeliveryCommand::Order { estimate, reference: reference.map(|r| r.0) }, None)
        }
        "decline_delivery" => {
            let DeclineEstimate { estimate, why } = of(body)?;
            (DeliveryCommand::Decline { estimate, why: why.0 }, None)
        }
        "present_delivery" => {
            let DeliverIt { note, at } = of(body)?;
            (DeliveryCommand::Present { note: note.0 }, at)
        }
        "decide_delivery" => {
            let DecideIt { presented, step, verdict, note, reference } = of(body)?;
            let verdict = Verdict::from_key(verdict.as_ref())
                .ok_or_else(|| AppError::invalid("verdict", "un mot connu", "a known word"))?;
            let (note, reference) = (note.map(|n| n.0), reference.map(|r| r.0));
            (DeliveryCommand::Decide { presented, step: step.0, verdict, note, reference }, None)
        }
        "show_delivery" => {
            let ShowIt { need, reference } = of(body)?;
            (DeliveryCommand::Show { need: need.as_ref().to_owned(), reference: reference.0 }, None)
        }
        _ => (DeliveryCommand::Produce, of::<ProduceIt>(body)?.at),
    };
    Ok((StepCommand::Delivery { delivery }, at))
}

impl From<Defect> for DefectRead {
    fn from(defect: Defect) -> DefectRead {
        DefectRead {
            delivery: defect.delivery,
            warranty: WarrantyWord::of(defect.warranty.value.key()),
            until: defect.warranty.value.until(),
            free: defect.is_free(),
            reasons: whys(defect.warranty.reasons),
        }
    }
}

impl From<DeliveryPage> for DeliveryRead {
    fn from(page: DeliveryPage) -> DeliveryRead {
        let standing = page.standing;
        let shown = page.shown;
        let reference = |need: &str| shown.iter().find(|(n, _)| n == need).map(|(_, r)| r.clone());
        DeliveryRead {
            stage: DeliveryStageWord::of(standing.stage.key()),
            book: page.book.map(|book| {
                let told = &book.ledger.value.book;
                BookRead {
                    clause: book.label,
                    bought: told.bought.to_string(),
                    carried: told.carried.to_string(),
                    spent: told.spent.to_string(),
                    committed: told.committed.to_string(),
                    left: told.left.to_string(),
                    beyond: told.beyond.to_string(),
                    alert: told.alert,
                    reasons: whys(book.ledger.reasons),
                }
            }),
            estimate: page.estimate.map(|e| EstimateRead {
                entry: e.entry,
                made: e.made,
                pieces: e.pieces.into_iter().map(|p| PieceRead { code: p.code, count: p.count }).collect(),
                units: e.units.to_string(),
                price: Money::from(e.price),
                until: e.until,
                body: e.body,
                reasons: whys(e.reasons),
            }),
            ordered: page.ordered,
            presented: page.presented,
            steps: standing
                .steps
                .into_iter()
                .map(|step| VerificationRead {
                    name: step.name,
                    begins: step.begins,
                    ends: step.ends,
                    silence: SilenceWord::of(match step.silence {
                        terms::boundary::Silence::Accepts => "accepts",
                        terms::boundary::Silence::Refuses => "refuses",
                    }),
                    by_silence: step.outcome.as_ref().is_some_and(|o| o.came == Came::BySilence),
                    at: step.outcome.as_ref().map(|o| o.at),
                    verdict: step.outcome.map(|o| DeliveryVerdictWord::of(o.verdict.key())),
                })
                .collect(),
            needs: standing
                .needs
                .into_iter()
                .map(|(need, there)| NeedRead { reference: reference(&need), need, there })
                .collect(),
            to_production: whys(standing.to_production),
            warranty_until: standing.warranty_until,
            to_close: whys(standing.to_close),
            reasons: whys(standing.reasons),
        }
    }
}
