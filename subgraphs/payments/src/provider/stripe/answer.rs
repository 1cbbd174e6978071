//! From answers to objects, and from Stripe's errors to ours.

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::client::Answer;
use super::objects::{ErrorBody, ErrorObject};
use crate::provider::ProviderError;

/// Bytes of a message that are told on.
const MESSAGE_CHARACTERS_MAX: usize = 300;

/// What was answered.
pub(super) enum Read<T> {
    /// The object.
    Object(T),
    /// The bank declined.
    Declined(ErrorObject),
    /// The object is past that.
    UnexpectedState,
    /// There is none.
    Missing,
    /// It can't be done as it was asked, and wasn't: an amount below what the currency has as a minimum, say.
    Invalid(ErrorObject),
}

impl Answer {
    /// Tells apart what each caller has to act on.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<Read<T>, ProviderError> {
        if self.status.is_success() {
            return self.parse().map(Read::Object);
        }
        // Whatever stands in its body: it says nothing of what was done.
        if self.status.is_server_error() || is_passing(self.status) {
            return Err(ProviderError::Unavailable(format!("status {}", self.status.as_u16())));
        }
        let ErrorBody { error } = self.parse()?;
        let code = error.code.as_deref().unwrap_or_default();
        match (self.status, error.kind.as_str()) {
            (StatusCode::PAYMENT_REQUIRED, _) | (_, "card_error") => Ok(Read::Declined(error)),
            (StatusCode::NOT_FOUND, _) => Ok(Read::Missing),
            // Something that a parameter names.
            _ if code == "resource_missing" => Ok(Read::Missing),
            _ if matches!(code, "payment_intent_unexpected_state" | "charge_already_captured") => {
                Ok(Read::UnexpectedState)
            }
            (StatusCode::BAD_REQUEST, "invalid_request_error") => Ok(Read::Invalid(error)),
            _ => Err(rejected(&error)),
        }
    }

    /// The object, where nothing else makes sense.
    pub(super) fn object<T: DeserializeOwned>(self) -> Result<T, ProviderError> {
        match self.read()? {
            Read::Object(object) => Ok(object),
            Read::Declined(error) | Read::Invalid(error) => Err(rejected(&error)),
            Read::UnexpectedState => Err(ProviderError::Unreadable("an unexpected state".to_owned())),
            Read::Missing => Err(ProviderError::Unreadable("nothing of that name".to_owned())),
        }
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, ProviderError> {
        // Which line and column, not what stands there.
        serde_json::from_slice(&self.body).map_err(|error| ProviderError::Unreadable(error.to_string()))
    }
}

/// The key is being worked on by another call, or too much is asked at once.
fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

pub(super) fn rejected(error: &ErrorObject) -> ProviderError {
    let code = error.code.clone().unwrap_or_else(|| error.kind.clone());
    let message = error.message.as_deref().unwrap_or_default().chars().take(MESSAGE_CHARACTERS_MAX).collect();
    ProviderError::Rejected { code, message }
}
