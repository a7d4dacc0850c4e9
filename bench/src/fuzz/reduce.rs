//! A text that goes wrong, made smaller while it still goes wrong in the same way.

use std::time::{Duration, Instant};

/// Takes away lines, then characters, by halves, for so long at most.
pub fn reduced(text: &str, most: Duration, wrong: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    let over = || began.elapsed() > most;
    let lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let lines = fewer(lines, &over, &wrong);
    let chars: Vec<String> = lines.concat().chars().map(String::from).collect();
    fewer(chars, &over, &wrong).concat()
}

fn fewer(mut pieces: Vec<String>, over: &impl Fn() -> bool, wrong: &impl Fn(&str) -> bool) -> Vec<String> {
    let mut size = pieces.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < pieces.len() && !over() {
            let mut without = pieces.clone();
            without.drain(at..(at + size).min(pieces.len()));
            if wrong(&without.concat()) {
                pieces = without;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    pieces
}
