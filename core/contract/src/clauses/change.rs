//! `change`: how the service follows the customer's needs: who may ask, when a quotation is due, who decides, and
//! what becomes of the price and of the levels (S-078).

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "change",
    doc: (
        "les demandes d'évolution : qui les fait, sous quel délai elles sont chiffrées, leur effet sur le prix et les niveaux",
        "requests for change: who makes them, when they are quoted, what they do to the price and the levels",
    ),
    example: r#"kind = "change"
label = "evolutions"
then = { requested_by = ["customer", "provider"], through = "portail, rubrique évolutions", quote_within = "10 working_days", quote_valid = "30 days", decided_by = "contact", price = "quoted", levels = "kept" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("requested_by", Type::Choices(&["customer", "provider"]), "qui peut demander une évolution", "who may ask for a change"),
        Field::optional("contacts", Type::Labels(&["contacts"]), "personnes qui la demandent au nom du Client ; absentes : chacune de celles qu'il habilite", "people who ask on the Customer's behalf; absent: whoever it authorises"),
        Field::required("through", Type::Text, "par quelle voie", "through which channel"),
        Field::required("quote_within", Type::Length, "délai pour en chiffrer l'effet, depuis la demande", "how soon its effect is quoted, from the request"),
        Field::required("quote_valid", Type::Length, "durée de validité du devis, au bout de laquelle la demande tombe", "how long the quotation stands, after which the request lapses"),
        Field::required("decided_by", Type::Choice(&["contact", "committee", "amendment"]), "comment elle s'accepte : par l'interlocuteur, en comité, ou par avenant seulement", "how it is accepted: by the contact, in a committee, or by an amendment only"),
        Field::required("price", Type::Choice(&["quoted", "rates", "amendment", "unchanged"]), "effet sur le prix : devis, tarif du contrat, avenant, ou aucun", "effect on the price: a quotation, the contract's rates, an amendment, or none"),
        Field::required("levels", Type::Choice(&["kept", "suspended", "amendment"]), "effet sur les niveaux de service : maintenus, suspendus pendant les travaux annoncés, ou revus par avenant", "effect on service levels: kept, suspended during the work announced, or revised by an amendment"),
    ],
    words: &[
        ("contact", "l'interlocuteur du Client", "the Customer's contact"),
        ("committee", "le comité", "the committee"),
        ("amendment", "un avenant", "an amendment"),
        ("quoted", "celui du devis accepté", "that of the quotation accepted"),
        ("rates", "celui des tarifs du contrat", "that of the contract's rates"),
        ("unchanged", "inchangé", "unchanged"),
        ("kept", "maintenus", "kept"),
        ("suspended", "suspendus pendant les travaux annoncés", "suspended during the work announced"),
        ("change_quote", "le chiffrage d'une demande d'évolution", "the quotation of a request for change"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let due = DutyDue::Within { length: f.length("quote_within")?, of: Trigger::Request };
    owed::owe(f, c, &KIND, "change_quote", due, DutyProof::Document);
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let asking: Vec<String> =
            says.text("requested_by").split(", ").map(|party| owed::party(lang, party)).collect();
        let asking = read::list(lang, &asking.iter().map(String::as_str).collect::<Vec<_>>());
        let (through, decided) = (says.text("through"), says.word("decided_by", lang));
        let valid = says.length("quote_valid", lang).unwrap_or_default();
        let (price, levels) = (effect(lang, &says, "price"), effect(lang, &says, "levels"));
        let head = lang.t(
            format!(
                "une évolution est demandée par {asking} ({through}) et acceptée par {decided}\u{202f}; effet sur le prix\u{a0}: {price}\u{202f}; niveaux de service\u{a0}: {levels}\u{202f}; le devis vaut {valid}"
            ),
            format!(
                "a change is asked for by {asking} ({through}) and accepted by {decided}; effect on the price: {price}; service levels: {levels}; the quotation stands for {valid}"
            ),
        );
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}

/// What a change does, which an amendment alone may also say: « ce que dit l'avenant ».
fn effect(lang: Lang, says: &Says<'_>, field: &str) -> String {
    match says.text(field) {
        "amendment" => lang.t("ce que dit l'avenant", "what the amendment says").to_owned(),
        _ => says.word(field, lang),
    }
}
