//! What a file is, from its own first bytes: its name proves nothing.
//!
//! | First bytes | Kept as | Shown in a page |
//! |---|---|---|
//! | PNG, JPEG, GIF, WebP | that image | yes, up to [`WIDEST`] by [`WIDEST`] and [`MOST_PIXELS`] |
//! | PDF | `application/pdf` | no |
//! | UTF-8 text: logs, CSV, source, HTML and SVG too | `text/plain` | no |
//! | a program for Windows, Linux, macOS or Java; a Windows shortcut | refused | |
//! | anything else: office documents, archives, other encodings | `application/octet-stream` | no |
//!
//! Archives are not opened: what they hold is downloaded and never run here.

/// An image wider or taller is a download like another.
pub const WIDEST: u32 = 10_000;
/// Decoded, four bytes a pixel: 160 MB in the reader's browser at most.
pub const MOST_PIXELS: u64 = 40_000_000;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub media: &'static str,
    /// Pixels, for an image that a page may draw.
    pub size: Option<(u32, u32)>,
}

/// Why a file is refused: it is a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program;

/// What the file that begins with `head` is.
pub fn of(head: &[u8]) -> Result<Kind, Program> {
    if PROGRAMS.iter().any(|magic| head.starts_with(magic)) {
        return Err(Program);
    }
    let image = |media, size: Option<(u32, u32)>| Kind { media, size: size.filter(|s| is_drawable(*s)) };
    Ok(if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        image("image/png", png(head))
    } else if head.starts_with(b"\xff\xd8\xff") {
        image("image/jpeg", jpeg(head))
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        image("image/gif", gif(head))
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        image("image/webp", webp(head))
    } else if head.starts_with(b"%PDF-") {
        Kind { media: "application/pdf", size: None }
    } else if is_text(head) {
        Kind { media: TEXT, size: None }
    } else {
        Kind { media: OPAQUE, size: None }
    })
}

pub const TEXT: &str = "text/plain; charset=utf-8";
pub const OPAQUE: &str = "application/octet-stream";

/// MZ and PE, ELF, Mach-O in its four forms, universal binaries and Java classes, Windows shortcuts.
const PROGRAMS: [&[u8]; 8] = [
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
];

fn is_drawable((width, height): (u32, u32)) -> bool {
    let sides = 1..=WIDEST;
    sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= MOST_PIXELS
}

/// UTF-8 without the control characters that no text has; the head may end inside a character.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => {
            std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.chars().any(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b'))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|b| u32::from(b[0]) << 8 | u32::from(b[1]))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 2).map(|b| u32::from(b[1]) << 8 | u32::from(b[0]))
}

/// IHDR is the first chunk (PNG third edition, 5.6): its width and height follow its name.
fn png(head: &[u8]) -> Option<(u32, u32)> {
    (head.get(12..16)? == b"IHDR").then_some(())?;
    let side = |at| Some(be16(head, at)? << 16 | be16(head, at + 2)?);
    Some((side(16)?, side(20)?))
}

/// The logical screen descriptor (GIF89a, 18).
fn gif(head: &[u8]) -> Option<(u32, u32)> {
    Some((le16(head, 6)?, le16(head, 8)?))
}

/// The first chunk is `VP8X`, `VP8 ` or `VP8L` (RFC 9649, 2.5 to 2.7).
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8X" => {
            let side = |at: usize| Some((le16(head, at)? | u32::from(*head.get(at + 2)?) << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        b"VP8 " => {
            (head.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some(())?;
            Some((le16(head, 26)? & 0x3fff, le16(head, 28)? & 0x3fff))
        }
        b"VP8L" => {
            (*head.get(20)? == 0x2f).then_some(())?;
            let bits = le16(head, 21)? | le16(head, 23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// Walks the segments to the frame header, SOF0 to SOF15 but DHT, JPG and DAC (ITU-T T.81, B.1.1.3).
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *head.get(at)? != 0xff {
            return None;
        }
        let marker = *head.get(at + 1)?;
        match marker {
            // Fill bytes.
            0xff => at += 1,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be16(head, at + 7)?, be16(head, at + 5)?));
            }
            // The scan begins, or the image ends, without a frame.
            0xd9 | 0xda => return None,
            0x01 | 0xd0..=0xd7 => at += 2,
            _ => at += 2 + usize::try_from(be16(head, at + 2)?.max(2)).ok()?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn an_image_is_measured_by_its_own_header() {
        assert_eq!(of(&png_of(640, 480)), Ok(Kind { media: "image/png", size: Some((640, 480)) }));
        let gif = b"GIF89a\x40\x01\xf0\x00";
        assert_eq!(of(gif), Ok(Kind { media: "image/gif", size: Some((320, 240)) }));
        // An APP1 of 8 bytes, a fill byte, then SOF2 of 480 by 640.
        let jpeg = b"\xff\xd8\xff\xe1\0\x08Exif\0\0\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80";
        assert_eq!(of(jpeg), Ok(Kind { media: "image/jpeg", size: Some((640, 480)) }));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        assert_eq!(of(extended), Ok(Kind { media: "image/webp", size: Some((640, 480)) }));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\x00";
        assert_eq!(of(lossless), Ok(Kind { media: "image/webp", size: Some((640, 480)) }));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        assert_eq!(of(lossy), Ok(Kind { media: "image/webp", size: Some((640, 480)) }));
    }

    #[test]
    fn an_image_too_large_or_without_a_size_is_not_drawn() {
        for (width, height) in [(0, 10), (10_001, 1), (1, 10_001), (8_000, 8_000), (u32::MAX, u32::MAX)] {
            assert_eq!(of(&png_of(width, height)), Ok(Kind { media: "image/png", size: None }));
        }
        for cut in [
            b"\x89PNG\r\n\x1a\n\0\0".as_slice(),
            b"GIF89a\x40",
            b"\xff\xd8\xff\xe1\xff\xff",
            b"\xff\xd8\xff\xda",
        ] {
            assert_eq!(of(cut).unwrap().size, None);
        }
    }

    #[test]
    fn what_looks_like_markup_is_text_and_what_runs_is_refused() {
        for text in [
            "".as_bytes(),
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<script>alert(1)</script>",
            b"#!/bin/sh\nrm -rf /\n",
            "l\u{e9}gende;prix\r\n".as_bytes(),
            &"\u{e9}".as_bytes()[..1],
        ] {
            assert_eq!(of(text).unwrap().media, TEXT, "{text:?}");
        }
        for opaque in [b"PK\x03\x04\x14\0".as_slice(), b"\x1f\x8b\x08\0", b"l\xe9gende;", b"\0\x01"] {
            assert_eq!(of(opaque).unwrap().media, OPAQUE, "{opaque:?}");
        }
        for program in PROGRAMS {
            assert_eq!(of(&[program, b"\0\0\0"].concat()), Err(Program));
        }
    }
}
