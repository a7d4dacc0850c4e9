//! Which files one text is read with: an amendment with its contract and the amendments before it, an
//! order with its master.

use std::fs;
use std::path::{Path, PathBuf};

use base::Lang;
use contract::{Compiled, FrontMatter};

use super::Request;

/// Reads and compiles a contract, an amendment over its base, or an order over its master.
pub fn load(request: &Request<'_>) -> Result<Compiled, String> {
    chain(request.file, request.base, request.lang, 0)
}

/// A text stands on another, which may stand on a third: an amendment to an order under a contract.
const DEEPEST: usize = 4;

fn chain(file: &Path, base: Option<&Path>, lang: Lang, depth: usize) -> Result<Compiled, String> {
    let text = read(file, lang)?;
    let name = file.display().to_string();
    let alone = contract::compile(&name, &text);
    let front = &alone.front_matter;
    let Some(number) = front.amends.as_ref().or(front.order_of.as_ref()) else { return Ok(alone) };
    let under = match base {
        Some(base) => Some(base.to_owned()),
        None => beside(file, number),
    };
    // The compiler says that such a text is read with another, and how to give it.
    let Some(under) = under.filter(|_| depth < DEEPEST) else { return Ok(alone) };
    let mut compiled = chain(&under, None, lang, depth + 1)?;
    if base.is_none() {
        compiled = earlier_amendments(compiled, file, number, front);
    }
    Ok(match front.amends {
        Some(_) => contract::compile_amendment(&compiled, &name, &text),
        None => contract::compile_order(&compiled, &name, &text),
    })
}

pub(super) fn read(path: &Path, lang: Lang) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| {
        lang.t(
            format!("{} ne peut pas être lu : {error}", path.display()),
            format!("{} cannot be read: {error}", path.display()),
        )
    })
}

/// The Markdown files beside this one.
fn neighbours(file: &Path) -> Vec<PathBuf> {
    let mut found = entries(folder_of(file));
    found.retain(|p| is_text(p) && p.file_name() != file.file_name());
    found
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a folder holds, in the order of the names; nothing when it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|e| e.ok().map(|e| e.path())).collect())
        .unwrap_or_default();
    found.sort();
    found
}

fn is_text(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "md")
}

/// The contract, or the order, of this number in the text's folder.
fn beside(file: &Path, number: &str) -> Option<PathBuf> {
    neighbours(file).into_iter().find(|path| {
        // A cheap look before compiling: a folder may hold many contracts.
        let text = fs::read_to_string(path).ok().filter(|text| text.contains(number));
        text.is_some_and(|text| {
            let front = contract::compile(&path.display().to_string(), &text).front_matter;
            front.amends.is_none() && front.contract == *number
        })
    })
}

/// The amendments of a contract that took effect before this text, in order; an order without a date
/// of effect stands on the contract as of its signature.
fn earlier_amendments(base: Compiled, file: &Path, number: &str, front: &FrontMatter) -> Compiled {
    let signed = front.signed.filter(|_| front.order_of.is_some());
    let Some(effective) = front.effective.or(signed) else { return base };
    let mut earlier: Vec<_> = neighbours(file)
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            text.contains("amends").then_some(())?;
            let other = contract::compile(&path.display().to_string(), &text).front_matter;
            let date = other.effective.filter(|d| *d < effective)?;
            (other.amends.as_deref() == Some(number)).then_some((date, path, text))
        })
        .collect();
    earlier.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    earlier.into_iter().fold(base, |base, (_, path, text)| {
        contract::compile_amendment(&base, &path.display().to_string(), &text)
    })
}

/// The subcontracts of this contract, or of the master of this order, in its folder and in the folders
/// within.
pub(super) fn subcontracts_beside(file: &Path, contract: &Compiled) -> Vec<Compiled> {
    let number = &contract.terms.contract;
    let master = contract.front_matter.order_of.as_ref();
    let mut found = neighbours(file);
    let within = entries(folder_of(file)).into_iter().filter(|path| path.is_dir());
    found.extend(within.flat_map(|folder| entries(&folder)).filter(|path| is_text(path)));
    found
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            text.contains("subcontract_of").then_some(())?;
            let compiled = contract::compile(&path.display().to_string(), &text);
            let served = compiled.front_matter.subcontract_of.as_ref()?;
            (served == number || Some(served) == master).then_some(compiled)
        })
        .collect()
}
