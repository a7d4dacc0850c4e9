//! Licences, applications, places, equipment, repairs and replacements.

use super::*;

const LICENCE: &str = r#"
kind = "licences"
label = "licence-erp"
then.product = "Gesprod"
then.holder = "customer"
then.number = "GP-2211"
then.metric = "utilisateur nommé"
then.quantity = 40
then.licence = "subscription"
then.expires = 2027-02-28
then.alert_before = "60 days"
then.provider_may_use = true
"#;

#[test]
fn s_072_a_licence_has_its_number_its_metric_and_its_term_and_its_excess_waits() {
    let terms = waits(&[LICENCE], "le relevé du parc");
    let said = statement(&terms, "licence-erp");
    let figures = ["number", "metric", "quantity"].map(|field| said.get(field).unwrap());
    assert_eq!(figures, ["GP-2211", "utilisateur nommé", "40"]);
    assert_eq!(owed(&terms, "licence_renewal"), DutyDue::Renew { expires: date(2027, 2, 28) });
    refused(&[LICENCE], "quantity = 40", "quantity = 0", "E-FIELD-RANGE");
    refused(&[LICENCE], "expires = 2027-02-28", "expires = \"28/02/2027\"", "E-FIELD-TYPE");
}

const APPLICATIONS: &str = r#"
kind = "inventory"
label = "applications"
then.class = "application"
then.place = "provider_datacentre"
then.items = [
  { name = "gesprod", owner = "third_party", mode = "service", modules = ["achats", "stocks"], users = 40 },
]
then.reconciled_every = "1 month"
"#;
const INVENTORY: &str = "le relevé du parc";

#[test]
fn s_122_a_business_application_has_its_modules_and_its_users_and_waits() {
    let terms = waits(&[APPLICATIONS], INVENTORY);
    let all = rows(&terms, "inventory.items");
    assert_eq!((all[0].get("modules"), all[0].get("users")), (Some("achats, stocks"), Some("40")));
    assert_eq!(statement(&terms, "applications").get("class"), Some("application"));
    refused(&[APPLICATIONS], "users = 40", "users = \"quarante\"", "E-FIELD-TYPE");
    assert!(!remarked(&[APPLICATIONS], "W-INVENTORY-APPLICATION"));
    assert!(remarked(&[&APPLICATIONS.replace(", users = 40", "")], "W-INVENTORY-APPLICATION"));
}

const MACHINES: &str = r#"
kind = "inventory"
label = "postes"
then.class = "workstation"
then.place = "customer_site"
then.site = "tls"
then.items = [
  { name = "pc-12", owner = "customer", mode = "bought", serial = "5CG2190XQ7", since = 2024-03-01, warranty_until = 2027-02-28, value = "890.00 EUR" },
  { name = "pc-13", owner = "third_party", mode = "leased", ends = 2027-06-30 },
]
then.reconciled_every = "1 month"
"#;

#[test]
fn s_128_what_stays_on_the_premises_is_told_from_what_is_hosted_and_waits() {
    let terms = waits(&[MACHINES, APPLICATIONS], INVENTORY);
    assert_eq!(statement(&terms, "postes").get("place"), Some("customer_site"));
    assert_eq!(statement(&terms, "applications").get("place"), Some("provider_datacentre"));
    refused(&[MACHINES], "\"customer_site\"", "\"locaux\"", "E-FIELD-CHOICE");
}

#[test]
fn s_150_each_asset_is_bought_or_leased_with_its_owner_and_its_end_and_waits() {
    let terms = waits(&[MACHINES], INVENTORY);
    let said = rows(&terms, "inventory.items");
    let of = |row: usize| ["mode", "owner", "ends"].map(|field| said[row].get(field));
    assert_eq!(of(0), [Some("bought"), Some("customer"), None]);
    assert_eq!(of(1), [Some("leased"), Some("third_party"), Some("2027-06-30")]);
    refused(&[MACHINES], "mode = \"bought\"", "mode = \"acheté\"", "E-FIELD-CHOICE");
    refused(&[MACHINES], "mode = \"leased\", ends = 2027-06-30", "mode = \"leased\"", "E-INVENTORY-ENDS");
}

#[test]
fn s_164_equipment_tools_and_services_are_listed_and_their_reconciling_waits() {
    let tools = MACHINES
        .replace("postes", "outils")
        .replace("\"workstation\"", "\"outil de sauvegarde\"")
        .replace("pc-1", "outil-");
    let terms = waits(&[MACHINES, APPLICATIONS, &tools], INVENTORY);
    let classes =
        ["postes", "applications", "outils"].map(|label| statement(&terms, label).get("class").unwrap());
    assert_eq!(classes, ["workstation", "application", "outil de sauvegarde"]);
    assert_eq!(rows(&terms, "inventory.items").len(), 5);
    assert_eq!(owed(&terms, "reconciliation"), DutyDue::Every { period: Length::Months(1), first: None });
    let twice = "name = \"pc-12\", owner = \"third_party\"";
    refused(&[MACHINES], "name = \"pc-13\", owner = \"third_party\"", twice, "E-INVENTORY-TWICE");
    refused(&[MACHINES], "reconciled_every = \"1 month\"", "reconciled_every = \"1 mois\"", "E-LENGTH-SHAPE");
}

#[test]
fn s_195_each_asset_has_its_number_its_age_its_warranty_and_its_value_and_waits() {
    let terms = waits(&[MACHINES], INVENTORY);
    let first = rows(&terms, "inventory.items")[0];
    let said = ["serial", "since", "warranty_until", "owner", "value"].map(|field| first.get(field).unwrap());
    assert_eq!(said, ["5CG2190XQ7", "2024-03-01", "2027-02-28", "customer", "890.00 EUR"]);
    refused(&[MACHINES], "value = \"890.00 EUR\"", "value = \"890 €\"", "E-MONEY-SHAPE");
    refused(
        &[MACHINES],
        "warranty_until = 2027-02-28",
        "warranty_until = 2023-02-28",
        "E-INVENTORY-WARRANTY",
    );
}

const EQUIPMENT: &str = r#"
kind = "equipment"
label = "remplacement"
then.class = "workstation"
then.repair_limit = "50 %"
then.max_age = "5 years"
then.included = 4
then.per = "contract_year"
then.then_price = "890.00 EUR"
then.mode = "customer_owned"
then.repair = "capped"
then.repair_ceiling = "150.00 EUR"
"#;

#[test]
fn s_196_each_repair_and_replacement_is_included_capped_or_billed_and_waits() {
    let terms = waits(&[EQUIPMENT], "la tenue du parc matériel");
    let then = &terms.equipment[0].then;
    assert_eq!(then.repair, Some(Repair::Capped { most: Money::eur(15_000) }));
    assert_eq!((then.included, then.then_price), (4, Money::eur(89_000)));
    let paid = |by: &str| {
        let clause = EQUIPMENT.replace("\"capped\"", by).replace("then.repair_ceiling = \"150.00 EUR\"", "");
        compile(&[&clause]).terms.equipment[0].then.repair
    };
    assert_eq!(paid("\"included\""), Some(Repair::Included));
    assert_eq!(paid("\"quoted\""), Some(Repair::Quoted));
    let billed = EQUIPMENT.replace("\"capped\"", "\"billed\"").replace("repair_ceiling", "repair_price");
    assert_eq!(
        compile(&[&billed]).terms.equipment[0].then.repair,
        Some(Repair::Billed { price: Money::eur(15_000) })
    );
    refused(&[EQUIPMENT], "\"capped\"", "\"plafonnée\"", "E-FIELD-CHOICE");
    assert!(remarked(&[&EQUIPMENT.replace("then.repair_ceiling = \"150.00 EUR\"", "")], "E-FIELD-MISSING"));
}

#[test]
fn s_197_the_thresholds_of_replacement_and_its_price_are_written_and_wait() {
    let terms = waits(&[EQUIPMENT], "la tenue du parc matériel");
    let then = &terms.equipment[0].then;
    assert_eq!((then.repair_limit, then.max_age), (base::Fraction::new(1, 2), Some(60)));
    assert_eq!(then.then_price, Money::eur(89_000));
    refused(&[EQUIPMENT], "repair_limit = \"50 %\"", "repair_limit = \"0,5\"", "E-PERCENT-SHAPE");
    refused(&[EQUIPMENT], "max_age = \"5 years\"", "max_age = \"5 ans\"", "E-LENGTH-SHAPE");
}
