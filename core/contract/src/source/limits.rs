//! What is refused for its size: nothing that is said once may be answered without end.

use super::{MAX_TEXT, MAX_TITLE, Span};
use crate::diagnostic::Diagnostic;

pub(super) fn too_large(file: usize) -> Diagnostic {
    Diagnostic::error(
        "E-SOURCE-SIZE",
        Span::new(file, 0, 0),
        "ce texte dépasse 1 Mio",
        "this text is larger than 1 MiB",
    )
    .help(
        "déplacez les annexes volumineuses dans des fichiers joints au contrat",
        "move large annexes to files attached to the contract",
    )
}

pub(super) fn too_many(span: Span, most: usize, fr: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "E-SOURCE-SIZE",
        span,
        format!("ce texte a plus de {most} {fr}"),
        format!("this text has more than {most} {en}"),
    )
    .help("partagez-le en plusieurs contrats", "split it into several contracts")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("E-BLOCK-NESTING", span, "plus de 32 niveaux imbriqués", "more than 32 nested levels")
        .help("aplatissez ce tableau", "flatten this table")
}

pub(super) fn long_title(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-TITLE-LONG",
        span,
        format!("ce titre a plus de {MAX_TITLE} caractères"),
        format!("this title has more than {MAX_TITLE} characters"),
    )
    .help(
        "un titre nomme l'article : écrivez le reste dessous",
        "a title names the article: write the rest under it",
    )
}

pub(super) fn long_text(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E-BLOCK-LONG",
        span,
        format!("ce texte d'une règle a plus de {MAX_TEXT} caractères"),
        format!("this text of a rule has more than {MAX_TEXT} characters"),
    )
    .help(
        "écrivez-le dans la prose de l'article, et l'essentiel dans la règle",
        "write it in the prose of the article, and what matters in the rule",
    )
}
