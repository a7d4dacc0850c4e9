//! The journal: what was recorded, the signed state of it, and how to verify it alone.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::sampling::{at, garonne};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// `None` while nothing is recorded.
    pub checkpoint: Option<Checkpoint>,
    /// Latest first.
    pub entries: Vec<Entry>,
    pub newer: Option<String>,
    pub older: Option<String>,
    /// The command that verifies this journal.
    pub command: String,
}

/// The latest signed checkpoint.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    /// Base64, as in the checkpoint.
    pub root: String,
    pub signed: Zoned,
    /// The verifier key, as C2SP writes it.
    pub key: String,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub index: u64,
    pub at: Zoned,
    /// « ticket.restored ».
    pub kind: String,
    pub sentence: String,
    pub actor: String,
    /// First characters of the leaf's hash.
    pub hash: String,
}

/// `GET /c/{customer}/journal`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        lang.t("Journal", "Journal"),
        Place::Journal,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                lang.t("Journal", "Journal"),
                html! {},
            ))
            p.lead {
                (lang.t("Tout ce qui compte pour le contrat y est inscrit, dans l’ordre, une fois pour toutes. Chacun peut vérifier qu’aucune ligne n’a été changée, retirée ou ajoutée après coup.",
                        "Everything that matters to the contract is recorded here, in order, once and for all. Anyone can verify that no line was changed, removed or added afterwards."))
            }
            @if let Some(checkpoint) = &view.checkpoint { (signed_state(checkpoint, lang)) (verify(view, lang)) }
            @if view.entries.is_empty() {
                (components::empty(
                    lang.t("Le journal est vide", "The journal is empty"),
                    lang.t("Sa première entrée sera la signature du contrat.", "Its first entry will be the signing of the contract."),
                    None,
                ))
            } @else {
                (components::section("entries", lang.t("Dernières entrées", "Latest entries"), html! {
                    (entries(&view.entries, lang))
                    (components::pager(view.newer.as_deref(), view.older.as_deref(), lang))
                }))
            }
        },
    )
}

fn signed_state(checkpoint: &Checkpoint, lang: Lang) -> Markup {
    components::section(
        "checkpoint",
        lang.t("Dernier point de contrôle signé", "Latest signed checkpoint"),
        components::facts(vec![
            (
                html! { (lang.t("Entrées", "Entries")) },
                html! { strong { (format::count(checkpoint.size, lang)) } },
            ),
            (html! { (lang.t("Signé le", "Signed on")) }, components::when(&checkpoint.signed, lang)),
            (html! { (lang.t("Origine", "Origin")) }, html! { code { (checkpoint.origin) } }),
            (html! { (lang.t("Racine", "Root")) }, html! { code { (checkpoint.root) } }),
            (html! { (lang.t("Clé de vérification", "Verifier key")) }, html! { code { (checkpoint.key) } }),
        ]),
    )
}

fn verify(view: &View, lang: Lang) -> Markup {
    components::section(
        "verify",
        lang.t("Vérifier sans nous croire", "Verify without trusting us"),
        html! {
            p {
                (lang.t("La commande relit chaque entrée, refait tous les calculs d’empreinte et nomme la première qui ne correspond pas.",
                        "The command reads every entry again, recomputes every hash and names the first that does not match."))
            }
            pre tabindex="0" { code { (view.command) } }
            p.muted {
                (lang.t("Notez la racine et le nombre d’entrées ci-dessus, sur papier ou dans un courriel : plus tard, ils prouveront que rien n’a bougé avant ce point.",
                        "Write down the root and the number of entries above, on paper or in an email: later they prove that nothing moved before this point."))
            }
        },
    )
}

fn entries(list: &[Entry], lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Entrée", "Entry")),
        Column::text(lang.t("Instant", "Instant")),
        Column::text(lang.t("Fait", "Fact")),
        Column::text(lang.t("Par", "By")),
        Column::text(lang.t("Empreinte", "Hash")),
    ];
    let rows = list
        .iter()
        .map(|entry| {
            Row::new(vec![
                html! { (format::count(entry.index, lang)) },
                components::when_short(&entry.at, lang),
                html! { (components::words(&entry.sentence, lang)) code.sub { (entry.kind) } },
                html! { (entry.actor) },
                html! { code { (entry.hash) } },
            ])
        })
        .collect();
    table(
        "entries",
        lang.t("Entrées du journal, de la plus récente à la plus ancienne", "Journal entries, latest first"),
        &columns,
        rows,
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let entry = |index, when, kind: &str, sentence: Text, actor: &str, hash: &str| Entry {
        index,
        at: at(when),
        kind: kind.into(),
        sentence: sentence.into(),
        actor: actor.into(),
        hash: hash.into(),
    };
    let contract: String = lang.t("le contrat", "the contract").into();
    let full = View {
        customer: garonne(),
        checkpoint: Some(Checkpoint {
            origin: "regisseur.example/vault/ateliers-garonne".into(),
            size: 2_944,
            root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=".into(),
            signed: at("2026-11-03T09:58"),
            key: "regisseur.example/vault/ateliers-garonne+7d3f1c20+AWzN0kqQ8s3hHkJ5tq2mV6cYw1uQ0bq2jE9o5rT4xK8L".into(),
        }),
        entries: vec![
            entry(2_943, "2026-11-03T09:58", "ticket.opened", lang.t("Ticket 420 ouvert, P4, compris dans le forfait", "Ticket 420 opened, P4, included in the fee"), "Nadia Costes", "e1a94c07"),
            entry(2_942, "2026-11-03T09:30", "commitment.missed", lang.t("Ticket 412 : délai de rétablissement dépassé", "Ticket 412: restoration time exceeded"), &contract, "5b02d9f4"),
            entry(2_941, "2026-11-03T09:12", "ticket.refused", lang.t("Demande refusée : Gesprod est hors du périmètre", "Request refused: Gesprod is outside the perimeter"), &contract, "09cc7e31"),
            entry(2_940, "2026-11-03T09:04", "meter.used", lang.t("Carnet d’assistance : 118e ticket sur 120", "Hotline pack: 118th ticket of 120"), "Inès Cazenave", "d7710ab8"),
            entry(2_939, "2026-11-02T17:49", "ticket.noted", lang.t("Note ajoutée au ticket 412", "Note added to ticket 412"), "Inès Cazenave", "3f8e6620"),
            entry(2_938, "2026-11-02T16:55", "clock.resumed", lang.t("Ticket 412 : horloge reprise", "Ticket 412: clock resumed"), "Inès Cazenave", "a81b53cd"),
            entry(2_937, "2026-11-02T15:10", "clock.paused", lang.t("Ticket 412 : délai suspendu, accès du client attendu", "Ticket 412: clock suspended, customer access awaited"), "Inès Cazenave", "660f12e9"),
        ],
        newer: None,
        older: Some("/c/ateliers-garonne/journal?before=2937".into()),
        command: "regisseur journal verify --data DATA --customer ateliers-garonne".into(),
    };
    let empty = View { checkpoint: None, entries: Vec::new(), older: None, ..full.clone() };
    vec![("garonne", full), ("empty", empty)]
}
