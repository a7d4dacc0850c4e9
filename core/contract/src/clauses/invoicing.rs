//! `invoicing`: when invoices are issued and due, and how VAT falls due.

use base::{Bilingual, lang};
use terms::late_payment::{PaymentFrom, Unlisted, VatRegime};
use terms::{Invoicing, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "invoicing",
    doc: ("l'émission et l'échéance des factures", "when invoices are issued and due"),
    example: r#"kind = "invoicing"
label = "facturation"
then = { issue_day = 1, payment_days = 30, payment_from = "invoice_date", vat_regime = "receipts", unlisted = "amendment" }
"#,
    family: Family::Money,
    run: Run::NotYet("l'émission des factures et le suivi des paiements", "the issuing of invoices and the record of payments"),
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::default("issue_day", Type::Integer(1), "1", "jour du mois où la facture est émise", "day of the month the invoice is issued"),
        Field::required("payment_days", Type::Integer(0), "délai de paiement, en jours", "days to pay"),
        Field::required(
            "payment_from",
            Type::Choice(&["invoice_date", "days_then_end_of_month", "end_of_month_then_days"]),
            "point de départ du délai, et sort de la fin de mois",
            "what the days are counted from, and where the end of the month comes in",
        ),
        Field::default("summary", Type::Flag, "false", "facture récapitulative d'une période", "one invoice sums up a period"),
        Field::required(
            "vat_regime",
            Type::Choice(&["receipts", "debits", "exempt", "reverse_charge"]),
            "exigibilité de la TVA",
            "when VAT falls due",
        ),
        Field::optional(
            "unlisted",
            Type::Choice(&["refused", "amendment"]),
            "prestation intellectuelle ou livrable que le contrat ne liste pas : non facturable, ou facturable après avenant",
            "intellectual work or deliverable that the contract does not list: not billable, or billable after an amendment",
        ),
        Field::default("mentions", Type::Texts, "[]", "mentions propres au contrat", "what invoices also say"),
    ],
    words: &[
        ("invoice_date", "date de la facture", "date of the invoice"),
        ("days_then_end_of_month", "délai puis fin de mois", "the days, then the end of the month"),
        ("end_of_month_then_days", "fin de mois puis délai", "the end of the month, then the days"),
        ("receipts", "TVA sur les encaissements", "VAT on receipts"),
        ("debits", "TVA sur les débits", "VAT on debits"),
        ("exempt", "franchise en base de TVA", "VAT exemption"),
        ("refused", "non facturable", "not billable"),
        ("amendment", "facturable après avenant", "billable after an amendment"),
        ("reverse_charge", "autoliquidation de la TVA", "VAT reverse charge"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let invoicing = Invoicing {
        issue_day: f.integer("issue_day")?,
        payment_days: f.integer("payment_days")?,
        payment_from: f.one_of("payment_from")?,
        summary: f.flag("summary")?,
        vat: f.one_of("vat_regime")?,
        mentions: f.texts("mentions"),
        unlisted: f.one_of("unlisted"),
    };
    c.terms.invoicing = Some(c.rule(f, invoicing));
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = terms.invoicing.as_ref().filter(|r| r.label() == label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (day, days) = (then.issue_day, then.payment_days);
        let day = match (lang, day) {
            (lang::Lang::Fr, 1) => "1er".to_owned(),
            _ => day.to_string(),
        };
        let when = match then.payment_from {
            PaymentFrom::InvoiceDate => lang.t(
                format!("{days} jours après la date de la facture"),
                format!("{days} days after the date of the invoice"),
            ),
            PaymentFrom::DaysThenEndOfMonth => lang.t(
                format!("à la fin du mois où s'achèvent {days} jours comptés de la facture"),
                format!("at the end of the month in which {days} days from the invoice end"),
            ),
            PaymentFrom::EndOfMonthThenDays => lang.t(
                format!("{days} jours après la fin du mois de la facture"),
                format!("{days} days after the end of the invoice's month"),
            ),
        };
        let summary = if then.summary {
            lang.t("une facture récapitulative est émise", "one invoice summing up the period is issued")
        } else {
            lang.t("la facture est émise", "the invoice is issued")
        };
        let vat = match then.vat {
            VatRegime::Receipts => lang.t("la TVA est exigible à l'encaissement", "VAT falls due on payment"),
            VatRegime::Debits => lang.t("la TVA est exigible d'après les débits", "VAT falls due on issue"),
            VatRegime::Exempt => lang.t("aucune TVA n'est due (CGI, art. 293 B)", "no VAT is due (CGI, art. 293 B)"),
            VatRegime::ReverseCharge => lang.t("la TVA est autoliquidée par le Client", "VAT is owed by the customer"),
        };
        let mentions: Vec<String> =
            then.mentions.iter().map(|m| lang.t(format!("« {m} »"), format!("“{m}”"))).collect();
        let mentions: Vec<&str> = mentions.iter().map(String::as_str).collect();
        let also = if mentions.is_empty() {
            String::new()
        } else {
            let all = list(lang, &mentions);
            lang.t(format!("\u{202f}; elle porte la mention {all}"), format!("; it also says {all}"))
        };
        let unlisted = match then.unlisted {
            None => "",
            Some(Unlisted::Refused) => lang.t(
                "\u{202f}; une prestation intellectuelle ou un livrable que le contrat ne liste pas ne se facture pas",
                "; intellectual work or a deliverable that the contract does not list is not billed",
            ),
            Some(Unlisted::Amendment) => lang.t(
                "\u{202f}; une prestation intellectuelle ou un livrable ne se facture que si le contrat ou un avenant le liste",
                "; intellectual work or a deliverable is billed only once the contract or an amendment lists it",
            ),
        };
        lang.t(
            format!("{summary} le {day} de chaque mois et due {when}\u{202f}; {vat}{also}{unlisted}"),
            format!("{summary} on day {day} of each month and due {when}; {vat}{also}{unlisted}"),
        )
    }))
}
