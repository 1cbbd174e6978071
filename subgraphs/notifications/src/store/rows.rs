//! Rows as the database gives them.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use kit::paging::SortTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{StoreError, schema};
use crate::{
    NotificationId,
    domain::{Kind, Language, notice::Facts},
};

/// The columns of a [`NotificationRow`], of `notification`: the order's number comes from the notification of its placing.
pub(super) const NOTIFICATION: &str = "notification.id, notification.event_id, notification.user_id, notification.kind, \
    notification.about, notification.order_id, notification.facts, notification.occurred_at, notification.language, \
    notification.shown_at, notification.read_at, \
    (SELECT placed.facts ->> 'number' FROM notification AS placed \
        WHERE placed.order_id = notification.order_id AND placed.kind = 'ORDER_PLACED' LIMIT 1) AS number";

/// What a user was told.
#[derive(Clone, Debug, QueryableByName)]
pub struct NotificationRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Of which event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    /// The event's subject.
    #[diesel(sql_type = Text)]
    pub about: String,
    /// Of which order, if of one.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub order_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    facts: serde_json::Value,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    language: String,
    /// Since when it is in the inbox.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub shown_at: Option<DateTime<Utc>>,
    /// Since when it is read.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub read_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    number: Option<String>,
}

impl NotificationRow {
    /// What is told.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn kind(&self) -> Result<Kind, StoreError> {
        Kind::from_name(&self.kind).ok_or(StoreError::Corrupt("kind"))
    }

    /// In which language it stands in the inbox.
    #[must_use]
    pub fn language(&self) -> Language {
        Language::of_locale(&self.language)
    }

    /// What its text names; the order's number, too, where that is known.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn facts(&self) -> Result<Facts, StoreError> {
        let mut facts = Facts::deserialize(&self.facts).map_err(|_| StoreError::Corrupt("facts"))?;
        if let Some(number) = &self.number {
            facts.entry("number".to_owned()).or_insert_with(|| number.clone());
        }
        Ok(facts)
    }

    /// Where it stands in the inbox.
    #[must_use]
    pub fn position(&self) -> Position {
        use kit::GlobalId as _;
        Position { occurred_at: SortTime(self.occurred_at), id: NotificationId::from_uuid(self.id) }
    }
}

/// Where a notification stands in the inbox, newest first: what a cursor carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    /// When it happened.
    pub occurred_at: SortTime,
    /// Breaks ties.
    pub id: NotificationId,
}

/// A webhook.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::webhook, check_for_backend(diesel::pg::Pg))]
pub struct WebhookRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What is called.
    pub url: String,
    /// By what calls are signed.
    pub secret: Vec<u8>,
    /// Since when there is one.
    pub created_at: DateTime<Utc>,
    /// Calls in a row that failed.
    pub failures: i32,
    /// Since when none succeeded.
    pub failing_since: Option<DateTime<Utc>>,
    /// Since when it is called no more.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// One way by which a notification leaves the house.
#[derive(Clone, Debug, QueryableByName)]
pub struct DeliveryRow {
    /// Of which notification.
    #[diesel(sql_type = SqlUuid)]
    pub notification_id: Uuid,
    /// By which way.
    #[diesel(sql_type = Text)]
    pub channel: String,
    /// How far it is.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// When that was over.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub finished_at: Option<DateTime<Utc>>,
}
