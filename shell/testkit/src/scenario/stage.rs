//! The instance a scenario is played on, and who plays what.

use std::path::{Path, PathBuf};

use app::ticket::IdempotencyKey;
use app::{Act, AppError, Permit, Role};
use base::id::{CustomerId, MaintenanceId};

use super::answer::Answer;
use super::read::{Row, Scenario};
use super::services::Told;
use crate::{Instance, local};

pub(super) struct Stage<'s> {
    pub instance: Instance,
    pub customer: CustomerId,
    scenario: &'s Scenario,
    root: PathBuf,
    /// The ticket opened last: what an act without a number is about.
    pub last_ticket: u64,
    /// In the order in which they were told, and announced.
    pub outages: Vec<Told>,
    pub windows: Vec<MaintenanceId>,
}

impl<'s> Stage<'s> {
    /// A new instance on which the contract has been signed.
    pub fn set(scenario: &'s Scenario, root: &Path) -> Result<Stage<'s>, String> {
        let instance = Instance::new(scenario.rows.len() as u64);
        instance.at(&scenario.signed);
        let customer = instance.customer("ateliers-garonne");
        let stage = Stage {
            instance,
            customer,
            scenario,
            root: root.to_owned(),
            last_ticket: 0,
            outages: Vec::new(),
            windows: Vec::new(),
        };
        let (file, text) = stage.contract()?;
        if let Err(error) = stage.instance.sign(customer, &file, &text) {
            stage.instance.finish();
            let why = match error {
                AppError::DoesNotCompile { fr, .. } => fr,
                other => other.to_string(),
            };
            return Err(format!("the contract cannot be signed: {why}"));
        }
        Ok(stage)
    }

    fn contract(&self) -> Result<(String, String), String> {
        match (&self.scenario.contract, self.scenario.text("contract", "")) {
            (Some(file), _) => Ok((file.clone(), self.file(file)?)),
            (None, Some(text)) => Ok(("contrat.md".to_owned(), text.to_owned())),
            (None, None) => Err("it names no contract and holds none".to_owned()),
        }
    }

    fn file(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.root.join(path)).map_err(|e| format!("{path}: {e}"))
    }

    /// Plays one row; `Err` when the row cannot be understood, or the product failed.
    pub fn play(&mut self, row: &Row) -> Result<Answer, String> {
        self.instance.at(&row.when.replace(' ', "T"));
        match row.act.as_str() {
            "signe" => self.sign(row),
            "ouvre" => self.open(row),
            "regarde" => self.look(row),
            "appelle" => self.call(row),
            "clôt" => self.close(row),
            "estime" => self.estimate(row),
            "consigne" => self.outage(row),
            "corrige" => self.correct(row, true),
            "termine" => self.correct(row, false),
            "retire" => self.withdraw(row),
            "annonce" => self.announce(row),
            "renonce" => self.give_up(row),
            "mesure" => self.measure(row),
            _ => self.step(row),
        }
    }

    pub fn end(self) {
        self.instance.finish();
    }

    /// An amendment: a block of this scenario, or a file.
    fn sign(&self, row: &Row) -> Result<Answer, String> {
        row.only(&["texte", "fichier"])?;
        let (file, text) = match (row.get("texte"), row.get("fichier")) {
            (Some(name), None) => {
                let text =
                    self.scenario.text("avenant", name).ok_or(format!("no block « avenant {name} »"))?;
                (format!("avenant-{name}.md"), text.to_owned())
            }
            (None, Some(path)) => (path.to_owned(), self.file(path)?),
            _ => return Err("say « texte = » or « fichier = »".to_owned()),
        };
        match self.instance.sign(self.customer, &file, &text) {
            Err(error) => Answer::refused(error),
            Ok(signed) => {
                let mut answer = Answer::default();
                answer.say("contrat", signed.number);
                answer.say("version", signed.version.to_string());
                answer.say("effet", base::lang::date(base::Lang::Fr, signed.effective));
                Ok(answer)
            }
        }
    }

    /// Who the row names, for an act; refused when they have no right to it. They have signed the
    /// undertaking of confidentiality that the contract asks for.
    pub fn permit(&self, row: &Row, act: Act) -> Result<Result<Permit, AppError>, String> {
        let role = match row.who.as_str() {
            "administrateur" => Role::ProviderAdmin,
            "responsable" => Role::ServiceManager,
            "technicien" => Role::Technician,
            "direction" => Role::CustomerManager,
            "utilisateur" => Role::CustomerUser,
            other => {
                return Err(format!(
                    "« {other} » plays no part; known: administrateur, responsable, technicien, direction, utilisateur"
                ));
            }
        };
        let person = self.instance.someone(role, self.customer);
        self.instance.undertake(&person, self.customer);
        Ok(person.permit(act, self.customer))
    }

    /// A fresh key for each act.
    pub fn key(&self) -> IdempotencyKey {
        self.instance.key()
    }

    /// An instant given in an argument, in Paris.
    pub fn instant(row: &Row, key: &str) -> Option<jiff::Timestamp> {
        row.get(key).map(|text| local(&text.replace(' ', "T")))
    }
}
