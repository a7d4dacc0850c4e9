//! One instance on disk with contract A signed and the people who use it: where desk measures begin.

use std::path::Path;
use std::sync::Arc;

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::ticket::IdempotencyKey;
use app::{Act, App, Principal, Role, Settings, clock, entropy};
use base::id::CustomerId;

/// Everybody's.
pub const PASSWORD: &str = "mot de passe assez long";

pub struct Ground {
    pub app: Arc<App>,
    pub clock: Arc<clock::Set>,
    pub customer: CustomerId,
    pub user: Principal,
    pub technician: Principal,
}

impl Ground {
    /// In a folder that is not there yet, on a Monday morning of March 2026. Staff need no second factor.
    ///
    /// # Panics
    /// When the folder cannot be written or contract A does not compile: there is nothing to measure.
    pub fn new(folder: &Path) -> Ground {
        let clock = Arc::new(clock::Set::at("2026-03-02T08:00:00Z".parse().expect("an instant")));
        let (host, entropy) = ("bench.example".to_owned(), Arc::new(entropy::Seeded::new(1)));
        let app = App::open(folder, Settings { host, clock: clock.clone(), entropy })
            .expect("a new folder")
            .with_optional_second_factor();
        let add = |email, role, customer| {
            let new =
                NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
            let id = app.add_account(&new).expect("a new account");
            app.principal(id).expect("it was added")
        };
        let admin = add("admin@exemple.fr", Role::ProviderAdmin, None);
        let technician = add("technique@exemple.fr", Role::Technician, None);
        let create = admin.permit_instance(Act::CreateCustomer).expect("an administrator's right");
        let new = NewCustomer { slug: "garonne".into(), name: "Ateliers Garonne".into() };
        let customer = app.create_customer(&create, &new).expect("a new customer");
        let manager = add("direction@garonne.fr", Role::CustomerManager, Some(customer));
        let user = add("fabre@garonne.fr", Role::CustomerUser, Some(customer));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/ateliers-garonne.md");
        let text = std::fs::read_to_string(path).expect("contract A is there");
        let ours = admin.permit(Act::SignContract, customer).expect("an administrator's right");
        let theirs = manager.permit(Act::SignContract, customer).expect("a manager's right");
        app.sign_contract(&ours, &theirs, "ateliers-garonne.md", &text).expect("contract A compiles");
        let see = technician.permit(Act::SeeTickets, customer).expect("a technician's right");
        let owed = app.undertakings_owed(&see).expect("contract A is there");
        let shown: Vec<String> = owed.into_iter().map(|article| article.text).collect();
        app.sign_undertakings(&see, &key("engagement".to_owned()), &shown).expect("contract A was shown");
        Ground { app: Arc::new(app), clock, customer, user, technician }
    }
}

/// An intention of its own for each text.
///
/// # Panics
/// When the text is no key: letters and digits are.
pub fn key(text: String) -> IdempotencyKey {
    IdempotencyKey::parse(&text).expect("letters and digits")
}
