//! Tokens whose signatures held: they need not be checked again while the keys are the same ones.
//!
//! That is all that is remembered. What the claims say is checked each time, as time passes.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};

use super::claims::Claims;

/// Bytes of tokens kept, with their claims: some thousands of common size.
const BYTES_MAX: u64 = 8_000_000;
/// What a token takes with its claims, in multiples of its text, and beside that, about.
const BYTES_A_BYTE: usize = 4;
const BYTES_BESIDE: usize = 500;
/// How many are expected at once.
const TOKENS_EXPECTED: usize = 2_000;

/// Bounded by memory; the least used leave.
pub(super) struct VerifiedTokens(Cache<Box<str>, Verified, ByMemory>);

#[derive(Clone)]
struct Verified {
    claims: Arc<Claims>,
    by: By,
}

/// The keys by one of which a signature held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Those that stay.
    Fixed,
    /// Those that a set had.
    Remote {
        /// Which set.
        set: usize,
        /// How often it had been fetched.
        generation: u64,
    },
}

/// What a token takes of the cache's room.
#[derive(Clone)]
struct ByMemory;

impl Weighter<Box<str>, Verified> for ByMemory {
    fn weight(&self, token: &Box<str>, _: &Verified) -> u64 {
        (token.len() * BYTES_A_BYTE + BYTES_BESIDE) as u64
    }
}

impl VerifiedTokens {
    pub fn new() -> Self {
        Self(Cache::with_weighter(TOKENS_EXPECTED, BYTES_MAX, ByMemory))
    }

    /// The claims of a token whose signature held by keys that are still there.
    pub fn claims(&self, token: &str, are_there: impl FnOnce(By) -> bool) -> Option<Arc<Claims>> {
        self.0.get(token).filter(|verified| are_there(verified.by)).map(|verified| verified.claims)
    }

    /// The signature of a token holds.
    pub fn holds(&self, token: &str, (claims, by): (&Arc<Claims>, By)) {
        self.0.insert(token.into(), Verified { claims: Arc::clone(claims), by });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_whole_text_while_its_keys_are_there() {
        let (tokens, claims) = (VerifiedTokens::new(), Arc::new(Claims::new()));
        let by = By::Remote { set: 1, generation: 7 };
        tokens.holds("a.b.c", (&claims, by));
        assert!(tokens.claims("a.b.c", |known| known == by).is_some());
        assert!(tokens.claims("a.b.c", |_| false).is_none());
        for other in ["a.b.d", "a.b.", "a.b.c.", ""] {
            assert!(tokens.claims(other, |_| true).is_none(), "{other}");
        }
    }

    #[test]
    fn tokens_take_no_more_room_than_they_may() {
        let (tokens, claims) = (VerifiedTokens::new(), Arc::new(Claims::new()));
        for number in 0..1_000 {
            tokens.holds(&format!("{number}{}", "x".repeat(16_000)), (&claims, By::Fixed));
        }
        assert!(tokens.0.weight() <= BYTES_MAX && tokens.0.len() > 50, "{}", tokens.0.len());
    }
}
