//! Files attached to a ticket. The bytes lie in the vault's folder under their hash; the name that
//! somebody gave is content, and erasing it lets the bytes go.

use base::id::{AccountId, FileId, MessageId, TicketId};
use serde::{Deserialize, Serialize};

use crate::{ContentId, Micros, Visibility};

/// A file joined to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAttached {
    pub file: FileId,
    pub ticket: TicketId,
    pub at: Micros,
    pub by: AccountId,
    /// The message it came with; `None` for a file sent alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    pub visibility: Visibility,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The media type that the bytes themselves show, never the one the name claims.
    pub media: String,
    /// Width and height in pixels of an image that pages may draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
    pub name: ContentId,
}
