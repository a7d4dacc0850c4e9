//! What is long, said once, and quoted or inherited many times: a text of a mebibyte must not be answered
//! with gigabytes.

use super::{HEAD, MIB, clause_block};

const COMMITMENT: &str =
    "promise=\"restore\",within=\"4 h\",calendar=\"24x7\",starts=\"declared\",stops=\"resolved\"";

pub(super) fn shapes() -> Vec<(&'static str, String)> {
    let long = "a".repeat(MIB / 3);
    let clause = |kind: &str, label: &str, rest: &str| {
        clause_block(&format!("kind=\"{kind}\"\nlabel=\"{label}\"\n{rest}"))
    };
    // Fills what is left of the text.
    let then = |start: String, next: &dyn Fn(usize) -> String| {
        let mut out = start;
        for i in 0.. {
            let one = next(i);
            if out.len() + one.len() > MIB {
                break;
            }
            out.push_str(&one);
        }
        out
    };
    let commitment = format!("then={{{COMMITMENT}}}");
    let tiny = |i: usize| clause("pause", &format!("p{i}"), "then={reason=\"r\",stops=[],proof=\"written\"}");
    let items: String = (0..40_000).map(|i| format!("\"i{i}\",")).collect();
    let dates: String = (0..30_000)
        .map(|i| format!("{:04}-{:02}-{:02},", 1000 + i / 336, 1 + i / 28 % 12, 1 + i % 28))
        .collect();
    vec![
        ("a long title above many clauses", then(format!("{HEAD}## {long}\n\n"), &tiny)),
        ("a long number above many clauses", then(HEAD.replace("\"C\"", &format!("\"{long}\"")), &tiny)),
        ("a long label that others conflict with", {
            let first = clause("commitment", &long, &commitment);
            then(format!("{HEAD}{first}"), &|i| clause("commitment", &format!("c{i}"), &commitment))
        }),
        (
            "two long labels, one misspelt",
            format!(
                "{HEAD}{}{}",
                clause("commitment", &long, &commitment),
                clause("commitment", "b", &format!("exception_to=\"{long}b\"\n{commitment}"))
            ),
        ),
        (
            "long keys, misspelt",
            format!("{HEAD}{}", clause("pause", "a", &format!("then={{{long}=1,b{long}=1}}"))),
        ),
        ("a long name of a site, in many perimeters", {
            let party = format!("then={{role=\"customer\",name=\"N\",address=\"A\",sites={{s=\"{long}\"}}}}");
            then(format!("{HEAD}{}", clause("parties", "p", &party)), &|i| {
                clause(
                    "perimeter",
                    &format!("p{i}"),
                    &format!("then={{class=\"c{i}\",sites=[\"s\"],status=\"in\"}}"),
                )
            })
        }),
        ("a long list, interpolated many times", {
            let list = format!("then={{class=\"c\",status=\"in\",items=[{items}]}}");
            then(format!("{HEAD}{}\n", clause("perimeter", "a", &list)), &|_| "{{a.items}} ".to_owned())
        }),
        ("a long text, interpolated many times", {
            let reason = format!("then={{reason=\"{long}\",stops=[],proof=\"written\"}}");
            then(format!("{HEAD}{}\n", clause("pause", "a", &reason)), &|_| "{{a.reason}} ".to_owned())
        }),
        ("a calendar of many holidays, excepted many times", {
            let base =
                format!("then={{zone=\"Europe/Paris\",week={{mon=[\"09:00-12:00\"]}},holidays=[{dates}]}}");
            then(format!("{HEAD}{}", clause("calendar", "a", &base)), &|i| {
                let rest =
                    format!("exception_to=\"a\"\nwhen={{item=\"i{i}\"}}\nthen={{closed=[2026-05-11]}}");
                clause("calendar", &format!("c{i}"), &rest)
            })
        }),
        ("calendars of one holiday over nine thousand years", {
            let term = clause(
                "term",
                "t",
                "then={start=1000-01-01,lasts=\"8900 years\",renewal=\"none\",notice=\"3 months\"}",
            );
            then(format!("{HEAD}{term}"), &|i| {
                let week = "then={zone=\"Europe/Paris\",week={mon=[\"09:00-12:00\"]},holidays=[2026-05-11]}";
                clause("calendar", &format!("c{i}"), week)
            })
        }),
        ("a chain of services", {
            let rest =
                "title=\"t\",family=\"support\",nature=\"run\",manner=\"m\",places=[],owner=\"provider\"";
            then(HEAD.to_owned(), &|i| {
                let service = format!("then={{service=\"s{i}\",part_of=\"s{}\",{rest}}}", i + 1);
                clause("elementary_service", &format!("e{i}"), &service)
            })
        }),
        ("many countries allowed, many sessions from others", {
            let countries: String = (0..30_000).map(|i| format!("\"C{i}\",")).collect();
            let place = clause(
                "data_location",
                "d",
                &format!("then={{purpose=\"administration\",countries=[{countries}]}}"),
            );
            let from: String = (0..50_000).map(|i| format!("\"D{i}\",")).collect();
            let session = format!("then={{act=\"diagnosis\",from_countries=[{from}]}}");
            format!("{HEAD}{place}{}", clause("remote_access", "r", &session))
        }),
        ("revisions of many fees", {
            then(HEAD.to_owned(), &|i| match i {
                0..1500 => clause("fee", &format!("f{i}"), "then={unit=\"u\"}"),
                _ => clause("price_revision", &format!("r{i}"), "then={covers=[\"fees\"]}"),
            })
        }),
        ("a matrix of many levels", {
            let levels: String = (0..20_000).map(|i| format!("\"p{i}\",")).collect();
            let cells: String = (0..20_000).map(|i| format!("u{i}=\"p{i}\",")).collect();
            let matrix = format!(
                "then={{priorities=[{levels}],impacts=[\"a\"],urgencies=[{}],cells={{a={{{cells}}}}}}}",
                levels.replace('p', "u")
            );
            format!("{HEAD}{}", clause("priority_matrix", "m", &matrix))
        }),
        ("a perimeter of many sites and priorities", {
            let sites: String = (0..140).map(|i| format!("\"s{i}\",")).collect();
            let when = format!("when={{priority=[{}]}}", sites.replace('s', "p"));
            let rest = format!("{when}\nthen={{class=\"c\",status=\"in\",sites=[{sites}]}}");
            format!("{HEAD}{}", clause("perimeter", "p", &rest))
        }),
        ("perimeters of thirty items each", {
            then(HEAD.to_owned(), &|i| {
                let items: String = (0..30).map(|n| format!("\"{i}-{n}\",")).collect();
                let status = if i % 2 == 0 { "in" } else { "out" };
                let rest = format!("then={{class=\"c{i}\",status=\"{status}\",items=[{items}]}}");
                clause("perimeter", &format!("p{i}"), &rest)
            })
        }),
    ]
}
