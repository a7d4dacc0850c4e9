//! Tickets in a scenario: opened, acted upon, looked at.

use app::Act;
use app::ticket::{NewTie, OpenTicket, StepCommand, TicketPage, Tie};
use base::lang::{date_time, elapsed};
use base::{Because, Lang};
use engines::sla::{Clock, Verdict};
use jiff::Timestamp;

use super::answer::Answer;
use super::read::Row;
use super::stage::Stage;

impl Stage<'_> {
    /// `fois` opens as many, one after the other; the answer is the last one's.
    pub(super) fn open(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&[
            "titre",
            "nature",
            "impact",
            "urgence",
            "priorité",
            "site",
            "élément",
            "classe",
            "opération",
            "canal",
            "déclaré",
            "fois",
            "gravité",
            "service",
            "lien",
        ])?;
        let kind = match row.get("nature") {
            None | Some("incident") => "incident",
            Some("demande") => "service_request",
            Some("assistance") => "functional_support",
            Some("problème") => "problem",
            Some("changement") => "change",
            Some("corrective") => "corrective",
            Some("préventive") => "preventive",
            Some("évolutive") => "evolutive",
            Some("adaptative") => "adaptive",
            Some(other) => return Err(format!("« nature = {other} » is not a kind of ticket")),
        };
        let tie = row.get("lien").map(tied).transpose()?;
        let ask = OpenTicket {
            title: row.owned("titre").unwrap_or_else(|| "Sans titre".to_owned()),
            kind: Some(kind.to_owned()),
            impact: row.owned("impact"),
            urgency: row.owned("urgence"),
            priority: row.owned("priorité"),
            site: row.owned("site"),
            item: row.owned("élément"),
            item_class: row.owned("classe"),
            operation: row.owned("opération"),
            channel: row.owned("canal"),
            declared: Self::instant(row, "déclaré"),
            level: row.owned("gravité"),
            service: row.owned("service"),
            tie: tie.map(|(tie, ticket)| NewTie { tie, ticket }),
            ..OpenTicket::default()
        };
        let permit = match self.permit(row, Act::OpenTicket)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        let mut last = Err("« fois » is at least 1".to_owned());
        for _ in 0..row.number("fois", 1u32)? {
            match self.instance.app().open_ticket(&permit, &self.key(), &ask) {
                Ok(opened) => last = Ok(opened),
                Err(error) => return Answer::refused(error),
            }
        }
        let opened = last?;
        self.last_ticket = opened.number;
        let mut answer = Answer::default();
        answer.say("ticket", opened.number.to_string());
        answer.say("priorité", opened.priority);
        answer.say("couverture", coverage(&opened.coverage));
        answer.say("admission", admission(&opened.admission));
        if let Some(price) = opened.price {
            answer.money("prix", price);
        }
        answer.cite(&opened.reasons);
        self.clocks(row, &mut answer, Told::Short)?;
        answer.why("", &opened.reasons);
        Ok(answer)
    }

    pub(super) fn step(&mut self, row: &Row) -> Result<Answer, String> {
        let command = command(row)?;
        row.only(&[
            "ticket",
            "texte",
            "motif",
            "preuve",
            "priorité",
            "impact",
            "urgence",
            "contournement",
            "survenu",
            "montant",
            "jusqu'au",
            "référence",
            "lien",
            "dans",
            "diagnostic",
            "cause",
            "contourner",
        ])?;
        let permit = match self.permit(row, command.act())? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        let number = row.number("ticket", self.last_ticket)?;
        let at = Self::instant(row, "survenu");
        match self.instance.app().step_ticket(&permit, &self.key(), number, &command, at) {
            Err(error) => Answer::refused(error),
            Ok(stepped) => {
                let mut answer = Answer::default();
                answer.say("ticket", stepped.number.to_string());
                answer.say("état", state(&stepped.state));
                self.clocks(row, &mut answer, Told::Short)?;
                Ok(answer)
            }
        }
    }

    /// The ticket's page as it would show now, with every reason.
    pub(super) fn look(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["ticket"])?;
        let mut answer = Answer::default();
        self.clocks(row, &mut answer, Told::Whole)?;
        Ok(answer)
    }

    fn clocks(&self, row: &Row, answer: &mut Answer, told: Told) -> Result<(), String> {
        let number = row.number("ticket", self.last_ticket)?;
        let permit = match self.permit(row, Act::SeeTickets)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error).map(|refused| *answer = refused),
        };
        match self.instance.app().ticket(&permit, number) {
            Ok(page) => page.clocks.iter().for_each(|clock| tell(answer, &page, clock, told)),
            Err(error) => *answer = Answer::refused(error)?,
        }
        Ok(())
    }
}

/// How much is told of a clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Short,
    Whole,
}

fn tell(answer: &mut Answer, page: &TicketPage, clock: &Because<Clock>, told: Told) {
    let Because { value: clock, reasons } = clock;
    let name = clock.promise.name();
    let name = match clock.round {
        1 => name.get(Lang::Fr).to_owned(),
        n => format!("{} ({n})", name.get(Lang::Fr)),
    };
    let moment = |at: Timestamp| date_time(Lang::Fr, &at.to_zoned(page.agreement.zone().clone()));
    answer.say(format!("échéance {name}"), clock.due.map_or_else(|| "aucune".to_owned(), moment));
    if told == Told::Whole {
        if let Some(due) = clock.due {
            answer.say(format!("échéance {name} UTC"), due.to_string());
        }
        answer.say(format!("écoulé {name}"), elapsed(Lang::Fr, clock.elapsed_seconds));
    }
    answer.say(name.clone(), verdict(clock.verdict));
    if clock.late_seconds > 0 || clock.late_wall_seconds > 0 {
        answer.say(format!("retard {name}"), elapsed(Lang::Fr, clock.late_seconds));
    }
    answer.cite(reasons);
    if told == Told::Whole {
        answer.why(&name, reasons);
    }
}

/// In the words of the trade; a key that is not known stays as it is, and shows in the trace.
fn coverage(key: &str) -> &str {
    match key {
        "in" => "dans le périmètre",
        "shared" => "partagé",
        "out" => "hors périmètre",
        other => other,
    }
}

fn admission(key: &str) -> &str {
    match key {
        "accepted" => "au forfait",
        "priced" => "payant",
        "needs_quote" => "sur devis",
        other => other,
    }
}

fn state(key: &str) -> &str {
    match key {
        "new" => "nouveau",
        "in_progress" => "en cours",
        "paused" => "suspendu",
        "restored" => "rétabli",
        "resolved" => "résolu",
        other => other,
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotStarted => "pas commencé",
        Verdict::Running => "en cours",
        Verdict::Paused => "suspendu",
        Verdict::Met => "tenu",
        Verdict::Late => "en retard",
        Verdict::Missed => "manqué",
    }
}

fn command(row: &Row) -> Result<StepCommand, String> {
    let text = |key: &str| row.owned(key).unwrap_or_else(|| "Sans commentaire.".to_owned());
    Ok(match row.act.as_str() {
        "prend en charge" => StepCommand::TakeOver,
        "répond" => StepCommand::Reply { body: text("texte") },
        "note" => StepCommand::Note { body: text("texte") },
        "suspend" => StepCommand::Pause {
            reason: row.owned("motif").ok_or("« suspend » needs « motif = »")?,
            proof: row.owned("preuve"),
        },
        "reprend" => StepCommand::Resume,
        "change la priorité" => StepCommand::ChangePriority {
            priority: row.owned("priorité"),
            impact: row.owned("impact"),
            urgency: row.owned("urgence"),
            why: text("motif"),
        },
        "rétablit" => {
            let workaround = row.get("contournement") == Some("oui");
            StepCommand::Restore { workaround, note: text("texte"), diagnosis: diagnosis(row) }
        }
        "résout" => StepCommand::Resolve { note: text("texte"), diagnosis: diagnosis(row) },
        "diagnostique" => StepCommand::Diagnose { body: text("texte") },
        "lie" | "délie" => {
            let (tie, ticket) = tied(row.get("lien").ok_or("« lie » needs « lien = »")?)?;
            if row.act == "lie" {
                StepCommand::Link { tie, ticket }
            } else {
                StepCommand::Unlink { tie, ticket }
            }
        }
        "fusionne" => {
            let into = row.get("dans").and_then(|n| n.parse().ok()).ok_or("« fusionne » needs « dans = »")?;
            StepCommand::Merge { into, why: text("motif") }
        }
        "connaît la cause" => {
            StepCommand::KnownError { cause: text("cause"), workaround: row.owned("contourner") }
        }
        "suit" => StepCommand::Watch,
        "ne suit plus" => StepCommand::Unwatch,
        "rouvre" => StepCommand::Reopen { why: text("motif") },
        "établit un devis" => StepCommand::Quote {
            price: price(row)?,
            until: row.get("jusqu'au").map(str::parse).transpose().map_err(|e| format!("{e}"))?,
            body: text("texte"),
        },
        "accepte le prix" => StepCommand::AgreePrice {
            price: price(row)?,
            quotation: quotation(row)?,
            reference: row.owned("référence"),
        },
        "refuse le prix" => StepCommand::DeclinePrice { why: text("motif"), quotation: quotation(row)? },
        other => return Err(format!("nobody knows how to « {other} »")),
    })
}

/// « devis = 12 »: the journal entry of the quotation answered.
fn quotation(row: &Row) -> Result<Option<u64>, String> {
    row.get("devis").map(str::parse).transpose().map_err(|e| format!("{e}"))
}

/// What was wrong is told with the remedy, unless the scenario says « diagnostic = aucun ».
fn diagnosis(row: &Row) -> Option<String> {
    match row.get("diagnostic") {
        Some("aucun") => None,
        told => Some(told.unwrap_or("Cause trouvée.").to_owned()),
    }
}

/// « lien = causé par 3 »: a tie and the number of the other ticket.
fn tied(text: &str) -> Result<(Tie, u64), String> {
    let (words, number) = text.rsplit_once(' ').ok_or(format!("« lien = {text} »: a tie, then a number"))?;
    let tie = match words {
        "en rapport avec" => Tie::Relates,
        "doublon de" => Tie::DuplicateOf,
        "causé par" => Tie::CausedBy,
        "cause de" => Tie::Causes,
        "bloque" => Tie::Blocks,
        "bloqué par" => Tie::BlockedBy,
        "scindé de" => Tie::SplitFrom,
        "partie de" => Tie::ChildOf,
        "comprend" => Tie::ParentOf,
        other => return Err(format!("« {other} » is not a tie between tickets")),
    };
    Ok((tie, number.parse().map_err(|_| format!("« {number} » is not a number of a ticket"))?))
}

/// « montant = 95.00 »: euros, net of VAT.
fn price(row: &Row) -> Result<base::Money, String> {
    let text = row.get("montant").ok_or("a price is given by « montant = »")?;
    base::Money::parse(&format!("{text} EUR")).map_err(|e| e.to_string())
}
