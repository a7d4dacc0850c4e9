//! A drawn signature as its form sends it: `600x200 10,20,14,22 5,5`, the pad and then each stroke.

use app::AppError;
use app::visit::Drawing;

/// `None` when nothing was drawn.
pub(super) fn read(sent: &str) -> Result<Option<Drawing>, AppError> {
    let mut parts = sent.split_ascii_whitespace();
    let Some(pad) = parts.next() else { return Ok(None) };
    let (width, height) = pad.split_once('x').ok_or_else(unreadable)?;
    let strokes: Vec<_> = parts.map(stroke).collect::<Result<_, _>>()?;
    if strokes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Drawing { width: number(width)?, height: number(height)?, strokes }))
}

fn stroke(sent: &str) -> Result<Vec<(u16, u16)>, AppError> {
    let flat: Vec<u16> = sent.split(',').map(number).collect::<Result<_, _>>()?;
    match flat.as_chunks::<2>() {
        (points, []) => Ok(points.iter().map(|[x, y]| (*x, *y)).collect()),
        _ => Err(unreadable()),
    }
}

fn number(sent: &str) -> Result<u16, AppError> {
    sent.parse().map_err(|_| unreadable())
}

fn unreadable() -> AppError {
    AppError::invalid("drawing", "une signature faite dans son cadre", "a signature drawn within its frame")
}

/// The strokes as the data of an SVG path; a stroke of one point is a dot under a round pen.
pub(super) fn path(drawing: &Drawing) -> String {
    let point = |(x, y): &(u16, u16)| format!("{x} {y}");
    let stroke = |points: &Vec<(u16, u16)>| match points.as_slice() {
        [] => String::new(),
        [one] => format!("M{}h0", point(one)),
        many => format!("M{}", many.iter().map(point).collect::<Vec<_>>().join("L")),
    };
    drawing.strokes.iter().map(stroke).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_read_and_drawn_again() {
        let drawing = read(" 600x200 10,20,14,22 5,5\n").unwrap().unwrap();
        assert_eq!((drawing.width, drawing.height), (600, 200));
        assert_eq!(drawing.strokes, [vec![(10, 20), (14, 22)], vec![(5, 5)]]);
        assert_eq!(path(&drawing), "M10 20L14 22M5 5h0");
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read("600x200").unwrap(), None, "nothing was drawn");
        for wrong in ["600", "600x200 1,2,3", "600x200 1,-2", "600x200 a,b", "x 1,2", "600x200 1,2 ,"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
