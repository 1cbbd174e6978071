//! The port by which it is asked how a user can be told something, and wants to be. The users' service answers.
//!
//! It is asked when something is to be sent, never when an event is handled: its outage delays what leaves the house and stops
//! nothing. Nothing of its answer is kept.

mod service;

use futures::future::BoxFuture;
use wire::id::UserId;

pub use service::UsersService;

use crate::domain::Contact;

/// Knows how users can be told something.
pub trait Contacts: Send + Sync + 'static {
    /// How a user can be told; `None` for nobody, or nobody any more.
    ///
    /// # Errors
    /// [`ContactsError`]: later it may be known.
    fn contact(&self, user_id: UserId) -> BoxFuture<'_, Result<Option<Contact>, ContactsError>>;
}

/// Why it can't be said how a user is told.
#[derive(Debug, thiserror::Error)]
#[error("nobody says how the user is to be told")]
pub struct ContactsError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl ContactsError {
    /// For this reason.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}
