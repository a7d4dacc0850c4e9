//! What was asked before midnight and is asked again after it has the answer of then.

use super::*;

#[test]
fn an_article_asked_again_after_its_day_is_written_once() {
    let g = Ground1::new(171);
    let (app, key, again) = (g.instance.app(), g.instance.key(), g.instance.key());
    let today = Some(date(2026, 6, 16));
    let ask =
        WriteArticle { review_by: today, ..article("Relancer", "Service ERP", Audience::Internal, &[]) };
    g.instance.at("2026-06-16T23:59");
    let written = app.write_article(&g.writes(), &key, &ask).unwrap();
    g.move_to(written.number, PUBLISHED).unwrap();
    let review = || app.review_article(&g.writes(), &again, written.number, date(2026, 6, 16), None);
    let reviewed = review().unwrap();
    let rewriting = g.instance.key();
    let rewrite = || app.rewrite_article(&g.writes(), &rewriting, written.number, 1, &ask);
    let rewritten = rewrite().unwrap();
    g.instance.at("2026-06-17T00:01");
    assert_eq!(app.write_article(&g.writes(), &key, &ask).unwrap(), written);
    assert_eq!((review().unwrap(), rewrite().unwrap()), (reviewed, rewritten));
    // Asked anew, the day has passed.
    let late = app.write_article(&g.writes(), &g.instance.key(), &ask);
    assert!(matches!(late, Err(AppError::Invalid(i)) if i.field == "review_by"));
}
