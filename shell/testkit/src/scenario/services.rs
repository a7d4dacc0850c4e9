//! Outages and announced maintenance in a scenario.
//!
//! `consigne` writes an outage down and numbers it, `corrige` tells it again, `termine` gives its end,
//! `retire` says that there was none; `annonce` announces a maintenance window, `renonce` gives it up;
//! `mesure` reads the availabilities of a month.

use app::Act;
use app::service::{AnnounceMaintenance, Noted, TellOutage};
use base::id::OutageId;
use engines::availability::AvailabilityResult;
use engines::objective::Verdict;
use jiff::Timestamp;
use terms::availability::{OutageOrigin, ServiceState};

use super::answer::Answer;
use super::money::month;
use super::read::Row;
use super::stage::Stage;

/// An outage told in this scenario.
pub(super) struct Told {
    id: OutageId,
    told: TellOutage,
}

const TOLD: [&str; 7] = ["élément", "détectée", "déclarée", "fin", "état", "origine", "utilisateurs"];

impl Stage<'_> {
    pub(super) fn outage(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&TOLD)?;
        let told = told(row)?;
        let permit = match self.permit(row, Act::RecordOutage)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        match self.instance.app().record_outage(&permit, &self.key(), &told) {
            Err(error) => Answer::refused(error),
            Ok(noted) => {
                let id = noted.id.parse().map_err(|_| format!("« {} » is no outage", noted.id))?;
                self.outages.push(Told { id, told });
                let mut answer = Answer::default();
                answer.say("interruption", self.outages.len().to_string());
                Ok(answer)
            }
        }
    }

    /// Tells an outage again, whole or with its end only.
    pub(super) fn correct(&mut self, row: &Row, whole: bool) -> Result<Answer, String> {
        let known: Vec<&str> = ["interruption"]
            .into_iter()
            .chain(if whole { &TOLD[..] } else { &["fin"] }.iter().copied())
            .collect();
        row.only(&known)?;
        let (nth, before) = self.told(row)?;
        let again = if whole {
            told(row)?
        } else {
            TellOutage { ended: Self::instant(row, "fin"), ..before.told.clone() }
        };
        let id = before.id;
        let permit = match self.permit(row, Act::RecordOutage)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        match self.instance.app().correct_outage(&permit, &self.key(), id, &again) {
            Err(error) => Answer::refused(error),
            Ok(_) => {
                self.outages[nth].told = again;
                Ok(numbered(nth))
            }
        }
    }

    /// There was no such outage.
    pub(super) fn withdraw(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["interruption"])?;
        let (nth, before) = self.told(row)?;
        match self.permit(row, Act::RecordOutage)? {
            Err(error) => Answer::refused(error),
            Ok(permit) => match self.instance.app().cancel_outage(&permit, &self.key(), None, before.id) {
                Err(error) => Answer::refused(error),
                Ok(_) => Ok(numbered(nth)),
            },
        }
    }

    pub(super) fn announce(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["élément", "début", "fin"])?;
        let needed = |key: &str| Self::instant(row, key).ok_or(format!("« annonce » needs « {key} »"));
        let ask = AnnounceMaintenance {
            contract: None,
            items: items(row)?,
            from: needed("début")?,
            until: needed("fin")?,
        };
        match self.permit(row, Act::RecordOutage)? {
            Err(error) => Answer::refused(error),
            Ok(permit) => match self.instance.app().announce_maintenance(&permit, &self.key(), &ask) {
                Err(error) => Answer::refused(error),
                Ok(Noted { id, .. }) => {
                    self.windows.push(id.parse().map_err(|_| format!("« {id} » is no window"))?);
                    let mut answer = Answer::default();
                    answer.say("maintenance", self.windows.len().to_string());
                    Ok(answer)
                }
            },
        }
    }

    /// Gives a window up before it begins.
    pub(super) fn give_up(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["maintenance"])?;
        let nth = row.number("maintenance", self.windows.len())?;
        let id = nth.checked_sub(1).and_then(|at| self.windows.get(at)).copied();
        let id = id.ok_or(format!("no maintenance {nth} was announced here"))?;
        match self.permit(row, Act::RecordOutage)? {
            Err(error) => Answer::refused(error),
            Ok(permit) => match self.instance.app().cancel_maintenance(&permit, &self.key(), None, id) {
                Err(error) => Answer::refused(error),
                Ok(_) => {
                    let mut answer = Answer::default();
                    answer.say("maintenance", nth.to_string());
                    Ok(answer)
                }
            },
        }
    }

    /// The availabilities of a month, as of now.
    pub(super) fn measure(&mut self, row: &Row) -> Result<Answer, String> {
        row.only(&["mois"])?;
        let month = row.get("mois").map(|_| month(row)).transpose()?;
        let permit = match self.permit(row, Act::SeeServices)? {
            Ok(permit) => permit,
            Err(error) => return Answer::refused(error),
        };
        match self.instance.app().services(&permit, None, month) {
            Err(error) => Answer::refused(error),
            Ok(services) => {
                let mut answer = Answer::default();
                for measure in &services.measures {
                    availability(&mut answer, &measure.result.value);
                }
                for measure in &services.measures {
                    answer.why(&measure.result.value.clause, &measure.result.reasons);
                }
                Ok(answer)
            }
        }
    }

    /// The outage that a row names by its number, the last one without it.
    fn told(&self, row: &Row) -> Result<(usize, &Told), String> {
        let nth = row.number("interruption", self.outages.len())?;
        let told = nth.checked_sub(1).and_then(|at| Some((at, self.outages.get(at)?)));
        told.ok_or(format!("no outage {nth} was told here"))
    }
}

/// « dispo-erp = manquée, 99,206349 % », as at a month's closing.
pub(super) fn availability(answer: &mut Answer, result: &AvailabilityResult) {
    let reached = result.reached().map_or_else(|| "–".to_owned(), |r| base::lang::percent(base::Lang::Fr, r));
    let word = match result.verdict {
        Verdict::Kept => "tenue",
        Verdict::Missed => "manquée",
        Verdict::NothingMeasured => "rien à mesurer",
    };
    answer.say(result.clause.clone(), format!("{word}, {reached}"));
}

fn numbered(nth: usize) -> Answer {
    let mut answer = Answer::default();
    answer.say("interruption", (nth + 1).to_string());
    answer
}

fn items(row: &Row) -> Result<Vec<String>, String> {
    let text = row.get("élément").ok_or(format!("« {} » needs « élément »", row.act))?;
    Ok(text.split(',').map(|item| item.trim().to_owned()).collect())
}

fn told(row: &Row) -> Result<TellOutage, String> {
    let instant = |key: &str| -> Option<Timestamp> { Stage::instant(row, key) };
    let state = match row.get("état").unwrap_or("interrompu") {
        "interrompu" => ServiceState::Down,
        "dégradé" => ServiceState::Degraded,
        "sans mesure" => ServiceState::Unknown,
        other => return Err(format!("« état = {other} »: interrompu, dégradé or sans mesure")),
    };
    let origin = match row.get("origine").unwrap_or("prestataire") {
        "prestataire" => OutageOrigin::Provider,
        "client" => OutageOrigin::Customer,
        "tiers" => OutageOrigin::ThirdParty,
        "force majeure" => OutageOrigin::ForceMajeure,
        other => return Err(format!("« origine = {other} »: prestataire, client, tiers or force majeure")),
    };
    Ok(TellOutage {
        contract: None,
        items: items(row)?,
        detected: instant("détectée"),
        declared: instant("déclarée"),
        ended: instant("fin"),
        state,
        users: row.get("utilisateurs").map(|_| row.number("utilisateurs", 0)).transpose()?,
        origin,
    })
}
