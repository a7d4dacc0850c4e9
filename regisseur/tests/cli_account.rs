//! `account add` with the real binary: the first person of a new folder can sign in, and a wrong request
//! changes nothing.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(data: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regisseur"));
    command.args(["account", "add", "--data"]).arg(&data.0).args(arguments).output().unwrap()
}

#[test]
fn the_first_account_of_a_folder_can_sign_in() {
    let data = Folder(std::env::temp_dir().join(format!("regisseur-account-{}", std::process::id())));
    let anne = ["--email", "anne@exemple.fr", "--name", "Anne Vidal", "--role", "provider_admin"];

    let refused = run(&data, &[&anne[..4], &["--role", "boss"]].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("provider_admin"), "{refused:?}");
    let refused = run(&data, &[&anne[..], &["--customer", "personne"]].concat());
    assert_eq!(refused.status.code(), Some(1), "a provider's role belongs to no customer");

    let refused = run(&data, &[&anne[..], &["--token", "--json"]].concat());
    assert_eq!(refused.status.code(), Some(1), "staff have no token without a second factor");
    let added = run(&data, &[&anne[..], &["--totp", "--token", "--json"]].concat());
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    let told: Value = serde_json::from_slice(&added.stdout).unwrap();
    let app = app::App::open(&data.0, app::Settings::real("localhost")).unwrap();
    let password = told["password"].as_str().unwrap();
    assert!(app.sign_in("anne@exemple.fr", password, None).is_err(), "the code is asked for");
    assert_eq!(told["totp_secret"].as_str().unwrap().len(), 32);
    assert_eq!(app.bearer(told["token"].as_str().unwrap()).unwrap().role, app::Role::ProviderAdmin);
    drop(app);

    let twice = run(&data, &anne);
    assert_eq!(twice.status.code(), Some(1), "an address is taken once");
    assert!(String::from_utf8_lossy(&twice.stderr).contains("déjà un compte"), "{twice:?}");
}

#[test]
fn an_invitation_a_recovery_and_a_disabled_account() {
    let data = Folder(std::env::temp_dir().join(format!("regisseur-invite-{}", std::process::id())));
    let run = |act: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regisseur"));
        command.args(["account", act, "--data"]).arg(&data.0).args(arguments).output().unwrap()
    };
    let path = |told: &Output| -> String {
        assert_eq!(told.status.code(), Some(0), "{told:?}");
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        told["path"].as_str().unwrap().strip_prefix("/join/").unwrap().to_owned()
    };
    let anne = ["--email", "anne@exemple.fr", "--json"];
    let new = [&anne[..], &["--name", "Anne Vidal", "--role", "technician"]].concat();
    let (joined, twice) = (path(&run("invite", &new)), run("invite", &new));
    assert_eq!(twice.status.code(), Some(1), "an address is taken once");
    let again = path(&run("recover", &anne));
    let app = app::App::open(&data.0, app::Settings::real("localhost")).unwrap();
    assert!(app.invited(&joined).is_err(), "the later link replaces it");
    let client = app::accounts::Client::default();
    app.use_link(&client, &again, "trois chevaux mangent des nouilles").unwrap();
    drop(app);
    assert_eq!(run("disable", &anne).status.code(), Some(0));
    let enters = || {
        let app = app::App::open(&data.0, app::Settings::real("localhost")).unwrap();
        app.sign_in("anne@exemple.fr", "trois chevaux mangent des nouilles", None).is_ok()
    };
    assert!(!enters());
    assert_eq!(run("enable", &anne).status.code(), Some(0));
    assert!(enters());
    assert_eq!(run("disable", &["--email", "personne@exemple.fr"]).status.code(), Some(1));
}

#[test]
fn an_invitation_is_mailed_when_mail_is_set_up() {
    let data = Folder(std::env::temp_dir().join(format!("regisseur-mailed-{}", std::process::id())));
    std::fs::create_dir_all(&data.0).unwrap();
    let mail = data.0.join("mail.toml");
    let run = |act: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regisseur"));
        command.args(["account", act, "--data"]).arg(data.0.join("data")).arg("--mail").arg(&mail);
        command.args(arguments).env_remove("REGISSEUR_SMTP_PASSWORD").output().unwrap()
    };
    let anne = ["--email", "anne@exemple.fr", "--name", "Anne Vidal", "--role", "technician"];
    std::fs::write(&mail, "name = 1").unwrap();
    let wrong = run("invite", &anne);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("mail.toml"), "{wrong:?}");
    let file = "name = \"Prestataire\"\nfrom = \"aide@prestataire.example\"\n\
        site = \"https://prestataire.example\"\n[smtp]\nhost = \"mx.prestataire.example\"\nuser = \"aide\"\n";
    std::fs::write(&mail, file).unwrap();
    let invited = run("invite", &anne);
    assert_eq!(invited.status.code(), Some(0), "the wrong file changed nothing: {invited:?}");
    let said = String::from_utf8_lossy(&invited.stdout);
    assert!(said.contains("anne@exemple.fr") && !said.contains("/join/"), "{said}");
    let again = run("recover", &["--email", "anne@exemple.fr", "--json"]);
    let told: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((told["mailed"].as_str(), told.get("path")), (Some("anne@exemple.fr"), None));

    // Served with mail, the link that counts leaves.
    let app = app::App::open(&data.0.join("data"), app::Settings::real("localhost")).unwrap();
    let config = exchange::Config::parse(file, |_| Some(String::new())).unwrap();
    app.exchange_mail(config.settings);
    let letters = app.letters_to_send(10).unwrap();
    let [letter] = &letters[..] else { panic!("{} letters", letters.len()) };
    assert_eq!(letter.to.email, "anne@exemple.fr");
    let (_, rest) = letter.text.split_once("https://prestataire.example/join/").unwrap();
    assert!(app.invited(rest.split_whitespace().next().unwrap()).is_ok());
}

/// As the administrator says it; a role that may do more than theirs, or none, is refused with the list.
#[test]
fn a_role_is_given_listed_and_ended_and_the_journal_says_so() {
    let data = Folder(std::env::temp_dir().join(format!("regisseur-roles-{}", std::process::id())));
    let run = |act: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regisseur"));
        command.args(["account", act, "--data"]).arg(&data.0).args(arguments).output().unwrap()
    };
    let read = |told: &Output| -> Value {
        assert_eq!(told.status.code(), Some(0), "{told:?}");
        serde_json::from_slice(&told.stdout).unwrap()
    };
    let add = |email: &str, role: &str| {
        read(&run("add", &["--email", email, "--name", email, "--role", role, "--totp", "--json"]));
    };
    add("anne@exemple.fr", "provider_admin");
    add("tiers@exemple.fr", "third_party_technician");
    let app = app::App::open(&data.0, app::Settings::real("localhost")).unwrap();
    let anne = app.person_of("anne@exemple.fr").unwrap();
    let permit = app.permit_instance(&anne, app::Act::CreateCustomer).unwrap();
    let new = app::customer::NewCustomer { slug: "garonne".into(), name: "Ateliers Garonne SAS".into() };
    app.create_customer(&permit, &new).unwrap();
    drop(app);

    let of = ["--customer", "garonne", "--by", "anne@exemple.fr", "--json"];
    let give =
        |email: &str, role: &str| run("grant", &[&of[..], &["--email", email, "--role", role]].concat());
    let wrong = give("tiers@exemple.fr", "boss");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("third_party_technician"), "{wrong:?}");
    assert_eq!(give("personne@exemple.fr", "technician").status.code(), Some(1), "no such account");
    let items = run(
        "grant",
        &[&of[..], &["--email", "tiers@exemple.fr", "--role", "third_party_technician", "--item", "srv"]]
            .concat(),
    );
    assert!(String::from_utf8_lossy(&items.stdout).contains("périmètre"), "{items:?}");
    add("paul@exemple.fr", "technician");
    let given = read(&give("paul@exemple.fr", "dispatcher"));
    let held = given["held"].as_str().unwrap();
    let listed = read(&run("roles", &of));
    let line = |listed: &Value| {
        listed["people"].as_array().unwrap().iter().find(|p| p["held"] == held).cloned().unwrap()
    };
    assert_eq!((&line(&listed)["role"], &line(&listed)["ended"]), (&"dispatcher".into(), &Value::Null));
    let own = run(
        "grant",
        &[
            "--customer",
            "garonne",
            "--by",
            "paul@exemple.fr",
            "--email",
            "paul@exemple.fr",
            "--role",
            "technician",
        ],
    );
    assert_eq!(own.status.code(), Some(1), "a dispatcher manages no people");
    let ended = read(&run("revoke", &[&of[..], &["--held", held]].concat()));
    assert!(ended["entry"].as_u64() > given["entry"].as_u64());
    assert!(line(&read(&run("roles", &of)))["ended"].is_string());
    assert_eq!(run("revoke", &[&of[..], &["--held", held]].concat()).status.code(), Some(1), "once");
}
