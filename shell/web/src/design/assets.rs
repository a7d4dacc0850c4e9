//! The files served under `/assets/`: style, script and fonts, inside the binary.
//!
//! Addresses carry a hash of the content, so they may be cached for ever.

use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    mime: &'static str,
    bytes: &'static [u8],
}

const CSS: &str = concat!(
    include_str!("../../assets/tokens.css"),
    include_str!("../../assets/base.css"),
    include_str!("../../assets/components.css"),
    include_str!("../../assets/pages.css"),
    include_str!("../../assets/draft.css"),
    include_str!("../../assets/print.css"),
);

const ASSETS: &[Asset] = &[
    Asset { name: "regisseur.css", mime: "text/css; charset=utf-8", bytes: CSS.as_bytes() },
    Asset {
        name: "keys.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/keys.js"),
    },
    Asset {
        name: "fresh.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/fresh.js"),
    },
    Asset {
        name: "draft.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/draft.js"),
    },
    Asset {
        name: "search.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/search.js"),
    },
    Asset {
        name: "answers.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/answers.js"),
    },
    Asset {
        name: "suggest.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/suggest.js"),
    },
    Asset {
        name: "questions.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/questions.js"),
    },
    Asset {
        name: "live.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/live.js"),
    },
    Asset {
        name: "passkey.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/passkey.js"),
    },
    Asset {
        name: "sign.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/sign.js"),
    },
    Asset { name: "mark.svg", mime: "image/svg+xml", bytes: include_bytes!("../../assets/mark.svg") },
    Asset {
        name: "source-sans-3.woff2",
        mime: "font/woff2",
        bytes: include_bytes!("../../assets/fonts/source-sans-3.woff2"),
    },
    Asset {
        name: "source-serif-4.woff2",
        mime: "font/woff2",
        bytes: include_bytes!("../../assets/fonts/source-serif-4.woff2"),
    },
];

static URLS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let address = |asset: &Asset| format!("/assets/{}?v={:016x}", asset.name, fnv1a(asset.bytes));
    ASSETS.iter().map(address).collect()
});

/// The address of an asset, with its hash; the name must be one of [`names`].
pub fn url(name: &str) -> &'static str {
    let index = ASSETS.iter().position(|asset| asset.name == name);
    &URLS[index.expect("pages only name embedded assets")]
}

/// Content and media type of `/assets/{name}`; `None` when there is no such asset.
pub fn get(name: &str) -> Option<(&'static [u8], &'static str)> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some((asset.bytes, asset.mime))
}

/// Every asset's name.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|asset| asset.name)
}

/// FNV-1a, enough to tell two builds' files apart.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_an_address_that_changes_with_its_content() {
        for name in names() {
            assert!(get(name).is_some());
            assert!(url(name).starts_with(&format!("/assets/{name}?v=")));
        }
        assert!(get("../Cargo.toml").is_none());
        assert_ne!(fnv1a(b"a"), fnv1a(b"b"));
    }
}
