//! A page that is written from top to bottom.

use krilla::Document;
use krilla::geom::{PathBuilder, Point};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use super::InvoiceError;
use super::font::Face;

/// A4, in points.
const SIZE: (f32, f32) = (595.28, 841.89);
/// On all sides.
const MARGIN: f32 = 56.0;
/// Where text ends: below it is the foot.
pub(super) const BOTTOM: f32 = SIZE.1 - MARGIN - 24.0;
/// Where text begins.
pub(super) const TOP: f32 = MARGIN + 12.0;
/// The left and the right edge of the text.
pub(super) const LEFT: f32 = MARGIN;
pub(super) const RIGHT: f32 = SIZE.0 - MARGIN;

/// Where a text stands.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// It begins here.
    Left(f32),
    /// It ends here.
    Right(f32),
}

/// Begins a page.
pub(super) fn begin(document: &mut Document) -> Result<Page<'_>, InvoiceError> {
    let settings = PageSettings::from_wh(SIZE.0, SIZE.1).ok_or(InvoiceError::Page)?;
    Ok(document.start_page_with(settings))
}

/// Writes a printable text on a base line.
pub(super) fn text(surface: &mut Surface<'_>, face: &Face, size: f32, (at, y): (At, f32), text: &str) {
    let x = match at {
        At::Left(x) => x,
        At::Right(x) => x - face.width(text, size),
    };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
    surface.draw_glyphs(Point::from_xy(x, y), &face.glyphs(text), face.font.clone(), text, size, false);
}

/// Draws a thin line across the text.
pub(super) fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(LEFT, y);
    path.line_to(RIGHT, y);
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
        surface.draw_path(&path);
    }
}
