//! The font: DejaVu Sans, which has the letters of Europe's languages, and is embedded by those that are used.

use harfrust::{FontRef, GlyphBuffer, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{MetadataProvider as _, charmap::Charmap};

use super::{InvoiceError, TEXT_CHARACTERS_MAX};

/// In the place of what the font hasn't.
const MISSING: char = '\u{fffd}';

/// A face of it, to write with and to measure by.
pub(super) struct Face {
    pub font: Font,
    reference: FontRef<'static>,
    characters: Charmap<'static>,
    shaping: ShaperData,
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
        let (characters, shaping) = (reference.charmap(), ShaperData::new(&reference));
        Ok(Self { font, reference, characters, shaping })
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

    /// The glyphs of a printable text from left to right, at one point's size.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let shaped = self.shaped(text);
        let begins: Vec<usize> = shaped.glyph_infos().iter().map(|glyph| glyph.cluster as usize).collect();
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).zip(&begins);
        glyphs
            .map(|((glyph, at), begin)| {
                // Its letters end where the next ones begin, wherever those are printed.
                let end = begins.iter().filter(|other| *other > begin).min();
                KrillaGlyph::new(
                    GlyphId::new(glyph.glyph_id),
                    self.points(at.x_advance),
                    self.points(at.x_offset),
                    self.points(at.y_offset),
                    self.points(at.y_advance),
                    *begin..end.copied().unwrap_or(text.len()),
                    None,
                )
            })
            .collect()
    }

    /// How wide a text is at a size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        self.points(self.shaped(text).glyph_positions().iter().map(|at| at.x_advance).sum()) * size
    }

    fn shaped(&self, text: &str) -> GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        self.shaping.shaper(&self.reference).build().shape(buffer, ShapeOptions::new())
    }

    fn points(&self, units: i32) -> f32 {
        units as f32 / self.font.units_per_em()
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
        if self.width(word, size) <= width {
            return vec![word.to_owned()];
        }
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
