//! `notification`.

use async_graphql::{Context, Object};
use kit::Result;

use super::{entities::find_notification, notification::Notification};
use crate::NotificationId;

/// The queries.
#[derive(Default)]
pub struct NotificationQuery;

/// The queries.
#[Object]
impl NotificationQuery {
    /// A notification by id; for its user and administrators.
    async fn notification(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its id.")] id: NotificationId,
    ) -> Result<Option<Notification>> {
        find_notification(context, id).await
    }
}
