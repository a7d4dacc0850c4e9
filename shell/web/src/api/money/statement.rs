//! The statement of a month: every line with its arithmetic and its article.

use base::{Because, Bilingual};
use engines::availability::AvailabilityResult;
use engines::billing::{CapApplied, InvoiceLine, MonthStatement, PenaltyLine, VatLine};
use engines::objective::ObjectiveResult;
use engines::period::month_key;
use jiff::civil::Date;

use crate::api::because::{Why, whys};
use crate::api::schema::{Exact, Money, answer, key_of, words};
use crate::api::tickets::PromiseWord;

words! {
    /// Whether a figure can still move.
    StandingWord ["final", "provisional"];
    /// What a line bills.
    LineWord ["fee", "adjustment", "extra", "price_reduction"];
    /// How an objective stands.
    ObjectiveWord ["kept", "missed", "nothing_measured"];
    /// How a penalty meets VAT: outside it, or as a lower price.
    TaxWord ["indemnity", "price_reduction"];
    /// The period that something is counted over.
    PeriodWord ["month", "quarter", "contract_year"];
}

answer! {
    /// Days counted over the days of the month.
    ShareOfMonth {
        days: u32,
        of: u32,
    }

    /// A line of the invoice.
    BillLine {
        kind: LineWord,
        /// The label of the clause that prices it.
        clause: String,
        title: Bilingual,
        /// The days served, both included.
        from: Date,
        to: Date,
        quantity: Exact,
        unit: String,
        unit_price: Money,
        /// `null`: the whole month, or nothing to do with days.
        share: Option<ShareOfMonth>,
        /// Without VAT, rounded.
        net: Money,
        vat_rate: Exact,
        /// The numbers of the tickets whose work it bills.
        tickets: Vec<String>,
        reasons: Vec<Why>,
    }

    /// VAT at one rate.
    Vat {
        rate: Exact,
        /// The sum of the rounded lines at this rate.
        base: Money,
        vat: Money,
    }

    /// A promise kept or not, over its period.
    Objective {
        /// The clause's label.
        objective: String,
        promise: PromiseWord,
        /// The first and the last day of the period.
        from: Date,
        to: Date,
        measured: u32,
        kept: u32,
        /// The rate promised.
        rate: Exact,
        /// Kept over measured.
        reached: Option<Exact>,
        verdict: ObjectiveWord,
        /// Decided by the count of misses, the sample being small.
        small_sample: bool,
        /// The numbers of the tickets that missed.
        missed: Vec<String>,
        standing: StandingWord,
        reasons: Vec<Why>,
    }

    /// An availability over its period.
    Availability {
        /// The clause's label.
        clause: String,
        service: String,
        per: PeriodWord,
        /// The first and the last day of the period that the contract covers.
        from: Date,
        to: Date,
        /// Seconds, or user-seconds, that the service was to be there.
        agreed_seconds: Exact,
        /// Of these, what was lost, each second times its weight.
        lost_seconds: Exact,
        /// Seconds of open time that announced maintenance took out.
        maintenance_seconds: Exact,
        /// Seconds of open time left out because nobody measured.
        unmeasured_seconds: Exact,
        /// The users counted, when seconds are user-seconds.
        users: Option<u32>,
        target: Exact,
        /// `null` when no time was agreed.
        reached: Option<Exact>,
        verdict: ObjectiveWord,
        standing: StandingWord,
        /// The identifiers of the outages that counted.
        outages: Vec<String>,
        reasons: Vec<Why>,
    }

    /// What one late case gives, or an availability missed.
    Penalty {
        /// The penalty clause's label.
        clause: String,
        /// The ticket's number; `null` for an availability.
        ticket: Option<String>,
        /// The promise missed; `null` for an availability.
        promise: Option<PromiseWord>,
        /// The label of the availability missed; `null` for a late case.
        availability: Option<String>,
        /// On the promise's own clock.
        late_seconds: i64,
        /// Hours or points started, or one for the case.
        steps: u32,
        rate: Exact,
        base: Money,
        /// Before the caps.
        amount: Money,
        /// After the caps.
        payable: Money,
        /// The phase in which no penalty is due.
        suspended: Option<String>,
        tax: TaxWord,
        /// The customer can claim nothing else for this case.
        sole_remedy: bool,
        reasons: Vec<Why>,
    }

    /// A ceiling, and what it did.
    Cap {
        clause: String,
        per: PeriodWord,
        /// The first and the last day of the period.
        from: Date,
        to: Date,
        ceiling: Money,
        /// Payable for the earlier months of the period.
        already: Money,
        before: Money,
        after: Money,
        waived: Money,
        reasons: Vec<Why>,
    }

    /// The statement of a month.
    Statement {
        /// The contract's number.
        contract: String,
        /// `2026-08`.
        month: String,
        standing: StandingWord,
        /// The hashes of the versions in force during the month.
        versions: Vec<String>,
        lines: Vec<BillLine>,
        net: Money,
        vat: Vec<Vat>,
        vat_total: Money,
        gross: Money,
        objectives: Vec<Objective>,
        availability: Vec<Availability>,
        penalties: Vec<Penalty>,
        caps: Vec<Cap>,
        /// Before the caps.
        penalty_total: Money,
        /// After the caps.
        penalty_due: Money,
        waived: Money,
        /// Set off against the gross amount.
        set_off: Money,
        owed_to_customer: Money,
        /// Negative when the month is a credit.
        left_to_pay: Money,
        reasons: Vec<Why>,
    }
}

impl From<Because<MonthStatement>> for Statement {
    fn from(Because { value: s, reasons }: Because<MonthStatement>) -> Statement {
        Statement {
            contract: s.contract,
            month: month_key(s.month),
            standing: StandingWord::of(key_of(&s.standing)),
            versions: s.versions,
            lines: s.lines.into_iter().map(BillLine::from).collect(),
            net: s.net.into(),
            vat: s.vat.into_iter().map(Vat::from).collect(),
            vat_total: s.vat_total.into(),
            gross: s.gross.into(),
            objectives: s.results.into_iter().map(Objective::from).collect(),
            availability: s.availability.into_iter().map(Availability::from).collect(),
            penalties: s.penalties.into_iter().map(Penalty::from).collect(),
            caps: s.caps.into_iter().map(Cap::from).collect(),
            penalty_total: s.penalty_total.into(),
            penalty_due: s.penalty_due.into(),
            waived: s.waived.into(),
            set_off: s.set_off.into(),
            owed_to_customer: s.owed_to_customer.into(),
            left_to_pay: s.left_to_pay.into(),
            reasons: whys(reasons),
        }
    }
}

impl From<Because<InvoiceLine>> for BillLine {
    fn from(Because { value: line, reasons }: Because<InvoiceLine>) -> BillLine {
        BillLine {
            kind: LineWord::of(key_of(&line.kind)),
            clause: line.clause,
            title: line.title,
            from: line.from,
            to: line.to,
            quantity: line.quantity.into(),
            unit: line.unit,
            unit_price: line.unit_price.into(),
            share: line.share.map(|s| ShareOfMonth { days: s.days, of: s.of }),
            net: line.net.into(),
            vat_rate: line.vat_rate.into(),
            tickets: line.tickets,
            reasons: whys(reasons),
        }
    }
}

impl From<VatLine> for Vat {
    fn from(line: VatLine) -> Vat {
        Vat { rate: line.rate.into(), base: line.base.into(), vat: line.vat.into() }
    }
}

impl From<Because<ObjectiveResult>> for Objective {
    fn from(Because { value: result, reasons }: Because<ObjectiveResult>) -> Objective {
        Objective {
            reached: result.reached().map(Into::into),
            objective: result.objective,
            promise: PromiseWord::of(result.promise.key()),
            from: result.period.first,
            to: result.period.last(),
            measured: result.measured,
            kept: result.kept,
            rate: result.rate.into(),
            verdict: ObjectiveWord::of(key_of(&result.verdict)),
            small_sample: result.small_sample,
            missed: result.missed,
            standing: StandingWord::of(key_of(&result.standing)),
            reasons: whys(reasons),
        }
    }
}

impl From<Because<AvailabilityResult>> for Availability {
    fn from(Because { value: result, reasons }: Because<AvailabilityResult>) -> Availability {
        Availability {
            reached: result.reached().map(Into::into),
            clause: result.clause,
            service: result.service,
            per: PeriodWord::of(key_of(&result.per)),
            from: result.period.first,
            to: result.period.last(),
            agreed_seconds: result.agreed.into(),
            lost_seconds: result.lost.into(),
            maintenance_seconds: result.maintenance.into(),
            unmeasured_seconds: result.unmeasured.into(),
            users: result.users,
            target: result.target.into(),
            verdict: ObjectiveWord::of(key_of(&result.verdict)),
            standing: StandingWord::of(key_of(&result.standing)),
            outages: result.outages,
            reasons: whys(reasons),
        }
    }
}

impl From<Because<PenaltyLine>> for Penalty {
    fn from(Because { value: line, reasons }: Because<PenaltyLine>) -> Penalty {
        Penalty {
            clause: line.clause,
            ticket: line.ticket,
            promise: line.on.promise().map(|promise| PromiseWord::of(promise.key())),
            availability: line.shortfall.map(|shortfall| shortfall.clause),
            late_seconds: line.late_seconds,
            steps: line.steps,
            rate: line.rate.into(),
            base: line.base.into(),
            amount: line.amount.into(),
            payable: line.payable.into(),
            suspended: line.suspended,
            tax: TaxWord::of(key_of(&line.tax)),
            sole_remedy: line.sole_remedy,
            reasons: whys(reasons),
        }
    }
}

impl From<Because<CapApplied>> for Cap {
    fn from(Because { value: cap, reasons }: Because<CapApplied>) -> Cap {
        Cap {
            clause: cap.clause,
            per: PeriodWord::of(key_of(&cap.per)),
            from: cap.period.first,
            to: cap.period.last(),
            ceiling: cap.ceiling.into(),
            already: cap.already.into(),
            before: cap.before.into(),
            after: cap.after.into(),
            waived: cap.waived.into(),
            reasons: whys(reasons),
        }
    }
}
