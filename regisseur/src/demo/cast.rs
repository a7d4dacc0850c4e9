//! Who is in the demonstration, on both sides. The names of the contract's contacts are theirs.

use std::collections::HashMap;

use app::accounts::NewAccount;
use app::{App, Principal, Role};
use base::id::CustomerId;

use super::card;
use crate::output::Failure;
use crate::secrets;

pub const SLUG: &str = "ateliers-garonne";
pub const CUSTOMER: &str = "Ateliers Garonne SAS";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Provider.
    Vidal,
    Vasseur,
    Benali,
    Delmas,
    Roussel,
    /// Customer.
    Castaing,
    Marty,
    Ferrand,
    Weber,
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

const PROVIDER: [Part; 5] = [
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
    part(Who::Delmas, "Sofia Delmas", "sofia.delmas@regie-numerique.example", Role::Technician, false),
    part(Who::Benali, "Karim Benali", "karim.benali@regie-numerique.example", Role::Technician, false),
];

const CUSTOMERS: [Part; 4] = [
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
];

/// Everybody, able to act, and what the card says of them.
pub struct Cast {
    people: HashMap<Who, Principal>,
    pub accounts: Vec<card::Account>,
    pub tokens: Vec<card::Token>,
}

impl Cast {
    /// The provider's people, who exist before the customer does.
    pub fn provider(app: &App) -> Result<Cast, Failure> {
        let mut cast = Cast { people: HashMap::new(), accounts: Vec::new(), tokens: Vec::new() };
        PROVIDER.iter().try_for_each(|p| cast.add(app, p, None))?;
        Ok(cast)
    }

    /// The customer's people.
    pub fn join(&mut self, app: &App, customer: CustomerId) -> Result<(), Failure> {
        CUSTOMERS.iter().try_for_each(|p| self.add(app, p, Some(customer)))
    }

    fn add(&mut self, app: &App, part: &Part, customer: Option<CustomerId>) -> Result<(), Failure> {
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
        let (role, slug) = (part.role.key().to_owned(), customer.map(|_| SLUG.to_owned()));
        if part.token {
            let token = app.add_token(id, "démonstration")?;
            self.tokens.push(card::Token { role: role.clone(), customer: slug.clone(), token });
        }
        let email = part.email.to_owned();
        self.accounts.push(card::Account { email, password, totp_secret, role, customer: slug });
        self.people.insert(part.who, app.principal(id)?);
        Ok(())
    }

    pub fn get(&self, who: Who) -> &Principal {
        self.people.get(&who).expect("invariant: everybody was added before anybody acts")
    }
}
