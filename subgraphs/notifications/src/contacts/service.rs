//! Asking the users' service: `GET /internal/v1/users/{id}/contact`, in the process or over TCP.

use futures::future::BoxFuture;
use kit::internal::InternalClient;
use wire::id::UserId;

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
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(ContactsError::new(error)),
            }
        })
    }
}
