//! Idempotency keys: what is asked several times under one key is done once, and answered each time with the same bytes.
//!
//! [`once`] writes the reply in the transaction of its effect. So a key never stands for something half done: whoever asks again
//! waits for the first and gets its reply, or does the work if that was rolled back. The rules are those that payment services
//! have made customary: the same key with another body is refused, and a key is forgotten after [`AGE_MAX`].
//!
//! What fails leaves nothing, not even the key; a refusal that is to be the answer for good is a reply.

mod body_hash;
mod error;
mod forget;
mod once;
#[cfg(test)]
mod tests;

pub use body_hash::BodyHash;
pub use error::IdempotencyError;
pub use forget::{AGE_MAX, forget, keep_forgetting};
pub use once::{Reply, find, once};
