//! What others are told of what happens to an order: public events of stored ones. Carts are their owners' alone.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use kit::GlobalId as _;
use uuid::Uuid;
use wire::event::{Envelope, EnvelopeError, Stamp};
use wire::events::orders as public;
use wire::money::Money;

use crate::OrderId;
use crate::domain::order::{OrderEvent, Placed, PlacedLine, RefundFailed, RefundNoted, Refunded, ReturnLine};
use crate::domain::{Order, number_shown, saga};

/// The message that tells of an event which made `order` what it is now; `None` for what is nobody's business.
///
/// # Errors
/// [`EnvelopeError`] if it can't be JSON.
pub fn envelope(
    id: Uuid,
    order: &Order,
    event: &OrderEvent,
    message_id: Uuid,
    time: DateTime<Utc>,
) -> Result<Option<Envelope>, EnvelopeError> {
    let Some(customer_id) = order.customer_id else { return Ok(None) };
    let (order_id, customer_id) = (id.into(), customer_id.uuid().into());
    let stamp = Stamp { id: message_id, time };
    let currency = order.placed.as_ref().map_or(wire::money::Currency::EUR, |terms| terms.currency);
    let total = Money::new(order.placed.as_ref().map_or(0, |terms| terms.total_minor), currency);
    let envelope = match event {
        OrderEvent::CartOpened(_) | OrderEvent::LineSet(_) | OrderEvent::LineRemoved(_) => return Ok(None),
        // The money that came again, or was given back, is told of beside them.
        OrderEvent::ReturnOwed(_) | OrderEvent::ReturnSettled(_) => return Ok(None),
        OrderEvent::RestockDue(_) => {
            let reservation_id = saga::reservation_id(OrderId::from_uuid(id));
            Envelope::event(&public::OrderRestockDue { order_id, customer_id, reservation_id }, stamp)
        }
        OrderEvent::Placed(placed) => Envelope::event(&order_placed(id, placed), stamp),
        OrderEvent::Reserved(reserved) => {
            let reservation_id = reserved.reservation_id.into();
            Envelope::event(&public::OrderReserved { order_id, customer_id, reservation_id }, stamp)
        }
        OrderEvent::Paid(paid) => {
            let payment_id = paid.payment_id.into();
            Envelope::event(&public::OrderPaid { order_id, customer_id, payment_id, total }, stamp)
        }
        OrderEvent::Packed(_) => Envelope::event(&public::OrderPacked { order_id, customer_id }, stamp),
        OrderEvent::Shipped(shipped) => {
            let (carrier, tracking_number) = (shipped.carrier.clone(), shipped.tracking_number.clone());
            Envelope::event(&public::OrderShipped { order_id, customer_id, carrier, tracking_number }, stamp)
        }
        OrderEvent::Delivered(_) => Envelope::event(&public::OrderDelivered { order_id, customer_id }, stamp),
        OrderEvent::Cancelled(cancelled) => {
            let reason = cancelled.reason.clone();
            Envelope::event(&public::OrderCancelled { order_id, customer_id, reason }, stamp)
        }
        OrderEvent::ReturnRequested(requested) => {
            let lines = returned(&requested.lines);
            Envelope::event(&public::OrderReturnRequested { order_id, customer_id, lines }, stamp)
        }
        OrderEvent::Returned(came) => {
            let lines = returned(&came.lines);
            Envelope::event(&public::OrderReturned { order_id, customer_id, lines }, stamp)
        }
        OrderEvent::Refunded(Refunded { payment_id, refund_id, amount_minor })
        | OrderEvent::RefundNoted(RefundNoted { payment_id, refund_id, amount_minor }) => {
            let (payment_id, refund_id) = ((*payment_id).into(), (*refund_id).into());
            let amount = Money::new(*amount_minor, currency);
            Envelope::event(&public::OrderRefunded { order_id, customer_id, payment_id, refund_id, amount }, stamp)
        }
        OrderEvent::RefundFailed(RefundFailed { payment_id, refund_id, amount_minor }) => {
            let (payment_id, refund_id) = ((*payment_id).into(), (*refund_id).into());
            let amount = Money::new(*amount_minor, currency);
            Envelope::event(&public::OrderRefundFailed { order_id, customer_id, payment_id, refund_id, amount }, stamp)
        }
    };
    // All messages about an order, its sagas' among them, belong to one matter: the order's.
    envelope.map(|envelope| Some(envelope.with_correlation(id)))
}

fn order_placed(id: Uuid, placed: &Placed) -> public::OrderPlaced {
    let money = |minor| Money::new(minor, placed.currency);
    let line = |line: &PlacedLine| {
        Some(public::OrderLine {
            product_id: line.product_id.uuid().into(),
            variant_id: line.variant_id.map(|variant| variant.uuid().into()),
            quantity: pieces(line.quantity)?,
            unit_price: money(line.unit_price_minor),
            total: money(line.unit_price_minor.saturating_mul(i64::from(line.quantity))),
        })
    };
    public::OrderPlaced {
        order_id: id.into(),
        number: number_shown(placed.number),
        customer_id: placed.customer_id.uuid().into(),
        lines: placed.lines.iter().filter_map(line).collect(),
        total: money(placed.total_minor),
    }
}

fn returned(lines: &[ReturnLine]) -> Vec<public::ReturnedLine> {
    let line = |line: &ReturnLine| {
        let variant_id = line.variant_id.map(|variant| variant.uuid().into());
        let (product_id, quantity) = (line.product_id.uuid().into(), pieces(line.quantity)?);
        Some(public::ReturnedLine { product_id, variant_id, quantity })
    };
    lines.iter().filter_map(line).collect()
}

/// Lines without pieces are refused before they come into an order.
fn pieces(quantity: i32) -> Option<NonZeroU32> {
    u32::try_from(quantity).ok().and_then(NonZeroU32::new)
}
