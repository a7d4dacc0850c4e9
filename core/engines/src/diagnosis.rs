//! Whether a remedy waits for a diagnosis recorded on the ticket.
//!
//! Clauses on remote access make maintenance wait for one: « la télémaintenance suppose un diagnostic
//! consigné ». Whoever mends something by that way must so have written the diagnosis first; nothing
//! else in a contract asks for it, and where nothing does it is only good practice.

use base::Because;
use terms::grant::AccessAct;
use terms::{Facts, Grant, Rule, Terms, governing};

use crate::kinds::Kind;
use crate::say::{cite, say};

/// What a diagnosis is, before a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// Nothing is broken: there is nothing to diagnose.
    NotNeeded,
    /// No clause asks for it.
    Advised,
    Required,
}

/// Whether some ticket waits for a diagnosis before its remedy: [`before_remedy`] says which.
pub fn is_ever_required(terms: &Terms) -> bool {
    terms.grants.iter().any(|rule| rule.then.act == AccessAct::Maintenance && rule.then.diagnosis)
}

/// Whether these facts ask for a diagnosis before the service is restored or the ticket resolved.
pub fn before_remedy(terms: &Terms, facts: &Facts) -> Because<Diagnosis> {
    let kind = facts.get(terms::Dimension::Kind).and_then(Kind::from_key).unwrap_or(Kind::Incident);
    if !kind.is_repair() {
        return Because::new(Diagnosis::NotNeeded, Vec::new());
    }
    let maintenance = |rule: &&Rule<Grant>| rule.then.act == AccessAct::Maintenance;
    match governing(terms.grants.iter().filter(maintenance), facts).filter(|rule| rule.then.diagnosis) {
        Some(rule) => {
            let reason = cite("diagnosis.required", rule, |lang| {
                lang.t(
                    "La maintenance suppose un diagnostic consigné sur le même ticket.",
                    "Maintenance supposes a diagnosis recorded on the same ticket.",
                )
                .to_owned()
            });
            Because::new(Diagnosis::Required, vec![reason])
        }
        None => {
            let reason = say("diagnosis.advised", |lang| {
                lang.t(
                    "Le contrat n'exige pas de diagnostic avant le remède ; le consigner aide qui reviendra sur ce ticket.",
                    "The contract does not ask for a diagnosis before the remedy; one helps whoever comes back to this ticket.",
                )
                .to_owned()
            });
            Because::new(Diagnosis::Advised, vec![reason])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, facts, rule, when};
    use base::Length;
    use terms::Dimension;
    use terms::grant::Transfer;

    fn grant(act: AccessAct, diagnosis: bool) -> Grant {
        Grant {
            act,
            hours: None,
            ticket: true,
            diagnosis,
            approvals: 0,
            user_consent: false,
            longest: Length::Seconds(3600),
            recorded: true,
            transfer_out: Transfer::Denied,
            transfer_in: Transfer::Denied,
            from_countries: Vec::new(),
            approvals_outside: None,
            approvers: Vec::new(),
            rings: Vec::new(),
            rollback: false,
        }
    }

    fn of(kind: &str, item: &str) -> Facts {
        facts(&[(Dimension::Kind, kind), (Dimension::Item, item)])
    }

    #[test]
    fn a_clause_on_maintenance_asks_for_it_and_its_exception_may_not() {
        let mut terms = contract();
        assert_eq!(before_remedy(&terms, &of("incident", "srv-erp")).value, Diagnosis::Advised);
        terms.grants.push(rule("telediagnostic", grant(AccessAct::Diagnosis, true)));
        assert_eq!(before_remedy(&terms, &of("incident", "srv-erp")).value, Diagnosis::Advised);

        terms.grants.push(rule("telemaintenance", grant(AccessAct::Maintenance, true)));
        let asked = before_remedy(&terms, &of("corrective", "srv-erp"));
        assert_eq!(asked.value, Diagnosis::Required);
        assert_eq!(asked.cited()[0].label, "telemaintenance");
        assert_eq!(before_remedy(&terms, &of("service_request", "srv-erp")).value, Diagnosis::NotNeeded);

        let mut kiosk =
            when(rule("bornes", grant(AccessAct::Maintenance, false)), Dimension::Item, &["borne"]);
        kiosk.exception_to = Some("telemaintenance".to_owned());
        terms.grants.push(kiosk);
        assert_eq!(before_remedy(&terms, &of("incident", "borne")).value, Diagnosis::Advised);
    }
}
