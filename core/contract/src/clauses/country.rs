//! Countries as people name them: contracts write ISO 3166-1 alpha-2, readings back write words.

use base::Lang;

use super::read::list;

/// The code, where one is (« en France », « au Luxembourg »), the name with its article (« la France »), and
/// the name in English. The European Economic Area, its neighbours, and where services are often bought.
const COUNTRIES: &[(&str, &str, &str, &str)] = &[
    ("AT", "en Autriche", "l'Autriche", "Austria"),
    ("BE", "en Belgique", "la Belgique", "Belgium"),
    ("BG", "en Bulgarie", "la Bulgarie", "Bulgaria"),
    ("CA", "au Canada", "le Canada", "Canada"),
    ("CH", "en Suisse", "la Suisse", "Switzerland"),
    ("CY", "à Chypre", "Chypre", "Cyprus"),
    ("CZ", "en Tchéquie", "la Tchéquie", "Czechia"),
    ("DE", "en Allemagne", "l'Allemagne", "Germany"),
    ("DK", "au Danemark", "le Danemark", "Denmark"),
    ("EE", "en Estonie", "l'Estonie", "Estonia"),
    ("ES", "en Espagne", "l'Espagne", "Spain"),
    ("FI", "en Finlande", "la Finlande", "Finland"),
    ("FR", "en France", "la France", "France"),
    ("GB", "au Royaume-Uni", "le Royaume-Uni", "the United Kingdom"),
    ("GR", "en Grèce", "la Grèce", "Greece"),
    ("HR", "en Croatie", "la Croatie", "Croatia"),
    ("HU", "en Hongrie", "la Hongrie", "Hungary"),
    ("IE", "en Irlande", "l'Irlande", "Ireland"),
    ("IN", "en Inde", "l'Inde", "India"),
    ("IS", "en Islande", "l'Islande", "Iceland"),
    ("IT", "en Italie", "l'Italie", "Italy"),
    ("LI", "au Liechtenstein", "le Liechtenstein", "Liechtenstein"),
    ("LT", "en Lituanie", "la Lituanie", "Lithuania"),
    ("LU", "au Luxembourg", "le Luxembourg", "Luxembourg"),
    ("LV", "en Lettonie", "la Lettonie", "Latvia"),
    ("MA", "au Maroc", "le Maroc", "Morocco"),
    ("MC", "à Monaco", "Monaco", "Monaco"),
    ("MG", "à Madagascar", "Madagascar", "Madagascar"),
    ("MT", "à Malte", "Malte", "Malta"),
    ("MU", "à Maurice", "Maurice", "Mauritius"),
    ("NL", "aux Pays-Bas", "les Pays-Bas", "the Netherlands"),
    ("NO", "en Norvège", "la Norvège", "Norway"),
    ("PL", "en Pologne", "la Pologne", "Poland"),
    ("PT", "au Portugal", "le Portugal", "Portugal"),
    ("RO", "en Roumanie", "la Roumanie", "Romania"),
    ("SE", "en Suède", "la Suède", "Sweden"),
    ("SI", "en Slovénie", "la Slovénie", "Slovenia"),
    ("SK", "en Slovaquie", "la Slovaquie", "Slovakia"),
    ("SN", "au Sénégal", "le Sénégal", "Senegal"),
    ("TN", "en Tunisie", "la Tunisie", "Tunisia"),
    ("US", "aux États-Unis", "les États-Unis", "the United States"),
];

/// « en France et au Luxembourg », “in France and Luxembourg”. A country that is not listed keeps its code.
pub(super) fn within(lang: Lang, codes: &[String]) -> String {
    match lang {
        Lang::Fr => joined(lang, codes, |c| c.1, |code| format!("dans le pays {code}")),
        Lang::En => format!("in {}", joined(lang, codes, |c| c.3, str::to_owned)),
    }
}

/// « depuis la France et le Luxembourg », “from France and Luxembourg”.
pub(super) fn from(lang: Lang, codes: &[String]) -> String {
    match lang {
        Lang::Fr => format!("depuis {}", joined(lang, codes, |c| c.2, |code| format!("le pays {code}"))),
        Lang::En => format!("from {}", joined(lang, codes, |c| c.3, str::to_owned)),
    }
}

fn joined(
    lang: Lang,
    codes: &[String],
    name: fn(&(&'static str, &'static str, &'static str, &'static str)) -> &'static str,
    unknown: impl Fn(&str) -> String,
) -> String {
    let one = |code: &String| {
        let known = COUNTRIES.iter().find(|c| c.0 == code);
        known.map_or_else(|| unknown(code), |c| name(c).to_owned())
    };
    let names: Vec<String> = codes.iter().map(one).collect();
    list(lang, &names.iter().map(String::as_str).collect::<Vec<_>>())
}
