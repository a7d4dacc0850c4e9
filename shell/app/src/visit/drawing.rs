//! A signature drawn on a screen: strokes of points, no picture.
//!
//! Strokes are plain numbers within a pad, so that whatever a browser sends can be shown and printed without
//! being decoded by anything.

use serde::{Deserialize, Serialize};

use crate::error::{AppError, Result};

/// Points of a signature; a hand draws a few hundred.
const MOST_POINTS: usize = 4_000;
/// The sides of a pad, in its own unit.
const SIDES: std::ops::RangeInclusive<u16> = 20..=4_000;

/// A signature as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Of the pad, in the unit of the points; never higher than wide, as it is shown on a line of its own.
    pub width: u16,
    pub height: u16,
    /// Each from where the pen was put down to where it was lifted: across, then down.
    pub strokes: Vec<Vec<(u16, u16)>>,
}

impl Drawing {
    /// An invalid field `drawing` unless something was drawn, within the pad.
    pub(super) fn check(&self) -> Result<()> {
        let within = |(x, y): &(u16, u16)| *x <= self.width && *y <= self.height;
        let points: usize = self.strokes.iter().map(Vec::len).sum();
        let sound = SIDES.contains(&self.width)
            && SIDES.contains(&self.height)
            && self.height <= self.width
            && (1..=MOST_POINTS).contains(&points)
            && self.strokes.iter().all(|stroke| !stroke.is_empty() && stroke.iter().all(within));
        match sound {
            true => Ok(()),
            false => Err(AppError::invalid(
                "drawing",
                "une signature de 4\u{202f}000\u{a0}points au plus, dans son cadre",
                "a signature of 4,000 points at most, within its frame",
            )),
        }
    }
}
