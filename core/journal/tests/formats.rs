//! Notes, checkpoints, tiles and envelopes against the vectors of their specifications.

use std::collections::BTreeMap;

use journal::checkpoint::{Checkpoint, CheckpointError};
use journal::envelope::{Envelope, EnvelopeError};
use journal::note::{self, NoteError, SigningKey, VerifierKey};
use journal::tile::{self, Builder, Content, LevelTiles, Tile};
use journal::tree::{Frontier, leaf_hash};
use serde_json::json;

const FOO: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

#[test]
fn the_published_verifier_key_reads_and_prints_the_same() {
    let foo = VerifierKey::parse(FOO).unwrap();
    assert_eq!((foo.name(), foo.id(), foo.to_string().as_str()), ("example.com/foo", 0x530d903a, FOO));
    for bad in [
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a",
        "",
    ] {
        assert!(VerifierKey::parse(bad).is_err(), "{bad}");
    }
}

/// The example of Go's `golang.org/x/mod/sumdb/note`, where the format comes from.
#[test]
fn a_note_signed_by_another_implementation_opens() {
    let key =
        VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let signature =
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let signed = format!("{text}\n— PeterNeumann {signature}\n");
    assert_eq!(note::open(&signed, &[key]).unwrap().text, text);
}

#[test]
fn a_signing_key_shows_only_its_public_half() {
    let key = key("example.org/log", 0x5a);
    let shown = format!("{key:?}");
    assert_eq!(shown, format!("SigningKey({})", key.verifier()));
    assert!(!shown.contains("5a5a") && !shown.contains("90, 90"));
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb"] {
        assert!(SigningKey::from_seed(name, &[1; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn a_note_opens_with_its_keys_and_ignores_strangers() {
    let (ours, other) = (key("example.org/log", 1), key("example.org/witness", 2));
    let text = "one\n\ntwo\n";
    let signed = note::sign(text, &[&ours, &other]).unwrap();
    let opened = note::open(&signed, &[ours.verifier()]).unwrap();
    assert_eq!((opened.text.as_str(), opened.unknown), (text, 1));
    assert_eq!(opened.verified, [("example.org/log".to_owned(), ours.verifier().id())]);
    assert_eq!(note::open(&signed, &[key("x", 3).verifier()]), Err(NoteError::Unsigned));
    // Same name, another key: the id differs, so it is a stranger.
    assert_eq!(note::open(&signed, &[key("example.org/log", 3).verifier()]), Err(NoteError::Unsigned));
    assert!(matches!(
        note::open(&signed, &[ours.verifier(), ours.verifier()]),
        Err(NoteError::AmbiguousKey { .. })
    ));
}

#[test]
fn sixteen_signatures_and_more_are_accepted() {
    let keys: Vec<SigningKey> = (0..20).map(|i| key(&format!("example.org/{i}"), i)).collect();
    let signed = note::sign("text\n", &keys.iter().collect::<Vec<_>>()).unwrap();
    let opened = note::open(&signed, &[keys[19].verifier(), keys[0].verifier()]).unwrap();
    assert_eq!((opened.verified.len(), opened.unknown), (2, 18));
    let line = signed.lines().last().unwrap().to_owned() + "\n";
    let flood = signed + &line.repeat(100);
    assert_eq!(note::open(&flood, &[keys[0].verifier()]), Err(NoteError::TooManySignatures));
}

#[test]
fn malformed_notes_are_refused() {
    let ours = key("example.org/log", 1);
    let good = note::sign("text\n", &[&ours]).unwrap();
    let mut cases: Vec<(String, &str)> = vec![
        (good.replace('—', "-"), "a hyphen for the dash"),
        (good.replace('—', "–"), "an en dash"),
        (good.replace("text", "te\rxt"), "a carriage return"),
        (good.replace("text", "te\txt"), "a tab"),
        (good.replace("text", "te\0xt"), "a zero byte"),
        (good.trim_end().to_owned(), "no final newline"),
        (format!("{good}\n"), "a blank line at the end"),
        ("text\n\n".to_owned(), "no signature"),
        (good.replacen("\n\n", "\n", 1), "no blank line"),
        (good.replace("— example.org/log ", "— example.org/log  "), "two spaces"),
        (good.replace("— example.org/log ", "— example.org+log "), "a plus in the name"),
        (format!("{good}— example.org/other AAAA\n"), "a signature too short"),
        (format!("{good}— example.org/other !!!!!!!!\n"), "not base64"),
        (good.replace("text", "texte"), "another text"),
    ];
    let wrong = note::sign("other\n", &[&ours]).unwrap();
    let line = wrong.lines().last().unwrap();
    cases.push((format!("{good}{line}\n"), "a second, wrong signature of a known key"));
    for (case, what) in cases {
        assert!(note::open(&case, &[ours.verifier()]).is_err(), "{what}");
    }
    for text in ["", "no newline", "a\tb\n"] {
        assert_eq!(note::sign(text, &[&ours]), Err(NoteError::MalformedText), "{text:?}");
    }
}

#[test]
fn flipping_any_bit_of_a_checkpoint_refuses_it() {
    let ours = key("example.org/log", 1);
    let mut frontier = Frontier::new();
    frontier.push(leaf_hash(b"entry"));
    let checkpoint = Checkpoint::of("example.org/log", &frontier).unwrap();
    let signed = checkpoint.sign(&ours);
    let open = |note: &str| Checkpoint::open(note, "example.org/log", &[ours.verifier()]);
    assert_eq!(open(&signed), Ok(checkpoint));
    for byte in 0..signed.len() {
        for bit in 0..8 {
            let mut bytes = signed.clone().into_bytes();
            bytes[byte] ^= 1 << bit;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(open(&changed).is_err(), "byte {byte} bit {bit}: {changed}");
            }
        }
    }
}

#[test]
fn checkpoints_have_one_spelling_and_one_log() {
    let ours = key("example.org/log", 1);
    let root = journal::tree::empty_root();
    let text = "example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(Checkpoint::new("example.org/log", 0, root).unwrap().text(), text);
    assert_eq!(Checkpoint::parse(text).unwrap().text(), text);
    for (from, to) in [
        ("\n0\n", "\n00\n"),
        ("\n0\n", "\n+1\n"),
        ("\n0\n", "\n-1\n"),
        ("\n0\n", "\n\n"),
        ("\n0\n", "\n18446744073709551616\n"),
        ("\n0\n", "\n1e3\n"),
        ("=\n", "\n"),
        ("=\n", "=\nextension\n"),
        ("=\n", "="),
        ("47DE", ""),
        ("example.org/log", ""),
        ("example.org/log", "example.org/a log"),
        ("example.org/log", "https://example.org/log"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert!(Checkpoint::parse(&changed).is_err(), "{changed:?}");
    }
    let signed = Checkpoint::parse(text).unwrap().sign(&ours);
    assert!(matches!(
        Checkpoint::open(&signed, "example.org/other", &[ours.verifier()]),
        Err(CheckpointError::OtherLog { .. })
    ));
}

#[test]
fn tile_paths_have_one_spelling() {
    assert_eq!(tile::encode_index(1_234_067), "x001/x234/067");
    for index in [0, 7, 999, 1000, 1_234_067, u64::MAX] {
        assert_eq!(tile::decode_index(&tile::encode_index(index)), Some(index));
    }
    for bad in
        ["", "1", "0001", "x001", "001/002", "x000/001", "x001/x234/67", "x18446744073709551616", "+01"]
    {
        assert_eq!(tile::decode_index(bad), None, "{bad}");
    }
    let partial = Tile { content: Content::Entries, index: 273, width: 112 };
    assert_eq!(partial.path(), "tile/entries/273.p/112");
    let full = Tile { content: Content::Hashes { level: 2 }, index: 1_234_067, width: 256 };
    assert_eq!(full.path(), "tile/2/x001/x234/067");
    for tile in [partial, full] {
        assert_eq!(Tile::parse(&tile.path()), Ok(tile));
    }
    for bad in
        ["tile/02/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/07", "tile/000"]
    {
        assert!(Tile::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_log_of_70_000_entries_has_the_tiles_of_the_specification() {
    assert_eq!(
        tile::levels_at(70_000),
        [
            LevelTiles { level: 0, full: 273, partial: 112 },
            LevelTiles { level: 1, full: 1, partial: 17 },
            LevelTiles { level: 2, full: 0, partial: 1 },
        ]
    );
    assert_eq!(tile::tiles_at(70_000).count(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(tile::levels_at(0), []);
}

#[test]
fn tiles_are_cut_where_the_tree_has_its_nodes() {
    let (mut builder, mut frontier) = (Builder::new(), Frontier::new());
    let (mut rows, mut tiles) = (BTreeMap::new(), 0);
    for i in 0..70_000u64 {
        let leaf = leaf_hash(&i.to_be_bytes());
        frontier.push_with(leaf, |level, index, hash| {
            if level % 8 == 0 {
                rows.insert((level as u8 / 8, index), hash);
            }
        });
        for full in builder.push(leaf) {
            let hashes = tile::full_hashes(&full.bytes).unwrap();
            for (offset, hash) in hashes.iter().enumerate() {
                assert_eq!(rows[&(full.level, full.index * 256 + offset as u64)], *hash);
            }
            assert_eq!(rows[&(full.level + 1, full.index)], tile::root_of_full(hashes));
            tiles += 1;
        }
        if i == 66_000 {
            let resumed = Builder::resume(i + 1, |level, index| rows.get(&(level, index)).copied()).unwrap();
            assert_eq!(format!("{resumed:?}"), format!("{builder:?}"));
            builder = resumed;
        }
    }
    assert_eq!(tiles, 274);
}

#[test]
fn bundles_give_back_their_entries_and_refuse_to_be_cut() {
    let long = vec![7; 65_535];
    let entries: [&[u8]; 3] = [b"", b"one", &long];
    let bundle = tile::encode_bundle(entries).unwrap();
    assert_eq!(&bundle[..7], b"\0\0\0\x03one");
    assert_eq!(tile::decode_bundle(&bundle).unwrap(), entries);
    assert!(tile::decode_bundle(&bundle[..bundle.len() - 1]).is_err());
    assert!(tile::decode_bundle(&[0]).is_err());
    assert!(tile::encode_bundle([vec![0; 65_536].as_slice()]).is_err());
}

fn envelope() -> Envelope {
    Envelope {
        v: 1,
        seq: 7,
        t: 1_793_700_000_000_000,
        kind: "ticket.opened".into(),
        actor: "a-01".into(),
        subject: BTreeMap::from([("ticket".into(), "t-9".into())]),
        contract: Some("ab".repeat(32)),
        causes: vec![2, 5],
        commitments: BTreeMap::from([("title".into(), "0f".repeat(32))]),
        data: json!({"priorité": "P1", "\u{1f600}": null, "\u{fb33}": [1, -2, true], "é\"\n": 9007199254740991u64}),
    }
}

#[test]
fn the_canonical_bytes_are_golden() {
    // RFC 8785 §3.2.3: names sorted by UTF-16 code unit, so U+1F600 (D83D DE00) comes before U+FB33.
    let golden = concat!(
        r#"{"actor":"a-01","causes":[2,5],"commitments":{"title":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"#,
        r#"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"},"contract":"abababababababababababababababab"#,
        r#"abababababababababababababababab","data":{"priorité":"P1","é\"\n":9007199254740991,"#,
        "\"\u{1f600}\":null,\"\u{fb33}\":[1,-2,true]},",
        r#""kind":"ticket.opened","seq":7,"subject":{"ticket":"t-9"},"t":1793700000000000,"v":1}"#,
    );
    let bytes = envelope().to_bytes().unwrap();
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), golden);
    assert_eq!(
        journal::tree::hex(&leaf_hash(&bytes)),
        "224dd0c8d7073ca5818480b74f8b4087aff5650345ae282cda1b104dabd65e8a"
    );
    assert_eq!(Envelope::parse(&bytes), Ok(envelope()));
    let bare = Envelope { contract: None, ..envelope() };
    assert_eq!(Envelope::parse(&bare.to_bytes().unwrap()), Ok(bare));
}

#[test]
fn what_the_journal_would_not_write_is_refused() {
    let golden = String::from_utf8(envelope().to_bytes().unwrap()).unwrap();
    for (from, to) in [
        ("{\"actor\"", "{ \"actor\""),
        (r#""v":1}"#, r#""v":1,"w":2}"#),
        (r#""v":1}"#, r#""v":1}x"#),
        (r#""v":1}"#, r#""v":1,"v":1}"#),
        (r#""v":1}"#, r#""v":2}"#),
        (r#""v":1}"#, r#""v":1.0}"#),
        (r#""seq":7"#, r#""seq":7e0"#),
        (r#"[1,-2"#, r#"[1.5,-2"#),
        (r#"[1,-2"#, r#"[1.0,-2"#),
        (r#"[1,-2"#, r#"[-0,-2"#),
        (r#"[1,-2"#, r#"[1e2,-2"#),
        ("9007199254740991", "9007199254740992"),
        ("9007199254740991", "-9007199254740992"),
        ("9007199254740991", "99999999999999999999999"),
        ("priorité", r"priorit\u00e9"),
        (r#""subject":{"ticket":"t-9"},"#, ""),
        (r#""causes":[2,5]"#, r#""causes":[2,7]"#),
        ("ticket.opened", "Ticket opened"),
        ("a-01", "jean@example.fr"),
        ("abab", "ABAB"),
        (r#""0f0f"#, r#""0f"#),
    ] {
        let changed = golden.replacen(from, to, 1);
        assert_ne!(changed, golden, "{from}");
        assert!(Envelope::parse(changed.as_bytes()).is_err(), "{changed}");
    }
    let long = Envelope { data: json!("x".repeat(65_535)), ..envelope() };
    assert!(matches!(long.to_bytes(), Err(EnvelopeError::TooLong(_))));
    let float = Envelope { data: json!({"a": [{"b": 0.5}]}), ..envelope() };
    assert_eq!(
        float.to_bytes(),
        Err(EnvelopeError::Float { place: "data.a[0].b".into(), value: "0.5".into() })
    );
    let deep = (0..70).fold(json!(1), |inner, _| json!([inner]));
    assert!(matches!(Envelope { data: deep, ..envelope() }.to_bytes(), Err(EnvelopeError::TooDeep { .. })));
}
