//! Until when the caller waits.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
};

use super::{DEADLINE_HEADER, Problem, codes};

/// Until when the caller waits. An extractor, for handlers that ask others in their turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

impl Deadline {
    /// So much from now.
    #[must_use]
    pub fn within(duration: Duration) -> Self {
        let now = Instant::now();
        Self(now.checked_add(duration).unwrap_or(now))
    }

    /// How much of it is left.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// What the header says, at most `longest`, which is also what it means not to have one.
    pub(super) fn of(headers: &HeaderMap, longest: Duration) -> Result<Self, Problem> {
        let Some(value) = headers.get(DEADLINE_HEADER) else { return Ok(Self::within(longest)) };
        let millis = value.to_str().ok().and_then(|value| value.parse().ok());
        let millis: u64 = millis.ok_or_else(|| {
            let detail = "The deadline is a number of milliseconds";
            Problem::new(StatusCode::BAD_REQUEST, codes::DEADLINE_INVALID, detail)
        })?;
        Ok(Self::within(Duration::from_millis(millis).min(longest)))
    }
}

impl<S: Sync> FromRequestParts<S> for Deadline {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Put there by the guard; without it nobody waits.
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(|| Self::within(Duration::ZERO)))
    }
}
