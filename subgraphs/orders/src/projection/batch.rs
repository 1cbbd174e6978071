//! What a batch of events changes in the read model, order by order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::event_store::Recorded;
use kit::projection::ProjectionError;
use uuid::Uuid;

use crate::domain::order::{OrderEvent, Placed, RefundFailed, RefundNoted, Refunded};
use crate::domain::{Order, OrderStatus};

/// What a batch changes.
#[derive(Debug, Default)]
pub struct Batch {
    /// New orders, as they stand after the batch.
    pub placed: BTreeMap<Uuid, (Placed, Change)>,
    /// What is new of orders that are known.
    pub changed: BTreeMap<Uuid, Change>,
    /// What happened, in its order.
    pub history: Vec<Happened>,
}

/// What is new of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Where it stands, if that changed. What was cancelled stays so, whatever comes after it.
    pub status: Option<OrderStatus>,
    /// How many things have happened to it.
    pub version: i32,
    /// What was given back in this batch, less what came again.
    pub refunded_minor: i64,
    /// Who carries it, if that was said.
    pub carrier: Option<String>,
    /// How the carrier calls it.
    pub tracking_number: Option<String>,
    /// Why it came to nothing.
    pub cancellation: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happened {
    /// The event's place.
    pub position: i64,
    /// To which order.
    pub order_id: Uuid,
    /// Where the order stood then.
    pub status: OrderStatus,
    /// When.
    pub at: DateTime<Utc>,
}

impl Batch {
    /// Sums up events.
    ///
    /// # Errors
    /// For one that this build can't read: the read model stands still until a later one does.
    pub fn of(events: &[Recorded]) -> Result<Self, ProjectionError> {
        let mut batch = Self::default();
        for recorded in events {
            if let Some(event) = recorded.event_of::<Order>()? {
                batch.take(recorded, event);
            }
        }
        Ok(batch)
    }

    fn take(&mut self, recorded: &Recorded, event: OrderEvent) {
        let id = recorded.stream_id;
        if is_of_carts(&event) {
            return;
        }
        if let OrderEvent::Placed(placed) = &event {
            self.placed.insert(id, (placed.clone(), Change::default()));
        }
        let change = match self.placed.get_mut(&id) {
            Some((_, change)) => change,
            None => self.changed.entry(id).or_default(),
        };
        change.version = recorded.version.cast_signed();
        match &event {
            OrderEvent::Shipped(shipped) => {
                change.carrier.clone_from(&shipped.carrier);
                change.tracking_number.clone_from(&shipped.tracking_number);
            }
            OrderEvent::Cancelled(cancelled) => change.cancellation = Some(cancelled.reason.as_str().to_owned()),
            OrderEvent::Refunded(Refunded { amount_minor, .. })
            | OrderEvent::RefundNoted(RefundNoted { amount_minor, .. }) => {
                change.refunded_minor = change.refunded_minor.saturating_add(*amount_minor);
            }
            OrderEvent::RefundFailed(RefundFailed { amount_minor, .. }) => {
                change.refunded_minor = change.refunded_minor.saturating_sub(*amount_minor);
            }
            _ => {}
        }
        let Some(status) = status_after(&event) else { return };
        if change.status != Some(OrderStatus::Cancelled) {
            change.status = Some(status);
        }
        let position = recorded.position.cast_signed();
        self.history.push(Happened { position, order_id: id, status, at: recorded.recorded_at });
    }
}

/// Carts are in no list.
fn is_of_carts(event: &OrderEvent) -> bool {
    matches!(event, OrderEvent::CartOpened(_) | OrderEvent::LineSet(_) | OrderEvent::LineRemoved(_))
}

/// Where an order stands after an event; `None` for what leaves it where it is, and is no part of a customer's history.
fn status_after(event: &OrderEvent) -> Option<OrderStatus> {
    Some(match event {
        OrderEvent::CartOpened(_)
        | OrderEvent::LineSet(_)
        | OrderEvent::LineRemoved(_)
        | OrderEvent::RestockDue(_)
        | OrderEvent::RefundNoted(_)
        | OrderEvent::RefundFailed(_) => return None,
        OrderEvent::Placed(_) => OrderStatus::Placed,
        OrderEvent::Reserved(_) => OrderStatus::Reserved,
        OrderEvent::Paid(_) => OrderStatus::Paid,
        OrderEvent::Packed(_) => OrderStatus::Packed,
        OrderEvent::Shipped(_) => OrderStatus::Shipped,
        OrderEvent::Delivered(_) => OrderStatus::Delivered,
        OrderEvent::Cancelled(_) => OrderStatus::Cancelled,
        OrderEvent::ReturnRequested(_) => OrderStatus::ReturnRequested,
        OrderEvent::Returned(_) | OrderEvent::ReturnOwed(_) => OrderStatus::Returned,
        OrderEvent::Refunded(_) | OrderEvent::ReturnSettled(_) => OrderStatus::Refunded,
    })
}
