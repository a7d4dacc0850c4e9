//! `roadmap`: the milestones by which the information system is to change, and whose each one is.
//!
//! S-055: « vecteur de transformation de leur système d'information et de leurs processus ».

use base::{Bilingual, Lang};
use terms::{Duty, DutyDue, DutyProof, Terms};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "roadmap",
    doc: (
        "le plan de transformation : ses jalons, leurs dates et qui les doit",
        "the transformation plan: its milestones, their dates and who owes each",
    ),
    example: r#"kind = "roadmap"
label = "transformation"
then.milestones = [
  { name = "la messagerie dans un service hébergé", by = 2026-09-30, owed_by = "provider" },
  { name = "l'abandon du serveur de fichiers", by = 2027-03-31, owed_by = "customer" },
  { name = "le nouveau stockage", by = 2027-06-30, owed_by = "provider", effect = "temps d'ouverture d'un plan", unit = "s", before = "12", after = "4" },
]
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[Field::required(
        "milestones",
        Type::Tables(&[
            Field::required("name", Type::Text, "le jalon, article compris", "the milestone"),
            Field::required("by", Type::Date, "au plus tard le", "by"),
            Field::required(
                "owed_by",
                Type::Choice(&["provider", "customer"]),
                "qui le doit",
                "who owes it",
            ),
            Field::optional("effect", Type::Text, "ce que le jalon améliore, mesuré avant et après", "what the milestone improves, measured before and after"),
            Field::optional("unit", Type::Text, "unité de cette mesure", "unit of that measure"),
            Field::optional("before", Type::Decimal, "mesure de départ", "measure at the start"),
            Field::optional("after", Type::Decimal, "mesure attendue", "measure aimed at"),
        ]),
        "jalons, dans l'ordre",
        "milestones, in order",
    )],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    for (number, milestone) in (1..).zip(f.tables("milestones")) {
        let duty = Duty {
            owed_by: milestone.one_of("owed_by")?,
            what: format!("milestone:{number}"),
            title: milestone.text("name")?,
            due: DutyDue::By { date: milestone.date("by")? },
            proof: DutyProof::Minutes,
            alert_before: None,
        };
        duties::push(f, c, duty);
    }
    effects(f, c)
}

/// The measures of each milestone that has some; a plan without measures says nothing more than its duties.
fn effects(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    const MEASURE: [&str; 4] = ["effect", "unit", "before", "after"];
    let mut rows = Vec::new();
    for (i, row) in f.tables("milestones").iter().enumerate() {
        let missing = MEASURE.iter().find(|field| !row.has(field));
        match missing {
            None => {
                let key = |what: &str| format!("effects.{:02}.{what}", i + 1);
                let text = |field: &str| Some((key(field), row.text(field)?));
                rows.extend([(key("name"), row.text("name")?)]);
                rows.extend([text("effect")?, text("unit")?, text("before")?, text("after")?]);
            }
            Some(missing) if MEASURE.iter().any(|field| row.has(field)) => {
                c.push(
                    Diagnostic::error(
                        "E-ROADMAP-EFFECT",
                        f.place_of_row("milestones", i),
                        format!("l'effet attendu de ce jalon ne se mesure pas : il manque « {missing} »"),
                        format!("the effect of this milestone cannot be measured: “{missing}” is missing"),
                    )
                    .help(
                        "écrivez les quatre : effect = \"temps d'ouverture\", unit = \"s\", before = \"12\", after = \"4\"",
                        "write all four: effect = \"opening time\", unit = \"s\", before = \"12\", after = \"4\"",
                    ),
                );
                return None;
            }
            Some(_) => {}
        }
    }
    if !rows.is_empty() {
        says::push_with(f, c, rows);
    }
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let Some(says) = says::find(label, &KIND, terms) else { return duties::read_back(label, terms) };
    Some(read::sentence(says.rule, terms, |lang| {
        let owed: Vec<String> = duties::of_clause(label, terms).map(|duty| duties::sentence(lang, duty)).collect();
        parts(lang, &[parts(lang, &owed), measured(lang, &says)])
    }))
}

/// « effet mesuré du nouveau stockage : temps d'ouverture d'un plan, de 12 s à 4 s ».
fn measured(lang: Lang, says: &Says<'_>) -> String {
    let rows = says.rows("effects").filter_map(|(key, name)| Some((key.strip_suffix(".name")?, name)));
    let all: Vec<String> = rows
        .map(|(row, name)| {
            let field = |what: &str| says.text(&format!("effects.{row}.{what}"));
            let (effect, unit) = (field("effect"), field("unit"));
            let figure = |what| format!("{}\u{a0}{unit}", field(what).replace('.', lang.t(",", ".")));
            let (before, after) = (figure("before"), figure("after"));
            lang.t(
                format!("effet mesuré, « {name} »{}{effect}, de {before} à {after}", colon(lang)),
                format!("effect measured, “{name}”: {effect}, from {before} to {after}"),
            )
        })
        .collect();
    parts(lang, &all)
}
