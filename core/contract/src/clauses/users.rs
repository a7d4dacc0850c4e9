//! `users`: a group of the customer's users: where they are, through which channels they ask, and to what they
//! are entitled (S-085).

use base::{Bilingual, Lang};
use terms::Terms;

use super::says::{self, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "users",
    doc: (
        "un groupe d'utilisateurs : site, canaux et droits",
        "a group of users: site, channels and entitlements",
    ),
    example: r#"kind = "users"
label = "utilisateurs-toulouse"
then = { audience = "user", sites = { tls = "Toulouse" }, count = 40, channels = ["portal", "telephone"] }
"#,
    family: Family::ServiceDesk,
    run: Run::NotYet("l'annuaire des utilisateurs", "the directory of users"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("audience", Type::Choice(&["user", "administrator", "director"]), "utilisateurs, administrateurs ou dirigeants", "users, administrators or directors"),
        Field::required("sites", Type::Names, "sites où ils se trouvent", "sites where they are"),
        Field::required("count", Type::Integer(1), "nombre de personnes", "number of people"),
        Field::required("channels", Type::Texts, "canaux par lesquels ils demandent : portal, email, telephone…", "channels through which they ask: portal, email, telephone…"),
        Field::optional("entitled_to", Type::Labels(&[]), "clauses dont ils bénéficient ; absent : toutes", "clauses that they benefit from; absent: all"),
    ],
    words: &[
        ("user", "utilisateurs", "users"),
        ("administrator", "administrateurs", "administrators"),
        ("director", "dirigeants", "directors"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    f.text("audience")?;
    f.integer("count")?;
    c.name_all("site", f.titles("sites"));
    let rule = c.rule(f, {
        let mut said = f.statement();
        said.says.insert("sites".to_owned(), f.texts("sites").join(", "));
        said
    });
    c.terms.statements.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (who, count) = (says.word("audience", lang), says.number("count").unwrap_or_default());
        let sites: Vec<&str> = says.text("sites").split(", ").map(|site| terms.name_of("site", site)).collect();
        let sites = read::list(lang, &sites);
        let channels = channels(lang, says.text("channels"));
        let first = lang.t(
            format!("{count} {who} ({sites}), qui demandent par{}{channels}", colon(lang)),
            format!("{count} {who} ({sites}), who ask through: {channels}"),
        );
        let entitled = says.get("entitled_to").map_or_else(
            || lang.t("ils bénéficient de tout le contrat", "they benefit from the whole contract").to_owned(),
            |labels| lang.t(format!("ils bénéficient de{}{labels}", colon(lang)), format!("they benefit from: {labels}")),
        );
        parts(lang, &[first, entitled])
    }))
}

fn channels(lang: Lang, keys: &str) -> String {
    let name = |key: &str| engines::channels::name(key).map_or_else(|| key.to_owned(), |name| name.get(lang).to_owned());
    let all: Vec<String> = keys.split(", ").map(name).collect();
    read::list(lang, &all.iter().map(String::as_str).collect::<Vec<_>>())
}
