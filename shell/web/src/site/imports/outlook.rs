//! What a file would become, as its page shows it.

use app::import::job::{Job, Subject};
use app::import::outlook::{Foreseen, Future, Outlook};
use app::import::{Remark, Since};
use app::{Role, Side};

use super::counts;
use crate::design::Lang;
use crate::pages::import;
use crate::site::words;

/// Lines and remarks shown.
const FORESEEN: usize = 50;
const REMARKS: usize = 200;

pub(super) fn outlook(outlook: Outlook, job: &Job, lang: Lang) -> import::Outlook {
    let remarks: Vec<import::Remark> = remarks(&outlook, lang);
    let all_remarks = remarks.len();
    let core = words::core(lang);
    let clauses = outlook.compared.as_ref().map(app::import::items::Compared::clauses);
    let lines = outlook.lines.iter().take(FORESEEN).map(|line| import::Line {
        line: line.line,
        number: line.number.clone(),
        title: line.title.clone(),
        future: future(&line.future, lang),
    });
    import::Outlook {
        problem: outlook.problem.as_ref().map(|problem| problem.get(core).to_owned()),
        counts: counts(outlook.counts),
        lines: lines.collect(),
        remarks: remarks.into_iter().take(REMARKS).collect(),
        all_remarks,
        clauses: clauses.filter(|clauses| !clauses.is_empty()),
        choices: choices(outlook, job, lang),
    }
}

/// What is to be said of lines, in their order: what cannot be read, what the contract refuses, reserves.
pub(super) fn remarks(outlook: &Outlook, lang: Lang) -> Vec<import::Remark> {
    let core = words::core(lang);
    let read = |remark: &Remark| import::Remark {
        line: remark.line,
        text: remark.text.get(core).to_owned(),
        advice: remark.advice.as_ref().map(|text| text.get(core).to_owned()).unwrap_or_default(),
        fault: remark.fault,
    };
    let refused = |line: &Foreseen| match &line.future {
        // Equipment outside the perimeter has its own place.
        Future::Skipped(why) if outlook.compared.is_none() => Some(import::Remark {
            line: line.line,
            text: why.get(core).to_owned(),
            advice: lang
                .t(
                    "corrigez la ligne, ou traitez-la dans l’autre outil",
                    "correct the line, or deal with it in the other tool",
                )
                .into(),
            fault: true,
        }),
        _ => None,
    };
    let mut all: Vec<import::Remark> = outlook.remarks.iter().map(read).collect();
    all.extend(outlook.lines.iter().filter_map(refused));
    all.sort_by_key(|remark| remark.line);
    all
}

fn future(future: &Future, lang: Lang) -> import::Future {
    match future {
        Future::Opens { priority, on_quote, priced } => {
            let more: String = match (on_quote, priced) {
                (true, _) => lang.t(", sur devis", ", on quotation").into(),
                (false, true) => lang.t(", payant", ", priced").into(),
                (false, false) => String::new(),
            };
            import::Future::Opens(format!("{priority}{more}"))
        }
        Future::Kept => import::Future::Kept,
        Future::Invited => import::Future::Invited,
        Future::Known => import::Future::Known,
        Future::Skipped(why) => import::Future::Skipped(why.get(words::core(lang)).to_owned()),
    }
}

fn choices(outlook: Outlook, job: &Job, lang: Lang) -> import::Choices {
    let chosen = &job.choices;
    let core = words::core(lang);
    let columns = outlook.columns.into_iter().map(|column| import::Heading {
        key: column.key.to_owned(),
        name: column.name.get(core).to_owned(),
        heading: column.heading.unwrap_or_default(),
        required: column.required,
    });
    let words_of = outlook.words.into_iter().map(|word| {
        let here = chosen.priorities.get(&word).cloned().unwrap_or_default();
        (word, here)
    });
    let roles: Vec<(String, String)> = match job.subject {
        Subject::People => {
            let theirs = Role::ALL.into_iter().filter(|role| role.side() == Side::Customer);
            theirs.map(|role| (role.key().to_owned(), words::role(role, lang))).collect()
        }
        Subject::Tickets | Subject::Items => Vec::new(),
    };
    let several = outlook.contracts.len() > 1 && job.subject != Subject::People;
    import::Choices {
        columns: columns.collect(),
        headings: outlook.headings,
        contracts: if several { outlook.contracts } else { Vec::new() },
        contract: chosen.contract.clone().unwrap_or_default(),
        since: (job.subject == Subject::Tickets).then(|| since(chosen.since).to_owned()),
        words: words_of.collect(),
        priorities: outlook.priorities,
        roles,
        role: chosen.role.clone().unwrap_or_else(|| Role::CustomerUser.key().to_owned()),
    }
}

fn since(since: Since) -> &'static str {
    match since {
        Since::Import => "import",
        Since::Declared => "declared",
    }
}
