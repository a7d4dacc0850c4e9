//! The data folder, looked at from the command line.

use std::path::Path;

use app::{App, Settings};

use crate::output::Failure;

/// Names this instance in the origins of its logs (C2SP): the loopback is all that is served for now.
pub const HOST: &str = "localhost";

/// Reads a data folder without owning it: beside a running server, or with a damaged journal.
pub fn inspect(data: &Path) -> Result<App, Failure> {
    if !data.join("instance.db").is_file() {
        let data = data.display();
        return Err(Failure::new(
            "data",
            format!("{data} n'est pas un dossier de données : il ne contient pas instance.db"),
            format!("{data} is not a data folder: it holds no instance.db"),
        ));
    }
    Ok(App::inspect(data, Settings::real(HOST))?)
}
