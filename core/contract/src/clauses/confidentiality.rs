//! `confidentiality`: who keeps what secret, how long, and the undertaking signed before any access.
//!
//! S-079, S-182 to S-184: every person of the provider is bound, on site and remotely.

use base::{Bilingual, Lang, Length};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says::{self, Says, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, parties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const BOUND: &[&str] = &["provider", "customer"];
const WHERE: &[&str] = &["on_site", "remote"];

pub const KIND: Kind = Kind {
    name: "confidentiality",
    doc: ("le secret dû, et l'engagement de chacun avant tout accès", "the secrecy owed, and each person's undertaking before any access"),
    example: r#"kind = "confidentiality"
label = "confidentialite"
then = { bound = ["provider", "customer"], covers = "toute information dont une Partie a connaissance à l'occasion du contrat", years_after = "5 years", undertaking = true, applies = ["on_site", "remote"], returned_within = "30 days" }
"#,
    family: Family::People,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("bound", Type::Choices(BOUND), "qui est tenu au secret", "who is bound to secrecy"),
        Field::required("covers", Type::Text, "ce qui est secret", "what is secret"),
        Field::default("except", Type::Texts, "[]", "ce qui ne l'est pas", "what is not"),
        Field::required("years_after", Type::Months, "durée après la fin du contrat", "how long after the contract's end"),
        Field::required(
            "undertaking",
            Type::Flag,
            "chaque personne signe un engagement avant tout accès",
            "each person signs an undertaking before any access",
        ),
        Field::required("applies", Type::Choices(WHERE), "sur site, à distance", "on site, remotely"),
        Field::required("returned_within", Type::Length, "délai pour restituer ou détruire, à la fin", "how soon things are returned or destroyed at the end"),
    ],
    words: &[
        ("on_site", "sur site", "on site"),
        ("remote", "à distance", "remotely"),
        ("secrecy_undertaking", "l'engagement de confidentialité signé par chaque personne qui accède au système", "the secrecy undertaking signed by each person who reaches the system"),
        ("secrets_returned", "la restitution ou la destruction des informations confidentielles", "the return or destruction of confidential information"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    doubts(f, c);
    let returned: Length = f.length("returned_within")?;
    for owed_by in f.many_of::<PartyRole>("bound") {
        if f.flag("undertaking")? && owed_by == PartyRole::Provider {
            let due = DutyDue::Before { length: Length::Days(0), of: Trigger::FirstAccess };
            duties::push(f, c, duties::of_kind(&KIND, c, "secrecy_undertaking", due, DutyProof::Undertaking));
        }
        let due = DutyDue::Within { length: returned, of: Trigger::ContractEnd };
        let duty = duties::of_kind(&KIND, c, "secrets_returned", due, DutyProof::Declaration);
        duties::push(f, c, Duty { owed_by, ..duty });
    }
    f.text("covers")?;
    says::push(f, c);
    Some(())
}

fn doubts(f: &Fields<'_>, c: &mut Compiler) {
    if f.flag("undertaking") == Some(false) {
        c.push(
            Diagnostic::warning(
                "W-CONFIDENTIALITY-UNDERTAKING",
                f.place_of("undertaking"),
                "sans engagement signé, rien ne prouve que chaque intervenant connaît son devoir de réserve",
                "without a signed undertaking, nothing proves that each person knows their duty of secrecy",
            )
            .help("écrivez undertaking = true", "write undertaking = true"),
        );
    }
    let applies = f.texts("applies");
    if let Some(missing) = WHERE.iter().find(|w| !applies.is_empty() && !applies.iter().any(|a| a == *w)) {
        c.push(
            Diagnostic::warning(
                "W-CONFIDENTIALITY-PLACE",
                f.place_of("applies"),
                format!("le secret ne vaudrait pas partout : il manque « {missing} »"),
                format!("secrecy would not hold everywhere: “{missing}” is missing"),
            )
            .help("écrivez applies = [\"on_site\", \"remote\"]", "write applies = [\"on_site\", \"remote\"]"),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let who = who(lang, &says);
        let (covers, applies) = (says.text("covers"), says.list("applies", lang));
        let after = says.length("years_after", lang).unwrap_or_default();
        let except = says.get("except").map_or_else(String::new, |e| lang.t(format!(", sauf {e}"), format!(", except {e}")));
        let both = says.text("bound").contains(", ");
        let first = lang.t(
            format!("{who} {} secret, {applies}, ce qui suit{}{covers}{except}", if both { "gardent" } else { "garde" }, says::colon(lang)),
            format!("{who} {} secret, {applies}: {covers}{except}", if both { "keep" } else { "keeps" }),
        );
        let length = lang.t(
            format!("ce devoir dure le temps du contrat et {after} après sa fin"),
            format!("this duty lasts as long as the contract and {after} after its end"),
        );
        parts(lang, &[first, length, duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn who(lang: Lang, says: &Says<'_>) -> String {
    let roles = says.text("bound").split(", ").map(|role| match role {
        "customer" => parties::role(PartyRole::Customer),
        _ => parties::role(PartyRole::Provider),
    });
    let roles: Vec<String> = roles.map(|role| role.get(lang).to_owned()).collect();
    read::list(lang, &roles.iter().map(String::as_str).collect::<Vec<_>>())
}
