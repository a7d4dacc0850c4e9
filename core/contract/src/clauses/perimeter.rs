//! `perimeter`: what the contract covers: items and classes that are in, out or shared.

use base::{Bilingual, Lang};
use terms::{Coverage, PerimeterEntry, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "perimeter",
    doc: ("ce que le contrat couvre", "what the contract covers"),
    example: r#"kind = "perimeter"
label = "serveurs"
then = { class = "server", items = ["srv-fic", "srv-erp", "srv-rh"], status = "in" }
"#,
    family: Family::Perimeter,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required(
            "status",
            Type::Choice(&["in", "out", "shared"]),
            "couvert, exclu ou partagé avec un tiers",
            "in, out, or shared with a third party",
        ),
        Field::optional("class", Type::Text, "la classe d'éléments", "the class of items"),
        Field::default(
            "items",
            Type::Names,
            "[]",
            "les éléments, par nom ; aucun : toute la classe",
            "the items, by name; none: the whole class",
        ),
        Field::optional("count", Type::Integer(1), "nombre d'éléments de la classe", "number of items of the class"),
        Field::default("sites", Type::Texts, "[]", "sites concernés ; aucun : tous", "sites it holds for; none: all"),
        Field::optional("third_party", Type::Text, "le tiers exploitant", "the third party that runs it"),
        Field::default("sensitive", Type::Flag, "false", "éléments sensibles", "items that need care"),
        Field::optional("title", Type::Text, "nom de la classe", "name of the class"),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let entry = PerimeterEntry {
        status: f.one_of("status")?,
        class: f.text("class"),
        items: f.texts("items"),
        count: f.integer("count"),
        sites: f.texts("sites"),
        third_party: f.text("third_party"),
        sensitive: f.flag("sensitive")?,
    };
    if entry.class.is_none() && entry.items.is_empty() {
        c.push(
            Diagnostic::error(
                "E-PERIMETER-EMPTY",
                f.place(),
                "ce bloc ne dit pas de quoi il parle",
                "this block does not say what it speaks of",
            )
            .help("ajoutez class = \"server\" ou items = [\"srv-fic\"]", "add class = \"server\" or items = [\"srv-fic\"]"),
        );
    }
    c.name_all("item", f.titles("items"));
    if let (Some(class), Some(title)) = (&entry.class, f.text("title")) {
        c.name_all("item_class", vec![(class.clone(), title)]);
    }
    let rule = c.rule(f, entry);
    c.terms.perimeter.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.perimeter, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let what = what(lang, then, terms);
        let sites: Vec<&str> = then.sites.iter().map(|s| terms.name_of("site", s)).collect();
        let sites = if sites.is_empty() {
            String::new()
        } else {
            format!(" ({}{} {})", if sites.len() > 1 { "sites" } else { "site" }, lang.t("\u{a0}:", ":"), list(lang, &sites))
        };
        let care = if then.sensitive {
            lang.t(", à traiter comme sensible", ", to be handled as sensitive")
        } else {
            ""
        };
        let third = then.third_party.as_deref().unwrap_or(lang.t("un tiers", "a third party"));
        match then.status {
            Coverage::In => format!("{} {what}{sites}{care}", lang.t("le contrat couvre", "the contract covers")),
            Coverage::Out => {
                let run = then.third_party.as_ref().map_or_else(String::new, |t| {
                    lang.t(format!(", qui relève de {t}"), format!(", which is {t}'s"))
                });
                // « ne couvre pas toute la classe » would say that some of it is covered.
                let out = match then.items.len() {
                    0 | 1 => lang.t("est hors du contrat :", "out of the contract:"),
                    _ => lang.t("sont hors du contrat :", "out of the contract:"),
                };
                format!("{out} {what}{sites}{run}{care}")
            }
            Coverage::Shared => lang.t(
                format!("{third} exploite {what}{sites}, et le Prestataire coordonne{care}"),
                format!("{third} runs {what}{sites}, and the Provider coordinates{care}"),
            ),
        }
    }))
}

fn what(lang: Lang, then: &PerimeterEntry, terms: &Terms) -> String {
    let items: Vec<&str> = then.items.iter().map(|i| terms.name_of("item", i)).collect();
    let class = then.class.as_deref().map(|c| terms.name_of("item_class", c));
    match (class, then.count, items.is_empty()) {
        (Some(class), Some(n), true) => lang.t(
            format!("la classe « {class} » ({n} élément{})", if n > 1 { "s" } else { "" }),
            format!("the class “{class}” ({n} item{})", if n > 1 { "s" } else { "" }),
        ),
        (Some(class), _, true) => {
            lang.t(format!("toute la classe « {class} »"), format!("the whole class “{class}”"))
        }
        (Some(class), _, false) => lang.t(
            format!("{} {} (« {class} »)", elements(lang, &items), list(lang, &items)),
            format!("{} {} (“{class}”)", elements(lang, &items), list(lang, &items)),
        ),
        (None, _, _) => lang.t(
            format!("{} {}", elements(lang, &items), list(lang, &items)),
            format!("{} {}", elements(lang, &items), list(lang, &items)),
        ),
    }
}

fn elements(lang: Lang, items: &[&str]) -> &'static str {
    match items.len() {
        1 => lang.t("l'élément", "the item"),
        _ => lang.t("les éléments", "the items"),
    }
}
