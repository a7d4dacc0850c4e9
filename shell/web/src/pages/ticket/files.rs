//! The files that a message came with.

use maud::{Markup, html};

use super::Message;
use crate::design::markdown::Picture;
use crate::design::{Lang, Text};

/// A file as the conversation shows it.
#[derive(Clone, Debug)]
pub struct FileLink {
    /// `None` once erased.
    pub name: Option<String>,
    pub href: String,
    pub bytes: u64,
    /// Pixels, of an image that the page may draw.
    pub size: Option<(u32, u32)>,
}

/// The list of a message's files, images drawn small.
pub(super) fn list(message: &Message, lang: Lang) -> Markup {
    html! {
        @if !message.files.is_empty() {
            ul.files aria-label=(lang.t("Pièces jointes", "Attachments")) {
                @for file in &message.files { li { (one(file, lang)) } }
            }
        }
    }
}

fn one(file: &FileLink, lang: Lang) -> Markup {
    let Some(name) = &file.name else {
        return html! { span.muted { (lang.t("Fichier effacé", "Erased file")) } };
    };
    html! {
        a href=(file.href) {
            @if let Some(picture) = picture(file) {
                img.thumbnail src=(picture.src) alt="" width=(picture.width) height=(picture.height) loading="lazy";
            }
            span { (name) }
        }
        " " span.muted { (size(file.bytes, lang)) }
    }
}

/// The attached image that a message names, if the page may draw it.
pub(super) fn named(message: &Message, name: &str) -> Option<Picture> {
    // An address in Markdown writes its spaces as %20.
    let asked = name.replace("%20", " ");
    message.files.iter().find(|f| f.name.as_deref() == Some(&asked)).and_then(picture)
}

fn picture(file: &FileLink) -> Option<Picture> {
    let (width, height) = file.size?;
    Some(Picture { src: format!("{}/image", file.href), width, height })
}

/// A size in decimal units: « 1,2 Mo ».
fn size(bytes: u64, lang: Lang) -> String {
    let units: [Text; 3] = [lang.t("o", "B"), lang.t("ko", "kB"), lang.t("Mo", "MB")];
    let point = match lang {
        Lang::Fr => ',',
        Lang::En => '.',
    };
    // In tenths, rounded up: what is shown is never less than what is downloaded.
    let (value, unit) = match bytes {
        0..1_000 => (bytes.to_string(), units[0]),
        1_000..1_000_000 => (bytes.div_ceil(1_000).to_string(), units[1]),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            (format!("{}{point}{}", tenths / 10, tenths % 10), units[2])
        }
    };
    format!("{value}\u{a0}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        let shown = |bytes| size(bytes, Lang::Fr);
        assert_eq!([shown(0), shown(999), shown(1_001)], ["0\u{a0}o", "999\u{a0}o", "2\u{a0}ko"]);
        assert_eq!(shown(20 * 1024 * 1024), "21,0\u{a0}Mo");
        assert_eq!(size(1_250_000, Lang::En), "1.3\u{a0}MB");
    }
}
