//! The customer's employees, as tickets name them, and the filling of the scenarios' texts.

use super::dice::Dice;
use super::hours::Site;
use super::scenarios::Scenario;

/// A name and a department.
pub type Person = (&'static str, &'static str);

pub const TOULOUSE: &[Person] = &[
    ("Amandine Roques", "le bureau des méthodes"),
    ("Bruno Faure", "l'atelier d'usinage"),
    ("Camille Deltour", "la comptabilité"),
    ("David Esteban", "l'expédition"),
    ("Élodie Pujol", "le service qualité"),
    ("Fabrice Lacoste", "l'atelier d'usinage"),
    ("Georges Ricard", "la maintenance"),
    ("Inès Barthe", "les achats"),
    ("Laurent Sicard", "le bureau des méthodes"),
    ("Maëva Coste", "l'administration des ventes"),
    ("Nicolas Azéma", "le contrôle"),
    ("Océane Vidaillac", "les ressources humaines"),
    ("Patrick Bouzigues", "le magasin"),
    ("Sandrine Cazals", "la comptabilité"),
    ("Yannick Teulière", "l'ordonnancement"),
    ("Zohra Mansouri", "le service qualité"),
];

pub const STRASBOURG: &[Person] = &[
    ("Thomas Weber", "l'agence de Strasbourg"),
    ("Anne Schmitt", "l'agence de Strasbourg"),
    ("Lucas Meyer", "le magasin de Strasbourg"),
    ("Julie Klein", "l'agence de Strasbourg"),
];

/// A scenario's texts, about somebody.
pub struct Texts {
    pub title: String,
    pub description: String,
    pub first: String,
    pub done: String,
    /// The person concerned.
    pub person: &'static str,
}

pub fn fill(scenario: &Scenario, (person, place): Person, site: Site, dice: &mut Dice) -> Texts {
    let (seats, prefix) = match site {
        Site::Toulouse => (34, "TLS"),
        Site::Strasbourg => (6, "STR"),
    };
    let workstation = format!("PC-{prefix}-{:02}", dice.between(1, seats));
    let printer = match site {
        Site::Toulouse => format!("COP-TLS-{}", dice.between(1, 4)),
        Site::Strasbourg => "COP-STR-1".to_owned(),
    };
    let text = |template: &str| {
        template
            .replace("{qui}", person)
            .replace("{ou}", place)
            .replace("{poste}", &workstation)
            .replace("{imp}", &printer)
    };
    Texts {
        title: text(scenario.title),
        description: text(scenario.description),
        first: text(scenario.first),
        done: text(scenario.done),
        person,
    }
}
