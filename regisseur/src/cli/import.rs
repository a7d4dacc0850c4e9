//! `regisseur import …`: what another tool held.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Shown;

#[derive(Debug, Subcommand)]
pub enum Import {
    /// Reprend les tickets : ceux qui sont ouverts s'ouvrent ici, les autres sont gardés pour être lus.
    ///
    /// Chacun n'est repris qu'une fois, par son numéro d'origine : la commande se relance sans dommage,
    /// après un arrêt ou avec un export plus récent.
    #[command(
        after_help = "Exemple :\n  regisseur import tickets glpi.csv --data /var/lib/regisseur --from glpi \\\n      \
        --customer ateliers-garonne --by a@exemple.fr --priority Haute=P2 --dry-run"
    )]
    Tickets(Tickets),
    /// Invite les personnes d'un export d'utilisateurs, avec un rôle du client.
    #[command(
        after_help = "Exemple :\n  regisseur import people utilisateurs.csv --data /var/lib/regisseur --from glpi \\\n      \
        --customer ateliers-garonne --by a@exemple.fr --dry-run"
    )]
    People(People),
    /// Compare un export de matériel au périmètre du contrat ; n'écrit rien.
    #[command(
        after_help = "Exemple :\n  regisseur import items ordinateurs.csv --data /var/lib/regisseur --from glpi \\\n      \
        --customer ateliers-garonne --by a@exemple.fr"
    )]
    Items(Items),
}

impl Import {
    pub fn shown(&self) -> Shown {
        match self {
            Import::Tickets(asked) => asked.file.shown,
            Import::People(asked) => asked.file.shown,
            Import::Items(asked) => asked.file.shown,
        }
    }
}

/// The file, and for whom.
#[derive(Debug, Args)]
pub struct Exported {
    /// L'export, en CSV.
    #[arg(value_name = "FICHIER")]
    pub path: PathBuf,
    /// L'outil d'où il vient.
    #[arg(long, value_enum)]
    pub from: Tool,
    /// Dossier de données ; il ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Le client : nom court ou identifiant.
    #[arg(long, value_name = "CLIENT")]
    pub customer: String,
    /// Qui reprend : l'adresse d'une personne du prestataire qui en a le droit.
    #[arg(long, value_name = "ADRESSE")]
    pub by: String,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Tickets {
    #[command(flatten)]
    pub file: Exported,
    /// Le contrat des tickets ouverts, si le client en a plusieurs.
    #[arg(long, value_name = "NUMÉRO")]
    pub contract: Option<String>,
    /// D'où courent les délais des tickets ouverts.
    #[arg(long, value_enum, default_value_t = Since::Import)]
    pub since: Since,
    /// Une priorité de l'outil et celle du contrat, par exemple Haute=P2 ; l'option se répète.
    #[arg(long = "priority", value_name = "MOT=PRIORITÉ", value_parser = pair)]
    pub priorities: Vec<(String, String)>,
    /// Montre ce qui serait fait, sans rien écrire.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct People {
    #[command(flatten)]
    pub file: Exported,
    /// Le rôle donné à tous.
    #[arg(long, value_name = "RÔLE", default_value = "customer_user")]
    pub role: String,
    /// Configuration du courriel, comme pour `serve` : les liens partent au lieu d'être imprimés.
    #[arg(long, value_name = "FILE")]
    pub mail: Option<PathBuf>,
    /// Montre ce qui serait fait, sans inviter personne.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Items {
    #[command(flatten)]
    pub file: Exported,
    /// Le contrat, si le client en a plusieurs.
    #[arg(long, value_name = "NUMÉRO")]
    pub contract: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tool {
    /// Liste exportée de GLPI, en français ou en anglais.
    Glpi,
    /// Export CSV d'iTop, par libellés ou par codes.
    Itop,
    /// Un fichier fait à la main : numéro, titre, état, ouvert…
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Since {
    /// Du jour de la reprise.
    Import,
    /// Du jour de la déclaration d'origine.
    Declared,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (word, priority) = text.split_once('=').ok_or("MOT=PRIORITÉ, par exemple Haute=P2")?;
    Ok((word.trim().to_owned(), priority.trim().to_owned()))
}
