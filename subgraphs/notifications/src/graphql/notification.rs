//! `type Notification` as clients see it.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{GlobalId, Result, count_rows, request_data};

use super::{loaders::Loaders, order::Order, user::User};
use crate::{
    NotificationId, OrderId, UserId,
    domain::{Category, Kind},
    store::{DeliveryRow, NotificationRow, Position, StoreError},
    texts,
};

/// A notification. Whoever makes one of these has checked that the caller may read it.
#[derive(Clone)]
pub struct Notification(pub Arc<NotificationRow>);

impl Notification {
    /// Where it stands in the inbox.
    pub fn position(&self) -> Position {
        self.0.position()
    }

    fn words(&self) -> Result<texts::Text> {
        let row = &self.0;
        texts::text(row.kind()?, row.language(), &row.facts()?).map_err(kit::Error::internal)
    }
}

/// Something that a user was told: the user's own, and visible to administrators.
#[Object]
impl Notification {
    /// Its global id.
    async fn id(&self) -> NotificationId {
        NotificationId::from_uuid(self.0.id)
    }

    /// Who was told; null where users has no account of theirs.
    async fn user(&self) -> Option<User> {
        Some(User { id: UserId::from_uuid(self.0.user_id) })
    }

    /// What it tells, for programs.
    async fn kind(&self) -> Result<Kind> {
        Ok(self.0.kind()?)
    }

    /// By which of the user's preferences it was told.
    async fn category(&self) -> Result<Category> {
        Ok(self.0.kind()?.category())
    }

    /// What it tells, in one line, in the language that the user had when it came.
    async fn title(&self) -> Result<String> {
        Ok(self.words()?.title)
    }

    /// What it tells, one paragraph a line.
    async fn text(&self) -> Result<String> {
        Ok(self.words()?.paragraphs.join("\n"))
    }

    /// The order that it is about, if it is about one.
    async fn order(&self) -> Option<Order> {
        self.0.order_id.map(|id| Order { id: OrderId::from_uuid(id) })
    }

    /// When what it tells of happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Since when it is read; null while it isn't.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }

    /// The ways by which it left the shop, at most thirteen.
    async fn deliveries(&self, context: &Context<'_>) -> Result<Vec<NotificationDelivery>> {
        let id = NotificationId::from_uuid(self.0.id);
        let rows = request_data::<Loaders>(context)?.deliveries.load(id).await?;
        let rows = rows.iter().flat_map(|rows| rows.iter());
        let deliveries = rows.map(NotificationDelivery::try_from).collect::<Result<Vec<_>, _>>()?;
        count_rows(context, deliveries.len())?;
        Ok(deliveries)
    }
}

/// One way by which a notification left the shop.
#[derive(SimpleObject)]
pub struct NotificationDelivery {
    /// By which way.
    channel: DeliveryChannel,
    /// What became of it.
    status: NotificationDeliveryStatus,
    /// When that was certain.
    finished_at: Option<DateTime<Utc>>,
}

/// A way by which a notification leaves the shop.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum DeliveryChannel {
    /// A mail.
    Email,
    /// A call of the user's own program.
    Webhook,
    /// A message on the user's devices.
    Push,
}

/// What became of a way.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum NotificationDeliveryStatus {
    /// Nothing yet: it is under way, or waits for its time.
    Pending,
    /// It was handed over.
    Sent,
    /// It could not be handed over.
    Bounced,
    /// There was nothing to hand over any more.
    Dropped,
}

impl TryFrom<&DeliveryRow> for NotificationDelivery {
    type Error = StoreError;

    fn try_from(row: &DeliveryRow) -> Result<Self, StoreError> {
        let channel = match row.channel.as_str() {
            "EMAIL" => DeliveryChannel::Email,
            "WEBHOOK" => DeliveryChannel::Webhook,
            "PUSH" => DeliveryChannel::Push,
            _ => return Err(StoreError::Corrupt("channel")),
        };
        let status = match row.status.as_str() {
            "COLLECTING" | "PENDING" | "SENDING" => NotificationDeliveryStatus::Pending,
            "SENT" => NotificationDeliveryStatus::Sent,
            "BOUNCED" => NotificationDeliveryStatus::Bounced,
            "DROPPED" => NotificationDeliveryStatus::Dropped,
            _ => return Err(StoreError::Corrupt("status")),
        };
        Ok(Self { channel, status, finished_at: row.finished_at })
    }
}
