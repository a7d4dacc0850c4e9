//! Diagnostics as a person reads them: the line, what is wrong underlined, the other place, the help.

use std::fmt::Write;

use base::Lang;
use unicode_width::UnicodeWidthStr;

use super::{Diagnostic, Severity};
use crate::source::{File, Span};

/// How to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours, for a terminal.
    pub colours: bool,
}

const TAB: &str = "    ";

/// Every diagnostic, then a line that counts them.
pub fn render_all(files: &[File], diagnostics: &[Diagnostic], lang: Lang, style: Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&render(files, diagnostic, lang, style));
        out.push('\n');
    }
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let plural = |n: usize| if n > 1 { "s" } else { "" };
    let advice = count(Severity::Advice);
    let summary = lang.t(
        format!(
            "{errors} erreur{}, {warnings} avertissement{}, {advice} conseil{}",
            plural(errors),
            plural(warnings),
            plural(advice)
        ),
        format!(
            "{errors} error{}, {warnings} warning{}, {advice} advice",
            if errors == 1 { "" } else { "s" },
            if warnings == 1 { "" } else { "s" }
        ),
    );
    let _ = writeln!(out, "{summary}");
    out
}

/// One diagnostic.
pub fn render(files: &[File], diagnostic: &Diagnostic, lang: Lang, style: Style) -> String {
    let (mark, colour) = match diagnostic.severity {
        Severity::Error => ("×", "31"),
        Severity::Warning => ("⚠", "33"),
        Severity::Advice => ("›", "36"),
    };
    let paint = Paint { on: style.colours, colour };
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint.strong(diagnostic.code));
    let _ = writeln!(out, "  {} {}", paint.mark(mark), diagnostic.message.get(lang));
    place(&mut out, files, diagnostic.span, "", &paint);
    for related in &diagnostic.related {
        place(&mut out, files, related.span, related.message.get(lang), &paint);
    }
    let help = diagnostic.help.get(lang);
    if !help.is_empty() {
        let _ = writeln!(out, "  {} {help}", paint.strong(lang.t("aide :", "help:")));
    }
    out
}

struct Paint {
    on: bool,
    colour: &'static str,
}

impl Paint {
    fn mark(&self, text: &str) -> String {
        self.wrap(text, self.colour)
    }

    fn strong(&self, text: &str) -> String {
        self.wrap(text, "1")
    }

    fn wrap(&self, text: &str, code: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// The line of a place, its first line only, with the span underlined.
fn place(out: &mut String, files: &[File], span: Span, note: &str, paint: &Paint) {
    let Some(file) = files.get(span.file) else { return };
    // What the whole text lacks has no line to show.
    if span == Span::default() {
        return;
    }
    let at = file.position(span.start);
    let line = file.line(at.line);
    let column = usize::try_from(at.column - 1).unwrap_or(usize::MAX);
    let marked = file.slice(span).lines().next().unwrap_or("").chars().count();
    let before: String = line.chars().take(column).collect();
    let under: String = line.chars().skip(column).take(marked).collect();
    let (before, under) = (shown(&before), shown(&under));
    let number = at.line.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(out, " {margin} ╭─[{}:{at}]", file.name);
    let _ = writeln!(out, " {number} │ {}", shown(line).trim_end());
    let _ = writeln!(
        out,
        " {margin} · {}{}{}{note}",
        " ".repeat(before.width()),
        paint.mark(&"─".repeat(under.width().max(1))),
        if note.is_empty() { "" } else { " " },
    );
}

/// Tabs widened, and control characters shown as a mark: a file must not drive the terminal.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str(TAB),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
