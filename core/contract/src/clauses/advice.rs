//! `advice`: the duty to advise: what it bears on, the register that proves it, the customer's answer.
//!
//! Seed 003: « proposer à tout moment les solutions les mieux adaptées aux usages et en adéquation avec les
//! contraintes budgétaires »; Code civil 1112-1 and 1231-1 for the duty to inform and to advise.

use base::Bilingual;
use terms::{DutyDue, DutyProof, PartyRole, Terms, Trigger};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub const KIND: Kind = Kind {
    name: "advice",
    doc: ("le devoir de conseil, son registre et la réponse du client", "the duty to advise, its register and the customer's answer"),
    example: r#"kind = "advice"
label = "conseil"
then = { topics = ["obsolescence", "sécurité", "adéquation aux usages et au budget"], register = "registre des conseils", answer_within = "20 working_days", every = "6 months", costed = true }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("topics", Type::Texts, "sujets du conseil", "what advice bears on"),
        Field::required("register", Type::Text, "où les conseils sont inscrits", "where advice is recorded"),
        Field::required("answer_within", Type::Length, "délai de réponse du Client", "delay for the Customer's answer"),
        Field::optional("unanswered", Type::Choice(&["refused", "committee"]), "conseil resté sans réponse : réputé refusé, ou porté en comité", "advice left unanswered: held refused, or brought to a committee"),
        Field::optional("costed", Type::Flag, "chaque conseil porte son coût", "each piece of advice bears its cost"),
        Field::optional("budget", Type::Label(&["budget"]), "budget auquel ce coût est comparé", "budget that this cost is compared with"),
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
    ],
    words: &[
        ("refused", "réputé refusé", "held refused"),
        ("committee", "porté au comité suivant", "brought to the next committee"),
        ("advice", "le conseil", "advice"),
        ("advice_answer", "sa réponse à un conseil", "its answer to advice"),
        ("advice_review", "la revue des conseils", "the review of advice"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let answer = DutyDue::Within { length: f.length("answer_within")?, of: Trigger::Request };
    if f.has("budget") && f.flag("costed") != Some(true) {
        c.push(
            Diagnostic::error(
                "E-ADVICE-COST",
                f.place_of("budget"),
                "un conseil sans coût ne se compare à aucun budget",
                "advice without a cost compares with no budget",
            )
            .help("ajoutez costed = true, ou retirez budget", "add costed = true, or remove budget"),
        );
        return None;
    }
    owed::owe(f, c, &KIND, "advice", DutyDue::Always, DutyProof::Document);
    if let Some(due) = owed::optional_rhythm(f, c) {
        owed::owe(f, c, &KIND, "advice_review", due, DutyProof::Document);
    }
    owed::owe_by(f, c, &KIND, PartyRole::Customer, "advice_answer", answer, DutyProof::Notice);
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (topics, register) = (says.text("topics"), says.text("register"));
        let mut head = lang.t(
            format!("le conseil porte sur\u{a0}: {topics}\u{202f}; chaque conseil s'inscrit ici\u{a0}: {register}"),
            format!("advice bears on: {topics}; each piece of advice is recorded here: {register}"),
        );
        if says.has("unanswered") {
            let then = says.word("unanswered", lang);
            head += &lang.t(format!("\u{202f}; resté sans réponse, il est {then}"), format!("; left unanswered, it is {then}"));
        }
        if says.is("costed") {
            head += lang.t("\u{202f}; chacun porte son coût", "; each bears its cost");
        }
        if says.has("budget") {
            let budget = says.text("budget");
            head += &lang.t(format!(", comparé au budget [{budget}]"), format!(", compared with budget [{budget}]"));
        }
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
