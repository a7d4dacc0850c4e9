//! Pages that follow what happens: server-sent events, in this process only.
//!
//! [`Hub`] hears the news of the use cases and passes them on; [`stream`] writes those that its reader may
//! know, asking for their rights at each delivery. Nothing is polled, and no word of anything is sent: an
//! event names a ticket, and the page asks for itself again.

mod hub;
mod stream;

pub use hub::Hub;
pub(crate) use stream::open;
