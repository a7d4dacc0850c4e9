//! What a use case answers when it does not do what was asked.
//!
//! A refusal is the contract's or the rules' and carries its articles; an invalid request is the
//! caller's text; a fault is ours, has a reference, and left the data as it was.

use base::{Bilingual, Reason};
use store::StoreError;

pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// A rule said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable: `perimeter.out`, `ticket.state`.
    pub code: String,
    pub text: Bilingual,
    pub reasons: Vec<Reason>,
    /// The journal entry, when the refusal was recorded.
    pub entry: Option<u64>,
}

impl Refusal {
    pub fn new(code: &str, fr: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal { code: code.to_owned(), text: Bilingual::new(fr, en), reasons: Vec::new(), entry: None }
    }

    pub fn because(mut self, reasons: Vec<Reason>) -> Refusal {
        self.reasons = reasons;
        self
    }
}

/// A value the caller sent cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    pub field: String,
    pub text: Bilingual,
}

impl Invalid {
    pub fn new(field: &str, fr: impl Into<String>, en: impl Into<String>) -> Invalid {
        Invalid { field: field.to_owned(), text: Bilingual::new(fr, en) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not signed in, or the token is not known.
    #[error("sign in first")]
    Unauthenticated,
    /// One of the provider's staff without a second factor: nothing is theirs before it is enrolled.
    #[error("enrol a second factor first")]
    SecondFactorMissing,
    /// No right, or no such thing: told apart, it would tell what exists.
    #[error("not found, or not yours to see")]
    NotFound,
    #[error("{}", .0.text.en)]
    Refused(Box<Refusal>),
    #[error("{}: {}", .0.field, .0.text.en)]
    Invalid(Invalid),
    /// A contract that does not compile; each diagnostic is one rendered block.
    #[error("the contract does not compile")]
    DoesNotCompile { fr: String, en: String },
    #[error("the idempotency key was already used for another request")]
    IdempotencyConflict,
    /// The disk did not say whether the write is there.
    #[error("outcome unknown; retry with the same idempotency key")]
    OutcomeUnknown,
    #[error("too much at once; retry in a moment")]
    Busy,
    /// Ours. The reference is in the log beside the whole cause.
    #[error("internal error, reference {reference}")]
    Fault { reference: String },
}

impl AppError {
    pub fn invalid(field: &str, fr: impl Into<String>, en: impl Into<String>) -> AppError {
        AppError::Invalid(Invalid::new(field, fr, en))
    }

    pub fn refused(refusal: Refusal) -> AppError {
        AppError::Refused(Box::new(refusal))
    }

    /// A fault: logged once with its cause, shown with its reference only.
    pub fn fault(cause: impl std::fmt::Display) -> AppError {
        let reference = base::id::uuid_v7(
            u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default(),
            &crate::entropy::bytes(&crate::entropy::Os),
        )
        .simple()
        .to_string();
        tracing::error!(%reference, "{cause}");
        AppError::Fault { reference }
    }
}

impl From<StoreError> for AppError {
    fn from(e: StoreError) -> AppError {
        match e {
            StoreError::Conflict { .. } => AppError::IdempotencyConflict,
            StoreError::OutcomeUnknown(_) | StoreError::Stopped => AppError::OutcomeUnknown,
            StoreError::QueueFull => AppError::Busy,
            other => AppError::fault(other),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(r: Refusal) -> AppError {
        AppError::refused(r)
    }
}

impl From<Invalid> for AppError {
    fn from(i: Invalid) -> AppError {
        AppError::Invalid(i)
    }
}
