//! Reading a file that waits to be brought in, for its page and for the API.

use app::import::job::{Job, State};
use app::import::outlook::Outlook;
use app::{App, AppError, Permit};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// A file to bring in is held in memory, several times its size, while it is read.
static READING: Semaphore = Semaphore::const_new(1);

/// An import, and what it would bring in while its file waits.
///
/// The turn is taken once it is known that the caller may look and that there is something to read: nobody
/// else keeps others waiting. Whoever finds it taken is told to come back, and holds no thread meanwhile.
pub fn look(app: &App, permit: &Permit, id: Uuid) -> Result<(Job, Option<Outlook>), AppError> {
    let job = app.import(permit, id)?;
    if !matches!(job.state, State::Staged | State::Stopped) {
        return Ok((job, None));
    }
    let _turn = turn()?;
    app.import_outlook(permit, id).map(|(job, outlook)| (job, Some(outlook)))
}

/// The turn to read a file, held while it is read.
pub fn turn() -> Result<SemaphorePermit<'static>, AppError> {
    READING.try_acquire().map_err(|_| AppError::Busy)
}
