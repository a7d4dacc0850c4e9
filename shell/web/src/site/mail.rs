//! Mail that leaves and comes, for those who keep it; and each person's own choices.

use std::collections::HashMap;

use app::mail::{Before, Decision, Fate, How, InLine, Notice, OutLine, Preferences, State as Sent};
use app::{Act, AppError};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{failed, words};
use crate::design::{Lang, Text};
use crate::http::{CheckedForm, Failure, Reader, State, flash_cookie, html, see_other, with_cookie};
use crate::pages::mail::{Letter, Received, Shows, Ticket, View, Waiting, page};
use crate::pages::mail_choice;

const ROWS: u32 = 30;

#[derive(Deserialize, Clone, Default)]
pub struct Asked {
    /// `failed`, `waiting` or `received`; what waits for a decision otherwise.
    #[serde(default)]
    show: String,
    /// Where the page before ended.
    #[serde(default)]
    at: String,
    #[serde(default)]
    id: String,
}

pub async fn list(
    Shared(web): Shared<State>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let view = view(&web, &reader, asked).await?;
    Ok(html(page(&reader.shell(&web, None), &view)))
}

async fn view(web: &State, reader: &Reader, asked: Asked) -> Result<View, Failure> {
    let (who, lang) = (reader.principal.clone(), reader.visitor.lang);
    let show = asked.show.clone();
    let read = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageMail)?;
        let before: Option<Before> = match (asked.at.parse(), asked.id.parse()) {
            (Ok(at), Ok(id)) => Some((at, id)),
            _ => None,
        };
        let (shows, next) = match asked.show.as_str() {
            "failed" | "waiting" => {
                let failed = asked.show == "failed";
                let state = if failed { Sent::Failed } else { Sent::Waiting };
                let (lines, next) = app.letters(&permit, state, before, ROWS)?;
                let lines = lines.into_iter().map(|line| letter(line, lang)).collect();
                (Shows::Letters { failed, lines }, next)
            }
            "received" => {
                let (mut lines, mut next) = (Vec::new(), None);
                // Each fate has its own walk: the first page shows the latest of each.
                for fate in Fate::ALL.into_iter().filter(|f| *f != Fate::Quarantined) {
                    let (some, more) = app.received(&permit, fate, before, ROWS)?;
                    lines.extend(some);
                    next = next.max(more);
                }
                lines.sort_by_key(|line| std::cmp::Reverse((line.received, line.id)));
                if lines.len() > ROWS as usize {
                    lines.truncate(ROWS as usize);
                    next = lines.last().map(|l| (l.received.as_microsecond(), l.id));
                }
                (Shows::Received(lines.into_iter().map(|line| received(line, lang)).collect()), next)
            }
            _ => {
                let (lines, next) = app.received(&permit, Fate::Quarantined, before, ROWS)?;
                (Shows::Quarantine(lines.into_iter().map(|line| waiting(line, lang)).collect()), next)
            }
        };
        let customers = match &shows {
            Shows::Quarantine(waiting) if !waiting.is_empty() => {
                app.customers()?.into_iter().map(|v| (v.slug, v.name)).collect()
            }
            _ => Vec::new(),
        };
        Ok((shows, next, app.mail_settings().is_none(), customers))
    });
    let (shows, next, off, customers) = read.await.map_err(failed(reader))?;
    let next = next.map(|(at, id)| format!("/mail?show={}&at={at}&id={id}", words::query_encode(&show)));
    Ok(View { off, shows, next, refused: None, customers })
}

fn letter(line: OutLine, lang: Lang) -> Letter {
    Letter {
        id: line.id.to_string(),
        name: line.to.name,
        email: line.to.email,
        notice: notice(line.notice, lang).to_string(),
        ticket: ticket(line.ticket),
        attempts: line.attempts,
        moved: words::local(line.moved),
        next: words::local(line.next),
        error: line.error.map(|e| match e.as_str() {
            "returned" => lang.t("revenue à l’expéditeur", "came back").to_string(),
            _ => e,
        }),
    }
}

fn waiting(line: InLine, lang: Lang) -> Waiting {
    Waiting {
        id: line.id.to_string(),
        owner: line.owner,
        sender: line.sender,
        received: words::local(line.received),
        subject: line
            .subject
            .filter(|s| !s.trim().is_empty())
            .unwrap_or_else(|| lang.t("(sans objet)", "(no subject)").to_string()),
        text: line.text.unwrap_or_default(),
        files: line.files,
        why: why(&line.taken.why, lang),
    }
}

fn received(line: InLine, lang: Lang) -> Received {
    let fate = match line.taken.fate {
        Fate::Opened => lang.t("Ticket ouvert", "Ticket opened").to_string(),
        Fate::Replied => lang.t("Réponse ajoutée", "Reply added").to_string(),
        Fate::Quarantined => lang.t("À décider", "To decide").to_string(),
        Fate::Returned => {
            lang.t("Retour d’une lettre non distribuée", "Return of a letter not delivered").to_string()
        }
        Fate::Rejected => lang.t("Écarté", "Rejected").to_string(),
        Fate::Ignored => {
            format!("{} ({})", lang.t("Ignoré", "Ignored"), why(&line.taken.why, lang).trim_end_matches('.'))
        }
    };
    Received {
        sender: line.sender,
        received: words::local(line.received),
        fate,
        ticket: ticket(line.ticket),
        decided_by: line.decided_by,
    }
}

fn ticket(of: Option<(String, u64)>) -> Option<Ticket> {
    of.map(|(customer, number)| Ticket { customer, number })
}

/// Why a mail waits, or was not heard.
fn why(key: &str, lang: Lang) -> String {
    let text = match key {
        "unknown_sender" => {
            lang.t("Aucun compte en service n’a cette adresse.", "No account in use has this address.")
        }
        "not_believed" => lang.t(
            "Le relais ne garantit pas l’adresse de l’expéditeur.",
            "The relay does not vouch for the sender’s address.",
        ),
        "several_senders" => {
            lang.t("Il porte plusieurs expéditeurs, ou aucun.", "It names several senders, or none.")
        }
        "foreign_thread" => lang.t(
            "Il répond à un ticket où cette personne ne peut pas écrire.",
            "It answers a ticket where this person cannot write.",
        ),
        "unknown_thread" => lang.t(
            "Il répond à un message que l’on ne retrouve pas.",
            "It answers a message that cannot be found.",
        ),
        "no_customer" => lang.t(
            "Cette personne n’ouvre pas de ticket par courriel : aucun client n’est le sien.",
            "This person opens no ticket by mail: no customer is theirs.",
        ),
        "too_many" => lang.t(
            "Trop de courriels de cette adresse en une heure.",
            "Too many mails from this address in an hour.",
        ),
        "changed" => lang.t("Il a déjà été pris, autrement.", "It was taken already, otherwise."),
        "own" => lang.t("C’est l’un de nos messages.", "It is one of our own."),
        "empty" => lang.t("Il est vide.", "It is empty."),
        "auto_submitted" | "precedence" | "loop" | "no_return" => {
            lang.t("Il est écrit par un programme.", "It was written by a program.")
        }
        other => return other.strip_prefix("refused: ").unwrap_or(other).to_owned(),
    };
    text.to_string()
}

/// What one is told of.
pub(super) fn notice(notice: Notice, lang: Lang) -> Text {
    match notice {
        Notice::Opened => lang.t("Ticket ouvert", "Ticket opened"),
        Notice::Replied => lang.t("Réponse", "Reply"),
        Notice::Mentioned => lang.t("Mention de votre nom", "Your name was mentioned"),
        Notice::Followed => lang.t("Ticket qu’on vous fait suivre", "A ticket that you were made to follow"),
        Notice::Noted => lang.t("Note interne", "Internal note"),
        Notice::TakenOver => lang.t("Prise en charge", "Taken over"),
        Notice::Assigned => lang.t("Ticket confié", "Ticket assigned"),
        Notice::Paused => lang.t("Suspension", "Pause"),
        Notice::Resumed => lang.t("Reprise", "Resumption"),
        Notice::Priority => lang.t("Changement de priorité", "Change of priority"),
        Notice::Restored => lang.t("Rétablissement", "Restoration"),
        Notice::Resolved => lang.t("Résolution", "Resolution"),
        Notice::Reopened => lang.t("Réouverture", "Reopening"),
        Notice::DueSoon => lang.t("Échéance proche", "Due soon"),
        Notice::Price => lang.t("Prix à accepter, ou réponse", "Price to agree, or its answer"),
        Notice::Change => lang.t("Changement : plan, approbation, travaux", "Change: plan, approval, work"),
        Notice::Delivery => {
            lang.t("Livraison : recette, mise en production", "Delivery: acceptance, production")
        }
        Notice::Dissatisfied => {
            lang.t("Client insatisfait (1 ou 2 sur 5)", "Dissatisfied customer (1 or 2 out of 5)")
        }
        Notice::Review => lang.t("Article à relire", "Article to review"),
        Notice::Week => lang.t("Semaine rendue ou rouverte", "Week given back or reopened"),
        Notice::Escalated => lang.t("Escalade", "Escalation"),
        Notice::Deadline => lang.t("Dernier jour d’un contrat", "Last day of a contract"),
        Notice::Meter => lang.t("Compteur au seuil d’alerte", "Meter at its alert threshold"),
        Notice::OnCall => lang.t("Vos périodes d’astreinte", "Your periods on call"),
        Notice::Waiting => lang.t("Réponse attendue de vous", "Your answer is awaited"),
        Notice::Webhook => lang.t("Webhook suspendu", "Webhook suspended"),
        Notice::Link => lang.t("Lien de mot de passe", "Password link"),
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn again(
    Shared(web): Shared<State>,
    Path(id): Path<Uuid>,
    checked: CheckedForm<Nothing>,
) -> Result<Response, Failure> {
    let reader = checked.reader;
    let who = reader.principal.clone();
    let done = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageMail)?;
        app.send_again(&permit, id)
    });
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other("/mail?show=failed"), &flash_cookie("letter-again")))
}

#[derive(Deserialize)]
pub struct Decided {
    decision: String,
    /// The short name of the customer that a new ticket is for.
    #[serde(default)]
    customer: String,
}

pub async fn decide(
    Shared(web): Shared<State>,
    Path(id): Path<Uuid>,
    checked: CheckedForm<Decided>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let who = reader.principal.clone();
    let done = web.run(move |app| {
        let permit = app.permit_instance(&who, Act::ManageMail)?;
        let decision = match form.decision.as_str() {
            "accept" => Decision::Accept,
            "take" => Decision::TakeUp { customer: Some(form.customer) },
            "reject" => Decision::Reject,
            "block" => Decision::Block,
            _ => return Err(AppError::NotFound),
        };
        app.decide_mail(&permit, id, &decision)
    });
    match done.await {
        Ok(taken) => {
            let flash = match taken.fate {
                Fate::Opened | Fate::Replied => "mail-accepted",
                Fate::Rejected => "mail-rejected",
                _ => "mail-waits",
            };
            Ok(with_cookie(see_other("/mail"), &flash_cookie(flash)))
        }
        Err(AppError::Refused(refusal)) => {
            let refused = words::refusal(&refusal, reader.visitor.lang, None);
            let view = View { refused: Some(refused), ..view(&web, &reader, Asked::default()).await? };
            Ok((StatusCode::CONFLICT, html(page(&reader.shell(&web, None), &view))).into_response())
        }
        Err(error) => Err(failed(&reader)(error)),
    }
}

pub async fn choices(Shared(web): Shared<State>, reader: Reader) -> Result<Response, Failure> {
    let (who, lang) = (reader.principal.clone(), reader.visitor.lang);
    let side = who.role.side();
    let kept = web.run(move |app| app.mail_preferences(&who)).await.map_err(failed(&reader))?;
    let line = |of: Notice| mail_choice::Line {
        key: of.key().to_owned(),
        words: notice(of, lang).to_string(),
        how: rhythm(kept.how(of)).to_owned(),
    };
    let view = mail_choice::View {
        email: reader.principal.email.clone(),
        lang: kept.lang.tag().to_owned(),
        notices: Notice::CHOSEN.into_iter().filter(|of| of.is_for(side)).map(line).collect(),
    };
    Ok(html(mail_choice::page(&reader.shell(&web, None), &view)))
}

pub async fn choose(
    Shared(web): Shared<State>,
    checked: CheckedForm<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let CheckedForm { reader, form } = checked;
    let who = reader.principal.clone();
    let lang = form.get("lang").and_then(|tag| base::Lang::from_tag(tag)).unwrap_or_default();
    let chosen = Notice::CHOSEN.into_iter().filter_map(|n| Some((n, how(form.get(n.key())?)?)));
    let wished = Preferences { lang, choices: chosen.collect() };
    let done = web.run(move |app| app.set_mail_preferences(&who, &wished));
    done.await.map_err(failed(&reader))?;
    Ok(with_cookie(see_other("/account/mail"), &flash_cookie("mail-chosen")))
}

fn rhythm(how: How) -> &'static str {
    match how {
        How::Each => "each",
        How::Daily => "daily",
        How::None => "none",
    }
}

fn how(key: &str) -> Option<How> {
    [How::Each, How::Daily, How::None].into_iter().find(|how| rhythm(*how) == key)
}
