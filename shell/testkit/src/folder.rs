//! A folder that goes away with the value.

use std::path::{Path, PathBuf};

pub struct Folder(PathBuf);

impl Folder {
    /// A new empty folder under the system's temporary one.
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("regisseur-{name}-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&path).expect("the temporary folder can be written");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left behind is untidy, and must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
