//! `availability`: the share of agreed time a service is there. Every rule that moves the figure is a
//! field: two honest readings of one month differ by far more than the margin promised.

use base::{Bilingual, Lang, Length, lang};
use terms::availability::{CountedIn, DowntimeStart, Maintenance, OutageOrigin, Unknown};
use terms::{Availability, Terms};

use super::objective::{PERIODS, each};
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const ORIGINS: &[&str] = &["provider", "customer", "third_party", "force_majeure"];

pub const KIND: Kind = Kind {
    name: "availability",
    doc: ("la disponibilité promise d'un service", "the availability promised for a service"),
    example: r#"kind = "availability"
label = "dispo-erp"
then = { service = "ERP", items = ["srv-erp"], calendar = "24x7", target = "99.50 %", per = "month", counted_in = "time", degraded = "50 %", starts = "earlier", maintenance = "excluded", maintenance_notice = "5 days", unknown = "down" }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Exclusive(&["service", "per", "calendar"]),
    guarded: true,
    fields: &[
        Field::required("service", Type::Text, "le service, dans les mots des parties", "the service, in the parties' words"),
        Field::required(
            "items",
            Type::Names,
            "ses éléments du périmètre ; l'un arrêté, le service l'est",
            "its items of the perimeter; one down, the service is down",
        ),
        Field::required(
            "calendar",
            Type::Calendar,
            "le calendrier du temps convenu ; \"24x7\" : jour et nuit",
            "the calendar of agreed time; \"24x7\": day and night",
        ),
        Field::required("target", Type::Percent, "taux à atteindre, comparé avant tout arrondi", "rate to reach, compared before any rounding"),
        Field::required("per", Type::Choice(PERIODS), "période de mesure", "period of measure"),
        Field::required(
            "counted_in",
            Type::Choice(&["time", "user_minutes"]),
            "temps du service, ou minutes de chaque utilisateur",
            "time of the service, or minutes of each user",
        ),
        Field::required("users", Type::Integer(1), "nombre d'utilisateurs", "number of users").when("counted_in", &["user_minutes"]),
        Field::required(
            "degraded",
            Type::Rate,
            "part pour laquelle compte le service dégradé",
            "share for which degraded service counts",
        ),
        Field::required(
            "starts",
            Type::Choice(&["detection", "declaration", "earlier"]),
            "d'où compte une interruption : vue par une sonde, déclarée, la première des deux",
            "from when an outage counts: seen by a probe, declared, the first of the two",
        ),
        Field::required(
            "maintenance",
            Type::Choice(&["excluded", "counted"]),
            "la maintenance annoncée : hors du calcul, ou comptée",
            "announced maintenance: left out, or counted",
        ),
        Field::required("maintenance_notice", Type::Length, "préavis de l'annonce", "notice of the announcement").when("maintenance", &["excluded"]),
        Field::optional(
            "maintenance_most_per_month",
            Type::ClockTime,
            "durée exclue au plus par mois civil ; absente : sans limite",
            "time left out at most each calendar month; absent: no limit",
        )
        .when("maintenance", &["excluded"]),
        Field::optional(
            "maintenance_calendar",
            Type::Calendar,
            "calendrier hors duquel rien n'est exclu ; absent : à toute heure",
            "calendar outside which nothing is left out; absent: at any hour",
        )
        .when("maintenance", &["excluded"]),
        Field::required(
            "unknown",
            Type::Choice(&["up", "down", "excluded"]),
            "le temps que rien n'a mesuré : disponible, indisponible ou hors du calcul",
            "time that nothing measured: up, down or left out",
        ),
        Field::optional(
            "not_counted",
            Type::Choices(ORIGINS),
            "origines d'interruption qui ne comptent pas ; absent : toutes comptent",
            "origins of outages that do not count; absent: all count",
        ),
    ],
    words: &[
        ("time", "temps du service", "time of the service"),
        ("user_minutes", "minutes-utilisateur", "user-minutes"),
        ("detection", "détection", "detection"),
        ("declaration", "déclaration", "declaration"),
        ("earlier", "la première des deux", "the earlier"),
        ("excluded", "hors du calcul", "left out"),
        ("counted", "comptée", "counted"),
        ("up", "disponible", "up"),
        ("down", "indisponible", "down"),
        ("force_majeure", "force majeure", "force majeure"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let counted_in = match f.text("counted_in")?.as_str() {
        "user_minutes" => CountedIn::UserMinutes { users: f.integer("users")? },
        _ => CountedIn::Time,
    };
    let maintenance = match f.text("maintenance")?.as_str() {
        "excluded" => Maintenance::Excluded {
            notice: f.length("maintenance_notice")?,
            most_per_month: f.length("maintenance_most_per_month").and_then(Length::as_seconds),
            within: f.text("maintenance_calendar"),
        },
        _ => Maintenance::Counted,
    };
    let availability = Availability {
        service: f.text("service")?,
        items: f.texts("items"),
        calendar: f.text("calendar")?,
        target: f.percent("target")?,
        per: f.one_of("per")?,
        counted_in,
        degraded: f.percent("degraded")?,
        starts: f.one_of("starts")?,
        maintenance,
        unknown: f.one_of("unknown")?,
        not_counted: f.many_of("not_counted"),
    };
    let rule = c.rule(f, availability);
    c.terms.availabilities.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.availabilities, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let items = list(lang, &then.items.iter().map(String::as_str).collect::<Vec<_>>());
        let (each, target) = (each(lang, then.per), lang::percent(lang, then.target));
        let (service, hours) = (&then.service, hours(lang, &then.calendar));
        let of = match then.counted_in {
            CountedIn::Time => lang.t("du temps convenu".to_owned(), "of agreed time".to_owned()),
            CountedIn::UserMinutes { users } => lang.t(
                format!("des minutes convenues de ses {users} utilisateurs"),
                format!("of the agreed minutes of its {users} users"),
            ),
        };
        let promise = lang.t(
            format!("{each}, le service « {service} » ({items}) est disponible au moins {target} {of}, {hours}, sans arrondi avant de comparer"),
            format!("{each}, the service “{service}” ({items}) is available at least {target} {of}, {hours}, compared before any rounding"),
        );
        let rules = [start(lang, then), degraded(lang, then), maintenance(lang, &then.maintenance), unmeasured(lang, then.unknown)];
        let spared = not_counted(lang, &then.not_counted);
        let sentences: Vec<String> = [promise].into_iter().chain(rules).chain(spared).collect();
        sentences.join(lang.t("\u{202f}; ", "; "))
    }))
}

fn hours(lang: Lang, calendar: &str) -> String {
    match calendar {
        "24x7" => lang.t("jour et nuit", "day and night").to_owned(),
        label => lang.t(format!("aux heures du calendrier « {label} »"), format!("in the hours of the calendar “{label}”")),
    }
}

fn start(lang: Lang, then: &Availability) -> String {
    let from = match then.starts {
        DowntimeStart::Detection => lang.t("de sa détection par une sonde", "from its detection by a probe"),
        DowntimeStart::Declaration => lang.t("de sa déclaration", "from its declaration"),
        DowntimeStart::Earlier => lang.t(
            "de sa détection ou de sa déclaration, la première des deux",
            "from its detection or its declaration, whichever comes first",
        ),
    };
    let any = if then.items.len() > 1 {
        lang.t("un seul élément arrêté arrête le service, et une interruption compte", "one item down is the service down, and an outage counts")
    } else {
        lang.t("une interruption compte", "an outage counts")
    };
    format!("{any} {}{from}", lang.t("à partir ", ""))
}

fn degraded(lang: Lang, then: &Availability) -> String {
    let share = lang::percent(lang, then.degraded);
    lang.t(format!("le temps de service dégradé est perdu pour {share}"), format!("degraded time is lost for {share}"))
}

fn maintenance(lang: Lang, maintenance: &Maintenance) -> String {
    let Maintenance::Excluded { notice, most_per_month, within } = maintenance else {
        return lang.t("la maintenance, même annoncée, compte", "maintenance counts, even announced").to_owned();
    };
    let notice = notice.in_words(lang);
    let most = most_per_month.map(|most| {
        let most = Length::Seconds(most).in_words(lang);
        lang.t(format!(", dans la limite {} par mois", read::of(&most)), format!(", up to {most} a month"))
    });
    let within = within.as_ref().map(|label| {
        lang.t(format!(", aux heures du calendrier « {label} »"), format!(", in the hours of the calendar “{label}”"))
    });
    let limits = format!("{}{}", most.unwrap_or_default(), within.unwrap_or_default());
    lang.t(
        format!("la maintenance annoncée au moins {notice} avant sort du calcul{limits}"),
        format!("maintenance announced at least {notice} before is left out{limits}"),
    )
}

fn unmeasured(lang: Lang, unknown: Unknown) -> String {
    let (fr, en) = match unknown {
        Unknown::Up => ("le temps sans mesure est tenu pour disponible", "time without a measure is taken as up"),
        Unknown::Down => ("le temps sans mesure est tenu pour perdu", "time without a measure is taken as lost"),
        Unknown::Excluded => ("le temps sans mesure sort du calcul", "time without a measure is left out"),
    };
    lang.t(fr, en).to_owned()
}

fn not_counted(lang: Lang, origins: &[OutageOrigin]) -> Option<String> {
    let names: Vec<&str> = origins
        .iter()
        .map(|origin| match origin {
            OutageOrigin::Provider => lang.t("le Prestataire", "the Provider"),
            OutageOrigin::Customer => lang.t("le Client", "the Customer"),
            OutageOrigin::ThirdParty => lang.t("un tiers", "a third party"),
            OutageOrigin::ForceMajeure => lang.t("la force majeure", "force majeure"),
        })
        .collect();
    (!names.is_empty()).then(|| {
        let names = list(lang, &names);
        lang.t(format!("les interruptions causées par {names} ne comptent pas"), format!("outages caused by {names} do not count"))
    })
}
