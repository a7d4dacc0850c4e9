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
