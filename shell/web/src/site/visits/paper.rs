//! The report of a visit on paper: what was read and signed, on a page to be handed over.

use app::ticket::TicketPage;
use app::visit::{Signature, VisitLine};
use app::{Act, AppError};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use base::id::VisitId;
use base::lang::date_time;
use events::VisitSigning;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use terms::PartyRole;

use crate::design::{CustomerRef, Lang, format};
use crate::http::{Drawn, Failure, Order, Reader, Slip, State};
use crate::site::contract::files;
use crate::site::{Place, failed, place};

/// `GET …/tickets/{n}/visits/{visit}/report.pdf`: it does not exist where nothing lays it out.
pub async fn pdf(
    Shared(web): Shared<State>,
    reader: Reader,
    Path((slug, number, visit)): Path<(String, u64, String)>,
) -> Result<Response, Failure> {
    let (again, lang) = (reader.clone(), reader.visitor.lang);
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeTickets)?;
        let visit: VisitId = visit.parse().map_err(|_| AppError::NotFound)?;
        let ticket = app.ticket(&permit, number)?;
        let line = app.visits(&permit, number)?.into_iter().find(|line| line.visit == visit);
        let line = line.ok_or(AppError::NotFound)?;
        slip(&customer, &ticket, &line, lang)
    });
    let slip = read.await.map_err(failed(&reader))?;
    files::printed(&web, &reader, Order::Slip(Box::new(slip)), &format!("visite-{number}.pdf")).await
}

fn slip(customer: &CustomerRef, ticket: &TicketPage, line: &VisitLine, lang: Lang) -> Result<Slip, AppError> {
    let tongue = lang.core();
    let told = line.signature.as_ref().map_or(line.left, |signature| signature.at);
    // As the contract stood when it was signed, else when it was made: a later amendment changes no print.
    let terms = &ticket.agreement.in_force(told)?.terms;
    let zone = TimeZone::get(&terms.zone).map_err(AppError::fault)?;
    let local = |at: Timestamp| at.to_zoned(zone.clone());
    let provider = terms.party(PartyRole::Provider).map(|p| p.then.name.clone()).unwrap_or_default();
    let number = ticket.ticket.number;
    let mut facts = vec![
        (tongue.t("Client", "Customer"), customer.name.clone()),
        (tongue.t("Prestataire", "Provider"), provider.clone()),
        (tongue.t("Contrat", "Contract"), ticket.agreement.number.clone()),
        (tongue.t("Ticket", "Ticket"), format!("{number}, {}", ticket.title)),
        (tongue.t("Intervenant", "Technician"), line.person.clone()),
        (tongue.t("Sur place", "On site"), stay(&local(line.arrived), &local(line.left), lang)),
    ];
    let mut passages = Vec::new();
    match &line.report {
        None => passages.push((
            tongue.t("Compte rendu", "Report"),
            tongue.t("Son contenu a été effacé.", "Its contents were erased.").to_owned(),
        )),
        Some(report) => {
            if report.travel > 0 {
                facts.push((tongue.t("Trajet", "Travel"), format::minutes(i64::from(report.travel), lang)));
            }
            if let Some(met) = &report.met {
                facts.push((tongue.t("Personne rencontrée", "Person met"), met.clone()));
            }
            if !report.parts.is_empty() {
                let parts: Vec<String> = report.parts.iter().cloned().map(super::part).collect();
                facts.push((tongue.t("Pièces", "Parts"), parts.join(", ")));
            }
            passages.push((tongue.t("Travaux", "Work"), report.work.clone()));
            if let Some(remains) = &report.remains {
                passages.push((tongue.t("Reste à faire", "What remains to be done"), remains.clone()));
            }
        }
    }
    if let Some(reserve) = line.signature.as_ref().and_then(|signature| signature.reserve.clone()) {
        passages.push((tongue.t("Réserves du client", "The customer’s reserves"), plain(&reserve)));
    }
    let owned = |(name, value): (&str, String)| (name.to_owned(), value);
    let over = [provider.as_str(), customer.name.as_str()].join(tongue.t(" pour ", " for "));
    Ok(Slip {
        lang: tongue,
        running: format!("{over} · {} {number}", tongue.t("ticket", "ticket")),
        over,
        title: tongue.t("Compte rendu d’intervention", "Report of a visit on site").to_owned(),
        author: provider,
        created: local(told).date(),
        facts: facts.into_iter().map(owned).collect(),
        passages: passages.into_iter().map(owned).collect(),
        signature: match line.signature {
            Some(_) => tongue.t("Signé pour le client", "Signed for the customer"),
            None => tongue
                .t("Pour le client\u{a0}: nom, date, signature", "For the customer: name, date, signature"),
        }
        .to_owned(),
        signed: line.signature.as_ref().map(|s| signed(s, &local(s.at), tongue)).unwrap_or_default(),
        drawn: line.signature.as_ref().and_then(|s| s.drawing.as_ref()).map(|drawing| Drawn {
            width: drawing.width,
            height: drawing.height,
            strokes: drawing.strokes.clone(),
        }),
        marks: vec![
            owned((
                tongue.t("Empreinte du compte rendu (SHA-256)", "Hash of the report (SHA-256)"),
                line.hash.clone(),
            )),
            owned((tongue.t("Écriture du journal", "Entry of the journal"), line.entry.to_string())),
        ],
        ident: format!("visit-{}-{}-{}", line.visit, line.hash, line.signature.is_some()),
    })
}

/// Words that are not Markdown, so that they print as they were shown to whoever signed.
pub fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let lines: Vec<&str> = words.trim().lines().map(str::trim).collect();
    for c in lines.join("\n").chars() {
        match c {
            // A line of its own stays one (CommonMark, 6.7).
            '\n' => out.push_str("\\\n"),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// « mardi 3 novembre 2026 à 09:10 – 10:40 (1 h 30) »; both days when it went past midnight.
fn stay(from: &Zoned, until: &Zoned, lang: Lang) -> String {
    let spent = until.timestamp().duration_since(from.timestamp()).as_mins();
    let left = match from.date() == until.date() {
        true => base::lang::time(lang.core(), until.time()),
        false => date_time(lang.core(), until),
    };
    format!("{} – {left} ({})", date_time(lang.core(), from), format::minutes(spent, lang))
}

fn signed(signature: &Signature, at: &Zoned, tongue: base::Lang) -> Vec<String> {
    let erased = || tongue.t("Nom effacé", "Name erased").to_owned();
    let at = date_time(tongue, at);
    vec![
        signature.name.clone().unwrap_or_else(erased),
        match signature.how {
            VisitSigning::OnScreen => tongue.t(
                format!("le {at}, sur l’écran de l’intervenant"),
                format!("on {at}, on the technician’s screen"),
            ),
            VisitSigning::SignedIn => tongue
                .t(format!("le {at}, sous son propre compte"), format!("on {at}, under their own account")),
        },
    ]
}
