//! What is exchanged over the network: letters out by SMTP, mail in by LMTP or out of an IMAP mailbox,
//! what providers of identity and directories are asked, and what webhooks are sent.
//!
//! What a letter says and what an incoming mail does are decided in `app`; this crate opens sockets, makes
//! bytes of letters and reads letters in bytes. It does **not** know the store, nor any page.

pub mod config;
mod cut;
pub mod http;
pub mod imap;
pub mod incoming;
pub mod ldap;
pub mod lmtp;
pub mod post;
pub mod sign_in;
pub mod smtp;
pub mod tls;
pub mod trust;
pub mod webhooks;

pub use config::Config;
pub use incoming::{Envelope, receive};
pub use post::Post;
pub use trust::Trust;
