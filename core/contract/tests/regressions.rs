//! What fuzzing and hostile shapes found, each as a text that once went wrong.

use contract::compile;

const HEAD: &str = "+++\ncontract = \"C\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# C\n\n";

#[test]
fn remarks_left_out_are_counted() {
    let clause = |i: usize| format!("```toml clause\nkind = \"zz\"\nlabel = \"p{i}\"\n```\n\n");
    let of = |count: usize| {
        let text: String = (0..count).map(clause).collect();
        compile("c.md", &format!("{HEAD}{text}")).diagnostics
    };
    let few = of(20);
    assert!(few.iter().all(|d| d.code != "A-REMARKS-MORE"), "nothing is left out of {}", few.len());
    let many = of(1500);
    let said = many.iter().find(|d| d.code == "A-REMARKS-MORE").expect("it is said that some are left out");
    let left_out: usize = said.message.fr.split(' ').next().unwrap().parse().unwrap();
    assert!(left_out >= 500, "{}", said.message.fr);
    assert_eq!(many.iter().filter(|d| d.code == "E-CLAUSE-KIND").count(), 1000);
}

#[test]
fn headings_without_end_are_refused() {
    let of = |count: usize| compile("c.md", &format!("{HEAD}{}", "# a\n".repeat(count)));
    assert!(of(500).diagnostics.iter().all(|d| d.code != "E-SOURCE-SIZE"));
    let many = of(12_000);
    let said: Vec<_> = many.diagnostics.iter().filter(|d| d.code == "E-SOURCE-SIZE").collect();
    assert_eq!(said.len(), 1);
    assert!(said[0].message.fr.contains("titres"), "{}", said[0].message.fr);
}

#[test]
fn keys_without_end_in_the_front_matter_are_counted() {
    let keys: String = (0..3000).map(|i| format!("a{i} = 1\n")).collect();
    let said = compile("c.md", &format!("+++\n{keys}+++\n")).diagnostics;
    assert!(said.iter().any(|d| d.code == "A-REMARKS-MORE"));
    assert!(said.len() <= 1001, "{} remarks", said.len());
}

fn codes(text: &str) -> Vec<&'static str> {
    compile("c.md", text).diagnostics.iter().map(|d| d.code).collect()
}

fn block(kind: &str, label: &str, rest: &str) -> String {
    format!("```toml clause\nkind = \"{kind}\"\nlabel = \"{label}\"\n{rest}\n```\n\n")
}

#[test]
fn a_long_list_interpolated_at_every_line_is_refused() {
    let items: String = (0..20_000).map(|i| format!("\"i{i}\", ")).collect();
    let list =
        block("perimeter", "a", &format!("then = {{ class = \"c\", status = \"in\", items = [{items}] }}"));
    let compiled = compile("c.md", &format!("{HEAD}{list}{}", "{{ a.items }}\n".repeat(2000)));
    let said: Vec<_> = compiled.diagnostics.iter().filter(|d| d.code == "E-SOURCE-SIZE").collect();
    assert_eq!(said.len(), 1, "said once");
    let shown: usize = compiled.document.articles.iter().map(|a| a.markdown.len() + a.html.len()).sum();
    assert!(shown < 20_000_000, "{shown} bytes");
    assert!(
        !codes(&format!("{HEAD}{list}{{{{ a.items }}}}\n")).contains(&"E-SOURCE-SIZE"),
        "once is allowed"
    );
}

#[test]
fn a_long_list_excepted_many_times_is_not_copied_as_often() {
    let dates: String = (0..20_000)
        .map(|i| format!("{:04}-{:02}-{:02}, ", 1000 + i / 336, 1 + i / 28 % 12, 1 + i % 28))
        .collect();
    let week = "zone = \"Europe/Paris\", week = { mon = [\"09:00-12:00\"] }";
    let base = block("calendar", "a", &format!("then = {{ {week}, holidays = [{dates}] }}"));
    let exception = |i: usize| {
        let rest = "exception_to = \"a\"\nwhen = { item = \"i\" }\nthen = { closed = [2026-05-11] }";
        block("calendar", &format!("c{i}"), rest)
    };
    let of = |count: usize| codes(&format!("{HEAD}{base}{}", (0..count).map(exception).collect::<String>()));
    assert!(!of(3).contains(&"E-SOURCE-SIZE"));
    assert_eq!(of(2000).iter().filter(|c| **c == "E-SOURCE-SIZE").count(), 1);
}

#[test]
fn a_calendar_composed_of_long_ones_is_not_copied_without_end() {
    let dates: String = (0..20_000)
        .map(|i| format!("{:04}-{:02}-{:02}, ", 1000 + i / 336, 1 + i / 28 % 12, 1 + i % 28))
        .collect();
    let week = "zone = \"Europe/Paris\", week = { mon = [\"09:00-12:00\"] }";
    let base = block("calendar", "a", &format!("then = {{ {week}, holidays = [{dates}] }}"));
    let of = |count: usize| {
        let union = block("calendar", "u", &format!("then = {{ union = [{}] }}", "\"a\", ".repeat(count)));
        codes(&format!("{HEAD}{base}{union}"))
    };
    assert!(!of(3).contains(&"E-CALENDAR-FORM"));
    assert!(of(5000).contains(&"E-CALENDAR-FORM"));
}

#[test]
fn long_words_are_compared_by_their_beginning() {
    let long = "a".repeat(3900);
    let text = format!(
        "{HEAD}{}{}",
        block("pause", &long, "then = { reason = \"r\", stops = [\"restore\"], proof = \"written\" }"),
        block("pause", "b", &format!("exception_to = \"{long}b\"\nthen = {{ reason = \"r\" }}"))
    );
    for d in compile("c.md", &text).diagnostics {
        assert!(d.help.fr.len() < 5000, "{}: {} bytes of help", d.code, d.help.fr.len());
    }
}

/// Walking it took the cube of its length: a runner would wait for hours.
#[test]
fn a_long_chain_of_services_is_walked_once() {
    let rest = "title = \"t\", family = \"support\", nature = \"run\", manner = \"m\", places = [\"remote\"], owner = \"provider\"";
    let service = |i: usize, above: usize| {
        let then = format!("then = {{ service = \"s{i:04}\", part_of = \"s{above:04}\", {rest} }}");
        block("elementary_service", &format!("e{i}"), &then)
    };
    let chain: String = (0..3000).map(|i| service(i, i + 1)).collect();
    let of = |text: &str, code: &str| codes(text).iter().filter(|c| **c == code).count();
    assert_eq!(
        of(&format!("{HEAD}{chain}"), "E-SERVICE-PARENT"),
        1,
        "the last names a service that is not there"
    );
    let circle: String = (0..3000).map(|i| service(i, (i + 1) % 3000)).collect();
    assert_eq!(of(&format!("{HEAD}{circle}"), "E-SERVICE-CYCLE"), 1, "told once");
}

#[test]
fn a_contract_of_nine_thousand_years_names_few_of_them() {
    let term = block(
        "term",
        "t",
        "then = { start = 1000-01-01, lasts = \"8900 years\", renewal = \"none\", notice = \"3 months\" }",
    );
    let week =
        "then = { zone = \"Europe/Paris\", week = { mon = [\"09:00-12:00\"] }, holidays = [2026-05-11] }";
    let text = format!("{HEAD}{term}{}", block("calendar", "a", week));
    let said = compile("c.md", &text).diagnostics;
    let years = said.iter().find(|d| d.code == "W-CALENDAR-HOLIDAYS");
    let years = years.unwrap_or_else(|| panic!("years without holidays are not told: {said:?}"));
    assert!(years.message.fr.contains("1000, 1001") && years.message.fr.len() < 300, "{}", years.message.fr);
}

#[test]
fn a_matrix_of_more_levels_than_anybody_tells_apart_is_refused() {
    let matrix = |levels: usize, cells: usize| {
        let names: String = (0..levels).map(|i| format!("\"u{i}\", ")).collect();
        let row: String = (0..cells).map(|i| format!("u{i} = \"P1\", ")).collect();
        let then = format!(
            "then = {{ priorities = [\"P1\"], impacts = [\"a\"], urgencies = [{names}], cells = {{ a = {{ {row} }} }} }}"
        );
        codes(&format!("{HEAD}{}", block("priority_matrix", "m", &then)))
    };
    assert!(!matrix(50, 50).contains(&"E-PRIORITY-LONG"));
    let long = |levels, cells| matrix(levels, cells).iter().filter(|c| **c == "E-PRIORITY-LONG").count();
    assert_eq!(long(51, 50), 1, "too many urgencies");
    assert_eq!(long(50, 2501), 1, "too many cells");
    assert_eq!(long(20_000, 20_000), 2);
    // Nothing else is said of a matrix that is not read.
    assert!(matrix(20_000, 20_000).iter().all(|c| !matches!(*c, "E-PRIORITY-UNKNOWN" | "E-PRIORITY-HOLE")));
}

/// What two texts of so many clauses decide otherwise.
fn compared(clause: impl Fn(usize, &str) -> String, count: usize) -> contract::diff::Diff {
    let of = |word: &str| {
        let text: String = (0..count).map(|i| clause(i, word)).collect();
        compile("c.md", &format!("{HEAD}{text}"))
    };
    contract::diff::compare(&of("4 h"), &of("5 h"))
}

fn by_item(i: usize, within: &str) -> String {
    let then = format!(
        "when = {{ item = \"i{i}\" }}\nthen = {{ promise = \"restore\", within = \"{within}\", calendar = \"24x7\", starts = \"declared\", stops = \"resolved\" }}"
    );
    block("commitment", &format!("c{i}"), &then)
}

#[test]
fn rules_on_too_many_values_are_told_rule_by_rule() {
    use contract::diff::Question;
    let few = compared(by_item, 200).meaning;
    assert!(few.beyond.is_empty() && few.rules.is_empty());
    assert_eq!(few.cases.len(), 200, "each item names its own clause");
    let many = compared(by_item, 2500).meaning;
    assert_eq!(many.beyond, [Question::Commitment { promise: terms::Promise::Restore }]);
    assert!(many.cases.is_empty());
    assert_eq!(many.rules.len(), 2500);
}

#[test]
fn operations_share_what_a_comparison_may_cost() {
    let sites: String = (0..20_000).map(|i| format!("s{i} = \"S\", ")).collect();
    let party = block(
        "parties",
        "p",
        &format!("then = {{ role = \"customer\", name = \"N\", address = \"A\", sites = {{ {sites} }} }}"),
    );
    let of = |terms: &str| {
        let one = |i: usize| {
            let then = format!(
                "when = {{ site = \"s{i}\" }}\nthen = {{ operation = \"o{i}\", title = \"T\", terms = \"{terms}\" }}"
            );
            block("operations", &format!("o{i}"), &then)
        };
        compile("c.md", &format!("{HEAD}{party}{}", (0..150).map(one).collect::<String>()))
    };
    let meaning = contract::diff::compare(&of("included"), &of("excluded")).meaning;
    assert!(!meaning.cases.is_empty(), "the first are told case by case");
    assert!(!meaning.beyond.is_empty(), "the last are not");
    let told = meaning.cases.len() + meaning.beyond.len();
    assert_eq!(told, 150);
}

#[test]
fn a_class_of_forty_thousand_items_is_one_case() {
    let items: String = (0..40_000).map(|i| format!("\"i{i}\", ")).collect();
    let of = |status: &str| {
        let then = format!("then = {{ class = \"c\", status = \"{status}\", items = [{items}] }}");
        compile("c.md", &format!("{HEAD}{}", block("perimeter", "a", &then)))
    };
    let meaning = contract::diff::compare(&of("in"), &of("out")).meaning;
    assert!(meaning.beyond.is_empty());
    assert_eq!(meaning.cases.len(), 1, "{} cases", meaning.cases.len());
}

#[test]
fn perimeters_of_too_many_items_are_told_rule_by_rule() {
    let clause = |i: usize, within: &str| {
        let items: String = (0..30).map(|n| format!("\"{i}-{n}\", ")).collect();
        let status = if within == "4 h" { "in" } else { "out" };
        let then = format!("then = {{ class = \"c{i}\", status = \"{status}\", items = [{items}] }}");
        block("perimeter", &format!("p{i}"), &then)
    };
    let few = compared(clause, 50).meaning;
    assert!(few.beyond.is_empty() && !few.cases.is_empty());
    let many = compared(clause, 1500).meaning;
    assert_eq!(many.beyond, [contract::diff::Question::Perimeter]);
    assert_eq!(many.rules.len(), 1500);
}

#[test]
fn a_text_of_one_long_line_is_compared_with_nothing() {
    let items: String = (0..20_000).map(|i| format!("\"i{i}\", ")).collect();
    let list =
        block("perimeter", "a", &format!("then = {{ class = \"c\", status = \"in\", items = [{items}] }}"));
    let full = compile("c.md", &format!("{HEAD}{list}{}", "{{ a.items }} ".repeat(50)));
    let articles = contract::diff::compare(&compile("c.md", HEAD), &full).text;
    let prose: Vec<_> = articles.iter().flat_map(|a| &a.prose).collect();
    assert_eq!(prose.len(), 1, "all of it is new");
    assert_eq!(prose[0].change, Some(contract::diff::Change::Added));
}
