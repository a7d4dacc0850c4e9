//! From the core's results to what pages show: words, reasons, refusals, instants.

use app::{AppError, Invalid, Role};
use axum::http::StatusCode;
use base::Provenance;
use engines::kinds::Kind;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub use crate::design::format::query as query_encode;
use crate::design::{CustomerRef, Lang, Reason};
use crate::pages::shared::Refusal;

/// The core's name of the reader's language.
pub fn core(lang: Lang) -> base::Lang {
    lang.core()
}

pub fn role(role: Role, lang: Lang) -> String {
    role.words().get(core(lang)).to_owned()
}

/// What the last act did, from its code.
pub fn flash(code: &str, lang: Lang) -> Option<String> {
    let text = match code {
        "opened" => lang.t("Ticket ouvert ; ses délais courent.", "Ticket opened; its clocks run."),
        "take-over" => lang.t("Ticket pris en charge.", "Ticket taken over."),
        "assign" => lang.t("Ticket confié.", "Ticket assigned."),
        "reply" => lang.t("Réponse envoyée.", "Reply sent."),
        "note" => lang.t("Note enregistrée.", "Note saved."),
        "files" => lang.t("Fichiers joints.", "Files attached."),
        "pause" => lang.t("Délai suspendu.", "Clock suspended."),
        "resume" => lang.t("L’horloge a repris.", "The clock runs again."),
        "priority" => lang.t("Priorité changée.", "Priority changed."),
        "restore" => lang.t("Rétablissement déclaré.", "Restoration declared."),
        "resolve" => lang.t("Ticket résolu.", "Ticket resolved."),
        "reopen" => lang.t("Ticket rouvert.", "Ticket reopened."),
        "time-start" => lang.t("Chronomètre lancé.", "Timer started."),
        "time-discard" => lang.t("Chronomètre abandonné.", "Timer discarded."),
        "time-stop" | "time-spent" => lang.t("Temps saisi.", "Time entered."),
        "time-correct" => lang.t("Temps corrigé.", "Time corrected."),
        "week-submit" => lang.t("Semaine remise, à approuver.", "Week submitted, to be approved."),
        "week-approve" => lang.t("Semaine approuvée.", "Week approved."),
        "week-return" => lang.t("Semaine rendue à son auteur.", "Week given back."),
        "week-reopen" => lang.t("Semaine rouverte.", "Week reopened."),
        "diagnose" => lang.t("Diagnostic consigné.", "Diagnosis recorded."),
        "known-error" => lang.t("Erreur connue consignée.", "Known error recorded."),
        "change-plan" => lang.t("Changement planifié.", "Change planned."),
        "change-approve" => lang.t("Approbation consignée.", "Approval recorded."),
        "change-refuse" | "change-give-up" => {
            lang.t("Ce changement n’aura pas lieu.", "This change will not take place.")
        }
        "change-start" => lang.t("Travaux commencés.", "Work begun."),
        "change-end" => lang.t("Changement terminé.", "Change ended."),
        "change-inform" => lang.t("Information consignée.", "Telling recorded."),
        "change-document" => lang.t("Document consigné.", "Document recorded."),
        "change-review" => lang.t("Bilan consigné.", "Review recorded."),
        "levels-told" => lang.t("Niveau d’escalade enregistré.", "Level of escalation saved."),
        "skills-told" => lang.t("Compétences enregistrées.", "Skills saved."),
        "visit-reported" => {
            lang.t("Compte rendu enregistré ; il reste à signer.", "Report saved; it is still to be signed.")
        }
        "visit-uncounted" => lang.t(
            "Compte rendu enregistré ; son temps n’a pas pu être saisi, saisissez-le sur le ticket.",
            "Report saved; its time could not be entered, enter it on the ticket.",
        ),
        "visit-half-counted" => lang.t(
            "Compte rendu enregistré ; le temps sur place est saisi, celui du trajet ne l’est pas.",
            "Report saved; the time on site is entered, that of the travel is not.",
        ),
        "visit-signed" => {
            lang.t("Compte rendu signé ; il ne change plus.", "Report signed; it changes no more.")
        }
        "delivery-estimate" => lang.t("Chiffrage envoyé au client.", "Estimate sent to the customer."),
        "delivery-order" => lang.t("Commande consignée.", "Order recorded."),
        "delivery-decline" => lang.t("Sans suite ; rien n’est commandé.", "Not pursued; nothing is ordered."),
        "delivery-present" => lang.t("Livré ; la recette commence.", "Delivered; acceptance begins."),
        "delivery-decide" => lang.t("Résultat de recette consigné.", "Answer recorded."),
        "delivery-show" => lang.t("Consigné.", "Recorded."),
        "delivery-produce" => lang.t("Mis en production.", "Put into production."),
        "link" => lang.t("Tickets liés.", "Tickets tied."),
        "unlink" => lang.t("Tickets déliés.", "Tickets untied."),
        "merge" => lang.t(
            "Ticket fusionné ; la suite se traite sur l’autre.",
            "Ticket merged; what follows is dealt with on the other.",
        ),
        "watch" => lang.t("Vous suivez ce ticket.", "You follow this ticket."),
        "unwatch" => lang.t("Vous ne suivez plus ce ticket.", "You follow this ticket no more."),
        "quote" => lang.t("Devis soumis au client.", "Quotation submitted to the customer."),
        "agree-price" => {
            lang.t("Prix accepté ; le travail peut commencer.", "Price agreed; the work can begin.")
        }
        "decline-price" => {
            lang.t("Prix refusé ; le travail ne sera pas fait.", "Price declined; the work will not be done.")
        }
        "call" => lang.t("Appel décompté.", "Call counted."),
        "view-saved" => lang.t("Vue enregistrée.", "View saved."),
        "view-removed" => lang.t("Vue retirée.", "View removed."),
        "month-closed" => {
            lang.t("Mois clos ; le relevé est définitif.", "Month closed; its statement is final.")
        }
        "outage-recorded" => lang.t("Interruption consignée.", "Outage recorded."),
        "outage-end" => lang.t("Fin de l’interruption consignée.", "End of the outage recorded."),
        "outage-correct" => lang.t("Interruption corrigée.", "Outage corrected."),
        "outage-cancel" => lang.t("Interruption retirée.", "Outage withdrawn."),
        "maintenance-announced" => lang.t("Maintenance annoncée.", "Maintenance announced."),
        "maintenance-cancelled" => lang.t("Maintenance annulée.", "Maintenance cancelled."),
        "signed" => lang.t(
            "Signé par les deux parties ; ses règles s’exécutent.",
            "Signed by both parties; its rules run.",
        ),
        "draft-begun" => lang.t("Texte commencé ; rien n’engage encore.", "Text begun; nothing binds yet."),
        "draft-saved" => lang.t("Texte enregistré.", "Text saved."),
        "draft-gone" => lang.t("Texte abandonné.", "Text thrown away."),
        "draft-agreed" => lang.t(
            "Signé pour votre partie ; l’autre partie signe à son tour, dans sa propre session.",
            "Signed for your party; the other party signs in turn, in a session of its own.",
        ),
        "article-written" => lang.t("Article enregistré.", "Article saved."),
        "article-publish" => lang.t("Article publié.", "Article published."),
        "article-retire" => lang.t("Article retiré.", "Article retired."),
        "article-review" => lang.t("Relecture consignée.", "Review recorded."),
        "article-copy" => lang.t(
            "Article copié en brouillon ; relisez-le avant de le publier.",
            "Article copied as a draft; read it before publishing it.",
        ),
        "article-helped" => lang.t("Noté : cet article a aidé.", "Noted: this article helped."),
        "role-given" => lang.t("Rôle donné.", "Role given."),
        "undertaking-signed" => lang
            .t("Engagement signé et inscrit au journal.", "Undertaking signed and written in the journal."),
        "roster-published" => lang.t(
            "Programme d’astreinte publié et inscrit au journal.",
            "On-call roster published and written in the journal.",
        ),
        "plan-written" => lang
            .t("Planification enregistrée et inscrite au journal.", "Plan saved and written in the journal."),
        "import-sent" => {
            lang.t("Fichier reçu ; rien n’est encore repris.", "File received; nothing is brought in yet.")
        }
        "import-chosen" => lang.t("Relu ainsi.", "Read so."),
        "import-run" => lang.t("La reprise est lancée.", "The import runs."),
        "import-stopped" => lang.t("Reprise arrêtée ; elle peut continuer.", "Import stopped; it can go on."),
        "import-forgotten" => lang.t("Fichier supprimé.", "File removed."),
        "webhook-written" => lang.t("Webhook enregistré.", "Webhook saved."),
        "webhook-suspended" => lang.t("Webhook suspendu.", "Webhook suspended."),
        "webhook-started" => lang.t("Webhook réactivé.", "Webhook started again."),
        "webhook-removed" => lang.t("Webhook supprimé.", "Webhook removed."),
        "webhook-sent" => lang.t(
            "Envoi demandé ; son résultat paraît ci-dessous sous quelques secondes.",
            "Delivery asked for; its outcome shows below within seconds.",
        ),
        "satisfaction-told" => {
            lang.t("Merci, votre avis est enregistré.", "Thank you, your opinion is recorded.")
        }
        "template-kept" => lang.t("Modèle enregistré.", "Template saved."),
        "template-removed" => lang.t("Modèle retiré.", "Template removed."),
        "plan-ended" => lang.t("Planification arrêtée.", "Plan ended."),
        "role-ended" => lang.t("Rôle retiré.", "Role ended."),
        "duty-done" => lang.t("Obligation enregistrée avec sa preuve.", "Duty recorded with its proof."),
        "life-told" => lang.t(
            "Inscrit au journal ; les obligations et les droits qui en dépendent sont à jour.",
            "Entered in the journal; the duties and rights that depend on it are up to date.",
        ),
        "password-changed" => lang.t(
            "Mot de passe changé ; vos autres sessions sont fermées et vos jetons révoqués.",
            "Password changed; your other sessions are closed and your tokens revoked.",
        ),
        "access-revoked" => {
            lang.t("Sessions fermées et jetons révoqués.", "Sessions closed and tokens revoked.")
        }
        "letter-again" => lang.t("La lettre sera renvoyée.", "The letter will be sent again."),
        "mail-accepted" => lang.t("Courriel accepté.", "Mail accepted."),
        "mail-rejected" => lang.t("Courriel écarté.", "Mail rejected."),
        "mail-waits" => {
            lang.t("Ce courriel attend toujours : lisez pourquoi.", "This mail still waits: read why.")
        }
        "notifications-read" => lang.t("Notifications marquées comme lues.", "Notifications marked as read."),
        "letters-saved" => lang.t("Lettres de ce client enregistrées.", "This customer’s letters saved."),
        "mail-chosen" => lang.t("Choix enregistrés.", "Choices saved."),
        "account-disabled" => lang.t("Compte désactivé.", "Account disabled."),
        "account-enabled" => lang.t("Compte réactivé.", "Account enabled."),
        "session-ended" => lang.t("Session fermée.", "Session closed."),
        "passkey-added" => lang.t("Clé d’accès ajoutée.", "Passkey added."),
        "passkey-removed" => lang.t(
            "Clé d’accès retirée ; vos autres sessions sont fermées et vos jetons révoqués.",
            "Passkey removed; your other sessions are closed and your tokens revoked.",
        ),
        "identity-untied" => lang.t(
            "Fournisseur délié ; vos autres sessions sont fermées et vos jetons révoqués.",
            "Provider untied; your other sessions are closed and your tokens revoked.",
        ),
        "token-revoked" => {
            lang.t("Jeton révoqué ; il n’ouvre plus rien.", "Token revoked; it opens nothing any more.")
        }
        "second-factor-removed" => lang.t(
            "Second facteur retiré ; vos autres sessions sont fermées et vos jetons révoqués.",
            "Second factor removed; your other sessions are closed and your tokens revoked.",
        ),
        "signed-out" => lang.t("Vous êtes déconnecté.", "You are signed out."),
        _ => return None,
    };
    Some(text.into())
}

/// An instant for a reader with no contract at hand.
pub fn local(at: Timestamp) -> Zoned {
    in_zone(at, "Europe/Paris")
}

/// An instant in a zone of a contract, which the compiler has checked.
pub fn in_zone(at: Timestamp, zone: &str) -> Zoned {
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

/// The address of a clause in the living contract: its label is its anchor.
pub fn clause_href(customer: &CustomerRef, clause: &Provenance) -> String {
    customer.path(&format!("/contracts/{}#{}", clause.contract, clause.label))
}

/// A reason of the core as a page shows it; it links to its clause for those who may read the contract.
pub fn reason(reason: &base::Reason, customer: Option<&CustomerRef>, lang: Lang) -> Reason {
    let clause = reason.cites.as_ref();
    Reason {
        article: clause.map(|c| short_article(&c.article)).unwrap_or_default(),
        label: clause.map(|c| c.label.clone()).unwrap_or_default(),
        text: reason.text.get(core(lang)).to_owned(),
        arithmetic: None,
        href: clause
            .zip(customer.filter(|c| c.contract.is_some()))
            .map(|(c, customer)| clause_href(customer, c)),
    }
}

pub fn reasons(list: &[base::Reason], customer: Option<&CustomerRef>, lang: Lang) -> Vec<Reason> {
    list.iter().map(|r| reason(r, customer, lang)).collect()
}

/// « Article 7 » of « Article 7 – Délais de rétablissement ».
pub fn short_article(title: &str) -> String {
    let cut = title.split([':', '–', '—']).next().unwrap_or(title).trim();
    cut.split(" - ").next().unwrap_or(cut).to_owned()
}

pub fn refusal(refused: &app::Refusal, lang: Lang, customer: Option<&CustomerRef>) -> Refusal {
    let advice = match refused.code.as_str() {
        "perimeter.refused" => lang.t(
            "Rien n’est perdu : corrigez l’élément ou l’opération, ou demandez un devis si le formulaire le propose.",
            "Nothing is lost: correct the item or the operation, or ask for a quotation if the form offers it.",
        ),
        "ticket.state" => lang.t(
            "Rechargez le ticket : quelqu’un l’a peut-être fait avancer.",
            "Reload the ticket: somebody may have moved it on.",
        ),
        "price.quote" | "price.awaited" | "price.lapsed" => lang.t(
            "Rien n’a été modifié. Le prix s’établit et s’accepte depuis le ticket.",
            "Nothing was changed. The price is made and agreed from the ticket.",
        ),
        _ => lang.t("Rien n’a été modifié.", "Nothing was changed."),
    };
    Refusal {
        sentence: refused.text.get(core(lang)).to_owned(),
        reasons: reasons(&refused.reasons, customer, lang),
        journal_entry: refused.entry,
        advice: advice.into(),
    }
}

/// What was wrong with a value that was sent; the names of fields are for programs, and stay out of it.
pub fn invalid(invalid: &Invalid, lang: Lang) -> Refusal {
    let advice = lang.t(
        "Corrigez et envoyez de nouveau ; rien n’a été modifié.",
        "Correct it and send again; nothing was changed.",
    );
    plain_refusal(sentence(invalid, lang), advice.into())
}

/// What the page of a form says of an act that was not done, with its status; an error that has a page of its
/// own, as an undertaking that is owed, or is a fault, goes on.
pub fn told_back(error: AppError, lang: Lang) -> Result<(StatusCode, Refusal), AppError> {
    match error {
        AppError::Refused(refused) if refused.code != "undertaking.owed" => {
            Ok((StatusCode::CONFLICT, refusal(&refused, lang, None)))
        }
        AppError::Invalid(wrong) => Ok((StatusCode::UNPROCESSABLE_ENTITY, invalid(&wrong, lang))),
        error => Err(error),
    }
}

/// What was wrong with a value, as a sentence beside the form that sent it.
pub fn sentence(invalid: &Invalid, lang: Lang) -> String {
    let mut letters = invalid.text.get(core(lang)).chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

pub fn plain_refusal(sentence: String, advice: String) -> Refusal {
    Refusal { sentence, reasons: Vec::new(), journal_entry: None, advice }
}

/// Where to go after signing in: a path of this site and nothing else (CWE-601).
pub fn safe_back(back: &str) -> &str {
    // Browsers drop tabs and line ends from an address before they read it (WHATWG URL, 4.4).
    let plain = !back.contains('\\') && !back.contains(char::is_control);
    let inside = back.starts_with('/') && !back.starts_with("//") && plain;
    if inside { back } else { "/" }
}

/// A figure with no more decimals than a person reads: none, or two.
pub fn decimal(value: base::Fraction, lang: Lang) -> String {
    let digits = if value.is_integer() { 0 } else { 2 };
    base::lang::decimal(core(lang), value, digits)
}

/// The page that holds the form posted at this address: an act's name ends the address of its page.
pub fn page_of(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["c", slug, "tickets", number, "time", _] => format!("/c/{slug}/tickets/{number}"),
        ["c", slug, "tickets", number, "visits", ..] => format!("/c/{slug}/tickets/{number}/visits"),
        ["c", slug, "tickets", number, "change" | "delivery", _] => format!("/c/{slug}/tickets/{number}"),
        ["c", slug, "tickets", number, _] => format!("/c/{slug}/tickets/{number}"),
        ["c", slug, "knowledge", number, _] => format!("/c/{slug}/knowledge/{number}"),
        ["c", slug, "duties", _] => format!("/c/{slug}/duties"),
        ["c", slug, "money", _] => format!("/c/{slug}/money"),
        ["c", slug, "monitoring", ..] => format!("/c/{slug}/monitoring"),
        ["c", slug, "tickets", "weigh"] => format!("/c/{slug}/tickets/new"),
        ["c", slug, "tickets"] => format!("/c/{slug}/tickets/new"),
        ["c", slug, "drafts", id, _, ..] => format!("/c/{slug}/drafts/{id}"),
        ["c", slug, "imports", id, _] => format!("/c/{slug}/imports/{id}"),
        ["c", slug, "contracts"] => format!("/c/{slug}/contracts/new"),
        ["calls", "new"] => "/calls/new".to_owned(),
        ["time", _] => "/time".to_owned(),
        ["c", ..] => path.to_owned(),
        ["mail", ..] => "/mail".to_owned(),
        ["account", "mail"] => path.to_owned(),
        ["account", "second-factor"] => path.to_owned(),
        ["account", ..] => "/account".to_owned(),
        ["people", account, _] => format!("/people/{account}"),
        ["people", ..] | ["join", _] => path.to_owned(),
        _ => "/".to_owned(),
    }
}

/// Seconds to whole minutes, as clocks are shown (convention C7).
pub fn minutes(seconds: i64) -> i64 {
    seconds.div_euclid(60)
}

/// A value of the contract in the reader's language: our plain words where we have some, which both parties
/// know, else the contract's own.
pub fn value(terms: &terms::Terms, dimension: &str, value: &str, lang: Lang) -> String {
    plain(value, lang).unwrap_or_else(|| terms.name_of(dimension, value).to_owned())
}

/// A word of the facts in the reader's language; the parties' own words stay theirs.
pub fn fact(value: &str, lang: Lang) -> String {
    plain(value, lang).unwrap_or_else(|| sentence_case(value))
}

/// Our own word for a value that every contract may use.
fn plain(value: &str, lang: Lang) -> Option<String> {
    let known = Kind::from_key(value).map(Kind::name).or_else(|| engines::channels::name(value));
    if let Some(name) = known {
        return Some(sentence_case(name.get(core(lang))));
    }
    let text = match value {
        "all" => lang.t("Tout le monde", "Everyone"),
        "function" => lang.t("Une fonction critique", "A critical function"),
        "library" => lang.t("Une bibliothèque", "A library"),
        "site" => lang.t("Tout un site", "A whole site"),
        "service" => lang.t("Un service", "A service"),
        "user" | "person" => lang.t("Une personne", "One person"),
        "blocking" => lang.t("Bloquant", "Blocking"),
        "degraded" => lang.t("Dégradé", "Degraded"),
        "comfort" => lang.t("Confort", "Comfort"),
        "workstation" => lang.t("poste de travail", "workstation"),
        "server" => lang.t("serveur", "server"),
        "printer" => lang.t("imprimante", "printer"),
        "smartphone" => lang.t("smartphone", "smartphone"),
        "tablet" => lang.t("tablette", "tablet"),
        "router" => lang.t("routeur", "router"),
        "network" | "lan" => lang.t("réseau local", "local network"),
        "backup" => lang.t("sauvegarde", "backup"),
        "telephony" => lang.t("téléphonie", "telephony"),
        _ => return None,
    };
    Some(text.into())
}

fn sentence_case(value: &str) -> String {
    let spaced = value.replace('_', " ");
    let mut chars = spaced.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// A sentence that begins with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_belongs_to_its_page() {
        assert_eq!(page_of("/c/x/tickets/4/reply"), "/c/x/tickets/4");
        assert_eq!(page_of("/c/x/tickets"), "/c/x/tickets/new");
        assert_eq!(page_of("/c/x/tickets/4/change/plan"), "/c/x/tickets/4");
        assert_eq!(page_of("/c/x/tickets/4/delivery/order"), "/c/x/tickets/4");
        assert_eq!(page_of("/c/x/tickets/4/visits/9/sign"), "/c/x/tickets/4/visits");
        assert_eq!(page_of("/c/x/knowledge/3/publish"), "/c/x/knowledge/3");
        assert_eq!(page_of("/c/x/money/close"), "/c/x/money");
        assert_eq!(page_of("/c/x/monitoring/outages/1/end"), "/c/x/monitoring");
        assert_eq!(page_of("/c/x/contracts"), "/c/x/contracts/new");
        assert_eq!(page_of("/sign-out"), "/");
    }

    #[test]
    fn a_way_back_stays_on_this_site() {
        assert_eq!(safe_back("/c/x/tickets/1?y=2"), "/c/x/tickets/1?y=2");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "",
            "c/x",
        ] {
            assert_eq!(safe_back(bad), "/", "{bad}");
        }
        assert_eq!(query_encode("/c/a?b=é"), "/c/a%3Fb%3D%C3%A9");
        assert_eq!(short_article("Article 7 – Délais de rétablissement"), "Article 7");
    }
}
