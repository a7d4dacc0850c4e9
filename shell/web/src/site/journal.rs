//! The journal: its last entries, its signed state, and how to verify it alone.

use app::Act;
use app::proof::{EntryLine, JournalPage};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use events::{Event, Step};
use serde::Deserialize;

use super::{Place, failed, place, words};
use crate::design::{CustomerRef, Lang, Text};
use crate::http::{Failure, Reader, State, html};
use crate::pages::journal::{Checkpoint, Entry, View, page};

const ROWS: u32 = 50;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<u64>,
}

pub async fn show(
    Shared(web): Shared<State>,
    reader: Reader,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let again = reader.clone();
    let before = asked.before;
    let read = web.run(move |app| {
        let Place { permit, customer } = place(app, &again, &slug, Act::SeeJournal)?;
        let journal = app.journal(&permit, before, ROWS)?;
        let names = app.actor_names(permit.customer())?;
        Ok((customer, journal, names))
    });
    let (customer, journal, names) = read.await.map_err(failed(&reader))?;
    let lang = reader.visitor.lang;
    let name =
        |id: &str| id.parse().ok().and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| id.to_owned());
    let first = journal.entries.last().map_or(0, |e| e.seq);
    let path = |before: u64| customer.path(&format!("/journal?before={before}"));
    let newer = before.filter(|b| *b < journal.size).map(|b| path((b + u64::from(ROWS)).min(journal.size)));
    let view = View {
        checkpoint: checkpoint(&journal),
        entries: journal.entries.iter().map(|e| entry(e, name(&e.actor), lang)).collect(),
        newer,
        older: (first > 0).then(|| path(first)),
        command: command(&customer),
        customer: customer.clone(),
    };
    Ok(html(page(&reader.shell(&web, Some(customer)), &view)))
}

fn command(customer: &CustomerRef) -> String {
    format!("regisseur journal verify --data DATA --customer {}", customer.slug)
}

/// The three lines of a checkpoint (C2SP tlog-checkpoint), as signed.
fn checkpoint(journal: &JournalPage) -> Option<Checkpoint> {
    let note = journal.checkpoint.as_ref()?;
    let mut lines = note.lines();
    let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
    let at = journal.entries.first()?.at;
    Some(Checkpoint {
        origin: origin.to_owned(),
        size: size.parse().ok()?,
        root: root.to_owned(),
        signed: words::local(at),
        key: journal.verifier.clone(),
    })
}

fn entry(line: &EntryLine, actor: String, lang: Lang) -> Entry {
    let sentence = match &line.event {
        Some(event) => sentence(event, lang),
        None => lang.t("une entrée d’une version plus récente", "an entry of a later version"),
    };
    let month = line.subject.iter().find(|(role, _)| role == "month").map(|(_, month)| month.as_str());
    let about = match (line.ticket, month) {
        (Some(number), _) => format!(", ticket {number}"),
        (None, Some(month)) => format!(", {month}"),
        (None, None) => String::new(),
    };
    Entry {
        index: line.seq,
        at: words::local(line.at),
        kind: line.kind.clone(),
        sentence: format!("{sentence}{about}"),
        actor,
        hash: line.leaf.chars().take(12).collect(),
    }
}

/// What an entry says, in a few words. Without a last arm for the others: a new event has to be named here.
fn sentence(event: &Event, lang: Lang) -> Text {
    match event {
        Event::CustomerCreated(_) => {
            lang.t("le coffre du client est créé", "the customer’s vault is created")
        }
        Event::ActorIntroduced(_) => {
            lang.t("une personne agit pour la première fois", "a person acts for the first time")
        }
        Event::ContractSigned(_) => {
            lang.t("un texte est signé par les deux parties", "a text is signed by both parties")
        }
        Event::TicketOpened(_) => lang.t("un ticket est ouvert", "a ticket is opened"),
        Event::TicketRefused(_) => lang.t("le contrat refuse une demande", "the contract refuses a request"),
        Event::TicketStepped(stepped) => step(&stepped.step, lang),
        Event::CallRecorded(_) => lang.t("un appel est décompté", "a call is counted"),
        Event::OutageRecorded(_) => lang.t("une interruption est consignée", "an outage is recorded"),
        Event::OutageCorrected(_) => lang.t("une interruption est corrigée", "an outage is corrected"),
        Event::OutageCancelled(_) => lang.t("une interruption est retirée", "an outage is withdrawn"),
        Event::MaintenanceAnnounced(_) => lang.t("une maintenance est annoncée", "maintenance is announced"),
        Event::MaintenanceCancelled(_) => lang.t("une maintenance est annulée", "maintenance is cancelled"),
        Event::MonthClosed(_) => lang.t("un mois est clos", "a month is closed"),
        Event::DutyDone(_) => {
            lang.t("l’exécution d’une obligation est consignée", "a duty is recorded as done")
        }
        Event::PrivacyErased(_) => {
            lang.t("des données personnelles sont effacées", "personal data is erased")
        }
        Event::RoleGiven(_) => lang.t("un rôle est donné", "a role is given"),
        Event::RoleEnded(_) => lang.t("un rôle prend fin", "a role ends"),
        Event::ArticleWritten(_) => lang.t("un article est écrit", "an article is written"),
        Event::ArticleMoved(e) => match e.state {
            events::ArticleState::Retired => lang.t("un article est retiré", "an article is retired"),
            events::ArticleState::Draft | events::ArticleState::Published => {
                lang.t("un article est publié", "an article is published")
            }
        },
        Event::ArticleReviewed(_) => lang.t("un article est relu", "an article is reviewed"),
        Event::ArticleHelped(_) => lang.t("un article a aidé", "an article helped"),
        Event::SatisfactionTold(_) => {
            lang.t("la satisfaction sur un ticket est dite", "satisfaction with a ticket is told")
        }
        Event::PlanWritten(_) => lang.t("un ticket est planifié", "a ticket is planned"),
        Event::PlanPassed(e) if e.dates > 1 => {
            lang.t("des dates d’un ticket planifié passent", "dates of a planned ticket go by")
        }
        Event::PlanPassed(_) => {
            lang.t("une date d’un ticket planifié passe", "a date of a planned ticket goes by")
        }
        Event::VisitReported(_) => lang.t("une visite est rapportée", "a visit is reported"),
        Event::VisitSigned(_) => {
            lang.t("le compte rendu d’une visite est signé", "the report of a visit is signed")
        }
        Event::TicketImported(_) => {
            lang.t("un ticket d’un autre outil est repris", "a ticket of another tool is brought in")
        }
        Event::LevelAssigned(_) => lang.t(
            "qui prévient un niveau d’escalade est consigné",
            "whom a level of escalation tells is recorded",
        ),
        Event::SkillsTold(_) => {
            lang.t("qui connaît un élément est consigné", "who knows an element is recorded")
        }
        Event::PlanEnded(_) => lang.t("un ticket planifié est arrêté", "a planned ticket is ended"),
        Event::RosterPublished(_) => {
            lang.t("un programme d’astreinte est publié", "an on-call roster is published")
        }
        Event::UndertakingSigned(_) => lang
            .t("un engagement de confidentialité est signé", "an undertaking of confidentiality is signed"),
        Event::FileAttached(_) => lang.t("un fichier est joint", "a file is attached"),
        Event::TimeEntered(_) => lang.t("du temps est saisi", "time is entered"),
        Event::TimeCorrected(_) => lang.t("un temps est corrigé", "time is corrected"),
        Event::WeekMoved(e) => match e.state {
            events::WeekState::Submitted => lang.t("une semaine est remise", "a week is submitted"),
            events::WeekState::Approved => lang.t("une semaine est approuvée", "a week is approved"),
            events::WeekState::Returned => lang.t("une semaine est rendue", "a week is given back"),
            events::WeekState::Reopened => lang.t("une semaine est rouverte", "a week is reopened"),
        },
        Event::WebhookWritten(_) => lang.t("un webhook est enregistré", "a webhook is saved"),
        Event::WebhookMoved(e) => match e.state {
            events::WebhookState::Active => lang.t("un webhook est réactivé", "a webhook is started again"),
            events::WebhookState::Suspended => lang.t("un webhook est suspendu", "a webhook is suspended"),
            events::WebhookState::Removed => lang.t("un webhook est supprimé", "a webhook is removed"),
        },
        Event::WebhookRotated(_) => {
            lang.t("le secret d’un webhook change", "the secret of a webhook changes")
        }
        Event::LifeTold(_) => {
            lang.t("un fait de la vie du contrat est consigné", "a fact of the contract’s life is recorded")
        }
    }
}

fn step(step: &Step, lang: Lang) -> Text {
    match step {
        Step::TakenOver { .. } => lang.t("un ticket est pris en charge", "a ticket is taken over"),
        Step::Assigned { .. } => lang.t("un ticket est confié à une personne", "a ticket is assigned"),
        // The customer reads this page too: it is not told which messages are notes.
        Step::Replied { .. } => lang.t("un message est écrit", "a message is written"),
        Step::Paused { .. } => lang.t("une horloge est suspendue", "a clock is suspended"),
        Step::Resumed => lang.t("une horloge reprend", "a clock resumes"),
        Step::Reprioritised { .. } => lang.t("une priorité change", "a priority changes"),
        Step::Restored { .. } => lang.t("un service est rétabli", "a service is restored"),
        Step::Resolved { .. } => lang.t("un ticket est résolu", "a ticket is resolved"),
        Step::Reopened { .. } => lang.t("un ticket est rouvert", "a ticket is reopened"),
        Step::QuoteMade { .. } => lang.t("un devis est établi", "a quotation is made"),
        Step::PriceAgreed { .. } => lang.t("un prix est accepté", "a price is agreed"),
        Step::PriceDeclined { .. } => lang.t("un prix est refusé", "a price is declined"),
        Step::Diagnosed { .. } => lang.t("un diagnostic est consigné", "a diagnosis is recorded"),
        Step::Linked { .. } => lang.t("deux tickets sont liés", "two tickets are tied"),
        Step::Unlinked { .. } => lang.t("deux tickets sont déliés", "two tickets are untied"),
        Step::Merged { .. } => {
            lang.t("un ticket est fusionné dans un autre", "a ticket is merged into another")
        }
        Step::Absorbed { .. } => lang.t("un ticket en absorbe un autre", "a ticket takes another in"),
        Step::KnownError { .. } => {
            lang.t("la cause d’un problème est connue", "the cause of a problem is known")
        }
        Step::Change { told } => match told {
            events::ChangeTold::Planned(_) => lang.t("un changement est planifié", "a change is planned"),
            events::ChangeTold::Approved { .. } => {
                lang.t("un changement est approuvé", "a change is approved")
            }
            events::ChangeTold::Refused { .. } => {
                lang.t("un changement n’aura pas lieu", "a change will not take place")
            }
            events::ChangeTold::Started { .. } => lang.t("un changement commence", "a change begins"),
            events::ChangeTold::Ended { .. } => lang.t("un changement se termine", "a change ends"),
            events::ChangeTold::Documented { .. } => {
                lang.t("un document est mis à jour", "a document is brought up to date")
            }
            events::ChangeTold::Informed { .. } => {
                lang.t("des extérieurs sont prévenus d’un changement", "outsiders are told of a change")
            }
            events::ChangeTold::Reviewed { .. } => {
                lang.t("le bilan d’un changement est écrit", "the review of a change is written")
            }
        },
        Step::Delivery { told } => match told {
            events::DeliveryTold::Estimated { .. } => {
                lang.t("un travail est chiffré en unités d’œuvre", "work is estimated in work units")
            }
            events::DeliveryTold::Ordered { .. } => {
                lang.t("des unités d’œuvre sont commandées", "work units are ordered")
            }
            events::DeliveryTold::Declined { .. } => {
                lang.t("un chiffrage reste sans suite", "an estimate is not pursued")
            }
            events::DeliveryTold::Presented { .. } => {
                lang.t("une livraison est faite pour recette", "a delivery is made for acceptance")
            }
            events::DeliveryTold::Decided { .. } => {
                lang.t("une étape de recette est prononcée", "a step of acceptance is answered")
            }
            events::DeliveryTold::Shown { .. } => lang
                .t("une condition de la mise en production est remplie", "a condition of production is met"),
            events::DeliveryTold::InProduction => {
                lang.t("une livraison entre en production", "a delivery goes into production")
            }
        },
        Step::Escalated { .. } => lang.t("une escalade est signalée", "an escalation is told"),
        Step::Watched { .. } => lang.t("une personne suit un ticket", "a person follows a ticket"),
        Step::Unwatched { .. } => {
            lang.t("une personne ne suit plus un ticket", "a person follows a ticket no more")
        }
    }
}
