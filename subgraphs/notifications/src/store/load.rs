//! Notifications, counts, webhooks and deliveries by key, many at once.

use std::collections::HashMap;

use diesel::{
    QueryableByName,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use kit::database::{Freshness, ReadConnection};
use uuid::Uuid;

use super::{
    DeliveryRow, NotificationRow, NotificationStore, StoreError, WebhookRow,
    rows::NOTIFICATION,
    schema::webhook::{self, dsl},
};

const UNREAD: &str = "SELECT user_id, count(*) AS count FROM notification \
    WHERE user_id = ANY($1) AND shown_at IS NOT NULL AND read_at IS NULL GROUP BY user_id";
const DELIVERIES: &str = "SELECT item.notification_id, delivery.channel, delivery.status, delivery.finished_at \
    FROM delivery_item AS item JOIN delivery ON delivery.id = item.delivery_id \
    WHERE item.notification_id = ANY($1) ORDER BY delivery.created_at, delivery.id";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl NotificationStore {
    /// Those of `ids` that are in their inbox. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn notification_list_by_id(
        &self,
        ids: &[Uuid],
        freshness: Freshness,
    ) -> Result<Vec<NotificationRow>, StoreError> {
        let query =
            format!("SELECT {NOTIFICATION} FROM notification WHERE notification.id = ANY($1) AND shown_at IS NOT NULL");
        let read = async |connection: &mut ReadConnection| {
            let list = sql_query(&*query).bind::<Array<SqlUuid>, _>(ids);
            let rows: Vec<NotificationRow> = list.load(&mut **connection).await?;
            Ok::<_, StoreError>(rows)
        };
        self.database.read(freshness, read).await
    }

    /// How many of each user's notifications are unread; users without any are left out. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn unread_count_by_user(
        &self,
        users: &[Uuid],
        freshness: Freshness,
    ) -> Result<HashMap<Uuid, i64>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let count = sql_query(UNREAD).bind::<Array<SqlUuid>, _>(users);
            let counts: Vec<Count> = count.load(&mut **connection).await?;
            Ok::<_, StoreError>(counts)
        };
        let counts = self.database.read(freshness, read).await?;
        Ok(counts.into_iter().map(|Count { user_id, count }| (user_id, count)).collect())
    }

    /// Those of `ids` that there are. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn webhook_list_by_id(&self, ids: &[Uuid], freshness: Freshness) -> Result<Vec<WebhookRow>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let list = webhook::table.filter(dsl::id.eq_any(ids)).select(WebhookRow::as_select());
            Ok::<_, StoreError>(list.load(&mut **connection).await?)
        };
        self.database.read(freshness, read).await
    }

    /// Each user's webhooks, oldest first. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn webhook_list_by_user(
        &self,
        users: &[Uuid],
        freshness: Freshness,
    ) -> Result<Vec<WebhookRow>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let of_users = webhook::table.filter(dsl::user_id.eq_any(users)).select(WebhookRow::as_select());
            let in_order = of_users.order((dsl::user_id, dsl::created_at, dsl::id));
            Ok::<_, StoreError>(in_order.load(&mut **connection).await?)
        };
        self.database.read(freshness, read).await
    }

    /// The ways by which notifications left the house. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn delivery_list_by_notification(
        &self,
        ids: &[Uuid],
        freshness: Freshness,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let list = sql_query(DELIVERIES).bind::<Array<SqlUuid>, _>(ids);
            let rows: Vec<DeliveryRow> = list.load(&mut **connection).await?;
            Ok::<_, StoreError>(rows)
        };
        self.database.read(freshness, read).await
    }
}
