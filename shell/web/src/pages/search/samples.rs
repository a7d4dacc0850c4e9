//! Views for the gallery and the tests.

use super::{Article, Contract, Group, Item, Of, Passage, Ticket, View};
use crate::design::Lang;
use crate::pages::sampling;
use crate::pages::shared::TicketState;

pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let passage = |pieces: &[(&str, bool)], cut: bool| Passage {
        pieces: pieces.iter().map(|(text, found)| ((*text).to_owned(), *found)).collect(),
        cut_before: cut,
        cut_after: cut,
    };
    let garonne = sampling::garonne();
    let opened = sampling::tickets(lang).remove(0).opened;
    let ticket = |number, title, of, passage| Ticket {
        number,
        title,
        state: TicketState::Taken,
        priority: "P2".into(),
        opened: opened.clone(),
        of,
        passage,
    };
    let (title, told, noted) = match lang {
        Lang::Fr => (
            passage(
                &[("L’", false), ("imprimante", true), (" de l’étage est en ", false), ("panne", true)],
                false,
            ),
            passage(
                &[
                    ("depuis ce matin, l’", false),
                    ("imprimante", true),
                    (" ne répond plus : encore une ", false),
                    ("panne", true),
                    (" de secteur", false),
                ],
                true,
            ),
            passage(
                &[("Alimentation de l’", false), ("imprimante", true), (" à remplacer sous garantie", false)],
                false,
            ),
        ),
        Lang::En => (
            passage(
                &[("The ", false), ("printer", true), (" upstairs has a ", false), ("breakdown", true)],
                false,
            ),
            passage(
                &[
                    ("since this morning the ", false),
                    ("printer", true),
                    (" does not answer: another power ", false),
                    ("breakdown", true),
                ],
                true,
            ),
            passage(
                &[
                    ("Power supply of the ", false),
                    ("printer", true),
                    (" to be replaced under warranty", false),
                ],
                false,
            ),
        ),
    };
    let tickets = vec![
        ticket(412, title.clone(), Of::Message, told),
        ticket(388, title.clone(), Of::Note, noted.clone()),
    ];
    let query = if lang == Lang::Fr { "imprimante panne" } else { "printer breakdown" };
    let group = Group {
        customer: garonne.clone(),
        tickets,
        contracts: vec![Contract {
            href: garonne.path("/contracts/CTR-2026-001"),
            number: passage(&[("CTR-2026-001", false)], false),
            title: title.clone(),
        }],
        articles: vec![Article {
            href: garonne.path("/contracts/CTR-2026-001#article-7"),
            contract: "CTR-2026-001".into(),
            title: passage(&[("Article 7 – ", false), ("Imprimantes", true)], false),
            passage: noted.clone(),
        }],
        items: vec![Item {
            href: garonne.path("/tickets?item=imp-2"),
            name: title.clone(),
            class: Some("printer".into()),
        }],
        knowledge: vec![Article {
            href: garonne.path("/knowledge/3"),
            contract: String::new(),
            title: title.clone(),
            passage: noted.clone(),
        }],
        history: vec![Article {
            href: garonne.path("/history/411"),
            contract: "GLPI 3981".into(),
            title,
            passage: noted,
        }],
        more_history: Some(garonne.path("/history?q=x")),
        more: true,
    };
    let one = View {
        customer: Some(garonne.clone()),
        query: query.into(),
        groups: vec![group.clone()],
        next: Some(garonne.path("/search?q=x&after=1.388")),
        ..View::default()
    };
    let other = Group {
        customer: sampling::sologne(),
        tickets: Vec::new(),
        contracts: Vec::new(),
        items: Vec::new(),
        knowledge: Vec::new(),
        history: Vec::new(),
        more_history: None,
        more: false,
        ..group.clone()
    };
    let all = View {
        query: query.into(),
        groups: vec![group, other],
        failed: vec!["Mairie de L’Isle".into()],
        ..View::default()
    };
    let none = View { customer: Some(garonne.clone()), query: "fax".into(), ..View::default() };
    vec![("one", one), ("everywhere", all), ("nothing", none), ("empty", View::default())]
}
