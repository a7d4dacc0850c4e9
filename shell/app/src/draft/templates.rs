//! Texts to start from, and how one is fitted to the customer it is begun for.

use base::Lang;
use base::party_id::{FrenchVat, Iban, Lei, Siren, Siret};
use jiff::ToSpan;
use jiff::civil::Date;
use terms::{ContractTerm, Party, Phase, Renewal, Rule};

use super::block::Outline;
use super::rewrite::{self, Wanted};
use crate::agreements::Agreement;

/// A contract to start from. One line of [`TEMPLATES`] each.
pub struct Template {
    /// In addresses and forms.
    pub name: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
    pub text: &'static str,
}

impl Template {
    pub fn title(&self, lang: Lang) -> &'static str {
        lang.t(self.fr, self.en)
    }
}

/// Every template, in the order in which they are offered.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "minimal",
        fr: "Infogérance, le plus court contrat complet",
        en: "Managed services, the shortest complete contract",
        text: include_str!("../../../../contracts/minimal.md"),
    },
    Template {
        name: "infogerance",
        fr: "Infogérance globale d'une PME",
        en: "Global managed services for a small firm",
        text: include_str!("../../../../contracts/templates/infogerance.md"),
    },
    Template {
        name: "tma",
        fr: "Tierce maintenance applicative (TMA)",
        en: "Application maintenance (TMA)",
        text: include_str!("../../../../contracts/templates/tma.md"),
    },
    Template {
        name: "applicative-pme",
        fr: "Infogérance applicative d'une PME, avec sa maintenance (TMA)",
        en: "Application outsourcing for a small firm, with its maintenance",
        text: include_str!("../../../../contracts/templates/applicative-pme.md"),
    },
    Template {
        name: "securite-donnees",
        fr: "Services de sécurité des données",
        en: "Data security services",
        text: include_str!("../../../../contracts/templates/securite-donnees.md"),
    },
    Template {
        name: "hebergement",
        fr: "Hébergement d'application (ASP, SaaS)",
        en: "Application hosting (ASP, SaaS)",
        text: include_str!("../../../../contracts/templates/hebergement.md"),
    },
    Template {
        name: "bpo",
        fr: "Externalisation d'un processus métier (BPO)",
        en: "Business process outsourcing",
        text: include_str!("../../../../contracts/templates/bpo.md"),
    },
    Template {
        name: "bpo-achats",
        fr: "Externalisation des achats",
        en: "Outsourced purchasing",
        text: include_str!("../../../../contracts/templates/bpo-achats.md"),
    },
    Template {
        name: "bpo-comptabilite",
        fr: "Externalisation de la comptabilité",
        en: "Outsourced accounting",
        text: include_str!("../../../../contracts/templates/bpo-comptabilite.md"),
    },
    Template {
        name: "bpo-relation-client",
        fr: "Externalisation de la relation client (CRM)",
        en: "Outsourced customer relations (CRM)",
        text: include_str!("../../../../contracts/templates/bpo-relation-client.md"),
    },
    Template {
        name: "bpo-paie",
        fr: "Externalisation de la paie",
        en: "Outsourced payroll",
        text: include_str!("../../../../contracts/templates/bpo-paie.md"),
    },
    Template {
        name: "bpo-back-office-bancaire",
        fr: "Externalisation d'un back office bancaire",
        en: "Outsourced banking back office",
        text: include_str!("../../../../contracts/templates/bpo-back-office-bancaire.md"),
    },
];

/// The template of this name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|t| t.name == name)
}

/// A party as a new text names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    pub name: String,
    /// Its clause in a contract already signed with it; `None`: only its name is known.
    pub known: Option<Party>,
}

impl Side {
    pub fn named(name: &str) -> Side {
        Side { name: name.to_owned(), known: None }
    }

    /// As its own clause says it.
    pub fn signed(party: &Party) -> Side {
        Side { name: party.name.clone(), known: Some(party.clone()) }
    }

    /// What its clause says. The identifiers of the template's own company are nobody's here: those that
    /// are not known go away, and the address is to be written.
    fn fields(&self) -> Vec<Wanted> {
        let known = self.known.as_ref();
        let text = |value: Option<&str>| value.map(quoted);
        let field = |name: &str, value: Option<String>| (name.to_owned(), value);
        vec![
            field("name", Some(quoted(&self.name))),
            field("siren", text(known.and_then(|p| p.siren.as_ref()).map(Siren::as_str))),
            field("siret", text(known.and_then(|p| p.siret.as_ref()).map(Siret::as_str))),
            field("vat", text(known.and_then(|p| p.vat.as_ref()).map(FrenchVat::as_str))),
            field("lei", text(known.and_then(|p| p.lei.as_ref()).map(Lei::as_str))),
            field("iban", text(known.and_then(|p| p.iban.as_ref()).map(Iban::as_str))),
            field("address", Some(quoted(known.map_or("à compléter", |p| p.address.as_str())))),
        ]
    }
}

/// A template under another number and between other parties: the number wherever the text gives it, the
/// parties in the front matter and on their own clauses. Everything else stays as it was.
pub fn fitted(template: &str, number: &str, customer: &Side, provider: Option<&Side>) -> String {
    let compiled = contract::compile("modele.md", template);
    let front = &compiled.front_matter;
    let mut text = match front.contract.as_str() {
        "" => template.to_owned(),
        old => template.replace(old, number),
    };
    let sides = [("customer", Some(customer), &front.customer), ("provider", provider, &front.provider)];
    for (role, side, named) in sides {
        let Some(side) = side else { continue };
        if let Some(old) = named {
            let line = |name: &str| format!("{role} = {}", quoted(name));
            text = text.replacen(&line(old), &line(&side.name), 1);
        }
        let outline = Outline::of(&text);
        let own = outline.blocks.iter().find(|b| b.kind_name() == "parties" && b.text("role") == Some(role));
        if let Some(rewritten) = own.and_then(|block| rewrite::rewrite(&text, block, &[], &side.fields())) {
            text = rewritten;
        }
    }
    text
}

/// A contract from nothing: what no contract can do without, to be filled in.
pub fn blank(number: &str, customer: &str, provider: &str, start: Date) -> String {
    let (quoted_customer, quoted_provider) = (quoted(customer), quoted(provider));
    format!(
        "+++\ncontract = {}\ncustomer = {quoted_customer}\nprovider = {quoted_provider}\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n\
         # Contrat n° {number}\n\n## Article 1 – Parties\n\n\
         Le présent contrat lie {{{{ client.name }}}}, {{{{ client.address }}}}, ci-après le Client,\n\n\
         ```toml clause\nkind = \"parties\"\nlabel = \"client\"\n\
         then = {{ role = \"customer\", name = {quoted_customer}, address = \"à compléter\" }}\n```\n\n\
         et {{{{ prestataire.name }}}}, {{{{ prestataire.address }}}}, ci-après le Prestataire.\n\n\
         ```toml clause\nkind = \"parties\"\nlabel = \"prestataire\"\n\
         then = {{ role = \"provider\", name = {quoted_provider}, address = \"à compléter\" }}\n```\n\n\
         ## Article 2 – Durée\n\n\
         Il prend effet le {{{{ duree.start }}}} pour {{{{ duree.lasts }}}}.\n\n\
         ```toml clause\nkind = \"term\"\nlabel = \"duree\"\n\
         then = {{ start = {start}, lasts = \"12 months\", renewal = \"express\", notice = \"3 months\" }}\n```\n",
        quoted(number),
    )
}

/// When an amendment begun that day would take effect: the first of the next month, unless a version of the
/// contract begins after it.
pub fn takes_effect(base: &Agreement, today: Date) -> Date {
    let next = today.first_of_month().checked_add(1.month()).unwrap_or(today);
    next.max(base.history.latest().map_or(today, |version| version.effective))
}

/// An amendment that adds this equipment, in clauses, to what the contract covers.
pub fn equipment(base: &Agreement, effective: Date, clauses: &str) -> String {
    let order = base.texts.len();
    let article = match base.latest().compiled.terms.language {
        Lang::Fr => format!(
            "## Article 2 de l'avenant n° {order} – Inventaire : éléments ajoutés au périmètre\n\n\
             Les éléments désignés ci-après sont ajoutés à ceux que le contrat couvre.\n\n"
        ),
        Lang::En => format!(
            "## Article 2 of amendment {order} – Inventory: items added to the perimeter\n\n\
             The items named below are added to those that the contract covers.\n\n"
        ),
    };
    format!("{}\n{article}{clauses}", amendment(base, effective))
}

/// An amendment that changes nothing yet: its front matter and its first article.
pub fn amendment(base: &Agreement, effective: Date) -> String {
    let (number, order) = (&base.number, base.texts.len());
    let quoted_number = quoted(number);
    match base.latest().compiled.terms.language {
        Lang::Fr => format!(
            "+++\namends = {quoted_number}\neffective = {effective}\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n\
             # Avenant n° {order} au contrat n° {number}\n\n## Article 1 de l'avenant n° {order} – Objet\n\n\
             Le présent avenant modifie les seules stipulations désignées ci-après. Toutes les autres demeurent inchangées.\n"
        ),
        Lang::En => format!(
            "+++\namends = {quoted_number}\neffective = {effective}\nlanguage = \"en\"\nsemantics = 1\n+++\n\n\
             # Amendment {order} to contract {number}\n\n## Article 1 of amendment {order} – Purpose\n\n\
             This amendment changes only the provisions named below. All others remain as they are.\n"
        ),
    }
}

/// An order that buys nothing yet: its number, its first article and a term of its own.
pub fn order(master: &Agreement, number: &str, start: Date) -> String {
    let under = &master.number;
    let terms = &master.latest().compiled.terms;
    let front = format!(
        "+++\ncontract = {}\norder_of = {}\neffective = {start}\n+++\n\n",
        quoted(number),
        quoted(under)
    );
    // Its days are counted from its own first day, which is not its master's (E-ORDER-TERM).
    let term = terms.term.as_ref().map(|rule| (rule.label(), own_term(rule, start)));
    let (title, object, duration) = match terms.language {
        Lang::Fr => (
            format!("# Commande n° {number}\n\n"),
            format!(
                "## Article 1 de la commande – Objet\n\n\
                 La présente commande est passée au titre du contrat-cadre n° {under}, dont les stipulations s'appliquent, sauf celles qu'elle remplace ci-après pour elle seule.\n"
            ),
            ("## Article 2 de la commande – Durée", "Elle prend effet le", "pour"),
        ),
        Lang::En => (
            format!("# Order {number}\n\n"),
            format!(
                "## Article 1 of the order – Purpose\n\n\
                 This order is placed under contract {under}, whose provisions apply, save those that it replaces below for itself alone.\n"
            ),
            ("## Article 2 of the order – Term", "It takes effect on", "for"),
        ),
    };
    let duration = term.map_or_else(String::new, |(label, block)| {
        let (heading, from, lasting) = duration;
        format!("\n{heading}\n\n{from} {{{{ {label}.start }}}} {lasting} {{{{ {label}.lasts }}}}.\n\n{block}")
    });
    format!("{front}{title}{object}{duration}")
}

/// The master's term from another day: its length, and the phases that other clauses name, moved with it.
fn own_term(master: &Rule<ContractTerm>, start: Date) -> String {
    let term = &master.then;
    let renewal = match term.renewal {
        Renewal::Tacit { months } => format!("\"tacit\"\nthen.renewal_lasts = \"{months} months\""),
        Renewal::Express => "\"express\"".to_owned(),
        Renewal::None => "\"none\"".to_owned(),
    };
    let later = start - term.start;
    let phase = |p: &Phase| {
        let until =
            p.until.map_or_else(String::new, |day| format!(", until = {}", day.saturating_add(later)));
        format!("  {{ name = {}, from = {}{until} }},\n", quoted(&p.name), p.from.saturating_add(later))
    };
    let phases: String = term.phases.iter().map(phase).collect();
    let phases = if phases.is_empty() { phases } else { format!("then.phases = [\n{phases}]\n") };
    format!(
        "```toml clause\nkind = \"term\"\nreplace = {}\nthen.start = {start}\nthen.lasts = \"{} months\"\n\
         then.renewal = {renewal}\nthen.notice = {}\n{phases}```\n",
        quoted(master.label()),
        term.months,
        quoted(&term.notice.to_string()),
    )
}

/// As TOML writes a text.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_compiles_and_fits_another_customer() {
        for template in TEMPLATES {
            let text = fitted(template.text, "CTR-2027-042", &Side::named("Fonderie \"Loire\" SAS"), None);
            let compiled = contract::compile("contrat.md", &text);
            let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", template.name);
            assert_eq!(compiled.terms.contract, "CTR-2027-042");
            let party = compiled.terms.party(terms::PartyRole::Customer).unwrap();
            assert_eq!(party.then.name, "Fonderie \"Loire\" SAS");
            assert_eq!(party.then.siren, None, "the template's company is not theirs");
            // A known party comes with its identifiers.
            let known = Party {
                name: "Loire".into(),
                ..compiled.terms.party(terms::PartyRole::Provider).unwrap().then.clone()
            };
            let again =
                fitted(template.text, "CTR-2027-042", &Side::signed(&known), Some(&Side::named("Régie")));
            let compiled = contract::compile("contrat.md", &again);
            assert!(compiled.is_valid(), "{}: {again}", template.name);
            assert_eq!(compiled.terms.party(terms::PartyRole::Customer).unwrap().then.siren, known.siren);
            assert_eq!(compiled.terms.party(terms::PartyRole::Provider).unwrap().then.name, "Régie");
        }
    }

    #[test]
    fn a_blank_contract_has_only_what_it_lacks_to_say() {
        let start = jiff::civil::date(2027, 1, 1);
        let text = blank("CTR-2027-001", "Fonderie de Loire", "Régie Numérique", start);
        let compiled = contract::compile("contrat.md", &text);
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}
