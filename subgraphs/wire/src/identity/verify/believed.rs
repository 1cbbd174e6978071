//! Tokens that held before: the calls of a request, and the requests of a
//! caller within a second, carry the same one, and a signature costs more to
//! check than everything else about a small call.
//!
//! Only whole, believed tokens are kept, and their times are checked again at
//! every use.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{Lifetime, check_times};
use crate::identity::Identity;

/// How many tokens are kept: about a megabyte of real ones, and at most
/// [`super::TOKEN_BYTES_MAX`] each.
const TOKENS_MAX: usize = 1_024;

/// The tokens; shared by the clones of a verifier.
#[derive(Default)]
pub(super) struct Believed(Mutex<HashMap<String, (Identity, Lifetime)>>);

impl Believed {
    /// The identity of a token that was believed and still is.
    pub(super) fn get(&self, token: &str, now: u64) -> Option<Identity> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (identity, lifetime) = tokens.get(token)?;
        check_times(*lifetime, now).is_ok().then(|| identity.clone())
    }

    /// Keeps a token that has just been believed.
    pub(super) fn keep(&self, token: &str, identity: &Identity, lifetime: Lifetime, now: u64) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= TOKENS_MAX {
            tokens.retain(|_, (_, lifetime)| check_times(*lifetime, now).is_ok());
        }
        // So many callers at once: nothing tells which of them come again.
        if tokens.len() >= TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(token.to_owned(), (identity.clone(), lifetime));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_no_more_than_its_bound() {
        let believed = Believed::default();
        let lifetime = Lifetime { issued: 100, expires: 160 };
        for number in 0..3 * TOKENS_MAX {
            believed.keep(&number.to_string(), &Identity::anonymous(), lifetime, 100);
            assert!(believed.len() <= TOKENS_MAX);
        }
        let last = (3 * TOKENS_MAX - 1).to_string();
        assert_eq!(believed.get(&last, 100), Some(Identity::anonymous()));
        assert_eq!(believed.get(&last, 1_000), None);
        assert_eq!(believed.get("0", 100), None);
    }
}
