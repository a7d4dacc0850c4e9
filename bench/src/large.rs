//! A valid contract of a hundred pages: every kind of clause, guards, exceptions, examples, and prose
//! with interpolations. The same seed gives the same text.

use std::sync::LazyLock;

use contract::{KINDS, Mode, compile};

use crate::Numbers;

/// Words of contracts; what they say does not matter, their lengths and accents do.
const WORDS: &[&str] = &[
    "le",
    "la",
    "les",
    "Prestataire",
    "Client",
    "s'engage",
    "à",
    "de",
    "du",
    "des",
    "dans",
    "conditions",
    "prévues",
    "présent",
    "article",
    "sans",
    "préjudice",
    "services",
    "infogérés",
    "périmètre",
    "défini",
    "annexe",
    "toute",
    "modification",
    "fait",
    "l'objet",
    "d'un",
    "avenant",
    "signé",
    "par",
    "parties",
    "délai",
    "raisonnable",
    "notification",
    "écrite",
    "données",
    "confidentielles",
    "sécurité",
    "exploitation",
    "supervision",
    "sauvegarde",
    "réversibilité",
    "comité",
    "pilotage",
    "mensuel",
    "rapport",
    "activité",
    "et",
    "ou",
    "lorsque",
    "survient",
    "incident",
    "majeur",
    "selon",
    "procédure",
    "décrite",
    "ci-après",
];

const PRIORITIES: [&str; 4] = ["P1", "P2", "P3", "P4"];
const SITES: usize = 16;

/// A contract with about `clauses` clauses and `prose` bytes of prose.
pub fn contract(seed: u64, clauses: usize, prose: usize) -> String {
    let mut numbers = Numbers::new(seed);
    let mut blocks = core(&mut numbers);
    blocks.extend(OTHERS.iter().cloned());
    let mut count = 0;
    while blocks.len() < clauses {
        count += 1;
        blocks.push(clause(
            "perimeter",
            &format!("lot-{count}"),
            "",
            &format!(
                "class = \"class_{count}\", title = \"Lot n° {count}\", count = {}, status = \"in\"",
                1 + numbers.below(50)
            ),
        ));
    }
    text(&mut numbers, &blocks, prose)
}

/// The same contract, one clause in twenty of those with a delay, a price or a count changed, and a
/// paragraph under one article in ten.
pub fn amended(text: &str) -> String {
    let mut changed = String::with_capacity(text.len() + 4000);
    let (mut clauses, mut articles) = (0, 0);
    for line in text.split_inclusive('\n') {
        let kind = ["then = { within = \"", "unit_price = \"1", "included_per_month = "]
            .iter()
            .any(|k| line.contains(k));
        clauses += usize::from(kind);
        articles += usize::from(line.starts_with("## "));
        let line = match (kind, clauses % 20) {
            (true, 0) => line
                .replace("within = \"", "within = \"1")
                .replace("unit_price = \"1", "unit_price = \"2")
                .replace("included_per_month = ", "included_per_month = 1"),
            _ => line.to_owned(),
        };
        changed.push_str(&line);
        if line.starts_with("## ") && articles % 10 == 0 {
            changed.push_str("\nLe présent article est complété par l'annexe jointe.\n");
        }
    }
    changed
}

/// A block, its label, and what the prose interpolates of it.
#[derive(Clone)]
struct Block {
    toml: String,
    interpolation: Option<String>,
}

fn clause(kind: &str, label: &str, head: &str, then: &str) -> Block {
    let toml = format!("kind = \"{kind}\"\nlabel = \"{label}\"\n{head}then = {{ {then} }}\n");
    let field = ["start", "within", "rate", "unit_price", "name", "title", "reason", "then_price"]
        .into_iter()
        .find(|f| then.contains(&format!("{f} = ")));
    Block { toml, interpolation: field.map(|f| format!("{{{{ {label}.{f} }}}}")) }
}

/// The kinds whose clauses lean on one another.
fn core(numbers: &mut Numbers) -> Vec<Block> {
    let sites: Vec<String> = (0..SITES).map(|i| format!("s{i} = \"Site {i}\"")).collect();
    let mut all = vec![
        clause(
            "parties",
            "client",
            "",
            &format!(
                "role = \"customer\", name = \"Client SA\", siren = \"000000125\", address = \"Lyon\", sites = {{ {} }}",
                sites.join(", ")
            ),
        ),
        clause(
            "parties",
            "prestataire",
            "",
            "role = \"provider\", name = \"Prestataire SAS\", siren = \"000000117\", address = \"Toulouse\"",
        ),
        clause(
            "term",
            "duree",
            "",
            "start = 2026-03-01, lasts = \"36 months\", renewal = \"tacit\", renewal_lasts = \"12 months\", notice = \"3 months\", phases = [{ name = \"intégration\", from = 2026-03-01, until = 2026-03-31 }, { name = \"exploitation\", from = 2026-04-01 }]",
        ),
        clause("hotline", "assistance", "", "form = \"unlimited\", calendar = \"ho\""),
        clause(
            "penalty_cap",
            "plafond",
            "",
            "per = \"month\", rate = \"10 %\", base = \"monthly_fee_in_force\"",
        ),
    ];
    all.extend(referred_to());
    let holidays: Vec<String> = (2026..2030)
        .flat_map(|y| {
            [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
                .map(|(m, d)| format!("{y}-{m:02}-{d:02}"))
        })
        .collect();
    all.push(clause("calendar", "ho", "", &format!("zone = \"Europe/Paris\", week = {{ mon-fri = [\"09:00-12:30\", \"14:00-18:00\"] }}, holidays = [{}]", holidays.join(", "))));
    for site in 0..SITES / 2 {
        let head = format!("exception_to = \"ho\"\nwhen = {{ site = [\"s{site}\"] }}\n");
        all.push(clause(
            "calendar",
            &format!("ho-{site}"),
            &head,
            &format!("closed = [2026-05-{:02}]", 11 + site),
        ));
    }
    all.push(clause("priority_matrix", "priorites", "", "priorities = [\"P1\", \"P2\", \"P3\", \"P4\"], impacts = [\"site\", \"user\"], urgencies = [\"high\", \"low\"], cells = { site = { high = \"P1\", low = \"P2\" }, user = { high = \"P3\", low = \"P4\" } }"));
    for (promise, stops, label) in
        [("respond", "first_human_act", "prise"), ("restore", "service_restored", "retabli")]
    {
        all.push(clause("commitment", label, "", &format!("promise = \"{promise}\", within = \"16 h\", calendar = \"ho\", starts = \"declared\", stops = \"{stops}\"")));
        for (site, priority) in (0..SITES).flat_map(|s| PRIORITIES.map(|p| (s, p))).take(48) {
            let head = format!(
                "exception_to = \"{label}\"\nwhen = {{ priority = [\"{priority}\"], site = [\"s{site}\"] }}\n"
            );
            all.push(clause(
                "commitment",
                &format!("{label}-{site}-{priority}"),
                &head,
                &format!("within = \"{} h\"", 1 + numbers.below(12)),
            ));
        }
        for per in ["month", "quarter"] {
            all.push(clause(
                "objective",
                &format!("objectif-{label}-{per}"),
                "",
                &format!("promise = \"{promise}\", rate = \"95 %\", per = \"{per}\""),
            ));
        }
    }
    for priority in PRIORITIES {
        let head = format!("when = {{ priority = [\"{priority}\"] }}\n");
        all.push(clause("penalty", &format!("retard-{priority}"), &head, "on = \"restore\", formula = \"step_per_hour_started\", rate = \"2 %\", base = \"monthly_fee_in_force\", tax = \"indemnity\", sole_remedy = false, suspended_in = [\"intégration\"]"));
    }
    for i in 0..10 {
        all.push(clause(
            "pause",
            &format!("attente-{i}"),
            "",
            &format!("reason = \"Attente n° {i}\", stops = [\"restore\"], proof = \"written\""),
        ));
        all.push(clause(
            "parties",
            &format!("tiers-{i}"),
            "",
            &format!("role = \"third_party\", name = \"Tiers {i}\", address = \"Paris\""),
        ));
        all.push(clause("contacts", &format!("contact-{i}"), "", &format!("of = \"customer\", role = \"director\", name = \"Personne {i}\", email = \"p{i}@client.example\"")));
    }
    for i in 0..40 {
        let price = format!("{}.00 EUR", 10 + numbers.below(90));
        all.push(clause("fee", &format!("prix-{i}"), "", &format!("unit = \"seat\", title = \"Prix {i}\", quantity = {}, unit_price = \"{price}\", per = \"month\", due = \"in_advance\", proration = \"actual_days\", vat = \"20 %\"", 1 + numbers.below(80))));
        all.push(clause("operations", &format!("acte-{i}"), "", &format!("operation = \"op_{i}\", title = \"Acte {i}\", terms = \"metered\", included_per_month = {}, then_price = \"{price}\"", numbers.below(9))));
        all.push(clause("perimeter", &format!("serveurs-{i}"), "", &format!("class = \"server_{i}\", title = \"Serveurs {i}\", items = [\"srv-{i}-a\", \"srv-{i}-b\"], sites = [\"s{}\"], status = \"in\"", i % SITES)));
    }
    all
}

/// What the examples of other kinds refer to, under the labels that they use.
fn referred_to() -> Vec<Block> {
    let party = |label: &str, role: &str| {
        clause(
            "parties",
            label,
            "",
            &format!("role = \"{role}\", name = \"Société {label}\", address = \"Paris\""),
        )
    };
    vec![
        party("hebergeur", "subcontractor"),
        party("gesprod", "third_party"),
        clause(
            "contacts",
            "astreinte-securite",
            "",
            "of = \"provider\", role = \"security\", name = \"Astreinte\"",
        ),
        clause(
            "perimeter",
            "srv-erp",
            "",
            "class = \"server_erp\", title = \"Serveur de l'ERP\", items = [\"srv-erp\"], status = \"in\"",
        ),
        // Its prices are in its bands.
        Block {
            interpolation: None,
            ..clause(
                "volume_bands",
                "bulletins",
                "",
                "unit = \"payslip\", minimum = 0, bands = [{ unit_price = \"11.80 EUR\" }], scheme = \"graduated\", vat = \"20 %\"",
            )
        },
    ]
}

/// Found once: each example is tried in a contract, which takes some hundred compilations.
static OTHERS: LazyLock<Vec<Block>> = LazyLock::new(|| {
    let mut blocks = core(&mut Numbers::new(0));
    let first = blocks.len();
    others(&mut blocks);
    blocks.split_off(first)
});

/// The other kinds, from their own example, where the contract stays valid with it.
fn others(blocks: &mut Vec<Block>) {
    let missing: Vec<_> = KINDS.iter().filter(|k| !has(blocks, k.name)).collect();
    for kind in missing {
        let copies = if kind.mode == Mode::Additive { 3 } else { 1 };
        let before = blocks.len();
        for copy in 0..copies {
            let Some((head, rest)) = kind.example.split_once("label = \"") else { continue };
            let Some((_, rest)) = rest.split_once('"') else { continue };
            let toml = format!("{head}label = \"{}-{copy}\"{rest}", kind.name.replace('_', "-"));
            blocks.push(Block { toml, interpolation: None });
            let whole = text(&mut Numbers::new(0), blocks, 0);
            if !compile("essai.md", &whole).is_valid() {
                blocks.truncate(before);
                break;
            }
        }
    }
}

fn has(blocks: &[Block], kind: &str) -> bool {
    let line = format!("kind = \"{kind}\"\n");
    blocks.iter().any(|b| b.toml.starts_with(&line))
}

fn text(numbers: &mut Numbers, blocks: &[Block], prose: usize) -> String {
    let mut out = String::from(
        "+++\ncontract = \"CTR-2026-400\"\ncustomer = \"Client SA\"\nprovider = \"Prestataire SAS\"\nlanguage = \"fr\"\nsemantics = 1\n+++\n\n# Contrat de cent pages\n",
    );
    let each = prose / blocks.len().max(1);
    for (i, block) in blocks.iter().enumerate() {
        out.push_str(&format!("\n## Article {} – {} {}\n\n", i + 1, numbers.of(WORDS), numbers.of(WORDS)));
        out.push_str(&paragraphs(numbers, each, block.interpolation.as_deref()));
        out.push_str(&format!("\n```toml clause\n{}```\n", block.toml));
        if i % 8 == 0 {
            out.push_str(&example(i));
        }
    }
    out
}

fn paragraphs(numbers: &mut Numbers, bytes: usize, interpolation: Option<&str>) -> String {
    let mut out = String::with_capacity(bytes + 32);
    let mut line = 0;
    while out.len() < bytes {
        let word = numbers.of(WORDS);
        out.push_str(word);
        line += word.len() + 1;
        match (line > 110, numbers.below(60)) {
            (true, 0..20) => {
                out.push_str(".\n\n");
                line = 0;
            }
            (true, _) => {
                out.push('\n');
                line = 0;
            }
            _ => out.push(' '),
        }
    }
    if let Some(interpolation) = interpolation {
        out.push_str(&format!(" soit {interpolation}, « entendu ».\n"));
    }
    out
}

/// A worked example: due well after the declaration, as the general rule says, at a site without exception.
fn example(i: usize) -> String {
    let day = 2 + i / 8 % 3;
    format!(
        "\n```toml example\ntitle = \"Exemple {i}\"\ngiven = {{ promise = \"restore\", priority = \"P1\", site = \"s15\", declared = 2026-03-{day:02}T09:00 }}\nexpect = {{ due = 2026-03-{:02}T10:00 }}\n```\n",
        day + 2
    )
}
