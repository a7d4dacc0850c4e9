//! Orders under an overarching contract: what they inherit, what they change for themselves, and what
//! an amendment makes of them.

use contract::{ClauseState, Compiled, compile, compile_amendment, compile_order};
use terms::{Facts, Promise};

const ORDER: &str = r#"+++
contract = "CTR-2026-900-P"
order_of = "CTR-2026-900"
+++

# Bon de commande n° CTR-2026-900-P

## Article 1 de la commande – Délai

Pour la présente commande, le service est rétabli en {{ delai.within }}.

```toml clause
kind = "commitment"
replace = "delai"
then = { promise = "restore", within = "2 h", calendar = "ho", starts = "declared", stops = "service_restored" }
```

## Article 2 de la commande – Périmètre

```toml clause
kind = "perimeter"
label = "serveur-paie"
then = { class = "server", items = ["srv-paie"], status = "in" }
```
"#;

const AMENDMENT: &str = r#"+++
amends = "CTR-2026-900-P"
effective = 2026-09-01
signed = 2026-08-20
+++

# Avenant n° 1 à la commande n° CTR-2026-900-P

## Article 1 de l'avenant – Délai

Le délai est porté à {{ delai.within }}.

```toml clause
kind = "commitment"
replace = "delai"
then = { promise = "restore", within = "3 h", calendar = "ho", starts = "declared", stops = "service_restored" }
```
"#;

fn master() -> Compiled {
    valid(compile("minimal.md", include_str!("../../../contracts/minimal.md")))
}

fn valid(compiled: Compiled) -> Compiled {
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    compiled
}

fn restore(compiled: &Compiled) -> String {
    let rule = compiled.terms.commitment(Promise::Restore, &Facts::default()).unwrap();
    rule.then.within.to_string()
}

#[test]
fn an_order_has_its_own_number_and_the_clauses_of_its_master() {
    let master = master();
    let order = valid(compile_order(&master, "commande.md", ORDER));
    assert_eq!(order.terms.contract, "CTR-2026-900-P");
    assert_eq!(order.terms.title, "Bon de commande n° CTR-2026-900-P");
    assert_eq!(order.document.title, order.terms.title);
    assert_eq!((restore(&master), restore(&order)), ("4 h".into(), "2 h".into()));
    assert_eq!(order.terms.parties.len(), 2, "inherited");
    let (mine, theirs) = (order.terms.term.as_ref().unwrap(), master.terms.term.as_ref().unwrap());
    assert_eq!(mine.then, theirs.then);
    assert!(order.terms.perimeter.iter().all(|r| r.from.contract == "CTR-2026-900-P"));
    // The master's articles come first, the replaced clause marked; then the order's.
    let titles: Vec<_> = order.document.articles.iter().map(|a| a.title.as_str()).collect();
    assert!(titles[0].starts_with("Contrat d'infogérance"));
    assert_eq!(titles.last(), Some(&"Article 2 de la commande – Périmètre"));
    let states: Vec<_> = order
        .document
        .articles
        .iter()
        .flat_map(|a| &a.clauses)
        .filter(|c| c.label == "delai")
        .map(|c| &c.state)
        .collect();
    assert_eq!(states, [&ClauseState::Replaced { by: "delai".into() }, &ClauseState::InForce]);
    // The master itself is not touched.
    assert_eq!(restore(&master), "4 h");
}

#[test]
fn an_order_says_its_trades_and_answers_for_them_alone() {
    let text = include_str!("../../../contracts/minimal.md").replacen(
        "language = \"fr\"",
        "language = \"fr\"\ntrades = [\"bpo\", \"asp\"]\narrangement = \"overarching\"",
        1,
    );
    let codes = |c: &Compiled| c.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>();
    let master = compile("minimal.md", &text);
    // What orders are for is not asked of their master.
    assert!(!codes(&master).contains(&"W-MISSING-PROCESS"), "{:?}", codes(&master));
    assert!(!codes(&master).contains(&"W-MISSING-HOSTING"), "{:?}", codes(&master));
    assert!(codes(&master).contains(&"W-MISSING-LIABILITY-PROVIDER"), "{:?}", codes(&master));
    let both = codes(&compile_order(&master, "commande.md", ORDER));
    assert!(both.contains(&"W-MISSING-PROCESS") && both.contains(&"W-MISSING-HOSTING"), "{both:?}");
    let one = ORDER.replacen("+++\ncontract", "+++\ntrades = [\"bpo\"]\ncontract", 1);
    let one = codes(&compile_order(&master, "commande.md", &one));
    assert!(one.contains(&"W-MISSING-PROCESS") && !one.contains(&"W-MISSING-HOSTING"), "{one:?}");
}

#[test]
fn an_amendment_to_an_order_amends_it_alone() {
    let master = master();
    let order = valid(compile_order(&master, "commande.md", ORDER));
    let amended = valid(compile_amendment(&order, "avenant.md", AMENDMENT));
    assert_eq!((amended.terms.contract.as_str(), restore(&amended).as_str()), ("CTR-2026-900-P", "3 h"));
    assert_eq!(amended.front_matter.order_of.as_deref(), Some("CTR-2026-900"));
    let codes = |c: &Compiled| c.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>();
    // An order under an order, or an amendment of the wrong contract, is refused.
    let below =
        ORDER.replace("CTR-2026-900\"", "CTR-2026-900-P\"").replace("900-P\"\norder", "900-Q\"\norder");
    assert!(codes(&compile_order(&order, "q.md", &below)).contains(&"E-ORDER-MASTER"));
    assert!(codes(&compile_amendment(&master, "avenant.md", AMENDMENT)).contains(&"E-AMENDMENT-BASE"));
    assert!(codes(&compile("commande.md", ORDER)).contains(&"E-ORDER-ALONE"));
}
