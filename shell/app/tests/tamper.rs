//! Whoever changes a vault behind the application's back is named by verification: the entry, or the table.

mod common;

use app::proof::Verification;
use app::ticket::{OpenTicket, StepCommand};
use app::{Act, Role};
use base::Lang;
use common::signed;
use jiff::civil::date;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::PathBuf;
use testkit::Instance;

/// A closed instance with some life in its journal, and its vault's files as they were.
struct Ground {
    instance: Instance,
    folder: PathBuf,
    files: BTreeMap<PathBuf, Vec<u8>>,
    entries: u64,
}

impl Ground {
    fn new() -> Ground {
        let mut instance = Instance::new(20);
        let customer = signed(&instance, "atelier");
        for n in 0..4 {
            let ask = OpenTicket { title: format!("Ticket {n}"), ..OpenTicket::default() };
            let number = instance.open(customer, &ask).unwrap().number;
            instance.step(customer, number, &StepCommand::TakeOver).unwrap();
        }
        let close = instance.permit(Role::ServiceManager, Act::CloseMonth, customer);
        instance.app().close_month(&close, &instance.key(), None, date(2026, 3, 1)).unwrap();
        let sound = instance.app().verify_journals(None).unwrap();
        assert!(sound.iter().all(|v| v.sound));
        let entries = sound.iter().find(|v| v.log == "atelier").unwrap().entries;
        let folder = instance.vault_file("atelier").parent().unwrap().to_owned();
        instance.close();
        let files = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path());
        let files = files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        Ground { instance, folder, files, entries }
    }

    /// The vault as it was, changed by `sql`, as `journal verify` then sees it.
    fn after(&self, sql: &str) -> Verification {
        for file in std::fs::read_dir(&self.folder).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        for (path, bytes) in &self.files {
            std::fs::write(path, bytes).unwrap();
        }
        let raw = Connection::open(self.folder.join("vault.db")).unwrap();
        raw.execute_batch(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        drop(raw);
        let app = self.instance.inspect().expect("a damaged journal can still be looked at");
        let mut seen = app.verify_journals(None).expect("and verified");
        assert!(seen.iter().all(|v| v.log == "atelier" || v.sound), "the other logs are sound");
        seen.pop().unwrap()
    }
}

#[test]
fn a_changed_journal_is_named_by_its_first_wrong_entry() {
    let ground = Ground::new();
    let n = ground.entries;
    assert!(ground.after("").sound, "nothing changed, nothing found");

    let flip = |seq: u64| {
        format!(
            "UPDATE journal_entry SET bytes = CAST(substr(bytes, 1, 40) || X'21' || substr(bytes, 42) AS BLOB) WHERE seq = {seq}"
        )
    };
    let swap =
        "UPDATE journal_entry SET seq = 90000 WHERE seq = 3; UPDATE journal_entry SET seq = 3 WHERE seq = 6;
        UPDATE journal_entry SET seq = 6 WHERE seq = 90000";
    let insert = "UPDATE journal_entry SET seq = seq + 90000 WHERE seq >= 5;
        INSERT INTO journal_entry SELECT 5, CAST(bytes || X'20' AS BLOB), leaf FROM journal_entry WHERE seq = 2;
        UPDATE journal_entry SET seq = seq - 89999 WHERE seq >= 90000";
    let cases = [
        (flip(0), 0),
        (flip(4), 4),
        (flip(n - 1), n - 1),
        ("DELETE FROM journal_entry WHERE seq = 2".to_owned(), 2),
        (format!("DELETE FROM journal_entry WHERE seq = {}", n - 1), n - 1),
        (swap.to_owned(), 3),
        (insert.to_owned(), 5),
        (format!("INSERT INTO journal_entry SELECT {n}, bytes, leaf FROM journal_entry WHERE seq = 1"), n),
        // The content beside an entry is bound by its commitment. The last one is the name of whoever
        // signs the undertaking of confidentiality and then closes the month.
        ("UPDATE content SET bytes = X'00' WHERE seq = (SELECT max(seq) FROM content)".to_owned(), n - 3),
    ];
    for (sql, entry) in cases {
        let seen = ground.after(&sql);
        assert!(!seen.sound, "{sql}");
        assert_eq!(seen.first_wrong_entry, Some(entry), "{sql}: {:?}", seen.findings);
        let line = seen.line(Lang::En);
        assert!(line.ends_with(&format!("ALTERED, first wrong entry: {entry}")), "{line}");
        assert!(!seen.findings.is_empty());
    }
}

#[test]
fn a_row_under_an_impossible_number_is_found_too() {
    let ground = Ground::new();
    let seen = ground.after(
        "PRAGMA ignore_check_constraints = ON;
        INSERT INTO journal_entry SELECT -1, bytes, leaf FROM journal_entry WHERE seq = 1",
    );
    assert!(!seen.sound && seen.findings[0].en.contains("-1"), "{:?}", seen.findings);
}

#[test]
fn a_vault_that_is_gone_is_found_and_the_others_still_verify() {
    let mut instance = Instance::new(21);
    signed(&instance, "atelier");
    instance.customer("voisin");
    let file = instance.vault_file("atelier");
    instance.close();
    std::fs::remove_file(file).unwrap();
    let seen = instance.inspect().unwrap().verify_journals(None).unwrap();
    let sound: Vec<(&str, bool)> = seen.iter().map(|v| (v.log.as_str(), v.sound)).collect();
    assert_eq!(sound, [("instance", true), ("atelier", false), ("voisin", true)]);
    assert!(seen[1].findings[0].en.contains("vault.db is missing"), "{:?}", seen[1].findings);
}

#[test]
fn a_changed_projection_is_named_by_its_table() {
    let ground = Ground::new();
    let cases = [
        ("ticket", "UPDATE ticket SET priority = 'P1' WHERE number = 2"),
        ("ticket", "DELETE FROM ticket WHERE number = 4"),
        ("ticket_step", "DELETE FROM ticket_step WHERE rowid = (SELECT max(rowid) FROM ticket_step)"),
        ("ticket_clock", "UPDATE ticket_clock SET due = due + 3600000000"),
        ("contract_version", "UPDATE contract_version SET effective = '2026-01-01'"),
        ("actor", "UPDATE actor SET role = 'provider_admin'"),
    ];
    for (table, sql) in cases {
        let seen = ground.after(sql);
        assert!(!seen.sound, "{sql}");
        assert_eq!(seen.first_wrong_entry, None, "the journal itself is intact");
        assert_eq!(seen.findings.len(), 1, "{sql}: {:?}", seen.findings);
        assert!(seen.findings[0].fr.contains(&format!("la table {table},")), "{}", seen.findings[0].fr);
    }
}

#[test]
fn a_text_that_an_entry_names_by_its_hash_is_compared_with_it() {
    let ground = Ground::new();
    // Not one rule changes: only the words do.
    let words =
        "UPDATE signed_text SET bytes = CAST(replace(CAST(bytes AS TEXT), 'toute nature', 'tout genre')
        || ' ' AS BLOB) WHERE hash = (SELECT text_hash FROM contract_version)";
    let statement =
        "UPDATE signed_text SET bytes = CAST(replace(CAST(bytes AS TEXT), '230000', '230001') AS BLOB)
        WHERE hash = (SELECT statement_hash FROM closed_month)";
    let cases = [
        (words, "contract_version", "text kept of CTR-2026-001, version 1"),
        ("DELETE FROM signed_text", "contract_version", "text kept of CTR-2026-001, version 1"),
        (statement, "closed_month", "statement kept of 2026-03"),
    ];
    for (sql, table, what) in cases {
        let seen = ground.after(sql);
        let raw = Connection::open(ground.folder.join("vault.db")).unwrap();
        let seq: i64 = raw.query_row(&format!("SELECT seq FROM {table}"), [], |r| r.get(0)).unwrap();
        assert!(!seen.sound, "{sql}");
        assert_eq!(seen.first_wrong_entry, u64::try_from(seq).ok(), "{sql}: {:?}", seen.findings);
        assert!(seen.findings[0].en.contains(what), "{}", seen.findings[0].en);
    }
}
