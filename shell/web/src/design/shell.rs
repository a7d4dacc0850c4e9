//! What every page knows besides its own view: who reads, where, in which language and theme.

use base::id::CustomerId;
use jiff::Zoned;

use super::Lang;

/// The frame around a page.
#[derive(Clone, Debug)]
pub struct Shell {
    pub lang: Lang,
    pub theme: Theme,
    /// `None` before signing in.
    pub person: Option<Person>,
    /// The customer whose pages are read; its navigation is then shown.
    pub customer: Option<CustomerRef>,
    /// Goes hidden into every form.
    pub csrf: String,
    /// The current path and query, where the preferences form comes back to.
    pub path: String,
    /// What the last act did, shown once.
    pub flash: Option<Notice>,
    /// The demonstration's business instant; `None` when the business clock is the real one.
    pub business_now: Option<Zoned>,
}

/// Light, dark, or as the reader's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The word used in the cookie, the form and the `data-theme` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// Which party the reader belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Provider,
    Customer,
}

/// The signed-in reader.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    /// In the reader's language: « technicienne », "technician".
    pub role: String,
    pub side: Side,
    /// Notifications that they have not read; above `UNREAD_TOLD`, more than that.
    pub unread: u64,
    /// What the navigation offers; pages check the right again.
    pub sees_team: bool,
    pub sees_services: bool,
    pub sees_meters: bool,
    pub sees_money: bool,
    pub sees_skills: bool,
    pub sees_people: bool,
    pub sees_journal: bool,
    pub keeps_accounts: bool,
    pub keeps_mail: bool,
    pub enters_time: bool,
    pub opens_tickets: bool,
    pub sees_plans: bool,
    pub keeps_webhooks: bool,
    pub imports: bool,
}

impl Shell {
    /// Whether whoever reads may open a ticket.
    pub fn opens_tickets(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.opens_tickets)
    }

    /// Whether whoever reads may see the plans that open tickets.
    pub fn sees_plans(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.sees_plans)
    }

    /// Whether whoever reads keeps the mail of every customer.
    pub fn keeps_mail(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.keeps_mail)
    }

    /// Whether whoever reads may bring in what another tool held.
    pub fn imports(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.imports)
    }

    /// Whether whoever reads may choose where a customer's events are sent.
    pub fn keeps_webhooks(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.keeps_webhooks)
    }
}

/// A customer as a link needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRef {
    pub id: CustomerId,
    pub slug: String,
    pub name: String,
    /// Id of its main contract, for the navigation; `None` before anything is signed.
    pub contract: Option<String>,
}

impl CustomerRef {
    /// The address of a page of this customer; `under` is `""` or starts with `/`.
    pub fn path(&self, under: &str) -> String {
        format!("/c/{}{under}", self.slug)
    }
}

/// One sentence about what just happened.
#[derive(Clone, Debug)]
pub struct Notice {
    pub tone: super::Tone,
    pub text: String,
}
