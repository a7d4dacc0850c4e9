//! From a draft and what the compiler makes of it to the pages' views.

use app::agreements::Agreement;
use app::draft::block::Outline;
use app::draft::sign::Agreed;
use app::draft::{Checked, Kind as Nature, Shown};
use contract::source::File;
use contract::{Diagnostic, KINDS, Severity};
use jiff::Zoned;
use terms::PartyRole;

use super::{Read, case, kinds, sent, trial};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::http::Reader;
use crate::pages::draft::{
    self, Article, Attached, Clause, ClauseState, Named, Party, Remark, Signature, Subcontracts, View,
};
use crate::pages::drafts::{Kind, Stage};
use crate::site::{fresh_key, words};

pub fn kind(nature: Nature) -> Kind {
    match nature {
        Nature::Contract => Kind::Contract,
        Nature::Amendment => Kind::Amendment,
        Nature::Order => Kind::Order,
    }
}

pub fn stage(draft: &Shown) -> Stage {
    match (&draft.contract, &draft.agreed) {
        (Some(number), _) => Stage::Signed(number.clone()),
        (None, Some(agreed)) => Stage::Awaiting(agreed.name.clone()),
        (None, None) => Stage::Writing,
    }
}

pub fn path(draft: &Shown) -> String {
    format!("/drafts/{}", draft.id)
}

/// The editor, with the text as it stands in `read`.
pub fn view(read: &Read, reader: &Reader) -> View {
    let (lang, draft, checked) = (reader.visitor.lang, &read.draft, &read.checked);
    let outline = Outline::of(&checked.text);
    // The first case proposed is one that the text decides, once an amendment is in force.
    let governed = checked.compiled.front_matter.effective.map_or(read.today, |day| day.max(read.today));
    View {
        customer: read.customer.clone(),
        path: path(draft),
        key: fresh_key(),
        title: read.title.clone(),
        kind: kind(draft.kind),
        base: draft
            .base
            .as_ref()
            .map(|number| (number.clone(), read.customer.path(&format!("/contracts/{number}")))),
        text: checked.text.clone(),
        text_lang: written_in(checked),
        version: read.version,
        preparation: read.preparation.clone(),
        saved: words::local(draft.saved),
        saved_by: draft.saved_by.clone(),
        stage: stage(draft),
        may_write: reader.may(&read.customer, app::Act::WriteDraft),
        unsaved: checked.text != draft.text
            || read.title != draft.title
            || read.preparation != draft.preparation,
        checked: draft::Checked {
            remarks: remarks(checked, lang),
            articles: articles(checked, &outline, lang),
        },
        simulation: case::answered(
            case::asked(read.posted.as_deref(), &checked.compiled.terms, governed),
            checked,
            lang,
        ),
        trials: trial::all(checked, read.posted.as_deref(), governed, lang),
        month: read.month.clone(),
        kinds: kinds::choices(lang),
        snippets: KINDS
            .iter()
            .map(|k| (k.name.to_owned(), format!("```toml clause\n{}```\n", k.example)))
            .collect(),
        articles: under(&outline, lang),
        subcontracts: subcontracts(read),
        signature: signature(read, reader, lang),
        problem: None,
    }
}

/// The language that the parties write in.
pub fn written_in(checked: &Checked) -> Lang {
    match checked.compiled.terms.language {
        base::Lang::Fr => Lang::Fr,
        base::Lang::En => Lang::En,
    }
}

/// The headings that a clause can be put under, the last ones being the likeliest.
pub fn under(outline: &Outline, lang: Lang) -> Vec<Choice> {
    let title = |level: u8, title: &str| match level {
        0 => lang.t("Avant le premier article", "Before the first article").into(),
        _ => title.to_owned(),
    };
    let only = outline.headings.len() == 1;
    let headings = outline.headings.iter().enumerate().filter(|(_, h)| h.level > 0 || only);
    headings.map(|(i, h)| Choice::new(i.to_string(), title(h.level, &h.title))).collect()
}

pub fn remarks(checked: &Checked, lang: Lang) -> Vec<Remark> {
    checked.compiled.diagnostics.iter().map(|d| remark(checked, d, lang)).collect()
}

fn remark(checked: &Checked, diagnostic: &Diagnostic, lang: Lang) -> Remark {
    placed(checked, &checked.compiled.files, diagnostic, lang)
}

/// A remark whose place is in one of these files.
fn placed(checked: &Checked, files: &[File], diagnostic: &Diagnostic, lang: Lang) -> Remark {
    let core = words::core(lang);
    let line = checked.line(diagnostic.span);
    let place = match line {
        Some(line) => format!("{} {line}", lang.t("ligne", "line")),
        None => {
            let file = &files[diagnostic.span.file];
            format!(
                "{}, {} {}",
                file.name,
                lang.t("ligne", "line"),
                file.position(diagnostic.span.start).line
            )
        }
    };
    Remark {
        severity: match diagnostic.severity {
            Severity::Error => draft::Severity::Error,
            Severity::Warning => draft::Severity::Warning,
            Severity::Advice => draft::Severity::Advice,
        },
        code: diagnostic.code.to_owned(),
        line,
        place,
        message: diagnostic.message.get(core).to_owned(),
        help: diagnostic.help.get(core).to_owned(),
        related: diagnostic
            .related
            .iter()
            .map(|r| (checked.line(r.span), r.message.get(core).to_owned()))
            .collect(),
    }
}

/// Each heading of the text itself, with the rules under it read back.
fn articles(checked: &Checked, outline: &Outline, lang: Lang) -> Vec<Article> {
    let core = words::core(lang);
    let name = &checked.compiled.files[checked.file].name;
    let own = || checked.compiled.document.articles.iter().filter(|a| a.file == *name);
    let read = |label: &str| {
        let mut clauses = own().flat_map(|a| &a.clauses);
        clauses.find(|c| c.label == label).map(|c| c.read_back.get(core).to_owned()).unwrap_or_default()
    };
    let clause = |block: &app::draft::block::Block| {
        let ended = block.head("end").and_then(|v| v.as_text());
        let label = block.label().or(ended).unwrap_or("?").to_owned();
        let reading = match ended {
            Some(ended) => format!("{} {ended}.", lang.t("Met fin à", "Ends")),
            None => read(&label),
        };
        Clause {
            state: if reading.is_empty() { ClauseState::Broken } else { ClauseState::Sound },
            kind: block.kind_name().to_owned(),
            line: block.line,
            has_form: !block.broken && block.kind().is_some() && block.label().is_some(),
            reading,
            label,
        }
    };
    let heading = |(index, heading): (usize, &app::draft::block::Heading)| Article {
        title: if heading.level == 0 {
            lang.t("En-tête", "Front matter").into()
        } else {
            heading.title.clone()
        },
        level: heading.level,
        line: heading.line,
        clauses: outline.blocks.iter().filter(|b| b.heading == index).map(clause).collect(),
    };
    outline.headings.iter().enumerate().map(heading).collect()
}

fn signature(read: &Read, reader: &Reader, lang: Lang) -> Signature {
    let (draft, checked) = (&read.draft, read.saved.as_ref().unwrap_or(&read.checked));
    let terms = &checked.compiled.terms;
    let name = |role| terms.party(role).map(|p| p.then.name.clone()).unwrap_or_default();
    let mine = reader.principal.role.is_provider();
    let agreed = draft.agreed.as_ref();
    let party = |role, provider: bool| {
        let agreed = agreed.filter(|a| a.provider == provider);
        Party { name: name(role), signed: agreed.map(by), reason: agreed.and_then(|a| a.reason.clone()) }
    };
    let gate = checked.gate(&draft.preparation, &draft.subcontracts);
    let said = |wanted: &dyn Fn(&Diagnostic) -> bool| -> Vec<Remark> {
        gate.diagnostics.iter().filter(|d| wanted(d)).map(|d| asked(checked, &gate.files, d, lang)).collect()
    };
    Signature {
        hash: contract::text_hash(&draft.text),
        // Errors keep a text from running: nobody signs it. What the gate alone asks for is signed knowingly.
        may_sign: checked.is_signable()
            && draft.contract.is_none()
            && reader.may(&read.customer, app::Act::SignContract)
            && agreed.is_none_or(|a| a.provider != mine),
        missing: said(&Diagnostic::is_error),
        to_read: said(&|d| d.code.starts_with("W-BACK-")),
        despite: String::new(),
        provider: party(PartyRole::Provider, true),
        customer: party(PartyRole::Customer, false),
        email: reader.principal.email.clone(),
        problem: None,
    }
}

/// A remark of the gate, whose help tells what to do on this page where it would name a command.
fn asked(checked: &Checked, files: &[File], diagnostic: &Diagnostic, lang: Lang) -> Remark {
    let mut remark = placed(checked, files, diagnostic, lang);
    let here = match diagnostic.code {
        "E-BACK-ABSENT" => {
            lang.t("donnez son texte sous « Sous-contrats »", "give its text under “Subcontracts”")
        }
        "E-PREPARATION-MISSING" => lang.t(
            "remplissez le « Dossier préparatoire » sous le texte",
            "fill in the “Preparation file” under the text",
        ),
        _ => return remark,
    };
    remark.help = here.into();
    remark
}

/// The subcontractors that the text shown names, and the texts that the draft holds.
fn subcontracts(read: &Read) -> Option<Subcontracts> {
    let held = &read.draft.subcontracts;
    let named: Vec<Named> = read
        .checked
        .named(held)
        .into_iter()
        .map(|n| Named {
            name: n.name,
            relied_on_for: n.relied_on_for,
            below: n.below,
            given: n.text.map(|text| text.name.clone()),
        })
        .collect();
    if named.is_empty() && held.is_empty() {
        return None;
    }
    let posted = |name: &str| read.posted.as_ref().map(|p| sent(p, name)).unwrap_or_default();
    let attached = held.iter().map(|s| Attached {
        id: s.id.to_string(),
        name: s.name.clone(),
        hash: s.hash.clone(),
        given: words::local(s.at),
        bytes: s.text.len(),
    });
    Some(Subcontracts {
        named,
        attached: attached.collect(),
        name: posted("subcontract_name"),
        text: posted("subcontract_text"),
    })
}

fn by(agreed: &Agreed) -> (String, Zoned) {
    (agreed.name.clone(), words::local(agreed.at))
}

/// The contract that a draft amends, by name, for the list of what can be begun.
pub fn starts(contracts: &[std::sync::Arc<Agreement>], lang: Lang) -> Vec<(String, Vec<Choice>)> {
    let templates = app::draft::templates::TEMPLATES
        .iter()
        .map(|t| Choice::new(format!("template:{}", t.name), t.title(words::core(lang))))
        .collect();
    let mut all = vec![
        (lang.t("Nouveau contrat, d’après un modèle", "New contract, from a template").into(), templates),
        (
            lang.t("Nouveau contrat", "New contract").into(),
            vec![Choice::new("blank", lang.t("Page blanche", "Blank page"))],
        ),
    ];
    for contract in contracts {
        let number = &contract.number;
        let amendment = Choice::new(
            format!("amendment:{number}"),
            format!("{} {number}", lang.t("Avenant au", "Amendment to")),
        );
        let order = Choice::new(
            format!("order:{number}"),
            format!("{} {number}", lang.t("Commande au titre du", "Order under")),
        );
        // No order stands on an order (E-ORDER-MASTER).
        let stands_alone = contract.latest().compiled.front_matter.order_of.is_none();
        let choices = std::iter::once(amendment).chain(stands_alone.then_some(order)).collect();
        all.push((format!("{} {number}", lang.t("Contrat", "Contract")), choices));
    }
    all
}

/// The next number in the series of the contracts already signed, or the first of the year.
pub fn next_number(contracts: &[std::sync::Arc<Agreement>], year: i16) -> String {
    let serial = |number: &str| number.strip_prefix(&format!("CTR-{year}-"))?.parse::<u32>().ok();
    let last = contracts.iter().filter_map(|c| serial(&c.number)).max().unwrap_or_default();
    format!("CTR-{year}-{:03}", last + 1)
}

/// What the reader may link to.
pub fn href(customer: &CustomerRef, draft: &Shown) -> String {
    customer.path(&path(draft))
}
