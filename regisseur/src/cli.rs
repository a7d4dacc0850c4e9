//! The command line: verbs, arguments, and an example for each.

pub mod account;
mod contract;
pub mod import;

use std::net::SocketAddr;
use std::path::PathBuf;

use base::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use contract::{Contract, Deadlines, Diff, Gate, Rights, Tender};

/// Le contrat signé, exécuté.
#[derive(Debug, Parser)]
#[command(name = "regisseur", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Exemple :\n  regisseur demo\n  regisseur contract check contracts/ateliers-garonne.md\n\n\
    Codes de sortie : 0 fait, 1 refusé ou échoué, 2 mauvais usage."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prépare une démonstration (une seule fois), puis la sert.
    #[command(after_help = "Exemple :\n  regisseur demo --data ./data/demo --listen 127.0.0.1:8080")]
    Demo(Demo),
    /// Sert un dossier de données : pages, API et tâches de fond.
    #[command(after_help = "Exemple :\n  regisseur serve --data /var/lib/regisseur --listen 127.0.0.1:8080")]
    Serve(Serve),
    /// Vérifie, relit et explique un contrat.
    #[command(subcommand, after_help = "Exemple :\n  regisseur contract check contracts/ateliers-garonne.md")]
    Contract(Contract),
    /// Calcule échéances et temps écoulés sur un calendrier.
    #[command(subcommand, after_help = "Exemple :\n  regisseur clock eval cas.json")]
    Clock(Clock),
    /// Vérifie le journal.
    #[command(subcommand, after_help = "Exemple :\n  regisseur journal verify --data ./data/demo")]
    Journal(Journal),
    /// Les clients d'un dossier de données.
    #[command(subcommand, after_help = "Exemple :\n  regisseur customer list --data ./data/demo --json")]
    Customer(Customer),
    /// Les comptes d'un dossier de données.
    #[command(
        subcommand,
        after_help = "Exemple :\n  regisseur account add --data /var/lib/regisseur --email a@exemple.fr \\\n      \
        --name \"Anne Vidal\" --role provider_admin"
    )]
    Account(Account),
    /// Reprend ce que tenait un autre outil : tickets, personnes, matériel.
    #[command(
        subcommand,
        after_help = "Exemple :\n  regisseur import tickets glpi.csv --data /var/lib/regisseur --from glpi \\\n      \
        --customer ateliers-garonne --by a@exemple.fr --dry-run"
    )]
    Import(import::Import),
}

/// Where the demonstration lives when nobody says: under the current folder, out of Git's sight.
pub const DEMO_DATA: &str = "./data/demo";

#[derive(Debug, Args)]
pub struct Demo {
    /// Dossier de la démonstration.
    #[arg(long, value_name = "DIR", default_value = DEMO_DATA)]
    pub data: PathBuf,
    /// Adresse d'écoute, en boucle locale.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Prépare le dossier et s'arrête.
    #[arg(long)]
    pub prepare_only: bool,
    /// Configuration du courriel (TOML), comme pour `serve` : sans elle, la démonstration n'en envoie pas.
    #[arg(long, value_name = "FILE")]
    pub mail: Option<PathBuf>,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Dossier de données ; il est créé s'il n'existe pas.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Adresse d'écoute, en boucle locale : un mandataire TLS se place devant.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Nom public du site, sans port ; l'option se répète. Tout autre nom est refusé, sauf ceux de la machine.
    #[arg(long = "name", value_name = "HOST")]
    pub names: Vec<String>,
    /// Un mandataire à vous est devant et écrit l'adresse du client à la fin de X-Forwarded-For.
    #[arg(long)]
    pub behind_proxy: bool,
    /// Configuration du courriel (TOML) ; les mots de passe sont dans l'environnement.
    #[arg(long, value_name = "FILE")]
    pub mail: Option<PathBuf>,
    /// Fournisseurs d'identité par lesquels entrer (TOML) ; les secrets sont dans l'environnement.
    #[arg(long = "sign-in", value_name = "FILE")]
    pub sign_in: Option<PathBuf>,
    /// Hôtes que les webhooks peuvent joindre (TOML) ; sans ce fichier, aucun ne part.
    #[arg(long, value_name = "FILE")]
    pub webhooks: Option<PathBuf>,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Subcommand)]
pub enum Clock {
    /// Évalue un fichier de cas et imprime un tableau JSON.
    #[command(after_help = "Exemple :\n  regisseur clock eval cas.json")]
    Eval {
        /// Des `cases` et des `business_day_cases`, en JSON ; des disponibilités si `schema` le dit.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        shown: Shown,
    },
    /// Recalcule les échéances des tickets ouverts et les compare à celles qui sont gardées.
    #[command(
        after_help = "Exemple :\n  regisseur clock recompute --data ./data/demo --customer ateliers-garonne"
    )]
    Recompute {
        /// Dossier de données ; un serveur peut tourner dessus.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Un seul client, par son nom court ou son identifiant.
        #[arg(long, value_name = "CUSTOMER")]
        customer: Option<String>,
        /// Les tickets résolus aussi.
        #[arg(long)]
        every: bool,
        #[command(flatten)]
        shown: Shown,
    },
}

#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Recalcule tout et nomme la première entrée fautive.
    #[command(
        after_help = "Exemple :\n  regisseur journal verify --data ./data/demo --customer ateliers-garonne"
    )]
    Verify {
        /// Dossier de données ; un serveur peut tourner dessus.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Un seul client, par son nom court ou son identifiant.
        #[arg(long, value_name = "CUSTOMER")]
        customer: Option<String>,
        #[command(flatten)]
        shown: Shown,
    },
    /// Efface des données personnelles, pour de bon ; le journal reste intact et le dit.
    #[command(
        after_help = "Exemple :\n  regisseur journal erase --data /var/lib/regisseur --customer ateliers-garonne \\\n      \
        --by a@exemple.fr --ground request --ticket 12"
    )]
    Erase(account::Erase),
}

#[derive(Debug, Subcommand)]
pub enum Customer {
    /// Les clients, par nom.
    #[command(after_help = "Exemple :\n  regisseur customer list --data ./data/demo --json")]
    List {
        /// Dossier de données ; un serveur peut tourner dessus.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        #[command(flatten)]
        shown: Shown,
    },
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Ajoute un compte ; le mot de passe est fabriqué et montré une seule fois.
    #[command(
        after_help = "Exemple :\n  regisseur account add --data /var/lib/regisseur --email a@exemple.fr \\\n      \
        --name \"Anne Vidal\" --role provider_admin --totp --token"
    )]
    Add(AddAccount),
    /// Ajoute un compte dont la personne choisira le mot de passe, par un lien de trois jours.
    #[command(
        after_help = "Exemple :\n  regisseur account invite --data /var/lib/regisseur --email a@exemple.fr \\\n      \
        --name \"Anne Vidal\" --role technician"
    )]
    Invite(account::Invite),
    /// Fait un lien pour qui a perdu son mot de passe.
    #[command(
        after_help = "Exemple :\n  regisseur account recover --data /var/lib/regisseur --email a@exemple.fr"
    )]
    Recover(account::Recover),
    /// Désactive un compte : sessions, jetons et liens cessent aussitôt.
    #[command(
        after_help = "Exemple :\n  regisseur account disable --data /var/lib/regisseur --email a@exemple.fr"
    )]
    Disable(account::Existing),
    /// Réactive un compte.
    #[command(
        after_help = "Exemple :\n  regisseur account enable --data /var/lib/regisseur --email a@exemple.fr"
    )]
    Enable(account::Existing),
    /// Liste qui tient quel rôle chez un client.
    #[command(
        after_help = "Exemple :\n  regisseur account roles --data /var/lib/regisseur --customer ateliers-garonne \\\n      \
        --by a@exemple.fr"
    )]
    Roles(account::Roles),
    /// Donne un rôle chez un client ; le journal du client le dit.
    #[command(
        after_help = "Exemple :\n  regisseur account grant --data /var/lib/regisseur --customer ateliers-garonne \\\n      \
        --by a@exemple.fr --email b@tiers.example --role third_party_technician --item srv-erp"
    )]
    Grant(account::Grant),
    /// Met fin à un rôle chez un client ; le journal du client le dit.
    #[command(
        after_help = "Exemple :\n  regisseur account revoke --data /var/lib/regisseur --customer ateliers-garonne \\\n      \
        --by a@exemple.fr --held 0198c0de-0000-7000-8000-000000000001"
    )]
    Revoke(account::Revoke),
}

#[derive(Debug, Args)]
pub struct AddAccount {
    /// Dossier de données ; il est créé s'il n'existe pas, et ne doit pas être servi pendant ce temps.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    #[arg(long, value_name = "ADRESSE")]
    pub email: String,
    /// Nom affiché.
    #[arg(long, value_name = "NOM")]
    pub name: String,
    /// Un rôle de la page /permissions, par exemple technician ; un rôle inconnu les fait tous lister.
    #[arg(long, value_name = "RÔLE")]
    pub role: String,
    /// Le client, pour ses propres personnes : nom court ou identifiant.
    #[arg(long, value_name = "CLIENT")]
    pub customer: Option<String>,
    /// Ajoute un second facteur (codes à six chiffres).
    #[arg(long)]
    pub totp: bool,
    /// Émet aussi un jeton d'API.
    #[arg(long)]
    pub token: bool,
    #[command(flatten)]
    pub shown: Shown,
}

/// How the answer is shown.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Shown {
    /// Langue de ce qui est imprimé.
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub lang: Language,
    /// Un document JSON sur la sortie standard, et rien d'autre.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    #[default]
    Fr,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Fr => Lang::Fr,
            Language::En => Lang::En,
        }
    }
}

impl Cli {
    fn shown(&self) -> Shown {
        match &self.command {
            Command::Demo(demo) => demo.shown,
            Command::Serve(serve) => serve.shown,
            Command::Contract(asked) => asked.shown(),
            Command::Clock(Clock::Eval { shown, .. } | Clock::Recompute { shown, .. })
            | Command::Journal(Journal::Verify { shown, .. })
            | Command::Customer(Customer::List { shown, .. }) => *shown,
            Command::Account(Account::Add(asked)) => asked.shown,
            Command::Account(Account::Invite(asked)) => asked.shown,
            Command::Account(Account::Recover(asked)) => asked.account.shown,
            Command::Account(Account::Disable(asked) | Account::Enable(asked)) => asked.shown,
            Command::Account(Account::Roles(asked)) => asked.shown,
            Command::Account(Account::Grant(asked)) => asked.of.shown,
            Command::Account(Account::Revoke(asked)) => asked.of.shown,
            Command::Journal(Journal::Erase(asked)) => asked.shown,
            Command::Import(asked) => asked.shown(),
        }
    }

    pub fn lang(&self) -> Lang {
        self.shown().lang.into()
    }

    pub fn json(&self) -> bool {
        self.shown().json
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_shows_an_example() {
        fn walk(command: &clap::Command, path: &str) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("regisseur "), "{path} has no example");
            for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
                walk(sub, &format!("{path} {}", sub.get_name()));
            }
        }
        let command = Cli::command();
        command.clone().debug_assert();
        walk(&command, "regisseur");
    }
}
