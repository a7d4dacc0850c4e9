//! Small line drawings, always beside a word, hence hidden from screen readers.

use maud::{Markup, html};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Check,
    Cross,
    Alert,
    Clock,
    Pause,
    Minus,
    Pen,
    Search,
    Person,
    Desk,
    Overview,
    Ticket,
    Contract,
    Book,
    Money,
    Journal,
    Phone,
    Mail,
    Arrow,
    Plus,
    Pulse,
    Key,
    Bell,
    Calendar,
    Star,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Check => "M3 8.5 6.5 12 13 4.5",
            Icon::Cross => "M4 4l8 8M12 4l-8 8",
            Icon::Alert => "M8 2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.2",
            Icon::Clock => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.6V8l2.4 1.6",
            Icon::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Icon::Minus => "M3.5 8h9",
            Icon::Pen => "M3 13l.7-3L10.6 3.1l2.3 2.3L6 12.3ZM9 4.7l2.3 2.3",
            Icon::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.4 10.4l3.4 3.4",
            Icon::Person => "M8 2.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM2.8 14a5.2 5.2 0 0 1 10.4 0",
            Icon::Desk => "M2 3.5h12M2 8h12M2 12.5h7",
            Icon::Overview => {
                "M2.5 2.5h4.4v4.4H2.5ZM9.1 2.5h4.4v4.4H9.1ZM2.5 9.1h4.4v4.4H2.5ZM9.1 9.1h4.4v4.4H9.1Z"
            }
            Icon::Ticket => "M2 4.5h12v2.2a1.3 1.3 0 0 0 0 2.6v2.2H2V9.3a1.3 1.3 0 0 0 0-2.6ZM9.8 4.5v7",
            Icon::Contract => "M3.5 1.8h6L12.5 5v9.2h-9ZM9.3 1.8V5h3.2M5.6 8h4.8M5.6 10.8h4.8",
            Icon::Book => {
                "M8 3.6v10.2M8 3.6C6.6 2.6 4.6 2.3 2 2.5v9.9c2.6-.2 4.6.2 6 1.4M8 3.6c1.4-1 3.4-1.3 6-1.1v9.9c-2.6-.2-4.6.2-6 1.4"
            }
            Icon::Money => "M12.2 4.2A4.8 4.8 0 1 0 12.2 11.8M2 6.9h6.8M2 9.3h6",
            Icon::Journal => {
                "M3 2.2h8.5a1.5 1.5 0 0 1 1.5 1.5v10.1H4.5A1.5 1.5 0 0 1 3 12.3ZM3 12.3a1.5 1.5 0 0 1 1.5-1.5H13M6 5.4h4"
            }
            Icon::Phone => {
                "M3.2 2.5h2.6l1.1 3-1.6 1.2a8 8 0 0 0 4 4l1.2-1.6 3 1.1v2.6a1 1 0 0 1-1.1 1A11.2 11.2 0 0 1 2.2 3.6a1 1 0 0 1 1-1.1Z"
            }
            Icon::Mail => "M1.8 3.8h12.4v8.6H1.8ZM1.8 4.4 8 9l6.2-4.6",
            Icon::Arrow => "M3 8h9.5M8.8 4.2 12.6 8l-3.8 3.8",
            Icon::Star => "M8 2l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5Z",
            Icon::Key => {
                "M10.4 2.2a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8ZM8 8 2.5 13.5M4.4 11.6l1.8 1.8M10.6 5.4v.2"
            }
            Icon::Bell => "M3.2 11.6h9.6L11.6 10V6.8a3.6 3.6 0 0 0-7.2 0V10ZM6.7 13.6h2.6",
            Icon::Calendar => "M2.5 3.5h11v10h-11ZM2.5 6.5h11M5.4 1.8v3M10.6 1.8v3",
            Icon::Pulse => "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
            Icon::Plus => "M8 3v10M3 8h10",
        }
    }
}

/// The drawing, sized by the surrounding text.
pub fn icon(which: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
            path d=(which.path()) {}
        }
    }
}
