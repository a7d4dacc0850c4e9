//! The chain of subcontractors: who is in it, at which rank, from where, and the four checks of each one.

use std::collections::BTreeMap;

use super::places;
use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;
use crate::source::{Entry, Node, Span, Value};

/// One row of `subcontractors`, with the places of its values.
struct Row<'a> {
    clause: &'a Clause,
    span: Span,
    entries: &'a [Entry],
}

impl<'a> Row<'a> {
    fn value(&self, key: &str) -> Option<&'a Value> {
        self.entries.iter().find(|e| e.key == key).map(|e| &e.value)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.value(key)?.as_text()
    }

    fn texts(&self, key: &str) -> Vec<(&'a str, Span)> {
        let values = self.value(key).and_then(Value::as_array).unwrap_or_default();
        values.iter().filter_map(|v| Some((v.as_text()?, v.span))).collect()
    }

    fn rank(&self) -> Option<i64> {
        match self.value("rank")?.node {
            Node::Integer(n) => Some(n),
            _ => None,
        }
    }

    fn place(&self, key: &str) -> Span {
        self.value(key).map_or(self.span, |v| v.span)
    }

    fn checked(&self, check: &str) -> bool {
        Fields::new(self.clause).texts("checks").iter().any(|c| c == check)
    }
}

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let rows: Vec<Row<'_>> = clauses
        .iter()
        .filter(|k| k.is("subcontracting"))
        .flat_map(|clause| {
            let rows = clause.value("subcontractors").and_then(Value::as_array).unwrap_or_default();
            rows.iter().filter_map(move |v| Some(Row { clause, span: v.span, entries: v.as_table()? }))
        })
        .collect();
    for row in &rows {
        role(row, clauses, found);
        forbidden(row, found);
        rank(row, &rows, found);
        countries(row, clauses, found);
        accepted(row, found);
        processor(row, clauses, found);
        chain(row, clauses, found);
        flow_down(row, clauses, found);
    }
    unlisted(clauses, &rows, found);
    one_mode(clauses, found);
}

fn party<'a>(label: &str, clauses: &'a [Clause]) -> Option<&'a Clause> {
    clauses.iter().find(|k| k.is("parties") && k.label == label)
}

fn name<'a>(label: &'a str, clauses: &'a [Clause]) -> &'a str {
    party(label, clauses).and_then(|p| p.text("name")).unwrap_or(label)
}

fn role(row: &Row<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(party) = row.text("party").and_then(|label| party(label, clauses)) else { return };
    if party.text("role") != Some("subcontractor") {
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTOR-ROLE",
                row.place("party"),
                format!("« {} » n'est pas un sous-traitant dans ce contrat", party.label),
                format!("“{}” is not a subcontractor in this contract", party.label),
            )
            .related(party.place_of("role"), "sa qualité", "what it is")
            .help(
                "écrivez role = \"subcontractor\" dans sa clause parties",
                "write role = \"subcontractor\" in its clause parties",
            ),
        );
    }
}

fn forbidden(row: &Row<'_>, found: &mut Vec<Diagnostic>) {
    if row.clause.text("mode") == Some("forbidden") {
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTING-FORBIDDEN",
                row.span,
                "toute sous-traitance est interdite, et en voici une",
                "all subcontracting is forbidden, and here is one",
            )
            .related(row.clause.place_of("mode"), "interdite ici", "forbidden here")
            .help("retirez-la, ou écrivez mode = \"specific\"", "remove it, or write mode = \"specific\""),
        );
    }
}

/// Rank 2 works for the provider, rank n for one of rank n − 1, and none is beyond the furthest allowed.
fn rank(row: &Row<'_>, rows: &[Row<'_>], found: &mut Vec<Diagnostic>) {
    let Some(rank) = row.rank() else { return };
    let above = row.text("works_for").and_then(|label| rows.iter().find(|r| r.text("party") == Some(label)));
    let fits = match above {
        Some(above) => above.rank() == Some(rank - 1),
        // The provider itself, whom rank 2 may name, is in no row.
        None => rank == 2,
    };
    if !fits {
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTOR-RANK",
                row.place("rank"),
                format!("au rang {rank}, on travaille pour un sous-traitant de rang {} de cette liste", rank - 1),
                format!("at rank {rank}, one works for a subcontractor of rank {} of this list", rank - 1),
            )
            .help(
                "le Prestataire est de rang 1 ; ses sous-traitants directs, de rang 2 ; les leurs, de rang 3 avec works_for",
                "the Provider is rank 1; its direct subcontractors, rank 2; theirs, rank 3 with works_for",
            ),
        );
    }
    let Some(most) = Fields::new(row.clause).integer("max_rank") else { return };
    if rank > i64::from(most) {
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTOR-DEPTH",
                row.place("rank"),
                format!("le contrat n'admet pas de sous-traitant au-delà du rang {most}"),
                format!("the contract allows no subcontractor beyond rank {most}"),
            )
            .related(row.clause.place_of("max_rank"), "limite", "limit")
            .help(
                "retirez ce sous-traitant, ou relevez max_rank",
                "remove this subcontractor, or raise max_rank",
            ),
        );
    }
}

fn countries(row: &Row<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some((allowed, place)) = places::allowed(clauses, &[]) else { return };
    let who = name(row.text("party").unwrap_or_default(), clauses);
    for (country, span) in row.texts("countries").into_iter().filter(|(c, _)| !allowed.contains(*c)) {
        let (here, there, list) = (&row.clause.article, &place.article, places::shown(&allowed));
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTOR-COUNTRY",
                span,
                format!("« {here} » place {who} en {country}, que « {there} » n'admet pas ({list})"),
                format!("“{here}” places {who} in {country}, which “{there}” does not allow ({list})"),
            )
            .related(place.place_of("countries"), "pays admis", "countries allowed")
            .help(
                "récusez ce sous-traitant, ou changez la localisation des données par avenant",
                "refuse this subcontractor, or change the location of data by amendment",
            ),
        );
    }
}

/// Law 75-1334, art. 3: a subcontract that was not accepted cannot be invoked against the customer.
fn accepted(row: &Row<'_>, found: &mut Vec<Diagnostic>) {
    if row.checked("legal_1975") && row.value("accepted").is_none() {
        found.push(
            Diagnostic::warning(
                "W-SUBCONTRACTOR-ACCEPTED",
                row.place("party"),
                "ce sous-traitant n'est pas accepté : ni accès, ni données, ni facturation",
                "this subcontractor is not accepted: no access, no data, no billing",
            )
            .help(
                "écrivez accepted = 2026-02-16 quand le Client l'a accepté et a agréé ses conditions de paiement (loi n° 75-1334, art. 3)",
                "write accepted = 2026-02-16 once the Customer has accepted it and its payment terms (law 75-1334, art. 3)",
            ),
        );
    }
}

/// GDPR 28(2): another processor is authorised in the clause on personal data, too.
fn processor(row: &Row<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let processes = row.value("personal_data").is_some_and(|v| v.node == Node::Flag(true));
    if !processes || !row.checked("gdpr_28") {
        return;
    }
    let refusing =
        clauses.iter().find(|k| k.is("personal_data") && k.text("sub_processors") == Some("forbidden"));
    if let Some(refusing) = refusing {
        found.push(
            Diagnostic::error(
                "E-SUBCONTRACTOR-GDPR",
                row.place("personal_data"),
                format!("« {} » interdit tout sous-traitant ultérieur, et celui-ci traite des données personnelles", refusing.article),
                format!("“{}” forbids any other processor, and this one processes personal data", refusing.article),
            )
            .related(refusing.place_of("sub_processors"), "interdit ici", "forbidden here")
            .help(
                "écrivez sub_processors = \"specific\" ou \"general\" (RGPD, art. 28(2))",
                "write sub_processors = \"specific\" or \"general\" (GDPR, art. 28(2))",
            ),
        );
    }
}

/// The register of information names each one by its LEI and its contract (Reg. (EU) 2024/2956, B_05.02).
fn chain(row: &Row<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    if !row.checked("dora_chain") {
        return;
    }
    let Some(party) = row.text("party").and_then(|label| party(label, clauses)) else { return };
    let lei = party.value("lei").is_some();
    if lei && row.value("contract").is_some() {
        return;
    }
    let (fr, en) = if lei {
        (
            "le numéro du contrat passé avec lui : contract = \"…\"",
            "the number of the contract with it: contract = \"…\"",
        )
    } else {
        ("son LEI, dans sa clause parties", "its LEI, in its clause parties")
    };
    found.push(
        Diagnostic::warning(
            "W-SUBCONTRACTOR-CHAIN",
            row.place("party"),
            "la chaîne de sous-traitance ne peut pas être déclarée au registre d'information",
            "the subcontracting chain cannot be reported in the register of information",
        )
        .help(
            format!("il manque {fr} (règlement (UE) 2024/2956, B_05.02)"),
            format!("what is missing is {en} (Reg. (EU) 2024/2956, B_05.02)"),
        ),
    );
}

const SECURITY: &[&str] = &[
    "remote_access",
    "device_posture",
    "data_location",
    "retention",
    "incident_response",
    "security_measures",
    "confidentiality",
];

/// S-232: each security clause of this contract exists in the contract with the subcontractor.
fn flow_down(row: &Row<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    if !row.checked("security_flow_down") {
        return;
    }
    let repeated: Vec<&str> = row.texts("flows_down").into_iter().map(|(l, _)| l).collect();
    let missing: Vec<&str> = clauses
        .iter()
        .filter(|k| SECURITY.contains(&k.kind.name) && !repeated.contains(&k.label.as_str()))
        .map(|k| k.label.as_str())
        .collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        found.push(
            Diagnostic::warning(
                "W-SUBCONTRACTOR-FLOW",
                row.place("flows_down"),
                format!("le contrat passé avec lui ne reprend pas ces clauses de sécurité : {list}"),
                format!("the contract with it does not repeat these security clauses: {list}"),
            )
            .help(
                "reprenez-les dans ce contrat, puis dans flows_down : la sous-traitance ne doit pas les rendre inefficaces",
                "repeat them in that contract, then in flows_down: subcontracting must not defeat them",
            ),
        );
    }
}

/// A subcontractor that the contract names and never places in the chain.
fn unlisted(clauses: &[Clause], rows: &[Row<'_>], found: &mut Vec<Diagnostic>) {
    for party in clauses.iter().filter(|k| k.is("parties") && k.text("role") == Some("subcontractor")) {
        if !rows.iter().any(|r| r.text("party") == Some(&party.label)) {
            found.push(
                Diagnostic::warning(
                    "W-SUBCONTRACTOR-ENTRY",
                    party.label_span,
                    format!("« {} » est sous-traitant, et rien ne dit ce qu'il fait ni d'où", party.label),
                    format!("“{}” is a subcontractor, and nothing says what it does nor from where", party.label),
                )
                .help(
                    format!(
                        "ajoutez à la clause subcontracting : {{ party = \"{}\", rank = 2, services = [\"…\"], countries = [\"FR\"] }}",
                        party.label
                    ),
                    format!(
                        "add to the clause subcontracting: {{ party = \"{}\", rank = 2, services = [\"…\"], countries = [\"FR\"] }}",
                        party.label
                    ),
                ),
            );
        }
    }
}

/// How strict each mode is: two articles on the same acceptance say the same.
fn one_mode(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let strictness = BTreeMap::from([("general", 0), ("specific", 1), ("forbidden", 2)]);
    let level = |k: &Clause, field: &str| k.text(field).and_then(|t| strictness.get(t).copied());
    let Some(main) = clauses.iter().find(|k| k.is("subcontracting")) else { return };
    for personal in clauses.iter().filter(|k| k.is("personal_data")) {
        let (Some(main_level), Some(personal_level)) =
            (level(main, "mode"), level(personal, "sub_processors"))
        else {
            continue;
        };
        // A contract that forbids or screens subcontracting does so of processors as well.
        if personal_level < main_level {
            found.push(
                Diagnostic::error(
                    "E-SUBCONTRACTING-MODE",
                    personal.place_of("sub_processors"),
                    format!("« {} » admet plus que « {} »", personal.article, main.article),
                    format!("“{}” allows more than “{}”", personal.article, main.article),
                )
                .related(main.place_of("mode"), "la sous-traitance en général", "subcontracting in general")
                .help("écrivez le même mode aux deux articles", "write the same mode in both articles"),
            );
        }
    }
}
