//! The parties and the people who speak for them.

use std::borrow::Cow;

use base::Lang;
use base::party_id::{FrenchVat, Iban, Lei, Siren, Siret};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    Provider,
    Customer,
    Subcontractor,
    ThirdParty,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub role: PartyRole,
    pub name: String,
    /// SAS, SARL, EI…, in the parties' words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// What else the documents call it: « le Donneur d'ordre », « le Maître d'ouvrage » (S-084).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    pub siren: Option<Siren>,
    pub siret: Option<Siret>,
    pub vat: Option<FrenchVat>,
    pub lei: Option<Lei>,
    /// The account to pay to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<Iban>,
    pub address: String,
    /// Who signs, and as what.
    pub signatory: Option<String>,
    /// Sites, by short name: `tls`, `str`.
    pub sites: Vec<String>,
}

/// A person or a desk to turn to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub of: PartyRole,
    /// `single_point_of_contact`, `deputy`, `director`…
    pub role: String,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// A contact's function as people read it; its underscores opened where no word is known.
pub fn function(lang: Lang, role: &str) -> Cow<'_, str> {
    let (fr, en) = match role {
        "single_point_of_contact" => ("interlocuteur unique", "single point of contact"),
        "deputy" => ("suppléant", "deputy"),
        "director" => ("direction", "director"),
        "security_officer" => ("responsable de la sécurité", "security officer"),
        "data_protection_officer" => ("délégué à la protection des données", "data protection officer"),
        "payroll_manager" => ("responsable de la paie", "payroll manager"),
        _ => return Cow::Owned(role.replace('_', " ")),
    };
    Cow::Borrowed(lang.t(fr, en))
}
