//! `licences`: a licence of a product used for the service: who holds it, how it is counted, until when.

use base::Bilingual;
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "licences",
    doc: ("une licence d'un produit utilisé pour le service", "a licence of a product used for the service"),
    example: r#"kind = "licences"
label = "licence-erp"
then = { product = "Gesprod", publisher = "Gesprod Éditions", holder = "customer", number = "GP-2211", metric = "utilisateur nommé", quantity = 40, licence = "subscription", expires = 2027-02-28, alert_before = "60 days", provider_may_use = true }
"#,
    family: Family::DataAndLaw,
    run: Run::NotYet("le relevé du parc", "the record of the inventory"),
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("product", Type::Text, "produit", "product"),
        Field::optional("publisher", Type::Text, "éditeur", "publisher"),
        Field::required("holder", Type::Choice(&["customer", "provider", "subcontractor", "third_party"]), "titulaire de la licence", "who holds the licence"),
        Field::optional("number", Type::Text, "numéro de licence", "number of the licence"),
        Field::required("metric", Type::Text, "unité comptée : utilisateur, poste, cœur, serveur…", "what is counted: user, machine, core, server…"),
        Field::required("quantity", Type::Integer(1), "nombre d'unités acquises", "number of units bought"),
        Field::required("licence", Type::Choice(&["perpetual", "subscription"]), "perpétuelle ou à durée déterminée", "perpetual or for a time"),
        Field::required("expires", Type::Date, "dernier jour", "last day").when("licence", &["subscription"]),
        Field::required("alert_before", Type::Length, "alerte avant l'échéance", "alert before it expires").when("licence", &["subscription"]),
        Field::required("provider_may_use", Type::Flag, "le Prestataire a le droit de s'en servir pour le service", "the Provider may use it for the service"),
    ],
    words: &[
        ("perpetual", "perpétuelle", "perpetual"),
        ("subscription", "à durée déterminée", "for a fixed time"),
        ("licence_renewal", "le renouvellement de la licence", "the renewal of the licence"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let holder: PartyRole = f.one_of("holder")?;
    if f.text("licence")? == "subscription" {
        let due = DutyDue::Renew { expires: f.date("expires")? };
        let title = KIND.word(c.lang(), "licence_renewal").into_owned();
        let duty = duties::provider("licence_renewal", title, due, DutyProof::Document);
        duties::push(f, c, Duty { owed_by: holder, alert_before: f.length("alert_before"), ..duty });
    }
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (product, holder) = (says.text("product"), owed::party(lang, says.text("holder")));
        let publisher = match says.has("publisher") {
            true => format!(" ({})", says.text("publisher")),
            false => String::new(),
        };
        let number = match says.has("number") {
            true => lang.t(format!(", n° {}", says.text("number")), format!(", no. {}", says.text("number"))),
            false => String::new(),
        };
        let (quantity, metric) = (says.text("quantity"), says.text("metric"));
        let (licence, may) = (says.word("licence", lang), says.is("provider_may_use"));
        let may = match may {
            true => lang.t("le Prestataire peut s'en servir pour le service", "the Provider may use it for the service"),
            false => lang.t("le Prestataire ne peut pas s'en servir", "the Provider may not use it"),
        };
        let head = lang.t(
            format!("licence de {product}{publisher}{number}, {licence}, détenue par {holder}, pour {quantity} × {metric}\u{202f}; {may}"),
            format!("licence of {product}{publisher}{number}, {licence}, held by {holder}, for {quantity} × {metric}; {may}"),
        );
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
