//! The review on paper: the page's own figures, with their articles, to be taken to the meeting and signed.

use app::review::Review;
use terms::PartyRole;

use crate::design::components::Reason;
use crate::design::{Lang, format};
use crate::http::Slip;
use crate::pages::customer::mean;
use crate::pages::review::View;
use crate::site::visits::plain;
use crate::site::words::capital;

pub(super) fn slip(review: &Review, view: &View, lang: Lang) -> Slip {
    let tongue = lang.core();
    let terms = &review.agreement.latest().compiled.terms;
    let provider = terms.party(PartyRole::Provider).map(|p| p.then.name.clone()).unwrap_or_default();
    let customer = view.customer.name.clone();
    let over = [provider.as_str(), customer.as_str()].join(tongue.t(" et ", " and "));
    let time = format!("{} – {}", format::date(view.from, lang), format::date(view.until, lang));
    let mut facts = vec![
        (tongue.t("Client", "Customer").to_owned(), customer),
        (tongue.t("Prestataire", "Provider").to_owned(), provider.clone()),
        (tongue.t("Contrat", "Contract").to_owned(), view.contract.clone()),
        (tongue.t("Temps revu", "Time reviewed").to_owned(), time.clone()),
        (tongue.t("Tickets ouverts", "Tickets opened").to_owned(), format::count(view.opened, lang)),
    ];
    facts.extend(view.kinds.iter().map(|(kind, count)| (capital(kind), format::count(*count, lang))));
    for (promise, kept, all) in &view.kept {
        let of = tongue.t("dans les délais, sur", "in time, out of");
        facts.push((promise.clone(), format!("{kept} {of} {all}")));
    }
    if let Some(judged) = &view.satisfaction {
        let opinions = tongue.t("avis", "opinions");
        let said = format!("{} / 5, {} {opinions}", mean(judged.mean, lang), judged.answers);
        facts.push((tongue.t("Satisfaction", "Satisfaction").to_owned(), said));
    }
    let (ours, theirs) = view.late;
    let late = format!(
        "{} {ours}, {} {theirs}",
        tongue.t("prestataire", "provider"),
        tongue.t("client", "customer")
    );
    facts.push((tongue.t("Obligations en retard", "Late duties").to_owned(), late));
    Slip {
        lang: tongue,
        running: format!("{over} · {}", view.contract),
        over,
        title: tongue.t("Revue de partenariat", "Partnership review").to_owned(),
        author: provider,
        created: view.today,
        facts,
        passages: passages(view, lang),
        signature: tongue
            .t(
                "Lu par les deux parties\u{a0}: noms, date, signatures",
                "Read by both parties: names, date, signatures",
            )
            .to_owned(),
        signed: Vec::new(),
        drawn: None,
        marks: Vec::new(),
        ident: format!("review-{}-{}-{}-{}", view.customer.slug, view.contract, view.from, view.until),
    }
}

/// A list for each matter that has something to say.
fn passages(view: &View, lang: Lang) -> Vec<(String, String)> {
    let tongue = lang.core();
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let mut penalties = Vec::new();
    let mut available = Vec::new();
    for month in view.months.iter().flatten() {
        let name = format::month(month.month, lang);
        for line in &month.penalties {
            let amount = format::money(line.amount_cents, lang);
            penalties.push(format!("{name}, {}, {amount}{}", line.label, articles(&line.reasons)));
        }
        if month.penalty_cents > 0 {
            let owed = tongue.t("dû au client après plafonds", "owed to the customer after caps");
            penalties.push(format!("{name}, {owed}, {}", format::money(month.penalty_cents, lang)));
        }
        for row in &month.availability {
            let reached = row.reached.clone().unwrap_or_else(|| "–".to_owned());
            let promised = tongue.t("promis", "promised");
            let (service, target) = (&row.service, &row.target);
            available.push(format!(
                "{service}, {}, {reached} ({promised} {target}){}",
                row.period,
                articles(&row.reasons)
            ));
        }
    }
    all.push((tongue.t("Pénalités", "Penalties").to_owned(), penalties));
    all.push((tongue.t("Disponibilité", "Availability").to_owned(), available));
    let late = |late: &crate::pages::review::LateTicket| {
        let ticket = tongue.t("ticket", "ticket");
        let article = late.clause.as_ref().map(|(article, _)| format!(" ({article})")).unwrap_or_default();
        format!(
            "{ticket} {}, {}, {}{article}",
            late.number,
            late.promise,
            format::minutes(late.minutes, lang)
        )
    };
    let late_title = tongue.t("Engagements tenus en retard", "Commitments kept late");
    all.push((late_title.to_owned(), view.late_tickets.iter().map(late).collect()));
    let meter = |meter: &crate::pages::review::Metered| {
        format!("{}, {}{}", meter.label, meter.figure, articles(&meter.reasons))
    };
    all.push((tongue.t("Compteurs", "Meters").to_owned(), view.meters.iter().map(meter).collect()));
    let meeting = |meeting: &crate::pages::review::Meeting| {
        let on = match (&meeting.held, meeting.due) {
            (Some((on, _)), _) => format!("{} {}", tongue.t("tenue le", "held on"), format::date(*on, lang)),
            (None, Some(due)) => format!("{} {}", tongue.t("au plus tard le", "by"), format::date(due, lang)),
            (None, None) => tongue.t("à tenir", "to be held").to_owned(),
        };
        format!("{}, {on}{}", meeting.title, articles(&meeting.reasons))
    };
    all.push((tongue.t("Réunions", "Meetings").to_owned(), view.meetings.iter().map(meeting).collect()));
    let list =
        |lines: Vec<String>| lines.iter().map(|line| format!("- {}\n", plain(line))).collect::<String>();
    all.into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| (title, list(lines)))
        .collect()
}

/// « (Article 18, Article 20) », each once.
fn articles(reasons: &[Reason]) -> String {
    let mut cited: Vec<String> = Vec::new();
    for article in reasons.iter().map(|reason| &reason.article) {
        if !article.is_empty() && !cited.contains(article) {
            cited.push(article.clone());
        }
    }
    if cited.is_empty() { String::new() } else { format!(" ({})", cited.join(", ")) }
}
