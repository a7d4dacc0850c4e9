//! A search over customers gives every ticket once, page after page.

mod common;

use app::ticket::OpenTicket;
use app::{Act, Role};
use common::signed;
use testkit::Instance;

/// Pages that end with a customer's last ticket are where results were lost.
#[test]
fn a_full_page_loses_nothing_of_the_next_customer() {
    let instance = Instance::new(91);
    for slug in ["atelier", "bureau", "comptoir"] {
        let customer = signed(&instance, slug);
        for _ in 0..2 {
            let ask = OpenTicket { title: "Panne de courant".to_owned(), ..OpenTicket::default() };
            instance.open(customer, &ask).unwrap();
        }
    }
    let permit = instance.staff(Role::Technician).permit_instance(Act::SeeDesk).unwrap();
    let walk = |query: &str, limit: u32| {
        let (mut found, mut after) = (Vec::new(), None);
        for _ in 0..20 {
            let (lines, next) = instance.app().find_everywhere(&permit, query, after, limit).unwrap();
            assert!(lines.len() <= limit as usize, "{query} {limit}");
            found.extend(lines.into_iter().map(|l| format!("{}/{}", l.slug, l.shown.ticket.number)));
            after = next;
            if after.is_none() {
                return found;
            }
        }
        panic!("{query}, {limit} at a time, never ends: {found:?}")
    };
    let all = ["atelier/2", "atelier/1", "bureau/2", "bureau/1", "comptoir/2", "comptoir/1"];
    for limit in [1, 2, 3, 4, 6, 10] {
        assert_eq!(walk("panne", limit), all, "{limit} at a time");
        assert_eq!(walk("1", limit), ["atelier/1", "bureau/1", "comptoir/1"], "{limit} at a time");
    }
}
