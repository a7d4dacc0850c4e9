//! The instance of a test, and the people who act in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::accounts::NewAccount;
use app::customer::NewCustomer;
use app::sign::Signed;
use app::ticket::{IdempotencyKey, OpenTicket, Opened, StepCommand, Stepped};
use app::{Act, App, AppError, Permit, Principal, Role, Settings, clock, entropy};
use base::Lang;
use base::id::CustomerId;
use jiff::Timestamp;
use jiff::civil::DateTime;
use store::instance::desk;
use store::{Database, Mode, Options, Place, StoreError};

use crate::Folder;

/// Where the clock stands at first: the day contract A is signed, in Paris.
pub const START: &str = "2026-02-16T10:00";

/// An instant of Paris: `2026-04-30T17:30`.
pub fn local(text: &str) -> Timestamp {
    let civil: DateTime = text.parse().expect("a local date and time such as 2026-04-30T17:30");
    civil.in_tz("Europe/Paris").expect("a time zone that is bundled").timestamp()
}

/// Somebody: a role on one side, for the customer's people of which customer, and which of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Person {
    pub role: Role,
    /// `None` for the provider's staff.
    pub customer: Option<CustomerId>,
    /// Tells apart two people of one role.
    pub nth: u32,
}

/// A data folder of its own and the application open on it.
///
/// When it goes, every journal must verify, every projection equal a rebuild, and the desk too.
pub struct Instance {
    app: Option<App>,
    clock: Arc<clock::Set>,
    people: Mutex<HashMap<Person, Principal>>,
    keys: AtomicU64,
    checked: bool,
    folder: Folder,
}

impl Instance {
    /// An empty instance; the same seed gives the same identifiers.
    pub fn new(seed: u64) -> Instance {
        let folder = Folder::new("instance");
        let clock = Arc::new(clock::Set::at(local(START)));
        let settings = settings(clock.clone(), seed);
        let app = App::open(&folder.path().join("data"), settings).expect("a new data folder opens");
        Instance {
            app: Some(app),
            clock,
            people: Mutex::default(),
            keys: AtomicU64::new(0),
            checked: false,
            folder,
        }
    }

    /// Puts the clock at a local instant of Paris.
    pub fn at(&self, local_time: &str) -> &Instance {
        self.clock.move_to(local(local_time));
        self
    }

    pub fn clock(&self) -> &clock::Set {
        &self.clock
    }

    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the instance is open")
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The database file of a vault.
    pub fn vault_file(&self, slug: &str) -> PathBuf {
        self.data().join("vaults").join(slug).join("vault.db")
    }

    /// Creates a customer, named after its slug.
    pub fn customer(&self, slug: &str) -> CustomerId {
        let permit = self.staff(Role::ProviderAdmin).permit_instance(Act::CreateCustomer);
        let new = NewCustomer { slug: slug.to_owned(), name: slug.to_owned() };
        self.app().create_customer(&permit.expect("the administrator may"), &new).expect("a new slug")
    }

    /// The account of a person, made at its first use: hashing a password costs more than a test.
    pub fn person(&self, person: Person) -> Principal {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = people.get(&person) {
            return known.clone();
        }
        let n = people.len() + 1;
        let (email, name) = (format!("p{n}@test.example"), format!("{} {n}", person.role.key()));
        let account = NewAccount {
            email: &email,
            name: &name,
            password: "une phrase assez longue",
            role: person.role,
            customer: person.customer,
            totp_secret: None,
        };
        let id = self.app().add_account(&account).expect("a new account");
        let principal = self.app().principal(id).expect("the account just made");
        people.insert(person, principal.clone());
        principal
    }

    /// One of the provider's people.
    pub fn staff(&self, role: Role) -> Principal {
        self.person(Person { role, customer: None, nth: 0 })
    }

    /// The person of a role who works with a customer: its own, or the provider's.
    pub fn someone(&self, role: Role, customer: CustomerId) -> Principal {
        let customer = (!role.is_provider()).then_some(customer);
        self.person(Person { role, customer, nth: 0 })
    }

    /// The proof that a role may do this for a customer; the tests that ask know that it may. Whoever
    /// owes an undertaking of confidentiality has signed it.
    pub fn permit(&self, role: Role, act: Act, customer: CustomerId) -> Permit {
        let person = self.someone(role, customer);
        self.undertake(&person, customer);
        person.permit(act, customer).expect("a role that may")
    }

    /// A key never used before.
    pub fn key(&self) -> IdempotencyKey {
        let n = self.keys.fetch_add(1, Ordering::SeqCst);
        IdempotencyKey::parse(&format!("test-{n}")).expect("a plain key")
    }

    /// Signs a text for both parties.
    pub fn sign(&self, customer: CustomerId, file: &str, text: &str) -> Result<Signed, AppError> {
        let provider = self.permit(Role::ProviderAdmin, Act::SignContract, customer);
        let other = self.permit(Role::CustomerManager, Act::SignContract, customer);
        self.app().sign_contract(&provider, &other, file, text)
    }

    /// Opens a ticket as the customer's user.
    pub fn open(&self, customer: CustomerId, ask: &OpenTicket) -> Result<Opened, AppError> {
        let permit = self.permit(Role::CustomerUser, Act::OpenTicket, customer);
        self.app().open_ticket(&permit, &self.key(), ask)
    }

    /// Somebody signs what the customer's contracts ask of them before any access.
    pub fn undertake(&self, person: &Principal, customer: CustomerId) {
        let Ok(permit) = person.permit(Act::SeeTickets, customer) else { return };
        let owed = self.app().undertakings_owed(&permit).expect("the contracts can be read");
        if owed.is_empty() {
            return;
        }
        let shown: Vec<String> = owed.into_iter().map(|article| article.text).collect();
        self.app().sign_undertakings(&permit, &self.key(), &shown).expect("signed");
    }

    /// A technician does something to a ticket.
    pub fn step(
        &self,
        customer: CustomerId,
        number: u64,
        command: &StepCommand,
    ) -> Result<Stepped, AppError> {
        let permit = self.permit(Role::Technician, command.act(), customer);
        self.app().step_ticket(&permit, &self.key(), number, command, None)
    }

    /// Closes the application, without checking anything, and leaves the folder to be looked at.
    pub fn close(&mut self) -> &Path {
        self.app = None;
        self.checked = true;
        self.folder.path()
    }

    /// The next process on the same folder; another seed, for other identifiers.
    pub fn reopen(&mut self, seed: u64) {
        // The folder belongs to one process at a time.
        self.app = None;
        let app = App::open(&self.data(), settings(self.clock.clone(), seed));
        self.app = Some(app.expect("the folder opens again"));
    }

    /// Looks at the folder as somebody would beside the server, once closed or not.
    pub fn inspect(&self) -> Result<App, AppError> {
        App::inspect(&self.data(), settings(self.clock.clone(), 0))
    }

    /// Checks what must always hold, now rather than when it goes.
    pub fn finish(mut self) {
        self.check();
    }

    fn check(&mut self) {
        self.checked = true;
        let Some(app) = &self.app else { return };
        let verified = app.verify_journals(None).expect("the journals can be read");
        for log in &verified {
            let found: Vec<&str> = log.findings.iter().map(|f| f.get(Lang::En)).collect();
            assert!(log.sound, "{}: {found:?}", log.line(Lang::En));
        }
        app.pump().expect("the outboxes are carried to the desk");
        let fed = self.desk();
        app.rebuild_desk().expect("the desk is rebuilt");
        assert_eq!(fed, self.desk(), "the desk fed by the outboxes is not the one a rebuild gives");
    }

    fn desk(&self) -> Vec<desk::Line> {
        let place = Place::Sqlite(self.data().join("instance.db"));
        let options = Options { mode: Mode::ReadOnly, readers: 1, ..Options::default() };
        let db = Database::open(place, &store::instance::SCHEMA, options).expect("the instance is open");
        db.read::<_, StoreError, _>(|tx| desk::page(tx, &desk::Reach::All, &desk::Which::All, None, 1 << 30))
            .expect("the desk can be read")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // A test that fails already says why.
        if !self.checked && !std::thread::panicking() {
            self.check();
        }
    }
}

fn settings(clock: Arc<clock::Set>, seed: u64) -> Settings {
    Settings { host: "test.example".to_owned(), clock, entropy: Arc::new(entropy::Seeded::new(seed)) }
}
