//! `personal_data`: one processing of personal data on the controller's behalf, as GDPR 28(3) wants it written.

use base::{Bilingual, Lang, Length};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const FRAMED: &[&str] = &["adequacy", "standard_clauses", "binding_rules", "derogation"];

pub const KIND: Kind = Kind {
    name: "personal_data",
    doc: (
        "un traitement de données personnelles confié au prestataire (RGPD, art. 28)",
        "a processing of personal data entrusted to the provider (GDPR, art. 28)",
    ),
    example: r#"kind = "personal_data"
label = "donnees-personnelles"
then.object = "administration et assistance du système d'information"
then.lasts = "la durée du contrat"
then.nature = "consultation, sauvegarde et restauration"
then.purpose = "le maintien en condition opérationnelle"
then.data = ["identité", "messagerie", "dossiers des ressources humaines"]
then.persons = ["salariés du Client"]
then.role = "processor"
then.instructions = true
then.confidentiality = true
then.security = true
then.sub_processors = "specific"
then.rights_within = "5 working_days"
then.assistance = "included"
then.breach_notice = "24 h"
then.end = "return_then_delete"
then.end_within = "30 days"
then.audits = true
then.transfers = "none"
"#,
    family: Family::DataAndLaw,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("object", Type::Text, "objet du traitement", "subject matter of the processing"),
        Field::required("lasts", Type::Text, "durée du traitement", "duration of the processing"),
        Field::required("nature", Type::Text, "nature des opérations", "nature of the operations"),
        Field::required("purpose", Type::Text, "finalité", "purpose"),
        Field::required("data", Type::Texts, "types de données", "types of personal data"),
        Field::required("persons", Type::Texts, "catégories de personnes concernées", "categories of data subjects"),
        Field::optional("special_data", Type::Texts, "données sensibles ou à protection renforcée : santé, NIR…", "special categories or data under tighter rules: health, national number…"),
        Field::required("role", Type::Choice(&["processor", "sub_processor"]), "le Prestataire est sous-traitant du Client responsable, ou sous-traitant ultérieur", "the Provider is the processor of the Customer as controller, or a further processor"),
        Field::required("instructions", Type::Flag, "a) n'agit que sur instruction documentée, et alerte si elle enfreint le droit", "(a) acts only on documented instructions, and warns when one breaks the law"),
        Field::required("confidentiality", Type::Flag, "b) personnes engagées à la confidentialité", "(b) people bound to confidentiality"),
        Field::required("security", Type::Flag, "c) mesures de sécurité de l'article 32", "(c) security measures of article 32"),
        Field::required("sub_processors", Type::Choice(&["forbidden", "specific", "general"]), "d) sous-traitants ultérieurs : interdits, sur autorisation de chacun, ou autorisation générale", "(d) other processors: forbidden, each authorised, or generally authorised"),
        Field::required("rights_within", Type::Length, "e) délai d'aide aux demandes des personnes", "(e) delay to help with data subjects' requests"),
        Field::required("assistance", Type::Choice(&["included", "rates"]), "f) aide aux articles 32 à 36 : comprise ou au tarif", "(f) help with articles 32 to 36: included or at the rates"),
        Field::required("end", Type::Choice(&["return", "delete", "return_then_delete"]), "g) au terme : restitution, effacement, ou l'une puis l'autre", "(g) at the end: return, deletion, or one then the other"),
        Field::required("end_within", Type::Length, "g) délai, depuis la fin du contrat", "(g) delay, from the end of the contract"),
        Field::required("audits", Type::Flag, "h) informations et audits ouverts au responsable", "(h) information and audits open to the controller"),
        Field::required("breach_notice", Type::Length, "délai pour signaler une violation de données", "delay to report a personal data breach"),
        Field::required("transfers", Type::Choice(&["none", "adequacy", "standard_clauses", "binding_rules", "derogation"]), "transferts hors de l'Espace économique européen, et leur fondement", "transfers outside the European Economic Area, and their ground"),
        Field::required("transfer_countries", Type::Countries, "pays de ces transferts", "countries of these transfers").when("transfers", FRAMED),
        Field::optional("contact", Type::Label(&["contacts"]), "délégué à la protection des données ou contact", "data protection officer or contact"),
    ],
    words: &[
        ("processor", "sous-traitant", "processor"),
        ("sub_processor", "sous-traitant ultérieur", "further processor"),
        ("forbidden", "interdit", "forbidden"),
        ("specific", "soumis à l'autorisation écrite de chacun", "each authorised in writing"),
        ("general", "autorisé de façon générale, sur annonce", "generally authorised, on notice"),
        ("included", "comprise dans la redevance", "included in the fee"),
        ("rates", "facturée au tarif", "billed at the rates"),
        ("return", "restitution", "return"),
        ("delete", "effacement", "deletion"),
        ("return_then_delete", "restitution puis effacement", "return then deletion"),
        ("none", "aucun", "none"),
        ("adequacy", "décision d'adéquation", "adequacy decision"),
        ("standard_clauses", "clauses contractuelles types", "standard contractual clauses"),
        ("binding_rules", "règles d'entreprise contraignantes", "binding corporate rules"),
        ("derogation", "dérogation de l'article 49", "derogation of article 49"),
        ("rights_help", "son aide à une demande d'une personne concernée", "its help with a request of a data subject"),
        ("breach_notice", "le signalement de la violation de données", "the report of the personal data breach"),
        ("data_return", "la restitution des données personnelles", "the return of personal data"),
        ("data_deletion", "l'effacement des données personnelles", "the deletion of personal data"),
        ("data_return_deletion", "la restitution puis l'effacement des données personnelles", "the return then the deletion of personal data"),
        ("processor_record", "la tenue du registre des traitements (RGPD, art. 30(2))", "the record of processing (GDPR, art. 30(2))"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let within = |field, of| Some(DutyDue::Within { length: f.length(field)?, of });
    owed::owe(f, c, &KIND, "rights_help", within("rights_within", Trigger::Request)?, DutyProof::Document);
    let breach = within("breach_notice", Trigger::PersonalDataBreach)?;
    owed::owe(f, c, &KIND, "breach_notice", breach, DutyProof::Notice);
    let what = match f.text("end")?.as_str() {
        "return" => "data_return",
        "delete" => "data_deletion",
        _ => "data_return_deletion",
    };
    owed::owe(f, c, &KIND, what, within("end_within", Trigger::ContractEnd)?, DutyProof::Document);
    owed::owe(f, c, &KIND, "processor_record", DutyDue::Always, DutyProof::Document);
    articles(f, c);
    breach_delay(f, c);
    says::push_plain(f, c);
    Some(())
}

/// Points of GDPR 28(3) that a contract may not leave out.
fn articles(f: &Fields<'_>, c: &mut Compiler) {
    for (field, point, fr, en) in [
        ("instructions", "a", "n'agir que sur instruction documentée", "to act only on documented instructions"),
        ("confidentiality", "b", "engager les personnes à la confidentialité", "to bind people to confidentiality"),
        ("security", "c", "prendre les mesures de l'article 32", "to take the measures of article 32"),
        ("audits", "h", "ouvrir ses informations et ses locaux à l'audit", "to allow information and audits"),
    ] {
        if f.flag(field) == Some(false) {
            c.push(
                Diagnostic::error(
                    "E-PERSONAL_DATA-ARTICLE",
                    f.place_of(field),
                    format!("le contrat doit obliger le Prestataire à {fr}"),
                    format!("the contract must bind the Provider {en}"),
                )
                .help(
                    format!("écrivez {field} = true (RGPD, art. 28(3), point {point})"),
                    format!("write {field} = true (GDPR, art. 28(3)({point}))"),
                ),
            );
        }
    }
}

/// The controller has 72 real hours from its own awareness (GDPR 33): a processor that takes as long, or that
/// counts working days, leaves it late.
fn breach_delay(f: &Fields<'_>, c: &mut Compiler) {
    let late = match f.length("breach_notice") {
        Some(Length::Seconds(s)) => s >= 72 * 3600,
        Some(Length::Days(n)) => n >= 3,
        Some(Length::WorkingDays(_) | Length::Months(_)) => true,
        None => false,
    };
    if late {
        c.push(
            Diagnostic::warning(
                "W-PERSONAL_DATA-BREACH",
                f.place_of("breach_notice"),
                "ce délai ne laisse pas au Client le temps de notifier : il n'a que 72 heures, nuits et week-ends compris",
                "this delay leaves the Customer no time to notify: it has 72 hours, nights and week-ends included",
            )
            .help(
                "écrivez par exemple breach_notice = \"24 h\" (RGPD, art. 33)",
                "write for instance breach_notice = \"24 h\" (GDPR, art. 33)",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let t = |field| says.text(field);
        let special = match says.has("special_data") {
            true => lang.t(
                format!(", dont des données sensibles ({})", t("special_data")),
                format!(", including sensitive data ({})", t("special_data")),
            ),
            false => String::new(),
        };
        let role = says.word("role", lang);
        let head = lang.t(
            format!(
                "le Prestataire, {role}, traite les données suivantes\u{a0}: {}{special} (personnes concernées\u{a0}: {}\u{202f}; objet\u{a0}: {}\u{202f}; nature\u{a0}: {}\u{202f}; durée\u{a0}: {}\u{202f}; finalité\u{a0}: {})",
                t("data"), t("persons"), t("object"), t("nature"), t("lasts"), t("purpose")
            ),
            format!(
                "the Provider, as {role}, processes this data: {}{special} (data subjects: {}; subject matter: {}; nature: {}; duration: {}; purpose: {})",
                t("data"), t("persons"), t("object"), t("nature"), t("lasts"), t("purpose")
            ),
        );
        let text = owed::then_duties(&KIND, lang, format!("{head}{}", undertakings(lang, &says)), label, terms);
        format!("{text}{}", transfers(lang, &says))
    }))
}

fn undertakings(lang: Lang, says: &Says<'_>) -> String {
    let kept: Vec<&str> = [
        ("instructions", "n'agit que sur instruction documentée", "acts only on documented instructions"),
        ("confidentiality", "engage son personnel à la confidentialité", "binds its staff to confidentiality"),
        ("security", "prend les mesures de l'article 32", "takes the measures of article 32"),
        ("audits", "se prête aux audits", "allows audits"),
    ]
    .into_iter()
    .filter(|(field, _, _)| says.is(field))
    .map(|(_, fr, en)| lang.t(fr, en))
    .collect();
    let (kept, assistance) = (read::list(lang, &kept), says.word("assistance", lang));
    lang.t(
        format!("\u{202f}; il {kept}\u{202f}; son aide aux articles 32 à 36 est {assistance}"),
        format!("; it {kept}; its help with articles 32 to 36 is {assistance}"),
    )
}

fn transfers(lang: Lang, says: &Says<'_>) -> String {
    let others = says.word("sub_processors", lang);
    let out = match says.text("transfers") {
        "none" => lang.t("aucun transfert hors de l'Espace économique européen".to_owned(), "no transfer outside the European Economic Area".to_owned()),
        _ => {
            let (to, ground) = (says.text("transfer_countries"), says.word("transfers", lang));
            lang.t(format!("transferts vers {to}, fondement\u{a0}: {ground}"), format!("transfers to {to}, on this ground: {ground}"))
        }
    };
    lang.t(
        format!("\u{202f}; recours à un autre sous-traitant\u{a0}: {others}\u{202f}; {out}"),
        format!("; use of another processor: {others}; {out}"),
    )
}
