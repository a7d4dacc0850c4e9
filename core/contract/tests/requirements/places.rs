//! Where the service is rendered: S-075, S-076, S-077.

use crate::support::{asks_for, codes, reading};

const SERVERS: &str = "kind = \"perimeter\"\nlabel = \"serveurs\"\nthen = { class = \"server\", items = [\"srv-fic\", \"srv-erp\"], status = \"in\" }";

const ON_SITE: &str = "kind = \"place_of_delivery\"
label = \"lieu\"
then.place = \"on_site\"
then.services = \"support et administration\"
then.access = \"accompagné, aux heures de service\"";

const MOVED: &str = "kind = \"place_of_delivery\"
label = \"lieu\"
then.place = \"provider_datacentre\"
then.services = \"hébergement\"
then.address = \"1 rue des Essais, 35000 Rennes\"
then.moved_equipment = [\"srv-fic\", \"srv-erp\"]
then.moved_by = \"provider\"";

const WORKLOADS: &str = "kind = \"place_of_delivery\"
label = \"lieu\"
then.place = \"workload_only\"
then.services = \"exploitation\"
then.address = \"1 rue des Essais, 35000 Rennes\"
then.moved_workloads = [\"paie\", \"messagerie\"]";

#[test]
fn s_075_the_service_may_stay_on_the_premises() {
    assert!(asks_for(ON_SITE, "access"));
    let told = reading(&[ON_SITE], "lieu");
    assert!(told.contains("dans les locaux du Client, par le personnel du Prestataire"), "{told}");
}

#[test]
fn s_076_what_moves_to_the_data_centre_is_listed_and_is_in_the_perimeter() {
    for field in ["moved_equipment", "moved_by", "address"] {
        assert!(asks_for(MOVED, field), "{field}");
    }
    assert_eq!(codes(&[SERVERS, MOVED]), Vec::<&str>::new());
    let told = reading(&[SERVERS, MOVED], "lieu");
    assert!(
        told.contains("centre de traitement du Prestataire") && told.contains("srv-fic et srv-erp"),
        "{told}"
    );
    assert!(codes(&[SERVERS, &MOVED.replace("srv-erp", "srv-epr")]).contains(&"E-PLACE-ITEM"));
}

#[test]
fn s_077_workloads_may_move_without_the_equipment() {
    assert!(asks_for(WORKLOADS, "moved_workloads"));
    let told = reading(&[WORKLOADS], "lieu");
    assert!(
        told.contains("le matériel restant chez le Client") && told.contains("paie et messagerie"),
        "{told}"
    );
    // Equipment cannot be listed as moved by a clause that says it stays.
    let both = format!("{WORKLOADS}\nthen.moved_equipment = [\"srv-fic\"]");
    assert!(!codes(&[SERVERS, &both]).is_empty());
}
