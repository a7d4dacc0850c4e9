//! C2SP tlog-tiles v0.1.0: how the tree and the entries are cut into files of 256.

use crate::tree::{Hash, node_hash};

/// Hashes in a full tile, and entries in a full bundle.
pub const WIDTH: u64 = 256;
/// The bytes of a full tile.
pub const FULL_BYTES: usize = 8192;
/// The longest entry that a bundle can hold: its length is written in two bytes.
pub const MAX_ENTRY: usize = 65_535;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// Hashes of the nodes at tree level `8 * level`; level 0 holds leaf hashes.
    Hashes { level: u8 },
    /// The entries themselves.
    Entries,
}

/// One tile or one bundle of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    pub content: Content,
    pub index: u64,
    /// 1 to 256; below 256 the tile is partial.
    pub width: u16,
}

/// Why bytes or a path are not a tile's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    #[error("“{0}” is not the path of a tile")]
    Path(String),
    #[error(
        "an entry of {0} bytes is too long for a bundle, which holds at most 65 535: refer to it by hash"
    )]
    EntryTooLong(usize),
    #[error("the bundle of entries is cut short at byte {0}")]
    BundleCut(usize),
}

impl Tile {
    /// The path below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/273.p/112`.
    pub fn path(&self) -> String {
        let content = match self.content {
            Content::Hashes { level } => level.to_string(),
            Content::Entries => "entries".to_owned(),
        };
        let partial =
            if u64::from(self.width) < WIDTH { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{content}/{}{partial}", encode_index(self.index))
    }

    /// The inverse of [`Tile::path`]; only the one spelling of each tile is accepted.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        Tile::read(path).filter(|tile| tile.path() == path).ok_or_else(|| TileError::Path(path.to_owned()))
    }

    fn read(path: &str) -> Option<Tile> {
        let (content, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let content = match content {
            "entries" => Content::Entries,
            level => Content::Hashes { level: level.parse().ok().filter(|level| *level < 64)? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|w| (1..256).contains(w))?),
            None => (rest, 256),
        };
        Some(Tile { content, index: decode_index(index)?, width })
    }
}

/// `1234067` → `x001/x234/067`: groups of three digits, all but the last marked.
pub fn encode_index(index: u64) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

/// The inverse of [`encode_index`]; `None` for any other spelling.
pub fn decode_index(text: &str) -> Option<u64> {
    let mut index = 0u64;
    for group in text.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    (encode_index(index) == text).then_some(index)
}

/// The hash that a full tile becomes in the tile above it.
pub fn root_of_full(hashes: &[Hash; 256]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row[0]
}

/// The hashes of a full tile as stored; `None` when the length is not 8192 bytes.
pub fn full_hashes(bytes: &[u8]) -> Option<&[Hash; 256]> {
    if bytes.len() != FULL_BYTES {
        return None;
    }
    bytes.as_chunks::<32>().0.try_into().ok()
}

/// How many full tiles a level has in a tree, and how wide its partial tile is (0: none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelTiles {
    pub level: u8,
    pub full: u64,
    pub partial: u16,
}

/// The levels that have tiles in a tree of `size` entries.
pub fn levels_at(size: u64) -> Vec<LevelTiles> {
    let at = |level: u8| {
        let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
        LevelTiles { level, full: hashes / WIDTH, partial: (hashes % WIDTH) as u16 }
    };
    (0..8).map(at).take_while(|tiles| tiles.full > 0 || tiles.partial > 0).collect()
}

/// Every tile of hashes in a tree of `size` entries, level by level.
pub fn tiles_at(size: u64) -> impl Iterator<Item = Tile> {
    levels_at(size).into_iter().flat_map(|LevelTiles { level, full, partial }| {
        let content = Content::Hashes { level };
        let complete = (0..full).map(move |index| Tile { content, index, width: 256 });
        let last = (partial > 0).then_some(Tile { content, index: full, width: partial });
        complete.chain(last)
    })
}

/// A bundle: each entry after its length in two big-endian bytes.
pub fn encode_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TileError> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong(entry.len()))?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle, in order.
pub fn decode_bundle(bundle: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let (mut entries, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let cut = TileError::BundleCut(bundle.len() - rest.len());
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(|| cut.clone())?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// Cuts a growing tree into full tiles.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    size: u64,
    /// Per level, the hashes of the tile being filled.
    filling: Vec<Vec<Hash>>,
}

/// A tile that has just become full, and so will never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTile {
    pub level: u8,
    pub index: u64,
    /// 256 hashes, 8192 bytes.
    pub bytes: Vec<u8>,
}

impl Builder {
    /// For an empty tree.
    pub fn new() -> Self {
        Builder::default()
    }

    /// For a tree that already has `size` entries. `hash(level, index)` gives the hash at `index` of the
    /// row that tiles of `level` hold: a leaf hash at level 0, else [`root_of_full`] of the tile
    /// `index` one level below. `None` when a hash is missing.
    pub fn resume(size: u64, mut hash: impl FnMut(u8, u64) -> Option<Hash>) -> Option<Self> {
        let mut filling = Vec::new();
        for LevelTiles { level, full, partial } in levels_at(size) {
            let start = full * WIDTH;
            let row: Option<Vec<Hash>> =
                (start..start + u64::from(partial)).map(|i| hash(level, i)).collect();
            filling.push(row?);
        }
        Some(Builder { size, filling })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The leaf hash at `seq`, when it is in the lowest tile, not full yet.
    pub fn unfinished_leaf(&self, seq: u64) -> Option<Hash> {
        let leaves = self.filling.first()?;
        let offset = seq.checked_sub(self.size - leaves.len() as u64)?;
        leaves.get(usize::try_from(offset).ok()?).copied()
    }

    /// Appends one leaf hash; returns the tiles it completes, lowest level first, most often none.
    pub fn push(&mut self, leaf: Hash) -> Vec<FullTile> {
        let (mut full, mut hash) = (Vec::new(), leaf);
        self.size += 1;
        for level in 0u8.. {
            if self.filling.len() == usize::from(level) {
                self.filling.push(Vec::with_capacity(WIDTH as usize));
            }
            let row = &mut self.filling[usize::from(level)];
            row.push(hash);
            let Ok(hashes) = <&[Hash; 256]>::try_from(row.as_slice()) else { break };
            hash = root_of_full(hashes);
            let index = (self.size >> (8 * (u32::from(level) + 1))) - 1;
            full.push(FullTile { level, index, bytes: row.concat() });
            row.clear();
        }
        full
    }
}
