//! `pause`: a reason for which a clock may stop, its proof and its end.

use base::Bilingual;
use terms::commitment::PauseProof;
use terms::{PauseRule, Terms};

use super::commitment::{PROMISES, of_promise};
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "pause",
    doc: ("une cause de suspension du décompte", "a reason for which the clock stops"),
    example: r#"kind = "pause"
label = "attente-client"
then = { reason = "Attente d'une réponse du Client", stops = ["restore"], proof = "written" }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("reason", Type::Text, "la cause, dans les mots des parties", "the reason, in the parties' words"),
        Field::required("stops", Type::Choices(PROMISES), "les décomptes suspendus", "the clocks it stops"),
        Field::default(
            "proof",
            Type::Choice(&["none", "written"]),
            "\"none\"",
            "la preuve demandée au début de la pause",
            "the proof asked for when it begins",
        ),
        Field::optional(
            "ends_after",
            Type::ClockTime,
            "fin automatique, en temps réel ; absente : à la reprise",
            "automatic end, in real time; absent: on resuming",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let pause = PauseRule {
        reason: f.text("reason")?,
        stops: f.many_of("stops"),
        proof: f.one_of("proof")?,
        ends_after: f.length("ends_after"),
    };
    let rule = c.rule(f, pause);
    c.terms.pauses.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.pauses, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let clocks: Vec<String> = then.stops.iter().map(|p| of_promise(lang, *p)).collect();
        let clocks: Vec<&str> = clocks.iter().map(String::as_str).collect();
        let clocks = list(lang, &clocks);
        let proof = match then.proof {
            PauseProof::None => "",
            PauseProof::Written => lang.t(", sur trace écrite", ", on written proof"),
        };
        let end = match then.ends_after {
            Some(l) => {
                let l = l.in_words(lang);
                lang.t(format!("au plus pendant {l}"), format!("for at most {l}"))
            }
            None => lang.t("jusqu'à la reprise".to_owned(), "until it is resumed".to_owned()),
        };
        lang.t(
            format!("« {} » suspend le décompte {clocks} {end}{proof}", then.reason),
            format!("“{}” stops the {clocks} clock {end}{proof}", then.reason),
        )
    }))
}
