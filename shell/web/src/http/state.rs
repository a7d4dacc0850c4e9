//! What handlers share.

use std::sync::Arc;

use app::{App, AppError};
use base::id::CustomerId;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::printer::Printer;

/// Argon2id takes 19 MiB and a thread for each password.
const PASSWORDS_AT_ONCE: usize = 2;
/// A provider of identity may take ten seconds to answer: others' pages must not wait for it.
const ELSEWHERE_AT_ONCE: usize = 4;
static ELSEWHERE: Semaphore = Semaphore::const_new(ELSEWHERE_AT_ONCE);
/// The directory has its own turns: whoever holds a provider's does not keep its people out.
static DIRECTORY: Semaphore = Semaphore::const_new(ELSEWHERE_AT_ONCE);
/// What is done behind an answer: more than these at once is a flood, and is dropped.
const BEHIND_AT_ONCE: usize = 32;
static BEHIND: Semaphore = Semaphore::const_new(BEHIND_AT_ONCE);
static PASSWORDS: Semaphore = Semaphore::const_new(PASSWORDS_AT_ONCE);

/// A sign-in that the demonstration names on its first page; the terminal shows the password.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    pub role: app::Role,
    pub email: String,
}

/// The web tier: the use cases, and what the configuration says.
pub struct Web {
    pub app: Arc<App>,
    /// Shown on the sign-in page of a demonstration; empty otherwise.
    pub demo: Vec<DemoAccount>,
    /// True when the business clock is not the real one, and pages must say so.
    pub demo_clock: bool,
    /// Lays out contracts; without it none is offered as a PDF.
    pub printer: Option<Arc<Printer>>,
}

/// Shared by every handler.
pub type State = Arc<Web>;

impl Web {
    /// Runs a use case off the asynchronous threads: it may wait for the disk.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.app.clone();
        match tokio::task::spawn_blocking(move || f(&app)).await {
            Ok(done) => done,
            Err(e) => Err(AppError::fault(format!("a use case panicked: {e}"))),
        }
    }

    /// As [`Web::run`], for what checks a password: a few at once, so that a flood of them takes neither
    /// the memory nor the threads of everybody else. The turn lasts as long as the work, which goes on when
    /// the browser hangs up.
    pub async fn run_checking_password<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = PASSWORDS.acquire().await.map_err(AppError::fault)?;
        self.run_in_turn(turn, f).await
    }

    /// As [`Web::run_checking_password`], for an address whose password a directory may know: its silence
    /// must not hold the others back.
    pub async fn run_checking_password_of<T: Send + 'static>(
        self: &Arc<Self>,
        email: &str,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        match self.app.is_of_directory(email.trim()) {
            true => {
                let turn = DIRECTORY.try_acquire().map_err(|_| AppError::Busy)?;
                self.run_in_turn(turn, f).await
            }
            false => self.run_checking_password(f).await,
        }
    }

    /// As [`Web::run`], for what asks a provider of identity.
    pub async fn run_asking_elsewhere<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = ELSEWHERE.try_acquire().map_err(|_| AppError::Busy)?;
        self.run_in_turn(turn, f).await
    }

    /// Runs a use case that its caller's answer does not wait for; a fault is logged where it is made.
    pub fn run_after(self: &Arc<Self>, f: impl FnOnce(&App) -> Result<(), AppError> + Send + 'static) {
        let Ok(turn) = BEHIND.try_acquire() else { return };
        let web = self.clone();
        tokio::spawn(async move { web.run_in_turn(turn, f).await });
    }

    async fn run_in_turn<T: Send + 'static>(
        self: &Arc<Self>,
        turn: SemaphorePermit<'static>,
        f: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.run(move |app| {
            let _turn = turn;
            f(app)
        })
        .await
    }

    /// The customer of an address, and the proof that this principal may do `act` there.
    pub fn permit(
        app: &App,
        who: &app::Principal,
        customer: &str,
        act: app::Act,
    ) -> Result<app::Permit, AppError> {
        let id: CustomerId = app.find_customer(customer)?;
        app.permit(who, act, id)
    }
}
