//! Tables that become cards on a narrow screen and stay tables for a screen reader.
//!
//! Changing `display` makes browsers forget that a table is one, hence the explicit roles.

use maud::{Markup, Render, html};

/// A column: its heading, which is also the label of its cells on a card.
pub struct Column {
    heading: String,
    kind: Kind,
    /// Whether its cells say it again on a card.
    labels: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The row's name; the title of its card.
    Name,
    Text,
    /// Aligned to the right, in tabular figures.
    Figure,
}

impl Column {
    pub fn name(heading: impl Into<String>) -> Self {
        Column { heading: heading.into(), kind: Kind::Name, labels: false }
    }

    pub fn text(heading: impl Into<String>) -> Self {
        Column { heading: heading.into(), kind: Kind::Text, labels: true }
    }

    /// One whose cells speak for themselves: a card does not say its heading again.
    pub fn plain(heading: impl Into<String>) -> Self {
        Column { labels: false, ..Column::text(heading) }
    }

    pub fn figure(heading: impl Into<String>) -> Self {
        Column { heading: heading.into(), kind: Kind::Figure, labels: true }
    }
}

/// A row: one cell per column, in order, and a class that marks it.
pub struct Row {
    pub class: &'static str,
    pub cells: Vec<Markup>,
}

impl Row {
    pub fn new(cells: Vec<Markup>) -> Self {
        Row { class: "", cells }
    }
}

/// Draws the table; `caption` is read out and, unless the class says otherwise, hidden from sight.
pub fn table(class: &str, caption: impl Render, columns: &[Column], rows: Vec<Row>) -> Markup {
    html! {
        table class={ "cards " (class) } role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns {
                        th scope="col" role="columnheader" class=(css(column.kind)) { (column.heading) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" class=(row.class) {
                        @for (column, cell) in columns.iter().zip(row.cells) {
                            (draw(column, cell))
                        }
                    }
                }
            }
        }
    }
}

fn draw(column: &Column, cell: Markup) -> Markup {
    let void = if cell.0.is_empty() { " void" } else { "" };
    html! {
        @if column.kind == Kind::Name {
            th scope="row" role="rowheader" class="name" { (cell) }
        } @else {
            td role="cell" class={ (css(column.kind)) (void) } data-label=[column.labels.then_some(&column.heading)] {
                div { (cell) }
            }
        }
    }
}

fn css(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Text => "text",
        Kind::Figure => "figure",
    }
}
