//! The stable codes of problems, beside those of [`wire::codes`].
//!
//! Services match on these, so a value never changes its meaning.

pub use wire::codes::UNAVAILABLE;

/// The deadline passed before there was an answer. Nothing is known of what was done.
pub const DEADLINE_EXCEEDED: &str = "DEADLINE_EXCEEDED";
/// The deadline header isn't a number of milliseconds.
pub const DEADLINE_INVALID: &str = "DEADLINE_INVALID";
/// The path exists, for another method.
pub const METHOD_NOT_ALLOWED: &str = "METHOD_NOT_ALLOWED";
/// What is asked is of the right form, and refused.
pub const UNPROCESSABLE: &str = "UNPROCESSABLE";
/// It stands against how things are now.
pub const CONFLICT: &str = "CONFLICT";
/// The call needs an idempotency key of 1 to 255 visible characters.
pub const IDEMPOTENCY_KEY_INVALID: &str = "IDEMPOTENCY_KEY_INVALID";
/// The idempotency key was used with another body.
pub const IDEMPOTENCY_KEY_REUSED: &str = "IDEMPOTENCY_KEY_REUSED";
/// A call with this idempotency key is being worked on.
pub const IDEMPOTENCY_KEY_IN_PROGRESS: &str = "IDEMPOTENCY_KEY_IN_PROGRESS";
