//! The pages: each is a plain view and a function of it, and nothing else.
//!
//! A view holds what is shown, already in the reader's language where it comes from the contract;
//! the words of the product itself are in the pages, in both languages. Handlers fill views from
//! use cases; samples fill them for the gallery and the tests.

pub mod account;
pub mod article;
pub mod article_compare;
pub mod article_form;
pub mod bulk;
pub mod calendar;
pub mod changes;
pub mod contract;
pub mod contract_compare;
pub mod customer;
pub mod customers;
pub mod desk;
pub mod draft;
pub mod draft_clause;
pub mod draft_read;
pub mod drafts;
pub mod duties;
pub mod errors;
pub mod forgotten;
pub mod help;
pub mod history;
pub mod identities;
pub mod import;
pub mod imports;
pub mod join;
pub mod journal;
pub mod knowledge;
pub mod known_errors;
pub mod letters;
pub mod levels;
pub mod mail;
pub mod mail_choice;
pub mod matter;
pub mod meters;
pub mod money;
pub mod monitoring;
pub mod new_call;
pub mod new_ticket;
pub mod new_ticket_for;
pub mod notifications;
pub mod on_call;
pub mod passkeys;
pub mod people;
pub mod permissions;
pub mod plan;
pub mod plans;
pub mod prove;
pub mod review;
pub mod roles;
pub mod saved_views;
pub mod search;
pub mod second_factor;
pub mod security;
pub mod shared;
pub mod sign_in;
pub mod sign_in_code;
pub mod signature;
pub mod skill_sheet;
pub mod skills;
pub mod statement;
pub mod suggested;
pub mod team;
pub mod templates;
pub mod ticket;
pub mod tickets;
pub mod time;
pub mod time_correction;
pub mod undertaking;
pub mod visits;
pub mod webhook;
pub mod webhooks;

pub(crate) mod sampling;

use maud::Markup;

use crate::design::Lang;

/// A page rendered from one of its samples.
pub struct Sample {
    /// `desk-empty`: letters, digits and dashes.
    pub name: String,
    pub page: Markup,
}

/// Every page from every sample, for the gallery and for tests.
pub fn gallery(lang: Lang, theme: crate::design::Theme) -> Vec<Sample> {
    let mut all = Vec::new();
    macro_rules! add {
        ($module:ident, $shell:ident) => {
            for (name, view) in $module::samples(lang) {
                let shell = sampling::$shell(lang, theme);
                let page = $module::page(&shell, &view);
                all.push(Sample { name: format!("{}-{name}", stringify!($module)).replace('_', "-"), page });
            }
        };
    }
    add!(sign_in, outside);
    add!(sign_in_code, outside);
    add!(forgotten, outside);
    add!(second_factor, outside);
    add!(account, at_desk);
    add!(people, at_desk);
    add!(mail, at_desk);
    add!(mail_choice, at_desk);
    add!(join, outside);
    add!(prove, in_customer);
    add!(desk, at_desk);
    add!(team, at_desk);
    add!(notifications, at_desk);
    add!(calendar, at_desk);
    add!(search, in_customer);
    add!(customer, in_customer);
    add!(customers, at_desk);
    add!(tickets, in_customer);
    add!(bulk, in_customer);
    add!(new_ticket, in_customer);
    add!(new_ticket_for, at_desk);
    add!(ticket, in_customer);
    add!(known_errors, in_customer);
    add!(visits, in_customer);
    add!(knowledge, in_customer);
    add!(article, in_customer);
    add!(article_form, in_customer);
    add!(article_compare, in_customer);
    add!(suggested, in_customer);
    add!(changes, in_customer);
    add!(plans, in_customer);
    add!(plan, in_customer);
    add!(templates, in_customer);
    add!(review, in_customer);
    add!(contract, in_customer);
    add!(contract_compare, in_customer);
    add!(signature, in_customer);
    add!(drafts, in_customer);
    add!(draft, in_customer);
    add!(draft_clause, in_customer);
    add!(draft_read, in_customer);
    add!(duties, in_customer);
    add!(monitoring, in_customer);
    add!(on_call, in_customer);
    add!(skills, in_customer);
    add!(skill_sheet, in_customer);
    add!(levels, in_customer);
    add!(meters, in_customer);
    add!(new_call, at_desk);
    add!(money, in_customer);
    add!(statement, in_customer);
    add!(journal, in_customer);
    add!(imports, in_customer);
    add!(import, in_customer);
    add!(history, in_customer);
    add!(matter, in_customer);
    add!(roles, in_customer);
    add!(letters, in_customer);
    add!(webhooks, in_customer);
    add!(webhook, in_customer);
    add!(undertaking, in_customer);
    add!(permissions, at_desk);
    add!(time, at_desk);
    add!(errors, in_customer);
    add!(help, at_desk);
    all
}

#[cfg(test)]
mod tests;
