//! Texts of the largest size allowed whose shape makes a careless compiler work with the square of it.

mod kinds;
mod quoted;

use std::fmt::Write;

const MIB: usize = 1024 * 1024;
const HEAD: &str = "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# C\n\n";

/// Each with its name; none is larger than a contract may be, but the one that says so.
pub fn shapes() -> impl Iterator<Item = (String, String)> {
    let plain = plain().into_iter().chain(quoted::shapes());
    plain.map(|(name, text)| (name.to_owned(), text)).chain(kinds::shapes())
}

fn clause_block(toml: &str) -> String {
    format!("```toml clause\n{}\n```\n", toml.trim_end())
}

fn plain() -> Vec<(&'static str, String)> {
    let fill = |unit: &str| format!("{HEAD}{}", unit.repeat((MIB - HEAD.len()) / unit.len()));
    let lines = |count: usize, line: &dyn Fn(usize) -> String| {
        let mut out = String::from(HEAD);
        for i in 0..count {
            let next = line(i);
            if out.len() + next.len() > MIB {
                break;
            }
            out.push_str(&next);
        }
        out
    };
    let clause = |kind: &str, label: &str, rest: &str| {
        format!("```toml clause\nkind=\"{kind}\"\nlabel=\"{label}\"\n{rest}\n```\n")
    };
    let after = |start: &str, unit: &str| {
        format!("{HEAD}{start}{}", unit.repeat((MIB - HEAD.len() - start.len()) / unit.len()))
    };
    let many = 20_000;
    let commitment =
        "promise=\"restore\",within=\"4 h\",calendar=\"24x7\",starts=\"declared\",stops=\"resolved\"";
    let mut one_table = String::from("then={");
    (0..30_000).for_each(|i| write!(one_table, "a{i}=1,").expect("a text takes any text"));
    one_table.push('}');
    vec![
        ("too large", "a".repeat(MIB + 1)),
        ("braces that open", fill("{{")),
        ("braces that open, each on its line", fill("{{\n")),
        ("interpolations of nothing", fill("{{a}}")),
        ("interpolations of a label that is not there", fill("{{a.b}} ")),
        ("interpolations of one label", after(&clause("pause", "a", "then={reason=\"r\"}"), "{{a.reason}} ")),
        ("figures by hand", after(&clause("pause", "a", "then={}"), "4 h ")),
        ("headings", fill("# a\n")),
        ("backticks", fill("`")),
        ("stars", fill("*a ")),
        ("brackets", fill("[a](")),
        ("definitions", fill("[a]: b\n\n")),
        ("quotations", fill("> ")),
        (
            "lists within lists",
            (0..1000).fold(String::from(HEAD), |mut out, i| {
                out.push_str(&" ".repeat(i));
                out.push_str("- a\n");
                out
            }),
        ),
        ("a table of many rows", fill("| a | b |\n|---|---|\n| c | d |\n")),
        ("tiny clauses", lines(many, &|i| clause("pause", &format!("p{i}"), "then={}"))),
        (
            "tiny clauses, an article each",
            lines(many, &|i| format!("## A{i}\n\n{}", clause("pause", &format!("p{i}"), "then={}"))),
        ),
        ("tiny clauses of one label", lines(many, &|_| clause("pause", "p", "then={}"))),
        ("tiny clauses without a kind", lines(many, &|_| "```toml clause\n```\n".to_owned())),
        ("tiny clauses of no known kind", lines(many, &|i| clause("zz", &format!("p{i}"), "then={}"))),
        ("tiny clauses whose TOML is broken", lines(many, &|_| "```toml clause\n=\n```\n".to_owned())),
        (
            "siblings",
            lines(10_000, &|i| clause("commitment", &format!("c{i}"), &format!("then={{{commitment}}}"))),
        ),
        (
            "siblings that exclude each other",
            lines(10_000, &|i| {
                clause(
                    "commitment",
                    &format!("c{i}"),
                    &format!("when={{item=\"i{i}\"}}\nthen={{{commitment}}}"),
                )
            }),
        ),
        ("exceptions to one rule", {
            let base = clause("commitment", "a", &format!("then={{{commitment}}}"));
            lines(12_000, &|i| match i {
                0 => base.clone(),
                _ => clause(
                    "commitment",
                    &format!("c{i}"),
                    &format!("exception_to=\"a\"\nwhen={{item=\"i{i}\"}}\nthen={{within=\"1 h\"}}"),
                ),
            })
        }),
        ("a chain of exceptions", {
            let base = clause("commitment", "c0", &format!("then={{{commitment}}}"));
            lines(12_000, &|i| match i {
                0 => base.clone(),
                _ => clause(
                    "commitment",
                    &format!("c{i}"),
                    &format!("exception_to=\"c{}\"\nthen={{within=\"1 h\"}}", i - 1),
                ),
            })
        }),
        (
            "a cycle of exceptions",
            lines(12_000, &|i| {
                clause(
                    "commitment",
                    &format!("c{i}"),
                    &format!("exception_to=\"c{}\"\nthen={{within=\"1 h\"}}", (i + 1) % 9000),
                )
            }),
        ),
        (
            "perimeters that disagree",
            lines(many, &|i| {
                clause(
                    "perimeter",
                    &format!("p{i}"),
                    &format!("then={{class=\"c\",status=\"{}\"}}", if i % 2 == 0 { "in" } else { "out" }),
                )
            }),
        ),
        (
            "perimeters of many items",
            lines(many, &|i| {
                clause(
                    "perimeter",
                    &format!("p{i}"),
                    &format!(
                        "then={{class=\"c\",items=[\"i{i}\"],status=\"{}\"}}",
                        if i % 2 == 0 { "in" } else { "out" }
                    ),
                )
            }),
        ),
        (
            "calendars made of calendars",
            lines(many, &|i| {
                clause(
                    "calendar",
                    &format!("c{i}"),
                    &format!("then={{union=[\"c{}\",\"c{}\"]}}", i + 1, i + 2),
                )
            }),
        ),
        (
            "parties of one role",
            lines(many, &|i| {
                clause("parties", &format!("p{i}"), "then={role=\"customer\",name=\"N\",address=\"A\"}")
            }),
        ),
        ("examples", {
            let base = clause("commitment", "a", &format!("then={{{commitment}}}"));
            lines(8_000, &|i| {
                match i {
                0 => base.clone(),
                _ => "```toml example\ntitle=\"t\"\ngiven={declared=2026-03-06T22:10}\nexpect={restore_due=2026-03-07T02:10}\n```\n".to_owned(),
            }
            })
        }),
        ("keys that do not exist", format!("{HEAD}{}", clause("pause", "a", &one_table))),
        (
            "a list of one word",
            format!(
                "{HEAD}{}",
                clause("pause", "a", &format!("then={{stops=[{}]}}", "\"restore\",".repeat(90_000)))
            ),
        ),
        (
            "a list of many items",
            format!(
                "{HEAD}{}",
                clause(
                    "perimeter",
                    "a",
                    &format!(
                        "then={{status=\"in\",class=\"c\",items=[{}]}}",
                        (0..90_000).map(|i| format!("\"i{i}\",")).collect::<String>()
                    )
                )
            ),
        ),
        (
            "dates of holidays",
            format!(
                "{HEAD}{}",
                clause(
                    "calendar",
                    "a",
                    &format!(
                        "then={{zone=\"Europe/Paris\",week={{mon=[\"09:00-12:00\"]}},holidays=[{}]}}",
                        (0..80_000)
                            .map(|i| format!(
                                "{:04}-{:02}-{:02},",
                                1000 + i / 336,
                                1 + i / 28 % 12,
                                1 + i % 28
                            ))
                            .collect::<String>()
                    )
                )
            ),
        ),
        (
            "openings in a day",
            format!(
                "{HEAD}{}",
                clause(
                    "calendar",
                    "a",
                    &format!(
                        "then={{zone=\"Europe/Paris\",week={{mon=[{}]}}}}",
                        "\"09:00-09:01\",".repeat(70_000)
                    )
                )
            ),
        ),
        (
            "phases",
            format!(
                "{HEAD}{}",
                clause(
                    "term",
                    "a",
                    &format!(
                        "then={{start=2026-03-01,phases=[{}]}}",
                        "{name=\"a\",from=2026-03-01},".repeat(35_000)
                    )
                )
            ),
        ),
        (
            "nested arrays",
            format!(
                "{HEAD}{}",
                clause("pause", "a", &format!("then={}{}", "[".repeat(500_000), "]".repeat(500_000)))
            ),
        ),
        (
            "nested tables",
            format!(
                "{HEAD}{}",
                clause("pause", "a", &format!("then={}1{}", "{a=".repeat(200_000), "}".repeat(200_000)))
            ),
        ),
        (
            "nested keys",
            format!("{HEAD}{}", clause("pause", "a", &format!("then{}=1", ".a".repeat(400_000)))),
        ),
        (
            "a front matter of many keys",
            format!("+++\n{}+++\n", (0..60_000).map(|i| format!("a{i} = 1\n")).collect::<String>()),
        ),
        ("a front matter that does not close", format!("+++\n{}", "a=1\n".repeat(200_000))),
    ]
}
