//! A pull scanner over JSON text: tells what comes next and where values stand, without building anything.
//!
//! By RFC 8259 and nothing beyond: no NaN, no comments, no trailing commas; invalid UTF-8 is refused at once.
//! Lone surrogate escapes pass, since what is not decoded can leave as it came.

use std::ops::Range;

/// Why bytes are not the JSON that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Something else was expected here.
    #[error("{message} at byte {position}")]
    Syntax {
        /// What is wrong.
        message: &'static str,
        /// Where, in bytes from 0.
        position: usize,
    },
    /// Nested beyond the limit.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("invalid UTF-8 at byte {position}")]
    Utf8 {
        /// Where, in bytes from 0.
        position: usize,
    },
}

/// What a value is, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are JSON's")]
pub enum Kind {
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

/// The scanner. Each method starts at the current position and skips white space first.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) position: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the first byte.
    ///
    /// # Errors
    /// [`JsonError::Utf8`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, JsonError> {
        // Most text is ASCII, which is seen at a fraction of the cost.
        match if bytes.is_ascii() { Ok("") } else { std::str::from_utf8(bytes) } {
            Ok(_) => Ok(Self { bytes, position: 0 }),
            Err(error) => Err(JsonError::Utf8 { position: error.valid_up_to() }),
        }
    }

    /// Starts at the first byte of a span that another scanner has passed, so that UTF-8 is known.
    pub fn resume(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Range<usize>) -> &'a [u8] {
        self.bytes.get(span).unwrap_or_default()
    }

    /// What comes next.
    ///
    /// # Errors
    /// If no value does.
    pub fn peek(&mut self) -> Result<Kind, JsonError> {
        self.skip_space();
        match self.byte() {
            Some(b'n') => Ok(Kind::Null),
            Some(b't') => Ok(Kind::True),
            Some(b'f') => Ok(Kind::False),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b'"') => Ok(Kind::String),
            Some(b'[') => Ok(Kind::Array),
            Some(b'{') => Ok(Kind::Object),
            Some(_) => self.fail("expected a value"),
            None => self.fail("unexpected end"),
        }
    }

    /// Passes a value of any kind and returns where it stands.
    ///
    /// # Errors
    /// If it is malformed, or nested deeper than `depth_max`.
    pub fn value(&mut self, depth_max: usize) -> Result<Range<usize>, JsonError> {
        let kind = self.peek()?;
        self.value_of(kind, depth_max)
    }

    /// Passes the value of which [`Self::peek`] has just told what it is, and returns where it stands.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub fn value_of(&mut self, kind: Kind, depth_max: usize) -> Result<Range<usize>, JsonError> {
        let start = self.position;
        match kind {
            Kind::Null => self.literal(b"null")?,
            Kind::True => self.literal(b"true")?,
            Kind::False => self.literal(b"false")?,
            Kind::Number => return self.number(),
            Kind::String => return self.string(),
            Kind::Array | Kind::Object if depth_max == 0 => return Err(JsonError::TooDeep { limit: depth_max }),
            Kind::Array => {
                self.enter();
                let mut more = self.array_first()?;
                while more {
                    self.value(depth_max - 1)?;
                    more = self.array_next()?;
                }
            }
            Kind::Object => {
                self.enter();
                let mut key = self.object_first()?;
                while key.is_some() {
                    self.value(depth_max - 1)?;
                    key = self.object_next()?;
                }
            }
        }
        Ok(start..self.position)
    }

    /// Passes the bracket that [`Self::peek`] has just told of.
    pub fn enter(&mut self) {
        self.position += 1;
    }

    /// After the opening bracket of an array: whether an item comes.
    ///
    /// # Errors
    /// At the end of the text.
    pub fn array_first(&mut self) -> Result<bool, JsonError> {
        self.skip_space();
        match self.byte() {
            Some(b']') => {
                self.position += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
            None => self.fail("unexpected end"),
        }
    }

    /// After an item: whether another comes.
    ///
    /// # Errors
    /// If neither a comma nor the closing bracket comes.
    pub fn array_next(&mut self) -> Result<bool, JsonError> {
        self.skip_space();
        match self.byte() {
            Some(b',') => {
                self.position += 1;
                Ok(true)
            }
            Some(b']') => {
                self.position += 1;
                Ok(false)
            }
            Some(_) => self.fail("expected , or ]"),
            None => self.fail("unexpected end"),
        }
    }

    /// After the opening brace of an object: where the first key stands, quotes included.
    ///
    /// # Errors
    /// If neither a key with its colon nor the closing brace comes.
    pub fn object_first(&mut self) -> Result<Option<Range<usize>>, JsonError> {
        if self.member_first() { self.key().map(Some) } else { Ok(None) }
    }

    /// After a member's value: where the next key stands, quotes included.
    ///
    /// # Errors
    /// If neither a comma and a key with its colon nor the closing brace comes.
    pub fn object_next(&mut self) -> Result<Option<Range<usize>>, JsonError> {
        if self.member_next()? { self.key().map(Some) } else { Ok(None) }
    }

    /// After the opening brace of an object: whether anything but its end comes.
    pub fn member_first(&mut self) -> bool {
        self.skip_space();
        let ends = self.byte() == Some(b'}');
        self.position += usize::from(ends);
        !ends
    }

    /// After a member's value: whether another member is announced.
    ///
    /// # Errors
    /// If neither a comma nor the closing brace comes.
    pub fn member_next(&mut self) -> Result<bool, JsonError> {
        self.skip_space();
        match self.byte() {
            Some(b',') => {
                self.position += 1;
                Ok(true)
            }
            Some(b'}') => {
                self.position += 1;
                Ok(false)
            }
            Some(_) => self.fail("expected , or }"),
            None => self.fail("unexpected end"),
        }
    }

    /// Passes a key and its colon if the key is this very text, a name without anything to escape.
    pub fn key_is(&mut self, name: &str) -> bool {
        self.skip_space();
        let text = self.bytes.get(self.position..).unwrap_or_default();
        let rest = text.strip_prefix(b"\"").and_then(|text| text.strip_prefix(name.as_bytes()));
        let Some([b'"', b':', ..]) = rest else { return false };
        self.position += name.len() + 3;
        true
    }

    /// How many bytes are passed.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Passes a value that is byte by byte the same as an array, an object or a string that was passed before, given where
    /// that stands: such values say themselves where they end.
    pub fn value_is(&mut self, passed: &Range<usize>) -> bool {
        let here = self.position..self.position + passed.len();
        let (Some(text), Some(other)) = (self.bytes.get(here.clone()), self.bytes.get(passed.clone())) else {
            return false;
        };
        // Different ones mostly differ in their ends as well, which costs nothing to see.
        let is_same = text.last_chunk::<8>() == other.last_chunk::<8>() && text == other;
        self.position = if is_same { here.end } else { here.start };
        is_same
    }

    /// Checks that nothing but white space is left.
    ///
    /// # Errors
    /// If something is.
    pub fn finish(&mut self) -> Result<(), JsonError> {
        self.skip_space();
        match self.byte() {
            None => Ok(()),
            Some(_) => self.fail("unexpected text after the value"),
        }
    }

    /// A member's key, quotes included, and its colon: where the key stands.
    ///
    /// # Errors
    /// If something else comes.
    pub fn key(&mut self) -> Result<Range<usize>, JsonError> {
        self.skip_space();
        if self.byte() != Some(b'"') {
            return self.fail("expected a key");
        }
        let key = self.string()?;
        self.skip_space();
        if self.byte() != Some(b':') {
            return self.fail("expected :");
        }
        self.position += 1;
        Ok(key)
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    pub(super) fn fail<T>(&self, message: &'static str) -> Result<T, JsonError> {
        Err(JsonError::Syntax { message, position: self.position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_comes_again_is_passed_and_no_other() {
        for (second, is_same) in [
            (r#"{"a":[1,{"b":"c"}]}"#, true),
            (r#"{"a":[1,{"b":"d"}]}"#, false),
            (r#"{"a":[1,{"b":"c"}],"e":1}"#, false),
            (r#"{"x":[1,{"b":"c"}]}"#, false),
            ("{}", false),
        ] {
            let text = format!(r#"[{{"a":[1,{{"b":"c"}}]}},{second}]"#);
            let mut scanner = Scanner::new(text.as_bytes()).unwrap();
            scanner.enter();
            let first = scanner.value(9).unwrap();
            assert!(scanner.array_next().unwrap());
            let start = scanner.position();
            assert_eq!((scanner.value_is(&first), scanner.position() > start), (is_same, is_same), "{text}");
            if !is_same {
                scanner.value(9).unwrap();
            }
            assert_eq!(scanner.array_next(), Ok(false));
        }
    }

    #[test]
    fn text_that_is_not_utf_8_is_refused_at_its_place() {
        assert_eq!(Scanner::new(b"[\"\xc3\xa4\xff\"]").unwrap_err(), JsonError::Utf8 { position: 4 });
    }
}
