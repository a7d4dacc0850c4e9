//! A small pool of read-only connections, opened when first needed.

use super::{Conn, Intent, Place, Plain, Tx};
use crate::{Result, SqlKind, StoreError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

pub(crate) struct Readers {
    place: Place,
    limit: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Box<dyn Conn>>,
    open: usize,
}

impl Readers {
    pub(crate) fn new(place: Place, limit: usize) -> Readers {
        Readers { place, limit: limit.max(1), state: Mutex::default(), freed: Condvar::new() }
    }

    /// Runs a read in one snapshot.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut lease = self.lease()?;
        let conn = lease.conn.as_mut().expect("invariant: a lease holds its connection until dropped");
        if let Err(e) = conn.begin(Intent::Read) {
            // An idle connection may have been cut meanwhile: nothing was read yet, take a new one.
            if e.sql_kind() != Some(SqlKind::Connection) {
                return Err(e.into());
            }
            *conn = self.place.connect(Intent::Read)?;
            conn.begin(Intent::Read)?;
        }
        let outcome = f(&mut Plain(conn.as_mut()));
        // What was read stands, however the transaction ends.
        lease.sound = conn.rollback().is_ok();
        outcome
    }

    /// Closes the connections that nobody uses.
    pub(crate) fn rest(&self) {
        let mut state = self.lock();
        state.open -= state.idle.len();
        state.idle.clear();
    }

    fn lease(&self) -> Result<Lease<'_>> {
        let mut state = self.lock();
        loop {
            if let Some(conn) = state.idle.pop() {
                return Ok(Lease { readers: self, conn: Some(conn), sound: false });
            }
            if state.open < self.limit {
                state.open += 1;
                drop(state);
                let mut lease = Lease { readers: self, conn: None, sound: false };
                lease.conn = Some(self.place.connect(Intent::Read)?);
                return Ok(lease);
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A borrowed connection; it goes back only after a clean end, so a panic or a lost connection
/// never leaves a half-open transaction in the pool.
struct Lease<'a> {
    readers: &'a Readers,
    conn: Option<Box<dyn Conn>>,
    sound: bool,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.readers.lock();
        match self.conn.take() {
            Some(conn) if self.sound => state.idle.push(conn),
            _ => state.open -= 1,
        }
        self.readers.freed.notify_one();
    }
}
