//! What the provider's people sign before they work.

use std::sync::atomic::{AtomicU64, Ordering};

use app::ticket::IdempotencyKey;
use app::{Act, App};
use base::id::CustomerId;

static KEYS: AtomicU64 = AtomicU64::new(0);

/// Somebody signs the undertakings of confidentiality that each customer's contracts in force ask of them.
pub fn undertake(app: &App, email: &str) {
    let Ok(person) = app.person_of(email) else { return };
    for row in app.customers().unwrap() {
        let Ok(permit) = person.permit(Act::SeeTickets, CustomerId(row.id)) else { continue };
        let owed = app.undertakings_owed(&permit).unwrap();
        if owed.is_empty() {
            continue;
        }
        let shown: Vec<String> = owed.into_iter().map(|article| article.text).collect();
        let key = format!("undertaking-{}", KEYS.fetch_add(1, Ordering::SeqCst));
        app.sign_undertakings(&permit, &IdempotencyKey::parse(&key).unwrap(), &shown).unwrap();
    }
}
