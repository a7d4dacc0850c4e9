//! `regisseur clock eval FILE`.
