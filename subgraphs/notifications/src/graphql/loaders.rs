//! Notifications, pages, counts and webhooks, many at once, for one request.

use std::{collections::HashMap, sync::Arc};

use kit::{Batch, GlobalId, Loader, PageRequest, Result, recent_writers::Reader};
use uuid::Uuid;

use crate::{
    NotificationId, UserId, WebhookId,
    store::{DeliveryRow, Filter, NotificationRow, NotificationStore, Position, WebhookRow},
};

/// A page of one user's inbox.
pub type PageKey = (UserId, Filter, PageRequest<Position>);

/// The loaders of one request.
pub struct Loaders {
    /// Notifications by id.
    pub notifications: Loader<NotificationId, Arc<NotificationRow>, ById>,
    /// Pages by user.
    pub pages: Loader<PageKey, Arc<[Arc<NotificationRow>]>, Pages>,
    /// Unread ones by user.
    pub unread: Loader<UserId, i64, Unread>,
    /// Ways by notification.
    pub deliveries: Loader<NotificationId, Arc<[DeliveryRow]>, Deliveries>,
    /// Webhooks by id.
    pub webhooks: Loader<WebhookId, Arc<WebhookRow>, Webhooks>,
    /// Webhooks by user.
    pub webhooks_by_user: Loader<UserId, Arc<[Arc<WebhookRow>]>, WebhooksByUser>,
}

impl Loaders {
    /// Fresh loaders over `store`, for who `reader` is.
    pub fn new(store: &NotificationStore, reader: &Reader) -> Self {
        Self {
            notifications: Loader::new(ById(store.clone(), reader.clone())),
            pages: Loader::new(Pages(store.clone(), reader.clone())),
            unread: Loader::new(Unread(store.clone(), reader.clone())),
            deliveries: Loader::new(Deliveries(store.clone(), reader.clone())),
            webhooks: Loader::new(Webhooks(store.clone(), reader.clone())),
            webhooks_by_user: Loader::new(WebhooksByUser(store.clone(), reader.clone())),
        }
    }
}

fn uuids<I: GlobalId>(keys: &[I]) -> Vec<Uuid> {
    keys.iter().map(GlobalId::uuid).collect()
}

/// Loads notifications by id.
pub struct ById(NotificationStore, Reader);

impl Batch<NotificationId, Arc<NotificationRow>> for ById {
    async fn load(&self, keys: &[NotificationId]) -> Result<HashMap<NotificationId, Arc<NotificationRow>>> {
        let found = self.0.notification_list_by_id(&uuids(keys), self.1.freshness().await).await?;
        Ok(found.into_iter().map(|row| (NotificationId::from_uuid(row.id), Arc::new(row))).collect())
    }
}

/// Loads counts by user.
pub struct Unread(NotificationStore, Reader);

impl Batch<UserId, i64> for Unread {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, i64>> {
        let found = self.0.unread_count_by_user(&uuids(keys), self.1.freshness().await).await?;
        Ok(found.into_iter().map(|(user, count)| (UserId::from_uuid(user), count)).collect())
    }
}

/// Loads ways by notification.
pub struct Deliveries(NotificationStore, Reader);

impl Batch<NotificationId, Arc<[DeliveryRow]>> for Deliveries {
    async fn load(&self, keys: &[NotificationId]) -> Result<HashMap<NotificationId, Arc<[DeliveryRow]>>> {
        let mut found: HashMap<NotificationId, Vec<DeliveryRow>> = HashMap::new();
        for row in self.0.delivery_list_by_notification(&uuids(keys), self.1.freshness().await).await? {
            found.entry(NotificationId::from_uuid(row.notification_id)).or_default().push(row);
        }
        Ok(found.into_iter().map(|(id, rows)| (id, rows.into())).collect())
    }
}

/// Loads webhooks by id.
pub struct Webhooks(NotificationStore, Reader);

impl Batch<WebhookId, Arc<WebhookRow>> for Webhooks {
    async fn load(&self, keys: &[WebhookId]) -> Result<HashMap<WebhookId, Arc<WebhookRow>>> {
        let found = self.0.webhook_list_by_id(&uuids(keys), self.1.freshness().await).await?;
        Ok(found.into_iter().map(|row| (WebhookId::from_uuid(row.id), Arc::new(row))).collect())
    }
}

/// Loads webhooks by user.
pub struct WebhooksByUser(NotificationStore, Reader);

impl Batch<UserId, Arc<[Arc<WebhookRow>]>> for WebhooksByUser {
    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Arc<[Arc<WebhookRow>]>>> {
        let mut found: HashMap<UserId, Vec<Arc<WebhookRow>>> = HashMap::new();
        for row in self.0.webhook_list_by_user(&uuids(keys), self.1.freshness().await).await? {
            found.entry(UserId::from_uuid(row.user_id)).or_default().push(Arc::new(row));
        }
        Ok(found.into_iter().map(|(id, rows)| (id, rows.into())).collect())
    }
}

/// Loads pages by user: one statement for all users whose page is the same stretch.
pub struct Pages(NotificationStore, Reader);

impl Batch<PageKey, Arc<[Arc<NotificationRow>]>> for Pages {
    async fn load(&self, keys: &[PageKey]) -> Result<HashMap<PageKey, Arc<[Arc<NotificationRow>]>>> {
        let mut requests: Vec<(Filter, &PageRequest<Position>, Vec<UserId>)> = Vec::new();
        for (user, filter, request) in keys {
            match requests.iter_mut().find(|(of, known, _)| of == filter && *known == request) {
                Some((_, _, users)) => users.push(*user),
                None => requests.push((*filter, request, vec![*user])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (filter, request, users) in requests {
            let freshness = self.1.freshness().await;
            let mut found = self.0.notification_list_by_user(&uuids(&users), filter, request, freshness).await?;
            for user in users {
                let page = found.remove(&user.uuid()).unwrap_or_default();
                let page = page.into_iter().map(Arc::new).collect();
                pages.insert((user, filter, request.clone()), page);
            }
        }
        Ok(pages)
    }
}
