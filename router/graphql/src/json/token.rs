//! The scanner's tokens: literals, numbers, strings.

use std::ops::Range;

use super::plain::plain_length;

use super::scan::{JsonError, Scanner};

impl Scanner<'_> {
    pub(super) fn literal(&mut self, text: &'static [u8]) -> Result<(), JsonError> {
        let end = self.position + text.len();
        if self.bytes.get(self.position..end) != Some(text) {
            return self.fail("expected a value");
        }
        self.position = end;
        Ok(())
    }

    pub(super) fn number(&mut self) -> Result<Range<usize>, JsonError> {
        let start = self.position;
        if self.byte() == Some(b'-') {
            self.position += 1;
        }
        match self.byte() {
            Some(b'0') => self.position += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.fail("expected a digit"),
        }
        if self.byte() == Some(b'.') {
            self.position += 1;
            self.some_digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.some_digits()?;
        }
        Ok(start..self.position)
    }

    fn some_digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.byte(), Some(b'0'..=b'9')) {
            return self.fail("expected a digit");
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
    }

    /// From the opening quote to behind the closing one.
    pub(super) fn string(&mut self) -> Result<Range<usize>, JsonError> {
        let start = self.position;
        self.position += 1;
        loop {
            self.position += plain_length(self.bytes.get(self.position..).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(start..self.position);
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => return self.fail("control character in a string"),
                Some(_) => self.position += 1,
                None => return self.fail("unexpected end in a string"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        self.position += 1;
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.position += 1;
                Ok(())
            }
            Some(b'u') => {
                let digits = self.bytes.get(self.position + 1..self.position + 5).unwrap_or_default();
                if digits.len() != 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.fail("malformed escape");
                }
                self.position += 5;
                Ok(())
            }
            _ => self.fail("malformed escape"),
        }
    }
}
