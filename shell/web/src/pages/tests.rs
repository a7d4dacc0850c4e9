//! Every page, from every sample, in both languages.

use crate::design::{Lang, Theme};

use super::gallery;

#[test]
fn every_page_renders_in_french_and_english() {
    for lang in Lang::ALL {
        let pages = gallery(lang, Theme::Auto);
        assert!(pages.len() >= 25, "{} samples", pages.len());
        for sample in pages {
            let html = sample.page.into_string();
            assert!(html.starts_with("<!DOCTYPE html>"), "{}", sample.name);
            assert!(html.contains(&format!("<html lang=\"{}\"", lang.code())), "{}", sample.name);
            assert_eq!(html.matches("<h1").count(), 1, "one title: {}", sample.name);
        }
    }
}

#[test]
fn the_two_languages_differ() {
    let french = gallery(Lang::Fr, Theme::Light);
    let english = gallery(Lang::En, Theme::Light);
    for (fr, en) in french.iter().zip(&english) {
        assert_eq!(fr.name, en.name);
        assert_ne!(fr.page.0, en.page.0, "{}", fr.name);
    }
}

#[test]
fn nothing_is_inline_that_a_strict_policy_would_block() {
    for sample in gallery(Lang::Fr, Theme::Dark) {
        // An address that somebody typed in a field is fetched by nobody.
        let html = sample.page.into_string().replace("value=\"https://", "value=\"");
        for forbidden in [" style=\"", "<style", " onclick=", "javascript:", "http://", "https://"] {
            assert!(!html.contains(forbidden), "{}: {forbidden}", sample.name);
        }
        assert_eq!(html.matches("<script").count(), html.matches("<script src=\"/assets/").count());
    }
}

#[test]
fn every_form_that_acts_carries_its_proof() {
    for sample in gallery(Lang::Fr, Theme::Auto) {
        for form in sample.page.0.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            if form.contains("method=\"post\"") {
                assert!(form.contains("name=\"csrf\""), "{}: {form}", sample.name);
            }
            if form.contains("action=\"/c/") && form.contains("method=\"post\"") {
                assert!(form.contains("name=\"key\""), "{}: {form}", sample.name);
            }
        }
    }
}

#[test]
fn ids_are_unique_in_each_page() {
    for sample in gallery(Lang::En, Theme::Auto) {
        let mut ids: Vec<&str> =
            sample.page.0.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{}: {ids:?}", sample.name);
    }
}

#[test]
fn french_punctuation_never_starts_a_line() {
    for sample in gallery(Lang::Fr, Theme::Auto) {
        for wrong in [" ;", " !", " ?", " »", "« ", " €", " %"] {
            assert!(
                !sample.page.0.contains(wrong),
                "{}: {wrong:?} near {:?}",
                sample.name,
                near(&sample.page.0, wrong)
            );
        }
    }
}

fn near<'a>(html: &'a str, wrong: &str) -> &'a str {
    let at = html.find(wrong).unwrap_or_default();
    let from = (0..=at.saturating_sub(40)).rev().find(|index| html.is_char_boundary(*index)).unwrap_or(0);
    &html[from..at + wrong.len()]
}

/// On screen only what was asked for; the text is all there for paper, and for an address into it.
#[test]
fn a_contract_narrowed_to_a_state_keeps_its_whole_text() {
    let pages = gallery(Lang::Fr, Theme::Light);
    let page = |name: &str| pages.iter().find(|s| s.name == name).map(|s| s.page.0.as_str()).unwrap();
    let (whole, narrowed) = (page("contract-garonne"), page("contract-missed"));
    assert!(!whole.contains("elsewhere"));
    assert_eq!(whole.matches("<article").count(), narrowed.matches("<article").count());
    let hidden = narrowed.matches("<article class=\"article elsewhere\"").count();
    assert!(hidden > 0 && hidden < narrowed.matches("<article").count(), "{hidden} hidden");
    assert!(narrowed.contains("Voir tout le contrat"));
    assert!(whole.contains("?state=missed"));
}
