//! How long a body is, and how chunks become one.

use httparse::{Status, parse_chunk_size};

use crate::failure::{Failure, Result};

/// How the end of a body is told.
pub enum Framing {
    /// By its length in bytes.
    Length(usize),
    /// By a chunk of no bytes.
    Chunked,
}

/// How far a chunked body has been joined.
pub struct Chunks {
    position: usize,
}

impl Chunks {
    /// From the end of the head on.
    pub fn at(position: usize) -> Self {
        Self { position }
    }

    /// Where the next chunk begins, or the body ended.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Appends the chunks that are there whole; whether the last one was among them.
    pub fn join(&mut self, buffer: &[u8], body: &mut Vec<u8>) -> Result<bool> {
        loop {
            let rest = buffer.get(self.position..).unwrap_or_default();
            let parsed = parse_chunk_size(rest).map_err(|_| Failure::Http("a malformed chunk".into()))?;
            let Status::Complete((start, size)) = parsed else { return Ok(false) };
            let size = usize::try_from(size).map_err(|_| Failure::Http("an endless chunk".into()))?;
            // A chunk and the end of its line; the last one has no trailers to wait for from any of the peers.
            let Some(chunk) = rest.get(start..start.saturating_add(size).saturating_add(2)) else { return Ok(false) };
            body.extend_from_slice(chunk.get(..size).unwrap_or_default());
            self.position += start + size + 2;
            if size == 0 {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_however_they_come() {
        let sent = b"HEAD5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\n\r\nNEXT";
        for first in 4..sent.len() - 4 {
            let (mut chunks, mut body) = (Chunks::at(4), Vec::new());
            let early = chunks.join(&sent[..first], &mut body).unwrap();
            assert!(!early, "{first}");
            assert!(chunks.join(sent, &mut body).unwrap());
            assert_eq!(body, b"hello, world");
            assert_eq!(&sent[chunks.position()..], b"NEXT");
        }
    }

    #[test]
    fn a_malformed_chunk_is_a_failure() {
        assert!(Chunks::at(0).join(b"xyz\r\n", &mut Vec::new()).is_err());
    }
}
