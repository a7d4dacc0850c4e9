//! Portable values and rows.

use crate::{Result, StoreError};
use uuid::Uuid;

/// A value as both engines store it. There is no floating point on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Val {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Val {
    fn type_name(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Int(_) => "an integer",
            Val::Text(_) => "text",
            Val::Blob(_) => "bytes",
        }
    }
}

impl From<i64> for Val {
    fn from(v: i64) -> Val {
        Val::Int(v)
    }
}

impl From<i32> for Val {
    fn from(v: i32) -> Val {
        Val::Int(v.into())
    }
}

impl From<u32> for Val {
    fn from(v: u32) -> Val {
        Val::Int(v.into())
    }
}

/// Sequence numbers and sizes; the engines have no unsigned 64-bit integer.
impl From<u64> for Val {
    fn from(v: u64) -> Val {
        Val::Int(i64::try_from(v).expect("invariant: sizes and sequence numbers fit in 63 bits"))
    }
}

impl From<bool> for Val {
    fn from(v: bool) -> Val {
        Val::Int(v.into())
    }
}

impl From<&str> for Val {
    fn from(v: &str) -> Val {
        Val::Text(v.into())
    }
}

impl From<String> for Val {
    fn from(v: String) -> Val {
        Val::Text(v)
    }
}

impl From<&String> for Val {
    fn from(v: &String) -> Val {
        Val::Text(v.clone())
    }
}

impl From<&[u8]> for Val {
    fn from(v: &[u8]) -> Val {
        Val::Blob(v.into())
    }
}

impl From<Vec<u8>> for Val {
    fn from(v: Vec<u8>) -> Val {
        Val::Blob(v)
    }
}

impl<const N: usize> From<[u8; N]> for Val {
    fn from(v: [u8; N]) -> Val {
        Val::Blob(v.into())
    }
}

impl<const N: usize> From<&[u8; N]> for Val {
    fn from(v: &[u8; N]) -> Val {
        Val::Blob(v.to_vec())
    }
}

impl From<Uuid> for Val {
    fn from(v: Uuid) -> Val {
        Val::Blob(v.as_bytes().to_vec())
    }
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(v: Option<T>) -> Val {
        v.map_or(Val::Null, Into::into)
    }
}

/// The parameters of a statement, from anything that is a [`Val`]: `vals![id, "open", None::<i64>]`.
#[macro_export]
macro_rules! vals {
    ($($v:expr),* $(,)?) => { &[$($crate::db::Val::from($v)),*] as &[$crate::db::Val] };
}

/// One row of a result; columns are read by index, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Val>);

impl Row {
    pub(crate) fn new(values: Vec<Val>) -> Row {
        Row(values)
    }

    /// The raw value, `Null` past the end.
    pub fn val(&self, index: usize) -> &Val {
        self.0.get(index).unwrap_or(&Val::Null)
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.0.len()
    }

    pub fn opt_int(&self, index: usize) -> Result<Option<i64>> {
        match self.val(index) {
            Val::Null => Ok(None),
            Val::Int(v) => Ok(Some(*v)),
            other => Err(wrong(index, "an integer", other)),
        }
    }

    pub fn opt_text(&self, index: usize) -> Result<Option<&str>> {
        match self.val(index) {
            Val::Null => Ok(None),
            Val::Text(v) => Ok(Some(v)),
            other => Err(wrong(index, "text", other)),
        }
    }

    pub fn opt_blob(&self, index: usize) -> Result<Option<&[u8]>> {
        match self.val(index) {
            Val::Null => Ok(None),
            Val::Blob(v) => Ok(Some(v)),
            other => Err(wrong(index, "bytes", other)),
        }
    }

    pub fn opt_uuid(&self, index: usize) -> Result<Option<Uuid>> {
        self.opt_blob(index)?
            .map(|b| Uuid::from_slice(b).map_err(|_| wrong(index, "16 bytes", self.val(index))))
            .transpose()
    }

    pub fn int(&self, index: usize) -> Result<i64> {
        self.opt_int(index)?.ok_or_else(|| wrong(index, "an integer", &Val::Null))
    }

    /// A size or a sequence number.
    pub fn uint(&self, index: usize) -> Result<u64> {
        let v = self.int(index)?;
        u64::try_from(v).map_err(|_| wrong(index, "a positive integer", self.val(index)))
    }

    pub fn text(&self, index: usize) -> Result<&str> {
        self.opt_text(index)?.ok_or_else(|| wrong(index, "text", &Val::Null))
    }

    pub fn blob(&self, index: usize) -> Result<&[u8]> {
        self.opt_blob(index)?.ok_or_else(|| wrong(index, "bytes", &Val::Null))
    }

    pub fn uuid(&self, index: usize) -> Result<Uuid> {
        self.opt_uuid(index)?.ok_or_else(|| wrong(index, "16 bytes", &Val::Null))
    }

    /// Exactly `N` bytes: a hash, a key, a salt.
    pub fn bytes<const N: usize>(&self, index: usize) -> Result<[u8; N]> {
        self.blob(index)?.try_into().map_err(|_| wrong(index, "bytes of fixed length", self.val(index)))
    }

    pub fn bool(&self, index: usize) -> Result<bool> {
        Ok(self.int(index)? != 0)
    }
}

fn wrong(index: usize, expected: &'static str, found: &Val) -> StoreError {
    StoreError::Column { index, expected, found: found.type_name() }
}
