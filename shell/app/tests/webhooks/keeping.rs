//! Webhooks as they are kept: their secrets, where they may go, how many there are.

use super::*;

#[test]
fn a_secret_is_shown_once_and_two_sign_for_a_day_after_a_change() {
    let ground = Ground::new(906);
    let (keeper, key) = (ground.keeper(Role::ServiceManager), ground.instance.key());
    let wanted = ask(&["ticket.opened"], "provider");
    let made = ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap();
    let (hook, old) = (made.webhook, made.secret.clone().unwrap());
    assert_eq!(ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap(), made, "a lost answer");
    let rewritten = ground.app().write_webhook(&keeper, &ground.instance.key(), Some(hook), &wanted).unwrap();
    assert_eq!(rewritten.secret, None);
    let rotation = ground.instance.key();
    let rotated = ground.app().rotate_webhook(&keeper, &rotation, hook).unwrap();
    let new = rotated.secret.clone().unwrap();
    assert_ne!(old, new);
    assert_eq!(ground.app().rotate_webhook(&keeper, &rotation, hook).unwrap(), rotated);
    assert_eq!(ground.app().write_webhook(&keeper, &key, None, &wanted).unwrap().secret, None);
    ground.open();
    let parcel = ground.next(hook).unwrap();
    assert!(is_signed(&parcel, &old) && is_signed(&parcel, &new));
    ground.later(SignedDuration::from_hours(24));
    let parcel = ground.next(hook).unwrap();
    assert!(!is_signed(&parcel, &old) && is_signed(&parcel, &new));
    // Neither is in the vault's file in clear, nor in its journal.
    let file = std::fs::read(ground.instance.vault_file("garonne")).unwrap();
    for secret in [&old, &new] {
        let bare = secret.trim_start_matches("whsec_").as_bytes();
        assert!(!file.windows(bare.len()).any(|w| w == bare));
    }
}

#[test]
fn nothing_is_told_without_a_list_of_hosts_nor_beyond_it() {
    let instance = Instance::new(907);
    let customer = signed(&instance, "garonne");
    let keeper = instance.permit(Role::ServiceManager, Act::ManageWebhooks, customer);
    let app = instance.app();
    let wanted = ask(&["ticket.opened"], "provider");
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &wanted)), "webhook.off");
    app.send_webhooks_to(egress());
    for url in ["https://ailleurs.example/", "http://hooks.client.example/", "https://127.0.0.1/"] {
        let wanted = WriteWebhook { url: url.to_owned(), ..wanted.clone() };
        assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &wanted)), "url", "{url}");
    }
    let none = WriteWebhook { kinds: Vec::new(), ..wanted.clone() };
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &none)), "kinds");
    let test = WriteWebhook { kinds: vec!["webhook.test".to_owned()], ..wanted };
    assert_eq!(code(app.write_webhook(&keeper, &instance.key(), None, &test)), "kinds");
}

#[test]
fn the_providers_network_is_for_the_providers_webhooks_or_those_of_the_customer_it_is_opened_to() {
    let ground = Ground::new(924);
    let lumen = signed(&ground.instance, "lumen");
    let app = ground.app();
    let to = |host: &str, side: &str| WriteWebhook {
        url: format!("https://{host}/x"),
        ..ask(&["ticket.opened"], side)
    };
    let write = |role, customer, id, ask: &WriteWebhook| {
        let keeper = ground.instance.permit(role, Act::ManageWebhooks, customer);
        app.write_webhook(&keeper, &ground.instance.key(), id, ask)
    };
    let (chief, ours) = (Role::CustomerAdmin, Role::ServiceManager);
    let (inside, opened) = ("interne.exemple.fr", "interne.garonne.example");
    assert_eq!(code(write(chief, ground.customer, None, &to(inside, "customer"))), "url");
    assert_eq!(code(write(ours, ground.customer, None, &to(inside, "customer"))), "url");
    let mine = write(ours, ground.customer, None, &to(inside, "provider")).unwrap().webhook;
    let theirs = write(chief, ground.customer, None, &to(opened, "customer")).unwrap().webhook;
    assert_eq!(code(write(chief, lumen, None, &to(opened, "customer"))), "url");
    assert_eq!(code(write(ours, lumen, None, &to(opened, "provider"))), "url");
    // Written again by the provider, it stays the customer's.
    assert_eq!(code(write(ours, ground.customer, Some(theirs), &to(inside, "provider"))), "url");
    // One that is not to be seen is answered as one that is not there.
    let asked = [to(inside, "customer"), ask(&["ticket.noted"], "customer")];
    for ask in &asked {
        let nobody = WebhookId(uuid::Uuid::from_u128(1));
        let [seen, made_up] = [mine, nobody].map(|id| code(write(chief, ground.customer, Some(id), ask)));
        assert_eq!(seen, made_up);
    }
    let hosts = |role, customer| {
        app.webhook_hosts(&ground.instance.permit(role, Act::ManageWebhooks, customer)).unwrap().unwrap()
    };
    assert_eq!(hosts(chief, ground.customer), ["hooks.client.example", opened]);
    assert_eq!(hosts(chief, lumen), ["hooks.client.example"]);
    assert_eq!(hosts(ours, lumen), ["hooks.client.example", inside]);
    ground.open();
    assert_eq!(ground.next(mine).unwrap().target.host, inside);
    assert_eq!(ground.next(theirs).unwrap().target.host, opened);
}

#[test]
fn each_party_has_its_own_twenty() {
    let ground = Ground::new(927);
    for _ in 0..20 {
        ground.hook(Role::CustomerAdmin, &ask(&["ticket.opened"], "customer"));
    }
    let write = |role, side| {
        let (keeper, key) = (ground.keeper(role), ground.instance.key());
        ground.app().write_webhook(&keeper, &key, None, &ask(&["ticket.opened"], side))
    };
    assert_eq!(code(write(Role::CustomerAdmin, "customer")), "webhook.too_many");
    assert_eq!(code(write(Role::ServiceManager, "customer")), "webhook.too_many");
    write(Role::ServiceManager, "provider").unwrap();
}
