//! What happens to an order when somebody wants something of it: events, or a refusal.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::events::{
    Cancelled, CartOpened, Delivered, LineRemoved, LineSet, OrderEvent, Packed, Paid, Placed, PlacedLine, RefundFailed,
    RefundNoted, Refunded, Reserved, RestockDue, ReturnOwed, ReturnRequested, ReturnSettled, Returned, Shipped,
};
use super::{Action, Order, Refusal, next, returns};
use crate::UserId;
use crate::domain::{Article, LINES_MAX, PricedOrder, QUANTITY_MAX, RequestedLine};

/// Most changes of a cart: what happened to an order is read whole, and kept for ever. A customer who fills a hundred lines and changes
/// each of them three times is still below it.
pub const CART_CHANGES_MAX: u32 = 400;

/// Something wanted of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// So many pieces of an article, whatever there are in the cart.
    SetLine {
        /// Whose cart it is.
        customer_id: UserId,
        /// What, and how many.
        line: RequestedLine,
    },
    /// None of an article.
    RemoveLine(Article),
    /// Order at these prices.
    Place {
        /// Whose order it is.
        customer_id: UserId,
        /// Its running number.
        number: i64,
        /// When.
        placed_at: DateTime<Utc>,
        /// What, at which prices.
        priced: PricedOrder,
    },
    /// Stock keeps the pieces, by this reservation.
    Reserve(Uuid),
    /// The money is ours, by this payment.
    Pay(Uuid),
    /// The pieces are in a box.
    Pack,
    /// The box is with a carrier.
    Ship {
        /// Who carries it.
        carrier: Option<String>,
        /// How the carrier calls it.
        tracking_number: Option<String>,
    },
    /// The box is with the customer.
    Deliver,
    /// Let it come to nothing.
    Cancel(CancellationReason),
    /// The customer wants to send these back.
    RequestReturn(Vec<RequestedLine>),
    /// These came back; all that was announced when there is none.
    ReceiveReturn(Vec<RequestedLine>),
    /// Money was given back.
    Refund {
        /// Of which payment.
        payment_id: Uuid,
        /// By which refund.
        refund_id: Uuid,
        /// How much; 0 when the payer's bank had taken it back already.
        amount_minor: i64,
    },
    /// Its pieces lie on our shelf, and stock has booked them out.
    NoteRestock,
    /// Payments gave money back by itself, or a part of what was asked for.
    NoteRefund {
        /// Of which payment.
        payment_id: Uuid,
        /// By which refund.
        refund_id: Uuid,
        /// How much.
        amount_minor: i64,
    },
    /// What was given back has come again, as much as the order says of it.
    NoteRefundFailed {
        /// To which payment.
        payment_id: Uuid,
        /// Of which refund.
        refund_id: Uuid,
    },
}

impl Command {
    /// What the state machine calls it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::SetLine { .. } => Action::SetLine,
            Self::RemoveLine(_) => Action::RemoveLine,
            Self::Place { .. } => Action::Place,
            Self::Reserve(_) => Action::Reserve,
            Self::Pay(_) => Action::Pay,
            Self::Pack => Action::Pack,
            Self::Ship { .. } => Action::Ship,
            Self::Deliver => Action::Deliver,
            Self::Cancel(_) => Action::Cancel,
            Self::RequestReturn(_) => Action::RequestReturn,
            Self::ReceiveReturn(_) => Action::ReceiveReturn,
            Self::Refund { .. } => Action::Refund,
            Self::NoteRestock => Action::NoteRestock,
            Self::NoteRefund { .. } => Action::NoteRefund,
            Self::NoteRefundFailed { .. } => Action::NoteRefundFailed,
        }
    }
}

impl Order {
    /// What happens when this is wanted of the order as it is.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing happens.
    pub fn decide(&self, command: Command) -> Result<Vec<OrderEvent>, Refusal> {
        let action = command.action();
        if next(self.status, action).is_none() {
            return Err(Refusal::IllegalTransition { status: self.status, action });
        }
        let event = match command {
            Command::SetLine { customer_id, line } => return self.set_line(customer_id, line),
            Command::RemoveLine(article) => self.remove_line(article)?,
            Command::Place { customer_id, number, placed_at, priced } => {
                place(customer_id, number, placed_at, &priced).into()
            }
            Command::Reserve(reservation_id) => Reserved { reservation_id }.into(),
            Command::Pay(payment_id) => Paid { payment_id }.into(),
            Command::Pack => Packed {}.into(),
            Command::Ship { carrier, tracking_number } => Shipped { carrier, tracking_number }.into(),
            Command::Deliver => Delivered {}.into(),
            Command::Cancel(reason) => Cancelled { reason }.into(),
            Command::RequestReturn(lines) => {
                ReturnRequested { lines: returns::checked(&lines, &self.ordered())? }.into()
            }
            Command::ReceiveReturn(lines) if lines.is_empty() => Returned { lines: self.returned.clone() }.into(),
            Command::ReceiveReturn(lines) => Returned { lines: returns::checked(&lines, &self.announced())? }.into(),
            Command::Refund { payment_id, refund_id, amount_minor } => {
                if !(0..=self.refundable_minor()).contains(&amount_minor) {
                    return Err(Refusal::RefundTooLarge);
                }
                let refunded = OrderEvent::from(Refunded { payment_id, refund_id, amount_minor });
                let owed = self.came_again_beside(amount_minor).into_iter();
                let owed = owed.map(|(refund_id, amount_minor)| ReturnOwed { refund_id, amount_minor }.into());
                return Ok(std::iter::once(refunded).chain(owed).collect());
            }
            Command::NoteRestock => RestockDue {}.into(),
            Command::NoteRefund { payment_id, refund_id, amount_minor } => {
                // It has happened. Of its price no order gives more back than it has.
                let amount_minor = amount_minor.min(self.refundable_minor());
                if amount_minor <= 0 {
                    return Err(Refusal::RefundTooLarge);
                }
                let noted = OrderEvent::from(RefundNoted { payment_id, refund_id, amount_minor });
                return Ok(match self.owed_minor {
                    1.. if amount_minor >= self.owed_minor => vec![noted, ReturnSettled {}.into()],
                    _ => vec![noted],
                });
            }
            Command::NoteRefundFailed { payment_id, refund_id } => {
                let amount_minor = *self.refunds.get(&refund_id).ok_or(Refusal::NoSuchRefund)?;
                let failed = OrderEvent::from(RefundFailed { payment_id, refund_id, amount_minor });
                return Ok(match self.return_refunds.get(&refund_id) {
                    Some(&amount_minor) => vec![failed, ReturnOwed { refund_id, amount_minor }.into()],
                    None => vec![failed],
                });
            }
        };
        Ok(vec![event])
    }

    fn set_line(&self, customer_id: UserId, line: RequestedLine) -> Result<Vec<OrderEvent>, Refusal> {
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            return Err(Refusal::Quantity(line.article()));
        }
        let is_new = self.cart.iter().all(|known| known.article() != line.article());
        if is_new && self.cart.len() >= LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        self.check_changes()?;
        let RequestedLine { product_id, variant_id, quantity } = line;
        let set = LineSet { product_id, variant_id, quantity }.into();
        Ok(match self.customer_id {
            Some(_) => vec![set],
            None => vec![CartOpened { customer_id }.into(), set],
        })
    }

    fn remove_line(&self, article: Article) -> Result<OrderEvent, Refusal> {
        if self.cart.iter().all(|known| known.article() != article) {
            return Err(Refusal::NoSuchLine(article));
        }
        self.check_changes()?;
        let Article { product_id, variant_id } = article;
        Ok(LineRemoved { product_id, variant_id }.into())
    }

    fn check_changes(&self) -> Result<(), Refusal> {
        if self.cart_changes < CART_CHANGES_MAX { Ok(()) } else { Err(Refusal::TooManyChanges) }
    }
}

fn place(customer_id: UserId, number: i64, placed_at: DateTime<Utc>, priced: &PricedOrder) -> Placed {
    let lines = priced.lines.iter().map(|line| PlacedLine {
        product_id: line.article.product_id,
        variant_id: line.article.variant_id,
        quantity: line.quantity,
        unit_price_minor: line.unit_price.amount_minor.0,
        name: Some(line.name.clone()),
        sku: Some(line.sku.clone()),
    });
    Placed {
        customer_id,
        number,
        placed_at,
        currency: priced.currency(),
        total_minor: priced.total.amount_minor.0,
        lines: lines.collect(),
    }
}
