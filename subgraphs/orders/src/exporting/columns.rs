//! What an export says of an order. Columns are only ever added, at the end: people's programs read them.

use documents::table::{Cell, Column};

use crate::domain::OrderView;

pub(super) const COLUMNS: &[Column] = &[
    Column::text("number"),
    Column::text("id"),
    Column::text("customer_id"),
    Column::text("status"),
    Column::time("placed_at"),
    Column::text("currency"),
    Column::integer("total_minor"),
    Column::integer("refunded_minor"),
    Column::text("carrier"),
    Column::text("tracking_number"),
    Column::text("cancellation_reason"),
];

/// The texts of a row that are made for it.
pub(super) struct Texts {
    number: String,
    id: String,
    customer_id: String,
}

impl Texts {
    pub(super) fn of(order: &OrderView) -> Self {
        Self { number: order.number_shown(), id: order.id.to_string(), customer_id: order.customer_id.to_string() }
    }

    /// The row, in the order of [`COLUMNS`].
    pub(super) fn row<'a>(&'a self, order: &'a OrderView) -> [Cell<'a>; COLUMNS.len()] {
        [
            Cell::Text(&self.number),
            Cell::Text(&self.id),
            Cell::Text(&self.customer_id),
            Cell::Text(order.status.as_str()),
            Cell::Time(order.placed_at),
            Cell::Text(order.total.currency.as_str()),
            Cell::Integer(order.total.amount_minor.0),
            Cell::Integer(order.refunded.amount_minor.0),
            order.carrier.as_deref().into(),
            order.tracking_number.as_deref().into(),
            order.cancellation.as_ref().map(wire::events::orders::CancellationReason::as_str).into(),
        ]
    }
}
