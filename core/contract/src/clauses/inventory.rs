//! `inventory`: what is looked after, item by item: equipment, tools, software and services, each with its
//! place, its owner and its dates.
//!
//! The perimeter says what is covered; this clause says what each item is, so that a list seen on the ground
//! can be laid over the one signed.

use std::collections::BTreeSet;

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const ITEMS: &[Field] = &[
    Field::required("name", Type::Text, "nom de l'élément, tel que le périmètre et les tickets le nomment", "name of the item, as the perimeter and the tickets have it"),
    Field::required("owner", Type::Choice(&["customer", "provider", "third_party"]), "à qui il appartient", "whose it is"),
    Field::required("mode", Type::Choice(&["bought", "leased", "service"]), "acheté, loué, ou fourni comme un service", "bought, leased, or provided as a service"),
    Field::optional("ends", Type::Date, "dernier jour de la location ou du service", "last day of the lease or of the service"),
    Field::optional("serial", Type::Text, "numéro de série", "serial number"),
    Field::optional("since", Type::Date, "jour de mise en service : l'âge s'en compte", "day it was put into service: its age counts from it"),
    Field::optional("warranty_until", Type::Date, "dernier jour de garantie", "last day of its warranty"),
    Field::optional("value", Type::Money, "valeur, hors taxes", "value, net of VAT"),
    Field::optional("modules", Type::Texts, "modules d'un progiciel", "modules of a software package"),
    Field::optional("users", Type::Integer(1), "nombre d'utilisateurs", "number of users"),
];

pub const KIND: Kind = Kind {
    name: "inventory",
    doc: (
        "le parc, élément par élément : lieu, propriétaire, dates, valeur, modules et utilisateurs",
        "the inventory, item by item: place, owner, dates, value, modules and users",
    ),
    example: r#"kind = "inventory"
label = "parc-postes"
then.class = "workstation"
then.place = "customer_site"
then.items = [
  { name = "pc-12", owner = "customer", mode = "bought", serial = "5CG2190XQ7", since = 2024-03-01, warranty_until = 2027-02-28, value = "890.00 EUR" },
  { name = "pc-13", owner = "third_party", mode = "leased", ends = 2027-06-30, serial = "5CG2190XQ8", since = 2024-07-01 },
]
then.reconciled_every = "1 month"
"#,
    family: Family::Hardware,
    run: Run::NotYet("le relevé du parc", "the record of the inventory"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("class", Type::Text, "classe des éléments, telle que le périmètre la nomme", "class of the items, as the perimeter names it"),
        Field::required(
            "place",
            Type::Choice(&["customer_site", "provider_datacentre", "third_party_site"]),
            "où ils se trouvent : dans les locaux du Client, au centre d'hébergement ou chez un tiers",
            "where they are: on the Customer's premises, in the data centre or with a third party",
        ),
        Field::optional("site", Type::Text, "site", "site"),
        Field::required("items", Type::Tables(ITEMS), "les éléments", "the items"),
        Field::required("reconciled_every", Type::Length, "rythme du rapprochement de cette liste et de ce qui est constaté", "how often this list is compared with what is seen"),
    ],
    words: &[
        ("customer_site", "les locaux du Client", "the Customer's premises"),
        ("provider_datacentre", "le centre d'hébergement", "the data centre"),
        ("third_party_site", "les locaux d'un tiers", "a third party's premises"),
        ("bought", "acheté", "bought"),
        ("leased", "loué", "leased"),
        ("service", "fourni comme un service", "provided as a service"),
        ("reconciliation", "le rapprochement du parc signé et du parc constaté", "the comparison of the inventory signed with the one seen"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let mut seen = BTreeSet::new();
    for (row, item) in f.tables("items").iter().enumerate() {
        let name = item.text("name")?;
        doubts(f, c, row, item, &name);
        if !seen.insert(name.clone()) {
            c.push(
                Diagnostic::error(
                    "E-INVENTORY-TWICE",
                    f.place_of_row("items", row),
                    format!("« {name} » est deux fois dans cette liste"),
                    format!("“{name}” is in this list twice"),
                )
                .help("donnez à chaque élément un nom à lui, ou retirez la ligne", "give each item a name of its own, or remove the row"),
            );
        }
    }
    let due = DutyDue::Every { period: f.length("reconciled_every")?, first: None };
    duties::push(f, c, duties::of_kind(&KIND, c, "reconciliation", due, DutyProof::Document));
    says::push(f, c);
    says::push_rows(f, c, &KIND, "items");
    Some(())
}

/// What a row leaves in doubt: a lease without an end, a warranty that ends before the item is in service, a
/// business application of which nobody says what it is made of.
fn doubts(f: &Fields<'_>, c: &mut Compiler, row: usize, item: &Fields<'_>, name: &str) {
    let place = f.place_of_row("items", row);
    if item.text("mode").as_deref() == Some("leased") && item.date("ends").is_none() {
        c.push(
            Diagnostic::error(
                "E-INVENTORY-ENDS",
                place,
                format!("« {name} » est loué, et la fin de la location n'est pas écrite"),
                format!("“{name}” is leased, and the end of the lease is not written"),
            )
            .help("ajoutez à sa ligne : ends = 2027-06-30", "add to its row: ends = 2027-06-30"),
        );
    }
    if item.date("since").zip(item.date("warranty_until")).is_some_and(|(since, until)| until < since) {
        c.push(
            Diagnostic::error(
                "E-INVENTORY-WARRANTY",
                place,
                format!("la garantie de « {name} » finit avant sa mise en service"),
                format!("the warranty of “{name}” ends before it is put into service"),
            )
            .help("vérifiez since et warranty_until", "check since and warranty_until"),
        );
    }
    if f.text("class").as_deref() == Some("application") && !(item.has("modules") && item.has("users")) {
        c.push(
            Diagnostic::warning(
                "W-INVENTORY-APPLICATION",
                place,
                format!("on ne sait pas de quels modules « {name} » est fait, ni combien de personnes s'en servent"),
                format!("nobody says which modules “{name}” is made of, nor how many people use it"),
            )
            .help(
                "ajoutez à sa ligne : modules = [\"achats\", \"stocks\"], users = 40",
                "add to its row: modules = [\"purchasing\", \"stock\"], users = 40",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let class = terms.name_of("item_class", says.text("class"));
        let place = says.word("place", lang);
        let site = says.get("site").map_or_else(String::new, |s| format!(" ({})", terms.name_of("site", s)));
        let items: Vec<String> = says::rows(label, &KIND, "items", terms).map(|row| item(lang, &row)).collect();
        let items = items.join(", ");
        let head = lang.t(
            format!("éléments de classe « {class} », dans {place}{site}{}{items}", colon(lang)),
            format!("items of class “{class}”, in {place}{site}: {items}"),
        );
        parts(lang, &[head, duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

/// « pc-12 (acheté, propriété du Client, n° 5CG2190XQ7, en service depuis le 1er mars 2024) ».
fn item(lang: Lang, says: &Says<'_>) -> String {
    let owner = owed::party(lang, says.text("owner"));
    let mut said = vec![
        says.word("mode", lang),
        lang.t(format!("propriété {}", owed::of(&owner)), format!("owned by {owner}")),
    ];
    let mut add = |text: Option<String>, fr: &str, en: &str| {
        said.extend(text.map(|text| lang.t(format!("{fr}{text}"), format!("{en}{text}"))));
    };
    add(says.date("ends", lang), "jusqu'au ", "until ");
    add(says.get("serial").map(str::to_owned), "n° ", "no. ");
    add(says.date("since", lang), "en service depuis le ", "in service since ");
    add(says.date("warranty_until", lang), "garanti jusqu'au ", "under warranty until ");
    add(says.money("value", lang), "valeur HT ", "value net of VAT ");
    add(says.get("modules").map(|_| says.list("modules", lang)), "modules\u{a0}: ", "modules: ");
    add(says.number("users").map(|n| n.to_string()), "utilisateurs\u{a0}: ", "users: ");
    format!("{} ({})", says.text("name"), said.join(", "))
}
