//! A staffing clause: how many elements of the perimeter are known by as many people as it promises.

use engines::skills;

use super::reading::Reading;
use super::{ClauseLive, Standing, both};

/// How the elements stand with the clause; `None` when it is not the one that asks, or covers none.
pub(super) fn part(reading: &Reading<'_>, label: &str) -> Option<ClauseLive> {
    let (clause, people) = skills::asked(reading.terms)?;
    let (covers, told) = &reading.skills;
    if clause.label() != label || covers.is_empty() {
        return None;
    }
    let short = covers.iter().filter(|cover| cover.value.is_short()).count();
    let (total, kept) = (covers.len(), covers.len() - short);
    let standing = match (told, short) {
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
        let rest = lang.t(
            "les effectifs par fonction et les remplacements ne sont pas suivis",
            "the numbers by role and the replacements are not followed",
        );
        format!("{counted}{}{rest}", lang.t("\u{202f}; ", "; "))
    });
    Some(ClauseLive::figure(standing, figure))
}
