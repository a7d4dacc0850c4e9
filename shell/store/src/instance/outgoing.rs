//! What the queues of letters and of webhooks share.

/// Where something that leaves stands: a letter, a delivery of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Waiting,
    Sent,
    /// Refused for good, or for too long.
    Failed,
    /// There was nothing left to say, nobody to say it to, or it was stopped before.
    Dropped,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Dropped => "dropped",
        }
    }

    pub(crate) fn from_key(key: &str) -> State {
        match key {
            "sent" => State::Sent,
            "failed" => State::Failed,
            "dropped" => State::Dropped,
            _ => State::Waiting,
        }
    }
}
