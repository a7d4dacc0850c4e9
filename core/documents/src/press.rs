//! From what is printed to PDF/A: Typst, its fonts and its files, all of them in memory.

mod fonts;

use std::collections::BTreeMap;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub(crate) use fonts::covers;

/// A document laid out.
#[derive(Clone, Debug)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// Why a document could not be made. Each is ours to mend: a contract that compiles can be printed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the contract has errors: only a valid text is printed")]
    Invalid,
    #[error("the pages could not be laid out: {0}")]
    Layout(String),
    #[error("the pages do not meet PDF/A-3a: {0}")]
    Archive(String),
}

/// Lays out `template` over its files, given by name, and writes PDF/A-3a.
///
/// `ident` names the document for ever: two prints of the same version carry the same identifier.
pub(crate) fn print(template: &str, files: BTreeMap<String, Vec<u8>>, ident: &str) -> Result<Pdf, Fault> {
    let world = Desk::new(template, files);
    let laid_out = typst::compile::<PagedDocument>(&world).output;
    let document = laid_out.map_err(|faults| Fault::Layout(sentence(&faults)))?;
    let standards = PdfStandards::new(&[PdfStandard::A_3a])
        .map_err(|fault| Fault::Archive(fault.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some("Regisseur".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| Fault::Archive(sentence(&faults)))?;
    let pages = document.pages().len();
    // Typst remembers every step of every layout; a server would keep them all.
    typst::comemo::evict(0);
    Ok(Pdf { bytes, pages })
}

fn sentence(faults: &[SourceDiagnostic]) -> String {
    let each = faults.iter().map(|fault| {
        let hints: String = fault.hints.iter().map(|hint| format!(" ({})", hint.v)).collect();
        format!("{}{hints}", fault.message)
    });
    each.collect::<Vec<_>>().join("; ")
}

/// All that Typst may see: the template, its data, the texts to attach, our fonts.
struct Desk {
    library: LazyHash<Library>,
    main: Source,
    files: BTreeMap<String, Bytes>,
}

impl Desk {
    fn new(template: &str, files: BTreeMap<String, Vec<u8>>) -> Desk {
        let path = VirtualPath::new("main.typ").expect("a plain name is a path");
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        Desk {
            library: LazyHash::new(Library::default()),
            main: Source::new(main, template.to_owned()),
            files: files.into_iter().map(|(name, bytes)| (name, Bytes::new(bytes))).collect(),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        fonts::book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get().vpath();
        let own = matches!(id.get().root(), VirtualRoot::Project);
        self.files.get(path.get_without_slash()).filter(|_| own).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::font(index)
    }

    /// There is no clock: the date printed is one that was given.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A date as the template's data has it: year, month, day.
pub(crate) fn parts(date: Date) -> [i16; 3] {
    [date.year(), date.month().into(), date.day().into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(template: &str) -> String {
        match print(template, BTreeMap::new(), "x") {
            Err(fault) => fault.to_string(),
            Ok(_) => panic!("{template} was laid out"),
        }
    }

    #[test]
    fn the_template_sees_no_file_of_the_machine_no_package_and_no_clock() {
        assert!(fault("#read(\"/etc/passwd\")").contains("denied"), "{}", fault("#read(\"/etc/passwd\")"));
        assert!(fault("#read(\"../../Cargo.toml\")").contains("could not be laid out"));
        assert!(fault("#import \"@preview/cetz:0.3.0\"").contains("denied"));
        assert!(fault("#datetime.today()").contains("could not be laid out"));
    }
}
