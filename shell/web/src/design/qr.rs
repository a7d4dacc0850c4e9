//! A QR code (ISO/IEC 18004) drawn as one path.

use std::fmt::Write;

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// White around the code, in modules, as readers need it.
const MARGIN: i32 = 4;

/// The code of a text; nothing when the text is too long for one.
pub fn qr(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return html! {} };
    let side = code.size() + 2 * MARGIN;
    html! {
        // Black on white whatever the theme: readers expect it.
        svg.qr viewBox=(format!("0 0 {side} {side}")) role="img" aria-label=(label) {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path(&code)) fill="#000" {}
        }
    }
}

fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            // A string takes whatever is written to it.
            let _ = write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    path
}
