//! `software_ownership`: who owns a piece of software, a database or a document, and who may use it how.
//!
//! Code de la propriété intellectuelle, L131-3: each right assigned is named, with its extent, its purpose, its
//! place and its duration. Ordering or paying assigns nothing.

use base::{Bilingual, Lang};
use terms::{Duty, DutyDue, DutyProof, Terms};
use terms::boundary::{Boundary, Ownership, OwnershipMode};

use super::read::{self, list};
use super::says::parts;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::Value;

const GRANTED: &[&str] = &["assigned", "licensed"];

pub const KIND: Kind = Kind {
    name: "software_ownership",
    doc: (
        "la propriété d'un logiciel, d'une base de données ou d'un document, et les droits d'usage",
        "who owns a piece of software, a database or a document, and the rights to use it",
    ),
    example: r#"kind = "software_ownership"
label = "scripts"
then.of = "scripts et documents d'exploitation"
then.nature = "script"
then.mode = "assigned"
then.rights = ["reproduction", "adaptation", "distribution"]
then.extent = "toutes les sociétés du groupe du Client, sans limite de postes"
then.purpose = "exploitation interne"
then.territory = "monde entier"
then.lasts = "legal"
then.exclusive = true
then.provider_reuse = true
then.sources = true
then.escrow = false
"#,
    family: Family::DataAndLaw,
    run: Run::NotYet("le registre des droits", "the register of rights"),
    mode: Mode::Exclusive(&["of"]),
    guarded: false,
    fields: &[
        Field::required("of", Type::Text, "l'œuvre dont il s'agit", "the work it is about"),
        Field::required("nature", Type::Choice(&["application", "script", "documentation", "database", "configuration", "deliverable"]), "sa nature", "what it is"),
        Field::required("mode", Type::Choice(&["customer", "assigned", "licensed", "third_party"]), "au Client et confiée au Prestataire, cédée au Client, gardée par le Prestataire et concédée, ou d'un tiers", "the Customer's and entrusted, assigned to the Customer, kept by the Provider and licensed, or a third party's"),
        Field::required("rights", Type::Texts, "chaque droit, nommé : reproduction, représentation, adaptation…", "each right, by name: reproduction, representation, adaptation…").when("mode", GRANTED),
        Field::required("extent", Type::Text, "étendue : supports, utilisateurs, sociétés", "extent: media, users, companies").when("mode", GRANTED),
        Field::required("purpose", Type::Text, "destination", "purpose").when("mode", GRANTED),
        Field::required("territory", Type::Text, "lieu", "place").when("mode", GRANTED),
        Field::required("lasts", Type::Choice(&["legal", "fixed", "term"]), "durée : légale des droits, fixée, ou celle du contrat", "duration: legal, fixed, or that of the contract").when("mode", GRANTED),
        Field::optional("duration", Type::Length, "durée fixée, ou durée qui prolonge celle du contrat", "fixed duration, or how long after the contract").when("lasts", &["fixed", "term"]),
        Field::optional("ends", Type::Date, "dernier jour de la concession", "last day of the licence").when("mode", &["licensed"]),
        Field::optional("alert_before", Type::Length, "alerte avant ce jour", "alert before that day").when("mode", &["licensed"]),
        Field::required("exclusive", Type::Flag, "à titre exclusif", "exclusive").when("mode", GRANTED),
        Field::optional("price", Type::Money, "prix des droits ; absent : compris dans la redevance", "price of the rights; absent: included in the fee").when("mode", GRANTED),
        Field::required("provider_reuse", Type::Flag, "le Prestataire peut le réutiliser, sans données du Client", "the Provider may reuse it, without the Customer's data").when("mode", &["assigned"]),
        Field::required("sources", Type::Flag, "les sources sont remises", "the sources are handed over").when("mode", GRANTED),
        Field::required("escrow", Type::Flag, "les sources sont déposées chez un tiers", "the sources are held by a third party").when("mode", GRANTED),
        Field::optional("licence", Type::Label(&["licences"]), "licence du tiers", "the third party's licence").when("mode", &["third_party"]),
        Field::optional("entrusted_from", Type::Date, "jour où le Prestataire le reçoit pour l'exploiter", "day it is entrusted to the Provider").when("mode", &["customer", "third_party"]),
    ],
    words: &[
        ("application", "application", "application"),
        ("script", "script", "script"),
        ("documentation", "documentation", "documentation"),
        ("database", "base de données", "database"),
        ("configuration", "configuration", "configuration"),
        ("deliverable", "livrable", "deliverable"),
        ("assigned", "cédé au Client", "assigned to the Customer"),
        ("licensed", "concédé au Client", "licensed to the Customer"),
        ("reproduction", "reproduction", "reproduction"),
        ("representation", "représentation", "representation"),
        ("adaptation", "adaptation", "adaptation"),
        ("translation", "traduction", "translation"),
        ("distribution", "distribution", "distribution"),
        ("use", "utilisation", "use"),
        ("correction", "correction", "correction"),
        ("extraction", "extraction", "extraction"),
        ("legal", "durée légale des droits", "legal duration of the rights"),
        ("fixed", "durée fixée", "fixed duration"),
        ("licence_end", "le renouvellement de la concession, ou sa fin annoncée,", "the renewal of the licence, or notice of its end,"),
        ("term", "durée du contrat", "duration of the contract"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let mode: OwnershipMode = f.one_of("mode")?;
    let granted = matches!(mode, OwnershipMode::Assigned | OwnershipMode::Licensed);
    let text = |field: &str| if granted { f.text(field) } else { Some(String::new()) };
    let flag = |field: &str| if granted { f.flag(field) } else { Some(false) };
    let lasts = text("lasts")?;
    if lasts == "fixed" && f.length("duration").is_none() {
        c.push(
            Diagnostic::error("E-OWNERSHIP-DURATION", f.place_of("lasts"), "la durée fixée n'est pas écrite", "the fixed duration is not written")
                .help("ajoutez duration = \"5 years\", ou écrivez lasts = \"legal\"", "add duration = \"5 years\", or write lasts = \"legal\""),
        );
        return None;
    }
    if granted {
        named_rights(f, c);
    }
    let ownership = Ownership {
        of: f.text("of")?,
        mode,
        rights: f.texts("rights"),
        purpose: text("purpose")?,
        territory: text("territory")?,
        duration: f.length("duration"),
        exclusive: flag("exclusive")?,
        price: f.money("price"),
        provider_reuse: f.flag("provider_reuse").unwrap_or(mode == OwnershipMode::Licensed),
        sources: flag("sources")?,
        escrow: flag("escrow")?,
        nature: f.text("nature"),
        extent: f.text("extent"),
        with_term: lasts == "term",
        entrusted_from: f.date("entrusted_from"),
        ends: f.date("ends"),
    };
    ending(f, c)?;
    let rule = c.rule(f, Boundary::Ownership(ownership));
    c.terms.boundaries.push(rule);
    Some(())
}

/// A licence for a time is renewed or given up before its last day: whoever granted it says so in time.
fn ending(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let Some(expires) = f.date("ends") else {
        if f.has("alert_before") {
            c.push(
                Diagnostic::error(
                    "E-OWNERSHIP-ALERT",
                    f.place_of("alert_before"),
                    "rien ne dit quel jour cette concession prend fin",
                    "nothing says on which day this licence ends",
                )
                .help("ajoutez ends = 2028-06-30", "add ends = 2028-06-30"),
            );
            return None;
        }
        return Some(());
    };
    let duty = duties::of_kind(&KIND, c, "licence_end", DutyDue::Renew { expires }, DutyProof::Document);
    duties::push(f, c, Duty { alert_before: f.length("alert_before"), ..duty });
    Some(())
}

/// « Tous droits » names none, so assigns none (CPI, L131-3).
fn named_rights(f: &Fields<'_>, c: &mut Compiler) {
    const WHOLE: &[&str] = &["tous droits", "tous les droits", "tout droit", "all rights", "all"];
    let Some(value) = f.value("rights") else { return };
    let values = value.as_array().unwrap_or_default();
    let vague = values.iter().find(|v| v.as_text().is_some_and(|t| WHOLE.contains(&t.trim().to_lowercase().as_str())));
    let place = match (values.is_empty(), vague) {
        (true, _) => value.span,
        (_, Some(Value { span, .. })) => *span,
        _ => return,
    };
    c.push(
        Diagnostic::error(
            "E-OWNERSHIP-RIGHTS",
            place,
            "chaque droit doit faire l'objet d'une mention distincte : « tous droits » n'en cède aucun",
            "each right must be mentioned by itself: “all rights” assigns none",
        )
        .help(
            "nommez-les : rights = [\"reproduction\", \"representation\", \"adaptation\"] (Code de la propriété intellectuelle, L131-3)",
            "name them: rights = [\"reproduction\", \"representation\", \"adaptation\"] (French Intellectual Property Code, L131-3)",
        ),
    );
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.boundaries, label)?;
    let Boundary::Ownership(then) = &rule.then else { return None };
    Some(read::sentence(rule, terms, |lang| {
        let of = lang.t(format!("« {} »", then.of), format!("“{}”", then.of));
        let mut text = match then.mode {
            OwnershipMode::Customer => lang.t(
                format!("{of} appartient au Client, qui en confie l'usage au Prestataire pour le service"),
                format!("{of} belongs to the Customer, which entrusts its use to the Provider for the service"),
            ),
            OwnershipMode::ThirdParty => lang.t(
                format!("{of} appartient à un tiers et s'utilise sous sa licence"),
                format!("{of} belongs to a third party and is used under its licence"),
            ),
            OwnershipMode::Assigned => lang.t(
                format!("le Prestataire cède au Client, {}, sur {of}{}", exclusive(lang, then), granted(lang, then)),
                format!("the Provider assigns to the Customer, {}, on {of}{}", exclusive(lang, then), granted(lang, then)),
            ),
            OwnershipMode::Licensed => lang.t(
                format!("{of} reste au Prestataire, qui concède au Client, {}{}", exclusive(lang, then), granted(lang, then)),
                format!("{of} stays the Provider's, which licenses to the Customer, {}{}", exclusive(lang, then), granted(lang, then)),
            ),
        };
        if let Some(date) = then.entrusted_from.map(|d| base::lang::date(lang, d)) {
            text += &lang.t(format!(", à partir du {date}"), format!(", from {date} on"));
        }
        if let Some(date) = then.ends.map(|d| base::lang::date(lang, d)) {
            text += &lang.t(
                format!(", jusqu'au {date}\u{202f}; ce qui est concédé ne fait pas partie de ce qui est remis à la fin"),
                format!(", until {date}; what is licensed is no part of what is handed over at the end"),
            );
        }
        parts(lang, &[text, duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn exclusive(lang: Lang, then: &Ownership) -> &'static str {
    match then.exclusive {
        true => lang.t("à titre exclusif", "exclusively"),
        false => lang.t("sans exclusivité", "without exclusivity"),
    }
}

fn granted(lang: Lang, then: &Ownership) -> String {
    let rights: Vec<String> = then.rights.iter().map(|r| KIND.word(lang, r).into_owned()).collect();
    let rights = list(lang, &rights.iter().map(String::as_str).collect::<Vec<_>>());
    let duration = then.duration.map(|d| d.in_words(lang));
    let lasts = match (then.with_term, duration) {
        (true, Some(more)) => lang.t(format!("la durée du contrat, puis {more}"), format!("the duration of the contract, then {more}")),
        (true, None) => lang.t("la durée du contrat".to_owned(), "the duration of the contract".to_owned()),
        (false, Some(fixed)) => fixed,
        (false, None) => lang.t("la durée légale des droits".to_owned(), "the legal duration of the rights".to_owned()),
    };
    let price = match then.price.map(|p| p.show(lang)) {
        Some(price) => lang.t(format!("au prix de {price} HT"), format!("at a price of {price}, net of VAT")),
        None => lang.t("prix compris dans la redevance".to_owned(), "price included in the fee".to_owned()),
    };
    let extent = then.extent.as_deref().unwrap_or_default();
    let (purpose, territory) = (&then.purpose, &then.territory);
    let mut text = lang.t(
        format!(", ces droits\u{a0}: {rights} (étendue\u{a0}: {extent}\u{202f}; destination\u{a0}: {purpose}\u{202f}; lieu\u{a0}: {territory}\u{202f}; durée\u{a0}: {lasts}), {price}"),
        format!(", these rights: {rights} (extent: {extent}; purpose: {purpose}; place: {territory}; duration: {lasts}), {price}"),
    );
    text += match (then.sources, then.escrow) {
        (true, _) => lang.t("\u{202f}; les sources sont remises", "; the sources are handed over"),
        (false, true) => lang.t("\u{202f}; les sources sont déposées chez un tiers", "; the sources are held by a third party"),
        (false, false) => lang.t("\u{202f}; les sources ne sont pas remises", "; the sources are not handed over"),
    };
    if then.mode == OwnershipMode::Assigned && then.provider_reuse {
        text += lang.t("\u{202f}; le Prestataire peut réutiliser l'ouvrage, sans données du Client", "; the Provider may reuse the work, without the Customer's data");
    }
    text
}
