//! `backup`: how much may be lost, how fast it comes back, and the tests that prove it (S-263).

use base::{Bilingual, Lang, Length};
use terms::{DutyDue, DutyProof, Recovery, Terms};

use super::read::{self, list};
use super::says::parts;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "backup",
    doc: ("la sauvegarde : perte admise, délai de reprise, copies et essais", "backup: loss allowed, time to recover, copies and tests"),
    example: r#"kind = "backup"
label = "sauvegarde"
then = { of = ["bases de données", "fichiers"], every = "4 h", rpo = "4 h", rto = "8 h", copies = 3, offline = true, encrypted = true, places = ["Lyon", "Marseille"], kept = "30 days", tested_every = "3 months" }
"#,
    family: Family::Hosting,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("of", Type::Texts, "données, services ou éléments sauvegardés", "data, services or items backed up"),
        Field::required("every", Type::Length, "rythme des sauvegardes", "how often backups are made"),
        Field::required("rpo", Type::Length, "perte de données maximale admise (RPO, PDMA)", "most data that may be lost (RPO)"),
        Field::required("rto", Type::Length, "durée maximale de reprise (RTO, DMIA)", "longest time to recover (RTO)"),
        Field::required("copies", Type::Integer(1), "nombre de copies", "number of copies"),
        Field::required("offline", Type::Flag, "une copie est hors ligne", "one copy is offline"),
        Field::required("encrypted", Type::Flag, "les copies sont chiffrées", "copies are encrypted"),
        Field::required("places", Type::Texts, "lieux des copies", "where copies are"),
        Field::required("kept", Type::Length, "durée de conservation des copies", "how long copies are kept"),
        Field::required("tested_every", Type::Length, "rythme des essais de restauration, chronométrés", "how often restores are tested, and timed"),
        Field::optional("first_test", Type::Date, "date du premier essai", "date of the first test"),
    ],
    words: &[("restore_test", "l'essai de restauration chronométré", "the timed restore test")],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let recovery = Recovery {
        of: f.texts("of"),
        point: f.length("rpo")?,
        time: f.length("rto")?,
        tested_every: f.length("tested_every")?,
        copies: f.integer("copies")?,
        offline_copy: f.flag("offline")?,
        every: f.length("every"),
        encrypted: f.flag("encrypted")?,
        places: f.texts("places"),
        kept: f.length("kept"),
    };
    doubts(f, c, &recovery);
    let due = DutyDue::Every { period: recovery.tested_every, first: f.date("first_test") };
    duties::push(f, c, duties::of_kind(&KIND, c, "restore_test", due, DutyProof::TestRecord));
    let rule = c.rule(f, recovery);
    c.terms.recoveries.push(rule);
    Some(())
}

fn doubts(f: &Fields<'_>, c: &mut Compiler, recovery: &Recovery) {
    if recovery.every.is_some_and(|every| rough_seconds(every) > rough_seconds(recovery.point)) {
        c.push(
            Diagnostic::error(
                "E-BACKUP-POINT",
                f.place_of("every"),
                "des sauvegardes plus espacées que la perte admise ne peuvent pas la tenir",
                "backups further apart than the loss allowed cannot keep to it",
            )
            .help(
                format!("écrivez every = \"{}\" au plus, ou un rpo plus long", recovery.point),
                format!("write every = \"{}\" at most, or a longer rpo", recovery.point),
            ),
        );
    }
    if rough_seconds(recovery.tested_every) > rough_seconds(Length::Months(12)) {
        c.push(
            Diagnostic::warning(
                "W-BACKUP-TEST",
                f.place_of("tested_every"),
                "une restauration s'essaie au moins chaque année (ReCyF, 13.2)",
                "a restore is tested at least every year (ReCyF, 13.2)",
            )
            .help("écrivez tested_every = \"12 months\" ou moins", "write tested_every = \"12 months\" or less"),
        );
    }
    if !recovery.offline_copy {
        c.push(
            Diagnostic::advice(
                "A-BACKUP-OFFLINE",
                f.place_of("offline"),
                "sans copie hors ligne, un rançongiciel peut chiffrer aussi les sauvegardes",
                "without an offline copy, ransomware may encrypt the backups too",
            )
            .help("prévoyez une copie hors ligne : offline = true", "plan an offline copy: offline = true"),
        );
    }
}

/// To compare lengths of different units, never to count with: a month is thirty days here.
fn rough_seconds(length: Length) -> i64 {
    match length {
        Length::Seconds(seconds) => seconds,
        Length::WorkingDays(n) | Length::Days(n) => i64::from(n) * 86_400,
        Length::Months(n) => i64::from(n) * 30 * 86_400,
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.recoveries, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let of = list(lang, &then.of.iter().map(String::as_str).collect::<Vec<_>>());
        let every = then.every.map(|e| duties::every(lang, e)).unwrap_or_default();
        let (point, time) = (then.point.in_words(lang), then.time.in_words(lang));
        let first = lang.t(
            format!("sont sauvegardés {every}\u{a0}: {of}"),
            format!("backed up {every}: {of}"),
        );
        let aims = lang.t(
            format!("la perte ne dépasse pas {point} et la reprise {time}"),
            format!("no more than {point} may be lost, and recovery takes no more than {time}"),
        );
        parts(lang, &[first, aims, copies(lang, then), duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn copies(lang: Lang, then: &Recovery) -> String {
    let places = list(lang, &then.places.iter().map(String::as_str).collect::<Vec<_>>());
    let kept = then.kept.map(|k| k.in_words(lang)).unwrap_or_default();
    let n = then.copies;
    let encrypted = match (lang, then.encrypted, n > 1) {
        (Lang::Fr, true, true) => " chiffrées",
        (Lang::Fr, true, false) => " chiffrée",
        (Lang::Fr, false, true) => " non chiffrées",
        (Lang::Fr, false, false) => " non chiffrée",
        (Lang::En, true, _) => " encrypted",
        (Lang::En, false, _) => " unencrypted",
    };
    let offline = match then.offline_copy {
        true => lang.t(", dont une hors ligne", ", one of them offline"),
        false => lang.t(", aucune hors ligne", ", none of them offline"),
    };
    lang.t(
        format!("{n} copie{}{encrypted}{offline}, gardées {kept}, à {places}", if n > 1 { "s" } else { "" }),
        format!("{n}{encrypted} {}{offline}, kept {kept}, in {places}", if n > 1 { "copies" } else { "copy" }),
    )
}
