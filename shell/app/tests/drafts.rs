//! Drafts: nobody's text is lost, each party signs for itself, and what is signed is what was shown.

mod common;

use app::draft::sign::Outcome;
use app::draft::simulate::{Case, choices, simulate};
use app::draft::{Kind, NewDraft, Save, templates};
use app::{Act, AppError, Permit, Role};
use base::id::CustomerId;
use jiff::civil::DateTime;
use terms::Dimension;
use testkit::{Instance, Person};
use uuid::Uuid;

const WHY: &str = "Le dossier préparatoire suit par courrier.";

fn begun(instance: &Instance, customer: CustomerId) -> Uuid {
    let text = templates::fitted(
        templates::TEMPLATES[0].text,
        "CTR-2026-777",
        &templates::Side::named("Atelier du Test"),
        None,
    );
    let new = NewDraft { title: "Infogérance".to_owned(), kind: Kind::Contract, base: None, text };
    let key = instance.key();
    let permit = write(instance, customer);
    let id = instance.app().create_draft(&permit, &key, &new).unwrap();
    assert_eq!(instance.app().create_draft(&permit, &key, &new).unwrap(), id, "once per key");
    id
}

fn write(instance: &Instance, customer: CustomerId) -> Permit {
    instance.permit(Role::ServiceManager, Act::WriteDraft, customer)
}

fn read(instance: &Instance, customer: CustomerId, id: Uuid) -> app::draft::Shown {
    let permit = instance.permit(Role::CustomerManager, Act::SeeDrafts, customer);
    instance.app().read_draft(&permit, id).unwrap()
}

fn save(version: u32, text: &str) -> Save {
    Save { version, title: "Infogérance".to_owned(), text: text.to_owned(), preparation: String::new() }
}

fn code(answer: Result<impl std::fmt::Debug, AppError>) -> String {
    match answer {
        Err(AppError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_who_save_the_second_is_told_and_the_first_text_stays() {
    let instance = Instance::new(21);
    let customer = instance.customer("atelier");
    let id = begun(&instance, customer);
    let text = read(&instance, customer, id).text;
    let (one, two) = (text.replace("12 months", "24 months"), text.replace("12 months", "36 months"));
    let first = write(&instance, customer);
    let other = Person { role: Role::ServiceManager, customer: None, nth: 1 };
    let second = instance.person(other).permit(Act::WriteDraft, customer).unwrap();
    assert_eq!(instance.app().save_draft(&first, id, &save(1, &one)).unwrap(), 2);
    assert_eq!(instance.app().save_draft(&first, id, &save(1, &one)).unwrap(), 2, "sent twice, saved once");
    assert_eq!(code(instance.app().save_draft(&second, id, &save(1, &two))), "draft.conflict");
    assert_eq!(code(instance.app().delete_draft(&second, id, 1)), "draft.conflict");
    let shown = read(&instance, customer, id);
    assert_eq!((shown.text == one, shown.version), (true, 2));
    assert_eq!(instance.app().save_draft(&second, id, &save(2, &two)).unwrap(), 3);
    instance.app().delete_draft(&second, id, 3).unwrap();
    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    assert!(instance.app().drafts(&see, None, 10).unwrap().0.is_empty());
}

#[test]
fn each_party_signs_the_text_it_was_shown_in_a_session_of_its_own() {
    let instance = Instance::new(22);
    let customer = instance.customer("atelier");
    let id = begun(&instance, customer);
    let provider = instance.permit(Role::ProviderAdmin, Act::SignContract, customer);
    let manager = instance.permit(Role::CustomerManager, Act::SignContract, customer);
    let sign = |permit: &Permit, version: u32, hash: &str| {
        instance.app().sign_draft(permit, &instance.key(), id, (version, hash), WHY)
    };

    let text = read(&instance, customer, id).text;
    let hash = contract::text_hash(&text);
    assert_eq!(code(sign(&manager, 1, "0000")), "draft.changed");
    // Without its preparation file, nobody signs unknowingly.
    assert_eq!(code(instance.app().sign_draft(&manager, &instance.key(), id, (1, &hash), " ")), "draft.gate");
    assert_eq!(sign(&manager, 1, &hash).unwrap(), Outcome::First);
    assert_eq!(code(sign(&manager, 1, &hash)), "draft.waiting", "nobody signs for both");
    let agreed = read(&instance, customer, id).agreed.unwrap();
    assert_eq!((agreed.hash.as_str(), agreed.provider), (hash.as_str(), false));

    // Another text takes the first signature away.
    let longer = text.replace("12 months", "24 months");
    instance.app().save_draft(&write(&instance, customer), id, &save(1, &longer)).unwrap();
    assert_eq!(read(&instance, customer, id).agreed, None);
    assert_eq!(code(sign(&provider, 2, &hash)), "draft.changed");
    let hash = contract::text_hash(&longer);
    assert_eq!(sign(&provider, 2, &hash).unwrap(), Outcome::First);
    let Outcome::Both(signed) = sign(&manager, 2, &hash).unwrap() else { panic!("both have signed") };
    assert_eq!((signed.number.as_str(), signed.version), ("CTR-2026-777", 1));
    assert_eq!(read(&instance, customer, id).contract.as_deref(), Some("CTR-2026-777"));
    assert_eq!(code(sign(&provider, 2, &hash)), "draft.signed");
    assert_eq!(
        code(instance.app().save_draft(&write(&instance, customer), id, &save(2, &text))),
        "draft.signed"
    );

    // What runs is byte for byte what was shown.
    let see = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    let live = instance.app().live(&see, "CTR-2026-777").unwrap();
    assert_eq!(live.agreement.latest().text, longer);
}

/// The preparation and the subcontracts are what is signed too, and the hash of the text says nothing of them.
#[test]
fn a_signature_is_on_the_version_that_was_shown() {
    let instance = Instance::new(29);
    let customer = instance.customer("atelier");
    let id = begun(&instance, customer);
    let text = read(&instance, customer, id).text;
    let hash = contract::text_hash(&text);
    let manager = instance.permit(Role::CustomerManager, Act::SignContract, customer);
    let prepared = Save { preparation: "# autre\n".to_owned(), ..save(1, &text) };
    instance.app().save_draft(&write(&instance, customer), id, &prepared).unwrap();
    let sign = |version| instance.app().sign_draft(&manager, &instance.key(), id, (version, &hash), WHY);
    assert_eq!(code(sign(1)), "draft.changed");
    assert_eq!(sign(2).unwrap(), Outcome::First);
}

/// Both parties at the same instant: one signature is the first, and the other stands on it or is refused.
#[test]
fn two_first_signatures_at_once_do_not_undo_each_other() {
    for seed in 0..4 {
        let instance = Instance::new(300 + seed);
        let customer = instance.customer("atelier");
        let id = begun(&instance, customer);
        let hash = contract::text_hash(&read(&instance, customer, id).text);
        let permits = [Role::ProviderAdmin, Role::CustomerManager]
            .map(|role| (instance.permit(role, Act::SignContract, customer), instance.key()));
        let answers: Vec<_> = std::thread::scope(|threads| {
            let sign = |(permit, key)| {
                let (app, hash) = (instance.app(), &hash);
                threads.spawn(move || app.sign_draft(&permit, &key, id, (1, hash), WHY))
            };
            let started: Vec<_> = permits.into_iter().map(sign).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let firsts = answers.iter().filter(|a| matches!(a, Ok(Outcome::First))).count();
        assert_eq!(firsts, 1, "{answers:?}");
        let shown = read(&instance, customer, id);
        assert!(shown.agreed.is_some() || shown.contract.is_some(), "{answers:?}");
    }
}

#[test]
fn a_text_with_an_error_is_not_signed_by_anybody() {
    let instance = Instance::new(23);
    let customer = instance.customer("atelier");
    let id = begun(&instance, customer);
    let broken =
        read(&instance, customer, id).text.replace("promise = \"restore\"", "promise = \"restaure\"");
    instance.app().save_draft(&write(&instance, customer), id, &save(1, &broken)).unwrap();
    let provider = instance.permit(Role::ProviderAdmin, Act::SignContract, customer);
    let hash = contract::text_hash(&broken);
    let answer = instance.app().sign_draft(&provider, &instance.key(), id, (2, &hash), WHY);
    assert!(matches!(answer, Err(AppError::DoesNotCompile { .. })), "{answer:?}");
}

#[test]
fn an_amendment_is_read_with_its_contract_and_tried_before_it_is_signed() {
    let instance = Instance::new(24);
    let customer = common::signed(&instance, "atelier");
    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    let agreements = instance.app().vault(customer).unwrap().agreements().unwrap();
    let base = agreements.by_number("CTR-2026-001").unwrap();
    let text = templates::amendment(base, jiff::civil::date(2026, 7, 1));
    let check =
        |text: &str| instance.app().check_draft(&see, Kind::Amendment, Some("CTR-2026-001"), text).unwrap();
    let blank = check(&text);
    assert!(blank.is_signable(), "{}", blank.rendered(base::Lang::En));

    // Friday evening: P1 restored day and night under the contract of the demonstration.
    let friday: DateTime = "2026-07-03T22:00".parse().unwrap();
    let mut case = Case { declared: friday, ..Case::default() };
    case.facts.insert(Dimension::Priority, "P1".to_owned());
    let known = choices(&blank.compiled.terms);
    assert!(
        known.iter().any(|(d, v)| *d == Dimension::Priority && v.contains(&"P1".to_owned())),
        "{known:?}"
    );
    let tried = simulate(&blank, &case).unwrap();
    let due = |s: &app::draft::simulate::Simulated| {
        s.clocks.iter().find(|c| c.value.promise == terms::Promise::Restore).map(|c| c.value.due).unwrap()
    };
    assert!(tried.governed && due(&tried).is_some());
    // A day later restored: late, and the penalty is told.
    case.restored = Some("2026-07-06T22:00".parse().unwrap());
    let late = simulate(&blank, &case).unwrap();
    assert!(!late.penalties.is_empty());
    // Before its first day the amendment does not govern.
    case.declared = "2026-06-05T22:00".parse().unwrap();
    case.restored = None;
    assert!(!simulate(&blank, &case).unwrap().governed);
}

#[test]
fn an_order_stands_on_its_master_and_is_signed_as_a_contract_of_its_own() {
    let instance = Instance::new(25);
    let customer = common::signed(&instance, "atelier");
    let agreements = instance.app().vault(customer).unwrap().agreements().unwrap();
    let master = agreements.by_number("CTR-2026-001").unwrap();
    let text = templates::order(master, "CTR-2026-001-1", jiff::civil::date(2026, 7, 1));
    let see = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    let check =
        |text: &str| instance.app().check_draft(&see, Kind::Order, Some("CTR-2026-001"), text).unwrap();
    let order = check(&text);
    assert!(order.is_signable(), "{}", order.rendered(base::Lang::En));
    assert_eq!(order.compiled.terms.contract, "CTR-2026-001-1");
    assert!(order.amended().is_none() && order.history().versions.len() == 1, "a life of its own");
    // An amendment of the same contract is not an order, and is told so.
    let amendment = check(&templates::amendment(master, jiff::civil::date(2026, 7, 1)));
    assert!(amendment.missing().any(|d| d.code == "E-ORDER-MASTER"));

    let new = NewDraft {
        title: "Commande".to_owned(),
        kind: Kind::Order,
        base: Some("CTR-2026-001".to_owned()),
        text: text.clone(),
    };
    let id = instance.app().create_draft(&write(&instance, customer), &instance.key(), &new).unwrap();
    let hash = contract::text_hash(&text);
    for role in [Role::CustomerManager, Role::ProviderAdmin] {
        let permit = instance.permit(role, Act::SignContract, customer);
        instance.app().sign_draft(&permit, &instance.key(), id, (1, &hash), WHY).unwrap();
    }
    let agreements = instance.app().vault(customer).unwrap().agreements().unwrap();
    assert_eq!(agreements.by_number("CTR-2026-001-1").unwrap().texts.len(), 1);
    assert_eq!(agreements.by_number("CTR-2026-001").unwrap().texts.len(), 1, "the master is as it was");
}

#[test]
fn a_signature_without_what_is_mandatory_says_why_in_words() {
    let instance = Instance::new(26);
    let customer = instance.customer("atelier");
    let id = begun(&instance, customer);
    let text = read(&instance, customer, id).text;
    let hash = contract::text_hash(&text);
    let provider = instance.permit(Role::ProviderAdmin, Act::SignContract, customer);
    let manager = instance.permit(Role::CustomerManager, Act::SignContract, customer);
    let sign = |permit: &Permit, why: &str| {
        let version = read(&instance, customer, id).version;
        instance.app().sign_draft(permit, &instance.key(), id, (version, &hash), why)
    };
    // Refused with what lacks, why, and where it is asked for.
    let Err(AppError::Refused(refusal)) = sign(&provider, "") else { panic!("nothing was said") };
    let asked = |code: &str| refusal.reasons.iter().find(|r| r.code == code).map(|r| &r.text.fr);
    assert!(asked("E-PREPARATION-MISSING").is_some(), "{refusal:?}");
    let reversibility = asked("E-MISSING-REVERSIBILITY").unwrap();
    assert!(refusal.text.fr.contains(reversibility.as_str()), "{refusal:?}");

    for (why, fits) in [
        ("trop bref".to_owned(), false),
        ("é".repeat(2001), false),
        (format!("  {}  ", "é".repeat(2000)), true),
    ] {
        match sign(&provider, &why) {
            Err(AppError::Invalid(invalid)) => assert!(!fits && invalid.field == "despite", "{invalid:?}"),
            signed => assert!(fits && signed.unwrap() == Outcome::First),
        }
    }
    assert_eq!(read(&instance, customer, id).agreed.unwrap().reason, Some("é".repeat(2000)));
    // Another text takes the signature and its reason away.
    instance.app().save_draft(&write(&instance, customer), id, &save(1, &format!("{text}\n"))).unwrap();
    instance.app().save_draft(&write(&instance, customer), id, &save(2, &text)).unwrap();
    assert_eq!(sign(&provider, WHY).unwrap(), Outcome::First);
    assert_eq!(code(sign(&manager, "")), "draft.gate", "each party for itself");
    let Outcome::Both(_) = sign(&manager, "  Nous attendons l'audit de mars. ").unwrap() else { panic!() };

    let see = instance.permit(Role::CustomerManager, Act::SeeContract, customer);
    let kept = instance.app().signatures(&see, "CTR-2026-777").unwrap();
    let [first] = kept.as_slice() else { panic!("{kept:?}") };
    assert!(first.lacking.contains(&"E-PREPARATION-MISSING".to_owned()));
    let reasons: Vec<&str> = first.reasons.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(reasons, [WHY, "Nous attendons l'audit de mars."]);
    assert!(first.reasons.iter().all(|(name, _)| !name.is_empty()), "{first:?}");
    let outsider = Instance::new(27);
    let other = common::signed(&outsider, "atelier");
    let see = outsider.permit(Role::CustomerManager, Act::SeeContract, other);
    // Signed from files: nothing was asked for in words, and the entry says so.
    assert!(outsider.app().signatures(&see, "CTR-2026-001").unwrap()[0].reasons.is_empty());
}

#[test]
fn the_gate_compares_a_draft_with_the_subcontracts_it_holds() {
    let instance = Instance::new(28);
    let customer = instance.customer("atelier");
    let file = |name: &str| std::fs::read_to_string(common::root().join("contracts").join(name)).unwrap();
    let text = file("lumen-edition.md");
    let new = NewDraft { title: "Lumen".to_owned(), kind: Kind::Contract, base: None, text: text.clone() };
    let (app, permit) = (instance.app(), write(&instance, customer));
    let id = app.create_draft(&permit, &instance.key(), &new).unwrap();
    let see = instance.permit(Role::CustomerManager, Act::SeeDrafts, customer);
    let checked = app.check_draft(&see, Kind::Contract, None, &text).unwrap();
    let codes = || {
        let held = read(&instance, customer, id).subcontracts;
        let gate = checked.gate(&file("lumen-edition.preparation.toml"), &held);
        let errors = gate.diagnostics.iter().filter(|d| d.is_error());
        errors.map(|d| (d.code, d.help.fr.clone())).collect::<Vec<_>>()
    };
    let named = |at: usize| {
        let held = read(&instance, customer, id).subcontracts;
        let named = checked.named(&held);
        (named[at].name.clone(), named[at].text.map(|s| s.name.clone()))
    };
    // Without its text, the one whose promises are relied on is told, by name.
    assert!(codes().iter().any(|(code, _)| *code == "E-BACK-ABSENT"), "{:?}", codes());
    assert_eq!(named(0), ("Nuage Breton Hébergement SAS".to_owned(), None));

    let bought = file("sous-contrats/nuage-breton-lumen.md");
    assert_eq!(app.attach_subcontract(&permit, id, 1, " nuage-breton.md ", &bought).unwrap(), 2);
    assert_eq!(code(app.attach_subcontract(&permit, id, 1, "x.md", &bought)), "draft.conflict");
    let held = read(&instance, customer, id).subcontracts;
    assert_eq!((held.len(), held[0].hash.clone()), (1, contract::text_hash(&bought)));
    assert!(codes().iter().all(|(code, _)| !code.starts_with("E-BACK")), "{:?}", codes());
    assert_eq!(named(0).1.as_deref(), Some("nuage-breton.md"));

    // A weaker one instead: both articles are named.
    let weaker = bought.replace("within = \"240 min\"", "within = \"40 h\"");
    assert_ne!(weaker, bought);
    let version = app.detach_subcontract(&permit, id, 2, held[0].id).unwrap();
    assert!(codes().iter().any(|(code, _)| *code == "E-BACK-ABSENT"));
    let version = app.attach_subcontract(&permit, id, version, "faible.md", &weaker).unwrap();
    let (_, help) = codes().into_iter().find(|(code, _)| *code == "E-BACK-WEAKER").unwrap();
    assert_eq!(help.matches('«').count(), 2, "{help}");
    for (name, text) in [("", bought.as_str()), ("vide.md", "  \n")] {
        let refused = app.attach_subcontract(&permit, id, version, name, text);
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    }
    // It goes with the draft, and is no draft itself.
    let seen = instance.permit(Role::ServiceManager, Act::SeeDrafts, customer);
    assert_eq!(app.drafts(&seen, None, 10).unwrap().0.len(), 1);
    let held = read(&instance, customer, id).subcontracts;
    assert!(matches!(app.read_draft(&seen, held[0].id), Err(AppError::NotFound)));
    app.delete_draft(&permit, id, version).unwrap();
    assert!(matches!(app.read_draft(&seen, held[0].id), Err(AppError::NotFound)));
}
