//! `regisseur contract …`: its verbs and their arguments.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::Shown;

#[derive(Debug, Subcommand)]
pub enum Contract {
    /// Compile un contrat et dit toutes ses erreurs en une fois, à leur place.
    #[command(
        after_help = "Exemple :\n  regisseur contract check contracts/ateliers-garonne-avenant-1.md \\\n      \
        --base contracts/ateliers-garonne.md --json --lang en\n  \
        regisseur contract check contracts/ateliers-garonne.md --gate signature"
    )]
    Check(Check),
    /// Relit chaque règle en une phrase.
    #[command(
        after_help = "Exemple :\n  regisseur contract read-back contracts/ateliers-garonne.md --lang fr"
    )]
    ReadBack(Text),
    /// Montre chaque champ d'une règle : écrit, hérité ou par défaut.
    #[command(after_help = "Exemple :\n  regisseur contract explain contracts/ateliers-garonne.md carnet")]
    Explain(Explain),
    /// Rassemble ce que tout le contrat dit d'un sujet, avec l'article qui le dit.
    #[command(after_help = "Exemple :\n  regisseur contract show contracts/ateliers-garonne.md services")]
    Show(Show),
    /// Remet en forme les règles : ordre des clés, espaces, largeur. La prose ne change pas.
    #[command(after_help = "Exemple :\n  regisseur contract fmt --check contracts/*.md")]
    Fmt(Fmt),
    /// Compare deux versions : le texte, le sens et, pour un mois donné, les montants.
    #[command(after_help = "Exemple :\n  regisseur contract diff contracts/ateliers-garonne.md \\\n      \
        contracts/ateliers-garonne-avenant-1.md --month 2026-08 --data ./data/demo --customer ateliers-garonne")]
    Diff(Diff),
    /// Les échéances à venir : phases, préavis, reconduction, ouverture des droits de sortie.
    #[command(
        after_help = "Exemple :\n  regisseur contract deadlines contracts/ateliers-garonne.md --on 2026-11-03"
    )]
    Deadlines(Deadlines),
    /// Les droits de sortie anticipée : ouverts, fermés, et ce qui les ouvre.
    #[command(
        after_help = "Exemple :\n  regisseur contract rights contracts/ateliers-garonne.md --on 2027-09-30\n  \
        regisseur contract rights contracts/ateliers-garonne.md --data ./data/demo --customer ateliers-garonne"
    )]
    Rights(Rights),
    /// Le classement des offres d'une consultation, recalculé depuis le dossier préparatoire, avec ses raisons.
    #[command(after_help = "Exemple :\n  regisseur contract tender contracts/ateliers-garonne.md")]
    Tender(Tender),
    /// Imprime le contrat en PDF/A : le texte, sa relecture en marge, ses calendriers, ses prix.
    #[command(
        after_help = "Exemple :\n  regisseur contract render contracts/ateliers-garonne.md --out contrat.pdf"
    )]
    Render(Render),
    /// Le schéma JSON des règles, pour les éditeurs.
    #[command(after_help = "Exemple :\n  regisseur contract schema > regisseur.schema.json")]
    Schema(Shown),
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub text: Text,
    /// Ce que l'on s'apprête à faire : à la signature, ce qui est obligatoire devient une erreur.
    #[arg(long, value_name = "GATE")]
    pub gate: Option<Gate>,
    /// Le dossier préparatoire ; cherché à côté du contrat (NOM.preparation.toml) si on ne le dit pas.
    #[arg(long, value_name = "FILE", requires = "gate")]
    pub preparation: Option<PathBuf>,
    /// Un sous-contrat sur lequel des engagements reposent ; à répéter. Ceux du dossier sont trouvés seuls.
    #[arg(long, value_name = "FILE")]
    pub subcontract: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Gate {
    Signature,
}

#[derive(Debug, Args)]
pub struct Text {
    /// Le contrat ou l'avenant.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Le contrat qu'un avenant modifie ; cherché à côté de lui si on ne le dit pas.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// Le contrat ou l'avenant.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// L'étiquette d'une règle, ou une sorte de règle ; toutes si on n'en dit pas.
    #[arg(value_name = "LABEL")]
    pub label: Option<String>,
    /// Le contrat qu'un avenant modifie ; cherché à côté de lui si on ne le dit pas.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    pub text: Text,
    /// Le sujet.
    #[arg(value_name = "SUBJECT")]
    pub subject: Subject,
}

/// What `contract show` gathers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// L'arbre des services élémentaires : qui en répond, ce qui les paie, ce qui fixe leurs niveaux.
    Services,
    /// Le périmètre, classe par classe, et le service qui s'occupe de chacune.
    Coverage,
    /// Le maintien en condition opérationnelle : systèmes, réseaux, télécommunications.
    Upkeep,
    /// Les opérations qui se font par chaque canal.
    Operations,
    /// Le registre des traitements du Client (RGPD, art. 30), tel que le contrat le dit, et ce qui y manque.
    Processings,
    /// Ce que chaque budget peut payer, chiffré, et ce qu'il en reste.
    Options,
    /// Qui tient chaque fonction des comités, et qui la supplée.
    Seats,
}

impl From<Subject> for contract::Subject {
    fn from(subject: Subject) -> contract::Subject {
        match subject {
            Subject::Services => contract::Subject::Services,
            Subject::Coverage => contract::Subject::Coverage,
            Subject::Upkeep => contract::Subject::Upkeep,
            Subject::Operations => contract::Subject::Operations,
            Subject::Processings => contract::Subject::Processings,
            Subject::Options => contract::Subject::Options,
            Subject::Seats => contract::Subject::Seats,
        }
    }
}

#[derive(Debug, Args)]
pub struct Render {
    #[command(flatten)]
    pub text: Text,
    /// Le PDF à écrire ; il est remplacé s'il existe.
    #[arg(long, value_name = "FILE.pdf")]
    pub out: PathBuf,
    /// La date que porte le document, celle du jour si on ne le dit pas.
    #[arg(long, value_name = "AAAA-MM-JJ")]
    pub date: Option<Date>,
}

#[derive(Debug, Args)]
pub struct Fmt {
    /// Des contrats et des avenants, réécrits sur place.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// N'écrit rien ; liste ceux qui changeraient, et sort avec 1 s'il y en a.
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// La version d'avant : un contrat, un avenant ou un bon de commande.
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// La version d'après.
    #[arg(value_name = "B")]
    pub after: PathBuf,
    /// Le contrat des avenants et des commandes ; cherché à côté d'eux si on ne le dit pas.
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// Un mois à clore sous chacune des deux versions : 2026-08.
    #[arg(long, value_name = "AAAA-MM", requires_all = ["data", "customer"])]
    pub month: Option<String>,
    /// Dossier de données où ce mois s'est passé ; un serveur peut tourner dessus.
    #[arg(long, value_name = "DIR", requires = "month")]
    pub data: Option<PathBuf>,
    /// Le client, par son nom court ou son identifiant.
    #[arg(long, value_name = "CUSTOMER", requires = "month")]
    pub customer: Option<String>,
    /// Le numéro du contrat signé ; celui de A si on ne le dit pas.
    #[arg(long, value_name = "NUMERO", requires = "month")]
    pub contract: Option<String>,
    /// Sort avec 1 si quelque chose diffère.
    #[arg(long)]
    pub exit_code: bool,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Deadlines {
    #[command(flatten)]
    pub text: Text,
    /// Le jour d'où l'on regarde ; aujourd'hui si on ne le dit pas.
    #[arg(long, value_name = "AAAA-MM-JJ")]
    pub on: Option<jiff::civil::Date>,
}

#[derive(Debug, Args)]
pub struct Tender {
    #[command(flatten)]
    pub text: Text,
    /// Le dossier préparatoire ; cherché à côté du contrat (NOM.preparation.toml) si on ne le dit pas.
    #[arg(long, value_name = "FILE")]
    pub preparation: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Rights {
    #[command(flatten)]
    pub text: Text,
    /// Le jour où l'on se place ; aujourd'hui si on ne le dit pas.
    #[arg(long, value_name = "AAAA-MM-JJ", conflicts_with = "data")]
    pub on: Option<jiff::civil::Date>,
    /// Dossier de données où le contrat s'exécute : mesures, manquements et événements y sont lus.
    #[arg(long, value_name = "DIR", requires = "customer")]
    pub data: Option<PathBuf>,
    /// Le client, par son nom court ou son identifiant.
    #[arg(long, value_name = "CUSTOMER", requires = "data")]
    pub customer: Option<String>,
}

impl Contract {
    /// How each verb's answer is shown.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Contract::Check(check) => check.text.shown,
            Contract::ReadBack(text) => text.shown,
            Contract::Explain(explain) => explain.shown,
            Contract::Show(show) => show.text.shown,
            Contract::Fmt(fmt) => fmt.shown,
            Contract::Diff(diff) => diff.shown,
            Contract::Deadlines(asked) => asked.text.shown,
            Contract::Rights(asked) => asked.text.shown,
            Contract::Tender(asked) => asked.text.shown,
            Contract::Render(render) => render.text.shown,
            Contract::Schema(shown) => *shown,
        }
    }
}
