//! `liability`: what a party answers for, how its duty is measured, and up to how much.
//!
//! Code civil 1231-1 to 1231-3 (a cap gives way to gross or wilful fault), 1170 (nor may it empty the duty).

use base::{Bilingual, Lang};
use terms::Terms;

use super::says::{self, Says};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(crate) const NATURES: &[&str] = &["means", "means_with_result_target", "result"];
const FAILURES: &[Field] = &[
    Field::required("failure", Type::Choice(&["technical", "security", "financial", "data", "delay", "compliance"]), "nature de la défaillance", "kind of failure"),
    Field::required("nature", Type::Choice(NATURES), "de moyens, de moyens avec objectif de résultat, ou de résultat", "means, means with a result target, or result"),
    Field::optional("of", Type::Labels(&[]), "promesses dont il s'agit ; absent : toutes", "promises it is about; absent: all"),
    Field::optional("cap", Type::Money, "plafond propre à cette défaillance", "cap of this failure alone"),
];

pub const KIND: Kind = Kind {
    name: "liability",
    doc: (
        "la responsabilité d'une partie : nature de l'obligation, plafond, exclusions",
        "the liability of a party: nature of its duty, cap, exclusions",
    ),
    example: r#"kind = "liability"
label = "responsabilite"
then.party = "provider"
then.nature = "means_with_result_target"
then.failures = [{ failure = "security", nature = "result" }]
then.cap = "fees"
then.cap_fees = "12 months"
then.cap_per = "contract_year"
then.uncapped = ["confidentiality", "gross_fault", "wilful_fault"]
then.exclusions = ["force majeure", "faute du Client"]
then.indirect_damage = false
then.protection = ["means_of_control"]
"#,
    family: Family::DataAndLaw,
    run: Run::Declared,
    mode: Mode::Exclusive(&["party"]),
    guarded: false,
    fields: &[
        Field::required("party", Type::Choice(&["provider", "customer"]), "la partie responsable", "the party that is liable"),
        Field::required("nature", Type::Choice(NATURES), "nature de l'obligation, sauf défaillance ci-dessous", "nature of the duty, but for the failures below"),
        Field::default("failures", Type::Tables(FAILURES), "[]", "nature propre à chaque défaillance", "nature for each kind of failure"),
        Field::required("cap", Type::Choice(&["none", "fees", "amount"]), "plafond : aucun, en redevances ou en montant", "cap: none, in fees or in money"),
        Field::required("cap_fees", Type::Months, "plafond, en mois de redevance", "cap, in months of fees").when("cap", &["fees"]),
        Field::required("cap_amount", Type::Money, "plafond, en montant", "cap, in money").when("cap", &["amount"]),
        Field::required("cap_per", Type::Choice(&["claim", "contract_year", "contract"]), "plafond par sinistre, par année contractuelle ou pour le contrat", "cap for each claim, each contract year or the contract").when("cap", &["fees", "amount"]),
        Field::optional("uncapped", Type::Choices(&["gross_fault", "wilful_fault", "bodily_harm", "confidentiality", "personal_data", "intellectual_property"]), "ce que le plafond ne couvre pas", "what the cap does not cover").when("cap", &["fees", "amount"]),
        Field::default("exclusions", Type::Texts, "[]", "causes d'exonération", "causes of exemption"),
        Field::required("indirect_damage", Type::Flag, "le dommage indirect est réparé", "indirect damage is compensated"),
        Field::optional("protection", Type::Choices(&["limited_claims", "means_of_control"]), "ce qui protège le donneur d'ordres : mise en cause limitée, ou moyens de contrôle", "what protects the customer: claims against it limited, or means of control").when("party", &["provider"]),
    ],
    words: &[
        ("means", "de moyens", "of means"),
        ("means_with_result_target", "de moyens avec engagement de résultat", "of means with a result target"),
        ("result", "de résultat", "of result"),
        ("technical", "défaillance technique", "technical failure"),
        ("security", "défaillance de sécurité", "security failure"),
        ("financial", "défaillance financière", "financial failure"),
        ("data", "perte ou altération de données", "loss or corruption of data"),
        ("delay", "retard", "delay"),
        ("compliance", "manquement à la loi", "breach of law"),
        ("fees", "en redevances", "in fees"),
        ("amount", "en montant", "in money"),
        ("claim", "par sinistre", "for each claim"),
        ("contract_year", "par année contractuelle", "in each contract year"),
        ("contract", "pour toute la durée du contrat", "for the whole contract"),
        ("gross_fault", "faute lourde", "gross fault"),
        ("wilful_fault", "faute dolosive", "wilful fault"),
        ("bodily_harm", "dommage corporel", "bodily harm"),
        ("confidentiality", "confidentialité", "confidentiality"),
        ("personal_data", "données personnelles", "personal data"),
        ("intellectual_property", "propriété intellectuelle", "intellectual property"),
        ("limited_claims", "la mise en cause du donneur d'ordres est limitée", "claims against the Customer are limited"),
        ("means_of_control", "le donneur d'ordres dispose de moyens de contrôle", "the Customer has means of control"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let capped = f.text("cap")? != "none";
    f.text("party")?;
    f.text("nature")?;
    if capped && !f.texts("uncapped").iter().any(|w| w == "gross_fault") {
        c.push(
            Diagnostic::warning(
                "W-LIABILITY-GROSS",
                f.place_of(if f.has("uncapped") { "uncapped" } else { "cap" }),
                "le plafond paraît couvrir la faute lourde : un juge l'écarterait",
                "the cap seems to cover gross fault: a judge would set it aside",
            )
            .help(
                "ajoutez \"gross_fault\" et \"wilful_fault\" à uncapped (Code civil, 1231-3)",
                "add \"gross_fault\" and \"wilful_fault\" to uncapped (French Civil Code, 1231-3)",
            ),
        );
    }
    says::push_plain(f, c);
    says::push_rows(f, c, &KIND, "failures");
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (party, nature) = (owed::party(lang, says.text("party")), says.word("nature", lang));
        let mut parts = vec![lang.t(
            format!("{party} est tenu d'une obligation {nature}"),
            format!("{party} is bound by an obligation {nature}"),
        )];
        parts.extend(says::rows(label, &KIND, "failures", terms).map(|row| failure(lang, &row)));
        parts.push(cap(lang, &says));
        let indirect = match says.is("indirect_damage") {
            true => lang.t("le dommage indirect est réparé", "indirect damage is compensated"),
            false => lang.t("le dommage indirect n'est pas réparé", "indirect damage is not compensated"),
        };
        parts.push(indirect.to_owned());
        if says.has("exclusions") {
            let causes = says.text("exclusions");
            parts.push(lang.t(format!("exonération\u{a0}: {causes}"), format!("exempted by: {causes}")));
        }
        if says.has("protection") {
            parts.push(says.list("protection", lang));
        }
        parts.join(lang.t("\u{202f}; ", "; "))
    }))
}

fn failure(lang: Lang, row: &Says<'_>) -> String {
    let (failure, nature) = (row.word("failure", lang), row.word("nature", lang));
    let of = match row.has("of") {
        true => format!(" [{}]", row.text("of")),
        false => String::new(),
    };
    let cap = row.money("cap", lang).map_or_else(String::new, |cap| {
        lang.t(format!(", plafonnée à {cap}"), format!(", capped at {cap}"))
    });
    lang.t(format!("{failure}{of}\u{a0}: obligation {nature}{cap}"), format!("{failure}{of}: obligation {nature}{cap}"))
}

fn cap(lang: Lang, says: &Says<'_>) -> String {
    let most = match says.text("cap") {
        "fees" => says.length("cap_fees", lang).map(|m| lang.t(format!("{m} de redevance"), format!("{m} of fees"))),
        "amount" => says.money("cap_amount", lang),
        _ => None,
    };
    let Some(most) = most else {
        return lang.t("sans plafond".to_owned(), "without a cap".to_owned());
    };
    let per = says.word("cap_per", lang);
    let except = match says.has("uncapped") {
        true => lang.t(format!(", sauf {}", says.list("uncapped", lang)), format!(", except {}", says.list("uncapped", lang))),
        false => String::new(),
    };
    lang.t(format!("la réparation est plafonnée à {most} {per}{except}"), format!("compensation is capped at {most} {per}{except}"))
}
