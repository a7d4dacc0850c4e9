//! `termination`: one right to end the contract early: who has it, what opens it, what it costs.
//!
//! One clause for each right. Code civil, 1212 and 1224 to 1230; Code de commerce, L442-1 II (an
//! established relation is not broken without sufficient notice); Reg. (EU) 2022/2554, art. 28(7).

use base::{Bilingual, Lang, Length, lang};
use terms::commitment::Period;
use terms::right::{Compensation, Holder, Right, RightTrigger};
use terms::{Terms, Trigger};

use super::objective::PERIODS;
use super::says::{self, ordinal};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) const HOLDERS: &[&str] = &["customer", "provider", "either"];
const MEASURED: &[&str] = &["missed"];
const COUNTED: &[&str] = &["missed", "cap_reached"];
pub(super) const EVENTS: &[&str] = &[
    "change_of_control",
    "certificate_lost",
    "insolvency",
    "dispute_raised",
    "security_incident",
    "personal_data_breach",
    "change_of_subcontractor",
    "change_of_location",
];

pub const KIND: Kind = Kind {
    name: "termination",
    doc: ("un droit de résilier avant l'échéance", "a right to end the contract early"),
    example: r#"kind = "termination"
label = "sortie-anticipee"
then.holder = "customer"
then.on = "will"
then.from_month = 18
then.effect = "after_notice"
then.notice = "3 months"
then.compensation = "share_of_remaining_fees"
then.compensation_rate = "20 %"
then.taxable = true
"#,
    family: Family::Parties,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("holder", Type::Choice(HOLDERS), "qui peut résilier", "who may end the contract"),
        Field::required(
            "on",
            Type::Choice(&["will", "breach", "force_majeure", "event", "authority", "missed", "cap_reached"]),
            "ce qui ouvre ce droit",
            "what opens this right",
        ),
        Field::required("event", Type::Choice(EVENTS), "l'événement qui l'ouvre", "the event that opens it")
            .when("on", &["event"]),
        Field::required("longer_than", Type::Length, "durée au-delà de laquelle il s'ouvre", "how long it must have lasted")
            .when("on", &["force_majeure"]),
        Field::required(
            "objective",
            Type::Label(&["objective", "availability"]),
            "étiquette de l'objectif mesuré",
            "label of the objective measured",
        )
        .when("on", MEASURED),
        Field::required("under", Type::Percent, "seuil en dessous duquel une période compte", "rate below which a period counts")
            .when("on", MEASURED),
        Field::required("per", Type::Choice(PERIODS), "période mesurée", "period measured").when("on", MEASURED),
        Field::required("times", Type::Integer(1), "nombre de périodes manquées", "number of periods missed")
            .when("on", COUNTED),
        Field::required("of", Type::Integer(1), "sur combien de périodes, les dernières", "out of how many, the last ones")
            .when("on", COUNTED),
        Field::required("cure", Type::Length, "délai pour réparer, dès la mise en demeure", "time to mend, from the formal notice")
            .when("on", &["breach"]),
        Field::optional(
            "from_month",
            Type::Integer(1),
            "mois du contrat à partir duquel il peut être exercé",
            "month of the contract from which it may be used",
        ),
        Field::optional(
            "usable_within",
            Type::Length,
            "délai pour l'exercer dès son ouverture ; sans cela, aucun",
            "how long it stays open once opened; without it, no limit",
        ),
        Field::required(
            "effect",
            Type::Choice(&["after_notice", "immediate"]),
            "après un préavis, ou dès la notification",
            "after a notice period, or on notification",
        ),
        Field::required("notice", Type::Length, "préavis", "notice").when("effect", &["after_notice"]),
        Field::required(
            "compensation",
            Type::Choice(&["none", "share_of_remaining_fees"]),
            "ce que la résiliation coûte à qui l'exerce",
            "what ending costs whoever ends",
        ),
        Field::required(
            "compensation_rate",
            Type::Percent,
            "part des redevances restant à courir",
            "share of the fees that remained",
        )
        .when("compensation", &["share_of_remaining_fees"]),
        Field::required("taxable", Type::Flag, "soumise à la TVA", "subject to VAT")
            .when("compensation", &["share_of_remaining_fees"]),
        Field::default(
            "form",
            Type::Choice(&["registered_letter", "electronic_registered_letter", "written"]),
            "\"registered_letter\"",
            "forme de la notification",
            "form of the notification",
        ),
        Field::optional("part", Type::Text, "ce qui prend fin, si ce n'est pas tout le contrat", "what ends, when not the whole contract"),
    ],
    words: &[
        ("will", "sans motif", "at will"),
        ("breach", "manquement", "breach"),
        ("force_majeure", "force majeure", "force majeure"),
        ("event", "événement", "event"),
        ("authority", "demande d'une autorité", "request of an authority"),
        ("missed", "objectif manqué", "objective missed"),
        ("cap_reached", "plafond des pénalités atteint", "cap of penalties reached"),
        ("change_of_control", "changement de contrôle", "change of control"),
        ("certificate_lost", "perte d'une certification", "loss of a certificate"),
        ("insolvency", "procédure collective", "insolvency proceedings"),
        ("dispute_raised", "différend", "dispute"),
        ("security_incident", "incident de sécurité", "security incident"),
        ("personal_data_breach", "violation de données", "personal data breach"),
        ("change_of_subcontractor", "changement de sous-traitant", "change of subcontractor"),
        ("change_of_location", "changement de lieu", "change of location"),
        ("after_notice", "après préavis", "after notice"),
        ("immediate", "immédiat", "immediate"),
        ("share_of_remaining_fees", "part des redevances restantes", "share of the remaining fees"),
        ("registered_letter", "lettre recommandée avec avis de réception", "registered letter with receipt"),
        ("electronic_registered_letter", "lettre recommandée électronique", "electronic registered letter"),
        ("written", "écrit", "written notice"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let right = Right {
        holder: f.one_of("holder")?,
        trigger: trigger(f, c)?,
        from_month: f.integer("from_month"),
        usable_within: f.length("usable_within"),
        notice: notice(f, "effect", "notice")?,
        cure: f.length("cure"),
        compensation: compensation(f)?,
    };
    let rule = c.rule(f, right);
    c.terms.rights.push(rule);
    // The form of the notice and the part that ends are for people: no engine decides on them.
    says::push(f, c);
    Some(())
}

/// The notice, or none when the effect is immediate. The outer `None`: a field is missing.
pub(super) fn notice(f: &Fields<'_>, effect: &str, notice: &str) -> Option<Length> {
    match f.text(effect)?.as_str() {
        "immediate" => Some(Length::Days(0)),
        _ => f.length(notice),
    }
}

/// The compensation, if there is one. The outer `None`: a field is missing.
pub(super) fn compensation(f: &Fields<'_>) -> Option<Option<Compensation>> {
    match f.text("compensation")?.as_str() {
        "none" => Some(None),
        _ => Some(Some(Compensation { rate: f.percent("compensation_rate")?, taxable: f.flag("taxable")? })),
    }
}

fn trigger(f: &Fields<'_>, c: &mut Compiler) -> Option<RightTrigger> {
    Some(match f.text("on")?.as_str() {
        "will" => RightTrigger::Will,
        "breach" => RightTrigger::Breach,
        "force_majeure" => RightTrigger::ForceMajeure { longer_than: f.length("longer_than")? },
        "event" => RightTrigger::Event { event: f.one_of("event")? },
        "authority" => RightTrigger::Authority,
        "missed" => {
            let (times, of) = times(f, c)?;
            RightTrigger::Missed {
                objective: f.text("objective")?,
                under: f.percent("under")?,
                per: f.one_of("per")?,
                times,
                of,
            }
        }
        _ => {
            let (times, of) = times(f, c)?;
            RightTrigger::CapReached { times, of }
        }
    })
}

fn times(f: &Fields<'_>, c: &mut Compiler) -> Option<(u32, u32)> {
    let (times, of) = (f.integer("times")?, f.integer("of")?);
    if times > of {
        c.push(
            Diagnostic::error(
                "E-TERMINATION-TIMES",
                f.place_of("times"),
                format!("{times} périodes sur {of} : ce droit ne s'ouvrira jamais"),
                format!("{times} periods out of {of}: this right will never open"),
            )
            .help(
                format!("écrivez times = {of} au plus, ou un « of » plus grand"),
                format!("write times = {of} at most, or a larger “of”"),
            ),
        );
        return None;
    }
    Some((times, of))
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.rights, label)?;
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(rule, terms, |lang| {
        let form = says.word("form", lang);
        let part = says.get("part").map_or(lang.t("le contrat", "the contract"), |p| p);
        lang.t(
            format!("{}, par {form}", right(lang, &rule.then, part)),
            format!("{}, by {form}", right(lang, &rule.then, part)),
        )
    }))
}

/// « le Client peut résilier le contrat sans motif, moyennant un préavis de trois mois, sans indemnité ».
pub(super) fn right(lang: Lang, right: &Right, part: &str) -> String {
    let who = holder(lang, right.holder);
    let from = right.from_month.map_or_else(String::new, |n| {
        let n = ordinal(lang, n);
        lang.t(format!("à partir du {n} mois, "), format!("from the {n} month on, "))
    });
    let why = reason(lang, right);
    let within = right.usable_within.map_or_else(String::new, |w| {
        let w = w.in_words(lang);
        lang.t(format!(", dans un délai {} dès l'ouverture de ce droit", read::of(&w)), format!(", within {w} of that right opening"))
    });
    let notice = match right.notice {
        Length::Days(0) => lang.t("avec effet immédiat".to_owned(), "with immediate effect".to_owned()),
        length => {
            let words = length.in_words(lang);
            lang.t(format!("moyennant un préavis {}", read::of(&words)), format!("on {words}{} notice", if words.ends_with('s') { "’" } else { "’s" }))
        }
    };
    let cost = cost(lang, right.compensation.as_ref());
    lang.t(
        format!("{from}{who} peut résilier {part} {why}{within}, {notice} et {cost}"),
        format!("{from}{who} may end {part} {why}{within}, {notice} and {cost}"),
    )
}

fn holder(lang: Lang, holder: Holder) -> &'static str {
    match holder {
        Holder::Customer => lang.t("le Client", "the Customer"),
        Holder::Provider => lang.t("le Prestataire", "the Provider"),
        Holder::Either => lang.t("chaque Partie", "either Party"),
    }
}

fn cost(lang: Lang, compensation: Option<&Compensation>) -> String {
    let Some(Compensation { rate, taxable }) = compensation else {
        return lang.t("sans indemnité", "without compensation").to_owned();
    };
    let rate = lang::percent(lang, *rate);
    let tax = match taxable {
        true => lang.t("soumis à la TVA", "subject to VAT"),
        false => lang.t("hors du champ de la TVA", "outside VAT"),
    };
    lang.t(
        format!("contre paiement de {rate} des redevances restant à courir, {tax}"),
        format!("against payment of {rate} of the fees that remained to run, {tax}"),
    )
}

fn reason(lang: Lang, right: &Right) -> String {
    match &right.trigger {
        RightTrigger::Will => lang.t("sans motif", "at will").to_owned(),
        RightTrigger::Breach => {
            let cure = right.cure.map_or_else(String::new, |c| c.in_words(lang));
            lang.t(
                format!("en cas de manquement de l'autre, non réparé dans un délai {} à compter de la mise en demeure", read::of(&cure)),
                format!("for a breach by the other that is not mended within {cure} of formal notice"),
            )
        }
        RightTrigger::ForceMajeure { longer_than } => {
            let longer = longer_than.in_words(lang);
            lang.t(
                format!("si un cas de force majeure dure plus {}", read::of(&longer)),
                format!("if force majeure lasts for more than {longer}"),
            )
        }
        RightTrigger::Event { event } => after(lang, *event),
        RightTrigger::Authority => lang
            .t("à la demande d'une autorité ou d'une juridiction", "at the request of an authority or a court")
            .to_owned(),
        RightTrigger::Missed { objective, under, per, times, of } => {
            let under = lang::percent(lang, *under);
            let counted = counted(lang, *per, *times, *of);
            lang.t(
                format!("si le taux de [{objective}] est inférieur à {under} pendant {counted}"),
                format!("if the rate of [{objective}] is below {under} in {counted}"),
            )
        }
        RightTrigger::CapReached { times, of } => {
            let counted = counted(lang, Period::Month, *times, *of);
            lang.t(
                format!("si le plafond des pénalités est atteint pendant {counted}"),
                format!("if the cap of penalties is reached in {counted}"),
            )
        }
    }
}

fn after(lang: Lang, event: Trigger) -> String {
    let event = event.name();
    lang.t(format!("à la suite {}", event.fr), format!("after {}", event.en))
}

/// « 3 trimestres civils sur les 4 derniers », “3 civil quarters of the last 4”.
fn counted(lang: Lang, per: Period, times: u32, of: u32) -> String {
    let (fr, en, last) = match per {
        Period::Month => (["mois", "mois"], ["month", "months"], "derniers"),
        Period::Quarter => {
            (["trimestre civil", "trimestres civils"], ["civil quarter", "civil quarters"], "derniers")
        }
        Period::ContractYear => {
            (["année contractuelle", "années contractuelles"], ["contract year", "contract years"], "dernières")
        }
    };
    let word = lang.t(fr, en)[usize::from(times > 1)];
    match (times, of) {
        (1, 1) => lang.t(format!("1 {word}"), format!("1 {word}")),
        (times, of) if times == of => lang.t(format!("{times} {word} de suite"), format!("{times} {word} running")),
        (times, of) => lang.t(format!("{times} {word} sur les {of} {last}"), format!("{times} of the last {of} {word}")),
    }
}
