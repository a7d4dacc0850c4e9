//! `retention`: how long logs, recordings and other traces are kept, and what becomes of them.
//!
//! CNIL, recommendation on logs (2021): six months to a year, up to three years with reasons; SecNumCloud
//! 3.2, 12.6.c: six months at least; ReCyF 20.5: three months at least.

use base::{Bilingual, Length};
use terms::Terms;
use terms::boundary::{AfterRetention, Boundary, Retention};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(crate) const KEPT: &[&str] = &[
    "logs", "recordings", "monitoring", "tickets", "backups", "documents", "customer_data", "personal_data", "invoices",
];

pub const KIND: Kind = Kind {
    name: "retention",
    doc: (
        "la durée de conservation des journaux, des enregistrements et des autres traces",
        "how long logs, recordings and other traces are kept",
    ),
    example: r#"kind = "retention"
label = "journaux"
then = { of = "logs", keep = "12 months", after = "erase", sources = ["passerelle", "serveurs"], readers = ["le Client", "l'équipe sécurité du Prestataire"], apart = true }
"#,
    family: Family::Security,
    run: Run::NotYet("la purge des traces", "the purge of traces"),
    mode: Mode::Exclusive(&["of"]),
    guarded: true,
    fields: &[
        Field::required("of", Type::Choice(KEPT), "ce qui est conservé", "what is kept"),
        Field::required("keep", Type::Length, "durée de conservation", "how long it is kept"),
        Field::required("after", Type::Choice(&["erase", "return", "archive"]), "ce qui en est fait ensuite", "what becomes of it then"),
        Field::optional("reason", Type::Text, "motif d'une durée hors de l'usage", "why the length is unusual"),
        Field::default("sources", Type::Texts, "[]", "d'où viennent les traces", "where the traces come from"),
        Field::default("readers", Type::Texts, "[]", "qui peut les lire", "who may read them"),
        Field::default("apart", Type::Flag, "false", "conservées à part, datées et scellées dès l'écriture", "kept apart, dated and sealed when written"),
    ],
    words: &[
        ("logs", "journaux d'événements", "event logs"),
        ("recordings", "enregistrements de sessions", "session recordings"),
        ("monitoring", "données de supervision", "monitoring data"),
        ("tickets", "tickets", "tickets"),
        ("backups", "sauvegardes", "backups"),
        ("documents", "documents", "documents"),
        ("customer_data", "données du Client", "the Customer's data"),
        ("personal_data", "données personnelles", "personal data"),
        ("invoices", "factures", "invoices"),
        ("erase", "effacement", "erasure"),
        ("return", "restitution", "return"),
        ("archive", "archivage", "archiving"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let retention = Retention {
        of: f.text("of")?,
        keep: f.length("keep")?,
        then: f.one_of("after")?,
        reason: f.text("reason"),
        sources: f.texts("sources"),
        readers: f.texts("readers"),
        apart: f.flag("apart")?,
    };
    if matches!(retention.of.as_str(), "logs" | "recordings") && retention.reason.is_none() {
        unusual(f, c, retention.keep);
    }
    let rule = c.rule(f, Boundary::Retention(retention));
    c.terms.boundaries.push(rule);
    Some(())
}

/// Under six months or over three years, without a reason.
fn unusual(f: &Fields<'_>, c: &mut Compiler, keep: Length) {
    // Six months are at least 180 days and three years at most 1 096: no length in between is doubted.
    let (short, long) = match keep {
        Length::Months(n) => (n < 6, n > 36),
        Length::Days(n) => (n < 180, n > 1096),
        Length::WorkingDays(n) => (n < 125, n > 780),
        Length::Seconds(s) => (s < 180 * 86_400, s > 1096 * 86_400),
    };
    if short {
        c.push(
            Diagnostic::warning(
                "W-RETENTION-SHORT",
                f.place_of("keep"),
                "six mois au moins sont d'usage : une intrusion se découvre souvent plus tard",
                "six months at least are usual: an intrusion is often found later than that",
            )
            .help(
                "gardez six mois à un an, ou donnez le motif : reason = \"…\" (CNIL, recommandation de 2021 sur la journalisation ; SecNumCloud 12.6.c ; ReCyF 20.5 : trois mois au moins)",
                "keep them six months to a year, or give the reason: reason = \"…\" (CNIL, recommendation of 2021 on logs; SecNumCloud 12.6.c; ReCyF 20.5: three months at least)",
            ),
        );
    }
    if long {
        c.push(
            Diagnostic::warning(
                "W-RETENTION-LONG",
                f.place_of("keep"),
                "plus de trois ans : ces traces sont aussi les données personnelles des techniciens",
                "more than three years: these traces are also the technicians' personal data",
            )
            .help(
                "trois ans au plus, ou donnez le motif : reason = \"…\" (CNIL, recommandation de 2021 sur la journalisation)",
                "three years at most, or give the reason: reason = \"…\" (CNIL, recommendation of 2021 on logs)",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.boundaries, label)?;
    let Boundary::Retention(then) = &rule.then else { return None };
    Some(read::sentence(rule, terms, |lang| {
        let (of, keep) = (KIND.word(lang, &then.of), then.keep.in_words(lang));
        let sources = list(lang, &then.sources.iter().map(String::as_str).collect::<Vec<_>>());
        let sources = if sources.is_empty() { sources } else { format!(" ({sources})") };
        let mut text = lang.t(
            format!("{of}{sources}{}: conservation pendant {keep}", '\u{a0}'),
            format!("{of}{sources}: kept for {keep}"),
        );
        if then.apart {
            text += lang.t(" sur un système distinct, avec date et scellé dès l'écriture", " on a separate system, dated and sealed when written");
        }
        text += match then.then {
            AfterRetention::Erase => lang.t(", puis effacement", ", then erased"),
            AfterRetention::Return => lang.t(", puis restitution au Client", ", then returned to the Customer"),
            AfterRetention::Archive => lang.t(", puis archivage", ", then archived"),
        };
        let readers = list(lang, &then.readers.iter().map(String::as_str).collect::<Vec<_>>());
        if !readers.is_empty() {
            text += &lang.t(format!("\u{202f}; lecture réservée{}: {readers}", '\u{a0}'), format!("; read only by: {readers}"));
        }
        if let Some(reason) = &then.reason {
            text += &lang.t(format!("\u{202f}; motif\u{a0}: {reason}"), format!("; reason: {reason}"));
        }
        text
    }))
}
