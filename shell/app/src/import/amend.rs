//! The equipment of a file, made the draft of an amendment in one go.
//!
//! The perimeter is signed: the draft changes nothing of it until both parties sign it, and whoever writes it
//! on may take items out, or say what they cost.

use base::Lang;
use uuid::Uuid;

use super::job::Subject;
use super::{csv, items};
use crate::access::{Act, Permit};
use crate::draft::{Kind, NewDraft, templates};
use crate::error::{AppError, Refusal, Result};
use crate::instance::App;
use crate::ticket::IdempotencyKey;

impl App {
    /// Begins the draft of an amendment that adds to the perimeter what a file of equipment holds and the
    /// contract does not name; once per key. Its title is in this language, its text in the contract's.
    ///
    /// Refused, code `import.nothing_outside`, when the contract names everything.
    pub fn amend_with_import(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
        id: Uuid,
        lang: Lang,
    ) -> Result<Uuid> {
        let job = self.import(permit, id)?;
        let writes = permit.by().permit(Act::WriteDraft, permit.customer())?;
        if job.subject != Subject::Items {
            return Err(AppError::NotFound);
        }
        let vault = self.vault(permit.customer())?;
        let table = csv::read(&self.staged(&vault, id)?)?;
        let read = items::read_table(job.source, &table, &job.choices.columns)?;
        let contract = job.choices.contract.as_deref();
        let clauses = self.against_perimeter(permit, contract, &read.rows)?.clauses();
        if clauses.is_empty() {
            return Err(AppError::refused(Refusal::new(
                "import.nothing_outside",
                "Le contrat nomme déjà tous ces éléments\u{a0}: il n’y a rien à ajouter.",
                "The contract names all these items already: there is nothing to add.",
            )));
        }
        let agreements = vault.agreements()?;
        let base = agreements.choose(contract, self.now())?;
        let effective = templates::takes_effect(base, base.local_date(self.now()));
        let (order, number) = (base.texts.len(), &base.number);
        let title = lang.t(
            format!("Avenant n°\u{a0}{order} au {number}\u{a0}: équipements repris"),
            format!("Amendment {order} to {number}: equipment brought in"),
        );
        let text = templates::equipment(base, effective, &clauses);
        let new = NewDraft { title, kind: Kind::Amendment, base: Some(number.clone()), text };
        self.create_draft(&writes, key, &new)
    }
}
