//! `budget`: a sum for a period, the threshold that warns, and what happens beyond.

use base::{Bilingual, lang};
use terms::rates::WhenExceeded;
use terms::{Budget, Terms};

use super::objective::{PERIODS, each};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "budget",
    doc: ("un budget, son alerte et son dépassement", "a budget, its warning and what happens beyond"),
    example: r#"kind = "budget"
label = "budget-evolutions"
then = { title = "Évolutions", amount = "30000.00 EUR", per = "contract_year", when_exceeded = "approve" }
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
    };
    let rule = c.rule(f, budget);
    c.terms.budgets.push(rule);
    Some(())
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
        lang.t(
            format!("{each}, le budget « {title} » est de {amount} HT, avec une alerte à {alert}\u{202f}; {beyond}"),
            format!("{each}, the budget “{title}” is {amount} net of VAT, with a warning at {alert}; {beyond}"),
        )
    }))
}
