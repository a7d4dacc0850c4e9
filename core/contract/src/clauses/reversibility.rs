//! `reversibility`: how the service is handed back or over: plan, rehearsal, formats, help, price.
//!
//! S-024, S-080, S-081, S-192 to S-194, S-241 and S-242; Reg. (EU) 2022/2554, art. 30(2)(d) and 30(3)(f);
//! Reg. (EU) 2023/2854, art. 23 to 31, for hosted services.

use base::{Bilingual, Lang, Length};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const TARGETS: &[&str] = &["in_house", "other_provider"];
const BY_DAY: &[&str] = &["by_day"];
const STANDING: &[&str] = &["standing_copy"];

pub const KIND: Kind = Kind {
    name: "reversibility",
    doc: (
        "la réversibilité : reprise en interne ou transfert à un autre prestataire",
        "reversibility: back in-house or on to another provider",
    ),
    example: r#"kind = "reversibility"
label = "reversibilite"
then.targets = ["in_house", "other_provider"]
then.plan_within = "90 days"
then.plan_updated_every = "12 months"
then.rehearsal_every = "12 months"
then.first_rehearsal = 2026-11-18
then.starts = "termination_notified"
then.lasts = "3 months"
then.service_level_kept = true
then.hands_over = ["données", "documentation", "scripts", "comptes d'administration"]
then.formats = ["JSON", "CSV", "PDF"]
then.proved_by = ["counts", "hashes", "reimport"]
then.secrets = "rotated"
then.price = "by_day"
then.included_days = 5
then.day_price = "620.00 EUR"
then.at_provider_fault = "free"
then.insolvency_copy = "standing_copy"
then.insolvency_copy_every = "24 h"
then.insolvency_within = "10 days"
"#,
    family: Family::Exit,
    run: Run::NotYet("l'export et la réimportation", "export and re-import"),
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("targets", Type::Choices(TARGETS), "reprise en interne, transfert à un autre prestataire", "back in-house, on to another provider"),
        Field::required("plan_within", Type::Length, "délai de remise du plan, dès le début du contrat", "when the plan is due, from the contract's start"),
        Field::required("plan_updated_every", Type::Length, "rythme de mise à jour du plan", "how often the plan is brought up to date"),
        Field::required("rehearsal_every", Type::Length, "rythme des répétitions", "how often it is rehearsed"),
        Field::optional("first_rehearsal", Type::Date, "date de la première répétition", "date of the first rehearsal"),
        Field::required("starts", Type::Choice(&["termination_notified", "contract_end"]), "départ de la phase", "what starts the phase"),
        Field::required("lasts", Type::Length, "durée de la phase", "how long the phase lasts"),
        Field::required("service_level_kept", Type::Flag, "le niveau de service est maintenu pendant la phase", "service levels are kept during the phase"),
        Field::optional("parallel_run", Type::Length, "durée de marche en double", "how long both run in parallel"),
        Field::required("hands_over", Type::Texts, "ce qui est remis", "what is handed over"),
        Field::required("formats", Type::Texts, "formats, ouverts et normalisés", "formats, open and standard"),
        Field::optional("history", Type::Months, "profondeur d'historique remise", "how much history is handed over"),
        Field::required("proved_by", Type::Choices(&["counts", "hashes", "reimport"]), "preuves que la restitution est complète", "proofs that what is handed over is complete"),
        Field::required("secrets", Type::Choice(&["rotated", "handed_over"]), "secrets : renouvelés à la remise, ou remis tels quels", "secrets: renewed on hand-over, or handed over as they are"),
        Field::required("price", Type::Choice(&["by_day", "contract_price", "included"]), "prix de l'assistance : au jour, au prix du contrat, ou comprise", "price of the help: by the day, at the contract's price, or included"),
        Field::required("included_days", Type::Integer(0), "jours compris", "days included").when("price", BY_DAY),
        Field::required("day_price", Type::Money, "prix du jour au-delà", "price of each day beyond").when("price", BY_DAY),
        Field::optional("ceiling", Type::Money, "plafond de ce prix", "ceiling of that price").when("price", BY_DAY),
        Field::required("at_provider_fault", Type::Choice(&["free", "same_price"]), "si la fin est due à la faute du prestataire : gratuite, ou au même prix", "when the end is the provider's fault: free, or at the same price"),
        Field::optional("no_charge_from", Type::Date, "date à partir de laquelle aucun frais de changement n'est dû", "day from which no switching charge is due"),
        Field::required("insolvency_copy", Type::Choice(&["standing_copy", "on_demand"]), "restitution en cas de défaillance du prestataire : copie permanente chez le client, ou à la demande", "restitution when the provider fails: standing copy with the customer, or on demand").missing("E-REV-INSOLV"),
        Field::required("insolvency_copy_every", Type::Length, "âge maximal de la copie permanente", "greatest age of the standing copy").when("insolvency_copy", STANDING),
        Field::required("insolvency_within", Type::Length, "délai de restitution dès l'ouverture de la procédure collective", "when it is handed back, from the opening of insolvency proceedings"),
        Field::optional("switching_notice", Type::Length, "préavis d'un changement de fournisseur (règlement sur les données)", "notice of a switch (Data Act)"),
        Field::optional("transition", Type::Length, "durée de la transition (règlement sur les données)", "length of the transition (Data Act)"),
        Field::optional("retrieval", Type::Length, "délai de récupération des données après la transition", "how long data may be retrieved after the transition"),
        Field::default("exportable", Type::Texts, "[]", "données exportables, liste complète", "data that can be exported, in full"),
    ],
    words: &[
        ("in_house", "le Client lui-même", "the Customer itself"),
        ("other_provider", "un autre prestataire", "another provider"),
        ("termination_notified", "la notification de la résiliation", "the notice of termination"),
        ("contract_end", "la fin du contrat", "the end of the contract"),
        ("counts", "des comptages", "counts"),
        ("hashes", "des empreintes", "hashes"),
        ("reimport", "une réimportation", "a re-import"),
        ("rotated", "renouvelés à la remise", "renewed on hand-over"),
        ("handed_over", "remis tels quels", "handed over as they are"),
        ("by_day", "au jour", "by the day"),
        ("contract_price", "au prix du contrat", "at the contract's price"),
        ("included", "comprise", "included"),
        ("free", "gratuite", "free of charge"),
        ("same_price", "au même prix", "at the same price"),
        ("standing_copy", "copie permanente chez le Client", "standing copy with the Customer"),
        ("on_demand", "à la demande", "on demand"),
        ("reversibility_plan", "le plan de réversibilité", "the reversibility plan"),
        ("reversibility_plan_update", "la mise à jour du plan de réversibilité", "the update of the reversibility plan"),
        ("reversibility_rehearsal", "la répétition de la réversibilité", "the rehearsal of the hand-over"),
        ("hand_over", "la remise complète et ses preuves", "the whole hand-over and its proofs"),
        ("insolvency_copy", "la copie permanente remise au Client", "the standing copy handed to the Customer"),
        ("insolvency_return", "la restitution des données", "the return of data"),
        ("data_retrieval", "l'accès aux données à récupérer", "access to the data to retrieve"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    doubts(f, c);
    let start = |length| DutyDue::Within { length, of: Trigger::ContractStart };
    let mut owes = |what: &str, due: DutyDue, proof| duties::push(f, c, duties::of_kind(&KIND, c, what, due, proof));
    owes("reversibility_plan", start(f.length("plan_within")?), DutyProof::Document);
    let every = |period, first| DutyDue::Every { period, first };
    owes("reversibility_plan_update", every(f.length("plan_updated_every")?, None), DutyProof::Document);
    let rehearsal = every(f.length("rehearsal_every")?, f.date("first_rehearsal"));
    owes("reversibility_rehearsal", rehearsal, DutyProof::TestRecord);
    let of: Trigger = f.one_of("starts")?;
    owes("hand_over", DutyDue::Within { length: f.length("lasts")?, of }, DutyProof::TestRecord);
    if let Some(period) = f.length("insolvency_copy_every") {
        owes("insolvency_copy", every(period, None), DutyProof::TestRecord);
    }
    let due = DutyDue::Within { length: f.length("insolvency_within")?, of: Trigger::Insolvency };
    owes("insolvency_return", due, DutyProof::Document);
    if let Some(length) = f.length("retrieval") {
        owes("data_retrieval", DutyDue::Within { length, of: Trigger::HandOverAccepted }, DutyProof::Document);
    }
    f.text("insolvency_copy")?;
    says::push(f, c);
    Some(())
}

fn doubts(f: &Fields<'_>, c: &mut Compiler) {
    let targets = f.texts("targets");
    if let Some(missing) = TARGETS.iter().find(|t| !targets.is_empty() && !targets.iter().any(|x| x == *t)) {
        c.push(
            Diagnostic::warning(
                "W-REVERSIBILITY-TARGET",
                f.place_of("targets"),
                format!("le Client ne pourrait pas aller partout : il manque « {missing} »"),
                format!("the Customer could not go everywhere: “{missing}” is missing"),
            )
            .help("écrivez targets = [\"in_house\", \"other_provider\"]", "write targets = [\"in_house\", \"other_provider\"]"),
        );
    }
    if f.text("secrets").as_deref() == Some("handed_over") {
        c.push(
            Diagnostic::warning(
                "W-REVERSIBILITY-SECRETS",
                f.place_of("secrets"),
                "des secrets remis tels quels restent connus du prestataire sortant",
                "secrets handed over as they are stay known to the outgoing provider",
            )
            .help("écrivez secrets = \"rotated\"", "write secrets = \"rotated\""),
        );
    }
    let long = |field: &str| matches!(f.length(field), Some(Length::Months(13..) | Length::Days(367..)));
    if long("rehearsal_every") {
        c.push(
            Diagnostic::warning(
                "W-REVERSIBILITY-REHEARSAL",
                f.place_of("rehearsal_every"),
                "une répétition de plus d'un an ne prouve plus que la sortie est possible",
                "a rehearsal more than a year old no longer proves that leaving is possible",
            )
            .help("écrivez rehearsal_every = \"12 months\" ou moins", "write rehearsal_every = \"12 months\" or less"),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let all = [what(lang, &says), phase(lang, &says), price(lang, &says), insolvency(lang, &says), switching(lang, &says)];
        parts(lang, &[parts(lang, &all), duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn what(lang: Lang, says: &Says<'_>) -> String {
    let targets = says.list("targets", lang).replace(lang.t(" et ", " and "), lang.t(" ou ", " or "));
    let (things, formats) = (says.list("hands_over", lang), says.list("formats", lang));
    let (proved, secrets) = (says.list("proved_by", lang), says.word("secrets", lang));
    let history = says
        .length("history", lang)
        .map_or_else(String::new, |h| lang.t(format!(", avec {h} d'historique"), format!(", with {h} of history")));
    let colon = colon(lang);
    let all = match lang {
        Lang::Fr => [
            format!("la réversibilité se fait vers {targets}"),
            format!("ce qui est remis{colon}{things} (formats{colon}{formats}){history}"),
            format!("la restitution se prouve par {proved}"),
            format!("les secrets sont {secrets}"),
        ],
        Lang::En => [
            format!("the service goes to {targets}"),
            format!("what is handed over: {things} (formats: {formats}){history}"),
            format!("completeness is proved by {proved}"),
            format!("secrets are {secrets}"),
        ],
    };
    parts(lang, &all)
}

fn phase(lang: Lang, says: &Says<'_>) -> String {
    let (lasts, starts) = (says.length("lasts", lang).unwrap_or_default(), says.word("starts", lang));
    let kept = match says.is("service_level_kept") {
        true => lang.t("le niveau de service étant maintenu", "service levels being kept"),
        false => lang.t("sans engagement de niveau de service", "without service levels"),
    };
    let double = says.length("parallel_run", lang).map_or_else(String::new, |d| {
        lang.t(format!(", avec {d} de marche en double"), format!(", with {d} in parallel"))
    });
    lang.t(
        format!("la phase dure {lasts} à partir de {starts}, {kept}{double}"),
        format!("the phase lasts {lasts} from {starts}, {kept}{double}"),
    )
}

fn price(lang: Lang, says: &Says<'_>) -> String {
    let help = match says.text("price") {
        "by_day" => by_day(lang, says),
        "contract_price" => lang.t("l'assistance est facturée au prix du contrat", "the help is billed at the contract's price").to_owned(),
        _ => lang.t("l'assistance est comprise dans le prix", "the help is included in the price").to_owned(),
    };
    let fault = match says.text("at_provider_fault") {
        "free" => lang.t("l'assistance est gratuite si la fin du contrat est due à la faute du Prestataire", "help is free of charge when the contract ends by the Provider's fault"),
        _ => lang.t("l'assistance est due même si la fin du contrat est due à la faute du Prestataire", "help is due even when the contract ends by the Provider's fault"),
    };
    let none = says.date("no_charge_from", lang).map_or_else(String::new, |d| {
        lang.t(format!("aucun frais de changement n'est dû à partir du {d}"), format!("no switching charge is due from {d} on"))
    });
    parts(lang, &[help, fault.to_owned(), none])
}

fn by_day(lang: Lang, says: &Says<'_>) -> String {
    let days = says.number("included_days").unwrap_or_default();
    let price = says.money("day_price", lang).unwrap_or_default();
    let most = says.money("ceiling", lang).map_or_else(String::new, |m| lang.t(format!(", dans la limite de {m} HT"), format!(", up to {m} net of VAT")));
    if days == 0 {
        return lang.t(format!("chaque jour d'assistance coûte {price} HT{most}"), format!("each day of help costs {price} net of VAT{most}"));
    }
    let plural = if days > 1 { "s" } else { "" };
    lang.t(
        format!("{days} jour{plural} d'assistance {} compris, puis chaque jour coûte {price} HT{most}", if days > 1 { "sont" } else { "est" }),
        format!("{days} day{plural} of help {} included, then each day costs {price} net of VAT{most}", if days > 1 { "are" } else { "is" }),
    )
}

fn insolvency(lang: Lang, says: &Says<'_>) -> String {
    match says.text("insolvency_copy") {
        "standing_copy" => lang.t("une copie permanente, tenue hors de portée du Prestataire, pare à sa défaillance", "a standing copy, kept out of the Provider's reach, covers its failure"),
        _ => lang.t("en cas de défaillance du Prestataire, les données se restituent à la demande", "when the Provider fails, data is returned on demand"),
    }
    .to_owned()
}

/// Reg. (EU) 2023/2854: the switch of a hosted service.
fn switching(lang: Lang, says: &Says<'_>) -> String {
    let length = |field| says.length(field, lang);
    let notice = length("switching_notice").map(|l| lang.t(format!("un préavis {}", read::of(&l)), format!("{l} of notice")));
    let transition = length("transition").map(|l| lang.t(format!("une transition {}", read::of(&l)), format!("a transition of {l}")));
    let retrieval = length("retrieval").map(|l| lang.t(format!("{l} pour récupérer les données"), format!("{l} to retrieve data")));
    let given: Vec<String> = [notice, transition, retrieval].into_iter().flatten().collect();
    let given = read::list(lang, &given.iter().map(String::as_str).collect::<Vec<_>>());
    let given = if given.is_empty() { given } else { lang.t(format!("le changement de fournisseur suppose {given}"), format!("a switch takes {given}")) };
    let exportable = says.list("exportable", lang);
    let exportable = if exportable.is_empty() { exportable } else { lang.t(format!("sont exportables{}{exportable}", colon(lang)), format!("what can be exported: {exportable}")) };
    parts(lang, &[given, exportable])
}
