//! `remote_access`: who may look at, change or update a system from a distance, and on which conditions.
//!
//! ANSSI, secure administration guide, chapter 12 (R60, R66, R69); SecNumCloud 3.2, 12.13 and 19.1.n.

use base::{Bilingual, Lang};
use terms::grant::{AccessAct, Ring, Transfer};
use terms::{Grant, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, country, words};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const TRANSFERS: &[&str] = &["denied", "approved", "allowed"];
const SESSIONS: &[&str] = &["diagnosis", "maintenance"];
const RINGS: &[Field] = &[
    Field::required("name", Type::Text, "nom du palier", "name of the ring"),
    Field::optional("machines", Type::Integer(1), "nombre de machines ; absent : toutes les autres", "how many machines; absent: all the others"),
    Field::optional("watch", Type::Length, "durée d'observation avant le palier suivant", "how long it is watched before the next ring"),
];

pub const KIND: Kind = Kind {
    name: "remote_access",
    doc: (
        "l'accès à distance : télédiagnostic, télémaintenance ou télédistribution, et ses conditions",
        "remote access: diagnosis, maintenance or distribution, and its conditions",
    ),
    example: r#"kind = "remote_access"
label = "telemaintenance"
then = { act = "maintenance", calendar = "24x7", ticket = true, diagnosis = true, approvals = 0, longest = "4 h", recorded = true, transfer_out = "denied", transfer_in = "approved" }
"#,
    family: Family::Security,
    run: Run::NotYet("la passerelle d'accès", "the access gateway"),
    mode: Mode::Exclusive(&["act"]),
    guarded: true,
    fields: &[
        Field::required("act", Type::Choice(&["diagnosis", "maintenance", "distribution"]), "nature de l'intervention à distance", "kind of remote work"),
        Field::required("calendar", Type::Calendar, "calendrier des sessions ; \"24x7\" : à toute heure", "calendar of sessions; \"24x7\": at any time"),
        Field::required("ticket", Type::Flag, "un ticket ouvert est nécessaire", "an open ticket is needed"),
        Field::required("diagnosis", Type::Flag, "un diagnostic consigné sur le même ticket est nécessaire", "a diagnosis recorded on the same ticket is needed")
            .when("act", &["maintenance"]),
        Field::required("approvals", Type::Integer(0), "nombre de personnes du Client qui approuvent chaque session", "how many people of the Customer approve each session"),
        Field::optional("approvals_outside", Type::Integer(1), "nombre d'approbations qui ouvrent hors du calendrier ; absent : rien n'ouvre", "how many approvals open outside the calendar; absent: nothing opens"),
        Field::default("approvers", Type::Texts, "[]", "rôles des contacts qui peuvent approuver", "roles of the contacts who may approve"),
        Field::default("user_consent", Type::Flag, "false", "l'utilisateur présent à la machine donne son accord", "the user at the machine agrees"),
        Field::required("longest", Type::ClockTime, "durée maximale d'une session", "longest session"),
        Field::required("recorded", Type::Flag, "la session est enregistrée", "the session is recorded"),
        Field::required("transfer_out", Type::Choice(TRANSFERS), "sortie de fichiers : refusée, sur accord ou libre", "files taken out: denied, approved or allowed")
            .when("act", SESSIONS),
        Field::required("transfer_in", Type::Choice(TRANSFERS), "dépôt de fichiers : refusé, sur accord ou libre", "files brought in: denied, approved or allowed")
            .when("act", SESSIONS),
        Field::optional("from_countries", Type::Countries, "pays d'où l'on peut se connecter ; absent : ceux des lieux d'administration", "countries to connect from; absent: those of places of administration"),
        Field::required("rings", Type::Tables(RINGS), "paliers de la distribution, dans l'ordre", "rings of the distribution, in order")
            .when("act", &["distribution"]),
        Field::required("rollback", Type::Flag, "la version précédente peut être remise", "the version before can be put back")
            .when("act", &["distribution"]),
    ],
    words: &[
        ("diagnosis", "télédiagnostic", "remote diagnosis"),
        ("maintenance", "télémaintenance", "remote maintenance"),
        ("distribution", "télédistribution", "remote distribution"),
        ("denied", "interdit", "denied"),
        ("approved", "soumis à accord", "subject to approval"),
        ("allowed", "libre", "allowed"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let act: AccessAct = f.one_of("act")?;
    let transfer = |field: &str| match act {
        AccessAct::Distribution => Some(Transfer::Denied),
        _ => f.one_of(field),
    };
    let grant = Grant {
        act,
        hours: Some(f.text("calendar")?),
        ticket: f.flag("ticket")?,
        diagnosis: f.flag("diagnosis").unwrap_or(false),
        approvals: f.integer("approvals")?,
        user_consent: f.flag("user_consent")?,
        longest: f.length("longest")?,
        recorded: f.flag("recorded")?,
        transfer_out: transfer("transfer_out")?,
        transfer_in: transfer("transfer_in")?,
        from_countries: f.texts("from_countries"),
        approvals_outside: f.integer("approvals_outside"),
        approvers: f.texts("approvers"),
        rings: f.tables("rings").iter().filter_map(ring).collect(),
        rollback: f.flag("rollback").unwrap_or(false),
    };
    doubts(f, c, &grant);
    let rule = c.rule(f, grant);
    c.terms.grants.push(rule);
    Some(())
}

fn ring(row: &Fields<'_>) -> Option<Ring> {
    Some(Ring { name: row.text("name")?, machines: row.integer("machines"), watch: row.length("watch") })
}

fn doubts(f: &Fields<'_>, c: &mut Compiler, grant: &Grant) {
    if grant.act == AccessAct::Maintenance && !grant.diagnosis {
        // Seed 004: remote maintenance is what is done « après le diagnostic » (S-244).
        c.push(
            Diagnostic::warning(
                "W-ACCESS-DIAGNOSIS",
                f.place_of("diagnosis"),
                "cette télémaintenance s'ouvre sans diagnostic préalable",
                "this remote maintenance opens without a diagnosis before it",
            )
            .help(
                "écrivez diagnosis = true : on constate avant de modifier, et le ticket le montre",
                "write diagnosis = true: look before changing, and let the ticket show it",
            ),
        );
    }
    if !grant.recorded {
        c.push(
            Diagnostic::warning(
                "W-ACCESS-RECORDED",
                f.place_of("recorded"),
                "ces sessions ne laissent pas d'enregistrement : rien ne prouvera ce qui y a été fait",
                "these sessions leave no recording: nothing will prove what was done in them",
            )
            .help(
                "écrivez recorded = true (ANSSI, administration sécurisée, R69 : contrôle d'accès et traçabilité stricts)",
                "write recorded = true (ANSSI, secure administration, R69: strict access control and traceability)",
            ),
        );
    }
    if grant.act == AccessAct::Distribution && grant.rings.len() < 2 {
        // Seed 003: « mettre en place préalablement une version test » (S-116).
        c.push(
            Diagnostic::warning(
                "W-ACCESS-RINGS",
                f.place_of("rings"),
                "une distribution à un seul palier atteint tout le parc sans version test",
                "a distribution in one ring reaches every machine without a test version",
            )
            .help(
                "écrivez d'abord un palier d'essai : { name = \"essai\", machines = 3, watch = \"48 h\" }",
                "write a test ring first: { name = \"test\", machines = 3, watch = \"48 h\" }",
            ),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.grants, label)?;
    let grant = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let mut parts = vec![opening(lang, grant)];
        if grant.ticket {
            parts.push(lang.t("sur un ticket ouvert", "on an open ticket").to_owned());
        }
        if grant.diagnosis {
            parts.push(
                lang.t("après un diagnostic consigné sur ce ticket", "after a diagnosis recorded on that ticket")
                    .to_owned(),
            );
        }
        parts.push(approval(lang, grant));
        if grant.user_consent {
            parts.push(lang.t("avec l'accord de l'utilisateur présent", "with the consent of the user at the machine").to_owned());
        }
        let longest = grant.longest.in_words(lang);
        parts.push(lang.t(format!("pour {longest} au plus"), format!("for at most {longest}")));
        if !grant.from_countries.is_empty() {
            let from = country::from(lang, &grant.from_countries);
            parts.push(lang.t(format!("{from} seulement"), format!("{from} only")));
        }
        parts.push(match grant.recorded {
            true => lang.t("sous enregistrement", "and recorded").to_owned(),
            false => lang.t("sans enregistrement", "and not recorded").to_owned(),
        });
        format!("{}{}", parts.join(", "), tail(lang, grant))
    }))
}

fn opening(lang: Lang, grant: &Grant) -> String {
    let (fr, en) = match grant.act {
        AccessAct::Diagnosis => ("le télédiagnostic s'ouvre", "remote diagnosis opens"),
        AccessAct::Maintenance => ("la télémaintenance s'ouvre", "remote maintenance opens"),
        AccessAct::Distribution => ("la télédistribution se fait", "remote distribution takes place"),
    };
    match grant.hours.as_deref() {
        Some(hours) if hours != "24x7" => {
            lang.t(format!("{fr} dans les heures [{hours}]"), format!("{en} in the hours of [{hours}]"))
        }
        _ => lang.t(format!("{fr} à toute heure"), format!("{en} at any time")),
    }
}

fn approval(lang: Lang, grant: &Grant) -> String {
    let roles: Vec<_> = grant.approvers.iter().map(|role| words::common(lang, role)).collect();
    let roles = list(lang, &roles.iter().map(AsRef::as_ref).collect::<Vec<&str>>());
    // Said once: the same people approve in and out of hours.
    let named = if roles.is_empty() { roles } else { format!(" ({roles})") };
    let of = |n: u32, roles: &str| match n {
        0 => lang.t("sans approbation du Client".to_owned(), "without approval by the Customer".to_owned()),
        1 => lang.t(
            format!("avec l'approbation d'une personne du Client{roles}"),
            format!("with the approval of one person of the Customer{roles}"),
        ),
        2 => lang.t(
            format!("avec l'approbation de deux personnes du Client{roles}"),
            format!("with the approval of two people of the Customer{roles}"),
        ),
        n => lang.t(
            format!("avec l'approbation de {n} personnes du Client{roles}"),
            format!("with the approval of {n} people of the Customer{roles}"),
        ),
    };
    match grant.approvals_outside {
        Some(n) => {
            let outside = of(n, "");
            let inside = of(grant.approvals, &named);
            lang.t(format!("{inside} et, hors de ces heures, {outside}"), format!("{inside} and, outside these hours, {outside}"))
        }
        None => of(grant.approvals, &named),
    }
}

/// The transfers of a session, or the rings of a distribution.
fn tail(lang: Lang, grant: &Grant) -> String {
    if grant.act != AccessAct::Distribution {
        let word = |t: Transfer| KIND.word(lang, transfer_key(t)).into_owned();
        let (out, into) = (word(grant.transfer_out), word(grant.transfer_in));
        return lang.t(
            format!("\u{202f}; transfert de fichiers vers l'extérieur{}: {out}, vers le système{}: {into}", '\u{a0}', '\u{a0}'),
            format!("; file transfers out: {out}, in: {into}"),
        );
    }
    let rings: Vec<String> = grant.rings.iter().map(|r| one_ring(lang, r)).collect();
    let back = match grant.rollback {
        true => lang.t(", avec retour possible à la version précédente", ", with a way back to the version before"),
        false => lang.t(", sans retour à la version précédente", ", without a way back"),
    };
    let rings = rings.join(lang.t(", puis ", ", then "));
    lang.t(format!("\u{202f}; par paliers\u{a0}: {rings}{back}"), format!("; in rings: {rings}{back}"))
}

fn one_ring(lang: Lang, ring: &Ring) -> String {
    let machines = match ring.machines {
        None => lang.t("toutes les autres machines".to_owned(), "all other machines".to_owned()),
        Some(1) => lang.t("une machine".to_owned(), "one machine".to_owned()),
        Some(n) => lang.t(format!("{n} machines"), format!("{n} machines")),
    };
    let watch = ring.watch.map(|w| w.in_words(lang)).map_or_else(String::new, |w| {
        // Of « machine », singular or plural.
        let agreed = if ring.machines == Some(1) { "observée" } else { "observées" };
        lang.t(format!(" {agreed} pendant {w}"), format!(" watched for {w}"))
    });
    lang.t(format!("« {} » ({machines}{watch})", ring.name), format!("“{}” ({machines}{watch})", ring.name))
}

fn transfer_key(transfer: Transfer) -> &'static str {
    match transfer {
        Transfer::Denied => "denied",
        Transfer::Approved => "approved",
        Transfer::Allowed => "allowed",
    }
}
