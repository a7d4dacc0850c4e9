//! What is in danger, from the living contract to the rows of the team's page.

use app::live::{Danger as Found, LeftOut as Left, Margin, Standing, What, WhyLeftOut};

use super::words;
use crate::design::{CustomerRef, Lang, format};
use crate::pages::team::{Danger, Dangers, LeftOut};

pub(super) fn shown(read: &app::live::Dangers, lang: Lang) -> Dangers {
    let mut all = Dangers {
        left_out: left_out(&read.left_out),
        since: read.since.map(words::local),
        ..Dangers::default()
    };
    for one in &read.found {
        match &one.what {
            What::Objective(name, margin) => {
                let name = words::capital(name.get(words::core(lang)));
                all.objectives.push(danger(one, name, margin_of(*margin, lang), lang));
            }
            What::Meter => {
                let evidence = one.live.evidence.first().map(|e| e.text.get(words::core(lang)).to_owned());
                all.meters.push(danger(one, one.contract.clone(), evidence.unwrap_or_default(), lang));
            }
        }
    }
    all
}

/// By the reason why.
pub(in crate::site) fn left_out(all: &[Left]) -> LeftOut {
    let of = |why| all.iter().filter(|one| one.why == why).map(|one| one.name.clone()).collect();
    LeftOut { failing: of(WhyLeftOut::Failing), waiting: of(WhyLeftOut::Waiting) }
}

fn danger(one: &Found, what: String, margin: String, lang: Lang) -> Danger {
    let customer = CustomerRef {
        id: one.customer,
        slug: one.slug.clone(),
        name: one.customer_name.clone(),
        contract: Some(one.contract.clone()),
    };
    let figure = one.live.figure.as_ref().map(|figure| figure.get(words::core(lang)).to_owned());
    let exact = one.live.exact.as_ref().map(|exact| exact.get(words::core(lang)).to_owned());
    Danger {
        exact,
        what,
        article: words::short_article(&one.clause.article),
        href: words::clause_href(&customer, &one.clause),
        missed: one.live.standing == Standing::Missed,
        figure: figure.unwrap_or_default(),
        margin,
        customer,
    }
}

/// « plus aucun manquement admis ».
fn margin_of(margin: Margin, lang: Lang) -> String {
    match margin {
        Margin::Gone | Margin::Unsaid => String::new(),
        Margin::Misses(0) => lang.t("plus aucun manquement admis", "no more failure allowed").into(),
        Margin::Misses(1) => lang.t("encore un manquement admis", "one more failure allowed").into(),
        Margin::Misses(n) => match lang {
            Lang::Fr => format!("encore {n} manquements admis"),
            Lang::En => format!("{n} more failures allowed"),
        },
        Margin::Seconds(seconds) => {
            let left = format::minutes(words::minutes(seconds), lang);
            match lang {
                Lang::Fr => format!("encore {left} d’interruption admises"),
                Lang::En => format!("{left} more of interruption allowed"),
            }
        }
    }
}
