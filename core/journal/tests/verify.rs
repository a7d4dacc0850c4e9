//! A log is damaged in every way we know, and the report must name what was done and where.

use std::collections::BTreeMap;

use journal::checkpoint::Checkpoint;
use journal::envelope::Envelope;
use journal::note::SigningKey;
use journal::tile::Builder;
use journal::tree::{Frontier, leaf_hash};
use journal::verify::{Finding, MemoryLog, Report, StoredCheckpoint, StoredEntry, Trust, verify};
use proptest::prelude::*;
use serde_json::json;

const ORIGIN: &str = "journal.example.fr/vault/1";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[42; 32]).unwrap()
}

fn envelope(seq: u64) -> Envelope {
    Envelope {
        v: 1,
        seq,
        t: 1_793_700_000_000_000 + seq as i64 * 1000,
        kind: "ticket.noted".into(),
        actor: "a-01".into(),
        subject: BTreeMap::from([("ticket".into(), format!("t-{}", seq % 7))]),
        contract: None,
        causes: seq.checked_sub(1).into_iter().collect(),
        commitments: BTreeMap::new(),
        data: json!({"note": seq}),
    }
}

fn stored(seq: u64, bytes: Vec<u8>) -> StoredEntry {
    StoredEntry { seq, leaf: leaf_hash(&bytes).to_vec(), bytes }
}

/// Signs `entries` in batches of the given sizes, in turn.
fn signed(entries: Vec<StoredEntry>, batches: &[usize]) -> MemoryLog {
    let mut log = MemoryLog::default();
    let (mut frontier, mut builder, mut sizes) = (Frontier::new(), Builder::new(), batches.iter().cycle());
    let mut left = *sizes.next().unwrap();
    let count = entries.len();
    for (i, entry) in entries.into_iter().enumerate() {
        let leaf = leaf_hash(&entry.bytes);
        frontier.push(leaf);
        for full in builder.push(leaf) {
            log.tiles.insert((full.level, full.index), full.bytes);
        }
        log.entries.push(entry);
        left -= 1;
        if left == 0 || i + 1 == count {
            left = *sizes.next().unwrap();
            let note = Checkpoint::of(ORIGIN, &frontier).unwrap().sign(&key());
            let number = log.checkpoints.len() as u64;
            log.checkpoints.push(StoredCheckpoint { number, size: frontier.size(), note });
        }
    }
    log
}

fn sound(count: u64, batches: &[usize]) -> MemoryLog {
    signed((0..count).map(|seq| stored(seq, envelope(seq).to_bytes().unwrap())).collect(), batches)
}

fn check(log: &MemoryLog) -> Report {
    let Ok(report) = verify(&mut log.clone(), &Trust::in_key(ORIGIN, key().verifier()));
    report
}

fn renumber(log: &mut MemoryLog) {
    (0..).zip(&mut log.entries).for_each(|(seq, entry)| entry.seq = seq);
}

/// The findings after `damage` to a log of 60 entries in batches of 3 and 1.
fn after(damage: impl Fn(&mut MemoryLog)) -> Vec<Finding> {
    after_in(&[3, 1], damage)
}

/// The same in other batches; few of them where there are thousands of damages, since each costs a
/// signature to check.
fn after_in(batches: &[usize], damage: impl Fn(&mut MemoryLog)) -> Vec<Finding> {
    let mut log = sound(60, batches);
    damage(&mut log);
    check(&log).findings
}

#[test]
fn a_sound_log_is_sound_whatever_its_batches() {
    for (count, batches) in
        [(0, vec![1]), (1, vec![1]), (60, vec![3, 1]), (1000, vec![64, 1, 7]), (600, vec![600])]
    {
        let report = check(&sound(count, &batches));
        assert_eq!(report.findings, [], "{count} {batches:?}");
        assert!(report.is_sound() && report.first_wrong_entry().is_none());
        assert_eq!((report.entries, report.proven, report.tiles), (count, count, count / 256));
    }
    let report = check(&sound(60, &[3, 1]));
    assert_eq!(
        report.sentence().fr,
        format!(
            "Journal {ORIGIN} intact : 60 entrées, 30 points de contrôle signés, racine {}.",
            journal::tree::hex(&report.root)
        )
    );
}

#[test]
fn every_flipped_byte_is_named() {
    let log = sound(30, &[12, 1]);
    for seq in 0..30u64 {
        let i = seq as usize;
        for byte in 0..log.entries[i].bytes.len() {
            let mut damaged = log.clone();
            damaged.entries[i].bytes[byte] ^= 1 << (byte % 8);
            let report = check(&damaged);
            assert_eq!(report.findings, [Finding::BytesChanged { seq }], "byte {byte} of {seq}");
            assert_eq!(report.proven, 30);
        }
        for byte in 0..32 {
            let mut damaged = log.clone();
            damaged.entries[i].leaf[byte] ^= 1 << (byte % 8);
            assert_eq!(
                check(&damaged).findings,
                [Finding::LeafHashChanged { seq }],
                "leaf byte {byte} of {seq}"
            );
        }
    }
}

#[test]
fn every_deletion_is_named_renumbered_or_not() {
    for seq in 0..60u64 {
        let gone = if seq == 59 {
            Finding::TruncatedTail { seq, size: 60 }
        } else {
            Finding::Missing { seq, last: seq }
        };
        let delete = |log: &mut MemoryLog| drop(log.entries.remove(seq as usize));
        assert_eq!(after(delete), std::slice::from_ref(&gone));
        assert_eq!(
            after(|log| {
                delete(log);
                renumber(log);
            }),
            [gone]
        );
    }
    assert_eq!(after(|log| drop(log.entries.drain(10..20))), [Finding::Missing { seq: 10, last: 19 }]);
    assert_eq!(after(|log| drop(log.entries.drain(..5))), [Finding::Missing { seq: 0, last: 4 }]);
}

#[test]
fn every_truncation_is_named() {
    for seq in 0..60u64 {
        let cut = after(|log| log.entries.truncate(seq as usize));
        assert_eq!(cut, [Finding::TruncatedTail { seq, size: 60 }]);
    }
}

#[test]
fn every_swap_is_named_and_never_called_a_deletion() {
    for seq in 0..60u64 {
        for other in seq + 1..60 {
            let (a, b) = (seq as usize, other as usize);
            let rows = after_in(&[17], |log| {
                log.entries.swap(a, b);
                renumber(log);
            });
            assert_eq!(rows, [Finding::Swapped { seq, other }]);
        }
        let Some(other) = (seq + 1 < 60).then_some(seq + 1) else { continue };
        let (a, b) = (seq as usize, other as usize);
        let bytes_only = after(|log| {
            let bytes = std::mem::take(&mut log.entries[a].bytes);
            log.entries[a].bytes = std::mem::replace(&mut log.entries[b].bytes, bytes);
        });
        assert_eq!(bytes_only, [Finding::Swapped { seq, other }]);
    }
}

#[test]
fn every_insertion_and_copy_is_named() {
    for place in 0..60u64 {
        let at = place as usize;
        let foreign = after(|log| {
            log.entries.insert(at, stored(place, envelope(999).to_bytes().unwrap()));
            renumber(log);
        });
        assert_eq!(foreign, [Finding::Inserted { seq: place }]);
        let forged = after(|log| {
            let envelope = Envelope { actor: "a-02".into(), ..envelope(place) };
            log.entries.insert(at, stored(place, envelope.to_bytes().unwrap()));
            renumber(log);
        });
        assert_eq!(forged, [Finding::Inserted { seq: place }]);
        let copied = after(|log| {
            let copy = log.entries[at].clone();
            log.entries.insert(at + 1, copy);
            renumber(log);
        });
        // Whichever of two neighbouring copies is taken for the entry, the pair is named.
        assert!(
            matches!(copied[..], [Finding::Duplicate { seq, of }] if of == place && (place..=place + 1).contains(&seq)),
            "{place}: {copied:?}"
        );
        let far = after(|log| {
            let copy = log.entries[(at + 30) % 60].clone();
            log.entries.insert(at, copy);
            renumber(log);
        });
        let of = if place >= 30 { place - 30 } else { place + 30 };
        assert_eq!(far, [Finding::Duplicate { seq: place, of }]);
    }
}

#[test]
fn overwriting_moving_and_renumbering_are_named() {
    let overwritten = after(|log| {
        let copy = log.entries[4].clone();
        log.entries[20] = StoredEntry { seq: 20, ..copy };
    });
    assert_eq!(overwritten, [Finding::Duplicate { seq: 20, of: 4 }, Finding::Missing { seq: 20, last: 20 }]);
    let moved = after(|log| {
        let entry = log.entries.remove(10);
        log.entries.insert(30, entry);
        renumber(log);
    });
    assert_eq!(moved, [Finding::Moved { seq: 10, to: 30 }]);
    let renumbered = after(|log| log.entries[40..].iter_mut().for_each(|entry| entry.seq += 5));
    assert_eq!(renumbered, [Finding::Renumbered { seq: 40, stored: 45 }]);
}

fn rewrite(log: &mut MemoryLog, seq: u64) {
    let forged = Envelope { data: json!({"note": "forged"}), ..envelope(seq) };
    log.entries[seq as usize] = stored(seq, forged.to_bytes().unwrap());
}

#[test]
fn a_rewritten_entry_is_pinned_to_its_batch() {
    // Batches of 3 and 1: [0,3) [3,4) [4,7) [7,8)…
    assert_eq!(after(|log| rewrite(log, 3)), [Finding::CheckpointDisagrees { size: 4, from: 3 }]);
    assert_eq!(after(|log| rewrite(log, 5)), [Finding::CheckpointDisagrees { size: 7, from: 4 }]);
    let mut log = sound(60, &[3, 1]);
    rewrite(&mut log, 5);
    let report = check(&log);
    assert_eq!((report.proven, report.first_wrong_entry()), (4, Some(4)));
    assert!(report.sentence().fr.contains("Entrées 4 à 6"), "{}", report.sentence().fr);
    assert!(report.sentence().en.contains("Entries 4 to 6"), "{}", report.sentence().en);
}

#[test]
fn a_named_fault_does_not_hide_a_rewritten_entry_of_its_batch() {
    let found = after(|log| {
        rewrite(log, 4);
        log.entries[6].bytes[9] ^= 1;
    });
    assert_eq!(found, [Finding::CheckpointDisagrees { size: 7, from: 4 }, Finding::BytesChanged { seq: 6 }]);
}

#[test]
fn a_tile_left_alone_names_the_rewritten_entry() {
    let mut log = sound(700, &[50]);
    rewrite(&mut log, 123);
    assert_eq!(check(&log).findings, [Finding::BytesChanged { seq: 123 }]);
    // Tiles rewritten too: only the signature is left, and it pins the batch.
    let forged = signed(log.entries.clone(), &[50]);
    log.tiles = forged.tiles;
    assert_eq!(check(&log).findings, [Finding::CheckpointDisagrees { size: 150, from: 100 }]);
}

#[test]
fn tiles_are_compared_with_the_entries() {
    let mut log = sound(700, &[50]);
    log.tiles.get_mut(&(0, 1)).unwrap()[77] ^= 1;
    let report = check(&log);
    assert_eq!(report.findings, [Finding::TileWrong { level: 0, index: 1 }]);
    assert_eq!((report.first_wrong_entry(), report.proven), (None, 700));
    log.tiles.remove(&(0, 1));
    assert_eq!(check(&log).findings, [Finding::TileMissing { level: 0, index: 1 }]);
}

#[test]
fn several_faults_are_all_named() {
    let mut log = sound(700, &[50]);
    log.entries[20].bytes[9] ^= 1;
    log.entries[30].leaf[9] ^= 1;
    log.entries.swap(300, 420);
    log.entries.remove(500);
    renumber(&mut log);
    assert_eq!(
        check(&log).findings,
        [
            Finding::BytesChanged { seq: 20 },
            Finding::LeafHashChanged { seq: 30 },
            Finding::Swapped { seq: 300, other: 420 },
            Finding::Missing { seq: 500, last: 500 },
        ]
    );
}

#[test]
fn checkpoints_are_checked_one_by_one() {
    use Finding::*;
    let resign = |log: &mut MemoryLog, at: usize, origin: &str, size: u64| {
        let root = *Checkpoint::open(&log.checkpoints[at].note, ORIGIN, &[key().verifier()]).unwrap().root();
        log.checkpoints[at].note = Checkpoint::new(origin, size, root).unwrap().sign(&key());
    };
    let flip =
        |log: &mut MemoryLog| log.checkpoints[4].note = log.checkpoints[4].note.replacen('\n', "x\n", 1);
    assert_eq!(after(flip), [CheckpointBadSignature { number: 4, size: 11 }]);
    assert_eq!(after(|log| log.checkpoints[4].note.clear()), [CheckpointUnreadable { number: 4 }]);
    assert_eq!(
        after(|log| resign(log, 4, "journal.example.fr/vault/2", 11)),
        [CheckpointOfOtherLog { number: 4, origin: "journal.example.fr/vault/2".into() }]
    );
    assert_eq!(
        after(|log| log.checkpoints[4].size = 12),
        [CheckpointSizeChanged { number: 4, stored: 12, signed: 11 }]
    );
    assert_eq!(after(|log| drop(log.checkpoints.remove(4))), [CheckpointNumberMissing { number: 4 }]);
    assert_eq!(after(|log| drop(log.checkpoints.pop())), [CheckpointMissing { seq: 59, last: 59 }]);
    assert_eq!(after(|log| log.checkpoints.clear()), [CheckpointMissing { seq: 0, last: 59 }]);
    assert_eq!(
        after(|log| {
            let old = log.checkpoints[2].clone();
            log.checkpoints.push(StoredCheckpoint { number: 30, ..old });
        }),
        [CheckpointWentBack { number: 30, size: 7 }]
    );
    // Signed by the right key at a wrong size: the tree does not have that root there.
    assert_eq!(
        after(|log| {
            resign(log, 29, ORIGIN, 61);
            log.checkpoints[29].size = 61;
        }),
        [TruncatedTail { seq: 60, size: 61 }]
    );
}

#[test]
fn another_key_proves_nothing() {
    let stranger = SigningKey::from_seed(ORIGIN, &[43; 32]).unwrap();
    let log = sound(6, &[3]);
    let Ok(report) = verify(&mut log.clone(), &Trust::in_key(ORIGIN, stranger.verifier()));
    assert!(!report.is_sound());
    assert_eq!(report.proven, 0);
}

#[test]
fn a_log_cut_short_or_signed_again_is_betrayed_by_a_checkpoint_kept_elsewhere() {
    let log = sound(60, &[3, 1]);
    let kept = Checkpoint::open(&log.checkpoints[20].note, ORIGIN, &[key().verifier()]).unwrap();
    let size = kept.size();
    let trust = Trust { anchors: vec![kept], ..Trust::in_key(ORIGIN, key().verifier()) };
    let against = |log: &MemoryLog| {
        let Ok(report) = verify(&mut log.clone(), &trust);
        report.findings
    };
    assert_eq!(against(&log), []);
    let mut cut = log.clone();
    cut.entries.truncate(28);
    cut.checkpoints.truncate(14);
    assert_eq!(check(&cut).findings, []);
    assert_eq!(against(&cut), [Finding::TruncatedTail { seq: 28, size }]);
    let mut forged = log.clone();
    rewrite(&mut forged, 11);
    let again = signed(forged.entries, &[3, 1]);
    assert_eq!(check(&again).findings, []);
    assert!(matches!(against(&again)[..], [Finding::CheckpointDisagrees { size: s, .. }, ..] if s == size));
}

#[test]
fn what_was_signed_wrong_is_said_too() {
    let mut entries: Vec<StoredEntry> =
        (0..9).map(|seq| stored(seq, envelope(seq).to_bytes().unwrap())).collect();
    entries[2] = stored(2, Envelope { t: 5, ..envelope(2) }.to_bytes().unwrap());
    entries[4] = stored(4, b"not an entry".to_vec());
    let report = check(&signed(entries.clone(), &[1]));
    assert_eq!(report.findings, [Finding::TimeWentBack { seq: 2 }, Finding::NotCanonical { seq: 4 }]);
    entries[6] = stored(6, Envelope { t: envelope(6).t, ..envelope(60) }.to_bytes().unwrap());
    let report = check(&signed(entries, &[1]));
    assert_eq!(report.findings.last(), Some(&Finding::WrongSeq { seq: 6, says: 60 }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to the rows, a log that differs from the signed one is never called sound.
    #[test]
    fn no_damage_goes_unseen(
        count in 1u64..400,
        batch in 1usize..40,
        damages in prop::collection::vec((0u8..6, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
    ) {
        let log = sound(count, &[batch]);
        let mut damaged = log.clone();
        let mut first = u64::MAX;
        for (what, a, b) in damages {
            if damaged.entries.is_empty() { continue; }
            let len = damaged.entries.len();
            let (a, b) = (a.index(len), b.index(len));
            match what {
                0 => { let at = b % damaged.entries[a].bytes.len().max(1); damaged.entries[a].bytes[at] ^= 1; }
                1 => damaged.entries[a].leaf[b % 32] ^= 1,
                2 => drop(damaged.entries.remove(a)),
                3 => damaged.entries.swap(a, b),
                4 => { let copy = damaged.entries[a].clone(); damaged.entries.insert(b, copy); }
                _ => rewrite(&mut damaged, 0),
            }
            renumber(&mut damaged);
        }
        for (i, pair) in log.entries.iter().zip(&damaged.entries).enumerate() {
            if pair.0 != pair.1 { first = first.min(i as u64); }
        }
        if damaged.entries.len() != log.entries.len() {
            first = first.min(damaged.entries.len().min(log.entries.len()) as u64);
        }
        let report = check(&damaged);
        prop_assert_eq!(report.is_sound(), first == u64::MAX);
        if let Some(named) = report.first_wrong_entry() {
            // A fault that only a signature betrays is known to its batch; when an entry of that batch is
            // gone as well, the batch is left unproven.
            let (proven, findings) = (report.proven, &report.findings);
            prop_assert!(named.min(proven) <= first, "{named}, {proven}, first {first}: {findings:?}");
            prop_assert!(named + batch as u64 >= first, "{named}, first {first}: {findings:?}");
        }
    }
}
