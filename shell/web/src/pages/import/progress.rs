//! How far an import is: the part of its page that changes while it runs.

use maud::{Markup, html};

use super::View;
use crate::design::{Lang, Shell, components, format, layout};
use crate::pages::imports::{Standing, Subject};

const ID: &str = "live-import";

/// Followed while it runs only: a file that waits is read whole each time that its page is asked for.
pub(super) fn draw(shell: &Shell, view: &View) -> Markup {
    match view.standing {
        Standing::Running => {
            layout::live(ID, &format!("imports/{}", view.customer.slug), standing(shell, view))
        }
        Standing::Staged | Standing::Stopped | Standing::Done => layout::still(ID, standing(shell, view)),
    }
}

fn standing(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    html! {
        (components::facts(vec![
            (html! { (lang.t("État", "State")) }, view.standing.badge(lang)),
            (html! { (lang.t("Contenu", "Contents")) }, html! { (view.subject.word(lang)) ", " (view.source) }),
            (html! { (lang.t("Envoyé", "Sent")) }, html! { (components::when_short(&view.sent, lang)) ", " (view.by) }),
        ]))
        @if let Some(why) = &view.why { p role="status" { (components::words(why, lang)) } }
        @if view.standing != Standing::Staged { (progress(view, lang)) }
        @if view.standing == Standing::Running { (running(shell, view)) }
    }
}

fn progress(view: &View, lang: Lang) -> Markup {
    let (done, total) = (view.counts.done(), view.counts.total.max(view.counts.done()));
    let figure = |value: u64| html! { (format::count(value, lang)) };
    let made = match view.subject {
        Subject::Tickets => lang.t("Tickets ouverts", "Tickets opened"),
        Subject::People | Subject::Items => lang.t("Personnes invitées", "People invited"),
    };
    let mut facts = Vec::new();
    if view.subject != Subject::Items {
        facts.push((html! { (made) }, figure(view.counts.made)));
    }
    if view.subject == Subject::Tickets {
        facts.push((html! { (lang.t("Gardés pour être lus", "Kept to be read")) }, figure(view.counts.kept)));
    }
    facts.push((html! { (lang.t("Déjà là", "Already there")) }, figure(view.counts.known)));
    facts.push((html! { (lang.t("Laissés de côté", "Left out")) }, figure(view.counts.skipped)));
    html! {
        div.field {
            label for="done" {
                (lang.t("Lignes traitées :", "Lines done:")) " " (format::count(done, lang)) " / " (format::count(total, lang))
            }
            progress id="done" max=(total.max(1)) value=(done) {}
        }
        (components::facts(facts))
    }
}

fn running(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    html! {
        p.muted {
            (lang.t("La reprise continue sans cette page ; ", "The import goes on without this page; "))
            a href=(view.at) { (lang.t("recharger", "reload")) } "."
        }
        (components::act(shell, &format!("{}/stop", view.at), &view.keys[0], "inline", html! {
            button type="submit" { (lang.t("Arrêter", "Stop")) }
        }))
    }
}
