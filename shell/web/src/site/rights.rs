//! What each right is called, and who has it: the policy as anyone may read it.

use app::{Act, Role, Side};
use axum::extract::State as Shared;
use axum::response::Response;

use super::words;
use crate::design::{Lang, Text};
use crate::http::{Reader, State, html};
use crate::pages::permissions::{Line, View, page};

pub async fn show(Shared(web): Shared<State>, reader: Reader) -> Response {
    html(page(&reader.shell(&web, None), &view(reader.visitor.lang)))
}

fn view(lang: Lang) -> View {
    let who = |act: Act, side: Side| {
        let all: Vec<Role> = Role::ALL.into_iter().filter(|role| role.side() == side).collect();
        all.into_iter().filter(|role| act.allowed_to(*role)).map(|role| short(role, lang)).collect()
    };
    let line = |act: Act| Line {
        right: right(act, lang).into(),
        provider: who(act, Side::Provider),
        customer: who(act, Side::Customer),
        third_party: who(act, Side::ThirdParty),
    };
    View { lines: Act::ALL.map(line).to_vec() }
}

/// A role where its side is known.
pub fn short(role: Role, lang: Lang) -> String {
    let whole = words::role(role, lang);
    whole.split_once(", ").map_or(whole.clone(), |(name, _)| name.to_owned())
}

/// A right, as what it lets one do.
pub fn right(act: Act, lang: Lang) -> Text {
    match act {
        Act::CreateCustomer => lang.t("Ajouter un client", "Add a customer"),
        Act::SignContract => lang.t("Signer un contrat ou un avenant", "Sign a contract or an amendment"),
        Act::SeeContract => lang.t("Lire le contrat et ses obligations", "Read the contract and its duties"),
        Act::SeeMoney => lang.t("Lire les décomptes et les pénalités", "Read statements and penalties"),
        Act::CloseMonth => lang.t("Clore un mois", "Close a month"),
        Act::SeeJournal => lang.t("Lire le journal", "Read the journal"),
        Act::SeeDesk => lang.t("Voir le bureau, tous clients", "See the desk, all customers"),
        Act::SeeTickets => lang.t("Lire les tickets", "Read tickets"),
        Act::OpenTicket => lang.t("Ouvrir un ticket", "Open a ticket"),
        Act::Reply => lang.t("Écrire un message, joindre un fichier", "Write a message, attach a file"),
        Act::WorkOnTicket => {
            lang.t("Prendre en charge, suspendre, rétablir, résoudre", "Take over, suspend, restore, resolve")
        }
        Act::AssignTicket => lang.t("Confier un ticket à quelqu’un", "Assign a ticket to somebody"),
        Act::SeeTeam => {
            lang.t("Voir la charge de l’équipe et ce qui échoit", "See the team’s load and what falls due")
        }
        Act::RelateTickets => lang.t(
            "Lier et fusionner des tickets, consigner une erreur connue",
            "Link and merge tickets, record a known error",
        ),
        Act::SetPriority => lang.t("Changer la priorité d’un ticket", "Change a ticket’s priority"),
        Act::Reopen => lang.t("Rouvrir un ticket", "Reopen a ticket"),
        Act::MakeQuote => lang.t("Chiffrer une demande", "Quote a price"),
        Act::AgreePrice => lang.t("Accepter ou refuser un prix", "Agree to a price, or decline it"),
        Act::PlanChange => {
            lang.t("Planifier un changement, le mener, l’annuler", "Plan a change, carry it out, give it up")
        }
        Act::ApproveChange => lang.t("Approuver ou refuser un changement", "Approve a change, or refuse it"),
        Act::AcceptDelivery => {
            lang.t("Prononcer la recette d’une livraison", "Accept a delivery, or refuse it")
        }
        Act::EnterTime => lang.t(
            "Saisir son temps ; un tiers, s’il est sous-traitant",
            "Enter one’s time; a third party, if it is a subcontractor",
        ),
        Act::ApproveTime => lang.t("Approuver les temps de tous", "Approve everybody’s time"),
        Act::RecordCall => lang.t("Noter un appel", "Record a call"),
        Act::SeeMeters => lang.t("Lire les compteurs d’assistance", "Read the support meters"),
        Act::SeeServices => lang.t("Lire la disponibilité des services", "Read the availability of services"),
        Act::RecordOutage => lang.t(
            "Consigner une interruption, annoncer une maintenance",
            "Record an outage, announce maintenance",
        ),
        Act::SeeDrafts => lang.t("Lire les projets de contrat", "Read drafts of contracts"),
        Act::WriteDraft => lang.t("Rédiger un projet de contrat", "Write a draft of a contract"),
        Act::RecordDuty => lang.t("Consigner l’exécution d’une obligation", "Record a duty as done"),
        Act::RecordLife => {
            lang.t("Consigner un fait de la vie du contrat", "Record a fact of the contract’s life")
        }
        Act::Erase => lang.t("Effacer des données personnelles", "Erase personal data"),
        Act::ManageAccounts => {
            lang.t("Inviter des personnes, désactiver un compte", "Invite people, disable an account")
        }
        Act::ManageMail => lang.t("Régler la messagerie", "Manage mail"),
        Act::SeeRoster => lang.t("Lire le programme d’astreinte", "Read the on-call roster"),
        Act::PublishRoster => lang.t("Publier le programme d’astreinte", "Publish the on-call roster"),
        Act::SeeSkills => lang.t("Lire qui connaît quels éléments", "Read who knows which elements"),
        Act::KeepSkills => lang.t("Consigner qui connaît quels éléments", "Record who knows which elements"),
        Act::KeepLevels => lang.t(
            "Dire qui est prévenu à chaque niveau d’escalade",
            "Say who is told at each level of escalation",
        ),
        Act::SeePlans => lang.t("Lire les tickets planifiés", "Read planned tickets"),
        Act::WritePlan => lang.t("Planifier des tickets", "Plan tickets"),
        Act::UseTemplates => lang.t("Commencer une réponse par un modèle", "Begin an answer with a template"),
        Act::KeepTemplates => lang.t("Tenir les modèles de réponse", "Keep answer templates"),
        Act::ManageWebhooks => {
            lang.t("Choisir où partent les événements (webhooks)", "Choose where events are sent (webhooks)")
        }
        Act::Import => lang.t("Reprendre les tickets d’un autre outil", "Bring in another tool’s tickets"),
        Act::SeePeople => lang.t("Lire qui a quel rôle", "Read who holds which role"),
        Act::ManagePeople => lang.t(
            "Donner un rôle ou y mettre fin, sans dépasser le sien",
            "Give a role or end it, never beyond one’s own",
        ),
        Act::SeeKnowledge => {
            lang.t("Lire les articles publiés pour son côté", "Read the articles published for one’s side")
        }
        Act::WriteKnowledge => {
            lang.t("Écrire, publier et relire les articles", "Write, publish and review articles")
        }
    }
}
