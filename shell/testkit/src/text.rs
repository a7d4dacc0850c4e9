//! Texts of contracts short enough to be written in a test.

/// A contract of this number between « Atelier » and « Régie », of Toulouse, with these further articles;
/// theirs begin at 2.
pub fn two_parties(number: &str, articles: &str) -> String {
    PARTIES.replace("NUMBER", number) + articles
}

const PARTIES: &str = r#"+++
contract = "NUMBER"
language = "fr"
semantics = 1
+++

# Contrat

## Article 1 – Parties

```toml clause
kind = "parties"
label = "client"
then = { role = "customer", name = "Atelier", address = "Toulouse" }
```

```toml clause
kind = "parties"
label = "prestataire"
then = { role = "provider", name = "Régie", address = "Toulouse" }
```

"#;
