//! The equipment of a file, made the draft of an amendment.

use app::draft::Kind;
use app::import::Source;
use app::import::job::Subject;
use app::{Act, AppError, Role};
use base::Lang;
use testkit::Instance;

use super::common::signed;
use super::{EXPORT, manager, stage};

const EQUIPMENT: &[u8] = b"nom;type\nSRV-ERP;Serveur\npc-014;Portable\n;Portable\nimp-2;\n";

#[test]
fn what_the_contract_does_not_name_becomes_a_draft_and_the_contract_stays_as_it_is() {
    let instance = Instance::new(421);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let id = stage(&instance, &permit, (Subject::Items, Source::Csv), EQUIPMENT).unwrap();
    let key = instance.key();
    let draft = app.amend_with_import(&permit, &key, id, Lang::Fr).unwrap();
    assert_eq!(app.amend_with_import(&permit, &key, id, Lang::Fr).unwrap(), draft, "once per key");

    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    let shown = app.read_draft(&see, draft).unwrap();
    assert_eq!((shown.kind, shown.base.as_deref()), (Kind::Amendment, Some("CTR-2026-001")));
    assert_eq!(shown.title.replace('\u{a0}', " "), "Avenant n° 1 au CTR-2026-001 : équipements repris");
    let checked = app.check_draft(&see, shown.kind, shown.base.as_deref(), &shown.text).unwrap();
    let faults: Vec<_> = checked.compiled.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(faults.is_empty(), "{faults:?}\n{}", shown.text);
    let covered = |terms: &terms::Terms, item: &str| {
        terms.perimeter.iter().any(|rule| rule.then.items.iter().any(|known| known == item))
    };
    assert!(["pc-014", "imp-2", "srv-erp"].iter().all(|item| covered(&checked.compiled.terms, item)));

    let agreements = app.vault(customer).unwrap().agreements().unwrap();
    let in_force = &agreements.by_number("CTR-2026-001").unwrap().in_force(app.now()).unwrap().terms;
    assert!(!covered(in_force, "pc-014"), "a draft brings nothing into force");
    instance.finish();
}

#[test]
fn nothing_to_add_is_said_and_no_other_file_makes_a_draft() {
    let instance = Instance::new(422);
    let customer = signed(&instance, "garonne");
    let (app, permit) = (instance.app(), manager(&instance, customer));
    let amend = |id| app.amend_with_import(&permit, &instance.key(), id, Lang::Fr);
    let known = stage(&instance, &permit, (Subject::Items, Source::Csv), b"nom\nsrv-erp\n").unwrap();
    assert!(matches!(amend(known), Err(AppError::Refused(r)) if r.code == "import.nothing_outside"));
    let tickets = stage(&instance, &permit, (Subject::Tickets, Source::Csv), EXPORT.as_bytes()).unwrap();
    assert!(matches!(amend(tickets), Err(AppError::NotFound)));
    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    assert!(app.drafts(&see, None, 10).unwrap().0.is_empty());
    instance.finish();
}
