//! The font: DejaVu Sans, which has the letters of Europe's languages, and is embedded by those that are used.

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _, charmap::Charmap};

use super::{InvoiceError, TEXT_CHARACTERS_MAX};

/// In the place of what the font hasn't.
const MISSING: char = '\u{fffd}';

/// A face of it, to write with and to measure by.
pub(super) struct Face {
    pub font: Font,
    characters: Charmap<'static>,
    /// At one point's size.
    widths: GlyphMetrics<'static>,
}

impl Face {
    pub(super) fn regular() -> Result<Self, InvoiceError> {
        Self::of(dejavu::sans::regular())
    }

    pub(super) fn bold() -> Result<Self, InvoiceError> {
        Self::of(dejavu::sans::bold())
    }

    fn of(data: &'static [u8]) -> Result<Self, InvoiceError> {
        let font = Font::new(data.into(), 0).ok_or(InvoiceError::Page)?;
        let reference = FontRef::new(data).map_err(|_| InvoiceError::Page)?;
        let widths = reference.glyph_metrics(Size::new(1.0), LocationRef::default());
        Ok(Self { font, characters: reference.charmap(), widths })
    }

    /// The text as it can be printed: on one line, of letters that there are, and not too long.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut printable: String = text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .map(|character| if self.characters.map(character).is_some() { character } else { MISSING })
            .take(TEXT_CHARACTERS_MAX + 1)
            .collect();
        if printable.chars().count() > TEXT_CHARACTERS_MAX {
            printable = printable.chars().take(TEXT_CHARACTERS_MAX - 1).chain(['…']).collect();
        }
        printable
    }

    /// How wide a text is at a size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let width = |character| self.widths.advance_width(self.characters.map(character)?);
        text.chars().filter_map(width).sum::<f32>() * size
    }

    /// A printable text in lines of at most a width, broken between words where there are any.
    pub(super) fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ').flat_map(|word| self.pieces(word, size, width)) {
            let Some(line) = lines.last_mut() else { continue };
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= width { *line = longer } else { lines.push(word) }
        }
        lines
    }

    /// A word, or such pieces of it as are no wider.
    fn pieces(&self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for character in word.chars() {
            let Some(piece) = pieces.last_mut() else { continue };
            piece.push(character);
            if self.width(piece, size) > width && piece.chars().count() > 1 {
                piece.pop();
                pieces.push(character.to_string());
            }
        }
        pieces
    }
}
