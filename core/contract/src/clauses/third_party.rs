//! `third_party`: a third party whose items the service meets, and what the provider may ask of it.

use base::{Bilingual, Lang};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::read;
use super::says::{self, Says, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "third_party",
    doc: (
        "un tiers dont le service rencontre les éléments, et ce que le prestataire peut lui demander",
        "a third party whose items the service meets, and what the provider may ask of it",
    ),
    example: r#"kind = "third_party"
label = "tiers-gesprod"
then = { party = "gesprod", items = ["code applicatif de l'ERP"], mode = "standing_agreement", agreement = "contrat de maintenance n° GP-118", may_order = false, contact = "Support Gesprod", reach = "support@gesprod.example" }
"#,
    family: Family::Perimeter,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("party", Type::Label(&["parties"]), "étiquette du tiers", "label of the third party"),
        Field::required("items", Type::Texts, "ce qui lui appartient ou relève de lui", "what belongs to it or depends on it"),
        Field::required(
            "mode",
            Type::Choice(&["standing_agreement", "each_time"]),
            "accord permanent, ou autorisation du client à chaque fois",
            "standing agreement, or the customer's authorisation each time",
        ),
        Field::required("agreement", Type::Text, "référence de l'accord permanent", "reference of the standing agreement").when("mode", &["standing_agreement"]),
        Field::optional("expires", Type::Date, "fin de l'accord permanent", "end of the standing agreement").when("mode", &["standing_agreement"]),
        Field::required("answer_within", Type::Length, "délai du client pour autoriser", "how long the customer has to authorise").when("mode", &["each_time"]),
        Field::required(
            "may_order",
            Type::Flag,
            "le prestataire peut engager une dépense du client auprès du tiers",
            "the provider may commit the customer's money with the third party",
        ),
        Field::optional("up_to", Type::Money, "plafond de cette dépense, par commande", "ceiling of that expense, each order"),
        Field::required("contact", Type::Text, "interlocuteur chez le tiers", "contact at the third party"),
        Field::required("reach", Type::Text, "adresse ou numéro de cet interlocuteur", "address or number of that contact"),
    ],
    words: &[
        ("third_party_authorisation", "l'autorisation, ou le refus, de solliciter le tiers", "the authorisation, or the refusal, to turn to the third party"),
        ("third_party_agreement", "le renouvellement de l'accord avec le tiers", "the renewal of the agreement with the third party"),
        ("standing_agreement", "accord permanent", "standing agreement"),
        ("each_time", "autorisation à chaque fois", "authorisation each time"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    if f.text("mode")? == "each_time" {
        let due = DutyDue::Within { length: f.length("answer_within")?, of: Trigger::Request };
        let duty = duties::of_kind(&KIND, c, "third_party_authorisation", due, DutyProof::Notice);
        duties::push(f, c, Duty { owed_by: PartyRole::Customer, ..duty });
    } else if let Some(expires) = f.date("expires") {
        let duty = duties::of_kind(&KIND, c, "third_party_agreement", DutyDue::Renew { expires }, DutyProof::Document);
        duties::push(f, c, Duty { owed_by: PartyRole::Customer, ..duty });
    }
    says::push(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let label = says.text("party");
        let name = read::find(&terms.parties, label).map_or(label, |p| p.then.name.as_str());
        let items = says.list("items", lang);
        let (contact, reach) = (says.text("contact"), says.text("reach"));
        let first = lang.t(
            format!("{name}, tiers au contrat ({contact}, {reach}), a la charge de ce qui suit{}{items}", says::colon(lang)),
            format!("{name}, a third party ({contact}, {reach}), is in charge of: {items}"),
        );
        parts(lang, &[first, mode(lang, &says), order(lang, &says)])
    }))
}

fn mode(lang: Lang, says: &Says<'_>) -> String {
    if says.text("mode") == "each_time" {
        let within = says.length("answer_within", lang).unwrap_or_default();
        return lang.t(
            format!("le Prestataire ne le sollicite qu'avec l'autorisation du Client, donnée ou refusée dans un délai {}", read::of(&within)),
            format!("the Provider turns to it only with the Customer's authorisation, given or refused within {within}"),
        );
    }
    let agreement = says.text("agreement");
    let until = says.date("expires", lang).map_or_else(String::new, |d| lang.t(format!(", jusqu'au {d}"), format!(", until {d}")));
    lang.t(
        format!("le Prestataire le sollicite directement, au titre de l'accord permanent « {agreement} »{until}"),
        format!("the Provider turns to it directly, under the standing agreement “{agreement}”{until}"),
    )
}

fn order(lang: Lang, says: &Says<'_>) -> String {
    if !says.is("may_order") {
        return lang.t("il n'y engage aucune dépense du Client", "it commits none of the Customer's money there").to_owned();
    }
    match says.money("up_to", lang) {
        Some(most) => lang.t(
            format!("il peut y engager les dépenses du Client, jusqu'à {most} par commande"),
            format!("it may commit the Customer's money there, up to {most} each order"),
        ),
        None => lang.t("il peut y engager les dépenses du Client", "it may commit the Customer's money there").to_owned(),
    }
}
