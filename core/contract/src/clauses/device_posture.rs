//! `device_posture`: what a machine must be for a remote session to start from it.
//!
//! ANSSI, secure administration guide, R36 and R61; ReCyF 8.2 and 8.3.

use base::{Bilingual, Length};
use terms::{Posture, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "device_posture",
    doc: (
        "l'état exigé des postes d'où partent les accès à distance",
        "what machines that remote sessions start from must be",
    ),
    example: r#"kind = "device_posture"
label = "postes-techniciens"
then = { disk_encrypted = true, patched_within = "60 days", screen_locks_within = "10 min", second_factor = true, managed = true, antimalware = true }
"#,
    family: Family::Security,
    run: Run::NotYet("la passerelle d'accès", "the access gateway"),
    mode: Mode::Exclusive(&[]),
    guarded: true,
    fields: &[
        Field::required("disk_encrypted", Type::Flag, "le disque est chiffré", "the disk is encrypted"),
        Field::optional(
            "patched_within",
            Type::Length,
            "âge maximal du plus ancien correctif manquant",
            "oldest missing patch allowed",
        ),
        Field::optional(
            "screen_locks_within",
            Type::ClockTime,
            "délai de verrouillage de l'écran",
            "delay before the screen locks",
        ),
        Field::required("second_factor", Type::Flag, "un second facteur est exigé", "a second factor is needed"),
        Field::required("managed", Type::Flag, "le poste est géré par son employeur", "the employer manages the machine"),
        Field::default(
            "antimalware",
            Type::Flag,
            "false",
            "une protection contre les logiciels malveillants est à jour",
            "protection against malicious software is up to date",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

/// Beyond a quarter, known flaws have had time to be used.
const OLDEST_PATCH: u32 = 92;

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let posture = Posture {
        disk_encrypted: f.flag("disk_encrypted")?,
        patched_within: f.length("patched_within"),
        screen_locks_within: f.length("screen_locks_within"),
        second_factor: f.flag("second_factor")?,
        managed: f.flag("managed")?,
        antimalware: f.flag("antimalware")?,
    };
    let old = match posture.patched_within {
        None => true,
        Some(Length::Days(n) | Length::WorkingDays(n)) => n > OLDEST_PATCH,
        Some(Length::Months(n)) => n > 3,
        Some(Length::Seconds(s)) => s > i64::from(OLDEST_PATCH) * 86_400,
    };
    if old {
        // Seed 004: exploitable flaws of devices « non tenus à jour » (S-252).
        c.push(
            Diagnostic::warning(
                "W-POSTURE-PATCHES",
                f.place_of("patched_within"),
                "rien n'écarte un poste dont les correctifs ont plus de trois mois de retard",
                "nothing keeps out a machine whose patches are more than three months late",
            )
            .help("écrivez par exemple patched_within = \"60 days\"", "write for instance patched_within = \"60 days\""),
        );
    }
    if !posture.second_factor {
        c.push(
            Diagnostic::warning(
                "W-POSTURE-FACTOR",
                f.place_of("second_factor"),
                "un mot de passe volé suffirait à ouvrir une session",
                "a stolen password would be enough to open a session",
            )
            .help(
                "écrivez second_factor = true (ANSSI, administration sécurisée, R36 ; ReCyF 8.3)",
                "write second_factor = true (ANSSI, secure administration, R36; ReCyF 8.3)",
            ),
        );
    }
    let rule = c.rule(f, posture);
    c.terms.postures.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.postures, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let mut needs: Vec<String> = [
            (then.disk_encrypted, "un disque chiffré", "an encrypted disk"),
            (then.managed, "une gestion par l'employeur", "management by the employer"),
            (then.second_factor, "un second facteur", "a second factor"),
            (
                then.antimalware,
                "une protection à jour contre les logiciels malveillants",
                "up-to-date protection against malicious software",
            ),
        ]
        .into_iter()
        .filter(|(asked, _, _)| *asked)
        .map(|(_, fr, en)| lang.t(fr, en).to_owned())
        .collect();
        if let Some(age) = then.patched_within.map(|l| l.in_words(lang)) {
            needs.push(lang.t(
                format!("des correctifs de moins {}", read::of(&age)),
                format!("patches less than {age} late"),
            ));
        }
        if let Some(delay) = then.screen_locks_within.map(|l| l.in_words(lang)) {
            needs.push(lang.t(
                format!("un écran verrouillé après {delay}"),
                format!("a screen that locks after {delay}"),
            ));
        }
        let needs = list(lang, &needs.iter().map(String::as_str).collect::<Vec<_>>());
        match needs.is_empty() {
            true => lang.t(
                "une session s'ouvre depuis n'importe quel poste".to_owned(),
                "a session opens from any machine".to_owned(),
            ),
            false => lang.t(
                format!("une session ne s'ouvre que depuis un poste qui présente {needs}"),
                format!("a session opens only from a machine with {needs}"),
            ),
        }
    }))
}
