//! An import as it is sent and received.

use app::import::Remark;
use app::import::job::{Counts, Job, Told};
use app::import::outlook::{Foreseen, Future, Outlook};
use base::Bilingual;
use jiff::Timestamp;

use crate::api::schema::{Bounded, answer, ask, words};

/// Remarks and lines of an outlook, at most.
const REMARKS: usize = 1_000;
const LINES: usize = 50;

words! {
    /// The tool that a file comes from.
    ImportTool ["glpi", "itop", "csv"];
    /// What a file is of. People are invited by those who keep accounts, with a token made within the day.
    ImportSubject ["tickets", "people", "items"];
    /// The role given to people.
    ImportRole [
        "customer_director", "customer_manager", "customer_admin", "customer_user", "committee_member",
        "customer_auditor",
    ];
    /// How far an import is.
    ImportState ["staged", "running", "stopped", "done"];
    /// What becomes of a line; `note` is a reserve on a line that is brought in.
    ImportFate ["made", "kept", "known", "skipped", "note"];
    /// From when the clocks of tickets still open are counted.
    ImportSince ["import", "declared"];
}

answer! {
    /// Lines of a file by what becomes of them.
    ImportCounts {
        total: u64,
        /// Tickets opened, people invited.
        made: u64,
        /// Kept to be read.
        kept: u64,
        /// That had come already.
        known: u64,
        skipped: u64,
    }

    /// A file that was sent.
    ImportRead {
        id: String,
        what: ImportSubject,
        source: ImportTool,
        /// The file's.
        name: String,
        bytes: u64,
        state: ImportState,
        /// Why it stopped, when nobody asked.
        why: Option<Bilingual>,
        /// Of what was run so far; `total` is 0 before.
        counts: ImportCounts,
        sent: Timestamp,
        by: String,
        started: Option<Timestamp>,
        ended: Option<Timestamp>,
    }

    /// Imports, the last sent first.
    Imports {
        items: Vec<ImportRead>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }

    /// Where a field is read from.
    ImportColumn {
        field: String,
        name: Bilingual,
        /// `null` when it is read from none.
        heading: Option<String>,
        /// Nothing can be read without it.
        required: bool,
    }

    /// A line, as it would become.
    ImportLine {
        line: u64,
        /// The number of a ticket, the address of a person, the name of an item.
        number: String,
        title: String,
        fate: ImportFate,
        /// The contract's priority, of a ticket that would open.
        priority: Option<String>,
        /// Why it would be left out.
        why: Option<Bilingual>,
    }

    /// Something to say of a line that was read.
    ImportRemark {
        line: u64,
        message: Bilingual,
        /// What the cell holds, when that is what cannot be read; no report keeps it.
        cell: Option<String>,
        /// What to do about it.
        advice: Option<Bilingual>,
        /// The line is left out; otherwise it is brought in, with this reserve.
        left_out: bool,
    }

    /// A file that waits, as it would become were it run now.
    ImportOutlook {
        /// Why nothing can be brought in.
        problem: Option<Bilingual>,
        columns: Vec<ImportColumn>,
        /// The headings of the file.
        headings: Vec<String>,
        /// Over the whole file.
        counts: ImportCounts,
        /// The first fifty.
        lines: Vec<ImportLine>,
        /// The first thousand.
        remarks: Vec<ImportRemark>,
        /// The tool's words for the priority of what is still open.
        priorities: Vec<String>,
        /// What the signed perimeter does not name, as clauses to take up in a draft.
        clauses: Option<String>,
    }

    /// An import, and what it would bring in while its file waits.
    ImportShown {
        import: ImportRead,
        outlook: Option<ImportOutlook>,
    }

    /// What was done to an import.
    ImportDone {
        id: String,
    }

    /// What became of a line.
    ImportTold {
        line: u64,
        number: String,
        fate: ImportFate,
        /// The number of the ticket it is here.
        ticket: Option<u64>,
        /// Why.
        why: Option<Bilingual>,
    }

    /// What became of lines, in the order of the file.
    ImportReport {
        items: Vec<ImportTold>,
        /// Pass as `after` for the next page; `null` on the last one.
        next: Option<String>,
    }
}

ask! {
    /// What the bytes are.
    ImportQuery {
        what: ImportSubject,
        source: ImportTool,
        /// What the file is to be called.
        name: Bounded<1, 500>,
    }

    /// A page of imports.
    ImportsQuery {
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// A page of a report.
    ReportQuery {
        /// Those of one fate only.
        fate: Option<ImportFate>,
        /// 1 to 200; 50 if absent.
        limit: Option<u32>,
        /// The `next` of the page before.
        after: Option<String>,
    }

    /// The contract's priority for a word of the tool.
    ImportPriority {
        word: String,
        priority: String,
    }

    /// The heading that a field is read from.
    ImportHeading {
        /// As [`ImportColumn`] names it.
        field: String,
        /// Empty for none.
        heading: String,
    }

    /// How a file is to be read and brought in.
    ImportChoices {
        /// The contract of what opens, when there are several.
        contract: Option<String>,
        /// `import` if absent.
        since: Option<ImportSince>,
        priorities: Option<Vec<ImportPriority>>,
        columns: Option<Vec<ImportHeading>>,
        /// Of people; `customer_user` if absent.
        role: Option<ImportRole>,
    }

    /// Nothing more needs to be said.
    ImportActAsk {}
}

pub(super) fn read(job: &Job) -> ImportRead {
    ImportRead {
        id: job.id.to_string(),
        what: ImportSubject::of(job.subject.key()),
        source: ImportTool::of(job.source.key()),
        name: job.name.clone(),
        bytes: job.bytes,
        state: ImportState::of(job.state.key()),
        why: job.why.clone(),
        counts: counts(job.counts),
        sent: job.at,
        by: job.by.clone(),
        started: job.started,
        ended: job.ended,
    }
}

fn counts(counts: Counts) -> ImportCounts {
    let Counts { total, made, kept, known, skipped } = counts;
    ImportCounts { total, made, kept, known, skipped }
}

pub(super) fn foreseen(outlook: Outlook) -> ImportOutlook {
    let column = |c: app::import::Column| ImportColumn {
        field: c.key.to_owned(),
        name: c.name,
        heading: c.heading,
        required: c.required,
    };
    let remark = |r: Remark| ImportRemark {
        line: r.line,
        message: r.text,
        cell: r.cell,
        advice: r.advice,
        left_out: r.fault,
    };
    let clauses = outlook.compared.as_ref().map(app::import::items::Compared::clauses);
    ImportOutlook {
        problem: outlook.problem,
        columns: outlook.columns.into_iter().map(column).collect(),
        headings: outlook.headings,
        counts: counts(outlook.counts),
        lines: outlook.lines.into_iter().take(LINES).map(line).collect(),
        remarks: outlook.remarks.into_iter().take(REMARKS).map(remark).collect(),
        priorities: outlook.words,
        clauses: clauses.filter(|clauses| !clauses.is_empty()),
    }
}

fn line(line: Foreseen) -> ImportLine {
    let (fate, priority, why) = match line.future {
        Future::Opens { priority, .. } => ("made", Some(priority), None),
        Future::Invited => ("made", None, None),
        Future::Kept => ("kept", None, None),
        Future::Known => ("known", None, None),
        Future::Skipped(why) => ("skipped", None, Some(why)),
    };
    let fate = ImportFate::of(fate);
    ImportLine { line: line.line, number: line.number, title: line.title, fate, priority, why }
}

pub(super) fn told(told: Told) -> ImportTold {
    let why = (!told.fr.is_empty()).then(|| Bilingual::new(told.fr, told.en));
    let fate = ImportFate::of(told.fate);
    ImportTold { line: told.line, number: told.number, fate, ticket: told.ticket, why }
}
