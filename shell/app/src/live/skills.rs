//! A staffing clause: whether as many people work as it declares, and how many elements of the perimeter are
//! known by as many people as it promises.

use engines::skills;

use super::reading::Reading;
use super::{ClauseLive, Standing, both};

/// How the elements stand with the clause; `None` when it is not the one that asks, or covers none.
pub(super) fn part(reading: &Reading<'_>, label: &str) -> Option<ClauseLive> {
    let (clause, people) = skills::asked(reading.terms)?;
    let (covers, told) = &reading.skills;
    if clause.label() != label {
        return None;
    }
    let (declared, staff) = (declared(&clause.then), reading.staff);
    let short = covers.iter().filter(|cover| cover.value.is_short()).count();
    let (total, kept) = (covers.len(), covers.len() - short);
    let standing = match (*told && !covers.is_empty(), short) {
        _ if staff < declared => Standing::Missed,
        (false, _) => Standing::NotRun,
        (true, 0) => Standing::Held,
        (true, _) => Standing::Missed,
    };
    let figure = both(|lang| {
        let counted = match told {
            false => lang.t("aucune compétence consignée", "no skill recorded").to_owned(),
            true => lang.t(
                format!(
                    "{kept} élément{} sur {total} {} de {people} personne{} au moins",
                    if kept > 1 { "s" } else { "" },
                    if kept > 1 { "connus" } else { "connu" },
                    if people > 1 { "s" } else { "" },
                ),
                format!(
                    "{kept} of {total} elements known to at least {people} {}",
                    if people == 1 { "person" } else { "people" },
                ),
            ),
        };
        let present = lang.t(
            format!(
                "{staff} personne{} {} pour {declared} au contrat",
                if staff > 1 { "s" } else { "" },
                if staff > 1 { "habilitées" } else { "habilitée" },
            ),
            format!(
                "{staff} {} authorised for {declared} in the contract",
                if staff == 1 { "person" } else { "people" }
            ),
        );
        let rest = lang.t(
            "la fonction de chacun et les remplacements ne sont pas suivis",
            "the role of each and the replacements are not followed",
        );
        [present.as_str(), counted.as_str(), rest].join(lang.t("\u{202f}; ", "; "))
    });
    Some(ClauseLive::figure(standing, figure))
}

/// How many people the clause declares, all its roles together; deputies are among them.
fn declared(says: &terms::Statement) -> usize {
    let counts = says.says.iter().filter(|(key, _)| key.starts_with("roles.") && key.ends_with(".count"));
    counts.filter_map(|(_, count)| count.parse::<usize>().ok()).sum()
}
