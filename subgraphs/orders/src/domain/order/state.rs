//! What an order's events make of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::event_store::Aggregate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::events::orders::CancellationReason;
use wire::money::Currency;

use super::events::{LineSet, OrderEvent, PlacedLine, RefundNoted, Refunded, ReturnLine, ReturnOwed};
use super::{Action, OrderStatus, next};
use crate::UserId;
use crate::domain::RequestedLine;

/// An order. Its default is a cart of nobody's with nothing in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Whose it is; none before anything has happened.
    pub customer_id: Option<UserId>,
    /// Where it stands.
    pub status: OrderStatus,
    /// What is in the cart, while it is one: each article once, in the order in which they came.
    pub cart: Vec<RequestedLine>,
    /// How often the cart was changed.
    pub cart_changes: u32,
    /// What was ordered; none before.
    pub placed: Option<Terms>,
    /// By which reservation it is kept.
    pub reservation_id: Option<Uuid>,
    /// By which payment it is paid.
    pub payment_id: Option<Uuid>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// How the carrier calls it.
    pub tracking_number: Option<String>,
    /// Why it came to nothing.
    pub cancellation: Option<CancellationReason>,
    /// What comes back, or has.
    pub returned: Vec<ReturnLine>,
    /// What was given back of its price.
    pub refunded_minor: i64,
    /// By which refunds, and how much by each; those that came again aren't there.
    pub refunds: BTreeMap<Uuid, i64>,
    /// By which refunds money was given back for what came back, and how much by each; those that came again aren't there.
    pub return_refunds: BTreeMap<Uuid, i64>,
    /// What of that came again and is still to be given back.
    pub owed_minor: i64,
    /// What is to be given back for what came back, until it is known what was.
    pub return_due_minor: i64,
    /// What others have given back until then: by which refunds, and how much by each, also by those that came again.
    pub beside_return: BTreeMap<Uuid, i64>,
    /// What others have given back for what came back, nobody has said yet by which refunds; or the payer's bank has it.
    pub unexplained_minor: i64,
    /// Whether pieces that were booked out of stock lie on our shelf.
    pub is_restock_due: bool,
}

/// What customer and shop agreed upon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The running number.
    pub number: i64,
    /// Since when.
    pub placed_at: DateTime<Utc>,
    /// Of all prices.
    pub currency: Currency,
    /// The sum of all lines.
    pub total_minor: i64,
    /// 1 to 100 lines, each of another article.
    pub lines: Vec<PlacedLine>,
}

impl Aggregate for Order {
    type Event = OrderEvent;
    const NAME: &'static str = "order";
    // 2: knows each refund, and variants. 3: SKUs, and what is owed for what came back. 4: and what others
    // gave back for that.
    const SNAPSHOT_VERSION: u16 = 4;

    fn apply(&mut self, event: &OrderEvent) {
        let before = self.status;
        if let Some(to) = action_of(event).and_then(|action| next(self.status, action)) {
            self.status = to;
        }
        match event {
            OrderEvent::CartOpened(opened) => self.customer_id = Some(opened.customer_id),
            OrderEvent::LineSet(line) => {
                self.cart_changes = self.cart_changes.saturating_add(1);
                match self.cart.iter_mut().find(|known| known.article() == line.article()) {
                    Some(known) => known.quantity = line.quantity,
                    None => {
                        let LineSet { product_id, variant_id, quantity } = *line;
                        self.cart.push(RequestedLine { product_id, variant_id, quantity });
                    }
                }
            }
            OrderEvent::LineRemoved(line) => {
                self.cart_changes = self.cart_changes.saturating_add(1);
                self.cart.retain(|known| known.article() != line.article());
            }
            OrderEvent::Placed(placed) => {
                self.customer_id = Some(placed.customer_id);
                self.cart = Vec::new();
                self.placed = Some(Terms {
                    number: placed.number,
                    placed_at: placed.placed_at,
                    currency: placed.currency,
                    total_minor: placed.total_minor,
                    lines: placed.lines.clone(),
                });
            }
            OrderEvent::Reserved(reserved) => self.reservation_id = Some(reserved.reservation_id),
            OrderEvent::Paid(paid) => self.payment_id = Some(paid.payment_id),
            OrderEvent::Shipped(shipped) => {
                self.carrier.clone_from(&shipped.carrier);
                self.tracking_number.clone_from(&shipped.tracking_number);
            }
            OrderEvent::Cancelled(cancelled) => self.cancellation = Some(cancelled.reason.clone()),
            OrderEvent::ReturnRequested(requested) => self.returned.clone_from(&requested.lines),
            OrderEvent::Returned(returned) => {
                self.returned.clone_from(&returned.lines);
                self.return_due_minor = self.returned_minor();
            }
            OrderEvent::Refunded(Refunded { refund_id, amount_minor, .. }) => {
                add(&mut self.refunds, *refund_id, *amount_minor);
                self.refunded_minor = self.refunded_minor.saturating_add(*amount_minor);
                if before == OrderStatus::Returned {
                    add(&mut self.return_refunds, *refund_id, *amount_minor);
                    self.owed_minor = 0;
                    self.end_return(*amount_minor);
                }
            }
            OrderEvent::RefundNoted(RefundNoted { refund_id, amount_minor, .. }) => {
                add(&mut self.refunds, *refund_id, *amount_minor);
                self.refunded_minor = self.refunded_minor.saturating_add(*amount_minor);
                let settled_minor = self.owed_minor.min(*amount_minor);
                let explained_minor = self.unexplained_minor.min(amount_minor.saturating_sub(settled_minor));
                add(&mut self.return_refunds, *refund_id, settled_minor.saturating_add(explained_minor));
                self.owed_minor = self.owed_minor.saturating_sub(settled_minor);
                self.unexplained_minor = self.unexplained_minor.saturating_sub(explained_minor);
                if self.return_due_minor > 0 {
                    add(&mut self.beside_return, *refund_id, *amount_minor);
                }
            }
            OrderEvent::RefundFailed(failed) => {
                self.refunded_minor = self.refunded_minor.saturating_sub(failed.amount_minor);
                self.refunds.remove(&failed.refund_id);
            }
            OrderEvent::ReturnOwed(ReturnOwed { refund_id, amount_minor }) => {
                // One that came again before it was known what it was for.
                if self.return_refunds.remove(refund_id).is_none() {
                    self.unexplained_minor = self.unexplained_minor.saturating_sub(*amount_minor);
                }
                self.owed_minor = self.owed_minor.saturating_add(*amount_minor);
            }
            OrderEvent::RestockDue(_) => self.is_restock_due = true,
            OrderEvent::Packed(_) | OrderEvent::Delivered(_) | OrderEvent::ReturnSettled(_) => {}
        }
    }
}

/// One by which nothing was given back isn't there: nothing of it can come again.
pub(super) fn add(refunds: &mut BTreeMap<Uuid, i64>, refund_id: Uuid, amount_minor: i64) {
    if amount_minor > 0 {
        let given = refunds.entry(refund_id).or_default();
        *given = given.saturating_add(amount_minor);
    }
}

/// What was done when this happened; `None` for what changes no status.
#[must_use]
pub fn action_of(event: &OrderEvent) -> Option<Action> {
    Some(match event {
        OrderEvent::CartOpened(_) => return None,
        OrderEvent::LineSet(_) => Action::SetLine,
        OrderEvent::LineRemoved(_) => Action::RemoveLine,
        OrderEvent::Placed(_) => Action::Place,
        OrderEvent::Reserved(_) => Action::Reserve,
        OrderEvent::Paid(_) => Action::Pay,
        OrderEvent::Packed(_) => Action::Pack,
        OrderEvent::Shipped(_) => Action::Ship,
        OrderEvent::Delivered(_) => Action::Deliver,
        OrderEvent::Cancelled(_) => Action::Cancel,
        OrderEvent::ReturnRequested(_) => Action::RequestReturn,
        OrderEvent::Returned(_) => Action::ReceiveReturn,
        OrderEvent::Refunded(_) => Action::Refund,
        OrderEvent::RestockDue(_) => Action::NoteRestock,
        OrderEvent::RefundNoted(_) => Action::NoteRefund,
        OrderEvent::RefundFailed(_) => Action::NoteRefundFailed,
        OrderEvent::ReturnOwed(_) => Action::OweReturn,
        OrderEvent::ReturnSettled(_) => Action::SettleReturn,
    })
}
