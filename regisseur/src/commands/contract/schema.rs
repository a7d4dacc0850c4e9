//! `regisseur contract schema`: the JSON schema of blocks, for editors.

use super::Output;

/// The JSON schema of blocks.
pub fn schema() -> Output {
    (format!("{:#}\n", contract::schema()), 0)
}
