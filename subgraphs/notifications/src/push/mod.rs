//! Messages on users' telephones.
//!
//! Who has which telephone, and how Apple, Google and browsers want to be asked, is a push gateway's business: it keeps the
//! devices by user. What is here asks such a gateway over HTTP. Without one nothing is pushed, and nothing is planned to be.

mod http;

use futures::future::BoxFuture;
use serde::Serialize;
use uuid::Uuid;
use wire::id::{NotificationId, UserId};

pub use http::{HttpPush, PushConfig};

/// A message to a user's devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PushMessage {
    /// The delivery's id: the same when it is sent again.
    pub id: Uuid,
    /// To whom.
    pub user_id: UserId,
    /// About which notification.
    pub notification_id: NotificationId,
    /// One line.
    pub title: String,
    /// What there is to say.
    pub body: String,
    /// Its language, by ISO 639-1.
    pub language: &'static str,
}

/// Sends messages to users' devices.
pub trait PushSender: Send + Sync + 'static {
    /// Hands a message over; the same one twice must be shown once, by its id.
    ///
    /// # Errors
    /// [`PushError`].
    fn push<'a>(&'a self, message: &'a PushMessage) -> BoxFuture<'a, Result<(), PushError>>;
}

/// Why a message wasn't taken.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// It may be later.
    #[error("the push gateway does not answer: {0}")]
    Unavailable(String),
    /// The user has no device.
    #[error("the user has no device")]
    NoDevice,
    /// It won't be.
    #[error("the push gateway refuses: {0}")]
    Refused(String),
}
