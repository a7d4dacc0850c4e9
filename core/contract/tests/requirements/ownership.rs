//! What belongs to whom, and who may use it: S-071, S-102, S-145, S-191.

use base::Lang;
use engines::boundary::owner;
use engines::duties::DutyState;
use jiff::civil::date;
use terms::boundary::OwnershipMode;

use crate::support::{asks_for, codes, codes_of, contract, duty, reading, refused, terms};

const TERM: &str = "kind = \"term\"\nlabel = \"duree\"\nthen = { start = 2026-03-01, lasts = \"36 months\", renewal = \"express\", notice = \"3 months\" }";

const LENT: &str = "kind = \"software_ownership\"
label = \"erp\"
then.of = \"le progiciel de gestion\"
then.nature = \"application\"
then.mode = \"third_party\"
then.licence = \"licence\"
then.entrusted_from = 2026-03-01";

fn licence(holder: &str, may: bool, expires: &str) -> String {
    format!(
        "kind = \"licences\"\nlabel = \"licence\"\nthen = {{ product = \"Gesprod\", holder = \"{holder}\", number = \"GP-1\", metric = \"utilisateur\", quantity = 40, licence = \"subscription\", expires = {expires}, alert_before = \"60 days\", provider_may_use = {may} }}"
    )
}

#[test]
fn s_071_what_is_handed_over_has_its_date_and_a_right_to_use_it() {
    let allowed = licence("customer", true, "2027-02-28");
    assert_eq!(codes(&[TERM, LENT, &allowed]), Vec::<&str>::new());
    let told = reading(&[TERM, LENT, &allowed], "erp");
    assert!(told.contains("à partir du 1er mars 2026"), "{told}");
    assert_eq!(codes(&[TERM, LENT, &licence("customer", false, "2027-02-28")]), ["E-LICENCES-USE"]);
    let undated = LENT.replace("then.entrusted_from = 2026-03-01", "");
    assert_eq!(codes(&[TERM, &undated, &allowed]), ["W-OWNERSHIP-ENTRUSTED"]);
}

#[test]
fn s_102_a_licence_of_the_provider_is_in_force_and_usable() {
    assert_eq!(codes(&[TERM, &licence("provider", true, "2026-02-28")]), ["E-LICENCES-EXPIRED"]);
    assert_eq!(codes(&[TERM, &licence("provider", false, "2027-02-28")]), ["E-LICENCES-USE"]);
    let valid = licence("provider", true, "2027-02-28");
    assert_eq!(codes(&[TERM, &valid]), Vec::<&str>::new());
    // While the contract runs, its renewal is a duty that rings sixty days ahead, then is late.
    let terms = terms(&[TERM, &valid]);
    let state = |on| duty(&terms, "licence_renewal", on);
    assert_eq!(state(date(2026, 12, 1)), Some(DutyState::NotYetDue));
    assert!(matches!(state(date(2027, 1, 15)), Some(DutyState::DueSoon { .. })));
    assert!(matches!(state(date(2027, 3, 2)), Some(DutyState::Late { .. })));
}

const APPLICATION: &str = "kind = \"software_ownership\"
label = \"application\"
then.of = \"le portail\"
then.nature = \"application\"
then.mode = \"licensed\"
then.rights = [\"use\"]
then.extent = \"tous les utilisateurs du Client\"
then.purpose = \"usage du service\"
then.territory = \"monde entier\"
then.lasts = \"term\"
then.exclusive = false
then.sources = false
then.escrow = true";

const DATA: &str = "kind = \"software_ownership\"
label = \"donnees\"
then.of = \"les données du Client\"
then.nature = \"database\"
then.mode = \"customer\"
then.entrusted_from = 2026-03-01";

#[test]
fn s_145_in_asp_the_application_is_the_hosts_and_the_data_stays_the_customers() {
    let asp = "trades = [\"asp\"]";
    assert_eq!(codes_of(&contract(asp, &[APPLICATION])), ["E-DATA-OWN"]);
    assert!(refused(asp, &[APPLICATION], "E-MISSING-DATA-OWNERSHIP"));
    let both = contract(asp, &[APPLICATION, DATA]);
    assert_eq!(codes_of(&both), Vec::<&str>::new());
    let mode = |of| owner(&both.terms, of).map(|answer| (answer.value.mode, answer.cited()[0].label.clone()));
    assert_eq!(mode("le portail"), Some((OwnershipMode::Licensed, "application".to_owned())));
    assert_eq!(mode("les données du Client"), Some((OwnershipMode::Customer, "donnees".to_owned())));
    assert!(
        owner(&both.terms, "le portail").unwrap().reasons[0]
            .text
            .get(Lang::Fr)
            .contains("reste au Prestataire")
    );
}

const ASSIGNED: &str = "kind = \"software_ownership\"
label = \"scripts\"
then.of = \"les scripts\"
then.nature = \"script\"
then.mode = \"assigned\"
then.rights = [\"reproduction\", \"adaptation\"]
then.extent = \"le groupe du Client\"
then.purpose = \"usage interne\"
then.territory = \"monde entier\"
then.lasts = \"legal\"
then.exclusive = true
then.provider_reuse = true
then.sources = true
then.escrow = false";

#[test]
fn s_191_whether_the_provider_may_use_its_work_again_is_written() {
    assert!(asks_for(ASSIGNED, "provider_reuse"));
    let may = "le Prestataire peut réutiliser l'ouvrage";
    assert!(reading(&[ASSIGNED], "scripts").contains(may));
    let may_not = ASSIGNED.replace("provider_reuse = true", "provider_reuse = false");
    assert!(!reading(&[&may_not], "scripts").contains(may));
    assert!(!owner(&terms(&[&may_not]), "les scripts").unwrap().value.provider_reuse);
}
