//! `/customers/{customer}/contracts`: what was signed, how the machine reads it, and signing.

use app::agreements::Agreement;
use app::{Act, App, AppError, Principal};
use axum::extract;
use axum::response::Response;
use base::Bilingual;
use base::id::ContractId;
use contract::ClauseState;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::operation::Operation;
use super::problem::Failure;
use super::reply::Reply;
use super::request::{At, CONTRACT, Caller, Entity, Key, Parameters, permit};
use super::schema::{Bounded, answer, ask, words};
use super::{API, instant};
use crate::http::State;

words! {
    /// What became of a clause: in force, replaced by another, or ended.
    ClauseStanding ["in_force", "replaced", "ended"];
}

answer! {
    /// A contract, in a list.
    ContractLine {
        id: ContractId,
        /// As the parties number it.
        number: String,
        title: String,
        /// How many versions were signed: the contract, then its amendments.
        versions: u32,
        /// The hash of the version in force now, if one is.
        in_force: Option<String>,
    }

    /// The contracts of a customer.
    Contracts {
        items: Vec<ContractLine>,
    }

    /// One signed version.
    ContractVersion {
        /// 1 for the contract, then one for each amendment.
        version: u32,
        file: String,
        signed: Timestamp,
        /// The first day it holds.
        effective: Date,
        /// SHA-256 of this text.
        text_hash: String,
        /// SHA-256 of all texts up to this one: what a ticket names as its version.
        version_hash: String,
        /// SHA-256 of what they compile to.
        terms_hash: String,
        /// How the text is read, for ever.
        semantics: u32,
        /// The journal entry of the signature.
        entry: u64,
    }

    /// A clause, and what the machine does of it.
    ClauseRead {
        article: String,
        label: String,
        /// `commitment`, `penalty`…
        kind: String,
        state: ClauseStanding,
        /// The label that replaces it.
        replaced_by: Option<String>,
        /// What the machine will do, in one sentence.
        read_back: Bilingual,
    }

    /// A contract, read back clause by clause.
    ContractRead {
        id: ContractId,
        number: String,
        title: String,
        /// The zone of its dates.
        zone: String,
        /// The hash of the version in force now, if one is.
        in_force: Option<String>,
        versions: Vec<ContractVersion>,
        /// The version that the clauses are read in.
        read: u32,
        clauses: Vec<ClauseRead>,
    }

    /// A contract or an amendment just signed.
    SignedAnswer {
        id: ContractId,
        number: String,
        version: u32,
        version_hash: String,
        effective: Date,
        /// Its journal entry.
        entry: u64,
    }
}

ask! {
    /// A text that both parties sign: the caller is one, the second token speaks for the other.
    SignAsk {
        /// The name that diagnostics and citations give the text: `contrat.md`.
        file: Bounded<1, 200>,
        /// The contract or the amendment, whole; kept byte for byte.
        text: Bounded<1, 1_048_576>,
        /// A token of a signatory of the other party.
        countersigned_by_token: Bounded<1, 200>,
    }

    /// Which version.
    VersionQuery {
        /// 1 for the contract as first signed; the last if absent.
        version: Option<u32>,
    }

    /// Which version's own file.
    TextQuery {
        /// 1, the contract itself, if absent; an amendment's text is that of its version.
        version: Option<u32>,
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/customers/{customer}/contracts", "listContracts", "contracts", list)
            .about("Les contrats d'un client", "A customer's contracts")
            .gives::<Contracts>(),
        Operation::post("/customers/{customer}/contracts", "signContract", "contracts", sign)
            .about("Signer un contrat ou un avenant", "Sign a contract or an amendment")
            .takes::<SignAsk>(|| {
                vec![(
                    "contract",
                    json!({
                        "file": "contrat.md",
                        "text": "+++\ncontract = \"CTR-2026-900\"\n…",
                        "countersigned_by_token": "the-token-of-a-signatory-of-the-other-party",
                    }),
                )]
            })
            .gives::<SignedAnswer>(),
        Operation::get("/customers/{customer}/contracts/{number}", "getContract", "contracts", show)
            .about("Un contrat, relu clause par clause", "A contract, read back clause by clause")
            .query(VersionQuery::properties)
            .gives::<ContractRead>(),
        Operation::get("/customers/{customer}/contracts/{number}/text", "getContractText", "contracts", text)
            .about("Le texte signé, à l'octet près", "The signed text, byte for byte")
            .query(TextQuery::properties)
            .gives_raw("text/markdown"),
    ]
}

async fn list(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At(customer): At<String>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let agreements = app.vault(permit.customer())?.agreements()?;
            let items = agreements.contracts.iter().map(|a| line(a, app.now())).collect();
            Ok(Reply::json(&Contracts { items }))
        })
        .await
}

async fn sign(
    extract::State(web): extract::State<State>,
    caller: Caller,
    Key(key): Key,
    At(customer): At<String>,
    body: Entity<SignAsk, CONTRACT>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let mine = permit(app, who, &customer, Act::SignContract)?;
            let ask = body.read()?;
            let theirs = other_party(app, &ask.countersigned_by_token.0)?
                .permit(Act::SignContract, mine.customer())
                .map_err(|_| not_a_signatory())?;
            let (provider, customer_side) =
                if who.role.is_provider() { (&mine, &theirs) } else { (&theirs, &mine) };
            let signed = app.sign_contract_once(provider, customer_side, &key, &ask.file.0, &ask.text.0)?;
            let answer = SignedAnswer {
                id: signed.contract,
                number: signed.number,
                version: signed.version,
                version_hash: signed.version_hash,
                effective: signed.effective,
                entry: signed.entry,
            };
            let location = format!("{API}/customers/{customer}/contracts/{}", segment(&answer.number));
            Ok(Reply::created(&answer, location))
        })
        .await
}

fn other_party(app: &App, token: &str) -> Result<Principal, AppError> {
    app.bearer(token).map_err(|error| match error {
        AppError::Unauthenticated => not_a_signatory(),
        other => other,
    })
}

fn not_a_signatory() -> AppError {
    AppError::invalid(
        "countersigned_by_token",
        "ce jeton n'est pas celui d'un signataire de l'autre partie",
        "this token is not that of a signatory of the other party",
    )
}

async fn show(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, number)): At<(String, String)>,
    Parameters(query): Parameters<VersionQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let agreements = app.vault(permit.customer())?.agreements()?;
            let agreement = agreements.by_number(&number)?;
            Ok(Reply::json(&read(agreement, query.version, app.now())?))
        })
        .await
}

async fn text(
    extract::State(web): extract::State<State>,
    caller: Caller,
    At((customer, number)): At<(String, String)>,
    Parameters(query): Parameters<TextQuery>,
) -> Response {
    caller
        .run(&web, move |app, who| {
            let permit = permit(app, who, &customer, Act::SeeContract)?;
            let agreements = app.vault(permit.customer())?.agreements()?;
            let agreement = agreements.by_number(&number)?;
            let wanted = query.version.unwrap_or(1);
            let signed = agreement.texts.iter().find(|t| t.row.version == wanted);
            let signed = signed.ok_or(Failure::App(AppError::NotFound))?;
            let reply = Reply::bytes("text/markdown; charset=utf-8", signed.text.clone().into_bytes());
            Ok(reply.immutable(Some(&signed.row.text_hash)))
        })
        .await
}

fn line(agreement: &Agreement, now: Timestamp) -> ContractLine {
    ContractLine {
        id: agreement.id,
        number: agreement.number.clone(),
        title: agreement.title.clone(),
        versions: u32::try_from(agreement.texts.len()).unwrap_or(u32::MAX),
        in_force: agreement.in_force(now).ok().map(|v| v.hash.clone()),
    }
}

fn read(agreement: &Agreement, version: Option<u32>, now: Timestamp) -> Result<ContractRead, AppError> {
    let signed = match version {
        Some(wanted) => agreement.texts.iter().find(|t| t.row.version == wanted).ok_or(AppError::NotFound)?,
        None => agreement.latest(),
    };
    let ContractLine { id, number, title, in_force, .. } = line(agreement, now);
    let versions = agreement.texts.iter().map(|t| {
        let row = t.row.clone();
        Ok(ContractVersion {
            version: row.version,
            file: row.file,
            signed: instant(row.signed),
            effective: row.effective.parse().map_err(AppError::fault)?,
            text_hash: row.text_hash,
            version_hash: row.version_hash,
            terms_hash: row.terms_hash,
            semantics: row.semantics,
            entry: row.seq,
        })
    });
    let clauses = signed.compiled.document.articles.iter().flat_map(|article| {
        article.clauses.iter().map(|clause| {
            let (state, replaced_by) = match &clause.state {
                ClauseState::InForce => ("in_force", None),
                ClauseState::Replaced { by } => ("replaced", Some(by.clone())),
                ClauseState::Ended => ("ended", None),
            };
            ClauseRead {
                article: article.title.clone(),
                label: clause.label.clone(),
                kind: clause.kind.to_owned(),
                state: ClauseStanding::of(state),
                replaced_by,
                read_back: clause.read_back.clone(),
            }
        })
    });
    Ok(ContractRead {
        id,
        number,
        title,
        zone: signed.compiled.terms.zone.clone(),
        in_force,
        versions: versions.collect::<Result<_, AppError>>()?,
        read: signed.row.version,
        clauses: clauses.collect(),
    })
}

/// A name as one segment of an address (RFC 3986, 3.3).
fn segment(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}
