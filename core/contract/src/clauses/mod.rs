//! The kinds of clause: one module each, one line below. Everything a kind is stands in its module:
//! its fields, an example that compiles, what it compiles to and how it reads back.

mod check;
mod country;
mod duties;
mod field;
mod fields;
mod owed;
pub(crate) mod questions;
pub(crate) mod read;
mod says;
mod sessions;
mod words;

use std::borrow::Cow;

use base::{Bilingual, Lang};
use terms::Terms;

use crate::compile::Compiler;

pub(crate) use check::{check, merge, nested as check_table};
pub use field::{Field, Presence, Type};
pub use fields::Fields;
pub(crate) use fields::{Clause, Merged, Origin, texts};

/// A kind of clause.
pub struct Kind {
    pub name: &'static str,
    /// What it is for, in French and in English.
    pub doc: (&'static str, &'static str),
    /// A block that compiles.
    pub example: &'static str,
    pub family: Family,
    pub run: Run,
    pub mode: Mode,
    /// Whether it takes `when` and `exception_to`.
    pub guarded: bool,
    pub fields: &'static [Field],
    /// The words of its closed lists, in French and in English, as prose, forms and readings have them:
    /// those that every kind shares stand in `words`.
    pub words: &'static [Word],
    /// Adds its term; `None` when a field it needs was wrong, which has been reported.
    pub(crate) compile: fn(&Fields<'_>, &mut Compiler) -> Option<()>,
    /// What the machine will do, from the terms alone; `None` when the label is not there.
    pub read_back: fn(&str, &Terms) -> Option<Bilingual>,
}

/// What becomes of what a clause says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// An engine reads its term.
    Engine,
    /// It compiles to its term; the engine that reads it does not exist yet: never shown as held. What
    /// will read it, in French and in English.
    NotYet(&'static str, &'static str),
    /// The machine records it and can prove nothing of it.
    Declared,
}

/// Families of kinds, as forms and the manual group them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    Parties,
    Perimeter,
    Time,
    Levels,
    ServiceDesk,
    Maintenance,
    Hosting,
    Process,
    Money,
    Hardware,
    People,
    Security,
    DataAndLaw,
    Governance,
    Exit,
}

impl Family {
    pub const ALL: [Family; 15] = [
        Family::Parties,
        Family::Perimeter,
        Family::Time,
        Family::Levels,
        Family::ServiceDesk,
        Family::Maintenance,
        Family::Hosting,
        Family::Process,
        Family::Money,
        Family::Hardware,
        Family::People,
        Family::Security,
        Family::DataAndLaw,
        Family::Governance,
        Family::Exit,
    ];

    /// « Parties et vie du contrat ».
    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Family::Parties => ("Parties et vie du contrat", "Parties and life of the contract"),
            Family::Perimeter => ("Périmètre", "Perimeter"),
            Family::Time => ("Temps", "Time"),
            Family::Levels => ("Niveaux de service", "Service levels"),
            Family::ServiceDesk => ("Centre de services", "Service desk"),
            Family::Maintenance => ("Tierce maintenance applicative", "Application maintenance"),
            Family::Hosting => ("Hébergement", "Hosting"),
            Family::Process => ("Processus métier", "Business processes"),
            Family::Money => ("Prix et pénalités", "Prices and penalties"),
            Family::Hardware => ("Matériel", "Hardware"),
            Family::People => ("Personnes", "People"),
            Family::Security => ("Sécurité", "Security"),
            Family::DataAndLaw => ("Données et droit", "Data and law"),
            Family::Governance => ("Gouvernance", "Governance"),
            Family::Exit => ("Sortie", "Exit"),
        };
        Bilingual::new(fr, en)
    }
}

/// How clauses of a kind live together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All hold at once.
    Additive,
    /// Two with the same values of these fields must not hold at once.
    Exclusive(&'static [&'static str]),
    /// Each label is its own; only exceptions to the same one exclude each other.
    ByLabel,
}

/// A word of a closed list: as written, in French, in English.
pub type Word = (&'static str, &'static str, &'static str);

impl Kind {
    /// A word of a closed list as people read it; the word itself when nobody translated it.
    pub fn word<'a>(&self, lang: Lang, key: &'a str) -> Cow<'a, str> {
        match self.words.iter().find(|(word, _, _)| *word == key) {
            Some((_, fr, en)) => Cow::Borrowed(lang.t(*fr, *en)),
            None => words::common(lang, key),
        }
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}

macro_rules! clauses {
    ($($kind:ident,)*) => {
        $(pub(crate) mod $kind;)*

        /// Every kind, in the order in which they compile.
        pub static KINDS: &[&Kind] = &[$(&$kind::KIND),*];
    };
}

clauses! {
    // Parties and life.
    parties,
    contacts,
    term,
    termination,
    assignment,
    law_and_disputes,
    // Time.
    calendar,
    on_call,
    // Levels.
    priority_matrix,
    commitment,
    escalation,
    objective,
    pause,
    availability,
    quality_indicator,
    // Perimeter.
    perimeter,
    operations,
    elementary_service,
    place_of_delivery,
    third_party,
    // Service desk.
    hotline,
    allowance,
    users,
    // Application maintenance.
    maintenance,
    acceptance,
    work_units,

    // Hosting.
    hosting,
    backup,
    capacity,

    // Business processes.
    process,
    volume_bands,
    accuracy,

    // Money.
    fee,
    penalty,
    penalty_cap,
    rates,
    invoicing,
    price_revision,
    late_payment,
    budget,
    // Hardware.
    equipment,
    inventory,

    // People.
    staffing,
    confidentiality,
    staff_transfer,

    // Security.
    data_location,
    remote_access,
    device_posture,
    subcontracting,
    retention,
    incident_response,
    security_measures,
    shared_hosting,
    // Data and law.
    personal_data,
    software_ownership,
    licences,
    liability,
    insurance,
    certificates,
    // Governance.
    technology_watch,
    roadmap,
    change,
    committee,
    audit,
    advice,
    documentation,
    training,
    awareness,
    satisfaction,
    benefits,
    // Exit.
    reversibility,
    erasure,
}

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name).copied()
}
