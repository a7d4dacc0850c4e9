//! The vault: everything of one customer, in one database.

use crate::migrate::Migration;
use crate::schema::{Noun, Schema};
use crate::{
    actor, agreement, article, call, content, draft, escalation, file, idempotency, import, import_job, life,
    log, month, outbox, plan, rebuild, roster, satisfaction, search, service, skills, ticket, time,
    undertaking, visit, webhook,
};

/// The whole vault.
pub const SCHEMA: Schema = Schema { nouns: NOUNS, migrations: MIGRATIONS };

/// Every noun module of the vault; a test compiles their statements on both engines and refuses a
/// table that none of them declares.
const NOUNS: &[&Noun] = &[
    &log::NOUN,
    &content::NOUN,
    &idempotency::NOUN,
    &outbox::NOUN,
    &actor::NOUN,
    &agreement::NOUN,
    &ticket::NOUN,
    &ticket::list::NOUN,
    &ticket::project::NOUN,
    &ticket::agreed::NOUN,
    &ticket::link::NOUN,
    &ticket::change::NOUN,
    &ticket::delivery::NOUN,
    &call::NOUN,
    &month::NOUN,
    &rebuild::NOUN,
    &search::NOUN,
    &draft::NOUN,
    &life::NOUN,
    &service::NOUN,
    &time::NOUN,
    &file::NOUN,
    &article::NOUN,
    &article::LISTS,
    &article::WRITES,
    &undertaking::NOUN,
    &roster::NOUN,
    &plan::NOUN,
    &satisfaction::NOUN,
    &import::NOUN,
    &import_job::NOUN,
    &visit::NOUN,
    &webhook::NOUN,
    &skills::NOUN,
    &escalation::NOUN,
];

/// In order of application. Only ever add at the end.
const MIGRATIONS: &[Migration] = &[
    Migration { id: "0001-journal", sql: log::TABLES },
    Migration { id: "0002-content", sql: content::TABLES },
    Migration { id: "0003-idempotency", sql: idempotency::TABLES },
    Migration { id: "0004-outbox", sql: outbox::TABLES },
    Migration { id: "0005-actor", sql: actor::TABLES },
    Migration { id: "0006-agreement", sql: agreement::TABLES },
    Migration { id: "0007-ticket", sql: ticket::TABLES },
    Migration { id: "0008-call", sql: call::TABLES },
    Migration { id: "0009-month", sql: month::TABLES },
    Migration { id: "0010-search", sql: search::TABLES },
    Migration { id: "0011-running-clocks", sql: ticket::RUNNING },
    Migration { id: "0012-draft", sql: draft::TABLES },
    Migration { id: "0013-life", sql: life::TABLES },
    Migration { id: "0014-service", sql: service::TABLES },
    Migration { id: "0015-maintenance-cancelled", sql: service::CANCELLED },
    Migration { id: "0016-file", sql: file::TABLES },
    Migration { id: "0017-ticket-facets", sql: ticket::FACETS },
    Migration { id: "0018-time", sql: time::TABLES },
    Migration { id: "0019-ticket-agreed", sql: ticket::agreed::TABLES },
    Migration { id: "0020-timer-gone", sql: time::TIMER_GONE },
    Migration { id: "0021-told-clause", sql: life::CLAUSE },
    Migration { id: "0022-search-words", sql: search::LANES },
    Migration { id: "0023-ticket-relations", sql: ticket::link::TABLES },
    Migration { id: "0024-article", sql: article::TABLES },
    Migration { id: "0025-undertaking", sql: undertaking::TABLES },
    Migration { id: "0026-roster", sql: roster::TABLES },
    Migration { id: "0027-change", sql: ticket::change::TABLES },
    Migration { id: "0028-plan", sql: plan::TABLES },
    Migration { id: "0029-satisfaction", sql: satisfaction::TABLES },
    Migration { id: "0030-import", sql: import::TABLES },
    Migration { id: "0031-work-order", sql: ticket::delivery::TABLES },
    Migration { id: "0032-visit", sql: visit::TABLES },
    Migration { id: "0033-webhook", sql: webhook::TABLES },
    Migration { id: "0034-skills", sql: skills::TABLES },
    Migration { id: "0035-visit-drawing", sql: visit::DRAWING },
    Migration { id: "0038-history-search", sql: search::HISTORY },
    Migration { id: "0038-import-job", sql: import_job::TABLES },
    Migration { id: "0036-escalation", sql: escalation::TABLES },
];
