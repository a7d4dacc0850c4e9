//! What people call a role, wherever it is told: on a page, in a letter, in a terminal.

use base::Bilingual;

use super::{Role, Side};

impl Role {
    /// Its name, and the party it is of: « Responsable du contrat, client ».
    pub fn words(self) -> Bilingual {
        let (fr, en) = match self {
            Role::ProviderAdmin => ("Administration", "Administrator"),
            Role::ServiceManager => ("Interlocuteur unique", "Single contact"),
            Role::DeputyManager => ("Suppléance de l’interlocuteur unique", "Deputy contact"),
            Role::Dispatcher => ("Répartition des demandes", "Dispatcher"),
            Role::Technician | Role::ThirdPartyTechnician => ("Technique", "Technician"),
            Role::Developer => ("Développement", "Developer"),
            Role::SystemManager => ("Systèmes et réseaux", "Systems and networks"),
            Role::ProviderAuditor | Role::CustomerAuditor => ("Audit", "Auditor"),
            Role::CustomerDirector => ("Direction", "Director"),
            Role::CustomerManager => ("Responsable du contrat", "Manager"),
            Role::CustomerAdmin => ("Administration des utilisateurs", "User administrator"),
            Role::CustomerUser => ("Utilisateur", "User"),
            Role::CommitteeMember => ("Membre de comité", "Committee member"),
        };
        let (of_fr, of_en) = match self.side() {
            Side::Provider => ("prestataire", "provider"),
            Side::Customer => ("client", "customer"),
            Side::ThirdParty => ("tiers", "third party"),
        };
        Bilingual::new(format!("{fr}, {of_fr}"), format!("{en}, {of_en}"))
    }
}
