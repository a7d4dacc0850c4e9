//! Printing: a contract, a report of a visit. What lays out pages is given by the binary: it is heavier than
//! all the rest, and the web does not need to know it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::AppError;
use app::agreements::Agreement;
use contract::Compiled;
use jiff::civil::Date;
use terms::PartyRole;
use tokio::sync::Semaphore;

/// Laying out takes seconds of a processor: whoever comes after these is asked to come back.
const MOST_WAITING: usize = 2;
/// The prints kept in memory; one of a hundred pages is less than a megabyte.
const KEPT: usize = 4;

/// What is laid out.
pub enum Sheet<'a> {
    Contract(ContractSheet<'a>),
    Slip(&'a Slip),
}

/// A contract, with the date that it bears.
pub struct ContractSheet<'a> {
    pub compiled: &'a Compiled,
    /// Of headers, annexes and notes; the text stays in the contract's own.
    pub lang: base::Lang,
    pub on: Date,
    pub signatures: &'a [Signed],
}

/// A signature as it is printed.
#[derive(Clone, Debug)]
pub struct Signed {
    pub role: PartyRole,
    pub name: String,
    /// When, in words of the language of the document.
    pub at: String,
    /// SHA-256 of the text signed, lower-case hex.
    pub hash: String,
}

/// A document of a page or two.
pub struct Slip {
    pub lang: base::Lang,
    /// Over the title: whose document it is.
    pub over: String,
    pub title: String,
    /// The header of each page.
    pub running: String,
    pub author: String,
    /// The date that it bears.
    pub created: Date,
    pub facts: Vec<(String, String)>,
    /// A title, and Markdown as it was typed.
    pub passages: Vec<(String, String)>,
    /// The title of the frame, the lines in it (empty: it is to be signed), and what was drawn.
    pub signature: String,
    pub signed: Vec<String>,
    pub drawn: Option<Drawn>,
    pub marks: Vec<(String, String)>,
    /// Names the document for ever.
    pub ident: String,
}

/// A signature drawn on a screen: strokes of points, within a pad.
pub struct Drawn {
    pub width: u16,
    pub height: u16,
    pub strokes: Vec<Vec<(u16, u16)>>,
}

/// What is asked of the printer.
pub enum Order {
    Contract(ContractOrder),
    Slip(Box<Slip>),
}

/// A version of a contract.
pub struct ContractOrder {
    pub agreement: Arc<Agreement>,
    /// Its place in `agreement.texts`.
    pub version: usize,
    pub lang: base::Lang,
    pub on: Date,
    pub signatures: Vec<Signed>,
}

/// A print.
pub type Pdf = Arc<Vec<u8>>;

/// Gives the bytes of a PDF, or what went wrong, for the log.
type LayOut = dyn Fn(&Sheet<'_>) -> Result<Vec<u8>, String> + Send + Sync;

/// What names a print that is kept: the version's hash, the language, the date. Slips are laid out in a
/// moment, and made anew.
type Name = (String, base::Lang, Date);

/// Lays out one document at a time, and keeps the last ones.
pub struct Printer {
    lay_out: Box<LayOut>,
    turn: Arc<Semaphore>,
    waiting: AtomicUsize,
    kept: Mutex<VecDeque<(Name, Pdf)>>,
}

/// Why there is no print.
#[derive(Debug)]
pub enum NotPrinted {
    /// Others wait already.
    Busy,
    Fault(AppError),
}

impl Printer {
    pub fn new(
        lay_out: impl Fn(&Sheet<'_>) -> Result<Vec<u8>, String> + Send + Sync + 'static,
    ) -> Arc<Printer> {
        Arc::new(Printer {
            lay_out: Box::new(lay_out),
            turn: Arc::new(Semaphore::new(1)),
            waiting: AtomicUsize::new(0),
            kept: Mutex::default(),
        })
    }

    /// The print that was ordered, laid out now if it is not at hand.
    pub async fn print(self: &Arc<Self>, order: Order) -> Result<Pdf, NotPrinted> {
        let name = order.name();
        if let Some(kept) = name.as_ref().and_then(|name| self.kept(name)) {
            return Ok(kept);
        }
        let turn = match self.turn.clone().try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let _place = Place::take(&self.waiting).ok_or(NotPrinted::Busy)?;
                self.turn.clone().acquire_owned().await.map_err(fault)?
            }
        };
        let printer = self.clone();
        // The turn goes with the work: a reader who leaves does not let another start beside it.
        let laid_out = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            // The one before may have asked for the same.
            if let Some(kept) = name.as_ref().and_then(|name| printer.kept(name)) {
                return Ok(kept);
            }
            let pdf = Arc::new((printer.lay_out)(&order.sheet())?);
            if let Some(name) = name {
                printer.keep(name, &pdf);
            }
            Ok::<_, String>(pdf)
        });
        laid_out.await.map_err(fault)?.map_err(fault)
    }

    fn kept(&self, name: &Name) -> Option<Pdf> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(n, _)| n == name).map(|(_, pdf)| pdf.clone())
    }

    fn keep(&self, name: Name, pdf: &Pdf) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((name, pdf.clone()));
    }
}

impl Order {
    fn name(&self) -> Option<Name> {
        match self {
            Order::Contract(order) => {
                let version = &order.agreement.texts[order.version].row.version_hash;
                Some((version.clone(), order.lang, order.on))
            }
            Order::Slip(_) => None,
        }
    }

    fn sheet(&self) -> Sheet<'_> {
        match self {
            Order::Contract(order) => Sheet::Contract(ContractSheet {
                compiled: &order.agreement.texts[order.version].compiled,
                lang: order.lang,
                on: order.on,
                signatures: &order.signatures,
            }),
            Order::Slip(slip) => Sheet::Slip(slip),
        }
    }
}

fn fault(error: impl std::fmt::Display) -> NotPrinted {
    NotPrinted::Fault(AppError::fault(error))
}

/// A place among those who wait, given back when its reader has a turn or leaves.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(waiting: &AtomicUsize) -> Option<Place<'_>> {
        let more = |n: usize| (n < MOST_WAITING).then_some(n + 1);
        waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).ok().map(|_| Place(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
