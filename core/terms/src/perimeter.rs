//! What the contract covers: items and classes that are in, out or shared.

use base::Bilingual;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    In,
    Out,
    /// Run by a third party; the provider coordinates.
    Shared,
}

/// One statement about the perimeter. An item named beats its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerimeterEntry {
    pub status: Coverage,
    /// The class it speaks of (`server`, `workstation`…); with items, their class.
    pub class: Option<String>,
    /// The items by name; empty: the whole class.
    pub items: Vec<String>,
    /// How many items of the class are covered, when counted rather than named.
    pub count: Option<u32>,
    /// The sites it holds for; empty: all.
    pub sites: Vec<String>,
    /// The third party that runs a shared item.
    pub third_party: Option<String>,
    /// Marked by the parties as needing care (personal data, payroll).
    pub sensitive: bool,
}

/// What is kept in running order, in the three words of those who ask for it: « le maintien en condition
/// opérationnelle du système informatique, des réseaux et des télécommunications ».
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    Systems,
    Networks,
    Telecoms,
}

impl Area {
    /// « systèmes ».
    pub fn name(self) -> Bilingual {
        let (fr, en) = match self {
            Area::Systems => ("systèmes", "systems"),
            Area::Networks => ("réseaux", "networks"),
            Area::Telecoms => ("télécommunications", "telecoms"),
        };
        Bilingual::new(fr, en)
    }
}

/// A class of items that every reader of a contract knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// The word a contract writes: `class = "server"`.
    pub key: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
    /// `None` for what is neither a system, nor a network, nor a telecom by itself: a business process.
    pub area: Option<Area>,
}

const fn class(key: &'static str, fr: &'static str, en: &'static str, area: Area) -> Class {
    Class { key, fr, en, area: Some(area) }
}

/// The classes that a contract need not define: the ten that the founding documents list, then those that
/// hosting and networks add. A contract may name others, in its own words.
pub const CLASSES: &[Class] = &[
    class("workstation", "ordinateurs", "computers", Area::Systems),
    class("tablet", "tablettes", "tablets", Area::Systems),
    class("smartphone", "smartphones", "smartphones", Area::Systems),
    class("server", "serveurs", "servers", Area::Systems),
    class("backup", "solution de sauvegarde", "backup", Area::Systems),
    class("router", "routeurs", "routers", Area::Networks),
    class("lan", "réseau interne", "internal network", Area::Networks),
    class("printer", "équipements d'impression", "printing equipment", Area::Systems),
    class("telephony", "télécommunications", "telecoms", Area::Telecoms),
    class("endpoint_security", "sécurité", "security", Area::Systems),
    class("platform", "plateforme d'hébergement", "hosting platform", Area::Systems),
    class("virtual_desktop", "bureaux virtuels", "virtual desktops", Area::Systems),
    class("database", "bases de données", "databases", Area::Systems),
    class("application", "applications", "applications", Area::Systems),
    class("storage", "stockage", "storage", Area::Systems),
    class("switch", "commutateurs", "switches", Area::Networks),
    class("wifi", "réseau sans fil", "wireless network", Area::Networks),
    class("firewall", "pare-feu", "firewalls", Area::Networks),
    class("network_link", "liaisons", "network links", Area::Telecoms),
    class("internet_link", "accès à l'internet", "internet access", Area::Telecoms),
];
