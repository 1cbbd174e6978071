//! What subgraphs are told of callers, signed: for each caller once a second.
//!
//! Times in a token are whole seconds and the signature is deterministic (Ed25519, RFC 8032), so a token that was signed in
//! the same second for the same identity is the very one that signing again would give.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};
use wire::identity::{Identity, IdentityError, Signer};

/// Bytes of tokens kept, with the identities that they are for. A token of common size takes half a kilobyte: enough for
/// thousands of callers a second.
const BYTES_MAX: u64 = 4_000_000;
/// What a token and its identity take beside their text, about.
const BYTES_BESIDE: usize = 200;
/// How many are expected at once.
const TOKENS_EXPECTED: usize = 1_000;

/// A key that signs, and what it signed last.
pub(super) struct Signing {
    signer: Signer,
    signed: Cache<Identity, Signed, ByMemory>,
}

/// A token, with the second for which it was signed.
#[derive(Clone)]
struct Signed {
    second: u64,
    token: Arc<str>,
}

/// What a token takes of the cache's room.
#[derive(Clone)]
struct ByMemory;

impl Weighter<Identity, Signed> for ByMemory {
    fn weight(&self, _: &Identity, signed: &Signed) -> u64 {
        // All that the identity has stands in the token, too.
        (2 * signed.token.len() + BYTES_BESIDE) as u64
    }
}

impl Signing {
    pub fn new(signer: Signer) -> Self {
        Self { signer, signed: Cache::with_weighter(TOKENS_EXPECTED, BYTES_MAX, ByMemory) }
    }

    /// The token for an identity at a time (Unix seconds).
    pub fn token(&self, identity: Identity, second: u64) -> Result<Arc<str>, IdentityError> {
        if let Some(signed) = self.signed.get(&identity).filter(|signed| signed.second == second) {
            return Ok(signed.token);
        }
        let token: Arc<str> = self.signer.sign(&identity, second)?.into();
        self.signed.insert(identity, Signed { second, token: Arc::clone(&token) });
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use wire::identity::Role;

    use super::*;

    #[test]
    fn a_token_is_signed_once_a_second_for_each_identity() {
        let signing = Signing::new(Signer::generate().unwrap());
        let token = |identity: &Identity, second| signing.token(identity.clone(), second).unwrap();
        let user = Identity::user("1");
        let others = [
            Identity::anonymous(),
            Identity::user("2"),
            Identity::administrator("1"),
            Identity { scopes: vec!["a".to_owned()], ..user.clone() },
            Identity { roles: vec![Role::Other("a".to_owned())], ..user.clone() },
        ];
        let first = token(&user, 1);
        assert!(Arc::ptr_eq(&first, &token(&user, 1)));
        for other in &others {
            assert_ne!(token(other, 1), first, "{other:?}");
        }
        assert!(Arc::ptr_eq(&first, &token(&user, 1)));
        let next = token(&user, 2);
        assert_ne!(next, first);
        // The clock goes back: what it says holds.
        assert_eq!(*token(&user, 1), *first);
    }

    #[test]
    fn tokens_take_no_more_room_than_they_may() {
        let signing = Signing::new(Signer::generate().unwrap());
        for number in 0..2_000 {
            let scopes = vec!["x".repeat(3_000)];
            let token = signing.token(Identity { scopes, ..Identity::user(number.to_string()) }, 1);
            assert!(token.is_ok_and(|token| token.len() > 3_000));
        }
        assert!(signing.signed.weight() <= BYTES_MAX && signing.signed.len() > 100, "{}", signing.signed.len());
    }
}
