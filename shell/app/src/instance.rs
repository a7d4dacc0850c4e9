//! The running instance: its data folder, its keys, its vaults.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError};

use base::id::CustomerId;
use jiff::Timestamp;
use journal::note::{SigningKey, VerifierKey};
use store::folder::Folder;
use store::instance::vaults;
use store::log::LogKey;
use store::{Database, Mode, Options};

use crate::clock::Clock;
use crate::entropy::{self, Entropy};
use crate::error::{AppError, Result};
use crate::keys::Kek;
use crate::vault::VaultHandle;

/// What an instance is opened with.
#[derive(Clone)]
pub struct Settings {
    /// Names this instance in its logs' origins: a host name, without scheme or port.
    pub host: String,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl Settings {
    /// The real clock and the system's randomness.
    pub fn real(host: &str) -> Settings {
        Settings {
            host: host.to_owned(),
            clock: Arc::new(crate::clock::System),
            entropy: Arc::new(entropy::Os),
        }
    }
}

/// Where a vault stands once it is open. Opening one checks its whole log: meanwhile its own requests
/// wait, and no other's.
type Slot = Mutex<Option<Arc<VaultHandle>>>;

/// An open instance.
pub struct App {
    pub(crate) folder: Folder,
    pub(crate) kek: Kek,
    pub(crate) instance: Database,
    /// What vaults are opened for: an inspected instance writes nothing.
    mode: Mode,
    pub(crate) settings: Settings,
    vaults: Mutex<HashMap<CustomerId, Arc<Slot>>>,
    pub(crate) attempts: Mutex<crate::accounts::Attempts>,
    pub(crate) links_asked: Mutex<crate::accounts::Attempts>,
    pub(crate) notices: Mutex<crate::accounts::Notices>,
    pub(crate) spent: Mutex<crate::accounts::passkeys::Spent>,
    pub(crate) second_factor_optional: bool,
    pub(crate) directory: OnceLock<crate::accounts::directory::Directory>,
    pub(crate) openid: OnceLock<crate::accounts::openid::OpenId>,
    pub(crate) mail: OnceLock<crate::mail::MailSettings>,
    pub(crate) senders: OnceLock<HashMap<CustomerId, String>>,
    pub(crate) webhooks: OnceLock<crate::webhook::Egress>,
    pub(crate) dirty: Mutex<std::collections::HashSet<CustomerId>>,
    /// Held while messages are carried: whoever reads the desk next waits for what another took on itself.
    pub(crate) carrying: Mutex<()>,
    pub(crate) listeners: Mutex<Vec<crate::news::Listener>>,
    pub(crate) importing: crate::import::Queue,
    /// The process stops: long work lets go.
    pub(crate) ending: std::sync::atomic::AtomicBool,
}

impl App {
    /// Opens a data folder, making it if it is not there; it then belongs to this process.
    pub fn open(root: &Path, settings: Settings) -> Result<App> {
        let folder = Folder::open(root).map_err(refused)?;
        App::with(folder, settings, Options::default())
    }

    /// Looks at a data folder without owning it, beside a running server if there is one: nothing is
    /// written, not even a missing key, so that a damaged journal can still be examined.
    pub fn inspect(root: &Path, settings: Settings) -> Result<App> {
        let folder = Folder::inspect(root).map_err(refused)?;
        App::with(folder, settings, Options { mode: Mode::ReadOnly, ..Options::default() })
    }

    fn with(folder: Folder, settings: Settings, options: Options) -> Result<App> {
        let kek = Kek::open(&folder, settings.entropy.as_ref())?;
        let log = log_key(&folder, &kek, &settings, "instance", "instance-log")?;
        let mode = options.mode;
        let options = Options { log: Some(log), ..options };
        let instance =
            Database::open(folder.instance(), &store::instance::SCHEMA, options).map_err(refused)?;
        Ok(App {
            folder,
            kek,
            instance,
            mode,
            settings,
            vaults: Mutex::default(),
            attempts: Mutex::default(),
            links_asked: Mutex::default(),
            notices: Mutex::default(),
            spent: Mutex::default(),
            second_factor_optional: false,
            directory: OnceLock::new(),
            openid: OnceLock::new(),
            mail: OnceLock::new(),
            senders: OnceLock::new(),
            webhooks: OnceLock::new(),
            dirty: Mutex::default(),
            carrying: Mutex::default(),
            listeners: Mutex::default(),
            importing: crate::import::Queue::default(),
            ending: std::sync::atomic::AtomicBool::default(),
        })
    }

    /// The business time.
    ///
    /// Whole microseconds, as the journal keeps them: an answer and what is read later never differ.
    pub fn now(&self) -> Timestamp {
        let now = self.settings.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    pub(crate) fn micros(&self) -> i64 {
        self.now().as_microsecond()
    }

    /// A fresh identifier, its time part from the business clock.
    pub(crate) fn id<T>(&self, make: impl Fn(u64, &[u8; 10]) -> T) -> T {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        make(millis, &entropy::bytes(self.settings.entropy.as_ref()))
    }

    pub(crate) fn salt(&self) -> [u8; 32] {
        entropy::bytes(self.settings.entropy.as_ref())
    }

    /// Every customer, by name.
    pub fn customers(&self) -> Result<Vec<vaults::Vault>> {
        self.instance.read(|tx| Ok(vaults::all(tx)?))
    }

    /// The customer that a slug or an id names.
    pub fn find_customer(&self, slug_or_id: &str) -> Result<CustomerId> {
        let found = self.instance.read::<_, AppError, _>(|tx| Ok(vaults::find(tx, slug_or_id)?))?;
        found.map(|v| CustomerId(v.id)).ok_or(AppError::NotFound)
    }

    /// The vault of a customer, opened at its first use.
    pub fn vault(&self, id: CustomerId) -> Result<Arc<VaultHandle>> {
        let slot = {
            let mut vaults = self.vaults.lock().unwrap_or_else(PoisonError::into_inner);
            vaults.entry(id).or_default().clone()
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vault) = slot.as_ref() {
            return Ok(vault.clone());
        }
        let row = self.instance.read::<_, AppError, _>(move |tx| Ok(vaults::by_id(tx, id.0)?))?;
        let row = row.ok_or(AppError::NotFound)?;
        let place = self.folder.vault(&row.slug)?;
        let log = self.vault_log(&row.slug)?;
        let options = Options { log: Some(log), mode: self.mode, ..Options::default() };
        let db = Database::open(place, &store::vault::SCHEMA, options).map_err(refused)?;
        let files = self.folder.files(&row.slug)?;
        if self.mode == Mode::ReadWrite {
            files.forget_unfinished()?;
        }
        let vault = Arc::new(VaultHandle::new(id, row.slug, row.name, db, files));
        *slot = Some(vault.clone());
        Ok(vault)
    }

    /// Every customer's vault, opened where it is not.
    pub(crate) fn every_vault(&self) -> Result<Vec<Arc<VaultHandle>>> {
        self.customers()?.iter().map(|row| self.vault(CustomerId(row.id))).collect()
    }

    /// The vaults opened so far.
    pub(crate) fn open_vaults(&self) -> Vec<Arc<VaultHandle>> {
        let slots: Vec<Arc<Slot>> =
            self.vaults.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        // One that is being opened is not open.
        let open = |slot: &Arc<Slot>| match slot.try_lock() {
            Ok(vault) => vault.clone(),
            Err(TryLockError::Poisoned(vault)) => vault.into_inner().clone(),
            Err(TryLockError::WouldBlock) => None,
        };
        slots.iter().filter_map(open).collect()
    }

    fn vault_log(&self, slug: &str) -> Result<LogKey> {
        log_key(&self.folder, &self.kek, &self.settings, slug, &format!("log-{slug}"))
    }

    /// The key that verifies a vault's log: what a contract's annex prints.
    pub fn verifier(&self, slug: &str) -> Result<VerifierKey> {
        Ok(self.vault_log(slug)?.key.verifier())
    }

    /// The key that verifies the instance's log.
    pub fn instance_verifier(&self) -> Result<VerifierKey> {
        let log = log_key(&self.folder, &self.kek, &self.settings, "instance", "instance-log")?;
        Ok(log.key.verifier())
    }

    pub(crate) fn mark_dirty(&self, id: CustomerId) {
        self.dirty.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }
}

fn log_key(folder: &Folder, kek: &Kek, settings: &Settings, log: &str, file: &str) -> Result<LogKey> {
    let seed = kek.seed(folder, settings.entropy.as_ref(), file)?;
    let origin = format!("{}/{log}", settings.host);
    let key = SigningKey::from_seed(&origin, &seed).map_err(AppError::fault)?;
    Ok(LogKey { origin, key: Arc::new(key) })
}

/// A folder or database that cannot be opened: the store's own words say what to do.
fn refused(e: store::StoreError) -> AppError {
    AppError::invalid("data", e.to_string(), e.to_string())
}
