//! One instance on disk with contract A signed and the people who use it: where desk measures begin.

use std::path::Path;
use std::sync::Arc;

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::ticket::{IdempotencyKey, OpenTicket};
use app::{Act, App, Principal, Role, Settings, clock, entropy};
use base::id::CustomerId;

/// Everybody's.
pub const PASSWORD: &str = "mot de passe assez long";

const ADMIN: &str = "admin@exemple.fr";
const TECHNICIAN: &str = "technique@exemple.fr";
const MANAGER: &str = "contact@exemple.fr";
const USER: &str = "fabre@garonne.fr";

pub struct Ground {
    pub app: Arc<App>,
    pub clock: Arc<clock::Set>,
    pub customer: CustomerId,
    pub user: Principal,
    pub technician: Principal,
    admin: Principal,
}

/// A customer with its contract signed and one person who asks.
struct Signed {
    customer: CustomerId,
    user: Principal,
}

impl Ground {
    /// In a folder that is not there yet, on a Monday morning of March 2026. Staff need no second factor.
    ///
    /// # Panics
    /// When the folder cannot be written or contract A does not compile: there is nothing to measure.
    pub fn new(folder: &Path) -> Ground {
        let (app, clock) = served(folder, "2026-03-02T08:00:00Z");
        let admin = add(&app, ADMIN, Role::ProviderAdmin, None);
        let technician = add(&app, TECHNICIAN, Role::Technician, None);
        add(&app, MANAGER, Role::ServiceManager, None);
        let first = signed(&app, &admin, &technician, "garonne", "Ateliers Garonne");
        let app = Arc::new(app);
        Ground { app, clock, customer: first.customer, user: first.user, technician, admin }
    }

    /// The folder that another run kept, a year later.
    ///
    /// # Panics
    /// When no run made it.
    pub fn kept(folder: &Path) -> Ground {
        let (app, clock) = served(folder, "2027-03-01T08:00:00Z");
        let person = |email: &str| app.person_of(email).expect("the folder of a measure");
        let [admin, technician, user] = [ADMIN, TECHNICIAN, USER].map(person);
        let customer = app.find_customer("garonne").expect("the folder of a measure");
        Ground { app: Arc::new(app), clock, customer, user, technician, admin }
    }

    /// So many other customers beside it, each with the same contract and `tickets` of its own, all open.
    ///
    /// # Panics
    /// When one of them is there already, or a ticket is refused: there is nothing to measure.
    pub fn neighbours(&self, customers: u32, tickets: u32) {
        for n in 1..=customers {
            let (slug, name) = (format!("voisin-{n}"), format!("Voisin {n}"));
            let them = signed(&self.app, &self.admin, &self.technician, &slug, &name);
            let open = them.user.permit(Act::OpenTicket, them.customer).expect("a user's right");
            for ticket in 1..=tickets {
                let ask = OpenTicket { title: format!("Poste bloqué {ticket}"), ..OpenTicket::default() };
                let key = key(format!("v{n}-{ticket}"));
                self.app.open_ticket(&open, &key, &ask).expect("contract A takes it in");
            }
        }
    }
}

fn served(folder: &Path, now: &str) -> (App, Arc<clock::Set>) {
    let clock = Arc::new(clock::Set::at(now.parse().expect("an instant")));
    let (host, entropy) = ("bench.example".to_owned(), Arc::new(entropy::Seeded::new(1)));
    let app = App::open(folder, Settings { host, clock: clock.clone(), entropy })
        .expect("a folder of its own")
        .with_optional_second_factor();
    (app, clock)
}

fn add(app: &App, email: &str, role: Role, customer: Option<CustomerId>) -> Principal {
    let new = NewAccount { email, name: email, password: PASSWORD, role, customer, totp_secret: None };
    let id = app.add_account(&new).expect("a new account");
    app.principal(id).expect("it was added")
}

/// A customer that signs contract A, and whose undertaking of confidentiality the technician signs.
fn signed(app: &App, admin: &Principal, technician: &Principal, slug: &str, name: &str) -> Signed {
    let create = admin.permit_instance(Act::CreateCustomer).expect("an administrator's right");
    let new = NewCustomer { slug: slug.to_owned(), name: name.to_owned() };
    let customer = app.create_customer(&create, &new).expect("a new customer");
    let manager = add(app, &format!("direction@{slug}.fr"), Role::CustomerManager, Some(customer));
    let user = add(app, &format!("fabre@{slug}.fr"), Role::CustomerUser, Some(customer));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/ateliers-garonne.md");
    let text = std::fs::read_to_string(path).expect("contract A is there");
    let ours = admin.permit(Act::SignContract, customer).expect("an administrator's right");
    let theirs = manager.permit(Act::SignContract, customer).expect("a manager's right");
    app.sign_contract(&ours, &theirs, "ateliers-garonne.md", &text).expect("contract A compiles");
    let see = technician.permit(Act::SeeTickets, customer).expect("a technician's right");
    let owed = app.undertakings_owed(&see).expect("contract A is there");
    let shown: Vec<String> = owed.into_iter().map(|article| article.text).collect();
    app.sign_undertakings(&see, &key(format!("engagement-{slug}")), &shown).expect("contract A was shown");
    Signed { customer, user }
}

/// An intention of its own for each text.
///
/// # Panics
/// When the text is no key: letters and digits are.
pub fn key(text: String) -> IdempotencyKey {
    IdempotencyKey::parse(&text).expect("letters and digits")
}
