//! `allowance`: so many of something in each period, then a price each. A metered operation, said shortly.

use base::Bilingual;
use terms::{Operation, OperationTerms, Terms};

use super::objective::PERIODS;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, operations};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "allowance",
    doc: ("une quantité comprise par période, puis un prix", "so many each period, then a price"),
    example: r#"kind = "allowance"
label = "comptes"
then = { operation = "account_management", title = "Création ou clôture de compte", included = 20, per = "month", then_price = "12.00 EUR" }
"#,
    family: Family::ServiceDesk,
    run: Run::Engine,
    mode: Mode::Exclusive(&["operation"]),
    guarded: true,
    fields: &[
        Field::required("operation", Type::Text, "l'opération, par son nom court", "the operation, by its short name"),
        Field::optional("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::required("included", Type::Integer(0), "nombre compris dans la période", "number included in the period"),
        Field::required("per", Type::Choice(PERIODS), "période", "period"),
        Field::required("then_price", Type::Money, "prix de chaque unité au-delà", "price of each one beyond"),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let operation = f.text("operation")?;
    if operations::refuses_to_count_others(f, c, &operation) {
        return None;
    }
    let title = f.text("title").unwrap_or_else(|| operation.clone());
    if title != operation {
        c.name_all("operation", vec![(operation.clone(), title.clone())]);
    }
    let terms = OperationTerms::Metered {
        included: f.integer("included")?,
        per: f.one_of("per")?,
        then_price: f.money("then_price")?,
    };
    let rule = c.rule(f, Operation { operation, title, terms, ask: Vec::new() });
    c.terms.operations.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    (operations::KIND.read_back)(label, terms)
}
