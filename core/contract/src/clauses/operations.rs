//! `operations`: kinds of work, and on what terms each is done.

use base::{Bilingual, Lang, Money};
use terms::commitment::Period;
use terms::operation::OTHER;
use terms::{Operation, OperationTerms, Terms};

use super::objective::each;
use super::says::parts;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, questions, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "operations",
    doc: ("un travail : inclus, compté, au temps passé, sur devis ou exclu", "work that is included, metered, at a rate, quoted or excluded"),
    example: r#"kind = "operations"
label = "visites"
then = { operation = "on_site_visit", title = "Intervention sur site", terms = "metered", included_per_month = 4, then_price = "95.00 EUR" }
"#,
    family: Family::Perimeter,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("operation", Type::Text, "l'opération, par son nom court ; other : tout travail qui n'est pas listé", "the operation, by its short name; other: all work that is not listed"),
        Field::optional("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::required(
            "terms",
            Type::Choice(&["included", "metered", "at_rate", "quoted", "excluded"]),
            "incluse, comptée, au temps passé, sur devis ou exclue",
            "included, metered, at a rate, quoted or excluded",
        ),
        Field::optional("included_per_month", Type::Integer(0), "nombre inclus par mois", "number included each month")
            .when("terms", &["metered"]),
        Field::optional(
            "included_per_quarter",
            Type::Integer(0),
            "nombre inclus par trimestre civil",
            "number included each civil quarter",
        )
        .when("terms", &["metered"]),
        Field::optional(
            "included_per_contract_year",
            Type::Integer(0),
            "nombre inclus par année contractuelle",
            "number included each contract year",
        )
        .when("terms", &["metered"]),
        Field::required("then_price", Type::Money, "prix de chaque unité au-delà", "price of each one beyond")
            .when("terms", &["metered"]),
        Field::required("profile", Type::Text, "le profil dont le tarif s'applique", "the profile whose rate applies")
            .when("terms", &["at_rate"]),
        Field::optional(
            "up_to",
            Type::Money,
            "maximum hors taxes, à ne pas dépasser sans nouvel accord\u{202f}; sans lui, un maximum est accepté avant chaque travail",
            "the most it may come to, net of VAT, without another agreement; without it, a maximum is agreed to before each piece of work",
        )
        .when("terms", &["at_rate"]),
        questions::FIELD,
    ],
    words: &[],
    compile,
    read_back,
};

const INCLUDED: [(&str, Period); 3] = [
    ("included_per_month", Period::Month),
    ("included_per_quarter", Period::Quarter),
    ("included_per_contract_year", Period::ContractYear),
];

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let operation = f.text("operation")?;
    let terms = match f.text("terms")?.as_str() {
        "included" => OperationTerms::Included,
        "quoted" => OperationTerms::Quoted,
        "excluded" => OperationTerms::Excluded,
        "at_rate" => OperationTerms::AtRate { profile: f.text("profile")?, up_to: f.money("up_to") },
        _ if refuses_to_count_others(f, c, &operation) => return None,
        _ => metered(f, c)?,
    };
    let title = f.text("title").unwrap_or_else(|| operation.clone());
    if title != operation {
        c.name_all("operation", vec![(operation.clone(), title.clone())]);
    }
    let ask = questions::read(f, c)?;
    let rule = c.rule(f, Operation { operation, title, terms, ask });
    c.terms.operations.push(rule);
    Some(())
}

/// Other work is of every sort: counting it all together, against one number at one price, would say that each
/// of these is worth the others, which no contract means. Reported at the operation; whether it was.
pub(super) fn refuses_to_count_others(f: &Fields<'_>, c: &mut Compiler, operation: &str) -> bool {
    if operation != OTHER {
        return false;
    }
    c.push(
        Diagnostic::error(
            "E-OPERATIONS-OTHER",
            f.place_of("operation"),
            "« other » désigne tout travail qui n'est pas listé\u{a0}: on ne peut ni le compter ni lui donner un prix unique",
            "“other” stands for all work that is not listed: it can be neither counted nor given one price",
        )
        .help(
            "nommez l'opération comptée, et écrivez pour other : terms = \"quoted\", \"included\" ou \"excluded\"",
            "name the metered operation, and write for other: terms = \"quoted\", \"included\" or \"excluded\"",
        ),
    );
    true
}

fn metered(f: &Fields<'_>, c: &mut Compiler) -> Option<OperationTerms> {
    let given: Vec<(u32, Period)> =
        INCLUDED.into_iter().filter_map(|(name, per)| Some((f.integer(name)?, per))).collect();
    let [(included, per)] = given[..] else {
        c.push(
            Diagnostic::error(
                "E-OPERATIONS-INCLUDED",
                f.place(),
                "une opération comptée inclut un nombre par mois, par trimestre ou par année",
                "a metered operation includes a number each month, quarter or year",
            )
            .help(
                "gardez une seule clé : included_per_month, included_per_quarter ou included_per_contract_year",
                "keep one key: included_per_month, included_per_quarter or included_per_contract_year",
            ),
        );
        return None;
    };
    Some(OperationTerms::Metered { included, per, then_price: f.money("then_price")? })
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.operations, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let on = match &then.terms {
            OperationTerms::Included => {
                lang.t("au forfait, sans limite".to_owned(), "included in the fee, without limit".to_owned())
            }
            OperationTerms::Metered { included, per, then_price } => {
                let (price, each) = (then_price.show(lang), each(lang, *per));
                lang.t(
                    format!("{included} au forfait {each}, puis {price} HT l'unité"),
                    format!("{included} in the fee {each}, then {price} each, net of VAT"),
                )
            }
            OperationTerms::AtRate { profile, up_to } => at_rate(lang, terms, profile, *up_to),
            OperationTerms::Quoted => {
                lang.t("sur devis accepté".to_owned(), "once a quotation is accepted".to_owned())
            }
            OperationTerms::Excluded => lang.t("hors du contrat".to_owned(), "not under this contract".to_owned()),
        };
        let first = lang.t(format!("« {} »\u{a0}: {on}", then.title), format!("“{}”: {on}", then.title));
        parts(lang, &[first, questions::sentence(lang, &then.ask)])
    }))
}

fn at_rate(lang: Lang, terms: &Terms, profile: &str, up_to: Option<Money>) -> String {
    let rate = terms.rates.iter().find(|r| r.then.profile == profile);
    let title = rate.map_or(profile, |r| &r.then.title);
    let (fr, en) = match up_to.map(|most| most.show(lang)) {
        Some(most) => (
            format!("dans la limite de {most} HT sans nouvel accord"),
            format!("up to {most} net of VAT without another agreement"),
        ),
        None => (
            "dans la limite d'un maximum accepté avant le travail".to_owned(),
            "up to a maximum agreed to before the work".to_owned(),
        ),
    };
    lang.t(
        format!("au temps passé, au tarif « {title} », {fr}"),
        format!("paid by the time spent, at the rate “{title}”, {en}"),
    )
}
