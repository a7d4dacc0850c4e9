//! `regisseur contract fmt`: lays out the rules of files in place; with `--check`, says which would change.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base::Lang;
use contract::Formatted;
use serde_json::{Value, json};

use super::Output;

/// What became of one file.
struct Done {
    file: PathBuf,
    outcome: Result<(bool, Formatted), io::Error>,
}

/// Lays out each file, or with `check` only says which are not: 1 when there is one, or when a file
/// cannot be read or written.
pub fn fmt(files: &[PathBuf], check: bool, lang: Lang, as_json: bool) -> Output {
    let all: Vec<Done> =
        files.iter().map(|file| Done { file: file.clone(), outcome: one(file, check) }).collect();
    let failed = all.iter().any(|d| match &d.outcome {
        Ok((changed, _)) => check && *changed,
        Err(_) => true,
    });
    let text = if as_json {
        format!("{:#}\n", Value::Array(all.iter().map(|d| d.json(lang)).collect()))
    } else {
        all.iter().map(|d| d.text(check, lang)).collect()
    };
    (text, u8::from(failed))
}

fn one(file: &Path, check: bool) -> io::Result<(bool, Formatted)> {
    let text = fs::read_to_string(file)?;
    let formatted = contract::format(&text);
    let changed = formatted.text != text;
    if changed && !check {
        replace(file, &formatted.text)?;
    }
    Ok((changed, formatted))
}

/// Writes the file whole or not at all, with the rights it had; a link goes on leading to it.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = fs::canonicalize(file)?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let draft = file.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = (|| {
        let mut out = OpenOptions::new().create_new(true).write(true).open(&draft)?;
        out.set_permissions(fs::metadata(&file)?.permissions())?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(&draft, &file)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

impl Done {
    fn text(&self, check: bool, lang: Lang) -> String {
        let file = self.file.display();
        let (changed, formatted) = match &self.outcome {
            Ok(done) => done,
            Err(error) => {
                return lang.t(
                    format!("{file} n'a pas pu être remis en forme : {error}\n"),
                    format!("{file} could not be laid out: {error}\n"),
                );
            }
        };
        let mut out = match (changed, check) {
            (false, _) => String::new(),
            (true, true) => format!("{file}\n"),
            (true, false) => lang.t(format!("{file} : remis en forme\n"), format!("{file}: laid out\n")),
        };
        for left in &formatted.left {
            let (line, why) = (left.line, left.why.get(lang));
            out.push_str(&lang.t(
                format!("{file}:{line} : laissé tel quel, {why}\n"),
                format!("{file}:{line}: left as it was, {why}\n"),
            ));
        }
        out
    }

    fn json(&self, lang: Lang) -> Value {
        let file = self.file.display().to_string();
        match &self.outcome {
            Ok((changed, formatted)) => {
                let left: Vec<Value> = formatted
                    .left
                    .iter()
                    .map(|l| json!({ "line": l.line, "message": l.why.get(lang) }))
                    .collect();
                json!({ "file": file, "changed": changed, "left": left })
            }
            Err(error) => json!({ "file": file, "error": error.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::super::fixture::contracts;
    use super::*;

    #[test]
    fn files_are_checked_then_laid_out_in_place() {
        let folder = std::env::temp_dir().join(format!("regisseur-fmt-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, link, absent) = (folder.join("a.md"), folder.join("b.md"), folder.join("c.md"));
        let text = fs::read_to_string(contracts("minimal.md")).unwrap();
        fs::write(&file, text.replace("then = { form", "then   = { form")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();

        let before = fs::read(&file).unwrap();
        let (shown, code) = fmt(std::slice::from_ref(&link), true, Lang::Fr, false);
        assert_eq!((shown, code), (format!("{}\n", link.display()), 1));
        assert_eq!(fs::read(&file).unwrap(), before, "--check writes nothing");

        let (shown, code) = fmt(std::slice::from_ref(&link), false, Lang::Fr, false);
        assert!(code == 0 && shown.contains("remis en forme"), "{shown}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fmt(std::slice::from_ref(&file), true, Lang::Fr, false), (String::new(), 0));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no draft is left");

        fs::write(&file, text.replace("\"unlimited\"", "\"unlimited")).unwrap();
        let (shown, code) = fmt(&[file.clone(), absent], true, Lang::En, true);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!((shown[0]["left"][0]["line"].as_u64(), code), (Some(81), 1));
        assert!(shown[1]["error"].is_string());
        fs::remove_dir_all(&folder).unwrap();
    }
}
