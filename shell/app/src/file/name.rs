//! A file's name, made safe to show and to save: it never chooses what opens the file.

use super::kind;

/// Characters kept of a name.
const LONGEST: usize = 120;

/// Endings by which a system would run or render a text; it is saved as plain text instead.
const ACTIVE: [&str; 34] = [
    "app", "bat", "cmd", "com", "cpl", "desktop", "exe", "hta", "htm", "html", "inf", "jar", "js", "jse",
    "lnk", "mht", "mjs", "msi", "pif", "ps1", "psm1", "reg", "scf", "scr", "sh", "svg", "svgz", "url", "vbe",
    "vbs", "ws", "wsf", "xhtml", "xml",
];

/// Names that Windows keeps for devices.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com1", "lpt1"];

/// The name under which a file of this media type is shown and saved.
///
/// No path, no control or direction-changing character, no name of a device; the ending agrees with
/// what the bytes are, so an image that calls itself a program is saved as an image.
pub fn clean(given: &str, media: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let plain = plain.trim().trim_matches('.').trim();
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => (stem, Some(ending)),
        _ => (plain, None),
    };
    let stem: String = stem.chars().take(LONGEST).collect();
    let stem = match stem.trim_end() {
        "" => "piece-jointe",
        stem => stem,
    };
    // A device is one whatever follows the first dot.
    let first = stem.split('.').next().unwrap_or(stem).to_ascii_lowercase();
    let mark = if DEVICES.contains(&first.as_str()) { "_" } else { "" };
    let ending = ending.map(|e| format!(".{e}")).unwrap_or_default();
    format!("{mark}{stem}{ending}{}", added(&ending, media))
}

/// What is added to a name whose ending does not say what the bytes are.
fn added(ending: &str, media: &str) -> &'static str {
    let ending = ending.trim_start_matches('.').to_ascii_lowercase();
    let one_of = |known: &[&str], add: &'static str| if known.contains(&ending.as_str()) { "" } else { add };
    match media {
        "image/png" => one_of(&["png"], ".png"),
        "image/jpeg" => one_of(&["jpg", "jpeg"], ".jpg"),
        "image/gif" => one_of(&["gif"], ".gif"),
        "image/webp" => one_of(&["webp"], ".webp"),
        "application/pdf" => one_of(&["pdf"], ".pdf"),
        kind::TEXT if ending.is_empty() || ACTIVE.contains(&ending.as_str()) => ".txt",
        kind::TEXT => "",
        _ if ACTIVE.contains(&ending.as_str()) => ".bin",
        _ => "",
    }
}

fn is_ending(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Zero-width characters and those that change the direction of a text: `exe.gnp` written backwards.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_words_and_loses_its_tricks() {
        let cases = [
            ("Écran bleu.png", "image/png", "Écran bleu.png"),
            ("C:\\Users\\lea\\capture.PNG", "image/png", "capture.PNG"),
            ("../../etc/passwd", kind::TEXT, "passwd.txt"),
            ("facture\u{202e}gnp.exe", "image/png", "facturegnp.exe.png"),
            ("page.html", kind::TEXT, "page.html.txt"),
            ("dessin.svg", kind::TEXT, "dessin.svg.txt"),
            ("journal.log", kind::TEXT, "journal.log"),
            ("outil.exe", kind::OPAQUE, "outil.exe.bin"),
            ("devis.docx", kind::OPAQUE, "devis.docx"),
            ("con.txt", kind::TEXT, "_con.txt"),
            ("a\r\nSet-Cookie: x=y.txt", kind::TEXT, "aSet-Cookie_ x=y.txt"),
            ("...", kind::OPAQUE, "piece-jointe"),
            ("", "application/pdf", "piece-jointe.pdf"),
        ];
        for (given, media, kept) in cases {
            assert_eq!(clean(given, media), kept, "{given}");
        }
        let long = clean(&format!("{}.log", "é".repeat(500)), kind::TEXT);
        assert_eq!((long.chars().count(), long.ends_with(".log")), (LONGEST + 4, true));
    }
}
