//! What stands beside a ticket, as its page shows it.

use app::Act;
use app::ticket::{Followable, PriorityWeighed, Relation, TicketPage, Tie};
use base::id::AccountId;
use engines::diagnosis::Diagnosis as Needed;
use engines::kinds::Kind;
use events::Link;
use jiff::Timestamp;

use super::super::{rows, words};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::Reader;
use crate::pages::shared::TicketState;
use crate::pages::ticket as view;
use crate::pages::ticket::beside::{
    Beside, Diagnosis, Followers, Known, Planned, Relation as Line, WhatIf, WhatIfClock,
};

/// The ties that the form offers: what is split or merged has a form of its own.
const OFFERED: [Tie; 10] = [
    Tie::Relates,
    Tie::CausedBy,
    Tie::Causes,
    Tie::Blocks,
    Tie::BlockedBy,
    Tie::ChildOf,
    Tie::ParentOf,
    Tie::DuplicateOf,
    Tie::DefectOf,
    Tie::HasDefect,
];

/// A ticket that opens so much after its date opens late.
const LATE_MICROS: i64 = 15 * 60 * 1_000_000;

pub(super) fn beside(reader: &Reader, customer: &CustomerRef, found: &TicketPage, zone: &str) -> Beside {
    let lang = reader.visitor.lang;
    let works = reader.may(customer, Act::WorkOnTicket);
    let relates = reader.may(customer, Act::RelateTickets);
    let here = found.ticket.number;
    let address = |number: u64| customer.path(&format!("/tickets/{number}"));
    let open = found.ticket.state.is_open();
    let diagnosis = match found.diagnosis.value {
        Needed::NotNeeded => None,
        _ if found.diagnosed || !works || !open => None,
        needed => Some(Diagnosis {
            required: needed == Needed::Required,
            reasons: words::reasons(&found.diagnosis.reasons, Some(customer), lang),
        }),
    };
    let opened = found.ticket.opened;
    let planned = found.planned.map(|(plan, due)| Planned {
        due: words::in_zone(due, zone),
        late: opened - due.as_microsecond() > LATE_MICROS,
        href: reader.may(customer, Act::SeePlans).then(|| customer.path(&format!("/plans/{plan}"))),
    });
    Beside {
        planned,
        merged_into: found.ticket.merged_into.map(|number| (number, address(number))),
        relations: found
            .relations
            .iter()
            .map(|r| line(r, address(r.number), relates && !found.merged, lang))
            .collect(),
        known: found.known.as_ref().map(|known| Known {
            number: known.number,
            href: address(known.number),
            title: known.title.clone(),
            cause: known.cause.clone(),
            workaround: known.workaround.clone(),
            by: known.by.clone(),
            at: words::in_zone(known.at, zone),
            open: known.open,
            elsewhere: known.number != here,
        }),
        watchers: found.watchers.iter().map(|w| w.name.clone()).collect(),
        followers: None,
        paused_minutes: words::minutes(found.paused_seconds),
        diagnosis,
        what_if: None,
        templates: Vec::new(),
        keeps_templates: None,
        satisfaction: None,
        duty: super::duty::part(reader, customer, found),
    }
}

fn line(relation: &Relation, href: String, removable: bool, lang: Lang) -> Line {
    let tie =
        if relation.merged { lang.t("A absorbé", "Merged from").into() } else { tie(relation.tie, lang) };
    let removable = (removable && !relation.merged).then(|| relation.tie.key().to_owned());
    Line {
        tie,
        removable,
        number: relation.number,
        href,
        title: relation.title.clone(),
        kind: words::fact(&relation.kind, lang),
        state: rows::shown_state(relation.state),
    }
}

/// « Causé par »: how a ticket stands to the one named after it.
pub fn tie(tie: Tie, lang: Lang) -> String {
    let text = match tie {
        Tie::Relates => lang.t("En rapport avec", "Related to"),
        Tie::DuplicateOf => lang.t("Doublon de", "Duplicate of"),
        Tie::DuplicatedBy => lang.t("A pour doublon", "Duplicated by"),
        Tie::CausedBy => lang.t("Causé par", "Caused by"),
        Tie::Causes => lang.t("Cause", "Causes"),
        Tie::Blocks => lang.t("Bloque", "Blocks"),
        Tie::BlockedBy => lang.t("Bloqué par", "Blocked by"),
        Tie::SplitFrom => lang.t("Scindé de", "Split from"),
        Tie::SplitInto => lang.t("Scindé en", "Split into"),
        Tie::ChildOf => lang.t("Partie de", "Part of"),
        Tie::ParentOf => lang.t("Comprend", "Includes"),
        Tie::DefectOf => lang.t("Anomalie de la livraison", "Defect of the delivery"),
        Tie::HasDefect => lang.t("A pour anomalie", "Has the defect"),
    };
    text.into()
}

/// What the conversation says of a link made, before the other's number.
pub(super) fn link_sentence(link: Link, lang: Lang) -> String {
    let text = match link {
        Link::Relates => lang.t("a lié ce ticket au n°", "tied this ticket to number"),
        Link::DuplicateOf => lang.t("a noté un doublon du n°", "noted a duplicate of number"),
        Link::CausedBy => lang.t("a noté la cause : n°", "noted the cause: number"),
        Link::Blocks => lang.t("a noté que ce ticket bloque le n°", "noted that this ticket blocks number"),
        Link::SplitFrom => lang.t("a scindé ce ticket du n°", "split this ticket from number"),
        Link::ChildOf => lang.t("a rangé ce ticket sous le n°", "put this ticket under number"),
        Link::DefectOf => {
            lang.t("a noté une anomalie de la livraison n°", "noted a defect of delivery number")
        }
    };
    text.into()
}

/// What the reader may do of it.
pub(super) fn acts(
    reader: &Reader,
    customer: &CustomerRef,
    found: &TicketPage,
    state: TicketState,
) -> Vec<view::Act> {
    let lang = reader.visitor.lang;
    let mut acts = Vec::new();
    if found.merged {
        return acts;
    }
    let open = !matches!(state, TicketState::Resolved | TicketState::Closed);
    if reader.may(customer, Act::WorkOnTicket) && open && found.diagnosis.value != Needed::NotNeeded {
        acts.push(view::Act::Diagnose);
    }
    if reader.may(customer, Act::RelateTickets) {
        if open && found.ticket.kind == Kind::Problem.key() {
            acts.push(view::Act::KnownError);
        }
        let ties = OFFERED.map(|t| Choice::new(t.key(), tie(t, lang)));
        acts.push(view::Act::Relate { ties: ties.to_vec() });
    }
    if reader.may(customer, Act::SeeTickets) {
        let follows = found.watchers.iter().any(|w| w.who == reader.principal.account);
        acts.push(if follows { view::Act::Unwatch } else { view::Act::Watch });
    }
    acts
}

pub(super) fn followers(found: Followable) -> Followers {
    let choice = |who: AccountId, name: String| Choice::new(who.to_string(), name);
    Followers {
        people: found.people.into_iter().map(|person| choice(person.account, person.name)).collect(),
        following: found.following.into_iter().map(|w| choice(w.who, w.name)).collect(),
    }
}

/// What another priority would change.
pub(super) fn what_if(
    weighed: &PriorityWeighed,
    (impact, urgency, why): (&str, &str, &str),
    customer: &CustomerRef,
    zone: &str,
    lang: Lang,
) -> WhatIf {
    let at = |at: Option<Timestamp>| at.map(|at| words::in_zone(at, zone));
    WhatIf {
        impact: impact.to_owned(),
        urgency: urgency.to_owned(),
        why: why.to_owned(),
        priority: weighed.priority.clone(),
        reasons: words::reasons(&weighed.reasons, Some(customer), lang),
        clocks: weighed
            .clocks
            .iter()
            .map(|clock| WhatIfClock {
                promise: rows::promise(clock.then.value.promise).word(lang).into(),
                now: at(clock.due),
                then: at(clock.then.value.due),
                reasons: words::reasons(&clock.then.reasons, Some(customer), lang),
            })
            .collect(),
    }
}
