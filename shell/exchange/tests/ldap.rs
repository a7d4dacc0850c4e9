//! Passwords checked by a real directory: OpenLDAP's `slapd`, on loopback, with a folder of its own.
//!
//! Where it is missing these tests say so and pass; `./test` installs it.

mod common;

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::accounts::directory::Verdict;
use app::accounts::{Client, NewAccount};
use app::{App, AppError, Role};
use exchange::ldap::{Server, check};
use exchange::tls::Security;
use testkit::{Folder, Instance};

const SLAPD: &str = "/usr/sbin/slapd";
const OURS: &str = "trois chevaux mangent des nouilles";
const THEIRS: &str = "le mot de passe de l'annuaire";

const PEOPLE: &str = "
dn: dc=maison,dc=example
objectClass: dcObject
objectClass: organization
dc: maison
o: Maison

dn: cn=lecteur,dc=maison,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: lecteur
userPassword: lire

dn: ou=gens,dc=maison,dc=example
objectClass: organizationalUnit
ou: gens

dn: uid=ines,ou=gens,dc=maison,dc=example
objectClass: inetOrgPerson
uid: ines
cn: Ines Cazenave
sn: Cazenave
mail: ines@maison.example
userPassword: le mot de passe de l'annuaire

dn: uid=un,ou=gens,dc=maison,dc=example
objectClass: inetOrgPerson
uid: un
cn: Un
sn: Un
mail: deux@maison.example
userPassword: le mot de passe de l'annuaire

dn: uid=deux,ou=gens,dc=maison,dc=example
objectClass: inetOrgPerson
uid: deux
cn: Deux
sn: Deux
mail: deux@maison.example
userPassword: le mot de passe de l'annuaire
";

/// A directory of its own, stopped when dropped.
struct Slapd {
    server: Child,
    plain: u16,
    private: u16,
    folder: Folder,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Slapd {
    fn start() -> Option<Slapd> {
        let folder = Folder::new("slapd");
        let dir = folder.path().to_path_buf();
        let certificate = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=CA:FALSE", "-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(&dir)
            .output();
        if !Path::new(SLAPD).exists() || certificate.is_err() {
            eprintln!("not tested: slapd or openssl is missing");
            return None;
        }
        let here = dir.display();
        let schemas = ["core", "cosine", "inetorgperson"]
            .map(|name| format!("include /etc/ldap/schema/{name}.schema\n"))
            .concat();
        let text = format!(
            "{schemas}pidfile {here}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n\
             TLSCertificateFile {here}/cert.pem\nTLSCertificateKeyFile {here}/key.pem\n\
             database mdb\nmaxsize 10485760\nsuffix dc=maison,dc=example\ndirectory {here}/base\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by dn.exact=cn=lecteur,dc=maison,dc=example read by anonymous auth by * none\n"
        );
        std::fs::create_dir(dir.join("base")).unwrap();
        std::fs::write(dir.join("slapd.conf"), text).unwrap();
        std::fs::write(dir.join("people.ldif"), PEOPLE).unwrap();
        let done = Command::new("/usr/sbin/slapadd")
            .args(["-f", "slapd.conf", "-l", "people.ldif"])
            .current_dir(&dir)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let (plain, private) = (free_port(), free_port());
        let server = Command::new(SLAPD)
            .args(["-d", "0", "-f", "slapd.conf", "-h"])
            .arg(format!("ldap://127.0.0.1:{plain}/ ldaps://127.0.0.1:{private}/"))
            .current_dir(&dir)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let slapd = Slapd { server, plain, private, folder };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", private)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "slapd does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(slapd)
    }

    fn server(&self, security: Security) -> Server {
        Server {
            host: "localhost".to_owned(),
            port: if security == Security::Tls { self.private } else { self.plain },
            security,
            authority: Some(self.folder.path().join("cert.pem")),
            reader: Some(("cn=lecteur,dc=maison,dc=example".to_owned(), "lire".to_owned())),
            base: "ou=gens,dc=maison,dc=example".to_owned(),
            attribute: "mail".to_owned(),
        }
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_password_is_right_for_the_one_person_of_an_address_whatever_the_way() {
    let Some(slapd) = Slapd::start() else { return };
    for security in [Security::None, Security::StartTls, Security::Tls] {
        let server = slapd.server(security);
        let says = |email: &str, password: &str| check(&server, email, password).expect("an answer");
        assert_eq!(says("ines@maison.example", THEIRS), Verdict::Right, "{security:?}");
        for (email, password) in [
            ("ines@maison.example", "un autre"),
            ("ines@maison.example", ""),
            ("personne@maison.example", THEIRS),
            ("personne@maison.example", ""),
            ("deux@maison.example", THEIRS),
            ("*", THEIRS),
            ("ines*", THEIRS),
            ("ines@maison.example)(uid=*", THEIRS),
            ("\\2a", THEIRS),
        ] {
            assert_eq!(says(email, password), Verdict::Wrong, "{security:?} {email} {password}");
        }
    }
}

#[test]
fn a_directory_that_cannot_be_trusted_or_asked_says_nothing() {
    let Some(slapd) = Slapd::start() else { return };
    let wrong = |change: fn(&mut Server)| {
        let mut server = slapd.server(Security::Tls);
        change(&mut server);
        check(&server, "ines@maison.example", THEIRS).is_err()
    };
    assert!(wrong(|s| s.authority = None), "an authority that this machine does not know");
    assert!(wrong(|s| s.host = "127.0.0.1".to_owned()), "another name than the certificate's");
    assert!(wrong(|s| s.reader = Some(("cn=lecteur,dc=maison,dc=example".into(), "faux".into()))));
    assert!(wrong(|s| s.base = "ou=ailleurs,dc=maison,dc=example".to_owned()), "nothing there");
    assert!(wrong(|s| s.port = 1), "nobody listens");
    let mut anonymous = slapd.server(Security::Tls);
    anonymous.reader = None;
    // It shows nothing to nobody in particular: OpenLDAP says that the base does not exist.
    assert!(!matches!(check(&anonymous, "ines@maison.example", THEIRS), Ok(Verdict::Right)));
}

fn add(app: &App, email: &str) {
    let new = NewAccount {
        email,
        name: "Inès Cazenave",
        password: OURS,
        role: Role::Technician,
        customer: None,
        totp_secret: Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    };
    app.add_account(&new).expect("a new account");
}

#[test]
fn the_directory_alone_knows_the_passwords_of_its_domains_and_our_code_is_still_asked() {
    let Some(slapd) = Slapd::start() else { return };
    let instance = Instance::new(90);
    let app = instance.app();
    let folder = slapd.folder.path().display();
    let config = format!(
        "site = \"https://desk.exemple.fr\"\n[directory]\nhost = \"localhost\"\nport = {}\n\
         authority = \"{folder}/cert.pem\"\nreader = \"cn=lecteur,dc=maison,dc=example\"\n\
         base = \"ou=gens,dc=maison,dc=example\"\ndomains = [\"maison.example\"]\n",
        slapd.private
    );
    let secret = |name: &str| (name == "REGISSEUR_LDAP_PASSWORD").then(|| "lire".to_owned());
    exchange::sign_in::open(app, &config, secret).expect("a configuration");
    for email in ["ines@maison.example", "ines@ailleurs.example", "partie@maison.example"] {
        add(app, email);
    }
    let code = |steps: i64| {
        let secret = totp_rs::Secret::try_from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
    };
    let enters = |email: &str, password: &str, code: Option<&str>| app.sign_in(email, password, code);
    let refused = |answer| matches!(answer, Err(AppError::Unauthenticated));
    assert!(refused(enters("ines@maison.example", THEIRS, None).map(drop)), "our code is asked");
    let opened = enters("ines@maison.example", THEIRS, Some(&code(-1))).expect("both");
    assert!(refused(enters("ines@maison.example", OURS, Some(&code(0))).map(drop)), "ours no longer counts");
    assert!(
        refused(enters("partie@maison.example", OURS, Some(&code(0))).map(drop)),
        "who left the directory"
    );
    assert!(refused(enters("deux@maison.example", THEIRS, None).map(drop)), "no account is made");
    assert!(enters("ines@ailleurs.example", OURS, Some(&code(0))).is_ok(), "another domain is ours");

    let session = app.session(&opened.token).unwrap().unwrap();
    let client = Client::default();
    app.prove(&session, &client, THEIRS, Some(&code(0))).expect("the same two prove");
    let changed = app.change_password(&session, &client, THEIRS, "un autre cheval mange du foin");
    assert!(
        matches!(changed, Err(AppError::Invalid(i)) if i.field == "current"),
        "theirs is not ours to change"
    );

    drop(slapd);
    for _ in 0..2 {
        assert!(
            refused(enters("ines@maison.example", THEIRS, Some(&code(1))).map(drop)),
            "silent, it opens nothing"
        );
    }
}

#[test]
fn a_password_never_leaves_this_machine_in_clear() {
    let instance = Instance::new(91);
    let wrong = |text: &str| {
        let config = format!("site = \"https://desk.exemple.fr\"\n[directory]\n{text}");
        exchange::sign_in::open(instance.app(), &config, |_| None).expect_err("refused")
    };
    let said =
        wrong("host = \"ldap.maison.example\"\nsecurity = \"none\"\nbase = \"dc=x\"\ndomains = [\"x\"]\n");
    assert!(said.contains("security"), "{said}");
    let said = wrong("host = \"ldap.maison.example\"\nbase = \"dc=x\"\ndomains = []\n");
    assert!(said.contains("domains"), "{said}");
    let said = wrong("host = \"h\"\nreader = \"cn=x\"\nbase = \"dc=x\"\ndomains = [\"x\"]\n");
    assert!(said.contains("REGISSEUR_LDAP_PASSWORD"), "{said}");
}
