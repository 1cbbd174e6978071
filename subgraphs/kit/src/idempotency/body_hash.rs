//! What was asked, as far as it must be the same the next time.

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;

/// SHA-256 of what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// Of several parts: their borders count, so that moving a byte from one to the next makes another hash.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.iter_mut().zip(context.finish().as_ref()).for_each(|(hash, byte)| *hash = *byte);
        Self(hash)
    }

    /// Of a value's JSON. The type must write equal values alike: structs and ordered maps do.
    ///
    /// # Errors
    /// Those of a value that JSON can't say.
    pub fn of_json(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self::of(&[&serde_json::to_vec(value)?]))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_apart_what_differs() {
        assert_eq!(BodyHash::of(&[b"ab", b"c"]), BodyHash::of(&[b"ab", b"c"]));
        assert_ne!(BodyHash::of(&[b"ab", b"c"]), BodyHash::of(&[b"a", b"bc"]));
        assert_ne!(BodyHash::of(&[b"ab"]), BodyHash::of(&[b"ab", b""]));
        assert_eq!(BodyHash::of_json(&("a", 1)).unwrap(), BodyHash::of(&[br#"["a",1]"#]));
    }
}
