//! Certificates: in force on the first day, and wide enough for the services they are given for.

use base::{Lang, lang};

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;

use super::own_texts;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let start = clauses.iter().find(|k| k.is("term")).and_then(|k| Fields::new(k).date("start"));
    for certificate in clauses.iter().filter(|k| k.is("certificates")) {
        let fields = Fields::new(certificate);
        if let (Some(start), Some(last)) = (start, fields.date("valid_to"))
            && last < start
        {
            let norm = fields.text("norm").unwrap_or_default();
            let day = |lang| (lang::date(lang, last), lang::date(lang, start));
            let ((fr_last, fr_first), (en_last, en_first)) = (day(Lang::Fr), day(Lang::En));
            found.push(
                Diagnostic::error(
                    "E-CERTIFICATES-EXPIRED",
                    certificate.place_of("valid_to"),
                    format!("{norm} : valable jusqu'au {fr_last}, donc plus au premier jour du contrat, le {fr_first}"),
                    format!("{norm}: valid until {en_last}, so no longer on the first day of the contract, {en_first}"),
                )
                .help(
                    "écrivez l'échéance du certificat en cours",
                    "write when the certificate in force expires",
                ),
            );
        }
        scope(certificate, clauses, found);
    }
}

/// An ISO certificate is worth its scope: a service that it does not name is not certified (S-287).
fn scope(certificate: &Clause, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let covered: Vec<String> =
        Fields::new(certificate).texts("scope").iter().map(|text| text.to_lowercase()).collect();
    for (label, value) in own_texts(certificate, "services") {
        let service = clauses.iter().find(|k| k.is("elementary_service") && k.label == label);
        let Some(service) = service else { continue };
        let names = [service.text("title"), service.text("service")];
        let named = |name: &str| covered.iter().any(|text| text.contains(&name.to_lowercase()));
        if names.into_iter().flatten().any(named) {
            continue;
        }
        let (norm, title) =
            (certificate.text("norm").unwrap_or_default(), service.text("title").unwrap_or(&service.label));
        found.push(
            Diagnostic::warning(
                "W-CERTIFICATES-SCOPE",
                value.span,
                format!("{norm} : la portée ne nomme pas « {title} », que le certificat est dit couvrir"),
                format!("{norm}: the scope does not name “{title}”, which the certificate is said to cover"),
            )
            .related(certificate.place_of("scope"), "sa portée", "its scope")
            .help(
                "recopiez dans scope la portée du certificat ; si ce service n'y est pas, retirez-le de services",
                "copy the scope of the certificate into scope; if that service is not in it, remove it from services",
            ),
        );
    }
}
