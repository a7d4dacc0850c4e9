//! `regisseur contract read-back`: each rule in one sentence.

use super::{Output, Request, valid};

/// The whole contract, read back in the language asked.
pub fn read_back(request: &Request<'_>) -> Output {
    valid(request, |compiled| Ok(contract::read_back(compiled, request.lang)))
}
