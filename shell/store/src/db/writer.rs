//! The one writer of a database, and its group commit.
//!
//! Jobs wait in a bounded queue. One thread takes what is waiting, up to a batch, runs each job in
//! its own savepoint where there are several, signs one checkpoint of the log if anything was appended,
//! commits once, and only then answers. A job that fails or panics is undone alone. The thread ends, and its
//! connection closes, after a while without work; the next job starts it again.

use super::job::{Job, WriteTx};
use super::{Conn, Dialect, Intent};
use crate::log::{Batch, LogKey};
use crate::{Result, SqlKind, StoreError};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a batch is tried when the server says that another transaction won.
const ATTEMPTS: u32 = 8;

/// The queue and the thread that empties it.
pub(crate) struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    setup: Setup,
    queue: Mutex<Queue>,
    work: Condvar,
    room: Condvar,
    commits: AtomicU64,
}

/// What the writer needs to know of the database.
pub(crate) struct Setup {
    pub(crate) place: super::Place,
    pub(crate) log: Option<LogKey>,
    pub(crate) waiting: usize,
    pub(crate) batch: usize,
    pub(crate) idle: Duration,
    pub(crate) fail_stop: super::FailStop,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    thread: Option<JoinHandle<()>>,
    /// True from the start of the thread until it has decided to end.
    running: bool,
    closed: bool,
    stopped: bool,
}

impl Writer {
    pub(crate) fn new(setup: Setup) -> Writer {
        let (queue, work, room, commits) = Default::default();
        Writer { shared: Arc::new(Shared { setup, queue, work, room, commits }) }
    }

    /// Batches that may have been committed: one more before any of their callers is answered.
    pub(crate) fn commits(&self) -> u64 {
        self.shared.commits.load(Ordering::Acquire)
    }

    /// Adds a job, waiting for room when `wait`; a job that cannot be added is answered here.
    pub(crate) fn push(&self, mut job: Box<dyn Job>, wait: bool) {
        let shared = &self.shared;
        let mut queue = shared.lock();
        while wait && !queue.stopped && queue.jobs.len() >= shared.setup.waiting {
            queue = shared.room.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        let refusal = if queue.stopped {
            Some(StoreError::Stopped)
        } else if queue.jobs.len() >= shared.setup.waiting {
            Some(StoreError::QueueFull)
        } else {
            None
        };
        if let Some(e) = refusal {
            drop(queue);
            job.fail(e);
            job.answer();
            return;
        }
        queue.jobs.push_back(job);
        if !queue.running {
            queue.running = true;
            let shared = self.shared.clone();
            queue.thread = Some(std::thread::spawn(move || shared.serve()));
        }
        shared.work.notify_one();
    }
}

impl Drop for Writer {
    /// Finishes what is waiting and closes the connection before the database is let go.
    fn drop(&mut self) {
        let thread = {
            let mut queue = self.shared.lock();
            queue.closed = true;
            queue.thread.take()
        };
        self.shared.work.notify_one();
        if let Some(thread) = thread
            && thread.thread().id() != std::thread::current().id()
        {
            // The thread catches every panic of a job; there is nothing more to learn from it.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The life of the writer thread.
    fn serve(&self) {
        let mut conn = None;
        while let Some(mut jobs) = self.next_batch() {
            let ran = catch_unwind(AssertUnwindSafe(|| self.commit(&mut conn, &mut jobs)));
            if ran.is_err() {
                // A defect of the store itself: the connection is in doubt, its transaction is not
                // committed.
                conn = None;
                fail_all(&mut jobs, &StoreError::NotWritten("internal error in the writer".into()));
            }
            self.commits.fetch_add(1, Ordering::Release);
            for job in jobs {
                if catch_unwind(AssertUnwindSafe(|| job.answer())).is_err() {
                    tracing::error!("a caller panicked while taking the answer of its write");
                }
            }
        }
    }

    /// What is waiting, up to a batch; `None` when the thread should end.
    fn next_batch(&self) -> Option<Vec<Box<dyn Job>>> {
        let mut queue = self.lock();
        while queue.jobs.is_empty() {
            if queue.closed || queue.stopped {
                queue.running = false;
                return None;
            }
            let (woken, timeout) =
                self.work.wait_timeout(queue, self.setup.idle).unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if timeout.timed_out() && queue.jobs.is_empty() {
                queue.running = false;
                return None;
            }
        }
        let count = queue.jobs.len().min(self.setup.batch);
        let mut jobs: Vec<_> = queue.jobs.drain(..count).collect();
        self.room.notify_all();
        if queue.stopped {
            fail_all(&mut jobs, &StoreError::Stopped);
            for job in jobs {
                job.answer();
            }
            drop(queue);
            return self.next_batch();
        }
        Some(jobs)
    }

    /// Runs the jobs in one transaction, again if another node won the race.
    fn commit(&self, conn: &mut Option<Box<dyn Conn>>, jobs: &mut [Box<dyn Job>]) {
        for attempt in 1..=ATTEMPTS {
            let Err(failure) = self.attempt(conn, jobs) else { return self.tidy(conn, jobs) };
            let sound = conn.as_mut().is_some_and(|c| c.rollback().is_ok());
            let sqlite = conn.as_ref().is_some_and(|c| c.dialect() == Dialect::Sqlite);
            let kind = failure.error.sql_kind();
            if !sound || kind == Some(SqlKind::Connection) {
                *conn = None;
            }
            if sqlite && kind == Some(SqlKind::Io) {
                self.stop(&failure.error);
                return fail_all(jobs, &StoreError::Stopped);
            }
            // A connection lost before the commit was asked for has written nothing either.
            let again = matches!(kind, Some(SqlKind::Retry | SqlKind::Connection)) && !failure.unknown;
            if again && attempt < ATTEMPTS {
                std::thread::sleep(Duration::from_millis(1 << attempt));
                continue;
            }
            let why = failure.error.to_string();
            let told =
                if failure.unknown { StoreError::OutcomeUnknown(why) } else { StoreError::NotWritten(why) };
            tracing::error!(error = %told, jobs = jobs.len(), "write batch failed");
            return fail_all(jobs, &told);
        }
    }

    /// Keeps the write-ahead log short; a disk that fails here fails as in a commit.
    fn tidy(&self, conn: &mut Option<Box<dyn Conn>>, jobs: &mut [Box<dyn Job>]) {
        let Some(conn) = conn.as_mut() else { return };
        let outcome = conn.tidy().and_then(|()| {
            let mut asked = jobs.iter_mut().filter(|job| job.empties_log()).peekable();
            if asked.peek().is_none() {
                return Ok(());
            }
            let emptied = conn.checkpoint();
            if let Err(e) = &emptied {
                asked.for_each(|job| job.fail(e.clone()));
            }
            emptied
        });
        if let Err(e) = outcome {
            tracing::error!(error = %e, "the write-ahead log could not be moved into the database");
            if e.sql_kind() == Some(SqlKind::Io) {
                self.stop(&e);
            }
        }
    }

    fn attempt(&self, conn: &mut Option<Box<dyn Conn>>, jobs: &mut [Box<dyn Job>]) -> Result<(), Failure> {
        let conn = match conn {
            Some(conn) => conn.as_mut(),
            None => conn.insert(self.setup.place.connect(Intent::Write)?).as_mut(),
        };
        conn.begin(Intent::Write)?;
        let mut batch = Batch::begin(conn)?;
        // SQLite copies each page that changes inside a savepoint, and what undoes the only job is the transaction
        // itself. PostgreSQL copies nothing, and only a commit says whether what a refusal was founded on stood.
        if let [alone] = jobs
            && conn.dialect() == Dialect::Sqlite
        {
            if !self.run(conn, &mut batch, alone.as_mut())? {
                return Ok(conn.rollback()?);
            }
        } else {
            for job in jobs.iter_mut() {
                conn.savepoint()?;
                let before = batch.mark();
                if self.run(conn, &mut batch, job.as_mut())? {
                    conn.release()?;
                } else {
                    conn.rollback_to()?;
                    batch.back_to(before);
                }
            }
        }
        if let Some(log) = &self.setup.log {
            batch.seal(conn, log)?;
        }
        conn.commit().map_err(|error| {
            // A constraint or a lost race is a clean refusal; anything else may be half done.
            let clean = matches!(error.sql_kind(), Some(SqlKind::Constraint | SqlKind::Retry));
            Failure { error, unknown: !clean }
        })
    }

    /// Runs one job; true to keep it. An error here undoes the whole batch.
    fn run(&self, conn: &mut dyn Conn, batch: &mut Batch, job: &mut dyn Job) -> Result<bool> {
        let log = self.setup.log.as_ref();
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = WriteTx { conn, batch, log, failed: None };
            let keep = job.run(&mut tx);
            (keep, tx.failed)
        }));
        let (keep, failed) = match ran {
            Ok(ran) => ran,
            Err(panic) => {
                let reference = uuid::Uuid::now_v7().to_string();
                tracing::error!(reference, cause = cause(&*panic), "a write job panicked; it was undone");
                job.fail(StoreError::Panicked { reference });
                return Ok(false);
            }
        };
        let Some(e) = failed else {
            if keep && let Err(e) = batch.settled() {
                job.fail(e);
                return Ok(false);
            }
            return Ok(keep);
        };
        match e.sql_kind() {
            // The transaction itself is gone, or must be run again from its start.
            Some(SqlKind::Io | SqlKind::Full | SqlKind::Retry | SqlKind::Connection) => return Err(e),
            _ if keep => job.fail(StoreError::Swallowed(e.to_string())),
            _ => {}
        }
        Ok(false)
    }

    /// After a failed write to disk nobody knows what is there: only a restart, which reads the
    /// disk again, can tell. See "fsyncgate" (PostgreSQL, 2018).
    fn stop(&self, e: &StoreError) {
        let mut queue = self.lock();
        queue.stopped = true;
        drop(queue);
        self.room.notify_all();
        (self.setup.fail_stop)(&format!(
            "disk failure in {}: {e}. The last writes are in doubt; stopping so that a restart reads the disk again.",
            self.setup.place
        ));
    }
}

/// Why a batch was not committed, and whether that is certain.
struct Failure {
    error: StoreError,
    unknown: bool,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure { error, unknown: false }
    }
}

fn fail_all(jobs: &mut [Box<dyn Job>], e: &StoreError) {
    for job in jobs {
        job.fail(e.clone());
    }
}

fn cause(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a value that is not text")
}
