//! The printer that the web is given: what lays out pages is in this binary, not in the web.

use std::sync::Arc;

use documents::{Options, Signature, contract_pdf, slip_pdf};
use web::http::{ContractSheet, Printer, Sheet, Slip};

/// Lays out contracts and slips with the fonts and the templates of `documents`.
pub fn printer() -> Arc<Printer> {
    Printer::new(|sheet| {
        let pdf = match sheet {
            Sheet::Contract(sheet) => contract_pdf(sheet.compiled, &options(sheet)),
            Sheet::Slip(sheet) => slip_pdf(&slip(sheet)),
        };
        pdf.map(|pdf| pdf.bytes).map_err(|fault| fault.to_string())
    })
}

fn slip(sheet: &Slip) -> documents::Slip {
    let drawn = sheet.drawn.as_ref().map(|drawn| documents::Drawn {
        width: drawn.width,
        height: drawn.height,
        strokes: drawn.strokes.clone(),
    });
    documents::Slip {
        lang: sheet.lang,
        over: sheet.over.clone(),
        title: sheet.title.clone(),
        running: sheet.running.clone(),
        author: sheet.author.clone(),
        created: sheet.created,
        facts: sheet.facts.clone(),
        passages: sheet.passages.clone(),
        signed: documents::Signed { title: sheet.signature.clone(), lines: sheet.signed.clone(), drawn },
        marks: sheet.marks.clone(),
        ident: sheet.ident.clone(),
    }
}

fn options(sheet: &ContractSheet<'_>) -> Options {
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
        let sheet = ContractSheet { compiled: &compiled, lang: Lang::Fr, on, signatures: &signatures };
        let signed = contract_pdf(sheet.compiled, &options(&sheet)).unwrap();
        assert!(signed.bytes.starts_with(b"%PDF-1.7"));
        let unsigned =
            contract_pdf(sheet.compiled, &options(&ContractSheet { signatures: &[], ..sheet })).unwrap();
        assert_ne!(signed.bytes, unsigned.bytes, "the signatures recorded are printed");
    }
}
