//! `budget`: a sum for a period, the threshold that warns, and what happens beyond.

use base::{Bilingual, Lang, Money, lang};
use terms::rates::{BudgetOption, WhenExceeded};
use terms::{Budget, Terms};

use super::objective::{PERIODS, each};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const OPTIONS: &[Field] = &[
    Field::required("option", Type::Text, "ce qui est proposé", "what is offered"),
    Field::required("price", Type::Money, "prix pour une période du budget, hors taxes", "price for one period of the budget, net of VAT"),
    Field::required("chosen", Type::Flag, "retenu par le Client", "chosen by the Customer"),
];

pub const KIND: Kind = Kind {
    name: "budget",
    doc: ("un budget, son alerte et son dépassement", "a budget, its warning and what happens beyond"),
    example: r#"kind = "budget"
label = "budget-evolutions"
then = { title = "Évolutions", amount = "30000.00 EUR", per = "contract_year", when_exceeded = "approve", options = [{ option = "Supervision 24 h sur 24", price = "9600.00 EUR", chosen = true }, { option = "Second site de secours", price = "24000.00 EUR", chosen = false }] }
"#,
    family: Family::Money,
    run: Run::NotYet("l'enregistrement des commandes", "the recording of orders"),
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::optional("title", Type::Text, "ce qu'il finance", "what it pays for"),
        Field::required("amount", Type::Money, "montant, hors taxes", "amount, net of VAT"),
        Field::required("per", Type::Choice(PERIODS), "période", "period"),
        Field::default("alert_at", Type::Percent, "\"80 %\"", "part consommée qui alerte", "part spent that warns"),
        Field::required(
            "when_exceeded",
            Type::Choice(&["warn", "approve", "stop"]),
            "au-delà : prévenir, demander l'accord, ou arrêter",
            "beyond: warn, ask for agreement, or stop",
        ),
        Field::optional("options", Type::Tables(OPTIONS), "ce que ce budget peut payer, chiffré ; ce qui est choisi doit y tenir", "what this budget may pay for, priced; what is chosen has to fit"),
    ],
    words: &[
        ("warn", "prévenir", "warn"),
        ("approve", "demander l'accord du Client", "ask the customer"),
        ("stop", "arrêter", "stop"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let budget = Budget {
        title: f.text("title").unwrap_or_else(|| f.label().to_owned()),
        amount: f.money("amount")?,
        per: f.one_of("per")?,
        alert_at: f.percent("alert_at")?,
        when_exceeded: f.one_of("when_exceeded")?,
        options: options(f, c)?,
    };
    if budget.left().cents < 0 {
        let over = Money::zero(budget.amount.currency) - budget.left();
        let (fr, en) = (over.show(Lang::Fr), over.show(Lang::En));
        c.push(
            Diagnostic::warning(
                "W-BUDGET-OPTIONS",
                f.place_of("options"),
                format!("les options choisies dépassent ce budget de {fr}"),
                format!("the options chosen pass this budget by {en}"),
            )
            .help("écrivez chosen = false pour l'une d'elles, ou changez amount", "write chosen = false for one of them, or change amount"),
        );
    }
    let rule = c.rule(f, budget);
    c.terms.budgets.push(rule);
    Some(())
}

/// The options, all in the currency of the budget.
fn options(f: &Fields<'_>, c: &mut Compiler) -> Option<Vec<BudgetOption>> {
    let amount = f.money("amount")?;
    let mut all = Vec::new();
    for (i, row) in f.tables("options").iter().enumerate() {
        let option = BudgetOption { title: row.text("option")?, price: row.money("price")?, chosen: row.flag("chosen")? };
        if option.price.currency != amount.currency {
            let currency = amount.currency.code();
            c.push(
                Diagnostic::error(
                    "E-BUDGET-CURRENCY",
                    f.place_of_row("options", i),
                    format!("cette option n'est pas en {currency}, comme le budget"),
                    format!("this option is not in {currency}, as the budget is"),
                )
                .help(format!("écrivez son prix en {currency}"), format!("write its price in {currency}")),
            );
            return None;
        }
        all.push(option);
    }
    Some(all)
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.budgets, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (title, amount, each) = (&then.title, then.amount.show(lang), each(lang, then.per));
        let alert = lang::percent(lang, then.alert_at);
        let beyond = match then.when_exceeded {
            WhenExceeded::Warn => lang.t("au-delà, les Parties sont prévenues", "beyond it, the parties are told"),
            WhenExceeded::Approve => lang.t("au-delà, l'accord du Client est requis", "beyond it, the customer must agree"),
            WhenExceeded::Stop => lang.t("au-delà, rien n'est plus engagé", "beyond it, nothing more is ordered"),
        };
        let options = offered(lang, then);
        lang.t(
            format!("{each}, le budget « {title} » est de {amount} HT, avec une alerte à {alert}\u{202f}; {beyond}{options}"),
            format!("{each}, the budget “{title}” is {amount} net of VAT, with a warning at {alert}; {beyond}{options}"),
        )
    }))
}

/// « ; options : Supervision (9 600,00 € HT, choisie), Second site (24 000,00 € HT)… reste 20 400,00 € ».
fn offered(lang: Lang, then: &Budget) -> String {
    if then.options.is_empty() {
        return String::new();
    }
    let all: Vec<String> = then
        .options
        .iter()
        .map(|option| {
            let (title, price) = (&option.title, option.price.show(lang));
            let chosen = if option.chosen { lang.t(", retenue", ", chosen") } else { "" };
            lang.t(format!("« {title} » ({price} HT{chosen})"), format!("“{title}” ({price} net of VAT{chosen})"))
        })
        .collect();
    let all = read::list(lang, &all.iter().map(String::as_str).collect::<Vec<_>>());
    let left = then.left();
    let over = Money::zero(left.currency) - left;
    match left.cents < 0 {
        true => {
            let over = over.show(lang);
            lang.t(format!("\u{202f}; options\u{a0}: {all}, qui le dépassent de {over} HT"), format!("; options: {all}, which pass it by {over} net of VAT"))
        }
        false => {
            let left = left.show(lang);
            lang.t(format!("\u{202f}; options\u{a0}: {all}, qui en laissent {left} HT"), format!("; options: {all}, which leave {left} of it net of VAT"))
        }
    }
}
