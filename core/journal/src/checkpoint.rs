//! C2SP tlog-checkpoint v1.0.0: what a log promises at a size, as a signed note.

use data_encoding::BASE64;

use crate::note::{self, NoteError, SigningKey, VerifierKey};
use crate::tree::{Frontier, Hash};

/// "The log `origin` held `size` entries, and its tree had this root."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// Why a checkpoint is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("the origin “{origin}” is empty, or holds a space, a plus sign or a scheme")]
    InvalidOrigin { origin: String },
    #[error("a checkpoint is three lines: origin, size without leading zero, root of 32 bytes in base64")]
    Malformed,
    #[error("this checkpoint is of the log “{found}”, not of “{expected}”")]
    OtherLog { expected: String, found: String },
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// `origin` is a URL without scheme, such as `journal.example.fr/vault/7f3a`: no space, no plus.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if origin.is_empty() || origin.contains(bad) || origin.contains("://") {
            return Err(CheckpointError::InvalidOrigin { origin: origin.to_owned() });
        }
        Ok(Checkpoint { origin: origin.to_owned(), size, root })
    }

    /// The checkpoint of the tree that `frontier` has reached.
    pub fn of(origin: &str, frontier: &Frontier) -> Result<Self, CheckpointError> {
        Checkpoint::new(origin, frontier.size(), frontier.root())
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    /// Reads the signed text. Extension lines are refused: this product writes none, and whoever adds
    /// one means something the reader does not know.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        let digits = size.bytes().all(|b| b.is_ascii_digit());
        if !digits || (size.starts_with('0') && size != "0") {
            return Err(CheckpointError::Malformed);
        }
        let size = size.parse().map_err(|_| CheckpointError::Malformed)?;
        let root = BASE64.decode(root.as_bytes()).map_err(|_| CheckpointError::Malformed)?;
        let root = Hash::try_from(root).map_err(|_| CheckpointError::Malformed)?;
        Checkpoint::new(origin, size, root)
    }

    /// The signed note. A log must never sign two checkpoints that disagree: the caller holds that.
    pub fn sign(&self, key: &SigningKey) -> String {
        self.sign_with(&[key]).expect("an origin without control characters makes a valid note")
    }

    /// Signed by several keys at once, as while a key is being replaced. Refuses an empty list.
    pub fn sign_with(&self, keys: &[&SigningKey]) -> Result<String, NoteError> {
        note::sign(&self.text(), keys)
    }

    /// Reads a signed checkpoint of the log `origin`, signed by one of `keys` at least.
    pub fn open(note: &str, origin: &str, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::parse(&note::open(note, keys)?.text)?;
        if checkpoint.origin != origin {
            let (expected, found) = (origin.to_owned(), checkpoint.origin);
            return Err(CheckpointError::OtherLog { expected, found });
        }
        Ok(checkpoint)
    }
}
