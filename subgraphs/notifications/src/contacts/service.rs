//! Asking the users' service: `GET /internal/v1/users/{id}/contact`, in the process or over TCP.

use futures::future::BoxFuture;
use kit::internal::{CallError, InternalClient};
use wire::{codes, id::UserId};

use super::{Contacts, ContactsError};
use crate::domain::Contact;

/// The users' service.
#[derive(Clone, Debug)]
pub struct UsersService {
    client: InternalClient,
}

impl UsersService {
    /// By a client of the users' service, which must let `notifications` call.
    #[must_use]
    pub fn new(client: InternalClient) -> Self {
        Self { client }
    }
}

impl Contacts for UsersService {
    fn contact(&self, user_id: UserId) -> BoxFuture<'_, Result<Option<Contact>, ContactsError>> {
        Box::pin(async move {
            match self.client.get(&["users", &user_id.to_string(), "contact"]).send().await {
                Ok(contact) => Ok(Some(contact)),
                Err(error) if is_nobody(&error) => Ok(None),
                Err(error) => Err(ContactsError::new(error)),
            }
        })
    }
}

/// Whether the service itself says that there is no such user: its problems have a trace, a `404` of whoever stands in between
/// doesn't, and says nothing about users.
fn is_nobody(error: &CallError) -> bool {
    matches!(error, CallError::Problem(problem) if problem.code == codes::NOT_FOUND && !problem.trace_id.is_empty())
}
