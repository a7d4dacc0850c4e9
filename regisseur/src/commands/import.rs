//! `regisseur import …`: brings in what another tool held, and says of each line what became of it.

use std::fmt::Write;

use app::import::{Fate, ImportTickets, Imported, Preview, Remark, Since, Source};
use app::{Act, App, Role, Settings};
use base::Lang;
use engines::perimeter::Admission;
use serde_json::{Value, json};

use super::HOST;
use super::customer::unknown;
use crate::cli::import::{self, Exported, Items, People, Tickets, Tool};
use crate::output::{Failure, Report};

/// Lines between two words of progress.
const STEP: usize = 500;

pub fn tickets(asked: &Tickets) -> Result<Report, Failure> {
    let (file, app) = (read(&asked.file)?, App::open(&asked.file.data, Settings::real(HOST))?);
    let lang = Lang::from(asked.file.shown.lang);
    let ask = ImportTickets {
        source: source(asked.file.from),
        contract: asked.contract.clone(),
        since: match asked.since {
            import::Since::Import => Since::Import,
            import::Since::Declared => Since::Declared,
        },
        priorities: asked.priorities.iter().cloned().collect(),
        lang,
    };
    let permit = app.person_of(&asked.file.by)?.permit(Act::Import, customer(&app, &asked.file)?)?;
    if asked.dry_run {
        let preview = app.weigh_import(&permit, &ask, &file)?;
        return Ok(if asked.file.shown.json {
            preview_json(&preview, lang)
        } else {
            preview_text(&preview, lang)
        });
    }
    let as_json = asked.file.shown.json;
    let mut progress = |done: usize, of: usize| {
        if !as_json && (done.is_multiple_of(STEP) || done == of) {
            eprintln!("{done}/{of}");
        }
    };
    let done = app.import_tickets(&permit, &ask, &file, &mut progress)?;
    Ok(if as_json { done_json(&done, lang) } else { done_text(&done, lang) })
}

pub fn people(asked: &People) -> Result<Report, Failure> {
    let role = Role::from_key(&asked.role).ok_or_else(|| {
        let known = Role::ALL.map(Role::key).join(", ");
        Failure::new("role", format!("rôles possibles : {known}"), format!("possible roles: {known}"))
    })?;
    let file = read(&asked.file)?;
    let app = super::account::open(&asked.file.data, asked.mail.as_deref())?;
    let permit = app.person_of(&asked.file.by)?.permit_instance(Act::ManageAccounts)?;
    let customer = customer(&app, &asked.file)?;
    let from = (source(asked.file.from), &file[..]);
    let done = app.import_people(&permit, (customer, role), from, asked.dry_run)?;
    let (lang, code) = (Lang::from(asked.file.shown.lang), code(&done.remarks));
    let mut text = String::new();
    let mut list: Vec<Value> = Vec::new();
    for person in &done.invited {
        let path = person.link.as_ref().map(|link| format!("/join/{}", link.code));
        let mailed = person.link.as_ref().is_some_and(|link| link.mailed);
        let path = path.filter(|_| !mailed);
        let _ = writeln!(text, "{}  {}  {}", person.email, person.name, path.as_deref().unwrap_or_default());
        list.push(json!({ "email": person.email, "name": person.name, "path": path, "mailed": mailed }));
    }
    if asked.file.shown.json {
        let document =
            json!({ "people": list, "known": done.known, "remarks": remarks_json(&done.remarks, lang) });
        return Ok(Report::json(&document, code));
    }
    let (count, known) = (done.invited.len(), done.known);
    text += &match asked.dry_run {
        true => lang.t(
            format!("À inviter : {count}. Déjà là : {known}.\n"),
            format!("To invite: {count}. Already there: {known}.\n"),
        ),
        false => lang.t(
            format!("Invités : {count}. Déjà là : {known}.\n"),
            format!("Invited: {count}. Already there: {known}.\n"),
        ),
    };
    text += &remarks_text(&done.remarks, lang);
    Ok(Report { text, code, aside: false })
}

pub fn items(asked: &Items) -> Result<Report, Failure> {
    let (file, app) = (read(&asked.file)?, super::inspect(&asked.file.data)?);
    let permit = app.person_of(&asked.file.by)?.permit(Act::SeeContract, customer(&app, &asked.file)?)?;
    let from = (source(asked.file.from), &file[..]);
    let (compared, remarks) = app.compare_items(&permit, asked.contract.as_deref(), from)?;
    let (lang, code) = (Lang::from(asked.file.shown.lang), code(&remarks));
    if asked.file.shown.json {
        let document = json!({
            "known": compared.known, "unknown": compared.unknown, "missing": compared.missing,
            "clauses": compared.clauses(), "remarks": remarks_json(&remarks, lang),
        });
        return Ok(Report::json(&document, code));
    }
    let unknown: usize = compared.unknown.values().map(Vec::len).sum();
    let (known, missing) = (compared.known.len(), compared.missing.join(", "));
    let mut text = lang.t(
        format!("Au périmètre du contrat : {known}. Hors de lui : {unknown}.\n"),
        format!("In the contract's perimeter: {known}. Outside it: {unknown}.\n"),
    );
    if !missing.is_empty() {
        text += &lang.t(
            format!("Au contrat, absents du fichier : {missing}.\n"),
            format!("In the contract, not in the file: {missing}.\n"),
        );
    }
    text += &remarks_text(&remarks, lang);
    if unknown > 0 {
        text += lang
            .t("\nPour un projet d'avenant, à relire :\n\n", "\nFor a draft amendment, to be read over:\n\n");
        text += &compared.clauses();
    }
    Ok(Report { text, code, aside: false })
}

fn read(asked: &Exported) -> Result<Vec<u8>, Failure> {
    std::fs::read(&asked.path).map_err(|e| Failure::io("file", &asked.path.display().to_string(), &e))
}

fn customer(app: &App, asked: &Exported) -> Result<base::id::CustomerId, Failure> {
    app.find_customer(&asked.customer).map_err(|e| unknown(e, Some(&asked.customer)))
}

fn source(tool: Tool) -> Source {
    match tool {
        Tool::Glpi => Source::Glpi,
        Tool::Itop => Source::Itop,
        Tool::Csv => Source::Csv,
    }
}

/// 1 when a line was, or would be, left out.
fn code(remarks: &[Remark]) -> u8 {
    u8::from(remarks.iter().any(|remark| remark.fault))
}

fn remarks_text(remarks: &[Remark], lang: Lang) -> String {
    let mut text = String::new();
    for remark in remarks {
        let left = if remark.fault { lang.t("non repris, ", "left out, ") } else { "" };
        let (line, words) = (remark.line, remark.said(lang));
        let _ = match lang {
            Lang::Fr => writeln!(text, "ligne {line} : {left}{words}"),
            Lang::En => writeln!(text, "line {line}: {left}{words}"),
        };
    }
    text
}

fn remarks_json(remarks: &[Remark], lang: Lang) -> Vec<Value> {
    let one = |r: &Remark| json!({ "line": r.line, "message": r.said(lang), "left_out": r.fault });
    remarks.iter().map(one).collect()
}

fn fate(fate: &Fate, lang: Lang) -> (&'static str, String) {
    match fate {
        Fate::Known => ("known", lang.t("déjà repris", "already brought in").to_owned()),
        Fate::Kept => ("kept", lang.t("gardé pour être lu", "kept to be read").to_owned()),
        Fate::Opens { priority, admission } => {
            let more = match admission {
                Admission::NeedsQuote => lang.t(", sur devis", ", on quotation"),
                Admission::AcceptedPriced { .. } => lang.t(", payant", ", priced"),
                Admission::Accepted | Admission::Refused => "",
            };
            ("opens", format!("{} {priority}{more}", lang.t("s'ouvre", "opens")))
        }
        Fate::Refused(why) => {
            ("refused", format!("{}{}", lang.t("ne peut s'ouvrir : ", "cannot open: "), why.get(lang)))
        }
    }
}

fn preview_text(preview: &Preview, lang: Lang) -> Report {
    let mut text = String::new();
    for (field, heading) in &preview.read {
        let _ = writeln!(text, "{heading} → {}", field.name().get(lang));
    }
    if !preview.left.is_empty() {
        let left = preview.left.join(", ");
        text += &lang.t(format!("Laissées de côté : {left}\n"), format!("Left aside: {left}\n"));
    }
    text.push('\n');
    for line in &preview.lines {
        let _ = writeln!(text, "{:>8}  {}  {}", line.number, line.title, fate(&line.fate, lang).1);
    }
    text += &remarks_text(&preview.remarks, lang);
    Report { text, code: preview_code(preview), aside: false }
}

fn preview_code(preview: &Preview) -> u8 {
    let refused = preview.lines.iter().any(|line| matches!(line.fate, Fate::Refused(_)));
    code(&preview.remarks).max(u8::from(refused))
}

fn preview_json(preview: &Preview, lang: Lang) -> Report {
    let line = |l: &app::import::Line| {
        let (fate, words) = fate(&l.fate, lang);
        json!({ "line": l.line, "number": l.number, "title": l.title, "fate": fate, "message": words })
    };
    let lines: Vec<Value> = preview.lines.iter().map(line).collect();
    let document = json!({
        "lines": lines, "left": preview.left, "remarks": remarks_json(&preview.remarks, lang),
    });
    Report::json(&document, preview_code(preview))
}

fn done_text(done: &Imported, lang: Lang) -> Report {
    let (opened, kept, known) = (done.opened.len(), done.kept, done.known);
    let mut text = lang.t(
        format!("Ouverts : {opened}. Gardés : {kept}. Déjà repris : {known}.\n"),
        format!("Opened: {opened}. Kept: {kept}. Already brought in: {known}.\n"),
    );
    for (there, here) in &done.opened {
        let _ = writeln!(text, "{there} → {here}");
    }
    text += &remarks_text(&done.remarks, lang);
    Report { text, code: code(&done.remarks), aside: false }
}

fn done_json(done: &Imported, lang: Lang) -> Report {
    let opened: Vec<Value> =
        done.opened.iter().map(|(there, here)| json!({ "number": there, "ticket": here })).collect();
    let document = json!({
        "opened": opened, "kept": done.kept, "known": done.known,
        "remarks": remarks_json(&done.remarks, lang),
    });
    Report::json(&document, code(&done.remarks))
}
