//! How SQLite walks each statement that a list, a search or the desk runs: along an index, in its order.
//!
//! A walk of a whole table, or a sort, costs what the table holds: it is allowed by name, with a reason.

mod common;

use common::Ground;
use std::collections::BTreeSet;
use store::schema::Schema;
use store::{Database, StoreError, Val, instance, vault};

/// What may walk a whole table or sort, and why that stays short.
const ALLOWED: &[(&str, &str)] = &[
    ("ticket::LAST_NUMBER", "reads the last row of an index"),
    ("ticket::STOPPED_BETWEEN", "sorts the clocks that stopped in one month"),
    ("ticket::OVERDUE", "sorts the clocks that are late"),
    ("ticket.list::WITH_OPERATION", "sorts the tickets of one operation opened at the same instant"),
    ("ticket.list::OPENED_BETWEEN", "sorts the tickets opened in one month"),
    ("ticket.asked::OPEN", "reads the whole of an index that holds the tickets that ask, and no other"),
    ("article::LAST_NUMBER", "reads the last row of an index"),
    ("satisfaction::FOLLOWED", "sorts what one person follows and the provider opened"),
    ("satisfaction::BETWEEN", "adds up the answers of a few months"),
    ("webhook::ALL", "reads the webhooks of one customer, twenty at most for each party"),
    ("skills::ALL", "reads who knows each element of the perimeter, in the order of the key"),
    ("skills::EVER", "reads which elements were ever told of, in the order of the key"),
    ("draft::ATTACHED", "reads the few texts held by one draft"),
    ("escalation::ALL", "reads who is put on the levels of a customer's contracts, in the order of the key"),
    ("desk::LOAD", "adds up the open tickets of the instance in the order of an index"),
    ("desk::COUNT", "counts the open tickets of the instance in an index"),
    ("vaults::ALL", "reads every customer, in the order of an index"),
    ("assignments::EVER", "keeps each account of two walks once: an act of privacy, which is rare"),
    ("assignments::OF_PEOPLE", "sorts by name those who hold a role of one customer, or of every one"),
    ("assignments::COUNT_PEOPLE", "counts those who hold a role of one customer, up to a few"),
    ("assignments::COUNT_OWN", "counts the people of one customer, up to a few"),
    ("assignments::OF_OWN", "sorts by name the people of one customer"),
    ("assignments::WITH_ROLE", "keeps each account of two walks once: those who hold a role of one customer"),
    ("notifications::UNREAD", "counts the lines of a walk along an index that ends where it is told"),
];

const NOUNS: &[&str] = &[
    "ticket",
    "ticket.list",
    "ticket.asked",
    "article",
    "article.list",
    "plan",
    "satisfaction",
    "imported",
    "visit",
    "skills",
    "escalation",
    "draft",
    "search",
    "desk",
    "desk_views",
    "answers",
    "security",
    "links",
    "mail",
    "mail.in",
    "notifications",
    "webhook",
    "webhooks",
    "vaults",
    "assignments",
];

#[test]
fn lists_walk_an_index_and_never_sort() {
    let mut unused: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let mut looked = 0;
    for schema in [&vault::SCHEMA, &instance::SCHEMA] {
        let ground = Ground::sqlite();
        let db = ground.open(schema);
        for (name, sql) in reads(schema) {
            looked += 1;
            let plan = plan(&db, sql);
            let costly = plan.contains("SCAN") || plan.contains("TEMP B-TREE");
            let allowed = unused.remove(name.as_str()) || ALLOWED.iter().any(|(n, _)| *n == name);
            assert_eq!(costly, allowed, "{name}\n{sql}\n{plan}");
        }
    }
    assert!(unused.is_empty(), "allowed, and no statement: {unused:?}");
    assert!(looked > 40, "only {looked} statements were found");
}

/// Two filters that many tickets pass are walked by both, and the open ones by the instant they are due.
#[test]
fn each_list_walks_the_index_made_for_it() {
    let ground = Ground::sqlite();
    let db = ground.vault();
    let wanted = [
        ("ALL", "number<?"),
        ("BY_STATE", "ticket_state (state=? AND number>? AND number<?)"),
        ("BY_PRIORITY", "ticket_priority (priority=? AND number>? AND number<?)"),
        ("BY_KIND", "ticket_kind (kind=? AND number>? AND number<?)"),
        ("BY_KIND_AND_PRIORITY", "ticket_kind_priority (<expr>=? AND number>? AND number<?)"),
        ("BY_ITEM", "ticket_item (item=? AND number>? AND number<?)"),
        ("BY_ASSIGNEE", "ticket_assignee (assignee=? AND number>? AND number<?)"),
        ("BY_OPENER", "ticket_opener (opened_by=? AND number>? AND number<?)"),
        ("OPEN_BY_DUE", "ticket_due ("),
        ("ASSIGNED_BY_DUE", "ticket_assigned_due (assignee=? AND "),
        ("OPENED_BY_DUE", "ticket_opener_due (opened_by=? AND "),
        ("LAST_OPEN", "COVERING INDEX ticket_due ("),
        ("LAST_ASSIGNED", "COVERING INDEX ticket_assigned_due (assignee=? AND "),
        ("LAST_OPENED", "COVERING INDEX ticket_opener_due (opened_by=? AND "),
        ("COUNT_STATE", "COVERING INDEX"),
    ];
    let beside = [
        (
            "ticket::STOPPED_COUNT",
            "COVERING INDEX ticket_clock_month (promise=? AND stopped>? AND stopped<?)",
        ),
        ("satisfaction::OPENED", "ticket_opener_moved (opened_by=? AND updated>?)"),
        ("satisfaction::BAD", "satisfaction_first (first>?)"),
        ("satisfaction::FOLLOWED", "ticket_watcher_account (account=?)"),
        ("article.list::OVERDUE", "article_review (state=? AND "),
        ("article.list::OVERDUE_OF", "article_owner (state=? AND owner=? AND review_by<?)"),
    ];
    let lists = wanted.map(|(name, index)| (format!("ticket.list::{name}"), index));
    for (name, index) in lists.into_iter().chain(beside.map(|(name, index)| (name.to_owned(), index))) {
        let (_, sql) = reads(&vault::SCHEMA).find(|(n, _)| *n == name).expect("a statement of that name");
        let plan = plan(&db, sql);
        assert!(plan.contains(index), "{name} wants {index}\n{plan}");
    }
}

fn reads(schema: &Schema) -> impl Iterator<Item = (String, &'static str)> {
    let nouns = schema.nouns.iter().filter(|n| NOUNS.contains(&n.name));
    let all =
        nouns.flat_map(|n| n.statements.iter().map(|(name, sql)| (format!("{}::{name}", n.name), *sql)));
    all.filter(|(_, sql)| sql.starts_with("SELECT"))
}

fn plan(db: &Database, sql: &str) -> String {
    let placeholders: BTreeSet<&str> = sql
        .split('$')
        .skip(1)
        .map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())])
        .collect();
    let values = vec![Val::Null; placeholders.len()];
    let sql: &'static str = Box::leak(format!("EXPLAIN QUERY PLAN {sql}").into_boxed_str());
    let rows = db.read::<_, StoreError, _>(move |tx| tx.rows(sql, &values)).unwrap();
    rows.iter().map(|r| r.text(3).unwrap().to_owned()).collect::<Vec<_>>().join("\n")
}
