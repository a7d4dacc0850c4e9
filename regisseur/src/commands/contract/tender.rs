//! `regisseur contract tender`: the bids of a consultation, ranked again from their marks, with the reasons.

use base::{Because, Lang};
use contract::gate;
use engines::tender::Score;
use serde_json::json;

use super::check::preparation_of;
use super::compiled;
use super::load::read;
use crate::cli;
use crate::output::{Failure, Report};

/// Best first, then those that are out. Fails when no preparation file is found.
pub fn run(asked: &cli::Tender) -> Result<Report, Failure> {
    let text = &asked.text;
    let lang: Lang = text.shown.lang.into();
    let compiled = compiled(&text.file, text.base.as_deref(), lang)?;
    let Some(path) = preparation_of(&text.file, asked.preparation.as_deref()) else {
        return Err(Failure::new(
            "preparation",
            "ce contrat n'a pas de dossier préparatoire : donnez-le par --preparation FICHIER\n",
            "this contract has no preparation file: give it with --preparation FILE\n",
        ));
    };
    let file = read(&path, lang).map_err(|message| Failure::new("preparation", message.clone(), message))?;
    let ranking = gate::signature(&compiled, Some((&path.display().to_string(), &file))).tender;
    if text.shown.json {
        return Ok(Report::json(&json!({ "tender": ranking }), 0));
    }
    Ok(Report::ok(as_text(&ranking, lang)))
}

fn as_text(ranking: &[Because<Score>], lang: Lang) -> String {
    if ranking.is_empty() {
        let none = lang.t("le dossier ne raconte aucune consultation\n", "the file tells of no tender\n");
        return none.to_owned();
    }
    let mut out = String::new();
    for score in ranking {
        let rank = score.value.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        out += &format!("{rank}  {}\n", score.value.bid);
        for reason in &score.reasons {
            out += &format!("     {}\n", reason.text.get(lang));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::fixture::contracts;
    use super::*;

    #[test]
    fn the_bids_of_contract_a_are_ranked_with_their_reasons() {
        let file = contracts("ateliers-garonne.md");
        let compiled = compiled(&file, None, Lang::Fr).unwrap();
        let path = preparation_of(&file, None).unwrap();
        let text = read(&path, Lang::Fr).unwrap();
        let ranking = gate::signature(&compiled, Some(("preparation.toml", &text))).tender;
        let shown = as_text(&ranking, Lang::Fr);
        let bids: Vec<&str> = shown.lines().filter(|l| !l.starts_with(' ')).collect();
        assert_eq!(
            bids,
            [
                "1  Régie Numérique Occitane SAS",
                "2  Canal Sud Services",
                "3  Infra Toulousaine",
                "–  Poste à Poste"
            ]
        );
        assert!(shown.contains("17/20") && shown.contains("Poste à Poste est éliminée"), "{shown}");
        assert_eq!(as_text(&[], Lang::En), "the file tells of no tender\n");
    }
}
