//! `staff_transfer`: what becomes of the customer's staff, for one person's job or one team.
//!
//! Code du travail, L1224-1 (formerly L122-12): contracts continue with the new employer when an
//! autonomous economic entity is transferred. It is judged case by case, so the reasons are recorded and
//! the machine concludes nothing. Jobs and teams are named, not people: their names are personal data
//! that the contract has no need of.

use base::{Bilingual, Lang};
use terms::Terms;

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const MOVED: &[&str] = &["transferred", "seconded"];

pub const KIND: Kind = Kind {
    name: "staff_transfer",
    doc: (
        "le sort du personnel du client, par poste ou par équipe : transfert, mise à disposition ou maintien",
        "what becomes of the customer's staff, by job or team: transfer, secondment or neither",
    ),
    example: r#"kind = "staff_transfer"
label = "equipe-paie"
then.of = "équipe de paie"
then.people = 6
then.outcome = "transferred"
then.basis = "autonomous_entity"
then.reasons = ["équipe autonome, avec ses outils et son objet propre", "activité poursuivie à l'identique"]
then.on = 2026-10-01
then.rights_kept = ["ancienneté", "rémunération", "congés acquis"]
then.works_council = "consulted"
then.consulted_on = 2026-05-12
"#,
    family: Family::People,
    run: Run::Declared,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("of", Type::Text, "le poste ou l'équipe, sans nom de personne", "the job or the team, without any person's name"),
        Field::required("people", Type::Integer(1), "nombre de personnes", "number of people"),
        Field::required(
            "outcome",
            Type::Choice(&["transferred", "seconded", "none"]),
            "transfert, mise à disposition, ou aucun des deux",
            "transferred, seconded, or neither",
        ),
        Field::required(
            "basis",
            Type::Choice(&["autonomous_entity", "agreement", "not_an_entity"]),
            "fondement : entité économique autonome, accord des intéressés, ou absence d'entité autonome",
            "basis: autonomous economic entity, agreement of those concerned, or no such entity",
        ),
        Field::required("reasons", Type::Texts, "raisons de cette analyse, propres au cas", "reasons of that analysis, of this very case"),
        Field::optional("perimeter", Type::Labels(&["perimeter", "elementary_service", "process"]), "étiquettes de ce qui est confié avec ce personnel", "labels of what is entrusted along with that staff"),
        Field::required("on", Type::Date, "date d'effet", "date of effect").when("outcome", MOVED),
        Field::required("lasts", Type::Months, "durée de la mise à disposition", "length of the secondment").when("outcome", &["seconded"]),
        Field::required("rights_kept", Type::Texts, "droits conservés", "rights kept").when("outcome", MOVED),
        Field::required(
            "works_council",
            Type::Choice(&["consulted", "to_be_consulted", "none_in_place"]),
            "comité social et économique : consulté, à consulter, ou inexistant",
            "works council: consulted, to be consulted, or none in place",
        ),
        Field::required("consulted_on", Type::Date, "date de la consultation", "date of the consultation").when("works_council", &["consulted"]),
    ],
    words: &[
        ("transferred", "transfert", "transfer"),
        ("seconded", "mise à disposition", "secondment"),
        ("none", "ni transfert ni mise à disposition", "neither transfer nor secondment"),
        ("autonomous_entity", "transfert d'une entité économique autonome (Code du travail, L1224-1)", "transfer of an autonomous economic entity (Code du travail, L1224-1)"),
        ("agreement", "accord des intéressés", "agreement of those concerned"),
        ("not_an_entity", "absence d'entité économique autonome", "no autonomous economic entity"),
        ("consulted", "consulté", "consulted"),
        ("to_be_consulted", "à consulter", "to be consulted"),
        ("none_in_place", "inexistant", "none in place"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    f.text("of")?;
    let (outcome, reasons) = (f.text("outcome")?, f.texts("reasons"));
    if reasons.iter().all(|r| r.trim().is_empty()) {
        c.push(
            Diagnostic::warning(
                "W-STAFF-TRANSFER-REASON",
                f.place_of("reasons"),
                "l'analyse de L1224-1 se fait au cas par cas : sans raisons, elle ne se défend pas",
                "the L1224-1 analysis is made case by case: without reasons, it cannot be defended",
            )
            .help(
                "écrivez pourquoi : moyens organisés, objet propre, identité conservée, ou leur absence",
                "write why: organised means, own objective, identity kept, or their absence",
            ),
        );
    }
    if let (Some(on), Some(consulted)) = (f.date("on"), f.date("consulted_on"))
        && consulted >= on
    {
        c.push(
            Diagnostic::warning(
                "W-STAFF-TRANSFER-COUNCIL",
                f.place_of("consulted_on"),
                "le comité social et économique se consulte avant le transfert (Code du travail, L2312-8)",
                "the works council is consulted before the transfer (Code du travail, L2312-8)",
            )
            .help("corrigez l'une des deux dates", "correct one of the two dates"),
        );
    }
    if outcome == "transferred" && f.text("basis")? == "not_an_entity" {
        c.push(
            Diagnostic::error(
                "E-STAFF-TRANSFER-BASIS",
                f.place_of("basis"),
                "sans entité économique autonome, un transfert demande l'accord des intéressés",
                "without an autonomous economic entity, a transfer needs the agreement of those concerned",
            )
            .help("écrivez basis = \"agreement\", ou outcome = \"none\"", "write basis = \"agreement\", or outcome = \"none\""),
        );
    }
    says::push(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (of, people) = (says.text("of"), says.number("people").unwrap_or_default());
        let people = lang.t(format!("{people} personne{}", if people > 1 { "s" } else { "" }), format!("{people} {}", if people > 1 { "people" } else { "person" }));
        let basis = says.word("basis", lang);
        let reasons = says.get("reasons").map_or_else(
            || lang.t("sans raison donnée", "no reason given").to_owned(),
            |r| lang.t(format!("aux motifs suivants{}{r}", colon(lang)), format!("for these reasons: {r}")),
        );
        let first = format!("{of} ({people}){}{}, {basis}, {reasons}", colon(lang), outcome(lang, &says));
        parts(lang, &[first, kept(lang, &says), council(lang, &says)])
    }))
}

fn outcome(lang: Lang, says: &Says<'_>) -> String {
    let word = says.word("outcome", lang);
    let on = says.date("on", lang).map_or_else(String::new, |d| lang.t(format!(" le {d}"), format!(" on {d}")));
    let lasts = says.length("lasts", lang).map_or_else(String::new, |l| lang.t(format!(" pour {l}"), format!(" for {l}")));
    format!("{word}{on}{lasts}")
}

fn kept(lang: Lang, says: &Says<'_>) -> String {
    let rights = says.list("rights_kept", lang);
    if rights.is_empty() {
        return String::new();
    }
    lang.t(format!("les droits conservés sont{}{rights}", colon(lang)), format!("rights kept: {rights}"))
}

fn council(lang: Lang, says: &Says<'_>) -> String {
    match (says.text("works_council"), says.date("consulted_on", lang)) {
        (_, Some(on)) => lang.t(
            format!("le comité social et économique a été consulté le {on}"),
            format!("the works council was consulted on {on}"),
        ),
        ("to_be_consulted", _) => lang
            .t("le comité social et économique reste à consulter", "the works council is still to be consulted")
            .to_owned(),
        _ => lang.t("l'entreprise n'a pas de comité social et économique", "the company has no works council").to_owned(),
    }
}
