//! One's own account: password, second factor, sessions, tokens of programs.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, Tone, components};
use crate::pages::identities::{self, Tied, Without};
use crate::pages::passkeys::{self, Held, Offer};
use crate::pages::sampling;
use crate::pages::security::{Act, acts, sample};

/// What the account holds.
#[derive(Clone, Debug)]
pub struct View {
    pub email: String,
    pub passkeys: Vec<Held>,
    /// To add one, where the address is a name.
    pub offer: Option<Offer>,
    /// The providers of identity that it is tied to.
    pub identities: Vec<Tied>,
    /// True for staff whose password alone opens nothing.
    pub by_passkey_only: bool,
    pub second_factor: SecondFactor,
    /// The last seen first.
    pub sessions: Vec<Session>,
    pub tokens: Vec<Token>,
    /// What was last done to the account.
    pub acts: Vec<Act>,
    /// A token just made, shown this once.
    pub new_token: Option<String>,
    /// Why the last form did nothing, and which form it was.
    pub problem: Option<(Form, String)>,
    /// Characters of the shortest password.
    pub shortest_password: usize,
    pub longest_label: usize,
}

/// The forms that can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Password,
    Passkey,
    SecondFactor,
    Token,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    Absent,
    Present { recovery_codes_left: u64 },
}

#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    /// « Firefox, Linux »; empty when unknown.
    pub device: String,
    pub opened: Zoned,
    pub last_seen: Zoned,
    pub current: bool,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub id: String,
    pub label: String,
    pub created: Zoned,
    pub expires: Option<Zoned>,
    pub last_used: Option<Zoned>,
}

/// `GET /account`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Mon compte", "My account");
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! { (view.email) }, title, html! {
                a.button href="/account/mail" { (lang.t("Courriels reçus", "Mail received")) }
            }))
            div.narrow {
                (components::section("password-title", lang.t("Mot de passe", "Password"), password(shell, view)))
                (components::section("passkeys-title", lang.t("Clés d’accès", "Passkeys"), passkeys(shell, view)))
                @if !view.identities.is_empty() {
                    (components::section("identities-title", lang.t("Fournisseurs d’identité", "Identity providers"), identities::list(shell, &view.identities)))
                }
                (components::section("second-factor", lang.t("Second facteur", "Second factor"), second_factor(shell, view)))
                (components::section("sessions", lang.t("Sessions ouvertes", "Open sessions"), sessions(shell, view)))
                (components::section("tokens", lang.t("Jetons d’API", "API tokens"), tokens(shell, view)))
            }
            (components::section("acts", lang.t("Vos derniers actes de sécurité", "Your latest security acts"), html! {
                p.muted { (lang.t("Si l’un n’est pas de vous, changez votre mot de passe et prévenez un administrateur.", "If one is not yours, change your password and tell an administrator.")) }
                (acts(&view.acts, lang))
            }))
        },
    )
}

/// What a form that did nothing says, above its fields.
fn problem(view: &View, form: Form, lang: Lang) -> Markup {
    html! {
        @if let Some((_, text)) = view.problem.as_ref().filter(|(of, _)| *of == form) {
            div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(text, lang)) } }
        }
    }
}

fn form(shell: &Shell, action: &str, body: Markup) -> Markup {
    html! {
        form.form method="post" action=(action) {
            input type="hidden" name="csrf" value=(shell.csrf);
            (body)
        }
    }
}

fn secret(id: &str, label: crate::design::Text, autocomplete: &str, described: Option<&str>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="password" id=(id) name=(id) autocomplete=(autocomplete) required aria-describedby=[described];
        }
    }
}

fn password(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let fields = html! {
        // Password managers tell accounts apart by it.
        input type="text" name="username" value=(view.email) autocomplete="username" hidden;
        (secret("current", lang.t("Mot de passe actuel", "Current password"), "current-password", None))
        (secret("new", lang.t("Nouveau mot de passe", "New password"), "new-password", Some("new-hint")))
        p.hint id="new-hint" {
            (view.shortest_password) " "
            (lang.t("caractères au moins : quelques mots sans rapport entre eux conviennent. Ni majuscule, ni chiffre, ni changement régulier imposés ; les mots de passe que l’on essaie d’abord sont refusés.",
                    "characters at least: a few unrelated words will do. No capital, digit or regular change is imposed; passwords that are tried first are refused."))
        }
        div.form-end {
            button.primary type="submit" { (lang.t("Changer le mot de passe", "Change the password")) }
            p.hint { (lang.t("Vos autres sessions seront fermées et vos jetons révoqués.", "Your other sessions will be closed and your tokens revoked.")) }
        }
    };
    html! { (problem(view, Form::Password, lang)) (form(shell, "/account/password", fields)) }
}

fn passkeys(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    html! {
        p.muted {
            (lang.t("Votre téléphone, votre ordinateur ou une clé matérielle vous reconnaît, d’un geste ou d’un code : ni mot de passe ni code à recopier, rien qu’un faux site puisse prendre. Gardez-en deux.",
                    "Your phone, your computer or a hardware key recognises you, by a gesture or a code: no password and no code to copy, nothing that a false site could take. Keep two of them."))
        }
        @if view.by_passkey_only {
            p.muted { (lang.t("Votre mot de passe seul n’ouvre plus rien.", "Your password alone no longer opens anything.")) }
        }
        (problem(view, Form::Passkey, lang))
        @if !view.passkeys.is_empty() { (passkeys::list(shell, &view.passkeys)) }
        @match &view.offer {
            Some(offer) => (passkeys::adding(shell, offer)),
            None => p.hint { (lang.t("Une clé d’accès se crée sous le nom du site, pas sous son adresse IP.", "A passkey is made under the name of the site, not under its IP address.")) },
        }
    }
}

fn second_factor(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let SecondFactor::Present { recovery_codes_left } = view.second_factor else {
        return html! {
            p { (components::badge(if view.by_passkey_only { Tone::Quiet } else { Tone::Warning }, lang.t("Absent", "Absent"))) }
            @if !view.by_passkey_only { p { (lang.t("Un mot de passe volé suffit pour entrer à votre place. Une application de codes l’empêche.", "A stolen password is enough to come in as you. An application of codes prevents it.")) } }
            p { a.button href="/account/second-factor" { (lang.t("Ajouter un second facteur", "Add a second factor")) } }
        };
    };
    html! {
        (problem(view, Form::SecondFactor, lang))
        p { (components::badge(Tone::Good, lang.t("Application de codes", "Application of codes"))) }
        (form(shell, "/account/recovery-codes", html! {
            p { (lang.t("Codes de secours encore valables :", "Recovery codes left:")) " " strong { (recovery_codes_left) } }
            div.form-end { button type="submit" { (lang.t("Remplacer les codes de secours", "Replace the recovery codes")) } }
        }))
        details {
            summary { (lang.t("Retirer le second facteur", "Remove the second factor")) }
            (form(shell, "/account/second-factor/remove", html! {
                (secret("password", lang.t("Mot de passe", "Password"), "current-password", None))
                div.field {
                    label for="code" { (lang.t("Code à six chiffres, ou code de secours", "Six-digit code, or recovery code")) }
                    input.short type="text" id="code" name="code" maxlength="24" autocomplete="one-time-code" required;
                }
                div.form-end {
                    button type="submit" { (lang.t("Retirer", "Remove")) }
                    p.hint { (lang.t("Vos autres sessions seront fermées et vos jetons révoqués.", "Your other sessions will be closed and your tokens revoked.")) }
                }
            }))
        }
    }
}

fn sessions(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Appareil", "Device").to_string()),
        Column::text(lang.t("Ouverte", "Opened").to_string()),
        Column::text(lang.t("Vue", "Last seen").to_string()),
        Column::text(lang.t("Fermer", "Close").to_string()),
    ];
    let rows = view.sessions.iter().map(|session| {
        let unknown = lang.t("Appareil inconnu", "Unknown device").to_string();
        let device = if session.device.is_empty() { &unknown } else { &session.device };
        Row::new(vec![
            html! { (device) },
            components::when(&session.opened, lang),
            components::when(&session.last_seen, lang),
            html! {
                @if session.current { (components::badge(Tone::Active, lang.t("Celle-ci", "This one"))) }
                @else { (one(shell, "/account/sessions", &session.id, device, lang.t("Fermer", "Close"))) }
            },
        ])
    });
    html! {
        (table("sessions", lang.t("Sessions ouvertes", "Open sessions"), &columns, rows.collect()))
        @if view.sessions.len() > 1 {
            (form(shell, "/account/sessions", html! {
                input type="hidden" name="id" value="others";
                div.form-end { button type="submit" { (lang.t("Fermer toutes les autres", "Close all the others")) } }
            }))
        }
    }
}

/// A button for one row, named after it for those who do not see the row.
fn one(shell: &Shell, action: &str, id: &str, row: &str, label: crate::design::Text) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="id" value=(id);
            button.link type="submit" aria-label={ (label) " " (row) } { (label) }
        }
    }
}

fn tokens(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    html! {
        @if let Some(token) = &view.new_token {
            div.notice.good role="status" {
                (icon(Icon::Check))
                div {
                    p { (lang.t("Copiez ce jeton maintenant : seule son empreinte est gardée, il ne sera plus montré.", "Copy this token now: only its hash is kept, it will not be shown again.")) }
                    p { code.secret { (token) } }
                }
            }
        }
        p.muted {
            (lang.t("Un programme muni d’un jeton a vos droits, tels qu’ils sont au moment où il demande.",
                    "A program with a token has your rights, as they are when it asks."))
        }
        @if !view.tokens.is_empty() { (issued(shell, view)) }
        (problem(view, Form::Token, lang))
        (form(shell, "/account/tokens", html! {
            div.field {
                label for="label" { (lang.t("À quoi servira-t-il ?", "What will it be for?")) }
                input type="text" id="label" name="label" maxlength=(view.longest_label) required;
            }
            (components::select("days", "days", lang.t("Valable", "Valid"), &[
                components::Choice::new("30", lang.t("30 jours", "30 days").to_string()),
                components::Choice::new("90", lang.t("90 jours", "90 days").to_string()),
                components::Choice::new("365", lang.t("Un an", "One year").to_string()),
            ], "90"))
            div.form-end { button.primary type="submit" { (lang.t("Créer un jeton", "Make a token")) } }
        }))
    }
}

fn issued(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Usage", "Use").to_string()),
        Column::text(lang.t("Créé", "Made").to_string()),
        Column::text(lang.t("Servi", "Used").to_string()),
        Column::text(lang.t("Expire", "Expires").to_string()),
        Column::text(lang.t("Révoquer", "Revoke").to_string()),
    ];
    let rows = view.tokens.iter().map(|token| {
        let when = |at: &Option<Zoned>, none| {
            html! {
                @match at { Some(at) => (components::when(at, lang)), None => (none) }
            }
        };
        Row::new(vec![
            html! { (token.label) },
            components::when(&token.created, lang),
            when(&token.last_used, lang.t("Jamais", "Never")),
            when(&token.expires, lang.t("Jamais", "Never")),
            one(shell, "/account/tokens/revoke", &token.id, &token.label, lang.t("Révoquer", "Revoke")),
        ])
    });
    table("tokens", lang.t("Jetons en service", "Tokens in use"), &columns, rows.collect())
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let session = |id: &str, device: &str, opened, seen, current| Session {
        id: id.into(),
        device: device.into(),
        opened: sampling::at(opened),
        last_seen: sampling::at(seen),
        current,
    };
    let token = Token {
        id: "0199-sample".into(),
        label: lang.t("Supervision du parc", "Monitoring of the estate").to_string(),
        created: sampling::at("2026-09-01T09:00"),
        expires: Some(sampling::at("2026-11-30T09:00")),
        last_used: Some(sampling::at("2026-11-03T09:00")),
    };
    let full = View {
        email: "ines@regie-occitane.example".into(),
        passkeys: passkeys::sample_held(lang),
        offer: Some(passkeys::sample_offer()),
        identities: identities::sample(),
        by_passkey_only: false,
        second_factor: SecondFactor::Present { recovery_codes_left: 9 },
        sessions: vec![
            session("a1", "Firefox, Linux", "2026-11-03T08:01", "2026-11-03T10:00", true),
            session("b2", "", "2026-11-01T19:40", "2026-11-02T07:12", false),
        ],
        tokens: vec![Token { last_used: None, expires: None, ..token.clone() }, token],
        acts: sample(lang, false),
        new_token: Some("pbbmX6sample-sample-sample-sample-sample-43".into()),
        problem: None,
        shortest_password: 15,
        longest_label: 80,
    };
    let bare = View {
        passkeys: Vec::new(),
        offer: None,
        identities: Vec::new(),
        second_factor: SecondFactor::Absent,
        sessions: vec![full.sessions[0].clone()],
        tokens: Vec::new(),
        new_token: None,
        ..full.clone()
    };
    let refused = View {
        problem: Some((
            Form::Password,
            lang.t(
                "Le mot de passe actuel n’est pas le bon : rien n’est changé.",
                "The current password is wrong: nothing is changed.",
            )
            .to_string(),
        )),
        ..bare.clone()
    };
    let last = Tied { left: Without::Nothing, ..identities::sample().remove(1) };
    let by_passkey = View {
        second_factor: SecondFactor::Absent,
        identities: vec![Tied { left: Without::OneFactor, ..last.clone() }, last],
        by_passkey_only: true,
        problem: Some((
            Form::Passkey,
            lang.t("cette clé d’accès n’a pas pu être ajoutée", "this passkey could not be added")
                .to_string(),
        )),
        ..full.clone()
    };
    vec![("by-passkey", by_passkey), ("full", full), ("bare", bare), ("refused", refused)]
}
