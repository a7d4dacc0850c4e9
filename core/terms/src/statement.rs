//! What the text says and no engine decides: recorded, shown as declared, compared by `diff`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A declaration: the fields of its clause, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The kind of clause that made it.
    pub topic: String,
    /// Field → value, as the contract writes it; lists joined by « , ».
    pub says: BTreeMap<String, String>,
}

impl Statement {
    pub fn get(&self, field: &str) -> Option<&str> {
        self.says.get(field).map(String::as_str)
    }
}
