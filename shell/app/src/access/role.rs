//! The roles, the acts, and which role may do which act: the whole policy.

/// Which party a person belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Provider,
    Customer,
    /// A subcontractor, or another provider of the customer's.
    ThirdParty,
}

/// What a person or a token is, on one side or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The provider's administrator: accounts, contracts, money.
    ProviderAdmin,
    /// The provider's single point of contact for its customers.
    ServiceManager,
    /// Who stands in for the single point of contact, with the same rights.
    DeputyManager,
    /// Who gives the work out.
    Dispatcher,
    Technician,
    Developer,
    /// System and network manager.
    SystemManager,
    /// Reads everything of the provider's side, and writes nothing.
    ProviderAuditor,
    /// The customer's director: what its manager may, and who has which role.
    CustomerDirector,
    /// The customer's manager: signs, approves, sees the money.
    CustomerManager,
    /// The administrator of the customer's users.
    CustomerAdmin,
    /// An employee of the customer.
    CustomerUser,
    /// A member of a committee of the contract: reads the contract, its reports and its duties.
    CommitteeMember,
    /// Reads everything of the customer's side, its journal too, and writes nothing.
    CustomerAuditor,
    /// A subcontractor's technician: the tickets about its items, and nothing else.
    ThirdPartyTechnician,
}

impl Role {
    pub const ALL: [Role; 15] = [
        Role::ProviderAdmin,
        Role::ServiceManager,
        Role::DeputyManager,
        Role::Dispatcher,
        Role::Technician,
        Role::Developer,
        Role::SystemManager,
        Role::ProviderAuditor,
        Role::CustomerDirector,
        Role::CustomerManager,
        Role::CustomerAdmin,
        Role::CustomerUser,
        Role::CommitteeMember,
        Role::CustomerAuditor,
        Role::ThirdPartyTechnician,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Role::ProviderAdmin => "provider_admin",
            Role::ServiceManager => "service_manager",
            Role::DeputyManager => "deputy_manager",
            Role::Dispatcher => "dispatcher",
            Role::Technician => "technician",
            Role::Developer => "developer",
            Role::SystemManager => "system_manager",
            Role::ProviderAuditor => "provider_auditor",
            Role::CustomerDirector => "customer_director",
            Role::CustomerManager => "customer_manager",
            Role::CustomerAdmin => "customer_admin",
            Role::CustomerUser => "customer_user",
            Role::CommitteeMember => "committee_member",
            Role::CustomerAuditor => "customer_auditor",
            Role::ThirdPartyTechnician => "third_party_technician",
        }
    }

    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.key() == key)
    }

    pub fn side(self) -> Side {
        match self {
            Role::ProviderAdmin
            | Role::ServiceManager
            | Role::DeputyManager
            | Role::Dispatcher
            | Role::Technician
            | Role::Developer
            | Role::SystemManager
            | Role::ProviderAuditor => Side::Provider,
            Role::CustomerDirector
            | Role::CustomerManager
            | Role::CustomerAdmin
            | Role::CustomerUser
            | Role::CommitteeMember
            | Role::CustomerAuditor => Side::Customer,
            Role::ThirdPartyTechnician => Side::ThirdParty,
        }
    }

    pub fn is_provider(self) -> bool {
        self.side() == Side::Provider
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
    /// Take over, pause, resume, restore, resolve, write an internal note.
    WorkOnTicket,
    /// Hand a ticket to somebody who may work on it.
    AssignTicket,
    /// See how the open work lies: by person, by customer, and what runs out soon.
    SeeTeam,
    /// Tie tickets, merge them, record a known error: what says how tickets stand to one another.
    RelateTickets,
    /// Say again how grave it is: every clock of the ticket follows.
    SetPriority,
    Reopen,
    /// Ask the customer a price for work that the fee does not pay.
    MakeQuote,
    /// Answer for the customer: agree to a price, or decline it. The provider writes down what it was sent.
    AgreePrice,
    /// Plan a change, begin it, say how it ended, give it up.
    PlanChange,
    /// Answer for the customer: approve a change, or refuse it. The provider writes down what it was sent.
    ApproveChange,
    /// Answer for the customer: say how a delivery was verified. The provider writes down what it was sent.
    AcceptDelivery,
    /// Enter time on tickets, and read one's own weekly sheet. A third party, under a subcontract only.
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
    /// See what mail leaves and comes, try it again, decide on what strangers sent.
    ManageMail,
    /// Read who holds which role for a customer.
    SeePeople,
    /// Give roles and end them; never one that may do more than one's own.
    ManagePeople,
    /// Read articles and runbooks: what is published for one's side.
    SeeKnowledge,
    /// Write, publish, review and retire articles.
    WriteKnowledge,
    /// Read who is on call, and the roster to come: names and periods.
    SeeRoster,
    /// Publish the on-call roster.
    PublishRoster,
    /// Read who knows which element of the perimeter: names only.
    SeeSkills,
    /// Tell who knows which element of the perimeter.
    KeepSkills,
    /// Say who is told first of each level of escalation.
    KeepLevels,
    /// Read the plans that open tickets, and their dates.
    SeePlans,
    /// Write plans that open tickets, and end them.
    WritePlan,
    /// Begin an answer with a template.
    UseTemplates,
    /// Write templates of answers, and remove them.
    KeepTemplates,
    /// Bring in what another tool held: its tickets, open and over.
    Import,
    /// Choose where a customer's events are sent outside the product, and read what was sent.
    ManageWebhooks,
}

impl Act {
    pub const ALL: [Act; 49] = [
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
        Act::AssignTicket,
        Act::SeeTeam,
        Act::RelateTickets,
        Act::SetPriority,
        Act::Reopen,
        Act::MakeQuote,
        Act::AgreePrice,
        Act::PlanChange,
        Act::ApproveChange,
        Act::AcceptDelivery,
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
        Act::ManageMail,
        Act::SeePeople,
        Act::ManagePeople,
        Act::SeeKnowledge,
        Act::WriteKnowledge,
        Act::SeeRoster,
        Act::PublishRoster,
        Act::SeeSkills,
        Act::KeepSkills,
        Act::KeepLevels,
        Act::SeePlans,
        Act::WritePlan,
        Act::UseTemplates,
        Act::KeepTemplates,
        Act::Import,
        Act::ManageWebhooks,
    ];

    /// The whole policy. No act is a wildcard, so a new one must be decided here; a new role may do
    /// nothing until it is named.
    pub fn allowed_to(self, role: Role) -> bool {
        use Role::{
            CommitteeMember, CustomerAdmin, CustomerAuditor, CustomerDirector, CustomerManager, CustomerUser,
            DeputyManager, Developer, Dispatcher, ProviderAdmin, ProviderAuditor, ServiceManager,
            SystemManager, Technician, ThirdPartyTechnician,
        };
        // The single contact and the deputy; those who work on tickets; those who decide for the customer.
        let contacts = matches!(role, ProviderAdmin | ServiceManager | DeputyManager);
        let hands = contacts || matches!(role, Dispatcher | Technician | Developer | SystemManager);
        let deciders = matches!(role, CustomerDirector | CustomerManager);
        // Those who read what is not theirs to write.
        let readers = matches!(role, ProviderAuditor | CustomerAuditor);
        let committee = role == CommitteeMember;
        let third_party = role == ThirdPartyTechnician;
        match self {
            Act::CreateCustomer | Act::Erase | Act::ManageAccounts => role == ProviderAdmin,
            Act::SignContract => role == ProviderAdmin || deciders,
            Act::SeeContract | Act::SeeServices | Act::SeeMeters => hands || deciders || readers || committee,
            Act::SeeJournal => (hands && role != Dispatcher) || deciders || readers,
            Act::SeeMoney => contacts || deciders || readers || committee,
            Act::SeeDrafts => contacts || deciders || readers,
            Act::RecordDuty
            | Act::RecordLife
            | Act::AgreePrice
            | Act::ApproveChange
            | Act::AcceptDelivery => contacts || deciders,
            Act::CloseMonth
            | Act::WriteDraft
            | Act::MakeQuote
            | Act::ApproveTime
            | Act::ManageMail
            | Act::PublishRoster
            | Act::KeepSkills
            | Act::KeepLevels
            | Act::Import => contacts,
            Act::ManageWebhooks => contacts || deciders || role == CustomerAdmin,
            Act::SeeRoster | Act::SeeSkills | Act::SeePlans => hands || deciders || readers,
            Act::SeeTickets | Act::SeeKnowledge => match role {
                ProviderAdmin | ServiceManager | DeputyManager | Dispatcher | Technician | Developer
                | SystemManager | ProviderAuditor | CustomerDirector | CustomerManager | CustomerAdmin
                | CustomerUser | CommitteeMember | CustomerAuditor | ThirdPartyTechnician => true,
            },
            Act::OpenTicket | Act::Reopen => {
                hands || deciders || matches!(role, CustomerAdmin | CustomerUser)
            }
            Act::Reply => hands || deciders || third_party || matches!(role, CustomerAdmin | CustomerUser),
            Act::WorkOnTicket | Act::EnterTime => hands || third_party,
            Act::AssignTicket | Act::KeepTemplates => contacts || role == Dispatcher,
            Act::SeeTeam => hands || role == ProviderAuditor,
            Act::RelateTickets
            | Act::SetPriority
            | Act::PlanChange
            | Act::RecordCall
            | Act::RecordOutage
            | Act::WriteKnowledge
            | Act::WritePlan
            | Act::UseTemplates => hands,
            Act::SeeDesk => hands || role == ProviderAuditor || third_party,
            Act::SeePeople => contacts || deciders || readers || role == CustomerAdmin,
            Act::ManagePeople => matches!(role, ProviderAdmin | CustomerDirector | CustomerAdmin),
        }
    }

    /// Whether it can be allowed for one contract only: its use cases leave the other contracts out.
    pub fn is_of_a_contract(self) -> bool {
        match self {
            Act::SeeTickets
            | Act::SeeKnowledge
            | Act::Reply
            | Act::WorkOnTicket
            | Act::AssignTicket
            | Act::SeeTeam
            | Act::RelateTickets
            | Act::SetPriority
            | Act::Reopen
            | Act::MakeQuote
            | Act::AgreePrice
            | Act::PlanChange
            | Act::ApproveChange
            | Act::AcceptDelivery
            | Act::EnterTime
            | Act::UseTemplates
            | Act::SeeDesk => true,
            Act::CreateCustomer
            | Act::SignContract
            | Act::SeeContract
            | Act::SeeMoney
            | Act::CloseMonth
            | Act::SeeJournal
            | Act::OpenTicket
            | Act::ApproveTime
            | Act::RecordCall
            | Act::SeeMeters
            | Act::SeeServices
            | Act::RecordOutage
            | Act::SeeDrafts
            | Act::WriteDraft
            | Act::RecordDuty
            | Act::RecordLife
            | Act::Erase
            | Act::ManageAccounts
            | Act::ManageMail
            | Act::SeePeople
            | Act::ManagePeople
            | Act::WriteKnowledge
            | Act::SeeRoster
            | Act::PublishRoster
            | Act::SeeSkills
            | Act::KeepSkills
            | Act::KeepLevels
            | Act::SeePlans
            | Act::WritePlan
            | Act::KeepTemplates
            | Act::Import
            | Act::ManageWebhooks => false,
        }
    }

    /// Whether somebody who holds a role for some customers may do it over those: the desk, filtered, and
    /// the sheets of time.
    pub(super) fn is_of_ones_own(self) -> bool {
        matches!(self, Act::SeeDesk | Act::SeeTeam | Act::EnterTime | Act::ApproveTime)
    }
}

impl Role {
    /// Whether this role may do everything that another may: what it needs to give it.
    pub fn covers(self, other: Role) -> bool {
        Act::ALL.into_iter().all(|act| act.allowed_to(self) || !act.allowed_to(other))
    }
}
