//! What an order is, how one is placed and priced, and what shipping costs: types and rules,
//! no I/O, no GraphQL.
//!
//! It must never take a price from a client: prices come in as quotes.

mod order;
mod placement;
mod pricing;
mod shipping;

pub use order::{Order, OrderFilter, OrderLine, OrderPosition, OrderStatus};
pub use placement::{IDEMPOTENCY_KEY_LENGTH_MAX, InvalidPlacement, LINES_MAX, Placement, QUANTITY_MAX, RequestedLine};
pub use pricing::{PricedLine, PricedOrder, PricingError, Quote, price_order};
pub use shipping::{ShippingError, estimate};
