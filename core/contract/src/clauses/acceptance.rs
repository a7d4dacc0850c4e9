//! `acceptance`: how deliveries are accepted: VABF, VSR, then the warranty.
//!
//! VABF: vérification d'aptitude au bon fonctionnement; VSR: vérification de service régulier (CCAG-TIC).

use base::{Bilingual, Lang};
use terms::boundary::Silence;
use terms::service::AcceptanceStep;
use terms::{Acceptance, Terms};

use super::read::{self, list};
use super::says::{colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const NEEDS: &[&str] = &["accepted", "rollback_tested", "anonymised_data", "documentation", "sources"];

pub const KIND: Kind = Kind {
    name: "acceptance",
    doc: ("la recette des livraisons : VABF, VSR, garantie", "acceptance of deliveries: VABF, VSR, warranty"),
    example: r#"kind = "acceptance"
label = "recette"
then.of = ["evolution", "correction"]
then.steps = [
  { name = "VABF", lasts = "10 working_days", silence = "refuses" },
  { name = "VSR", lasts = "30 days", silence = "accepts" },
]
then.refused_if = "une anomalie bloquante subsiste"
then.warranty = "3 months"
then.warranty_counted = false
then.production_needs = ["accepted", "rollback_tested", "anonymised_data"]
"#,
    family: Family::Maintenance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("of", Type::Choices(&["evolution", "correction", "project", "all"]), "ce qui est recetté", "what is accepted"),
        Field::required(
            "steps",
            Type::Tables(&[
                Field::required("name", Type::Text, "nom de l'étape", "name of the step"),
                Field::required("lasts", Type::Length, "durée", "how long it lasts"),
                Field::required("silence", Type::Choice(&["accepts", "refuses"]), "ce que vaut le silence du client à son terme", "what the customer's silence at its end means"),
            ]),
            "étapes, dans l'ordre",
            "steps, in order",
        ),
        Field::required("refused_if", Type::Text, "ce qui fait refuser", "what has it refused"),
        Field::required("warranty", Type::Length, "garantie après la dernière étape", "warranty after the last step"),
        Field::required(
            "warranty_counted",
            Type::Flag,
            "les corrections sous garantie sont décomptées (unités d'œuvre, tickets)",
            "mending under warranty is counted (work units, tickets)",
        ),
        Field::optional("environment", Type::Text, "où se fait la recette ; sinon, hors de la production", "where acceptance takes place; else apart from production"),
        Field::required("production_needs", Type::Choices(NEEDS), "ce qui est exigé avant la mise en production", "what is asked for before production"),
    ],
    words: &[
        ("evolution", "les évolutions", "evolutions"),
        ("correction", "les corrections", "corrections"),
        ("project", "les projets", "projects"),
        ("all", "toutes les livraisons", "all deliveries"),
        ("accepts", "recette acquise", "acceptance"),
        ("refuses", "refus", "refusal"),
        ("accepted", "la première étape prononcée", "the first step passed"),
        ("rollback_tested", "un retour arrière essayé", "a rollback tried"),
        ("anonymised_data", "une recette sur données anonymisées", "acceptance on anonymised data"),
        ("documentation", "la documentation à jour", "documentation up to date"),
        ("sources", "les sources remises", "the sources handed over"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let steps: Option<Vec<AcceptanceStep>> = f
        .tables("steps")
        .iter()
        .map(|s| Some(AcceptanceStep { name: s.text("name")?, lasts: s.length("lasts")?, silence: s.one_of("silence")? }))
        .collect();
    let acceptance = Acceptance {
        of: f.texts("of").join(", "),
        steps: steps?,
        warranty: f.length("warranty")?,
        warranty_counted: f.flag("warranty_counted")?,
        refused_if: f.text("refused_if")?,
        environment: f.text("environment"),
        production_needs: f.texts("production_needs"),
    };
    let rule = c.rule(f, acceptance);
    c.terms.acceptances.push(rule);
    Some(())
}

fn words(lang: Lang, keys: &[&str]) -> String {
    let words: Vec<_> = keys.iter().map(|key| KIND.word(lang, key)).collect();
    list(lang, &words.iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.acceptances, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let of = words(lang, &then.of.split(", ").collect::<Vec<_>>());
        let steps: Vec<String> = then.steps.iter().map(|s| step(lang, s)).collect();
        let steps = steps.join(lang.t(", puis ", ", then "));
        let apart = lang.t("un environnement distinct de la production", "an environment apart from production");
        let environment = then.environment.as_deref().unwrap_or(apart);
        let first = lang.t(
            format!("la recette porte sur {of}, dans {environment}{}{steps}", colon(lang)),
            format!("acceptance covers {of}, in {environment}: {steps}"),
        );
        let refused = lang.t(format!("elle est refusée si {}", then.refused_if), format!("it is refused if {}", then.refused_if));
        let warranty = then.warranty.in_words(lang);
        let counted = match then.warranty_counted {
            true => lang.t("les corrections étant décomptées", "what is mended being counted"),
            false => lang.t("sans que rien ne soit décompté", "with nothing counted"),
        };
        let warranty = lang.t(format!("la garantie dure {warranty}, {counted}"), format!("the warranty lasts {warranty}, {counted}"));
        let needs = words(lang, &then.production_needs.iter().map(String::as_str).collect::<Vec<_>>());
        let production = lang.t(format!("rien n'entre en production sans {needs}"), format!("nothing goes into production without {needs}"));
        parts(lang, &[first, refused, warranty, production])
    }))
}

fn step(lang: Lang, step: &AcceptanceStep) -> String {
    let lasts = step.lasts.in_words(lang);
    let silence = KIND.word(lang, match step.silence {
        Silence::Accepts => "accepts",
        Silence::Refuses => "refuses",
    });
    lang.t(
        format!("{} pendant {lasts} (le silence du Client vaut {silence})", step.name),
        format!("{} for {lasts} (the Customer's silence means {silence})", step.name),
    )
}
