//! The accounts of a data folder, and the erasure of personal content.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Shown;

#[derive(Debug, Args)]
pub struct Invite {
    /// Dossier de données ; il ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    #[arg(long, value_name = "ADRESSE")]
    pub email: String,
    /// Nom affiché.
    #[arg(long, value_name = "NOM")]
    pub name: String,
    /// Comme pour `account add`.
    #[arg(long, value_name = "RÔLE")]
    pub role: String,
    /// Le client, pour ses propres personnes : nom court ou identifiant.
    #[arg(long, value_name = "CLIENT")]
    pub customer: Option<String>,
    /// Configuration du courriel, comme pour `serve` : le lien part à la personne au lieu d'être imprimé.
    #[arg(long, value_name = "FILE")]
    pub mail: Option<PathBuf>,
    #[command(flatten)]
    pub shown: Shown,
}

/// An account that is there.
#[derive(Debug, Args)]
pub struct Existing {
    /// Dossier de données ; il ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    #[arg(long, value_name = "ADRESSE")]
    pub email: String,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Recover {
    #[command(flatten)]
    pub account: Existing,
    /// Le second facteur est perdu aussi : le lien le retire.
    #[arg(long)]
    pub factor_lost: bool,
    /// Configuration du courriel, comme pour `serve` : le lien part à la personne au lieu d'être imprimé.
    #[arg(long, value_name = "FILE")]
    pub mail: Option<PathBuf>,
}

/// Whose people, and who asks.
#[derive(Debug, Args)]
pub struct Roles {
    /// Dossier de données ; il ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Nom court ou identifiant.
    #[arg(long, value_name = "CLIENT")]
    pub customer: String,
    /// Qui le demande : l'adresse d'une personne qui gère les personnes de ce client.
    #[arg(long, value_name = "ADRESSE")]
    pub by: String,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Grant {
    #[command(flatten)]
    pub of: Roles,
    /// La personne, qui a déjà un compte.
    #[arg(long, value_name = "ADRESSE")]
    pub email: String,
    /// Un rôle de la page /permissions ; un rôle inconnu les fait tous lister.
    #[arg(long, value_name = "RÔLE")]
    pub role: String,
    /// Le numéro du seul contrat concerné ; tous les contrats du client sans cela.
    #[arg(long, value_name = "NUMÉRO")]
    pub contract: Option<String>,
    /// Pour un tiers : un élément du périmètre ; l'option se répète.
    #[arg(long, value_name = "ÉLÉMENT")]
    pub item: Vec<String>,
    /// Pour un tiers : une classe d'éléments ; l'option se répète.
    #[arg(long, value_name = "CLASSE")]
    pub class: Vec<String>,
    /// Pour un tiers : le sous-contrat sous lequel il intervient, tel que le contrat le nomme.
    #[arg(long, value_name = "LIBELLÉ")]
    pub subcontract: Option<String>,
}

#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    pub of: Roles,
    /// Le rôle tenu, comme `account roles` l'identifie.
    #[arg(long, value_name = "IDENTIFIANT")]
    pub held: String,
}

#[derive(Debug, Args)]
pub struct Erase {
    /// Dossier de données ; il ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Nom court ou identifiant.
    #[arg(long, value_name = "CLIENT")]
    pub customer: String,
    /// Qui efface : l'adresse d'un administrateur du prestataire.
    #[arg(long, value_name = "ADRESSE")]
    pub by: String,
    #[arg(long, value_enum)]
    pub ground: Ground,
    /// Tout ce qui fut écrit et joint dans un ticket.
    #[arg(long, value_name = "N", conflicts_with_all = ["entry", "person"])]
    pub ticket: Option<u64>,
    /// Le contenu d'une inscription du journal ; l'option se répète.
    #[arg(long, value_name = "N", conflicts_with = "person")]
    pub entry: Vec<u64>,
    /// Le nom d'une personne, par l'adresse de son compte.
    #[arg(long, value_name = "ADRESSE")]
    pub person: Option<String>,
    #[command(flatten)]
    pub shown: Shown,
}

/// Why; `events::Ground` says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ground {
    /// À la demande de la personne (RGPD, article 17).
    Request,
    /// Durée de conservation écoulée (RGPD, article 5).
    Retention,
    /// Écrit là par erreur.
    Mistake,
}
