//! Verification of one log: re-derives everything from the stored bytes, names the first wrong entry.
