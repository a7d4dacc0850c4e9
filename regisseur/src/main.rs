//! regisseur
fn main() {}
