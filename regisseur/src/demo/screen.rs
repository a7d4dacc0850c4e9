//! What the demonstration prints: where to go, and as whom.

use std::cell::Cell;
use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::path::Path;

use app::Role;
use base::Lang;
use jiff::Timestamp;

use super::card::{Account, Card};
use crate::output::to_err;

/// How far a preparation is, on standard error: one line that moves on a terminal, a few elsewhere.
pub struct Progress {
    moves: bool,
    lang: Lang,
    last: Cell<usize>,
}

impl Progress {
    pub fn start(data: &Path, lang: Lang) -> Progress {
        let data = data.display();
        to_err(&lang.t(
            format!("Préparation de la démonstration dans {data} (une seule fois)…\n"),
            format!("Preparing the demonstration in {data} (once)…\n"),
        ));
        Progress { moves: io::stderr().is_terminal(), lang, last: Cell::new(0) }
    }

    pub fn show(&self, done: usize, all: usize) {
        let percent = done * 100 / all.max(1);
        let step = if self.moves { 1 } else { 25 };
        if percent < self.last.get() + step {
            return;
        }
        self.last.set(percent);
        let (start, end) = if self.moves { ("\r", "") } else { ("", "\n") };
        let line = self.lang.t(
            format!("{start}  {percent:>3} % · {done} actes rejoués{end}"),
            format!("{start}  {percent:>3}% · {done} acts replayed{end}"),
        );
        to_err(&line);
        if self.moves && done == all {
            to_err("\n");
        }
    }
}

/// After `--prepare-only`.
pub fn prepared(card: &Card, data: &Path, lang: Lang) -> String {
    let data = data.display();
    lang.t(
        format!(
            "La démonstration est prête dans {data} : {} comptes, demo.json en donne la liste.\n\
             Pour la servir : regisseur demo --data {data}\n",
            card.accounts.len()
        ),
        format!(
            "The demonstration is ready in {data}: {} accounts, listed in demo.json.\n\
             To serve it: regisseur demo --data {data}\n",
            card.accounts.len()
        ),
    )
}

/// Once it listens.
pub fn served(card: &Card, url: &str, now: Timestamp, lang: Lang) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n  {}\n", lang.t("Regisseur · démonstration", "Regisseur · demonstration"));
    let _ = writeln!(text, "  {url}");
    let paris = engines::calendar::zone("Europe/Paris").expect("invariant: the zone is built in");
    let now = base::lang::date_time(lang, &now.to_zoned(paris));
    let _ = writeln!(
        text,
        "  {}",
        lang.t(
            format!("À Paris, nous sommes le {now} ; l'horloge de la démonstration tourne."),
            format!("In Paris it is {now}; the demonstration's clock runs."),
        )
    );
    for (title, provider) in [
        (lang.t("Prestataire, Régie Numérique Occitane", "Provider, Régie Numérique Occitane"), true),
        (lang.t("Clients, chacun dans son coffre", "Customers, each in its own vault"), false),
    ] {
        let _ = writeln!(text, "\n  {title}");
        let here = |a: &&Account| Role::from_key(&a.role).is_some_and(Role::is_provider) == provider;
        for account in card.accounts.iter().filter(here) {
            let _ = writeln!(text, "    {}", line(account, lang));
            if let Some(secret) = &account.totp_secret {
                let _ = writeln!(
                    text,
                    "    {:ROLE$}  {} {secret}",
                    "",
                    lang.t("second facteur (TOTP) :", "second factor (TOTP):")
                );
            }
        }
    }
    let _ = writeln!(
        text,
        "\n  {}",
        lang.t("Jetons d'API (Authorization: Bearer …)", "API tokens (Authorization: Bearer …)")
    );
    for token in &card.tokens {
        let _ = writeln!(text, "    {:ROLE$}  {}", role(&token.role, lang), token.token);
    }
    let _ = writeln!(text, "\n  {}\n", lang.t("Ctrl-C pour arrêter.", "Ctrl-C to stop."));
    text
}

/// A role's name in its column.
const ROLE: usize = 49;

fn line(account: &Account, lang: Lang) -> String {
    let only =
        account.customer.as_deref().filter(|_| Role::from_key(&account.role).is_some_and(Role::is_provider));
    let only = only.map_or_else(String::new, |slug| {
        lang.t(format!("  (pour {slug} seulement)"), format!("  (for {slug} only)"))
    });
    format!("{:ROLE$}  {:42}  {}{only}", role(&account.role, lang), account.email, account.password)
}

/// As the pages say it.
fn role(key: &str, lang: Lang) -> String {
    Role::from_key(key).map_or_else(String::new, |role| role.words().get(lang).to_owned())
}
