//! Who is in the demonstration, on both sides. The names of the contract's contacts are theirs.

use std::collections::HashMap;

use app::access::Items;
use app::accounts::NewAccount;
use app::accounts::roles::NewRole;
use app::{App, Principal, Role};
use base::id::CustomerId;

use super::card;
use crate::output::Failure;
use crate::secrets;

/// Whose contract an act is under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// Contract A: global infogérance.
    Garonne,
    /// Contract B: hosting and application maintenance.
    Lumen,
    /// Contract C: payroll and virtual desktops, a master and two orders.
    Mutuelle,
}

impl Of {
    pub const ALL: [Of; 3] = [Of::Garonne, Of::Lumen, Of::Mutuelle];

    pub const fn slug(self) -> &'static str {
        match self {
            Of::Garonne => "ateliers-garonne",
            Of::Lumen => "lumen-edition",
            Of::Mutuelle => "mutuelle-horizon",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Of::Garonne => "Ateliers Garonne SAS",
            Of::Lumen => "Lumen Édition SAS",
            Of::Mutuelle => "Mutuelle Horizon Atlantique",
        }
    }

    /// Who signs for the customer.
    pub const fn signatory(self) -> Who {
        match self {
            Of::Garonne => Who::Castaing,
            Of::Lumen => Who::Perrachon,
            Of::Mutuelle => Who::Kervadec,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Provider.
    Vidal,
    Vasseur,
    Benali,
    Delmas,
    Roussel,
    /// Provider, who hands out what comes in.
    Aubry,
    /// Provider, who reads all of it and writes nothing.
    Lemoine,
    /// Coffre Bleu, which keeps the copies of Ateliers Garonne.
    Vanhove,
    /// Provider, for the contract of Lumen Édition.
    Kerbrat,
    Haddad,
    Lasserre,
    /// Provider, for the contract of Mutuelle Horizon Atlantique.
    Rouault,
    Mendy,
    /// Ateliers Garonne.
    Castaing,
    Marty,
    Ferrand,
    Weber,
    /// Ateliers Garonne, who decide or read beside those who work.
    Castel,
    Lacaze,
    Soulie,
    Esteve,
    /// Lumen Édition.
    Perrachon,
    Giraud,
    Saidi,
    /// Mutuelle Horizon Atlantique.
    Kervadec,
    Thebault,
    Payet,
    Oger,
    Schaeffer,
}

struct Part {
    who: Who,
    name: &'static str,
    email: &'static str,
    role: Role,
    second_factor: bool,
    token: bool,
}

const fn part(who: Who, name: &'static str, email: &'static str, role: Role, token: bool) -> Part {
    Part { who, name, email, role, second_factor: false, token }
}

const PROVIDER: [Part; 13] = [
    Part {
        who: Who::Vidal,
        name: "Hélène Vidal",
        email: "helene.vidal@regie-numerique.example",
        role: Role::ProviderAdmin,
        second_factor: true,
        token: true,
    },
    part(
        Who::Vasseur,
        "Claire Vasseur",
        "claire.vasseur@regie-numerique.example",
        Role::ServiceManager,
        true,
    ),
    part(Who::Roussel, "Mehdi Roussel", "mehdi.roussel@regie-numerique.example", Role::Technician, true),
    part(Who::Delmas, "Sofia Delmas", "sofia.delmas@regie-numerique.example", Role::DeputyManager, false),
    part(Who::Benali, "Karim Benali", "karim.benali@regie-numerique.example", Role::Technician, false),
    part(Who::Aubry, "Laure Aubry", "laure.aubry@regie-numerique.example", Role::Dispatcher, false),
    part(Who::Vanhove, "Rémi Vanhove", "remi.vanhove@coffre-bleu.example", Role::ThirdPartyTechnician, false),
    part(Who::Kerbrat, "Maud Kerbrat", "maud.kerbrat@hexa-services.example", Role::ServiceManager, false),
    part(Who::Haddad, "Yanis Haddad", "yanis.haddad@hexa-services.example", Role::Technician, false),
    part(
        Who::Rouault,
        "Gwenaëlle Rouault",
        "gwenaelle.rouault@solstice.example",
        Role::ServiceManager,
        false,
    ),
    part(Who::Mendy, "Idriss Mendy", "idriss.mendy@solstice.example", Role::SystemManager, false),
    part(Who::Lasserre, "Théo Lasserre", "theo.lasserre@hexa-services.example", Role::Developer, false),
    part(
        Who::Lemoine,
        "Agnès Lemoine",
        "agnes.lemoine@regie-numerique.example",
        Role::ProviderAuditor,
        false,
    ),
];

const LUMEN: [Part; 3] = [
    part(
        Who::Perrachon,
        "Solène Perrachon",
        "solene.perrachon@lumen-edition.example",
        Role::CustomerManager,
        false,
    ),
    part(Who::Giraud, "Baptiste Giraud", "baptiste.giraud@lumen-edition.example", Role::CustomerUser, false),
    part(Who::Saidi, "Amel Saïdi", "amel.saidi@lumen-edition.example", Role::CustomerUser, false),
];

const MUTUELLE: [Part; 5] = [
    part(
        Who::Kervadec,
        "Solenn Kervadec",
        "solenn.kervadec@horizon-atlantique.example",
        Role::CustomerManager,
        false,
    ),
    part(
        Who::Thebault,
        "Marc Thébault",
        "marc.thebault@horizon-atlantique.example",
        Role::CustomerManager,
        false,
    ),
    part(Who::Payet, "Anaïs Payet", "anais.payet@horizon-atlantique.example", Role::CustomerUser, false),
    part(Who::Oger, "Brigitte Oger", "brigitte.oger@horizon-atlantique.example", Role::CustomerUser, false),
    part(
        Who::Schaeffer,
        "Éric Schaeffer",
        "eric.schaeffer@horizon-atlantique.example",
        Role::CustomerUser,
        false,
    ),
];

const GARONNE: [Part; 8] = [
    part(
        Who::Castaing,
        "Hélène Castaing",
        "helene.castaing@ateliers-garonne.example",
        Role::CustomerManager,
        true,
    ),
    part(Who::Marty, "Julien Marty", "julien.marty@ateliers-garonne.example", Role::CustomerManager, false),
    part(Who::Ferrand, "Nadia Ferrand", "nadia.ferrand@ateliers-garonne.example", Role::CustomerUser, true),
    part(Who::Weber, "Thomas Weber", "thomas.weber@ateliers-garonne.example", Role::CustomerUser, false),
    part(
        Who::Castel,
        "Bertrand Castel",
        "bertrand.castel@ateliers-garonne.example",
        Role::CustomerDirector,
        false,
    ),
    part(Who::Lacaze, "Odile Lacaze", "odile.lacaze@ateliers-garonne.example", Role::CustomerAdmin, false),
    part(
        Who::Soulie,
        "Bernard Soulié",
        "bernard.soulie@ateliers-garonne.example",
        Role::CommitteeMember,
        false,
    ),
    part(
        Who::Esteve,
        "Mathilde Estève",
        "mathilde.esteve@ateliers-garonne.example",
        Role::CustomerAuditor,
        false,
    ),
];

/// The provider's people who work for one customer alone: the others do not exist for them.
const FOR_ONE: [(Who, Of); 3] =
    [(Who::Haddad, Of::Lumen), (Who::Lasserre, Of::Lumen), (Who::Mendy, Of::Mutuelle)];

/// Everybody, able to act, and what the card says of them.
pub struct Cast {
    people: HashMap<Who, Principal>,
    pub accounts: Vec<card::Account>,
    pub tokens: Vec<card::Token>,
}

impl Cast {
    /// The provider's people, who exist before the customers do.
    pub fn provider(app: &App) -> Result<Cast, Failure> {
        let mut cast = Cast { people: HashMap::new(), accounts: Vec::new(), tokens: Vec::new() };
        PROVIDER.iter().try_for_each(|p| cast.add(app, p, None))?;
        Ok(cast)
    }

    /// A customer's people.
    pub fn join(&mut self, app: &App, of: Of, customer: CustomerId) -> Result<(), Failure> {
        let people: &[Part] = match of {
            Of::Garonne => &GARONNE,
            Of::Lumen => &LUMEN,
            Of::Mutuelle => &MUTUELLE,
        };
        people.iter().try_for_each(|p| self.add(app, p, Some((of, customer))))?;
        let theirs = FOR_ONE.iter().filter(|(_, only)| *only == of);
        theirs.into_iter().try_for_each(|(who, _)| self.keep_to(app, *who, of, customer))
    }

    /// Gives somebody of the provider's their role for this customer, in the place of every one.
    fn keep_to(&mut self, app: &App, who: Who, of: Of, customer: CustomerId) -> Result<(), Failure> {
        let person = self.get(who).clone();
        let everywhere = person.assignments.iter().filter(|held| held.customer.is_none());
        everywhere.into_iter().try_for_each(|held| app.unassign(held.id))?;
        let (account, role) = (person.account, person.role);
        let about = Items::default();
        app.assign(&NewRole { account, role, customer: Some(customer), contract: None, about })?;
        self.people.insert(who, app.principal(account)?);
        let shown = self.accounts.iter_mut().filter(|shown| shown.email == person.email);
        shown.for_each(|shown| shown.customer = Some(of.slug().to_owned()));
        Ok(())
    }

    fn add(&mut self, app: &App, part: &Part, side: Option<(Of, CustomerId)>) -> Result<(), Failure> {
        let customer = side.map(|(_, id)| id);
        let password = secrets::password();
        let totp_secret = part.second_factor.then(secrets::totp_secret);
        let id = app.add_account(&NewAccount {
            email: part.email,
            name: part.name,
            password: &password,
            role: part.role,
            customer,
            totp_secret: totp_secret.as_deref(),
        })?;
        let (role, slug) = (part.role.key().to_owned(), side.map(|(of, _)| of.slug().to_owned()));
        if part.token {
            let token = app.add_token(id, "démonstration")?;
            self.tokens.push(card::Token { role: role.clone(), customer: slug.clone(), token });
        }
        let email = part.email.to_owned();
        self.accounts.push(card::Account { email, password, totp_secret, role, customer: slug });
        self.people.insert(part.who, app.principal(id)?);
        Ok(())
    }

    /// The provider's people, in the order of their accounts.
    pub fn staff(&self) -> impl Iterator<Item = &Principal> {
        let mut staff: Vec<&Principal> =
            self.people.values().filter(|person| person.role.is_provider()).collect();
        staff.sort_by_key(|person| person.account.0);
        staff.into_iter()
    }

    pub fn get(&self, who: Who) -> &Principal {
        self.people.get(&who).expect("invariant: everybody was added before anybody acts")
    }
}
