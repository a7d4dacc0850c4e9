//! What a failure looks like to a program: `application/problem+json` (RFC 9457), the article included
//! where the contract refused.

use app::{AppError, Refusal};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base::{Bilingual, Lang};
use serde::Serialize;

use super::schema::{Components, Property, Schema, answer, object};

/// What kept a request from being done.
#[derive(Debug)]
pub enum Failure {
    App(AppError),
    /// The body is not JSON.
    Malformed {
        line: usize,
        column: usize,
    },
    /// The body or the query is JSON, not what the operation takes.
    Unfit {
        field: String,
        why: String,
    },
    /// A write without `Idempotency-Key`, or with one that cannot be.
    KeyMissing,
    MediaType,
    TooLarge {
        limit: usize,
    },
    /// The caller went away before the body was whole.
    CutShort,
    /// An address of the API that does not exist.
    NoRoute,
    Method,
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Failure {
        Failure::App(error)
    }
}

answer! {
    /// An article of the signed contract, cited by a refusal.
    CitedArticle {
        /// The heading as signed.
        article: String,
        /// The clause's label, unique in its contract.
        label: String,
        /// What it says of this case.
        text: Bilingual,
    }
}

/// The body of every failure. Members that do not apply are left out (RFC 9457, 3.2).
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    code: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    articles: Vec<CitedArticle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostics: Option<Bilingual>,
    #[serde(skip)]
    lang: Lang,
}

impl Schema for Problem {
    fn schema(components: &mut Components) -> serde_json::Value {
        components.named("Problem", |c| {
            let articles = <Vec<CitedArticle>>::schema(c);
            let (text, number) = (String::schema(c), u64::schema(c));
            let (uri, status) = (
                serde_json::json!({ "type": "string", "format": "uri-reference" }),
                serde_json::json!({ "type": "integer", "minimum": 400, "maximum": 599 }),
            );
            let property = |name, about, schema: &serde_json::Value, required| Property {
                name,
                about,
                schema: schema.clone(),
                required,
            };
            let mut schema = object(
                "Why the request was not done (RFC 9457).",
                vec![
                    property("type", "Stable: `/problems/` and the code.", &uri, true),
                    property("title", "The class of problem.", &text, true),
                    property("status", "The HTTP status.", &status, true),
                    property("detail", "What happened and what to do, in the language asked.", &text, true),
                    property("code", "Stable, for programs.", &text, true),
                    property("articles", "Where the contract refused: what it says.", &articles, false),
                    property(
                        "entry",
                        "The journal entry of the refusal, when it was recorded.",
                        &number,
                        false,
                    ),
                    property("field", "The value that cannot be taken.", &text, false),
                    property("reference", "To give to the provider: the log holds the cause.", &text, false),
                    property(
                        "diagnostics",
                        "The compiler's findings, for a contract that does not compile.",
                        &Bilingual::schema(c),
                        false,
                    ),
                ],
            );
            schema["examples"] = serde_json::json!([{
                "type": "/problems/perimeter.refused",
                "title": "Refusé",
                "status": 409,
                "detail": "Le contrat ne couvre pas cette demande.",
                "code": "perimeter.refused",
                "articles": [{
                    "article": "Article 9 – Exclusions",
                    "label": "code-erp",
                    "text": {
                        "fr": "Le code applicatif du progiciel est hors périmètre.",
                        "en": "The application code of the ERP is outside the perimeter.",
                    },
                }],
                "entry": 1207,
            }]);
            schema
        })
    }
}

impl Failure {
    /// The problem, in the caller's language.
    pub fn problem(self, lang: Lang) -> Problem {
        match self {
            Failure::App(error) => of_app(error, lang),
            Failure::Malformed { line, column } => Problem::new(lang, 400, "json.malformed").saying(
                format!("Le corps n'est pas du JSON : ligne {line}, colonne {column}."),
                format!("The body is not JSON: line {line}, column {column}."),
            ),
            Failure::Unfit { field, why } => {
                let said = Problem::new(lang, 422, "invalid").saying(
                    format!("« {field} » : {why}. Voyez /api/v1/openapi.json."),
                    format!("“{field}”: {why}. See /api/v1/openapi.json."),
                );
                Problem { field: Some(field), ..said }
            }
            Failure::KeyMissing => {
                let said = Problem::new(lang, 400, "idempotency.key_missing").saying(
                    "Envoyez un en-tête Idempotency-Key de 1 à 200 caractères ASCII visibles, par exemple un UUID \
                     neuf pour chaque intention, et répétez-le à chaque nouvel essai de la même demande.",
                    "Send an Idempotency-Key header of 1 to 200 visible ASCII characters, for example a fresh UUID \
                     for each intention, and repeat it with every retry of the same request.",
                );
                Problem { field: Some("Idempotency-Key".to_owned()), ..said }
            }
            Failure::MediaType => Problem::new(lang, 415, "media_type").saying(
                "Le corps doit être du JSON : Content-Type: application/json.",
                "The body must be JSON: Content-Type: application/json.",
            ),
            Failure::TooLarge { limit } => Problem::new(lang, 413, "body.too_large").saying(
                format!("Le corps dépasse {} Kio.", limit / 1024),
                format!("The body is larger than {} KiB.", limit / 1024),
            ),
            Failure::CutShort => Problem::new(lang, 400, "body.cut_short")
                .saying("Le corps n'est pas arrivé en entier.", "The body did not arrive whole."),
            Failure::NoRoute => Problem::new(lang, 404, "not_found").saying(
                "Cette adresse n'existe pas. Voyez /api/v1/openapi.json.",
                "This address does not exist. See /api/v1/openapi.json.",
            ),
            Failure::Method => Problem::new(lang, 405, "method").saying(
                "Cette adresse ne connaît pas cette méthode : voyez l'en-tête Allow.",
                "This address does not know this method: see the Allow header.",
            ),
        }
    }
}

fn of_app(error: AppError, lang: Lang) -> Problem {
    match error {
        AppError::Unauthenticated => Problem::new(lang, 401, "auth.required").saying(
            "Envoyez un jeton valable : Authorization: Bearer JETON.",
            "Send a valid token: Authorization: Bearer TOKEN.",
        ),
        AppError::SecondFactorMissing => Problem::new(lang, 403, "second_factor.missing").saying(
            "Le compte de ce jeton est du prestataire et n'a pas de second facteur : ajoutez-en un sur sa page.",
            "This token's account is the provider's and has no second factor: add one on its page.",
        ),
        AppError::NotFound => Problem::new(lang, 404, "not_found").saying(
            "Rien de tel, ou rien que ce jeton ait le droit de voir ou de faire.",
            "No such thing, or none that this token may see or do.",
        ),
        // The contract opens no access at all to whoever has not signed: not a matter of this request.
        AppError::Refused(refusal) if refusal.code == "undertaking.owed" => refused(*refusal, 403, lang),
        AppError::Refused(refusal) => refused(*refusal, 409, lang),
        AppError::Invalid(invalid) => {
            let said = Problem::new(lang, 422, "invalid").saying(
                format!("« {} » : {}.", invalid.field, invalid.text.fr),
                format!("“{}”: {}.", invalid.field, invalid.text.en),
            );
            Problem { field: Some(invalid.field), ..said }
        }
        AppError::DoesNotCompile { fr, en } => {
            let said = Problem::new(lang, 422, "contract.does_not_compile").saying(
                "Le texte ne compile pas, il ne peut donc être signé : voyez « diagnostics ».",
                "The text does not compile, so it cannot be signed: see “diagnostics”.",
            );
            Problem { field: Some("text".to_owned()), diagnostics: Some(Bilingual::new(fr, en)), ..said }
        }
        AppError::IdempotencyConflict => Problem::new(lang, 409, "idempotency.conflict").saying(
            "Cette Idempotency-Key a déjà servi à une autre demande : prenez-en une neuve pour chaque intention.",
            "This Idempotency-Key was already used for another request: take a fresh one for each intention.",
        ),
        AppError::OutcomeUnknown => Problem::new(lang, 503, "outcome.unknown").saying(
            "On ne sait pas si l'écriture a abouti : recommencez avec la même Idempotency-Key.",
            "It is not known whether the write is on disk: retry with the same Idempotency-Key.",
        ),
        AppError::Busy => Problem::new(lang, 429, "busy").saying(
            "Trop de demandes à la fois : recommencez dans un instant, avec la même Idempotency-Key.",
            "Too many requests at once: retry in a moment, with the same Idempotency-Key.",
        ),
        AppError::Fault { reference } => {
            let said = Problem::new(lang, 500, "fault").saying(
                format!("Une erreur interne s'est produite ; rien n'a été modifié. Référence : {reference}."),
                format!("An internal error occurred; nothing was changed. Reference: {reference}."),
            );
            Problem { reference: Some(reference), ..said }
        }
    }
}

fn refused(refusal: Refusal, status: u16, lang: Lang) -> Problem {
    // What no clause says (an item that nobody listed) still explains the refusal.
    let mut detail = refusal.text;
    for reason in refusal.reasons.iter().filter(|r| r.cites.is_none()) {
        detail.fr = format!("{} {}", detail.fr, reason.text.fr);
        detail.en = format!("{} {}", detail.en, reason.text.en);
    }
    let articles = refusal
        .reasons
        .into_iter()
        .filter_map(|reason| {
            let clause = reason.cites?;
            Some(CitedArticle { article: clause.article, label: clause.label, text: reason.text })
        })
        .collect();
    let said = Problem::new(lang, status, &refusal.code).saying(detail.fr, detail.en);
    Problem { articles, entry: refusal.entry, ..said }
}

impl Problem {
    fn new(lang: Lang, status: u16, code: &str) -> Problem {
        Problem {
            kind: format!("/problems/{code}"),
            title: title(status, lang).to_owned(),
            status,
            detail: String::new(),
            code: code.to_owned(),
            articles: Vec::new(),
            entry: None,
            field: None,
            reference: None,
            diagnostics: None,
            lang,
        }
    }

    fn saying(self, fr: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem { detail: self.lang.t(fr.into(), en.into()), ..self }
    }
}

/// The class of a problem, one for each status.
pub fn title(status: u16, lang: Lang) -> &'static str {
    let (fr, en) = match status {
        400 => ("Demande illisible", "Unreadable request"),
        401 => ("Jeton attendu", "Token expected"),
        403 => ("Accès pas encore ouvert", "Access not open yet"),
        404 => ("Introuvable", "Not found"),
        405 => ("Méthode inconnue ici", "Method unknown here"),
        409 => ("Refusé", "Refused"),
        413 => ("Demande trop longue", "Request too large"),
        415 => ("Format non pris en charge", "Unsupported format"),
        422 => ("Valeur invalide", "Invalid value"),
        429 => ("Trop de demandes", "Too many requests"),
        503 => ("Issue inconnue", "Outcome unknown"),
        _ => ("Erreur interne", "Internal error"),
    };
    lang.t(fr, en)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).expect("invariant: texts and numbers only");
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.tag()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.status {
            // RFC 6750, 3.
            401 => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"regisseur\""));
            }
            429 | 503 => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// The language of the answer: French, unless English is preferred (RFC 9110, 12.5.4).
pub fn lang(headers: &HeaderMap) -> Lang {
    let Some(accepted) = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else { return Lang::Fr };
    let mut best = (Lang::Fr, 0);
    for range in accepted.split(',') {
        let mut parts = range.trim().split(';');
        let Some(lang) = parts.next().and_then(|tag| Lang::from_tag(&tag.trim().to_ascii_lowercase())) else {
            continue;
        };
        let quality = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if quality > best.1 {
            best = (lang, quality);
        }
    }
    best.0
}

/// `0.8` as 800: a weight has at most three decimals (RFC 9110, 12.4.2).
fn thousandths(weight: &str) -> u32 {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let whole: u32 = whole.parse().unwrap_or(0);
    let decimals: u32 = format!("{decimals:0<3}").get(..3).and_then(|d| d.parse().ok()).unwrap_or(0);
    whole.min(1) * 1000 + decimals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_unless_english_is_preferred() {
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap());
            lang(&headers)
        };
        assert_eq!(lang(&HeaderMap::new()), Lang::Fr);
        assert_eq!(asked("en-GB,en;q=0.9,fr;q=0.8"), Lang::En);
        assert_eq!(asked("fr;q=0.4, en;q=0.7"), Lang::En);
        assert_eq!(asked("de, fr;q=0.9, en;q=0.2"), Lang::Fr);
        assert_eq!(asked("de"), Lang::Fr);
        assert_eq!(asked("en;q=0"), Lang::Fr);
    }
}
