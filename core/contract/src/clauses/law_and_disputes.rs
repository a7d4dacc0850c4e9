//! `law_and_disputes`: the law of the contract, the steps of a dispute with their delays, the court.

use base::{Bilingual, Length};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "law_and_disputes",
    doc: (
        "le droit applicable, les étapes d'un différend et le tribunal",
        "the governing law, the steps of a dispute and the court",
    ),
    example: r#"kind = "law_and_disputes"
label = "differends"
then.law = "FR"
then.court = "Tribunal de commerce de Toulouse"
then.steps = [
  { before = "les interlocuteurs uniques", within = "10 working_days" },
  { before = "le comité de direction", within = "15 working_days" },
]
then.mediation = "2 months"
then.evidence_within = "5 working_days"
"#,
    family: Family::Parties,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("law", Type::Country, "pays dont le droit s'applique", "country whose law applies"),
        Field::required("court", Type::Text, "tribunal compétent", "court that has jurisdiction"),
        Field::required(
            "steps",
            Type::Tables(&[
                Field::required("before", Type::Text, "devant qui", "before whom"),
                Field::required("within", Type::Length, "dans quel délai", "within what delay"),
            ]),
            "étapes amiables, dans l'ordre",
            "amicable steps, in order",
        ),
        Field::optional("mediation", Type::Length, "durée maximale de la médiation", "longest mediation"),
        Field::optional(
            "evidence_within",
            Type::Length,
            "délai de remise du dossier de preuve d'un événement : extrait du journal, tickets, changements et sessions",
            "how soon the evidence of an event is handed over: extract of the journal, tickets, changes and sessions",
        ),
    ],
    words: &[(
        "evidence_pack",
        "le dossier de preuve d'un événement (extrait du journal, tickets, changements, sessions)",
        "the evidence of an event (extract of the journal, tickets, changes, sessions)",
    )],
    compile,
    read_back,
};

/// The steps follow one another, so each is due from the notice of the dispute after those before it,
/// when they are counted in the same unit; a mix is due on its own length.
fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let mut elapsed: Option<Length> = None;
    for step in f.tables("steps") {
        let (within, before) = (step.length("within")?, step.text("before")?);
        let total = elapsed.and_then(|e| sum(e, within)).unwrap_or(within);
        elapsed = Some(total);
        let title = c.lang().t(
            format!("la réponse au différend porté devant {before}"),
            format!("the answer to the dispute brought before {before}"),
        );
        let due = DutyDue::Within { length: total, of: Trigger::DisputeRaised };
        let mut duty = duties::provider("dispute_step", title, due, DutyProof::Minutes);
        duty.what = format!("dispute_step:{before}");
        duties::push(f, c, duty);
    }
    if let Some(length) = f.length("evidence_within") {
        let due = DutyDue::Within { length, of: Trigger::Request };
        duties::push(f, c, duties::of_kind(&KIND, c, "evidence_pack", due, DutyProof::Document));
    }
    let rule = c.rule(f, f.statement());
    c.terms.statements.push(rule);
    Some(())
}

fn sum(a: Length, b: Length) -> Option<Length> {
    match (a, b) {
        (Length::Seconds(a), Length::Seconds(b)) => Some(Length::Seconds(a + b)),
        (Length::WorkingDays(a), Length::WorkingDays(b)) => Some(Length::WorkingDays(a + b)),
        (Length::Days(a), Length::Days(b)) => Some(Length::Days(a + b)),
        (Length::Months(a), Length::Months(b)) => Some(Length::Months(a + b)),
        _ => None,
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.statements, label)?;
    let says = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (law, court) = (says.get("law").unwrap_or_default(), says.get("court").unwrap_or_default());
        let steps: Vec<String> = duties::of_clause(label, terms)
            .filter_map(|duty| {
                let before = duty.what.strip_prefix("dispute_step:")?;
                Some(lang.t(
                    format!("devant {before} ({})", duties::due(lang, &duty.due)),
                    format!("before {before} ({})", duties::due(lang, &duty.due)),
                ))
            })
            .collect();
        let mediation = says.get("mediation").and_then(|m| Length::parse(m).ok()).map_or_else(String::new, |m| {
            let m = m.in_words(lang);
            lang.t(format!(", puis une médiation de {m} au plus"), format!(", then a mediation of at most {m}"))
        });
        let steps = steps.join(lang.t(", puis ", ", then "));
        let law = match law {
            "FR" => lang.t("le droit français s'applique".to_owned(), "French law applies".to_owned()),
            other => lang.t(
                format!("le droit applicable est celui du pays « {other} »"),
                format!("the governing law is that of country “{other}”"),
            ),
        };
        let evidence = duties::of_clause(label, terms).find(|duty| duty.what == "evidence_pack");
        let evidence = evidence.map_or_else(String::new, |duty| {
            format!("{}{}", lang.t("\u{202f}; ", "; "), duties::sentence_of(&KIND, lang, duty))
        });
        lang.t(
            format!(
                "{law}\u{202f}; un différend se porte {steps}{mediation}, et à défaut d'accord devant le {court}{evidence}"
            ),
            format!(
                "{law}; a dispute is brought {steps}{mediation}, and failing agreement before the {court}{evidence}"
            ),
        )
    }))
}
