//! Who visits.

use app::Role;

/// Who visits. Everybody is of `garonne`, or the provider's, but those whose name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Of(Role),
    /// A role for the other customer only.
    Elsewhere(Role),
    /// A technician, signed in when the account was disabled.
    Disabled,
    /// A subcontractor's technician whose one role has ended.
    Ended,
    SignedOut,
}

pub const PEOPLE: [Who; 20] = [
    Who::Of(Role::ALL[0]),
    Who::Of(Role::ALL[1]),
    Who::Of(Role::ALL[2]),
    Who::Of(Role::ALL[3]),
    Who::Of(Role::ALL[4]),
    Who::Of(Role::ALL[5]),
    Who::Of(Role::ALL[6]),
    Who::Of(Role::ALL[7]),
    Who::Of(Role::ALL[8]),
    Who::Of(Role::ALL[9]),
    Who::Of(Role::ALL[10]),
    Who::Of(Role::ALL[11]),
    Who::Of(Role::ALL[12]),
    Who::Of(Role::ALL[13]),
    Who::Of(Role::ALL[14]),
    Who::Elsewhere(Role::CustomerDirector),
    Who::Elsewhere(Role::ThirdPartyTechnician),
    Who::Disabled,
    Who::Ended,
    Who::SignedOut,
];

impl Who {
    pub fn name(self) -> String {
        match self {
            Who::Of(role) => role.key().to_owned(),
            Who::Elsewhere(role) => format!("{} elsewhere", role.key()),
            Who::Disabled => "disabled".to_owned(),
            Who::Ended => "ended".to_owned(),
            Who::SignedOut => "signed out".to_owned(),
        }
    }

    pub fn email(self) -> String {
        format!("{}@exemple.fr", self.name().replace([' ', '_'], "-"))
    }

    pub fn role(self) -> Role {
        match self {
            Who::Of(role) | Who::Elsewhere(role) => role,
            Who::Disabled => Role::Technician,
            Who::Ended | Who::SignedOut => Role::ThirdPartyTechnician,
        }
    }

    pub fn signed_in(self) -> bool {
        !matches!(self, Who::Disabled | Who::SignedOut)
    }

    pub fn is_everywhere(self) -> bool {
        matches!(self, Who::Of(role) if role.is_provider())
    }

    /// Whether they hold anything for a customer.
    pub fn reaches(self, slug: &str) -> bool {
        match self {
            Who::Of(role) => role.is_provider() || slug == "garonne",
            Who::Elsewhere(_) => slug == "sologne",
            Who::Disabled | Who::Ended | Who::SignedOut => false,
        }
    }

    /// Whether they read what the provider writes for itself.
    pub fn is_inside(self) -> bool {
        self.is_everywhere()
    }
}
