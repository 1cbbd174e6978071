//! `markNotificationsRead`.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, GlobalId, Result, database::Freshness, recent_writers::Reader, request_data};
use uuid::Uuid;

use super::super::{
    errors::{InvalidNotificationListError, NOTIFICATIONS_MAX, NotificationNotFoundError},
    loaders::Loaders,
    notification::Notification,
};
use crate::{
    NotificationId, UserId,
    store::{self, NotificationRow, NotificationStore, StoreError, Which},
};

/// The mutation.
#[derive(Default)]
pub struct MarkNotificationsRead;

/// The mutation.
#[Object]
impl MarkNotificationsRead {
    /// Marks notifications as read: the caller's own, or anybody's for administrators. All of them or, if one can't be, none. Those
    /// that are read already stay as they are.
    async fn mark_notifications_read(
        &self,
        context: &Context<'_>,
        input: MarkNotificationsReadInput,
    ) -> Result<Option<MarkNotificationsReadPayload>> {
        mark(context, input).await.map(Some)
    }
}

async fn mark(context: &Context<'_>, input: MarkNotificationsReadInput) -> Result<MarkNotificationsReadPayload> {
    let caller = Caller::from_context(context)?;
    caller.require_user::<UserId>()?;
    let ids = input.notification_ids;
    if ids.is_empty() || ids.len() > NOTIFICATIONS_MAX {
        return Ok(MarkNotificationsReadPayload::refused(InvalidNotificationListError::new().into()));
    }
    let store = request_data::<NotificationStore>(context)?;
    let uuids: Vec<Uuid> = ids.iter().map(GlobalId::uuid).collect();
    let found = store.notification_list_by_id(&uuids, Freshness::Latest).await?;
    let found: BTreeMap<Uuid, NotificationRow> = found.into_iter().map(|row| (row.id, row)).collect();
    let mut by_user: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for id in &ids {
        // Who may not see one isn't told that there is one.
        match found.get(&id.uuid()).filter(|row| caller.may_read(UserId::from_uuid(row.user_id))) {
            Some(row) => by_user.entry(row.user_id).or_default().insert(row.id),
            None => return Ok(MarkNotificationsReadPayload::refused(NotificationNotFoundError::new(*id).into())),
        };
    }
    store
        .database
        .unit(async |connection| {
            // In the order of the users: two who do so at once don't wait for each other.
            for (user, ids) in &by_user {
                let ids: Vec<Uuid> = ids.iter().copied().collect();
                store::lock_in_txn(connection, *user).await?;
                store::mark_read_in_txn(connection, *user, Which::These(&ids)).await?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    Reader::from_context(context)?.wrote().await;
    let loaders = request_data::<Loaders>(context)?;
    for id in &ids {
        loaders.notifications.clear(*id).await;
    }
    for user in by_user.keys() {
        loaders.unread.clear(UserId::from_uuid(*user)).await;
    }
    let read = loaders.notifications.load_many(ids.clone()).await?;
    let notifications = ids.iter().filter_map(|id| read.get(id).cloned().map(Notification)).collect();
    Ok(MarkNotificationsReadPayload { notifications: Some(notifications), errors: Vec::new() })
}

/// Which to mark.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// Their ids, 1 to 100.
    notification_ids: Vec<NotificationId>,
}

/// What `markNotificationsRead` did.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// The notifications, in the order in which they were named; null when it was refused.
    notifications: Option<Vec<Notification>>,
    /// Why it was refused.
    errors: Vec<MarkNotificationsReadError>,
}

impl MarkNotificationsReadPayload {
    fn refused(error: MarkNotificationsReadError) -> Self {
        Self { notifications: None, errors: vec![error] }
    }
}

/// Why notifications were not marked.
#[derive(Union)]
pub enum MarkNotificationsReadError {
    /// One of them isn't there.
    NotFound(NotificationNotFoundError),
    /// None are named, or too many.
    Invalid(InvalidNotificationListError),
}
