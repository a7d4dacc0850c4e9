//! Who may do what: roles, acts, and the proof that a right was checked.
//!
//! A use case takes a [`Permit`], which only [`Principal::permit`] makes; forgetting the check does
//! not compile. Without a rule that allows, the answer is no.

use base::id::{AccountId, CustomerId};

use crate::error::{AppError, Result};

/// What a person or a token is, on one side or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The provider's administrator: accounts, contracts, money.
    ProviderAdmin,
    /// The provider's single point of contact for its customers.
    ServiceManager,
    Technician,
    /// The customer's manager: signs, approves, sees the money.
    CustomerManager,
    /// An employee of the customer.
    CustomerUser,
}

impl Role {
    pub const ALL: [Role; 5] = [
        Role::ProviderAdmin,
        Role::ServiceManager,
        Role::Technician,
        Role::CustomerManager,
        Role::CustomerUser,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Role::ProviderAdmin => "provider_admin",
            Role::ServiceManager => "service_manager",
            Role::Technician => "technician",
            Role::CustomerManager => "customer_manager",
            Role::CustomerUser => "customer_user",
        }
    }

    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.key() == key)
    }

    pub fn is_provider(self) -> bool {
        matches!(self, Role::ProviderAdmin | Role::ServiceManager | Role::Technician)
    }
}

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    CreateCustomer,
    SignContract,
    SeeContract,
    SeeMoney,
    CloseMonth,
    SeeJournal,
    SeeDesk,
    SeeTickets,
    OpenTicket,
    Reply,
    /// Take over, pause, resume, change priority, restore, resolve, write an internal note.
    WorkOnTicket,
    Reopen,
    /// Ask the customer a price for work that the fee does not pay.
    MakeQuote,
    /// Answer for the customer: agree to a price, or decline it. The provider writes down what it was sent.
    AgreePrice,
    /// Enter time on tickets, and read one's own weekly sheet.
    EnterTime,
    /// Read everybody's weekly sheets; approve them or give them back.
    ApproveTime,
    RecordCall,
    /// Read the hotline's meters and the calls they counted.
    SeeMeters,
    /// Read the availability of services, their outages and maintenance.
    SeeServices,
    /// Record, correct and cancel outages; announce maintenance.
    RecordOutage,
    /// Read the texts being written for a customer, compile them and try cases on them.
    SeeDrafts,
    WriteDraft,
    /// Say that a duty of either party was done, and give its proof.
    RecordDuty,
    /// Say what happened to the contract: a takeover, a breach, a notice.
    RecordLife,
    /// Erase personal content for good.
    Erase,
    /// Invite people, disable their accounts, read what security acts they did.
    ManageAccounts,
}

impl Act {
    pub const ALL: [Act; 26] = [
        Act::CreateCustomer,
        Act::SignContract,
        Act::SeeContract,
        Act::SeeMoney,
        Act::CloseMonth,
        Act::SeeJournal,
        Act::SeeDesk,
        Act::SeeTickets,
        Act::OpenTicket,
        Act::Reply,
        Act::WorkOnTicket,
        Act::Reopen,
        Act::MakeQuote,
        Act::AgreePrice,
        Act::EnterTime,
        Act::ApproveTime,
        Act::RecordCall,
        Act::SeeMeters,
        Act::SeeServices,
        Act::RecordOutage,
        Act::SeeDrafts,
        Act::WriteDraft,
        Act::RecordDuty,
        Act::RecordLife,
        Act::Erase,
        Act::ManageAccounts,
    ];

    /// The whole policy. No arm is a wildcard, so a new act or role must be decided here.
    pub fn allowed_to(self, role: Role) -> bool {
        use Role::{CustomerManager, CustomerUser, ProviderAdmin, ServiceManager, Technician};
        match self {
            Act::CreateCustomer | Act::Erase | Act::ManageAccounts => match role {
                ProviderAdmin => true,
                ServiceManager | Technician | CustomerManager | CustomerUser => false,
            },
            Act::SignContract => match role {
                ProviderAdmin | CustomerManager => true,
                ServiceManager | Technician | CustomerUser => false,
            },
            Act::SeeContract | Act::SeeJournal | Act::SeeServices | Act::SeeMeters => match role {
                ProviderAdmin | ServiceManager | Technician | CustomerManager => true,
                CustomerUser => false,
            },
            Act::SeeMoney | Act::SeeDrafts | Act::RecordDuty | Act::RecordLife | Act::AgreePrice => {
                match role {
                    ProviderAdmin | ServiceManager | CustomerManager => true,
                    Technician | CustomerUser => false,
                }
            }
            Act::CloseMonth | Act::WriteDraft | Act::MakeQuote | Act::ApproveTime => match role {
                ProviderAdmin | ServiceManager => true,
                Technician | CustomerManager | CustomerUser => false,
            },
            Act::SeeTickets | Act::OpenTicket | Act::Reply | Act::Reopen => match role {
                ProviderAdmin | ServiceManager | Technician | CustomerManager | CustomerUser => true,
            },
            Act::SeeDesk | Act::WorkOnTicket | Act::RecordCall | Act::RecordOutage | Act::EnterTime => {
                match role {
                    ProviderAdmin | ServiceManager | Technician => true,
                    CustomerManager | CustomerUser => false,
                }
            }
        }
    }
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub account: AccountId,
    pub role: Role,
    /// The only customer it may touch; `None` for the provider's staff, who may touch all.
    pub customer: Option<CustomerId>,
    pub name: String,
    pub email: String,
}

impl Principal {
    /// The proof that this principal may do `act` for `customer`.
    ///
    /// The customer's people asking about another customer learn nothing: as if it did not exist.
    pub fn permit(&self, act: Act, customer: CustomerId) -> Result<Permit> {
        let reaches = match self.customer {
            Some(own) => own == customer && !self.role.is_provider(),
            None => self.role.is_provider(),
        };
        if !reaches || !act.allowed_to(self.role) {
            return Err(AppError::NotFound);
        }
        Ok(Permit { act, customer, by: self.clone() })
    }

    /// The proof for an act that is about the provider's whole instance.
    pub fn permit_instance(&self, act: Act) -> Result<InstancePermit> {
        if self.customer.is_some() || !self.role.is_provider() || !act.allowed_to(self.role) {
            return Err(AppError::NotFound);
        }
        Ok(InstancePermit { act, by: self.clone() })
    }

    pub fn may(&self, act: Act) -> bool {
        act.allowed_to(self.role)
    }
}

/// Proof that an act was allowed for one customer.
#[derive(Debug, Clone)]
pub struct Permit {
    act: Act,
    customer: CustomerId,
    by: Principal,
}

impl Permit {
    pub fn customer(&self) -> CustomerId {
        self.customer
    }

    pub fn by(&self) -> &Principal {
        &self.by
    }

    /// Use cases state which act they need; another permit is a defect of the caller.
    pub(crate) fn covers(&self, act: Act) -> Result<()> {
        if self.act == act { Ok(()) } else { Err(AppError::NotFound) }
    }
}

/// Proof that an act was allowed on the instance.
#[derive(Debug, Clone)]
pub struct InstancePermit {
    act: Act,
    by: Principal,
}

impl InstancePermit {
    pub fn by(&self) -> &Principal {
        &self.by
    }

    pub(crate) fn covers(&self, act: Act) -> Result<()> {
        if self.act == act { Ok(()) } else { Err(AppError::NotFound) }
    }
}
