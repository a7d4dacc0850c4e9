//! `regisseur contract check|explain|read-back|schema`.
