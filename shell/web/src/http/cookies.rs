//! The cookies: the session's, and three preferences.
//!
//! `__Host-` (RFC 6265bis, 4.1.3.2) binds the session to this very host over a secure channel;
//! browsers count loopback as secure, and plain HTTP is served nowhere else.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base::id::AccountId;

use crate::pages::desk::Filter;

pub const SESSION: &str = "__Host-regisseur";
pub const LANG: &str = "lang";
pub const THEME: &str = "theme";
/// The tab of the desk that somebody pressed last.
pub const DESK: &str = "desk";
pub const FLASH: &str = "flash";

/// What waits for a provider of identity's answer.
const OPENID: &str = "__Host-regisseur-openid";

/// The value of a cookie of the request.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

pub fn session_cookie(token: &str) -> String {
    format!("{SESSION}={token}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

pub fn clear_session() -> String {
    format!("{SESSION}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// Goes with a browser to its provider of identity and back, ten minutes at most; empty takes it away.
pub fn openid_cookie(sealed: &str) -> String {
    let age = if sealed.is_empty() { 0 } else { 600 };
    format!("{OPENID}={sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}")
}

/// What the browser brings back of it; empty when it has nothing.
pub fn openid_of(headers: &HeaderMap) -> &str {
    get(headers, OPENID).unwrap_or_default()
}

/// A preference that scripts may not read, kept for a year.
pub fn preference(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")
}

/// The tab that the desk opens on, for this person: another who signs in here has chosen none.
pub fn desk_tab(who: AccountId, tab: Filter) -> String {
    preference(DESK, &format!("{}.{who}", tab.code()))
}

/// The tab that this person pressed last in this browser.
pub fn desk_tab_of(kept: &str, who: AccountId) -> Option<Filter> {
    let (tab, of) = kept.split_once('.')?;
    Filter::from_code(tab).filter(|_| of == who.to_string())
}

/// The code of a notice that the next page shows once; empty takes it away.
pub fn flash_cookie(code: &str) -> String {
    let age = if code.is_empty() { 0 } else { 60 };
    format!("{FLASH}={code}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}")
}
