//! The chain of subcontractors: who is in it, at which rank, from where, and the four checks of each one.

use std::collections::{BTreeMap, BTreeSet};

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

/// What every row is compared with, looked up once.
struct Chain<'a> {
    rows: Vec<Row<'a>>,
    /// The first row of each party.
    row_of: BTreeMap<&'a str, usize>,
    /// The clauses `parties`, by label.
    parties: BTreeMap<&'a str, &'a Clause>,
    /// The countries where data may be, and the first clause that says so.
    allowed: Option<(BTreeSet<String>, &'a Clause)>,
    /// The clause that forbids any other processor.
    refusing: Option<&'a Clause>,
    /// The labels of the clauses on security.
    security: Vec<&'a str>,
}

impl<'a> Chain<'a> {
    fn of(clauses: &'a [Clause]) -> Chain<'a> {
        let rows: Vec<Row<'_>> = clauses
            .iter()
            .filter(|k| k.is("subcontracting"))
            .flat_map(|clause| {
                let rows = clause.value("subcontractors").and_then(Value::as_array).unwrap_or_default();
                rows.iter().filter_map(move |v| Some(Row { clause, span: v.span, entries: v.as_table()? }))
            })
            .collect();
        let mut row_of = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            if let Some(party) = row.text("party") {
                row_of.entry(party).or_insert(at);
            }
        }
        let mut parties = BTreeMap::new();
        for party in clauses.iter().filter(|k| k.is("parties")) {
            parties.entry(party.label.as_str()).or_insert(party);
        }
        let refuses = |k: &&Clause| k.is("personal_data") && k.text("sub_processors") == Some("forbidden");
        let security = clauses.iter().filter(|k| SECURITY.contains(&k.kind.name));
        Chain {
            rows,
            row_of,
            parties,
            allowed: places::allowed(clauses, &[]),
            refusing: clauses.iter().find(refuses),
            security: security.map(|k| k.label.as_str()).collect(),
        }
    }

    fn party(&self, row: &Row<'a>) -> Option<&'a Clause> {
        self.parties.get(row.text("party")?).copied()
    }

    /// The party's name, or its label when it has none.
    fn name(&self, row: &Row<'a>) -> &'a str {
        let label = row.text("party").unwrap_or_default();
        self.party(row).and_then(|p| p.text("name")).unwrap_or(label)
    }
}

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let chain = Chain::of(clauses);
    for row in &chain.rows {
        role(row, &chain, found);
        forbidden(row, found);
        rank(row, &chain, found);
        countries(row, &chain, found);
        accepted(row, found);
        processor(row, &chain, found);
        declared(row, &chain, found);
        flow_down(row, &chain, found);
    }
    unlisted(&chain, clauses, found);
    one_mode(clauses, found);
}

fn role(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    let Some(party) = chain.party(row) else { return };
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
fn rank(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    let Some(rank) = row.rank() else { return };
    let above = row.text("works_for").and_then(|label| chain.row_of.get(label)).map(|at| &chain.rows[*at]);
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

fn countries(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    let Some((allowed, place)) = &chain.allowed else { return };
    let who = chain.name(row);
    for (country, span) in row.texts("countries").into_iter().filter(|(c, _)| !allowed.contains(*c)) {
        let (here, there, list) = (&row.clause.article, &place.article, places::shown(allowed));
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
fn processor(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    let processes = row.value("personal_data").is_some_and(|v| v.node == Node::Flag(true));
    if !processes || !row.checked("gdpr_28") {
        return;
    }
    if let Some(refusing) = chain.refusing {
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
fn declared(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    if !row.checked("dora_chain") {
        return;
    }
    let Some(party) = chain.party(row) else { return };
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

/// So many labels are named in one remark.
const MOST_SHOWN: usize = 40;

/// S-232: each security clause of this contract exists in the contract with the subcontractor.
fn flow_down(row: &Row<'_>, chain: &Chain<'_>, found: &mut Vec<Diagnostic>) {
    if !row.checked("security_flow_down") {
        return;
    }
    let repeated: BTreeSet<&str> = row.texts("flows_down").into_iter().map(|(l, _)| l).collect();
    let mut missing = chain.security.iter().copied().filter(|label| !repeated.contains(label));
    let shown: Vec<&str> = missing.by_ref().take(MOST_SHOWN).collect();
    if !shown.is_empty() {
        let more = if missing.next().is_some() { ", …" } else { "" };
        let list = format!("{}{more}", shown.join(", "));
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
fn unlisted(chain: &Chain<'_>, clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for party in clauses.iter().filter(|k| k.is("parties") && k.text("role") == Some("subcontractor")) {
        if !chain.row_of.contains_key(party.label.as_str()) {
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
