//! What a party owes besides deadlines on tickets: a report, a committee, a certificate, a rehearsal;
//! when, and with which proof.

use base::Length;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::party::PartyRole;

/// An obligation to do, read by the engine `duties`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub owed_by: PartyRole,
    /// The closed name of what is done, `steering_committee`, `restore_test`; unique with the label.
    pub what: String,
    /// In the parties' words, or those of the kind.
    pub title: String,
    pub due: DutyDue,
    pub proof: DutyProof,
    /// Who is told before it is due, and how long before; `None`: nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert_before: Option<Length>,
}

/// When a duty is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum DutyDue {
    /// On this day at the latest.
    By { date: Date },
    /// Once in each period, the first time on `first` or one period after the contract's start.
    Every {
        period: Length,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<Date>,
    },
    /// So many times in each contract year, evenly or not: the last is due on its last day.
    PerYear { times: u32 },
    /// So long after something happens: `contract_start`, `incident_detected`, `termination_notified`…
    Within { length: Length, of: Trigger },
    /// So long before something happens: `change_of_location`, `planned_maintenance`…
    Before { length: Length, of: Trigger },
    /// Something held that runs out: a certificate, a policy. Renewed by this day.
    Renew { expires: Date },
    /// At all times; proved on demand.
    Always,
}

/// What starts a duty, a right or a legal clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    ContractSigned,
    ContractStart,
    /// The end of the contract, whatever its cause.
    ContractEnd,
    TerminationNotified,
    IncidentDetected,
    PersonalDataBreach,
    SecurityIncident,
    /// A request of the other party: an audit, a copy, an answer.
    Request,
    DisputeRaised,
    ChangeOfControl,
    ChangeOfLocation,
    ChangeOfSubcontractor,
    StaffAssigned,
    Delivery,
    Acceptance,
    MaintenancePlanned,
    Insolvency,
    HandOverAccepted,
    CertificateLost,
    PeriodEnd,
    /// A person reaches the system for the first time.
    FirstAccess,
    /// A span of on-call duty begins.
    OnCallPeriod,
    /// Data is erased.
    Erasure,
    /// A development that could materially harm the service (Reg. (EU) 2022/2554, 30(3)(b)).
    MaterialEvent,
}

impl Trigger {
    pub const ALL: &[Trigger] = &[
        Trigger::ContractSigned,
        Trigger::ContractStart,
        Trigger::ContractEnd,
        Trigger::TerminationNotified,
        Trigger::IncidentDetected,
        Trigger::PersonalDataBreach,
        Trigger::SecurityIncident,
        Trigger::Request,
        Trigger::DisputeRaised,
        Trigger::ChangeOfControl,
        Trigger::ChangeOfLocation,
        Trigger::ChangeOfSubcontractor,
        Trigger::StaffAssigned,
        Trigger::Delivery,
        Trigger::Acceptance,
        Trigger::MaintenancePlanned,
        Trigger::Insolvency,
        Trigger::HandOverAccepted,
        Trigger::CertificateLost,
        Trigger::PeriodEnd,
        Trigger::FirstAccess,
        Trigger::OnCallPeriod,
        Trigger::Erasure,
        Trigger::MaterialEvent,
    ];

    /// « de la notification de la résiliation », “notice of termination”: what follows « à compter ».
    pub fn name(self) -> base::Bilingual {
        let (fr, en) = match self {
            Trigger::ContractSigned => ("de la signature du contrat", "the signature of the contract"),
            Trigger::ContractStart => ("du début du contrat", "the start of the contract"),
            Trigger::ContractEnd => ("de la fin du contrat", "the end of the contract"),
            Trigger::TerminationNotified => {
                ("de la notification de la résiliation", "the notice of termination")
            }
            Trigger::IncidentDetected => ("de la détection de l'incident", "the detection of the incident"),
            Trigger::PersonalDataBreach => {
                ("de la connaissance de la violation de données", "awareness of the personal data breach")
            }
            Trigger::SecurityIncident => {
                ("de la connaissance de l'incident de sécurité", "awareness of the security incident")
            }
            Trigger::Request => ("de la demande", "the request"),
            Trigger::DisputeRaised => ("de la notification du différend", "the notice of dispute"),
            Trigger::ChangeOfControl => ("du changement de contrôle", "the change of control"),
            Trigger::ChangeOfLocation => ("du changement de lieu", "the change of location"),
            Trigger::ChangeOfSubcontractor => {
                ("du changement de sous-traitant", "the change of subcontractor")
            }
            Trigger::StaffAssigned => ("de l'affectation de la personne", "the assignment of the person"),
            Trigger::Delivery => ("de la livraison", "delivery"),
            Trigger::Acceptance => ("de la recette", "acceptance"),
            Trigger::MaintenancePlanned => ("de la maintenance programmée", "the planned maintenance"),
            Trigger::Insolvency => {
                ("de l'ouverture d'une procédure collective", "the opening of insolvency proceedings")
            }
            Trigger::HandOverAccepted => {
                ("de la réception de la réversibilité", "the acceptance of the hand-over")
            }
            Trigger::CertificateLost => ("de la perte du certificat", "the loss of the certificate"),
            Trigger::PeriodEnd => ("de la fin de la période", "the end of the period"),
            Trigger::MaterialEvent => ("de la connaissance de ce fait", "awareness of it"),
            Trigger::FirstAccess => ("du premier accès", "the first access"),
            Trigger::OnCallPeriod => ("du début de l'astreinte", "the start of the on-call period"),
            Trigger::Erasure => ("de l'effacement", "erasure"),
        };
        base::Bilingual::new(fr, en)
    }
}

/// What proves that a duty was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyProof {
    /// A document handed over: a plan, a report, a note.
    Document,
    /// Minutes signed by both.
    Minutes,
    /// A certificate or an attestation of a third party.
    Certificate,
    /// The record of a test, with its measures.
    TestRecord,
    /// An attendance sheet.
    Attendance,
    /// A notice sent to the other party.
    Notice,
    /// An undertaking signed by the person.
    Undertaking,
    /// The party's word alone: shown as declared.
    Declaration,
}

impl DutyProof {
    /// The words a contract writes.
    pub const WORDS: &[&str] = &[
        "document",
        "minutes",
        "certificate",
        "test_record",
        "attendance",
        "notice",
        "undertaking",
        "declaration",
    ];

    pub const ALL: [DutyProof; 8] = [
        DutyProof::Document,
        DutyProof::Minutes,
        DutyProof::Certificate,
        DutyProof::TestRecord,
        DutyProof::Attendance,
        DutyProof::Notice,
        DutyProof::Undertaking,
        DutyProof::Declaration,
    ];

    /// The word a contract writes.
    pub fn key(self) -> &'static str {
        match self {
            DutyProof::Document => "document",
            DutyProof::Minutes => "minutes",
            DutyProof::Certificate => "certificate",
            DutyProof::TestRecord => "test_record",
            DutyProof::Attendance => "attendance",
            DutyProof::Notice => "notice",
            DutyProof::Undertaking => "undertaking",
            DutyProof::Declaration => "declaration",
        }
    }

    pub fn from_key(key: &str) -> Option<DutyProof> {
        DutyProof::ALL.into_iter().find(|p| p.key() == key)
    }

    /// « un document remis », “a document handed over”.
    pub fn name(self) -> base::Bilingual {
        let (fr, en) = match self {
            DutyProof::Document => ("un document remis", "a document handed over"),
            DutyProof::Minutes => ("un procès-verbal signé", "signed minutes"),
            DutyProof::Certificate => ("l'attestation d'un tiers", "a third party's certificate"),
            DutyProof::TestRecord => ("le compte rendu d'un essai mesuré", "the record of a measured test"),
            DutyProof::Attendance => ("une feuille de présence", "an attendance sheet"),
            DutyProof::Notice => ("une notification", "a notice"),
            DutyProof::Undertaking => ("un engagement signé", "a signed undertaking"),
            DutyProof::Declaration => ("une simple déclaration", "a mere declaration"),
        };
        base::Bilingual::new(fr, en)
    }
}
