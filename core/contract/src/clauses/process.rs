//! `process`: a business process that the provider runs: its steps, their dates, what late input moves.

use base::{Bilingual, Lang, Length, lang};
use jiff::civil::Time;
use terms::service::{ClosedDay, Process, ProcessStep};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::read::{self, list};
use super::says::{self, colon, ordinal, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, parties};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "process",
    doc: ("un processus métier externalisé : étapes, échéances et livrables", "a business process: steps, dates and deliverables"),
    example: r#"kind = "process"
label = "paie"
then.process = "payroll"
then.title = "Paie mensuelle"
then.calendar = "24x7"
then.steps = [
  { name = "éléments variables", by = "customer", day = 20, time = "12:00", on_closed_day = "next_open_day", moves_with_input = false },
  { name = "bulletins", by = "provider", day = 26, time = "18:00", on_closed_day = "previous_open_day", moves_with_input = true },
  { name = "fichier de virement", by = "provider", day = 28, time = "12:00", working_days_before = 2, on_closed_day = "previous_open_day", moves_with_input = true },
  { name = "DSN", by = "provider", day = 5, time = "12:00", month_offset = 1, on_closed_day = "stays", moves_with_input = true },
]
then.deliverables = ["bulletins", "fichier de virement", "DSN"]
then.parallel_run = { lasts = "2 months", gap = "0,00 € d'écart" }
"#,
    family: Family::Process,
    run: Run::Engine,
    mode: Mode::Exclusive(&["process"]),
    guarded: false,
    fields: &[
        Field::required("process", Type::Text, "le processus, par son nom court", "the process, by its short name"),
        Field::required("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::required("calendar", Type::Calendar, "calendrier sur lequel un retard se compte", "calendar on which lateness is counted"),
        Field::required(
            "steps",
            Type::Tables(&[
                Field::required("name", Type::Text, "étape", "step"),
                Field::required("by", Type::Choice(&["provider", "customer"]), "qui la doit", "who owes it"),
                Field::required("day", Type::Integer(1), "jour du mois, de 1 à 31", "day of the month, 1 to 31"),
                Field::required("time", Type::Time, "heure limite", "time limit"),
                Field::optional("month_offset", Type::Integer(0), "mois après la période : 0 dans le mois, 1 le mois suivant", "months after the period: 0 within it, 1 the next month"),
                Field::optional("working_days_before", Type::Integer(0), "jours ouvrés avant ce jour", "working days before that day"),
                Field::required(
                    "on_closed_day",
                    Type::Choice(&["stays", "previous_open_day", "next_open_day"]),
                    "si ce jour est fermé : la date reste, recule ou avance au jour ouvert",
                    "when that day is closed: the date stays, or goes to the open day before or after",
                ),
                Field::required(
                    "moves_with_input",
                    Type::Flag,
                    "un retard du client la reporte d'autant",
                    "the customer's late input moves it by as much",
                ),
            ]),
            "étapes, dans l'ordre",
            "steps, in order",
        ),
        Field::required("deliverables", Type::Texts, "livrables", "deliverables"),
        Field::optional(
            "parallel_run",
            Type::Table(&[
                Field::required("lasts", Type::Months, "durée", "how long it lasts"),
                Field::required("gap", Type::Text, "écart admis avant la bascule", "gap allowed before go-live"),
            ]),
            "exécution en double avant la bascule",
            "parallel run before go-live",
        ),
    ],
    words: &[
        ("stays", "la date reste", "the date stays"),
        ("previous_open_day", "ramenée au jour ouvert précédent", "brought back to the open day before"),
        ("next_open_day", "reportée au jour ouvert suivant", "put off to the open day after"),
        ("parallel_run", "l'exécution en double et le relevé de ses écarts", "the parallel run and the record of its gaps"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let steps: Option<Vec<ProcessStep>> = f.tables("steps").iter().map(step).collect();
    let steps = steps?;
    doubts(f, c, &steps);
    if let Some(run) = f.table("parallel_run") {
        let due = DutyDue::Within { length: run.length("lasts")?, of: Trigger::ContractStart };
        duties::push(f, c, duties::of_kind(&KIND, c, "parallel_run", due, DutyProof::TestRecord));
        says::push_with(f, c, vec![("parallel_run.gap".to_owned(), run.text("gap")?)]);
    }
    let process = Process {
        process: f.text("process")?,
        title: f.text("title")?,
        calendar: f.text("calendar")?,
        steps,
        deliverables: f.texts("deliverables"),
    };
    let rule = c.rule(f, process);
    c.terms.processes.push(rule);
    Some(())
}

fn step(s: &Fields<'_>) -> Option<ProcessStep> {
    Some(ProcessStep {
        name: s.text("name")?,
        by: s.one_of("by")?,
        day: s.integer("day")?,
        time: s.time("time")?,
        month_offset: s.integer("month_offset").unwrap_or(0),
        working_days_before: s.integer("working_days_before").unwrap_or(0),
        on_closed_day: s.one_of("on_closed_day")?,
        moves_with_input: s.flag("moves_with_input")?,
    })
}

fn doubts(f: &Fields<'_>, c: &mut Compiler, steps: &[ProcessStep]) {
    for (i, step) in steps.iter().enumerate() {
        let place = f.place_of_row("steps", i);
        let name = &step.name;
        if step.day > 31 {
            c.push(
                Diagnostic::error(
                    "E-PROCESS-DAY",
                    place,
                    format!("« {name} » tombe le {} : aucun mois n'a ce jour", step.day),
                    format!("“{name}” falls on day {}: no month has it", step.day),
                )
                .help("écrivez day de 1 à 31 ; 31 vaut le dernier jour du mois", "write day from 1 to 31; 31 stands for the last day of the month"),
            );
        }
        let input_before = steps[..i].iter().any(|s| s.by == terms::PartyRole::Customer);
        if step.moves_with_input && !input_before {
            c.push(
                Diagnostic::error(
                    "E-PROCESS-INPUT",
                    place,
                    format!("« {name} » suivrait un retard du client, qui ne doit rien avant"),
                    format!("“{name}” would follow a late input, and the customer owes none before it"),
                )
                .help("écrivez l'étape du client avant elle, ou moves_with_input = false", "write the customer's step before it, or moves_with_input = false"),
            );
        }
        if steps[..i].iter().any(|s| s.name == *name) {
            c.push(
                Diagnostic::error(
                    "E-PROCESS-TWICE",
                    place,
                    format!("deux étapes s'appellent « {name} »"),
                    format!("two steps are called “{name}”"),
                )
                .help("donnez à chacune son nom", "give each its name"),
            );
        }
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.processes, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let steps: Vec<String> = then.steps.iter().map(|s| self::one(lang, s)).collect();
        let first = format!("{}{}{}", lang.t(format!("« {} »", then.title), format!("“{}”", then.title)), colon(lang), parts(lang, &steps));
        let deliverables = list(lang, &then.deliverables.iter().map(String::as_str).collect::<Vec<_>>());
        let deliverables = lang.t(format!("les livrables sont{}{deliverables}", colon(lang)), format!("deliverables: {deliverables}"));
        parts(lang, &[first, late(lang, then), deliverables, parallel(lang, label, terms)])
    }))
}

/// « bulletins, dus par le Prestataire le 26 à 18 h, ramenés au jour ouvert précédent ».
fn one(lang: Lang, step: &ProcessStep) -> String {
    let (name, by) = (&step.name, parties::role(step.by));
    let time = Time::midnight().checked_add(jiff::Span::new().seconds(i64::from(step.time))).unwrap_or(Time::midnight());
    let time = lang::time(lang, time);
    let day = match (lang, step.day) {
        (Lang::Fr, 31) => "dernier jour".to_owned(),
        (Lang::En, 31) => "last day".to_owned(),
        (Lang::Fr, 1) => "1er".to_owned(),
        (Lang::Fr, day) => day.to_string(),
        (Lang::En, day) => ordinal(lang, day),
    };
    let month = match step.month_offset {
        0 => lang.t("du mois".to_owned(), "of the month".to_owned()),
        1 => lang.t("du mois suivant".to_owned(), "of the next month".to_owned()),
        n => lang.t(format!("du {n}e mois suivant"), format!("of the {} month after", ordinal(lang, n))),
    };
    let before = match step.working_days_before {
        0 => String::new(),
        n => {
            let days = Length::WorkingDays(n).in_words(lang);
            lang.t(format!("{days} avant "), format!("{days} before "))
        }
    };
    let closed = closed(lang, step);
    lang.t(
        format!("{name} par {}, {before}le {day} {month} à {time}{closed}", by.fr),
        format!("{name} by {}, {before}the {day} {month} at {time}{closed}", by.en),
    )
}

/// Counting working days never falls on a closed day.
fn closed(lang: Lang, step: &ProcessStep) -> String {
    if step.working_days_before > 0 {
        return String::new();
    }
    let (fr, en) = match step.on_closed_day {
        ClosedDay::Stays => (", jour ouvert ou non", ", whether that day is open or not"),
        ClosedDay::PreviousOpenDay => (", ou le jour ouvert précédent", ", or the open day before"),
        ClosedDay::NextOpenDay => (", ou le jour ouvert suivant", ", or the open day after"),
    };
    lang.t(fr, en).to_owned()
}

fn late(lang: Lang, then: &Process) -> String {
    let moved: Vec<&str> = then.steps.iter().filter(|s| s.moves_with_input).map(|s| s.name.as_str()).collect();
    let calendar = &then.calendar;
    if moved.is_empty() {
        return lang.t("un retard du Client ne reporte aucune date", "a late input of the Customer moves no date").to_owned();
    }
    let moved = list(lang, &moved);
    lang.t(
        format!("un retard du Client reporte d'autant, compté sur le calendrier [{calendar}]{}{moved}", colon(lang)),
        format!("a late input of the Customer moves by as much, counted over the calendar [{calendar}]: {moved}"),
    )
}

fn parallel(lang: Lang, label: &str, terms: &Terms) -> String {
    let gap = says::find(label, &KIND, terms).map(|s| s.text("parallel_run.gap").to_owned());
    let Some(gap) = gap else { return String::new() };
    let duties = duties::sentences_of(&KIND, lang, label, terms);
    lang.t(
        format!("{duties}, la bascule ne se faisant qu'avec {gap}"),
        format!("{duties}, go-live only taking place with {gap}"),
    )
}
