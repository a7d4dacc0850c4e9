//! `regisseur contract render`: the contract as a PDF to read, sign and archive.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use documents::{Options, contract_pdf};
use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Output, Request, valid};

/// Writes the PDF whole or not at all; says how many pages it has. A contract with errors is not printed.
pub fn render(request: &Request<'_>, out: &Path, date: Option<Date>, as_json: bool) -> Output {
    let (text, code) = valid(request, |compiled| {
        let zone = TimeZone::get(&compiled.terms.zone).unwrap_or(TimeZone::UTC);
        let created = date.unwrap_or_else(|| Zoned::now().with_time_zone(zone).date());
        let options = Options { lang: request.lang, created, signatures: Vec::new() };
        let pdf = contract_pdf(compiled, &options).map_err(|fault| fault.to_string())?;
        write(out, &pdf.bytes).map_err(|error| {
            let out = out.display();
            request.lang.t(
                format!("{out} ne peut pas être écrit : {error}"),
                format!("{out} cannot be written: {error}"),
            )
        })?;
        let (file, pages) = (out.display(), pdf.pages);
        if as_json {
            return Ok(format!("{:#}\n", json!({ "file": file.to_string(), "pages": pages })));
        }
        Ok(request.lang.t(format!("{file} : {pages} pages.\n"), format!("{file}: {pages} pages.\n")))
    });
    if as_json && code != 0 {
        return (format!("{:#}\n", json!({ "code": "contract", "message": text.trim_end() })), code);
    }
    (text, code)
}

/// Beside its place first, then renamed: a reader never opens half a contract.
fn write(out: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = out.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let draft = out.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new().create_new(true).write(true).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, out)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::fixture::{contracts, request};
    use super::*;

    #[test]
    fn a_contract_is_written_whole_and_the_same_twice() {
        let folder = std::env::temp_dir().join(format!("regisseur-render-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, one, other) = (contracts("minimal.md"), folder.join("1.pdf"), folder.join("2.pdf"));
        let day = Some(date(2026, 3, 1));
        let (text, code) = render(&request(&file), &one, day, true);
        assert!(code == 0 && text.contains("\"pages\": "), "{text}");
        render(&request(&file), &other, day, false);
        let bytes = fs::read(&one).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7") && bytes == fs::read(&other).unwrap());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no draft is left");

        let (text, code) = render(&request(&file), &folder.join("absent/1.pdf"), day, false);
        assert!(code == 1 && text.contains("ne peut pas être écrit"), "{text}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_contract_with_errors_is_not_printed() {
        let out = std::env::temp_dir().join(format!("regisseur-broken-{}.pdf", std::process::id()));
        let file = contracts("../core/contract/tests/diagnostics/E-BLOCK-SYNTAX.md");
        let (_, code) = render(&request(&file), &out, None, false);
        assert!(code == 1 && !out.exists());
    }
}
