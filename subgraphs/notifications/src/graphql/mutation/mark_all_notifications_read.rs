//! `markAllNotificationsRead`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, GlobalId, Result, recent_writers::Reader, request_data};

use super::super::{errors::InboxClosedError, loaders::Loaders, user::User};
use crate::{
    UserId,
    store::{self, NotificationStore, Standing, StoreError, Which},
};

/// The mutation.
#[derive(Default)]
pub struct MarkAllNotificationsRead;

/// The mutation.
#[Object]
impl MarkAllNotificationsRead {
    /// Marks all that there is in an inbox now as read: the caller's, or anybody's for administrators.
    async fn mark_all_notifications_read(
        &self,
        context: &Context<'_>,
        input: Option<MarkAllNotificationsReadInput>,
    ) -> Result<Option<MarkAllNotificationsReadPayload>> {
        let caller = Caller::from_context(context)?;
        let user_id = match input.and_then(|input| input.user_id) {
            Some(user_id) => user_id,
            None => caller.require_user()?,
        };
        caller.require_owner(user_id)?;
        mark_all(context, user_id).await.map(Some)
    }
}

async fn mark_all(context: &Context<'_>, user_id: UserId) -> Result<MarkAllNotificationsReadPayload> {
    let user = user_id.uuid();
    let standing = request_data::<NotificationStore>(context)?
        .database
        .unit(async |connection| {
            let standing = store::lock_in_txn(connection, user).await?;
            if standing == Standing::Known {
                store::mark_read_in_txn(connection, user, Which::All).await?;
            }
            Ok::<_, StoreError>(standing)
        })
        .await?;
    if standing == Standing::Erased {
        let closed = MarkAllNotificationsReadError::Closed(InboxClosedError::new());
        return Ok(MarkAllNotificationsReadPayload { user: None, errors: vec![closed] });
    }
    Reader::from_context(context)?.wrote().await;
    request_data::<Loaders>(context)?.unread.clear(user_id).await;
    Ok(MarkAllNotificationsReadPayload { user: Some(User { id: user_id }), errors: Vec::new() })
}

/// Whose inbox.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// Whose; the caller's if it isn't given.
    user_id: Option<UserId>,
}

/// What `markAllNotificationsRead` did.
#[derive(SimpleObject)]
pub struct MarkAllNotificationsReadPayload {
    /// Whose inbox it is; null when it was refused.
    user: Option<User>,
    /// Why it was refused.
    errors: Vec<MarkAllNotificationsReadError>,
}

/// Why nothing was marked.
#[derive(Union)]
pub enum MarkAllNotificationsReadError {
    /// There is no inbox any more.
    Closed(InboxClosedError),
}
