//! What a file would become, as its page shows it.

use app::import::job::{Job, Subject};
use app::import::outlook::{Future, Outlook};
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
        remarks: outlook.remarks.iter().take(REMARKS).map(|said| remark(said, lang)).collect(),
        all_remarks: outlook.remarks.len(),
        clauses: clauses.filter(|clauses| !clauses.is_empty()),
        choices: choices(outlook, job, lang),
    }
}

fn remark(remark: &Remark, lang: Lang) -> import::Remark {
    let core = words::core(lang);
    import::Remark {
        line: remark.line,
        text: remark.said(core),
        advice: remark.advice.as_ref().map(|text| text.get(core).to_owned()).unwrap_or_default(),
        fault: remark.fault,
    }
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
