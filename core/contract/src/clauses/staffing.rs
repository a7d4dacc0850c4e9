//! `staffing`: how many people, in which roles, with which deputies and skills.
//!
//! S-170 and S-037: the number is declared, and nobody is alone to know an item. The staff stays under
//! the provider's authority: labour is not lent for profit (Code du travail, L8231-1 and L8241-1).

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

/// The five professions that seed 003 finds in a provider's staff (lines 10 to 14).
const PROFILES: &[&str] =
    &["project_manager", "maintenance_technician", "maintenance_manager", "developer", "systems_manager"];

pub const KIND: Kind = Kind {
    name: "staffing",
    doc: ("les effectifs affectés, par fonction", "the staff assigned, by role"),
    example: r#"kind = "staffing"
label = "effectifs"
then.roles = [
  { role = "technicien de support", count = 3, deputies = 1, skills = ["Windows", "Microsoft 365"] },
  { role = "ingénieur système", count = 1, deputies = 1, skills = ["virtualisation", "sauvegarde"] },
]
then.people_per_item = 2
then.under_provider_authority = true
then.replaced_within = "10 working_days"
then.change_notice = "15 days"
then.list_every = "3 months"
"#,
    family: Family::People,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required(
            "roles",
            Type::Tables(&[
                Field::required("role", Type::Text, "fonction", "role"),
                Field::optional("profile", Type::Choice(PROFILES), "métier dont elle relève", "profession it belongs to"),
                Field::required("count", Type::Integer(1), "nombre de titulaires", "number of people"),
                Field::required("deputies", Type::Integer(0), "nombre de suppléants", "number of deputies"),
                Field::required("skills", Type::Texts, "compétences exigées", "skills asked for"),
            ]),
            "fonctions, effectifs, suppléants et compétences",
            "roles, numbers, deputies and skills",
        ),
        Field::required("people_per_item", Type::Integer(1), "personnes qualifiées par élément du périmètre", "qualified people for each item of the perimeter"),
        Field::required(
            "under_provider_authority",
            Type::Flag,
            "le personnel reste sous l'autorité du prestataire, qui lui donne ses instructions",
            "the staff stays under the authority of the provider, which instructs it",
        ),
        Field::required("replaced_within", Type::Length, "délai de remplacement d'un départ", "how soon somebody who leaves is replaced"),
        Field::required("change_notice", Type::Length, "préavis avant un remplacement à l'initiative du prestataire", "notice before a replacement that the provider decides"),
        Field::required("list_every", Type::Length, "rythme de remise de la liste du personnel habilité", "how often the list of authorised staff is handed over"),
    ],
    words: &[
        ("project_manager", "chargé de projet", "project manager"),
        ("maintenance_technician", "technicien de maintenance", "maintenance technician"),
        ("maintenance_manager", "gestionnaire de maintenance", "maintenance manager"),
        ("developer", "développeur", "developer"),
        ("systems_manager", "gestionnaire systèmes et réseaux", "systems and network manager"),
        ("staff_list", "la liste à jour du personnel affecté et habilité", "the current list of staff assigned and authorised"),
        ("staff_change_notice", "l'annonce du remplacement d'une personne affectée", "notice of the replacement of a person assigned"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    if f.integer("people_per_item")? < 2 {
        c.push(
            Diagnostic::warning(
                "W-STAFFING-ALONE",
                f.place_of("people_per_item"),
                "une seule personne par élément : son absence arrête le service",
                "one person for each item: when that person is away, the service stops",
            )
            .help("écrivez people_per_item = 2", "write people_per_item = 2"),
        );
    }
    if !f.flag("under_provider_authority")? {
        c.push(
            Diagnostic::warning(
                "W-STAFFING-AUTHORITY",
                f.place_of("under_provider_authority"),
                "un personnel placé sous l'autorité du client peut être qualifié de prêt illicite de main-d'œuvre (Code du travail, L8231-1 et L8241-1)",
                "staff under the customer's authority may be held an unlawful lending of labour (Code du travail, L8231-1 and L8241-1)",
            )
            .help("écrivez under_provider_authority = true, et organisez le service en conséquence", "write under_provider_authority = true, and organise the service accordingly"),
        );
    }
    alone(f, c);
    let due = DutyDue::Every { period: f.length("list_every")?, first: None };
    duties::push(f, c, duties::of_kind(&KIND, c, "staff_list", due, DutyProof::Document));
    let due = DutyDue::Before { length: f.length("change_notice")?, of: Trigger::StaffAssigned };
    duties::push(f, c, duties::of_kind(&KIND, c, "staff_change_notice", due, DutyProof::Notice));
    let rows = f.tables("roles").iter().enumerate().filter_map(|(i, row)| role(i, row)).flatten().collect();
    says::push_with(f, c, rows);
    Some(())
}

/// S-090: every role is filled by one person and one deputy.
fn alone(f: &Fields<'_>, c: &mut Compiler) {
    for (i, row) in f.tables("roles").iter().enumerate() {
        if row.integer("deputies") == Some(0) {
            let role = row.text("role").unwrap_or_default();
            c.push(
                Diagnostic::warning(
                    "W-STAFFING-DEPUTY",
                    f.place_of_row("roles", i),
                    format!("personne ne supplée la fonction « {role} »"),
                    format!("nobody stands in for the role “{role}”"),
                )
                .help("écrivez deputies = 1 au moins", "write deputies = 1 at least"),
            );
        }
    }
}

/// The rows keep the order of the contract: « roles.1.count ».
fn role(i: usize, row: &Fields<'_>) -> Option<Vec<(String, String)>> {
    let key = |what: &str| format!("roles.{:02}.{what}", i + 1);
    let mut said = vec![
        (key("role"), row.text("role")?),
        (key("count"), row.integer("count")?.to_string()),
        (key("deputies"), row.integer("deputies")?.to_string()),
        (key("skills"), row.texts("skills").join(", ")),
    ];
    said.extend(row.text("profile").map(|profile| (key("profile"), profile)));
    Some(said)
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let roles = roles(lang, &says);
        let first = lang.t(format!("le Prestataire affecte au service{}{roles}", colon(lang)), format!("the Provider assigns to the service: {roles}"));
        let people = says.number("people_per_item").unwrap_or_default();
        let within = says.length("replaced_within", lang).unwrap_or_default();
        let known = lang.t(
            format!("chaque élément est connu de {people} personne{} au moins", if people > 1 { "s" } else { "" }),
            format!("each item is known to at least {people} {}", if people > 1 { "people" } else { "person" }),
        );
        let replaced = lang.t(
            format!("un départ est remplacé dans un délai {}", read::of(&within)),
            format!("somebody who leaves is replaced within {within}"),
        );
        parts(lang, &[first, known, replaced, authority(lang, &says), duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn authority(lang: Lang, says: &Says<'_>) -> String {
    match says.is("under_provider_authority") {
        true => lang.t("ce personnel reste sous l'autorité du Prestataire", "that staff stays under the Provider's authority"),
        false => lang.t("ce personnel travaille sous l'autorité du Client", "that staff works under the Customer's authority"),
    }
    .to_owned()
}

fn roles(lang: Lang, says: &Says<'_>) -> String {
    let field = |row: &str, what: &str| says.text(&format!("roles.{row}.{what}"));
    let rows = says.rows("roles").filter_map(|(key, role)| Some((key.strip_suffix(".role")?, role)));
    let all: Vec<String> = rows
        .map(|(row, role)| {
            let deputies: u32 = field(row, "deputies").parse().unwrap_or_default();
            let deputies = match deputies {
                0 => String::new(),
                n => lang.t(format!(" et {n} suppléant{}", if n > 1 { "s" } else { "" }), format!(" and {n} {}", if n > 1 { "deputies" } else { "deputy" })),
            };
            let profile = field(row, "profile");
            let profile = if profile.is_empty() { profile.into() } else { KIND.word(lang, profile) };
            let said: Vec<&str> = [&*profile, field(row, "skills")].into_iter().filter(|s| !s.is_empty()).collect();
            let skills = if said.is_empty() { String::new() } else { format!(" ({})", said.join(lang.t("\u{a0}: ", ": "))) };
            format!("{role} × {}{deputies}{skills}", field(row, "count"))
        })
        .collect();
    read::list(lang, &all.iter().map(String::as_str).collect::<Vec<_>>())
}
