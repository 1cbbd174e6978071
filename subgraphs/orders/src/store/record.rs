//! What has happened to an order is written: what its customer's lists must show, what others are told, and the event itself,
//! all in one transaction.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use kit::event_store::{Aggregate as _, Loaded, Metadata, append};
use kit::{Caller, GlobalId as _, outbox};
use uuid::Uuid;
use wire::Domain;
use wire::event::Envelope;
use wire::topic::{Purpose, Topic};

use super::StoreError;
use super::customer::{self, Written};
use crate::domain::{Order, OrderStatus};
use crate::{UserId, announce};

/// Who wants it, and how it came about.
#[derive(Clone, Debug, Default)]
pub struct Actor(pub Metadata);

impl Actor {
    /// A user of ours who asks himself.
    #[must_use]
    pub fn user(id: UserId) -> Self {
        Self(Metadata { actor: Some(id.to_global()), ..Metadata::default() })
    }

    /// Whoever calls: a user by id, a service by name.
    #[must_use]
    pub fn caller(caller: &Caller) -> Self {
        let identity = caller.identity();
        let name = identity.subject.clone().unwrap_or_else(|| identity.issuer.wire_name());
        Self(Metadata { actor: Some(name), ..Metadata::default() })
    }

    /// Whose wish another domain tells of, and by which message. What that belongs to there is no matter of an order's.
    #[must_use]
    pub fn told(envelope: &Envelope) -> Self {
        Self(Metadata {
            correlation_id: None,
            causation_id: Some(envelope.id.clone()),
            actor: envelope.actor.clone(),
            traceparent: envelope.traceparent.clone(),
        })
    }
}

/// Adds events to an order, and tells others of them. Must be done in a transaction, and nearly last of all: from here to the commit
/// nobody else can append.
///
/// # Errors
/// [`StoreError`]; a conflict when something else happened to the order meanwhile.
pub async fn record(
    connection: &mut AsyncPgConnection,
    loaded: Loaded<Order>,
    events: Vec<crate::domain::order::OrderEvent>,
    actor: &Actor,
) -> Result<Loaded<Order>, StoreError> {
    let (before, mut after) = (loaded.state(), loaded.state().clone());
    let (id, mut version) = (loaded.id(), loaded.version());
    let mut told = Vec::new();
    for event in &events {
        after.apply(event);
        version = version.saturating_add(1);
        if let Some(envelope) = announce::envelope(id, &after, event, Uuid::now_v7(), Utc::now())? {
            told.push(with(envelope, &actor.0, version).to_message()?);
        }
    }
    if after.status != OrderStatus::Cart
        && let Some(customer_id) = after.customer_id
    {
        let under_way = i32::from(after.status.is_under_way()) - i32::from(before.status.is_under_way());
        let written = Written { order_id: id, version, under_way };
        customer::write(connection, customer_id, written).await?;
    }
    outbox::append(connection, &Topic::of(Domain::Orders, Purpose::Events), &told).await?;
    Ok(append(connection, loaded, events, &actor.0).await?)
}

/// How it came about, as others are told.
fn with(envelope: Envelope, metadata: &Metadata, version: u32) -> Envelope {
    Envelope {
        sequence: Some(u64::from(version)),
        correlation_id: metadata.correlation_id.clone().or(envelope.correlation_id),
        causation_id: metadata.causation_id.clone(),
        actor: metadata.actor.clone(),
        traceparent: kit::trace::here(metadata.traceparent.as_ref()),
        ..envelope
    }
}
