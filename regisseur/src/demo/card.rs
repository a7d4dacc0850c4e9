//! `DIR/demo.json`: the addresses, sign-ins and tokens of a demonstration; also the mark that it is ready.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use app::Role;
use serde::{Deserialize, Serialize};

use crate::output::Failure;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub listen: String,
    /// The first is Ateliers Garonne.
    pub customers: Vec<Customer>,
    pub accounts: Vec<Account>,
    pub tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub slug: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub email: String,
    pub password: String,
    /// Base32; `null` for an account without a second factor.
    pub totp_secret: Option<String>,
    pub role: String,
    /// The slug of the only customer that they are for; `null` for those who work for every one.
    pub customer: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub role: String,
    pub customer: Option<String>,
    pub token: String,
}

impl Card {
    fn path(data: &Path) -> PathBuf {
        data.join("demo.json")
    }

    /// The card of a folder; `None` when no demonstration was finished there.
    pub fn read(data: &Path) -> Result<Option<Card>, Failure> {
        let path = Card::path(data);
        let unreadable = |e: &dyn std::fmt::Display| {
            Failure::new(
                "demo",
                format!(
                    "{} est illisible : {e}. Supprimez le dossier, ou choisissez-en un autre.",
                    path.display()
                ),
                format!("{} cannot be read: {e}. Remove the folder, or choose another one.", path.display()),
            )
        };
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| unreadable(&e)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(unreadable(&e)),
        }
    }

    /// Writes it whole or not at all, for its owner only: it holds passwords.
    pub fn write(&self, data: &Path) -> Result<(), Failure> {
        let (path, draft) = (Card::path(data), data.join("demo.json.new"));
        let text = serde_json::to_string_pretty(self).expect("invariant: a card is plain data");
        let written = (|| {
            let _ = fs::remove_file(&draft);
            let mut file = fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        })();
        written.map_err(|e| Failure::io("demo", &path.display().to_string(), &e))
    }

    /// A token with this role's rights.
    pub fn token(&self, role: Role) -> Option<&str> {
        self.tokens.iter().find(|t| t.role == role.key()).map(|t| t.token.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_card_has_the_shape_that_scripts_read_and_is_private() {
        let card = Card {
            listen: "127.0.0.1:8080".into(),
            customers: vec![Customer { id: "1".into(), slug: "a".into(), name: "A".into() }],
            accounts: vec![Account {
                email: "x@y.example".into(),
                password: "p".into(),
                totp_secret: None,
                role: "technician".into(),
                customer: None,
            }],
            tokens: vec![Token { role: "technician".into(), customer: None, token: "t".into() }],
        };
        assert_eq!(
            serde_json::to_string(&card).unwrap(),
            r#"{"listen":"127.0.0.1:8080","customers":[{"id":"1","slug":"a","name":"A"}],"accounts":[{"email":"x@y.example","password":"p","totp_secret":null,"role":"technician","customer":null}],"tokens":[{"role":"technician","customer":null,"token":"t"}]}"#
        );
        let dir = std::env::temp_dir().join(format!("regisseur-card-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        assert_eq!(Card::read(&dir).unwrap(), None);
        card.write(&dir).unwrap();
        assert_eq!(Card::read(&dir).unwrap(), Some(card.clone()));
        assert_eq!(fs::metadata(dir.join("demo.json")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(card.token(Role::Technician), Some("t"));
        fs::remove_dir_all(&dir).unwrap();
    }
}
