//! `regisseur contract check|explain|read-back|schema`: the contract compiler at a terminal.
//!
//! Each function gives the text for standard output and the exit code: 0 valid, 1 refused or unreadable.

use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::diagnostic::{Style, json, render_all};
use contract::{Compiled, FrontMatter};

/// What a command prints, and its exit code.
pub type Output = (String, u8);

/// What is asked of the compiler.
pub struct Request<'a> {
    pub file: &'a Path,
    /// The contract that an amendment amends; found beside the amendment when not given.
    pub base: Option<&'a Path>,
    pub lang: Lang,
    /// Colours, for a terminal.
    pub colours: bool,
}

/// Checks a contract: every remark in one run. With `as_json`, one JSON array and nothing else.
pub fn check(request: &Request<'_>, as_json: bool) -> Output {
    let compiled = match load(request) {
        Ok(compiled) => compiled,
        Err(message) if as_json => return (unreadable(request.file, &message), 1),
        Err(message) => return (format!("{message}\n"), 1),
    };
    let code = u8::from(!compiled.is_valid());
    if as_json {
        let array = json(&compiled.files, &compiled.diagnostics, request.lang);
        return (format!("{array:#}\n"), code);
    }
    if compiled.diagnostics.is_empty() {
        let count = compiled.labels().count();
        let file = request.file.display();
        return (
            request.lang.t(
                format!("{file} : le contrat est valide, {count} règles.\n"),
                format!("{file}: the contract is valid, {count} rules.\n"),
            ),
            0,
        );
    }
    let style = Style { colours: request.colours };
    (render_all(&compiled.files, &compiled.diagnostics, request.lang, style), code)
}

/// The whole contract, read back in the language asked.
pub fn read_back(request: &Request<'_>) -> Output {
    valid(request, |compiled| Ok(contract::read_back(compiled, request.lang)))
}

/// Every field of every clause, or of one: written, inherited, by default; or the places of one code.
pub fn explain(request: &Request<'_>, label: Option<&str>) -> Output {
    match label {
        // Of a code, the places are wanted precisely when the contract is broken.
        Some(code) if contract::is_code(code) => match load(request) {
            Ok(compiled) => (contract::explain(&compiled, label, request.lang).unwrap_or_default(), 0),
            Err(message) => (format!("{message}\n"), 1),
        },
        _ => valid(request, |compiled| contract::explain(compiled, label, request.lang)),
    }
}

/// The JSON schema of blocks.
pub fn schema() -> Output {
    (format!("{:#}\n", contract::schema()), 0)
}

/// What a valid contract gives; the errors of one that is not.
fn valid(request: &Request<'_>, show: impl Fn(&Compiled) -> Result<String, String>) -> Output {
    let compiled = match load(request) {
        Ok(compiled) => compiled,
        Err(message) => return (format!("{message}\n"), 1),
    };
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
    if !errors.is_empty() {
        let style = Style { colours: request.colours };
        return (render_all(&compiled.files, &errors, request.lang, style), 1);
    }
    match show(&compiled) {
        Ok(text) => (text, 0),
        Err(message) => (format!("{message}\n"), 1),
    }
}

/// Reads and compiles a contract, or an amendment over its base.
fn load(request: &Request<'_>) -> Result<Compiled, String> {
    let text = read(request.file, request.lang)?;
    let name = request.file.display().to_string();
    let alone = contract::compile(&name, &text);
    let Some(number) = &alone.front_matter.amends else { return Ok(alone) };
    let mut chain = match request.base {
        Some(base) => base_of(base, request.lang)?,
        None => match beside(request.file, number) {
            Some(compiled) => compiled,
            // The compiler says that an amendment is read with its base, and where.
            None => return Ok(alone),
        },
    };
    if request.base.is_none() {
        chain = earlier_amendments(chain, request.file, &alone.front_matter);
    }
    Ok(contract::compile_amendment(&chain, &name, &text))
}

fn base_of(base: &Path, lang: Lang) -> Result<Compiled, String> {
    let text = read(base, lang)?;
    Ok(contract::compile(&base.display().to_string(), &text))
}

fn read(path: &Path, lang: Lang) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| {
        lang.t(
            format!("{} ne peut pas être lu : {error}", path.display()),
            format!("{} cannot be read: {error}", path.display()),
        )
    })
}

/// The Markdown files of a folder, in the order of their names.
fn neighbours(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|e| e.ok().map(|e| e.path())).collect())
        .unwrap_or_default();
    found.retain(|p| p.extension().is_some_and(|e| e == "md") && p.file_name() != file.file_name());
    found.sort();
    found
}

/// The contract of this number in the amendment's folder.
fn beside(file: &Path, number: &str) -> Option<Compiled> {
    neighbours(file).into_iter().find_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        // A cheap look before compiling: a folder may hold many contracts.
        text.contains(number).then_some(())?;
        let compiled = contract::compile(&path.display().to_string(), &text);
        let front = &compiled.front_matter;
        (front.amends.is_none() && front.contract == *number).then_some(compiled)
    })
}

/// The amendments of the same contract that took effect before this one, in order.
fn earlier_amendments(base: Compiled, file: &Path, front: &FrontMatter) -> Compiled {
    let Some(effective) = front.effective else { return base };
    let mut earlier: Vec<_> = neighbours(file)
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            text.contains("amends").then_some(())?;
            let other = contract::compile(&path.display().to_string(), &text).front_matter;
            let date = other.effective.filter(|d| *d < effective)?;
            (other.amends == front.amends).then_some((date, path, text))
        })
        .collect();
    earlier.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    earlier.into_iter().fold(base, |base, (_, path, text)| {
        contract::compile_amendment(&base, &path.display().to_string(), &text)
    })
}

/// A file that cannot be read, in the shape of a diagnostic.
fn unreadable(file: &Path, message: &str) -> String {
    let array = serde_json::json!([{
        "code": "E-SOURCE-UNREADABLE",
        "severity": "error",
        "file": file.display().to_string(),
        "line": 1,
        "column": 1,
        "message": message,
        "help": "",
    }]);
    format!("{array:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contracts(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts").join(name)
    }

    fn request(file: &Path) -> Request<'_> {
        Request { file, base: None, lang: Lang::Fr, colours: false }
    }

    #[test]
    fn an_amendment_finds_its_contract_beside_it() {
        let file = contracts("ateliers-garonne-avenant-1.md");
        let (text, code) = check(&request(&file), false);
        assert_eq!(code, 0, "{text}");
        let (text, code) = read_back(&request(&file));
        assert!(code == 0 && text.contains("[client]"), "{text}");
    }

    #[test]
    fn json_is_one_array_even_when_there_is_no_file() {
        let file = contracts("absent.md");
        let (text, code) = check(&request(&file), true);
        let array: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, array[0]["code"].as_str()), (1, Some("E-SOURCE-UNREADABLE")));
        let (text, code) = check(&request(&contracts("minimal.md")), true);
        assert_eq!((text.as_str(), code), ("[]\n", 0));
    }

    #[test]
    fn a_clause_and_a_code_are_explained() {
        let file = contracts("minimal.md");
        let (text, code) = explain(&request(&file), Some("delai"));
        assert!(code == 0 && text.contains("reopen_policy = \"resume\"    (par défaut)"), "{text}");
        assert_eq!(explain(&request(&file), Some("delay")).1, 1);
        assert_eq!(explain(&request(&file), Some("E-COMMITMENT-GAP")).1, 0);
    }
}
