//! `regisseur contract show`: what the whole contract says of one subject, gathered from its articles.

use contract::Subject;

use super::{Output, Request, valid};

/// One line for each thing found, with the article that says it.
pub fn show(request: &Request<'_>, subject: Subject) -> Output {
    valid(request, |compiled| Ok(contract::gather(&compiled.terms, subject, request.lang)))
}
