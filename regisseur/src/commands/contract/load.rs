//! Which files one text is read with: an amendment with its contract and the amendments before it.

use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::{Compiled, FrontMatter};

use super::Request;

/// Reads and compiles a contract, or an amendment over its base.
pub fn load(request: &Request<'_>) -> Result<Compiled, String> {
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
