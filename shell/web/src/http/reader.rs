//! Who reads a page: extracted from the request before any handler runs.

use std::convert::Infallible;

use app::accounts::passkeys::RelyingParty;
use app::accounts::{Client, Session};
use app::{AppError, Principal};
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use base::id::AccountId;

use super::client::client;
use super::cookies;
use super::reply::Failure;
use super::state::State;
use crate::design::{CustomerRef, Lang, Notice, Person, Shell, Side, Theme, Tone};
use crate::pages::desk::Filter;
use crate::site::words::page_of;

/// Anyone, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub lang: Lang,
    pub theme: Theme,
    pub path: String,
    pub flash: Option<String>,
    /// The tab of the desk kept for somebody of this browser.
    pub desk: Option<String>,
    pub token: Option<String>,
    /// Where they come from, as the limits of sign-in and the list of sessions need it.
    pub client: Client,
    /// The site as passkeys know it; `None` under an address that is not a name.
    pub site: Option<RelyingParty>,
    /// Known once the session is found: a failure keeps the reader's navigation.
    pub signed_in: Option<(Person, String)>,
}

/// A person with a live session.
#[derive(Debug, Clone)]
pub struct Reader {
    pub visitor: Visitor,
    pub principal: Principal,
    pub csrf: String,
    pub session: Session,
    /// The page asks for itself again: nobody may be looking.
    pub by_itself: bool,
}

impl Reader {
    /// Whether the person may do it for this customer: what a page of theirs offers.
    pub fn may(&self, customer: &CustomerRef, act: app::Act) -> bool {
        self.principal.may_for(act, customer.id)
    }
}

/// A person with a live session, whether or not they still owe a second factor: for signing out and for
/// enrolling one, and for nothing else.
pub struct Entrant(pub Reader);

impl Visitor {
    fn of(parts: &Parts) -> Visitor {
        let headers = &parts.headers;
        Visitor {
            lang: lang(headers),
            theme: match cookies::get(headers, cookies::THEME) {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::Auto,
            },
            path: match parts.method {
                Method::GET | Method::HEAD => {
                    parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
                }
                // The address of a form's act is no page to come back to.
                _ => page_of(parts.uri.path()),
            },
            flash: cookies::get(headers, cookies::FLASH).map(str::to_owned),
            desk: cookies::get(headers, cookies::DESK).map(str::to_owned),
            token: cookies::get(headers, cookies::SESSION).map(str::to_owned),
            client: client(parts),
            // One of our names: `Front` refuses the others.
            site: headers.get(HOST).and_then(|v| v.to_str().ok()).and_then(RelyingParty::of_host),
            signed_in: None,
        }
    }

    /// The frame of a page outside any customer, and of those nobody has signed in for.
    pub fn shell(&self) -> Shell {
        Shell {
            lang: self.lang,
            theme: self.theme,
            person: self.signed_in.as_ref().map(|(person, _)| person.clone()),
            customer: None,
            csrf: self.signed_in.as_ref().map(|(_, csrf)| csrf.clone()).unwrap_or_default(),
            path: self.path.clone(),
            flash: None,
            business_now: None,
        }
    }

    /// The tab of the desk that this person pressed last.
    pub fn desk_tab(&self, who: AccountId) -> Option<Filter> {
        cookies::desk_tab_of(self.desk.as_deref()?, who)
    }

    /// The same language, for texts of the core.
    pub fn core_lang(&self) -> base::Lang {
        match self.lang {
            Lang::Fr => base::Lang::Fr,
            Lang::En => base::Lang::En,
        }
    }
}

fn lang(headers: &HeaderMap) -> Lang {
    let chosen = cookies::get(headers, cookies::LANG);
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    // French first: only a reader who prefers English to French gets English unasked.
    let prefers_english = accepted.is_some_and(|a| {
        let at = |tag: &str| a.split(',').position(|part| part.trim_start().starts_with(tag));
        match (at("en"), at("fr")) {
            (Some(en), Some(fr)) => en < fr,
            (Some(_), None) => true,
            _ => false,
        }
    });
    match chosen {
        Some("en") => Lang::En,
        Some("fr") => Lang::Fr,
        _ if prefers_english => Lang::En,
        _ => Lang::Fr,
    }
}

impl Reader {
    /// The frame of a page for this person.
    pub fn shell(&self, web: &State, customer: Option<CustomerRef>) -> Shell {
        let lang = self.visitor.lang;
        let mut shell = self.visitor.shell();
        if let (Some(person), Some(customer)) = (shell.person.as_mut(), &customer) {
            within(person, |act| self.may(customer, act));
        }
        Shell {
            customer,
            flash: self.visitor.flash.as_deref().and_then(|code| {
                let text = crate::site::words::flash(code, lang)?;
                Some(Notice { tone: Tone::Good, text })
            }),
            business_now: web.demo_clock.then(|| crate::site::words::local(web.app.now())),
            ..shell
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visitor, Infallible> {
        Ok(Visitor::of(parts))
    }
}

impl FromRequestParts<State> for Entrant {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &State) -> Result<Entrant, Failure> {
        let visitor = Visitor::of(parts);
        let failed = |error| Failure { visitor: Box::new(visitor.clone()), error };
        let token = visitor.token.clone().ok_or_else(|| failed(AppError::Unauthenticated))?;
        // A page that asks for itself again is no sign that somebody is there.
        let by_itself = is_by_itself(&parts.headers);
        let session = web.run(move |app| {
            let session = if by_itself { app.session_unseen(&token) } else { app.session(&token) }?;
            let unread = session.as_ref().map(|s| app.unread_notifications(&s.principal)).transpose()?;
            Ok(session.zip(unread))
        });
        let session = session.await.map_err(failed)?;
        let (session, unread) = session.ok_or_else(|| failed(AppError::Unauthenticated))?;
        let person = person(&session.principal, unread, visitor.lang);
        let visitor = Visitor { signed_in: Some((person, session.csrf.clone())), ..visitor.clone() };
        let (principal, csrf) = (session.principal.clone(), session.csrf.clone());
        Ok(Entrant(Reader { principal, csrf, session, by_itself, visitor }))
    }
}

impl FromRequestParts<State> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &State) -> Result<Reader, Failure> {
        let Entrant(reader) = Entrant::from_request_parts(parts, web).await?;
        if reader.session.must_enrol {
            let visitor = Box::new(reader.visitor);
            return Err(Failure { visitor, error: AppError::SecondFactorMissing });
        }
        Ok(reader)
    }
}

/// What the navigation and the buttons of pages offer.
fn within(person: &mut Person, may: impl Fn(app::Act) -> bool) {
    person.sees_services = may(app::Act::SeeServices);
    person.sees_meters = may(app::Act::SeeMeters);
    person.sees_money = may(app::Act::SeeMoney);
    person.sees_skills = may(app::Act::SeeSkills);
    person.sees_people = may(app::Act::SeePeople);
    person.sees_journal = may(app::Act::SeeJournal);
    person.opens_tickets = may(app::Act::OpenTicket);
    person.sees_plans = may(app::Act::SeePlans);
    person.keeps_webhooks = may(app::Act::ManageWebhooks);
    person.imports = may(app::Act::Import);
}

fn person(principal: &Principal, unread: u64, lang: Lang) -> Person {
    let mut person = Person {
        name: principal.name.clone(),
        role: crate::site::words::role(principal.role, lang),
        side: match principal.role.side() {
            // A third party works from the desk, as the provider's people do.
            app::Side::Provider | app::Side::ThirdParty => Side::Provider,
            app::Side::Customer => Side::Customer,
        },
        unread,
        sees_team: principal.may(app::Act::SeeTeam),
        sees_services: false,
        sees_meters: false,
        sees_money: false,
        sees_skills: false,
        sees_people: false,
        sees_journal: false,
        keeps_accounts: principal.may(app::Act::ManageAccounts),
        keeps_mail: principal.may(app::Act::ManageMail),
        enters_time: principal.may(app::Act::EnterTime),
        opens_tickets: false,
        sees_plans: false,
        keeps_webhooks: false,
        imports: false,
    };
    // Somewhere, as long as no customer is looked at.
    within(&mut person, |act| principal.may(act));
    person
}

/// Whether a page asks for itself again, because something changed: a browser's script says so.
pub(crate) fn is_by_itself(headers: &HeaderMap) -> bool {
    headers.contains_key("x-live")
}

/// A second fence before the token: browsers say where a request comes from (Fetch Metadata).
pub(crate) fn from_elsewhere(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site != "same-origin" && site != "none",
        // Browsers that do not say it send the origin of a form at least (Fetch, 3.2).
        None => headers.get(ORIGIN).is_some_and(|origin| !is_ours(origin, headers.get(HOST))),
    }
}

fn is_ours(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let named = origin.to_str().ok().and_then(|o| o.split_once("://")).map(|(_, name)| name);
    named.zip(host.and_then(|h| h.to_str().ok())).is_some_and(|(o, h)| o.eq_ignore_ascii_case(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_from_this_site() {
        let elsewhere = |list: &[(&'static str, &'static str)]| {
            let headers = list.iter().map(|(name, value)| {
                (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            from_elsewhere(&headers.collect())
        };
        let host = ("host", "localhost:8080");
        assert!(!elsewhere(&[host]), "a program says nothing");
        assert!(!elsewhere(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(!elsewhere(&[host, ("origin", "http://localhost:8080")]));
        for away in ["cross-site", "same-site"] {
            assert!(elsewhere(&[host, ("sec-fetch-site", away)]), "{away}");
        }
        for away in ["null", "http://evil.example", "http://localhost:8081", "http://localhost"] {
            assert!(elsewhere(&[host, ("origin", away)]), "{away}");
        }
    }
}
