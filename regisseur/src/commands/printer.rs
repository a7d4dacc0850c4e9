//! The printer that the web is given: what lays out a contract is in this binary, not in the web.

use std::sync::Arc;

use documents::{Options, Signature, contract_pdf};
use web::http::{Printer, Sheet};

/// Lays out contracts with the fonts and the template of `documents`.
pub fn printer() -> Arc<Printer> {
    Printer::new(|sheet| {
        let pdf = contract_pdf(sheet.compiled, &options(sheet)).map_err(|fault| fault.to_string())?;
        Ok(pdf.bytes)
    })
}

fn options(sheet: &Sheet<'_>) -> Options {
    let signatures = sheet.signatures.iter().map(|s| Signature {
        role: s.role,
        signatory: s.name.clone(),
        at: s.at.clone(),
        hash: s.hash.clone(),
    });
    Options { lang: sheet.lang, created: sheet.on, signatures: signatures.collect() }
}

#[cfg(test)]
mod tests {
    use base::Lang;
    use jiff::civil::date;
    use terms::PartyRole;
    use web::http::Signed;

    use super::*;

    #[test]
    fn what_the_web_asks_for_is_what_is_laid_out() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/minimal.md");
        let text = std::fs::read_to_string(path).unwrap();
        let compiled = contract::compile("minimal.md", &text);
        let signatures = [Signed {
            role: PartyRole::Customer,
            name: "Bruno Delmas".into(),
            at: "le 16 février 2026".into(),
            hash: contract::text_hash(&text),
        }];
        let on = date(2026, 3, 1);
        let sheet = Sheet { compiled: &compiled, lang: Lang::Fr, on, signatures: &signatures };
        let signed = contract_pdf(sheet.compiled, &options(&sheet)).unwrap();
        assert!(signed.bytes.starts_with(b"%PDF-1.7"));
        let unsigned = contract_pdf(sheet.compiled, &options(&Sheet { signatures: &[], ..sheet })).unwrap();
        assert_ne!(signed.bytes, unsigned.bytes, "the signatures recorded are printed");
    }
}
