//! What an order is and what can be done to it when, how one is placed and priced, what goes on with stock and payments meanwhile,
//! and what shipping costs: types and rules, no I/O, no GraphQL.
//!
//! It must never take a price from a client: prices come in as quotes.

mod address;
mod article;
pub mod order;
mod placement;
mod pricing;
mod refund_request;
pub mod saga;
mod shipping;
mod view;

pub use address::{ADDRESS_LINE_LENGTH_MAX, Address, InvalidAddress};
pub use article::Article;
pub use order::{Order, OrderStatus};
pub use placement::{
    IDEMPOTENCY_KEY_LENGTH_MAX, InvalidPlacement, LINES_MAX, METHOD_TOKEN_LENGTH_MAX, Placement, PlacementRequest,
    QUANTITY_MAX, RequestedLine,
};
pub use pricing::{NotSold, PricedLine, PricedOrder, PricingError, Quote, price_order, quote_of};
pub use refund_request::{InvalidRefund, REFUND_REASON_LENGTH_MAX, Refund, RefundRequest};
pub use shipping::{ShippingError, estimate};
pub use view::{CartView, HistoryEntry, InvoiceView, OrderFilter, OrderLine, OrderPosition, OrderView, number_shown};
